/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Products of users are gathered once, the latest first. A past is held against all users: by
 * one scan of their vectors, or by walking the users of its products.
 */
#include "config.h"

#include "model/alike.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "math/dense.h"
#include "math/kernel.h"
#include "near/pca.h"

#define DIM 128		/* of texts */
#define DIM_MOST 256	/* of a file */
#define AT_ONCE 48	/* users in the cache */
#define TOGETHER 32	/* pasts that all users are held against at once */
#define MANY 4		/* of so many that is quicker than one by one */
#define ROUGH 1e-4f	/* more than the order of a sum of 256 products changes a cosine */

/* --- learning */

static void to_length_one(float *x, unsigned dim)
{
	double sum = 0;

	for (unsigned i = 0; i < dim; i++)
		sum += (double)x[i] * x[i];
	for (unsigned i = 0; sum > 0 && i < dim; i++)
		x[i] = (float)(x[i] / sqrt(sum));
}

static bool has_vector(const float *x, unsigned dim)
{
	for (unsigned i = 0; i < dim; i++)
		if (x[i] != 0)
			return true;
	return false;
}

bool alike_texts(const struct lesson *l, const struct vectors *v, struct err *err)
{
	unsigned dim = v->dim < DIM ? v->dim : DIM;
	float share[DIM];
	void *room;

	if (!sink_reserve(l->sink, "facts/text", ARRAY_F32, v->n, dim, &room, err) ||
	    !pca_project(v, (struct pca_places){dim, room, share}, l->work, err))
		return false;
	for (size_t p = 0; p < v->n; p++) {
		float *x = (float *)room + p * dim;

		if (has_vector(vectors_row(v, p), v->dim))
			to_length_one(x, dim);
		else
			memset(x, 0, dim * sizeof *x);
	}
	return true;
}

struct learning {
	const struct catalog *c;
	int64_t moment;
	struct sink *s;
	uint64_t *offsets;	/* (users + 1) */
	uint32_t *product;
	size_t cap;
	uint32_t *mark;		/* (P) user + 1 */
};

static bool counts(const struct learning *g, uint64_t e)
{
	return (!g->c->event_time || g->c->event_time[e] < g->moment) &&
	       past_strength(g->c->event_kind[e]);
}

static void read_user(struct learning *g, uint32_t u)
{
	const struct catalog *c = g->c;
	uint64_t n = g->offsets[u];

	for (uint64_t i = c->user_offsets[u + 1]; i-- > c->user_offsets[u];) {
		uint32_t s = c->user_session[i];

		for (uint64_t e = c->session_offsets[s + 1]; e-- > c->session_offsets[s];) {
			uint32_t p = c->event_product[e];

			if (!counts(g, e) || g->mark[p] == u + 1 ||
			    n - g->offsets[u] >= ALIKE_LATEST)
				continue;
			g->mark[p] = u + 1;
			MEM_GROW(g->product, g->cap, n + 1);
			g->product[n++] = p;
		}
	}
	g->offsets[u + 1] = n;
}

static bool read_users(struct learning *g, struct job *job, struct err *err)
{
	const struct catalog *c = g->c;

	job_step(job, "reading users", 0);
	for (uint32_t u = 0; u < c->n_users; u++) {
		read_user(g, u);
		if (u % 4096 == 0 && !job_check(job, err))
			return false;
	}
	return g->offsets[c->n_users] ||
	       err_fail(err, ERR_NO, "no user did anything before that moment");
}

/* Users of every product, by counting. */
static bool put_users(struct learning *g, struct err *err)
{
	uint32_t n = g->c->n_products;
	uint64_t all = g->offsets[g->c->n_users], *at;
	void *offsets, *buyer;

	if (!sink_array(g->s, "learnt/user-offsets", ARRAY_U64, (uint64_t)g->c->n_users + 1, 1,
			g->offsets, err) ||
	    !sink_array(g->s, "learnt/user-product", ARRAY_U32, all, 1, g->product, err) ||
	    !sink_reserve(g->s, "learnt/buyer-offsets", ARRAY_U64, (uint64_t)n + 2, 1, &offsets,
			  err) ||
	    !sink_reserve(g->s, "learnt/buyer", ARRAY_U32, all, 1, &buyer, err))
		return false;
	at = offsets;
	for (uint64_t i = 0; i < all; i++)
		if (g->product[i] + 2 < (uint64_t)n + 2)
			at[g->product[i] + 2]++;
	for (uint32_t p = 2; p < n + 2; p++)
		at[p] += at[p - 1];
	for (uint32_t u = 0; u < g->c->n_users; u++)
		for (uint64_t i = g->offsets[u]; i < g->offsets[u + 1]; i++)
			((uint32_t *)buyer)[at[g->product[i] + 1]++] = u;
	return true;
}

