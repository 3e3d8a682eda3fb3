/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Candidates above and level with each target are counted in one pass over the scores, so that
 * measures know ties; the best ones in a second say what a list is like.
 */
#include "config.h"

#include "eval/run_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CATEGORIES 3	/* so many are looked at where categories are */

enum segment { SEGMENT_COLD, SEGMENT_WARM, SEGMENT_TOP };

/* Of complements: sessions in which something was bought along, pair by pair; a product that
 * sells alone is as new to them as one that doesn't sell. */
static uint64_t cold_by(const struct asking *g, uint32_t product)
{
	const struct csr *along = &g->c->relation[REL_CO_PURCHASE].out;
	uint64_t n = 0;

	if (g->plan->task != TASK_COMPLEMENT || !along->offsets)
		return g->met[product];
	for (uint64_t k = along->offsets[product]; k < along->offsets[product + 1]; k++)
		n += along->value[k];
	return n;
}

static enum segment segment_of(const struct asking *g, uint32_t product)
{
	return cold_by(g, product) < COLD ? SEGMENT_COLD :
	       g->met[product] >= g->top ? SEGMENT_TOP : SEGMENT_WARM;
}

static int descending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x < y) - (x > y);
}

/* Counts candidates above and at each of the targets' scores; returns the levels. */
static size_t rank_targets(const struct asking *g, struct asker *w, size_t n)
{
	size_t levels = 0;

	for (size_t i = 0; i < n; i++)
		w->level[i] = w->scores[w->target[i]];
	qsort(w->level, n, sizeof *w->level, descending);
	for (size_t i = 0; i < n; i++)
		if (!levels || w->level[levels - 1] != w->level[i])
			w->level[levels++] = w->level[i];
	memset(w->above, 0, levels * sizeof *w->above);
	memset(w->equal, 0, levels * sizeof *w->equal);
	memset(w->of, 0, levels * sizeof *w->of);
	for (uint32_t i = 0; i < g->run->candidates; i++) {
		uint32_t p = g->known[i];
		float s = w->scores[p];
		size_t low = 0, high = levels;

		if (s < w->level[levels - 1] || w->out[p])
			continue;
		while (low < high) {
			size_t mid = (low + high) / 2;

			if (w->level[mid] > s)
				low = mid + 1;
			else
				high = mid;
		}
		if (w->level[low] == s)
			w->equal[low]++;
		else
			w->above[low]++;
	}
	for (size_t i = 0, sum = 0; i < levels; i++) {
		sum += w->above[i];
		w->above[i] = (uint32_t)sum;
		sum += w->equal[i];
	}
	return levels;
}

static size_t level_of(const struct asker *w, size_t levels, uint32_t target)
{
	size_t low = 0, high = levels;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (w->level[mid] >= w->scores[target])
			low = mid;
		else
			high = mid;
	}
	return low;
}

static uint32_t category_of(const struct asking *g, uint32_t product)
{
	uint32_t c = g->c->product_category ? g->c->product_category[product] : CATALOG_NONE;

	return c < g->c->n_categories ? c : g->c->n_categories;
}

/* Categories are ranked by their best candidate. */
static void rank_categories(const struct asking *g, struct asker *w)
{
	for (uint32_t i = 0; i <= g->c->n_categories; i++)
		w->of_category[i] = NAN;
	for (uint32_t i = 0; i < g->run->candidates; i++) {
		uint32_t p = g->known[i];
		float *best = &w->of_category[category_of(g, p)];

		if (!w->out[p] && !(*best >= w->scores[p]))
			*best = w->scores[p];
	}
}

/* The chance that the target's category is of the first CATEGORIES, over orders of tied ones. */
static double category_hit(const struct asking *g, const struct asker *w, uint32_t target)
{
	float own = w->of_category[category_of(g, target)];
	double above = 0, equal = 0, share;

	for (uint32_t i = 0; i <= g->c->n_categories; i++) {
		above += w->of_category[i] > own;
		equal += w->of_category[i] == own;
	}
	share = (CATEGORIES - above) / equal;
	return share < 0 ? 0 : share < 1 ? share : 1;
}

