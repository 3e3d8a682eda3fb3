/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The graph against exact search. */
#include "config.h"

#include "near/hnsw.h"

#include <math.h>

#include "base/err.h"
#include "base/job.h"
#include "base/pool.h"
#include "base/rng.h"

#include "unit.h"

enum { N = 4000, DIM = 12, Q = 200, K = 10 };

static float gauss(struct rng *r)
{
	return (float)(sqrt(-2 * log(1 - rng_real(r))) * cos(6.283185307 * rng_real(r)));
}

/* Rows in clusters, one cluster after the other as categories are, then Q queries. */
static float *make(void)
{
	static float data[(N + Q) * DIM], centre[20 * DIM];
	struct rng r;
	rng_init(&r, 1, 0);
	for (size_t i = 0; i < 20 * DIM; i++)
		centre[i] = gauss(&r);
	for (size_t i = 0; i < N + Q; i++)
		for (size_t j = 0; j < DIM; j++)
			data[i * DIM + j] = centre[(i < N ? i * 20 / N : i % 20) * DIM + j] +
					    0.6F * gauss(&r);
	return data;
}

static struct space space_of(const float *data, enum metric m, size_t n)
{
	struct space s;
	struct err err = {0};
	struct vectors v = {data, n, DIM, DIM};
	assert_true(space_init(&s, v, m, NULL, &err));
	return s;
}

static struct hnsw *build(const struct space *s, struct pool *pool, uint64_t seed)
{
	struct hnsw_params p = {.seed = seed};
	struct hnsw *h = NULL;
	struct err err = {0};
	assert_true(hnsw_build(&h, s, &p, (struct work){pool, NULL}, &err));
	assert_true(hnsw_check(hnsw_graph(h), &err));
	return h;
}

static double recall(const struct hnsw *h, const struct space *s, const struct near_query *q)
{
	static struct hit exact[Q * K], hits[Q * K];
	uint32_t n_exact[Q], n[Q];
	struct err err = {0};
	size_t same = 0, all = 0;
	assert_true(exact_search(s, q, exact, n_exact, (struct work){0}, &err));
	assert_true(hnsw_search(hnsw_graph(h), s, q, 0, hits, n, (struct work){0}, &err));
	for (size_t i = 0; i < q->n; i++) {
		all += n_exact[i];
		for (size_t j = 0; j < n[i]; j++) {
			const struct hit *hit = &hits[i * K + j];
			assert_true(bits_has(q->allow, hit->id) && space_has(s, hit->id));
			assert_true(!q->skip || q->skip[i] != hit->id);
			assert_true(j == 0 || hit_before(hit[-1], hit[0]));
			for (size_t e = 0; e < n_exact[i]; e++)
				same += exact[i * K + e].id == hit->id;
		}
	}
	return all > 0 ? (double)same / (double)all : 1;
}

static void finds_nearly_all(void **state)
{
	const float *data = make();
	SCOPED(pool) pool = pool_create(3);
	uint32_t skip[Q];
	for (uint32_t i = 0; i < Q; i++)
		skip[i] = i * 19;
	for (unsigned m = 0; m < METRICS; m++) {
		struct space s = space_of(data, (enum metric)m, N);
		for (int threads = 0; threads < 2; threads++) {
			SCOPED(hnsw) h = build(&s, threads ? pool : NULL, 1);
			struct near_query q = {
				.q = data + N * DIM, .n = Q, .stride = DIM, .k = K,
			};
			assert_true(recall(h, &s, &q) >= 0.97);
			q.q = data;
			q.stride = DIM * 19;
			q.skip = skip;
			assert_true(recall(h, &s, &q) >= 0.97);
		}
		space_finish(&s);
	}
}

static void filters(void **state)
{
	const float *data = make();
	const unsigned shares[] = {1, 2, 5, 50, 5000};
	struct rng r;
	rng_init(&r, 5, 0);
	for (unsigned m = 0; m < METRICS; m++) {
		struct space s = space_of(data, (enum metric)m, N);
		SCOPED(hnsw) h = build(&s, NULL, 1);
		for (size_t i = 0; i < 5; i++) {
			uint64_t allow[(N + 63) / 64] = {0};
			for (size_t row = 0; row < N; row++)
				if (rng_below(&r, shares[i]) == 0)
					allow[row / 64] |= UINT64_C(1) << row % 64;
			struct near_query q = {
				.q = data + N * DIM, .n = Q, .stride = DIM, .k = K,
				.allow = allow,
			};
			assert_true(recall(h, &s, &q) >= 0.97);
		}
		space_finish(&s);
	}
}

/* What is allowed lies far from the query: the walk must get there. */
static void far_filter(void **state)
{
	const float *data = make();
	struct space s = space_of(data, METRIC_L2, N);
	SCOPED(hnsw) h = build(&s, NULL, 1);
	uint64_t allow[(N + 63) / 64] = {0};
	for (size_t row = N / 4; row < N; row++)
		allow[row / 64] |= UINT64_C(1) << row % 64;
	static float query[Q * DIM];
	for (size_t i = 0; i < Q; i++)
		memcpy(query + i * DIM, data + i * DIM, DIM * sizeof *query);
	struct near_query q = {.q = query, .n = Q, .stride = DIM, .k = K, .allow = allow};
	struct hit hits[Q * K];
	uint32_t found[Q];
	struct err err = {0};
	assert_true(hnsw_search(hnsw_graph(h), &s, &q, 16, hits, found, (struct work){0},
				&err));
	for (size_t i = 0; i < Q; i++)
		assert_int_equal(found[i], K);
	assert_true(recall(h, &s, &q) >= 0.95);
	space_finish(&s);
}