static bool put_vectors(struct learning *g, const struct alike *a, struct err *err)
{
	const struct kernels *kernel = kernels_best();
	void *room;

	if (!a->text)
		return true;
	if (!sink_reserve(g->s, "learnt/user-vector", ARRAY_F32, g->c->n_users, a->dim, &room,
			  err))
		return false;
	for (uint32_t u = 0; u < g->c->n_users; u++) {
		float *x = (float *)room + (size_t)u * a->dim;

		for (uint64_t i = g->offsets[u]; i < g->offsets[u + 1]; i++)
			kernel->axpy(1, a->text + (size_t)g->product[i] * a->dim, x, a->dim);
		to_length_one(x, a->dim);
	}
	return true;
}

bool alike_learn(const struct lesson *l, const struct alike *texts, int64_t moment,
		 struct err *err)
{
	const struct catalog *c = l->catalog;
	struct learning g = {.c = c, .moment = moment, .s = l->sink};
	bool ok;

	if (!c->user_offsets || !c->user_session || !c->n_users)
		return err_fail(err, ERR_NO, "users can't be compared: the log of this store "
				"names none");
	g.offsets = mem_big((size_t)c->n_users + 1, sizeof *g.offsets, "users", err);
	g.mark = mem_big(c->n_products, sizeof *g.mark, "users", err);
	ok = g.offsets && g.mark && read_users(&g, l->work.job, err) && put_users(&g, err) &&
	     put_vectors(&g, texts, err);
	free(g.offsets);
	free(g.product);
	free(g.mark);
	return ok;
}

static bool damaged(struct err *err)
{
	return err_fail(err, ERR_STORE, "the model is damaged: its arrays of users don't fit "
			"together");
}

bool alike_bind_texts(struct alike *a, const struct model *m, struct err *err)
{
	struct array text;

	a->n_products = m->n_products;
	if (!model_array(m, "facts/text", ARRAY_F32, &text, NULL))
		return true;
	if (text.rows != a->n_products || text.columns > DIM_MOST)
		return damaged(err);
	a->text = text.data;
	a->dim = text.columns;
	return true;
}

bool alike_bind_users(struct alike *a, const struct model *m, struct err *err)
{
	struct array users, product, buyers, buyer, vector;
	uint64_t n = m->n_products;

	if (!model_array(m, "learnt/user-offsets", ARRAY_U64, &users, err) ||
	    !model_array(m, "learnt/user-product", ARRAY_U32, &product, err) ||
	    !model_array(m, "learnt/buyer-offsets", ARRAY_U64, &buyers, err) ||
	    !model_array(m, "learnt/buyer", ARRAY_U32, &buyer, err))
		return false;
	if (!users.rows || buyers.rows != n + 2 ||
	    ((const uint64_t *)users.data)[users.rows - 1] > product.rows ||
	    ((const uint64_t *)buyers.data)[n] > buyer.rows)
		return damaged(err);
	a->user_offsets = users.data;
	a->n_users = (uint32_t)users.rows - 1;
	a->user_product = product.data;
	a->buyer_offsets = buyers.data;
	a->buyer = buyer.data;
	a->user_vector = NULL;
	if (!a->text || !model_array(m, "learnt/user-vector", ARRAY_F32, &vector, NULL))
		return true;
	if (vector.rows != a->n_users || vector.columns != a->dim)
		return damaged(err);
	a->user_vector = vector.data;
	return true;
}

/* --- asking */

static bool has_news(const struct alike *a, const struct past *past, uint32_t user)
{
	return alike_both(a, past, user) < a->user_offsets[user + 1] - a->user_offsets[user];
}

