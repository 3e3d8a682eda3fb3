/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bootstrap over groups and tests by flipping signs, from one seeded stream. A round is a weight
 * for each group, how often it was drawn or its sign, and what is asked are sums of columns
 * with that weight: columns stand in blocks side by side, so that one pass over the groups adds
 * SAMPLE_BLOCK of them. Weights are drawn one after the other, sums are left to all threads.
 */
#include "config.h"

#include "eval/sample.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/scope.h"

double sample_mean(const struct sample *s)
{
	double value = 0, cases = 0;

	for (size_t i = 0; i < s->n; i++) {
		value += s->value[i];
		cases += s->cases[i];
	}
	return cases > 0 ? value / cases : NAN;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* --- many at once */

#define CHUNK 16	/* rounds that are drawn before they are summed */

static double *place_of(const struct samples *s, size_t group, size_t column)
{
	size_t block = column / SAMPLE_BLOCK;

	return &s->at[(block * s->groups + group) * SAMPLE_BLOCK + column % SAMPLE_BLOCK];
}

bool samples_init(struct samples *s, const double *cases, size_t groups, size_t n,
		  struct err *err)
{
	size_t blocks = n / SAMPLE_BLOCK + 1;

	*s = (struct samples){.n = n, .groups = groups};
	s->at = mem_big(blocks * (groups + 1), SAMPLE_BLOCK * sizeof *s->at, "intervals", err);
	for (size_t g = 0; s->at && g < groups; g++)
		*place_of(s, g, 0) = cases[g];
	return s->at;
}

void samples_finish(struct samples *s)
{
	free(s->at);
	*s = (struct samples){0};
}

void samples_set(struct samples *s, size_t i, const double *value)
{
	assert(i < s->n);
	for (size_t g = 0; g < s->groups; g++)
		*place_of(s, g, i + 1) = value[g];
}

/* Rounds that are summed side by side. */
struct summing {
	const struct samples *s;
	int32_t *weight;	/* (CHUNK, groups): how often drawn, or the sign */
	double *sum;		/* (CHUNK, blocks, SAMPLE_BLOCK) */
	size_t blocks;
};

static void summing_init(struct summing *x, const struct samples *s)
{
	x->s = s;
	x->blocks = s->n / SAMPLE_BLOCK + 1;
	x->weight = mem_alloc(CHUNK * (s->groups + 1) * sizeof *x->weight);
	x->sum = mem_alloc(CHUNK * x->blocks * SAMPLE_BLOCK * sizeof *x->sum);
}

static void summing_finish(struct summing *x)
{
	free(x->weight);
	free(x->sum);
}

/* One round. */
static void sum_round(void *ctx, size_t round, unsigned worker)
{
	const struct summing *x = ctx;
	const int32_t *weight = x->weight + round * x->s->groups;

	for (size_t b = 0; b < x->blocks; b++) {
		const double *row = x->s->at + b * x->s->groups * SAMPLE_BLOCK;
		double sum[SAMPLE_BLOCK] = {0};

		for (size_t g = 0; g < x->s->groups; g++, row += SAMPLE_BLOCK) {
			double w = weight[g];

			for (unsigned i = 0; i < SAMPLE_BLOCK; i++)
				sum[i] += w * row[i];
		}
		memcpy(x->sum + (round * x->blocks + b) * SAMPLE_BLOCK, sum, sizeof sum);
	}
}

static double summed(const struct summing *x, size_t round, size_t column)
{
	return x->sum[round * x->blocks * SAMPLE_BLOCK + column];
}

/* How often each of n groups is drawn. */
static void draw_groups(struct rng *rng, int32_t *weight, size_t n)
{
	memset(weight, 0, n * sizeof *weight);
	for (size_t i = 0; i < n; i++)
		weight[rng_below(rng, n)]++;
}

static void draw_signs(struct rng *rng, int32_t *weight, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++, bits >>= 1) {
		if (i % 64 == 0)
			bits = rng_next(rng);
		weight[i] = bits & 1 ? 1 : -1;
	}
}

/* The next rounds, at most CHUNK: weights drawn one after the other, sums made on all threads.
 * How many they are. */
static unsigned next_rounds(struct summing *x, struct draws draws, unsigned from,
			    void draw(struct rng *, int32_t *, size_t), struct rng *rng)
{
	unsigned rounds = draws.rounds - from < CHUNK ? draws.rounds - from : CHUNK;

	for (unsigned k = 0; k < rounds; k++)
		draw(rng, x->weight + k * x->s->groups, x->s->groups);
	pool_run(draws.pool, rounds, sum_round, x);
	return rounds;
}

