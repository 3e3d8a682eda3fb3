/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rank: learning to rank for people (LambdaMART: Burges 2010, "From RankNet to LambdaRank to
 * LambdaMART"; trees by XGBoost). Of the last days of the log (or periods of more days, where
 * little happens on one) each is a task: what was known before it gives every user with a past
 * candidates and features (model/knowledge), what the user got that day says which were right.
 * The last one says when to stop, by MAP@12 with ties at their expected value, and then as
 * many trees are grown from it too. Rows of a group are shuffled, groups without a right
 * candidate left out; of what wasn't right a group that is learnt from has some, drawn
 * (--wrong). Then everything is learnt anew up to the log's end.
 *
 * Two orders are learnt. The one of people is asked where there is a past alone; the one of
 * pages where something is looked at or lies in a cart now: its groups are sessions of these
 * days that are cut (model/cart), with the past of their users.
 *
 * Decisions are groups of that second order too, where they are asked for (--labels verdicts).
 *
 * Arrays beside those of knowledge: "forest/root", "left", "right", "feature" U32, "number"
 * F32 (learn/forest.h), "forest/json" U8 as XGBoost saves them, a 0 between two; of
 * --objective logistic "forest/linear" F32 (RANK_FEATURES, 3): weight, mean, deviation; the
 * same under "page/", not there if there was nothing to learn it from. What was learnt of the
 * features stands in the notes: "features" and "page features" {name: {gain, permuted}}.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "learn/boost.h"
#include "learn/canopy.h"
#include "learn/logit.h"
#include "model/knowledge.h"
#include "model/labels.h"
#include "model/model.h"
#include "model/rank_training.h"

#define NOTED 300	/* groups that say what a feature is worth */

enum objective { OBJECTIVE_LAMBDARANK, OBJECTIVE_LOGLOSS, OBJECTIVE_LOGISTIC, OBJECTIVE_BOTH };

/* What trees are grown for, as XGBoost names it, one after the other. */
static const char *const aims[][2] = {
	[OBJECTIVE_LAMBDARANK] = {"rank:ndcg"}, [OBJECTIVE_LOGLOSS] = {"binary:logistic"},
	[OBJECTIVE_BOTH] = {"rank:ndcg", "binary:logistic"},
};

/* Under which arrays and notes an order is kept. */
static const struct order_text {
	const char *arrays, *features, *trees, *groups, *watched;
} order_texts[ORDERS] = {
	{"forest", "features", "trees", "groups", "watched"},
	{"page", "page features", "page trees", "page groups", "page watched"},
};

/* --- what features are worth */

static void shuffle_column(struct training *t, const struct examples *l, unsigned column,
			   float *was)
{
	for (size_t r = 0; r < l->rows; r++)
		was[r] = l->x[r * RANK_FEATURES + column];
	for (size_t r = 0; r < l->rows; r++)
		l->x[r * RANK_FEATURES + column] = was[rng_below(&t->rng, l->rows)];
}

/* What is noted of an order: its gains (RANK_FEATURES) or NULL, and what scores rows. */
struct noting {
	enum order order;
	const double *gain;
	bool (*score)(const void *by, const float *x, size_t n, float *out);
	const void *by;
};

/* The first groups of a lesson, as many as tell enough of a feature. */
static struct examples some_groups(const struct examples *of)
{
	struct examples l = *of;

	l.groups = of->groups < NOTED ? of->groups : NOTED;
	l.rows = 0;
	for (size_t g = 0; g < l.groups; g++)
		l.rows += l.group[g];
	return l;
}

