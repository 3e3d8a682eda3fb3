/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs of product and category are numbered like texts. After the merge a pair holds where
 * it was said by the very record whose category is the product's first. Two names of one
 * node are one place.
 */
#include "config.h"

#include "import/placed.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "import/steps.h"
#include "store/build.h"

#define WHAT "products in several categories"

void placed_finish(struct placed_set *p)
{
	map_destroy(p->key);
	free(p->at);
	*p = (struct placed_set){0};
}

bool placed_hear(struct placed_set *p, struct placed x, struct err *err)
{
	const uint32_t key[2] = {x.product, x.category};
	uint32_t known, i;

	if (!p->key)
		p->key = map_create();
	known = map_count(p->key);
	i = map_intern(p->key, str_span((const char *)key, sizeof key), err);
	if (i == MAP_NONE)
		return false;
	MEM_GROW(p->at, p->cap, (size_t)i + 1);
	if (i == known || stamp_later(x.at, p->at[i].at))
		p->at[i] = x;
	return true;
}

/* --- merging */

static bool holds(const struct seen *s, const struct placed *x)
{
	struct fact f = seen_fact(s, x->product, FACT_CATEGORY);

	return x->category != f.value &&
	       (s->from->of->places.every || stamp_same(x->at, f.at));
}

/* All workers' places as ranks behind one another; how many. */
static size_t gather(const struct seen *s, struct placed *to)
{
	size_t n = 0;

	for (unsigned w = 0; w < s->from->n; w++) {
		const struct placed_set *p = &s->from->of[w].places;
		size_t k = p->key ? map_count(p->key) : 0;

		for (size_t i = 0; to && i < k; i++) {
			to[n + i] = p->at[i];
			to[n + i].product = ids_rank(&s->id[ID_PRODUCT], w, p->at[i].product);
			to[n + i].category = ids_rank(&s->id[ID_CATEGORY], w,
						       p->at[i].category);
		}
		n += k;
	}
	return n;
}

