/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rank: learning to rank for people (LambdaMART: Burges 2010, "From RankNet to LambdaRank to
 * LambdaMART"; trees by XGBoost). Of the last days of the log (or periods of more days, where
 * little happens on one) each is a task: what was known before it gives every user with a past
 * candidates and features (model/knowledge), what the user got that day says which were right.
 * The last one isn't learnt from: it says when to stop, by MAP@12 with ties at their expected
 * value. Rows of a group are shuffled, groups without a right candidate left out. Then
 * everything is learnt anew up to the log's end.
 *
 * Arrays beside those of knowledge: "forest/root", "left", "right", "feature" U32, "number"
 * F32 (learn/forest.h), "forest/json" U8 as XGBoost saves it; of --objective logistic
 * "linear" F32 (RANK_FEATURES, 3): weight, mean, deviation. What was learnt of the features
 * stands in the notes: "features" {name: {gain, permuted}}.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/time.h"
#include "learn/boost.h"
#include "learn/logit.h"
#include "math/measure.h"
#include "model/knowledge.h"
#include "model/model.h"

#define BEST 12		/* places that count when to stop */
#define MOST_USERS 6000	/* of a period */
#define ENOUGH 100	/* groups to watch */

enum objective { OBJECTIVE_LAMBDARANK, OBJECTIVE_LOGLOSS, OBJECTIVE_LOGISTIC };

/* Groups of rows, growing. */
struct examples {
	float *x, *y;
	uint32_t *group, *targets;	/* (groups) rows; all that was got, found or not */
	size_t rows, cap_x, cap_y;
	size_t groups, cap_group, cap_targets;
};

static void examples_finish(struct examples *l)
{
	free(l->x);
	free(l->y);
	free(l->group);
	free(l->targets);
}

static struct boost_rows rows_of(const struct examples *l)
{
	return (struct boost_rows){.x = l->x, .y = l->y, .group = l->group, .rows = l->rows,
				   .groups = (uint32_t)l->groups, .columns = RANK_FEATURES};
}

struct training {
	const struct catalog *c;
	const struct params *p;
	struct knowledge k;
	struct examples learn, watch;
	struct pool *pool;
	struct job *job;
	struct rng rng;
	json_t *info;	/* of the sink */
};

/* --- lessons */

/* got (P): day of the last event that shows that a user has it, marked user by user. */
struct day {
	int64_t from, to;	/* ms */
	uint32_t *got;		/* (P) user + 1 */
	uint32_t n_got;
};

static void read_day(struct training *t, struct day *d, uint32_t user)
{
	const struct catalog *c = t->c;

	d->n_got = 0;
	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t s = c->user_session[i];

		for (uint64_t e = c->session_offsets[s]; e < c->session_offsets[s + 1]; e++) {
			uint32_t p = c->event_product[e];

			if (c->event_time[e] < d->from || c->event_time[e] >= d->to ||
			    c->event_kind[e] != t->k.had || d->got[p] == user + 1)
				continue;
			d->got[p] = user + 1;
			d->n_got++;
		}
	}
}

static void add_row(struct examples *l, const float *x, float y)
{
	MEM_GROW(l->x, l->cap_x, (l->rows + 1) * RANK_FEATURES);
	MEM_GROW(l->y, l->cap_y, l->rows + 1);
	memcpy(l->x + l->rows * RANK_FEATURES, x, RANK_FEATURES * sizeof *x);
	l->y[l->rows++] = y;
}

/* A day, and the examples that it gives. */
struct taught {
	struct examples *l;
	struct day *d;
};

