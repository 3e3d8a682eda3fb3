/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The marginals of live.h: one pass over the cut. */
#include "config.h"

#include "stats/live_impl.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"

#define BLOCK 8192u	/* sessions of the cut, per task */

/* Per product; beside each other since they change together. */
struct margin {
	uint32_t view, cart, purchase, leave, reach;
	uint32_t stamp;		/* kinds that it was counted for in this session */
};

struct margins {
	struct margin *at;	/* (P) */
	struct marks marks;
	uint64_t view, cart, purchase, both, adjacent;
};

struct marginal {
	const struct catalog *c;
	struct margins *w;	/* (threads) */
	struct job *job;
};

#define STAMP_VIEW 1u
#define STAMP_CART 2u
#define STAMP_PURCHASE 4u

static void margin_session(const struct catalog *c, struct margins *m, uint32_t s)
{
	uint32_t before = CATALOG_NONE, seen = 0;

	marks_next(&m->marks);
	for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++) {
		static const uint8_t bits[8] = {[EVENT_VIEW] = STAMP_VIEW,
						[EVENT_CART] = STAMP_CART,
						[EVENT_PURCHASE] = STAMP_PURCHASE};
		uint32_t p = c->event_product[i], bit = bits[c->event_kind[i] & 7];
		struct margin *x = &m->at[p];

		if (bit == 0)
			continue;
		if (marks_add(&m->marks, p))
			x->stamp = 0;
		if (!(x->stamp & bit)) {
			x->stamp |= bit;
			x->view += bit == STAMP_VIEW;
			x->cart += bit == STAMP_CART;
			x->purchase += bit == STAMP_PURCHASE;
			seen |= bit;
		}
		if (bit != STAMP_VIEW || p == before)
			continue;
		if (before != CATALOG_NONE) {
			m->at[before].leave++;
			x->reach++;
			m->adjacent++;
		}
		before = p;
	}
	m->view += (seen & STAMP_VIEW) != 0;
	m->cart += (seen & STAMP_CART) != 0;
	m->purchase += (seen & STAMP_PURCHASE) != 0;
	m->both += (seen & (STAMP_VIEW | STAMP_PURCHASE)) != 0;
}

static void margin_block(void *ctx, size_t task, unsigned worker)
{
	struct marginal *g = ctx;
	struct margins *m = &g->w[worker];
	uint64_t end = ((uint64_t)task + 1) * BLOCK;

	end = end < g->c->n_sessions ? end : g->c->n_sessions;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end && !job_cancelled(g->job); s++)
		if (scan_counted(g->c, s, &m->marks))
			margin_session(g->c, m, s);
}

static void margin_sum(struct live *l, const struct marginal *g, unsigned threads)
{
	for (unsigned t = 0; t < threads; t++) {
		const struct margins *m = &g->w[t];

		l->view_all += m->view;
		l->cart_all += m->cart;
		l->purchase_all += m->purchase;
		l->both_all += m->both;
		l->adjacent_all += m->adjacent;
		for (uint32_t p = 0; p < l->base->n_products; p++) {
			l->margin[MARGIN_VIEW][p] += m->at[p].view;
			l->margin[MARGIN_CART][p] += m->at[p].cart;
			l->margin[MARGIN_PURCHASE][p] += m->at[p].purchase;
			l->margin[MARGIN_LEAVE][p] += m->at[p].leave;
			l->margin[MARGIN_REACH][p] += m->at[p].reach;
		}
	}
}

bool live_marginals(struct live *l, struct job *job, struct err *err)
{
	unsigned threads = pool_threads(l->pool);
	struct marginal g = {.c = &l->cut.catalog, .job = job};
	size_t n = l->base->n_products;
	bool ok = true;

	g.w = mem_zalloc(threads * sizeof *g.w);
	for (unsigned i = 0; ok && i < MARGINS; i++) {
		free(l->margin[i]);
		l->margin[i] = mem_big(n, sizeof **l->margin, "marginals", err);
		ok = l->margin[i] != NULL;
	}
	for (unsigned t = 0; ok && t < threads; t++) {
		g.w[t].at = mem_big(n, sizeof *g.w[t].at, "marginals", err);
		ok = g.w[t].at && marks_init(&g.w[t].marks, n, err);
	}
	if (ok) {
		pool_run(l->pool, ((size_t)g.c->n_sessions + BLOCK - 1) / BLOCK,
			 margin_block, &g);
		ok = job_check(job, err);
	}
	if (ok)
		margin_sum(l, &g, threads);
	for (unsigned t = 0; t < threads; t++) {
		free(g.w[t].at);
		marks_finish(&g.w[t].marks);
	}
	free(g.w);
	return ok;
}
