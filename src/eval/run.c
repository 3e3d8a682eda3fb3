/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test lists are independent: a task of the pool asks about one or some, and keeps the sums of
 * each beside those of the others, so that they are added in one order whoever made them.
 * Whoever is asked for less when asked for several queries at once gets those of some lists: they
 * are gone through twice, first to look which queries there are, then to ask them.
 */
#include "config.h"

#include "eval/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/time.h"
#include "eval/run_impl.h"

#define TOGETHER 16	/* lists whose queries are asked together */

void contender_finish(struct contender *c)
{
	if (c->destroy)
		c->destroy(c->ctx);
	free(c->name);
	free(c->params);
	*c = (struct contender){0};
}

/* --- one query */

static void room(struct asker *w, size_t n)
{
	if (n <= w->cap)
		return;
	w->cap = n * 2;
	w->target = mem_resize(w->target, w->cap, sizeof *w->target);
	w->level = mem_resize(w->level, w->cap, sizeof *w->level);
	w->above = mem_resize(w->above, w->cap, sizeof *w->above);
	w->equal = mem_resize(w->equal, w->cap, sizeof *w->equal);
	w->of = mem_resize(w->of, w->cap, sizeof *w->of);
	w->tie = mem_resize(w->tie, w->cap, sizeof *w->tie);
}

/* Scores of the next of the queries that are asked together; with the first of each
 * EVAL_MANY those of all these are made. */
static bool next_of_many(struct asking *g, struct asker *w, struct err *err)
{
	size_t at = w->next++ % EVAL_MANY, left = w->n_queries - w->next + 1;

	w->scores = w->many + at * g->c->n_products;
	return at || g->contender->score_many(g->contender->ctx, &w->query[w->next - 1],
					      left < EVAL_MANY ? left : EVAL_MANY, w->many, err);
}

/* history lasts as long as the task. */
static bool scores_of(struct asking *g, struct asker *w, const uint32_t *history, size_t n,
		      unsigned worker)
{
	struct contender *m = g->contender;
	struct err *err = &g->errs[worker];

	if (w->looking) {
		MEM_GROW(w->query, w->cap_queries, w->n_queries + 1);
		w->query[w->n_queries++] = (struct eval_query){history, n};
		return true;
	}
	if (!(m->score_many ? next_of_many(g, w, err) :
	      m->score(m->ctx, history, n, w->target[0], w->scores, worker, err))) {
		atomic_store(&g->failed, true);
		return false;
	}
	for (uint32_t i = 0; i < g->run->candidates; i++)
		if (isnan(w->scores[g->known[i]]))
			w->scores[g->known[i]] = -INFINITY;
	return true;
}

/* --- one test list */

struct test_list {
	const uint32_t *item;	/* (n) */
	size_t n, given;	/* the first `given` are only known */
};

/* Variants of a product that no one has are out with it (why), or in again (OUT_NOT). */
static void set_variants(const struct asking *g, struct asker *w, uint32_t product,
			 enum why why)
{
	uint32_t group = g->group_of ? g->c->product_group[product] : CATALOG_NONE;

	if (group == CATALOG_NONE)
		return;
	for (uint32_t i = g->group_of[group]; i < g->group_of[group + 1]; i++)
		if (w->out[g->group_at[i]] != OUT_HAD || why == OUT_NOT)
			w->out[g->group_at[i]] = (uint8_t)why;
}

/* From here on the history has it. */
static void set_had(const struct asking *g, struct asker *w, uint32_t product)
{
	if (g->plan->repeats)
		return;
	set_variants(g, w, product, OUT_VARIANT);
	w->out[product] = OUT_HAD;
}

static void set_free(const struct asking *g, struct asker *w, uint32_t product)
{
	set_variants(g, w, product, OUT_NOT);
	w->out[product] = OUT_NOT;
}

/* A case that can't be asked is counted by its reason. */
static bool is_case(struct asking *g, const struct asker *w, uint32_t target)
{
	if (!w->out[target] && g->events[target])
		return true;
	if (g->counting && !w->looking && w->out[target])
		g->dropped[w->out[target]]++;
	else if (g->counting && !w->looking)
		g->unknown++;
	return false;
}

