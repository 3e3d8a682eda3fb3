/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links of a random shop against naive counts, with and without choices, and of counted pairs. */
#include "config.h"

#include <math.h>

#include "base/pool.h"
#include "fixture.h"
#include "minishop.h"
#include "model/links.h"
#include "model/model.h"
#include "stats/scan.h"
#include "unit.h"

#define ALL (KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_PURCHASE))

/* Sessions with both, and choices, by loops over sessions and products. */
struct naive {
	double cp[MINI_PRODUCTS][MINI_PRODUCTS], cv[MINI_PRODUCTS][MINI_PRODUCTS];
	double one[MINI_PRODUCTS][MINI_PRODUCTS], both[MINI_PRODUCTS][MINI_PRODUCTS];
	double bought[MINI_PRODUCTS], seen[MINI_PRODUCTS], share;
};

static void count(struct naive *x, const struct minishop *shop)
{
	double one = 0, both = 0;

	memset(x, 0, sizeof *x);
	for (uint32_t s = 0; s < shop->sessions; s++) {
		bool v[MINI_PRODUCTS], p[MINI_PRODUCTS];

		if (!minishop_counts(shop, s))
			continue;
		minishop_basket(shop, s, KIND_BIT(EVENT_VIEW), v);
		minishop_basket(shop, s, KIND_BIT(EVENT_PURCHASE), p);
		for (uint32_t a = 0; a < shop->products; a++) {
			x->bought[a] += p[a];
			x->seen[a] += v[a];
			for (uint32_t b = 0; b < shop->products; b++) {
				bool saw = v[a] && v[b] && a != b;

				x->cp[a][b] += p[a] && p[b] && a != b;
				x->cv[a][b] += v[a] && v[b] && a != b;
				x->one[a][b] += saw && p[a] != p[b];
				x->both[a][b] += saw && p[a] && p[b];
			}
		}
	}
	for (uint32_t a = 0; a < shop->products; a++)
		for (uint32_t b = 0; b < shop->products; b++) {
			one += x->one[a][b];
			both += x->both[a][b];
		}
	x->share = both / (one + both);
}

static int says(const struct naive *x, uint32_t a, uint32_t b)
{
	double n = x->one[a][b] + x->both[a][b];
	double more = x->both[a][b] - x->share * n;
	double chance = sqrt(x->share * (1 - x->share) * n);

	return more > chance ? 1 : more < -chance ? -1 : 0;
}

struct tried {
	struct minishop shop;
	struct naive naive;
	unsigned decided;	/* links that choices made or took */
};

/* The chance under which n of `of` or more come with 2.5%, in the normal approximation: where
 * (n - of q)^2 = 1.96^2 of q (1 - q), found by halving. */
static double lower(double n, double of)
{
	double from = 0, to = n > 0 ? n / of : 0;

	for (unsigned i = 0; i < 100 && n > 0; i++) {
		double q = (from + to) / 2, off = n - of * q;

		if (off * off > 1.96 * 1.96 * of * q * (1 - q))
			from = q;
		else
			to = q;
	}
	return to;
}

static void check_links(struct tried *t, const struct link_sets *l, bool choices)
{
	const struct naive *x = &t->naive;

	for (uint32_t a = 0; a < t->shop.products; a++)
		for (uint32_t b = 0; b < t->shop.products; b++) {
			double p = lower(x->cp[a][b], sqrt(x->bought[a] * x->bought[b]));
			double v = lower(x->cv[a][b], sqrt(x->seen[a] * x->seen[b]));
			int by = choices ? says(x, a, b) : 0;
			bool along = a != b && x->cp[a][b] >= 2 &&
				     (by > 0 || (by == 0 && !(p < v)));
			bool instead = a != b && x->cv[a][b] >= 2 &&
				       (by < 0 || (by == 0 && v > p));

			if (fabs(p - v) < 1e-6 * v && by == 0)
				continue;	/* a tie up to the last bit */
			assert_int_equal(links_has(&l->complement, a, b), along);
			assert_int_equal(links_has(&l->similar, a, b), instead);
			t->decided += by != 0 && (by > 0) != (p >= v);
		}
}

static void read_links(const struct catalog *c, const char *choices, struct link_sets *l)
{
	const struct model_class *class = model_find(STR("companion"));
	struct params p;
	struct err err = {0};
	SCOPED(pool) pool = pool_create(2);
	const struct lesson lesson = {c, &p, NULL, {pool, NULL}, NULL};

	params_init(&p, class->params);
	if (!params_set(&p, PARAM_ID_SUPPORT, STR("2"), &err) ||
	    !params_set(&p, PARAM_ID_CHOICES, str_from(choices), &err) ||
	    !links_read(l, &lesson, NULL, &err))
		fail_msg("%s", err.text);
}

static void like_naive_counts(void **state)
{
	static struct tried t;
	unsigned all = 0;

	for (uint64_t seed = 1; seed < 6; seed++) {
		char *folder = fixture_folder();
		struct link_sets l;

		minishop_draw(&t.shop, seed, ALL);
		count(&t.naive, &t.shop);
		SCOPED(store) s = minishop_store(&t.shop, folder, 2);

		read_links(store_catalog(s), "yes", &l);
		check_links(&t, &l, true);
		assert_true(fabs(l.both - t.naive.share) < 1e-9);
		all += l.complement.n > 0 && l.similar.n > 0;
		links_finish(&l);
		read_links(store_catalog(s), "no", &l);
		assert_true(isnan(l.both));
		check_links(&t, &l, false);
		links_finish(&l);
		fixture_remove(folder);
	}
	assert_int_equal(all, 5);
	assert_true(t.decided > 20);
}

/* A store that has pairs and no sessions gives the links of its pairs. */
static void of_counted_pairs(void **state)
{
	static struct tried t;
	char *folder = fixture_folder();
	struct link_sets own, given;

	minishop_draw(&t.shop, 9, ALL);
	SCOPED(store) s = minishop_store(&t.shop, folder, 1);
	struct catalog bare = *store_catalog(s);

	read_links(store_catalog(s), "no", &own);
	bare.n_sessions = 0;
	bare.session_offsets = NULL;
	read_links(&bare, "yes", &given);
	assert_int_equal(own.complement.n, given.complement.n);
	assert_int_equal(own.similar.n, given.similar.n);
	assert_memory_equal(own.complement.column, given.complement.column,
			    own.complement.n * sizeof *own.complement.column);
	assert_memory_equal(own.similar.value, given.similar.value,
			    own.similar.n * sizeof *own.similar.value);
	assert_true(own.similar.n > 0 && own.complement.n > 0);
	links_finish(&own);
	links_finish(&given);
	fixture_remove(folder);
}

UNIT_TESTS(links, UNIT(like_naive_counts), UNIT(of_counted_pairs))
