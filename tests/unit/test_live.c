/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is counted under a filter must be what an import of the events that the filter
 * lets in counts: random shops, random filters, every product.
 */
#include "config.h"

#include "stats/live_impl.h"

#include <math.h>

#include "base/pool.h"
#include "base/rng.h"
#include "panel/panel_weights.h"
#include "suggest/door.h"
#include "stats/relation.h"

#include "fixture.h"
#include "minishop.h"
#include "unit.h"

#define P MINI_PRODUCTS
#define ROUNDS 24

/* Two stores: of the whole shop, and of what a naive reading of the filter leaves. */
struct pair {
	struct minishop m, left;
	struct store *all, *some;
	struct filter *filter;
	struct live *live, *lender;	/* lender NULL: live has read the events itself */
	struct pool *pool;
	char *folder;
	char text[400];
};

static void cut_naively(struct pair *t, uint32_t from, uint32_t end, unsigned kinds,
			uint32_t first, uint32_t last)
{
	uint32_t n = 0;

	t->left = t->m;
	for (uint32_t s = 0; s < t->m.sessions; s++) {
		for (uint64_t i = t->m.offsets[s]; i < t->m.offsets[s + 1]; i++)
			if (i >= from && i < end && (kinds >> t->m.kind[i] & 1) &&
			    t->m.product[i] >= first && t->m.product[i] <= last) {
				t->left.product[n] = t->m.product[i];
				t->left.time[n] = t->m.time[i];
				t->left.kind[n++] = t->m.kind[i];
			}
		t->left.offsets[s + 1] = n;
	}
	t->left.events = n;
}

/* n sessions become one: longer than what is looked at together. */
static void join_sessions(struct minishop *m, uint32_t n)
{
	for (uint32_t s = 0; s < m->sessions; s++) {
		uint32_t end = (s / n + 1) * n;

		m->offsets[s + 1] = m->offsets[end < m->sessions ? end : m->sessions];
	}
	m->max_session = P;
}

static void add_kinds(struct strbuf *b, unsigned kinds)
{
	const char *sep = "";

	strbuf_adds(b, " and event in (");
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (kinds >> k & 1) {
			strbuf_addf(b, "%s%s", sep, event_kind_name((enum event_kind)k));
			sep = ", ";
		}
	strbuf_addc(b, ')');
}

/* Event i of a minishop is at i ms, product p costs 100 + p. */
static void draw(struct pair *t, uint64_t seed, bool products)
{
	uint32_t from, end, first = 0, last = P - 1;
	unsigned kinds = (1u << EVENT_KINDS) - 1;
	struct rng r;
	STRBUF(b);

	rng_init(&r, seed, 1);
	minishop_draw(&t->m, seed, seed % 5 ? 15 : 1 + (unsigned)rng_below(&r, 15));
	if (seed % 3 == 2)
		join_sessions(&t->m, 2 + (uint32_t)seed % 16);
	from = rng_below(&r, 3) ? (uint32_t)rng_below(&r, t->m.events / 2 + 1) : 0;
	end = from + 1 + (uint32_t)rng_below(&r, t->m.events + 1);
	strbuf_addf(&b, "date >= 1970-01-01T00:00:%02u.%03uZ and not date >= "
		    "'1970-01-01 00:00:%02u.%03u'", from / 1000, from % 1000, end / 1000,
		    end % 1000);
	if (rng_below(&r, 2)) {
		kinds = (unsigned)rng_below(&r, 31) + 1;
		add_kinds(&b, kinds);
	}
	if (products) {
		first = (uint32_t)rng_below(&r, P / 2);
		last = first + (uint32_t)rng_below(&r, P / 2);
		strbuf_addf(&b, " and price >= %u and price <= %u", 100 + first, 100 + last);
	}
	snprintf(t->text, sizeof t->text, "%s", strbuf_c(&b));
	cut_naively(t, from, end, kinds, first, last);
}

