/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "view/names.h"

#include <string.h>

#include "base/arena.h"
#include "base/rng.h"
#include "base/utf8.h"

#include "unit.h"

#define MOST 64

/* Texts one behind the other, as a catalog has them. */
struct texts {
	char bytes[4096];
	uint64_t offsets[MOST + 1];
	struct text text;
};

static struct text *texts(struct texts *t, const char *const *words, uint32_t n)
{
	size_t at = 0;

	for (uint32_t i = 0; i < n; i++) {
		memcpy(t->bytes + at, words[i], strlen(words[i]));
		at += strlen(words[i]);
		t->offsets[i + 1] = at;
	}
	t->text = (struct text){t->offsets, t->bytes, n};
	return &t->text;
}

static const char *const ids[] = {"0924243001", "0924243002", "0924243003", "1004856", "1004870",
				  "5500004870", "900"};
static const char *const labels[] = {
	"Ohlsson", "Ohlsson", "Ohlsson", "samsung smartphone 130.76 #004856",
	"samsung smartphone 286.86 #004870", "samsung smartphone 286.86 #004870", "Grüße Ärmel"};
static const char *const values[] = {"Sweater", "beige", "black", "Dark Blue"};
/* type and colour; the last three have none */
static const uint32_t attributes[] = {0, 1, 0, 2, 0, 1, 3, 3, 3, 3, 3, 3, UINT32_MAX, UINT32_MAX};
static const int64_t prices[] = {100, 100, 100, 13076, 28686, 28686, PRICE_NONE};

static const char *const categories[] = {"Divided", "Trousers", "Men", "Trousers", "Sport",
					 "Trousers", "Men", "Bags"};
static const char *const category_ids[] = {"d", "dt", "m", "mt", "s", "st", "sm", "b"};
static const uint32_t parent[] = {UINT32_MAX, 0, UINT32_MAX, 2, UINT32_MAX, 4, 4, UINT32_MAX};
static const uint8_t depth[] = {0, 1, 0, 1, 0, 1, 1, 0};

static struct texts text_of[6];

static struct catalog catalog(void)
{
	return (struct catalog){
		.n_products = 7, .n_categories = 8, .n_attributes = 2, .price_scale = 2,
		.product_id = *texts(&text_of[0], ids, 7),
		.product_label = *texts(&text_of[1], labels, 7),
		.attribute_value = *texts(&text_of[2], values, 4),
		.product_attribute = attributes, .product_price = prices,
		.category_name = *texts(&text_of[3], categories, 8),
		.category_id = *texts(&text_of[4], category_ids, 8),
		.category_parent = parent, .category_depth = depth,
	};
}

/* The names of those, parted by "|". */
static void names_are(const struct names *l, bool category, const char *expected)
{
	struct arena *a = arena_create();
	struct str out[MOST];
	STRBUF(b);

	(category ? names_categories : names_products)(l, a, out);
	for (unsigned i = 0; i < l->n; i++) {
		strbuf_adds(&b, i ? "|" : "");
		strbuf_add(&b, out[i]);
		if (l->w > 0)
			assert_true(utf8_cells(out[i]) <= (size_t)l->w);
	}
	assert_string_equal(strbuf_c(&b), expected);
	arena_destroy(a);
}

static void test_products(void **state)
{
	static const uint32_t two[] = {0, 1}, three[] = {0, 1, 2}, alone[] = {6, 0, UINT32_MAX};
	static const uint32_t made[] = {3, 4}, end[] = {4, 5};
	const struct catalog c = catalog();

	(void)state;
	names_are(&(struct names){&c, alone, 3, 0, 0, 0, 0}, false, "Grüße Ärmel|Ohlsson|");
	names_are(&(struct names){&c, two, 2, 0, 0, 0, 0}, false,
		  "Ohlsson · beige|Ohlsson · black");
	names_are(&(struct names){&c, two, 2, 12, 0, 0, 0}, false,
		  "Ohl… · beige|Ohl… · black");
	/* The colour doesn't tell two of the three apart. */
	names_are(&(struct names){&c, three, 3, 0, 0, 0, 0}, false,
		  "Ohlsson · beige #243001|Ohlsson · black|Ohlsson · beige #243003");
	names_are(&(struct names){&c, three, 3, 16, 0, 0, 0}, false,
		  "Ohlsson #243001|Ohlsson · black|Ohlsson #243003");
	names_are(&(struct names){&c, made, 2, 0, 0, 0, 0}, false,
		  "samsung smartphone 130.76 #004856|samsung smartphone 286.86 #004870");
	names_are(&(struct names){&c, made, 2, 22, true, 0, 0}, false,
		  "samsung s…hone #004856|samsung s…hone #004870");
	names_are(&(struct names){&c, made, 2, 0, true, 0, 0}, false,
		  "samsung smartphone #004856|samsung smartphone #004870");
	/* The same short id: as much more of it as tells them apart. */
	names_are(&(struct names){&c, end, 2, 0, true, 0, 0}, false,
		  "samsung smartphone #1004870|samsung smartphone #00004870");
	names_are(&(struct names){&c, made, 2, 5, true, 0, 0}, false, "04856|04870");
}

static void test_categories(void **state)
{
	static const uint32_t some[] = {1, 3, 7}, all[] = {1, 3, 5, 2, 6};
	const struct catalog c = catalog();

	(void)state;
	names_are(&(struct names){&c, some, 3, 0, 0, 0, 0}, true,
		  "Divided › Trousers|Men › Trousers|Bags");
	names_are(&(struct names){&c, all, 5, 0, 0, 0, 0}, true,
		  "Divided › Trousers|Men › Trousers|Sport › Trousers|Men|Sport › Men");
	names_are(&(struct names){&c, some, 2, 14, 0, ">", "~"}, true,
		  "Div > Trousers|Men > Trousers");
}

static void test_cut(void **state)
{
	static const char *const parts[] = {"a", " ", "é", "日", "x", "#", "ß"};
	struct rng r;

	(void)state;
	rng_init(&r, 1, 0);
	for (int i = 0; i < 20000; i++) {
		STRBUF(s);
		STRBUF(b);
		int w = 1 + (int)rng_below(&r, 20);

		for (unsigned n = rng_below(&r, 30); n > 0; n--)
			strbuf_adds(&s, parts[rng_below(&r, 7)]);
		names_cut(&b, strbuf_str(&s), w, "…");
		assert_true(utf8_valid(strbuf_str(&b)));
		assert_true(utf8_cells(strbuf_str(&b)) <= (size_t)w);
		if (utf8_cells(strbuf_str(&s)) <= (size_t)w)
			assert_true(str_eq(strbuf_str(&s), strbuf_str(&b)));
	}
}

UNIT_TESTS(names, UNIT(test_products), UNIT(test_categories), UNIT(test_cut))
