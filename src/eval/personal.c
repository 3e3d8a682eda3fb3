/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contenders are asked one after the other, each about all users on all cores; what a user's
 * list is worth is kept per user, sort and k, so that means, intervals and paired tests come
 * from the same numbers.
 */
#include "config.h"

#include "eval/personal.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/time.h"
#include "eval/sample.h"
#include "model/cart.h"
#include "suggest/lister.h"

#define ROUNDS 1000

enum buyers { BUYERS_ALL, BUYERS_NEW, BUYERS_NO_PAST, BUYERS_PAGE, BUYERS_CART, BUYERS_KINDS };
static const char *const sort_names[BUYERS_KINDS] = {
	[BUYERS_ALL] = "personal", [BUYERS_NEW] = "personal, new", [BUYERS_NO_PAST] =
	"personal, no past", [BUYERS_PAGE] = "personal, page",
	[BUYERS_CART] = "personal, cart",
};
static const enum buyers sort_of_cut[CART_CUTS] = {
	[CART_FIRST] = BUYERS_PAGE, [CART_LAST] = BUYERS_CART,
};

enum worth { WORTH_HR, WORTH_NDCG, WORTH_RECALL, WORTH_PRECISION, WORTH_MAP, WORTH_REACH,
	     WORTH_TARGETS, WORTH_PERFECT, WORTHS };

/* Someone who took something. */
struct person {
	uint32_t user;
	uint32_t *target;	/* (n) distinct */
	uint32_t n;
	struct cart cart[CART_CUTS];	/* of the first session that can be cut; n_targets 0 */
};

struct rival {
	char *name, *params;
	double seconds;
	struct sink *sink;
	struct model *model;	/* NULL: by hand */
	struct params of;
	struct lister *lister;
	bool repeat, popular;	/* these baselines */
	double *worth;		/* (people, BUYERS_KINDS, n_k, WORTHS); NAN in WORTH_MAP: not
				   asked */
};

struct asking {
	const struct personal_plan *plan;
	struct person *person;
	size_t n, cap;
	const struct lister *by_hand;
	struct rival *rival;
	struct job *job;
	atomic_bool failed;
	struct err *errs;	/* (threads) */
};

/* --- whom to ask */

static void person_finish(struct person *who)
{
	free(who->target);
	for (unsigned i = 0; i < CART_CUTS; i++)
		cart_finish(&who->cart[i]);
}

/* The first session from then on with something to cut. */
static void read_carts(const struct asking *g, struct person *who)
{
	const struct catalog *c = g->plan->whole;
	uint8_t had = past_had(c);

	for (enum cart_cut how = 0; how < CART_CUTS; how++)
		for (uint64_t i = c->user_offsets[who->user];
		     i < c->user_offsets[who->user + 1]; i++) {
			uint32_t s = c->user_session[i];
			struct cart *k = &who->cart[how];

			if (c->event_time[c->session_offsets[s]] >= g->plan->from &&
			    cart_cut(k, c, s, had, how))
				break;
			cart_finish(k);
		}
}

static void read_person(struct asking *g, uint32_t user, uint32_t *mark)
{
	const struct catalog *c = g->plan->whole;
	struct person who = {.user = user};
	size_t cap = 0;
	uint8_t had = past_had(c);

	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t s = c->user_session[i];

		for (uint64_t e = c->session_offsets[s]; e < c->session_offsets[s + 1]; e++) {
			uint32_t p = c->event_product[e];

			if (c->event_time[e] < g->plan->from || c->event_kind[e] != had ||
			    mark[p] == user + 1)
				continue;
			mark[p] = user + 1;
			MEM_GROW(who.target, cap, who.n + 1);
			who.target[who.n++] = p;
		}
	}
	if (!who.n)
		return;
	read_carts(g, &who);
	MEM_GROW(g->person, g->cap, g->n + 1);
	g->person[g->n++] = who;
}

static bool read_people(struct asking *g, struct err *err)
{
	const struct catalog *c = g->plan->whole;
	SCOPED_FREE uint32_t *mark = mem_big(c->n_products, sizeof *mark, "users", err);
	uint64_t most = g->plan->max_users;
	struct rng rng;

	if (!mark)
		return false;
	for (uint32_t u = 0; u < c->n_users; u++)
		read_person(g, u, mark);
	rng_init(&rng, g->plan->seed, 0x9e58);
	for (size_t i = 0; most && g->n > most && i < most; i++) {
		size_t j = i + rng_below(&rng, g->n - i);
		struct person swap = g->person[i];

		g->person[i] = g->person[j];
		g->person[j] = swap;
	}
	for (; most && g->n > most; g->n--)
		person_finish(&g->person[g->n - 1]);
	return g->n || err_fail(err, ERR_NO, "nobody took anything in the part to be tested on");
}

