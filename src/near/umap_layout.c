/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Descent on the cross entropy of w and 1 / (1 + a d^(2b)) (McInnes, Healy and Melville
 * 2018, section 3.2): with d^2 = |x - y|^2 an edge pulls x by
 *	-2 a b d^(2(b-1)) / (1 + a d^(2b)) (x - y)
 * and each point drawn at random pushes it by 2 b / ((0.001 + d^2) (1 + a d^(2b))) (x - y).
 *
 * A point's own place changes with each pull and push; the others are where they were
 * when the epoch began. So points may be moved in any order by any thread. Since an edge
 * stands in both its rows and each end moves itself alone, a pull is done twice: in the
 * method as published an edge is taken from both sides and moves both ends each time.
 */
#include "config.h"

#include "near/umap_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"

enum { BLOCK = 1024 };	/* points of one task */
#define WIDTH 10.0f	/* the places begin in -WIDTH .. WIDTH */
#define NOISE 1e-3f
#define STEP_MOST 4.0f	/* along one axis, before the rate */
#define PUSH_NEAR 1e-3	/* keeps a push finite */

/*
 * How strongly two points at a squared distance pull or push: a function of one number,
 * kept at 16 places between powers of two and interpolated (error about 0.05%). Below and
 * above it is that of the ends.
 */
enum { PLACES = 16, LOWEST = -24, HIGHEST = 16, SPAN = (HIGHEST - LOWEST) * PLACES };
struct force {
	float at[SPAN + 1];
};

struct run {
	const struct umap_layout *l;
	const float *from;	/* (n, parts) places when the epoch began */
	float *to;
	float heaviest, rate;
	unsigned epoch;
	struct force pull, push;
	struct job *job;
};

/* -2ab d^(2b-2) / (1 + a d^(2b)) and 2b / ((0.001 + d^2) (1 + a d^(2b))). */
static void make_forces(struct run *r)
{
	double a = r->l->a, b = r->l->b;

	for (int i = 0; i <= SPAN; i++) {
		double d2 = ldexp(1 + (double)(i % PLACES) / PLACES, LOWEST + i / PLACES);
		double p = pow(d2, b);

		r->pull.at[i] = (float)(-2 * a * b * p / (d2 * (1 + a * p)));
		r->push.at[i] = (float)(2 * b / ((PUSH_NEAR + d2) * (1 + a * p)));
	}
}

static inline float force_at(const struct force *f, float d2)
{
	union { float f; uint32_t u; } v = {.f = d2};
	const int first = (LOWEST + 127) * PLACES;
	int i = (int)(v.u >> 19) - first;
	float part = (float)(v.u & 0x7ffff) * 0x1p-19f;

	i = i < 0 ? 0 : i > SPAN - 1 ? SPAN - 1 : i;
	return f->at[i] + part * (f->at[i + 1] - f->at[i]);
}

static inline float bounded(float x)
{
	x = x < STEP_MOST ? x : STEP_MOST;
	return x > -STEP_MOST ? x : -STEP_MOST;
}

/* Add to step what `other` does to `own`. */
static inline void add_force(const struct force *f, const float *own, const float *other,
			     unsigned parts, float *step)
{
	float d2 = 0, g;

	for (unsigned d = 0; d < parts; d++)
		d2 += (own[d] - other[d]) * (own[d] - other[d]);
	g = force_at(f, d2);
	for (unsigned d = 0; d < parts; d++)
		step[d] += bounded(g * (own[d] - other[d]));
}

static inline void pull(const struct run *r, float *own, const float *other, unsigned parts)
{
	float step[3] = {0};

	add_force(&r->pull, own, other, parts, step);
	for (unsigned d = 0; d < parts; d++)
		own[d] += r->rate * step[d];
}

static inline uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* The edge's turn: its share of the epochs so far passes a whole number. */
static inline bool its_turn(const struct run *r, float weight)
{
	float share = weight / r->heaviest;

	return (uint32_t)(share * (float)(r->epoch + 1)) > (uint32_t)(share * (float)r->epoch);
}

static inline __attribute__((always_inline)) void move_point(const struct run *r, size_t i,
							      unsigned parts)
{
	const struct umap_layout *l = r->l;
	uint64_t draw = mix(mix(l->seed + r->epoch) ^
			    (i + 1) * UINT64_C(0x9e3779b97f4a7c15));
	float own[3] = {0};

	for (unsigned d = 0; d < parts; d++)
		own[d] = r->from[i * parts + d];
	for (uint64_t e = l->offsets[i]; e < l->offsets[i + 1]; e++) {
		const float *other = r->from + (size_t)l->to[e] * parts;
		float step[3] = {0};	/* of the pushes: they don't wait for each other */

		if (!its_turn(r, l->weight[e]))
			continue;
		pull(r, own, other, parts);
		pull(r, own, other, parts);
		for (unsigned k = 0; k < l->negatives; k++) {
			draw = draw * UINT64_C(6364136223846793005) + 1442695040888963407u;
			add_force(&r->push, own, r->from +
				  (size_t)(((draw >> 32) * l->n) >> 32) * parts, parts,
				  step);
		}
		for (unsigned d = 0; d < parts; d++)
			own[d] += r->rate * step[d];
	}
	for (unsigned d = 0; d < parts; d++)
		r->to[i * parts + d] = own[d];
}

static void move_block(void *ctx, size_t task, unsigned worker)
{
	const struct run *r = ctx;
	size_t end = (task + 1) * BLOCK < r->l->n ? (task + 1) * BLOCK : r->l->n;

	(void)worker;
	if (r->l->parts == 2)
		for (size_t i = task * BLOCK; i < end; i++)
			move_point(r, i, 2);
	else
		for (size_t i = task * BLOCK; i < end; i++)
			move_point(r, i, 3);
}

void umap_layout_spread(struct umap_layout *l)
{
	float most = 0;
	struct rng rng;

	rng_init(&rng, l->seed, 0x7370);
	for (size_t i = 0; i < l->n * l->parts; i++)
		most = fabsf(l->place[i]) > most ? fabsf(l->place[i]) : most;
	for (size_t i = 0; i < l->n * l->parts; i++)
		l->place[i] = (most > 0 ? l->place[i] / most * WIDTH : 0) +
			      NOISE * (float)(rng_real(&rng) - .5) * (most > 0 ? 1 : 1e3f);
}

bool umap_layout_run(struct umap_layout *l, struct work work, struct err *err)
{
	float *other = mem_big(l->n * l->parts, sizeof *other, "places", err);
	struct run r = {.l = l, .job = work.job};

	if (!other)
		return false;
	for (uint64_t e = 0; e < l->offsets[l->n]; e++)
		r.heaviest = l->weight[e] > r.heaviest ? l->weight[e] : r.heaviest;
	make_forces(&r);
	job_step(work.job, "laying out the map", l->epochs);
	for (r.epoch = 0; r.epoch < l->epochs; r.epoch++) {
		float *swap = l->place;

		r.rate = 1 - (float)r.epoch / (float)l->epochs;
		r.from = l->place;
		r.to = other;
		pool_run(work.pool, (l->n + BLOCK - 1) / BLOCK, move_block, &r);
		l->place = other;
		other = swap;
		job_advance(work.job, 1);
		if (!job_check(work.job, err))
			break;
	}
	free(other);
	return r.epoch == l->epochs;
}

void umap_layout_finish(struct umap_layout *l)
{
	free(l->offsets);
	free(l->to);
	free(l->weight);
	free(l->place);
	*l = (struct umap_layout){0};
}
