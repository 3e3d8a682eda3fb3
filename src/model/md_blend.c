/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * blend: several models in one.
 *
 *	share   score(b|h) = sum over parts m of w_m s_m(b|h) / max over c of s_m(c|h)
 *	rank    score(b|h) = sum over parts m of w_m / (60 + rank of b by m)
 *
 * (Cormack, Clarke and Büttcher, Reciprocal rank fusion outperforms Condorcet and
 * individual rank learning methods, 2009, for the second.) Products of the history are
 * neither counted in a rank nor the greatest. Weights are given, or fitted (blend_fit) and then
 * kept beside each part; one that gets none is left out. Parts are trained with their defaults and
 * kept in the blend, arrays under the part's name. A part's weight is a parameter of its
 * name; where none is given, `plain` stands.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "model/blend.h"
#include "model/blend_fit.h"
#include "model/model.h"
#include "model/pairs.h"
#include "model/sequences.h"
#include "stats/part.h"

#define RANK_0 60	/* k of reciprocal rank fusion */

enum weights { WEIGHTS_GIVEN, WEIGHTS_FITTED };
#define FITTED_LEAST 0.01	/* of the greatest: a part with less is left out */

enum combine { COMBINE_SHARE, COMBINE_RANK };

extern const struct model_class md_blend;

/* A parameter that is named as the model whose weight it is. */
static const enum param_id parts[] = {
#define PART(ident) PARAM_ID_PART_##ident,
	PART(COVIS) PART(RULES) PART(CO_PURCHASE) PART(WALK) PART(TRAIL) PART(ITEMKNN)
	PART(VSKNN) PART(STAN) PART(VSTAN) PART(EASE) PART(SLIST) PART(ITEM2VEC)
	PART(ALS) PART(POPULAR) PART(CF) PART(COWALK) PART(TRANSITION) PART(COMPANION)
	PART(USERUSER) PART(ITEMCF)
#undef PART
};
#define PARTS (sizeof parts / sizeof *parts)

static const struct {
	enum param_id part;
	double weight;
} plain[] = {
	{PARAM_ID_PART_TRAIL, 1},
	{PARAM_ID_PART_ITEMKNN, 0.5},
};

/* Someone gave weights, and none above 0: nothing would be left to rank by. */
static bool is_nothing(const struct params *p)
{
	bool given = false;

	for (size_t i = 0; i < PARTS; i++) {
		if (params_real(p, parts[i]) > 0)
			return false;
		given = given || p->given[parts[i]];
	}
	return given;
}

/* weight (PARTS), those of `plain` where all are 0; how many are above 0. */
static size_t weights_of(const struct params *p, double *weight)
{
	size_t n = 0;

	for (size_t i = 0; i < PARTS; i++)
		n += (weight[i] = params_real(p, parts[i])) > 0;
	for (size_t i = 0; !n && i < PARTS; i++)
		for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
			if (plain[k].part == parts[i])
				weight[i] = plain[k].weight;
	return n ? n : sizeof plain / sizeof *plain;
}

static const struct model_class *class_of(size_t part)
{
	return model_find(str_from(param_table[parts[part]].name));
}

/* --- training */

struct copying {
	struct sink *to;
	const char *part;
	struct err *err;
	bool ok;
};

static void copy_array(void *ctx, const char *name, const struct array *a)
{
	struct copying *x = ctx;
	STRBUF(own);

	strbuf_addf(&own, "%s/%s", x->part, name);
	x->ok = x->ok && sink_array(x->to, strbuf_c(&own), a->type, a->rows, a->columns,
				    a->data, x->err);
}

/* What the part was trained with: it must be asked with the same. */
static bool keep_params(struct sink *s, const char *part, const struct params *p,
			struct err *err)
{
	json_t *json = params_json(p);
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	STRBUF(name);
	bool ok;

	strbuf_addf(&name, "%s/params", part);
	ok = text && sink_array(s, strbuf_c(&name), ARRAY_U8, strlen(text), 1, text, err);
	free(text);
	json_decref(json);
	return ok;
}

static bool train_part(const struct model_class *class, const struct catalog *c,
		       uint64_t seed, struct sink *s, struct work work, struct err *err)
{
	SCOPED(sink) own = sink_create();
	struct copying x = {s, class->name, err, true};
	struct params p;

	params_init(&p, class->params);
	p.seed = seed;
	model_settle(class, c, &p);
	if (!model_train(class, &(struct lesson){c, &p, own, work}, err))
		return err_context(err, "%s in a blend", class->name);
	sink_each(own, copy_array, &x);
	return x.ok && keep_params(s, class->name, &p, err);
}

