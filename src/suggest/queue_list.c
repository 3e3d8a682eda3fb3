/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list comes through the door twice: that of the panel with its marks, and the other
 * panel's first places, which tell substitutes among complements. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "math/topk.h"
#include "model/model.h"
#include "store/store.h"
#include "suggest/door.h"
#include "suggest/queue_impl.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

void queue_list_destroy(struct queue_list *l)
{
	if (l && atomic_fetch_sub(&l->refs, 1) == 1)
		free(l);
}

static struct panel_request request(const struct queue_base *b, enum panel_kind kind,
				    uint32_t product, unsigned limit)
{
	struct panel_request r = {
		.about = question_of(b->store, NULL), .kind = kind, .limit = limit,
	};

	r.about.product = product;
	return r;
}

/* --- what was decided */

/* The decision that closes the place for who reviews; NULL: it is open. */
static const struct decision *closed_by(const struct queue_base *b,
					const struct queue_deciding *d,
					const struct vetting_list *l, uint32_t with)
{
	const struct decision *verdict = NULL;
	uint32_t pair;

	if (!d->verdicts)
		return NULL;
	if (l && !d->blind)
		verdict = vetting_verdict(l, with);
	if (verdict)
		return verdict;
	pair = verdicts_find(d->verdicts, str_from(rules_panels[b->kind]),
			     text_at(&b->c->product_id, l->product),
			     text_at(&b->c->product_id, with));
	if (pair == UINT32_MAX)
		return NULL;
	return b->who[0] ? verdicts_by(d->verdicts, pair, str_from(b->who)) :
	       verdicts_next(d->verdicts, pair, NULL);
}

/* An import later the evidence isn't where its interval was. */
static bool left_interval(const struct queue_base *b, const struct decision *d, float lift)
{
	return d->high > 0 && d->generation != store_generation(b->store) &&
	       !((double)lift >= d->low && (double)lift <= d->high);
}

static void set_state(const struct queue_base *b, const struct decision *d,
		      struct queue_place *p)
{
	static const enum queue_state states[DECISION_KINDS] = {
		[DECISION_APPROVE] = QUEUE_APPROVED, [DECISION_REJECT] = QUEUE_REJECTED,
		[DECISION_SKIP] = QUEUE_SKIPPED, [DECISION_PIN] = QUEUE_PINNED,
	};

	p->state = d ? states[d->kind] : QUEUE_OPEN;
	if ((p->state == QUEUE_APPROVED || p->state == QUEUE_PINNED) &&
	    left_interval(b, d, p->lift)) {
		p->state = QUEUE_REOPENED;
		p->n_then = (uint32_t)d->n;
	}
}

/* --- signs that take other lists */

static unsigned place_in(const struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return i + 1;
	return 0;
}

/* The first PANEL_ROWS of each model: (n_models, PANEL_ROWS), CATALOG_NONE behind the last. */
static uint32_t *ask_models(const struct queue_base *b, uint32_t product, struct job *job,
			    struct err *err)
{
	uint32_t *best = mem_alloc(b->n_models * PANEL_ROWS * sizeof *best);
	SCOPED_FREE float *scores = mem_big(b->c->n_products, sizeof *scores, "scores", err);
	struct history h = {&product, NULL, 1};

	for (unsigned m = 0; scores && m < b->n_models; m++) {
		struct hit hits[PANEL_ROWS];
		struct topk t;

		if (!model_score(b->model[m], &h, (struct scoring){scores, job}, err)) {
			free(best);
			return NULL;
		}
		topk_init(&t, hits, PANEL_ROWS);
		for (uint32_t p = 0; p < b->c->n_products; p++)
			if (p != product && scores[p] > -INFINITY &&
			    !catalog_variants(b->c, product, p))
				topk_push(&t, p, scores[p]);
		for (unsigned i = 0; i < PANEL_ROWS; i++)
			best[m * PANEL_ROWS + i] = i < t.n ? hits[i].id : CATALOG_NONE;
	}
	if (scores)
		return best;
	free(best);
	return NULL;
}

