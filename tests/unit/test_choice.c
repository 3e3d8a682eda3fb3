/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "stats/choice.h"

#include "fixture.h"
#include "minishop.h"
#include "store/catalog.h"
#include "unit.h"

static bool has(const struct minishop *m, uint32_t session, uint32_t product, unsigned kind)
{
	for (uint64_t i = m->offsets[session]; i < m->offsets[session + 1]; i++)
		if (m->product[i] == product && m->kind[i] == kind)
			return true;
	return false;
}

/* The definition, session by session. */
static struct choice naive(const struct minishop *m, uint32_t a, uint32_t b)
{
	struct choice n = {0, 0, 0};

	for (uint32_t s = 0; s < m->sessions; s++) {
		bool bought_a = has(m, s, a, EVENT_PURCHASE);
		bool bought_b = has(m, s, b, EVENT_PURCHASE);

		if (!minishop_counts(m, s) || !has(m, s, a, EVENT_VIEW) ||
		    !has(m, s, b, EVENT_VIEW))
			continue;
		n.both += bought_a && bought_b;
		n.only_a += bought_a && !bought_b;
		n.only_b += !bought_a && bought_b;
	}
	return n;
}

static void check_shop(const struct minishop *m, const struct catalog *c)
{
	uint32_t other[MINI_PRODUCTS];
	struct choice out[MINI_PRODUCTS];
	uint64_t seen = 0;

	for (uint32_t a = 0; a < m->products; a++) {
		uint32_t n = 0;

		/* From the last to the first: any order will do. */
		for (uint32_t b = m->products; b-- > 0;)
			if (b != a)
				other[n++] = b;
		assert_true(choice_count(c, a, other, n, out, NULL, NULL));
		for (uint32_t k = 0; k < n; k++) {
			struct choice want = naive(m, a, other[k]);

			assert_memory_equal(&out[k], &want, sizeof want);
			seen += choice_seen(&want);
		}
	}
	assert_true(seen > 20);
}

static void test_counts(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		static struct minishop m;
		char *folder = fixture_folder(), *path = fixture_path(folder, "shop.aisle");
		struct store *store;

		minishop_draw(&m, seed, 1u << EVENT_VIEW | 1u << EVENT_CART | 1u << EVENT_PURCHASE);
		store = minishop_store(&m, path, 1);
		assert_true(choice_known(store_catalog(store)));
		check_shop(&m, store_catalog(store));
		store_destroy(store);
		fixture_remove(folder);
		free(path);
	}
}

UNIT_TESTS(choice, UNIT(test_counts))
