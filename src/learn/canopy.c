/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * QuickScorer (Lucchese and others 2015, "QuickScorer: a fast algorithm to rank documents with
 * additive ensembles of regression trees"), over rows instead of trees: a tree's leaves are
 * bits from left to right; a row that a split doesn't send left closes the leaves to the left
 * of it, and the first leaf that is open at last is the row's. All splits are asked, in any
 * order, without a branch. What is missing is -INFINITY for splits that send it left and
 * INFINITY for the others. Forests with a tree of more leaves go the way of forest_score.
 */
#include "config.h"

#include "learn/canopy.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "math/processor.h"

#define LEAVES 32	/* of a tree, one per bit */
#define BLOCK 32	/* rows abreast */

struct split {
	uint32_t column;	/* 2 feature, or 2 feature + 1 where what is missing goes right */
	float number;
	uint32_t right;		/* leaves that stay open for rows that go right */
};

struct canopy {
	struct forest f;
	bool fits;
	uint32_t *first;	/* (trees + 1) splits of each */
	struct split *split;
	float *leaf;		/* (trees, LEAVES) */
	void (*block)(const struct canopy *c, const float *x, float *score);
};

#define NAME(f) f##_plain
#define TARGET
#define LANES 4
#include "learn/canopy_body.h"
#undef NAME
#undef TARGET
#undef LANES

#ifdef __x86_64__
#define NAME(f) f##_avx2
#define TARGET __attribute__((target("avx2")))
#define LANES 8
#include "learn/canopy_body.h"
#undef NAME
#undef TARGET
#undef LANES
#endif

/* --- putting in order */

/* Leaves below each node (nodes), LEAVES + 1: too many; children come after their parents. */
static void count_leaves(const struct forest *f, uint8_t *below)
{
	for (uint32_t i = f->nodes; i-- > 0;) {
		unsigned n = f->left[i] ? below[f->left[i]] + below[f->right[i]] : 1;

		below[i] = (uint8_t)(n > LEAVES ? LEAVES + 1 : n);
	}
}

static uint32_t bits(unsigned first, unsigned n)
{
	return (uint32_t)(((UINT64_C(1) << n) - 1) << first);
}

struct placing {
	const uint8_t *below;	/* (nodes) */
	uint8_t *place;		/* (nodes) 1 + the first leaf below it; 0: not met */
	uint32_t n;		/* splits so far */
};

/* A child gets its leaves; false: another parent has it too. */
static bool place(struct placing *p, uint32_t node, unsigned at)
{
	bool fresh = !p->place[node];

	p->place[node] = (uint8_t)(at + 1);
	return fresh;
}

static bool put_tree(struct canopy *c, uint32_t t, struct placing *p)
{
	const struct forest *f = &c->f;

	if (p->below[f->root[t]] > LEAVES)
		return false;
	place(p, f->root[t], 0);
	for (uint32_t i = f->root[t]; i < f->root[t + 1]; i++) {
		unsigned at = p->place[i] - 1u, lefts;

		if (!p->place[i])
			continue;	/* nobody gets here */
		if (!f->left[i]) {
			c->leaf[(size_t)t * LEAVES + at] = f->number[i];
			continue;
		}
		lefts = p->below[f->left[i]];
		if (!isfinite(f->number[i]) || !place(p, f->left[i], at) ||
		    !place(p, f->right[i], at + lefts))
			return false;
		c->split[p->n++] = (struct split){
			2 * (f->feature[i] & ~FOREST_LEFT) + !(f->feature[i] & FOREST_LEFT),
			f->number[i], ~bits(at, lefts)};
	}
	c->first[t + 1] = p->n;
	return true;
}

struct canopy *canopy_create(const struct forest *f)
{
	struct canopy *c = mem_zalloc(sizeof *c);
	SCOPED_FREE uint8_t *below = mem_zalloc((size_t)f->nodes + 1);
	SCOPED_FREE uint8_t *met = mem_zalloc((size_t)f->nodes + 1);
	struct placing p = {.below = below, .place = met};

	c->f = *f;
	c->first = mem_zalloc(((size_t)f->trees + 1) * sizeof *c->first);
	c->split = mem_zalloc(((size_t)f->nodes + 1) * sizeof *c->split);
	c->leaf = mem_zalloc(((size_t)f->trees + 1) * LEAVES * sizeof *c->leaf);
	c->block = block_plain;
#ifdef __x86_64__
	if (processor_rows() > 1)
		c->block = block_avx2;
#endif
	count_leaves(f, below);
	c->fits = true;
	for (uint32_t t = 0; t < f->trees && c->fits; t++)
		c->fits = put_tree(c, t, &p);
	return c;
}

void canopy_destroy(struct canopy *c)
{
	if (!c)
		return;
	free(c->first);
	free(c->split);
	free(c->leaf);
	free(c);
}

/* --- scores */

/* Rows x (n, columns) to columns of BLOCK, each twice. */
static void turn(const struct canopy *c, const float *x, size_t n, float *out)
{
	for (unsigned f = 0; f < c->f.columns; f++)
		for (size_t r = 0; r < n; r++) {
			float v = x[r * c->f.columns + f];

			out[(size_t)2 * f * BLOCK + r] = isnan(v) ? -INFINITY : v;
			out[((size_t)2 * f + 1) * BLOCK + r] = isnan(v) ? INFINITY : v;
		}
}

void canopy_score(const struct canopy *c, const float *x, size_t n, float *score)
{
	SCOPED_FREE float *room = NULL;

	assert(n == 0 || (x && score));
	if (!c->fits) {
		forest_score(&c->f, x, n, score);
		return;
	}
	room = mem_zalloc((size_t)2 * c->f.columns * BLOCK * sizeof *room);
	for (size_t r = 0; r < n; r += BLOCK) {
		size_t rows = n - r < BLOCK ? n - r : BLOCK;
		float own[BLOCK] = {0};

		turn(c, x + r * c->f.columns, rows, room);
		c->block(c, room, own);
		memcpy(score + r, own, rows * sizeof *own);
	}
}
