/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * walk: random walks over what is looked at next.
 *
 *	score(b|a) = sum over t = 1..hops of alpha^(t-1) (P^t)_ab / deg(b)^beta
 *
 * P: counts of adjacent views, each row divided by its sum; deg(b): sum of the counts
 * that reach b. Nothing is learnt, nothing is random, and every score is a sum over
 * paths, which is how it is explained.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "math/lanes.h"
#include "model/pairs.h"
#include "model/walk.h"

#define POLL 65536u	/* rows between two looks at the job */

static bool by_sets(const struct params *p)
{
	return params_takes(p, PARAM_ID_COUNT) &&
	       params_choice(p, PARAM_ID_COUNT) == PAIRS_SET;
}

bool walk_train(const struct lesson *l, struct err *err)
{
	struct pairs_ask ask = {
		.way = by_sets(l->params) ? PAIRS_SET : PAIRS_ADJACENT,
		.symmetric = params_choice(l->params, PARAM_ID_DIRECTION) == 1,
	};
	struct sequences q;
	bool ok;

	if (pairs_elsewhere(l->catalog))
		return pairs_given(l->sink, l, sequences_kinds(l->catalog, l->params), &ask, err);
	if (!sequences_read(&q, l, 2, err))
		return false;
	ok = pairs_count(l->sink, &q, &ask, l->work, err);
	sequences_finish(&q);
	return ok;
}

struct walk;

/* Sums of many walks, of the products that are met, and where any is: most walks of a large shop
 * get to few of its products. All is 0 between two uses. */
struct crowd {
	const struct walk *w;
	double *at, *next, *reach;	/* (w->n + 1, LANES) */
	uint64_t *in_at, *in_next, *in_reach;	/* (words) bits: rows that aren't 0 */
	size_t words;		/* bits of no row may be set */
	struct crowd *then;	/* among the spare */
};

static void crowd_destroy(struct crowd *c)
{
	free(c->at);
	free(c->next);
	free(c->reach);
	free(c->in_at);
	free(c->in_next);
	free(c->in_reach);
	free(c);
}

/* What is open; pairs stand first, as those see it who only need them. */
struct walk {
	struct pairs pairs;
	/* Products that a walk leaves or reaches: sums of many walks are kept of them alone. */
	uint32_t *product;	/* (n) ascending */
	uint32_t *place;	/* (products) among them; n: walks don't get there */
	uint32_t n;
	pthread_mutex_t lock;
	struct crowd *spare;	/* room of walks that are over, for those to come */
};

static bool is_met(const struct pairs *x, uint32_t p)
{
	return x->from[p] > 0 || x->to[p] > 0;
}

static void number_met(struct walk *w, uint32_t products)
{
	for (uint32_t p = 0; p < products; p++)
		if (is_met(&w->pairs, p))
			w->product[w->n++] = p;
	for (uint32_t p = 0; p < products; p++)
		w->place[p] = w->n;
	for (uint32_t i = 0; i < w->n; i++)
		w->place[w->product[i]] = i;
}

bool walk_open(struct model *m, struct err *err)
{
	struct walk *w = m->state = mem_zalloc(sizeof *w);

	pthread_mutex_init(&w->lock, NULL);
	w->product = mem_big(m->n_products, sizeof *w->product, "walks", err);
	w->place = w->product ? mem_big(m->n_products, sizeof *w->place, "walks", err) : NULL;
	if (!w->place || !pairs_bind(&w->pairs, m, err)) {
		walk_close(m);
		return false;
	}
	number_met(w, m->n_products);
	return true;
}

void walk_close(struct model *m)
{
	struct walk *w = m->state;

	if (!w)
		return;
	for (struct crowd *c = w->spare, *then; c; c = then) {
		then = c->then;
		crowd_destroy(c);
	}
	pthread_mutex_destroy(&w->lock);
	free(w->product);
	free(w->place);
	free(w);
	m->state = NULL;
}

/* A row's sum: pairs/from counts sessions where pairs are counted once in each. */
static double row_sum(const struct model *m, uint32_t a)
{
	const struct pairs *x = m->state;
	double sum = 0;
	uint64_t k, end;

	if (!by_sets(&m->params))
		return x->from[a];
	for (pairs_row(x, a, &k, &end); k < end; k++)
		sum += x->value[k];
	return sum;
}

/* One hop: out (products) = at P. */
static bool hop(const struct model *m, const double *at, double *out, struct job *job,
		struct err *err)
{
	const struct pairs *x = m->state;

