/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens trained files, matches their products with a catalog's, and scores. */
#include "config.h"

#include "model/model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/pairs.h"
#include "model/sequences.h"
#include "model/vector_scores.h"
#include "stats/part.h"
#include "stats/relation.h"
#include "stats/scan.h"
#include "store/trained.h"

/* --- training and opening */

static uint64_t total(const struct catalog *c, unsigned kinds, uint32_t p)
{
	return (kinds & KIND_BIT(EVENT_VIEW) ? c->product_views[p] : 0) +
	       (kinds & KIND_BIT(EVENT_CART) ? c->product_carts[p] : 0) +
	       (kinds & KIND_BIT(EVENT_PURCHASE) ? c->product_purchases[p] : 0);
}

/* Events of the kinds for each product that has one. */
static double density(const struct catalog *c, unsigned kinds)
{
	SCOPED_FREE uint8_t *met = mem_zalloc((size_t)c->n_products + 1);
	uint64_t events = 0, products = 0;

	/* Counts from elsewhere have totals. */
	for (uint32_t p = 0; !c->n_events && c->product_views && p < c->n_products; p++) {
		uint64_t n = total(c, kinds, p);

		events += n;
		products += n > 0;
	}
	for (uint64_t i = 0; i < c->n_events; i++) {
		if (!(kinds >> c->event_kind[i] & 1))
			continue;
		events++;
		products += !met[c->event_product[i]];
		met[c->event_product[i]] = 1;
	}
	return products ? (double)events / (double)products : 0;
}

void model_settle(const struct model_class *class, const struct catalog *c,
		  struct params *p)
{
	unsigned kinds = sequences_kinds(c, p);

	if (pairs_elsewhere(c))
		params_prefer(p, class->counted);
	if (!class->baskets && !class->sparse)
		return;
	if (!(kinds >> EVENT_VIEW & 1) || !(c->caps & CAP_VIEWS))
		params_prefer(p, class->baskets);
	else if (density(c, kinds) < MODEL_DENSE)
		params_prefer(p, class->sparse);
}

bool model_train(const struct model_class *class, const struct lesson *l, struct err *err)
{
	struct lesson of_pairs = *l;	/* of a graph */
	SCOPED(part) log = NULL;

	assert(l->catalog && l->params && l->sink);
	if (class->read)
		return err_fail(err, ERR_USAGE, "%s is made of a published folder: aisle train "
				"%s STORE --from DIR", class->name, class->name);
	if (!class->train)
		return err_fail(err, ERR_USAGE, "%s is not trained: %s", class->name,
				class->summary);
	if (l->catalog->n_sessions || l->catalog->product_session_offsets ||
	    class->flags & MODEL_EDGES)
		return class->train(l, err) && job_check(l->work.job, err);
	if (!relations_alone(l->catalog))
		return err_fail(err, ERR_NO, "%s learns from sessions, and this store has none: "
				"its counts were made elsewhere. aisle import vectors takes what "
				"was learnt there", class->name);
	if (!part_make_paired(&log, l->catalog, err))
		return false;
	of_pairs.catalog = part_catalog(log);
	return class->train(&of_pairs, err) && job_check(l->work.job, err);
}

bool model_fit(const struct model_class *class, const struct lesson *l,
	       const struct model *of, struct err *err)
{
	SCOPED_FREE float *own = NULL;
	struct vectors v;

	assert(class->fit && l->catalog && l->params && l->sink);
	return vectors_all(of, &v, &own, err) && class->fit(l, &v, err) &&
	       job_check(l->work.job, err);
}

bool model_read(const struct model_class *class, const struct lesson *l,
		const struct model_source *from, struct err *err)
{
	assert(class->read && l->catalog && l->params && l->sink);
	return class->read(l, from, err) && job_check(l->work.job, err);
}

bool model_offered(const struct model_class *class)
{
	return model_ranks(class) && !(class->flags & MODEL_ASIDE);
}

bool model_ranks(const struct model_class *class)
{
	return class->score || class->score_past || (class->flags & MODEL_VECTORS);
}