/* The loss of worth when a feature's values are drawn anew. */
static bool note_features(struct training *t, const struct noting *of, struct err *err)
{
	const struct examples some = some_groups(&t->watch[of->order]), *l = &some;
	const double *gain = of->gain;
	json_t *into = json_object();
	SCOPED_FREE float *out = mem_big(l->rows, sizeof *out, "scores", err);
	SCOPED_FREE float *was = mem_big(l->rows, sizeof *was, "scores", err);
	double all = 0, base;

	json_object_set_new(t->info, order_texts[of->order].features, into);
	if (!out || !was)
		return false;
	of->score(of->by, l->x, l->rows, out);
	base = examples_worth(l, out);
	for (unsigned f = 0; gain && f < RANK_FEATURES; f++)
		all += gain[f];
	for (unsigned f = 0; f < RANK_FEATURES; f++) {
		json_t *one = json_object();

		shuffle_column(t, l, f, was);
		of->score(of->by, l->x, l->rows, out);
		for (size_t r = 0; r < l->rows; r++)
			l->x[r * RANK_FEATURES + f] = was[r];
		if (gain)
			json_object_set_new(one, "gain", json_real(all > 0 ? gain[f] / all : 0));
		json_object_set_new(one, "permuted", json_real(base - examples_worth(l, out)));
		json_object_set_new(into, rank_feature_table[f].name, one);
		if (!job_check(t->work.job, err))
			return false;
	}
	return true;
}

static double worth_of(void *watch, const float *score)
{
	return examples_worth(watch, score);
}

static bool forest_by(const void *by, const float *x, size_t n, float *out)
{
	canopy_score(by, x, n, out);
	return true;
}

static bool linear_by(const void *by, const float *x, size_t n, float *out)
{
	logit_score(by, x, n, out);
	return true;
}

/* --- learning */

/* An array of an order: "forest/root". */
static const char *array_name(enum order o, const char *what, char name[32])
{
	snprintf(name, 32, "%s/%s", order_texts[o].arrays, what);
	return name;
}

static bool keep_forest(struct sink *s, enum order o, const struct grown *g,
			const struct strbuf *json, struct err *err)
{
	const struct {
		const char *what;
		enum array_type type;
		uint64_t n;
		const void *data;
	} part[] = {
		{"root", ARRAY_U32, (uint64_t)g->trees + 1, g->root},
		{"left", ARRAY_U32, g->nodes, g->left},
		{"right", ARRAY_U32, g->nodes, g->right},
		{"feature", ARRAY_U32, g->nodes, g->feature},
		{"number", ARRAY_F32, g->nodes, g->number},
		{"json", ARRAY_U8, json->len, json->ptr},
	};
	char name[32];

	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		if (!sink_array(s, array_name(o, part[i].what, name), part[i].type, part[i].n, 1,
				part[i].data, err))
			return false;
	return true;
}

/* Trees of an order: those of each aim behind each other. */
struct stand {
	struct training *t;
	enum order order;
	unsigned trees[2];	/* of each aim */
	struct grown g;
	struct strbuf json;	/* as XGBoost saves each; between them a 0 */
};

static void stand_clear(struct stand *w)
{
	grown_finish(&w->g);
	w->g = (struct grown){0};
	strbuf_reset(&w->json);
}

/* As many trees as are worth most on what is watched, or as many as that were. */
static bool grow_aim(struct stand *w, unsigned aim, bool watched, struct err *err)
{
	struct training *t = w->t;
	const struct boost_rows learn = examples_rows(&t->learn[w->order]);
	const struct boost_rows watch = examples_rows(&t->watch[w->order]);
	const struct boost_options o = {
		.objective = aims[params_choice(t->p, PARAM_ID_OBJECTIVE)][aim],
		.trees = watched ? (unsigned)params_count(t->p, PARAM_ID_TREES) : w->trees[aim],
		.depth = (unsigned)params_count(t->p, PARAM_ID_DEPTH),
		.rate = params_real(t->p, PARAM_ID_RATE), .patience = 60, .seed = t->p->seed,
		.worth = worth_of, .ctx = &t->watch[w->order],
	};
	struct grown g = {0};
	STRBUF(json);

	if (!boost_grow(&g, &json, &learn, watched ? &watch : NULL, &o, t->work.job, err))
		return false;
	w->trees[aim] = g.trees;
	if (w->json.len)
		strbuf_addc(&w->json, '\0');
	strbuf_add(&w->json, strbuf_str(&json));
	if (!w->g.trees) {
		w->g = g;
		return true;
	}
	grown_join(&w->g, &g);
	grown_finish(&g);
	return true;
}

