/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search (Malkov and Yashunin 2018, Algorithms 2 and 5): greedily down the upper levels to
 * the nearest row, then on level 0 the best ef rows in sight are looked at, nearest first,
 * until the next one is farther than all that are kept. With a filter rows that are not
 * allowed are walked through and not kept.
 */
#include "config.h"

#include "near/hnsw.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/err.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "near/hnsw_impl.h"

#define LINE 64u
#define LINES_AHEAD 8u		/* of a row that are asked for before it is scored */

bool walk_init(struct walk *w, struct err *err)
{
	assert(w->graph && w->space && w->ef > 0);
	w->n = w->graph->n;
	w->seen = mem_big(w->graph->n, 1, "rows seen", err);
	w->sight = mem_big(w->ef + 1, sizeof *w->sight, "rows in sight", err);
	w->todo = mem_alloc(2 * w->graph->m * sizeof *w->todo);
	w->scores = mem_alloc(2 * w->graph->m * sizeof *w->scores);
	w->query = mem_alloc(w->space->v.dim * sizeof *w->query);
	return w->seen && w->sight;
}

void walk_finish(struct walk *w)
{
	free(w->seen);
	free(w->sight);
	free(w->todo);
	free(w->scores);
	free(w->query);
}

static void next_round(struct walk *w)
{
	if (++w->round == 0) {
		memset(w->seen, 0, w->n);
		w->round = 1;
	}
}

static void ahead(const struct space *s, uint32_t row)
{
	const char *p = (const char *)vectors_row(&s->v, row);
	size_t lines = (s->v.dim * sizeof(float) + LINE - 1) / LINE;
	for (size_t i = 0; i < lines && i < LINES_AHEAD; i++)
		__builtin_prefetch(p + i * LINE);
	if (s->inverse)
		__builtin_prefetch(s->inverse + row);
}

static void links_ahead(const struct hnsw_graph *g, uint32_t row, unsigned level)
{
	unsigned n;
	const char *p = (const char *)hnsw_links(g, row, level, &n);
	for (size_t i = 0; i < n * sizeof(uint32_t); i += LINE)
		__builtin_prefetch(p + i);
}

/* The rows that one is linked to and that were not met in this round, scored. All are
 * asked for from memory before the first is needed. */
static size_t look(struct walk *w, unsigned level, uint32_t row)
{
	const struct hnsw_graph *g = w->graph;
	const struct space *s = w->space;
	unsigned places;
	size_t n = 0;
	const uint32_t *links = hnsw_links(g, row, level, &places);
	for (unsigned i = 0; i < places; i++) {
		uint32_t to = link_at(links + i);
		if (to >= g->n)
			break;
		w->todo[n] = to;
		n += w->seen[to] != w->round;
		w->seen[to] = w->round;
	}
	for (size_t i = 0; i < n; i++)
		ahead(s, w->todo[i]);
	space_scores_at(s, w->query, w->todo, n, w->scores);
	return n;
}

void walk_greedy(struct walk *w, unsigned level, uint32_t *row, float *score)
{
	next_round(w);
	for (bool better = true; better;) {
		better = false;
		size_t n = look(w, level, *row);
		for (size_t i = 0; i < n; i++)
			if (w->scores[i] > *score && w->graph->level[w->todo[i]] >= level) {
				*score = w->scores[i];
				*row = w->todo[i];
				better = true;
			}
	}
}

/* Its place, or ef when it is not in sight. */
static size_t see(struct walk *w, uint32_t row, float score)
{
	size_t n = w->in_sight, low = 0, high = n;
	if (n == w->ef && !(score > w->sight[n - 1].score))
		return w->ef;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (w->sight[middle].score >= score)
			low = middle + 1;
		else
			high = middle;
	}
	memmove(w->sight + low + 1, w->sight + low, (n - low) * sizeof *w->sight);
	w->sight[low] = (struct sight){score, row & INT32_MAX, 1};
	w->in_sight += n < w->ef;
	return low;
}

void walk_level(struct walk *w, unsigned level, uint32_t row, float score)
{
	assert(row < w->n);
	next_round(w);
	w->seen[row] = w->round;
	w->in_sight = 0;
	see(w, row, score);
	for (size_t at = 0; at < w->in_sight;) {
		struct sight *here = &w->sight[at];
		if (!here->open || w->graph->level[here->row] < level) {
			at++;
			continue;
		}
		here->open = 0;
		size_t n = look(w, level, here->row), first = ++at;
		for (size_t i = 0; i < n; i++) {
			size_t place = see(w, w->todo[i], w->scores[i]);
			if (place < first)
				first = place;
		}
		at = first;
		if (at < w->in_sight)
			links_ahead(w->graph, w->sight[at].row, level);
	}
}

/* --- with a filter --- */

/* Rows that are still to be looked at: a heap with the best at its top. Unlike those in
 * sight it has no bound, since what is allowed may lie behind much that is not. */
struct open {
	struct hit *heap;
	size_t n, cap;
};

static void open_push(struct open *o, struct hit h)
{
	MEM_GROW(o->heap, o->cap, o->n + 1);
	size_t i = o->n++;
	for (; i > 0 && hit_before(h, o->heap[(i - 1) / 2]); i = (i - 1) / 2)
		o->heap[i] = o->heap[(i - 1) / 2];
	o->heap[i] = h;
}

static struct hit open_pop(struct open *o)
{
	struct hit best = o->heap[0], h = o->heap[--o->n];
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= o->n)
			break;
		if (child + 1 < o->n && hit_before(o->heap[child + 1], o->heap[child]))
			child++;
		if (!hit_before(o->heap[child], h))
			break;
		o->heap[i] = o->heap[child];
		i = child;
	}
	o->heap[i] = h;
	return best;
}