/* --- one list */

/* Of one user and contender. */
struct query {
	const struct asking *g;
	const struct person *who;
	const struct past *past;
	float *score;		/* (P) -INFINITY: can't come */
	uint8_t *told;		/* (P) it had a score before popularity filled up */
};

/* Popularity orders what the contender says nothing of, behind all that it does. */
static void fill_up(struct query *q)
{
	const float *popular = lister_popular(q->g->by_hand);
	uint32_t n = q->g->plan->whole->n_products;
	float least = INFINITY, most = 0;

	for (uint32_t p = 0; p < n; p++) {
		q->told[p] = q->score[p] > -INFINITY;
		if (q->told[p] && q->score[p] < least)
			least = q->score[p];
		most = popular[p] > most ? popular[p] : most;
	}
	least = least < INFINITY ? least : 0;
	for (uint32_t p = 0; p < n; p++)
		if (!q->told[p] && popular[p] > 0)
			q->score[p] = least - (1 + fabsf(least)) * (2 - popular[p] / most);
}

static int descending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x < y) - (x > y);
}

/* Ties that hold targets: levels (n) are distinct scores of targets, descending. */
static size_t count_ties(const struct query *q, const float *score, const uint32_t *target,
			 uint32_t n, struct tie *tie)
{
	SCOPED_FREE float *level = mem_alloc((n + 1) * sizeof *level);
	size_t levels = 0, known = 0;
	uint32_t above = 0;

	for (uint32_t i = 0; i < n; i++)
		if (score[target[i]] > -INFINITY)
			level[known++] = score[target[i]];
	qsort(level, known, sizeof *level, descending);
	for (size_t i = 0; i < known; i++) {
		if (levels && level[levels - 1] == level[i]) {
			tie[levels - 1].targets++;
			continue;
		}
		tie[levels] = (struct tie){.targets = 1};
		level[levels++] = level[i];
	}
	for (uint32_t p = 0; levels && p < q->g->plan->whole->n_products; p++) {
		size_t i = levels;

		if (score[p] < level[levels - 1])
			continue;
		while (i > 0 && level[i - 1] < score[p])
			i--;
		if (i > 0 && level[i - 1] == score[p])
			tie[i - 1].tied++;
		else
			tie[i].before++;	/* above level i, not above i - 1 */
	}
	for (size_t i = 0; i < levels; i++) {
		uint32_t own = tie[i].before;

		tie[i].before = above + own;
		above += own + tie[i].tied;
	}
	return levels;
}

static void measure_sort(const struct query *q, const uint32_t *target, uint32_t n,
			 double *worth)
{
	const struct personal_plan *plan = q->g->plan;
	SCOPED_FREE struct tie *tie = mem_alloc((n + 2) * sizeof *tie);
	size_t ties = count_ties(q, q->score, target, n, tie);
	uint32_t told = 0;

	for (uint32_t i = 0; i < n; i++)
		told += q->told[target[i]];
	for (unsigned ki = 0; ki < plan->n_k; ki++) {
		const struct tie best = {.tied = told, .targets = told};
		double *w = worth + ki * WORTHS, value[MEASURES], perfect[MEASURES];

		measure_at(tie, ties, n, plan->k[ki], value);
		measure_at(&best, told > 0, n, plan->k[ki], perfect);
		w[WORTH_HR] = value[MEASURE_HR];
		w[WORTH_NDCG] = value[MEASURE_NDCG];
		w[WORTH_RECALL] = value[MEASURE_RECALL];
		w[WORTH_PRECISION] = value[MEASURE_PRECISION];
		w[WORTH_MAP] = value[MEASURE_MAP];
		w[WORTH_REACH] = told;
		w[WORTH_TARGETS] = n;
		w[WORTH_PERFECT] = told ? perfect[MEASURE_MAP] : 0;
	}
}

/* What is had already leaves the lists and the targets. */
static void measure_new(struct query *q, double *worth)
{
	SCOPED_FREE uint32_t *target = mem_alloc((q->who->n + 1) * sizeof *target);
	uint8_t had = past_had(q->g->plan->whole);
	uint32_t n = 0;

	for (unsigned i = 0; i < q->past->n; i++)
		if (q->past->kind[i] == had)
			q->score[q->past->product[i]] = -INFINITY;
	for (uint32_t i = 0; i < q->who->n; i++) {
		unsigned j = 0;

		while (j < q->past->n && (q->past->product[j] != q->who->target[i] ||
					  q->past->kind[j] != had))
			j++;
		if (j == q->past->n)
			target[n++] = q->who->target[i];
	}
	if (n)
		measure_sort(q, target, n, worth);
}