static void add_group(struct training *t, struct taught to, uint32_t user,
		      const struct candidates_of *c)
{
	SCOPED_FREE uint32_t *order = mem_alloc((c->n + 1) * sizeof *order);
	uint32_t right = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		uint32_t j = (uint32_t)rng_below(&t->rng, i + 1);

		right += to.d->got[c->product[i]] == user + 1;
		order[i] = order[j];
		order[j] = i;
	}
	if (!right)
		return;
	for (uint32_t i = 0; i < c->n; i++)
		add_row(to.l, c->x + (size_t)order[i] * RANK_FEATURES,
			to.d->got[c->product[order[i]]] == user + 1);
	MEM_GROW(to.l->group, to.l->cap_group, to.l->groups + 1);
	MEM_GROW(to.l->targets, to.l->cap_targets, to.l->groups + 1);
	to.l->group[to.l->groups] = c->n;
	to.l->targets[to.l->groups++] = to.d->n_got;
}

static bool teach_user(struct training *t, struct taught to, uint32_t user, struct err *err)
{
	struct candidates_of c;
	struct past past;
	bool ok = true;

	past_read(&past, t->c, user, to.d->from);
	if (past.n) {
		ok = knowledge_candidates(&t->k, &past, &c, err);
		if (ok) {
			add_group(t, to, user, &c);
			candidates_of_finish(&c);
		}
	}
	past_finish(&past);
	return ok;
}

/* Users who got something that day, each with the same chance where they are too many. */
static bool teach_users(struct training *t, struct taught to, struct err *err)
{
	uint32_t left = 0;
	SCOPED_FREE uint32_t *who = mem_big(t->c->n_users, sizeof *who, "users", err);

	if (!who)
		return false;
	for (uint32_t u = 0; u < t->c->n_users; u++) {
		read_day(t, to.d, u);
		if (to.d->n_got)
			who[left++] = u;
	}
	for (uint32_t i = left; i-- > 1;) {
		uint32_t j = (uint32_t)rng_below(&t->rng, i + 1), swap = who[i];

		who[i] = who[j];
		who[j] = swap;
	}
	job_step(t->job, "gathering candidates", left);
	for (uint32_t i = 0, taught = 0; i < left && taught < MOST_USERS; i++) {
		size_t before = to.l->groups;

		read_day(t, to.d, who[i]);
		if (!teach_user(t, to, who[i], err))
			return false;
		taught += to.l->groups > before;
		job_advance(t->job, 1);
		if (!job_check(t->job, err))
			return false;
	}
	return true;
}

struct days {
	int64_t day, n;
};

static bool teach_days(struct training *t, struct examples *l, struct days of, struct err *err)
{
	SCOPED(sink) s = sink_create();
	struct model m = {.n_products = t->c->n_products, .find = sink_find, .ctx = s};
	struct day d = {.from = of.day * TIME_DAY, .to = (of.day + of.n) * TIME_DAY};
	bool ok;

	if (d.from <= t->c->first_time)
		return true;	/* nothing was before */
	d.got = mem_big(t->c->n_products, sizeof *d.got, "products", err);
	ok = d.got &&
	     knowledge_learn(&(struct lesson){t->c, NULL, s, (struct work){t->pool, t->job}},
			     &t->k, d.from, err) &&
	     knowledge_bind_learnt(&t->k, &m, err) &&
	     teach_users(t, (struct taught){l, &d}, err);
	free(d.got);
	return ok;
}

/* The last day, or as many as it takes to have enough to watch; *days gets how many. */
static bool teach_watch(struct training *t, int64_t end, int64_t *days, struct err *err)
{
	int64_t span = end - t->c->first_time / TIME_DAY;

	for (*days = 1;; *days *= 2) {
		examples_finish(&t->watch);
		t->watch = (struct examples){0};
		if (!teach_days(t, &t->watch, (struct days){end - *days, *days}, err))
			return false;
		if (t->watch.groups >= ENOUGH || *days * 6 > span)
			return true;
	}
}

