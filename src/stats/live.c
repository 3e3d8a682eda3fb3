/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the cut, the totals and the rows that a filter leaves, made on first use. */
#include "config.h"

#include "stats/live.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "stats/live_impl.h"
#include "stats/relation.h"

/* What panels and transitions take first. */
static const enum basket_kind fall_back[BASKET_KINDS] = {BASKET_PURCHASE, BASKET_CART,
							 BASKET_VIEW};

/* --- totals */

/* Of what is not negative; it stops at the end, as in totals.c. */
static int64_t add(int64_t a, int64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? INT64_MAX : a;
}

/* Sums over the products let in; a subtree is a range of them. */
static void add_categories(const struct live *l, const void *in, bool wide, int64_t *out)
{
	const struct catalog *c = l->base;
	const struct selection *only = live_selection(l);
	const int64_t *x = in;
	const uint32_t *y = in;

	for (uint32_t i = 0; i < c->n_categories; i++) {
		uint32_t end = c->category_product[i + 1];

		out[i] = 0;
		for (uint32_t p = c->category_product[i]; p < end; p++)
			if (selection_has(only, p))
				out[i] = add(out[i], wide ? x[p] : y[p]);
	}
	for (uint32_t i = c->n_categories; i-- > 0;)
		if (c->category_parent[i] != CATALOG_NONE)
			out[c->category_parent[i]] = add(out[c->category_parent[i]], out[i]);
	for (uint32_t i = 0; i < c->n_categories; i++) {
		struct members m = catalog_members(c, i);

		for (uint32_t j = 0; j < m.n_guests; j++)
			if (selection_has(only, m.guest[j]))
				out[i] = add(out[i], wide ? x[m.guest[j]] : y[m.guest[j]]);
	}
}

static bool total_categories(struct live *l, struct err *err)
{
	struct catalog *c = &l->catalog;
	const uint32_t *in[3] = {c->product_views, c->product_carts, c->product_purchases};
	const uint64_t **field[3] = {&c->category_views, &c->category_carts,
				     &c->category_purchases};

	for (unsigned i = 0; i < 3; i++) {
		if (!in[i])
			continue;
		l->category_count[i] = mem_big(c->n_categories, sizeof(uint64_t),
					       "category totals", err);
		if (!l->category_count[i])
			return false;
		add_categories(l, in[i], false, (int64_t *)l->category_count[i]);
		*field[i] = l->category_count[i];
	}
	if (!c->product_revenue)
		return true;
	l->category_revenue = mem_big(c->n_categories, sizeof(int64_t), "category totals",
				      err);
	if (!l->category_revenue)
		return false;
	add_categories(l, c->product_revenue, true, l->category_revenue);
	c->category_revenue = l->category_revenue;
	return true;
}

static bool total_products(struct live *l, struct job *job, struct err *err)
{
	struct catalog *c = &l->catalog;

	if (!l->cuts)
		return true;
	if (!totals_make(&l->totals, &l->cut.catalog, l->pool, err))
		return false;
	c->product_views = l->totals.views;
	c->product_carts = l->totals.carts;
	c->product_purchases = l->totals.purchases;
	c->product_revenue = l->totals.revenue;
	c->revenue_scale = l->totals.revenue_scale;
	c->order_views = c->order_carts = c->order_purchases = NULL;
	c->order_revenue = c->order_conversion = NULL;
	return job_check(job, err);
}

/* How many sessions hold each product, as offsets. */
static bool count_sessions(struct live *l, struct job *job, struct err *err)
{
	const struct catalog *c = &l->cut.catalog;
	struct marks marks;
	uint64_t *sum = mem_big((size_t)c->n_products + 1, sizeof *sum,
				"sessions of products", err);

	if (!sum || !marks_init(&marks, c->n_products, err)) {
		free(sum);
		return false;
	}
	for (uint32_t s = 0; s < c->n_sessions && !job_cancelled(job); s++) {
		marks_next(&marks);
		for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++)
			sum[c->event_product[i] + 1] += marks_add(&marks,
								  c->event_product[i]);
	}
	for (uint32_t p = 0; p < c->n_products; p++)
		sum[p + 1] += sum[p];
	marks_finish(&marks);
	l->session_offsets = sum;
	l->catalog.product_session_offsets = sum;
	return job_check(job, err);
}