static bool pair_open(struct pair *t, uint64_t seed, bool products)
{
	struct err err = {0};
	char *path;

	draw(t, seed, products);
	if (t->left.events == 0)
		return false;
	t->folder = fixture_folder();
	path = fixture_path(t->folder, "all.aisle");
	t->all = minishop_store(&t->m, path, 2);
	free(path);
	path = fixture_path(t->folder, "some.aisle");
	t->some = minishop_store(&t->left, path, 1);
	free(path);
	t->pool = seed % 2 ? pool_create(1 + (unsigned)(seed % 4)) : NULL;
	if (!filter_parse(&t->filter, str_from(t->text), &err) ||
	    !live_create(&t->live, t->filter, store_catalog(t->all),
			 (struct work){t->pool, NULL}, &err))
		fail_msg("%s: %s", t->text, err.text);
	if (seed % 4 > 1) {	/* whether its lender has made parts of its own or not */
		assert_true(seed % 4 > 2 ||
			    live_need(t->live, LIVE_TOTALS | LIVE_PAIRS, NULL, &err));
		t->lender = t->live;
		t->live = live_share(t->lender, t->pool);
		assert_true(live_is(t->live, t->filter, store_catalog(t->all)));
		assert_ptr_equal(live_catalog(t->live)->event_product,
				 live_catalog(t->lender)->event_product);
	}
	if (!live_need(t->live, LIVE_TOTALS | LIVE_PAIRS | LIVE_PRIOR, NULL, &err))
		fail_msg("%s: %s", t->text, err.text);
	return true;
}

static void pair_close(struct pair *t)
{
	live_destroy(t->live);
	live_destroy(t->lender);
	t->lender = NULL;
	filter_destroy(t->filter);
	pool_destroy(t->pool);
	store_destroy(t->all);
	store_destroy(t->some);
	fixture_remove(t->folder);
}

static void same_row(const struct live_row *row, const struct csr *csr, uint32_t a)
{
	uint64_t first = csr->offsets[a];

	assert_int_equal(row->n, csr->offsets[a + 1] - first);
	for (size_t i = 0; i < row->n; i++) {
		assert_int_equal(row->column[i], csr->column[first + i]);
		assert_int_equal(row->value[i], csr->value[first + i]);
	}
}

static void same_relation(struct pair *t, unsigned r)
{
	const struct relation_counts *want = &store_catalog(t->some)->relation[r];
	const struct relation_counts *have = &live_catalog(t->live)->relation[r];
	struct relation_table table;
	struct err err = {0};

	assert_true(!want->from == !have->from);
	if (!want->from)
		return;
	assert_int_equal(have->total, want->total);
	assert_memory_equal(have->from, want->from, P * sizeof *want->from);
	assert_memory_equal(have->to, want->to, P * sizeof *want->to);
	assert_true(live_relation(t->live, r, &table, NULL, &err));
	assert_int_equal(table.counts.total, want->total);
	assert_int_equal(table.counts.pairs, want->pairs);
	assert_int_equal(table.counts.instances, want->instances);
	assert_memory_equal(table.counts.from, want->from, P * sizeof *want->from);
	assert_memory_equal(table.q, want->q, Q_STEPS * sizeof *want->q);
	assert_memory_equal(table.offsets, want->out.offsets, (P + 1) * sizeof(uint64_t));
	relation_table_finish(&table);
}

static void test_pairs(void **state)
{
	static struct pair t;

	(void)state;
	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		struct live_rows rows = {0};
		struct err err = {0};

		if (!pair_open(&t, seed, false))
			continue;
		for (unsigned r = 0; r < RELATIONS; r++)
			same_relation(&t, r);
		for (uint32_t a = 0; a < P; a++) {
			const struct relation_counts *want =
				store_catalog(t.some)->relation;

			assert_true(live_count(t.live, a, (1u << LIVE_ROWS) - 1, &rows, NULL,
					       &err));
			for (unsigned r = 0; r < RELATIONS; r++)
				if (want[r].from)
					same_row(&rows.row[r], &want[r].out, a);
			if (want[REL_ADJACENT_VIEW].from)
				same_row(&rows.row[LIVE_INTO], &want[REL_ADJACENT_VIEW].in, a);
		}
		live_rows_finish(&rows);
		pair_close(&t);
	}
}

