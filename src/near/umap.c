/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memberships of the neighbours j of row i at distance d_ij (McInnes, Healy and Melville
 * 2018, section 3.1), with rho_i the least distance above 0 and sigma_i such that they sum
 * to log2 of the number of neighbours:
 *
 *	m_ij = exp(-max(0, d_ij - rho_i) / sigma_i),	w_ij = m_ij + m_ji - m_ij m_ji
 *
 * The edges of w are laid out by umap_layout.c.
 */
#include "config.h"

#include "near/umap.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "near/exact.h"
#include "near/hnsw.h"
#include "near/pca.h"
#include "near/umap_layout.h"

enum {
	BLOCK = 4096,		/* rows asked for or weighed at a time */
	HALVINGS = 64,		/* of the search for a bandwidth */
};
#define CLOSE 1e-5		/* to the wanted sum of memberships */
#define LEAST_BAND 1e-3		/* of the mean distance */

const struct umap_options umap_defaults = {
	.parts = 2, .neighbours = 15, .min_dist = 0.1, .negatives = 5, .seed = 1,
};

/* Rows that are present, numbered 0 .. n - 1. */
struct points {
	const struct space *s;
	const struct umap_options *o;
	uint32_t *row;		/* (n) */
	uint32_t *point;	/* (rows) or NEAR_NONE */
	size_t n;
	unsigned k;		/* neighbours besides the point itself */
	uint32_t *near;		/* (n, k) points; NEAR_NONE: no more */
	float *weight;		/* (n, k) distances, then memberships */
	double mean;		/* distance to a neighbour */
};

/* --- neighbours */

static float distance_of(enum metric m, float score)
{
	float d = m == METRIC_L2 ? -score : 1 - score;

	d = d > 0 ? d : 0;
	return m == METRIC_L2 ? sqrtf(d) : d;
}

static void take_hits(struct points *p, size_t first, size_t n, const struct hit *hits,
		      const uint32_t *found)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned j = 0; j < p->k; j++) {
			size_t at = (first + i) * p->k + j;
			const struct hit *h = &hits[i * p->k + j];

			p->near[at] = j < found[i] ? p->point[h->id] : NEAR_NONE;
			p->weight[at] = j < found[i] ? distance_of(p->s->metric, h->score) : 0;
		}
}

/* The rows of some points side by side, as queries. */
static void copy_rows(const struct points *p, size_t first, size_t n, float *to)
{
	unsigned dim = p->s->v.dim;

	for (size_t i = 0; i < n; i++)
		memcpy(to + i * dim, vectors_row(&p->s->v, p->row[first + i]),
		       dim * sizeof *to);
}

static bool find_neighbours(struct points *p, struct work work, struct err *err)
{
	SCOPED(hnsw) graph = NULL;
	SCOPED_FREE struct hit *hits = mem_big((size_t)BLOCK * p->k, sizeof *hits,
					       "neighbours", err);
	SCOPED_FREE float *rows = mem_big((size_t)BLOCK * p->s->v.dim, sizeof *rows,
					  "neighbours", err);
	uint32_t found[BLOCK];

	if (!hits || !rows)
		return false;
	if (p->n > UMAP_EXACT) {
		struct hnsw_params h = {.seed = p->o->seed};

		if (!hnsw_build(&graph, p->s, &h, work, err))
			return false;
	}
	job_step(work.job, "looking for neighbours", p->n);
	for (size_t i = 0; i < p->n; i += BLOCK) {
		size_t n = p->n - i < BLOCK ? p->n - i : BLOCK;
		struct near_query q = {.q = rows, .n = n, .stride = p->s->v.dim,
				       .skip = p->row + i, .k = p->k};

		copy_rows(p, i, n, rows);
		if (graph ? !hnsw_search(hnsw_graph(graph), p->s, &q, 0, hits, found,
					 (struct work){work.pool, NULL}, err)
			  : !exact_search(p->s, &q, hits, found,
					  (struct work){work.pool, NULL}, err))
			return false;
		take_hits(p, i, n, hits, found);
		job_advance(work.job, n);
		if (!job_check(work.job, err))
			return false;
	}
	return true;
}

/* --- memberships */