/* --- what is left of the events */

/* Without events of its kinds there is no relation, as after an import of them. */
static void leave_kinds(struct live *l)
{
	static const struct {
		enum event_kind kind;
		enum capability cap;
	} caps[] = {{EVENT_VIEW, CAP_VIEWS}, {EVENT_CART, CAP_CARTS},
		    {EVENT_PURCHASE, CAP_PURCHASES}};
	struct catalog *c = &l->catalog;

	for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
		if (!(l->cut.kinds & KIND_BIT(caps[i].kind)))
			c->caps &= ~(unsigned)caps[i].cap;
	for (unsigned r = 0; r < RELATIONS; r++)
		c->relation[r] = (struct relation_counts){0};
	for (unsigned k = 0; k < BASKET_KINDS; k++)
		c->transition[k] = (struct transition_counts){0};
}

static const struct session_set *sessions_of(const struct live *l)
{
	return l->from.bits ? &l->from : NULL;
}

/* The store's catalog with the events that are left. */
static void take_cut(struct live *l)
{
	struct catalog *c = &l->catalog;

	*c = l->cut.catalog;
	c->product_session_offsets = NULL;
	c->product_session = NULL;
	leave_kinds(l);
}

static bool cut_events(struct live *l, struct job *job, struct err *err)
{
	const struct catalog *c = &l->catalog;

	if ((l->base->caps & CAP_UNDATED) && filter_has_dates(l->filter))
		return err_fail(err, ERR_NO, "this store has no days, so date finds nothing: its "
				"log has no times");
	event_filter_make(&l->events, l->filter, l->base);
	if ((filter_classes(l->filter) & FILTER_SESSION) &&
	    !session_set_make(&l->from, l->filter, l->base, err))
		return false;
	if (!cut_make(&l->cut, l->base, &l->events, NULL, sessions_of(l),
		      (struct work){l->pool, job}, err))
		return false;
	take_cut(l);
	l->sessions = 0;
	for (uint32_t s = 0; s < c->n_sessions; s++)
		l->sessions += c->session_offsets[s + 1] > c->session_offsets[s];
	return true;
}

static bool select_products(struct live *l, struct job *job, struct err *err)
{
	static const char *const totals[] = {"views", "carts", "sold", "revenue",
					     "conversion"};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof totals / sizeof *totals; i++)
		if (l->cuts && !l->totals.views && filter_names(l->filter, totals[i]))
			ok = total_products(l, job, err);
	if (ok && l->cuts && filter_names(l->filter, "sessions"))
		ok = count_sessions(l, job, err);
	if (!ok || !selection_make(&l->selection, l->filter, &l->catalog, l->pool, err))
		return false;
	l->selects = true;
	return true;
}

bool live_create(struct live **out, const struct filter *f, const struct catalog *c,
		 struct work work, struct err *err)
{
	SCOPED(live) l = mem_zalloc(sizeof *l);
	unsigned classes = filter_classes(f);

	if (!c->n_events && (classes & (FILTER_EVENT | FILTER_SESSION)))
		return err_fail(err, ERR_NO, "this store has no events to filter, its counts were "
				"made elsewhere: tests of products (price, brand, category) can be "
				"made, those of times, kinds and sessions can't");
	l->filter = filter_copy(f);
	l->base = c;
	l->pool = work.pool;
	l->catalog = *c;
	l->sessions = c->n_sessions;
	l->cuts = classes & (FILTER_EVENT | FILTER_SESSION);
	if ((l->cuts && !cut_events(l, work.job, err)) ||
	    ((classes & FILTER_PRODUCT) && !select_products(l, work.job, err)))
		return false;
	*out = l;
	l = NULL;
	return true;
}

struct live *live_share(const struct live *of, struct pool *pool)
{
	struct live *l = mem_zalloc(sizeof *l);

	assert(of && of->filter);
	l->borrows = true;
	l->filter = filter_copy(of->filter);
	l->base = of->base;
	l->pool = pool;
	l->cuts = of->cuts;
	l->selects = of->selects;
	l->events = of->events;
	l->from = of->from;
	l->cut = of->cut;
	l->selection = of->selection;
	l->sessions = of->sessions;
	l->catalog = *of->base;
	if (l->cuts)
		take_cut(l);
	return l;
}

