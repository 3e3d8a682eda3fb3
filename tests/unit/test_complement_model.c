/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models of complements against naive counts. */
#include "config.h"

#include <math.h>

#include "base/pool.h"
#include "fixture.h"
#include "minishop.h"
#include "model/model.h"
#include "stats/scan.h"
#include "unit.h"

#define OK(call)							\
	do {								\
		if (!(call))						\
			fail_msg("%s: %s", #call, err.text);		\
	} while (0)

/* Naive counts of a shop's purchases by category; the last one: without. */
struct naive {
	double pairs[MINI_CATEGORIES + 1][MINI_CATEGORIES + 1];
	double count[MINI_PRODUCTS], popular[MINI_CATEGORIES + 1];
	unsigned row[MINI_PRODUCTS];
};

static void count_naively(struct naive *x, const struct minishop *shop)
{
	memset(x, 0, sizeof *x);
	for (uint32_t b = 0; b < shop->products; b++)
		x->row[b] = shop->category[b] < MINI_CATEGORIES ? shop->category[b]
								: MINI_CATEGORIES;
	for (uint32_t i = 0; i < shop->sessions; i++) {
		bool in[MINI_PRODUCTS];

		minishop_basket(shop, i, KIND_BIT(EVENT_PURCHASE), in);
		for (uint32_t a = 0; minishop_counts(shop, i) && a < shop->products; a++) {
			x->count[a] += in[a];
			x->popular[x->row[a]] += in[a];
			for (uint32_t b = 0; b < shop->products; b++)
				x->pairs[x->row[a]][x->row[b]] += in[a] && in[b] && a != b;
		}
	}
}

/* Its scores for product a are share times popularity; how many it says something about. */
static unsigned check_scores(const struct naive *x, const struct model *m, uint32_t a)
{
	const struct history h = {&a, NULL, 1};
	float scores[MINI_PRODUCTS];
	struct err err = {0};
	unsigned said = 0;
	double all = 0;

	OK(model_score(m, &h, (struct scoring){scores, NULL}, &err));
	for (unsigned d = 0; d <= MINI_CATEGORIES; d++)
		all += x->pairs[x->row[a]][d];
	for (uint32_t b = 0; b < m->n_products; b++) {
		double n = x->pairs[x->row[a]][x->row[b]], of = x->popular[x->row[b]];
		double y = n > 0 && of > 0 ? n / all * x->count[b] / of : 0;
		struct model_reason why;

		if (y > 0)
			assert_true(fabs((double)scores[b] - y) < 1e-6 * y);
		else
			assert_true(scores[b] == -INFINITY);
		assert_int_equal(model_explain(m, a, b, (struct reasons){&why, 1}),
				 n > 0);
		said += y > 0;
	}
	return said;
}

static void transitions(void **state)
{
	const struct model_class *class = model_find(STR("transition"));
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();
	struct naive naive;
	struct params p;
	struct err err = {0};
	unsigned said = 0;

	assert_non_null(class);
	assert_true(class->flags & MODEL_COMPLEMENT);
	params_init(&p, class->params);
	minishop_draw(shop, 8, KIND_BIT(EVENT_PURCHASE));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	SCOPED(pool) pool = pool_create(2);
	SCOPED(sink) sink = sink_create();
	SCOPED(model) m = NULL;

	OK(model_train(
		class,
		&(struct lesson){store_catalog(s), &p, sink, (struct work){pool, NULL}},
		&err));
	OK(model_open_sink(&m, &(struct model_form){class, &p, shop->products}, sink, &err));
	count_naively(&naive, shop);
	for (uint32_t a = 0; a < shop->products; a++)
		said += check_scores(&naive, m, a);
	assert_true(said > 500);
	free(shop);
	fixture_remove(folder);
}

UNIT_TESTS(complement_model, UNIT(transitions))
