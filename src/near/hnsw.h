/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hnsw: the k nearest rows, nearly always, by walking a graph (Malkov and Yashunin 2018,
 * "Efficient and robust approximate nearest neighbor search using hierarchical navigable
 * small world graphs"; Algorithms 1 to 5, neighbours chosen by the heuristic of
 * Algorithm 4). The graph is four arrays that are searched where they lie, in memory or
 * in a mapped file.
 */
#ifndef NEAR_HNSW_H
#define NEAR_HNSW_H

#include "base/scope.h"
#include "base/work.h"
#include "near/exact.h"

struct err;

#define HNSW_M 16u		/* links per row and level; twice that on level 0 */
#define HNSW_EF_BUILD 128u	/* rows kept in sight while a row is linked in */
#define HNSW_EF 128u		/* rows kept in sight by a search */
#define HNSW_LEVELS 16u

struct hnsw_params {
	unsigned m;		/* 2 .. 64; 0: HNSW_M */
	unsigned ef;		/* 0: HNSW_EF_BUILD */
	uint64_t seed;
};

/* Unused places of a row of links hold NEAR_NONE and come last. */
struct hnsw_graph {
	size_t n;
	unsigned m;
	uint32_t entry;			/* where a walk starts, on its highest level */
	const uint32_t *links;		/* (n, 2m) of level 0 */
	const uint8_t *level;		/* (n) the highest level of a row */
	const uint32_t *upper_at;	/* (n) its row of `upper` for level 1, more follow */
	const uint32_t *upper;		/* (n_upper, m) */
	size_t n_upper;
};

struct hnsw;

/* On all cores; with one thread the same seed gives the same graph. Rows that are absent
 * are not linked. ERR_NOMEM, ERR_CANCELLED. */
bool hnsw_build(struct hnsw **h, const struct space *s, const struct hnsw_params *p,
		struct work work, struct err *err);
void hnsw_destroy(struct hnsw *h);
SCOPED_DEFINE(hnsw)
const struct hnsw_graph *hnsw_graph(const struct hnsw *h);

/* The arrays of a file belong together and lead nowhere outside; ERR_STORE. Links are
 * checked where they are followed. */
bool hnsw_check(const struct hnsw_graph *g, struct err *err);

/*
 * As exact_search, but for recall: greater ef (0: HNSW_EF; at least k + 1) finds more
 * and takes longer. With a filter the walk also goes through rows that are not allowed;
 * one that lets so few in that looking at them all is less work is answered exactly.
 */
bool hnsw_search(const struct hnsw_graph *g, const struct space *s,
		 const struct near_query *q, unsigned ef, struct hit *hits,
		 uint32_t *found, struct work work, struct err *err);

#endif
