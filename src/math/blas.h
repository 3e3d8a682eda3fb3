/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * blas: the dense linear algebra that we leave to OpenBLAS and LAPACKE.
 *
 * The libraries are loaded by the first call of blas_load: linked to the program they
 * cost every command and the first frame 12 ms and start a thread per processor. They
 * run one thread (blas_prepare), so call them from the tasks of a pool; all functions here
 * but that one may run in many threads at once.
 *
 * Matrices are row-major float, `ld` is the distance of two rows in floats. Call
 * blas_load before anything else; what isn't loaded is a bug of the caller.
 */
#ifndef MATH_BLAS_H
#define MATH_BLAS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* What the libraries read from the environment when they are loaded: one thread, and on Intel's
 * processors the kernels for what they can do. A library that is older than the processor (that
 * of Debian 12 and those since 2023) takes it for one of 2004, whose products take four times
 * as long. OPENBLAS_CORETYPE of the user's stays. Before there are threads. */
void blas_prepare(void);

/* Load the libraries once; later calls are cheap. Fails when they are not installed. */
bool blas_load(struct err *err);

/* C (m, n) = alpha op(A) (m, k) op(B) (k, n) + beta C; op transposes when asked. With
 * beta 0 C may be uninitialised. */
void blas_sgemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
		float alpha, const float *a, size_t lda, const float *b, size_t ldb,
		float beta, float *c, size_t ldc);

/* y (m) = alpha A (m, n) x (n) + beta y */
void blas_sgemv(size_t m, size_t n, float alpha, const float *a, size_t lda,
		const float *x, float beta, float *y);

/* The lower triangle of C (n, n) = alpha A' A + beta C for A (k, n). */
void blas_ssyrk(size_t n, size_t k, float alpha, const float *a, size_t lda, float beta,
		float *c, size_t ldc);

/* A symmetric positive definite A (n, n), of which the lower triangle is read, becomes
 * its Cholesky factor L there. ERR_FORMAT when it isn't positive definite. */
bool blas_spotrf(size_t n, float *a, size_t lda, struct err *err);

/* Solve A x = b with the factor of blas_spotrf for every row of b (rows, n), in place. */
void blas_spotrs(size_t n, size_t rows, const float *a, size_t lda, float *b, size_t ldb);

/* The inverse of A from the factor of blas_spotrf: both triangles are written. */
bool blas_spotri(size_t n, float *a, size_t lda, struct err *err);

/* The `top` largest eigenvalues (top), largest first, and their unit eigenvectors
 * (top, n), one per row, of a symmetric A (n, n), whose lower triangle is read and
 * which is destroyed. The sign of a vector is such that its largest part is positive. */
bool blas_ssyevr(size_t n, size_t top, float *a, size_t lda, float *values,
		 float *vectors, struct err *err);

#endif
