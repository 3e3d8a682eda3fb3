/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/catalog.h"

#include "fixture.h"
#include "store/store.h"
#include "unit.h"

static char *folder;
static struct store *store;
static const struct catalog *c;

static int open_fixture(void **state)
{
	struct err err = {0};

	folder = fixture_folder();
	fixture_publish(folder, 1);
	if (!store_open(&store, folder, &err))
		fail_msg("%s", err.text);
	c = store_catalog(store);
	return 0;
}

static int close_fixture(void **state)
{
	store_destroy(store);
	fixture_remove(folder);
	return 0;
}

static void sizes(void **state)
{
	assert_int_equal(c->n_products, FIXTURE_PRODUCTS);
	assert_int_equal(c->n_categories, FIXTURE_CATEGORIES);
	assert_int_equal(c->n_sessions, FIXTURE_SESSIONS);
	assert_int_equal(c->n_events, FIXTURE_EVENTS);
	assert_int_equal(c->n_brands, 2);
	assert_int_equal(c->n_users, 2);
	assert_int_equal(c->n_attributes, 0);
	assert_null(c->product_attribute);
	assert_null(c->order_price);
	assert_int_equal(c->caps, CAP_VIEWS | CAP_CARTS | CAP_PURCHASES | CAP_USERS |
					  CAP_PRICES | CAP_HOURS | CAP_BRANDS);
	assert_int_equal(c->price_scale, 2);
	assert_string_equal(c->currency, "EUR");
	assert_int_equal(c->max_session, 500);
	assert_true(c->first_time == c->event_time[0]);
	assert_true(c->last_time == c->event_time[FIXTURE_EVENTS - 1]);
	assert_true(str_is(text_at(&c->product_label, 1), "Green tea"));
}

static void counts(void **state)
{
	const struct relation_counts *view = &c->relation[REL_CO_VIEW];
	const struct relation_counts *next = &c->relation[REL_ADJACENT_VIEW];

	assert_int_equal(view->out.rows, FIXTURE_PRODUCTS);
	assert_int_equal(view->pairs, 3);	/* 0-1 twice, 1-2, 3-4 */
	assert_int_equal(view->instances, 4);
	assert_int_equal(view->total, 5);
	assert_ptr_equal(view->in.column, view->out.column);
	assert_ptr_equal(view->to, view->from);
	assert_int_equal(view->out.column[0], 1);
	assert_int_equal(view->out.value[0], 2);
	assert_null(view->q);
	assert_int_equal(next->instances, 6);	/* 0-1, 0-1, 1-0, 3-4, 1-2, 2-1 */
	assert_true(next->in.column != next->out.column);
	assert_int_equal(next->from[1], 2);
	assert_int_equal(next->to[1], 3);
	assert_null(c->relation[REL_VIEW_PURCHASE].out.offsets);
	assert_int_equal(c->transition[BASKET_PURCHASE].levels, 2);
	assert_int_equal(c->transition[BASKET_PURCHASE].baskets, 4);
	assert_int_equal(c->transition[BASKET_PURCHASE].multi_baskets, 3);
	assert_int_equal(c->transition[BASKET_CART].levels, 0);
}

static void names(void **state)
{
	enum relation r = REL_CO_VIEW;

	for (unsigned i = 0; i < RELATIONS; i++) {
		assert_true(relation_parse(str_from(relation_name((enum relation)i)), &r));
		assert_int_equal(r, i);
	}
	assert_false(relation_parse(STR("co-vie"), &r));
	assert_true(relation_directed(REL_VIEW_PURCHASE));
	assert_false(relation_directed(REL_CO_CART));
	assert_string_equal(event_kind_name(EVENT_REMOVE), "remove");
	assert_string_equal(event_kind_name(EVENT_KINDS), "unknown");
	assert_string_equal(basket_kind_name(BASKET_CART), "cart");
}

static void categories(void **state)
{
	uint32_t first, end;

	catalog_products(c, 0, &first, &end);
	assert_int_equal(first, 0);
	assert_int_equal(end, 3);
	catalog_products(c, 2, &first, &end);
	assert_int_equal(first, 3);
	assert_int_equal(end, 5);
	assert_int_equal(catalog_ancestor(c, 1, 0), 0);
	assert_int_equal(catalog_ancestor(c, 1, 1), 1);
	assert_int_equal(catalog_ancestor(c, 1, 7), 1);
	assert_int_equal(catalog_category(c, STR("home.tea")), 1);
	assert_int_equal(catalog_category(c, STR("c3")), 2);
	assert_int_equal(catalog_category(c, STR("tea")), 1);
	assert_int_equal(catalog_category(c, STR("te")), CATALOG_NONE);
	assert_int_equal(catalog_category(c, STR("")), CATALOG_NONE);
}

static void products(void **state)
{
	assert_true(catalog_variants(c, 1, 2));
	assert_true(catalog_variants(c, 5, 5));
	assert_false(catalog_variants(c, 1, 3));
	assert_true(catalog_same_category(c, 3, 4));
	assert_false(catalog_same_category(c, 0, 1));
	assert_false(catalog_same_category(c, 5, 5));
}

/* --- what does not fit together is named */

struct fake {
	const char *missing, *changed;
	uint64_t rows;
	enum array_type type;
};

