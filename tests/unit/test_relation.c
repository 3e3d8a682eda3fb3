/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "stats/relation.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/assoc.h"
#include "stats/scan.h"
#include "store/catalog.h"

#include "fixture.h"
#include "minishop.h"
#include "unit.h"

#define P MINI_PRODUCTS
#define ALL_KINDS 0x1fu

struct naive {
	uint32_t n[P][P], from[P], to[P];
	uint64_t total;
};

static void naive_unordered(const struct minishop *m, uint32_t s, unsigned kinds,
			    struct naive *x)
{
	bool in[P];

	x->total += minishop_basket(m, s, kinds, in) > 0;
	for (uint32_t a = 0; a < P; a++) {
		x->from[a] += in[a];
		x->to[a] += in[a];
		for (uint32_t b = 0; b < P; b++)
			x->n[a][b] += a != b && in[a] && in[b];
	}
}

static void naive_adjacent(const struct minishop *m, uint32_t s, struct naive *x)
{
	uint32_t view[MINI_EVENTS], n = 0;

	for (uint64_t i = m->offsets[s]; i < m->offsets[s + 1]; i++)
		if (m->kind[i] == EVENT_VIEW && (n == 0 || view[n - 1] != m->product[i]))
			view[n++] = m->product[i];
	for (uint32_t i = 0; i + 1 < n; i++) {
		x->n[view[i]][view[i + 1]]++;
		x->from[view[i]]++;
		x->to[view[i + 1]]++;
		x->total++;
	}
}

static void naive_view_purchase(const struct minishop *m, uint32_t s, struct naive *x)
{
	bool viewed[P], bought[P], seen[P][P] = {{false}};
	unsigned any = minishop_basket(m, s, KIND_BIT(EVENT_VIEW), viewed);

	any += minishop_basket(m, s, KIND_BIT(EVENT_PURCHASE), bought);
	x->total += any > 0;
	for (uint64_t i = m->offsets[s]; i < m->offsets[s + 1]; i++)
		for (uint64_t j = i + 1; j < m->offsets[s + 1]; j++)
			if (m->kind[i] == EVENT_VIEW && m->kind[j] == EVENT_PURCHASE)
				seen[m->product[i]][m->product[j]] = true;
	for (uint32_t a = 0; a < P; a++) {
		x->from[a] += viewed[a];
		x->to[a] += bought[a];
		for (uint32_t b = 0; b < P; b++)
			x->n[a][b] += a != b && seen[a][b];
	}
}

static void naive_count(const struct minishop *m, enum relation r, struct naive *x)
{
	static const unsigned kinds[RELATIONS] = {
		[REL_CO_VIEW] = KIND_BIT(EVENT_VIEW),
		[REL_CO_CART] = KIND_BIT(EVENT_CART),
		[REL_CO_PURCHASE] = KIND_BIT(EVENT_PURCHASE),
	};

	memset(x, 0, sizeof *x);
	for (uint32_t s = 0; s < m->sessions; s++) {
		if (!minishop_counts(m, s))
			continue;
		if (r == REL_ADJACENT_VIEW)
			naive_adjacent(m, s, x);
		else if (r == REL_VIEW_PURCHASE)
			naive_view_purchase(m, s, x);
		else
			naive_unordered(m, s, kinds[r], x);
	}
}

/* Exactly the entries of the naive table, ascending; returns their sum. */
static uint64_t same_rows(const struct csr *csr, const struct naive *x, bool in)
{
	uint64_t at = 0, sum = 0;

	for (uint32_t a = 0; a < P; a++) {
		assert_int_equal(csr->offsets[a], at);
		for (uint32_t b = 0; b < P; b++) {
			uint32_t n = in ? x->n[b][a] : x->n[a][b];

			if (n == 0)
				continue;
			assert_true(at < csr->entries);
			assert_int_equal(csr->column[at], b);
			assert_int_equal(csr->value[at++], n);
			sum += n;
		}
	}
	assert_int_equal(csr->offsets[P], at);
	return sum;
}