static void score_repeat(const struct asking *g, const struct past *past, float *score)
{
	uint8_t had = past_had(g->plan->whole);

	for (uint32_t p = 0; p < g->plan->whole->n_products; p++)
		score[p] = -INFINITY;
	for (unsigned i = 0; i < past->n; i++)
		if (past->kind[i] == had)
			score[past->product[i]] = past->times[i] + 1 / (2 + past->age[i]);
}

/* cart NULL: for someone alone, with no page before them. */
static bool score_for(const struct asking *g, const struct past *past, const struct cart *cart,
		      float *score, struct err *err)
{
	const struct list_request r = {.past = past, .page = cart ? cart->page : NULL,
				       .n_page = cart ? cart->n_page : 0};

	if (g->rival->repeat)
		score_repeat(g, past, score);
	else if (g->rival->popular)
		for (uint32_t p = 0; p < g->plan->whole->n_products; p++)
			score[p] = -INFINITY;
	else
		return lister_score(g->rival->lister, &r, (struct scoring){score, g->job},
				    err);
	return true;
}

/* What goes with a page or a cart; nothing of it is suggested. */
static bool measure_carts(struct query *q, double *worth, struct err *err)
{
	const struct asking *g = q->g;

	for (enum cart_cut how = 0; how < CART_CUTS; how++) {
		const struct cart *k = &q->who->cart[how];

		if (!k->n_targets)
			continue;
		if (!score_for(g, q->past, k, q->score, err))
			return false;
		fill_up(q);
		for (unsigned i = 0; i < k->n_page; i++)
			q->score[k->page[i]] = -INFINITY;
		measure_sort(q, k->target, k->n_targets,
			     worth + sort_of_cut[how] * g->plan->n_k * WORTHS);
	}
	return true;
}

static void ask_person(void *ctx, size_t task, unsigned worker)
{
	struct asking *g = ctx;
	const struct person *who = &g->person[task];
	size_t n = g->plan->whole->n_products, per = g->plan->n_k * WORTHS;
	double *worth = g->rival->worth + task * BUYERS_KINDS * per;
	SCOPED_FREE float *score = mem_alloc(n * sizeof *score);
	SCOPED_FREE uint8_t *told = mem_alloc(n);
	struct past past;
	struct query q = {.g = g, .who = who, .past = &past, .score = score, .told = told};

	if (job_cancelled(g->job) || atomic_load(&g->failed))
		return;
	past_read(&past, g->plan->learnt, who->user, g->plan->from);
	if (!measure_carts(&q, worth, &g->errs[worker]) ||
	    !score_for(g, &past, NULL, score, &g->errs[worker])) {
		atomic_store(&g->failed, true);
	} else {
		fill_up(&q);
		measure_sort(&q, who->target, who->n,
			     worth + (past.n ? BUYERS_ALL : BUYERS_NO_PAST) * per);
		if (past.n)
			measure_new(&q, worth + BUYERS_NEW * per);
	}
	past_finish(&past);
	job_advance(g->job, 1);
}

static bool ask(struct asking *g, struct rival *r, struct pool *pool, struct err *err)
{
	size_t n = g->n * BUYERS_KINDS * g->plan->n_k * WORTHS;
	double start = time_now_monotonic();

	r->worth = mem_big(n, sizeof *r->worth, "results", err);
	if (!r->worth)
		return false;
	for (size_t i = 0; i < n; i++)
		r->worth[i] = NAN;
	g->rival = r;
	job_step(g->job, "asking for lists", g->n);
	pool_run(pool, g->n, ask_person, g);
	r->seconds += time_now_monotonic() - start;
	for (unsigned i = 0; atomic_load(&g->failed) && i < pool_threads(pool); i++)
		if (g->errs[i].code) {
			*err = g->errs[i];
			return false;
		}
	return job_check(g->job, err);
}

/* --- contenders */

static void rival_finish(struct rival *r)
{
	lister_destroy(r->lister);
	model_destroy(r->model);
	sink_destroy(r->sink);
	free(r->name);
	free(r->params);
	free(r->worth);
}

static bool train(const struct personal_plan *plan, const struct entrant *e,
		  struct rival *r, struct work work, struct err *err)
{
	const struct catalog *c = plan->learnt;
	double start = time_now_monotonic();
	STRBUF(params);

