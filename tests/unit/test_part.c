/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A part of a log must be what a store of those events alone holds. */
#include "config.h"

#include "stats/part.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/rng.h"
#include "base/time.h"
#include "model/model.h"
#include "suggest/door.h"
#include "stats/relation.h"

#include "fixture.h"
#include "minishop.h"
#include "unit.h"

#define P MINI_PRODUCTS

static void same_rows(const struct csr *a, const struct csr *b)
{
	assert_int_equal(a->offsets != NULL, b->offsets != NULL);
	if (!a->offsets)
		return;
	assert_int_equal(a->entries, b->entries);
	assert_memory_equal(a->offsets, b->offsets, (P + 1) * sizeof *a->offsets);
	assert_memory_equal(a->column, b->column, a->entries * sizeof *a->column);
	assert_memory_equal(a->value, b->value, a->entries * sizeof *a->value);
}

static void same_level(const struct transition_counts *a, const struct transition_counts *b,
		       unsigned d)
{
	const struct csr *x = &a->level[d], *y = &b->level[d];

	assert_int_equal(x->entries, y->entries);
	assert_memory_equal(x->offsets, y->offsets, (MINI_CATEGORIES + 1) * sizeof *x->offsets);
	assert_memory_equal(x->column, y->column, x->entries * sizeof *x->column);
	assert_memory_equal(x->value, y->value, x->entries * sizeof *x->value);
	assert_memory_equal(a->pairs[d], b->pairs[d], x->entries * sizeof *a->pairs[d]);
	assert_memory_equal(a->own, b->own, MINI_CATEGORIES * sizeof *a->own);
	assert_memory_equal(a->multi, b->multi, MINI_CATEGORIES * sizeof *a->multi);
}

static void same_counts(const struct catalog *a, const struct catalog *b)
{
	assert_int_equal(a->n_events, b->n_events);
	assert_memory_equal(a->product_views, b->product_views, P * sizeof(uint32_t));
	assert_memory_equal(a->product_purchases, b->product_purchases,
			    P * sizeof(uint32_t));
	assert_memory_equal(a->product_session_offsets, b->product_session_offsets,
			    (P + 1) * sizeof(uint64_t));
	assert_memory_equal(a->product_session, b->product_session,
			    a->product_session_offsets[P] * sizeof(uint32_t));
	for (unsigned r = 0; r < RELATIONS; r++) {
		same_rows(&a->relation[r].out, &b->relation[r].out);
		if (relation_directed(r))
			same_rows(&a->relation[r].in, &b->relation[r].in);
		assert_int_equal(a->relation[r].total, b->relation[r].total);
		if (a->relation[r].from)
			assert_memory_equal(a->relation[r].from, b->relation[r].from,
					    P * sizeof(uint32_t));
	}
	for (unsigned k = 0; k < BASKET_KINDS; k++) {
		assert_int_equal(a->transition[k].baskets, b->transition[k].baskets);
		assert_int_equal(a->transition[k].multi_baskets,
				 b->transition[k].multi_baskets);
		assert_int_equal(a->transition[k].levels, b->transition[k].levels);
		for (unsigned d = 0; d < a->transition[k].levels; d++)
			same_level(&a->transition[k], &b->transition[k], d);
	}
	assert_memory_equal(a->category_views, b->category_views,
			    MINI_CATEGORIES * sizeof(uint64_t));
}

/* Keep some events; the naive shop keeps the same ones. */
static void keep(const struct minishop *m, struct minishop *left, uint8_t *in, uint64_t seed)
{
	struct rng r;
	uint32_t n = 0;

	rng_init(&r, seed, 2);
	*left = *m;
	for (uint32_t s = 0; s < m->sessions; s++) {
		for (uint64_t i = m->offsets[s]; i < m->offsets[s + 1]; i++) {
			in[i] = rng_below(&r, 4) > 0;
			if (!in[i])
				continue;
			left->product[n] = m->product[i];
			left->time[n] = m->time[i];
			left->kind[n++] = m->kind[i];
		}
		left->offsets[s + 1] = n;
	}
	left->events = n;
}

