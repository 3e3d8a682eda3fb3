/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * companion: complements from what products are, not only from how often they were bought
 * along (P-Companion, Hao et al. 2020; model/companion has the losses). Asked for a product a
 * of category v, with b of category w:
 *
 *	item(b)  hinge: -|theta_a * P(w) - theta_b|^2	contrast: theta_a (theta_b * P(w)) / t
 *	type(w)  hinge: -|gamma_v - phic_w|^2		contrast: its log softmax over all w
 *
 *	ranking sum		item + type-weight type + popularity log(1 + sessions with b)
 *	ranking categories	the k categories of the largest type; of each the products
 *				of the largest item, the categories in turns
 *
 * With --transition product gamma is the product's own: what it is goes into its making.
 * A history's scores are the weighted sums over its products.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "math/blas.h"
#include "math/kernel.h"
#include "model/companion.h"
#include "model/labels.h"
#include "model/model.h"
#include "model/network.h"

#define POLL 4096u	/* products between two looks at the job */

/* --- training */

struct learning {
	struct companion k;
	struct features f;
	struct link_sets links;
	struct nn_bags bags;
	struct fit_net net;
};

static void finish(struct learning *l)
{
	free(l->k.from);
	companion_room_finish(&l->k);
	features_finish(&l->f);
	links_finish(&l->links);
	fit_net_finish(&l->net);
}

static bool set_up(struct learning *l, const struct lesson *lesson, unsigned workers,
		   struct err *err)
{
	const struct links *x = &l->links.complement;

	if (x->n < 40)
		return err_fail(err, ERR_NO, "%llu pairs bought together are too few to learn "
				"from", (unsigned long long)x->n / 2);
	l->bags = (struct nn_bags){l->f.offsets, l->f.column, l->f.value};
	l->k = (struct companion){
		.catalog = lesson->catalog,
		.links = x,
		.similar = l->links.by_features ||
					   params_choice(lesson->params, PARAM_ID_INSTEAD) != 0
				   ? NULL : &l->links.similar,
		.types = lesson->catalog->n_categories + 1,
		.dim = params_count(lesson->params, PARAM_ID_DIM),
		.by_product = params_choice(lesson->params, PARAM_ID_TRANSITION) == 1,
		.type_dim = params_count(lesson->params, PARAM_ID_TYPE_DIM) & ~UINT64_C(1),
		.negative = (unsigned)params_count(lesson->params, PARAM_ID_NEGATIVE),
		.loss = (enum companion_loss)params_choice(lesson->params, PARAM_ID_LOSS),
		.alpha = params_real(lesson->params, PARAM_ID_ALPHA),
		.dropout = params_real(lesson->params, PARAM_ID_DROPOUT),
		.temperature = params_real(lesson->params, PARAM_ID_TEMPERATURE),
		.hinge = {params_real(lesson->params, PARAM_ID_MARGIN),
			  params_real(lesson->params, PARAM_ID_CENTRE)},
	};
	l->k.from = mem_big(x->n, sizeof *l->k.from, "links", err);
	if (!l->k.from || !companion_room(&l->k, workers, err) ||
	    !fit_net_make(&l->net,
			  &(struct tower){l->f.width,
					  params_count(lesson->params, PARAM_ID_HIDDEN),
					  l->k.dim},
			  companion_extra(&l->k), lesson->params->seed, err))
		return false;
	for (uint32_t a = 0; a < lesson->catalog->n_products; a++)
		for (uint64_t i = x->offsets[a]; i < x->offsets[a + 1]; i++)
			l->k.from[i] = a;
	companion_begin(&l->k, lesson->params->seed, l->net.theta + tower_size(&l->net.tower));
	return true;
}

static bool learn(struct learning *l, const struct lesson *lesson, struct err *err)
{
	const struct fit_task task = {
		.units = l->links.complement.n, .per = 2 + l->k.negative,
		.products = l->f.n_products,
		.extra = companion_extra(&l->k), .ctx = &l->k, .draw = companion_draw,
		.loss = companion_loss,
	};

	return network_fit(&l->net, &l->bags, &task,
			   &(struct lesson){NULL, lesson->params, lesson->sink, lesson->work,
					    NULL},
			   err);
}