static bool train_parts(const struct lesson *l, const double *weight, struct err *err)
{
	for (size_t i = 0; i < PARTS; i++)
		if (weight[i] > 0 && !train_part(class_of(i), l->catalog, l->params->seed,
						 l->sink, l->work, err))
			return false;
	return true;
}

/* --- asking */

struct part {
	struct model *model;
	const struct model *whole;
	const char *name;
	double weight;
};
/* What the parts said of a product. */
struct said {
	uint32_t about;
	float *scores[PARTS];	/* (products) each, NULL: not asked */
};
struct blend {
	struct part part[PARTS];
	size_t n;
	struct said *said;	/* NULL: nothing is kept */
};

/* Finds a part's array in the whole's. */
static bool find_own(void *ctx, const char *name, struct array *a)
{
	const struct part *x = ctx;
	STRBUF(full);

	strbuf_addf(&full, "%s/%s", x->name, name);
	return x->whole->find(x->whole->ctx, strbuf_c(&full), a);
}

static bool read_params(const struct part *x, struct params *p, struct err *err)
{
	struct array text;
	json_t *json;
	bool ok;

	if (!find_own((void *)x, "params", &text) || text.type != ARRAY_U8)
		return err_fail(err, ERR_STORE, "the model is damaged: %s has no parameters",
				x->name);
	json = json_loadb(text.data, text.rows, 0, NULL);
	ok = json ? params_read(p, json, err) :
		    err_fail(err, ERR_STORE, "the model is damaged: parameters of %s", x->name);
	json_decref(json);
	return ok;
}

static void blend_close(struct model *m)
{
	struct blend *b = m->state;

	for (size_t i = 0; b && i < b->n; i++)
		model_destroy(b->part[i].model);
	free(b);
	m->state = NULL;
}

/* The weight that was fitted to a part; false: it was left out. */
static bool fitted(const struct model *m, size_t part, double *weight)
{
	struct array a;
	STRBUF(name);

	if (params_choice(&m->params, PARAM_ID_WEIGHTS) != WEIGHTS_FITTED)
		return true;
	strbuf_addf(&name, "%s/weight", class_of(part)->name);
	if (!m->find(m->ctx, strbuf_c(&name), &a) || a.type != ARRAY_F64 || a.rows != 1)
		return false;
	*weight = *(const double *)a.data;
	return true;
}

static bool blend_open(struct model *m, struct err *err)
{
	struct blend *b = m->state = mem_zalloc(sizeof *b);
	double weight[PARTS];

	weights_of(&m->params, weight);
	for (size_t i = 0; i < PARTS; i++) {
		struct part *x = &b->part[b->n];
		struct params p;

		if (!(weight[i] > 0) || !fitted(m, i, &weight[i]))
			continue;
		*x = (struct part){.whole = m, .name = class_of(i)->name, .weight = weight[i]};
		params_init(&p, class_of(i)->params);
		b->n++;
		if (!read_params(x, &p, err) ||
		    !model_open_arrays(&x->model,
				       &(struct model_form){class_of(i), &p, m->n_products},
				       &(struct model_arrays){find_own, x}, err)) {
			blend_close(m);
			return false;
		}
	}
	return true;
}

/* Room of one asking. */
struct asking {
	float *own;	/* (products) of a part */
	struct sort_item *order;	/* (products) of a rank: turned scores and products */
	uint8_t *had;	/* (products) in the history */
	double *sum;	/* (products) -INFINITY where no part said anything */
};

static void add(double *sum, double y)
{
	*sum = (*sum == -INFINITY ? 0 : *sum) + y;
}

static void add_shares(const struct model *m, double weight, struct asking *k)
{
	double most = 0;

	for (uint32_t b = 0; b < m->n_products; b++)
		if (!k->had[b] && k->own[b] != -INFINITY && (double)fabsf(k->own[b]) > most)
			most = (double)fabsf(k->own[b]);
	for (uint32_t b = 0; b < m->n_products; b++)
		if (k->own[b] != -INFINITY)
			add(&k->sum[b], most > 0 ? weight * (k->own[b] / most) : 0);
}