static bool ask_next(struct asking *g, struct asker *w, const struct test_list *l,
		     const struct tally_of_list *t, unsigned worker)
{
	const uint32_t *item = l->item;
	size_t n = l->n;
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++) {
		size_t targets = 0;

		if (i < l->given || !is_case(g, w, item[i])) {
			set_had(g, w, item[i]);
			continue;
		}
		room(w, n);
		w->round++;
		for (size_t j = i; j < n; j++) {
			if (w->listed[item[j]] == w->round || w->out[item[j]] ||
			    !g->events[item[j]])
				continue;
			w->listed[item[j]] = w->round;
			w->target[targets++] = item[j];
		}
		ok = scores_of(g, w, item, i, worker);
		if (ok)
			run_answer(g, w, targets, 1, item[i - 1], t);
		set_had(g, w, item[i]);
	}
	for (size_t i = 0; i < n; i++)
		set_free(g, w, item[i]);
	return ok;
}

/* Candidates of the product's own category are in or out. */
static void set_category(const struct asking *g, struct asker *w, uint32_t product,
			 enum why why)
{
	uint32_t category = g->c->product_category[product];

	if (!g->plan->cross_category || category == CATALOG_NONE)
		return;
	for (uint32_t p = g->c->category_product[category];
	     p < g->c->category_product[category + 1]; p++)
		w->out[p] = (uint8_t)why;
}

/* What training links with the product is no candidate (why), or is one again. */
static void set_linked(struct asking *g, struct asker *w, uint32_t product, enum why why)
{
	const struct csr *along = &g->c->relation[g->plan->split->kind == EVENT_CART ?
						  REL_CO_CART : REL_CO_PURCHASE].out;

	if (!g->plan->unlinked || !along->offsets)
		return;
	for (uint64_t k = along->offsets[product]; k < along->offsets[product + 1]; k++)
		w->out[along->column[k]] = (uint8_t)why;
}

static bool ask_complement(struct asking *g, struct asker *w, const struct test_list *l,
			   const struct tally_of_list *t, unsigned worker)
{
	const uint32_t *item = l->item;
	size_t n = l->n;
	bool ok = true;

	room(w, n);
	for (size_t i = 0; i < n && ok; i++) {
		size_t targets = 0;
		bool asked = !g->events[item[i]] == g->plan->unmet;

		if (!asked && g->plan->unmet)
			continue;
		set_category(g, w, item[i], OUT_INSIDE);
		set_linked(g, w, item[i], OUT_LINKED);
		set_had(g, w, item[i]);
		for (size_t j = 0; j < n; j++) {
			if (j == i || !is_case(g, w, item[j]))
				continue;
			if (asked)
				w->target[targets++] = item[j];
			else
				g->unknown += g->counting && !w->looking;
		}
		if (targets && (ok = scores_of(g, w, &item[i], 1, worker)))
			run_answer(g, w, targets, targets, item[i], t);
		set_free(g, w, item[i]);
		set_linked(g, w, item[i], OUT_NOT);
		set_category(g, w, item[i], OUT_NOT);
	}
	return ok;
}

/* Each product from the others, in no order. A basket counts as cold or popular as the one
 * of them that was met most. */
static bool ask_basket(struct asking *g, struct asker *w, const struct test_list *l,
		       const struct tally_of_list *t, unsigned worker)
{
	const uint32_t *item = l->item;
	size_t n = l->n;
	bool ok = true;

	room(w, 1);
	for (size_t i = 0; i < n && ok; i++) {
		uint32_t most = item[i == 0];
		uint32_t *others = arena_alloc(w->arena, n * sizeof *others);

		for (size_t j = 0, m = 0; j < n; j++) {
			if (j == i)
				continue;
			others[m++] = item[j];
			most = g->events[item[j]] > g->events[most] ? item[j] : most;
		}
		for (size_t j = 0; j + 1 < n; j++)
			set_had(g, w, others[j]);
		w->target[0] = item[i];
		if (!g->events[most])
			g->unknown += g->counting && !w->looking;
		else if (is_case(g, w, item[i]) &&
			 (ok = scores_of(g, w, others, n - 1, worker)))
			run_answer(g, w, 1, 1, most, t);
		for (size_t j = 0; j < n; j++)
			set_free(g, w, item[j]);
	}
	return ok;
}

