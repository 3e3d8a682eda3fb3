/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A name is a stem, which may be cut, and a tail, which may not. Rows whose names read alike
 * are found by sorting; their tails grow by an attribute, then by an id, and it is looked
 * again. Lists are as long as a screen or a panel: n log n comparisons of short texts.
 */
#include "config.h"

#include "view/names.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/scope.h"
#include "base/utf8.h"

#define ID_TAIL 6	/* bytes of an id that are shown first, as in labels that are made */
#define MARKED_LEAST 10	/* cells of which one may say that the beginning is missing */
#define STEM_LEAST 4	/* cells that a tail leaves to the stem */

struct named {
	struct str stem, tail, shown;
	uint32_t thing;
};

static bool ends_with(struct str s, struct str end)
{
	return s.len >= end.len && str_eq(str_span(s.ptr + s.len - end.len, end.len), end);
}

/* --- cutting */

void names_cut(struct strbuf *b, struct str s, int w, const char *ellipsis)
{
	size_t cells = utf8_cells(s), head, at, used, end;

	if (w <= 0)
		return;
	if (cells <= (size_t)w) {
		strbuf_add(b, s);
		return;
	}
	head = (size_t)(w < 8 ? w - 1 : (2 * w - 1) / 3);
	at = utf8_clip(s, head, &used);
	while (at && s.ptr[at - 1] == ' ' && w >= 8)
		at--;
	end = utf8_clip(s, cells - ((size_t)w - 1 - utf8_cells(str_span(s.ptr, at))), &used);
	strbuf_add(b, str_span(s.ptr, at));
	strbuf_adds(b, ellipsis);
	/* A wide character may have been in the way: never more than w. */
	while (end < s.len && utf8_cells(str_span(s.ptr + end, s.len - end)) +
			      utf8_cells(str_span(s.ptr, at)) + 1 > (size_t)w)
		utf8_next(s, &end);
	strbuf_add(b, str_span(s.ptr + end, s.len - end));
}

static void show(const struct names *l, struct named *x, struct arena *arena)
{
	int tail = (int)utf8_cells(x->tail), room = l->w - tail;
	STRBUF(b);

	if (l->w <= 0)
		strbuf_add(&b, x->stem);
	else if (tail && room < STEM_LEAST)
		room = 0;
	else
		names_cut(&b, x->stem, room, l->ellipsis ? l->ellipsis : "…");
	if (tail && l->w > 0 && room == 0) {
		struct str only = str_trim(x->tail);
		bool cut = (int)utf8_cells(only) > l->w, marked = cut && l->w >= MARKED_LEAST;

		/* No room for both: what tells it apart, its end first. */
		while (only.len && (int)utf8_cells(only) + marked > l->w) {
			size_t step = 0;

			utf8_next(only, &step);
			only = str_span(only.ptr + step, only.len - step);
		}
		if (marked)
			strbuf_adds(&b, l->ellipsis ? l->ellipsis : "…");
		strbuf_add(&b, only);
	} else {
		strbuf_add(&b, x->tail);
	}
	x->shown = arena_str(arena, strbuf_str(&b));
}

/* --- what reads alike */

static int by_text(const void *a, const void *b)
{
	const struct named *x = *(struct named *const *)a, *y = *(struct named *const *)b;
	size_t n = x->shown.len < y->shown.len ? x->shown.len : y->shown.len;
	int c = n ? memcmp(x->shown.ptr, y->shown.ptr, n) : 0;

	if (c)
		return c;
	if (x->shown.len != y->shown.len)
		return x->shown.len < y->shown.len ? -1 : 1;
	return x->thing != y->thing ? (x->thing < y->thing ? -1 : 1) : 0;
}

/* Other tails for a group that reads alike: n rows of two things or more. */
typedef void tell_apart(const struct names *l, struct named **x, unsigned n,
			struct arena *arena);

static void each_group(const struct names *l, struct named *all, tell_apart *change,
		       struct arena *arena)
{
	SCOPED_FREE struct named **x = mem_alloc((l->n + 1) * sizeof *x);
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++)
		if (all[i].thing != CATALOG_NONE)
			x[n++] = &all[i];
	qsort(x, n, sizeof *x, by_text);
	for (unsigned i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && str_eq(x[end]->shown, x[i]->shown); end++)
			;
		if (x[i]->thing == x[end - 1]->thing)
			continue;
		change(l, x + i, end - i, arena);
		for (unsigned k = i; k < end; k++)
			show(l, x[k], arena);
	}
}

/* --- products */

