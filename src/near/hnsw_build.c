/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Insertion (Malkov and Yashunin 2018, Algorithms 1 and 4): a row's level is drawn as
 * floor(-ln(u) / ln(M)); from the top level down the best ef rows are looked for, and of
 * them are linked those nearer to the row than to any that is linked already.
 *
 * Rows are linked in one after the other, in a random order, by all threads at once. A
 * list of links has a lock for those who change it; those who walk read it as it is: each
 * link is written whole, and a list that is half old and half new only changes the way.
 * A row's own lists are filled before anything points at them, level 0 first.
 */
#include "config.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "base/err.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "near/hnsw_impl.h"

struct hnsw {
	struct hnsw_graph g;
	uint32_t *links, *upper_at, *upper;
	uint8_t *level;
};

/* Links of a row while they are chosen. */
struct chosen {
	struct hit *sorted;	/* candidates, best first */
	size_t n;
	uint32_t *kept;		/* (2m) */
	size_t n_kept;
};

/* Memory of one thread. */
struct hand {
	struct walk walk;
	struct hit *sorted;	/* (max(ef, 2m + 1)) */
	uint32_t *links;	/* (HNSW_LEVELS, m) the new row's own */
	unsigned n_links[HNSW_LEVELS];
	uint32_t *kept;		/* (2m) */
	uint32_t *rows;		/* (2m + 1) and their scores */
	float *scores;
	float *query;		/* (dim) of the row whose list is full */
};

struct builder {
	struct hnsw *h;
	const struct space *s;
	unsigned ef;
	atomic_bool *locked;	/* (n) */
	uint32_t *order;	/* (n_order) */
	size_t n_order;
	pthread_mutex_t top;	/* held by who raises the highest level */
	_Atomic uint32_t entry;
	struct hand *hands;	/* (workers) */
	struct job *job;
};

static float pair_score(const struct space *s, uint32_t a, uint32_t b)
{
	const float *x = vectors_row(&s->v, a), *y = vectors_row(&s->v, b);
	if (s->metric == METRIC_L2)
		return -s->kernel->l2(x, y, s->v.dim);
	float dot = s->kernel->dot(x, y, s->v.dim);
	return s->metric == METRIC_COSINE ? dot * s->inverse[a] * s->inverse[b] : dot;
}

struct candidates {
	const struct hit *at; /* (n) the best first */
	size_t n;
};

/*
 * Algorithm 4: of candidates, best first, one is kept when it is nearer to the row than
 * to any that is kept already; so links go in different directions. Where there is room
 * for all, all are kept.
 */
static unsigned choose(const struct space *s, struct candidates c, uint32_t *kept,
		       unsigned most)
{
	unsigned count = 0;
	for (size_t i = 0; i < c.n && count < most; i++) {
		bool good = true;
		for (unsigned j = 0; c.n > most && good && j < count; j++)
			good = pair_score(s, c.at[i].id, kept[j]) <= c.at[i].score;
		if (good)
			kept[count++] = c.at[i].id;
	}
	return count;
}

static uint32_t *own_links(struct hnsw *h, uint32_t row, unsigned level, unsigned *n)
{
	return (uint32_t *)hnsw_links(&h->g, row, level, n);
}

static void put_links(uint32_t *to, unsigned places, const uint32_t *links, unsigned n)
{
	for (unsigned i = 0; i < places; i++)
		__atomic_store_n(to + i, i < n ? links[i] : NEAR_NONE, __ATOMIC_RELAXED);
}

static void lock(struct builder *b, uint32_t row)
{
	while (atomic_exchange_explicit(&b->locked[row], true, memory_order_acquire))
		sched_yield();
}

static void unlock(struct builder *b, uint32_t row)
{
	atomic_store_explicit(&b->locked[row], false, memory_order_release);
}

/* A full list of `row` takes one more: choose again among all of them. */
static unsigned choose_again(struct builder *b, struct hand *hand, uint32_t row,
			     const uint32_t *links, unsigned n, uint32_t one_more)
{
	memcpy(hand->rows, links, n * sizeof *links);
	hand->rows[n++] = one_more;
	space_query(b->s, vectors_row(&b->s->v, row), hand->query);
	space_scores_at(b->s, hand->query, hand->rows, n, hand->scores);
	for (unsigned i = 0; i < n; i++)
		hand->sorted[i] = (struct hit){hand->rows[i], hand->scores[i]};
	qsort(hand->sorted, n, sizeof *hand->sorted, hit_compare);
	return choose(b->s, (struct candidates){hand->sorted, n}, hand->kept, n - 1);
}