	memset(out, 0, m->n_products * sizeof *out);
	for (uint32_t a = 0; a < m->n_products; a++) {
		double sum = at[a] > 0 ? row_sum(m, a) : 0, w = sum > 0 ? at[a] / sum : 0;
		uint64_t k, end;

		if (a % POLL == 0 && !job_check(job, err))
			return false;
		pairs_row(x, a, &k, &end);
		for (; w > 0 && k < end; k++)
			if (x->column[k] < m->n_products)
				out[x->column[k]] += w * x->value[k];
	}
	return true;
}

/* reach (products) = the sum over hops, not yet divided by degrees. */
static bool spread(const struct model *m, const struct history *h, double *reach,
		   struct job *job, struct err *err)
{
	unsigned hops = (unsigned)params_count(&m->params, PARAM_ID_HOPS);
	double alpha = params_real(&m->params, PARAM_ID_ALPHA), factor = 1;
	SCOPED_FREE double *at = mem_big(m->n_products, sizeof *at, "a walk", err);
	SCOPED_FREE double *next = at ? mem_big(m->n_products, sizeof *next, "a walk", err)
				      : NULL;

	if (!next)
		return false;
	for (unsigned i = 0; i < h->n; i++)
		at[h->product[i]] += h->weight ? h->weight[i] : 1;
	for (unsigned t = 0; t < hops; t++, factor *= alpha) {
		double *was = at;

		if (!hop(m, at, next, job, err))
			return false;
		for (uint32_t b = 0; b < m->n_products; b++)
			reach[b] += factor * next[b];
		at = next;
		next = was;
	}
	return true;
}

bool walk_score(const struct model *m, const struct history *h, struct scoring out,
		struct err *err)
{
	const struct pairs *x = m->state;
	double beta = params_real(&m->params, PARAM_ID_BETA);
	SCOPED_FREE double *reach = mem_big(m->n_products, sizeof *reach, "a walk", err);

	if (!reach || !spread(m, h, reach, out.job, err))
		return false;
	for (uint32_t b = 0; b < m->n_products; b++)
		out.scores[b] = reach[b] > 0 ? (float)(reach[b] / pow(x->to[b], beta))
					     : -INFINITY;
	return true;
}

/* --- many at once */

_Static_assert(LANES == MODEL_MANY, "a history has a lane");

#define NARROW 16	/* one row of so many */

static struct crowd *crowd_create(const struct walk *w, struct err *err)
{
	struct crowd *c = mem_zalloc(sizeof *c);
	size_t numbers = ((size_t)w->n + 1) * LANES;

	c->w = w;
	c->words = w->n / 64 + 1;
	c->in_at = mem_zalloc(c->words * sizeof *c->in_at);
	c->in_next = mem_zalloc(c->words * sizeof *c->in_next);
	c->in_reach = mem_zalloc(c->words * sizeof *c->in_reach);
	c->at = mem_big(numbers, sizeof *c->at, "walks", err);
	c->next = mem_big(numbers, sizeof *c->next, "walks", err);
	c->reach = mem_big(numbers, sizeof *c->reach, "walks", err);
	if (c->at && c->next && c->reach)
		return c;
	crowd_destroy(c);
	return NULL;
}

/* A spare one, or a new one. NULL: no memory. */
static struct crowd *crowd_take(struct walk *w, struct err *err)
{
	struct crowd *c;

	pthread_mutex_lock(&w->lock);
	c = w->spare;
	if (c)
		w->spare = c->then;
	pthread_mutex_unlock(&w->lock);
	return c ? c : crowd_create(w, err);
}

