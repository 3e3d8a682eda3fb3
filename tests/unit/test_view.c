/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views over the shop of fixture.h. */
#include "config.h"

#include "view/view.h"

#include "base/out.h"
#include "store/store.h"
#include "ask/pseudonym.h"

#include "fixture.h"
#include "unit.h"

struct shop {
	char *folder, *path;
	struct store *store;
	struct outlook asked;
};

static int shop_open(void **state)
{
	struct shop *s = calloc(1, sizeof *s);
	struct err err = {0};
	s->folder = fixture_folder();
	s->path = fixture_path(s->folder, "shop.aisle");
	fixture_publish(s->path, 1);
	*state = s;
	return store_open(&s->store, s->path, &err) ? 0 : -1;
}

static int shop_close(void **state)
{
	struct shop *s = *state;
	store_destroy(s->store);
	outlook_finish(&s->asked);
	fixture_remove(s->folder);
	free(s->path);
	free(s);
	return 0;
}

static struct view_request request(const struct shop *s)
{
	return (struct view_request){.about = question_of(s->store, &s->asked)};
}

static void ask(void **state, enum ask_id id, struct str value)
{
	struct shop *s = *state;

	outlook_set(&s->asked, id, value);
}

/* The first column of all rows, parted by spaces. */
static void column_is(const char *view, const struct view_request *r, unsigned column,
		      const char *expected)
{
	SCOPED(view) v = NULL;
	struct err err = {0};
	STRBUF(b);
	struct cell cells[64];
	assert_true(view_open(&v, view_find(str_from(view)), r, NULL, &err));
	for (uint64_t i = 0; i < view_count(v); i++) {
		view_row(v, i, cells);
		strbuf_addf(&b, "%s%.*s", i ? " " : "", STR_ARG(cells[column].text));
	}
	assert_string_equal(strbuf_c(&b), expected);
}

static void products_by_category(void **state)
{
	struct view_request r = request(*state);
	column_is("products", &r, 0, "100 101 102 200 201 900");
	r.about.category = 0;
	column_is("products", &r, 0, "100 101 102");
	r.about.category = 1;
	column_is("products", &r, 0, "101 102");
}

static void sorted_subtree_is_filtered(void **state)
{
	struct view_request r = request(*state);
	if (!r.about.catalog->order_label)
		skip();
	SCOPED(view) all = NULL;
	SCOPED(view) part = NULL;
	struct err err = {0};
	ask(state, ASK_SORT, STR("label"));
	assert_true(view_open(&all, view_find(STR("products")), &r, NULL, &err));
	r.about.category = 0;
	assert_true(view_open(&part, view_find(STR("products")), &r, NULL, &err));
	assert_int_equal(view_count(all), FIXTURE_PRODUCTS);
	assert_int_equal(view_count(part), 3);
	uint64_t k = 0;
	for (uint64_t i = 0; i < view_count(all); i++)
		if (view_product(all, i) < 3)
			assert_int_equal(view_product(all, i), view_product(part, k++));
}

/* Whichever way it is sorted: those without a price come last. */
static void unknown_values_come_last(void **state)
{
	static const int64_t price[] = {5, PRICE_NONE, 7, 1, PRICE_NONE, 3};
	static const uint32_t order[] = {2, 0, 5, 3, 1, 4};
	struct view_request r = request(*state);
	struct catalog cat = *r.about.catalog;
	cat.product_price = price;
	cat.order_price = order;
	r.about.catalog = &cat;
	ask(state, ASK_SORT, STR("price"));
	column_is("products", &r, 0, "102 100 900 200 101 201");
	ask(state, ASK_SORT, STR("price:asc"));
	column_is("products", &r, 0, "200 900 100 102 101 201");
	r.about.category = 0;
	column_is("products", &r, 0, "100 102 101");
}

static void category_tree(void **state)
{
	struct view_request r = request(*state);
	column_is("categories", &r, 4, "home home.tea toys");
	r.about.category = 0;
	column_is("categories", &r, 4, "home home.tea");
	r.about.category = CATALOG_NONE;
	ask(state, ASK_SORT, STR("products"));
	column_is("categories", &r, 4, "home home.tea toys");
	ask(state, ASK_SORT, STR("products:asc"));
	column_is("categories", &r, 4, "home.tea toys home");
}