static size_t size_of(const struct hnsw_graph *g)
{
	return g->n * 2 * g->m * sizeof *g->links;
}

static void same_seed_same_graph(void **state)
{
	struct space s = space_of(make(), METRIC_COSINE, N);
	SCOPED(hnsw) a = build(&s, NULL, 7);
	SCOPED(hnsw) b = build(&s, NULL, 7);
	SCOPED(hnsw) c = build(&s, NULL, 8);
	const struct hnsw_graph *x = hnsw_graph(a), *y = hnsw_graph(b), *z = hnsw_graph(c);
	assert_int_equal(x->entry, y->entry);
	assert_int_equal(x->n_upper, y->n_upper);
	assert_memory_equal(x->links, y->links, size_of(x));
	assert_memory_equal(x->level, y->level, x->n);
	assert_memory_equal(x->upper_at, y->upper_at, x->n * sizeof *x->upper_at);
	assert_memory_equal(x->upper, y->upper, x->n_upper * x->m * sizeof *x->upper);
	assert_true(memcmp(x->links, z->links, size_of(x)) != 0);
	space_finish(&s);
}

/* No row links to itself or twice to another, and what is absent isn't linked. */
static void links(void **state)
{
	float *data = make();
	float kept[3 * DIM];
	memcpy(kept, data, sizeof kept);
	memset(data, 0, DIM * sizeof *data);
	data[DIM] = NAN;
	data[2 * DIM + 4] = -INFINITY;
	SCOPED(pool) pool = pool_create(3);
	struct space s = space_of(data, METRIC_COSINE, N);
	assert_int_equal(s.n_present, N - 3);
	SCOPED(hnsw) h = build(&s, pool, 1);
	const struct hnsw_graph *g = hnsw_graph(h);
	for (uint32_t row = 0; row < g->n; row++) {
		const uint32_t *to = g->links + row * 2 * g->m;
		unsigned n = 0;
		while (n < 2 * g->m && to[n] != NEAR_NONE)
			n++;
		assert_true(row < 3 ? n == 0 : n > 0);
		for (unsigned i = 0; i < n; i++) {
			assert_true(to[i] < g->n && to[i] >= 3 && to[i] != row);
			for (unsigned j = 0; j < i; j++)
				assert_true(to[i] != to[j]);
		}
		for (; n < 2 * g->m; n++)
			assert_true(to[n] == NEAR_NONE);
	}
	struct near_query q = {.q = data + 3 * DIM, .n = Q, .stride = DIM, .k = K};
	assert_true(recall(h, &s, &q) >= 0.97);
	space_finish(&s);
	memcpy(data, kept, sizeof kept);
}

static void small(void **state)
{
	float *data = make();
	for (size_t n = 0; n <= 40; n += n < 4 ? 1 : 12) {
		struct space s = space_of(data, METRIC_L2, n);
		SCOPED(hnsw) h = build(&s, NULL, 1);
		struct near_query q = {.q = data, .n = 6, .stride = DIM, .k = K};
		assert_true(recall(h, &s, &q) == 1);
		space_finish(&s);
	}
}

/* Equal vectors everywhere: nothing but ties. */
static void equal_rows(void **state)
{
	float data[300 * DIM];
	for (size_t i = 0; i < 300 * DIM; i++)
		data[i] = (float)(i % DIM);
	struct space s = space_of(data, METRIC_COSINE, 300);
	SCOPED(hnsw) h = build(&s, NULL, 1);
	struct near_query q = {.q = data, .n = 1, .stride = DIM, .k = K};
	struct hit hits[K];
	uint32_t found;
	struct err err = {0};
	assert_true(hnsw_search(hnsw_graph(h), &s, &q, 0, hits, &found, (struct work){0},
				&err));
	assert_int_equal(found, K);
	space_finish(&s);
}

static void refused(void **state)
{
	struct space s = space_of(make(), METRIC_COSINE, N);
	struct err err = {0};
	struct job job;
	struct hnsw *h = NULL;
	job_init(&job);
	job.cancel = true;
	assert_false(hnsw_build(&h, &s, &(struct hnsw_params){0},
				(struct work){NULL, &job}, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	assert_false(hnsw_build(&h, &s, &(struct hnsw_params){.m = 1}, (struct work){0},
				&err));
	assert_int_equal(err.code, ERR_USAGE);
	h = build(&s, NULL, 1);
	struct hnsw_graph g = *hnsw_graph(h);
	g.entry = N;
	assert_false(hnsw_check(&g, &err));
	g = *hnsw_graph(h);
	g.n_upper -= 1;
	assert_false(hnsw_check(&g, &err));
	assert_int_equal(err.code, ERR_STORE);
	/* a damaged link ends its list, and nothing else */
	uint32_t *links = (uint32_t *)hnsw_graph(h)->links;
	for (size_t i = 0; i < N; i += 3)
		links[i * 2 * g.m + 1] = N + 5;
	struct near_query q = {.q = s.v.data, .n = Q, .stride = DIM, .k = K};
	recall(h, &s, &q);
	hnsw_destroy(h);
	space_finish(&s);
}

UNIT_TESTS(hnsw, UNIT(finds_nearly_all), UNIT(filters), UNIT(far_filter),
	   UNIT(same_seed_same_graph), UNIT(links), UNIT(small), UNIT(equal_rows), UNIT(refused))
