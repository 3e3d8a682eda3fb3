/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question is a product: every contender scores all products that were met. Where the k-th
 * place is tied, what is tied counts by its share of the places that are left.
 */
#include "config.h"

#include "eval/text_worth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/time.h"
#include "eval/sample.h"
#include "math/kernel.h"
#include "math/topk.h"
#include "model/vector_scores.h"

#define ROUNDS 1000
#define PER_ATTRIBUTE 0.05F	/* as show upsell weighs */
#define PER_EVENT 0.02F
#define KINDS_MOST 24		/* category, brand, attributes */

enum { BY_ATTRIBUTES, BY_BOTH, BY_POPULAR, BY_CHANCE, OTHERS };
static const char *const other_names[OTHERS] = {"attributes", "upsell", "popular", "chance"};
enum pairs { CO_VIEW, CO_PURCHASE, PAIRS };
static const char *const pair_names[PAIRS] = {"co-view", "co-purchase"};

/* a was met with b in a session. */
struct pair {
	uint32_t a, b, session;
};

struct reading {
	const struct text_worth_plan *plan;
	const struct catalog *c;
	uint32_t *met;			/* (n) products, ascending */
	uint32_t n;
	uint32_t *place;		/* (products) in met, or CATALOG_NONE */
	uint32_t *value;		/* (n, kinds) of category, brand, attributes */
	unsigned kinds;
	char name[KINDS_MOST][80];
	float *events;			/* (n) log(1 + events) */
	float **unit;			/* (models) (n, dim), rows of length 1 or zeros */
	unsigned *dim;
	size_t n_rivals;		/* models, then others */
	uint32_t *asked;		/* (n_asked) places: drawn products, for shares */
	uint32_t n_asked;
	struct pair *pair[PAIRS];	/* (n_pair) by a, then session */
	size_t n_pair[PAIRS], cap_pair[PAIRS];
	uint32_t n_session[PAIRS];	/* sessions are numbered from 0 */
	double *share;			/* (rivals, n_k, kinds, asked) NAN: it has none */
	double *hit[PAIRS];		/* (rivals, n_k, pairs) */
	struct job *job;
};

/* --- what there is */

static bool find_met(struct reading *g, struct err *err)
{
	const struct catalog *c = g->c;
	SCOPED_FREE uint32_t *events = mem_big(c->n_products, sizeof *events, "products", err);

	g->met = mem_big(c->n_products, sizeof *g->met, "products", err);
	g->place = mem_big(c->n_products, sizeof *g->place, "products", err);
	g->events = mem_big(c->n_products, sizeof *g->events, "products", err);
	if (!events || !g->met || !g->place || !g->events)
		return false;
	for (uint64_t e = 0; e < c->n_events; e++)
		events[c->event_product[e]]++;
	for (uint32_t p = 0; p < c->n_products; p++) {
		g->place[p] = events[p] ? g->n : CATALOG_NONE;
		if (!events[p])
			continue;
		g->events[g->n] = log1pf((float)events[p]);
		g->met[g->n++] = p;
	}
	return g->n > 1 || err_fail(err, ERR_NO, "texts are compared on products that somebody "
				    "met, and this store has none");
}

static bool read_values(struct reading *g, struct err *err)
{
	const struct catalog *c = g->c;
	unsigned most = c->product_attribute ? c->n_attributes : 0;

	most = most > KINDS_MOST - 2 ? KINDS_MOST - 2 : most;
	snprintf(g->name[0], sizeof g->name[0], "category");
	snprintf(g->name[1], sizeof g->name[1], "brand");
	for (unsigned a = 0; a < most; a++)
		snprintf(g->name[2 + a], sizeof g->name[0], "%.*s",
			 STR_ARG(text_at(&c->attribute_name, a)));
	g->kinds = 2 + most;
	g->value = mem_big((size_t)g->n * g->kinds, sizeof *g->value, "attributes", err);
	for (uint32_t i = 0; g->value && i < g->n; i++) {
		uint32_t *v = g->value + (size_t)i * g->kinds, p = g->met[i];

		v[0] = c->product_category[p];
		v[1] = c->product_brand ? c->product_brand[p] : CATALOG_NONE;
		for (unsigned a = 0; a < most; a++)
			v[2 + a] = c->product_attribute[(size_t)p * c->n_attributes + a];
	}
	return g->value != NULL;
}

