/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each range has sums of its own, which are added up at the end. */
#include "config.h"

#include "stats/totals.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "stats/given.h"
#include "stats/scan.h"
#include "store/build.h"
#include "store/catalog.h"

struct totalling {
	const struct catalog *c;
	struct range *range;
	struct part {
		struct totals totals;	/* without revenue */
		__int128 *revenue;	/* (P), of the prices' scale */
	} *part;		/* (n_parts), one per range; the first is the sum after */
	size_t n_parts;
};

static bool part_init(struct part *p, size_t products, struct err *err)
{
	const char *what = "product totals";
	struct totals *t = &p->totals;

	t->views = mem_dense(products, sizeof *t->views, what, err);
	t->carts = mem_big(products, sizeof *t->carts, what, err);
	t->purchases = mem_big(products, sizeof *t->purchases, what, err);
	p->revenue = mem_big(products, sizeof *p->revenue, what, err);
	return t->views && t->carts && t->purchases && p->revenue;
}

void totals_finish(struct totals *t)
{
	free(t->views);
	free(t->carts);
	free(t->purchases);
	free(t->revenue);
	*t = (struct totals){0};
}

/* a + b of numbers that are not negative; it stops at the end. */
static int64_t add(int64_t a, int64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? INT64_MAX : a;
}

static void add_purchase(const struct catalog *c, struct part *part, uint64_t event)
{
	struct totals *t = &part->totals;
	uint32_t product = c->event_product[event];
	uint32_t pieces = c->event_quantity ? c->event_quantity[event] : 1;

	if (__builtin_add_overflow(t->purchases[product], pieces, &t->purchases[product]))
		t->purchases[product] = UINT32_MAX;
	if (!c->event_price || c->event_price[event] == PRICE_NONE)
		return;
	part->revenue[product] += (__int128)c->event_price[event] * pieces;
}

static void total_part(void *ctx, size_t task, unsigned worker)
{
	struct totalling *g = ctx;
	const struct catalog *c = g->c;
	struct totals *t = &g->part[task].totals;
	uint64_t end = c->session_offsets[g->range[task].end];

	(void)worker;
	for (uint64_t i = c->session_offsets[g->range[task].first]; i < end; i++) {
		if (c->event_kind[i] == EVENT_VIEW)
			t->views[c->event_product[i]]++;
		else if (c->event_kind[i] == EVENT_CART)
			t->carts[c->event_product[i]]++;
		else if (c->event_kind[i] == EVENT_PURCHASE)
			add_purchase(c, &g->part[task], i);
	}
}

static void total_sum(struct totalling *g)
{
	struct totals *all = &g->part[0].totals;

	for (size_t i = 1; i < g->n_parts; i++)
		for (uint32_t p = 0; p < g->c->n_products; p++) {
			struct totals *t = &g->part[i].totals;

			all->views[p] += t->views[p];
			all->carts[p] += t->carts[p];
			if (__builtin_add_overflow(all->purchases[p], t->purchases[p],
						   &all->purchases[p]))
				all->purchases[p] = UINT32_MAX;
			g->part[0].revenue[p] += g->part[i].revenue[p];
		}
}

/* Revenue as 64 bits, with as many decimals as the sum of all leaves room for. */
static bool fit_revenue(struct totals *t, const __int128 *exact, const struct catalog *c,
			struct err *err)
{
	unsigned drop = 0;
	__int128 total = 0;

	t->revenue = mem_big(c->n_products, sizeof *t->revenue, "product totals", err);
	if (!t->revenue)
		return false;
	for (uint32_t p = 0; p < c->n_products; p++)
		total += exact[p];
	/* Half of the range leaves room for what rounding adds. */
	for (; total > INT64_MAX / 2 && drop < c->price_scale; drop++)
		total /= 10;
	for (uint32_t p = 0; p < c->n_products; p++)
		t->revenue[p] = num_drop_digits(exact[p], drop);
	t->revenue_scale = c->price_scale - drop;
	return true;
}

static bool write_products(struct build *b, const struct totals *t, uint32_t n,
			   bool prices, struct err *err)
{
	return build_array(b, "product/views", ARRAY_U32, n, 1, t->views, err) &&
	       build_array(b, "product/carts", ARRAY_U32, n, 1, t->carts, err) &&
	       build_array(b, "product/purchases", ARRAY_U32, n, 1, t->purchases, err) &&
	       (!prices ||
		build_array(b, "product/revenue", ARRAY_I64, n, 1, t->revenue, err));
}

/* Its own products first, then every category to the one above it: children come
 * after their parents. Guests, who are in no range of the subtree, come last.
 * in is (P) of 32 bits, or of 64 where wide. */
static void *sum_categories(const struct catalog *c, const void *in, bool wide,
			    struct err *err)
{
	int64_t *out = mem_big(c->n_categories, sizeof *out, "category totals", err);

