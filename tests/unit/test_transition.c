/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/pool.h"
#include "base/rng.h"
#include "panel/flow.h"
#include "stats/scan.h"
#include "stats/transition.h"
#include "store/build.h"

#include <limits.h>
#include <math.h>

#include "fixture.h"
#include "minishop.h"
#include "unit.h"

#define P MINI_PRODUCTS
#define C MINI_CATEGORIES
#define LEVELS 3

struct naive {
	uint32_t n[C][C], from[C], multi[C];	/* of the level's categories */
	uint64_t pairs[C][C], baskets, multi_baskets;
};

static uint32_t at_level(uint32_t category, unsigned level)
{
	while (mini_depth[category] > level)
		category = mini_parent[category];
	return category;
}

static void naive_count(const struct minishop *m, unsigned kinds, unsigned level,
			struct naive *x)
{
	memset(x, 0, sizeof *x);
	for (uint32_t s = 0; s < m->sessions; s++) {
		uint32_t times[C] = {0}, k = 0;
		bool in[P];

		if (!minishop_counts(m, s))
			continue;
		minishop_basket(m, s, kinds, in);
		for (uint32_t p = 0; p < P; p++)
			if (in[p] && m->category[p] != CATALOG_NONE) {
				times[at_level(m->category[p], level)]++;
				k++;
			}
		x->baskets += k > 0;
		x->multi_baskets += k > 1;
		for (uint32_t a = 0; a < C; a++) {
			x->from[a] += times[a] > 0;
			x->multi[a] += times[a] > 0 && k > 1;
			for (uint32_t b = 0; b < C; b++) {
				uint64_t pairs = a == b ? times[a] * (times[a] - 1) / 2 :
						 times[a] * times[b];

				x->n[a][b] += times[a] > 0 && pairs > 0;
				x->pairs[a][b] += times[a] > 0 ? pairs : 0;
			}
		}
	}
}

static void same_level(const struct transition_counts *t, unsigned level,
		       const struct naive *x)
{
	const struct csr *csr = &t->level[level];
	uint64_t at = 0;

	assert_int_equal(t->baskets, x->baskets);
	assert_int_equal(t->multi_baskets, x->multi_baskets);
	for (uint32_t a = 0; a < C; a++) {
		assert_int_equal(csr->offsets[a], at);
		for (uint32_t b = 0; b < C; b++) {
			if (x->n[a][b] == 0)
				continue;
			assert_int_equal(csr->column[at], b);
			assert_int_equal(csr->value[at], x->n[a][b]);
			assert_int_equal(t->pairs[level][at], x->pairs[a][b]);
			at++;
		}
		if (mini_depth[a] == level) {
			assert_int_equal(t->from[a], x->from[a]);
			assert_int_equal(t->multi[a], x->multi[a]);
		} else if (mini_depth[a] < level) {
			assert_int_equal(t->own[a], x->from[a]);
			assert_int_equal(t->own_multi[a], x->multi[a]);
		}
	}
	assert_int_equal(csr->offsets[C], at);
}

static double naive_family(const struct naive *x, bool multi)
{
	double n = 0;

	for (uint32_t a = 0; a < C; a++)
		n += (multi ? x->multi[a] : x->from[a]) > 0;
	return n * (n - 1) / 2;
}

/* Benjamini and Hochberg as defined: the least p' m / #{p'' <= p'} over the p' that
 * are not below p, of the rows a < b. The p of a row and of its mirror image may
 * differ in the last bits. */
static double naive_q(const struct flow *f, double p)
{
	const double near = 1 - 1e-12;
	double least = 1;

	for (size_t i = 0; i < f->n_rows; i++) {
		double at = f->rows[i].assoc.p;
		size_t below = 0;

		if (f->rows[i].from >= f->rows[i].to || at < p * near)
			continue;
		for (size_t k = 0; k < f->n_rows; k++)
			below += f->rows[k].from < f->rows[k].to &&
				 f->rows[k].assoc.p * near <= at;
		least = fmin(least, at * f->family / (double)below);
	}
	return least;
}