static bool read_vectors(struct reading *g, size_t m, struct err *err)
{
	const struct model *model = g->plan->models[m];
	unsigned dim = vectors_dim(model);

	g->dim[m] = dim;
	g->unit[m] = mem_big((size_t)g->n * dim, sizeof(float), "vectors", err);
	for (uint32_t i = 0; g->unit[m] && i < g->n; i++) {
		const float *v = vectors_of(model, g->met[i]);
		float length = v ? sqrtf(kernels_best()->dot(v, v, dim)) : 0;

		for (unsigned d = 0; length > 0 && d < dim; d++)
			g->unit[m][(size_t)i * dim + d] = v[d] / length;
	}
	return g->unit[m] != NULL;
}

/* The first of a shuffle of n numbers; returns how many. */
static uint32_t draw(uint32_t *x, uint32_t n, uint64_t most, struct rng *rng)
{
	uint32_t take = most && most < n ? (uint32_t)most : n;

	for (uint32_t i = 0; i < take; i++) {
		uint32_t j = i + (uint32_t)rng_below(rng, n - i), swap = x[i];

		x[i] = x[j];
		x[j] = swap;
	}
	return take;
}

/* --- pairs */

static unsigned basket(const struct catalog *c, uint32_t session, uint8_t kind, uint32_t *out,
		       unsigned most)
{
	unsigned n = 0;

	for (uint64_t e = c->session_offsets[session]; e < c->session_offsets[session + 1]; e++) {
		unsigned k = 0;

		if (c->event_kind[e] != kind)
			continue;
		while (k < n && out[k] != c->event_product[e])
			k++;
		if (k == n && n < most)
			out[n++] = c->event_product[e];
	}
	return n;
}

static int by_first(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	if (a->session != b->session)
		return a->session < b->session ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

#define BASKET 50	/* products of a session that make pairs */

static void add_pairs(struct reading *g, enum pairs kind, const uint32_t *in, unsigned n)
{
	size_t before = g->n_pair[kind];

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n; j++) {
			if (i == j || catalog_variants(g->c, in[i], in[j]))
				continue;
			MEM_GROW(g->pair[kind], g->cap_pair[kind], g->n_pair[kind] + 1);
			g->pair[kind][g->n_pair[kind]++] = (struct pair){
				g->place[in[i]], g->place[in[j]], g->n_session[kind]};
		}
	g->n_session[kind] += g->n_pair[kind] > before;
}

static bool read_pairs(struct reading *g, enum pairs kind, struct rng *rng, struct err *err)
{
	const struct catalog *c = g->c;
	uint8_t of = kind == CO_VIEW ? EVENT_VIEW : EVENT_PURCHASE;
	SCOPED_FREE uint32_t *session = mem_big(c->n_sessions, sizeof *session, "sessions", err);
	uint32_t in[BASKET], n = 0;

	if (!session)
		return false;
	for (uint32_t s = 0; s < c->n_sessions; s++)
		if ((!c->event_time || c->event_time[c->session_offsets[s]] >= g->plan->from) &&
		    basket(c, s, of, in, BASKET) > 1)
			session[n++] = s;
	n = draw(session, n, g->plan->most, rng);
	for (uint32_t i = 0; i < n; i++)
		add_pairs(g, kind, in, basket(c, session[i], of, in, BASKET));
	if (g->n_pair[kind])
		qsort(g->pair[kind], g->n_pair[kind], sizeof *g->pair[kind], by_first);
	return true;
}

/* --- asking */

static void equal(const struct reading *g, uint32_t a, float *score)
{
	const uint32_t *x = g->value + (size_t)a * g->kinds;

	for (uint32_t b = 0; b < g->n; b++) {
		const uint32_t *y = g->value + (size_t)b * g->kinds;
		unsigned n = 0;

		for (unsigned k = 0; k < g->kinds; k++)
			n += x[k] != CATALOG_NONE && x[k] == y[k];
		score[b] = (float)n;
	}
}

static void by_model(const struct reading *g, size_t m, uint32_t a, float *score)
{
	kernels_best()->dots(g->unit[m] + (size_t)a * g->dim[m], g->unit[m], g->n, g->dim[m],
			     g->dim[m], score);
}