static void needs_a_product(void **state)
{
	struct view_request r = request(*state);
	struct view *v;
	struct err err = {0};
	assert_false(view_open(&v, view_find(STR("product")), &r, NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, "product needs a product: --product ID");
}

static void one_product(void **state)
{
	struct view_request r = request(*state);
	struct cell cells[64];
	SCOPED(view) v = NULL;
	struct err err = {0};
	r.about.product = 1;
	assert_true(view_open(&v, view_find(STR("product")), &r, NULL, &err));
	view_row(v, 1, cells);
	assert_true(str_is(cells[0].text, "id"));
	assert_true(str_is(cells[1].text, "101"));
	view_row(v, 2, cells);
	assert_true(str_is(cells[1].text, "home.tea"));
}

/* Each unordered pair once; the rows of one product hold both directions. */
static void pairs_agree_with_the_counts(void **state)
{
	struct view_request r = request(*state);
	const struct catalog *cat = r.about.catalog;
	for (unsigned rel = 0; rel < RELATIONS; rel++) {
		SCOPED(view) v = NULL;
		struct err err = {0};
		struct cell cells[64];
		uint64_t sum = 0;
		if (!cat->relation[rel].out.offsets)
			continue;
		ask(state, ASK_RELATION, str_from(relation_name(rel)));
		assert_true(view_open(&v, view_find(STR("pairs")), &r, NULL, &err));
		assert_int_equal(view_count(v), cat->relation[rel].pairs);
		for (uint64_t i = view_count(v); i-- > 0;) {
			view_row(v, i, cells);
			sum += (uint64_t)cells[2].count;
		}
		assert_int_equal(sum, cat->relation[rel].instances);
	}
}

/* Also those with a product outside, whatever its number is. */
static void pairs_of_a_category(void **state)
{
	struct view_request r = request(*state);
	ask(state, ASK_RELATION, STR("co-view"));
	column_is("pairs", &r, 0, "100 101 200");
	column_is("pairs", &r, 1, "101 102 201");
	r.about.category = 1;
	column_is("pairs", &r, 0, "101 101");
	column_is("pairs", &r, 1, "100 102");
	r.about.category = 0;
	column_is("pairs", &r, 0, "100 101");
	column_is("pairs", &r, 1, "101 102");
	r.about.category = 1;
	ask(state, ASK_SORT, STR("n"));
	column_is("pairs", &r, 1, "100 102");
}

static void a_relation_that_is_not_there(void **state)
{
	struct view_request r = request(*state);
	struct catalog cat = *r.about.catalog;
	struct view *v;
	struct err err = {0};
	memset(cat.relation, 0, sizeof cat.relation);
	r.about.catalog = &cat;
	assert_false(view_open(&v, view_find(STR("pairs")), &r, NULL, &err));
	assert_int_equal(err.code, ERR_NO);
}

/* The row of that section and field, values of the first columns. */
static void fact_is(struct view *v, const char *section, const char *field,
		    const char *value)
{
	struct cell cells[64];
	for (uint64_t i = 0; i < view_count(v); i++) {
		view_row(v, i, cells);
		if (!str_is(cells[0].text, section) || !str_is(cells[2].text, field))
			continue;
		if (!str_is(cells[3].text, value))
			fail_msg("%s %s is %.*s, not %s", section, field,
				 STR_ARG(cells[3].text), value);
		return;
	}
	fail_msg("there is no %s %s", section, field);
}

static void why_needs_two_products(void **state)
{
	struct view_request r = request(*state);
	struct view *v;
	struct err err = {0};
	r.about.product = 1;
	assert_false(view_open(&v, view_find(STR("why")), &r, NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
	r.about.with = 1;
	assert_false(view_open(&v, view_find(STR("why")), &r, NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

/* Green tea and Top: bought together in s1 and s4, of four sessions that buy. */
static void why_a_suggestion(void **state)
{
	struct view_request r = request(*state);
	SCOPED(view) v = NULL;
	struct err err = {0};
	r.about.product = 1;
	r.about.with = 3;
	ask(state, ASK_RELATION, STR("co-purchase"));
	assert_true(view_open(&v, view_find(STR("why")), &r, NULL, &err));
	fact_is(v, "why", "A", "101");
	fact_is(v, "why", "B", "200");
	fact_is(v, "counts", "co-purchase", "2");
	fact_is(v, "counts", "view-purchase", "");
	fact_is(v, "table", "A and B", "2");
	fact_is(v, "table", "A without B", "1");
	fact_is(v, "table", "B without A", "1");
	fact_is(v, "table", "neither", "0");
	fact_is(v, "measures", "support", "0.5");
	fact_is(v, "measures", "lift", "0.8888888888888888");
	fact_is(v, "together", "sessions", "2");
	fact_is(v, "together", "first", "2019-10-01T01:00:04Z");
}

static void overview_of_the_shop(void **state)
{
	struct view_request r = request(*state);
	SCOPED(view) v = NULL;
	struct err err = {0};
	assert_true(view_open(&v, view_find(STR("overview")), &r, NULL, &err));
	fact_is(v, "events", "view", "11");
	fact_is(v, "events", "purchase", "7");
	fact_is(v, "funnel: sessions", "view", "5");
	fact_is(v, "funnel: sessions", "cart", "2");
	fact_is(v, "funnel: sessions", "view and purchase", "4");
	fact_is(v, "purchase per day", "2019-10-01", "7");
	fact_is(v, "events of a session", "least", "2");
	fact_is(v, "events of a session", "median", "5");
	fact_is(v, "events of a session", "most", "6");
	fact_is(v, "quality", "no category", "1");
	fact_is(v, "quality", "no user", "1");
}

static void users_and_sessions(void **state)
{
	struct view_request r = request(*state);
	ask(state, ASK_SHOW_USERS, STR("1"));
	column_is("users", &r, 0, "u1 u2");
	column_is("sessions", &r, 0, "s3 s1 s5 s2 s4");
	r.about.user = 1;
	column_is("sessions", &r, 0, "s1 s4");
	column_is("user", &r, 4, "100 101 100 200 101 101 102 101 101 200");
	r.about.user = CATALOG_NONE;
	r.about.product = 3;
	column_is("sessions", &r, 0, "s1 s5 s4");
	r.about.session = 3;
	column_is("session", &r, 3, "view remove");
}

/* They hide the id, are found again and don't mix users with sessions. */
static void pseudonyms(void **state)
{
	struct view_request r = request(*state);
	SCOPED(view) v = NULL;
	struct err err = {0};
	struct cell cells[64];
	assert_true(view_open(&v, view_find(STR("sessions")), &r, NULL, &err));
	for (uint32_t i = 0; i < FIXTURE_SESSIONS; i++) {
		view_row(v, i, cells);
		assert_true(str_starts(cells[0].text, STR("s-")));
		assert_int_equal(cells[0].text.len, 12);
		assert_int_equal(pseudonym_find_session(r.about.store, cells[0].text), i);
		assert_int_equal(pseudonym_find_user(r.about.store, cells[0].text), CATALOG_NONE);
		if (!cells[1].empty)
			assert_int_equal(pseudonym_find_user(r.about.store, cells[1].text),
					 r.about.catalog->session_user[i]);
	}
	assert_int_equal(pseudonym_find_session(r.about.store, STR("s5")), 2);
	assert_int_equal(pseudonym_find_user(r.about.store, STR("u2")), 1);
	assert_int_equal(pseudonym_find_user(r.about.store, STR("u-12")), CATALOG_NONE);
	assert_int_equal(pseudonym_find_user(r.about.store, STR("")), CATALOG_NONE);
}

#define SHOP(f) cmocka_unit_test_setup_teardown(f, shop_open, shop_close)

UNIT_TESTS(view, SHOP(products_by_category), SHOP(sorted_subtree_is_filtered),
	   SHOP(unknown_values_come_last), SHOP(pairs_of_a_category),
	   SHOP(category_tree), SHOP(needs_a_product), SHOP(one_product),
	   SHOP(pairs_agree_with_the_counts), SHOP(a_relation_that_is_not_there),
	   SHOP(why_needs_two_products), SHOP(why_a_suggestion),
	   SHOP(overview_of_the_shop),
	   SHOP(users_and_sessions), SHOP(pseudonyms))
