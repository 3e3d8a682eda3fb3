/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heap of the best per run of one category, then all by score and number. */
#include "config.h"

#include "panel/candidates.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void candidates_finish(struct candidates *c)
{
	free(c->at);
	*c = (struct candidates){0};
}

void candidates_add(struct candidates *c, uint32_t product, double score)
{
	assert(c->n == 0 || c->at[c->n - 1].product < product);	/* ascending */
	MEM_GROW(c->at, c->cap, c->n + 1);
	c->at[c->n++] = (struct candidate){product, score};
}

static bool beats(const struct candidate *a, const struct candidate *b)
{
	return a->score > b->score || (a->score == b->score && a->product < b->product);
}

static int by_rank(const void *x, const void *y)
{
	return beats(y, x) - beats(x, y);
}

/* A heap of the `limit` best, the worst of them on top. */
struct best {
	struct candidate *at;
	size_t n, limit;
};

static void best_sink(struct best *b, size_t i)
{
	struct candidate x = b->at[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= b->n)
			break;
		if (child + 1 < b->n && beats(&b->at[child], &b->at[child + 1]))
			child++;
		if (!beats(&x, &b->at[child]))
			break;
		b->at[i] = b->at[child];
		i = child;
	}
	b->at[i] = x;
}

static void best_add(struct best *b, const struct candidate *x)
{
	if (b->n < b->limit) {
		b->at[b->n++] = *x;
		if (b->n == b->limit)
			for (size_t i = b->n / 2; i-- > 0;)
				best_sink(b, i);
		return;
	}
	if (beats(x, &b->at[0])) {
		b->at[0] = *x;
		best_sink(b, 0);
	}
}

/* End of the run of candidates of one category that starts at i: products are
 * sorted by category. */
static size_t run_end(const struct candidates *c, const struct catalog *cat, double decay,
		      size_t i)
{
	uint32_t category = cat->product_category[c->at[i].product];

	if (decay >= 1)
		return c->n;
	for (i++; i < c->n; i++)
		if (cat->product_category[c->at[i].product] != category)
			break;
	return i;
}

void candidates_rank(struct candidates *c, const struct catalog *cat, double decay,
		     size_t limit)
{
	size_t room = limit < c->n ? limit : c->n, kept = 0, end;
	struct best run = {.limit = room};

	assert(decay > 0 && decay <= 1);
	if (room == 0) {
		c->n = 0;
		return;
	}
	run.at = mem_alloc(room * sizeof *run.at);
	/* The best of each run stay, in place: they are at most as many. */
	for (size_t i = 0; i < c->n; i = end) {
		double factor = 1;

		end = run_end(c, cat, decay, i);
		run.n = 0;
		for (size_t j = i; j < end; j++)
			if (c->negative || c->at[j].score > 0)
				best_add(&run, &c->at[j]);
		qsort(run.at, run.n, sizeof *run.at, by_rank);
		for (size_t j = 0; j < run.n; j++, factor *= decay) {
			run.at[j].score *= factor;
			c->at[kept++] = run.at[j];
		}
	}
	run.n = 0;
	for (size_t i = 0; i < kept; i++)
		best_add(&run, &c->at[i]);
	qsort(run.at, run.n, sizeof *run.at, by_rank);
	memcpy(c->at, run.at, run.n * sizeof *run.at);
	c->n = run.n;
	free(run.at);
}

/* How many of the run come before x, whose score is a place value. */
static size_t run_before(const struct candidate *run, size_t n, double decay,
			 const struct candidate *x, struct candidate *scratch)
{
	double factor = 1;
	size_t k = 0, before = 0;

	for (size_t i = 0; i < n; i++)
		if (run[i].score > 0 && beats(&run[i], x))
			scratch[k++] = run[i];
	if (decay >= 1)
		return k;
	qsort(scratch, k, sizeof *scratch, by_rank);
	for (; before < k; before++, factor *= decay) {
		struct candidate y = {scratch[before].product,
				      scratch[before].score * factor};

		if (!beats(&y, x))
			break;
	}
	return before;
}

static const struct candidate *candidates_at(const struct candidates *c, uint32_t product)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c->at[mid].product < product)
			low = mid + 1;
		else
			high = mid;
	}
	return low < c->n && c->at[low].product == product ? &c->at[low] : NULL;
}

uint32_t candidates_find(const struct candidates *c, const struct catalog *cat,
			 double decay, uint32_t product)
{
	const struct candidate *found = candidates_at(c, product);
	struct candidate x, *scratch;
	size_t rank = 1, end;
	double factor = 1;

	if (!found || !(found->score > 0))
		return 0;
	x = *found;
	scratch = mem_alloc(c->n * sizeof *scratch);
	/* Its own run first: that gives the place value. */
	for (size_t i = 0; decay < 1 && i < c->n; i = end) {
		end = run_end(c, cat, decay, i);
		if (i > (size_t)(found - c->at) || end <= (size_t)(found - c->at))
			continue;
		for (size_t j = i; j < end; j++)
			if (beats(&c->at[j], found))
				factor *= decay;
	}
	x.score *= factor;	/* rounded as candidates_rank does */
	for (size_t i = 0; i < c->n; i = end) {
		end = run_end(c, cat, decay, i);
		rank += run_before(c->at + i, end - i, decay, &x, scratch);
	}
	free(scratch);
	return (uint32_t)rank;
}