/* mean (n): of one column. */
static void ends_of(double *mean, unsigned n, double *low, double *high)
{
	qsort(mean, n, sizeof *mean, by_value);
	*low = n ? mean[(size_t)(0.025 * (n - 1))] : NAN;
	*high = n ? mean[(size_t)ceil(0.975 * (n - 1))] : NAN;
}

void samples_intervals(const struct samples *s, struct draws draws, double *low, double *high)
{
	double *mean = mem_alloc((s->n + 1) * draws.rounds * sizeof *mean);
	struct summing x;
	struct rng rng;
	unsigned n = 0;

	summing_init(&x, s);
	rng_init(&rng, draws.seed, 0xb007);
	for (unsigned r = 0; r < draws.rounds; r += CHUNK) {
		unsigned rounds = next_rounds(&x, draws, r, draw_groups, &rng);

		for (unsigned k = 0; k < rounds; k++) {
			double cases = summed(&x, k, 0);

			for (size_t i = 0; cases > 0 && i < s->n; i++)
				mean[i * draws.rounds + n] = summed(&x, k, i + 1) / cases;
			n += cases > 0;
		}
	}
	for (size_t i = 0; i < s->n; i++)
		ends_of(mean + i * draws.rounds, n, &low[i], &high[i]);
	summing_finish(&x);
	free(mean);
}

void samples_p(const struct samples *s, struct draws draws, double *p)
{
	double *seen = mem_zalloc((s->n + 1) * sizeof *seen);
	unsigned *far = mem_zalloc((s->n + 1) * sizeof *far);
	struct summing x;
	struct rng rng;

	for (size_t i = 0; i < s->n; i++)
		for (size_t g = 0; g < s->groups; g++)
			seen[i] += *place_of(s, g, i + 1);
	summing_init(&x, s);
	rng_init(&rng, draws.seed, 0x516e);
	for (unsigned r = 0; r < draws.rounds; r += CHUNK) {
		unsigned rounds = next_rounds(&x, draws, r, draw_signs, &rng);

		/* sums of the same differences differ in their last bits */
		for (unsigned k = 0; k < rounds; k++)
			for (size_t i = 0; i < s->n; i++)
				far[i] += fabs(summed(&x, k, i + 1)) >=
					  fabs(seen[i]) * (1 - 1e-12);
	}
	for (size_t i = 0; i < s->n; i++)
		p[i] = (1.0 + far[i]) / (1.0 + draws.rounds);
	summing_finish(&x);
	free(seen);
	free(far);
}

/* --- one */

void sample_interval(const struct sample *s, unsigned rounds, uint64_t seed, double *low,
		     double *high)
{
	struct samples one;

	*low = *high = NAN;
	if (samples_init(&one, s->cases, s->n, 1, NULL)) {
		samples_set(&one, 0, s->value);
		samples_intervals(&one, (struct draws){rounds, seed, NULL}, low, high);
	}
	samples_finish(&one);
}

double sample_p(const double *a, const double *b, size_t n, unsigned rounds, uint64_t seed)
{
	SCOPED_FREE double *difference = mem_zalloc((n + 1) * sizeof *difference);
	struct samples one;
	double p = NAN;

	for (size_t i = 0; i < n; i++)
		difference[i] = a[i] - b[i];
	if (samples_init(&one, difference, n, 1, NULL)) {
		samples_set(&one, 0, difference);
		samples_p(&one, (struct draws){rounds, seed, NULL}, &p);
	}
	samples_finish(&one);
	return p;
}

static int by_target(const void *a, const void *b)
{
	const double *const *x = a, *const *y = b;

	return (**x > **y) - (**x < **y);
}

void sample_holm(double *p, size_t m)
{
	double **order = mem_alloc((m + 1) * sizeof *order), least = 0;

	for (size_t i = 0; i < m; i++)
		order[i] = &p[i];
	qsort(order, m, sizeof *order, by_target);
	for (size_t i = 0; i < m; i++) {
		double q = *order[i] * (double)(m - i);

		least = q > least ? q : least;
		*order[i] = least < 1 ? least : 1;
	}
	free(order);
}

double sample_p_floor(unsigned rounds, size_t m)
{
	double least = (double)m / (1.0 + rounds);

	return least < 1 ? least : 1;
}
