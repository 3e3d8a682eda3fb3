/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees of XGBoost's JSON against its documented rules, and logistic regression. */
#include "config.h"

#include <math.h>

#include "base/err.h"
#include "learn/boost.h"
#include "learn/canopy.h"
#include "learn/logit.h"

#include "unit.h"

static const char json[] = "{\"learner\": {\"gradient_booster\": {\"model\": {\"trees\": ["
	"{\"left_children\": [1, -1, 3, -1, -1], \"right_children\": [2, -1, 4, -1, -1],"
	" \"split_indices\": [0, 0, 1, 0, 0], \"default_left\": [1, 0, 0, 0, 0],"
	" \"split_conditions\": [0.5, -1, 2, 4, 8], \"loss_changes\": [3, 0, 2, 0, 0]},"
	"{\"left_children\": [-1], \"right_children\": [-1], \"split_indices\": [0],"
	" \"default_left\": [0], \"split_conditions\": [0.25], \"loss_changes\": [0]}]}},"
	" \"learner_model_param\": {\"num_feature\": \"2\"}}}";

static void scores(void **state)
{

	const float x[] = {0, 0, NAN, 9, 0.5F, 1, 1, 2, 1, NAN};
	const float want[] = {-1, -1, 4, 8, 8};
	float got[5];
	struct grown g;
	struct forest f;
	struct err err;

	assert_true(grown_parse(&g, str_from(json), 0, &err));
	f = grown_view(&g);
	assert_true(forest_sound(&f));
	forest_score(&f, x, 5, got);
	for (unsigned i = 0; i < 5; i++)
		assert_true(got[i] == want[i] + 0.25F);
	assert_true(g.gain[0] == 3 && g.gain[1] == 2);
	grown_finish(&g);
	assert_true(grown_parse(&g, str_from(json), 1, &err));
	assert_int_equal(g.trees, 1);
	grown_finish(&g);
}

static void damage(void **state)
{
	uint32_t root[] = {0, 3}, left[] = {1, 0, 0}, right[] = {2, 0, 0}, feature[] = {0, 0, 0};
	float number[] = {0, 1, 2};
	struct forest f = {root, left, right, feature, number, 1, 3, 1};
	struct grown g;
	struct err err;

	assert_true(forest_sound(&f));
	left[0] = 3;
	assert_false(forest_sound(&f));
	left[0] = 1;
	feature[0] = 1;
	assert_false(forest_sound(&f));
	feature[0] = 0;
	right[1] = left[1] = 1;
	assert_false(forest_sound(&f));
	assert_false(grown_parse(&g, STR("{\"learner\": 3}"), 0, &err));
	assert_false(grown_parse(&g, STR("not json"), 0, &err));
}

/* 200 rows in 10 groups; the first column tells. */
static void make_rows(float *x, float *y, uint32_t *group)
{
	uint32_t r = 7;

	for (unsigned i = 0; i < 200; i++) {
		for (unsigned j = 0; j < 3; j++) {
			r = r * 1664525u + 1013904223u;
			x[i * 3 + j] = (float)(r >> 8) / (float)(1 << 24);
		}
		y[i] = x[i * 3] > 0.8F;
		x[i * 3 + 1] = i % 7 ? x[i * 3 + 1] : NAN;
	}
	for (unsigned g = 0; g < 10; g++)
		group[g] = 20;
}

static double right_first(void *ctx, const float *score)
{
	const struct boost_rows *r = ctx;
	double sum = 0;

	for (size_t i = 0; i < r->rows; i++)
		sum += (r->y[i] > 0 ? 1 : -1) * (double)(score[i] > 0 ? 1 : -1);
	return sum;
}

#define DEPTH 6
#define TREES 9
#define NODES ((1u << DEPTH) - 1)

/* Full trees of up to 32 leaves; what is missing goes both ways, rows don't fill a block. */
static void abreast(void **state)
{
	static uint32_t root[TREES + 1], left[TREES * NODES], right[TREES * NODES];
	static uint32_t feature[TREES * NODES];
	static float number[TREES * NODES], x[101 * 3], want[101], got[101];
	uint32_t r = 7;

	for (uint32_t depth = 0; depth < DEPTH; depth++) {
		uint32_t nodes = (2u << depth) - 1;
		struct forest f = {root, left, right, feature, number, TREES, TREES * nodes, 3};
		struct canopy *c;

		for (uint32_t i = 0; i < f.nodes; i++) {
			uint32_t at = i % nodes, base = i - at;

			r = r * 1664525u + 1013904223u;
			root[i / nodes] = base;
			left[i] = at < nodes / 2 ? base + 2 * at + 1 : 0;
			right[i] = left[i] ? left[i] + 1 : 0;
			feature[i] = r % 3 | (r & 1 << 20 ? FOREST_LEFT : 0);
			number[i] = (float)(r >> 8) / (float)(1 << 24);
		}
		root[TREES] = f.nodes;
		for (unsigned i = 0; i < 101 * 3; i++) {
			r = r * 1664525u + 1013904223u;
			x[i] = r >> 28 ? (float)(r >> 8) / (float)(1 << 24) : NAN;
		}
		assert_true(forest_sound(&f));
		forest_score(&f, x, 101, want);
		c = canopy_create(&f);
		canopy_score(c, x, 101, got);
		assert_memory_equal(got, want, sizeof want);
		number[0] = -INFINITY;	/* it is asked as the forest is */
		forest_score(&f, x, 101, want);
		canopy_destroy(c);
		c = canopy_create(&f);
		canopy_score(c, x, 101, got);
		assert_memory_equal(got, want, sizeof want);
		canopy_destroy(c);
	}
}

