/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NAME:KEY=VALUE,... is parsed, trained, and tuned on a split of its own. */
#include "config.h"

#include "eval/entrant.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/time.h"
#include "store/sink.h"

#define ROUNDS 2	/* through all parameters */

static const struct {
	const char *model;
	enum param_id param;
	const char *values;
} table[] = {
#define TUNE(model_, param_, values_) {#model_, PARAM_ID_##param_, values_},
#include "eval/tune.def"
#undef TUNE
	{NULL, PARAM_IDS, NULL},
};

static bool set_param(struct entrant *e, struct str name, struct str value, struct err *err)
{
	uint64_t seed;

	if (str_is(name, "seed") && num_u64(value, &seed)) {
		e->params.seed = seed;
		return true;
	}
	enum param_id id = param_find(name);
	if (id == PARAM_IDS || !params_takes(&e->params, id))
		return err_fail(err, ERR_USAGE, "%s has no parameter '%.*s': see aisle train "
				"--list", e->class->name, STR_ARG(name));
	return params_set(&e->params, id, value, err);
}

void entrant_init(struct entrant *e, const struct model_class *class)
{
	*e = (struct entrant){.class = class};
	params_init(&e->params, class->params);
}

bool entrant_parse(struct entrant *out, struct str text, struct err *err)
{
	struct entrant e = {0};
	struct str name, rest = text, word, key;

	str_next(&rest, ':', &name);
	e.class = model_find(name);
	if (!e.class)
		return err_fail(err, ERR_USAGE, "'%.*s' is no model: see aisle train --list",
				STR_ARG(name));
	if (!e.class->train)
		return err_fail(err, ERR_USAGE, "%s can't be evaluated: it isn't trained on the "
				"log; see aisle train --list", e.class->name);
	entrant_init(&e, e.class);
	while (str_next(&rest, ',', &word)) {
		if (!str_next(&word, '=', &key) || !word.len)
			return err_fail(err, ERR_USAGE, "'%.*s': parameters are written as "
					"MODEL:name=value,name=value", STR_ARG(text));
		if (!set_param(&e, key, word, err))
			return false;
	}
	*out = e;
	return true;
}

/* --- as a contender */

struct trained_entrant {
	struct sink *sink;
	struct model *model;
	bool unordered;
};

static bool score(void *ctx, const uint32_t *history, size_t n, uint32_t target,
		  float *scores, unsigned worker, struct err *err)
{
	const struct trained_entrant *t = ctx;
	unsigned used = n < ENTRANT_HISTORY ? (unsigned)n : ENTRANT_HISTORY;
	float weight[ENTRANT_HISTORY];
	struct history h = {.product = history + n - used, .n = used};

	for (unsigned i = 0; i < used; i++)
		weight[i] = 1;
	if (t->unordered)
		h.weight = weight;
	return model_score(t->model, &h, scores, NULL, err);
}

static void destroy(void *ctx)
{
	struct trained_entrant *t = ctx;

	model_destroy(t->model);
	sink_destroy(t->sink);
	free(t);
}

bool entrant_train(const struct entrant *e, const struct catalog *c,
		   struct contender *out, struct pool *pool, struct job *job,
		   struct err *err)
{
	struct trained_entrant *t = mem_zalloc(sizeof *t);
	double since = time_now_monotonic();
	STRBUF(params);

	t->unordered = e->unordered;
	t->sink = sink_create();
	if (!model_train(e->class, c, &e->params, t->sink, pool, job, err) ||
	    !model_open_sink(&t->model, e->class, &e->params, t->sink, c->n_products, err)) {
		destroy(t);
		return err_context(err, "training %s", e->class->name);
	}
	params_add_all(&e->params, true, &params);
	*out = (struct contender){
		.name = mem_strdup(e->name[0] ? e->name : e->class->name),
		.params = mem_strdup(strbuf_c(&params)),
		.seconds = time_now_monotonic() - since,
		.score = score,
		.destroy = destroy,
		.ctx = t,
	};
	return true;
}

/* --- tuning */

/* NDCG at the longest k. */
static bool worth(const struct entrant *e, const struct eval_plan *plan, double *ndcg,
		  struct pool *pool, struct job *job, struct err *err)
{
	struct contender m;
	struct eval_run r;
	double sum = 0, cases = 0;
	bool ok;

	if (!entrant_train(e, plan->catalog, &m, pool, job, err))
		return false;
	ok = eval_run(&r, plan, &m, 1, pool, job, err);
	contender_finish(&m);
	if (!ok)
		return false;
	for (size_t i = 0; i < r.lists; i++) {
		sum += r.answers[0].sum[((i + 1) * plan->n_k - 1) * EVAL_SUMS + SUM_NDCG];
		cases += r.count[i * EVAL_COUNTS + COUNT_CASES];
	}
	*ndcg = sum / cases;
	eval_run_finish(&r);
	return true;
}

bool entrant_tune(struct entrant *e, const struct eval_plan *plan, unsigned *tried,
		  struct pool *pool, struct job *job, struct err *err)
{
	struct entrant best = *e;
	double most = -1, ndcg;

	*tried = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; table[i].model; i++) {
			struct str rest = str_from(table[i].values), value;

			if (!str_is(str_from(table[i].model), e->class->name))
				continue;
			while (str_next(&rest, ',', &value)) {
				struct entrant other = best;

				if (!params_set(&other.params, table[i].param, value, err))
					return false;
				if (most >= 0 && other.params.value[table[i].param] ==
						 best.params.value[table[i].param])
					continue;
				if (!worth(&other, plan, &ndcg, pool, job, err))
					return false;
				++*tried;
				if (ndcg > most) {
					most = ndcg;
					best = other;
				}
			}
		}
	}
	*e = best;
	return true;
}