/* The best k candidates that have a score, ties by number. */
static size_t best(const struct asking *g, struct asker *w, uint32_t k)
{
	size_t n = 0;

	for (uint32_t i = 0; i < g->run->candidates; i++) {
		uint32_t p = g->known[i];
		float s = w->scores[p];
		size_t at;

		if (s == -INFINITY || (n == k && s <= w->list_score[n - 1]) || w->out[p])
			continue;
		for (at = n < k ? n++ : n - 1; at && w->list_score[at - 1] < s; at--) {
			w->list[at] = w->list[at - 1];
			w->list_score[at] = w->list_score[at - 1];
		}
		w->list[at] = p;
		w->list_score[at] = s;
	}
	return n;
}

static void add_list(const struct asking *g, struct asker *w, size_t n, unsigned ki,
		     double *sum)
{
	uint32_t k = g->plan->k[ki];

	for (size_t i = 0; i < n && i < k; i++) {
		uint32_t p = w->list[i];

		w->covered[ki][p] = 1;
		sum[SUM_LISTED]++;
		sum[SUM_NOVELTY] -= log2((double)g->sessions[p] / (double)g->n_sessions);
		sum[SUM_POPULARITY] += g->events[p];
		for (size_t j = 0; j < i; j++) {
			sum[SUM_PAIRS]++;
			sum[SUM_DIVERSE] += !catalog_same_category(g->c, p, w->list[j]);
		}
	}
}

/* singles: how many of the n targets are cases of their own, from the first on. */
static void rank_query(const struct asking *g, struct asker *w, size_t n, size_t singles,
		      enum segment segment, double *sums)
{
	unsigned n_k = g->plan->n_k;
	size_t levels = rank_targets(g, w, n), listed = best(g, w, g->plan->k[n_k - 1]);
	double value[MEASURES], categories = 0;

	if (g->plan->task == TASK_COMPLEMENT) {
		rank_categories(g, w);
		for (size_t i = 0; i < singles; i++)
			categories += category_hit(g, w, w->target[i]);
	}
	for (size_t i = 0; i < n; i++)
		w->of[level_of(w, levels, w->target[i])]++;
	for (size_t i = 0; i < levels; i++)
		w->tie[i] = (struct tie){w->above[i], w->equal[i], w->of[i]};
	for (unsigned ki = 0; ki < n_k; ki++) {
		double *sum = sums + (size_t)ki * EVAL_SUMS;

		measure_at(w->tie, levels, (uint32_t)n, g->plan->k[ki], value);
		sum[SUM_RECALL] += value[MEASURE_RECALL];
		sum[SUM_PRECISION] += value[MEASURE_PRECISION];
		sum[SUM_MAP] += value[MEASURE_MAP];
		sum[SUM_ANY] += value[MEASURE_HR];
		sum[SUM_CATEGORY] += categories;
		for (size_t i = 0; i < singles; i++) {
			size_t at = level_of(w, levels, w->target[i]);
			struct tie own = {w->above[at], w->equal[at], 1};

			measure_at(&own, 1, 1, g->plan->k[ki], value);
			sum[SUM_HR] += value[MEASURE_HR];
			sum[SUM_MRR] += value[MEASURE_MRR];
			sum[SUM_NDCG] += value[MEASURE_NDCG];
			sum[SUM_COLD + segment] += value[MEASURE_HR];
		}
		add_list(g, w, listed, ki, sum);
	}
}

static void count_query(const struct asking *g, const struct asker *w, size_t singles,
			enum segment segment, double *count)
{
	count[COUNT_QUERIES]++;
	count[COUNT_CASES] += (double)singles;
	count[COUNT_COLD + segment] += (double)singles;
	for (size_t i = 0; i < singles; i++)
		count[COUNT_TARGET_EVENTS] += g->events[w->target[i]];
}

void run_answer(const struct asking *g, struct asker *w, size_t n, size_t singles,
		uint32_t product, const struct tally_of_list *t)
{
	enum segment s = segment_of(g, product);

	if (w->looking)
		return;
	rank_query(g, w, n, singles, s, t->sums);
	if (g->counting)
		count_query(g, w, singles, s, t->count);
}