/* exp(-(d - nearest) / band) such that they add up to log2(neighbours). */
static void weigh_point(const struct points *p, float *d, unsigned n)
{
	double want = log2(p->o->neighbours), low = 0, high = INFINITY, band = 1, sum, mean = 0;
	float nearest = 0;

	for (unsigned j = 0; j < n; j++) {
		mean += d[j] / n;
		if (d[j] > 0 && (nearest == 0 || d[j] < nearest))
			nearest = d[j];
	}
	for (unsigned round = 0; round < HALVINGS; round++) {
		sum = 0;
		for (unsigned j = 0; j < n; j++)
			sum += d[j] > nearest ? exp(-(d[j] - nearest) / band) : 1;
		if (fabs(sum - want) < CLOSE)
			break;
		if (sum > want)
			high = band;
		else
			low = band;
		band = isinf(high) ? band * 2 : (low + high) / 2;
	}
	mean = nearest > 0 ? mean : p->mean;
	band = band > LEAST_BAND * mean ? band : LEAST_BAND * mean;
	for (unsigned j = 0; j < n; j++)
		d[j] = d[j] > nearest && band > 0 ? (float)exp(-(d[j] - nearest) / band) : 1;
}

static void weigh_block(void *ctx, size_t task, unsigned worker)
{
	struct points *p = ctx;
	size_t end = (task + 1) * BLOCK < p->n ? (task + 1) * BLOCK : p->n;

	(void)worker;
	for (size_t i = task * BLOCK; i < end; i++) {
		unsigned n = 0;

		while (n < p->k && p->near[i * p->k + n] != NEAR_NONE)
			n++;
		if (n)
			weigh_point(p, p->weight + i * p->k, n);
	}
}

static void weigh(struct points *p, struct pool *pool)
{
	double sum = 0;

	for (size_t i = 0; i < p->n * p->k; i++)
		sum += p->weight[i];
	p->mean = sum / ((double)p->n * p->k);
	pool_run(pool, (p->n + BLOCK - 1) / BLOCK, weigh_block, p);
}

/* --- the fuzzy union: w(a, b) + w(b, a) - w(a, b) w(b, a) */

/* Membership of b among a's neighbours. */
static float member(const struct points *p, size_t a, uint32_t b)
{
	for (unsigned j = 0; j < p->k; j++)
		if (p->near[a * p->k + j] == b)
			return p->weight[a * p->k + j];
	return 0;
}

static bool unite(const struct points *p, struct umap_layout *l, struct err *err)
{
	uint64_t *at;

	l->offsets = mem_big(p->n + 2, sizeof *l->offsets, "the neighbour graph", err);
	if (!l->offsets)
		return false;
	at = l->offsets + 1;
	for (unsigned fill = 0; fill < 2; fill++) {
		for (size_t a = 0; a < p->n; a++)
			for (unsigned j = 0; j < p->k; j++) {
				uint32_t b = p->near[a * p->k + j];
				float w = p->weight[a * p->k + j], back;

				if (b == NEAR_NONE)
					break;
				back = member(p, b, (uint32_t)a);
				if (back > 0 && b < a)
					continue;	/* it was met from the other side */
				w = w + back - w * back;
				if (!fill) {
					at[a + 1]++;
					at[b + 1]++;
					continue;
				}
				l->to[at[a]] = b;
				l->weight[at[a]++] = w;
				l->to[at[b]] = (uint32_t)a;
				l->weight[at[b]++] = w;
			}
		if (fill)
			break;
		for (size_t a = 0; a < p->n; a++)
			at[a + 1] += at[a];
		l->to = mem_big(at[p->n], sizeof *l->to, "the neighbour graph", err);
		l->weight = mem_big(at[p->n], sizeof *l->weight, "the neighbour graph", err);
		if (!l->to || !l->weight)
			return false;
	}
	return true;
}

/* --- where the points begin */

static bool begin(const struct points *p, struct umap_layout *l, struct work work,
		  struct err *err)
{
	unsigned dim = p->s->v.dim, parts = l->parts < dim ? l->parts : dim;
	SCOPED_FREE float *rows = mem_big(p->n * dim, sizeof *rows, "first places", err);
	SCOPED_FREE float *axes = mem_big(p->n * parts, sizeof *axes, "first places", err);
	struct vectors v = {rows, p->n, dim, dim};
	float share[3];

	l->place = mem_big(p->n * l->parts, sizeof *l->place, "first places", err);
	if (!rows || !axes || !l->place)
		return false;
	copy_rows(p, 0, p->n, rows);
	if (p->s->metric == METRIC_COSINE)
		for (size_t i = 0; i < p->n; i++)
			for (unsigned d = 0; d < dim; d++)
				rows[i * dim + d] *= p->s->inverse[p->row[i]];
	if (!pca_project(&v, (struct pca_places){parts, axes, share}, work, err))
		return false;
	for (size_t i = 0; i < p->n; i++)
		for (unsigned d = 0; d < parts; d++)
			l->place[i * l->parts + d] = axes[i * parts + d];
	umap_layout_spread(l);
	return true;
}