/* score (n, room 2 n); the product and its variants get -INFINITY. */
static void ask(const struct reading *g, size_t rival, uint32_t a, float *score)
{
	size_t other = rival - g->plan->n_models;
	float *text = score + g->n;

	if (rival < g->plan->n_models) {
		by_model(g, rival, a, score);
	} else if (other == BY_CHANCE) {
		memset(score, 0, g->n * sizeof *score);
	} else if (other == BY_POPULAR) {
		memcpy(score, g->events, g->n * sizeof *score);
	} else {
		equal(g, a, score);
		if (other == BY_BOTH && g->plan->n_models) {
			by_model(g, 0, a, text);
			for (uint32_t b = 0; b < g->n; b++)
				score[b] = text[b] + PER_ATTRIBUTE * score[b] +
					   PER_EVENT * g->events[b];
		}
	}
	for (uint32_t b = 0; b < g->n; b++)
		if (b == a || catalog_variants(g->c, g->met[a], g->met[b]))
			score[b] = -INFINITY;
}

/* The score at place k, and how many are above it and at it. */
struct border {
	float score;
	uint32_t above, tied;
};

static struct border border_at(const float *score, uint32_t n, unsigned k, struct hit *hits)
{
	struct border b = {.score = -INFINITY};
	struct topk best;

	topk_init(&best, hits, k);
	for (uint32_t i = 0; i < n; i++)
		if (score[i] > -INFINITY && score[i] >= topk_floor(&best))
			topk_push(&best, i, score[i]);
	if (best.n == k)
		b.score = hits[0].score;
	for (uint32_t i = 0; i < n; i++) {
		b.above += score[i] > b.score;
		b.tied += score[i] == b.score && score[i] > -INFINITY;
	}
	return b;
}

/* What one that has the score counts among the first k. */
static double worth(const struct border *b, unsigned k, float score)
{
	if (!(score >= b->score) || score == -INFINITY)
		return 0;
	return score > b->score ? 1 : (double)(k - b->above) / b->tied;
}

struct asking {
	struct reading *g;
	size_t rival;
	enum pairs kind;
};

static void share_of(const struct reading *g, const struct border *b, unsigned k,
		     const float *score, uint32_t a, double *out /* stride asked */)
{
	double sum[KINDS_MOST] = {0}, all = 0;

	for (uint32_t i = 0; i < g->n; i++) {
		double w = worth(b, k, score[i]);

		if (w == 0)
			continue;
		all += w;
		for (unsigned v = 0; v < g->kinds; v++)
			if (g->value[(size_t)i * g->kinds + v] ==
			    g->value[(size_t)a * g->kinds + v])
				sum[v] += w;
	}
	for (unsigned v = 0; v < g->kinds; v++)
		out[(size_t)v * g->n_asked] =
			g->value[(size_t)a * g->kinds + v] == CATALOG_NONE ? NAN :
			all > 0 ? sum[v] / k : 0;
}

static void ask_share(void *ctx, size_t task, unsigned worker)
{
	const struct asking *x = ctx;
	struct reading *g = x->g;
	const struct text_worth_plan *plan = g->plan;
	SCOPED_FREE float *score = mem_alloc(2 * (size_t)g->n * sizeof *score);
	SCOPED_FREE struct hit *hits = mem_alloc((plan->k[plan->n_k - 1] + 1) * sizeof *hits);

	(void)worker;
	if (job_cancelled(g->job))
		return;
	ask(g, x->rival, g->asked[task], score);
	for (unsigned ki = 0; ki < plan->n_k; ki++) {
		struct border b = border_at(score, g->n, plan->k[ki], hits);

		share_of(g, &b, plan->k[ki], score, g->asked[task],
			 g->share + (x->rival * plan->n_k + ki) * g->kinds * g->n_asked + task);
	}
	job_advance(g->job, 1);
}