static float lacking(const struct queue_base *b, const uint32_t *best, uint32_t with)
{
	unsigned lack = b->n_models;

	for (unsigned m = 0; m < b->n_models; m++)
		for (unsigned i = 0; i < PANEL_ROWS; i++)
			lack -= best[m * PANEL_ROWS + i] == with;
	return b->n_models ? (float)lack / (float)b->n_models : 0;
}

/* --- the list */

static void fill(const struct queue_base *b, const struct doubt_text *of,
		 const struct panel_row *row, struct queue_place *p)
{
	bool counted = row->counts.n_all > 0;

	*p = (struct queue_place){
		.with = row->product, .n = counted ? (uint32_t)row->counts.n : 0,
		.n_of = counted ? (uint32_t)row->counts.n_a : 0,
		.n_with = counted ? (uint32_t)row->counts.n_b : 0,
		.n_all = counted ? (uint32_t)row->counts.n_all : 0,
		.rank = row->rank, .source = row->source, .score = (float)row->score,
		.lift = counted ? (float)row->assoc.lift : NAN,
		.low = counted ? (float)row->assoc.lift_low : NAN,
		.high = counted ? (float)row->assoc.lift_high : NAN,
	};
	doubt_signs(b->words, of, row, p->sign);
}

static struct queue_list *take_rows(const struct panel *p)
{
	unsigned n = 0, ranked = 0;
	struct queue_list *l;

	while (n < p->n_rows && n < QUEUE_ROWS && ranked < QUEUE_PLACES)
		ranked += p->rows[n++].rank > 0;
	l = mem_zalloc(sizeof *l + n * sizeof l->place[0]);
	atomic_init(&l->refs, 1);
	l->n = n;
	for (unsigned i = 0; i < p->n_rows && l->firsts < PANEL_ROWS; i++)
		l->first[l->firsts++] = p->rows[i].product;
	return l;
}

static void fill_places(struct queue_list *l, const struct queue_base *b,
			const struct queue_deciding *d, const struct panel *own,
			const struct panel *other, const uint32_t *best, uint32_t product)
{
	struct vetting_list v = {.product = product};
	struct doubt_text of;

	doubt_text_of(&of, b->words, product);
	if (d->vetting)
		vetting_list_begin(&v, d->vetting, b->kind, product);
	for (unsigned i = 0; i < l->n; i++) {
		struct queue_place *p = &l->place[i];

		fill(b, &of, &own->rows[i], p);
		p->other = place_in(other, p->with);
		p->sign[DOUBT_OTHER] = p->other ? (float)(QUEUE_PLACES + 1 - p->other) /
						  QUEUE_PLACES : 0;
		p->sign[DOUBT_MODELS] = best ? lacking(b, best, p->with) : 0;
		set_state(b, d->vetting ? closed_by(b, d, &v, p->with) : NULL, p);
	}
	if (d->vetting)
		vetting_list_finish(&v);
}

bool queue_list_make(struct queue_list **out, const struct queue_base *b,
		     const struct queue_deciding *d, uint32_t product, struct job *job,
		     struct err *err)
{
	struct panel_request r = request(b, b->kind, product, PANEL_ROWS);
	struct panel_request o = request(b, b->kind == PANEL_SIMILAR ? PANEL_COMPLEMENTARY :
					 PANEL_SIMILAR, product, QUEUE_PLACES);
	struct panel own = {0}, other = {0};
	SCOPED_FREE uint32_t *best = NULL;
	bool ok;

	r.about.vetting = d->vetting;
	ok = suggest(&r, &own, job, err) && suggest(&o, &other, job, err);
	if (ok && b->n_models) {
		best = ask_models(b, product, job, err);
		ok = best;
	}
	if (ok) {
		*out = take_rows(&own);
		fill_places(*out, b, d, &own, &other, best, product);
	}
	panel_finish(&own);
	panel_finish(&other);
	return ok;
}
