/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counting of live.h: marginals in one pass over the cut, and the pairs of one
 * product from its sessions. Every worker has a dense accumulator per kind of row and a
 * bit set of what it touched, so rows come out ascending without a sort, and clearing
 * costs what was touched.
 */
#include "config.h"

#include "stats/live_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "stats/assoc.h"
#include "stats/relation.h"

#define SESSIONS 2048u	/* of one product, per task */
#define AHEAD 12u	/* sessions whose memory is fetched ahead */
#define BLOCK 8192u	/* sessions of the cut, per task */

/* --- marginals */

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

/* --- the pairs of a product */

bool counter_init(struct counter *k, size_t products, struct err *err)
{
	const char *what = "counting pairs";

	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		k->n[r] = mem_big(products, sizeof *k->n[r], what, err);
		k->touched[r] = mem_big(products / 64 + 1, sizeof *k->touched[r], what, err);
		if (!k->n[r] || !k->touched[r])
			return false;
	}
	return marks_init(&k->marks, products, err);
}

void counter_finish(struct counter *k)
{
	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		free(k->n[r]);
		free(k->touched[r]);
	}
	marks_finish(&k->marks);
}

/* Without a branch: whether an event counts is anyone's guess. */
static inline void bump(struct counter *k, unsigned row, uint32_t b, bool counts)
{
	k->n[row][b] += counts;
	k->touched[row][b / 64] |= (uint64_t)counts << b % 64;
}

/* The events of one session. */
struct span {
	const uint32_t *product;
	const uint8_t *kind;
	size_t n;
};

/* Distinct products with an event of the kind, from place `from` on. */
static void count_both(struct counter *k, const struct span *e, uint32_t a, unsigned row,
		       enum event_kind kind, size_t from)
{
	uint32_t *seen = k->marks.seen, round;

	marks_next(&k->marks);
	marks_add(&k->marks, a);
	round = k->marks.round;
	for (size_t i = from; i < e->n; i++) {
		uint32_t b = e->product[i];
		bool is = e->kind[i] == kind;

		bump(k, row, b, is & (seen[b] != round));
		seen[b] = is ? round : seen[b];
	}
}

/* The views next to the view of a at place i, where they are of other products: what
 * repeats a is met again from its other end. */
static void count_beside(struct counter *k, const struct span *e, uint32_t a, size_t i)
{
	size_t next = i + 1, before = i;

	while (next < e->n && e->kind[next] != EVENT_VIEW)
		next++;
	if (next < e->n)
		bump(k, REL_ADJACENT_VIEW, e->product[next], e->product[next] != a);
	while (before > 0 && e->kind[before - 1] != EVENT_VIEW)
		before--;
	if (before > 0)
		bump(k, LIVE_INTO, e->product[before - 1], e->product[before - 1] != a);
}

#define ROW(r) (1u << (r))

static void count_session(const struct counting *g, struct counter *k, uint32_t s)
{
	uint64_t first = g->c->session_offsets[s];
	struct span e = {g->c->event_product + first, g->c->event_kind + first,
			 g->c->session_offsets[s + 1] - first};
	bool beside = g->which & (ROW(REL_ADJACENT_VIEW) | ROW(LIVE_INTO));
	size_t viewed = e.n;
	unsigned has = 0;

	if (e.n == 0 || !scan_counted(g->c, s, &k->marks))
		return;
	for (size_t i = e.n; i-- > 0;) {
		if (e.product[i] != g->product)
			continue;
		has |= KIND_BIT(e.kind[i]);
		if (e.kind[i] != EVENT_VIEW)
			continue;
		viewed = i;
		if (beside)
			count_beside(k, &e, g->product, i);
	}
	if ((has & KIND_BIT(EVENT_VIEW)) && (g->which & ROW(REL_CO_VIEW)))
		count_both(k, &e, g->product, REL_CO_VIEW, EVENT_VIEW, 0);
	if ((has & KIND_BIT(EVENT_VIEW)) && (g->which & ROW(REL_VIEW_PURCHASE)))
		count_both(k, &e, g->product, REL_VIEW_PURCHASE, EVENT_PURCHASE, viewed + 1);
	if ((has & KIND_BIT(EVENT_CART)) && (g->which & ROW(REL_CO_CART)))
		count_both(k, &e, g->product, REL_CO_CART, EVENT_CART, 0);
	if ((has & KIND_BIT(EVENT_PURCHASE)) && (g->which & ROW(REL_CO_PURCHASE)))
		count_both(k, &e, g->product, REL_CO_PURCHASE, EVENT_PURCHASE, 0);
}

/* Sessions of one product lie far apart: their memory is asked for ahead. */
static void count_task(void *ctx, size_t task, unsigned worker)
{
	struct counting *g = ctx;
	size_t i = task * SESSIONS, end = i + SESSIONS;

	end = end < g->n ? end : g->n;
	for (; i < end && !job_cancelled(g->job); i++) {
		if (i + 2 * AHEAD < g->n)
			__builtin_prefetch(&g->c->session_offsets[g->session[i + 2 * AHEAD] -
								  g->first]);
		if (i + AHEAD < g->n) {
			uint64_t at = g->c->session_offsets[g->session[i + AHEAD] - g->first];

			__builtin_prefetch(&g->c->event_product[at]);
			__builtin_prefetch(&g->c->event_product[at + 15]);
			__builtin_prefetch(&g->c->event_kind[at]);
		}
		count_session(g, &g->counter[worker], g->session[i] - g->first);
	}
}