static bool teach(struct training *t, struct err *err)
{
	int64_t end = t->c->last_time / TIME_DAY + 1, days;
	int64_t periods = (int64_t)params_count(t->p, PARAM_ID_PERIODS);

	if (!teach_watch(t, end, &days, err))
		return false;
	for (int64_t i = periods; i >= 1; i--)
		if (!teach_days(t, &t->learn, (struct days){end - (i + 1) * days, days}, err))
			return false;
	json_object_set_new(t->info, "days", json_integer(days));
	if (t->learn.groups && t->watch.groups)
		return true;
	return err_fail(err, ERR_NO, "rank learns from days on which users with a past get what "
			"could have been expected, and this log has none");
}

/* --- what an order is worth */

struct scored {
	float score, y;
};

static int best_first(const void *x, const void *y)
{
	float a = ((const struct scored *)x)->score, b = ((const struct scored *)y)->score;

	return (a < b) - (a > b);
}

static double worth_of_group(struct scored *row, uint32_t n, uint32_t targets, struct tie *tie)
{
	double value[MEASURES];
	size_t ties = 0;

	qsort(row, n, sizeof *row, best_first);
	for (uint32_t i = 0, end; i < n; i = end) {
		struct tie own = {.before = i};

		for (end = i; end < n && row[end].score == row[i].score; end++)
			own.targets += row[end].y > 0;
		own.tied = end - i;
		if (own.targets)
			tie[ties++] = own;
	}
	measure_at(tie, ties, targets, BEST, value);
	return value[MEASURE_MAP];
}

/* Mean MAP over the groups of a lesson. */
static double worth(void *ctx, const float *score)
{
	const struct examples *l = ctx;
	SCOPED_FREE struct scored *row = NULL;
	SCOPED_FREE struct tie *tie = NULL;
	size_t cap_row = 0, cap_tie = 0, at = 0;
	double sum = 0;

	for (size_t g = 0; g < l->groups; g++) {
		MEM_GROW(row, cap_row, l->group[g]);
		MEM_GROW(tie, cap_tie, l->group[g]);
		for (uint32_t i = 0; i < l->group[g]; i++)
			row[i] = (struct scored){score[at + i], l->y[at + i]};
		sum += worth_of_group(row, l->group[g], l->targets[g], tie);
		at += l->group[g];
	}
	return sum / (double)l->groups;
}

/* --- what features are worth */

static void shuffle_column(struct training *t, unsigned column, float *was)
{
	const struct examples *l = &t->watch;

	for (size_t r = 0; r < l->rows; r++)
		was[r] = l->x[r * RANK_FEATURES + column];
	for (size_t r = 0; r < l->rows; r++)
		l->x[r * RANK_FEATURES + column] = was[rng_below(&t->rng, l->rows)];
}

/* gain (RANK_FEATURES) or NULL. The loss of worth when a feature's values are drawn anew. */
static bool note_features(struct training *t, const double *gain, json_t *into,
			  bool (*score)(const void *by, const float *x, size_t n, float *out),
			  const void *by, struct err *err)
{
	struct examples *l = &t->watch;
	SCOPED_FREE float *out = mem_big(l->rows, sizeof *out, "scores", err);
	SCOPED_FREE float *was = mem_big(l->rows, sizeof *was, "scores", err);
	double all = 0, base;

	if (!out || !was)
		return false;
	score(by, l->x, l->rows, out);
	base = worth(l, out);
	for (unsigned f = 0; gain && f < RANK_FEATURES; f++)
		all += gain[f];
	for (unsigned f = 0; f < RANK_FEATURES; f++) {
		json_t *one = json_object();

		shuffle_column(t, f, was);
		score(by, l->x, l->rows, out);
		for (size_t r = 0; r < l->rows; r++)
			l->x[r * RANK_FEATURES + f] = was[r];
		if (gain)
			json_object_set_new(one, "gain", json_real(all > 0 ? gain[f] / all : 0));
		json_object_set_new(one, "permuted", json_real(base - worth(l, out)));
		json_object_set_new(into, rank_feature_table[f].name, one);
		if (!job_check(t->job, err))
			return false;
	}
	return true;
}