static void same_relation(const struct relation_counts *c, enum relation r,
			  const struct naive *x)
{
	unsigned twice = relation_directed(r) ? 1 : 2;
	uint64_t sum = same_rows(&c->out, x, false);

	assert_int_equal(same_rows(&c->in, x, true), sum);
	assert_int_equal(c->pairs * twice, c->out.entries);
	assert_int_equal(c->instances * twice, sum);
	assert_int_equal(c->total, x->total);
	assert_memory_equal(c->from, x->from, sizeof x->from);
	assert_memory_equal(c->to, x->to, sizeof x->to);
	for (uint32_t a = 0; a < P; a++)
		for (uint32_t b = 0; b < P; b++)
			assert_int_equal(relation_pair(c, a, b), x->n[a][b]);
}

/* q from the table is that of the whole family, never less. */
static void same_q(const struct relation_counts *c, enum relation r, const struct naive *x)
{
	static double p[P * P], q[P * P];
	double family = 0;
	size_t n = 0, k = 0;

	for (uint32_t a = 0; a < P; a++)
		for (uint32_t b = 0; b < P; b++) {
			struct assoc_counts counts = {x->n[a][b], x->from[a], x->to[b],
						      x->total};

			if (a == b || !counts.n_a || !counts.n_b ||
			    (!relation_directed(r) && a > b))
				continue;
			family++;
			if (counts.n)
				p[n++] = assoc_p(&counts);
		}
	assert_true(assoc_bh(p, q, n, family));
	for (; k < n; k++) {
		assert_true(assoc_q(c->q, p[k]) >= q[k] * (1 - 1e-9));
		assert_true(assoc_q(c->q, p[k]) <= q[k] * 1.012);
	}
}

static void test_against_naive(void **state)
{
	static struct minishop m;
	static struct naive x;
	char *folder = fixture_folder();

	(void)state;
	for (uint64_t seed = 0; seed < 12; seed++) {
		unsigned threads = seed % 2 ? 4 : 1;
		struct store *s;

		char name[16], *path;

		snprintf(name, sizeof name, "%u.aisle", (unsigned)seed);
		path = fixture_path(folder, name);
		minishop_draw(&m, seed / 2, ALL_KINDS);
		s = minishop_store(&m, path, threads);
		for (unsigned r = 0; r < RELATIONS; r++) {
			const struct relation_counts *c = &store_catalog(s)->relation[r];

			naive_count(&m, r, &x);
			assert_non_null(c->out.offsets);
			same_relation(c, r, &x);
			same_q(c, r, &x);
		}
		store_destroy(s);
		free(path);
	}
	fixture_remove(folder);
}

/* A relation whose events the shop does not have is not there. */
static void test_missing_events(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	const struct catalog *c;
	struct store *s;

	(void)state;
	minishop_draw(&m, 3, KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_CART));
	s = minishop_store(&m, path, 2);
	c = store_catalog(s);
	assert_non_null(c->relation[REL_CO_VIEW].out.offsets);
	assert_non_null(c->relation[REL_CO_CART].out.offsets);
	assert_null(c->relation[REL_CO_PURCHASE].out.offsets);
	assert_null(c->relation[REL_VIEW_PURCHASE].out.offsets);
	assert_int_equal(relation_pair(&c->relation[REL_CO_PURCHASE], 0, 1), 0);
	assert_int_equal(c->transition[BASKET_PURCHASE].levels, 0);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