/* q of a product's pairs is Benjamini-Hochberg over all other products seen there. */
static void test_q(void **state)
{
	static struct pair t;
	struct live_rows rows = {0};
	struct err err = {0};
	double p[P], q[P];

	(void)state;
	assert_true(pair_open(&t, 1, false));
	for (uint32_t a = 0; a < P; a++) {
		const struct relation_counts *c =
			&live_catalog(t.live)->relation[REL_CO_VIEW];
		const struct live_row *row = &rows.row[REL_CO_VIEW];
		size_t family = 0;
		uint32_t of[P];

		assert_true(live_count(t.live, a, 1u << REL_CO_VIEW, &rows, NULL, &err));
		for (uint32_t b = 0; b < P; b++) {
			struct assoc_counts k = {live_rows_pair(&rows, REL_CO_VIEW, b),
						 c->from[a], c->to[b], c->total};

			if (b == a || c->to[b] == 0)
				continue;
			of[family] = b;
			p[family++] = k.n ? assoc_p(&k) : 1;
		}
		assert_true(assoc_bh(p, q, family, (double)family));
		for (size_t i = 0; i < family; i++)
			if (live_rows_pair(&rows, REL_CO_VIEW, of[i]))
				assert_true(fabs(live_q(t.live, &rows, REL_CO_VIEW, of[i]) -
						 q[i]) < 1e-12);
		assert_int_equal(row->family, row->n ? family : row->family);
	}
	live_rows_finish(&rows);
	pair_close(&t);
}

static void test_totals(void **state)
{
	static struct pair t;

	(void)state;
	for (uint64_t seed = 100; seed < 100 + ROUNDS; seed++) {
		const struct catalog *want, *have;

		if (!pair_open(&t, seed, false))
			continue;
		want = store_catalog(t.some);
		have = live_catalog(t.live);
		assert_int_equal(have->caps, want->caps);
		assert_memory_equal(have->product_views, want->product_views, P * 4);
		assert_memory_equal(have->product_carts, want->product_carts, P * 4);
		assert_memory_equal(have->product_purchases, want->product_purchases, P * 4);
		assert_memory_equal(have->category_views, want->category_views,
				    MINI_CATEGORIES * 8);
		assert_memory_equal(have->category_purchases, want->category_purchases,
				    MINI_CATEGORIES * 8);
		pair_close(&t);
	}
}

/* Transitions are of the products chosen, too. */
static void same_flow(struct pair *t, enum basket_kind k)
{
	const struct transition_counts *want = &store_catalog(t->some)->transition[k];
	const struct transition_counts *have;
	const struct catalog *c;
	struct err err = {0};
	size_t n = MINI_CATEGORIES * sizeof(uint32_t);

	assert_true(live_flow(t->live, k, &c, NULL, &err));
	have = &c->transition[k];
	if (want->levels == 0) {
		assert_true(have->baskets == 0);
		return;
	}
	assert_int_equal(have->levels, want->levels);
	assert_int_equal(have->baskets, want->baskets);
	assert_int_equal(have->multi_baskets, want->multi_baskets);
	assert_memory_equal(have->from, want->from, n);
	assert_memory_equal(have->own_multi, want->own_multi, n);
	for (unsigned d = 0; d < want->levels; d++) {
		const struct csr *a = &have->level[d], *b = &want->level[d];

		assert_int_equal(a->entries, b->entries);
		assert_memory_equal(a->offsets, b->offsets, (MINI_CATEGORIES + 1) * 8);
		if (a->entries == 0)
			continue;
		assert_memory_equal(a->column, b->column, a->entries * 4);
		assert_memory_equal(a->value, b->value, a->entries * 4);
		assert_memory_equal(have->pairs[d], want->pairs[d], a->entries * 8);
		for (uint64_t i = 0; i < a->entries; i++)
			assert_true(have->q[d][i] == want->q[d][i] ||
				    (isnan(have->q[d][i]) && isnan(want->q[d][i])));
	}
}