	if (!out)
		return NULL;
	for (uint32_t i = 0; i < c->n_categories; i++)
		for (uint32_t p = c->category_product[i]; p < c->category_product[i + 1]; p++)
			out[i] = add(out[i], wide ? ((const int64_t *)in)[p] :
					     ((const uint32_t *)in)[p]);
	for (uint32_t i = c->n_categories; i-- > 0;)
		if (c->category_parent[i] != CATALOG_NONE)
			out[c->category_parent[i]] = add(out[c->category_parent[i]], out[i]);
	for (uint32_t i = 0; i < c->n_categories; i++) {
		struct members m = catalog_members(c, i);

		for (uint32_t j = 0; j < m.n_guests; j++)
			out[i] = add(out[i], wide ? ((const int64_t *)in)[m.guest[j]] :
					     ((const uint32_t *)in)[m.guest[j]]);
	}
	return out;
}

void category_totals_finish(struct category_totals *t)
{
	free(t->views);
	free(t->carts);
	free(t->purchases);
	free(t->revenue);
	*t = (struct category_totals){0};
}

bool category_totals_make(struct category_totals *out, const struct catalog *c,
			  const struct totals *t, struct err *err)
{
	struct category_totals x = {
		.views = sum_categories(c, t->views, false, err),
		.carts = sum_categories(c, t->carts, false, err),
		.purchases = sum_categories(c, t->purchases, false, err),
		.revenue = t->revenue ? sum_categories(c, t->revenue, true, err) : NULL,
	};

	if (!x.views || !x.carts || !x.purchases || !x.revenue != !t->revenue) {
		category_totals_finish(&x);
		return false;
	}
	*out = x;
	return true;
}

static bool write_categories(struct build *b, const struct category_totals *t, uint32_t n,
			     struct err *err)
{
	return build_array(b, "category/views", ARRAY_U64, n, 1, t->views, err) &&
	       build_array(b, "category/carts", ARRAY_U64, n, 1, t->carts, err) &&
	       build_array(b, "category/purchases", ARRAY_U64, n, 1, t->purchases, err) &&
	       (!t->revenue ||
		build_array(b, "category/revenue", ARRAY_I64, n, 1, t->revenue, err));
}

/* Ranges of sessions, so few that their arrays per product stay small. */
static size_t few_parts(const struct catalog *c, struct pool *pool)
{
	size_t fair = c->n_products ? c->n_events / c->n_products + 1 : 1;
	size_t threads = pool_threads(pool);

	return threads < fair ? threads : fair;
}

bool totals_make(struct totals *out, const struct catalog *c, struct pool *pool,
		 struct err *err)
{
	struct totalling g = {.c = c};
	size_t want = few_parts(c, pool);
	bool ok = true;

	g.range = mem_zalloc(want * sizeof *g.range);
	g.part = mem_zalloc(want * sizeof *g.part);
	g.n_parts = range_split(c->session_offsets, c->n_sessions, want, g.range);
	if (g.n_parts == 0)
		g.n_parts = 1;	/* no session: an empty range */
	for (size_t i = 0; ok && i < g.n_parts; i++)
		ok = part_init(&g.part[i], c->n_products, err);
	if (ok) {
		pool_run(pool, g.n_parts, total_part, &g);
		total_sum(&g);
		ok = !c->event_price ||
			fit_revenue(&g.part[0].totals, g.part[0].revenue, c, err);
	}
	if (ok) {
		*out = g.part[0].totals;
		g.part[0].totals = (struct totals){0};
	}
	for (size_t i = 0; i < g.n_parts; i++) {
		totals_finish(&g.part[i].totals);
		free(g.part[i].revenue);
	}
	free(g.part);
	free(g.range);
	return ok;
}

static const uint32_t *told(const struct catalog *c, enum event_kind kind)
{
	static const enum relation by[EVENT_KINDS][3] = {
		[EVENT_VIEW] = {REL_CO_VIEW, REL_ADJACENT_VIEW, REL_VIEW_PURCHASE},
		[EVENT_CART] = {REL_CO_CART, REL_CO_CART, REL_CO_CART},
		[EVENT_PURCHASE] = {REL_CO_PURCHASE, REL_CO_PURCHASE, REL_CO_PURCHASE},
	};

	for (unsigned i = 0; i < 3; i++)
		if (c->relation[by[kind][i]].out.offsets)
			return c->relation[by[kind][i]].from;
	return kind == EVENT_PURCHASE ? c->relation[REL_VIEW_PURCHASE].to : NULL;
}

static bool copy_told(uint32_t **out, const struct catalog *c, enum event_kind kind,
		      struct err *err)
{
	const uint32_t *of = told(c, kind);

	*out = mem_big(c->n_products, sizeof **out, "totals", err);
	if (*out && of)
		memcpy(*out, of, c->n_products * sizeof **out);
	return *out;
}