bool placed_merge(struct seen *s, struct pool *pool, struct err *err)
{
	size_t n = gather(s, NULL);
	SCOPED_FREE struct placed *all = NULL;
	SCOPED_FREE struct sort_item *item = NULL;

	if (n == 0)
		return true;
	all = mem_big(n, sizeof *all, WHAT, err);
	item = all ? mem_big(n, sizeof *item, WHAT, err) : NULL;
	s->place = item ? mem_big(n, sizeof *s->place, WHAT, err) : NULL;
	if (!s->place)
		return false;
	gather(s, all);
	for (size_t i = 0; i < n; i++)
		item[i] = (struct sort_item){(uint64_t)all[i].product << 32 | all[i].category,
					     i};
	if (!sort_items(item, n, pool, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct placed x = all[item[i].value];

		for (; i + 1 < n && item[i + 1].key == item[i].key; i++)
			if (stamp_later(all[item[i + 1].value].at, x.at))
				x.at = all[item[i + 1].value].at;
		if (holds(s, &x))
			s->place[s->n_place++] = x;
	}
	return true;
}

/* --- writing */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Ascending, each once and none equal to `not`; how many are left. */
static uint32_t sort_once(uint32_t *at, uint32_t n, uint32_t not)
{
	uint32_t k = 0;

	qsort(at, n, sizeof *at, by_number);
	for (uint32_t i = 0; i < n; i++)
		if (at[i] != not && (k == 0 || at[i] != at[k - 1]))
			at[k++] = at[i];
	return k;
}

/* Rows of products by number. */
struct place_rows {
	uint32_t n;		/* products */
	uint64_t *offsets;	/* (n + 1) */
	uint32_t *column;
};

static void rows_finish(struct place_rows *r)
{
	free(r->offsets);
	free(r->column);
}

/* Categories as records name them, in the order of s->place; none where memory is out. */
static bool rows_of_ranks(struct place_rows *r, const struct made *m, struct err *err)
{
	const struct seen *s = &m->seen;
	SCOPED_FREE uint64_t *next = NULL;

	r->n = s->id[ID_PRODUCT].n;
	r->offsets = mem_big((size_t)r->n + 1, sizeof *r->offsets, WHAT, err);
	r->column = mem_big(s->n_place, sizeof *r->column, WHAT, err);
	next = mem_big((size_t)r->n + 1, sizeof *next, WHAT, err);
	if (!r->offsets || !r->column || !next)
		return false;
	for (size_t i = 0; i < s->n_place; i++)
		r->offsets[m->number.product_number[s->place[i].product] + 1]++;
	for (uint32_t p = 0; p < r->n; p++)
		r->offsets[p + 1] += r->offsets[p];
	memcpy(next, r->offsets, ((size_t)r->n + 1) * sizeof *next);
	for (size_t i = 0; i < s->n_place; i++)
		r->column[next[m->number.product_number[s->place[i].product]]++] =
			s->place[i].category;
	return true;
}

bool placed_keep(const struct made *m, struct build *b, struct err *err)
{
	struct place_rows r = {0};
	bool ok;

	if (m->seen.n_place == 0)
		return true;
	ok = rows_of_ranks(&r, m, err) &&
	     build_array(b, "resume/place", ARRAY_U32, m->seen.n_place, 1, r.column, err) &&
	     build_array(b, "resume/place-offsets", ARRAY_U64, (uint64_t)r.n + 1, 1, r.offsets,
			 err);
	rows_finish(&r);
	return ok;
}

/* Names to nodes. */
static void to_nodes(struct place_rows *r, const struct made *m)
{
	uint64_t low = 0, kept = 0;

	for (uint32_t p = 0; p < r->n; p++) {
		uint64_t high = r->offsets[p + 1];
		uint32_t *row = r->column + low, n;

		for (uint64_t i = low; i < high; i++)
			r->column[i] = m->tree.of[r->column[i]];
		n = sort_once(row, (uint32_t)(high - low), m->number.product_node[p]);
		memmove(r->column + kept, row, n * sizeof *row);
		kept += n;
		low = high;
		r->offsets[p + 1] = kept;
	}
}

/* Is the product's first category within the node's subtree? */
static bool in_range(const struct made *m, uint32_t node, uint32_t p)
{
	uint32_t first = m->number.product_node[p];

	return first >= node && first < m->tree.node[node].end;
}

/* Of every category above a further one of a product, once per product: guests
 * (categories) are counted where to is NULL, else put into its rows. */
static void meet_guests(const struct made *m, const struct place_rows *r,
			uint32_t *last, uint64_t *next, uint32_t *to)
{
	for (uint32_t p = 0; p < r->n; p++)
		for (uint64_t i = r->offsets[p]; i < r->offsets[p + 1]; i++)
			for (uint32_t at = r->column[i]; at != CATALOG_NONE;
			     at = m->tree.node[at].parent) {
				if (last[at] == p + 1 || in_range(m, at, p))
					continue;
				last[at] = p + 1;
				if (to)
					to[next[at]] = p;
				next[at]++;
			}
}

static bool write_guests(const struct made *m, const struct place_rows *r, struct build *b,
			 struct err *err)
{
	uint32_t n = m->tree.n;
	SCOPED_FREE uint32_t *last = mem_big(n, sizeof *last, WHAT, err);
	SCOPED_FREE uint64_t *next = mem_big((size_t)n + 1, sizeof *next, WHAT, err);
	SCOPED_FREE uint64_t *offsets = mem_big((size_t)n + 1, sizeof *offsets, WHAT, err);
	void *data;

	if (!last || !next || !offsets)
		return false;
	meet_guests(m, r, last, next, NULL);
	for (uint32_t i = 0; i < n; i++) {
		offsets[i + 1] = offsets[i] + next[i];
		next[i] = offsets[i];
		last[i] = 0;
	}
	if (!build_reserve(b, "category/guest", ARRAY_U32, offsets[n], 1, &data, err))
		return false;
	meet_guests(m, r, last, next, data);
	return build_array(b, "category/guest-offsets", ARRAY_U64, (uint64_t)n + 1, 1, offsets,
			   err);
}

bool placed_write(const struct made *m, struct build *b, struct err *err)
{
	struct place_rows r = {0};
	bool ok;

	if (m->seen.n_place == 0)
		return true;
	ok = rows_of_ranks(&r, m, err);
	if (ok)
		to_nodes(&r, m);
	ok = ok && (r.offsets[r.n] == 0 ||
		    (build_array(b, "product/place", ARRAY_U32, r.offsets[r.n], 1, r.column,
				 err) &&
		     build_array(b, "product/place-offsets", ARRAY_U64, (uint64_t)r.n + 1, 1,
				 r.offsets, err) &&
		     write_guests(m, &r, b, err)));
	rows_finish(&r);
	return ok;
}