bool model_array(const struct model *m, const char *name, enum array_type type,
		 struct array *a, struct err *err)
{
	struct array found;

	if (!m->find(m->ctx, name, &found) || found.type != type)
		return err_fail(err, ERR_STORE, "the model is damaged: it has no array %s of "
				"type %s", name, array_type_name(type));
	*a = found;
	return true;
}

bool model_bind(struct model *m, struct err *err)
{
	if ((m->class->flags & MODEL_VECTORS) && !vectors_bind(m, err))
		return false;
	return !m->class->open || m->class->open(m, err);
}

bool model_open_arrays(struct model **out, const struct model_form *form,
		       const struct model_arrays *a, struct err *err)
{
	SCOPED(model) m = mem_zalloc(sizeof *m);

	assert(form->class && form->params);
	m->class = form->class;
	m->params = *form->params;
	m->n_products = m->n_outside = form->n_products;
	m->find = a->find;
	m->ctx = a->ctx;
	if (!model_bind(m, err))
		return false;
	*out = m;
	m = NULL;
	return true;
}

bool model_open_sink(struct model **m, const struct model_form *form, struct sink *s,
		     struct err *err)
{
	const struct model_arrays a = {sink_find, s};

	return model_open_arrays(m, form, &a, err);
}

void model_destroy(struct model *m)
{
	if (!m)
		return;
	if (m->class && m->class->close && m->state)
		m->class->close(m);
	vectors_unbind(m);
	free(m->inside);
	trained_destroy(m->trained);
	free(m);
}

const char *model_name(const struct model *m)
{
	return m->trained ? trained_name(m->trained) : m->class->name;
}

bool model_latest(const struct model *m)
{
	return !m->trained || trained_latest(m->trained);
}

const char *model_meaning(const struct model *m)
{
	return m->class->meaning ? m->class->meaning(&m->params) : m->class->score_text;
}

const json_t *model_meta(const struct model *m)
{
	return m->trained ? trained_meta(m->trained) : NULL;
}

bool model_stale(const struct model *m)
{
	return m->trained && trained_stale(m->trained);
}

/* --- scores */

/* Of a history nobody knows when and how: all of it was looked at just now. */
static bool score_untold(const struct model *m, const struct history *h,
			 struct scoring out, struct err *err)
{
	struct past past = {0};
	bool ok;

	past_look(&past, h->product, h->n);
	ok = m->class->score_past(m, &past, out, err);
	past_finish(&past);
	return ok;
}

static bool score_inside(const struct model *m, const struct history *h,
			 struct scoring out, struct err *err)
{
	if (!job_check(out.job, err))
		return false;
	if (m->class->score_past)
		return score_untold(m, h, out, err);
	if (!m->class->score)
		return vectors_score(m, h, out, err);
	return m->class->score(m, h, out, err);
}

struct history_room {
	uint32_t *product;
	float *weight;
};

/* The part of the history that was there at training. */
static void turn_history(const struct model *m, const struct history *h, struct history *own,
			 struct history_room room)
{
	unsigned n = 0;

	for (unsigned i = 0; i < h->n; i++) {
		if (m->inside[h->product[i]] == CATALOG_NONE)
			continue;
		room.product[n] = m->inside[h->product[i]];
		room.weight[n++] = h->weight ? h->weight[i] : 1;
	}
	*own = (struct history){room.product, h->weight ? room.weight : NULL, n};
}

static bool score_mapped(const struct model *m, const struct history *h,
			 struct scoring out, struct err *err)
{
	SCOPED_FREE uint32_t *product = mem_alloc(h->n * sizeof *product);
	SCOPED_FREE float *weight = mem_alloc(h->n * sizeof *weight);
	SCOPED_FREE float *own = mem_big(m->n_products, sizeof *own, "scores", err);
	struct history turned;

