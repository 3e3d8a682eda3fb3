/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of every row are made once and kept as texts and numbers; then rows are tested
 * by the filter, or sorted by them. */
#include "config.h"

#include "view/pick.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "query/filter.h"

#define COLUMNS_MOST 64
#define STEP 4096	/* rows between two looks at the job */

static bool is_text(const struct column *c)
{
	return c->type == CELL_TEXT || c->type == CELL_ID;
}

static struct filter_cell cell_of(const struct view *v, const struct column *c,
				  const struct cell *cell)
{
	const struct catalog *cat = view_question(v)->catalog;
	unsigned scale = c->type == CELL_MONEY ? cat->price_scale :
			 c->type == CELL_REVENUE ? cat->revenue_scale : 0;
	struct filter_cell f = {.none = cell->empty};

	if (cell->empty)
		return f;
	if (is_text(c))
		f.text = cell->text;
	else if (c->type == CELL_REAL || c->type == CELL_SHARE)
		f.number = cell->real;
	else
		f.number = (double)cell->count / pow(10, scale);
	f.time = c->type == CELL_TIME ? cell->count : 0;
	return f;
}

static bool parse(const struct view_class *c, struct filter_column *names, struct str text,
		  struct filter **f, struct err *err)
{
	for (unsigned i = 0; i < c->n_columns; i++)
		names[i] = (struct filter_column){c->columns[i].key,
			is_text(&c->columns[i]) ? COLUMN_OF_TEXT :
			c->columns[i].type == CELL_TIME ? COLUMN_OF_TIMES : COLUMN_OF_NUMBERS};
	return filter_parse_rows(f, text, (struct filter_columns){names, c->n_columns}, err);
}

bool pick_check(const struct view_class *c, struct str text, struct strbuf *b,
		struct err *err)
{
	struct filter_column names[COLUMNS_MOST];
	SCOPED(filter) f = NULL;

	assert(c->n_columns <= COLUMNS_MOST);
	if (!parse(c, names, text, &f, err))
		return false;
	strbuf_adds(b, filter_text(f));
	return true;
}

bool pick_having(struct view *v, struct str text, uint64_t **rows, uint64_t *n,
		 struct job *job, struct err *err)
{
	const struct view_class *c = view_class_of(v);
	uint64_t all = view_count(v), kept = 0, *out;
	struct filter_column names[COLUMNS_MOST];
	struct cell cells[COLUMNS_MOST];
	struct filter_cell has[COLUMNS_MOST];
	SCOPED(filter) f = NULL;

	assert(rows && n);
	assert(c->n_columns <= COLUMNS_MOST);
	if (!parse(c, names, text, &f, err)) {
		err_context(err, "--having");
		return false;
	}
	out = mem_big(all + 1, sizeof *out, "the rows chosen", err);
	if (!out)
		return false;
	for (uint64_t i = 0; i < all; i++) {
		if (i % STEP == 0 && !job_check(job, err)) {
			free(out);
			return false;
		}
		view_row(v, i, cells);
		for (unsigned k = 0; k < c->n_columns; k++)
			has[k] = cell_of(v, &c->columns[k], &cells[k]);
		if (filter_passes(f, has))
			out[kept++] = i;
	}
	*rows = out;
	*n = kept;
	return true;
}

/* --- orders */

struct entry {
	uint64_t row, place;
	struct filter_cell at[PICK_KEYS];
};

struct order {
	const struct sort_key *key;
	unsigned keys;
	bool text[PICK_KEYS];
};

static int compare(const void *x, const void *y, void *ctx)
{
	const struct entry *a = x, *b = y;
	const struct order *o = ctx;

	for (unsigned k = 0; k < o->keys; k++) {
		const struct filter_cell *p = &a->at[k], *q = &b->at[k];
		int by;

		if (p->none || q->none) {
			if (p->none != q->none)
				return p->none ? 1 : -1;
			continue;
		}
		by = o->text[k] ? str_cmp(p->text, q->text)
				: (p->number > q->number) - (p->number < q->number);
		if (by)
			return o->key[k].up ? by : -by;
	}
	return a->place < b->place ? -1 : a->place > b->place;
}

/* The value of an attribute; a number too, where it reads as one. */
static struct filter_cell attribute_of(const struct view *v, uint64_t row, uint32_t attribute)
{
	const struct catalog *c = view_question(v)->catalog;
	uint32_t product = view_product(v, row), value = CATALOG_NONE;
	struct filter_cell f = {.none = true};

	if (product < c->n_products)
		value = c->product_attribute[(size_t)product * c->n_attributes + attribute];
	if (value < c->attribute_value.n) {
		f.none = false;
		f.text = text_at(&c->attribute_value, value);
		f.number = NAN;
		(void)num_real(f.text, &f.number);
	}
	return f;
}

/* Values of an attribute are in the order of numbers where all are some. */
static bool are_texts(const struct entry *e, uint64_t n, unsigned key)
{
	for (uint64_t i = 0; i < n; i++)
		if (!e[i].at[key].none && isnan(e[i].at[key].number))
			return true;
	return false;
}

static bool gather(struct view *v, const struct order *o, struct entry *e, uint64_t n,
		   struct arena *arena, struct job *job, struct err *err)
{
	const struct view_class *c = view_class_of(v);
	struct cell cells[COLUMNS_MOST];

	for (uint64_t i = 0; i < n; i++) {
		if (i % STEP == 0 && !job_check(job, err))
			return false;
		view_row(v, i, cells);
		e[i].place = i;
		for (unsigned k = 0; k < o->keys; k++) {
			unsigned at = o->key[k].column;

			e[i].at[k] = at < c->n_columns ?
				     cell_of(v, &c->columns[at], &cells[at]) :
				     attribute_of(v, i, at - c->n_columns);
			e[i].at[k].text = arena_str(arena, e[i].at[k].text);
		}
	}
	return true;
}

bool pick_sorted(struct view *v, const struct sort_key *key, unsigned keys, uint64_t **rows,
		 uint64_t *n, struct job *job, struct err *err)
{
	const struct view_class *c = view_class_of(v);
	uint64_t all = view_count(v), *out;
	struct order o = {.key = key, .keys = keys};
	SCOPED_FREE struct entry *e = mem_big(all + 1, sizeof *e, "the rows to sort", err);
	struct arena *arena;
	bool ok;

	assert(keys > 0 && keys <= PICK_KEYS);
	out = e ? mem_big(all + 1, sizeof *out, "the order of the rows", err) : NULL;
	if (!out)
		return false;
	for (unsigned k = 0; k < keys; k++)
		o.text[k] = key[k].column < c->n_columns && is_text(&c->columns[key[k].column]);
	for (uint64_t i = 0; i < all; i++)
		e[i].row = *rows ? (*rows)[i] : i;
	arena = arena_create();
	ok = gather(v, &o, e, all, arena, job, err);
	for (unsigned k = 0; k < keys && ok; k++)
		if (key[k].column >= c->n_columns)
			o.text[k] = are_texts(e, all, k);
	if (ok)
		qsort_r(e, all, sizeof *e, compare, &o);
	arena_destroy(arena);
	for (uint64_t i = 0; i < all && ok; i++)
		out[i] = e[i].row;
	if (!ok) {
		free(out);
		return false;
	}
	free(*rows);
	*rows = out;
	*n = all;
	return true;
}
