/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topk: the k best of many scored things, in memory for k. */
#ifndef MATH_TOPK_H
#define MATH_TOPK_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hit {
	uint32_t id;
	float score;
};

/* The order of every ranking: greater scores first, equal ones by smaller id. */
static inline bool hit_before(struct hit a, struct hit b)
{
	return a.score > b.score || (a.score == b.score && a.id < b.id);
}

int hit_compare(const void *a, const void *b);	/* that order, for qsort */

/* hits (k) is lent by the caller: a heap with the worst of the best at its top. */
struct topk {
	struct hit *hits;
	size_t n, k;
};

static inline void topk_init(struct topk *t, struct hit *hits, size_t k)
{
	*t = (struct topk){.hits = hits, .k = k};
}

/* Scores below this don't come in (one that is equal may, by its id). */
static inline float topk_floor(const struct topk *t)
{
	if (t->n < t->k)
		return -INFINITY;
	return t->k > 0 ? t->hits[0].score : INFINITY;
}

void topk_insert(struct topk *t, struct hit h);

/* Offer one; what has no score (NaN) never comes in. The result doesn't depend on the
 * order of the offers; an id must not be offered twice. */
static inline void topk_push(struct topk *t, uint32_t id, float score)
{
	struct hit h = {id, score};
	if (t->n < t->k ? !isnan(score) : t->k > 0 && hit_before(h, t->hits[0]))
		topk_insert(t, h);
}

/* Best first. Afterwards t is no heap: take hits[0 .. n) and be done. */
void topk_sort(struct topk *t);

#endif