	if (!own)
		return false;
	for (uint32_t i = 0; i < m->n_outside; i++)
		out.scores[i] = -INFINITY;
	turn_history(m, h, &turned, (struct history_room){product, weight});
	if (turned.n == 0)
		return true;
	if (!score_inside(m, &turned, (struct scoring){own, out.job}, err))
		return false;
	for (uint32_t i = 0; i < m->n_products; i++)
		if (m->outside[i] != CATALOG_NONE)
			out.scores[m->outside[i]] = own[i];
	return true;
}

/* The history with weights by the model's recency, where nobody gave any. */
static struct history weigh(const struct model *m, const struct history *h, float *weight)
{
	double recency = params_real(&m->params, PARAM_ID_RECENCY), w = 1;

	if (h->weight || !params_takes(&m->params, PARAM_ID_RECENCY) ||
	    (m->class->flags & MODEL_WEIGHS))
		return *h;
	if (recency == 0)
		return (struct history){.product = h->product + h->n - 1, .n = 1};
	for (unsigned i = h->n; i-- > 0; w *= recency)
		weight[i] = (float)w;
	return (struct history){h->product, weight, h->n};
}

bool model_score(const struct model *m, const struct history *history, struct scoring out,
		 struct err *err)
{
	SCOPED_FREE float *weight = mem_alloc(history->n * sizeof *weight);
	struct history own = weigh(m, history, weight), *h = &own;

	assert(history->n > 0);
	if (!model_ranks(m->class))
		return err_fail(err, ERR_USAGE, "%s is a %s: it ranks no products", model_name(m),
				m->class->name);
	if (m->outside)
		return score_mapped(m, h, out, err);
	return score_inside(m, h, out, err);
}

bool model_scores_many(const struct model *m)
{
	return m->class->score_many && !m->outside;
}

bool model_score_many(const struct model *m, const struct history *h, unsigned n,
		      struct scoring out, struct err *err)
{
	struct history own[MODEL_MANY];
	float *weight[MODEL_MANY];
	bool ok = true;

	assert(n >= 1 && n <= MODEL_MANY);
	if (!model_scores_many(m)) {
		for (unsigned i = 0; ok && i < n; i++)
			ok = model_score(m, &h[i],
					 (struct scoring){out.scores + (size_t)i * m->n_outside,
							  out.job}, err);
		return ok;
	}
	for (unsigned i = 0; i < n; i++) {
		assert(h[i].n > 0);
		weight[i] = mem_alloc(h[i].n * sizeof *weight[i]);
		own[i] = weigh(m, &h[i], weight[i]);
	}
	ok = job_check(out.job, err) && m->class->score_many(m, own, n, out, err);
	for (unsigned i = 0; i < n; i++)
		free(weight[i]);
	return ok;
}

/* The part of a past that was there at training. */
static void turn_past(const struct model *m, const struct past *past, struct past *own)
{
	for (unsigned i = 0; i < past->n; i++) {
		uint32_t p = m->inside ? m->inside[past->product[i]] : past->product[i];

		if (p == CATALOG_NONE)
			continue;
		past_add(own, p, past->age[i], past->kind[i]);
		own->times[own->n - 1] = past->times[i];
		own->page += i + past->page >= past->n;
	}
}

static bool score_past(const struct model *m, const struct past *past, struct scoring out,
		       struct err *err)
{
	SCOPED_FREE float *own = NULL;

	if (!m->outside)
		return m->class->score_past(m, past, out, err);
	own = mem_big(m->n_products, sizeof *own, "scores", err);
	if (!own || !m->class->score_past(m, past, (struct scoring){own, out.job}, err))
		return false;
	for (uint32_t i = 0; i < m->n_outside; i++)
		out.scores[i] = -INFINITY;
	for (uint32_t i = 0; i < m->n_products; i++)
		if (m->outside[i] != CATALOG_NONE)
			out.scores[m->outside[i]] = own[i];
	return true;
}

bool model_score_past(const struct model *m, const struct past *past, struct scoring out,
		      struct err *err)
{
	const struct history h = {.product = past->product, .n = past->n};
	struct past own = {0};
	bool ok;

