/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact search against a double loop over pairs in double precision. */
#include "config.h"

#include "near/exact.h"

#include <math.h>

#include "base/err.h"
#include "base/job.h"
#include "base/pool.h"
#include "base/rng.h"

#include "unit.h"

struct set {
	float *data;
	struct vectors v;
};

static void set_make(struct set *s, size_t n, unsigned dim, unsigned stride, uint64_t seed)
{
	struct rng r;
	rng_init(&r, seed, 0);
	s->data = malloc(n * stride * sizeof *s->data);
	for (size_t i = 0; i < n * stride; i++)
		s->data[i] = (float)(rng_real(&r) * 2 - 1);
	s->v = (struct vectors){s->data, n, dim, stride};
}

static float *row_of(struct set *s, size_t i)
{
	return s->data + i * s->v.stride;
}

static double score(const struct vectors *v, enum metric m, const float *q, size_t row)
{
	const float *x = vectors_row(v, row);
	double dot = 0, qq = 0, xx = 0, l2 = 0;
	for (unsigned j = 0; j < v->dim; j++) {
		dot += (double)q[j] * x[j];
		qq += (double)q[j] * q[j];
		xx += (double)x[j] * x[j];
		l2 += ((double)q[j] - x[j]) * ((double)q[j] - x[j]);
	}
	if (m == METRIC_COSINE)
		return dot / sqrt(qq * xx);
	return m == METRIC_DOT ? dot : -l2;
}

static bool absent(const struct vectors *v, size_t row)
{
	float sum = 0;
	for (unsigned j = 0; j < v->dim; j++)
		sum += vectors_row(v, row)[j] * vectors_row(v, row)[j];
	return !(sum > 0 && isfinite(sum));
}

/* The answer is right when its scores are, it ascends as promised, and what it leaves
 * out is not better than its last by more than rounding. */
static void check(const struct vectors *v, enum metric m, const struct near_query *q,
		  size_t i, const struct hit *hits, uint32_t found)
{
	const float *query = q->q + i * q->stride;
	bool *in = calloc(v->n, 1);
	size_t possible = 0;
	for (uint32_t j = 0; j < found; j++) {
		assert_true(hits[j].id < v->n && !in[hits[j].id]);
		in[hits[j].id] = true;
		assert_true(fabs(hits[j].score - score(v, m, query, hits[j].id)) < 1e-5);
		assert_true(j == 0 || hit_before(hits[j - 1], hits[j]));
	}
	for (size_t row = 0; row < v->n; row++) {
		bool may = bits_has(q->allow, row) && !absent(v, row) &&
			   !(q->skip && q->skip[i] == row);
		possible += may;
		assert_true(may || !in[row]);
		if (may && !in[row] && found == q->k)
			assert_true(score(v, m, query, row) < hits[found - 1].score + 1e-5);
	}
	assert_int_equal(found, possible < q->k ? possible : q->k);
	free(in);
}

static void run(const struct vectors *v, enum metric m, const struct near_query *q,
		struct pool *pool)
{
	struct space s;
	struct err err = {0};
	struct hit *hits = calloc(q->n * q->k + 1, sizeof *hits);
	uint32_t *found = calloc(q->n, sizeof *found);
	assert_true(space_init(&s, *v, m, pool, &err));
	assert_true(exact_search(&s, q, hits, found, (struct work){pool, NULL}, &err));
	for (size_t i = 0; i < q->n; i++)
		check(v, m, q, i, hits + i * q->k, found[i]);
	space_finish(&s);
	free(hits);
	free(found);
}

/* Sizes around the edges of chunks and tiles; one query, few and many. */
static void naive(void **state)
{
	const size_t sizes[] = {1, 5, 64, 1000, 1023, 1024, 1025, 2500};
	const unsigned dims[] = {1, 10, 16, 33};
	SCOPED(pool) pool = pool_create(2);
	for (size_t i = 0; i < 8; i++)
		for (unsigned m = 0; m < METRICS; m++) {
			unsigned dim = dims[(i + m) % 4];
			struct set s, q;
			set_make(&s, sizes[i], dim, dim + i % 3, i);
			set_make(&q, 7, dim, dim + 1, 100 + i);
			for (size_t n = 1; n <= 7; n += 3) {
				struct near_query what = {
					.q = q.data, .n = n, .stride = dim + 1, .k = 1 + n * 5,
				};
				run(&s.v, (enum metric)m, &what, pool);
			}
			free(s.data);
			free(q.data);
		}
}