static void test_totals(void **state)
{
	static struct minishop m;
	uint32_t views[P] = {0}, bought[P] = {0};
	uint64_t category[MINI_CATEGORIES] = {0}, k = 0;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	const struct catalog *c;
	struct store *s;
	bool in[P];

	(void)state;
	minishop_draw(&m, 5, ALL_KINDS);
	s = minishop_store(&m, path, 3);
	c = store_catalog(s);
	for (uint32_t i = 0; i < m.events; i++) {
		uint32_t at = m.category[m.product[i]];

		views[m.product[i]] += m.kind[i] == EVENT_VIEW;
		bought[m.product[i]] += m.kind[i] == EVENT_PURCHASE;
		for (; m.kind[i] == EVENT_VIEW && at != CATALOG_NONE; at = mini_parent[at])
			category[at]++;
	}
	assert_memory_equal(c->product_views, views, sizeof views);
	assert_memory_equal(c->product_purchases, bought, sizeof bought);
	assert_memory_equal(c->category_views, category, sizeof category);
	for (uint32_t i = 0; i + 1 < P; i++) {
		uint32_t x = c->order_views[i], y = c->order_views[i + 1];

		assert_true(views[x] > views[y] || (views[x] == views[y] && x < y));
		assert_true(c->order_price[i] == P - 1 - i);
		assert_true(c->order_label[i] == i);
	}
	/* product -> sessions: ascending, each once */
	for (uint32_t p = 0; p < P; p++)
		for (uint32_t i = 0; i < m.sessions; i++) {
			minishop_basket(&m, i, ALL_KINDS, in);
			if (in[p])
				assert_int_equal(c->product_session[k++], i);
		}
	assert_int_equal(c->product_session_offsets[P], k);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

#define SCAN_SESSIONS 400
#define SCAN_PRODUCTS 50

/* Sessions of 0 to 39 events, of which about one in `rare` is a purchase. */
struct log {
	uint64_t offsets[SCAN_SESSIONS + 1];
	uint32_t product[SCAN_SESSIONS * 40];
	uint8_t kind[SCAN_SESSIONS * 40];
	struct catalog c;
};

static void draw_log(struct log *l, uint32_t rare, uint64_t max_session)
{
	struct rng r;
	uint64_t n = 0;

	rng_init(&r, rare, max_session);
	for (uint32_t s = 0; s < SCAN_SESSIONS; s++) {
		l->offsets[s] = n;
		for (uint32_t of = (uint32_t)rng_below(&r, 40); of; of--, n++) {
			l->product[n] = (uint32_t)rng_below(&r, SCAN_PRODUCTS);
			l->kind[n] = rng_below(&r, rare) ? EVENT_VIEW : EVENT_PURCHASE;
		}
	}
	l->offsets[SCAN_SESSIONS] = n;
	l->c = (struct catalog){.session_offsets = l->offsets, .event_product = l->product,
				.event_kind = l->kind, .n_sessions = SCAN_SESSIONS,
				.n_products = SCAN_PRODUCTS, .n_events = n,
				.max_session = max_session};
}

/* What scan_next gives, from what each session gives by itself. */
static void same_scan(const struct log *l, struct range sessions, struct marks *m)
{
	uint32_t want[SCAN_PRODUCTS + 40], got[SCAN_PRODUCTS + 40];
	struct scan x;

	scan_start(&x, &l->c, sessions, EVENT_PURCHASE);
	for (uint32_t s = sessions.first; s < sessions.end; s++) {
		uint32_t n = scan_distinct(&l->c, s, KIND_BIT(EVENT_PURCHASE), m, want);

		if (n == 0 || !scan_counted(&l->c, s, m))
			continue;
		assert_int_equal(scan_next(&x, m, got), n);
		assert_int_equal(x.session, s);
		assert_memory_equal(got, want, n * sizeof *want);
	}
	assert_int_equal(scan_next(&x, m, got), 0);
	assert_int_equal(scan_next(&x, m, got), 0);
}

static void test_scan(void **state)
{
	static const uint32_t rare[] = {1, 2, 7, 90, 2000, 1000000};
	static struct log l;
	struct marks m;

	(void)state;
	assert_true(marks_init(&m, SCAN_PRODUCTS, NULL));
	for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
		for (uint64_t most = 0; most <= 30; most += 15) {
			draw_log(&l, rare[i], most);
			for (uint32_t first = 0; first < 4; first++)
				for (uint32_t less = 0; less < 3; less++)
					same_scan(&l, (struct range){first, SCAN_SESSIONS - less},
						  &m);
			same_scan(&l, (struct range){7, 7}, &m);
		}
	marks_finish(&m);
}

UNIT_TESTS(relation, UNIT(test_against_naive), UNIT(test_scan), UNIT(test_missing_events),
	   UNIT(test_totals))