/* Whole numbers in the opposite order of scores; 0 and -0 are one. */
static uint32_t turned(float score)
{
	uint32_t bits;

	score += 0.0f;
	memcpy(&bits, &score, sizeof bits);
	return bits >> 31 ? bits : ~bits & 0x7fffffff;
}

/* A rank is 1 and how many have a greater score. */
static bool add_ranks(const struct model *m, double weight, struct asking *k, struct err *err)
{
	size_t n = 0, greater = 0, rank = 0;

	for (uint32_t b = 0; b < m->n_products; b++)
		if (k->own[b] != -INFINITY)
			k->order[n++] = (struct sort_item){turned(k->own[b]), b};
	if (!sort_items(k->order, n, NULL, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint64_t b = k->order[i].value;

		if (i == 0 || k->order[i].key != k->order[i - 1].key)
			rank = greater + 1;
		greater += !k->had[b];
		add(&k->sum[b], weight * (1.0 / (double)(RANK_0 + rank)));
	}
	return true;
}

/* What part i says, or said when it was asked the same before. */
static bool ask_part(const struct blend *b, size_t i, const struct history *h,
		     struct scoring out, struct err *err)
{
	const struct model *m = b->part[i].model;
	uint32_t about = h->n == 1 ? h->product[0] : CATALOG_NONE;
	struct said *s = b->said;

	if (s && s->about != about)
		for (size_t k = 0; k < b->n; k++) {
			free(s->scores[k]);
			s->scores[k] = NULL;
		}
	if (s)
		s->about = about;
	if (s && about != CATALOG_NONE && s->scores[i]) {
		memcpy(out.scores, s->scores[i], m->n_products * sizeof *out.scores);
		return true;
	}
	if (!model_score(m, h, out, err))
		return false;
	if (s && about != CATALOG_NONE) {
		s->scores[i] = mem_big(m->n_products, sizeof *out.scores, "a blend", err);
		if (!s->scores[i])
			return false;
		memcpy(s->scores[i], out.scores, m->n_products * sizeof *out.scores);
	}
	return true;
}

/* scores (products): the parts from `first` to before `end`. */
static bool ask_parts(const struct model *m, const struct history *h, size_t first,
		      size_t end, struct scoring out, struct err *err)
{
	const struct blend *b = m->state;
	bool ranks = params_choice(&m->params, PARAM_ID_COMBINE) == COMBINE_RANK;
	uint32_t n = m->n_products;
	SCOPED_FREE float *own = mem_big(n, sizeof *own, "a blend", err);
	SCOPED_FREE struct sort_item *order =
		own && ranks ? mem_big(n, sizeof *order, "a blend", err) : NULL;
	SCOPED_FREE uint8_t *had = order || (own && !ranks) ? mem_big(n, 1, "a blend", err) : NULL;
	SCOPED_FREE double *sum = had ? mem_big(n, sizeof *sum, "a blend", err) : NULL;
	struct asking k = {own, order, had, sum};

	if (!sum)
		return false;
	for (uint32_t p = 0; p < n; p++)
		sum[p] = -INFINITY;
	for (unsigned i = 0; i < h->n; i++)
		had[h->product[i]] = 1;
	for (size_t i = first; i < end; i++) {
		if (!(b->part[i].weight > 0))
			continue;
		if (!ask_part(b, i, h, (struct scoring){own, out.job}, err))
			return false;
		if (!ranks)
			add_shares(m, b->part[i].weight, &k);
		else if (!add_ranks(m, b->part[i].weight, &k, err))
			return false;
	}
	for (uint32_t p = 0; p < n; p++)
		out.scores[p] = (float)sum[p];
	return true;
}

static bool blend_score(const struct model *m, const struct history *h,
			struct scoring out, struct err *err)
{
	const struct blend *b = m->state;

	return ask_parts(m, h, 0, b->n, out, err);
}

/* --- fitting */

static bool say_part(void *ctx, size_t part, const struct history *h, struct scoring out,
		     struct err *err)
{
	return ask_parts(ctx, h, part, part + 1, out, err);
}

/* What came next is looked for among views, else carts, else purchases; by parts that all say
 * what is bought along among purchases. */
static bool fit_to(struct model *m, const struct lesson *l, const uint8_t *held,
		   double *weight, struct err *err)
{
	struct blend *b = m->state;
	struct blend_parts ask = {
		.say = say_part, .ctx = m, .n = b->n, .products = m->n_products, .pairs = true,
		.scale = params_choice(l->params, PARAM_ID_COMBINE) == COMBINE_RANK ?
			 RANK_0 + 1 : 1,
	};
	unsigned kinds = sequences_kinds(l->catalog, l->params);
	struct sequences q;
	bool ok;

	for (size_t i = 0; i < b->n; i++) {
		b->part[i].weight = 1;
		ask.pairs = ask.pairs &&
			      (b->part[i].model->class->flags & MODEL_COMPLEMENT);
	}
	if (ask.pairs && (l->catalog->caps & CAP_PURCHASES))
		kinds = 1u << EVENT_PURCHASE;
	if (!sequences_of(&q, l, kinds, err))
		return false;
	ok = blend_fit(&ask, &(struct blend_cases){&q, held}, weight, l->work, err);
	sequences_finish(&q);
	return ok;
}

/* Parts that learn from the earlier sessions alone are asked about the later ones. */
static bool fit(const struct lesson *l, const double *candidate, double *weight,
		struct err *err)
{
	const struct catalog *c = l->catalog;
	SCOPED_FREE uint8_t *held = mem_big(c->n_sessions, 1, "sessions", err);
	SCOPED_FREE uint8_t *in = held ? mem_big(c->n_events, 1, "events", err) : NULL;
	struct params given = *l->params;
	SCOPED(part) part = NULL;
	SCOPED(sink) own = sink_create();
	SCOPED(model) m = NULL;
	size_t n = 0;

	for (size_t i = 0; i < PARTS; i++)
		if (candidate[i] > 0)
			weight[n++] = candidate[i];
	params_set(&given, PARAM_ID_WEIGHTS, STR("given"), NULL);
	return in && blend_hold(c, held, in, err) && part_make(&part, c, in, l->work, err) &&
	       train_parts(&(struct lesson){part_catalog(part), &given, own, l->work},
			   candidate, err) &&
	       model_open_sink(&m, &(struct model_form){&md_blend, &given, c->n_products}, own,
			       err) &&
	       fit_to(m, l, held, weight, err);
}

static bool keep_weight(const struct lesson *l, size_t part, double weight, json_t *info,
			struct err *err)
{
	const char *name = class_of(part)->name;
	STRBUF(array);

	strbuf_addf(&array, "%s/weight", name);
	json_object_set_new(info, name, json_real(weight));
	return sink_array(l->sink, strbuf_c(&array), ARRAY_F64, 1, 1, &weight, err);
}

static bool blend_train(const struct lesson *l, struct err *err)
{
	double weight[PARTS], found[PARTS];
	json_t *info;
	size_t n = 0;

	if (is_nothing(l->params))
		return err_fail(err, ERR_USAGE, "every weight that is given is 0, so nothing is "
				"left to rank by: give a model more, as --walk 1, or no weights, "
				"for --trail 1 --itemknn 0.5");
	weights_of(l->params, weight);
	if (params_choice(l->params, PARAM_ID_WEIGHTS) == WEIGHTS_GIVEN)
		return train_parts(l, weight, err);
	if (pairs_elsewhere(l->catalog))
		return err_fail(err, ERR_NO, "weights are fitted to sessions, and this store has "
				"none: give them, as --walk 1 --covis 1");
	if (!fit(l, weight, found, err))
		return false;
	info = json_object();
	json_object_set_new(sink_info(l->sink), "fitted", info);
	for (size_t i = 0; i < PARTS; i++) {
		if (!(weight[i] > 0))
			continue;
		weight[i] = found[n] < FITTED_LEAST ? 0 : found[n];
		n++;
		if (weight[i] > 0 && !keep_weight(l, i, weight[i], info, err))
			return false;
	}
	return train_parts(l, weight, err);
}

/* The parts by what they add. */
static unsigned blend_explain(const struct model *m, uint32_t a, uint32_t b,
			      struct reasons reasons)
{
	const struct blend *x = m->state;
	SCOPED_FREE float *scores = mem_big(m->n_products, sizeof *scores, "a blend", NULL);
	struct history h = {&a, NULL, 1};
	struct model_reason of[PARTS];
	double sum = 0;
	unsigned found = 0;

	for (size_t i = 0; scores && i < x->n; i++) {
		struct model_reason r = {.via = CATALOG_NONE};
		unsigned at = found;

		if (!ask_parts(m, &h, i, i + 1, (struct scoring){scores, NULL}, NULL) ||
		    !(scores[b] > 0))
			continue;
		r.share = scores[b];
		sum += r.share;
		snprintf(r.text, sizeof r.text, "%s adds %.4g, with weight %g", x->part[i].name,
			 r.share, x->part[i].weight);
		for (found++; at > 0 && of[at - 1].share < r.share; at--)
			of[at] = of[at - 1];
		of[at] = r;
	}
	reasons.n = reasons.n < found ? reasons.n : found;
	for (unsigned i = 0; i < reasons.n; i++) {
		reasons.at[i] = of[i];
		reasons.at[i].share /= sum;
	}
	return reasons.n;
}

static const char *blend_meaning(const struct params *p)
{
	return params_choice(p, PARAM_ID_COMBINE) == COMBINE_RANK ?
	       "the sum of weight / (60 + rank) over the blend's models" :
	       "the sum of the blend's models, each by weight and as a share of its best score";
}

static const struct param_default params[] = {
	{PARAM_ID_COMBINE, "share"},
	{PARAM_ID_WEIGHTS, "given"},
	{PARAM_ID_PART_COVIS, "0"},
	{PARAM_ID_PART_RULES, "0"},
	{PARAM_ID_PART_CO_PURCHASE, "0"},
	{PARAM_ID_PART_WALK, "0"},
	{PARAM_ID_PART_TRAIL, "0"},
	{PARAM_ID_PART_ITEMKNN, "0"},
	{PARAM_ID_PART_VSKNN, "0"},
	{PARAM_ID_PART_STAN, "0"},
	{PARAM_ID_PART_VSTAN, "0"},
	{PARAM_ID_PART_EASE, "0"},
	{PARAM_ID_PART_SLIST, "0"},
	{PARAM_ID_PART_ITEM2VEC, "0"},
	{PARAM_ID_PART_ALS, "0"},
	{PARAM_ID_PART_POPULAR, "0"},
	{PARAM_ID_PART_CF, "0"},
	{PARAM_ID_PART_COWALK, "0"},
	{PARAM_ID_PART_TRANSITION, "0"},
	{PARAM_ID_PART_COMPANION, "0"},
	{PARAM_ID_PART_USERUSER, "0"},
	{PARAM_ID_PART_ITEMCF, "0"},
	{PARAM_IDS, NULL},
};

extern const struct model_class md_blend;

size_t blend_parts(const struct model *m, struct blend_part *out, size_t room)
{
	const struct blend *b = m->class == &md_blend ? m->state : NULL;
	size_t n = b ? b->n : 0;

	for (size_t i = 0; i < n && i < room; i++)
		out[i] = (struct blend_part){b->part[i].name, b->part[i].weight};
	return n < room ? n : room;
}

struct model *blend_borrow(const struct model *of)
{
	struct model *m = mem_alloc(sizeof *m);
	struct blend *b = mem_alloc(sizeof *b);

	assert(of->class == &md_blend);
	*m = *of;
	*b = *(const struct blend *)of->state;
	b->said = mem_zalloc(sizeof *b->said);
	b->said->about = CATALOG_NONE;
	m->state = b;
	return m;
}

void blend_return(struct model *m)
{
	struct blend *b = m ? m->state : NULL;

	for (size_t i = 0; b && i < b->n; i++)
		free(b->said->scores[i]);
	if (b)
		free(b->said);
	free(b);
	free(m);
}

void blend_weigh(struct model *m, size_t i, double weight)
{
	struct blend *b = m->state;

	assert(m->class == &md_blend && i < b->n && weight >= 0);
	b->part[i].weight = weight;
}

const struct model_class md_blend = {
	.name = "blend",
	.title = "Several models in one",
	.summary = "Adds up what other models say, each with the weight that is given under its "
		   "name: as a share of its best score, or by reciprocal rank; or fitted "
		   "(--weights fitted). Without weights trail counts 1 and itemknn 0.5.",
	.score_text = "the sum of the blend's models, each by weight",
	.meaning = blend_meaning,
	.flags = MODEL_EDGES,
	.params = params,
	.train = blend_train,
	.open = blend_open,
	.close = blend_close,
	.score = blend_score,
	.explain = blend_explain,
};
