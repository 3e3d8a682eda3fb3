/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means per session, bootstrap intervals, and tests of pairs corrected by Holm. */
#include "config.h"

#include "eval/report.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "base/num.h"
#include "base/time.h"
#include "eval/sample.h"

#define ROUNDS 1000
#define ROUNDS_P 2000

/* Sums per group of what is resampled. */
struct groups {
	double *value, *cases;	/* (groups) */
};

static double at(const struct eval_run *r, unsigned n_k, size_t which, size_t list,
		 unsigned k, enum eval_sum s)
{
	return r->answers[which].sum[(list * n_k + k) * EVAL_SUMS + s];
}

static double total(const struct eval_run *r, unsigned n_k, size_t which, unsigned k,
		    enum eval_sum s)
{
	double sum = 0;

	for (size_t i = 0; i < r->lists; i++)
		sum += at(r, n_k, which, i, k, s);
	return sum;
}

static double counted(const struct eval_run *r, enum eval_count c)
{
	double sum = 0;

	for (size_t i = 0; i < r->lists; i++)
		sum += r->count[i * EVAL_COUNTS + c];
	return sum;
}

static void by_group(const struct eval_run *r, unsigned n_k, size_t which, unsigned k,
		     enum eval_sum s, struct groups *g)
{
	for (size_t i = 0; i < r->groups; i++)
		g->value[i] = g->cases[i] = 0;
	for (size_t i = 0; i < r->lists; i++) {
		g->value[r->group[i]] += at(r, n_k, which, i, k, s);
		g->cases[r->group[i]] += r->count[i * EVAL_COUNTS + COUNT_CASES];
	}
}

static void put(json_t *row, const char *key, double x)
{
	if (isfinite(x))
		json_object_set_new(row, key, json_real(x));
}

struct place {
	size_t which;
	double hr;
};

/* Of one list length: which contender has which place, and how sure all figures are. */
struct standing {
	const struct report *of;
	unsigned k;
	struct place *order;	/* (n) the best HR first */
	/* By place: columns of HR, MRR and of the first one's HR less theirs, (3 n). */
	double *low, *high;
	double *p, *behind;	/* (n) by place, corrected; NAN of the first */
};
enum { OF_HR, OF_MRR, OF_BEHIND, FIGURES };

static void put_interval(json_t *row, const struct standing *s, size_t column, const char *low_key,
			 const char *high_key)
{
	put(row, low_key, s->low[column]);
	put(row, high_key, s->high[column]);
}

/* The mean over sessions of their own HR. */
static double session_mean(const struct eval_run *r, unsigned n_k, size_t which, unsigned k)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i < r->lists; i++) {
		double cases = r->count[i * EVAL_COUNTS + COUNT_CASES];

		if (cases > 0) {
			sum += at(r, n_k, which, i, k, SUM_HR) / cases;
			n++;
		}
	}
	return sum / n;
}