static bool keep_way(struct learning *l, struct sink *s, const nn_real *extra, struct err *err)
{
	uint32_t half = (uint32_t)l->k.type_dim / 2, dim = (uint32_t)l->k.dim;
	void *inner, *enter, *outer;

	if (!l->k.by_product)
		return true;
	if (!sink_reserve(s, "type/inner", ARRAY_F32, l->k.types, half, &inner, err) ||
	    !sink_reserve(s, "type/enter", ARRAY_F32, dim, half, &enter, err) ||
	    !sink_reserve(s, "type/outer", ARRAY_F32, half + 1, (uint32_t)l->k.type_dim, &outer,
			  err))
		return false;
	companion_way(&l->k, extra, (struct companion_way){inner, enter, outer});
	return true;
}

static bool keep(struct learning *l, struct sink *s, struct pool *pool, struct err *err)
{
	const struct catalog *c = l->k.catalog;
	const nn_real *extra = l->net.theta + tower_size(&l->net.tower);
	uint64_t types = l->k.types;
	uint32_t dim = (uint32_t)l->k.dim, type_dim = (uint32_t)l->k.type_dim;
	SCOPED_FREE float *weight = mem_big(c->n_products, sizeof *weight, "a network", err);
	void *vectors, *gamma, *complement, *project, *type;

	if (!weight ||
	    !sink_reserve(s, "vectors", ARRAY_F32, c->n_products, dim, &vectors, err) ||
	    !sink_reserve(s, "type/gamma", ARRAY_F32, types, type_dim, &gamma, err) ||
	    !sink_reserve(s, "type/complement", ARRAY_F32, types, type_dim, &complement,
			  err) ||
	    !sink_reserve(s, "type/project", ARRAY_F32, types, dim, &project, err) ||
	    !sink_reserve(s, "type/of", ARRAY_U32, c->n_products, 1, &type, err) ||
	    !sink_array(s, "count", ARRAY_F32, c->n_products, 1, l->links.count, err))
		return false;
	for (uint32_t a = 0; a < c->n_products; a++) {
		weight[a] = (float)(l->links.complement.offsets[a + 1] -
				    l->links.complement.offsets[a]);
		((uint32_t *)type)[a] = companion_type(&l->k, a);
	}
	companion_types(&l->k, extra, gamma, complement, project);
	return keep_way(l, s, extra, err) &&
	       fit_vectors(&l->net, &l->bags, weight, c->n_products, vectors, pool, err) &&
	       network_keep(&l->net, companion_extra(&l->k), s, err);
}

/* Decisions come before what was counted, where they are asked for. */
static bool take_labels(struct learning *l, const struct lesson *lesson, struct err *err)
{
	bool asked;

	return labels_asked(lesson, &asked, err) &&
	       (!asked ||
		labels_link(lesson->labels, &l->links, lesson->catalog->n_products, err));
}

static void tell(const struct learning *l, const struct lesson *lesson)
{
	json_t *info = sink_info(lesson->sink);

	links_tell(&l->links, info);
	if (params_choice(lesson->params, PARAM_ID_LABELS) != 0 && lesson->labels)
		json_object_set_new(json_object_get(info, "links"), "labels",
				    json_integer((json_int_t)lesson->labels->n));
}

static bool companion_train(const struct lesson *lesson, struct err *err)
{
	struct learning l = {0};
	bool ok = blas_load(err) &&
		  network_features(&l.f, lesson, err) &&
		  links_read(&l.links, lesson, NULL, err) && take_labels(&l, lesson, err) &&
		  set_up(&l, lesson, pool_threads(lesson->work.pool), err) &&
		  learn(&l, lesson, err) && keep(&l, lesson->sink, lesson->work.pool, err);

	tell(&l, lesson);
	finish(&l);
	return ok;
}

/* --- asked */

struct bound {
	uint32_t types;
	unsigned dim, type_dim;
	const float *vectors, *gamma, *complement, *project, *count;
	const float *inner, *enter, *outer;	/* NULL: gamma is the category's */
	const uint32_t *type;
	const struct kernels *kernel;
	bool contrast, in_turns;
	float temperature;
	double type_weight;
	double *known;		/* (products) what popularity adds */
};

/* Products in a row that are of one category: their scores are one product of matrix and
 * vector. */
struct run {
	uint32_t from, n, type;
};
#define RUN 256u