static void filters(void **state)
{
	enum { N = 2300, DIM = 8, Q = 300 };
	SCOPED(pool) pool = pool_create(2);
	struct set s;
	uint64_t allow[(N + 63) / 64] = {0};
	uint32_t skip[Q];
	struct rng r;
	rng_init(&r, 9, 0);
	set_make(&s, N, DIM, DIM, 7);
	memset(row_of(&s, 5), 0, DIM * sizeof(float));		/* absent */
	row_of(&s, 70)[3] = NAN;
	row_of(&s, 1030)[0] = INFINITY;
	for (uint32_t i = 0; i < Q; i++)
		skip[i] = i < 20 || i % 3 ? i : NEAR_NONE;
	for (unsigned share = 1; share <= 1000; share *= 10) {
		memset(allow, 0, sizeof allow);
		for (size_t i = 0; i < N; i++)
			if (rng_below(&r, share) == 0)
				allow[i / 64] |= UINT64_C(1) << i % 64;
		for (unsigned m = 0; m < METRICS; m++)
			for (size_t n = 1; n <= Q; n += Q - 1) {
				struct near_query what = {
					.q = row_of(&s, 0), .n = n, .stride = DIM,
					.skip = skip, .allow = allow, .k = 12,
				};
				if (n > 1)	/* queries that have a vector */
					what.q = row_of(&s, 1100), what.skip = NULL;
				run(&s.v, (enum metric)m, &what, pool);
				what.allow = NULL;
				run(&s.v, (enum metric)m, &what, pool);
			}
	}
	free(s.data);
}

/* Equal vectors come by their number, found by a scan or by a batch. */
static void ties(void **state)
{
	enum { N = 3000, DIM = 5, Q = 9, K = 40 };
	struct set s;
	struct space space;
	struct err err = {0};
	struct hit one[K], many[Q * K];
	uint32_t found[Q];
	set_make(&s, N, DIM, DIM, 3);
	for (size_t i = 0; i < N; i++)
		memcpy(row_of(&s, i), row_of(&s, i % 10), DIM * sizeof(float));
	for (unsigned m = 0; m < METRICS; m++) {
		assert_true(space_init(&space, s.v, (enum metric)m, NULL, &err));
		struct near_query q = {.q = s.data, .n = Q, .stride = DIM, .k = K};
		assert_true(
			exact_search(&space, &q, many, found, (struct work){0}, &err));
		for (q.n = 1; q.q < s.data + Q * DIM; q.q += DIM) {
			size_t i = (size_t)(q.q - s.data) / DIM;
			assert_true(exact_search(&space, &q, one, found, (struct work){0},
						 &err));
			for (size_t j = 0; j < K; j++) {
				assert_true(one[j].score == many[i * K + j].score);
				assert_int_equal(one[j].id, many[i * K + j].id);
				if (m != METRIC_DOT)
					assert_int_equal(one[j].id, i + 10 * j);
			}
		}
		space_finish(&space);
	}
	free(s.data);
}

static void edges(void **state)
{
	struct set s;
	struct space space;
	struct err err = {0};
	struct hit hit;
	uint32_t found[9];
	struct job job;
	set_make(&s, 50, 4, 4, 1);
	assert_true(space_init(&space, s.v, METRIC_L2, NULL, &err));
	struct near_query q = {.q = s.data, .n = 9, .stride = 4, .k = 0};
	assert_true(exact_search(&space, &q, &hit, found, (struct work){0}, &err));
	assert_int_equal(found[8], 0);
	q.n = 1;
	assert_true(exact_search(&space, &q, &hit, found, (struct work){0}, &err));
	assert_int_equal(found[0], 0);
	job_init(&job);
	job.cancel = true;
	assert_false(
		exact_search(&space, &q, &hit, found, (struct work){NULL, &job}, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	q.n = 9;
	assert_false(
		exact_search(&space, &q, &hit, found, (struct work){NULL, &job}, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	space_finish(&space);
	s.v.n = 0;
	assert_true(space_init(&space, s.v, METRIC_COSINE, NULL, &err));
	assert_int_equal(space_count(&space, NULL), 0);
	q.k = 1;
	assert_true(exact_search(&space, &q, &hit, found, (struct work){0}, &err));
	assert_int_equal(found[0], 0);
	space_finish(&space);
	free(s.data);
}

UNIT_TESTS(exact, UNIT(naive), UNIT(filters), UNIT(ties), UNIT(edges))
