/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores are similarities to the mean of a history; a graph is used where one is kept. */
#include "config.h"

#include "model/vector_scores.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"

static struct vectors view_of(const struct array *a)
{
	return (struct vectors){a->data, a->rows, a->columns, a->columns};
}

/* --- binding */

static bool sized_array(const struct model *m, const char *name, enum array_type type,
			uint64_t rows, uint32_t columns, const void **data, struct err *err)
{
	struct array a;

	if (!model_array(m, name, type, &a, err))
		return false;
	if (a.rows != rows || a.columns != columns)
		return err_fail(err, ERR_STORE, "the model is damaged: array %s has another "
				"size than its vectors", name);
	*data = a.data;
	return true;
}

static bool bind_graph(struct model *m, struct err *err)
{
	struct hnsw_graph *g = &m->graph;
	const void *links = NULL, *level = NULL, *upper_at = NULL, *entry = NULL;
	struct array a;

	if (!m->find(m->ctx, "near/links", &a))
		return true;
	g->n = m->n_products;
	g->m = a.columns / 2;
	if (!sized_array(m, "near/links", ARRAY_U32, g->n, 2 * g->m, &links, err) ||
	    !sized_array(m, "near/level", ARRAY_U8, g->n, 1, &level, err) ||
	    !sized_array(m, "near/upper_at", ARRAY_U32, g->n, 1, &upper_at, err) ||
	    !sized_array(m, "near/entry", ARRAY_U32, 1, 1, &entry, err) ||
	    !model_array(m, "near/upper", ARRAY_U32, &a, err))
		return false;
	if (a.columns != g->m)
		return err_fail(err, ERR_STORE, "the model is damaged: its graph doesn't fit");
	g->links = links;
	g->level = level;
	g->upper_at = upper_at;
	g->upper = a.data;
	g->n_upper = a.rows;
	g->entry = *(const uint32_t *)entry;
	m->indexed = true;
	return true;
}

static bool bind_codes(struct model *m, struct err *err)
{
	uint32_t width = (uint32_t)coarse_width(m->vectors.columns);
	uint64_t n = m->n_products;
	const void *code = NULL, *weight = NULL, *spread = NULL;
	struct array a;

	if (!m->find(m->ctx, "near/codes", &a))
		return true;
	if (!sized_array(m, "near/codes", ARRAY_U8, n, width, &code, err) ||
	    !sized_array(m, "near/weights", ARRAY_F32, n, 1, &weight, err) ||
	    !sized_array(m, "near/spread", ARRAY_F32, coarse_blocks(n), 1, &spread, err))
		return false;
	m->coarse = (struct coarse){code, weight, spread};
	return true;
}

/* Lengths of all vectors and a look at the whole graph take a pass over them, which reads them
 * from the disk: whoever opens a model may never ask it. */
struct vector_room {
	pthread_mutex_t lock;
	atomic_bool made;
	struct space space;		/* under cosine */
};

static bool make_space(const struct model *m, struct err *err)
{
	struct space *s = &m->room->space;

	if ((m->indexed && !hnsw_check(&m->graph, err)) ||
	    !space_init(s, view_of(&m->vectors), METRIC_COSINE, NULL, err))
		return false;
	s->coarse = m->coarse.code ? &m->coarse : NULL;
	return true;
}

/* Any thread; NULL: memory is out, or the graph is damaged. */
static const struct space *space_of(const struct model *m, struct err *err)
{
	struct vector_room *r = m->room;

	if (!atomic_load_explicit(&r->made, memory_order_acquire)) {
		pthread_mutex_lock(&r->lock);
		if (!atomic_load(&r->made) && make_space(m, err))
			atomic_store_explicit(&r->made, true, memory_order_release);
		pthread_mutex_unlock(&r->lock);
	}
	return atomic_load(&r->made) ? &r->space : NULL;
}

bool vectors_bind(struct model *m, struct err *err)
{
	if (!model_array(m, "vectors", ARRAY_F32, &m->vectors, err))
		return false;
	if (m->vectors.rows != m->n_products)
		return err_fail(err, ERR_STORE, "the model is damaged: it has %ju vectors for "
				"%u products", (uintmax_t)m->vectors.rows, m->n_products);
	if (!bind_codes(m, err) || !bind_graph(m, err))
		return false;
	m->room = mem_zalloc(sizeof *m->room);
	pthread_mutex_init(&m->room->lock, NULL);
	return true;
}

void vectors_unbind(struct model *m)
{
	if (!m->room)
		return;
	space_finish(&m->room->space);
	pthread_mutex_destroy(&m->room->lock);
	free(m->room);
	m->room = NULL;
}

