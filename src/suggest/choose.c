/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is taken of a source's candidates where the best scores alone are not what is wanted.
 * With z a candidate's score as a share of the way from the worst to the best:
 *
 *	--tail t	z becomes z / (1 + sessions with it)^t, again as such a share
 *	--diversify d	next is the greatest (1 - d) z - d max over those taken of sim (maximal
 *			marginal relevance, Carbonell and Goldstein 1998); sim: the cosine of
 *			the model's vectors where a model with vectors ranks, else 1/2 for the
 *			same category and 1/2 for the same brand
 *	--per-category n	at most n of a category
 *	--categories n		of at most n categories, those met first
 *
 * Diversity is looked for among POOL times as many candidates as there is room for.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "math/kernel.h"
#include "model/vector_scores.h"
#include "suggest/door_impl.h"

#define POOL 20u
#define MOST 1000u	/* that diversity is looked for: each costs a look at the pool */

void choose_find(struct suggestion *s)
{
	const struct outlook *o = s->q.r->about.outlook;

	s->tail = asked_share(o, ASK_TAIL);
	s->diversify = asked_share(o, ASK_DIVERSIFY);
	s->per_category = (uint32_t)outlook_count(o, ASK_PER_CATEGORY, UINT32_MAX);
	s->categories = (uint32_t)outlook_count(o, ASK_CATEGORIES, 0);
	s->categories = s->categories ? s->categories : UINT32_MAX;
}

bool choose_wanted(const struct suggestion *s)
{
	return s->tail > 0 || s->diversify > 0 || s->per_category != UINT32_MAX ||
	       s->categories != UINT32_MAX;
}

/* z (c.n) in its place. */
static void spread(struct candidates *c, double *z)
{
	double least = INFINITY, most = -INFINITY;

	for (size_t i = 0; i < c->n; i++) {
		least = z[i] < least ? z[i] : least;
		most = z[i] > most ? z[i] : most;
	}
	if (!c->negative)
		least = 0;
	for (size_t i = 0; i < c->n; i++)
		z[i] = most > least ? (z[i] - least) / (most - least) : 1;
}

static double sessions(const struct catalog *c, uint32_t p)
{
	return c->product_session_offsets ? (double)(c->product_session_offsets[p + 1] -
						     c->product_session_offsets[p]) : 0;
}

struct pick {
	double z, sim;		/* sim: to the nearest of those taken */
	size_t at;		/* in the candidates */
	bool taken;
};

static int by_z(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;

	if (x->z != y->z)
		return x->z < y->z ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

static double cosine(const struct model *m, uint32_t a, uint32_t b)
{
	const struct kernels *k = kernels_best();
	const float *x = vectors_of(m, a), *y = vectors_of(m, b);
	unsigned n = vectors_dim(m);

	if (!x || !y)
		return 0;
	return k->dot(x, y, n) / sqrt((double)k->dot(x, x, n) * (double)k->dot(y, y, n));
}

static double likeness(const struct suggestion *s, uint32_t a, uint32_t b)
{
	const struct model *m = s->q.r->about.model;
	const struct catalog *c = s->q.c;
	double sim = 0;

	if (m && (m->class->flags & MODEL_VECTORS))
		return cosine(m, a, b);
	if (catalog_same_category(c, a, b))
		sim += .5;
	if (c->product_brand && c->product_brand[a] != CATALOG_NONE &&
	    c->product_brand[a] == c->product_brand[b])
		sim += .5;
	return sim;
}

/* How many rows of each category stand already. */
struct had {
	uint32_t *of;		/* (categories + 1), of those without at last */
	uint32_t types;		/* categories with any */
};

static uint32_t *rows_of(const struct suggestion *s, const struct had *had, uint32_t product)
{
	uint32_t k = s->q.c->product_category[product], n = s->q.c->n_categories;

	return &had->of[k < n ? k : n];
}

static void add_row(const struct suggestion *s, struct had *had, uint32_t product)
{
	had->types += (*rows_of(s, had, product))++ == 0;
}

static bool is_full(const struct suggestion *s, const struct had *had, uint32_t product)
{
	uint32_t rows = *rows_of(s, had, product);

	return rows >= s->per_category || (!rows && had->types >= s->categories);
}

/* The best of pick (n) that may be taken, or n. */
static size_t next(const struct suggestion *s, const struct pick *pick, size_t n,
		   const struct had *had)
{
	size_t best = n;
	double most = -INFINITY;

	for (size_t i = 0; i < n; i++) {
		double y = (1 - s->diversify) * pick[i].z - s->diversify * pick[i].sim;

		if (pick[i].taken || y <= most ||
		    is_full(s, had, s->c.at[pick[i].at].product))
			continue;
		most = y;
		best = i;
		if (s->diversify == 0)	/* they stand by z */
			break;
	}
	return best;
}

/* pick (c.n) by z, the greatest first. */
static struct pick *look_over(struct suggestion *s, struct err *err)
{
	struct candidates *c = &s->c;
	SCOPED_FREE double *z = mem_big(c->n, sizeof *z, "candidates", err);
	struct pick *pick = z ? mem_big(c->n, sizeof *pick, "candidates", err) : NULL;

	if (!pick)
		return NULL;
	for (size_t i = 0; i < c->n; i++)
		z[i] = c->at[i].score;
	spread(c, z);
	for (size_t i = 0; s->tail > 0 && i < c->n; i++)
		z[i] /= pow(1 + sessions(s->q.c, c->at[i].product), s->tail);
	if (s->tail > 0)
		spread(c, z);
	for (size_t i = 0; i < c->n; i++)
		pick[i] = (struct pick){.z = z[i], .at = i};
	qsort(pick, c->n, sizeof *pick, by_z);
	return pick;
}

void choose_run(struct suggestion *s, size_t room)
{
	struct candidates *c = &s->c;
	SCOPED_FREE struct pick *pick = look_over(s, &s->q.err);
	SCOPED_FREE uint32_t *rows = mem_zalloc((s->q.c->n_categories + 1) * sizeof *rows);
	struct had had = {.of = rows};
	SCOPED_FREE struct candidate *out = mem_alloc((room < c->n ? room : c->n) *
						      sizeof *out);
	size_t n = 0, pool = c->n;

	assert(choose_wanted(s));
	if (s->diversify > 0 && room > MOST)
		room = MOST;

	if (!pick) {
		s->q.failed = true;
		return;
	}
	if (s->diversify > 0 && room < c->n / POOL)
		pool = room * POOL;
	for (unsigned i = 0; i < s->p.n_rows; i++)
		add_row(s, &had, s->p.rows[i].product);
	while (n < room && n < c->n) {
		size_t i = next(s, pick, pool, &had);

		if (i == pool)
			break;
		pick[i].taken = true;
		out[n++] = c->at[pick[i].at];
		add_row(s, &had, out[n - 1].product);
		for (size_t j = 0; s->diversify > 0 && j < pool; j++) {
			double sim = pick[j].taken ? 0 :
				     likeness(s, out[n - 1].product,
					      c->at[pick[j].at].product);

			pick[j].sim = sim > pick[j].sim ? sim : pick[j].sim;
		}
	}
	for (size_t i = 0; i < n; i++)
		c->at[i] = out[i];
	c->n = n;
}