static bool ask_list(struct asking *g, size_t which, unsigned worker)
{
	static bool (*const of_task[])(struct asking *g, struct asker *w,
				       const struct test_list *l,
				       const struct tally_of_list *t, unsigned worker) = {
		[TASK_NEXT] = ask_next,
		[TASK_COMPLEMENT] = ask_complement,
		[TASK_BASKET] = ask_basket,
	};
	const struct split *s = g->plan->split;
	size_t list = g->order[which];
	const struct test_list l = {
		.item = s->item + s->offsets[list],
		.n = s->offsets[list + 1] - s->offsets[list],
		.given = s->given[list],
	};
	const struct tally_of_list t = {
		.sums = g->run->answers[g->which].sum + which * g->plan->n_k * EVAL_SUMS,
		.count = g->run->count + which * EVAL_COUNTS,
	};

	return of_task[g->plan->task](g, &g->asker[worker], &l, &t, worker);
}

/* Lists from task * g->together on. */
static void ask_lists(void *ctx, size_t task, unsigned worker)
{
	struct asking *g = ctx;
	struct asker *w = &g->asker[worker];
	size_t from = task * g->together, end = from + g->together;

	end = end < g->run->lists ? end : g->run->lists;
	arena_reset(w->arena);
	w->n_queries = w->next = 0;
	w->scores = w->one;
	w->looking = g->contender->score_many;
	for (size_t i = from; i < end && w->looking; i++)
		ask_list(g, i, worker);
	w->looking = false;
	for (size_t i = from; i < end; i++) {
		if (job_cancelled(g->job) || atomic_load(&g->failed) ||
		    !ask_list(g, i, worker))
			return;
		job_advance(g->job, 1);
	}
}

/* --- the run */

static bool asker_init(struct asker *w, const struct eval_plan *plan, struct err *err)
{
	size_t n = plan->catalog->n_products;
	uint32_t k = plan->k[plan->n_k - 1];

	w->one = mem_big(n, sizeof *w->one, "scores", err);
	w->many = mem_big(n, EVAL_MANY * sizeof *w->many, "scores", err);
	w->arena = arena_create();
	w->out = mem_big(n, 1, "scores", err);
	w->listed = mem_big(n, sizeof *w->listed, "scores", err);
	w->list = mem_big(k, sizeof *w->list, "scores", err);
	w->list_score = mem_big(k, sizeof *w->list_score, "scores", err);
	w->of_category = mem_big((size_t)plan->catalog->n_categories + 1,
				 sizeof *w->of_category, "scores", err);
	for (unsigned i = 0; i < plan->n_k; i++)
		if (!(w->covered[i] = mem_big(n, 1, "scores", err)))
			return false;
	return w->of_category && w->one && w->many && w->out && w->listed && w->list &&
	       w->list_score;
}

static void asker_finish(struct asker *w)
{
	free(w->one);
	free(w->many);
	free(w->query);
	arena_destroy(w->arena);
	free(w->out);
	free(w->listed);
	free(w->target);
	free(w->level);
	free(w->above);
	free(w->equal);
	free(w->of);
	free(w->tie);
	free(w->list);
	free(w->list_score);
	free(w->of_category);
	for (unsigned i = 0; i < EVAL_KS; i++)
		free(w->covered[i]);
}