/* --- what is asked for */

/* false: none of the history has a vector. */
static bool mean_of(const struct space *s, const struct history *h, float *mean)
{
	bool any = false;

	for (unsigned i = 0; i < h->n; i++) {
		uint32_t a = h->product[i];
		float w = h->weight ? h->weight[i] : 1;

		if (a == CATALOG_NONE || !space_has(s, a))
			continue;
		s->kernel->axpy(w * s->inverse[a], vectors_row(&s->v, a), mean, s->v.dim);
		any = true;
	}
	return any;
}

bool vectors_score(const struct model *m, const struct history *h, struct scoring out,
		   struct err *err)
{
	enum { STEP = 65536 };
	const struct space *s = space_of(m, err);
	SCOPED_FREE float *mean = mem_zalloc(m->vectors.columns * sizeof *mean);
	bool any = s && mean_of(s, h, mean);

	if (!s)
		return false;
	space_query(s, mean, mean);
	for (uint32_t b = 0; b < m->n_products; b += STEP) {
		uint32_t n = m->n_products - b < STEP ? m->n_products - b : STEP;

		if (!job_check(out.job, err))
			return false;
		space_scores(s, mean, b, n, out.scores + b);
		for (uint32_t i = b; i < b + n; i++)
			if (!any || !space_has(s, i))
				out.scores[i] = -INFINITY;
	}
	return true;
}

static uint32_t inside(const struct model *m, uint32_t product)
{
	return m->outside ? m->inside[product] : product;
}

bool vectors_rank(const struct model *m, const struct model_query *q, struct hit *hits,
		  size_t *n, struct job *job, struct err *err)
{
	unsigned n_own = q->history.n;
	SCOPED_FREE float *mean = mem_zalloc(m->vectors.columns * sizeof *mean);
	SCOPED_FREE uint32_t *own = mem_alloc(n_own * sizeof *own);
	const struct space *s = space_of(m, err);
	struct vectors_query near = {
		.q = mean, .metric = METRIC_COSINE, .allow = q->allow, .limit = q->limit,
		.skip = q->history.product, .n_skip = q->repeats ? 0 : n_own,
	};

	if (!s)
		return false;
	for (unsigned i = 0; i < n_own; i++)
		own[i] = inside(m, q->history.product[i]);
	if (!mean_of(s, &(struct history){own, q->history.weight, n_own}, mean)) {
		*n = 0;
		return true;
	}
	return vectors_near(m, &near, hits, n, (struct work){NULL, job}, err);
}

/* --- near */

unsigned vectors_dim(const struct model *m)
{
	return m->vectors.columns;
}

const float *vectors_of(const struct model *m, uint32_t product)
{
	const struct vectors v = view_of(&m->vectors);
	uint32_t own = inside(m, product);

	return own != CATALOG_NONE && space_holds(&v, own) ? vectors_row(&v, own) : NULL;
}

bool vectors_all(const struct model *m, struct vectors *v, float **own, struct err *err)
{
	unsigned dim = m->vectors.columns;

	if (!m->outside) {
		*v = view_of(&m->vectors);
		return true;
	}
	*own = mem_big((size_t)m->n_outside * dim, sizeof **own, "vectors", err);
	if (!*own)
		return false;
	for (uint32_t p = 0; p < m->n_outside; p++)
		if (vectors_of(m, p))
			memcpy(*own + (size_t)p * dim, vectors_of(m, p), dim * sizeof **own);
	*v = (struct vectors){*own, m->n_outside, dim, dim};
	return true;
}

/* Bits of products in the numbers of training. */
static uint64_t *allow_inside(const struct model *m, const uint64_t *allow, struct err *err)
{
	uint64_t *bits = mem_big((m->n_products + 63) / 64, sizeof *bits, "a filter", err);

	for (uint32_t i = 0; bits && i < m->n_products; i++)
		if (m->outside[i] != CATALOG_NONE && bits_has(allow, m->outside[i]))
			bits[i / 64] |= UINT64_C(1) << i % 64;
	return bits;
}

static bool skipped(const struct vectors_query *q, uint32_t product)
{
	for (size_t i = 0; i < q->n_skip; i++)
		if (q->skip[i] == product)
			return true;
	return false;
}

static int by_rank(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	return hit_before(*a, *b) ? -1 : hit_before(*b, *a);
}

struct found_hits {
	const struct hit *at;
	uint32_t n;
};

static size_t take(const struct model *m, const struct vectors_query *q,
		   struct found_hits found, struct hit *hits)
{
	size_t n = 0;