static bool number_points(struct points *p, struct err *err)
{
	size_t rows = p->s->v.n;

	p->row = mem_big(rows, sizeof *p->row, "points", err);
	p->point = mem_big(rows, sizeof *p->point, "points", err);
	if (!p->row || !p->point)
		return false;
	for (size_t i = 0; i < rows; i++) {
		p->point[i] = space_has(p->s, i) ? (uint32_t)p->n : NEAR_NONE;
		if (space_has(p->s, i))
			p->row[p->n++] = (uint32_t)i;
	}
	if (p->n < 2)
		return err_fail(err, ERR_NO, "a map needs two products with a vector; there "
				"are %zu", p->n);
	p->k = p->o->neighbours - 1 < p->n - 1 ? p->o->neighbours - 1 : (unsigned)p->n - 1;
	p->near = mem_big(p->n * p->k, sizeof *p->near, "neighbours", err);
	p->weight = mem_big(p->n * p->k, sizeof *p->weight, "neighbours", err);
	return p->near && p->weight;
}

static bool make(struct points *p, struct umap_layout *l, struct work work,
		 struct err *err)
{
	if (!number_points(p, err) || !find_neighbours(p, work, err))
		return false;
	weigh(p, work.pool);
	l->n = p->n;
	l->parts = p->o->parts;
	l->negatives = p->o->negatives;
	l->seed = p->o->seed;
	l->epochs = p->o->epochs ? p->o->epochs : p->n > 10000 ? 200 : 500;
	umap_curve(p->o->min_dist, &l->a, &l->b);
	return unite(p, l, err) && begin(p, l, work, err) &&
	       umap_layout_run(l, work, err);
}

bool umap_make(const struct space *s, const struct umap_options *o, float *out,
	       struct work work, struct err *err)
{
	struct points p = {.s = s, .o = o};
	struct umap_layout l = {0};
	bool ok;

	assert(o->parts == 2 || o->parts == 3);
	assert(o->neighbours >= 2 && o->min_dist >= 0 && o->min_dist <= 1);
	ok = make(&p, &l, work, err);
	for (size_t i = 0; ok && i < s->v.n; i++)
		for (unsigned d = 0; d < o->parts; d++)
			out[i * o->parts + d] = p.point[i] == NEAR_NONE ? NAN :
				l.place[(size_t)p.point[i] * o->parts + d];
	umap_layout_finish(&l);
	free(p.row);
	free(p.point);
	free(p.near);
	free(p.weight);
	return ok;
}

/* --- the curve: Gauss-Newton steps, damped (Levenberg and Marquardt), in a and b */

static double miss(double a, double b, double min_dist, double sums[5])
{
	double error = 0;

	for (int i = 0; i < 5; i++)
		sums[i] = 0;
	for (int i = 1; i < 300; i++) {
		double x = 3.0 * i / 299, y = x < min_dist ? 1 : exp(min_dist - x);
		double power = pow(x, 2 * b), f = 1 / (1 + a * power);
		double by_a = -f * f * power, by_b = -f * f * a * power * 2 * log(x);
		double r = y - f;

		error += r * r;
		sums[0] += by_a * by_a;
		sums[1] += by_a * by_b;
		sums[2] += by_b * by_b;
		sums[3] += by_a * r;
		sums[4] += by_b * r;
	}
	return error;
}

void umap_curve(double min_dist, double *a, double *b)
{
	double sums[5], next[5], damp = 1e-3, x = 1, y = 1;
	double error = miss(x, y, min_dist, sums);

	for (int round = 0; round < 200; round++) {
		double p = sums[0] * (1 + damp), q = sums[2] * (1 + damp);
		double det = p * q - sums[1] * sums[1];
		double dx = (q * sums[3] - sums[1] * sums[4]) / det;
		double dy = (p * sums[4] - sums[1] * sums[3]) / det, less;

		if (!(x + dx > 0) || !(y + dy > 0)) {
			damp *= 10;
			continue;
		}
		less = miss(x + dx, y + dy, min_dist, next);
		if (less > error) {
			damp *= 10;
			continue;
		}
		x += dx;
		y += dy;
		damp /= 10;
		memcpy(sums, next, sizeof sums);
		if (error - less < 1e-15)
			break;
		error = less;
	}
	*a = x;
	*b = y;
}