static void mark(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* The first row from *i on that bits name, which is put there; false: none. Asking goes on with
 * the one after it. */
static bool next_row(const struct crowd *c, const uint64_t *bits, uint32_t *i)
{
	size_t word = *i / 64;
	uint64_t left = word < c->words ? bits[word] & (~UINT64_C(0) << *i % 64) : 0;

	while (!left && ++word < c->words)
		left = bits[word];
	if (!left)
		return false;
	*i = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(left);
	return *i < c->w->n;
}

/* Whether a hop from there is told what it reaches: from many rows it gets nearly everywhere. */
static bool is_narrow(const struct crowd *c)
{
	size_t rows = 0;

	for (size_t i = 0; i < c->words; i++)
		rows += (size_t)__builtin_popcountll(c->in_at[i]);
	return rows < c->w->n / NARROW;
}

/* next += at P of one row. */
static void hop_from(const struct model *m, const struct crowd *c, uint32_t i, bool narrow)
{
	const struct pairs *x = m->state;
	const double *from = c->at + (size_t)i * LANES;
	uint32_t a = c->w->product[i];
	double sum = row_sum(m, a), w[LANES];
	uint64_t k, end;

	pairs_row(x, a, &k, &end);
	if (!(sum > 0))
		return;
	for (unsigned l = 0; l < LANES; l++)
		w[l] = from[l] / sum;
	for (uint64_t j = k; narrow && j < end; j++)
		if (x->column[j] < m->n_products)
			mark(c->in_next, c->w->place[x->column[j]]);
	lanes_add(&(struct lanes_row){x->column + k, x->value + k, end - k, c->w->place,
				      m->n_products}, w, c->next);
}

/* One hop of all lanes: next = at P. Rows ascend, as in the walk of one history. */
static bool hop_many(const struct model *m, const struct crowd *c, struct job *job,
		     struct err *err)
{
	bool narrow = is_narrow(c);

	if (!narrow)
		memset(c->in_next, 0xff, c->words * sizeof *c->in_next);
	for (uint32_t i = 0; next_row(c, c->in_at, &i); i++) {
		const double *from = c->at + (size_t)i * LANES;
		double any = 0;

		for (unsigned l = 0; l < LANES; l++)
			any += from[l];
		if (any > 0)
			hop_from(m, c, i, narrow);
	}
	return job_check(job, err);
}

/* Rows that bits name, and the bits, are 0 again. */
static void clear_rows(const struct crowd *c, double *rows, uint64_t *bits)
{
	for (uint32_t i = 0; next_row(c, bits, &i); i++)
		memset(rows + (size_t)i * LANES, 0, LANES * sizeof *rows);
	memset(bits, 0, c->words * sizeof *bits);
}

/* What was reached by this hop counts, and is where the next one starts. */
static void arrive(struct crowd *c, double factor)
{
	double *was = c->at;
	uint64_t *in_was = c->in_at;

	for (uint32_t i = 0; next_row(c, c->in_next, &i); i++)
		for (unsigned l = 0; l < LANES; l++)
			c->reach[(size_t)i * LANES + l] += factor * c->next[(size_t)i * LANES + l];
	for (size_t i = 0; i < c->words; i++)
		c->in_reach[i] |= c->in_next[i];
	clear_rows(c, c->at, c->in_at);
	c->at = c->next;
	c->next = was;
	c->in_at = c->in_next;
	c->in_next = in_was;
}

/* Room for walks to come. */
static void crowd_give(struct crowd *c, struct walk *w)
{
	clear_rows(c, c->at, c->in_at);
	clear_rows(c, c->next, c->in_next);
	clear_rows(c, c->reach, c->in_reach);
	pthread_mutex_lock(&w->lock);
	c->then = w->spare;
	w->spare = c;
	pthread_mutex_unlock(&w->lock);
}

/* reach, as spread has it of each. */
static bool spread_many(const struct model *m, const struct history *h, unsigned n,
			struct crowd *c, struct job *job, struct err *err)
{
	unsigned hops = (unsigned)params_count(&m->params, PARAM_ID_HOPS);
	double alpha = params_real(&m->params, PARAM_ID_ALPHA), factor = 1;

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < h[i].n; j++) {
			uint32_t place = c->w->place[h[i].product[j]];

			c->at[(size_t)place * LANES + i] +=
				h[i].weight ? (double)h[i].weight[j] : 1;
			mark(c->in_at, place);
		}
	for (unsigned t = 0; t < hops; t++, factor *= alpha) {
		if (!hop_many(m, c, job, err))
			return false;
		arrive(c, factor);
	}
	return true;
}

#define FILL 16	/* numbers of a step, so that it is one of vectors */

/* None of n has a score. */
static void score_none(float *scores, size_t n)
{
	size_t i = 0;

	for (; i + FILL <= n; i += FILL)
		for (unsigned j = 0; j < FILL; j++)
			scores[i + j] = -INFINITY;
	for (; i < n; i++)
		scores[i] = -INFINITY;
}

static bool any_met(const struct walk *w, const struct history *h, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < h[i].n; j++)
			if (w->place[h[i].product[j]] < w->n)
				return true;
	return false;
}

bool walk_score_many(const struct model *m, const struct history *h, unsigned n,
		     struct scoring out, struct err *err)
{
	const struct pairs *x = m->state;
	double beta = params_real(&m->params, PARAM_ID_BETA);
	struct crowd *c;
	bool ok;

