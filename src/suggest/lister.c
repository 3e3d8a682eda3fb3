/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every product gets a score from the model, or by hand from the catalog's counts: a step (3
 * repeat, 2 variant, 1 together, 0 popular) and within it a number below 1.
 */
#include "config.h"

#include "suggest/lister.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "math/topk.h"
#include "model/past.h"
#include "stats/relation.h"

#define SHRINK 5.0	/* sessions */
#define REASONS 20	/* products of a context that are asked for being the reason */

enum { STEP_POPULAR, STEP_TOGETHER, STEP_VARIANT, STEP_REPEAT };

struct lister {
	const struct catalog *c;
	const struct model *model;
	float *popular;		/* (products) */
	float most;
	uint32_t *order;	/* (n_order) products that are popular at all, the most first */
	uint32_t n_order;
	uint32_t *group_at;	/* (products) products by variant group; NULL: no groups */
	uint32_t *group_of;	/* (groups + 1) where each group begins in group_at */
	uint32_t n_groups;
	uint8_t had;
};

bool list_asked_repeat(const struct outlook *o, struct list_request *r, struct err *err)
{
	struct str s = outlook_text(o, ASK_REPEAT);
	double days;

	if (!s.ptr)
		return true;
	if (str_is(s, "keep") || str_is(s, "drop")) {
		r->repeat = str_is(s, "keep") ? REPEAT_KEEP : REPEAT_DROP;
		return true;
	}
	if (!num_real(s, &days) || !(days >= 0) || days > 1e6)
		return err_fail(err, ERR_USAGE, "--repeat takes keep, drop or a number of days, "
				"not '%.*s'", STR_ARG(s));
	r->repeat = REPEAT_AFTER;
	r->repeat_days = (float)days;
	return true;
}

/* --- what all lists share */

static void take_totals(struct lister *l)
{
	const uint32_t *n = l->had == EVENT_VIEW ? l->c->product_views :
			    l->had == EVENT_CART ? l->c->product_carts :
			    l->had == EVENT_PURCHASE ? l->c->product_purchases : NULL;

	for (uint32_t p = 0; n && p < l->c->n_products; p++)
		l->popular[p] = (float)n[p];
}

static bool measure_popularity(struct lister *l, struct err *err)
{
	const struct catalog *c = l->c;

	l->popular = mem_big(c->n_products, sizeof *l->popular, "popularity", err);
	if (!l->popular)
		return false;
	for (uint64_t e = 0; e < c->n_events; e++) {
		double age = c->event_time ?
			(double)(c->last_time - c->event_time[e]) / TIME_DAY : 0;

		if (c->event_kind[e] == l->had)
			l->popular[c->event_product[e]] += (float)(1 / (1 + (age > 0 ? age : 0)));
	}
	/* Counts from elsewhere don't say when. */
	if (!c->n_events)
		take_totals(l);
	for (uint32_t p = 0; p < c->n_products; p++)
		l->most = l->popular[p] > l->most ? l->popular[p] : l->most;
	return true;
}

static bool order_popular(struct lister *l, struct err *err)
{
	uint32_t n = l->c->n_products;
	SCOPED_FREE struct hit *k = mem_big(n, sizeof *k, "popularity", err);

	l->order = mem_big(n, sizeof *l->order, "popularity", err);
	if (!k || !l->order)
		return false;
	for (uint32_t p = 0; p < n; p++)
		if (l->popular[p] > 0)
			k[l->n_order++] = (struct hit){p, l->popular[p]};
	qsort(k, l->n_order, sizeof *k, hit_compare);
	for (uint32_t i = 0; i < l->n_order; i++)
		l->order[i] = k[i].id;
	return true;
}

/* Products of each variant group, by counting. */
static bool list_groups(struct lister *l, struct err *err)
{
	const struct catalog *c = l->c;

	if (!c->product_group)
		return true;
	for (uint32_t p = 0; p < c->n_products; p++)
		if (c->product_group[p] != CATALOG_NONE && c->product_group[p] >= l->n_groups)
			l->n_groups = c->product_group[p] + 1;
	l->group_at = mem_big(c->n_products, sizeof *l->group_at, "variants", err);
	l->group_of = mem_big((size_t)l->n_groups + 2, sizeof *l->group_of, "variants", err);
	if (!l->group_at || !l->group_of)
		return false;
	for (uint32_t p = 0; p < c->n_products; p++)
		if (c->product_group[p] != CATALOG_NONE)
			l->group_of[c->product_group[p] + 2]++;
	for (uint32_t g = 2; g < l->n_groups + 2; g++)
		l->group_of[g] += l->group_of[g - 1];
	for (uint32_t p = 0; p < c->n_products; p++)
		if (c->product_group[p] != CATALOG_NONE)
			l->group_at[l->group_of[c->product_group[p] + 1]++] = p;
	return true;
}