static bool grow_all(struct stand *w, bool watched, struct err *err)
{
	const char *const *aim = aims[params_choice(w->t->p, PARAM_ID_OBJECTIVE)];

	stand_clear(w);
	for (unsigned i = 0; i < 2 && aim[i]; i++)
		if (!grow_aim(w, i, watched, err))
			return false;
	return true;
}

static bool note_trees(struct stand *w, struct err *err)
{
	const struct forest f = grown_view(&w->g);
	SCOPED(canopy) by = canopy_create(&f);

	json_object_set_new(w->t->info, order_texts[w->order].trees, json_integer(w->g.trees));
	return note_features(w->t, &(struct noting){w->order, w->g.gain, forest_by, by}, err);
}

/* What says when to stop is learnt from too, once that is known. */
static bool learn_forest(struct training *t, enum order order, struct sink *s, struct err *err)
{
	struct stand w = {.t = t, .order = order};
	bool ok = grow_all(&w, true, err) && note_trees(&w, err);

	if (ok) {
		examples_join(&t->learn[order], &t->watch[order]);
		ok = grow_all(&w, false, err) && keep_forest(s, order, &w.g, &w.json, err);
	}
	grown_finish(&w.g);
	strbuf_finish(&w.json);
	return ok;
}

static bool learn_linear(struct training *t, enum order order, struct sink *s, struct err *err)
{
	const struct examples *l = &t->learn[order];
	struct logit model = {.columns = RANK_FEATURES};
	char name[32];
	void *room;

	if (!sink_reserve(s, array_name(order, "linear", name), ARRAY_F32, RANK_FEATURES, 3,
			  &room, err))
		return false;
	model.weight = room;
	return logit_fit(&model, &(struct logit_task){l->x, l->y, l->rows, 1e-3}, t->work.job,
			 err) &&
	       note_features(t, &(struct noting){order, NULL, linear_by, &model}, err);
}

static bool learn_order(struct training *t, enum order o, struct sink *s, struct err *err)
{
	size_t groups = t->learn[o].groups, watched = t->watch[o].groups;

	json_object_set_new(t->info, order_texts[o].groups, json_integer((json_int_t)groups));
	json_object_set_new(t->info, order_texts[o].watched, json_integer((json_int_t)watched));
	if (!groups || !watched)
		return true;
	return params_choice(t->p, PARAM_ID_OBJECTIVE) == OBJECTIVE_LOGISTIC ?
		learn_linear(t, o, s, err) : learn_forest(t, o, s, err);
}

static bool learn(struct training *t, struct sink *s, struct err *err)
{
	struct model m = {.n_products = t->c->n_products, .find = sink_find, .ctx = s};

	if (!knowledge_bind_facts(&t->k, &m, err) || !taught_days(t, err) ||
	    !taught_decisions(t, err))
		return false;
	for (enum order o = 0; o < ORDERS; o++)
		if (!learn_order(t, o, s, err))
			return false;
	return knowledge_learn(&(struct lesson){t->c, NULL, s, t->work},
			       &t->k, t->c->last_time + 1, err);
}

/* texts or NULL. */
static bool rank_fit(const struct lesson *l, const struct vectors *texts, struct err *err)
{
	struct training t = {.c = l->catalog,
			     .p = l->params,
			     .work = l->work,
			     .info = sink_info(l->sink)};
	bool ok, asked;

	if (!l->catalog->user_offsets || !l->catalog->user_session ||
	    !l->catalog->n_users)
		return err_fail(err, ERR_NO, "rank learns what users do, and this store knows no "
				"users");
	if (!l->catalog->event_time || l->catalog->caps & CAP_UNDATED)
		return err_fail(err, ERR_NO, "rank learns from one day to the next, and this log "
				"has no times");
	if (!labels_asked(l, &asked, err))
		return false;
	t.labels = asked ? l->labels : NULL;
	for (enum order o = 0; o < ORDERS; o++) {
		t.learn[o].wrong = (uint32_t)params_count(l->params, PARAM_ID_WRONG);
		t.watch[o].wrong = UINT32_MAX;
	}
	rng_init(&t.rng, l->params->seed, 0x7a4e);
	ok = knowledge_facts(l, texts, err) && learn(&t, l->sink, err);
	for (enum order o = 0; o < ORDERS; o++) {
		examples_forget(&t.learn[o]);
		examples_forget(&t.watch[o]);
	}
	return ok;
}

