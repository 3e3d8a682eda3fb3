/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A catalog made of values: what is in it, in which order, and what is refused. */
#include "config.h"

#include "import/catalog_make.h"

#include "fixture.h"
#include "store/build.h"
#include "unit.h"

static const struct given_category categories[] = {
	{.id = {"7", 1}, .path = {"toys.cars", 9}},
	{.id = {"9", 1}, .path = {"books", 5}},
	{.id = {"8", 1}},
};
static const struct given_product products[] = {
	{.id = {"p3", 2}, .category = {"7", 1}, .brand = {"acme", 4}, .has_price = true,
	 .price = {1250, 2}, .first = 1000, .last = 5000},
	{.id = {"p1", 2}, .category = {"9", 1}, .name = {"Atlas", 5}, .first = 2000,
	 .last = 2000},
	{.id = {"p2", 2}, .first = TIME_NONE, .last = TIME_NONE},
	{.id = {"p0", 2}, .category = {"7", 1}, .has_price = true, .price = {12345, 3},
	 .first = 500, .last = 700},
};

static const struct catalog_given shop = {
	.product = products,
	.n_products = 4,
	.category = categories,
	.n_categories = 3,
	.caps = CAP_VIEWS | CAP_PRICES | CAP_BRANDS,
	.price_scale = 2,
	.max_session = 500,
};

static char *folder;

static int set_up(void **state)
{
	folder = fixture_folder();
	return folder ? 0 : -1;
}

static int tear_down(void **state)
{
	fixture_remove(folder);
	return 0;
}

static struct build *start(void)
{
	struct build *b;
	struct err err = {0};
	char *path = fixture_path(folder, "made.aisle");

	if (!build_begin(&b, path, "test", 0, &err))
		fail_msg("%s", err.text);
	free(path);
	return b;
}

static void is_text(const struct text *t, uint32_t i, const char *want)
{
	struct str s = text_at(t, i);

	if (!str_is(s, want))
		fail_msg("row %u is '%.*s', expected '%s'", i, STR_ARG(s), want);
}

/* Products go by category, books before toys, the unknown last, then by id. */
static void test_made(void **state)
{
	SCOPED(build) b = start();
	struct import_summary sum;
	struct err err = {0};
	const struct catalog *c = NULL;

	if (!catalog_make(b, &shop, (struct work){0}, &sum, &err) ||
	    !build_catalog(b, &c, &err))
		fail_msg("%s", err.text);
	assert_int_equal(c->n_products, 4);
	is_text(&c->product_id, 0, "p1");
	is_text(&c->product_id, 1, "p0");
	is_text(&c->product_id, 2, "p3");
	is_text(&c->product_id, 3, "p2");
	is_text(&c->product_label, 0, "Atlas");
	assert_int_equal(c->product_category[3], CATALOG_NONE);
	is_text(&c->category_path, c->product_category[0], "books");
	is_text(&c->category_path, c->product_category[2], "toys.cars");
	is_text(&c->category_id, c->product_category[2], "7");
	is_text(&c->brand_name, c->product_brand[2], "acme");
	assert_int_equal(c->product_price[2], 12500);	/* the scale has grown to 3 */
	assert_int_equal(c->product_price[1], 12345);
	assert_true(c->product_price[0] == PRICE_NONE);
	assert_true(c->product_first[3] == TIME_NONE);
	assert_int_equal(c->product_last[2], 5000);
	assert_int_equal(sum.first_time, 500);
	assert_int_equal(sum.last_time, 5000);
	assert_int_equal(c->n_sessions, 0);
	assert_int_equal(c->n_events, 0);
}

static void refuse(const struct catalog_given *g, const char *want)
{
	SCOPED(build) b = start();
	struct import_summary sum;
	struct err err = {0};

	assert_false(catalog_make(b, g, (struct work){0}, &sum, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	if (!strstr(err.text, want))
		fail_msg("said '%s', expected '%s'", err.text, want);
}

static void test_refused(void **state)
{
	const struct given_product twice[] = {products[0], products[0]};
	const struct given_product lost[] = {{.id = {"p", 1}, .category = {"6", 1}}};
	const struct given_product empty[] = {{.id = {"", 0}}};
	const struct given_product below[] = {{.id = {"p", 1}, .has_price = true,
					       .price = {-1, 0}}};
	const struct given_category again[] = {categories[0], categories[0]};
	struct catalog_given g = shop;

	g.product = twice;
	g.n_products = 2;
	refuse(&g, "product 'p3' is there twice");
	g.n_products = 1;
	g.product = lost;
	refuse(&g, "its category '6' is not among the categories");
	g.product = empty;
	refuse(&g, "product id");
	g.product = below;
	refuse(&g, "its price is below 0");
	g = shop;
	g.category = again;
	g.n_categories = 2;
	refuse(&g, "category '7' is there twice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {UNIT(test_made), UNIT(test_refused)};

	return cmocka_run_group_tests_name("catalog_make", tests, set_up, tear_down);
}