static void same_flow(const struct catalog *c, enum basket_kind kind, unsigned level,
		      bool multi, const struct naive *x)
{
	struct flow_request r = {c, CATALOG_NONE, kind, level,
				 multi ? BASKETS_MULTI : BASKETS_ALL};
	struct flow f;
	struct err err = {0};
	double share[C] = {0};
	size_t seen = 0;

	if (!flow_compute(&r, &f, &err))
		fail_msg("%s", err.text);
	assert_int_equal(f.level, level);
	assert_int_equal(f.baskets, multi ? x->multi_baskets : x->baskets);
	assert_true(f.family == naive_family(x, multi));
	for (uint32_t a = 0; a < C; a++)
		for (uint32_t b = 0; b < C; b++)
			seen += x->n[a][b] > 0;
	assert_int_equal(f.n_rows, seen);
	for (size_t i = 0; i < f.n_rows; i++) {
		const struct flow_row *y = &f.rows[i];
		const uint32_t *marginal = multi ? x->multi : x->from;

		assert_int_equal(y->counts.n, x->n[y->from][y->to]);
		assert_int_equal(y->counts.n_a, marginal[y->from]);
		assert_int_equal(y->counts.n_b, marginal[y->to]);
		assert_true(y->small == (y->counts.n < 20));
		assert_true(isnan(y->assoc.lift) == (y->from == y->to));
		assert_true(isnan(y->q) == (y->from == y->to));
		if (y->from != y->to) {
			double q = naive_q(&f, y->assoc.p);

			assert_true(fabs(y->q - q) <= 1e-11 * q);
		}
		share[y->from] += y->share;
		if (i > 0 && y[-1].from == y->from)
			assert_true(y[-1].counts.n >= y->counts.n);
	}
	for (uint32_t a = 0; a < C; a++)
		assert_true(share[a] == 0 || fabs(share[a] - 1) < 1e-12);
	flow_finish(&f);
}

static void test_against_naive(void **state)
{
	static const unsigned kinds[BASKET_KINDS] = {
		[BASKET_VIEW] = KIND_BIT(EVENT_VIEW),
		[BASKET_CART] = KIND_BIT(EVENT_CART),
		[BASKET_PURCHASE] = KIND_BIT(EVENT_PURCHASE),
	};
	static struct minishop m;
	static struct naive x;
	char *folder = fixture_folder(), name[16];

	(void)state;
	for (uint64_t seed = 0; seed < 6; seed++) {
		struct store *s;
		char *path;

		snprintf(name, sizeof name, "%u.aisle", (unsigned)seed);
		path = fixture_path(folder, name);
		minishop_draw(&m, 100 + seed / 2, 0x1f);
		s = minishop_store(&m, path, seed % 2 ? 4 : 1);
		for (unsigned k = 0; k < BASKET_KINDS; k++) {
			const struct transition_counts *t = &store_catalog(s)->transition[k];

			assert_int_equal(t->levels, LEVELS);
			for (unsigned d = 0; d < LEVELS; d++) {
				naive_count(&m, kinds[k], d, &x);
				same_level(t, d, &x);
				same_flow(store_catalog(s), k, d, false, &x);
				same_flow(store_catalog(s), k, d, true, &x);
			}
		}
		store_destroy(s);
		free(path);
	}
	fixture_remove(folder);
}