/* A task is a product that begins pairs: those of its first one do all. */
static void ask_pairs(void *ctx, size_t task, unsigned worker)
{
	const struct asking *x = ctx;
	struct reading *g = x->g;
	const struct text_worth_plan *plan = g->plan;
	const struct pair *pair = g->pair[x->kind];
	size_t n = g->n_pair[x->kind];
	SCOPED_FREE float *score = NULL;
	SCOPED_FREE struct hit *hits = NULL;

	(void)worker;
	if (job_cancelled(g->job) || (task && pair[task - 1].a == pair[task].a))
		return;
	score = mem_alloc(2 * (size_t)g->n * sizeof *score);
	hits = mem_alloc((plan->k[plan->n_k - 1] + 1) * sizeof *hits);
	ask(g, x->rival, pair[task].a, score);
	for (unsigned ki = 0; ki < plan->n_k; ki++) {
		struct border b = border_at(score, g->n, plan->k[ki], hits);
		double *hit = g->hit[x->kind] + (x->rival * plan->n_k + ki) * n;

		for (size_t i = task; i < n && pair[i].a == pair[task].a; i++)
			hit[i] = worth(&b, plan->k[ki], score[pair[i].b]);
	}
}

static bool ask_all(struct reading *g, struct pool *pool, struct err *err)
{
	size_t rows = g->n_rivals * g->plan->n_k;

	g->share = mem_big(rows * g->kinds * g->n_asked, sizeof *g->share, "results", err);
	if (!g->share)
		return false;
	for (enum pairs kind = 0; kind < PAIRS; kind++)
		if (!(g->hit[kind] = mem_big(rows * (g->n_pair[kind] + 1), sizeof(double),
					     "results", err)))
			return false;
	job_step(g->job, "asking for neighbours", g->n_rivals * g->n_asked);
	for (size_t r = 0; r < g->n_rivals; r++) {
		struct asking x = {.g = g, .rival = r};

		pool_run(pool, g->n_asked, ask_share, &x);
		for (x.kind = 0; x.kind < PAIRS; x.kind++)
			pool_run(pool, g->n_pair[x.kind], ask_pairs, &x);
		if (!job_check(g->job, err))
			return false;
	}
	return true;
}

/* --- the document */

static const char *rival_name(const struct reading *g, size_t r)
{
	return r < g->plan->n_models ? model_name(g->plan->models[r]) :
	       other_names[r - g->plan->n_models];
}

struct placed {
	size_t rival;
	double mean, low, high;
};

static int by_mean(const void *x, const void *y)
{
	double a = ((const struct placed *)x)->mean, b = ((const struct placed *)y)->mean;

	return (a < b) - (a > b);
}

struct column {
	double *value, *cases;	/* (groups) */
	size_t groups;
	size_t queries;
};

static void share_column(const struct reading *g, size_t row, unsigned v, struct column *c)
{
	const double *share = g->share + (row * g->kinds + v) * g->n_asked;

	c->groups = g->n_asked;
	c->queries = 0;
	for (size_t i = 0; i < g->n_asked; i++) {
		c->value[i] = isnan(share[i]) ? 0 : share[i];
		c->cases[i] = !isnan(share[i]);
		c->queries += !isnan(share[i]);
	}
}

static void pair_column(const struct reading *g, size_t row, enum pairs kind, struct column *c)
{
	const double *hit = g->hit[kind] + row * g->n_pair[kind];

	c->groups = g->n_session[kind];
	c->queries = g->n_pair[kind];
	memset(c->value, 0, c->groups * sizeof *c->value);
	memset(c->cases, 0, c->groups * sizeof *c->cases);
	for (size_t i = 0; i < g->n_pair[kind]; i++) {
		c->value[g->pair[kind][i].session] += hit[i];
		c->cases[g->pair[kind][i].session]++;
	}
}

/* v < kinds: shares; then pairs. */
static void add_rows(const struct reading *g, unsigned v, unsigned ki, struct column *c,
		     json_t *rows)
{
	bool pairs = v >= g->kinds;
	SCOPED_FREE struct placed *place = mem_alloc(g->n_rivals * sizeof *place);
	const char *key = pairs ? "hr" : "precision";
	STRBUF(task);

	strbuf_addf(&task, "text, %s%s", pairs ? "" : "same ",
		    pairs ? pair_names[v - g->kinds] : g->name[v]);
	for (size_t r = 0; r < g->n_rivals; r++) {
		size_t row = r * g->plan->n_k + ki;
		struct sample s;

		if (pairs)
			pair_column(g, row, (enum pairs)(v - g->kinds), c);
		else
			share_column(g, row, v, c);
		s = (struct sample){c->value, c->cases, c->groups};
		place[r] = (struct placed){r, sample_mean(&s), 0, 0};
		sample_interval(&s, ROUNDS, g->plan->seed, &place[r].low, &place[r].high);
	}
	if (!c->queries)
		return;
	qsort(place, g->n_rivals, sizeof *place, by_mean);
	for (size_t i = 0; i < g->n_rivals; i++) {
		STRBUF(low);
		STRBUF(high);

		strbuf_addf(&low, "%s_low", key);
		strbuf_addf(&high, "%s_high", key);
		json_array_append_new(rows, json_pack(
			"{s:s, s:s, s:s, s:I, s:I, s:I, s:f, s:f, s:f}", "task", strbuf_c(&task),
			"model", rival_name(g, place[i].rival), "parameters", "", "k",
			(json_int_t)g->plan->k[ki], "rank", (json_int_t)i + 1, "queries",
			(json_int_t)c->queries, key, place[i].mean, strbuf_c(&low),
			place[i].low, strbuf_c(&high), place[i].high));
	}
}