static void walk_filtered(struct walk *w, const uint64_t *allow, struct hit start,
			  struct topk *best)
{
	struct open o = {0};
	next_round(w);
	w->seen[start.id] = w->round;
	open_push(&o, start);
	if (bits_has(allow, start.id))
		topk_push(best, start.id, start.score);
	while (o.n > 0) {
		struct hit here = open_pop(&o);
		if (here.score < topk_floor(best))
			break;
		size_t n = look(w, 0, here.id);
		for (size_t i = 0; i < n; i++) {
			struct hit h = {w->todo[i], w->scores[i]};
			if (!(h.score >= topk_floor(best)))
				continue;
			open_push(&o, h);
			if (bits_has(allow, h.id))
				topk_push(best, h.id, h.score);
		}
		if (o.n > 0)
			links_ahead(w->graph, o.heap[0].id, 0);
	}
	free(o.heap);
}

/* --- searches --- */

struct search {
	const struct hnsw_graph *g;
	const struct space *s;
	const struct near_query *q;
	size_t ef;
	struct hit *hits;
	uint32_t *found;
	struct walk *walks;	/* (workers) */
	struct hit *kept;	/* (workers, ef) with a filter */
	struct job *job;
};

static void put_answer(const struct search *c, size_t i, struct topk *best, struct hit hit)
{
	if (!c->q->skip || c->q->skip[i] != hit.id)
		topk_push(best, hit.id, hit.score);
}

static void search_one(const struct search *c, struct walk *w, struct hit *kept, size_t i)
{
	const struct hnsw_graph *g = c->g;
	struct topk best, in;
	struct hit at = {g->entry, 0};
	topk_init(&best, c->hits + i * c->q->k, c->q->k);
	space_query(c->s, c->q->q + i * c->q->stride, w->query);
	space_scores_at(c->s, w->query, &at.id, 1, &at.score);
	for (unsigned level = g->level[at.id]; level > 0; level--)
		walk_greedy(w, level, &at.id, &at.score);
	if (c->q->allow) {
		topk_init(&in, kept, c->ef);
		walk_filtered(w, c->q->allow, at, &in);
		for (size_t j = 0; j < in.n; j++)
			put_answer(c, i, &best, (struct hit){kept[j].id, kept[j].score});
	} else {
		walk_level(w, 0, at.id, at.score);
		for (size_t j = 0; j < w->in_sight; j++)
			put_answer(c, i, &best,
				   (struct hit){w->sight[j].row, w->sight[j].score});
	}
	topk_sort(&best);
	c->found[i] = (uint32_t)best.n;
}

enum { TASK = 16 };	/* queries */

static void search_task(void *ctx, size_t task, unsigned worker)
{
	const struct search *c = ctx;
	size_t first = task * TASK;
	size_t end = first + TASK < c->q->n ? first + TASK : c->q->n;
	struct hit *kept = c->kept ? c->kept + worker * c->ef : NULL;
	for (size_t i = first; i < end && !job_cancelled(c->job); i++)
		search_one(c, &c->walks[worker], kept, i);
	job_advance(c->job, end - first);
}

/*
 * A walk scores about 30 ef rows, and 1/share times as many when only a share of what it
 * meets is allowed; each costs some 3 times what a row of a scan does.
 */
static bool scan_is_less(const struct search *c)
{
	double allowed = (double)space_count(c->s, c->q->allow);
	double share = allowed / (double)(c->s->v.n > 0 ? c->s->v.n : 1);
	return allowed * share <= 90.0 * (double)c->ef;
}

static bool search_run(struct search *c, struct pool *pool, struct err *err)
{
	unsigned workers = pool_threads(pool), made = 0;
	bool ok = true;
	c->walks = mem_zalloc(workers * sizeof *c->walks);
	if (c->q->allow)
		ok = (c->kept = mem_big(workers * c->ef, sizeof *c->kept, "answers", err));
	while (ok && made < workers) {
		c->walks[made] = (struct walk){.graph = c->g, .space = c->s, .ef = c->ef};
		ok = walk_init(&c->walks[made++], err);
	}
	if (ok)
		pool_run(pool, (c->q->n + TASK - 1) / TASK, search_task, c);
	while (made > 0)
		walk_finish(&c->walks[--made]);
	free(c->walks);
	free(c->kept);
	return ok && job_check(c->job, err);
}

bool hnsw_search(const struct hnsw_graph *g, const struct space *s,
		 const struct near_query *q, unsigned ef, struct hit *hits,
		 uint32_t *found, struct work work, struct err *err)
{
	struct search c = {
		.g = g,
		.s = s,
		.q = q,
		.hits = hits,
		.found = found,
		.job = work.job,
		.ef = ef > 0 ? ef : HNSW_EF,
	};
	if (c.ef < q->k + 1)
		c.ef = q->k + 1;
	if (g->entry == NEAR_NONE || (q->allow && scan_is_less(&c)))
		return exact_search(s, q, hits, found, work, err);
	return search_run(&c, work.pool, err);
}

bool hnsw_check(const struct hnsw_graph *g, struct err *err)
{
	bool ok = g->m >= 2 && g->m <= 64 && g->n < INT32_MAX &&
		  (g->entry == NEAR_NONE || g->entry < g->n);
	for (size_t i = 0; ok && i < g->n; i++)
		ok = g->level[i] == 0 ||
		     (g->level[i] < HNSW_LEVELS &&
		      (size_t)g->upper_at[i] + g->level[i] <= g->n_upper);
	return ok || err_fail(err, ERR_STORE, "the graph of neighbours is damaged");
}
