/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heap of the best; the place of one is counted. */
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

static double score_in(const struct candidates *c, const struct candidate_range *r,
		       uint32_t product)
{
	return c->scale * (r->weight * c->popularity[product]);
}

bool candidates_expand(struct candidates *c, struct err *err)
{
	size_t room = c->n, from = 0, n = 0;
	struct candidate *at;

	if (!c->ranges)
		return true;
	for (unsigned k = 0; k < c->ranges; k++)
		room += c->range[k].end - c->range[k].first;
	at = mem_big(room, sizeof *at, "candidates", err);
	if (!at)
		return false;
	for (unsigned k = 0; k < c->ranges; k++) {
		const struct candidate_range *r = &c->range[k];

		assert(k == 0 || r[-1].end <= r->first);
		while (from < c->n && c->at[from].product < r->first)
			at[n++] = c->at[from++];
		for (uint32_t b = r->first; b < r->end; b++) {
			if (from < c->n && c->at[from].product == b)
				at[n++] = c->at[from++];
			else if (c->popularity[b] && score_in(c, r, b) > 0)
				at[n++] = (struct candidate){b, score_in(c, r, b)};
		}
	}
	while (from < c->n)
		at[n++] = c->at[from++];
	free(c->at);
	c->at = at;
	c->n = n;
	c->cap = room;
	c->ranges = 0;
	return true;
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

/* A heap of them; at is the caller's. */
static struct best best_of(const struct candidates *c, size_t limit)
{
	struct best best = {.limit = limit < c->n ? limit : c->n};

	assert(!c->ranges);
	best.at = mem_alloc((best.limit + 1) * sizeof *best.at);
	for (size_t i = 0; i < c->n && best.limit; i++)
		if (c->negative || c->at[i].score > 0)
			best_add(&best, &c->at[i]);
	return best;
}

struct candidates candidates_best(const struct candidates *c, size_t n)
{
	struct best best = best_of(c, n);
	struct candidates few = {.negative = c->negative};

	assert(n > 0);
	for (size_t i = 0; i < c->n; i++)
		if (best.n < best.limit ? c->negative || c->at[i].score > 0 :
		    !beats(&best.at[0], &c->at[i]))
			candidates_add(&few, c->at[i].product, c->at[i].score);
	free(best.at);
	return few;
}

void candidates_rank(struct candidates *c, size_t limit)
{
	struct best best = best_of(c, limit);

	if (best.n)
		qsort(best.at, best.n, sizeof *best.at, by_rank);
	free(c->at);
	c->at = best.at;
	c->n = best.n;
	c->cap = best.limit + 1;
}

/* --- the place of one */

static const struct candidate *find(const struct candidates *c, uint32_t product)
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

/* What the product's score is, by itself or in a range; 0: it has none. */
static double score_of(const struct candidates *c, uint32_t product)
{
	const struct candidate *found = find(c, product);

	if (found)
		return found->score;
	for (unsigned k = 0; k < c->ranges; k++)
		if (product >= c->range[k].first && product < c->range[k].end)
			return score_in(c, &c->range[k], product);
	return 0;
}

/* The least popularity whose score in the range is that of x or more: rounded or not, scores
 * never fall as it rises. */
static uint64_t least_popularity(const struct candidates *c, const struct candidate_range *r,
				 const struct candidate *x)
{
	uint64_t low = 1, high = UINT64_C(1) << 32;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (c->scale * (r->weight * (double)mid) < x->score)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t candidates_place(const struct candidates *c, uint32_t product,
			  bool (*lets)(void *ctx, uint32_t product), void *ctx)
{
	const struct candidate x = {product, score_of(c, product)};
	uint32_t rank = 1;

	if (!(x.score > 0) || !lets(ctx, product))
		return 0;
	for (size_t i = 0; i < c->n; i++)
		rank += c->at[i].score > 0 && beats(&c->at[i], &x) && lets(ctx, c->at[i].product);
	for (unsigned k = 0; k < c->ranges; k++) {
		const struct candidate_range *r = &c->range[k];
		uint64_t least = least_popularity(c, r, &x);

		for (uint32_t b = r->first; b < r->end; b++)
			if (c->popularity[b] >= least &&
			    beats(&(struct candidate){b, score_in(c, r, b)}, &x) && !find(c, b))
				rank += lets(ctx, b);
	}
	return rank;
}