static bool forest_by(const void *by, const float *x, size_t n, float *out)
{
	forest_score(by, x, n, out);
	return true;
}

static bool linear_by(const void *by, const float *x, size_t n, float *out)
{
	logit_score(by, x, n, out);
	return true;
}

/* --- learning */

static bool keep_forest(const struct grown *g, const struct strbuf *json, struct sink *s,
			struct err *err)
{
	return sink_array(s, "forest/root", ARRAY_U32, (uint64_t)g->trees + 1, 1, g->root, err) &&
	       sink_array(s, "forest/left", ARRAY_U32, g->nodes, 1, g->left, err) &&
	       sink_array(s, "forest/right", ARRAY_U32, g->nodes, 1, g->right, err) &&
	       sink_array(s, "forest/feature", ARRAY_U32, g->nodes, 1, g->feature, err) &&
	       sink_array(s, "forest/number", ARRAY_F32, g->nodes, 1, g->number, err) &&
	       sink_array(s, "forest/json", ARRAY_U8, json->len, 1, json->ptr, err);
}

static bool learn_forest(struct training *t, struct sink *s, struct err *err)
{
	const struct boost_rows learn = rows_of(&t->learn), watch = rows_of(&t->watch);
	const struct boost_options o = {
		.objective = params_choice(t->p, PARAM_ID_OBJECTIVE) == OBJECTIVE_LAMBDARANK ?
			"rank:ndcg" : "binary:logistic",
		.trees = (unsigned)params_count(t->p, PARAM_ID_TREES),
		.depth = (unsigned)params_count(t->p, PARAM_ID_DEPTH),
		.rate = params_real(t->p, PARAM_ID_RATE), .patience = 60, .seed = t->p->seed,
		.worth = worth, .ctx = &t->watch,
	};
	json_t *features = json_object();
	struct grown g = {0};
	struct forest f;
	STRBUF(json);
	bool ok = boost_grow(&g, &json, &learn, &watch, &o, t->job, err);

	f = grown_view(&g);
	ok = ok && keep_forest(&g, &json, s, err) &&
	     note_features(t, g.gain, features, forest_by, &f, err);
	json_object_set_new(sink_info(s), "features", features);
	json_object_set_new(sink_info(s), "trees", json_integer(g.trees));
	grown_finish(&g);
	return ok;
}

static bool learn_linear(struct training *t, struct sink *s, struct err *err)
{
	const struct examples *l = &t->learn;
	struct logit model = {.columns = RANK_FEATURES};
	json_t *features = json_object();
	void *room;
	bool ok;

	json_object_set_new(sink_info(s), "features", features);
	if (!sink_reserve(s, "linear", ARRAY_F32, RANK_FEATURES, 3, &room, err))
		return false;
	model.weight = room;
	ok = logit_fit(&model, &(struct logit_task){l->x, l->y, l->rows, 1e-3}, t->job, err);
	return ok && note_features(t, NULL, features, linear_by, &model, err);
}

static bool learn(struct training *t, struct sink *s, struct err *err)
{
	struct model m = {.n_products = t->c->n_products, .find = sink_find, .ctx = s};

	if (!knowledge_bind_facts(&t->k, &m, err) || !teach(t, err))
		return false;
	json_object_set_new(sink_info(s), "groups", json_integer((json_int_t)t->learn.groups));
	json_object_set_new(sink_info(s), "watched", json_integer((json_int_t)t->watch.groups));
	if (params_choice(t->p, PARAM_ID_OBJECTIVE) == OBJECTIVE_LOGISTIC ?
	    !learn_linear(t, s, err) : !learn_forest(t, s, err))
		return false;
	return knowledge_learn(&(struct lesson){t->c, NULL, s, (struct work){t->pool, t->job}},
			       &t->k, t->c->last_time + 1, err);
}