	assert(n >= 1 && n <= LANES);
	score_none(out.scores, (size_t)n * m->n_products);
	if (!any_met(m->state, h, n))
		return true;
	c = crowd_take(m->state, err);
	ok = c && spread_many(m, h, n, c, out.job, err);
	for (uint32_t i = 0; ok && next_row(c, c->in_reach, &i); i++) {
		uint32_t b = c->w->product[i];
		double degree = beta == 0 ? 1 : pow(x->to[b], beta);

		for (unsigned l = 0; l < n; l++)
			if (c->reach[(size_t)i * LANES + l] > 0)
				out.scores[(size_t)l * m->n_products + b] =
					(float)(c->reach[(size_t)i * LANES + l] / degree);
	}
	if (c)
		crowd_give(c, m->state);
	return ok;
}

/* --- paths */

/* Put a reason among the n strongest; `have` are there. */
static unsigned keep(struct reasons reasons, unsigned have, const struct model_reason *r)
{
	unsigned at = have < reasons.n ? have : reasons.n - 1;

	if (have == reasons.n && reasons.at[reasons.n - 1].share >= r->share)
		return have;
	for (; at > 0 && reasons.at[at - 1].share < r->share; at--)
		reasons.at[at] = reasons.at[at - 1];
	reasons.at[at] = *r;
	return have < reasons.n ? have + 1 : reasons.n;
}

static struct model_reason direct(const struct model *m, uint32_t a, uint32_t b, double all)
{
	double n = pairs_value(m->state, a, b), of = row_sum(m, a);
	struct model_reason r = {.share = n / of / all, .via = CATALOG_NONE};

	snprintf(r.text, sizeof r.text, "%s %.0f times of %.0f (%.1f%%)",
		 by_sets(&m->params) ? "together with it" : "next after it", n, of,
		 100 * n / of);
	return r;
}

/* From a by entry k to b. */
struct path {
	uint32_t a;
	uint64_t k;
	uint32_t b;
};

static struct model_reason two_hops(const struct model *m, struct path p, double alpha,
				    double all)
{
	const struct pairs *x = m->state;
	uint32_t via = x->column[p.k];
	double first = x->value[p.k] / row_sum(m, p.a);
	double of = via < x->n_products ? row_sum(m, via) : 0;
	double second = of > 0 ? pairs_value(x, via, p.b) / of : 0;
	struct model_reason r = {.share = alpha * first * second / all, .via = via};

	snprintf(r.text, sizeof r.text, "%.1f%% go there next, %.1f%% from there to it",
		 100 * first, 100 * second);
	return r;
}

unsigned walk_explain(const struct model *m, uint32_t a, uint32_t b,
		      struct reasons reasons)
{
	const struct pairs *x = m->state;
	double alpha = params_real(&m->params, PARAM_ID_ALPHA);
	SCOPED_FREE double *reach = mem_big(m->n_products, sizeof *reach, "a walk", NULL);
	struct history h = {&a, NULL, 1};
	struct model_reason r;
	unsigned have = 0;
	uint64_t k, end;

	if (!reach || reasons.n == 0 || !spread(m, &h, reach, NULL, NULL) ||
	    !(reach[b] > 0))
		return 0;
	r = direct(m, a, b, reach[b]);
	if (r.share > 0)
		have = keep(reasons, have, &r);
	if (params_count(&m->params, PARAM_ID_HOPS) < 2)
		return have;
	for (pairs_row(x, a, &k, &end); k < end; k++) {
		r = two_hops(m, (struct path){a, k, b}, alpha, reach[b]);
		if (r.share > 0)
			have = keep(reasons, have, &r);
	}
	return have;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_DIRECTION, "directed"},
	{PARAM_ID_HOPS, "2"},
	{PARAM_ID_ALPHA, "0.5"},
	{PARAM_ID_BETA, "0"},
	{PARAM_ID_RECENCY, "0"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_DIRECTION, "symmetric"},
	{PARAM_ID_HOPS, "8"},
	{PARAM_ID_ALPHA, "0.8"},
	{PARAM_ID_BETA, "0.25"},
	{PARAM_IDS, NULL},
};

static const struct param_default baskets[] = {
	{PARAM_ID_DIRECTION, "symmetric"},
	{PARAM_IDS, NULL},
};

const struct model_class md_walk = {
	.name = "walk",
	.title = "Random walks over next views",
	.summary = "Where a shopper who goes on from product to product as others did arrives "
		   "within some hops; later hops count less. Explained by its best paths.",
	.score_text = "the weighted chance to arrive at it within the hops, over its degree to "
		      "the power of --beta",
	.params = params,
	.baskets = baskets,
	.sparse = sparse,
	.flags = MODEL_EDGES,
	.train = walk_train,
	.open = walk_open,
	.close = walk_close,
	.score = walk_score,
	.score_many = walk_score_many,
	.explain = walk_explain,
};
