/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is particular to a list for someone among the stages of door.c: its candidates are all
 * products by the scores of suggest/lister.h, then popular ones; what is had may be dropped; and
 * a row's evidence is the product of the context that speaks most for it. Words and another
 * context are joined by reciprocal ranks, 1 / (60 + rank) in both orders (Cormack, Clarke and
 * Buettcher 2009).
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csr.h"
#include "base/mem.h"
#include "base/sort.h"
#include "math/topk.h"
#include "model/past.h"
#include "suggest/door_impl.h"
#include "suggest/lister.h"

#define WORDS 500	/* products that words bring in */
#define RANK_FLAT 60	/* reciprocal ranks */

const enum panel_source *listing_sources(const struct panel_request *r)
{
	static const enum panel_source words[] = {SOURCE_WORDS, SOURCE_LATE, PANEL_SOURCES};
	static const enum panel_source model[] = {SOURCE_MODEL, SOURCE_LATE, PANEL_SOURCES};
	static const enum panel_source hand[] = {SOURCE_TOGETHER, SOURCE_LATE, PANEL_SOURCES};

	return r->context->words ? words : lister_model(r->context->lister) ? model : hand;
}

/* --- what someone has already */

void listing_begin(struct suggestion *s)
{
	const struct list_request *r = s->q.r->context;
	const struct past *p = r->past;

	assert(s->q.r->kind == PANEL_CONTEXT && s->q.r->context->lister);
	s->dropped = mem_alloc((size_t)(p ? p->n : 0) * sizeof *s->dropped);
	for (unsigned i = 0; p && i < p->n; i++)
		if (lister_drops(r, i))
			s->dropped[s->n_dropped++] = p->product[i];
	if (s->n_dropped)
		sort_u32(s->dropped, s->n_dropped);
}

static bool is_dropped(const struct suggestion *s, uint32_t b)
{
	size_t at = csr_lower(s->dropped, s->n_dropped, b);

	return at < s->n_dropped && s->dropped[at] == b;
}

bool repeats_wanted(const struct suggestion *s)
{
	return s->n_dropped > 0;
}

void repeats_drop(struct suggestion *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->c.n; i++)
		if (!is_dropped(s, s->c.at[i].product))
			s->c.at[kept++] = s->c.at[i];
	s->c.n = kept;
}

/* --- candidates */

/* No stage takes it away: where only so many are looked at, they are such ones. */
static bool may_come(const struct suggestion *s, uint32_t b)
{
	unsigned line;

	return let_in(&s->q, CATALOG_NONE, b) && !asked_for(&s->q, b) && !is_dropped(s, b) &&
	       (!s->q.r->about.vetting ||
		vetting_tier(&s->q.vetted, b, &line) != TIER_OUT);
}

/* scores become those of both orders among what the words bring in. */
static void join_words(const struct suggestion *s, float *scores)
{
	uint32_t n = s->q.c->n_products;
	const float *words = s->q.r->context->words;
	SCOPED_FREE struct hit *near = mem_alloc(WORDS * sizeof *near);
	SCOPED_FREE struct hit *k = mem_alloc(WORDS * sizeof *k);
	struct topk t;

	topk_init(&t, near, WORDS);
	for (uint32_t b = 0; b < n; b++)
		if (words[b] > -INFINITY && words[b] >= topk_floor(&t) && may_come(s, b))
			topk_push(&t, b, words[b]);
	topk_sort(&t);
	for (uint32_t i = 0; i < t.n; i++)
		k[i] = (struct hit){i, scores[near[i].id]};	/* by its place among the near */
	qsort(k, t.n, sizeof *k, hit_compare);
	for (uint32_t b = 0; b < n; b++)
		scores[b] = -INFINITY;
	for (uint32_t i = 0; i < t.n; i++)
		scores[near[k[i].id].id] = 1.0F / (float)(RANK_FLAT + 1 + k[i].id) +
			(k[i].score > -INFINITY ? 1.0F / (float)(RANK_FLAT + 1 + i) : 0);
}

static bool has_context(const struct query *q)
{
	const struct past *past = q->r->context->past;

	return q->r->about.n_basket || (past && past->n);
}

/* scores (products) of the context; false: it failed. */
static bool score(struct suggestion *s, float *scores)
{
	const struct question *about = &s->q.r->about;
	struct list_request r = *s->q.r->context;
	bool context = has_context(&s->q);

	r.page = about->basket;
	r.n_page = about->n_basket;
	if (context && s->q.r->scores)
		memcpy(scores, s->q.r->scores, s->q.c->n_products * sizeof *scores);
	else if ((context || !r.words) &&
		 !lister_score(r.lister, &r, (struct scoring){scores, s->q.job}, &s->q.err))
		return false;
	if (r.words && !context)
		memcpy(scores, r.words, s->q.c->n_products * sizeof *scores);
	else if (r.words)
		join_words(s, scores);
	return true;
}