unsigned alike_both(const struct alike *a, const struct past *past, uint32_t user)
{
	unsigned both = 0;

	for (uint64_t i = a->user_offsets[user]; i < a->user_offsets[user + 1]; i++) {
		unsigned j = 0;

		while (j < past->n && past->product[j] != a->user_product[i])
			j++;
		both += j < past->n;
	}
	return both;
}

static void past_vector(const struct alike *a, const struct past *past, float *x)
{
	const struct kernels *kernel = kernels_best();

	memset(x, 0, a->dim * sizeof *x);
	for (unsigned i = 0; i < past->n; i++)
		kernel->axpy(1, a->text + (size_t)past->product[i] * a->dim, x, a->dim);
	to_length_one(x, a->dim);
}

static void offer(struct topk *best, uint32_t user, float near, uint32_t except)
{
	if (near > 0 && user != except)
		topk_push(best, user, near);
}

/* Offers those who have something of the past; both (users) is cleared again. */
static void offer_overlap(const struct alike *a, const struct past *past, struct sums *both,
			  uint32_t except, struct topk *best)
{
	for (unsigned i = 0; i < past->n; i++)
		for (uint64_t e = a->buyer_offsets[past->product[i]];
		     e < a->buyer_offsets[past->product[i] + 1]; e++)
			sums_add(both, a->buyer[e], 1);
	for (uint32_t i = 0; i < both->n; i++) {
		uint32_t u = both->at[i];
		float near = (float)(both->sum[u] /
			sqrt((double)(a->user_offsets[u + 1] - a->user_offsets[u]) * past->n));

		both->sum[u] = 0;
		if (near > 0 && u != except)
			topk_push(best, u, near);
	}
	both->n = 0;
}

static bool search_overlap(const struct alike *a, const struct alike_ask *ask,
			   const struct alike_pasts *of, struct topk *best, struct err *err)
{
	SCOPED_FREE float *sum = mem_big(a->n_users, sizeof *sum, "users", err);
	SCOPED_FREE uint32_t *at = mem_big(a->n_users, sizeof *at, "users", err);
	struct sums both = {sum, at, 0};

	for (unsigned i = 0; sum && at && i < of->n; i++)
		offer_overlap(a, &of->past[i], &both, ask->except, &best[i]);
	return sum && at;
}

static const float *vector_of(const struct alike *a, uint32_t user)
{
	return a->user_vector + (size_t)user * a->dim;
}

/* What all users are held against. */
struct scan {
	const struct alike *a;
	uint32_t except;
	unsigned n;		/* pasts */
	const float *x;		/* (n, dim) their vectors */
	struct topk *best;	/* (n) */
};

static void scan_alone(const struct scan *c, unsigned past)
{
	const struct kernels *kernel = kernels_best();
	const struct alike *a = c->a;
	struct topk *best = &c->best[past];
	float near[AT_ONCE];
	uint32_t at[AT_ONCE + 16];

	for (uint32_t u = 0; u < a->n_users; u += AT_ONCE) {
		size_t n = a->n_users - u < AT_ONCE ? a->n_users - u : AT_ONCE, over;

		kernel->dots(c->x + (size_t)past * a->dim, vector_of(a, u), n, a->dim, a->dim,
			     near);
		over = kernel->over(near, n, topk_floor(best), at);
		for (size_t i = 0; i < over; i++)
			offer(best, u + at[i], near[at[i]], c->except);
	}
}

/* A user beside each of the pasts (TOGETHER), roughly: those for whom he may be of the best are
 * asked exactly. */
static void offer_user(const struct scan *c, uint32_t user, const float *near, float *floor)
{
	unsigned over = 0;

	for (unsigned i = 0; i < TOGETHER; i++)
		over += near[i] >= floor[i];
	for (unsigned i = 0; over && i < c->n; i++) {
		if (!(near[i] >= floor[i]))
			continue;
		offer(&c->best[i], user,
		      kernels_best()->dot(c->x + (size_t)i * c->a->dim, vector_of(c->a, user),
					  c->a->dim), c->except);
		floor[i] = fmaxf(topk_floor(&c->best[i]) - ROUGH, -ROUGH);
	}
}

