/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What building a graph and searching it share: the walk over one level. */
#ifndef NEAR_HNSW_IMPL_H
#define NEAR_HNSW_IMPL_H

#include "near/hnsw.h"

/* The rows in sight, best first; `open` marks those whose links are not looked at yet. */
struct sight {
	float score;
	uint32_t row:31;
	uint32_t open:1;
};

/* Memory of one thread. */
struct walk {
	const struct hnsw_graph *graph;
	const struct space *space;
	uint8_t *seen;		/* (n) the round in which a row was met last */
	uint8_t round;
	size_t n;
	struct sight *sight;	/* (ef + 1) */
	size_t in_sight, ef;
	uint32_t *todo;		/* (2m) rows to score, and their scores */
	float *scores;
	float *query;		/* (dim) */
};

/* Its graph, space and ef are set. */
bool walk_init(struct walk *w, struct err *err);
void walk_finish(struct walk *w);

/* The links of a row on a level; *n is how many places there are. Another thread may be
 * changing them: read each with link_at. */
static inline const uint32_t *hnsw_links(const struct hnsw_graph *g, uint32_t row,
					 unsigned level, unsigned *n)
{
	if (level == 0) {
		*n = 2 * g->m;
		return g->links + (size_t)row * 2 * g->m;
	}
	*n = g->m;
	return g->upper + ((size_t)g->upper_at[row] + level - 1) * g->m;
}

static inline uint32_t link_at(const uint32_t *link)
{
	return __atomic_load_n(link, __ATOMIC_RELAXED);
}

/* From *row, whose score is *score, to the row of this level that no link improves on. */
void walk_greedy(struct walk *w, unsigned level, uint32_t *row, float *score);
/* w->sight: the ef best rows that were met on this level when no open one is left. */
void walk_level(struct walk *w, unsigned level, uint32_t row, float score);

#endif