static bool open_way(const struct model *m, struct bound *x, struct err *err)
{
	struct array inner, enter, outer;
	unsigned half = x->type_dim / 2;

	if (params_choice(&m->params, PARAM_ID_TRANSITION) != 1)
		return true;
	if (!model_array(m, "type/inner", ARRAY_F32, &inner, err) ||
	    !model_array(m, "type/enter", ARRAY_F32, &enter, err) ||
	    !model_array(m, "type/outer", ARRAY_F32, &outer, err))
		return false;
	if (inner.rows != x->types || inner.columns != half || enter.rows != x->dim ||
	    enter.columns != half || outer.rows != half + 1 || outer.columns != x->type_dim)
		return err_fail(err, ERR_STORE, "the model is damaged: the parts of its "
				"transitions don't fit each other: train it again");
	x->inner = inner.data;
	x->enter = enter.data;
	x->outer = outer.data;
	return true;
}

static bool know_counts(const struct model *m, struct bound *x, struct err *err)
{
	double popularity = params_real(&m->params, PARAM_ID_POPULARITY);

	x->known = mem_big(m->n_products, sizeof *x->known, "scores", err);
	for (uint32_t b = 0; x->known && b < m->n_products; b++)
		x->known[b] = popularity * log1p(x->count[b]);
	return x->known != NULL;
}

static bool companion_open(struct model *m, struct err *err)
{
	SCOPED_FREE struct bound *x = mem_zalloc(sizeof *x);
	struct array vectors, gamma, complement, project, count, type;

	if (!model_array(m, "vectors", ARRAY_F32, &vectors, err) ||
	    !model_array(m, "type/gamma", ARRAY_F32, &gamma, err) ||
	    !model_array(m, "type/complement", ARRAY_F32, &complement, err) ||
	    !model_array(m, "type/project", ARRAY_F32, &project, err) ||
	    !model_array(m, "type/of", ARRAY_U32, &type, err) ||
	    !model_array(m, "count", ARRAY_F32, &count, err))
		return false;
	if (vectors.rows != m->n_products || count.rows != m->n_products ||
	    type.rows != m->n_products || gamma.rows == 0 || gamma.rows >= UINT32_MAX ||
	    complement.rows != gamma.rows || project.rows != gamma.rows ||
	    complement.columns != gamma.columns || project.columns != vectors.columns)
		return err_fail(err, ERR_STORE, "the model is damaged: its categories and "
				"vectors don't fit each other: train it again");
	*x = (struct bound){
		.types = (uint32_t)gamma.rows, .dim = vectors.columns,
		.type_dim = gamma.columns, .vectors = vectors.data, .gamma = gamma.data,
		.complement = complement.data, .project = project.data, .count = count.data,
		.type = type.data, .kernel = kernels_best(),
		.contrast = params_choice(&m->params, PARAM_ID_LOSS) == COMPANION_CONTRAST,
		.in_turns = params_choice(&m->params, PARAM_ID_RANKING) == 1,
		.temperature = (float)params_real(&m->params, PARAM_ID_TEMPERATURE),
		.type_weight = params_real(&m->params, PARAM_ID_TYPE_WEIGHT),
	};
	if (!open_way(m, x, err) || !know_counts(m, x, err))
		return false;
	m->state = x;
	x = NULL;
	return true;
}

static void companion_close(struct model *m)
{
	struct bound *x = m->state;

	if (x)
		free(x->known);
	free(x);
}

static uint32_t type_at(const struct bound *x, uint32_t product)
{
	uint32_t w = x->type[product];

	return w < x->types ? w : x->types - 1;	/* a file may be damaged */
}

/* Who asks: a product's vector and category. */
struct asker {
	const float *theta;
	uint32_t type;
};

static struct asker asker_of(const struct bound *x, uint32_t a)
{
	return (struct asker){x->vectors + (size_t)a * x->dim, type_at(x, a)};
}