static void test_flow(void **state)
{
	static struct pair t;

	(void)state;
	for (uint64_t seed = 200; seed < 200 + ROUNDS; seed++) {
		if (!pair_open(&t, seed, seed % 2))
			continue;
		for (unsigned k = 0; k < BASKET_KINDS; k++)
			same_flow(&t, k);
		pair_close(&t);
	}
}

static void same_panel(const struct panel *have, const struct panel *want)
{
	assert_int_equal(have->n_rows, want->n_rows);
	for (unsigned i = 0; i < want->n_rows; i++) {
		const struct panel_row *a = &have->rows[i], *b = &want->rows[i];

		assert_int_equal(a->product, b->product);
		assert_int_equal(a->source, b->source);
		assert_true(a->score == b->score);
		assert_memory_equal(&a->counts, &b->counts, sizeof a->counts);
		assert_int_equal(a->flags, b->flags);
		assert_int_equal(a->reverse_rank, b->reverse_rank);
	}
}

/* The whole panel: scores, sources, evidence, ranks the other way; but for second steps,
 * which nobody takes under a filter. */
static void test_panels(void **state)
{
	static struct pair t;
	struct panel_weights weights = panel_weights_default;

	(void)state;
	weights.at[WEIGHT_SECOND] = weights.at[WEIGHT_BASKET_SECOND] = 0;
	for (uint64_t seed = 300; seed < 300 + ROUNDS; seed++) {
		if (!pair_open(&t, seed, false))
			continue;
		for (uint32_t a = 0; a < PANEL_ALL_KINDS * P; a++) {
			enum panel_kind kind = a % PANEL_ALL_KINDS;
			uint32_t basket[] = {a / PANEL_ALL_KINDS, (a / PANEL_ALL_KINDS + 1) % P};
			OUTLOOK(o);
			struct panel_request r = {
				.about = question_of(t.some, &o),
				.kind = kind,
				.limit = 12,
				.reverse = kind < PANEL_KINDS,
				.weights = &weights,
			};
			struct panel have, want;
			struct err err = {0};

			r.about.product = basket[0];
			r.about.basket = basket;
			r.about.n_basket = 2;
			outlook_set(&o, ASK_SAME_CATEGORY,
				    str_from(same_category_name(seed % 4)));
			assert_true(suggest(&r, &want, NULL, &err));
			r.about.catalog = live_catalog(t.live);
			r.about.live = t.live;
			assert_true(suggest(&r, &have, NULL, &err));
			same_panel(&have, &want);
			panel_finish(&have);
			panel_finish(&want);
		}
		pair_close(&t);
	}
}

/* Chosen products and rows alone, and as many as there are: what a panel of everything
 * holds of them, in its order. */
static void test_chosen(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	struct store *s;
	struct filter *f = NULL;
	struct live *l = NULL;
	struct err err = {0};

	(void)state;
	minishop_draw(&m, 7, 15);
	s = minishop_store(&m, path, 2);
	assert_true(filter_parse(&f, STR("price>=105 and price<130 and n>=2"), &err));
	assert_true(live_create(&l, f, store_catalog(s), (struct work){0}, &err));
	for (uint32_t a = 0; a < P; a++) {
		struct panel_request r = {.about = question_of(s, NULL), .kind = PANEL_SIMILAR,
					  .limit = P};
		struct panel all, some;
		unsigned k = 0;

		r.about.product = a;
		assert_true(suggest(&r, &all, NULL, &err));
		r.about.live = l;
		r.about.catalog = live_catalog(l);
		assert_true(suggest(&r, &some, NULL, &err));
		for (unsigned i = 0; i < all.n_rows; i++) {
			const struct panel_row *x = &all.rows[i];

			if (x->product < 5 || x->product >= 30 || x->counts.n < 2)
				continue;
			assert_true(k < some.n_rows);
			assert_int_equal(some.rows[k].product, x->product);
			assert_true(some.rows[k++].score == x->score);
		}
		assert_int_equal(k, some.n_rows);
		panel_finish(&all);
		panel_finish(&some);
	}
	live_destroy(l);
	filter_destroy(f);
	store_destroy(s);
	fixture_remove(folder);
	free(path);
}