	r->name = mem_strdup(e->name[0] ? e->name : e->class->name);
	r->of = e->params;
	model_settle(e->class, c, &r->of);
	params_add_all(&r->of, true, &params);
	r->params = mem_strdup(strbuf_c(&params));
	r->sink = sink_create();
	job_step(work.job, "training", 0);
	if (!(e->class->fit && plan->texts
		      ? model_fit(e->class,
				  &(struct lesson){c, &r->of, r->sink, work},
				  plan->texts, err)
		      : model_train(e->class,
				    &(struct lesson){c, &r->of, r->sink, work},
				    err)) ||
	    !model_open_sink(&r->model, &(struct model_form){e->class, &r->of, c->n_products},
			     r->sink, err))
		return err_context(err, "%s", r->name);
	r->seconds = time_now_monotonic() - start;
	return lister_create(&r->lister, c, r->model, err);
}

/* --- the document */

struct column_of {
	double *value, *cases;	/* (people) */
};

static void read_column(const struct asking *g, const struct rival *r, enum buyers sort,
			unsigned ki, enum worth what, struct column_of *out)
{
	for (size_t i = 0; i < g->n; i++) {
		const double *w = r->worth +
			((i * BUYERS_KINDS + sort) * g->plan->n_k + ki) * WORTHS;
		bool asked = !isnan(w[WORTH_MAP]);

		out->value[i] = asked ? w[what] : 0;
		out->cases[i] = !asked ? 0 : what == WORTH_REACH ? w[WORTH_TARGETS] : 1;
	}
}

struct placed {
	const struct rival *rival;
	double map;
};

static int by_map(const void *x, const void *y)
{
	double a = ((const struct placed *)x)->map, b = ((const struct placed *)y)->map;

	return (a < b) - (a > b);
}

static json_t *make_row(const struct asking *g, const struct rival *r, enum buyers sort,
			unsigned ki, struct column_of *col)
{
	static const struct {
		const char *key, *low, *high;
	} keys[WORTHS] = {
		[WORTH_HR] = {"hr", "hr_low", "hr_high"}, [WORTH_NDCG] = {"ndcg", NULL, NULL},
		[WORTH_RECALL] = {"recall", NULL, NULL},
		[WORTH_PRECISION] = {"precision", NULL, NULL},
		[WORTH_MAP] = {"map", "map_low", "map_high"}, [WORTH_REACH] = {"reach", NULL, NULL},
		[WORTH_PERFECT] = {"perfect", NULL, NULL},
	};
	json_t *row = json_pack("{s:s, s:s, s:s, s:I, s:f}", "task", sort_names[sort], "model",
				r->name, "parameters", r->params, "k",
				(json_int_t)g->plan->k[ki], "seconds", r->seconds);

	for (unsigned w = 0; w < WORTHS; w++) {
		struct sample s = {col->value, col->cases, g->n};
		double low, high;

		if (!keys[w].key)
			continue;
		read_column(g, r, sort, ki, w, col);
		json_object_set_new(row, keys[w].key, json_real(sample_mean(&s)));
		if (!keys[w].low)
			continue;
		sample_interval(&s, ROUNDS, g->plan->seed, &low, &high);
		json_object_set_new(row, keys[w].low, json_real(low));
		json_object_set_new(row, keys[w].high, json_real(high));
	}
	return row;
}

static size_t count_asked(const struct asking *g, const struct rival *r, enum buyers sort)
{
	size_t n = 0;
	size_t per = (size_t)g->plan->n_k * WORTHS;

	for (size_t i = 0; i < g->n; i++)
		n += !isnan(r->worth[(i * BUYERS_KINDS + sort) * per + WORTH_MAP]);
	return n;
}

static void add_rows(const struct asking *g, const struct rival *rivals, size_t n,
		     enum buyers sort, unsigned ki, json_t *rows)
{
	SCOPED_FREE struct placed *place = mem_alloc(n * sizeof *place);
	SCOPED_FREE double *p = mem_alloc(n * sizeof *p);
	struct column_of col = {mem_alloc(g->n * sizeof(double)), mem_alloc(g->n * sizeof(double))};
	SCOPED_FREE double *first = mem_alloc(g->n * sizeof *first);
	size_t asked = count_asked(g, &rivals[0], sort);