/* First of the ascending numbers that is not below x. */
static size_t lower_bound(const uint32_t *v, size_t n, uint64_t x)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;

		if (v[mid] < x)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static void add_entry(struct live_row *r, struct counter *k, unsigned threads,
		      unsigned row, uint32_t b)
{
	uint32_t sum = 0;

	for (unsigned t = 0; t < threads; t++) {
		sum += k[t].n[row][b];
		k[t].n[row][b] = 0;
	}
	if (r->n == r->cap) {
		r->cap = r->cap * 2 + 64;
		r->column = mem_resize(r->column, r->cap, sizeof *r->column);
		r->value = mem_resize(r->value, r->cap, sizeof *r->value);
	}
	r->column[r->n] = b;
	r->value[r->n++] = sum;
}

/* The sum of all workers, which are cleared. */
static void collect(struct live *l, struct live_row *r, unsigned row)
{
	unsigned threads = pool_threads(l->pool);
	size_t words = l->base->n_products / 64 + 1;

	r->n = 0;
	free(r->q);
	r->q = NULL;
	for (size_t w = 0; w < words; w++) {
		uint64_t any = 0;

		for (unsigned t = 0; t < threads; t++) {
			any |= l->counter[t].touched[row][w];
			l->counter[t].touched[row][w] = 0;
		}
		for (; any; any &= any - 1)
			add_entry(r, l->counter, threads, row,
				  (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(any));
	}
}

bool live_count(struct live *l, uint32_t product, unsigned which, struct live_rows *rows,
		struct job *job, struct err *err)
{
	const struct catalog *base = l->base;
	const uint32_t *session = base->product_session +
				  base->product_session_offsets[product];
	size_t n = base->product_session_offsets[product + 1] -
		   base->product_session_offsets[product];
	size_t low = lower_bound(session, n, l->cut.first);
	/* One walk counts both sides of adjacent-view. */
	if (which & (ROW(REL_ADJACENT_VIEW) | ROW(LIVE_INTO)))
		which |= ROW(REL_ADJACENT_VIEW) | ROW(LIVE_INTO);
	struct counting g = {.c = &l->cut.catalog, .counter = l->counter, .job = job,
			     .product = product, .which = which,
			     .first = l->cut.first, .session = session + low};

	g.n = lower_bound(session, n, (uint64_t)g.first + g.c->n_sessions) - low;
	pool_run(l->pool, (g.n + SESSIONS - 1) / SESSIONS, count_task, &g);
	for (unsigned r = 0; r < LIVE_ROWS; r++)
		if (which >> r & 1)
			collect(l, &rows->row[r], r);
		else
			rows->row[r].n = 0;
	rows->product = product;
	rows->which = which;
	return job_check(job, err);
}

void live_rows_finish(struct live_rows *rows)
{
	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		free(rows->row[r].column);
		free(rows->row[r].value);
		free(rows->row[r].q);
	}
	*rows = (struct live_rows){0};
}

static size_t find_entry(const struct live_row *r, uint32_t b)
{
	size_t at = lower_bound(r->column, r->n, b);

	return at < r->n && r->column[at] == b ? at : SIZE_MAX;
}

uint32_t live_rows_pair(const struct live_rows *rows, unsigned row, uint32_t b)
{
	size_t at = find_entry(&rows->row[row], b);

	return at == SIZE_MAX ? 0 : rows->row[row].value[at];
}

/* --- q of a row */

struct testing {
	const struct relation_counts *c;
	const struct live_row *row;
	uint32_t product;
	double *p;
};

#define TESTS 4096u	/* per task */
#define MEMO 512u

/* Most of the rare products share their counts with others of the row. */
struct memo {
	uint64_t n, n_b;
	double p;
};

static double test_one(struct memo *memo, const struct assoc_counts *c)
{
	struct memo *m = &memo[(c->n * 31 + c->n_b) % MEMO];

	if (m->n != c->n || m->n_b != c->n_b)
		*m = (struct memo){c->n, c->n_b, assoc_p(c)};
	return m->p;
}

static void test_task(void *ctx, size_t task, unsigned worker)
{
	struct testing *t = ctx;
	size_t end = (task + 1) * TESTS;
	struct memo memo[MEMO] = {0};	/* n of an entry is never 0 */

	(void)worker;
	end = end < t->row->n ? end : t->row->n;
	for (size_t i = task * TESTS; i < end; i++) {
		struct assoc_counts c = {t->row->value[i], t->c->from[t->product],
					 t->c->to[t->row->column[i]], t->c->total};

		t->p[i] = test_one(memo, &c);
	}
}

static bool make_q(struct live *l, struct live_row *row, uint32_t product, enum relation r)
{
	struct testing t = {.c = &l->catalog.relation[r], .row = row, .product = product};

	t.p = mem_big(row->n, sizeof *t.p, "p-values", NULL);
	if (!t.p)
		return false;
	row->family = 0;
	for (uint32_t b = 0; b < l->base->n_products; b++)
		row->family += b != product && t.c->to[b] > 0;
	pool_run(l->pool, (row->n + TESTS - 1) / TESTS, test_task, &t);
	if (!assoc_bh(t.p, t.p, row->n, row->family)) {
		free(t.p);
		return false;
	}
	row->q = t.p;
	return true;
}

double live_rows_q(const struct live_rows *rows, enum relation r, uint32_t b)
{
	const struct live_row *row = &rows->row[r];
	size_t at = find_entry(row, b);

	return at == SIZE_MAX || !row->q ? NAN : row->q[at];
}

double live_q(struct live *l, struct live_rows *rows, enum relation r, uint32_t b)
{
	struct live_row *row = &rows->row[r];

	if (row->n > 0 && !row->q && !make_q(l, row, rows->product, r))
		return NAN;
	return live_rows_q(rows, r, b);
}