/* texts or NULL. */
static bool rank_fit(const struct lesson *l, const struct vectors *texts, struct err *err)
{
	struct training t = {.c = l->catalog,
			     .p = l->params,
			     .pool = l->work.pool,
			     .job = l->work.job,
			     .info = sink_info(l->sink)};
	bool ok;

	if (!l->catalog->user_offsets || !l->catalog->user_session ||
	    !l->catalog->n_users)
		return err_fail(err, ERR_NO, "rank learns what users do, and this store knows no "
				"users");
	if (!l->catalog->event_time || l->catalog->caps & CAP_UNDATED)
		return err_fail(err, ERR_NO, "rank learns from one day to the next, and this log "
				"has no times");
	rng_init(&t.rng, l->params->seed, 0x7a4e);
	ok = knowledge_facts(l, texts, err) && learn(&t, l->sink, err);
	examples_finish(&t.learn);
	examples_finish(&t.watch);
	return ok;
}

static bool rank_train(const struct lesson *l, struct err *err)
{
	return rank_fit(l, NULL, err);
}

/* --- asking */

struct state {
	struct knowledge k;
	struct forest f;
	struct logit linear;	/* weight NULL: trees */
	struct str json;
};

static bool bind_forest(const struct model *m, struct state *s, struct err *err)
{
	struct array root, left, right, feature, number, json;

	if (!model_array(m, "forest/root", ARRAY_U32, &root, err) ||
	    !model_array(m, "forest/left", ARRAY_U32, &left, err) ||
	    !model_array(m, "forest/right", ARRAY_U32, &right, err) ||
	    !model_array(m, "forest/feature", ARRAY_U32, &feature, err) ||
	    !model_array(m, "forest/number", ARRAY_F32, &number, err) ||
	    !model_array(m, "forest/json", ARRAY_U8, &json, err))
		return false;
	s->f = (struct forest){root.data, left.data, right.data, feature.data, number.data,
			       root.rows ? (uint32_t)root.rows - 1 : 0, (uint32_t)left.rows,
			       RANK_FEATURES};
	s->json = str_span(json.data, json.rows);
	return (root.rows && left.rows == right.rows && left.rows == feature.rows &&
		left.rows == number.rows && forest_sound(&s->f)) ||
	       err_fail(err, ERR_STORE, "the model is damaged: its trees don't fit together");
}

static bool rank_open(struct model *m, struct err *err)
{
	SCOPED_FREE struct state *s = mem_zalloc(sizeof *s);
	struct array linear;

	if (!knowledge_bind_facts(&s->k, m, err) || !knowledge_bind_learnt(&s->k, m, err))
		return false;
	if (params_choice(&m->params, PARAM_ID_OBJECTIVE) == OBJECTIVE_LOGISTIC) {
		if (!model_array(m, "linear", ARRAY_F32, &linear, err))
			return false;
		if (linear.rows != RANK_FEATURES || linear.columns != 3)
			return err_fail(err, ERR_STORE, "the model was made for other features: "
					"train it again");
		s->linear = (struct logit){.columns = RANK_FEATURES,
					   .weight = (float *)(uintptr_t)linear.data};
	} else if (!bind_forest(m, s, err)) {
		return false;
	}
	m->state = s;
	s = NULL;
	return true;
}

static void rank_close(struct model *m)
{
	free(m->state);
}

static bool rank_score(const struct model *m, const struct past *past, struct scoring out,
		       struct err *err)
{
	const struct state *s = m->state;
	SCOPED_FREE float *own = NULL;
	struct candidates_of c;

	for (uint32_t p = 0; p < m->n_products; p++)
		out.scores[p] = -INFINITY;
	if (!past->n)
		return true;	/* learnt from people with a past, it knows nothing of others */
	if (!knowledge_candidates(&s->k, past, &c, err))
		return false;
	own = mem_alloc((c.n + 1) * sizeof *own);
	if (s->linear.weight)
		logit_score(&s->linear, c.x, c.n, own);
	else
		forest_score(&s->f, c.x, c.n, own);
	for (uint32_t i = 0; i < c.n; i++)
		out.scores[c.product[i]] = own[i];
	candidates_of_finish(&c);
	return job_check(out.job, err);
}