static bool rank_train(const struct lesson *l, struct err *err)
{
	return rank_fit(l, NULL, err);
}

/* --- asking */

struct trained_order {
	struct canopy *canopy;	/* the trees */
	struct logit linear;	/* weight NULL: trees */
	struct str json;
};

struct state {
	struct knowledge k;
	struct trained_order order[ORDERS];
	bool pages;		/* there is an order of pages */
};

static void state_destroy(struct state *s)
{
	for (enum order o = 0; s && o < ORDERS; o++)
		canopy_destroy(s->order[o].canopy);
	free(s);
}
SCOPED_DEFINE(state)

static bool bind_forest(const struct model *m, enum order o, struct trained_order *t,
			struct err *err)
{
	struct array root, left, right, feature, number, json;
	struct forest f;
	char name[32];

	if (!model_array(m, array_name(o, "root", name), ARRAY_U32, &root, err) ||
	    !model_array(m, array_name(o, "left", name), ARRAY_U32, &left, err) ||
	    !model_array(m, array_name(o, "right", name), ARRAY_U32, &right, err) ||
	    !model_array(m, array_name(o, "feature", name), ARRAY_U32, &feature, err) ||
	    !model_array(m, array_name(o, "number", name), ARRAY_F32, &number, err) ||
	    !model_array(m, array_name(o, "json", name), ARRAY_U8, &json, err))
		return false;
	f = (struct forest){root.data, left.data, right.data, feature.data, number.data,
			    root.rows ? (uint32_t)root.rows - 1 : 0, (uint32_t)left.rows,
			    RANK_FEATURES};
	if (!root.rows || left.rows != right.rows || left.rows != feature.rows ||
	    left.rows != number.rows || !forest_sound(&f))
		return err_fail(err, ERR_STORE, "the model is damaged: its trees don't fit "
				"together");
	t->json = str_span(json.data, json.rows);
	t->canopy = canopy_create(&f);
	return true;
}

static bool bind_linear(const struct model *m, enum order o, struct trained_order *t,
			struct err *err)
{
	struct array linear;
	char name[32];

	if (!model_array(m, array_name(o, "linear", name), ARRAY_F32, &linear, err))
		return false;
	if (linear.rows != RANK_FEATURES || linear.columns != 3)
		return err_fail(err, ERR_STORE, "the model was made for other features: train it "
				"again");
	t->linear = (struct logit){.columns = RANK_FEATURES,
				   .weight = (float *)(uintptr_t)linear.data};
	return true;
}

static bool rank_open(struct model *m, struct err *err)
{
	SCOPED(state) s = mem_zalloc(sizeof *s);
	bool linear = params_choice(&m->params, PARAM_ID_OBJECTIVE) == OBJECTIVE_LOGISTIC;
	struct array any;
	char name[32];

	if (!knowledge_bind_facts(&s->k, m, err) || !knowledge_bind_learnt(&s->k, m, err))
		return false;
	s->pages = m->find(m->ctx, array_name(ORDER_PAGES, linear ? "linear" : "root", name),
			   &any);
	for (enum order o = 0; o < ORDERS; o++)
		if ((o != ORDER_PAGES || s->pages) &&
		    (linear ? !bind_linear(m, o, &s->order[o], err) :
			      !bind_forest(m, o, &s->order[o], err)))
			return false;
	m->state = s;
	s = NULL;
	return true;
}

/* The order for that past: with or without a page. */
static const struct trained_order *order_for(const struct state *s, const struct past *past)
{
	return &s->order[past->page && s->pages ? ORDER_PAGES : ORDER_PEOPLE];
}

static void rank_close(struct model *m)
{
	state_destroy(m->state);
}

static void score_candidates(const struct model *m, const struct past *past,
			     const struct candidates_of *c, float *scores)
{
	const struct trained_order *by = order_for(m->state, past);
	SCOPED_FREE float *own = mem_alloc((c->n + 1) * sizeof *own);

	if (by->linear.weight)
		logit_score(&by->linear, c->x, c->n, own);
	else
		canopy_score(by->canopy, c->x, c->n, own);
	for (uint32_t p = 0; p < m->n_products; p++)
		scores[p] = -INFINITY;
	/* Learnt from people with a past, it knows nothing of others. */
	for (uint32_t i = 0; past->n && i < c->n; i++)
		scores[c->product[i]] = own[i];
}

