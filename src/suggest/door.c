/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list goes through stages, which stand in one table: each source's candidates are
 * gathered with their scores, filtered, rid of variants of what is asked about, cut down to one
 * of each product code and ranked until the list is long enough; then the rows get their
 * evidence, the order that was asked for and their
 * ranks back. What forbids a product (rules, verdicts) is a stage of a source's candidates,
 * before rank, so that others fill its place; what orders a finished list anew (a ranker)
 * stands before evidence.
 */
#include "config.h"

#include "suggest/door.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "suggest/door_impl.h"

static const enum panel_source orders[PANEL_ALL_KINDS][PANEL_SOURCES + 1] = {
	[PANEL_SIMILAR] = {SOURCE_CO_VIEW, SOURCE_ATTRIBUTES, SOURCE_POPULAR,
			   PANEL_SOURCES},
	[PANEL_COMPLEMENTARY] = {SOURCE_CO_PURCHASE, SOURCE_CO_CART, SOURCE_VIEW_PURCHASE,
				 SOURCE_ACROSS, SOURCE_TRANSITION, SOURCE_POPULAR, PANEL_SOURCES},
	[PANEL_BASKET] = {SOURCE_BASKET, PANEL_SOURCES},
};
/* --weights stands in place of the counts' own order. */
static const enum panel_source weighted_orders[PANEL_BASKET][PANEL_SOURCES + 1] = {
	[PANEL_SIMILAR] = {SOURCE_WEIGHTED, SOURCE_ATTRIBUTES, SOURCE_POPULAR, PANEL_SOURCES},
	[PANEL_COMPLEMENTARY] = {SOURCE_WEIGHTED, SOURCE_TRANSITION, SOURCE_POPULAR,
				 PANEL_SOURCES},
};
static const enum panel_source model_order[] = {SOURCE_MODEL, PANEL_SOURCES};

const enum panel_source *suggest_sources(const struct panel_request *r)
{
	return r->kind == PANEL_CONTEXT ? listing_sources(r) :
	       r->about.model ? model_order :
	       r->about.weighted && r->kind < PANEL_BASKET ? weighted_orders[r->kind] :
	       orders[r->kind];
}

bool door_wants_all(const struct suggestion *s)
{
	return order_wanted(s) || vetted_reorders(s) || choose_wanted(s) || codes_wanted(s);
}

/* --- stages of a source's candidates */

static void gather(struct suggestion *s)
{
	if (s->q.r->kind == PANEL_CONTEXT) {
		listing_gather(s);
		return;
	}
	panel_sources[s->from].gather(&s->q, s->q.r->about.product, &s->c);
	s->q.failed = s->q.failed || !candidates_expand(&s->c, &s->q.err);
	s->gathered += s->c.n;
}

/* What is taken already goes, and what the filter and the request don't let in. */
static void filter(struct suggestion *s)
{
	const struct source *source = &panel_sources[s->from];
	struct query *q = &s->q;
	uint32_t a = q->r->about.product;
	size_t kept = 0, t = 0;

	for (size_t i = 0; i < s->c.n; i++) {
		uint32_t b = s->c.at[i].product;

		while (t < q->n_taken && q->taken[t] < b)
			t++;
		if (t < q->n_taken && q->taken[t] == b)
			continue;
		if (let_in(q, a, b) && row_passes(q, source, a, b))
			s->c.at[kept++] = s->c.at[i];
	}
	s->c.n = kept;
}

static void drop_variants(struct suggestion *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->c.n; i++)
		if (!asked_for(&s->q, s->c.at[i].product))
			s->c.at[kept++] = s->c.at[i];
	s->c.n = kept;
}

/* A source's score, brought below those of the sources before: all rows can be held
 * against each other. */
static double below(const struct panel *p, size_t before, double score)
{
	double least = before ? p->rows[before - 1].score : INFINITY;

	return isinf(least) ? score : least * score / (1 + score);
}

/* As many as there is room for become rows; all, where another order may come of it. */
static void rank(struct suggestion *s)
{
	const struct source *source = &panel_sources[s->from];
	struct query *q = &s->q;
	struct panel *p = &s->p;
	size_t before = p->n_rows;
	size_t room = order_wanted(s) || vetted_reorders(s) ? s->c.n : q->r->limit - p->n_rows;

	/* by score: interleaving the categories costs hits (panel/complementary.c) */
	assert(p->n_rows <= q->r->limit || room == s->c.n);
	if (choose_wanted(s))
		choose_run(s, room);
	else
		candidates_rank(&s->c, room);
	if (q->failed)
		return;
	p->rows = mem_resize(p->rows, p->n_rows + s->c.n, sizeof *p->rows);
	q->taken = mem_resize(q->taken, q->n_taken + s->c.n, sizeof *q->taken);
	for (size_t i = 0; i < s->c.n; i++) {
		struct panel_row *row = &p->rows[p->n_rows++];

		*row = (struct panel_row){.product = s->c.at[i].product, .rank = p->n_rows,
					  .score = s->c.at[i].score, .source = s->from};
		if (q->r->kind == PANEL_CONTEXT)
			row->source = listing_source(s, s->c.at[i]);
		else
			row->score = below(p, before, row->score);
		if (source->source_of)
			row->source = source->source_of(q, q->r->about.product, row->product);
		q->taken[q->n_taken++] = row->product;
	}
	sort_u32(q->taken, q->n_taken);
}

