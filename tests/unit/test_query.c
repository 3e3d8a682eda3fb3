/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "query/filter.h"

#include <math.h>

#include "base/num.h"
#include "base/pool.h"
#include "query/event_filter.h"
#include "query/filter_complete.h"
#include "query/select.h"
#include "store/store.h"

#include "fixture.h"
#include "unit.h"

static void canonical(void **state)
{
	static const char *const cases[][2] = {
		{"price<30", "price < 30"},
		{"  PRICE  <=  30.50 ", "price <= 30.5"},
		{"price<30 AND brand='aqua' and date>=2019-10-01",
		 "price < 30 and brand = 'aqua' and date >= 2019-10-01"},
		{"brand=aqua", "brand = 'aqua'"},
		{"brand <> \"it's\"", "brand != 'it''s'"},
		{"brand in (a, 'b')", "brand in ('a', 'b')"},
		{"brand not in (a,b)", "brand not in ('a', 'b')"},
		{"brand in (a)", "brand = 'a'"},
		{"not brand = a", "brand != 'a'"},
		{"not not brand = a", "brand = 'a'"},
		{"not price<30", "not price < 30"},
		{"label contains gold", "label like 'gold'"},
		{"not name like gold", "label not like 'gold'"},
		{"category in 'electronics.audio'", "category = 'electronics.audio'"},
		{"category=electronics.audio", "category = 'electronics.audio'"},
		{"event=purchase", "event = purchase"},
		{"event in (view,cart) and date=2019-10",
		 "event in (view, cart) and date = 2019-10"},
		{"date<2019-10-01T12:00:00+02:00", "date < 2019-10-01T10:00:00Z"},
		{"time='2019-10-01 12:00:00 UTC'", "date = 2019-10-01T12:00:00Z"},
		{"date in (2019, 2021-02)", "date in (2019, 2021-02)"},
		{"conversion>=5%", "conversion >= 0.05"},
		{"purchases>1 and id=0108775015", "sold > 1 and product = '0108775015'"},
		{"metal=gold", "metal = 'gold'"},
		{"'stone size'='2 mm'", "'stone size' = '2 mm'"},
		{"'brand'=x", "'brand' = 'x'"},
		{"brand=none or price!=none", "brand = none or price != none"},
		{"a=1 or b=2 and c=3", "a = '1' or b = '2' and c = '3'"},
		{"(a=1 or b=2) and c=3", "(a = '1' or b = '2') and c = '3'"},
		{"((a=1) and (b=2 and (c=3)))", "a = '1' and b = '2' and c = '3'"},
		{"not (a=1 or b=2)", "a != '1' and b != '2'"},
		{"not (a=1 and not b=2)", "a != '1' or b = '2'"},
		{"n>=3 and lift>1.5", "n >= 3 and lift > 1.5"},
		{"farbe='grün'", "farbe = 'grün'"},
		{"größe=9", "'größe' = '9'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED(filter) f = NULL;
		SCOPED(filter) again = NULL;
		struct err err = {0};

		if (!filter_parse(&f, str_from(cases[i][0]), &err))
			fail_msg("%s: %s", cases[i][0], err.text);
		assert_string_equal(filter_text(f), cases[i][1]);
		assert_true(filter_parse(&again, str_from(filter_text(f)), &err));
		assert_string_equal(filter_text(again), cases[i][1]);
	}
}

static void columns_of_errors(void **state)
{
	static const char *const cases[][2] = {
		{"", "column 1: found the end of the filter, expected a field like price, "
		 "brand or date"},
		{"price", "column 6: found the end of the filter, expected =, !=, <, <=, >, >=, "
		 "in or like"},
		{"price<", "column 7: found the end of the filter, expected a value"},
		{"price<cheap", "column 7: found 'cheap', expected a number like 30, 4.99 or 5%"},
		{"price<'30'", "column 7: found '30', expected a number like 30, 4.99 or 5%"},
		{"price<30 brand=x", "column 10: found 'brand', expected and, or or the end"},
		{"brand<'x'", "column 6: brand can't be compared like that, expected =, !=, in or "
		 "like"},
		{"price like 3", "column 7: price can't be compared like that, expected =, !=, <, "
		 "<=, >, >= or in"},
		{"event>view",
		 "column 6: event can't be compared like that, expected =, != or in"},
		{"event=sale", "column 7: found 'sale', expected view, cart, remove, purchase or "
		 "rating"},
		{"date>2019-13-01",
		 "column 6: found '2019-13-01', expected a date like 2019-10-01, "
		 "2019-10 or 2019, or a time like 2019-10-01T12:00:00Z"},
		{"brand='x", "column 7: the text that starts here has no end, expected '"},
		{"(price<30", "column 10: found the end of the filter, expected and, or or )"},
		{"price<30)", "column 9: found ')', expected and, or or the end"},
		{"brand in (a b)", "column 13: found 'b', expected a comma or )"},
		{"brand in ()", "column 11: found ')', expected a value"},
		{"brand=and", "column 7: found 'and', expected a value"},
		{"price<none", "column 7: found 'none', expected a value: none goes with = and != "
		 "and with what a product or session has"},
		{"grün=x or größe='y", "column 17: the text that starts here has no end, "
		 "expected '"},
		{"price ? 3", "column 7: '?' has no meaning here, expected a field, a value, and, "
		 "or, not or a parenthesis"},
		{"price<3 and (brand=x or date>2019-10-01)", "column 22: tests of products, of "
		 "events (date, event), of sessions (country, channel) and of rows (n, lift, "
		 "confidence) can't be alternatives, "
		 "expected and between them"},
		{"watt<big", "column 6: found 'big', expected a number like 30, 4.99 or 5%"},
		{"brand not 3", "column 11: found '3', expected in or like"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED(filter) f = NULL;
		struct err err = {0};

		if (filter_parse(&f, str_from(cases[i][0]), &err))
			fail_msg("%s was taken", cases[i][0]);
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.text, cases[i][1]);
	}
}

static void too_much(void **state)
{
	SCOPED(filter) f = NULL;
	struct err err = {0};
	STRBUF(b);

	(void)state;
	strbuf_fill(&b, '(', 100);
	assert_false(filter_parse(&f, strbuf_str(&b), &err));
	assert_string_equal(err.text, "column 65: parentheses and nots are nested more than 64 "
			    "deep");
	strbuf_fill(&b, ' ', FILTER_MAX);
	assert_false(filter_parse(&f, strbuf_str(&b), &err));
	assert_string_equal(err.text, "column 32769: the filter is longer than 32768 bytes");
}

static void chips(void **state)
{
	SCOPED(filter) f = NULL;
	struct err err = {0};
	STRBUF(b);

	(void)state;
	assert_true(filter_parse(&f, STR("price<30 and (brand=a or brand=b) and n>=3 and "
					 "date>=2019-10-01"), &err));
	assert_int_equal(filter_terms(f), 4);
	filter_add_term(f, 1, &b);
	assert_string_equal(strbuf_c(&b), "brand = 'a' or brand = 'b'");
	strbuf_reset(&b);
	filter_add_terms(f, FILTER_PRODUCT, &b);
	assert_string_equal(strbuf_c(&b), "price < 30 and (brand = 'a' or brand = 'b')");
	assert_int_equal(filter_term_class(f, 2), FILTER_ROW);
	assert_int_equal(filter_classes(f), FILTER_PRODUCT | FILTER_EVENT | FILTER_ROW);
	assert_true(filter_names(f, "price"));
	assert_false(filter_names(f, "views"));
}

static bool row(const char *text, double n, double lift, double confidence)
{
	SCOPED(filter) f = NULL;
	struct filter_row r = {n, lift, confidence};
	struct err err = {0};

	if (!filter_parse(&f, str_from(text), &err))
		fail_msg("%s", err.text);
	return filter_row(f, &r);
}

static void rows(void **state)
{
	(void)state;
	assert_true(row("n>=3", 3, 1, 1));
	assert_false(row("n>=3", 2, 1, 1));
	assert_true(row("n>=3 or lift>2", 1, 2.5, 0));
	assert_true(row("confidence>=10% and price<3", 1, 1, 0.1));
	assert_false(row("n>=3", NAN, NAN, NAN));
	assert_false(row("n<3", NAN, NAN, NAN));
	assert_true(row("not n<3", NAN, NAN, NAN));
}

static void pieces(const char *text, size_t n, const int64_t *from, const unsigned *kinds)
{
	SCOPED(filter) f = NULL;
	struct event_filter e;
	struct err err = {0};

	if (!filter_parse(&f, str_from(text), &err))
		fail_msg("%s", err.text);
	event_filter_make(&e, f, NULL);
	assert_int_equal(e.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(e.from[i] == from[i]);
		assert_int_equal(e.kinds[i], kinds[i]);
		assert_int_equal(event_filter_piece(&e, from[i]), i);
	}
	event_filter_finish(&e);
}

#define DAY INT64_C(86400000)

static void events(void **state)
{
	(void)state;
	pieces("price<3", 1, (int64_t[]){INT64_MIN}, (unsigned[]){31});
	pieces("event=purchase", 1, (int64_t[]){INT64_MIN}, (unsigned[]){8});
	pieces("event!=purchase", 1, (int64_t[]){INT64_MIN}, (unsigned[]){23});
	pieces("date>=1970-01-02", 2, (int64_t[]){INT64_MIN, DAY}, (unsigned[]){0, 31});
	pieces("date>1970-01-02", 2, (int64_t[]){INT64_MIN, 2 * DAY}, (unsigned[]){0, 31});
	pieces("date<=1970-01-02", 2, (int64_t[]){INT64_MIN, 2 * DAY}, (unsigned[]){31, 0});
	pieces("date=1970-01", 3, (int64_t[]){INT64_MIN, 0, 31 * DAY},
	       (unsigned[]){0, 31, 0});
	pieces("date=1970", 3, (int64_t[]){INT64_MIN, 0, 365 * DAY}, (unsigned[]){0, 31, 0});
	pieces("date=1970-12", 3, (int64_t[]){INT64_MIN, 334 * DAY, 365 * DAY},
	       (unsigned[]){0, 31, 0});
	pieces("date!=1970-01-01", 3, (int64_t[]){INT64_MIN, 0, DAY}, (unsigned[]){31, 0, 31});
	pieces("date<1970-01-01 or event=view and date<1970-01-03", 3,
	       (int64_t[]){INT64_MIN, 0, 2 * DAY}, (unsigned[]){31, 1, 0});
	pieces("date<1970-01-01 and event=view and date>1970-01-05", 1,
	       (int64_t[]){INT64_MIN}, (unsigned[]){0});
}

static struct store *shop(char **folder)
{
	struct store *s = NULL;
	struct err err = {0};
	char *path;

	*folder = fixture_folder();
	path = fixture_path(*folder, "shop.aisle");
	fixture_publish(path, 1);
	if (!store_open(&s, path, &err))
		fail_msg("%s", err.text);
	free(path);
	return s;
}

/* Which of the six products: "100 101 102 200 201 900". */
static void products(void **state)
{
	static const struct {
		const char *text;
		unsigned bits;
	} cases[] = {
		{"category=home", 0x07}, {"category='home.tea'", 0x06},
		{"category in (home.tea, toys)", 0x1e}, {"category!=home", 0x38},
		{"category=none", 0x20}, {"category=HOME", 0x07},
		{"category like 'EA'", 0x06}, {"category not like tea", 0x39},
		{"product=100", 0x01}, {"product in (100, 900)", 0x21},
		{"product like 0", 0x3f}, {"product like 20", 0x18},
		{"product=100 or category=toys", 0x19},
		{"category=home and not product=100", 0x06},
		{"views>=1 or views<1", 0x3f}, {"n>=3", 0x3f},
	};
	char *folder;
	struct store *s = shop(&folder);
	SCOPED(pool) pool = pool_create(2);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED(filter) f = NULL;
		struct selection sel;
		struct err err = {0};

		if (!filter_parse(&f, str_from(cases[i].text), &err) ||
		    !selection_make(&sel, f, store_catalog(s), pool, &err))
			fail_msg("%s: %s", cases[i].text, err.text);
		if (sel.bits[0] != cases[i].bits)
			fail_msg("%s: %jx", cases[i].text, (uintmax_t)sel.bits[0]);
		assert_int_equal(sel.count, __builtin_popcount(cases[i].bits));
		assert_int_equal(selection_count(&sel, 1, 4),
				 __builtin_popcount(cases[i].bits >> 1 & 7));
		selection_finish(&sel);
	}
	store_destroy(s);
	fixture_remove(folder);
}

