/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expected values under ties against every order of the tied, one by one. */
#include "config.h"

#include "math/measure.h"

#include <math.h>

#include "base/rng.h"

#include "unit.h"

#define MAX 7

/* The metrics of one plain order: rel[i] tells whether place i holds a target. */
static void plain(const int *rel, unsigned n, unsigned targets, unsigned k, double *value)
{
	double hits = 0, gain = 0, ideal = 0, average = 0, first = 0;

	for (unsigned i = 0; i < n && i < k; i++) {
		if (!rel[i])
			continue;
		hits++;
		if (first == 0)
			first = 1.0 / (i + 1);
		gain += 1 / log2(i + 2.0);
		average += hits / (i + 1);
	}
	for (unsigned i = 0; i < k && i < targets; i++)
		ideal += 1 / log2(i + 2.0);
	value[MEASURE_HR] += hits > 0;
	value[MEASURE_MRR] += first;
	value[MEASURE_NDCG] += gain / ideal;
	value[MEASURE_RECALL] += hits / targets;
	value[MEASURE_PRECISION] += hits / k;
	value[MEASURE_MAP] += average / (targets < k ? targets : k);
}

struct ranking {
	int score[MAX], rel[MAX];	/* scores descend */
	unsigned n, targets, k;
	double sum[MEASURES], orders;
};

/* All orders that keep the scores descending. */
static void permute(struct ranking *r, int *rel, unsigned used, unsigned at)
{
	if (at == r->n) {
		plain(rel, r->n, r->targets, r->k, r->sum);
		r->orders++;
		return;
	}
	for (unsigned i = 0; i < r->n; i++) {
		if ((used >> i & 1) || r->score[i] != r->score[at])
			continue;
		rel[at] = r->rel[i];
		permute(r, rel, used | 1u << i, at + 1);
	}
}

static size_t ties_of(const struct ranking *r, struct tie *ties)
{
	size_t n = 0;

	for (unsigned i = 0, end; i < r->n; i = end) {
		struct tie t = {.before = i};

		for (end = i; end < r->n && r->score[end] == r->score[i]; end++)
			t.targets += (uint32_t)r->rel[end];
		t.tied = end - i;
		if (t.targets)
			ties[n++] = t;
	}
	return n;
}

static void every_order(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 7, 0);
	for (unsigned round = 0; round < 300; round++) {
		struct ranking r = {.n = 1 + (unsigned)rng_below(&rng, MAX)};
		struct tie ties[MAX];
		double value[MEASURES];
		int rel[MAX];
		size_t n;

		for (unsigned i = 0; i < r.n; i++) {
			r.score[i] = i ? r.score[i - 1] - (int)rng_below(&rng, 2) : 0;
			r.rel[i] = rng_below(&rng, 3) == 0;
			r.targets += (unsigned)r.rel[i];
		}
		r.targets += (unsigned)rng_below(&rng, 2);	/* one without a score */
		if (!r.targets)
			continue;
		r.k = 1 + (unsigned)rng_below(&rng, MAX + 1);
		permute(&r, rel, 0, 0);
		n = ties_of(&r, ties);
		measure_at(ties, n, r.targets, r.k, value);
		for (unsigned m = 0; m < MEASURES; m++)
			assert_true(fabs(value[m] - r.sum[m] / r.orders) < 1e-12);
	}
}

/* Nothing known: every place is as likely, so HR@k is k / candidates. */
static void all_tied(void **state)
{
	const struct tie t = {0, 200, 1};
	double value[MEASURES];

	(void)state;
	measure_at(&t, 1, 1, 5, value);
	assert_true(fabs(value[MEASURE_HR] - 5 / 200.0) < 1e-12);
	assert_true(fabs(value[MEASURE_MRR] - (1 + .5 + 1 / 3.0 + .25 + .2) / 200) < 1e-12);
	assert_true(fabs(value[MEASURE_PRECISION] - value[MEASURE_HR] / 5) < 1e-12);
}

static void nothing_found(void **state)
{
	const struct tie far = {20, 1, 1};
	double value[MEASURES];

	(void)state;
	measure_at(&far, 1, 1, 20, value);
	for (unsigned m = 0; m < MEASURES; m++)
		assert_true(value[m] == 0);
	measure_at(NULL, 0, 3, 20, value);
	for (unsigned m = 0; m < MEASURES; m++)
		assert_true(value[m] == 0);
	assert_string_equal(measure_name(MEASURE_NDCG), "ndcg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_order),
		cmocka_unit_test(all_tied),
		cmocka_unit_test(nothing_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
