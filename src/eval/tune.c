/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rungs of successive halving: a third of the configurations go on, to three times as many
 * test lists. Each is trained anew on every rung it reaches: to keep them all would take their
 * memory times their number.
 */
#include "config.h"

#include "eval/tune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "base/time.h"
#include "eval/sample.h"

#define RUNGS 3
#define KEEP 3			/* one of so many goes on */
#define LISTS_MIN 300		/* fewer say nothing */
#define KNOBS 16
#define ROUNDS 1000		/* of the interval */

static const struct row {
	const char *model;
	enum param_id param;
	const char *values;
} table[] = {
#define TUNE(model_, param_, values_) {model_, PARAM_ID_##param_, values_},
#define START(model_, values_)
#include "eval/tune.def"
#undef TUNE
#undef START
	{NULL, PARAM_IDS, NULL},
};

static const struct start {
	const char *model, *values;
} starts[] = {
#define TUNE(model_, param_, values_)
#define START(model_, values_) {model_, values_},
#include "eval/tune.def"
#undef TUNE
#undef START
	{NULL, NULL},
};

/* A parameter and the values that it may get. */
struct knob {
	const char *name, *values;
	unsigned n;
};

struct config {
	struct entrant e;
	double worth;		/* on the last rung that it was asked on to the end */
	unsigned rung;		/* that, from 1; 0: none yet */
};

struct tuning {
	const struct eval_plan *plan;
	const struct tune_budget *budget;
	uint64_t lists[RUNGS];	/* that a rung asks */
	struct knob knob[KNOBS];
	unsigned n_knobs;
	struct config *config;	/* (n) the first is what the entrant was */
	size_t n;
	struct tuned *out;
	struct pool *pool;
	struct job *job;
};

/* --- configurations */

static void add_knob(struct tuning *t, const char *name, const char *values)
{
	struct knob *k = &t->knob[t->n_knobs];
	struct str rest = str_from(values), word;

	if (t->n_knobs == KNOBS)
		return;
	*k = (struct knob){name, values, 0};
	while (str_next(&rest, ',', &word))
		k->n++;
	t->n_knobs++;
}

static void find_knobs(struct tuning *t, const struct entrant *e)
{
	for (size_t i = 0; e->class && table[i].model; i++)
		if (str_is(str_from(table[i].model), e->class->name))
			add_knob(t, param_table[table[i].param].name, table[i].values);
	for (unsigned i = 0; !e->class && i < PANEL_WEIGHTS; i++)
		if (panel_weight_table[i].kind == e->kind)
			add_knob(t, panel_weight_table[i].name, panel_weight_table[i].tries);
}

static struct str value_of(const struct knob *k, size_t which)
{
	struct str rest = str_from(k->values), word = STR_NULL;

	for (size_t i = 0; i <= which; i++)
		str_next(&rest, ',', &word);
	return word;
}

static bool same_config(const struct entrant *a, const struct entrant *b)
{
	return memcmp(a->params.value, b->params.value, sizeof a->params.value) == 0 &&
	       memcmp(&a->weights, &b->weights, sizeof a->weights) == 0;
}

static bool known_config(const struct tuning *t, const struct entrant *e)
{
	for (size_t i = 0; i < t->n; i++)
		if (same_config(&t->config[i].e, e))
			return true;
	return false;
}

/* With the values of a start; false: the entrant is of another model. */
static bool apply_start(const struct start *s, struct entrant *e)
{
	struct str rest = str_from(s->values), word, key;
	bool ok = e->class && str_is(str_from(s->model), e->class->name);

	while (ok && str_next(&rest, ',', &word))
		ok = str_next(&word, '=', &key) && entrant_set(e, key, word, NULL);
	return ok;
}

/* At most n different ones, what it is first, then starts. */
static bool draw_configs(struct tuning *t, const struct entrant *e, size_t n, struct err *err)
{
	struct rng rng;

	t->config = mem_zalloc((n + 1) * sizeof *t->config);
	t->config[t->n++].e = *e;
	for (const struct start *s = starts; s->model && t->n < n; s++) {
		struct entrant other = *e;

		if (apply_start(s, &other) && !known_config(t, &other))
			t->config[t->n++].e = other;
	}
	rng_init(&rng, t->budget->seed, 0x7a9e);
	for (size_t tries = 0; t->n < n && tries < 50 * n; tries++) {
		struct entrant other = *e;

		for (unsigned k = 0; k < t->n_knobs; k++)
			if (rng_below(&rng, 2) &&
			    !entrant_set(&other, str_from(t->knob[k].name),
					 value_of(&t->knob[k], rng_below(&rng, t->knob[k].n)),
					 err))
				return false;
		if (!known_config(t, &other))
			t->config[t->n++].e = other;
	}
	return true;
}

