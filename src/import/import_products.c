/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The --products file: a CSV file whose header names what it says of products.
 * That stands above what the events say; where a product has several lines the
 * last one wins. Products without an event are kept: they can be suggested by
 * their category, name and description.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "data/field.h"
#include "import/batch.h"
#include "import/list_file.h"
#include "import/steps.h"

enum {
	C_ID,
	C_NAME,
	C_CODE,
	C_BRAND,
	C_CATEGORY_ID,
	C_CATEGORY,
	C_PRICE,
	C_DESCRIPTION,
	C_IMAGE,
	C_STOCK,
	C_MORE,
	C_COUNT,
};
static const char *const names[C_COUNT] = {
	"product_id", "name", "product_code", "brand", "category_id", "category", "price",
	"description", "image_url", "stock", "more_categories",
};
/* What others call them, where the name itself isn't there. */
static const struct {
	const char *name;
	unsigned column;
} synonyms[] = {
	{"asin", C_ID}, {"item_id", C_ID}, {"sku", C_ID}, {"id", C_ID},
	{"title", C_NAME}, {"product_name", C_NAME}, {"product_title", C_NAME},
	{"manufacturer", C_BRAND},
	{"category_path", C_CATEGORY}, {"category_code", C_CATEGORY},
	{"product_category", C_CATEGORY}, {"categories", C_CATEGORY},
	{"image", C_IMAGE}, {"image_link", C_IMAGE},
};

struct listing {
	const struct import *im;
	struct taken *to;
	const char *path;
	struct batch batch;	/* for stamps */
	struct event_row row;
	struct further_category *further;	/* of the row */
	size_t cap_further;
	unsigned at[C_COUNT];	/* column or UINT_MAX */
	struct arena *arena;	/* of the row */
	bool header;
	uint64_t rejected;
	char first[256];	/* what is wrong with the first of those */
	uint64_t unpriced, unpriced_line;	/* prices that can't be read; the first */
};

static unsigned column_of(const struct listing *l, struct str name)
{
	for (unsigned c = 0; c < C_COUNT; c++)
		if (str_is(name, names[c]))
			return l->at[c] == UINT_MAX ? c : C_COUNT;
	return C_COUNT;
}

/* In a file that doesn't name the column itself. */
static unsigned column_meant(const struct listing *l, struct str name)
{
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
		if (str_is(name, synonyms[i].name) &&
		    l->at[synonyms[i].column] == UINT_MAX)
			return synonyms[i].column;
	return C_COUNT;
}

/* Columns that are named, then those that are meant; how many. */
static unsigned find_columns(struct listing *l, const struct csv_record *r, bool *used)
{
	unsigned known = 0;

	for (unsigned c = 0; c < C_COUNT; c++)
		l->at[c] = UINT_MAX;
	for (unsigned meant = 0; meant < 2; meant++)
		for (unsigned i = 0; i < r->n && i < CSV_FIELDS; i++) {
			struct str name = str_trim(r->field[i]);
			unsigned c = used[i] ? C_COUNT :
				     meant ? column_meant(l, name) : column_of(l, name);

			if (c == C_COUNT)
				continue;
			l->at[c] = i;
			used[i] = true;
			known++;
		}
	return known;
}

static bool read_header(struct listing *l, const struct csv_record *r, uint64_t line,
			struct err *err)
{
	bool used[CSV_FIELDS] = {false};
	unsigned known = find_columns(l, r, used);
	STRBUF(ignored);

	for (unsigned i = 0; i < r->n && i < CSV_FIELDS; i++)
		if (!used[i])
			strbuf_addf(&ignored, "%s%.*s", ignored.len ? ", " : "",
				    STR_ARG(str_trim(r->field[i])));
	if (l->at[C_ID] == UINT_MAX || known < 2)
		return err_fail(err, ERR_FORMAT, "%s:%llu: the first line must name the "
				"column product_id and one or more of name, product_code, "
				"brand, category_id, category, price, description, "
				"image_url, stock and more_categories", l->path,
				(unsigned long long)line);
	if (ignored.len)
		job_notice(l->im->job, "%s: columns that are not used: %s", l->path,
			   strbuf_c(&ignored));
	if (l->at[C_BRAND] != UINT_MAX)
		l->to->caps |= CAP_BRANDS;
	if (l->at[C_PRICE] != UINT_MAX)
		l->to->product_prices = true;
	l->header = true;
	return true;
}

static struct str column(const struct listing *l, const struct csv_record *r, unsigned c)
{
	struct str s = l->at[c] < r->n ? r->field[l->at[c]] : STR_NULL;

	return l->im->o->spreadsheet ? csv_without_apostrophe(s) : s;
}

/* "A > B" and A|B (what a list of JSON reads as) have names with dots, maybe. */
static struct str path_of(struct listing *l, struct str s)
{
	struct str sign = str_find(s, STR(" > ")) == SIZE_MAX ? STR("|") : STR(" > ");
	STRBUF(path);

	for (size_t at; (at = str_find(s, sign)) != SIZE_MAX;) {
		strbuf_add(&path, str_span(s.ptr, at));
		strbuf_addc(&path, PATH_JOINT);
		s = str_span(s.ptr + at + sign.len, s.len - at - sign.len);
	}
	if (!path.len)
		return s;
	strbuf_add(&path, s);
	return arena_str(l->arena, strbuf_str(&path));
}

