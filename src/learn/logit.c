/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Newton: w += (X' diag(p (1 - p)) X + ridge n I)^-1 (X' (y - p) - ridge n w), with a column
 * of ones for the constant, until nothing moves.
 */
#include "config.h"

#include "learn/logit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "math/blas.h"

#define ROUNDS 25
#define STILL 1e-5

static float tame(float x)
{
	return isnan(x) ? x : copysignf(log1pf(fabsf(x)), x);
}

static void measure_columns(struct logit *m, const float *x, size_t rows)
{
	for (unsigned j = 0; j < m->columns; j++) {
		double n = 0, sum = 0, squares = 0;

		for (size_t r = 0; r < rows; r++) {
			float v = tame(x[r * m->columns + j]);

			if (!isfinite(v))
				continue;
			n++;
			sum += v;
			squares += (double)v * v;
		}
		m->weight[3 * j] = 0;
		m->weight[3 * j + 1] = n > 0 ? (float)(sum / n) : 0;
		m->weight[3 * j + 2] = n > 0 ?
			(float)sqrt(fmax(squares / n - (sum / n) * (sum / n), 0)) : 0;
	}
}

static float standard(const struct logit *m, unsigned j, float x)
{
	float v = tame(x), deviation = m->weight[3 * j + 2];

	return isfinite(v) && deviation > 1e-6F ? (v - m->weight[3 * j + 1]) / deviation : 0;
}

struct fitting {
	unsigned n;		/* columns and the constant */
	double *w, *gradient;	/* (n) */
	double *hessian;	/* (n, n) lower triangle */
	float *row;		/* (n) */
	float *a, *b;		/* (n, n), (n) for LAPACK */
};

static void add_row(struct fitting *f, double y)
{
	double z = 0, p;

	for (unsigned j = 0; j < f->n; j++)
		z += f->w[j] * f->row[j];
	p = 1 / (1 + exp(-z));
	for (unsigned j = 0; j < f->n; j++) {
		double s = p * (1 - p) * f->row[j];

		f->gradient[j] += (y - p) * f->row[j];
		for (unsigned k = 0; k <= j; k++)
			f->hessian[j * f->n + k] += s * f->row[k];
	}
}

/* One step; *moved gets the greatest change. */
static bool step(struct fitting *f, double ridge, double *moved, struct err *err)
{
	for (unsigned j = 0; j < f->n; j++) {
		bool constant = j + 1 == f->n;

		for (unsigned k = 0; k <= j; k++)
			f->a[j * f->n + k] = (float)(f->hessian[j * f->n + k] +
						     (j == k ? (constant ? 1e-6 : ridge) : 0));
		f->b[j] = (float)(f->gradient[j] - (constant ? 0 : ridge * f->w[j]));
	}
	if (!blas_spotrf(f->n, f->a, f->n, err))
		return false;
	blas_spotrs(f->n, 1, f->a, f->n, f->b, f->n);
	*moved = 0;
	for (unsigned j = 0; j < f->n; j++) {
		f->w[j] += f->b[j];
		*moved = fmax(*moved, fabs(f->b[j]));
	}
	return true;
}

static bool fit(struct logit *m, struct fitting *f, const struct logit_task *task,
		struct job *job, struct err *err)
{
	double moved = 1;

	job_step(job, "fitting", ROUNDS);
	for (unsigned round = 0; round < ROUNDS && moved > STILL; round++) {
		memset(f->gradient, 0, f->n * sizeof *f->gradient);
		memset(f->hessian, 0, (size_t)f->n * f->n * sizeof *f->hessian);
		for (size_t r = 0; r < task->rows; r++) {
			for (unsigned j = 0; j < m->columns; j++)
				f->row[j] = standard(m, j, task->x[r * m->columns + j]);
			f->row[m->columns] = 1;
			add_row(f, task->y[r]);
		}
		if (!step(f, task->ridge * (double)task->rows, &moved, err) ||
		    !job_check(job, err))
			return false;
		job_advance(job, 1);
	}
	for (unsigned j = 0; j < m->columns; j++)
		m->weight[3 * j] = (float)f->w[j];
	return true;
}

bool logit_fit(struct logit *m, const struct logit_task *task, struct job *job, struct err *err)
{
	struct fitting f = {.n = m->columns + 1};
	size_t n = f.n;
	bool ok;

	assert(m->columns > 0 && task->ridge >= 0);
	if (!blas_load(err))
		return false;
	measure_columns(m, task->x, task->rows);
	f.w = mem_zalloc(n * sizeof *f.w);
	f.gradient = mem_zalloc(n * sizeof *f.gradient);
	f.hessian = mem_zalloc(n * n * sizeof *f.hessian);
	f.row = mem_zalloc(n * sizeof *f.row);
	f.a = mem_zalloc(n * n * sizeof *f.a);
	f.b = mem_zalloc(n * sizeof *f.b);
	ok = fit(m, &f, task, job, err);
	free(f.w);
	free(f.gradient);
	free(f.hessian);
	free(f.row);
	free(f.a);
	free(f.b);
	return ok;
}

void logit_score(const struct logit *m, const float *x, size_t rows, float *score)
{
	for (size_t r = 0; r < rows; r++) {
		double sum = 0;

		for (unsigned j = 0; j < m->columns; j++)
			sum += (double)m->weight[3 * j] * standard(m, j, x[r * m->columns + j]);
		score[r] = (float)sum;
	}
}

void logit_shares(const struct logit *m, const float *x, float *share)
{
	for (unsigned j = 0; j < m->columns; j++)
		share[j] = (float)((double)m->weight[3 * j] * standard(m, j, x[j]));
	share[m->columns] = 0;
}
