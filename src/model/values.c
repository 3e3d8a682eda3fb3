/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an array holds is told by its name, whoever's part of a blend it is: names of the table
 * below are looked for at the end. Offsets (u64) need no row, nor do numbers of products. What
 * a class checks itself when it opens (trees, graphs) is let be.
 */
#include "config.h"

#include "model/values.h"

#include <math.h>
#include <string.h>

#include "near/coarse.h"
#include "store/catalog.h"
#include "store/trained.h"

#define LARGEST 1e15f	/* sums of squares of such floats still are floats */

enum holds {
	ANYTHING,
	PRODUCTS,	/* numbers of products */
	ROWS,		/* of the array `of`, less `less` */
	MISSING,	/* floats, NAN: none */
};

struct rule {
	const char *name;
	enum holds holds;
	bool none;		/* CATALOG_NONE too */
	unsigned less;
	const char *of;
};

/* A longer name stands before one that it ends with. */
static const struct rule rules[] = {
	{"facts/category", ROWS, true, 1, "learnt/category"},
	{"facts/group", ROWS, true, 1, "facts/group-of"},
	{"facts/group-of", ROWS, false, 0, "facts/group-at"},
	{"facts/attribute", ANYTHING, false, 0, NULL},
	{"facts/near", PRODUCTS, true, 0, NULL},
	{"facts/price", MISSING, false, 0, NULL},
	{"learnt/buyer", ROWS, false, 1, "learnt/user-offsets"},
	{"forest/root", ANYTHING, false, 0, NULL},
	{"forest/left", ANYTHING, false, 0, NULL},
	{"forest/right", ANYTHING, false, 0, NULL},
	{"forest/feature", ANYTHING, false, 0, NULL},
	{"page/root", ANYTHING, false, 0, NULL},
	{"page/left", ANYTHING, false, 0, NULL},
	{"page/right", ANYTHING, false, 0, NULL},
	{"page/feature", ANYTHING, false, 0, NULL},
	{"net/width", ANYTHING, false, 0, NULL},
	{"near/links", PRODUCTS, true, 0, NULL},
	{"near/upper", PRODUCTS, true, 0, NULL},
	{"near/upper_at", ANYTHING, false, 0, NULL},
	{"near/entry", PRODUCTS, true, 0, NULL},
	{"place/sequence", ROWS, false, 1, "sequence/offsets"},
	{"transition/column", ROWS, false, 0, "popular"},
	{"type/of", ROWS, true, 0, "type/gamma"},
	{"text/hash", ANYTHING, false, 0, NULL},
	{"category", ROWS, true, 0, "popular"},
	{"cluster", ROWS, true, 0, "centre"},
	{"count", ANYTHING, false, 0, NULL},
	{"distance", MISSING, false, 0, NULL},
	{"place", MISSING, false, 0, NULL},
};

struct check {
	const struct trained *t;
	struct err *err;
	bool ok;
};

static bool damaged(struct check *k, const char *name, uint64_t row, const char *what)
{
	k->ok = false;
	return err_fail(k->err, ERR_STORE, "the model is damaged: array %s: row %ju %s; train it "
			"again", name, (uintmax_t)row, what);
}

/* Where the name ends with `end`, whole or behind a part's name: the length before it. */
static bool ends(struct str name, struct str end, size_t *before)
{
	if (name.len < end.len)
		return false;
	*before = name.len - end.len;
	return str_eq(str_span(name.ptr + *before, end.len), end) &&
	       (*before == 0 || name.ptr[*before - 1] == '/');
}

static const struct rule *rule_of(struct str name, size_t *before)
{
	static const struct rule products = {"", PRODUCTS, false, 0, NULL};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (ends(name, str_from(rules[i].name), before))
			return &rules[i];
	*before = 0;
	return &products;
}

/* Another array of the same part. */
static bool find(const struct check *k, const char *name, size_t before, const char *other,
		 struct array *a)
{
	STRBUF(b);

	strbuf_add(&b, str_span(name, before));
	strbuf_adds(&b, other);
	return trained_find((void *)(uintptr_t)k->t, strbuf_c(&b), a);
}