/* --- accounts */

static void add_sources(uint16_t from, char *out)
{
	static const char *const name[RANK_SOURCES] = {
		[FROM_REPEAT] = "repeat", [FROM_VARIANT] = "variant",
		[FROM_TOGETHER] = "together", [FROM_ALIKE] = "alike", [FROM_TEXT] = "text",
		[FROM_CATEGORY] = "category", [FROM_POPULAR] = "popular",
	};
	STRBUF(b);

	for (unsigned i = 0; i < RANK_SOURCES; i++)
		if (from >> i & 1)
			strbuf_addf(&b, "%s%s", b.len ? ", " : "", name[i]);
	snprintf(out, ACCOUNT_SOURCES, "%s", strbuf_c(&b));
}

static bool share_out(const struct state *s, const float *x, struct account *a,
		      struct err *err)
{
	static const char *const names[] = {
#define RANK_FEATURE(ident, name, help) name,
#include "model/rank_features.def"
#undef RANK_FEATURE
	};
	static const char *const helps[] = {
#define RANK_FEATURE(ident, name, help) help,
#include "model/rank_features.def"
#undef RANK_FEATURE
	};
	float share[RANK_FEATURES + 1];

	if (s->linear.weight)
		logit_shares(&s->linear, x, share);
	else if (!boost_shares(s->json, x, 1, RANK_FEATURES, share, err))
		return false;
	a->n = RANK_FEATURES;
	a->name = names;
	a->help = helps;
	a->value = mem_alloc(RANK_FEATURES * sizeof *a->value);
	a->share = mem_alloc(RANK_FEATURES * sizeof *a->share);
	memcpy(a->value, x, RANK_FEATURES * sizeof *x);
	memcpy(a->share, share, RANK_FEATURES * sizeof *share);
	a->rest = share[RANK_FEATURES];
	return true;
}

static bool rank_account(const struct model *m, const struct past *past, uint32_t product,
			 bool shares, struct account *out, struct err *err)
{
	const struct state *s = m->state;
	struct account a = {.n = 0};
	struct candidates_of c;
	uint32_t i = 0;
	bool ok;

	if (!knowledge_candidates(&s->k, past, &c, err))
		return false;
	while (i < c.n && c.product[i] != product)
		i++;
	ok = i < c.n || err_fail(err, ERR_NO, "the product is no candidate for this user: no "
				 "source of the ranker brings it");
	if (ok)
		add_sources(c.from[i], a.sources);
	ok = ok && (!shares || share_out(s, c.x + (size_t)i * RANK_FEATURES, &a, err));
	candidates_of_finish(&c);
	if (ok)
		*out = a;
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_OBJECTIVE, "lambdarank"},
	{PARAM_ID_PERIODS, "4"},
	{PARAM_ID_TREES, "400"},
	{PARAM_ID_DEPTH, "5"},
	{PARAM_ID_RATE, "0.05"},
	{PARAM_IDS, NULL},
};

const struct model_class md_rank = {
	.name = "rank",
	.title = "Ranked for people",
	.summary = "What someone has or looked at, its variants, what goes with it, what people "
		   "alike have, what reads alike and what is popular are put in one order by "
		   "trees that learnt from the last days what was taken (LambdaMART by "
		   "XGBoost); --model NAME gives it texts.",
	.score_text = "how much the trees expect it to be taken next; only differences count",
	.flags = MODEL_REPEATS,
	.params = params,
	.train = rank_train,
	.fit = rank_fit,
	.open = rank_open,
	.close = rank_close,
	.score_past = rank_score,
	.account = rank_account,
};