	if (!m->class->score_past && (past->n || (m->class->flags & MODEL_BASELINE)))
		return model_score(m, &h, out, err);
	if (!m->class->score_past) {
		for (uint32_t i = 0; i < m->n_outside; i++)
			out.scores[i] = -INFINITY;
		return true;
	}
	turn_past(m, past, &own);
	ok = score_past(m, &own, out, err);
	past_finish(&own);
	return ok;
}

bool model_scores_pasts(const struct model *m)
{
	return m->class->score_pasts && !m->outside;
}

bool model_score_pasts(const struct model *m, const struct past *past, unsigned n,
		       struct scoring out, struct err *err)
{
	assert(model_scores_pasts(m) && n >= 1 && n <= MODEL_PASTS);
	return job_check(out.job, err) && m->class->score_pasts(m, past, n, out, err);
}

bool model_rank(const struct model *m, const struct model_query *q, struct hit *hits,
		size_t *n, struct job *job, struct err *err)
{
	if ((m->class->flags & MODEL_VECTORS) && !m->class->score) {
		SCOPED_FREE float *weight = mem_alloc(q->history.n * sizeof *weight);
		struct model_query weighed = *q;

		weighed.history = weigh(m, &q->history, weight);
		return vectors_rank(m, &weighed, hits, n, job, err);
	}

	SCOPED_FREE float *scores = mem_big(m->n_outside, sizeof *scores, "scores", err);
	struct topk best;

	if (!scores || !model_score(m, &q->history, (struct scoring){scores, job}, err))
		return false;
	for (unsigned i = 0; i < q->history.n && !q->repeats; i++)
		scores[q->history.product[i]] = -INFINITY;
	topk_init(&best, hits, q->limit);
	for (uint32_t p = 0; p < m->n_outside; p++)
		if (scores[p] != -INFINITY &&
		    (!q->allow || (q->allow[p / 64] >> p % 64 & 1)))
			topk_push(&best, p, scores[p]);
	topk_sort(&best);
	*n = best.n;
	return true;
}

bool model_guess(const struct model *m, uint32_t user, uint32_t product, double *label,
		 struct err *err)
{
	assert(user < CATALOG_NONE && product < m->n_outside);
	if (!m->class->guess)
		return err_fail(err, ERR_USAGE, "%s is a %s: it guesses no labels; mf, neumf and "
				"svd do", model_name(m), m->class->name);
	if (m->outside)
		return err_fail(err, ERR_NO, "%s was trained on an earlier import, in which users "
				"had other numbers: train it again", model_name(m));
	return m->class->guess(m, user, product, label, err);
}

void account_finish(struct account *a)
{
	free(a->value);
	free(a->share);
	*a = (struct account){.n = 0};
}

bool model_account(const struct model *m, const struct past *past, uint32_t product,
		   bool shares, struct account *out, struct err *err)
{
	struct past own = {0};
	bool ok;

	assert(product < m->n_outside);
	if (!m->class->account)
		return err_fail(err, ERR_USAGE, "%s is a %s: it doesn't say what a score is made "
				"of; rank does", model_name(m), m->class->name);
	turn_past(m, past, &own);
	product = m->inside ? m->inside[product] : product;
	ok = product != CATALOG_NONE ?
		m->class->account(m, &own, product, shares, out, err) :
		err_fail(err, ERR_NO, "the product wasn't there when %s was trained",
			 model_name(m));
	past_finish(&own);
	return ok;
}

unsigned model_explain(const struct model *m, uint32_t a, uint32_t b,
		       struct reasons reasons)
{
	if (!m->class->explain)
		return 0;
	if (m->outside) {
		a = m->inside[a];
		b = m->inside[b];
	}
	if (a == CATALOG_NONE || b == CATALOG_NONE)
		return 0;
	reasons.n = m->class->explain(m, a, b, reasons);
	for (unsigned i = 0; m->outside && i < reasons.n; i++)
		if (reasons.at[i].via != CATALOG_NONE)
			reasons.at[i].via = m->outside[reasons.at[i].via];
	return reasons.n;
}