/* The library's own shares of a score sum up to what our trees say. */
static void grown_trees(void **state)
{
	float x[600], y[200], got[200], share[200 * 4], base = 0;
	uint32_t group[10];
	struct boost_rows rows = {x, y, group, 200, 10, 3};
	struct boost_options o = {.objective = "rank:ndcg", .trees = 20, .depth = 3, .rate = 0.3,
				  .patience = 20, .seed = 1, .worth = right_first, .ctx = &rows};
	struct grown g;
	struct forest f;
	struct err err;
	STRBUF(json_text);

	make_rows(x, y, group);
	if (!boost_grow(&g, &json_text, &rows, &rows, &o, NULL, &err)) {
		assert_non_null(strstr(err.text, "libxgboost0"));
		skip();
	}
	f = grown_view(&g);
	assert_true(forest_sound(&f) && g.trees >= 1 && g.trees <= 20);
	assert_true(g.gain[0] > g.gain[1] && g.gain[0] > g.gain[2]);
	forest_score(&f, x, 200, got);
	assert_true(boost_shares(strbuf_str(&json_text), x, 200, 3, share, &err));
	for (unsigned i = 0; i < 200; i++) {
		float sum = 0;

		for (unsigned j = 0; j < 4; j++)
			sum += share[i * 4 + j];
		base = i ? base : sum - got[i];	/* what every row has: it orders nothing */
		assert_true(fabsf(sum - got[i] - base) < 1e-5F);
	}
	grown_finish(&g);
}

/* Two forests behind each other say the sum of both; without what is watched all trees grow. */
static void joined_trees(void **state)
{
	float x[600], y[200], one[200], two[200], both[200];
	uint32_t group[10];
	struct boost_rows rows = {x, y, group, 200, 10, 3};
	struct boost_options o = {.objective = "rank:ndcg", .trees = 5, .depth = 3, .rate = 0.3,
				  .patience = 1, .seed = 1};
	struct grown g, more;
	struct forest f;
	struct err err;
	STRBUF(json_text);

	make_rows(x, y, group);
	if (!boost_grow(&g, &json_text, &rows, NULL, &o, NULL, &err))
		skip();
	o.objective = "binary:logistic";
	o.trees = 4;
	assert_true(boost_grow(&more, &json_text, &rows, NULL, &o, NULL, &err));
	f = grown_view(&g);
	forest_score(&f, x, 200, one);
	f = grown_view(&more);
	forest_score(&f, x, 200, two);
	grown_join(&g, &more);
	grown_finish(&more);
	f = grown_view(&g);
	assert_true(forest_sound(&f) && g.trees == 9);
	forest_score(&f, x, 200, both);
	for (unsigned i = 0; i < 200; i++)
		assert_true(fabsf(one[i] + two[i] - both[i]) < 1e-5F);
	assert_true(fabsf(two[0]) > 0 && fabsf(one[0]) > 0);
	grown_finish(&g);
}

static void regression(void **state)
{
	float x[600], y[200], weight[9], score[200];
	uint32_t group[10];
	struct logit m = {3, weight};
	struct err err;
	unsigned wrong = 0;

	make_rows(x, y, group);
	assert_true(logit_fit(&m, &(struct logit_task){x, y, 200, 1e-3}, NULL, &err));
	logit_score(&m, x, 200, score);
	for (unsigned i = 0; i < 200; i++)
		for (unsigned j = 0; j < 200; j++)
			wrong += y[i] > y[j] && score[i] <= score[j];
	assert_true(wrong < 60);	/* of some 6,000 pairs */
	assert_true(weight[0] > 3 * fabsf(weight[3]) && weight[0] > 3 * fabsf(weight[6]));
}

UNIT_TESTS(forest, UNIT(scores), UNIT(damage), UNIT(abreast), UNIT(grown_trees),
	   UNIT(joined_trees), UNIT(regression))