/* gamma (type_dim) of who asks. */
static void gamma_of(const struct bound *x, struct asker who, float *gamma)
{
	const float *theta = who.theta;
	unsigned half = x->type_dim / 2;
	uint32_t v = who.type;

	if (!x->inner) {
		memcpy(gamma, x->gamma + (size_t)v * x->type_dim, x->type_dim * sizeof *gamma);
		return;
	}
	memcpy(gamma, x->outer + (size_t)half * x->type_dim, x->type_dim * sizeof *gamma);
	for (unsigned i = 0; i < half; i++) {
		float h = x->inner[(size_t)v * half + i];

		for (unsigned j = 0; j < x->dim; j++)
			h += theta[j] * x->enter[(size_t)j * half + i];
		for (unsigned j = 0; h > 0 && j < x->type_dim; j++)
			gamma[j] += h * x->outer[(size_t)i * x->type_dim + j];
	}
}

/* score (types): type(w) for who asks. */
static void score_types(const struct bound *x, struct asker who, float *score)
{
	SCOPED_FREE float *g = mem_alloc(x->type_dim * sizeof *g);
	double most = -INFINITY, sum = 0;

	gamma_of(x, who, g);
	for (uint32_t w = 0; w < x->types; w++) {
		const float *c = x->complement + (size_t)w * x->type_dim;
		double d = 0;

		for (unsigned i = 0; i < x->type_dim; i++)
			d += ((double)g[i] - c[i]) * ((double)g[i] - c[i]);
		score[w] = (float)-d;
		most = -d > most ? -d : most;
	}
	if (!x->contrast)
		return;
	for (uint32_t w = 0; w < x->types; w++)
		sum += exp(score[w] - most);
	for (uint32_t w = 0; w < x->types; w++)
		score[w] = (float)(score[w] - most - log(sum));
}

/* Who asks, with what weight, and the list that this adds to. */
struct asking {
	struct asker who;
	double weight;
	float *type;		/* (types) */
	float *scores;		/* (products) */
};

static struct run run_at(const struct bound *x, uint32_t from, uint32_t end)
{
	struct run r = {from, 1, type_at(x, from)};

	while (r.n < RUN && from + r.n < end && type_at(x, from + r.n) == r.type)
		r.n++;
	return r;
}

/* item (r.n) of the products of a run; look (dim) becomes theta_a * P(w). */
static void items_of(const struct bound *x, const float *theta, struct run r, float *look,
		     float *item)
{
	const float *rows = x->vectors + (size_t)r.from * x->dim;
	const float *project = x->project + (size_t)r.type * x->dim;

	for (unsigned i = 0; i < x->dim; i++)
		look[i] = theta[i] * project[i];
	(x->contrast ? x->kernel->dots : x->kernel->l2s)(look, rows, r.n, x->dim, x->dim, item);
	for (uint32_t i = 0; i < r.n; i++)
		item[i] = x->contrast ? item[i] / x->temperature : -item[i];
}

static void add_sums(const struct bound *x, const struct asking *k, struct run r,
		     const float *item)
{
	double type = x->type_weight * k->type[r.type];

	for (uint32_t i = 0; i < r.n; i++) {
		float *to = &k->scores[r.from + i];
		double y = item[i] + type + x->known[r.from + i];

		*to = (float)((*to == -INFINITY ? 0 : *to) + k->weight * y);
	}
}

struct place {
	float score;
	uint32_t what;
};

static int by_score(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return (x->what > y->what) - (x->what < y->what);
}

/* The r-th of the k-th category has place r categories + k; a score is 1 / (1 + place).
 * item (products). */
static bool add_turns(const struct model *m, const struct asking *k, const float *items,
		      struct err *err)
{
	const struct bound *x = m->state;
	uint64_t take = params_count(&m->params, PARAM_ID_CATEGORIES), r = 0;
	uint64_t each = params_count(&m->params, PARAM_ID_EACH);
	SCOPED_FREE struct place *type = mem_alloc(x->types * sizeof *type);
	SCOPED_FREE uint32_t *turn = mem_alloc(x->types * sizeof *turn);
	SCOPED_FREE struct place *item = mem_big(m->n_products, sizeof *item, "a list", err);
	SCOPED_FREE uint32_t *had = mem_zalloc(x->types * sizeof *had);

