/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "math/blas.h"

#include <dlfcn.h>
#include <math.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/rng.h"
#include "math/processor.h"

#include "unit.h"

static void fill(float *x, size_t n, uint64_t seed)
{
	struct rng r;
	rng_init(&r, seed, 0);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(rng_real(&r) * 2 - 1);
}

static float at(const float *a, bool transposed, size_t ld, size_t i, size_t j)
{
	return transposed ? a[j * ld + i] : a[i * ld + j];
}

enum { M = 5, N = 7, K = 6, LD = 9 };

static void products(void **state)
{
	float a[LD * LD], b[LD * LD], c[M * LD], y[M], start[M * LD];
	struct err err = {0};
	assert_true(blas_load(&err));
	fill(a, LD * LD, 1);
	fill(b, LD * LD, 2);
	fill(start, M * LD, 3);
	for (int t = 0; t < 4; t++) {
		memcpy(c, start, sizeof c);
		blas_sgemm(t & 1, t & 2, M, N, K, 2, a, LD, b, LD, 0.5F, c, LD);
		for (size_t i = 0; i < M; i++)
			for (size_t j = 0; j < LD; j++) {
				double want = start[i * LD + j];
				if (j < N)
					want *= 0.5;
				for (size_t k = 0; j < N && k < K; k++)
					want += 2.0 * at(a, t & 1, LD, i, k) *
						at(b, t & 2, LD, k, j);
				assert_true(fabs(want - c[i * LD + j]) < 1e-5);
			}
	}
	blas_sgemv(M, K, 1, a, LD, b, 0, y);
	for (size_t i = 0; i < M; i++) {
		double want = 0;
		for (size_t k = 0; k < K; k++)
			want += a[i * LD + k] * b[k];
		assert_true(fabs(want - y[i]) < 1e-5);
	}
}

/* A'A + ridge, both triangles. */
static void gram(float *g, const float *a, size_t n, size_t k)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = i == j ? 0.5 : 0;
			for (size_t r = 0; r < k; r++)
				sum += a[r * n + i] * a[r * n + j];
			g[i * n + j] = (float)sum;
		}
}

static void factors(void **state)
{
	float a[K * N], g[N * N], l[N * N], x[2 * N], b[2 * N];
	struct err err = {0};
	assert_true(blas_load(&err));
	fill(a, K * N, 4);
	gram(g, a, N, K);
	memset(l, 0, sizeof l);
	for (size_t i = 0; i < N; i++)
		l[i * N + i] = 0.5F;
	blas_ssyrk(N, K, 1, a, N, 1, l, N);
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j <= i; j++)
			assert_true(fabsf(l[i * N + j] - g[i * N + j]) < 1e-5F);
	assert_true(blas_spotrf(N, l, N, &err));
	fill(b, 2 * N, 5);
	memcpy(x, b, sizeof x);
	blas_spotrs(N, 2, l, N, x, N);
	for (size_t r = 0; r < 2; r++)
		for (size_t i = 0; i < N; i++) {
			double sum = 0;
			for (size_t j = 0; j < N; j++)
				sum += g[i * N + j] * x[r * N + j];
			assert_true(fabs(sum - b[r * N + i]) < 1e-4);
		}
	assert_true(blas_spotri(N, l, N, &err));
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++) {
			double sum = 0;
			for (size_t k = 0; k < N; k++)
				sum += g[i * N + k] * l[k * N + j];
			assert_true(fabs(sum - (i == j)) < 1e-4);
		}
	g[0] = -1;
	assert_false(blas_spotrf(N, g, N, &err));
	assert_int_equal(err.code, ERR_FORMAT);
}

static void eigenvectors(void **state)
{
	float a[K * N], g[N * N], copy[N * N], values[3], vectors[3 * N];
	struct err err = {0};
	assert_true(blas_load(&err));
	fill(a, K * N, 6);
	gram(g, a, N, K);
	memcpy(copy, g, sizeof copy);
	assert_true(blas_ssyevr(N, 3, copy, N, values, vectors, &err));
	assert_true(values[0] > values[1] && values[1] > values[2] && values[2] > 0);
	for (size_t v = 0; v < 3; v++) {
		const float *x = vectors + v * N;
		double length = 0, largest = 0;
		for (size_t i = 0; i < N; i++) {
			double sum = 0;
			for (size_t j = 0; j < N; j++)
				sum += g[i * N + j] * x[j];
			assert_true(fabs(sum - values[v] * x[i]) < 1e-4);
			length += x[i] * x[i];
			if (fabs(x[i]) > fabs(largest))
				largest = x[i];
		}
		assert_true(fabs(length - 1) < 1e-5);
		assert_true(largest > 0);
	}
}

struct many {
	float a[64 * 64], want[64 * 64];
	bool same[40];
};

static void multiply(void *ctx, size_t task, unsigned worker)
{
	struct many *m = ctx;
	float c[64 * 64];
	blas_sgemm(false, true, 64, 64, 64, 1, m->a, 64, m->a, 64, 0, c, 64);
	m->same[task] = memcmp(c, m->want, sizeof c) == 0;
}

static void many_threads(void **state)
{
	static struct many m;
	SCOPED(pool) pool = pool_create(4);
	struct err err = {0};
	assert_true(blas_load(&err));
	fill(m.a, 64 * 64, 7);
	blas_sgemm(false, true, 64, 64, 64, 1, m.a, 64, m.a, 64, 0, m.want, 64);
	pool_run(pool, 40, multiply, &m);
	for (size_t i = 0; i < 40; i++)
		assert_true(m.same[i]);
}

/* Whatever year the library is of; the first test, before anything is loaded. */
static void kernels_fit(void **state)
{
	struct err err = {0};
	char *(*core)(void);
	void *library;

	blas_prepare();
	assert_true(blas_load(&err));
	library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD);
	assert_non_null(library);
	core = (char *(*)(void))dlsym(library, "openblas_get_corename");
	assert_non_null(core);
	if (processor_rows() > 1) {
		assert_string_not_equal(core(), "Prescott");
		assert_string_not_equal(core(), "Nehalem");
	}
	dlclose(library);
}

UNIT_TESTS(blas, UNIT(kernels_fit), UNIT(products),
	   UNIT(factors), UNIT(eigenvectors), UNIT(many_threads))