/* --- stages of the whole list */

static void evidence(struct suggestion *s)
{
	if (s->q.r->kind == PANEL_CONTEXT) {
		listing_evidence(s);
		return;
	}
	for (unsigned i = 0; i < s->p.n_rows && !job_cancelled(s->q.job); i++)
		add_evidence(&s->q, &panel_sources[s->p.rows[i].source], &s->p.rows[i]);
}

static bool back_wanted(const struct suggestion *s)
{
	return s->q.r->reverse;
}

static void back(struct suggestion *s)
{
	back_rows(&s->q, s->p.rows, s->p.n_rows);
}

static const struct stage {
	const char *name;
	bool (*wanted)(const struct suggestion *s);	/* NULL: always */
	void (*run)(struct suggestion *s);	/* s->q.failed where it fails */
} of_source[] = {
	{"candidates", NULL, gather},
	{"filter", NULL, filter},
	{"variants", NULL, drop_variants},
	{"repeats", repeats_wanted, repeats_drop},
	{"verdicts and rules", vetted_wanted, vetted_block},
	{"codes", codes_wanted, codes_merge},
	{"rank", NULL, rank},
	{"once", vetted_reorders, vetted_once},
}, of_list[] = {
	{"places", vetted_reorders, vetted_place},
	{"evidence", NULL, evidence},
	{"marks", vetted_wanted, vetted_mark},
	{"order", order_wanted, order_run},
	{"ranks back", back_wanted, back},
	{"note", NULL, note_write},
};

static bool run(struct suggestion *s, const struct stage *stage, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (stage[i].wanted && !stage[i].wanted(s))
			continue;
		stage[i].run(s);
		if (s->q.failed) {
			if (err)
				*err = s->q.err;
			return false;
		}
		if (!job_check(s->q.job, err))
			return false;
	}
	return true;
}

/* --- the door */

static bool is_sound(const struct panel_request *r, struct err *err)
{
	const char *lacks = catalog_lacks(r->about.catalog);

	return !lacks || err_fail(err, ERR_STORE, "the store is damaged: it has no array %s, "
				  "which others promise", lacks);
}

static bool ask_sources(struct suggestion *s, struct err *err)
{
	const struct panel_request *r = s->q.r;
	const enum panel_source *from = suggest_sources(r);
	bool ok = true;

	for (; ok && *from < PANEL_SOURCES && s->p.n_rows < r->limit; from++) {
		if (!source_usable(r->about.catalog, r->about.live, &panel_sources[*from]))
			continue;
		s->from = *from;
		ok = run(s, of_source, sizeof of_source / sizeof *of_source, err);
		candidates_finish(&s->c);
	}
	return ok;
}

static bool make(const struct panel_request *r, uint32_t keep, struct panel *out,
		 struct job *job, struct err *err)
{
	struct suggestion s = {.keep = keep};
	enum relation first;

	query_init(&s.q, r, job);
	choose_find(&s);
	if (r->kind == PANEL_CONTEXT)
		listing_begin(&s);
	if (!job_check(job, err) || !is_sound(r, err) || !order_find(&s, err) ||
	    !ask_sources(&s, err) ||
	    !run(&s, of_list, sizeof of_list / sizeof *of_list, err)) {
		panel_finish(&s.p);
		query_finish(&s.q);
		free(s.dropped);
		return false;
	}
	first = s.p.n_rows ? relation_of(&s.q, &panel_sources[s.p.rows[0].source]) : RELATIONS;
	s.p.relation = s.q.relation;
	if (first != RELATIONS)
		s.p.family = s.q.own.row[first].family;
	query_finish(&s.q);
	free(s.dropped);
	*out = s.p;
	return true;
}

bool suggest(const struct panel_request *r, struct panel *out, struct job *job,
	     struct err *err)
{
	return make(r, CATALOG_NONE, out, job, err);
}

bool suggest_find(const struct panel_request *r, uint32_t b, struct panel_row *row,
		  unsigned *rank, struct job *job, struct err *err)
{
	struct panel_request all = *r;
	struct panel p;
	unsigned i = 0;
	bool ok = true;

	assert(b < r->about.catalog->n_products && r->kind != PANEL_CONTEXT);
	all.reverse = false;	/* of that one row alone: it costs a panel each */
	if (!make(&all, b, &p, job, err))
		return false;
	while (i < p.n_rows && p.rows[i].product != b)
		i++;
	if (i < p.n_rows)
		ok = suggest_back(&all, &(struct panel){.rows = &p.rows[i], .n_rows = 1},
				  (struct work){.job = job}, err);
	if (ok) {
		*rank = i < p.n_rows ? i + 1 : 0;
		if (*rank)
			*row = p.rows[i];
	}
	panel_finish(&p);
	return ok;
}
