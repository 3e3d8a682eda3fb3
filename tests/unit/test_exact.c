/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact search against a double loop over pairs in double precision. */
#include "config.h"

#include "near/exact.h"

#include <math.h>

#include "base/err.h"
#include "base/job.h"
#include "base/pool.h"
#include "base/rng.h"
#include "near/coarse.h"

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

struct made {
	struct coarse_room room;
	struct coarse coarse;
};

static void made_init(struct made *d, const struct space *s, struct pool *pool)
{
	d->room.code = malloc(s->v.n * coarse_width(s->v.dim) + 1);
	d->room.weight = malloc((s->v.n + 1) * sizeof(float));
	d->room.spread = malloc((coarse_blocks(s->v.n) + 1) * sizeof(float));
	coarse_make(&s->v, s->metric, d->room, pool);
	d->coarse = (struct coarse){d->room.code, d->room.weight, d->room.spread};
	assert_int_equal(coarse_check(&s->v, s->metric, &d->coarse), s->v.n);
}

static void made_finish(struct made *d)
{
	free(d->room.code);
	free(d->room.weight);
	free(d->room.spread);
}

/* By codes the answers of scans are the same, bit by bit. */
static void same_by_codes(struct space *s, const struct near_query *q, struct pool *pool)
{
	struct made d;
	struct err err = {0};
	struct hit *hits = calloc(2 * q->k + 1, sizeof *hits);

	made_init(&d, s, pool);
	for (size_t i = 0; i < q->n; i++) {
		struct near_query one = *q;
		uint32_t n[2];

		one.q += i * q->stride;
		one.n = 1;
		one.skip = q->skip ? q->skip + i : NULL;
		for (unsigned by = 0; by < 2; by++) {
			s->coarse = by ? &d.coarse : NULL;
			assert_true(exact_search(s, &one, hits + by * q->k, n + by,
						 (struct work){pool, NULL}, &err));
		}
		assert_int_equal(n[0], n[1]);
		assert_memory_equal(hits, hits + q->k, n[0] * sizeof *hits);
	}
	s->coarse = NULL;
	made_finish(&d);
	free(hits);
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
	if (m != METRIC_L2)
		same_by_codes(&s, q, pool);
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

/* Rows of every size that a float has, outliers among the dimensions, equal rows, rows that
 * differ in the last bits; queries of every size: by codes and by floats, on every kernel. */
static void spoil(struct set *s, struct rng *r)
{
	for (size_t i = 0; i < s->v.n; i++) {
		float *x = row_of(s, i), size = 1;

		if (rng_below(r, 3) == 0)
			size = ldexpf(1, (int)rng_below(r, 250) - 148);
		for (unsigned j = 0; j < s->v.dim; j++)
			x[j] *= size;
		if (rng_below(r, 8) == 0)
			x[rng_below(r, s->v.dim)] *= 1e3F;
		if (i > 0 && rng_below(r, 8) == 0)
			memcpy(x, row_of(s, i - 1), s->v.dim * sizeof *x);
		if (i > 0 && rng_below(r, 20) == 0)
			for (unsigned j = 0; j < s->v.dim; j++)
				x[j] = nextafterf(row_of(s, i - 1)[j], 0);
		if (rng_below(r, 50) == 0)
			x[rng_below(r, s->v.dim)] = rng_below(r, 2) ? NAN : INFINITY;
		if (rng_below(r, 50) == 0)
			memset(x, 0, s->v.dim * sizeof *x);
	}
}

static void hostile(void **state)
{
	static const unsigned dims[] = {1, 3, 16, 31, 64, 100, 300};
	SCOPED(pool) pool = pool_create(2);
	struct err err = {0};
	struct rng r;

	rng_init(&r, 77, 0);
	for (unsigned round = 0; round < 84; round++) {
		struct set s, q;
		struct space space;
		enum metric m = round % 2 ? METRIC_DOT : METRIC_COSINE;
		unsigned dim = dims[round / 2 % 7], n = 1 + (unsigned)rng_below(&r, 4000);

		set_make(&s, n, dim, dim + 1, round);
		set_make(&q, 20, dim, dim, 1000 + round);
		spoil(&s, &r);
		spoil(&q, &r);
		memcpy(row_of(&q, 0), row_of(&s, n / 2), dim * sizeof(float));
		for (unsigned kernel = 0; kernels_row(kernel); kernel++) {
			struct near_query what = {.q = q.data, .n = 20, .stride = dim, .k = 15};

			assert_true(space_init(&space, s.v, m, pool, &err));
			space.kernel = kernels_row(kernel);
			same_by_codes(&space, &what, pool);
			space_finish(&space);
		}
		free(s.data);
		free(q.data);
	}
}

/* What codes say is never below the score, and not far above; wrong ones are found. */
static void bounds(void **state)
{
	enum { N = 1500, DIM = 64 };
	struct set s;
	struct space space;
	struct err err = {0};
	struct made d;
	struct coarse_query q;
	int16_t words[DIM];
	float query[DIM], score[N], say[N];
	double over = 0;

	set_make(&s, N, DIM, DIM, 5);
	assert_true(space_init(&space, s.v, METRIC_COSINE, NULL, &err));
	made_init(&d, &space, NULL);
	space_query(&space, row_of(&s, 3), query);
	assert_true(coarse_query(&q, query, DIM, words));
	space_scores(&space, query, 0, N, score);
	for (size_t i = 0; i < N; i++) {
		q.kernel.plus = coarse_plus(&q, d.room.spread[i / COARSE_BLOCK]);
		space.kernel->codes(&q.kernel, d.room.code + i * DIM, d.room.weight + i, 1,
				    say + i);
		assert_true(say[i] >= score[i]);
		over += say[i] - score[i];
	}
	assert_true(over / N < 0.01);
	d.room.code[700 * DIM + 9] = (int8_t)(d.room.code[700 * DIM + 9] > 0 ? -3 : 3);
	assert_int_equal(coarse_check(&s.v, METRIC_COSINE, &d.coarse), 700);
	d.room.weight[20] = NAN;
	assert_int_equal(coarse_check(&s.v, METRIC_COSINE, &d.coarse), 20);
	made_finish(&d);
	space_finish(&space);
	free(s.data);
	memset(query, 0, sizeof query);
	assert_false(coarse_query(&q, query, DIM, words));
	query[2] = 1e20F;
	assert_false(coarse_query(&q, query, DIM, words));
	query[2] = NAN;
	assert_false(coarse_query(&q, query, DIM, words));
}

UNIT_TESTS(exact, UNIT(naive), UNIT(filters), UNIT(ties), UNIT(edges), UNIT(hostile),
	   UNIT(bounds))
