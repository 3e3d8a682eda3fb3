/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every product gets a score from the model, or by hand from the catalog's counts; what may
 * not come is struck out, and the best are taken. By hand a score is a step (3 repeat,
 * 2 variant, 1 together, 0 popular) and within it a number below 1. Words and another context
 * are joined by reciprocal ranks, 1 / (60 + rank) in both orders (Cormack, Clarke and Buettcher
 * 2009). What is missing to the limit is filled with popular products.
 */
#include "config.h"

#include "suggest/lister.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "math/topk.h"
#include "model/model.h"

#define SHRINK 5.0	/* sessions */
#define REASONS 20	/* products of a context that are asked for being the reason */
#define WORDS 500	/* products that words bring in */
#define RANK_FLAT 60	/* reciprocal ranks */

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

static const char *const source_names[LIST_SOURCES] = {
	[LIST_REPEAT] = "repeat", [LIST_VARIANT] = "variant", [LIST_TOGETHER] = "together",
	[LIST_MODEL] = "model", [LIST_WORDS] = "words", [LIST_POPULAR] = "popular",
};

const char *list_source_name(enum list_source s)
{
	return source_names[s];
}

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

void list_finish(struct list *l)
{
	free(l->row);
	*l = (struct list){0};
}

/* --- what all lists share */

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
	for (uint32_t p = 0; p < c->n_products; p++)
		l->most = l->popular[p] > l->most ? l->popular[p] : l->most;
	return true;
}

struct keyed {
	float key;
	uint32_t product;
};

static int largest_first(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;

	return a->key != b->key ? (a->key < b->key) - (a->key > b->key)
				: (a->product > b->product) - (a->product < b->product);
}