	for (uint32_t i = 0; i < found.n && n < q->limit; i++) {
		uint32_t product = m->outside ? m->outside[found.at[i].id] : found.at[i].id;

		if (!skipped(q, product))
			hits[n++] = (struct hit){product, found.at[i].score};
	}
	if (m->outside)		/* ties have another order there */
		qsort(hits, n, sizeof *hits, by_rank);
	return n;
}

static bool search(const struct model *m, const struct space *s,
		   const struct vectors_query *q, const struct near_query *what,
		   struct hit *hits, uint32_t *found, struct work work, struct err *err)
{
	if (m->indexed && !q->exact && q->metric == METRIC_COSINE)
		return hnsw_search(&m->graph, s, what, 0, hits, found, work, err);
	return exact_search(s, what, hits, found, work, err);
}

bool vectors_near(const struct model *m, const struct vectors_query *q, struct hit *hits,
		  size_t *n, struct work work, struct err *err)
{
	SCOPED_FREE uint64_t *bits = NULL;
	SCOPED_FREE struct hit *found = NULL;
	const struct space *s = NULL;
	struct space own = {0};
	uint32_t n_found;
	struct near_query what = {
		.q = q->q, .n = 1, .stride = m->vectors.columns, .allow = q->allow,
		.k = q->limit + q->n_skip,
	};
	bool ok;

	assert(q->q);
	if (what.k > m->n_products)
		what.k = m->n_products;
	found = mem_big(what.k, sizeof *found, "neighbours", err);
	if (!found)
		return false;
	if (m->outside) {
		what.allow = bits = allow_inside(m, q->allow, err);
		if (!bits)
			return false;
	}
	if (q->metric == METRIC_COSINE)
		s = space_of(m, err);
	else if (space_init(&own, view_of(&m->vectors), q->metric, work.pool, err))
		s = &own;
	ok = s && search(m, s, q, &what, found, &n_found, work, err);
	if (ok)
		*n = take(m, q, (struct found_hits){found, n_found}, hits);
	space_finish(&own);
	return ok;
}

/* --- the index */

static bool keep_graph(struct sink *s, const struct hnsw_graph *g, struct err *err)
{
	return sink_array(s, "near/links", ARRAY_U32, g->n, 2 * g->m, g->links, err) &&
	       sink_array(s, "near/level", ARRAY_U8, g->n, 1, g->level, err) &&
	       sink_array(s, "near/upper_at", ARRAY_U32, g->n, 1, g->upper_at, err) &&
	       sink_array(s, "near/upper", ARRAY_U32, g->n_upper, g->m, g->upper, err) &&
	       sink_array(s, "near/entry", ARRAY_U32, 1, 1, &g->entry, err);
}

bool vectors_index(struct sink *sink, uint64_t seed, struct work work, struct err *err)
{
	struct hnsw_params p = {.seed = seed};
	SCOPED(hnsw) graph = NULL;
	struct space s;
	struct array a;

	if (!sink_find(sink, "vectors", &a) || a.type != ARRAY_F32)
		return err_fail(err, ERR_USAGE, "the model has no vectors to index");
	if (!space_init(&s, view_of(&a), METRIC_COSINE, work.pool, err))
		return false;
	bool ok = hnsw_build(&graph, &s, &p, work, err) &&
		  keep_graph(sink, hnsw_graph(graph), err);
	space_finish(&s);
	return ok;
}

/* --- copies in 8 bits */

bool vectors_codes(struct sink *sink, struct pool *pool, struct err *err)
{
	struct coarse_room room;
	void *code, *weight, *spread;
	struct vectors v;
	struct array a;

	if (!sink_find(sink, "vectors", &a) || a.type != ARRAY_F32 ||
	    a.rows < VECTORS_CODES_FROM)
		return true;
	if (!sink_reserve(sink, "near/codes", ARRAY_U8, a.rows, (uint32_t)coarse_width(a.columns),
			  &code, err) ||
	    !sink_reserve(sink, "near/weights", ARRAY_F32, a.rows, 1, &weight, err) ||
	    !sink_reserve(sink, "near/spread", ARRAY_F32, coarse_blocks(a.rows), 1, &spread,
			  err))
		return false;
	room = (struct coarse_room){code, weight, spread};
	v = view_of(&a);
	coarse_make(&v, METRIC_COSINE, room, pool);
	return true;
}

/* --- how good the index is */

