/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bootstrap over groups and tests by flipping signs, from one seeded stream. */
#include "config.h"

#include "eval/sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

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

void sample_interval(const struct sample *s, unsigned rounds, uint64_t seed, double *low,
		     double *high)
{
	double *mean = mem_alloc(rounds * sizeof *mean);
	struct rng rng;
	unsigned n = 0;

	rng_init(&rng, seed, 0xb007);
	for (unsigned r = 0; r < rounds; r++) {
		double value = 0, cases = 0;

		for (size_t i = 0; i < s->n; i++) {
			size_t at = rng_below(&rng, s->n);

			value += s->value[at];
			cases += s->cases[at];
		}
		if (cases > 0)
			mean[n++] = value / cases;
	}
	qsort(mean, n, sizeof *mean, by_value);
	*low = n ? mean[(size_t)(0.025 * (n - 1))] : NAN;
	*high = n ? mean[(size_t)ceil(0.975 * (n - 1))] : NAN;
	free(mean);
}

double sample_p(const double *a, const double *b, size_t n, unsigned rounds, uint64_t seed)
{
	struct rng rng;
	double seen = 0;
	unsigned far = 0;

	for (size_t i = 0; i < n; i++)
		seen += a[i] - b[i];
	rng_init(&rng, seed, 0x516e);
	for (unsigned r = 0; r < rounds; r++) {
		double sum = 0;
		uint64_t bits = 0;

		for (size_t i = 0; i < n; i++, bits >>= 1) {
			double d = a[i] - b[i];

			if (i % 64 == 0)
				bits = rng_next(&rng);
			sum += bits & 1 ? d : -d;
		}
		/* sums of the same differences differ in their last bits */
		far += fabs(sum) >= fabs(seen) * (1 - 1e-12);
	}
	return (1.0 + far) / (1.0 + rounds);
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