static bool check_numbers(struct check *k, const char *name, const struct array *a)
{
	const uint32_t *x = a->data;
	size_t before;
	const struct rule *r = rule_of(str_from(name), &before);
	uint64_t n = a->rows * a->columns, bound = trained_products(k->t);
	struct array of;

	if (r->holds == ANYTHING)
		return true;
	if (r->holds == ROWS) {
		if (!find(k, name, before, r->of, &of) || of.rows < r->less)
			return damaged(k, name, 0, "points into an array that isn't there");
		bound = of.rows - r->less;
	}
	for (uint64_t i = 0; i < n; i++)
		if (x[i] >= bound && !(r->none && x[i] == CATALOG_NONE))
			return damaged(k, name, i / a->columns, "is out of bounds");
	return true;
}

/* a/offsets are of a/column, a-offsets of a or a-product ... */
static bool check_offsets(struct check *k, const char *name, const struct array *a)
{
	static const char *const ends_in[] = {"column", "product", "sequence", "bytes", ""};
	const uint64_t *x = a->data;
	size_t stem = strlen(name) - strlen("offsets");
	struct array of;
	bool found = false;

	for (size_t i = 0; !found && i < sizeof ends_in / sizeof *ends_in; i++)
		found = find(k, name, ends_in[i][0] || !stem ? stem : stem - 1, ends_in[i], &of);
	if (!found)
		return damaged(k, name, 0, "points into an array that isn't there");
	for (uint64_t i = 0; i < a->rows; i++)
		if (x[i] > of.rows || (i && x[i] < x[i - 1]))
			return damaged(k, name, i, "does not ascend to where it may");
	return true;
}

static bool check_floats(struct check *k, const char *name, const struct array *a)
{
	const float *x = a->data;
	uint64_t n = a->rows * a->columns;
	size_t before;
	bool missing = rule_of(str_from(name), &before)->holds == MISSING;

	for (uint64_t i = 0; i < n; i++)
		if (!(fabsf(x[i]) <= LARGEST) && !(missing && isnan(x[i])))
			return damaged(k, name, i / a->columns, "is no number that it could be");
	for (uint64_t i = 1; i < n; i++)	/* a point has all its places or none */
		if (i % a->columns && isnan(x[i]) != isnan(x[i - 1]))
			return damaged(k, name, i / a->columns, "is missing in part");
	return true;
}

static bool check_doubles(struct check *k, const char *name, const struct array *a)
{
	const double *x = a->data;

	for (uint64_t i = 0; i < a->rows * a->columns; i++)
		if (!isfinite(x[i]))
			return damaged(k, name, i / a->columns, "is no number");
	return true;
}

/* Copies in 8 bits are as near to the vectors as they say: else answers would be missed. */
static bool check_codes(struct check *k, const char *name, const struct array *a)
{
	size_t before = strlen(name) - strlen("near/codes"), row;
	struct array of, weight, spread;
	struct vectors v;
	struct coarse c;

	if (!find(k, name, before, "vectors", &of) || of.type != ARRAY_F32 ||
	    !find(k, name, before, "near/weights", &weight) || weight.type != ARRAY_F32 ||
	    !find(k, name, before, "near/spread", &spread) || spread.type != ARRAY_F32 ||
	    a->rows != of.rows || a->columns != coarse_width(of.columns) ||
	    weight.rows != of.rows || spread.rows != coarse_blocks(of.rows))
		return damaged(k, name, 0, "is of vectors that aren't there");
	v = (struct vectors){of.data, of.rows, of.columns, of.columns};
	c = (struct coarse){a->data, weight.data, spread.data};
	row = coarse_check(&v, METRIC_COSINE, &c);
	return row == v.n || damaged(k, name, row, "is no copy of its vector");
}

static bool visit(void *ctx, const char *name, const struct array *a)
{
	struct check *k = ctx;
	struct str s = str_from(name);
	size_t before;

	if (a->type == ARRAY_U32)
		return check_numbers(k, name, a);
	if (a->type == ARRAY_F32)
		return check_floats(k, name, a);
	if (a->type == ARRAY_F64)
		return check_doubles(k, name, a);
	if (a->type == ARRAY_U8)
		return !ends(s, STR("near/codes"), &before) || check_codes(k, name, a);
	return a->type != ARRAY_U64 || s.len < 7 ||
	       !str_is(str_span(s.ptr + s.len - 7, 7), "offsets") || check_offsets(k, name, a);
}

bool values_check(const struct trained *t, struct err *err)
{
	struct check k = {.t = t, .err = err, .ok = true};

	trained_arrays(t, visit, &k);
	return k.ok;
}