/* Rows that are present, evenly spread: (at most `most`). */
static size_t draw_sample(const struct space *s, size_t most, uint32_t *rows)
{
	size_t n = 0, every = s->n_present / most + 1;

	for (size_t i = 0, seen = 0; i < s->v.n && n < most; i++)
		if (space_has(s, i) && seen++ % every == 0)
			rows[n++] = (uint32_t)i;
	return n;
}

struct measuring {
	const struct space *s;
	const struct hnsw_graph *g;
	struct near_query q;
	struct hit *exact, *found;	/* (q.n, q.k) */
	uint32_t *n_exact, *n_found;	/* (q.n) */
};

static double share_found(const struct measuring *m)
{
	size_t same = 0, all = 0;

	for (size_t i = 0; i < m->q.n; i++) {
		const struct hit *e = m->exact + i * m->q.k, *f = m->found + i * m->q.k;

		all += m->n_exact[i];
		for (uint32_t j = 0; j < m->n_exact[i]; j++)
			for (uint32_t k = 0; k < m->n_found[i]; k++)
				same += e[j].id == f[k].id;
	}
	return all ? (double)same / (double)all : 1;
}

/* One thread and one query after the other, as a panel asks. */
static bool time_exact(const struct measuring *m, double *seconds, struct job *job,
		       struct err *err)
{
	struct near_query one = m->q;
	size_t n = m->q.n < 100 ? m->q.n : 100;
	double start = time_now_monotonic();

	one.n = 1;
	for (size_t i = 0; i < n; i++, one.q += one.stride, one.skip++)
		if (!exact_search(m->s, &one, m->exact, m->n_exact,
				  (struct work){NULL, job}, err))
			return false;
	*seconds = n ? (time_now_monotonic() - start) / (double)n : 0;
	return true;
}

static bool measure(struct measuring *m, struct vectors_check *c, struct work work,
		    struct err *err)
{
	double start;

	if (!time_exact(m, &c->exact_seconds, work.job, err) ||
	    !exact_search(m->s, &m->q, m->exact, m->n_exact, work, err))
		return false;
	start = time_now_monotonic();
	if (!hnsw_search(m->g, m->s, &m->q, 0, m->found, m->n_found,
			 (struct work){NULL, work.job}, err))
		return false;
	c->index_seconds = m->q.n ? (time_now_monotonic() - start) / (double)m->q.n : 0;
	c->recall = share_found(m);
	return true;
}

static bool check_graph(const struct space *s, const struct hnsw_graph *g,
			struct vectors_check *c, struct work work, struct err *err)
{
	SCOPED_FREE uint32_t *rows = mem_alloc(c->sample * sizeof *rows);
	struct measuring m = {.s = s, .g = g};
	size_t n = c->sample = draw_sample(s, c->sample, rows), dim = s->v.dim;
	SCOPED_FREE float *q = mem_big(n * dim, sizeof *q, "a sample of vectors", err);
	SCOPED_FREE struct hit *hits = mem_big(2 * n * c->k, sizeof *hits, "neighbours", err);
	SCOPED_FREE uint32_t *found = mem_alloc(2 * n * sizeof *found);

	if (!q || !hits)
		return false;
	for (size_t i = 0; i < n; i++)
		memcpy(q + i * dim, vectors_row(&s->v, rows[i]), dim * sizeof *q);
	m.q = (struct near_query){.q = q, .n = n, .stride = dim, .skip = rows, .k = c->k};
	m.exact = hits;
	m.found = hits + n * c->k;
	m.n_exact = found;
	m.n_found = found + n;
	return measure(&m, c, work, err);
}

bool vectors_check(const struct model *m, enum metric metric, struct vectors_check *c,
		   struct work work, struct err *err)
{
	SCOPED(hnsw) made = NULL;
	struct space own;
	double start = time_now_monotonic();

	if (m->indexed && !space_of(m, err))
		return false;
	if (!space_init(&own, view_of(&m->vectors), metric, work.pool, err))
		return false;
	c->n = own.n_present;
	c->stored = m->indexed && metric == METRIC_COSINE;
	bool ok =
		c->stored || hnsw_build(&made, &own, &(struct hnsw_params){0}, work, err);
	c->build_seconds = c->stored ? 0 : time_now_monotonic() - start;
	ok = ok &&
	     check_graph(&own, c->stored ? &m->graph : hnsw_graph(made), c, work, err);
	space_finish(&own);
	return ok;
}

bool vectors_phrase(const struct model *m, struct str words, float *vector, struct err *err)
{
	if (!m->class->phrase)
		return err_fail(err, ERR_USAGE, "%s reads no words: take a model of aisle train "
				"text", model_name(m));
	return m->class->phrase(m, words, vector, err);
}