bool lister_create(struct lister **out, const struct catalog *c, const struct model *model,
		   struct err *err)
{
	SCOPED(lister) l = mem_zalloc(sizeof *l);

	l->c = c;
	l->model = model;
	l->had = past_had(c);
	if (!measure_popularity(l, err) || !order_popular(l, err) || !list_groups(l, err))
		return false;
	*out = l;
	l = NULL;
	return true;
}

void lister_destroy(struct lister *l)
{
	if (!l)
		return;
	free(l->popular);
	free(l->order);
	free(l->group_at);
	free(l->group_of);
	free(l);
}

const float *lister_popular(const struct lister *l)
{
	return l->popular;
}

const uint32_t *lister_order(const struct lister *l, uint32_t *n)
{
	assert(n);
	*n = l->n_order;
	return l->order;
}

const struct model *lister_model(const struct lister *l)
{
	return l->model;
}

/* --- by hand */

/* s in [0, infinity) to [0, 1) in the same order. */
static float squash(double s)
{
	return (float)(s / (1 + s));
}

static void raise_to(float *score, unsigned step, float within)
{
	float s = (float)step + within;

	if (!(*score >= s))
		*score = s;
}

/* Adds what goes with a; sum (products). */
static void add_together(const struct lister *l, uint32_t a, float weight, float *sum)
{
	static const enum relation which[] = {REL_CO_PURCHASE, REL_CO_CART, REL_CO_VIEW};

	for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
		const struct relation_counts *k = &l->c->relation[which[i]];

		if (!k->out.offsets || !k->from)
			continue;
		for (uint64_t e = k->out.offsets[a]; e < k->out.offsets[a + 1]; e++) {
			uint32_t b = k->out.column[e];
			double n = k->out.value[e];

			sum[b] += weight * (float)(n / (sqrt((double)k->from[a] * k->from[b]) +
							SHRINK));
		}
	}
}

static void add_variants(const struct lister *l, uint32_t a, float *scores)
{
	uint32_t group = l->group_at ? l->c->product_group[a] : CATALOG_NONE;

	if (group == CATALOG_NONE)
		return;
	for (uint32_t i = l->group_of[group]; i < l->group_of[group + 1]; i++) {
		uint32_t b = l->group_at[i];

		if (b != a)
			raise_to(&scores[b], STEP_VARIANT, squash(l->popular[b]));
	}
}

static bool score_by_hand(const struct lister *l, const struct list_request *r, float *scores,
			  struct err *err)
{
	const struct past *p = r->past;
	uint32_t n = l->c->n_products;
	SCOPED_FREE float *sum = mem_big(n, sizeof *sum, "scores", err);

	if (!sum)
		return false;
	for (unsigned i = 0; p && i < p->n; i++)
		add_together(l, p->product[i], 1, sum);
	for (unsigned i = 0; i < r->n_page; i++)
		add_together(l, r->page[i], 1, sum);
	for (uint32_t b = 0; b < n; b++) {
		scores[b] = sum[b] > 0 ? STEP_TOGETHER + squash(sum[b]) : -INFINITY;
		if (l->popular[b] > 0)
			raise_to(&scores[b], STEP_POPULAR,
				 (float)(0.999 * l->popular[b] / l->most));
	}
	for (unsigned i = 0; i < r->n_page; i++)
		add_variants(l, r->page[i], scores);
	for (unsigned i = 0; p && i < p->n; i++)
		add_variants(l, p->product[i], scores);
	for (unsigned i = 0; p && i < p->n; i++)
		if (p->kind[i] == l->had)
			raise_to(&scores[p->product[i]], STEP_REPEAT,
				 squash(p->times[i] - 0.5F + squash(1 / (0.1 + p->age[i])) / 2));
	return true;
}

/* --- by a model */

/* The past, then the page: that is the latest. */
static unsigned join(const struct list_request *r, struct past *all)
{
	for (unsigned i = 0; r->past && i < r->past->n; i++) {
		past_add(all, r->past->product[i], r->past->age[i], r->past->kind[i]);
		all->times[all->n - 1] = r->past->times[i];
	}
	past_look(all, r->page, r->n_page);
	return all->n;
}

static bool score_by_model(const struct lister *l, const struct list_request *r,
			   struct scoring out, struct err *err)
{
	struct past all = {0};
	bool ok = true;

	if (join(r, &all) == 0 && !(l->model->class->flags & MODEL_BASELINE))
		for (uint32_t b = 0; b < l->c->n_products; b++)
			out.scores[b] = -INFINITY;
	else
		ok = model_score_past(l->model, &all, out, err);
	past_finish(&all);
	return ok;
}