/* The end of p's id, at least so many bytes, not in the middle of a character. */
static struct str id_end(const struct catalog *cat, uint32_t p, size_t bytes)
{
	struct str id = text_at(&cat->product_id, p);
	size_t skip = id.len > bytes ? id.len - bytes : 0;

	while (skip && ((unsigned char)id.ptr[skip] & 0xc0) == 0x80)
		skip--;
	return str_span(id.ptr + skip, id.len - skip);
}

/* The stem of a label that aisle made of what it knew ends where " #" and the end of the id
 * begin; a name that a shop gave has no such tail. */
static void take_label(const struct names *l, struct named *x)
{
	struct str label = text_at(&l->cat->product_label, x->thing);
	size_t at = label.len;
	STRBUF(price);

	x->stem = label;
	while (at > 0 && label.ptr[at - 1] != '#' && label.len - at < 3 * ID_TAIL)
		at--;
	if (at < 2 || at == label.len || label.ptr[at - 1] != '#' || label.ptr[at - 2] != ' ' ||
	    !ends_with(text_at(&l->cat->product_id, x->thing),
		      str_span(label.ptr + at, label.len - at)))
		return;
	x->stem.len = at - 2;
	x->tail = str_span(label.ptr + at - 2, label.len - at + 2);
	/* Half a price is another price: where the label is cut it goes too. */
	if ((!l->priced && (l->w <= 0 || utf8_cells(label) <= (size_t)l->w)) ||
	    !l->cat->product_price || l->cat->product_price[x->thing] == PRICE_NONE)
		return;
	strbuf_addc(&price, ' ');
	num_add_decimal(&price, l->cat->product_price[x->thing], l->cat->price_scale, false);
	if (ends_with(x->stem, strbuf_str(&price)))
		x->stem.len -= price.len;
}

/* Value k of a product: its brand, then its attributes; STR("") where it has none. */
static struct str value_of(const struct catalog *cat, uint32_t p, uint32_t k)
{
	const struct text *names = k ? &cat->attribute_value : &cat->brand_name;
	uint32_t v = k ? cat->product_attribute[(size_t)p * cat->n_attributes + k - 1] :
		     cat->product_brand ? cat->product_brand[p] : CATALOG_NONE;

	return v < names->n ? text_at(names, v) : STR("");
}

/* How many different values the group has, of those up to a screen's rows. */
static unsigned different(const struct catalog *cat, struct named **x, unsigned n, uint32_t k)
{
	unsigned found = 0;

	for (unsigned i = 0; i < n; i++) {
		struct str v = value_of(cat, x[i]->thing, k);
		unsigned j = 0;

		while (j < i && !str_eq(value_of(cat, x[j]->thing, k), v))
			j++;
		found += j == i;
	}
	return found;
}

static void by_value(const struct names *l, struct named **x, unsigned n, struct arena *arena)
{
	uint32_t values = 1 + (l->cat->product_attribute ? l->cat->n_attributes : 0), best = 0;
	unsigned most = 1, things = 1;

	for (unsigned i = 1; i < n; i++)
		things += x[i]->thing != x[i - 1]->thing;
	for (uint32_t k = 0; k < values && most < things; k++) {
		unsigned d = different(l->cat, x, n, k);

		if (d > most) {
			most = d;
			best = k;
		}
	}
	for (unsigned i = 0; most > 1 && i < n; i++) {
		struct str v = value_of(l->cat, x[i]->thing, best);
		STRBUF(b);

		strbuf_adds(&b, " · ");
		names_cut(&b, v.len ? v : STR("-"), l->w > 0 ? l->w / 2 : 1000,
			  l->ellipsis ? l->ellipsis : "…");
		strbuf_add(&b, x[i]->tail);
		x[i]->tail = arena_str(arena, strbuf_str(&b));
	}
}

/* So much of the ends of ids that all differ. */
static size_t telling_bytes(const struct catalog *cat, struct named **x, unsigned n)
{
	size_t bytes = ID_TAIL;

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < i; j++)
			while (bytes < 200 && x[i]->thing != x[j]->thing &&
			       str_eq(id_end(cat, x[i]->thing, bytes),
				      id_end(cat, x[j]->thing, bytes)))
				bytes += 2;
	return bytes;
}

static void by_id(const struct names *l, struct named **x, unsigned n, struct arena *arena)
{
	size_t bytes = telling_bytes(l->cat, x, n);

	for (unsigned i = 0; i < n; i++) {
		struct str end = id_end(l->cat, x[i]->thing, bytes);
		STRBUF(b);

		/* An attribute stays where there is room for both. */
		if (!str_starts(x[i]->tail, STR(" #")) &&
		    (l->w <= 0 || utf8_cells(x[i]->tail) + end.len + 2 + STEM_LEAST <=
				  (size_t)l->w))
			strbuf_add(&b, x[i]->tail);
		strbuf_adds(&b, " #");
		strbuf_add(&b, end);
		x[i]->tail = arena_str(arena, strbuf_str(&b));
	}
}

