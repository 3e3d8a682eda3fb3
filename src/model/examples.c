/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows are copied behind each other in the order that was drawn. What an order is worth needs
 * the best places alone: others are dropped before anything is sorted.
 */
#include "config.h"

#include "model/examples.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "math/measure.h"
#include "math/topk.h"

void examples_forget(struct examples *l)
{
	free(l->x);
	free(l->y);
	free(l->group);
	free(l->targets);
	*l = (struct examples){.wrong = l->wrong};
}

struct boost_rows examples_rows(const struct examples *l)
{
	return (struct boost_rows){.x = l->x, .y = l->y, .group = l->group, .rows = l->rows,
				   .groups = (uint32_t)l->groups, .columns = RANK_FEATURES};
}

static void add_row(struct examples *l, const float *x, float y)
{
	MEM_GROW(l->x, l->cap_x, (l->rows + 1) * RANK_FEATURES);
	MEM_GROW(l->y, l->cap_y, l->rows + 1);
	memcpy(l->x + l->rows * RANK_FEATURES, x, RANK_FEATURES * sizeof *x);
	l->y[l->rows++] = y;
}

void marked_draw(struct marked *m, uint32_t i, struct rng *rng)
{
	uint32_t j = (uint32_t)rng_below(rng, m->n + 1);

	m->n_right += m->right[i];
	m->order[m->n++] = m->order[j];
	m->order[j] = i;
}

/* A group of so many rows, which were added before. */
static void close_group(struct examples *l, uint32_t rows, uint32_t targets)
{
	MEM_GROW(l->group, l->cap_group, l->groups + 1);
	MEM_GROW(l->targets, l->cap_targets, l->groups + 1);
	l->group[l->groups] = rows;
	l->targets[l->groups++] = targets;
}

void examples_add(struct examples *l, const struct candidates_of *c, const struct marked *m)
{
	size_t before = l->rows;
	uint32_t wrong = 0;

	for (uint32_t i = 0; m->n_right && i < m->n; i++) {
		bool right = m->right[m->order[i]];

		if (right || wrong++ < l->wrong)
			add_row(l, c->x + (size_t)m->order[i] * RANK_FEATURES, right);
	}
	if (m->n_right)
		close_group(l, (uint32_t)(l->rows - before), m->targets);
}

void examples_join(struct examples *to, const struct examples *more)
{
	for (size_t g = 0, at = 0; g < more->groups; at += more->group[g++]) {
		size_t before = to->rows;
		uint32_t wrong = 0;

		for (size_t i = at; i < at + more->group[g]; i++)
			if (more->y[i] > 0 || wrong++ < to->wrong)
				add_row(to, more->x + i * RANK_FEATURES, more->y[i]);
		close_group(to, (uint32_t)(to->rows - before), more->targets[g]);
	}
}

/* --- what an order is worth */

struct scored {
	float score, y;
};

static int best_first(const void *x, const void *y)
{
	float a = ((const struct scored *)x)->score, b = ((const struct scored *)y)->score;

	return (a < b) - (a > b);
}

/* Puts those that may be among the best first, ties with the last of them included. */
static uint32_t keep_best(struct scored *row, uint32_t n)
{
	struct hit hits[EXAMPLES_BEST];
	struct topk best;
	uint32_t kept = 0;

	topk_init(&best, hits, EXAMPLES_BEST);
	for (uint32_t i = 0; i < n; i++)
		topk_push(&best, i, row[i].score);
	for (uint32_t i = 0; i < n; i++)
		if (row[i].score >= topk_floor(&best))
			row[kept++] = row[i];
	return kept;
}

static double worth_of_group(struct scored *row, uint32_t n, uint32_t targets, struct tie *tie)
{
	double value[MEASURES];
	size_t ties = 0;

	n = keep_best(row, n);
	qsort(row, n, sizeof *row, best_first);
	for (uint32_t i = 0, end; i < n; i = end) {
		struct tie own = {.before = i};

		for (end = i; end < n && row[end].score == row[i].score; end++)
			own.targets += row[end].y > 0;
		own.tied = end - i;
		if (own.targets)
			tie[ties++] = own;
	}
	measure_at(tie, ties, targets, EXAMPLES_BEST, value);
	return value[MEASURE_MAP];
}

double examples_worth(const struct examples *l, const float *score)
{
	SCOPED_FREE struct scored *row = NULL;
	SCOPED_FREE struct tie *tie = NULL;
	size_t cap_row = 0, cap_tie = 0, at = 0;
	double sum = 0;

	for (size_t g = 0; g < l->groups; g++) {
		MEM_GROW(row, cap_row, l->group[g]);
		MEM_GROW(tie, cap_tie, l->group[g]);
		for (uint32_t i = 0; i < l->group[g]; i++)
			row[i] = (struct scored){score[at + i], l->y[at + i]};
		sum += worth_of_group(row, l->group[g], l->targets[g], tie);
		at += l->group[g];
	}
	return sum / (double)l->groups;
}
