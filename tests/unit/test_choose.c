/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --tail, --diversify and --per-category make of a panel. */
#include "config.h"

#include <math.h>

#include "fixture.h"
#include "minishop.h"
#include "stats/scan.h"
#include "suggest/door.h"
#include "unit.h"

struct shop {
	struct minishop *m;
	char *folder;
	struct store *store;
};

static struct shop open_shop(void)
{
	struct shop s = {.m = malloc(sizeof *s.m), .folder = fixture_folder()};

	minishop_draw(s.m, 12, KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_PURCHASE));
	s.store = minishop_store(s.m, s.folder, 1);
	return s;
}

static void close_shop(struct shop *s)
{
	store_destroy(s->store);
	fixture_remove(s->folder);
	free(s->m);
}

static struct panel compute(const struct shop *s, uint32_t product, const struct outlook *o,
			    unsigned limit)
{
	struct panel_request r = {.about = question_of(s->store, o),
				  .kind = PANEL_COMPLEMENTARY, .limit = limit};
	struct panel p;
	struct err err = {0};

	r.about.product = product;
	if (!suggest(&r, &p, NULL, &err))
		fail_msg("%s", err.text);
	return p;
}

static uint32_t category_of(const struct shop *s, uint32_t product)
{
	uint32_t c = s->m->category[product];

	return c < MINI_CATEGORIES ? c : MINI_CATEGORIES;
}

/* No more than N of a category, each the best of those that stand in the whole panel. */
static void per_category(void **state)
{
	struct shop s = open_shop();
	OUTLOOK(every);
	OUTLOOK(o);

	outlook_set(&every, ASK_CODES, STR("all"));
	outlook_set(&o, ASK_CODES, STR("all"));
	outlook_set(&o, ASK_PER_CATEGORY, STR("2"));
	for (uint32_t a = 0; a < s.m->products; a++) {
		struct panel all = compute(&s, a, &every, MINI_PRODUCTS);
		struct panel few = compute(&s, a, &o, MINI_PRODUCTS);
		unsigned had[MINI_CATEGORIES + 1] = {0}, at = 0;

		for (unsigned i = 0; i < all.n_rows; i++) {
			if (had[category_of(&s, all.rows[i].product)]++ >= 2)
				continue;
			assert_true(at < few.n_rows);
			assert_int_equal(few.rows[at++].product, all.rows[i].product);
		}
		assert_int_equal(at, few.n_rows);
		panel_finish(&all);
		panel_finish(&few);
	}
	close_shop(&s);
}

/* Of rows of one source a later one isn't ahead in score over sessions. */
static void tail(void **state)
{
	struct shop s = open_shop();
	const struct catalog *c = store_catalog(s.store);
	unsigned checked = 0;
	OUTLOOK(o);

	outlook_set(&o, ASK_TAIL, STR("50%"));
	for (uint32_t a = 0; a < s.m->products; a++) {
		struct panel p = compute(&s, a, &o, 10);
		double before = INFINITY;

		for (unsigned i = 0; i < p.n_rows; i++) {
			uint32_t b = p.rows[i].product;
			double n = (double)(c->product_session_offsets[b + 1] -
					    c->product_session_offsets[b]);
			double y = p.rows[i].score / sqrt(1 + n);

			if (p.rows[i].source != SOURCE_CO_PURCHASE)
				continue;
			assert_true(y <= before * (1 + 1e-9));
			before = y;
			checked++;
		}
		panel_finish(&p);
	}
	assert_true(checked > 50);
	close_shop(&s);
}

/* The first is the best still; asked for nothing but difference, categories come in turns. */
static void diversify(void **state)
{
	struct shop s = open_shop();
	OUTLOOK(o);

	outlook_set(&o, ASK_DIVERSIFY, STR("1"));
	for (uint32_t a = 0; a < s.m->products; a++) {
		struct panel plain = compute(&s, a, NULL, 3), p = compute(&s, a, &o, 3);

		assert_int_equal(p.n_rows, plain.n_rows);
		if (p.n_rows > 1 && p.rows[0].source == p.rows[1].source) {
			assert_int_equal(p.rows[0].product, plain.rows[0].product);
			assert_true(category_of(&s, p.rows[0].product) !=
				    category_of(&s, p.rows[1].product) ||
				    category_of(&s, p.rows[0].product) == MINI_CATEGORIES);
		}
		panel_finish(&plain);
		panel_finish(&p);
	}
	close_shop(&s);
}

UNIT_TESTS(choose, UNIT(per_category), UNIT(tail), UNIT(diversify))