/* --- in a hurry */

#define CROWD_SESSIONS 30000u
#define CROWD_PRODUCTS 48u
#define CROWD_EVENTS (CROWD_SESSIONS * 24u)

/* A catalog of many sessions, whose tastes change from the first to the last. */
struct crowd {
	struct catalog c;
	uint64_t offsets[CROWD_SESSIONS + 1], held[CROWD_PRODUCTS + 1];
	uint32_t product[CROWD_EVENTS], session[CROWD_EVENTS];
	uint8_t kind[CROWD_EVENTS];
	int64_t time[CROWD_EVENTS];
};

static uint32_t crowd_product(struct rng *r, uint32_t s)
{
	uint64_t x = rng_below(r, CROWD_PRODUCTS), y = rng_below(r, CROWD_PRODUCTS);

	x = x < y ? x : y;
	return (uint32_t)(rng_below(r, CROWD_SESSIONS) < s ? x / 2 : x);
}

static void crowd_draw(struct crowd *w)
{
	static const enum event_kind kinds[] = {EVENT_VIEW, EVENT_VIEW, EVENT_VIEW,
						EVENT_CART, EVENT_PURCHASE};
	uint64_t n = 0;
	struct rng r;

	rng_init(&r, 11, 0);
	for (uint32_t s = 0; s < CROWD_SESSIONS; s++) {
		for (uint64_t k = 1 + rng_below(&r, 23); k > 0; k--) {
			w->product[n] = crowd_product(&r, s);
			w->time[n] = (int64_t)n;
			w->kind[n++] = (uint8_t)kinds[rng_below(&r, 5)];
		}
		w->offsets[s + 1] = n;
	}
	for (uint32_t p = 0, at = 0; p < CROWD_PRODUCTS; p++) {
		for (uint32_t s = 0; s < CROWD_SESSIONS; s++) {
			bool has = false;

			for (uint64_t i = w->offsets[s]; i < w->offsets[s + 1]; i++)
				has |= w->product[i] == p;
			if (has)
				w->session[at++] = s;
		}
		w->held[p + 1] = at;
	}
	w->c = (struct catalog){
		.n_products = CROWD_PRODUCTS, .n_sessions = CROWD_SESSIONS, .n_events = n,
		.caps = CAP_VIEWS | CAP_CARTS | CAP_PURCHASES,
		.session_offsets = w->offsets, .event_product = w->product,
		.event_kind = w->kind, .event_time = w->time,
		.product_session_offsets = w->held, .product_session = w->session,
	};
}

struct coverage {
	unsigned in[LIVE_ROWS], all[LIVE_ROWS];
	double error, n;	/* of the values, relative */
};