static bool fake_find(void *ctx, const char *name, struct array *a)
{
	static const enum array_type types[] = {ARRAY_U8,  ARRAY_U32, ARRAY_U64,
						ARRAY_I64, ARRAY_F32, ARRAY_F64};
	const struct fake *f = ctx;
	bool found = false, changed = f->changed && str_is(str_from(name), f->changed);

	if (f->missing && str_is(str_from(name), f->missing))
		return false;
	for (size_t i = 0; !found && i < sizeof types / sizeof types[0]; i++)
		found = store_array(store, name, types[i], a, NULL);
	if (changed)	/* also one that is not there */
		*a = (struct array){found ? a->data : f, f->rows, 1, f->type};
	return found || changed;
}

static void bad_fits(void **state)
{
	static const struct {
		struct fake fake;
		const char *says;
	} cases[] = {
		{{"product/label/bytes", NULL, 0, 0}, "no array product/label/bytes"},
		{{"product/label/offsets", NULL, 0, 0}, "no array product/label/offsets"},
		{{"session/offsets", NULL, 0, 0}, "no array session/offsets"},
		{{"pairs/co-view/value", NULL, 0, 0}, "pairs/co-view/value"},
		{{"pairs/adjacent-view/to", NULL, 0, 0}, "pairs/adjacent-view/to"},
		{{"pairs/adjacent-view/in-offsets", NULL, 0, 0}, "pairs/adjacent-view/"},
		{{"transition/view/own", NULL, 0, 0}, "transition/view/own"},
		{{NULL, "product/price", 5, ARRAY_I64},
		 "product/price has 5 rows, but product/id means 6"},
		{{NULL, "product/price", 6, ARRAY_U64}, "product/price holds u64, not i64"},
		{{NULL, "category/product", 3, ARRAY_U32}, "category/product has 3 rows"},
		{{NULL, "category/product", 0, ARRAY_U32}, "category/product has 0 rows"},
		{{NULL, "session/offsets", 5, ARRAY_U64}, "session/offsets has 5 rows, but"},
		{{NULL, "event/kind", 21, ARRAY_U8}, "event/kind has 21 rows"},
		{{NULL, "event/product", 21, ARRAY_U32}, "event/time has 22 rows"},
		{{NULL, "user/offsets", 2, ARRAY_U64}, "user/offsets has 2 rows"},
		{{NULL, "user/session", 3, ARRAY_U32}, "user/offsets does not span"},
		{{NULL, "product/session", 3, ARRAY_U32}, "product/session-offsets does not"},
		{{NULL, "product/id/bytes", 3, ARRAY_U8}, "product/id/offsets does not span"},
		{{NULL, "product/id/offsets", 0, ARRAY_U64}, "product/id/offsets does not"},
		{{NULL, "pairs/co-view/offsets", 6, ARRAY_U64}, "pairs/co-view/offsets"},
		{{NULL, "pairs/co-view/column", 5, ARRAY_U32}, "pairs/co-view/offsets does"},
		{{NULL, "pairs/co-view/value", 5, ARRAY_U32}, "pairs/co-view/value has 5"},
		{{NULL, "pairs/co-view/totals", 2, ARRAY_U64}, "pairs/co-view/totals has 2"},
		{{NULL, "transition/view/0/pairs", 1, ARRAY_U64}, "transition/view/0/pairs"},
		{{NULL, "transition/view/0/q", 1, ARRAY_F64}, "transition/view/0/q has 1"},
		{{NULL, "pairs/co-view/q", 65535, ARRAY_F64}, "pairs/co-view/q has 65535"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fake fake = cases[i].fake;
		struct catalog out = {.n_products = 77};
		struct err err = {0};

		if (catalog_bind(&out, fake_find, &fake, store_meta(store), true, &err))
			fail_msg("case %zu was taken", i);
		assert_int_equal(err.code, ERR_STORE);
		assert_int_equal(out.n_products, 77);
		if (!strstr(err.text, cases[i].says))
			fail_msg("wanted \"%s\", got \"%s\"", cases[i].says, err.text);
	}
}

/* A file that is being built lacks arrays; what is there is bound. */
static void half_built(void **state)
{
	static const char *const missing[] = {
		"product/label/bytes",	       "session/offsets",     "event/kind",
		"pairs/co-view/value",	       "pairs/co-view/totals", "pairs/adjacent-view/to",
		"pairs/adjacent-view/in-value", "transition/view/own", "transition/view/0/pairs",
		"product/id/offsets",
	};

	for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
		struct fake fake = {.missing = missing[i]};
		struct catalog out;
		struct err err = {0};

		if (!catalog_bind(&out, fake_find, &fake, store_meta(store), false, &err))
			fail_msg("%s: %s", missing[i], err.text);
		assert_int_equal(out.n_products, FIXTURE_PRODUCTS);
		assert_non_null(out.event_product);
		if (str_starts(str_from(missing[i]), STR("pairs/co-view")))
			assert_null(out.relation[REL_CO_VIEW].out.offsets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(sizes),	UNIT(counts),	UNIT(names),	 UNIT(categories),
		UNIT(products), UNIT(bad_fits), UNIT(half_built),
	};

	return cmocka_run_group_tests_name("catalog", tests, open_fixture, close_fixture);
}
