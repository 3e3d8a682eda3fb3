/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of the shop of six products. */
#include "config.h"

#include <math.h>

#include "fixture.h"
#include "model/features.h"
#include "store/store.h"
#include "unit.h"

struct shop {
	char *folder;
	struct store *store;
	struct features f;
};

static struct shop open_shop(const struct features_ask *ask)
{
	struct shop s = {.folder = fixture_folder()};
	struct err err = {0};

	fixture_publish(s.folder, 1);
	if (!store_open(&s.store, s.folder, &err) ||
	    !features_make(&s.f, store_catalog(s.store), ask, NULL, &err))
		fail_msg("%s", err.text);
	return s;
}

static void close_shop(struct shop *s)
{
	features_finish(&s->f);
	store_destroy(s->store);
	fixture_remove(s->folder);
}

static float value_at(const struct features *f, uint32_t p, uint32_t column)
{
	for (uint64_t k = f->offsets[p]; k < f->offsets[p + 1]; k++)
		if (f->column[k] == column)
			return f->value[k];
	return 0;
}

/* Entries of a row ascend, and spans of features follow each other. */
static void sound(void **state)
{
	struct shop s = open_shop(&(struct features_ask){FEATURES_ALL, 64, NULL, NULL});
	const struct features *f = &s.f;

	assert_int_equal(f->n_products, FIXTURE_PRODUCTS);
	assert_int_equal(f->first[FEATURE_IDS], f->width);
	for (unsigned id = 0; id < FEATURE_IDS; id++)
		assert_true(f->first[id] <= f->first[id + 1]);
	for (uint32_t p = 0; p < f->n_products; p++)
		for (uint64_t k = f->offsets[p]; k < f->offsets[p + 1]; k++) {
			assert_true(f->column[k] < f->width);
			assert_true(isfinite(f->value[k]));
			assert_true(k == f->offsets[p] || f->column[k - 1] < f->column[k]);
		}
	close_shop(&s);
}

/* Products 1 and 2 are of home.tea, in home; product 5 has no category. */
static void levels(void **state)
{
	struct shop s = open_shop(&(struct features_ask){FEATURES_ALL, 64, NULL, NULL});
	uint32_t first = s.f.first[FEATURE_ID_CATEGORY];
	static const float in[FIXTURE_PRODUCTS][FIXTURE_CATEGORIES] = {
		{1, 0, 0}, {1, 1, 0}, {1, 1, 0}, {0, 0, 1}, {0, 0, 1}, {0, 0, 0},
	};

	for (uint32_t p = 0; p < FIXTURE_PRODUCTS; p++)
		for (uint32_t c = 0; c < FIXTURE_CATEGORIES; c++)
			assert_true(value_at(&s.f, p, first + c) == in[p][c]);
	close_shop(&s);
}

/* Numbers have mean 0 and deviation 1, words of a product a length of 1. */
static void scales(void **state)
{
	struct shop s = open_shop(&(struct features_ask){FEATURES_ALL, 1 << 16, NULL, NULL});
	const struct features *f = &s.f;
	double sum = 0, square = 0, n = 0;

	for (uint32_t p = 0; p < FIXTURE_PRODUCTS; p++) {
		double x = features_number(f, FEATURE_ID_PRICE, p), length = 0;

		sum += x;
		square += x * x;
		n += store_catalog(s.store)->product_price[p] != PRICE_NONE;
		for (uint64_t k = f->offsets[p]; k < f->offsets[p + 1]; k++)
			if (f->column[k] >= f->first[FEATURE_ID_WORDS] &&
			    f->column[k] < f->first[FEATURE_ID_LETTERS])
				length += (double)f->value[k] * f->value[k];
		assert_true(length == 0 || fabs(length - 1) < 0.5);
	}
	assert_true(fabs(sum) < 1e-5);
	assert_true(fabs(square - n) < 1e-4);
	close_shop(&s);
}

static void vectors(void **state)
{
	float data[FIXTURE_PRODUCTS][2] = {{3, 4}, {0, 0}};
	const struct vectors text = {data[0], FIXTURE_PRODUCTS, 2, 2};
	struct shop s = open_shop(&(struct features_ask){FEATURES_ALL, 64, &text, NULL});
	uint32_t first = s.f.first[FEATURE_ID_TEXT];

	assert_int_equal(s.f.first[FEATURE_ID_ITEM] - first, 2);
	assert_true(fabs((double)value_at(&s.f, 0, first) - 0.6) < 1e-6);
	assert_true(fabs((double)value_at(&s.f, 0, first + 1) - 0.8) < 1e-6);
	assert_true(value_at(&s.f, 1, first) == 0);
	close_shop(&s);
}