bool live_is(const struct live *l, const struct filter *f, const struct catalog *c)
{
	assert(f && c);
	return l->base == c && strcmp(filter_text(l->filter), filter_text(f)) == 0;
}

void live_destroy(struct live *l)
{
	if (!l)
		return;
	for (unsigned t = 0; l->counter && t < pool_threads(l->pool); t++)
		counter_finish(&l->counter[t]);
	free(l->counter);
	free(l->touched);
	free(l->packed);
	for (unsigned i = 0; i < MARGINS; i++)
		free(l->margin[i]);
	for (unsigned k = 0; k < BASKET_KINDS; k++) {
		transition_table_finish(&l->prior[k]);
		transition_table_finish(&l->flow[k]);
	}
	for (unsigned i = 0; i < 3; i++)
		free(l->category_count[i]);
	free(l->category_revenue);
	free(l->session_offsets);
	totals_finish(&l->totals);
	cut_finish(&l->flow_cut);
	if (!l->borrows) {
		selection_finish(&l->selection);
		cut_finish(&l->cut);
		event_filter_finish(&l->events);
		session_set_finish(&l->from);
	}
	filter_destroy(l->filter);
	free(l);
}

const struct filter *live_filter(const struct live *l)
{
	return l->filter;
}

const struct selection *live_selection(const struct live *l)
{
	return l->selects ? &l->selection : NULL;
}

bool live_event(const struct live *l, uint32_t session, uint64_t e)
{
	const struct catalog *c = l->base;
	size_t piece;

	assert(session < l->base->n_sessions);
	assert(e < l->base->n_events);
	if (!selection_has(live_selection(l), c->event_product[e]))
		return false;
	if (!l->cuts)
		return true;
	piece = event_filter_piece(&l->events, c->event_time[e]);
	return session_set_has(sessions_of(l), session) &&
	       (l->events.kinds[piece] & KIND_BIT(c->event_kind[e]));
}

bool live_cuts(const struct live *l)
{
	return l->cuts;
}

bool live_tests_rows(const struct live *l)
{
	return filter_classes(l->filter) & FILTER_ROW;
}

bool live_row_passes(const struct live *l, struct live_counts c)
{
	struct filter_row r = {NAN, NAN, NAN};

	if (!live_tests_rows(l))
		return true;
	if (c.n_all > 0) {
		r.n = c.n;
		r.confidence = c.n_a > 0 ? c.n / c.n_a : NAN;
		r.lift = c.n_a > 0 && c.n_b > 0 ? c.n * c.n_all / (c.n_a * c.n_b) : NAN;
	}
	return filter_row(l->filter, &r);
}

const struct catalog *live_catalog(const struct live *l)
{
	return &l->catalog;
}

uint64_t live_sessions(const struct live *l)
{
	return l->sessions;
}

/* --- parts */

static bool make_totals(struct live *l, struct job *job, struct err *err)
{
	if (!l->totals.views && !total_products(l, job, err))
		return false;
	return (!l->cuts && !l->selects) || total_categories(l, err);
}

static bool make_pairs(struct live *l, struct job *job, struct err *err)
{
	unsigned threads = pool_threads(l->pool);
	const uint32_t *view, *bought;

	if (!l->base->product_session || !l->base->product_session_offsets)
		return err_fail(err, ERR_NO, "the store doesn't list the sessions of products: "
				"pairs can't be counted under a filter of events");
	if (!live_marginals(l, job, err) || !live_pack(l, err))
		return false;
	view = l->margin[MARGIN_VIEW];
	bought = l->margin[MARGIN_PURCHASE];
	const struct relation_counts all[RELATIONS] = {
		[REL_CO_VIEW] = {.from = view, .to = view, .total = l->view_all},
		[REL_ADJACENT_VIEW] = {.from = l->margin[MARGIN_LEAVE],
				       .to = l->margin[MARGIN_REACH],
				       .total = l->adjacent_all},
		[REL_VIEW_PURCHASE] = {.from = view, .to = bought, .total = l->both_all},
		[REL_CO_CART] = {.from = l->margin[MARGIN_CART],
				 .to = l->margin[MARGIN_CART], .total = l->cart_all},
		[REL_CO_PURCHASE] = {.from = bought, .to = bought,
				     .total = l->purchase_all},
	};
	for (unsigned r = 0; r < RELATIONS; r++)
		if ((l->cut.kinds & relation_kinds(r)) == relation_kinds(r))
			l->catalog.relation[r] = all[r];
	l->counter = mem_zalloc(threads * sizeof *l->counter);
	l->touched = mem_big(l->base->n_products / 64 + 1, sizeof *l->touched,
			     "counting pairs", err);
	if (!l->touched)
		return false;
	for (unsigned t = 0; t < threads; t++)
		if (!counter_init(&l->counter[t], l->base->n_products, err))
			return false;
	return true;
}