/* --- asking */

static bool is_over(struct tuning *t)
{
	t->out->stopped = t->out->stopped || job_late(t->job);
	return t->out->stopped;
}

static double ndcg(const struct eval_plan *plan, const struct eval_run *r, size_t list)
{
	return r->answers[0].sum[((list + 1) * plan->n_k - 1) * EVAL_SUMS + SUM_NDCG];
}

/* Sums of NDCG and cases per group. */
static void by_group(const struct eval_plan *plan, const struct eval_run *r, double *value,
		     double *cases)
{
	for (size_t i = 0; i < r->lists; i++) {
		value[r->group[i]] += ndcg(plan, r, i);
		cases[r->group[i]] += r->count[i * EVAL_COUNTS + COUNT_CASES];
	}
}

/* A training or its answers came to nothing: true where the minutes are over, since what was
 * left half done may fail in any way. */
static bool ended(struct tuning *t, const struct err *failed, struct err *err)
{
	if (is_over(t) && !atomic_load(&t->job->cancel)) {
		t->out->within = true;
		return true;
	}
	if (err)
		*err = *failed;
	return false;
}

/* keep may be NULL. c->rung becomes rung when all is asked. What can't be learnt from this log,
 * as a fit without cases, is worth nothing, unless its figures are to be kept. */
static bool ask(struct tuning *t, struct config *c, unsigned rung, struct eval_run *keep,
		struct err *err)
{
	struct work work = {t->pool, t->job};
	struct eval_plan plan = *t->plan;
	struct contender m;
	struct eval_run r;
	struct err failed = {0};
	double sum = 0, cases = 0;
	bool ok;

	plan.max_lists = t->lists[rung - 1];
	if (!entrant_train(&c->e, plan.catalog, &m, work, &failed)) {
		if (keep || is_over(t) || (failed.code != ERR_NO && failed.code != ERR_USAGE))
			return ended(t, &failed, err);
		t->out->trainings++;
		t->out->failed++;
		c->worth = -INFINITY;
		c->rung = rung;
		return true;
	}
	ok = eval_run(&r, &plan, &m, 1, work, &failed);
	contender_finish(&m);
	if (!ok)
		return ended(t, &failed, err);
	t->out->trainings++;
	c->rung = rung;
	for (size_t i = 0; i < r.lists; i++) {
		sum += ndcg(&plan, &r, i);
		cases += r.count[i * EVAL_COUNTS + COUNT_CASES];
	}
	c->worth = sum / cases;
	if (keep)
		*keep = r;
	else
		eval_run_finish(&r);
	return true;
}

static int by_worth(const void *a, const void *b)
{
	const struct config *x = a, *y = b;

	if (x->rung != y->rung)
		return x->rung < y->rung ? 1 : -1;
	return (x->worth < y->worth) - (x->worth > y->worth);
}

/* The first n on a rung, until time runs out. The very first is always begun. */
static bool ask_rung(struct tuning *t, size_t n, unsigned rung, struct err *err)
{
	for (size_t i = 0; i < n && ((rung == 1 && i == 0) || !is_over(t)); i++)
		if (!ask(t, &t->config[i], rung, NULL, err))
			return false;
	return true;
}

/* --- the last rung */

struct side {
	double *value, *cases;	/* (groups) */
};

static void compare(struct tuning *t, const struct side *a, const struct side *b, size_t groups)
{
	SCOPED_FREE double *gain = mem_alloc((groups + 1) * sizeof *gain);
	struct sample s = {gain, a->cases, groups};

	for (size_t i = 0; i < groups; i++)
		gain[i] = b->value[i] - a->value[i];
	sample_interval(&s, ROUNDS, t->budget->seed, &t->out->low, &t->out->high);
	t->out->before = sample_mean(&(struct sample){a->value, a->cases, groups});
	t->out->after = sample_mean(&(struct sample){b->value, b->cases, groups});
}

/* On the last rung; an empty side where time ran out. */
static bool ask_all(struct tuning *t, struct config *c, struct side *s, size_t *groups,
		    struct err *err)
{
	struct eval_run r;

	if (!ask(t, c, RUNGS, &r, err))
		return false;
	if (c->rung != RUNGS)
		return true;
	*groups = r.groups;
	s->value = mem_zalloc((r.groups + 1) * sizeof(double));
	s->cases = mem_zalloc((r.groups + 1) * sizeof(double));
	by_group(t->plan, &r, s->value, s->cases);
	eval_run_finish(&r);
	return true;
}