static void as_an_import(void **state)
{
	static struct minishop m, left;
	uint8_t in[MINI_EVENTS];
	SCOPED(pool) pool = pool_create(2);

	for (uint64_t seed = 0; seed < 8; seed++) {
		char *folder = fixture_folder();
		char *all = fixture_path(folder, "all"), *some = fixture_path(folder, "some");
		SCOPED(store) a = NULL;
		SCOPED(store) b = NULL;
		SCOPED(part) part = NULL;
		struct err err = {0};

		minishop_draw(&m, seed, seed % 3 ? 15 : 1u << EVENT_VIEW);
		m.several = seed % 2;
		keep(&m, &left, in, seed);
		a = minishop_store(&m, all, 1);
		b = minishop_store(&left, some, 1);
		assert_true(part_make(&part, store_catalog(a), in,
				      (struct work){pool, NULL}, &err));
		same_counts(part_catalog(part), store_catalog(b));
		fixture_remove(folder);
		free(all);
		free(some);
	}
}

static void days(void **state)
{
	static struct minishop m;
	uint8_t in[MINI_EVENTS] = {0};
	char *folder = fixture_folder(), *path = fixture_path(folder, "all");
	SCOPED(store) s = NULL;
	SCOPED(part) part = NULL;
	struct err err = {0};
	const struct catalog *c;

	minishop_draw(&m, 3, 15);
	s = minishop_store(&m, path, 1);
	in[10] = in[20] = 1;	/* event i is at i ms */
	assert_true(part_make(&part, store_catalog(s), in, (struct work){0}, &err));
	c = part_catalog(part);
	assert_int_equal(c->n_events, 2);
	assert_int_equal(c->first_time, 10);
	assert_int_equal(c->last_time, 20);
	assert_int_equal(c->product_first[m.product[10]], 10);
	assert_int_equal(c->product_last[m.product[20]], 20);
	for (uint32_t p = 0; p < m.products; p++)
		if (p != m.product[10] && p != m.product[20])
			assert_int_equal(c->product_first[p], TIME_NONE);
	fixture_remove(folder);
	free(path);
}

/* A price that was first paid after the part isn't known in it. */
static void prices(void **state)
{
	static struct minishop m;
	static int64_t paid[MINI_EVENTS], listed[P];
	uint8_t in[MINI_EVENTS] = {0};
	char *folder = fixture_folder(), *path = fixture_path(folder, "all");
	SCOPED(store) s = NULL;
	SCOPED(part) part = NULL;
	struct err err = {0};
	struct catalog c;

	minishop_draw(&m, 3, 15);
	s = minishop_store(&m, path, 1);
	c = *store_catalog(s);
	for (uint32_t i = 0; i < m.events; i++)
		paid[i] = m.product[i] == 7 ? PRICE_NONE : (int64_t)(1000 + i);
	for (uint32_t p = 0; p < P; p++)
		listed[p] = 1000000 + p;
	c.event_price = paid;
	c.product_price = listed;
	for (uint32_t i = 0; i < 30; i++)
		in[i] = 1;
	assert_true(part_make(&part, &c, in, (struct work){0}, &err));
	for (uint32_t p = 0; p < m.products; p++) {
		int64_t price = PRICE_NONE;
		bool any = false;

		for (uint32_t i = 0; i < m.events; i++) {
			any |= m.product[i] == p && paid[i] != PRICE_NONE;
			if (i < 30 && m.product[i] == p)
				price = paid[i];
		}
		assert_int_equal(part_catalog(part)->product_price[p],
				 any ? price : listed[p]);
	}
	fixture_remove(folder);
	free(path);
}

static bool is_listed(const char *name)
{
	for (size_t i = 0; part_lacks[i]; i++)
		if (strcmp(part_lacks[i], name) == 0)
			return true;
	return false;
}

/* A part has every array that the store has, but those that are listed. */
static void lacks_what_is_listed(const struct catalog *part, const struct catalog *store)
{
#define CATALOG_ARRAY(field, name, type, rows, need)			\
	if (store->field && !part->field != is_listed(name))		\
		fail_msg("%s is %s", name, part->field ? "there" : "lacking");
#define CATALOG_TEXT(field, name, rows, need)				\
	assert_true(!part->field.offsets == !store->field.offsets);
#include "store/catalog.def"
#undef CATALOG_ARRAY
#undef CATALOG_TEXT
	assert_null(catalog_lacks(part));
	assert_null(catalog_lacks(store));
}