static void make(const struct names *l, struct named *x, tell_apart *const *ways,
		 struct arena *arena, struct str *out)
{
	for (unsigned i = 0; i < l->n; i++)
		show(l, &x[i], arena);
	for (; *ways; ways++)
		each_group(l, x, *ways, arena);
	for (unsigned i = 0; i < l->n; i++)
		out[i] = x[i].shown;
}

void names_products(const struct names *l, struct arena *arena, struct str *out)
{
	static tell_apart *const ways[] = {by_value, by_id, by_id, NULL};
	SCOPED_FREE struct named *x = mem_zalloc((l->n + 1) * sizeof *x);

	for (unsigned i = 0; i < l->n; i++) {
		x[i] = (struct named){.stem = STR(""), .tail = STR(""), .thing = l->at[i]};
		if (l->at[i] < l->cat->n_products)
			take_label(l, &x[i]);
		else
			x[i].thing = CATALOG_NONE;
	}
	make(l, x, ways, arena, out);
}

struct str names_product(const struct catalog *cat, uint32_t product, int w,
			 struct arena *arena)
{
	struct names one = {.cat = cat, .at = &product, .n = 1, .w = w};
	struct str s;

	names_products(&one, arena, &s);
	return s;
}

/* --- categories */

static struct str above(const struct catalog *cat, uint32_t c, unsigned steps)
{
	while (steps-- && c != CATALOG_NONE)
		c = cat->category_parent[c];
	return c == CATALOG_NONE ? STR("") : text_at(&cat->category_name, c);
}

/* The nearest step up at which c's name is none of the others' of the group; 0: none. */
static unsigned telling_step(const struct catalog *cat, struct named **x, unsigned n, unsigned i)
{
	for (unsigned k = 1; k <= cat->category_depth[x[i]->thing]; k++) {
		unsigned j = 0;

		while (j < n && (x[j]->thing == x[i]->thing ||
				 !str_eq(above(cat, x[j]->thing, k), above(cat, x[i]->thing, k))))
			j++;
		if (j == n)
			return k;
	}
	return 0;
}

/* A name above, one of n, with as many cells as the category's own leaves to it: that stands
 * in full, and its beginning says enough of the other. */
static void add_above(const struct names *l, struct strbuf *b, struct str up, struct str name,
		      unsigned n)
{
	int room = l->w > 0 ? (l->w - (int)utf8_cells(name)) / (int)n - 3 : 1000;
	size_t cells = (size_t)(room < 3 ? 3 : room);

	strbuf_add(b, str_span(up.ptr, utf8_clip(up, cells, NULL)));
	strbuf_addf(b, " %s ", l->path ? l->path : "›");
}

static void by_above(const struct names *l, struct named **x, unsigned n, struct arena *arena)
{
	for (unsigned i = 0; i < n; i++) {
		uint32_t c = x[i]->thing;
		unsigned k = telling_step(l->cat, x, n, i), depth = l->cat->category_depth[c];
		struct str up = above(l->cat, c, k), name = text_at(&l->cat->category_name, c);
		STRBUF(b);

		if (k)
			add_above(l, &b, up, name, 1);
		for (unsigned d = k ? 0 : depth; d > 0; d--)
			add_above(l, &b, above(l->cat, c, d), name, depth);
		strbuf_add(&b, name);
		x[i]->stem = arena_str(arena, strbuf_str(&b));
	}
}

static void by_category_id(const struct names *l, struct named **x, unsigned n,
			   struct arena *arena)
{
	for (unsigned i = 0; i < n; i++) {
		struct str id = text_at(&l->cat->category_id, x[i]->thing);

		x[i]->tail = arena_printf(arena, " #%.*s", STR_ARG(id));
	}
}

void names_categories(const struct names *l, struct arena *arena, struct str *out)
{
	static tell_apart *const ways[] = {by_above, by_category_id, NULL};
	SCOPED_FREE struct named *x = mem_zalloc((l->n + 1) * sizeof *x);

	for (unsigned i = 0; i < l->n; i++) {
		bool known = l->at[i] < l->cat->n_categories;

		x[i] = (struct named){
			.stem = known ? text_at(&l->cat->category_name, l->at[i]) : STR(""),
			.tail = STR(""),
			.thing = known ? l->at[i] : CATALOG_NONE,
		};
	}
	make(l, x, ways, arena, out);
}