static int by_product(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	return a->id < b->id ? -1 : a->id > b->id;
}

static void add_hits(struct candidates *c, struct hit *hit, size_t n)
{
	if (n)
		qsort(hit, n, sizeof *hit, by_product);
	for (size_t i = 0; i < n; i++)
		candidates_add(c, hit[i].id, hit[i].score);
}

#define STRIDE 16	/* scores that are looked over together */

/* Some of STRIDE scores is one, and not below the floor. */
static bool any_from(const float *score, float floor)
{
	unsigned any = 0;

	for (unsigned i = 0; i < STRIDE; i++)
		any |= (score[i] >= floor) & (score[i] > -INFINITY);
	return any;
}

/* The best that may come; all that the filter lets in where a later stage chooses. */
static void gather_scored(struct suggestion *s)
{
	uint32_t n = s->q.c->n_products;
	/* scores that were brought along are read where they are */
	bool given = s->q.r->scores && !s->q.r->context->words && has_context(&s->q);
	SCOPED_FREE float *own = given ? NULL : mem_big(n, sizeof *own, "scores", &s->q.err);
	const float *scores = given ? s->q.r->scores : own;
	size_t room = s->q.r->limit < n ? s->q.r->limit : n;
	SCOPED_FREE struct hit *hit = mem_alloc(room * sizeof *hit);
	bool all = door_wants_all(s);
	struct topk t;

	if (!scores || (!given && !score(s, own))) {
		s->q.failed = true;
		return;
	}
	topk_init(&t, hit, room);
	for (uint32_t b = 0; b < n; b++) {
		if (b % STRIDE == 0 && n - b >= STRIDE &&
		    !any_from(scores + b, all ? -INFINITY : topk_floor(&t))) {
			b += STRIDE - 1;
			continue;
		}
		if (scores[b] <= -INFINITY)
			continue;
		if (all && let_in(&s->q, CATALOG_NONE, b))
			candidates_add(&s->c, b, scores[b]);
		else if (!all && scores[b] >= topk_floor(&t) && may_come(s, b))
			topk_push(&t, b, scores[b]);
	}
	add_hits(&s->c, hit, t.n);
}

static bool stands(const struct query *q, uint32_t b)
{
	size_t at = csr_lower(q->taken, q->n_taken, b);

	return at < q->n_taken && q->taken[at] == b;
}

/* Popular ones that may come, as many as the stages after this need; of a list that was brought
 * along the others too, by number. */
static void gather_late(struct suggestion *s)
{
	const struct lister *l = s->q.r->context->lister;
	const float *popular = lister_popular(l);
	uint32_t n, products = s->q.c->n_products;
	const uint32_t *order = lister_order(l, &n);
	size_t room = door_wants_all(s) ? products : s->q.r->limit - s->p.n_rows, found = 0;
	SCOPED_FREE struct hit *hit = mem_alloc((room < products ? room : products) *
						sizeof *hit);

	for (uint32_t i = 0; i < n && found < room; i++)
		if (may_come(s, order[i]) && !stands(&s->q, order[i]))
			hit[found++] = (struct hit){order[i], popular[order[i]]};
	for (uint32_t b = 0; s->q.r->about.among && b < products && found < room; b++)
		if (popular[b] <= 0 && may_come(s, b) && !stands(&s->q, b))
			hit[found++] = (struct hit){b, 0};
	add_hits(&s->c, hit, found);
}

void listing_gather(struct suggestion *s)
{
	assert(s->from < PANEL_SOURCES);
	s->c.negative = true;
	if (s->from == SOURCE_LATE)
		gather_late(s);
	else
		gather_scored(s);
}

enum panel_source listing_source(const struct suggestion *s, struct candidate c)
{
	return s->from == SOURCE_LATE ? s->from :
	       lister_source(s->q.r->context, c.product, (float)c.score);
}

void listing_evidence(struct suggestion *s)
{
	struct list_request r = *s->q.r->context;

	r.page = s->q.r->about.basket;
	r.n_page = s->q.r->about.n_basket;
	for (unsigned i = 0; i < s->p.n_rows; i++)
		s->p.rows[i].best = CATALOG_NONE;
	if (r.reasons && (r.n_page || (r.past && r.past->n)))
		s->q.failed = !lister_reasons(&r, &s->p, s->q.job, &s->q.err);
}