	for (size_t i = 0; i < n; i++) {
		struct sample s = {col.value, col.cases, g->n};

		read_column(g, &rivals[i], sort, ki, WORTH_MAP, &col);
		place[i] = (struct placed){&rivals[i], sample_mean(&s)};
	}
	qsort(place, n, sizeof *place, by_map);
	for (size_t i = 0; asked && i < n; i++) {
		read_column(g, place[i].rival, sort, ki, WORTH_MAP, &col);
		if (i == 0)
			memcpy(first, col.value, g->n * sizeof *first);
		else
			p[i] = sample_p(first, col.value, g->n, 2 * ROUNDS, g->plan->seed);
	}
	if (n > 1 && asked)
		sample_holm(p + 1, n - 1);
	for (size_t i = 0; asked && i < n; i++) {
		json_t *row = make_row(g, place[i].rival, sort, ki, &col);

		json_object_set_new(row, "rank", json_integer((json_int_t)i + 1));
		json_object_set_new(row, "queries", json_integer((json_int_t)asked));
		if (i) {
			json_object_set_new(row, "p", json_real(p[i]));
			json_object_set_new(row, "p_floor",
					    json_real(sample_p_floor(2 * ROUNDS, n - 1)));
		}
		json_array_append_new(rows, row);
	}
	free(col.value);
	free(col.cases);
}

static json_t *make_doc(const struct asking *g, const struct rival *rivals, size_t n)
{
	json_t *rows = json_array(), *k = json_array(), *doc;
	STRBUF(text);

	strbuf_adds(&text, "Learnt from ");
	num_add_grouped(&text, (int64_t)g->plan->learnt->n_events);
	strbuf_adds(&text, " events before ");
	time_add_rfc3339(&text, g->plan->from);
	strbuf_adds(&text, "; asked for ");
	num_add_grouped(&text, (int64_t)g->n);
	strbuf_adds(&text, " users who took something from then on. Ranks are by MAP; popular "
		    "products stand behind what a model scores. new: what they didn't have yet, "
		    "had things left out of the lists; no past: users not met before. page: what "
		    "followed the first product of a session; cart: the last of three or more.");
	for (unsigned sort = 0; sort < BUYERS_KINDS; sort++)
		for (unsigned ki = 0; ki < g->plan->n_k; ki++)
			add_rows(g, rivals, n, sort, ki, rows);
	for (unsigned ki = 0; ki < g->plan->n_k; ki++)
		json_array_append_new(k, json_integer(g->plan->k[ki]));
	doc = json_pack("{s:I, s:s, s:I, s:o, s:s, s:I, s:o}", "time", (json_int_t)time_now(),
			"task", "personal", "seed", (json_int_t)g->plan->seed, "k", k, "protocol",
			strbuf_c(&text), "queries", (json_int_t)g->n, "rows", rows);
	return doc;
}

static bool run(struct asking *g, struct rival *rivals, size_t n, struct pool *pool,
		struct err *err)
{
	const struct personal_plan *plan = g->plan;

	rivals[0] = (struct rival){.name = mem_strdup("by hand"), .params = mem_strdup("")};
	rivals[1] = (struct rival){.name = mem_strdup("repeat"), .params = mem_strdup(""),
				   .repeat = true};
	rivals[2] = (struct rival){.name = mem_strdup("popular"), .params = mem_strdup(""),
				   .popular = true};
	if (!lister_create(&rivals[0].lister, plan->learnt, NULL, err))
		return false;
	g->by_hand = rivals[0].lister;
	for (size_t i = 0; i < n; i++)
		if ((i >= 3 && !train(plan, &plan->entrants[i - 3], &rivals[i],
				      (struct work){pool, g->job}, err)) ||
		    !ask(g, &rivals[i], pool, err))
			return false;
	return true;
}

bool personal_run(const struct personal_plan *plan, json_t **doc, struct work work,
		  struct err *err)
{
	struct asking g = {.plan = plan, .job = work.job};
	size_t n = plan->n_entrants + 3;
	struct rival *rivals;
	bool ok;

	if (!plan->whole->user_offsets || !plan->whole->n_users || !plan->whole->event_time)
		return err_fail(err, ERR_NO, "lists for people need users and times, and this "
				"store has none");
	rivals = mem_zalloc(n * sizeof *rivals);
	g.errs = mem_zalloc(pool_threads(work.pool) * sizeof *g.errs);
	ok = read_people(&g, err) && run(&g, rivals, n, work.pool, err);
	if (ok)
		*doc = make_doc(&g, rivals, n);
	for (size_t i = 0; i < n; i++)
		rival_finish(&rivals[i]);
	for (size_t i = 0; i < g.n; i++)
		person_finish(&g.person[i]);
	free(g.person);
	free(g.errs);
	free(rivals);
	return ok;
}