static void link_back(struct builder *b, struct hand *hand, uint32_t from, unsigned level,
		      uint32_t to)
{
	unsigned places, n = 0;
	uint32_t *links = own_links(b->h, from, level, &places);
	lock(b, from);
	while (n < places && links[n] != NEAR_NONE)
		n++;
	if (n < places) {
		__atomic_store_n(links + n, to, __ATOMIC_RELAXED);
	} else {
		n = choose_again(b, hand, from, links, places, to);
		put_links(links, places, hand->kept, n);
	}
	unlock(b, from);
}

/* Find the new row's neighbours from the highest level down. */
static unsigned find_links(struct builder *b, struct hand *hand, uint32_t row, uint32_t entry)
{
	struct hnsw_graph *g = &b->h->g;
	struct walk *w = &hand->walk;
	unsigned own = g->level[row], top = g->level[entry];
	struct hit at = {entry, 0};
	space_query(b->s, vectors_row(&b->s->v, row), w->query);
	space_scores_at(b->s, w->query, &at.id, 1, &at.score);
	for (unsigned level = top; level > own; level--)
		walk_greedy(w, level, &at.id, &at.score);
	unsigned first = own < top ? own : top;
	for (unsigned level = first + 1; level-- > 0;) {
		walk_level(w, level, at.id, at.score);
		for (size_t i = 0; i < w->in_sight; i++)
			hand->sorted[i] = (struct hit){w->sight[i].row, w->sight[i].score};
		hand->n_links[level] =
			choose(b->s, (struct candidates){hand->sorted, w->in_sight},
			       hand->links + level * g->m, g->m);
		at = hand->sorted[0];
	}
	return first;
}

static void link_row(struct builder *b, struct hand *hand, uint32_t row, uint32_t entry)
{
	unsigned top = find_links(b, hand, row, entry);
	for (unsigned level = 0; level <= top; level++) {
		const uint32_t *links = hand->links + level * b->h->g.m;
		unsigned places;
		uint32_t *own = own_links(b->h, row, level, &places);
		lock(b, row);
		put_links(own, places, links, hand->n_links[level]);
		unlock(b, row);
		for (unsigned i = 0; i < hand->n_links[level]; i++)
			link_back(b, hand, links[i], level, row);
	}
}

static void insert(struct builder *b, struct hand *hand, uint32_t row)
{
	const uint8_t *level = b->h->g.level;
	if (level[row] <= level[b->entry]) {
		link_row(b, hand, row, b->entry);
		return;
	}
	pthread_mutex_lock(&b->top);
	link_row(b, hand, row, b->entry);
	if (level[row] > level[b->entry])
		b->entry = row;
	pthread_mutex_unlock(&b->top);
}

enum { TASK = 64 };	/* rows */

static void insert_task(void *ctx, size_t task, unsigned worker)
{
	struct builder *b = ctx;
	size_t first = 1 + task * TASK;
	size_t end = first + TASK < b->n_order ? first + TASK : b->n_order;
	for (size_t i = first; i < end && !job_cancelled(b->job); i++)
		insert(b, &b->hands[worker], b->order[i]);
	job_advance(b->job, end - first);
}

static bool hand_init(struct hand *hand, const struct builder *b, struct err *err)
{
	size_t m = b->h->g.m, most = b->ef > 2 * m + 1 ? b->ef : 2 * m + 1;
	hand->sorted = mem_alloc(most * sizeof *hand->sorted);
	hand->links = mem_alloc(HNSW_LEVELS * m * sizeof *hand->links);
	hand->kept = mem_alloc(2 * m * sizeof *hand->kept);
	hand->rows = mem_alloc((2 * m + 1) * sizeof *hand->rows);
	hand->scores = mem_alloc((2 * m + 1) * sizeof *hand->scores);
	hand->query = mem_alloc(b->s->v.dim * sizeof *hand->query);
	hand->walk = (struct walk){.graph = &b->h->g, .space = b->s, .ef = b->ef};
	return walk_init(&hand->walk, err);
}

static void hand_finish(struct hand *hand)
{
	walk_finish(&hand->walk);
	free(hand->sorted);
	free(hand->links);
	free(hand->kept);
	free(hand->rows);
	free(hand->scores);
	free(hand->query);
}