static bool rank_score_many(const struct model *m, const struct past *past, unsigned n,
			    struct scoring out, struct err *err)
{
	const struct state *s = m->state;
	struct candidates_of c[MODEL_PASTS];

	assert(n <= MODEL_PASTS);
	if (!knowledge_candidates_many(&s->k, past, n, c, err))
		return false;
	for (unsigned i = 0; i < n; i++) {
		score_candidates(m, &past[i], &c[i], out.scores + (size_t)i * m->n_products);
		candidates_of_finish(&c[i]);
	}
	return job_check(out.job, err);
}

static bool rank_score(const struct model *m, const struct past *past, struct scoring out,
		       struct err *err)
{
	return rank_score_many(m, past, 1, out, err);
}

/* --- accounts */

static void add_sources(uint16_t from, char *out)
{
	static const char *const name[RANK_SOURCES] = {
		[FROM_REPEAT] = "repeat", [FROM_VARIANT] = "variant",
		[FROM_TOGETHER] = "together", [FROM_ALIKE] = "alike", [FROM_TEXT] = "text",
		[FROM_CATEGORY] = "category", [FROM_POPULAR] = "popular",
		[FROM_PAGE] = "page",
	};
	STRBUF(b);

	for (unsigned i = 0; i < RANK_SOURCES; i++)
		if (from >> i & 1)
			strbuf_addf(&b, "%s%s", b.len ? ", " : "", name[i]);
	snprintf(out, ACCOUNT_SOURCES, "%s", strbuf_c(&b));
}

/* share (RANK_FEATURES + 1): what trees saved behind each other add, summed. Where XGBoost begins
 * at a constant our trees don't: the last is what is left of their score. */
static bool add_shares(const struct trained_order *s, const float *x, float *share,
		       struct err *err)
{
	struct str json = s->json, one;
	float rest;

	canopy_score(s->canopy, x, 1, &rest);
	while (str_next(&json, '\0', &one)) {
		float own[RANK_FEATURES + 1];

		if (!boost_shares(one, x, 1, RANK_FEATURES, own, err))
			return false;
		for (unsigned f = 0; f < RANK_FEATURES; f++) {
			share[f] += own[f];
			rest -= own[f];
		}
	}
	share[RANK_FEATURES] = rest;
	return true;
}

static bool share_out(const struct trained_order *s, const float *x, struct account *a,
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
	float share[RANK_FEATURES + 1] = {0};

	if (s->linear.weight)
		logit_shares(&s->linear, x, share);
	else if (!add_shares(s, x, share, err))
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
	ok = ok && (!shares || share_out(order_for(s, past),
					 c.x + (size_t)i * RANK_FEATURES, &a, err));
	candidates_of_finish(&c);
	if (ok)
		*out = a;
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_OBJECTIVE, "both"},
	{PARAM_ID_PERIODS, "4"},
	{PARAM_ID_WRONG, "100"},
	{PARAM_ID_TREES, "200"},
	{PARAM_ID_DEPTH, "5"},
	{PARAM_ID_RATE, "0.05"},
	{PARAM_ID_LABELS, "none"},
	{PARAM_IDS, NULL},
};

const struct model_class md_rank = {
	.name = "rank",
	.title = "Ranked for people",
	.summary = "What someone has or looked at, its variants, what goes with it, what people "
		   "alike have, what reads alike and what is popular are put in one order by "
		   "trees that learnt from the last days what was taken (LambdaMART and "
		   "log loss, by XGBoost); --model NAME gives it texts.",
	.score_text = "how much the trees expect it to be taken next; only differences count",
	.flags = MODEL_REPEATS,
	.params = params,
	.train = rank_train,
	.fit = rank_fit,
	.open = rank_open,
	.close = rank_close,
	.score_past = rank_score,
	.score_pasts = rank_score_many,
	.account = rank_account,
};