/* What --without says is what is left out, and the words are those of the table. */
static void without(void **state)
{
	static const struct param_default list[] = {
		{PARAM_ID_WITHOUT, "nothing"}, {PARAM_IDS, NULL},
	};
	struct params p;
	struct err err = {0};

	params_init(&p, list);
	assert_int_equal(features_wanted(&p), FEATURES_ALL);
	for (unsigned id = 0; id < FEATURE_IDS; id++) {
		assert_true(params_set(&p, PARAM_ID_WITHOUT, str_from(feature_table[id].name),
				       &err));
		assert_int_equal(features_wanted(&p), FEATURES_ALL & ~FEATURE_BIT(id));
	}
}

static void fewer(void **state)
{
	struct shop s = open_shop(&(struct features_ask){
		FEATURES_ALL & ~FEATURE_BIT(FEATURE_ID_BRAND), 64, NULL, NULL});

	assert_int_equal(s.f.first[FEATURE_ID_BRAND], s.f.first[FEATURE_ID_BRAND + 1]);
	for (uint32_t p = 0; p < FIXTURE_PRODUCTS; p++)
		assert_int_equal(features_kind(&s.f, FEATURE_ID_BRAND, p), UINT32_MAX);
	close_shop(&s);
}

/* What is typed in of a product gives the entries that it has itself. */
static void given(void **state)
{
	const struct features_ask ask = {FEATURES_ALL, 64, NULL, NULL};
	struct shop s = open_shop(&ask);
	const struct catalog *c = store_catalog(s.store);
	const enum feature_id same[] = {FEATURE_ID_CATEGORY, FEATURE_ID_BRAND, FEATURE_ID_BAND,
					FEATURE_ID_PRICE};
	unsigned met = 0;

	for (uint32_t p = 0; p < c->n_products; p++) {
		const struct features_given g = {
			c->product_category[p],
			c->product_brand ? c->product_brand[p] : CATALOG_NONE,
			c->product_price ? c->product_price[p] : PRICE_NONE,
			text_at(&c->product_label, p),
		};
		struct features one;
		struct err err = {0};

		assert_true(features_give(&one, c, &ask, &g, &err));
		assert_int_equal(one.width, s.f.width);
		for (unsigned k = 0; k < 4; k++)
			for (uint32_t x = s.f.first[same[k]]; x < s.f.first[same[k] + 1]; x++) {
				assert_true(value_at(&one, 0, x) == value_at(&s.f, p, x));
				met += value_at(&one, 0, x) != 0;
			}
		for (uint32_t x = s.f.first[FEATURE_ID_AGE]; x < s.f.first[FEATURE_ID_AGE + 1]; x++)
			assert_true(value_at(&one, 0, x) == 0);
		features_finish(&one);
	}
	assert_true(met > FIXTURE_PRODUCTS);
	close_shop(&s);
}

/* Five products of one price are in one band, though they are more than a fifth. */
static void equal_prices(void **state)
{
	const struct features_ask ask = {FEATURES_ALL, 64, NULL, NULL};
	static const int64_t price[FIXTURE_PRODUCTS] = {10, 10, 10, 10, 10, 20};
	static const uint32_t band[FIXTURE_PRODUCTS] = {0, 0, 0, 0, 0, 4};
	struct shop s = open_shop(&ask);
	struct catalog c = *store_catalog(s.store);
	struct err err = {0};
	struct features f, one;

	c.product_price = price;
	c.n_categories = 0;	/* all of them are compared */
	assert_true(features_make(&f, &c, &ask, NULL, &err));
	for (uint32_t p = 0; p < FIXTURE_PRODUCTS; p++) {
		const struct features_given g = {CATALOG_NONE, CATALOG_NONE, price[p], STR("x")};

		assert_int_equal(features_kind(&f, FEATURE_ID_BAND, p), band[p]);
		assert_true(features_give(&one, &c, &ask, &g, &err));
		assert_int_equal(features_kind(&one, FEATURE_ID_BAND, 0), band[p]);
		features_finish(&one);
	}
	features_finish(&f);
	close_shop(&s);
}

UNIT_TESTS(features, UNIT(sound), UNIT(given), UNIT(equal_prices), UNIT(levels), UNIT(scales),
	   UNIT(vectors), UNIT(without), UNIT(fewer))