static bool run(struct builder *b, struct pool *pool, struct err *err)
{
	unsigned workers = pool_threads(pool), made = 0;
	bool ok = true;
	b->hands = mem_zalloc(workers * sizeof *b->hands);
	while (ok && made < workers)
		ok = hand_init(&b->hands[made++], b, err);
	job_step(b->job, "linking neighbours", b->n_order);
	if (ok && b->n_order > 1)
		pool_run(pool, (b->n_order - 1 + TASK - 1) / TASK, insert_task, b);
	while (made > 0)
		hand_finish(&b->hands[--made]);
	free(b->hands);
	return ok && job_check(b->job, err);
}

/* Level l with probability (1 - 1/m) m^-l, from the row's number alone. */
static unsigned draw_level(uint64_t seed, uint32_t row, unsigned m)
{
	struct rng r;
	rng_init(&r, seed, row);
	double level = -log(1 - rng_real(&r)) / log(m);
	return level < HNSW_LEVELS - 1 ? (unsigned)level : HNSW_LEVELS - 1;
}

static bool lay_out(struct hnsw *h, const struct space *s, uint64_t seed, struct err *err)
{
	struct hnsw_graph *g = &h->g;
	h->level = mem_big(g->n, 1, "a graph", err);
	h->upper_at = mem_big(g->n, sizeof *h->upper_at, "a graph", err);
	if (!h->level || !h->upper_at)
		return false;
	for (uint32_t i = 0; i < g->n; i++) {
		h->level[i] = space_has(s, i) ? (uint8_t)draw_level(seed, i, g->m) : 0;
		h->upper_at[i] = (uint32_t)g->n_upper;
		g->n_upper += h->level[i];
	}
	h->links = mem_big(g->n * 2 * g->m, sizeof *h->links, "a graph", err);
	h->upper = mem_big(g->n_upper * g->m, sizeof *h->upper, "a graph", err);
	if (!h->links || !h->upper)
		return false;
	memset(h->links, 0xff, g->n * 2 * g->m * sizeof *h->links);
	memset(h->upper, 0xff, g->n_upper * g->m * sizeof *h->upper);
	g->level = h->level;
	g->upper_at = h->upper_at;
	g->links = h->links;
	g->upper = h->upper;
	return true;
}

/* The rows that are present, shuffled: products come by category, and a graph that grows
 * one cluster after the other is a poor one. */
static bool draw_order(struct builder *b, uint64_t seed, struct err *err)
{
	struct rng r;
	rng_init(&r, seed, UINT64_MAX);
	b->order = mem_big(b->s->n_present, sizeof *b->order, "a graph", err);
	if (!b->order)
		return false;
	for (uint32_t i = 0; i < b->s->v.n; i++) {
		if (!space_has(b->s, i))
			continue;
		size_t at = (size_t)rng_below(&r, b->n_order + 1);
		b->order[b->n_order++] = b->order[at];
		b->order[at] = i;
	}
	return true;
}

bool hnsw_build(struct hnsw **h, const struct space *s, const struct hnsw_params *p,
		struct work work, struct err *err)
{
	SCOPED(hnsw) made = mem_zalloc(sizeof *made);
	made->g.n = s->v.n;
	made->g.m = p->m > 0 ? p->m : HNSW_M;
	made->g.entry = NEAR_NONE;
	if (s->v.n >= INT32_MAX || made->g.m < 2 || made->g.m > 64)
		return err_fail(err, ERR_USAGE, "a graph has 2 to 64 links per row and at "
				"most %d rows", INT32_MAX - 1);
	struct builder b = {
		.h = made,
		.s = s,
		.ef = p->ef > 0 ? p->ef : HNSW_EF_BUILD,
		.job = work.job,
		.top = PTHREAD_MUTEX_INITIALIZER,
	};
	b.locked = mem_big(s->v.n, sizeof *b.locked, "a graph", err);
	bool ok = b.locked && lay_out(made, s, p->seed, err) && draw_order(&b, p->seed, err);
	if (ok && b.n_order > 0)
		b.entry = b.order[0];
	ok = ok && run(&b, work.pool, err);
	if (ok && b.n_order > 0)
		made->g.entry = b.entry;
	free(b.locked);
	free(b.order);
	if (!ok)
		return false;
	*h = made;
	made = NULL;
	return true;
}

void hnsw_destroy(struct hnsw *h)
{
	if (!h)
		return;
	free(h->links);
	free(h->upper_at);
	free(h->upper);
	free(h->level);
	free(h);
}

const struct hnsw_graph *hnsw_graph(const struct hnsw *h)
{
	return h ? &h->g : NULL;
}