/* The kind that prior.c takes: purchases, else carts, else views. */
static bool make_prior(struct live *l, struct job *job, struct err *err)
{
	for (size_t i = 0; i < BASKET_KINDS; i++) {
		enum basket_kind k = fall_back[i];

		if (!(l->cut.kinds & KIND_BIT(basket_event(k))))
			continue;
		transition_table_finish(&l->prior[k]);
		if (!transition_table_make(&l->prior[k],
					   &(struct transition_baskets){&l->cut.catalog, k, NULL},
					   (struct work){l->pool, job}, err))
			return false;
		l->catalog.transition[k] = l->prior[k].counts;
		if (l->prior[k].counts.multi_baskets > 0)
			break;
	}
	return true;
}

bool live_need(struct live *l, unsigned parts, struct job *job, struct err *err)
{
	unsigned missing = parts & ~l->made;

	if ((missing & LIVE_TOTALS) && !make_totals(l, job, err))
		return false;
	l->made |= missing & LIVE_TOTALS;
	if ((missing & LIVE_PAIRS) && l->cuts && !make_pairs(l, job, err))
		return false;
	l->made |= missing & LIVE_PAIRS;
	if ((missing & LIVE_PRIOR) && l->cuts && !make_prior(l, job, err))
		return false;
	l->made |= missing & LIVE_PRIOR;
	assert(!catalog_lacks(&l->catalog) || catalog_lacks(l->base));
	return true;
}

/* Events of the products that are let in, at the times that are let in. */
static const struct catalog *flow_events(struct live *l, struct job *job, struct err *err)
{
	if (!l->selects)
		return &l->cut.catalog;
	if (!l->flow_cut_made &&
	    !cut_make(&l->flow_cut, l->base, l->cuts ? &l->events : NULL, &l->selection,
		      sessions_of(l), (struct work){l->pool, job}, err))
		return NULL;
	l->flow_cut_made = true;
	return &l->flow_cut.catalog;
}

static bool flow_kind(struct live *l, enum basket_kind k, const struct catalog *events,
		      struct job *job, struct err *err)
{
	if ((l->flow_made >> k & 1) || l->base->transition[k].levels == 0)
		return true;
	if (!transition_table_make(&l->flow[k], &(struct transition_baskets){events, k, NULL},
				   (struct work){l->pool, job}, err))
		return false;
	l->flow_catalog.transition[k] = l->flow[k].counts;
	l->flow_made |= 1u << k;
	return true;
}

bool live_flow(struct live *l, enum basket_kind kind, const struct catalog **c,
	       struct job *job, struct err *err)
{
	const struct catalog *events;

	*c = l->base;
	if (!l->cuts && !l->selects)
		return true;
	events = flow_events(l, job, err);
	if (!events)
		return false;
	if (!l->flow_made) {
		l->flow_catalog = l->catalog;
		for (unsigned k = 0; k < BASKET_KINDS; k++)
			l->flow_catalog.transition[k] = (struct transition_counts){0};
	}
	for (size_t i = 0; i < BASKET_KINDS; i++) {
		enum basket_kind k = kind == BASKET_KINDS ? fall_back[i] : kind;

		if (!flow_kind(l, k, events, job, err))
			return false;
		if (kind != BASKET_KINDS || l->flow[k].counts.baskets > 0)
			break;
	}
	*c = &l->flow_catalog;
	return true;
}

bool live_relation(struct live *l, enum relation r, struct relation_table *t,
		   struct job *job, struct err *err)
{
	return relation_table_make(t, l->cuts ? &l->cut.catalog : l->base, r,
				   (struct work){l->pool, job}, err);
}
