/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of parameters when its time runs out, at every training that there can be. */
#include "config.h"

#include "eval/tune.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/pool.h"

#include "fixture.h"
#include "minishop.h"
#include "unit.h"

#define CALLS 30

/* covis, whose time is over while it is trained for the `last` time. */
static const struct model_class *real;
static struct job job;
static struct params asked[CALLS];
static unsigned calls, last;

static bool train(const struct lesson *l, struct err *err)
{
	if (calls < CALLS)
		asked[calls] = *l->params;
	if (++calls == last)
		atomic_store(&job.until, 1e-9);
	return real->train(l, err);
}

struct shop {
	struct store *store;
	struct pool *pool;
	struct split split;
	struct part *part;
	struct eval_plan plan;
	struct model_class class;
};

static void open_shop(struct shop *s, const char *path)
{
	static struct minishop mini;
	struct split_spec spec = {.seed = 1};
	struct err err = {0};

	minishop_draw(&mini, 5, 1u << EVENT_VIEW);
	s->store = minishop_store(&mini, path, 1);
	s->pool = pool_create(1);
	if (!split_parse(STR("random:0.4"), &spec, &err) ||
	    !split_make(&s->split, &spec, store_catalog(s->store), TASK_NEXT, NULL, &err) ||
	    !split_part(&s->part, &s->split, store_catalog(s->store),
			(struct work){s->pool, NULL}, &err))
		fail_msg("%s", err.text);
	s->plan = (struct eval_plan){.catalog = part_catalog(s->part), .split = &s->split,
				     .whole = store_catalog(s->store), .task = TASK_NEXT,
				     .k = {10}, .n_k = 1, .seed = 1};
	real = model_find(STR("covis"));
	s->class = *real;
	s->class.train = train;
}

static void close_shop(struct shop *s)
{
	part_destroy(s->part);
	split_finish(&s->split);
	pool_destroy(s->pool);
	store_destroy(s->store);
}

/* NDCG of covis with these parameters. */
static double worth(struct shop *s, const struct params *params)
{
	struct entrant e;
	struct contender c;
	struct eval_run r;
	struct err err = {0};
	double sum = 0, cases = 0;

	entrant_init(&e, real);
	e.params = *params;
	if (!entrant_train(&e, s->plan.catalog, &c, (struct work){s->pool, NULL}, &err) ||
	    !eval_run(&r, &s->plan, &c, 1, (struct work){s->pool, NULL}, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < r.lists; i++) {
		sum += r.answers[0].sum[i * EVAL_SUMS + SUM_NDCG];
		cases += r.count[i * EVAL_COUNTS + COUNT_CASES];
	}
	eval_run_finish(&r);
	contender_finish(&c);
	return sum / cases;
}

static void tune(struct shop *s, unsigned in_training, struct tuned *out, struct params *chosen)
{
	struct tune_budget budget = {13, 1e6, 1};
	struct entrant e;
	struct err err = {0};

	job_init(&job);
	calls = 0;
	last = in_training;
	entrant_init(&e, &s->class);
	if (!entrant_tune(&e, &s->plan, &budget, out, (struct work){s->pool, &job}, &err))
		fail_msg("%s", err.text);
	assert_true(atomic_load(&job.until) == 0);
	assert_true(job_check(&job, NULL));
	*chosen = e.params;
}

/* All rungs ask the same lists here, so the choice is the best of all that was asked. */
static void the_best_so_far(void **state)
{
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	struct shop s = {0};
	struct tuned t;
	struct params chosen;
	unsigned all;

	open_shop(&s, path);
	assert_true(s.split.n > 50 && s.split.n <= 300);
	tune(&s, 0, &t, &chosen);
	all = calls;
	assert_true(all > 10 && all <= 13);
	assert_false(t.stopped || t.within || t.kept);
	assert_int_equal(t.trainings, all);
	assert_true(t.after > t.before);
	for (unsigned n = 1; n <= all; n++) {
		double best = -1;

		tune(&s, n, &t, &chosen);
		assert_true(t.stopped && t.within);
		assert_int_equal(calls, n);
		assert_int_equal(t.trainings, n - 1);
		for (unsigned i = 0; i + 1 < n; i++)
			best = fmax(best, worth(&s, &asked[i]));
		if (n > 1)
			assert_true(fabs(worth(&s, &chosen) - best) < 1e-12);
		else
			assert_true(t.kept);
	}
	close_shop(&s);
	fixture_remove(folder);
	free(path);
}

/* A person who stops it is no clock. */
static void stopped_by_a_person(void **state)
{
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	struct tune_budget budget = {13, 1e-9, 1};
	struct shop s = {0};
	struct tuned t;
	struct entrant e;
	struct err err = {0};

	open_shop(&s, path);
	job_init(&job);
	atomic_store(&job.cancel, true);
	entrant_init(&e, &s.class);
	assert_false(entrant_tune(&e, &s.plan, &budget, &t, (struct work){s.pool, &job}, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	close_shop(&s);
	fixture_remove(folder);
	free(path);
}

UNIT_TESTS(tune, UNIT(the_best_so_far), UNIT(stopped_by_a_person))