bool totals_of_pairs(struct totals *out, const struct catalog *c, struct err *err)
{
	struct totals t = {0};

	if (!copy_told(&t.views, c, EVENT_VIEW, err) || !copy_told(&t.carts, c, EVENT_CART, err) ||
	    !copy_told(&t.purchases, c, EVENT_PURCHASE, err)) {
		totals_finish(&t);
		return false;
	}
	*out = t;
	return true;
}

bool given_totals(struct build *b, const struct totals *t, struct err *err)
{
	struct category_totals of = {0};
	uint32_t products, categories;
	const struct catalog *c;
	bool ok;

	if (!build_catalog(b, &c, err))
		return false;
	/* c is valid until the first array is written */
	products = c->n_products;
	categories = c->n_categories;
	ok = category_totals_make(&of, c, t, err);
	if (ok && t->revenue)
		json_object_set_new(build_meta(b), "revenue_scale",
				    json_integer(t->revenue_scale));
	ok = ok && write_products(b, t, products, t->revenue, err) &&
	     write_categories(b, &of, categories, err);
	category_totals_finish(&of);
	return ok;
}

bool totals_count(struct build *b, struct work work, struct err *err)
{
	const struct catalog *c;
	struct totals t = {0};
	bool ok;

	job_step(work.job, "adding up products", 0);
	if (!build_catalog(b, &c, err) || !totals_make(&t, c, work.pool, err))
		return false;
	ok = given_totals(b, &t, err);
	totals_finish(&t);
	return ok && job_check(work.job, err);
}

/* product -> sessions: counted per range, then placed; ranges are in the order of
 * sessions, so rows ascend. */
struct holding {
	const struct catalog *c;
	struct range *range;
	uint32_t **next;	/* (n_parts)(P) counts, then places from the row's start */
	struct marks *marks;	/* (n_parts) */
	uint64_t *offsets;
	uint32_t *session;	/* NULL while counting */
};

static void hold_part(void *ctx, size_t task, unsigned worker)
{
	struct holding *h = ctx;
	struct marks *m = &h->marks[task];
	uint32_t *next = h->next[task];

	(void)worker;
	for (uint32_t s = h->range[task].first; s < h->range[task].end; s++) {
		marks_next(m);
		for (uint64_t i = h->c->session_offsets[s];
		     i < h->c->session_offsets[s + 1]; i++) {
			uint32_t p = h->c->event_product[i];

			if (!marks_add(m, p))
				continue;
			if (h->session)
				h->session[h->offsets[p] + next[p]] = s;
			next[p]++;
		}
	}
}

static void hold_offsets(struct holding *h, size_t n_parts)
{
	for (uint32_t p = 0; p < h->c->n_products; p++) {
		uint32_t at = 0;

		for (size_t i = 0; i < n_parts; i++) {
			uint32_t n = h->next[i][p];

			h->next[i][p] = at;
			at += n;
		}
		h->offsets[p + 1] = h->offsets[p] + at;
	}
}

static bool hold_run(struct holding *h, size_t n_parts, struct build *b,
		     struct pool *pool, struct err *err)
{
	uint32_t n = h->c->n_products;

	h->offsets = mem_big((size_t)n + 1, sizeof *h->offsets, "row offsets", err);
	if (!h->offsets)
		return false;
	for (size_t i = 0; i < n_parts; i++) {
		h->next[i] = mem_dense(n, sizeof **h->next, "sessions of products", err);
		if (!h->next[i] || !marks_init(&h->marks[i], n, err))
			return false;
		mem_touch(h->marks[i].seen, n, sizeof *h->marks[i].seen);
	}
	pool_run(pool, n_parts, hold_part, h);
	hold_offsets(h, n_parts);
	h->session = mem_dense(h->offsets[n], sizeof *h->session, "sessions of products",
			     err);
	if (!h->session)
		return false;
	pool_run(pool, n_parts, hold_part, h);
	return build_array(b, "product/session-offsets", ARRAY_U64, (uint64_t)n + 1, 1,
			   h->offsets, err) &&
	       build_array(b, "product/session", ARRAY_U32, h->offsets[n], 1, h->session,
			   err);
}

bool totals_sessions(struct build *b, struct work work, struct err *err)
{
	struct holding h = {0};
	size_t want, n_parts;
	bool ok;

	job_step(work.job, "listing sessions of products", 0);
	if (!build_catalog(b, &h.c, err))
		return false;
	want = few_parts(h.c, work.pool);
	h.range = mem_zalloc(want * sizeof *h.range);
	h.next = mem_zalloc(want * sizeof *h.next);
	h.marks = mem_zalloc(want * sizeof *h.marks);
	n_parts = range_split(h.c->session_offsets, h.c->n_sessions, want, h.range);
	ok = hold_run(&h, n_parts, b, work.pool, err);
	for (size_t i = 0; i < n_parts; i++) {
		free(h.next[i]);
		marks_finish(&h.marks[i]);
	}
	free(h.range);
	free(h.next);
	free(h.marks);
	free(h.offsets);
	free(h.session);
	return ok && job_check(work.job, err);
}