/* One category's rows, and the fallback to what there is. */
static void test_request(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	struct flow_request r = {.from = 1, .kind = BASKET_KINDS, .level = UINT_MAX,
				 .baskets = BASKETS_ALL};
	struct flow f;
	struct store *s;

	(void)state;
	minishop_draw(&m, 1, KIND_BIT(EVENT_VIEW));
	s = minishop_store(&m, path, 1);
	r.catalog = store_catalog(s);
	assert_true(flow_compute(&r, &f, NULL));
	assert_int_equal(f.kind, BASKET_VIEW);
	assert_int_equal(f.level, 1);	/* a.b is no deeper */
	assert_true(f.n_rows > 0);
	for (size_t i = 0; i < f.n_rows; i++)
		assert_int_equal(f.rows[i].from, 1);
	assert_non_null(strstr(f.note, "no purchases"));
	flow_finish(&f);
	r.kind = BASKET_CART;
	assert_true(flow_compute(&r, &f, NULL));
	assert_int_equal(f.n_rows, 0);
	assert_non_null(strstr(f.note, "no cart baskets"));
	flow_finish(&f);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

/* More categories than a triangle is made for; no two products share one. */
#define WIDE 1100
#define WIDE_SESSIONS 300
#define WIDE_EVENTS 30

static void wide_fill(struct build *b, uint32_t (*event)[WIDE_EVENTS])
{
	static uint32_t number[WIDE + 1], end[WIDE], none[WIDE];
	static uint64_t offsets[WIDE_SESSIONS + 1];
	static uint8_t zero[WIDE_SESSIONS * WIDE_EVENTS];
	struct rng r;

	rng_init(&r, 5, 0);
	for (uint32_t i = 0; i <= WIDE; i++)
		number[i] = i;
	for (uint32_t i = 0; i < WIDE; i++) {
		end[i] = i + 1;
		none[i] = CATALOG_NONE;
	}
	for (uint32_t s = 0; s < WIDE_SESSIONS; s++) {
		offsets[s + 1] = offsets[s] + WIDE_EVENTS;
		for (uint32_t i = 0; i < WIDE_EVENTS; i++)
			event[s][i] = (uint32_t)rng_below(&r, WIDE);
	}
	assert_true(
		build_array(b, "product/category", ARRAY_U32, WIDE, 1, number, NULL) &&
		build_array(b, "category/parent", ARRAY_U32, WIDE, 1, none, NULL) &&
		build_array(b, "category/end", ARRAY_U32, WIDE, 1, end, NULL) &&
		build_array(b, "category/depth", ARRAY_U8, WIDE, 1, zero, NULL) &&
		build_array(b, "category/product", ARRAY_U32, WIDE + 1, 1, number, NULL) &&
		build_array(b, "session/offsets", ARRAY_U64, WIDE_SESSIONS + 1, 1, offsets,
			    NULL) &&
		build_array(b, "event/product", ARRAY_U32, offsets[WIDE_SESSIONS], 1, event,
			    NULL) &&
		build_array(b, "event/kind", ARRAY_U8, offsets[WIDE_SESSIONS], 1, zero,
			    NULL));
}

static void test_wide(void **state)
{
	static uint32_t event[WIDE_SESSIONS][WIDE_EVENTS], n[WIDE][WIDE];
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	SCOPED(pool) pool = pool_create(3);
	const struct catalog *c;
	const struct csr *csr;
	struct build *b = NULL;
	struct err err = {0};
	uint64_t at = 0;

	(void)state;
	assert_true(build_begin(&b, path, "test", 0, &err));
	wide_fill(b, event);
	if (!transition_count(b, BASKET_VIEW, (struct work){pool, NULL}, &err) ||
	    !build_catalog(b, &c, &err))
		fail_msg("%s", err.text);
	for (uint32_t s = 0; s < WIDE_SESSIONS; s++)
		for (uint32_t i = 0; i < WIDE_EVENTS; i++)
			for (uint32_t j = 0; j < i; j++) {
				uint32_t x = event[s][i], y = event[s][j];
				bool again = x == y;

				for (uint32_t k = 0; k < i && !again; k++)
					again = event[s][k] == x ||
						(k < j && event[s][k] == y);
				if (again)
					continue;
				n[x][y]++;
				n[y][x]++;
			}
	csr = &c->transition[BASKET_VIEW].level[0];
	for (uint32_t x = 0; x < WIDE; x++)
		for (uint32_t y = 0; y < WIDE; y++) {
			if (n[x][y] == 0)
				continue;
			assert_true(at >= csr->offsets[x] && at < csr->offsets[x + 1]);
			assert_int_equal(csr->column[at], y);
			assert_int_equal(csr->value[at], n[x][y]);
			assert_int_equal(c->transition[BASKET_VIEW].pairs[0][at++], n[x][y]);
		}
	assert_int_equal(csr->offsets[WIDE], at);
	build_destroy(b);
	free(path);
	fixture_remove(folder);
}

UNIT_TESTS(transition, UNIT(test_against_naive), UNIT(test_request),
	   UNIT(test_wide))