/* As in a log, or with a sign of its currency; one that can't be read says nothing. */
static void read_price(struct listing *l, struct str s, uint64_t line)
{
	struct event_row *row = &l->row;
	struct reject why;
	struct decimal d;

	if (field_price(s, l->at[C_PRICE], row, &why))
		return;
	row->has_price = field_decimal(str_trim(s), false, &d) && price_fits(d);
	if (row->has_price)
		row->price = d;
	else if (l->unpriced++ == 0)
		l->unpriced_line = line;
}

/* Paths parted by |; where the line names no category the first of them is it. */
static bool read_more(struct listing *l, struct str list, struct reject *why)
{
	struct event_row *row = &l->row;
	struct str path;

	while (list.len && str_next(&list, '|', &path)) {
		struct further_category *c;

		path = path_of(l, str_trim(path));
		if (!path.len)
			continue;
		MEM_GROW(l->further, l->cap_further, row->n_further + 1);
		c = &l->further[row->n_further];
		*c = (struct further_category){0};
		if (!field_indexed(path, l->at[C_MORE], &c->path, why))
			return false;
		row->n_further++;
	}
	row->further = l->further;
	if (!row->category.len && !row->category_path.len && row->n_further) {
		row->category_path = row->further++->path;
		row->n_further--;
	}
	return true;
}

static bool read_row(struct listing *l, const struct csv_record *r, uint64_t line,
		     struct reject *why)
{
	struct event_row *row = &l->row;

	arena_reset(l->arena);
	*row = (struct event_row){.time = TIME_LISTED};
	*why = (struct reject){r->reason, r->column, STR_NULL};
	if (r->reason ||
	    !field_id((struct field){column(l, r, C_ID), l->at[C_ID]}, false, &row->product,
		      why) ||
	    (column(l, r, C_CATEGORY_ID).len &&
	     !field_id((struct field){column(l, r, C_CATEGORY_ID), l->at[C_CATEGORY_ID]}, false,
		       &row->category, why)) ||
	    !field_indexed(column(l, r, C_BRAND), l->at[C_BRAND], &row->brand, why) ||
	    !field_indexed(path_of(l, column(l, r, C_CATEGORY)), l->at[C_CATEGORY],
			   &row->category_path, why))
		return false;
	read_price(l, column(l, r, C_PRICE), line);
	if (!read_more(l, column(l, r, C_MORE), why))
		return false;
	row->name = column(l, r, C_NAME);
	row->group = column(l, r, C_CODE);
	row->description = column(l, r, C_DESCRIPTION);
	return true;
}

/* What is no column of the catalog is a named value. */
static bool take_values(struct listing *l, const struct csv_record *r)
{
	static const unsigned values[] = {C_IMAGE, C_STOCK};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct event_row fact = {.time = TIME_LISTED, .product = l->row.product};

		fact.property = str_from(names[values[i]]);
		fact.value = column(l, r, values[i]);
		if (fact.value.len && !batch_facts(l->to->heard.of, &l->batch, &fact))
			return false;
	}
	return true;
}

static bool take_record(void *ctx, const struct csv_record *r, uint64_t line, bool *more,
			struct err *err)
{
	struct listing *l = ctx;
	struct reject why;

	(void)more;
	if (!l->header)
		return read_header(l, r, line, err);
	if (!read_row(l, r, line, &why)) {
		if (l->rejected++ == 0)
			snprintf(l->first, sizeof l->first, "line %llu: %s",
				 (unsigned long long)line, reject_text(why.reason));
		return true;
	}
	if (batch_facts(l->to->heard.of, &l->batch, &l->row) && take_values(l, r))
		return true;
	if (err)
		*err = l->to->heard.of->err;
	return false;
}

bool import_products(const struct import *im, struct taken *t, struct err *err)
{
	struct listing l = {
		.im = im,
		.to = t,
		.path = im->o->products,
		.batch = {.number = t->pieces++, .events.scale = t->events.scale},
	};
	struct list_file f = {l.path, im->limits, im->job, take_record, &l};
	uint64_t records = 0;
	bool ok;

	if (!l.path)
		return true;
	l.arena = arena_create();
	ok = list_file_read(&f, &records, err);
	free(l.further);
	arena_destroy(l.arena);
	if (l.batch.events.scale > t->events.scale)
		t->events.scale = l.batch.events.scale;
	if (ok && !l.header)
		return err_fail(err, ERR_FORMAT, "%s: the file is empty", l.path);
	if (ok && l.rejected)
		job_notice(im->job, "%s: %llu of %llu records can't be used; the first: %s",
			   l.path, (unsigned long long)l.rejected,
			   (unsigned long long)records - 1, l.first);
	if (ok && l.unpriced)
		job_notice(im->job, "%s: %llu price%s can't be read and say%s nothing; the "
			   "first: line %llu: %s", l.path, (unsigned long long)l.unpriced,
			   l.unpriced == 1 ? "" : "s", l.unpriced == 1 ? "s" : "",
			   (unsigned long long)l.unpriced_line, reject_text(REJECT_PRICE));
	return ok;
}