	if (!item)
		return false;
	for (uint32_t w = 0; w < x->types; w++)
		type[w] = (struct place){k->type[w], w};
	qsort(type, x->types, sizeof *type, by_score);
	for (uint32_t i = 0; i < x->types; i++)
		turn[type[i].what] = i;
	for (uint32_t b = 0; b < m->n_products; b++)
		item[b] = (struct place){items[b], b};
	qsort(item, m->n_products, sizeof *item, by_score);
	for (uint32_t i = 0; i < m->n_products; i++) {
		uint32_t b = item[i].what, w = type_at(x, b);

		if (turn[w] >= take || had[w] >= each)
			continue;
		r = had[w]++ * take + turn[w];
		k->scores[b] = (float)((k->scores[b] == -INFINITY ? 0 : k->scores[b]) +
				       k->weight / (1 + (double)r));
	}
	return true;
}

/* Products by products, so that the vectors are read once for all n who ask. */
struct askers {
	struct asking *at;
	size_t n;
	float *types;		/* (n, types) what their type points to */
};

static bool add_all(const struct model *m, const struct askers *a, struct job *job,
		    struct err *err)
{
	const struct bound *x = m->state;
	SCOPED_FREE float *look = mem_alloc((x->dim + RUN) * sizeof *look);
	float *item = look + x->dim;
	struct run r;

	for (uint32_t b = 0, looked = 0; b < m->n_products; b += r.n) {
		r = run_at(x, b, m->n_products);
		for (size_t i = 0; i < a->n; i++) {
			items_of(x, a->at[i].who.theta, r, look, item);
			add_sums(x, &a->at[i], r, item);
		}
		if (b - looked >= POLL / MODEL_MANY || b == 0) {
			looked = b;
			if (!job_check(job, err))
				return false;
		}
	}
	return true;
}

static bool turns_of_all(const struct model *m, const struct askers *a, struct job *job,
			 struct err *err)
{
	const struct bound *x = m->state;
	SCOPED_FREE float *item = mem_big(m->n_products, sizeof *item, "scores", err);
	SCOPED_FREE float *look = mem_alloc(x->dim * sizeof *look);
	struct run r;

	for (size_t i = 0; item && i < a->n; i++) {
		for (uint32_t b = 0; b < m->n_products; b += r.n) {
			r = run_at(x, b, m->n_products);
			items_of(x, a->at[i].who.theta, r, look, item + b);
		}
		if (!job_check(job, err) || !add_turns(m, &a->at[i], item, err))
			return false;
	}
	return item != NULL;
}

static bool score_askers(const struct model *m, const struct askers *a, struct scoring out,
			 struct err *err)
{
	const struct bound *x = m->state;

	for (size_t i = 0; i < a->n; i++) {
		a->at[i].type = a->types + i * x->types;
		score_types(x, a->at[i].who, a->at[i].type);
		for (uint32_t b = 0; b < m->n_products; b++)
			a->at[i].scores[b] = -INFINITY;
	}
	return x->in_turns ? turns_of_all(m, a, out.job, err) : add_all(m, a, out.job, err);
}

static bool companion_score_many(const struct model *m, const struct history *h, unsigned n,
				 struct scoring out, struct err *err)
{
	const struct bound *x = m->state;
	struct askers a = {0};
	bool ok;

	for (unsigned i = 0; i < n; i++)
		a.n += h[i].n;
	SCOPED_FREE struct asking *at = mem_alloc((a.n + 1) * sizeof *at);
	a.at = at;
	a.types = mem_big(a.n * x->types, sizeof *a.types, "categories", err);
	a.n = 0;
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < h[i].n; j++)
			at[a.n++] = (struct asking){
				.who = asker_of(x, h[i].product[j]),
				.weight = h[i].weight ? h[i].weight[j] : 1,
				.scores = out.scores + (size_t)i * m->n_products,
			};
	ok = a.types && score_askers(m, &a, out, err);
	free(a.types);
	return ok;
}

static bool companion_score(const struct model *m, const struct history *h,
			    struct scoring out, struct err *err)
{
	return companion_score_many(m, h, 1, out, err);
}

static bool companion_typed(const struct model *m, const struct model_typed *t,
			    struct scoring out, struct err *err)
{
	const struct bound *x = m->state;
	SCOPED_FREE float *types = mem_big(x->types, sizeof *types, "categories", err);
	struct asking at = {
		.who = {t->vector, t->category < x->types - 1 ? t->category : x->types - 1},
		.weight = 1, .scores = out.scores,
	};

	return types && score_askers(m, &(struct askers){&at, 1, types}, out, err);
}