static void side_finish(struct side *s)
{
	free(s->value);
	free(s->cases);
	*s = (struct side){0};
}

/* There was no time for the one that is ahead. */
static bool is_unheard(const struct tuning *t, const struct config *was)
{
	const struct config *ahead = &t->config[0];

	return t->out->stopped && ahead->rung < RUNGS && ahead->worth > -INFINITY &&
	       !same_config(&ahead->e, &was->e);
}

/* Of the first n and of what it was the best on all lists becomes *e, unless there was no time
 * for the latter or for the one that is ahead. */
static bool choose(struct tuning *t, struct config *was, size_t n, struct entrant *e,
		   struct err *err)
{
	struct side first = {0}, best = {0}, other = {0};
	const struct config *chosen = was;
	size_t groups = 0;
	bool ok = ask_all(t, was, &first, &groups, err);
	double most = was->worth;

	for (size_t i = 0; ok && i < n && !is_over(t); i++) {
		if (same_config(&t->config[i].e, &was->e) ||
		    (t->config[i].rung && t->config[i].worth == -INFINITY))
			continue;
		ok = ask_all(t, &t->config[i], &other, &groups, err);
		if (ok && other.value && t->config[i].worth > most) {
			side_finish(&best);
			best = other;
			other = (struct side){0};
			chosen = &t->config[i];
			most = chosen->worth;
		}
		side_finish(&other);
	}
	if (ok && first.value && !is_unheard(t, was)) {
		compare(t, &first, best.value ? &best : &first, groups);
		*e = chosen->e;
	}
	side_finish(&first);
	side_finish(&best);
	return ok;
}

static uint64_t at_least(uint64_t lists, uint64_t all)
{
	lists = lists < LISTS_MIN ? LISTS_MIN : lists;
	return lists < all ? lists : all;
}

static bool climb(struct tuning *t, struct entrant *e, struct err *err)
{
	uint64_t all = t->plan->split->n;
	struct config was = {.e = *e};
	size_t n = t->n;

	if (t->plan->max_lists && t->plan->max_lists < all)
		all = t->plan->max_lists;
	t->lists[0] = at_least(all / (KEEP * KEEP), all);
	t->lists[1] = at_least(all / KEEP, all);
	t->lists[2] = all;
	for (unsigned rung = 1; rung < RUNGS && n > 1; rung++) {
		if (!ask_rung(t, n, rung, err))
			return false;
		qsort(t->config, t->n, sizeof *t->config, by_worth);
		n = (n + KEEP - 1) / KEEP;
	}
	if (!t->out->stopped && !choose(t, &was, n, e, err))
		return false;
	/* else the best of the highest rung that there was time for */
	if (isnan(t->out->after) && t->config[0].rung && t->config[0].worth > -INFINITY)
		*e = t->config[0].e;
	return true;
}

/* Trainings at most that n configurations take, on all rungs, and what the entrant was. */
static size_t cost(size_t n)
{
	size_t all = 1;

	for (unsigned rung = 1; rung < RUNGS && n > 1; rung++) {
		all += n;
		n = (n + KEEP - 1) / KEEP;
	}
	return all + n;
}

bool entrant_tune(struct entrant *e, const struct eval_plan *plan,
		  const struct tune_budget *budget, struct tuned *out, struct work work,
		  struct err *err)
{
	struct tuning t = {.plan = plan,
			   .budget = budget,
			   .out = out,
			   .pool = work.pool,
			   .job = work.job};
	struct job own;
	struct entrant was;
	size_t n = 1;
	bool ok;

	*out = (struct tuned){.before = NAN, .after = NAN, .low = NAN, .high = NAN};
	/* what stands in this log is a choice like others */
	if (e->class)
		model_settle(e->class, plan->catalog, &e->params);
	find_knobs(&t, e);
	out->knobs = t.n_knobs;
	if (!t.n_knobs)
		return true;
	while (cost(n + 1) <= budget->trainings)
		n++;
	was = *e;
	if (!t.job) {
		job_init(&own);
		t.job = &own;
	}
	if (budget->minutes > 0)
		atomic_store(&t.job->until, time_now_monotonic() + 60 * budget->minutes);
	ok = draw_configs(&t, e, n, err) && climb(&t, e, err);
	atomic_store(&t.job->until, 0);
	out->kept = same_config(&was, e);
	free(t.config);
	return ok;
}