/* Numbers and dates against the plain arrays, negated and not. */
static void numbers(void **state)
{
	char *folder;
	struct store *s = shop(&folder);
	const struct catalog *c = store_catalog(s);

	(void)state;
	for (int64_t cents = -1; cents < 4000; cents += 7)
		for (unsigned negated = 0; negated < 2; negated++) {
			SCOPED(filter) f = NULL;
			struct selection sel;
			struct err err = {0};
			STRBUF(text);

			strbuf_addf(&text, "%sprice < ", negated ? "not " : "");
			num_add_decimal(&text, cents * 10 + 5, c->price_scale + 1, false);
			assert_true(filter_parse(&f, strbuf_str(&text), &err));
			assert_true(selection_make(&sel, f, c, NULL, &err));
			for (uint32_t p = 0; p < c->n_products; p++) {
				bool in = c->product_price[p] != PRICE_NONE &&
					  c->product_price[p] * 10 < cents * 10 + 5;

				assert_true(selection_has(&sel, p) == (in != negated));
			}
			selection_finish(&sel);
		}
	store_destroy(s);
	fixture_remove(folder);
}

static void not_there(void **state)
{
	static const char *const cases[][2] = {
		{"price<3 and category=cellar",
		 "column 22: the store has no category 'cellar'"},
		{"brand in (Acme, Nobody)", "column 17: the store has no brand 'Nobody'"},
		{"colour=red", "column 1: the store's products have no attribute 'colour': "
		 "aisle help where lists the fields"},
	};
	char *folder;
	struct store *s = shop(&folder);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED(filter) f = NULL;
		struct selection sel;
		struct err err = {0};

		assert_true(filter_parse(&f, str_from(cases[i][0]), &err));
		assert_false(selection_make(&sel, f, store_catalog(s), NULL, &err));
		assert_int_equal(err.code, ERR_NO);
		assert_string_equal(err.text, cases[i][1]);
	}
	store_destroy(s);
	fixture_remove(folder);
}