static json_t *make_row(const struct standing *s, size_t place)
{
	const struct eval_plan *plan = s->of->plan;
	const struct eval_run *r = s->of->run;
	size_t which = s->order[place].which;
	const struct contender *m = &s->of->contenders[which];
	double cases = counted(r, COUNT_CASES), queries = counted(r, COUNT_QUERIES);
	unsigned n_k = plan->n_k, k = s->k;
	json_t *row = json_object();
	double listed = total(r, n_k, which, k, SUM_LISTED);
	STRBUF(name);

	strbuf_addf(&name, "%s%s", m->name, m->oracle ? " (oracle category)" : "");
	json_object_set_new(row, "model", json_string(strbuf_c(&name)));
	json_object_set_new(row, "parameters", json_string(m->params));
	json_object_set_new(row, "oracle", json_boolean(m->oracle));
	json_object_set_new(row, "k", json_integer(plan->k[k]));
	put(row, "hr", total(r, n_k, which, k, SUM_HR) / cases);
	put_interval(row, s, FIGURES * place + OF_HR, "hr_low", "hr_high");
	put(row, "mrr", total(r, n_k, which, k, SUM_MRR) / cases);
	put_interval(row, s, FIGURES * place + OF_MRR, "mrr_low", "mrr_high");
	put(row, "ndcg", total(r, n_k, which, k, SUM_NDCG) / cases);
	put(row, "recall", total(r, n_k, which, k, SUM_RECALL) / queries);
	put(row, "precision", total(r, n_k, which, k, SUM_PRECISION) / queries);
	put(row, "map", total(r, n_k, which, k, SUM_MAP) / queries);
	put(row, "hr_query", total(r, n_k, which, k, SUM_ANY) / queries);
	if (plan->task == TASK_COMPLEMENT)
		put(row, "category_hit3", total(r, n_k, which, k, SUM_CATEGORY) / cases);
	put(row, "hr_session", session_mean(r, n_k, which, k));
	put(row, "coverage", (double)r->answers[which].covered[k] / r->candidates);
	put(row, "diversity", total(r, n_k, which, k, SUM_DIVERSE) /
			      total(r, n_k, which, k, SUM_PAIRS));
	put(row, "novelty", total(r, n_k, which, k, SUM_NOVELTY) / listed);
	put(row, "popularity", total(r, n_k, which, k, SUM_POPULARITY) / listed /
			       (counted(r, COUNT_TARGET_EVENTS) / cases));
	put(row, "hr_cold", total(r, n_k, which, k, SUM_COLD) / counted(r, COUNT_COLD));
	put(row, "hr_warm", total(r, n_k, which, k, SUM_WARM) / counted(r, COUNT_WARM));
	put(row, "hr_popular", total(r, n_k, which, k, SUM_TOP) / counted(r, COUNT_TOP));
	put(row, "seconds", m->seconds + r->answers[which].seconds);
	put(row, "cpu", m->cpu + r->answers[which].cpu);
	json_object_set_new(row, "rank", json_integer((json_int_t)place + 1));
	put(row, "p", s->p[place]);
	if (place)
		put(row, "p_floor", sample_p_floor(ROUNDS_P, r->n - 1));
	put(row, "behind", s->behind[place]);
	if (place)
		put_interval(row, s, FIGURES * place + OF_BEHIND, "behind_low", "behind_high");
	return row;
}

static int by_hr(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->hr != y->hr)
		return x->hr < y->hr ? 1 : -1;
	return (x->which > y->which) - (x->which < y->which);
}

/* HR, MRR and the difference to the first, of the contender in a place. */
static void set_figures(const struct standing *s, size_t place, struct groups *g,
			struct samples *figures, struct samples *gaps)
{
	const struct eval_run *r = s->of->run;
	size_t which = s->order[place].which;
	unsigned n_k = s->of->plan->n_k;

	by_group(r, n_k, which, s->k, SUM_MRR, &g[1]);
	samples_set(figures, FIGURES * place + OF_MRR, g[1].value);
	by_group(r, n_k, which, s->k, SUM_HR, &g[1]);
	samples_set(figures, FIGURES * place + OF_HR, g[1].value);
	if (place == 0)
		by_group(r, n_k, which, s->k, SUM_HR, &g[0]);
	for (size_t i = 0; i < r->groups; i++)
		g[1].value[i] = g[0].value[i] - g[1].value[i];
	samples_set(figures, FIGURES * place + OF_BEHIND, g[1].value);
	samples_set(gaps, place, g[1].value);
	s->behind[place] = place ? sample_mean(&(struct sample){g[1].value, g[1].cases,
								 r->groups}) : NAN;
}

/* How sure all figures are, and each against the first, the p corrected for their number. */
static bool weigh(struct standing *s, struct groups *g, struct err *err)
{
	const struct eval_run *r = s->of->run;
	struct samples figures = {0}, gaps = {0};
	bool ok;

	by_group(r, s->of->plan->n_k, 0, s->k, SUM_HR, &g[0]);
	ok = samples_init(&figures, g[0].cases, r->groups, FIGURES * r->n, err) &&
	     samples_init(&gaps, g[0].cases, r->groups, r->n, err);
	for (size_t i = 0; ok && i < r->n; i++)
		set_figures(s, i, g, &figures, &gaps);
	if (ok) {
		samples_intervals(&figures, (struct draws){ROUNDS, s->of->plan->seed,
							   s->of->pool}, s->low, s->high);
		samples_p(&gaps, (struct draws){ROUNDS_P, s->of->plan->seed, s->of->pool}, s->p);
		if (r->n > 1)
			sample_holm(s->p + 1, r->n - 1);
		s->p[0] = NAN;
	}
	samples_finish(&figures);
	samples_finish(&gaps);
	return ok;
}

static bool add_rows(json_t *rows, const struct report *of, unsigned k, struct groups *g,
		     struct err *err)
{
	const struct eval_run *r = of->run;
	SCOPED_FREE struct place *order = mem_alloc((r->n + 1) * sizeof *order);
	SCOPED_FREE double *figures = mem_alloc((2 * FIGURES + 2) * (r->n + 1) * sizeof *figures);
	double *high = figures + FIGURES * (r->n + 1), *p = high + FIGURES * (r->n + 1);
	struct standing s = {of, k, order, figures, high, p, p + r->n + 1};
	double cases = counted(r, COUNT_CASES);

