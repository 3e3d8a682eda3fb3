/* SPDX-License-Identifier: GPL-3.0-or-later */
/* space: vectors and what "near" means among them. */
#ifndef NEAR_SPACE_H
#define NEAR_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "math/kernel.h"
#include "math/vectors.h"

struct coarse;
struct err;
struct pool;

/* Greater scores are nearer, for all of them. */
enum metric {
	METRIC_COSINE,		/* q.x / (|q| |x|): 1 is the same direction */
	METRIC_DOT,		/* q.x */
	METRIC_L2,		/* -|q - x|^2 */
	METRICS,
};

const char *metric_name(enum metric m);		/* "cosine", "dot", "l2" */
bool metric_parse(struct str s, enum metric *m);

/*
 * A row of zeros, or one that is not finite, is a thing without a vector: it is absent,
 * never near to anything, under every metric.
 */
struct space {
	struct vectors v;			/* borrowed */
	enum metric metric;
	const struct kernels *kernel;
	float *inverse;		/* (n) 1 / |row|, 0: absent; only for cosine */
	uint64_t *present;	/* bits of rows, or NULL: all are there */
	size_t n_present;
	const struct coarse *coarse;	/* of v under the metric, borrowed, or NULL: set by
					 * whoever has them; a scan is faster, its answers
					 * are the same */
};

/* Is the row one with a vector? */
bool space_holds(const struct vectors *v, size_t row);
/* One pass over the vectors on all cores. ERR_NOMEM. */
bool space_init(struct space *s, struct vectors v, enum metric metric, struct pool *pool,
		struct err *err);
void space_finish(struct space *s);

static inline bool bits_has(const uint64_t *bits, size_t i)
{
	return !bits || (bits[i / 64] >> i % 64 & 1);
}
static inline bool space_has(const struct space *s, size_t row)
{
	return bits_has(s->present, row);
}

/* How many rows are present and in allow (bits, or NULL: all). */
size_t space_count(const struct space *s, const uint64_t *allow);

/* q (dim) as the functions below want it, into out (dim): of length 1 for cosine. */
void space_query(const struct space *s, const float *q, float *out);
/* The scores of n rows from `first` on, or of the rows `at`, against such a query. What
 * is absent gets some score: ask space_has. A pair has the same score in both. */
void space_scores(const struct space *s, const float *query, size_t first, size_t n,
		  float *out);
void space_scores_at(const struct space *s, const float *query, const uint32_t *at, size_t n,
		     float *out);

#endif
