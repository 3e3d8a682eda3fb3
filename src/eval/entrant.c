/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NAME:KEY=VALUE,... is parsed, made, and trained as a contender. */
#include "config.h"

#include "eval/entrant.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/time.h"
#include "eval/listed.h"
#include "store/sink.h"

static bool set_weight(struct entrant *e, struct str name, struct str value, struct err *err)
{
	for (unsigned i = 0; i < PANEL_WEIGHTS; i++) {
		const struct panel_weight_row *w = &panel_weight_table[i];
		double x;

		if (w->kind != e->kind || !str_is(name, w->name))
			continue;
		if (!num_real(value, &x) || x < w->least || x > w->most)
			return err_fail(err, ERR_USAGE, "%s takes a number from %g to %g, not "
					"'%.*s'", w->name, w->least, w->most, STR_ARG(value));
		e->weights.at[i] = x;
		return true;
	}
	return err_fail(err, ERR_USAGE, "the panel has no weight '%.*s'", STR_ARG(name));
}

bool entrant_set(struct entrant *e, struct str name, struct str value, struct err *err)
{
	uint64_t seed;

	if (!e->class)
		return set_weight(e, name, value, err);

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
	*e = (struct entrant){.class = class, .weights = panel_weights_default};
	if (class)
		params_init(&e->params, class->params);
}

const char *entrant_panel(enum panel_kind kind)
{
	static const char *const names[PANEL_ALL_KINDS] = {
		[PANEL_SIMILAR] = "similar",
		[PANEL_COMPLEMENTARY] = "complementary",
		[PANEL_BASKET] = "basket",
	};

	return names[kind];
}

static bool panel_named(struct str name, enum panel_kind *kind)
{
	for (unsigned i = 0; i < PANEL_ALL_KINDS; i++)
		if (str_is(name, entrant_panel(i))) {
			*kind = i;
			return true;
		}
	return false;
}

bool entrant_parse(struct entrant *out, struct str text, struct err *err)
{
	const struct model_class *class = NULL;
	enum panel_kind kind = PANEL_SIMILAR;
	struct entrant e;
	struct str name, rest = text, word, key;

	str_next(&rest, ':', &name);
	if (!panel_named(name, &kind)) {
		class = model_find(name);
		if (!class)
			return err_fail(err, ERR_USAGE, "'%.*s' is no model and no panel: see "
					"aisle train --list", STR_ARG(name));
		if (!class->train)
			return err_fail(err, ERR_USAGE, "%s can't be evaluated: it isn't trained "
					"on the log; see aisle train --list", class->name);
	}
	entrant_init(&e, class);
	e.kind = kind;
	while (str_next(&rest, ',', &word)) {
		if (!str_next(&word, '=', &key) || !word.len)
			return err_fail(err, ERR_USAGE, "'%.*s': parameters are written as "
					"MODEL:name=value,name=value", STR_ARG(text));
		if (!entrant_set(&e, key, word, err))
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

/* The latest products of a history that are looked at. */
static struct history latest(const struct eval_query *q, const float *ones)
{
	unsigned used = q->n < ENTRANT_HISTORY ? (unsigned)q->n : ENTRANT_HISTORY;

	return (struct history){.product = q->history + q->n - used, .n = used, .weight = ones};
}

static bool score(void *ctx, const uint32_t *history, size_t n, uint32_t target,
		  float *scores, unsigned worker, struct err *err)
{
	const struct trained_entrant *t = ctx;
	float ones[ENTRANT_HISTORY];
	struct history h = latest(&(struct eval_query){history, n}, t->unordered ? ones : NULL);

	for (unsigned i = 0; i < h.n; i++)
		ones[i] = 1;
	return model_score(t->model, &h, (struct scoring){scores, NULL}, err);
}

static bool score_many(void *ctx, const struct eval_query *q, size_t n, float *scores,
		       struct err *err)
{
	const struct trained_entrant *t = ctx;
	struct history h[EVAL_MANY];
	float ones[ENTRANT_HISTORY];

	for (unsigned i = 0; i < ENTRANT_HISTORY; i++)
		ones[i] = 1;
	for (size_t i = 0; i < n; i++)
		h[i] = latest(&q[i], t->unordered ? ones : NULL);
	return model_score_many(t->model, h, (unsigned)n, (struct scoring){scores, NULL}, err);
}

_Static_assert(EVAL_MANY == MODEL_MANY, "what is asked at once is answered at once");

static void destroy(void *ctx)
{
	struct trained_entrant *t = ctx;

	model_destroy(t->model);
	sink_destroy(t->sink);
	free(t);
}

void entrant_text(const struct entrant *e, const struct catalog *c, struct strbuf *b)
{
	struct params settled;

	if (e->class) {
		params_init(&settled, e->class->params);
		model_settle(e->class, c, &settled);
		params_add_typed(&e->params, &settled, b);
	}
	for (unsigned i = 0; !e->class && i < PANEL_WEIGHTS; i++)
		if (panel_weight_table[i].kind == e->kind &&
		    e->weights.at[i] != panel_weights_default.at[i]) {
			strbuf_addf(b, "%s--%s ", b->len ? " " : "", panel_weight_table[i].name);
			num_add_exact(b, e->weights.at[i]);
		}
}

bool entrant_train(const struct entrant *e, const struct catalog *c,
		   struct contender *out, struct work work, struct err *err)
{
	struct trained_entrant *t;
	struct entrant own = *e;	/* with what stands for this catalog */
	double since = time_now_monotonic(), cpu = time_now_cpu();
	STRBUF(params);

	if (!e->class) {
		OUTLOOK(o);

		outlook_set(&o, ASK_SAME_CATEGORY, str_from(same_category_name(e->same)));
		listed_make(out, c, &(struct listing){e->kind, &o, e->rows, e->weights},
			    work.job);
		entrant_text(e, c, &params);
		free(out->params);
		out->params = mem_strdup(strbuf_c(&params));
		return true;
	}
	model_settle(own.class, c, &own.params);
	t = mem_zalloc(sizeof *t);
	t->unordered = e->unordered;
	t->sink = sink_create();
	if (!model_train(e->class, &(struct lesson){c, &own.params, t->sink, work, e->text}, err) ||
	    !model_open_sink(&t->model,
			     &(struct model_form){e->class, &own.params, c->n_products}, t->sink,
			     err)) {
		destroy(t);
		return err_context(err, "training %s", e->class->name);
	}
	entrant_text(&own, c, &params);
	*out = (struct contender){
		.name = mem_strdup(e->name[0] ? e->name : e->class->name),
		.params = mem_strdup(strbuf_c(&params)),
		.seconds = time_now_monotonic() - since,
		.cpu = time_now_cpu() - cpu,
		.score = score,
		.score_many = model_scores_many(t->model) ? score_many : NULL,
		.destroy = destroy,
		.ctx = t,
	};
	return true;
}