static void compare_sample(const struct live *l, const struct live_rows *part,
			   const struct live_rows *whole, struct coverage *cover)
{
	assert_int_equal(whole->walked, whole->sessions);
	assert_int_equal(part->sessions, whole->sessions);
	for (unsigned r = 0; r < LIVE_ROWS; r++)
		for (uint32_t b = 0; b < CROWD_PRODUCTS; b++) {
			uint32_t exact = live_rows_pair(whole, r, b), low, high;
			uint32_t value = live_rows_pair(part, r, b);

			if (b == part->product)
				continue;
			live_bounds(l, part, r, b, &low, &high);
			cover->all[r]++;
			cover->in[r] += low <= exact && exact <= high;
			if (value && (value < low || value > high))
				fail_msg("row %u of %u, %u: %u, not %u to %u", r, part->product, b,
					 value, low, high);
			if (exact > 1000) {
				cover->error += fabs(value - (double)exact) / exact;
				cover->n++;
			}
			live_bounds(l, whole, r, b, &low, &high);
			assert_true(low == exact && high == exact);
		}
}

/* The bounds of 95 % hold the exact counts that often, whatever the share, and though
 * the log is not the same from end to end. */
static void test_hurry(void **state)
{
	static struct crowd w;
	SCOPED(pool) pool = pool_create(2);
	struct live_rows part = {0}, whole = {0}, again = {0};
	struct live *l = NULL;
	struct filter *f = NULL;
	struct live_sample s;
	struct err err = {0};
	struct coverage cover = {0};
	const unsigned which = (1u << LIVE_ROWS) - 1;

	(void)state;
	crowd_draw(&w);
	assert_true(filter_parse(&f, STR("event in (view, cart, purchase)"), &err));
	assert_true(live_create(&l, f, &w.c, (struct work){pool, NULL}, &err));
	assert_true(live_need(l, LIVE_PAIRS, NULL, &err));
	for (uint32_t a = 0; a < CROWD_PRODUCTS; a++) {
		live_hurry(l, 0, 0);
		assert_true(live_count(l, a, which, &whole, NULL, &err));
		assert_false(live_sampled(l, NULL));
		for (size_t group = 150; group < 2000; group = group * 3 + a) {
			live_hurry(l, 1e-9, group);
			assert_true(live_count(l, a, which, &part, NULL, &err));
			if (!live_sampled(l, &s))
				continue;
			assert_true(part.walked >= group / 2 && part.walked < part.sessions);
			assert_int_equal(s.walked, part.walked);
			compare_sample(l, &part, &whole, &cover);
			assert_true(live_q(l, &part, REL_CO_VIEW, a ? 0 : 1) <= 1);
			live_hurry(l, 1e-9, group);
			assert_true(live_count(l, a, which, &again, NULL, &err));
			for (unsigned r = 0; r < LIVE_ROWS; r++)
				assert_memory_equal(again.row[r].value, part.row[r].value,
						    part.row[r].n * sizeof(uint32_t));
		}
		/* Enough time: all groups, each session once. */
		live_hurry(l, 1e6, 150);
		assert_true(live_count(l, a, which, &part, NULL, &err));
		assert_false(live_sampled(l, NULL));
		for (unsigned r = 0; r < LIVE_ROWS; r++) {
			assert_int_equal(part.row[r].n, whole.row[r].n);
			assert_memory_equal(part.row[r].value, whole.row[r].value,
					    part.row[r].n * sizeof(uint32_t));
		}
	}
	for (unsigned r = 0; r < LIVE_ROWS; r++)
		print_message("# row %u: %.1f %% of %u within bounds\n", r,
			      cover.in[r] * 100.0 / cover.all[r], cover.all[r]);
	for (unsigned r = 0; r < LIVE_ROWS; r++)
		if (cover.in[r] * 100.0 < cover.all[r] * 94.0)
			fail_msg("row %u: %u of %u are within their bounds", r, cover.in[r],
				 cover.all[r]);
	assert_true(cover.n > 100 && cover.error / cover.n < 0.2);
	live_rows_finish(&part);
	live_rows_finish(&whole);
	live_rows_finish(&again);
	live_destroy(l);
	filter_destroy(f);
}

UNIT_TESTS(live, UNIT(test_hurry), UNIT(test_pairs), UNIT(test_q), UNIT(test_totals),
	   UNIT(test_flow), UNIT(test_panels), UNIT(test_chosen))
