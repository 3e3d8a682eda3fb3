/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure: what a ranking is worth, exactly also where scores are tied. */
#ifndef MATH_MEASURE_H
#define MATH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Targets of one query with the same score. Where scores are tied a metric is its
 * expected value over all orders of the tied (McSherry and Najork 2008, "Computing
 * information retrieval performance measures efficiently in the presence of tied
 * scores"), not that of an averaged rank.
 */
struct tie {
	uint32_t before;	/* candidates with a greater score */
	uint32_t tied;		/* candidates with this score, targets included: >= 1 */
	uint32_t targets;	/* of them targets: 1 .. tied */
};

enum measure {
	MEASURE_HR,		/* a target is among the first k */
	MEASURE_MRR,		/* 1 / rank of the first target, 0 beyond k */
	MEASURE_NDCG,		/* sum of 1 / log2(rank + 1) over that of a perfect ranking */
	MEASURE_RECALL,		/* share of the targets among the first k */
	MEASURE_PRECISION,	/* share of targets among the first k places */
	MEASURE_MAP,		/* mean precision at the targets, over min(k, targets) */
	MEASURES,
};
const char *measure_name(enum measure m);	/* "hr" ... */

/* value (MEASURES): of the first k places. ties (n): descending scores, so `before`
 * ascends; targets: how many there are in all, those without any score included. */
void measure_at(const struct tie *ties, size_t n, uint32_t targets, uint32_t k,
		double *value);

#endif