static void add_offer(void *ctx, struct str word)
{
	strbuf_addf(ctx, "%s%.*s", ((struct strbuf *)ctx)->len ? " | " : "", STR_ARG(word));
}

/* What may stand next, at the end of what is typed. */
static void offers(void **state)
{
	static const struct {
		const char *text, *offers;
		size_t start;
	} cases[] = {
		{"pr", "product | price", 0},
		{"not b", "brand", 4},
		{"price ", "= | != | < | <= | > | >= | in | not", 6},
		{"brand ", "= | != | like | in | not", 6},
		{"brand not ", "in | like", 10},
		{"brand in ", "(", 9},
		{"brand in (", "Acme | 'Tea Co'", 10},
		{"brand in (Acme", "Acme", 10},
		{"brand in (Acme ", ", | )", 15},
		{"brand in (Acme, ", "Acme | 'Tea Co'", 16},
		{"brand in (Acme) ", "and | or", 16},
		{"brand='", "'Acme' | 'Tea Co'", 6},
		{"brand=Acme ", "and | or", 11},
		{"brand=Acme and cat", "category", 15},
		{"category=h", "home | home.tea", 9},
		{"category=\"home.t", "\"home.tea\"", 9},
		{"product=1", "100 | 101 | 102", 8},
		{"event=", "view | cart | remove | purchase | rating", 6},
		{"date>", "2019-10-01", 5},
		{"first<2", "2019-10-01", 6},
		{"user=", "", 5},
		{"country=", "", 8},
		{"channel=", "", 8},
		{"colour=", "", 7},
		{"(price<3) ", "and | or", 10},
		{"price<3 or (c",
		 "category | carts | conversion | country | channel | confidence", 12},
	};
	char *folder;
	struct store *s = shop(&folder);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str text = str_from(cases[i].text);
		STRBUF(got);
		size_t start;

		filter_complete(store_catalog(s), CATALOG_NONE, text, text.len, &start, add_offer,
				&got);
		if (start != cases[i].start || strcmp(strbuf_c(&got), cases[i].offers) != 0)
			fail_msg("%s: from %zu on %s", cases[i].text, start, strbuf_c(&got));
	}
	store_destroy(s);
	fixture_remove(folder);
}

UNIT_TESTS(query, UNIT(canonical), UNIT(columns_of_errors), UNIT(too_much), UNIT(chips),
	   UNIT(rows), UNIT(events), UNIT(products), UNIT(numbers), UNIT(not_there),
	   UNIT(offers))