	for (size_t i = 0; i < r->n; i++)
		order[i] = (struct place){i, total(r, of->plan->n_k, i, k, SUM_HR) / cases};
	qsort(order, r->n, sizeof *order, by_hr);
	if (!weigh(&s, g, err))
		return false;
	for (size_t i = 0; i < r->n; i++)
		json_array_append_new(rows, make_row(&s, i));
	return true;
}

static void add_count(struct strbuf *b, double n, const char *what)
{
	num_add_grouped(b, (int64_t)n);
	strbuf_adds(b, what);
}

/* Every case that isn't asked, by its reason. */
static void add_left_out(struct strbuf *b, const struct eval_plan *plan,
			 const struct eval_run *r)
{
	strbuf_adds(b, " Left out: ");
	add_count(b, (double)r->unknown, " with a product unknown in training");
	if (plan->task == TASK_NEXT && !plan->repeats) {
		strbuf_adds(b, ", ");
		add_count(b, (double)r->repeated, " repeated");
	}
	if (plan->catalog->product_group && !plan->variants && !plan->repeats) {
		strbuf_adds(b, ", ");
		add_count(b, (double)r->variants, " variants of what the session has, which are "
			  "no candidates either");
	}
	if (plan->cross_category) {
		strbuf_adds(b, ", ");
		add_count(b, (double)r->inside, " inside a category");
	}
}

/* The true cuts of days and shares. */
static void add_instants(struct strbuf *b, const struct split_spec *spec,
			 const struct catalog *c)
{
	if ((spec->kind != SPLIT_TIME && spec->kind != SPLIT_LATEST) || (c->caps & CAP_UNDATED))
		return;
	strbuf_adds(b, " (from ");
	time_add_rfc3339(b, spec->from.at);
	if (spec->until.at != TIME_NONE) {
		strbuf_adds(b, " to before ");
		time_add_rfc3339(b, spec->until.at);
	} else {
		strbuf_adds(b, " on");
	}
	strbuf_addc(b, ')');
}

static void add_protocol(struct strbuf *b, const struct eval_plan *plan,
			 const struct split_spec *spec, const struct split_spec *tuned,
			 const struct eval_run *r)
{
	const struct catalog *c = plan->catalog;

	split_text(spec, b);
	add_instants(b, spec, c);
	strbuf_adds(b, ": learnt from ");
	if (c->n_events)
		add_count(b, (double)c->n_events, " events, tested on ");
	else
		add_count(b, (double)plan->split->train_events, " pairs, tested on ");
	add_count(b, (double)r->lists, plan->task == TASK_NEXT ? " sessions" :
		  spec->kind == SPLIT_LINKS ? " links, each asked from both sides" :
		  c->n_events ? " baskets" : " links of such products");
	if (r->lists < plan->split->n) {
		strbuf_adds(b, " drawn from ");
		add_count(b, (double)plan->split->n, "");
	}
	strbuf_adds(b, ": ");
	add_count(b, counted(r, COUNT_CASES), plan->repeats ?
		  " next items, repeats and the current one among them, ranked among the " :
		  plan->task == TASK_NEXT ?
		  " next items that are new to the session, ranked among the " :
		  plan->task == TASK_BASKET ?
		  " products of a basket, each from all others, ranked among the " :
		  plan->unmet ? plan->cross_category ?
		  " pairs across categories of a product that nothing was learnt of and one bought "
		  "along, ranked among the " :
		  " pairs of a product that nothing was learnt of and one bought along, ranked "
		  "among the " :
		  plan->cross_category ? " pairs across categories, ranked among the " :
		  " pairs bought together, ranked among the ");
	add_count(b, r->candidates, plan->repeats ? " products met in training;" :
		  plan->unlinked ? " products met in training that it doesn't link with the one "
		  "asked about;" : plan->unmet ? " products met in training;" :
		  " products met in training that the session has not had;");
	strbuf_adds(b, " tied scores count by their expected place.");
	if (plan->task == TASK_COMPLEMENT) {
		strbuf_adds(b, " HR, MRR and NDCG are per pair; HR/q is the share of the ");
		add_count(b, counted(r, COUNT_QUERIES), " products asked, one in each of their "
			  "baskets, with any hit.");
	}
	add_left_out(b, plan, r);
	strbuf_adds(b, ". 95% intervals by bootstrap over ");
	add_count(b, (double)r->groups, (plan->whole ? plan->whole : c)->session_user ? " users;" :
		  c->n_events ? " sessions;" : " links;");
	strbuf_addf(b, " p by %u random changes of sign, so .%04u at least before it is "
		    "corrected for the number of models.", ROUNDS_P, 10000 / ROUNDS_P);
	if (spec->kind == SPLIT_RANDOM)
		strbuf_adds(b, " Sessions were drawn by chance, so models learnt from later "
			       "ones than they were tested on.");
	if (spec->kind == SPLIT_LINKS)
		strbuf_adds(b, c->n_events ?
			    " Links were drawn by a hash of both ids. A basket with one of them "
			    "is learnt from as its other pairs, each a basket of two; what was "
			    "viewed in its session stays, apart from them." :
			    " Links were drawn by a hash of both ids; pairs of other relations "
			    "stay.");
	if (spec->kind == SPLIT_PRODUCTS)
		strbuf_adds(b, c->n_events ?
			    " Products were drawn by a hash of their ids; no event of theirs is "
			    "learnt from, only what the catalog says of them." :
			    " Products were drawn by a hash of their ids; no pair of theirs is "
			    "learnt from, only what the catalog says of them.");
	if (spec->kind == SPLIT_GIVEN)
		strbuf_adds(b, " Which sessions are learnt from and which are asked was given by "
			       "file.");
	if (spec->only)
		strbuf_addf(b, " Of a session only its last %u %s asked for.", spec->only,
			    spec->only == 1 ? "is" : "are");
	if (!tuned)
		return;
	strbuf_adds(b, " Parameters were chosen on ");
	split_text(tuned, b);
	strbuf_adds(b, " of what is learnt from.");
}