static bool order_popular(struct lister *l, struct err *err)
{
	uint32_t n = l->c->n_products;
	SCOPED_FREE struct keyed *k = mem_big(n, sizeof *k, "popularity", err);

	l->order = mem_big(n, sizeof *l->order, "popularity", err);
	if (!k || !l->order)
		return false;
	for (uint32_t p = 0; p < n; p++)
		if (l->popular[p] > 0)
			k[l->n_order++] = (struct keyed){l->popular[p], p};
	qsort(k, l->n_order, sizeof *k, largest_first);
	for (uint32_t i = 0; i < l->n_order; i++)
		l->order[i] = k[i].product;
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
	for (unsigned i = 0; i < r->n_page; i++)
		past_add(all, r->page[i], 0, EVENT_VIEW);
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

static bool may(const struct list_request *r, uint32_t b)
{
	return (!r->allow || (r->allow[b / 64] >> b % 64 & 1)) &&
	       (!r->among || (r->among[b / 64] >> b % 64 & 1));
}

/* out (products): 1 may not come. */
static void strike(const struct lister *l, const struct list_request *r, uint8_t *out)
{
	const struct catalog *c = l->c;
	const struct past *p = r->past;

	for (uint32_t b = 0; b < c->n_products; b++)
		out[b] = !may(r, b);
	for (unsigned i = 0; p && i < p->n; i++)
		if (is_repeat(l, p, i) && !keeps(l, r, p->age[i]))
			out[p->product[i]] = 1;
	for (unsigned i = 0; i < r->n_page; i++) {
		uint32_t a = r->page[i], group = l->group_at ? c->product_group[a] : CATALOG_NONE;

		out[a] = 1;
		if (group == CATALOG_NONE)
			continue;
		for (uint32_t k = l->group_of[group]; k < l->group_of[group + 1]; k++)
			out[l->group_at[k]] = 1;
	}
}

/* --- the list */

static size_t best(const struct lister *l, const float *scores, const uint8_t *out,
		   struct hit *hits, size_t limit)
{
	struct topk t;

	topk_init(&t, hits, limit);
	for (uint32_t b = 0; b < l->c->n_products; b++)
		if (!out[b] && scores[b] > -INFINITY && scores[b] >= topk_floor(&t))
			topk_push(&t, b, scores[b]);
	topk_sort(&t);
	return t.n;
}

static bool has_context(const struct list_request *r)
{
	return r->n_page || (r->past && r->past->n);
}

/* scores become those of both orders among what the words bring in. */
static void join_words(const struct lister *l, const struct list_request *r, float *scores,
		       const uint8_t *out)
{
	uint32_t n = l->c->n_products;
	SCOPED_FREE struct hit *near = mem_alloc(WORDS * sizeof *near);
	SCOPED_FREE struct keyed *k = mem_alloc(WORDS * sizeof *k);
	size_t n_near = best(l, r->words, out, near, WORDS);

	for (size_t i = 0; i < n_near; i++)
		k[i] = (struct keyed){scores[near[i].id], (uint32_t)i};
	qsort(k, n_near, sizeof *k, largest_first);
	for (uint32_t b = 0; b < n; b++)
		scores[b] = -INFINITY;
	for (size_t i = 0; i < n_near; i++) {
		uint32_t at = k[i].product;	/* its place among the near ones */

		scores[near[at].id] = 1.0F / (float)(RANK_FLAT + 1 + at) +
			(k[i].key > -INFINITY ? 1.0F / (float)(RANK_FLAT + 1 + i) : 0);
	}
}

static enum list_source source_of(const struct lister *l, const struct list_request *r,
				  uint32_t b, float score)
{
	if (r->words)
		return LIST_WORDS;
	for (unsigned i = 0; r->past && i < r->past->n; i++)
		if (r->past->product[i] == b && is_repeat(l, r->past, i))
			return LIST_REPEAT;
	if (l->model)
		return LIST_MODEL;
	return score >= STEP_VARIANT ? LIST_VARIANT : score >= STEP_TOGETHER ? LIST_TOGETHER :
	       LIST_POPULAR;
}

static void take(struct list *list, const struct lister *l, const struct list_request *r,
		 struct hit h)
{
	struct list_row row = {.product = h.id, .score = h.score, .because = CATALOG_NONE,
			       .age = NAN, .source = source_of(l, r, h.id, h.score)};

	list->filled += row.source == LIST_POPULAR;
	list->row[list->n++] = row;
}

/* Popular ones to the limit; of `among` the others too, by number. */
static void fill_up(struct list *list, const struct lister *l, const struct list_request *r,
		    uint8_t *out)
{
	struct list_row row = {.because = CATALOG_NONE, .age = NAN, .source = LIST_POPULAR};

	for (unsigned i = 0; i < list->n; i++)
		out[list->row[i].product] = 1;
	for (uint32_t i = 0; i < l->n_order && list->n < r->limit; i++) {
		row.product = l->order[i];
		row.score = l->popular[row.product];
		if (!out[row.product]) {
			list->row[list->n++] = row;
			list->filled++;
		}
	}
	row.score = 0;
	for (row.product = 0; r->among && row.product < l->c->n_products &&
	     list->n < r->limit; row.product++)
		if (!out[row.product] && l->popular[row.product] <= 0) {
			list->row[list->n++] = row;
			list->filled++;
		}
}

/* --- reasons */

static uint32_t together_n(const struct catalog *c, uint32_t a, uint32_t b)
{
	static const enum relation which[] = {REL_CO_PURCHASE, REL_CO_CART, REL_CO_VIEW};

	for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
		const struct csr *out = &c->relation[which[i]].out;
		uint64_t low, high;

		if (!out->offsets)
			continue;
		low = out->offsets[a];
		for (high = out->offsets[a + 1]; low < high;) {
			uint64_t mid = (low + high) / 2;

			if (out->column[mid] < b)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < out->offsets[a + 1] && out->column[low] == b)
			return out->value[low];
	}
	return 0;
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

static void because(const struct lister *l, struct list_row *row, uint32_t a, float age,
		    uint8_t kind)
{
	row->because = a;
	row->age = age;
	row->because_kind = kind;
	row->n = a == row->product ? 0 : together_n(l->c, a, row->product);
}

/* What was had before speaks for itself. */
static void own_reasons(const struct lister *l, const struct list_request *r,
			struct list *list)
{
	for (unsigned i = 0; i < list->n; i++)
		for (unsigned k = 0; list->row[i].source == LIST_REPEAT && k < r->past->n; k++)
			if (r->past->product[k] == list->row[i].product)
				because(l, &list->row[i], r->past->product[k], r->past->age[k],
					r->past->kind[k]);
}

static bool find_reasons(const struct lister *l, const struct list_request *r,
			 struct list *list, struct job *job, struct err *err)
{
	struct past all = {0};
	unsigned n = join(r, &all);
	unsigned first = n > REASONS ? n - REASONS : 0;
	SCOPED_FREE float *scores = mem_big(l->c->n_products, sizeof *scores, "scores", err);
	SCOPED_FREE float *most = mem_alloc((list->n + 1) * sizeof *most);
	bool ok = scores != NULL;

	own_reasons(l, r, list);
	for (unsigned i = 0; i < list->n; i++)
		most[i] = -INFINITY;
	for (unsigned k = first; ok && k < n; k++) {
		uint32_t a = all.product[k];
		float age = k + r->n_page < n ? all.age[k] : NAN;

		ok = score_alone(l, a, (struct scoring){scores, job}, err);
		for (unsigned i = 0; ok && i < list->n; i++) {
			struct list_row *row = &list->row[i];
			float s = catalog_variants(l->c, a, row->product) ? INFINITY :
				  scores[row->product];

			if (row->source == LIST_POPULAR || row->source == LIST_REPEAT ||
			    s == -INFINITY || s < most[i])
				continue;
			most[i] = s;
			because(l, row, a, age, all.kind[k]);
		}
	}
	past_finish(&all);
	return ok;
}

bool lister_list(const struct lister *l, const struct list_request *r, struct list *out,
		 struct job *job, struct err *err)
{
	uint32_t n = l->c->n_products;
	SCOPED_FREE float *scores = mem_big(n, sizeof *scores, "scores", err);
	SCOPED_FREE uint8_t *struck = mem_big(n, 1, "scores", err);
	SCOPED_FREE struct hit *hits = mem_alloc((r->limit + 1) * sizeof *hits);
	struct list list = {0};
	size_t found;

	if (!scores || !struck || !lister_score(l, r, (struct scoring){scores, job}, err))
		return false;
	strike(l, r, struck);
	if (r->words && !has_context(r))
		memcpy(scores, r->words, n * sizeof *scores);
	else if (r->words)
		join_words(l, r, scores, struck);
	found = best(l, scores, struck, hits, r->limit);
	list.row = mem_alloc((r->limit + 1) * sizeof *list.row);
	for (size_t i = 0; i < found; i++)
		take(&list, l, r, hits[i]);
	fill_up(&list, l, r, struck);
	if (r->reasons && has_context(r) && !find_reasons(l, r, &list, job, err)) {
		list_finish(&list);
		return false;
	}
	*out = list;
	return true;
}