static void same_panels(const struct catalog *part, const struct catalog *store)
{
	for (unsigned i = 0; i < P * PANEL_ALL_KINDS * 4; i++) {
		OUTLOOK(o);
		enum panel_kind kind = i % PANEL_ALL_KINDS;
		struct panel_request r = {
			.about = question_of(NULL, &o), .kind = kind, .limit = P,
			.reverse = kind < PANEL_KINDS,
		};
		uint32_t basket[2];
		struct panel a, b;
		struct err err = {0};

		outlook_set(&o, ASK_SAME_CATEGORY,
			    str_from(same_category_name(i / PANEL_ALL_KINDS % 4)));
		r.about.catalog = part;
		r.about.product = basket[0] = i / PANEL_ALL_KINDS / 4;
		basket[1] = (basket[0] + 1) % P;
		r.about.basket = basket;
		r.about.n_basket = 2;
		assert_true(suggest(&r, &a, NULL, &err));
		r.about.catalog = store;
		assert_true(suggest(&r, &b, NULL, &err));
		assert_int_equal(a.n_rows, b.n_rows);
		for (unsigned k = 0; k < a.n_rows; k++) {
			assert_int_equal(a.rows[k].product, b.rows[k].product);
			assert_int_equal(a.rows[k].source, b.rows[k].source);
			assert_true(a.rows[k].score == b.rows[k].score);
			assert_int_equal(a.rows[k].reverse_rank, b.rows[k].reverse_rank);
			assert_memory_equal(&a.rows[k].counts, &b.rows[k].counts,
					    sizeof a.rows[k].counts);
		}
		assert_string_equal(a.note, b.note);
		panel_finish(&a);
		panel_finish(&b);
	}
}

static void train(const struct model_class *class, const struct catalog *c,
		  struct sink *s, struct model **m)
{
	SCOPED(pool) pool = pool_create(1);
	struct params p;
	struct err err = {0};

	params_init(&p, class->params);
	if (strcmp(class->name, "companion") == 0)	/* no pair is bought twice here */
		assert_true(params_set(&p, PARAM_ID_SUPPORT, STR("1"), &err));
	if (!model_train(class, &(struct lesson){c, &p, s, (struct work){pool, NULL}}, &err) ||
	    !model_open_sink(m, &(struct model_form){class, &p, c->n_products}, s, &err))
		fail_msg("%s: %s", class->name, err.text);
}

static void same_scores(const struct model_class *class, const struct catalog *part,
			const struct catalog *store)
{
	struct sink *of_part = sink_create(), *of_store = sink_create();
	struct model *a, *b;
	struct err err = {0};

	train(class, part, of_part, &a);
	train(class, store, of_store, &b);
	for (uint32_t p = 0; p < P; p++) {
		struct history h = {&p, NULL, 1};
		float x[P], y[P];

		assert_true(model_score(a, &h, (struct scoring){x, NULL}, &err));
		assert_true(model_score(b, &h, (struct scoring){y, NULL}, &err));
		for (uint32_t k = 0; k < P; k++)
			if (!(x[k] == y[k]))
				fail_msg("%s: %.9g and %.9g", class->name, x[k], y[k]);
	}
	model_destroy(a);
	model_destroy(b);
	sink_destroy(of_part);
	sink_destroy(of_store);
}

static bool wants_more(const char *name)
{
	static const char *const names[] = {"rank", "useruser", "again", "trending", "lsa",
					     "scratch"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* What a part lists is what a store of the same rows lists: every panel, every model. */
static void same_lists(void **state)
{
	static const unsigned kinds[] = {
		15, 1u << EVENT_VIEW, 1u << EVENT_PURCHASE, 1u << EVENT_VIEW | 1u << EVENT_CART,
	};
	static struct minishop m, left;
	uint8_t in[MINI_EVENTS];
	SCOPED(pool) pool = pool_create(2);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char *folder = fixture_folder();
		char *all = fixture_path(folder, "all"), *some = fixture_path(folder, "some");
		SCOPED(store) a = NULL;
		SCOPED(store) b = NULL;
		SCOPED(part) part = NULL;
		struct err err = {0};

		minishop_draw(&m, 20 + i, kinds[i]);
		keep(&m, &left, in, i);
		a = minishop_store(&m, all, 1);
		b = minishop_store(&left, some, 1);
		assert_true(part_make(&part, store_catalog(a), in,
				      (struct work){pool, NULL}, &err));
		lacks_what_is_listed(part_catalog(part), store_catalog(a));
		same_panels(part_catalog(part), store_catalog(b));
		/* all that learn without users, days and texts, of which a minishop has none */
		for (size_t k = 0; i == 0 && model_classes[k]; k++)
			if (model_classes[k]->train && !wants_more(model_classes[k]->name))
				same_scores(model_classes[k], part_catalog(part),
					    store_catalog(b));
		fixture_remove(folder);
		free(all);
		free(some);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_an_import),
		cmocka_unit_test(days),
		cmocka_unit_test(prices),
		cmocka_unit_test(same_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
