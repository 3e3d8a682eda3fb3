/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LAPACK counts columns first: a row-major lower triangle is its upper one, and a row
 * of ours its column. So nothing is ever transposed here.
 */
#include "config.h"

#include "math/blas.h"

#include <assert.h>
#include <cblas.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/dynlib.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/scope.h"
#include "math/processor.h"

/* Every function that is used, with the library that has it. */
#define CALLS(CALL)							\
	CALL(openblas, cblas_sgemm)					\
	CALL(openblas, cblas_sgemv)					\
	CALL(openblas, cblas_ssyrk)					\
	CALL(openblas, openblas_set_num_threads)			\
	CALL(lapacke, LAPACKE_spotrf)					\
	CALL(lapacke, LAPACKE_spotri)					\
	CALL(lapacke, LAPACKE_spotrs)					\
	CALL(lapacke, LAPACKE_ssyevr)

static struct {
	pthread_once_t once;
	bool ready;
	struct err why;
#define CALL(library, name) __typeof__(name) *name;
	CALLS(CALL)
#undef CALL
} lib = {.once = PTHREAD_ONCE_INIT};

void blas_prepare(void)
{
	setenv("OPENBLAS_NUM_THREADS", "1", 1);
#ifdef __x86_64__
	static const char *const core[] = {NULL, "Haswell", "SkylakeX"};
	const char *best = core[processor_rows() - 1];

	if (best && __builtin_cpu_is("intel"))
		setenv("OPENBLAS_CORETYPE", best, 0);
#endif
}

static void load(void)
{
	void *openblas = dynlib_open("libopenblas.so.0", "libopenblas0", &lib.why);
	void *lapacke = openblas ? dynlib_open("liblapacke.so.3", "liblapacke", &lib.why) : NULL;

	if (!lapacke)
		return;
#define CALL(library, name)						\
	if (!dynlib_find(library, #name, (void **)&lib.name, &lib.why))	\
		return;
	CALLS(CALL)
#undef CALL
	lib.openblas_set_num_threads(1);
	lib.ready = true;
}

bool blas_load(struct err *err)
{
	pthread_once(&lib.once, load);
	return lib.ready || err_fail(err, ERR_IO, "%s", lib.why.text);
}

/* The libraries count in int; what is bigger would not fit into memory. */
static int small(size_t n)
{
	assert(n <= INT_MAX);
	return (int)n;
}

void blas_sgemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
		float alpha, const float *a, size_t lda, const float *b, size_t ldb,
		float beta, float *c, size_t ldc)
{
	assert(lib.ready);
	assert(lda >= (transpose_a ? m : k) && ldb >= (transpose_b ? k : n) && ldc >= n);
	lib.cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
			transpose_b ? CblasTrans : CblasNoTrans, small(m), small(n),
			small(k), alpha, a, small(lda), b, small(ldb), beta, c, small(ldc));
}

void blas_sgemv(size_t m, size_t n, float alpha, const float *a, size_t lda,
		const float *x, float beta, float *y)
{
	assert(lib.ready);
	assert(lda >= n);
	lib.cblas_sgemv(CblasRowMajor, CblasNoTrans, small(m), small(n), alpha, a,
			small(lda), x, 1, beta, y, 1);
}

void blas_ssyrk(size_t n, size_t k, float alpha, const float *a, size_t lda, float beta,
		float *c, size_t ldc)
{
	assert(lib.ready);
	assert(lda >= n && ldc >= n);
	lib.cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, small(n), small(k), alpha, a,
			small(lda), beta, c, small(ldc));
}

bool blas_spotrf(size_t n, float *a, size_t lda, struct err *err)
{
	assert(lib.ready && lda >= n);
	int info = lib.LAPACKE_spotrf(LAPACK_COL_MAJOR, 'U', small(n), a, small(lda));
	if (info == 0)
		return true;
	return err_fail(err, ERR_FORMAT, "the matrix is not positive definite (row %d)",
			info);
}

void blas_spotrs(size_t n, size_t rows, const float *a, size_t lda, float *b, size_t ldb)
{
	assert(lib.ready && lda >= n && ldb >= n);
	lib.LAPACKE_spotrs(LAPACK_COL_MAJOR, 'U', small(n), small(rows), a, small(lda), b,
			   small(ldb));
}

bool blas_spotri(size_t n, float *a, size_t lda, struct err *err)
{
	assert(lib.ready && lda >= n);
	int info = lib.LAPACKE_spotri(LAPACK_COL_MAJOR, 'U', small(n), a, small(lda));
	if (info != 0)
		return err_fail(err, ERR_FORMAT, "the matrix has no inverse (row %d)", info);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			a[i * lda + j] = a[j * lda + i];
	return true;
}

static void put_vector(float *to, const float *from, size_t n)
{
	size_t largest = 0;
	for (size_t i = 1; i < n; i++)
		if (fabsf(from[i]) > fabsf(from[largest]))
			largest = i;
	float sign = from[largest] < 0 ? -1.0F : 1.0F;
	for (size_t i = 0; i < n; i++)
		to[i] = sign * from[i];
}

bool blas_ssyevr(size_t n, size_t top, float *a, size_t lda, float *values,
		 float *vectors, struct err *err)
{
	assert(lib.ready && top > 0 && top <= n && lda >= n);
	SCOPED_FREE float *w = mem_big(n, sizeof *w, "eigenvalues", err);
	SCOPED_FREE float *z = mem_big(n * top, sizeof *z, "eigenvectors", err);
	SCOPED_FREE lapack_int *support = mem_alloc(2 * top * sizeof *support);
	if (!w || !z)
		return false;
	lapack_int found = 0;
	int info = lib.LAPACKE_ssyevr(LAPACK_COL_MAJOR, 'V', 'I', 'U', small(n), a,
				      small(lda), 0, 0, small(n - top + 1), small(n), 0,
				      &found, w, z, small(n), support);
	if (info != 0 || (size_t)found != top)
		return err_fail(err, ERR_FORMAT, "the eigenvalues could not be found");
	for (size_t i = 0; i < top; i++) {	/* they come smallest first */
		values[i] = w[top - 1 - i];
		put_vector(vectors + i * n, z + (top - 1 - i) * n, n);
	}
	return true;
}