static unsigned companion_explain(const struct model *m, uint32_t a, uint32_t b,
				  struct reasons reasons)
{
	const struct bound *x = m->state;
	SCOPED_FREE float *type = mem_alloc(x->types * sizeof *type);
	SCOPED_FREE float *look = mem_alloc((x->dim + 1) * sizeof *look);
	uint32_t w = type_at(x, b), better = 0;

	if (reasons.n == 0)
		return 0;
	score_types(x, asker_of(x, a), type);
	items_of(x, asker_of(x, a).theta, (struct run){b, 1, w}, look, look + x->dim);
	for (uint32_t i = 0; i < x->types; i++)
		better += type[i] > type[w];
	reasons.at[0] = (struct model_reason){.share = 1, .via = CATALOG_NONE};
	snprintf(reasons.at[0].text, sizeof reasons.at[0].text,
		 "its category is number %u of %u to go along (%.3g), the product's own "
		 "score "
		 "is %.3g; bought in %.0f and %.0f sessions",
		 better + 1, x->types, (double)type[w], (double)look[x->dim],
		 (double)x->count[a], (double)x->count[b]);
	return 1;
}

static const char *companion_meaning(const struct params *p)
{
	if (params_choice(p, PARAM_ID_RANKING) == 1)
		return "1 over its place when the best products of the nearest categories are "
		       "taken in turns";
	return params_choice(p, PARAM_ID_LOSS) == COMPANION_CONTRAST ?
	       "how well the product and its category go along, and how often it is bought: "
	       "logarithms of chances, up to a constant" :
	       "minus the squared distances to the product and to the category that go along";
}

static const struct param_default params[] = {
	{PARAM_ID_DIM, "128"},
	{PARAM_ID_HIDDEN, "128"},
	{PARAM_ID_TYPE_DIM, "64"},
	{PARAM_ID_TRANSITION, "category"},
	{PARAM_ID_LOSS, "contrast"},
	{PARAM_ID_ALPHA, "0.8"},
	{PARAM_ID_MARGIN, "1"},
	{PARAM_ID_CENTRE, "1"},
	{PARAM_ID_TEMPERATURE, "0.1"},
	{PARAM_ID_DROPOUT, "0.1"},
	{PARAM_ID_NEGATIVE, "2"},
	{PARAM_ID_SUPPORT, "2"},
	{PARAM_ID_CHOICES, "yes"},
	{PARAM_ID_LABELS, "none"},
	{PARAM_ID_INSTEAD, "against"},
	{PARAM_ID_EPOCHS, "30"},
	{PARAM_ID_PER_EPOCH, "50000"},
	{PARAM_ID_PATIENCE, "4"},
	{PARAM_ID_RATE, "0.003"},
	{PARAM_ID_DECAY, "0.01"},
	{PARAM_ID_BATCH_SIZE, "512"},
	{PARAM_ID_BUCKETS, "4096"},
	{PARAM_ID_WITHOUT, "nothing"},
	{PARAM_ID_ITEM, "none"},
	{PARAM_ID_RANKING, "sum"},
	{PARAM_ID_CATEGORIES, "6"},
	{PARAM_ID_EACH, "10"},
	{PARAM_ID_TYPE_WEIGHT, "1"},
	{PARAM_ID_POPULARITY, "0.8"},
	{PARAM_IDS, NULL},
};

/* Chosen on May and June of jewelry, across categories; the other on a generated shop. */
static const struct param_default baskets[] = {
	{PARAM_ID_SUPPORT, "1"},
	{PARAM_ID_TYPE_WEIGHT, "0"},
	{PARAM_IDS, NULL},
};

const struct model_class md_companion = {
	.name = "companion",
	.title = "Complements, learnt",
	.summary = "Learns which categories complete a category and which of their products "
		   "complete a product, from features, so that products without a purchase "
		   "have complements too (P-Companion, Hao et al. 2020).",
	.score_text = "how well product and category go along",
	.meaning = companion_meaning,
	.flags = MODEL_VECTORS | MODEL_COMPLEMENT | MODEL_EDGES,
	.params = params,
	.baskets = baskets,
	.train = companion_train,
	.open = companion_open,
	.close = companion_close,
	.score = companion_score,
	.score_many = companion_score_many,
	.score_typed = companion_typed,
	.explain = companion_explain,
};