static int by_count(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

static void count_events(struct asking *g)
{
	const struct catalog *c = g->c;

	for (uint64_t i = 0; i < c->n_events; i++) {
		g->events[c->event_product[i]]++;
		g->met[c->event_product[i]] += c->event_kind[i] == g->plan->split->kind;
	}
	for (uint32_t p = 0; p < c->n_products; p++)
		g->sessions[p] = (uint32_t)(c->product_session_offsets[p + 1] -
					    c->product_session_offsets[p]);
	g->n_sessions = c->n_sessions;
}

/* Of a graph, whose pairs are sessions of two. */
static void count_pairs(struct asking *g)
{
	const struct catalog *c = g->c;
	bool carts = g->plan->split->kind == EVENT_CART;

	for (uint32_t p = 0; p < c->n_products; p++) {
		g->met[p] = carts ? c->product_carts[p] : c->product_purchases[p];
		g->sessions[p] = c->product_views[p] + c->product_carts[p] +
				 c->product_purchases[p];
		g->events[p] = g->sessions[p];
	}
	for (unsigned r = 0; r < RELATIONS; r++)
		g->n_sessions += c->relation[r].total;
}

/* How often each product was met in training; what is popular. */
static bool weigh_products(struct asking *g, struct err *err)
{
	const struct catalog *c = g->c;
	uint32_t n = c->n_products, *sorted;

	g->events = mem_big(n, sizeof *g->events, "counts of products", err);
	g->met = mem_big(n, sizeof *g->met, "counts of products", err);
	g->sessions = mem_big(n, sizeof *g->sessions, "counts of products", err);
	g->known = mem_big(n, sizeof *g->known, "counts of products", err);
	sorted = mem_big(n, sizeof *sorted, "counts of products", err);
	if (!g->events || !g->met || !g->sessions || !g->known || !sorted) {
		free(sorted);
		return false;
	}
	c->n_events ? count_events(g) : count_pairs(g);
	for (uint32_t p = 0; p < n; p++)
		if (g->events[p])
			g->known[g->run->candidates++] = p;
	memcpy(sorted, g->met, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_count);
	g->top = g->run->candidates ? sorted[g->run->candidates / 10] : 0;
	g->top = g->top > COLD ? g->top : COLD;
	free(sorted);
	return true;
}

/* Products of each variant group side by side; none where variants are as others. */
static bool group_variants(struct asking *g, struct err *err)
{
	const uint32_t *group = g->c->product_group;
	uint32_t n = 0;

	if (!group || g->plan->variants || g->plan->repeats)
		return true;
	for (uint32_t p = 0; p < g->c->n_products; p++)
		if (group[p] != CATALOG_NONE && group[p] >= n)
			n = group[p] + 1;
	g->group_at = mem_big(g->c->n_products, sizeof *g->group_at, "variants", err);
	g->group_of = mem_big((size_t)n + 2, sizeof *g->group_of, "variants", err);
	if (!g->group_at || !g->group_of)
		return false;
	/* group_of[g + 2]: how many, then where g + 1 begins, then where it ends */
	for (uint32_t p = 0; p < g->c->n_products; p++)
		if (group[p] != CATALOG_NONE)
			g->group_of[group[p] + 2]++;
	for (uint32_t i = 2; i < n + 2; i++)
		g->group_of[i] += g->group_of[i - 1];
	for (uint32_t p = 0; p < g->c->n_products; p++)
		if (group[p] != CATALOG_NONE)
			g->group_at[g->group_of[group[p] + 1]++] = p;
	return true;
}

/* Which lists are asked about: all, or so many drawn by the seed, in their order. */
static size_t choose_lists(const struct eval_plan *plan, size_t *order)
{
	size_t n = plan->split->n, left = plan->max_lists, chosen = 0;
	struct rng rng;

	if (!left || left > n)
		left = n;
	rng_init(&rng, plan->seed, 0x9e57);
	for (size_t i = 0; i < n; i++)
		if (rng_below(&rng, n - i) < left) {
			order[chosen++] = i;
			left--;
		}
	return chosen;
}

/* Lists of one user are one group. */
static bool group_lists(struct eval_run *r, const struct eval_plan *plan,
			const size_t *order, struct err *err)
{
	const struct catalog *c = plan->whole ? plan->whole : plan->catalog;
	size_t n = (size_t)c->n_users + 1;
	uint32_t *of_user = mem_big(n, sizeof *of_user, "groups of sessions", err);

	if (!of_user)
		return false;
	for (size_t i = 0; i < r->lists; i++) {
		uint32_t s = plan->split->session[order[i]];
		uint32_t u = c->session_user && c->session_user[s] < c->n_users ?
			     c->session_user[s] : CATALOG_NONE;

		if (u != CATALOG_NONE && of_user[u]) {
			r->group[i] = of_user[u] - 1;
			continue;
		}
		r->group[i] = (uint32_t)r->groups++;
		if (u != CATALOG_NONE)
			of_user[u] = r->group[i] + 1;
	}
	free(of_user);
	return true;
}

static bool ask_one(struct asking *g, size_t which, struct contender *m, struct pool *pool,
		    struct err *err)
{
	struct eval_answers *a = &g->run->answers[which];
	size_t n_k = g->plan->n_k;
	double since = time_now_monotonic(), cpu = time_now_cpu();

	a->sum = mem_big(g->run->lists * n_k * EVAL_SUMS, sizeof *a->sum, "results", err);
	if (!a->sum)
		return false;
	g->contender = m;
	g->which = which;
	g->counting = which == 0;
	for (unsigned t = 0; t < pool_threads(pool); t++)
		for (size_t i = 0; i < n_k; i++)
			memset(g->asker[t].covered[i], 0, g->c->n_products);
	g->together = m->score_many ? TOGETHER : 1;
	pool_run(pool, (g->run->lists + g->together - 1) / g->together, ask_lists, g);
	if (!job_check(g->job, err))
		return false;
	for (unsigned t = 0; t < pool_threads(pool); t++)
		if (g->errs[t].code) {
			if (err)
				*err = g->errs[t];
			return err_context(err, "%s", m->name);
		}
	for (size_t i = 0; i < n_k; i++)
		for (uint32_t p = 0; p < g->c->n_products; p++) {
			unsigned any = 0;

			for (unsigned t = 0; t < pool_threads(pool); t++)
				any |= g->asker[t].covered[i][p];
			a->covered[i] += any;
		}
	a->seconds = time_now_monotonic() - since;
	a->cpu = time_now_cpu() - cpu;
	return true;
}

static bool ask_all(struct asking *g, struct contender *m, size_t n, struct pool *pool,
		    struct err *err)
{
	struct eval_run *r = g->run;
	double cases = 0;

	job_step(g->job, "asking", n * r->lists);
	for (size_t i = 0; i < n; i++)
		if (!ask_one(g, i, &m[i], pool, err))
			return false;
	r->repeated = atomic_load(&g->dropped[OUT_HAD]);
	r->variants = atomic_load(&g->dropped[OUT_VARIANT]);
	r->inside = atomic_load(&g->dropped[OUT_INSIDE]);
	r->unknown = atomic_load(&g->unknown);
	for (size_t i = 0; i < r->lists; i++)
		cases += r->count[i * EVAL_COUNTS + COUNT_CASES];
	if (cases > 0)
		return true;
	return err_fail(err, ERR_NO, "nothing to ask: no test session has two products that "
			"were met in training");
}

bool eval_run(struct eval_run *out, const struct eval_plan *plan,
	      struct contender *contenders, size_t n, struct work work, struct err *err)
{
	struct eval_run r = {.n = n};
	struct asking g = {.plan = plan, .c = plan->catalog, .run = &r, .job = work.job};
	unsigned threads = pool_threads(work.pool);
	SCOPED_FREE size_t *order = mem_big(plan->split->n, sizeof *order, "test lists", err);
	bool ok = order != NULL;

	g.asker = mem_zalloc(threads * sizeof *g.asker);
	g.errs = mem_zalloc(threads * sizeof *g.errs);
	r.answers = mem_zalloc((n + 1) * sizeof *r.answers);
	if (ok) {
		r.lists = choose_lists(plan, order);
		g.order = order;
		r.group = mem_big(r.lists, sizeof *r.group, "test lists", err);
		r.count = mem_big(r.lists * EVAL_COUNTS, sizeof *r.count, "test lists", err);
		ok = r.group && r.count && group_lists(&r, plan, order, err) &&
		     weigh_products(&g, err) && group_variants(&g, err);
	}
	for (unsigned t = 0; ok && t < threads; t++)
		ok = asker_init(&g.asker[t], plan, err);
	ok = ok && ask_all(&g, contenders, n, work.pool, err);
	for (unsigned t = 0; t < threads; t++)
		asker_finish(&g.asker[t]);
	free(g.asker);
	free(g.errs);
	free(g.events);
	free(g.known);
	free(g.met);
	free(g.sessions);
	free(g.group_at);
	free(g.group_of);
	if (ok)
		*out = r;
	else
		eval_run_finish(&r);
	return ok;
}

void eval_run_finish(struct eval_run *r)
{
	for (size_t i = 0; r->answers && i < r->n; i++)
		free(r->answers[i].sum);
	free(r->answers);
	free(r->group);
	free(r->count);
	*r = (struct eval_run){0};
}