bool report_make(json_t **out, const struct report *of, struct err *err)
{
	const struct eval_plan *plan = of->plan;
	const struct eval_run *r = of->run;
	json_t *doc = json_object(), *k = json_array(), *rows = json_array();
	struct groups g[2];
	STRBUF(split);
	STRBUF(protocol);
	bool ok = true;

	for (unsigned i = 0; i < 2; i++) {
		g[i].value = mem_alloc((r->groups + 1) * sizeof(double));
		g[i].cases = mem_alloc((r->groups + 1) * sizeof(double));
	}
	split_text(of->spec, &split);
	add_protocol(&protocol, plan, of->spec, of->tuned, r);
	json_object_set_new(doc, "time", json_integer(time_now()));
	json_object_set_new(doc, "task", json_string(task_name(plan->task)));
	json_object_set_new(doc, "cross_category", json_boolean(plan->cross_category));
	json_object_set_new(doc, "split", json_string(strbuf_c(&split)));
	json_object_set_new(doc, "seed", json_integer((json_int_t)plan->seed));
	json_object_set_new(doc, "protocol", json_string(strbuf_c(&protocol)));
	json_object_set_new(doc, "tuned", json_boolean(of->tuned != NULL));
	json_object_set_new(doc, "sessions", json_integer((json_int_t)r->lists));
	json_object_set_new(doc, "groups", json_integer((json_int_t)r->groups));
	json_object_set_new(doc, "queries", json_integer((json_int_t)counted(r, COUNT_QUERIES)));
	json_object_set_new(doc, "cases", json_integer((json_int_t)counted(r, COUNT_CASES)));
	json_object_set_new(doc, "repeated", json_integer((json_int_t)r->repeated));
	json_object_set_new(doc, "variants", json_integer((json_int_t)r->variants));
	json_object_set_new(doc, "inside", json_integer((json_int_t)r->inside));
	json_object_set_new(doc, "unknown", json_integer((json_int_t)r->unknown));
	json_object_set_new(doc, "candidates", json_integer(r->candidates));
	json_object_set_new(doc, "train_events",
			    json_integer((json_int_t)plan->catalog->n_events));
	for (unsigned i = 0; i < plan->n_k && ok; i++) {
		json_array_append_new(k, json_integer(plan->k[i]));
		ok = add_rows(rows, of, i, g, err);
	}
	json_object_set_new(doc, "k", k);
	json_object_set_new(doc, "rows", rows);
	for (unsigned i = 0; i < 2; i++) {
		free(g[i].value);
		free(g[i].cases);
	}
	if (ok)
		*out = doc;
	else
		json_decref(doc);
	return ok;
}