/* All pasts (TOGETHER at most) are a matrix that users are multiplied with. */
static void scan_together(const struct scan *c)
{
	const struct dense_kernel *dense = dense_best();
	const struct alike *a = c->a;
	struct dense d = {.in = a->dim, .out = TOGETHER};
	const struct dense_matrix m = {c->x, a->dim, c->n, 1, a->dim};
	SCOPED_FREE float *ordered = mem_zalloc(dense->room(d.in, d.out) * sizeof *ordered);
	float near[AT_ONCE * TOGETHER], floor[TOGETHER];

	for (unsigned i = 0; i < TOGETHER; i++)
		floor[i] = i < c->n && has_vector(c->x + (size_t)i * a->dim, a->dim) ?
			-ROUGH : INFINITY;
	d.ordered = ordered;
	dense->put(&d, &m, 0, NULL);
	for (uint32_t u = 0; u < a->n_users; u += AT_ONCE) {
		uint32_t n = a->n_users - u < AT_ONCE ? a->n_users - u : AT_ONCE;

		dense->multiply(&d, &(struct dense_rows){vector_of(a, u), a->dim, near, TOGETHER,
							 n}, DENSE_SET);
		for (uint32_t i = 0; i < n; i++)
			offer_user(c, u + i, near + (size_t)i * TOGETHER, floor);
	}
}

/* Both ways end with the same users: what is rough only rules out. */
static void search_texts(const struct alike *a, const struct alike_ask *ask,
			 const struct alike_pasts *of, struct topk *best)
{
	SCOPED_FREE float *x = mem_alloc(((size_t)of->n * a->dim + 1) * sizeof *x);

	for (unsigned i = 0; i < of->n; i++)
		past_vector(a, &of->past[i], x + (size_t)i * a->dim);
	for (unsigned i = 0; i < of->n; i += TOGETHER) {
		unsigned n = of->n - i < TOGETHER ? of->n - i : TOGETHER;
		const struct scan c = {a, ask->except, n, x + (size_t)i * a->dim, best + i};

		if (n >= MANY)
			scan_together(&c);
		for (unsigned k = 0; n < MANY && k < n; k++)
			if (has_vector(c.x + (size_t)k * a->dim, a->dim))
				scan_alone(&c, k);
	}
}

/* The nearest of the best; returns how many. */
static unsigned choose(const struct alike *a, const struct alike_ask *ask,
		       const struct past *past, struct topk *best)
{
	unsigned told = 0;

	topk_sort(best);
	for (size_t i = 0; i < best->n && told < ask->nearest; i++)
		if (!ask->news || has_news(a, past, best->hits[i].id))
			best->hits[told++] = best->hits[i];
	return told;
}

bool alike_users_many(const struct alike *a, const struct alike_ask *ask,
		      const struct alike_pasts *of, struct err *err)
{
	SCOPED_FREE struct topk *best = mem_alloc((of->n + 1) * sizeof *best);
	size_t most = 2 * (size_t)ask->nearest;

	assert(ask->nearest && (of->n == 0 || (of->past && of->hits && of->found)));
	for (unsigned i = 0; i < of->n; i++)
		topk_init(&best[i], of->hits + i * (most + 1), most);
	if (a->user_vector && ask->by == ALIKE_TEXT)
		search_texts(a, ask, of, best);
	else if (!search_overlap(a, ask, of, best, err))
		return false;
	for (unsigned i = 0; i < of->n; i++)
		of->found[i] = choose(a, ask, &of->past[i], &best[i]);
	return true;
}

bool alike_users(const struct alike *a, const struct alike_ask *ask, struct hit *hits,
		 unsigned *n, struct err *err)
{
	assert(ask->past);
	return alike_users_many(a, ask, &(struct alike_pasts){ask->past, 1, hits, n}, err);
}

void alike_add(const struct alike *a, const struct hit *users, unsigned n, struct sums *sum)
{
	for (unsigned i = 0; i < n; i++) {
		double square = (double)users[i].score * users[i].score;

		for (uint64_t e = a->user_offsets[users[i].id];
		     e < a->user_offsets[users[i].id + 1]; e++)
			sums_add(sum, a->user_product[e], (float)(square * square));
	}
}