bool lister_score(const struct lister *l, const struct list_request *r,
		  struct scoring out, struct err *err)
{
	assert(r->page || r->n_page == 0);
	if (l->model)
		return score_by_model(l, r, out, err);
	return score_by_hand(l, r, out.scores, err) && job_check(out.job, err);
}

/* --- what may come */

static bool is_repeat(const struct lister *l, const struct past *p, unsigned i)
{
	return p->kind[i] == l->had;
}

static bool keeps(const struct lister *l, const struct list_request *r, float age)
{
	switch (r->repeat) {
	case REPEAT_KEEP:
		return true;
	case REPEAT_DROP:
		return false;
	case REPEAT_AFTER:
		return age >= r->repeat_days;
	default:
		return !l->model || (l->model->class->flags & MODEL_REPEATS);
	}
}

bool lister_drops(const struct list_request *r, unsigned i)
{
	assert(i < r->past->n);
	return is_repeat(r->lister, r->past, i) && !keeps(r->lister, r, r->past->age[i]);
}

enum panel_source lister_source(const struct list_request *r, uint32_t b, float score)
{
	assert(b < r->lister->c->n_products);
	if (r->words)
		return SOURCE_WORDS;
	for (unsigned i = 0; r->past && i < r->past->n; i++)
		if (r->past->product[i] == b && is_repeat(r->lister, r->past, i))
			return SOURCE_REPEAT;
	if (r->lister->model)
		return SOURCE_MODEL;
	return score >= STEP_VARIANT ? SOURCE_VARIANT :
	       score >= STEP_TOGETHER ? SOURCE_TOGETHER : SOURCE_LATE;
}

/* --- reasons */

/* Counts of the strongest relation that has a and b together. */
static struct assoc_counts together(const struct catalog *c, uint32_t a, uint32_t b)
{
	static const enum relation which[] = {REL_CO_PURCHASE, REL_CO_CART, REL_CO_VIEW};

	for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
		const struct relation_counts *k = &c->relation[which[i]];
		uint32_t n = k->from && k->to ? relation_pair(k, a, b) : 0;

		if (n)
			return (struct assoc_counts){n, k->from[a], k->to[b], k->total};
	}
	return (struct assoc_counts){0};
}

/* What a alone says for every product. */
static bool score_alone(const struct lister *l, uint32_t a, struct scoring out,
			struct err *err)
{
	uint32_t n = l->c->n_products;

	if (l->model)
		return model_score(l->model, &(struct history){.product = &a, .n = 1},
				   out, err);
	for (uint32_t b = 0; b < n; b++)
		out.scores[b] = 0;
	add_together(l, a, 1, out.scores);
	for (uint32_t b = 0; b < n; b++)
		out.scores[b] = out.scores[b] > 0 ? out.scores[b] : -INFINITY;
	return job_check(out.job, err);
}

static void because(const struct lister *l, struct panel_row *row, uint32_t a)
{
	row->best = a;
	row->counts = a == row->product ? (struct assoc_counts){0} :
		      together(l->c, a, row->product);
	assoc_compute(&row->counts, &row->assoc);
}

bool lister_reasons(const struct list_request *r, struct panel *p, struct job *job,
		    struct err *err)
{
	const struct lister *l = r->lister;
	struct past all = {0};
	unsigned n = join(r, &all);
	unsigned first = n > REASONS ? n - REASONS : 0;
	SCOPED_FREE float *scores = mem_big(l->c->n_products, sizeof *scores, "scores", err);
	SCOPED_FREE float *most = mem_alloc((p->n_rows + 1) * sizeof *most);
	bool ok = scores != NULL;

	for (unsigned i = 0; i < p->n_rows; i++) {
		most[i] = -INFINITY;
		if (p->rows[i].source == SOURCE_REPEAT)	/* it speaks for itself */
			because(l, &p->rows[i], p->rows[i].product);
	}
	for (unsigned k = first; ok && k < n; k++) {
		uint32_t a = all.product[k];

		ok = score_alone(l, a, (struct scoring){scores, job}, err);
		for (unsigned i = 0; ok && i < p->n_rows; i++) {
			struct panel_row *row = &p->rows[i];
			float s = catalog_variants(l->c, a, row->product) ? INFINITY :
				  scores[row->product];

			if (row->source == SOURCE_LATE || row->source == SOURCE_REPEAT ||
			    s == -INFINITY || s < most[i])
				continue;
			most[i] = s;
			because(l, row, a);
		}
	}
	past_finish(&all);
	return ok;
}