static json_t *make_doc(const struct reading *g)
{
	size_t most = g->n_asked;
	json_t *rows = json_array(), *k = json_array(), *doc;
	struct column c = {.queries = 0};
	STRBUF(text);

	for (enum pairs kind = 0; kind < PAIRS; kind++)
		most = g->n_session[kind] > most ? g->n_session[kind] : most;
	c.value = mem_alloc((most + 1) * sizeof *c.value);
	c.cases = mem_alloc((most + 1) * sizeof *c.cases);
	for (unsigned v = 0; v < g->kinds + PAIRS; v++)
		for (unsigned ki = 0; ki < g->plan->n_k; ki++)
			add_rows(g, v, ki, &c, rows);
	for (unsigned ki = 0; ki < g->plan->n_k; ki++)
		json_array_append_new(k, json_integer(g->plan->k[ki]));
	strbuf_adds(&text, "The nearest of ");
	num_add_grouped(&text, g->n);
	strbuf_adds(&text, " products that somebody met, variants left out, for ");
	num_add_grouped(&text, g->n_asked);
	strbuf_adds(&text, " of them: prec is the share with the same category, brand or "
		    "attribute. co-view, co-purchase: HR is the share of pairs of a session "
		    "whose second product is among the nearest of the first. upsell: the first "
		    "model's cosine, "
		    ".05 for each equal attribute and .02 log(1 + events).");
	doc = json_pack("{s:I, s:s, s:I, s:o, s:s, s:I, s:o}", "time", (json_int_t)time_now(),
			"task", "text", "seed", (json_int_t)g->plan->seed, "k", k, "protocol",
			strbuf_c(&text), "queries", (json_int_t)g->n_asked, "rows", rows);
	free(c.value);
	free(c.cases);
	return doc;
}

static bool prepare(struct reading *g, struct err *err)
{
	struct rng rng;

	rng_init(&rng, g->plan->seed, 0x7e47);
	if (!find_met(g, err) || !read_values(g, err))
		return false;
	for (size_t m = 0; m < g->plan->n_models; m++)
		if (!read_vectors(g, m, err))
			return false;
	g->asked = mem_alloc(g->n * sizeof *g->asked);
	for (uint32_t i = 0; i < g->n; i++)
		g->asked[i] = i;
	g->n_asked = draw(g->asked, g->n, g->plan->most, &rng);
	return read_pairs(g, CO_VIEW, &rng, err) && read_pairs(g, CO_PURCHASE, &rng, err);
}

bool text_worth_run(const struct text_worth_plan *plan, json_t **doc, struct work work,
		 struct err *err)
{
	struct reading g = {.plan = plan, .c = plan->catalog, .job = work.job,
			    .n_rivals = plan->n_models + OTHERS};
	bool ok;

	g.unit = mem_zalloc((plan->n_models + 1) * sizeof *g.unit);
	g.dim = mem_zalloc((plan->n_models + 1) * sizeof *g.dim);
	ok = prepare(&g, err) && ask_all(&g, work.pool, err);
	if (ok)
		*doc = make_doc(&g);
	for (size_t m = 0; m < plan->n_models; m++)
		free(g.unit[m]);
	for (enum pairs kind = 0; kind < PAIRS; kind++) {
		free(g.pair[kind]);
		free(g.hit[kind]);
	}
	free(g.unit);
	free(g.dim);
	free(g.met);
	free(g.place);
	free(g.value);
	free(g.events);
	free(g.asked);
	free(g.share);
	return ok;
}
