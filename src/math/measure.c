/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the places that tied targets may take, weighted by how many orders do. */
#include "config.h"

#include "math/measure.h"

#include <math.h>
#include <string.h>

static const char *const names[MEASURES] = {
	[MEASURE_HR] = "hr",
	[MEASURE_MRR] = "mrr",
	[MEASURE_NDCG] = "ndcg",
	[MEASURE_RECALL] = "recall",
	[MEASURE_PRECISION] = "precision",
	[MEASURE_MAP] = "map",
};

const char *measure_name(enum measure m)
{
	return names[m];
}

/* Probability that none of the group's targets stands in its first m places. */
static double none_in(const struct tie *t, uint32_t m)
{
	double p = 1;

	for (uint32_t i = 0; i < m && p > 0; i++) {
		double rest = (double)t->tied - i;

		p *= (rest - t->targets > 0 ? rest - t->targets : 0) / rest;
	}
	return p;
}

/* Expected 1 / rank of the first target, when all targets are in the group or after. */
static double reciprocal(const struct tie *t, uint32_t end)
{
	double sum = 0, none = 1;

	for (uint32_t i = t->before; i < end && none > 0; i++) {
		double rest = (double)t->tied - (i - t->before);
		double here = none * t->targets / rest;

		here = here < none ? here : none;
		sum += here / (i + 1.0);
		none -= here;
	}
	return sum;
}

void measure_at(const struct tie *ties, size_t n, uint32_t targets, uint32_t k,
		double *value)
{
	double hits = 0, gain = 0, ideal = 0, average = 0;
	uint32_t earlier = 0;	/* targets in the groups before */

	memset(value, 0, MEASURES * sizeof *value);
	if (!targets || !k)
		return;
	for (size_t g = 0; g < n && ties[g].before < k; g++) {
		const struct tie *t = &ties[g];
		uint32_t end = k - t->before < t->tied ? k : t->before + t->tied;
		double each = (double)t->targets / t->tied;
		double more = t->tied > 1 ? (t->targets - 1.0) / (t->tied - 1.0) : 0;

		if (g == 0) {
			value[MEASURE_HR] = 1 - none_in(t, end - t->before);
			value[MEASURE_MRR] = reciprocal(t, end);
		}
		for (uint32_t i = t->before; i < end; i++) {
			hits += each;
			gain += each / log2(i + 2.0);
			average += each * (earlier + 1 + (i - t->before) * more) / (i + 1.0);
		}
		earlier += t->targets;
	}
	for (uint32_t i = 0; i < k && i < targets; i++)
		ideal += 1 / log2(i + 2.0);
	value[MEASURE_NDCG] = gain / ideal;
	value[MEASURE_RECALL] = hits / targets;
	value[MEASURE_PRECISION] = hits / k;
	value[MEASURE_MAP] = average / (targets < k ? targets : k);
}
