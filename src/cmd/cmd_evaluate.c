/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle evaluate STORE [MODEL...] */
#include "config.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/replaying.h"
#include "cmd/target.h"
#include "eval/baseline.h"
#include "eval/cut_files.h"
#include "eval/entrant.h"
#include "eval/listed.h"
#include "eval/obeying.h"
#include "eval/personal.h"
#include "eval/report.h"
#include "eval/text_worth.h"
#include "eval/tune.h"
#include "model/kept.h"
#include "stats/part.h"
#include "store/results.h"
#include "store/trained.h"
#include "vet/vetting.h"
#include "view/view.h"

static const enum opt_id options[] = {
	OPT_ID_TASK, OPT_ID_SPLIT, OPT_ID_TRAIN_FILE, OPT_ID_TEST_FILE, OPT_ID_ONLY_LAST,
	OPT_ID_TUNE, OPT_ID_TRAININGS, OPT_ID_MINUTES,
	OPT_ID_LENGTHS, OPT_ID_SAME_CATEGORY, OPT_ID_TAIL, OPT_ID_DIVERSIFY,
	OPT_ID_PER_CATEGORY, OPT_ID_CATEGORIES, OPT_ID_REPEAT, OPT_ID_VARIANTS, OPT_ID_QUERIES,
	OPT_ID_ALONE, OPT_ID_OBEYING, OPT_ID_SEED, OPT_ID_FORMAT, OPT_IDS,
};

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool parse_lengths(struct str text, struct eval_plan *plan, struct err *err)
{
	struct str rest = text, word;
	uint64_t k;

	while (str_next(&rest, ',', &word)) {
		if (plan->n_k == EVAL_KS || !num_u64(str_trim(word), &k) || k < 1 || k > 1000)
			return err_fail(err, ERR_USAGE, "--k takes up to %d lengths from 1 to "
					"1000, as 5,10,20, not '%.*s'", EVAL_KS, STR_ARG(text));
		plan->k[plan->n_k++] = (uint32_t)k;
	}
	if (!plan->n_k)
		return err_fail(err, ERR_USAGE, "--k names no length");
	qsort(plan->k, plan->n_k, sizeof *plan->k, ascending);
	for (unsigned i = 1; i < plan->n_k; i++)
		if (plan->k[i] == plan->k[i - 1])
			return err_fail(err, ERR_USAGE, "--k has %u twice", plan->k[i]);
	return true;
}

/* What is evaluated, and all that must live as long. */
struct evaluation {
	struct cmd_env *env;
	const struct store *store;
	struct split_spec spec, tune_spec;
	struct eval_plan plan;
	enum same_category same;
	uint8_t *side;		/* of sessions, where files give the cut */
	bool tune, personal, reading, alone;
	struct vetting *vetting;	/* that is obeyed, or NULL */
	struct tune_budget budget;
	struct strbuf chosen;	/* sentences on what was chosen */
	struct entrant *entrants;
	size_t n_entrants, cap_entrants;
	struct contender *contenders;
	size_t n_contenders;
	struct pool *pool;
	const struct args *args;
};

static void add_entrant(struct evaluation *v, const struct entrant *e)
{
	MEM_GROW(v->entrants, v->cap_entrants, v->n_entrants + 1);
	v->entrants[v->n_entrants++] = *e;
}

/* People may have decided on what is tested. */
static void leave_labels(struct evaluation *v, struct params *p, const char *name)
{
	if (!params_takes(p, PARAM_ID_LABELS) || params_choice(p, PARAM_ID_LABELS) == 0)
		return;
	params_set(p, PARAM_ID_LABELS, STR("none"), NULL);
	strbuf_addf(&v->chosen, " %s learns without people's decisions here.", name);
}

/* A model of the store with the parameters of its training; what reads texts alone is for
 * --task text and is passed over. */
static bool add_stored(struct evaluation *v, const char *name, struct err *err)
{
	SCOPED(model) m = NULL;
	struct entrant e;

	if (!model_open(&m, v->store, name, err))
		return false;
	if (!m->class->train || m->class->phrase || (m->class->flags & MODEL_BASELINE))
		return true;
	entrant_init(&e, m->class);
	e.params = m->params;
	leave_labels(v, &e.params, name);
	snprintf(e.name, sizeof e.name, "%s", name);
	add_entrant(v, &e);
	return true;
}

/* Those of the store, or the one of that name; *found: it has one. */
static bool add_trained(struct evaluation *v, struct str only, bool *found, struct err *err)
{
	struct trained_list list = {0};
	bool ok = true;

	*found = false;
	trained_list_read(store_path(v->store), &list);
	for (size_t i = 0; i < list.n && ok; i++) {
		if (only.ptr && !str_is(only, list.name[i]))
			continue;
		ok = add_stored(v, list.name[i], err);
		*found = true;
	}
	trained_list_finish(&list);
	return ok;
}

static bool add_one(struct evaluation *v, struct str text, const struct args *a,
		    struct err *err)
{
	struct entrant e;
	struct err unknown;
	size_t before = v->n_entrants;
	bool found;

	if (!entrant_parse(&e, text, &unknown)) {
		if (!add_trained(v, text, &found, err))
			return false;
		if (found && v->n_entrants > before)
			return true;
		*err = unknown;
		return false;
	}
	if (str_find(text, STR("seed=")) == SIZE_MAX)
		e.params.seed = args_count(a, OPT_ID_SEED);
	add_entrant(v, &e);
	return true;
}

/* MODEL:NAME=* is an entrant for each choice that NAME has. */
static bool add_each(struct evaluation *v, struct str text, const struct args *a,
		     struct err *err)
{
	size_t at = str_find(text, STR("=*")), from = at;
	struct str rest, choice;
	enum param_id id;

	while (at != SIZE_MAX && from > 0 && text.ptr[from - 1] != ',' &&
	       text.ptr[from - 1] != ':')
		from--;
	id = at == SIZE_MAX ? PARAM_IDS : param_find(str_span(text.ptr + from, at - from));
	if (id == PARAM_IDS || param_table[id].type != PARAM_CHOICE)
		return add_one(v, text, a, err);
	rest = str_from(param_table[id].choices);
	while (str_next(&rest, '|', &choice)) {
		STRBUF(one);

		strbuf_addf(&one, "%.*s=%.*s%.*s", (int)at, text.ptr, STR_ARG(choice),
			    (int)(text.len - at - 2), text.ptr + at + 2);
		if (!add_one(v, strbuf_str(&one), a, err))
			return false;
	}
	return true;
}

static bool find_entrants(struct evaluation *v, const struct args *a, struct err *err)
{
	bool found;

	for (unsigned i = 1; i < args_operands(a); i++)
		if (!add_each(v, args_operand(a, i), a, err))
			return false;
	return v->n_entrants || add_trained(v, STR_NULL, &found, err);
}

static void say_tuned(struct evaluation *v, const struct entrant *e, const struct tuned *t,
		      const struct catalog *c)
{
	const char *name = e->name[0] ? e->name : e->class ? e->class->name :
			   entrant_panel(e->kind);
	struct strbuf *b = &v->chosen;
	STRBUF(params);

	if (!t->knobs) {
		strbuf_addf(b, " %s has nothing to tune.", name);
		return;
	}
	entrant_text(e, c, &params);
	strbuf_addf(b, " %s: %s%s", name, !t->kept ? "" : t->stopped && t->trainings < 2 ?
		    "no time to try others than " : "nothing better than ",
		    params.len ? strbuf_c(&params) : "its defaults");
	if (!isnan(t->after))
		strbuf_addf(b, ", NDCG@%u %.4f, %.4f before (%+.4f, 95%% %+.4f to %+.4f)",
			    v->plan.k[v->plan.n_k - 1], t->after, t->before,
			    t->after - t->before, t->low, t->high);
	strbuf_addf(b, "; %u training%s%s", t->trainings, t->trainings == 1 ? "" : "s",
		    t->within ? " and a part of another" : "");
	if (t->failed)
		strbuf_addf(b, ", of which %u had parameters that this log has too little for",
			    t->failed);
	strbuf_adds(b, t->stopped ?
		    ", stopped by --minutes: another time may choose otherwise." : ".");
}

static bool tune_all(struct evaluation *v, const struct split *test, struct err *err)
{
	const struct catalog *c = store_catalog(v->store);
	struct work work = {v->pool, v->env->job};
	struct eval_plan plan = v->plan;
	struct split split;
	SCOPED(part) left = NULL;
	SCOPED(part) part = NULL;
	bool ok;

	if (!test->train && !split_part(&left, test, c, work, err))
		return false;
	c = left ? part_catalog(left) : c;
	if (!split_tune(&v->spec, c, &v->tune_spec, err) ||
	    !split_make(&split, &v->tune_spec, c, plan.task, test->train, err))
		return err_context(err, "--tune");
	ok = split_part(&part, &split, c, work, err);
	plan.split = &split;
	plan.unlinked = v->spec.kind == SPLIT_LINKS;
	plan.unmet = v->spec.kind == SPLIT_PRODUCTS;
	for (size_t i = 0; ok && i < v->n_entrants; i++) {
		struct tuned tuned;

		plan.catalog = part_catalog(part);
		ok = entrant_tune(&v->entrants[i], &plan, &v->budget, &tuned, work, err);
		if (ok)
			say_tuned(v, &v->entrants[i], &tuned, plan.catalog);
	}
	split_finish(&split);
	return ok;
}

static const enum panel_kind of_task[] = {
	[TASK_NEXT] = PANEL_SIMILAR,
	[TASK_COMPLEMENT] = PANEL_COMPLEMENTARY,
	[TASK_BASKET] = PANEL_BASKET,
};

/* The panel, and once more as --tail, --diversify and --per-category have it. */
static void add_panels(struct evaluation *v, const struct catalog *c)
{
	OUTLOOK(o);
	OUTLOOK(chosen);

	outlook_set(&o, ASK_SAME_CATEGORY, str_from(same_category_name(v->same)));
	outlook_copy(&chosen, &o);
	args_outlook(v->args, LISTED_CHOICES, &chosen);
	struct listing l = {of_task[v->plan.task], &o, v->plan.k[v->plan.n_k - 1],
			    panel_weights_default, v->vetting};

	listed_make(&v->contenders[v->n_contenders++], c, &l, v->env->job);
	l.outlook = &chosen;
	if (!outlook_same(&o, &chosen, LISTED_CHOICES))
		listed_make(&v->contenders[v->n_contenders++], c, &l, v->env->job);
}

/* Whoever names what stands there anyway gets it once. */
static void drop_double(struct evaluation *v)
{
	struct contender *last = &v->contenders[v->n_contenders - 1];

	for (size_t i = 0; i + 1 < v->n_contenders; i++)
		if (!strcmp(v->contenders[i].name, last->name) &&
		    !strcmp(v->contenders[i].params, last->params)) {
			contender_finish(last);
			v->n_contenders--;
			return;
		}
}

static bool make_contenders(struct evaluation *v, const struct catalog *c, struct err *err)
{
	v->contenders = mem_zalloc((BASELINES + 2 * PANEL_KINDS + v->n_entrants) *
				   sizeof *v->contenders);
	if (!v->alone) {
		if (!baselines_make(v->contenders, &v->n_contenders, c, v->plan.split,
				    v->plan.task, err))
			return false;
		add_panels(v, c);
	}
	for (size_t i = 0; i < v->n_entrants; i++) {
		if (!entrant_train(&v->entrants[i], c, &v->contenders[v->n_contenders],
				   (struct work){v->pool, v->env->job}, err))
			return false;
		if (v->vetting)
			obeying_wrap(&v->contenders[v->n_contenders],
				     &(struct obeying){v->vetting, of_task[v->plan.task],
						       c->n_products});
		v->n_contenders++;
		drop_double(v);
	}
	return true;
}

static void add_protocol(json_t *doc, const char *more)
{
	STRBUF(all);

	strbuf_addf(&all, "%s%s", json_string_value(json_object_get(doc, "protocol")), more);
	json_object_set_new(doc, "protocol", json_string(strbuf_c(&all)));
}

/* The store's decisions and rules, where they are asked for or there are some: *v NULL, there
 * are none. */
static bool open_vetting(const struct evaluation *v, struct vetting **vetting, struct err *err)
{
	struct vetting_options o = {
		.mode = VETTING_NOT_REJECTED, .now = time_now(), .lenient = true, .pool = v->pool,
	};

	return vetting_open(vetting, v->store, true, &o, err);
}

/* Whether what people decided was obeyed is said where they decided something. */
static void say_vetted(const struct evaluation *v, json_t *doc)
{
	SCOPED(vetting) ignored = NULL;

	if (v->vetting) {
		add_protocol(doc, " Lists obey the store's verdicts and rules, which may know "
				  "the test part.");
		json_object_set_new(doc, "verdicts", json_true());
	} else if (open_vetting(v, &ignored, NULL) && ignored) {
		add_protocol(doc, " The store's verdicts and rules don't apply: --verdicts on.");
	}
}

static bool measure(struct evaluation *v, const struct split *split, json_t **doc,
		    struct err *err)
{
	const struct catalog *c = store_catalog(v->store);
	SCOPED(part) part = NULL;
	struct eval_run r;
	bool ok;

	job_step(v->env->job, "counting the training part", 0);
	if (!split_part(&part, split, c, (struct work){v->pool, v->env->job}, err))
		return false;
	v->plan.whole = c;
	v->plan.unlinked = v->spec.kind == SPLIT_LINKS;
	v->plan.unmet = v->spec.kind == SPLIT_PRODUCTS;
	v->plan.catalog = part_catalog(part);
	v->plan.split = split;
	if (!make_contenders(v, part_catalog(part), err) ||
	    !eval_run(&r, &v->plan, v->contenders, v->n_contenders,
		      (struct work){v->pool, v->env->job}, err))
		return false;
	ok = report_make(doc, &(struct report){&v->plan, &v->spec, v->tune ? &v->tune_spec : NULL,
					       v->contenders, &r, v->pool}, err);
	eval_run_finish(&r);
	if (!ok)
		return false;
	if (v->chosen.len) {
		add_protocol(*doc, strbuf_c(&v->chosen));
		json_object_set_new(*doc, "chosen", json_string(strbuf_c(&v->chosen)));
	}
	say_vetted(v, *doc);
	json_object_set(*doc, "uuid", json_object_get(store_meta(v->store), "uuid"));
	json_object_set_new(*doc, "generation",
			    json_integer((json_int_t)store_generation(v->store)));
	return true;
}

static bool obeys(const struct args *a)
{
	return str_is(args_text(a, OPT_ID_OBEYING), "on");
}

static bool evaluate(struct evaluation *v, json_t **doc, struct err *err)
{
	struct kept_texts texts = {0};
	struct split split;
	bool ok, read = false;

	for (size_t i = 0; i < v->n_entrants; i++)
		read |= v->entrants[i].class &&
			params_takes(&v->entrants[i].params, PARAM_ID_ITEM);
	if (!split_settle(&v->spec, store_catalog(v->store), err) ||
	    !split_make(&split, &v->spec, store_catalog(v->store), v->plan.task, NULL, err))
		return false;
	for (size_t i = 0; i < v->n_entrants; i++) {
		v->entrants[i].unordered = v->plan.task == TASK_BASKET;
		v->entrants[i].same = v->same;
		v->entrants[i].rows = v->plan.k[v->plan.n_k - 1];
	}
	v->pool = pool_create(v->env->threads);
	ok = (!obeys(v->args) || open_vetting(v, &v->vetting, err)) &&
	     (v->vetting || !obeys(v->args) ||
	      err_fail(err, ERR_NO, "the store has neither verdicts nor rules: --verdicts on has "
		       "nothing to obey")) &&
	     (!read || kept_open(&texts, v->store, err));
	for (size_t i = 0; i < v->n_entrants; i++)
		v->entrants[i].text = texts.at;
	ok = ok && (!v->tune || tune_all(v, &split, err)) && measure(v, &split, doc, err);
	for (size_t i = 0; i < v->n_contenders; i++)
		contender_finish(&v->contenders[i]);
	free(v->contenders);
	vetting_destroy(v->vetting);
	kept_finish(&texts);
	pool_destroy(v->pool);
	split_finish(&split);
	return ok;
}

/* 1: before `from`. */
static bool cut(struct part **part, const struct evaluation *v, int64_t from, struct err *err)
{
	const struct catalog *c = store_catalog(v->store);
	SCOPED_FREE uint8_t *in = mem_big(c->n_events, 1, "events", err);

	for (uint64_t e = 0; in && e < c->n_events; e++)
		in[e] = c->event_time[e] < from;
	return in && part_make(part, c, in, (struct work){v->pool, v->env->job}, err);
}

/* What a document says of where it was measured. */
static void note_source(const struct evaluation *v, json_t *doc)
{
	STRBUF(split);

	split_text(&v->spec, &split);
	json_object_set_new(doc, "split", json_string(strbuf_c(&split)));
	json_object_set(doc, "uuid", json_object_get(store_meta(v->store), "uuid"));
	json_object_set_new(doc, "generation",
			    json_integer((json_int_t)store_generation(v->store)));
}

/* The store's own texts, for models that take some; NULL where it has none. */
static void open_texts(const struct evaluation *v, struct model **texts)
{
	if (model_open(texts, v->store, "text", NULL) &&
	    !((*texts)->class->flags & MODEL_VECTORS)) {
		model_destroy(*texts);
		*texts = NULL;
	}
}

static bool evaluate_personal(struct evaluation *v, json_t **doc, struct err *err)
{
	const struct catalog *c = store_catalog(v->store);
	SCOPED(part) part = NULL;
	SCOPED(model) texts = NULL;
	struct personal_plan plan = {
		.whole = c, .k = v->plan.k, .n_k = v->plan.n_k, .max_users = v->plan.max_lists,
		.seed = v->plan.seed, .entrants = v->entrants, .n_entrants = v->n_entrants,
	};
	bool ok;

	if (v->tune)
		return err_fail(err, ERR_USAGE, "--tune doesn't choose parameters of lists for "
				"people");
	if (!c->n_events)
		return err_fail(err, ERR_NO, "lists for people are tested on what they did "
				"later, and this store has no events");
	if (!split_settle(&v->spec, c, err))
		return false;
	if (v->spec.kind != SPLIT_TIME)
		return err_fail(err, ERR_USAGE, "lists for people are tested on what they took "
				"later: --split time:DATE");
	v->pool = pool_create(v->env->threads);
	plan.from = v->spec.from.at;
	open_texts(v, &texts);
	plan.texts = texts;
	ok = cut(&part, v, plan.from, err);
	plan.learnt = ok ? part_catalog(part) : NULL;
	ok = ok && personal_run(&plan, doc, (struct work){v->pool, v->env->job}, err);
	if (ok)
		note_source(v, *doc);
	pool_destroy(v->pool);
	return ok;
}

#define READING_QUERIES 2000	/* unless --queries says */

struct opened {
	struct model **at;
	size_t n, cap;
};

static bool open_one(struct opened *o, const struct store *s, const char *name, bool all,
		     struct err *err)
{
	struct model *m;

	if (!model_open(&m, s, name, err))
		return false;
	if (!(m->class->flags & MODEL_VECTORS) || (all && !m->class->phrase)) {
		bool fine = all || err_fail(err, ERR_USAGE, "model %s has no vectors", name);

		model_destroy(m);
		return fine;
	}
	MEM_GROW(o->at, o->cap, o->n + 1);
	o->at[o->n++] = m;
	return true;
}

/* The models that are named, trained in the store; else all that read words. */
static bool open_readers(const struct evaluation *v, struct opened *o, struct err *err)
{
	struct trained_list list = {0};
	bool ok = true;

	for (unsigned i = 1; ok && i < args_operands(v->args); i++)
		ok = open_one(o, v->store, args_operand(v->args, i).ptr, false, err);
	if (args_operands(v->args) > 1)
		return ok;
	trained_list_read(store_path(v->store), &list);
	for (size_t i = 0; ok && i < list.n; i++)
		ok = open_one(o, v->store, list.name[i], true, err);
	trained_list_finish(&list);
	return ok && (o->n || err_fail(err, ERR_NO, "the store has no model of texts: aisle train "
				       "text and aisle train lsa make some"));
}

static bool evaluate_reading(struct evaluation *v, json_t **doc, struct err *err)
{
	const struct catalog *c = store_catalog(v->store);
	struct opened o = {0};
	struct text_worth_plan plan = {.catalog = c, .k = v->plan.k, .n_k = v->plan.n_k,
				    .most = v->plan.max_lists, .seed = v->plan.seed};
	bool ok = open_readers(v, &o, err) &&
		  (!c->event_time || split_settle(&v->spec, c, err));

	if (ok && c->event_time && v->spec.kind == SPLIT_TIME)
		plan.from = v->spec.from.at;
	plan.models = (const struct model *const *)o.at;
	plan.n_models = o.n;
	v->pool = pool_create(v->env->threads);
	ok = ok && text_worth_run(&plan, doc, (struct work){v->pool, v->env->job}, err);
	if (ok)
		note_source(v, *doc);
	pool_destroy(v->pool);
	for (size_t i = 0; i < o.n; i++)
		model_destroy(o.at[i]);
	free(o.at);
	return ok;
}

static bool print(struct evaluation *v, const json_t *doc, const struct args *a,
		  struct err *err)
{
	struct view_request r = {.about = question_of(v->store, NULL), .run = doc};
	SCOPED(view) view = NULL;
	enum format format = FORMAT_TEXT;

	format_parse(args_text(a, OPT_ID_FORMAT), &format);
	return view_open(&view, view_find(STR("leaderboard")), &r, NULL, err) &&
	       view_write(view, format, 0, UINT64_MAX, v->env->out, err);
}

static bool run(struct evaluation *v, json_t **doc, struct err *err)
{
	struct cmd_env *env = v->env;
	bool ok;

	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	ok = v->personal ? evaluate_personal(v, doc, err) :
	     v->reading ? evaluate_reading(v, doc, err) : evaluate(v, doc, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	return ok;
}

/* What was measured was shown; a store that can't be written only doesn't keep it. */
static void keep(const struct evaluation *v, const json_t *doc)
{
	struct err err = {0};
	STRBUF(b);

	if (results_add(store_path(v->store), doc, &err) || !v->env->say)
		return;
	strbuf_addf(&b, "the evaluation is not kept in the store: %s", err.text);
	v->env->say(v->env->front, strbuf_c(&b));
}

/* --split, or the cut that --train and --test give. */
static bool read_split(struct evaluation *v, struct err *err)
{
	const char *train = args_given(v->args, OPT_ID_TRAIN_FILE) ?
			    args_text(v->args, OPT_ID_TRAIN_FILE).ptr : NULL;
	uint64_t unknown;
	STRBUF(b);

	v->spec.only = (unsigned)args_count(v->args, OPT_ID_ONLY_LAST);
	if (v->spec.only && (v->personal || v->plan.task != TASK_NEXT))
		return err_fail(err, ERR_USAGE, "--last is for --task next: a basket has no last "
				"item");
	if (!args_given(v->args, OPT_ID_TEST_FILE) && !train)
		return split_parse(args_text(v->args, OPT_ID_SPLIT), &v->spec, err);
	if (args_given(v->args, OPT_ID_SPLIT) || !args_given(v->args, OPT_ID_TEST_FILE) ||
	    v->personal)
		return err_fail(err, ERR_USAGE, v->personal ?
				"lists for people are tested on what they took later: --split "
				"time:DATE" : args_given(v->args, OPT_ID_SPLIT) ?
				"--split and --test are two ways to cut: give one" :
				"--train says what is learnt from: --test FILE says what is asked");
	split_parse(STR("auto"), &v->spec, NULL);
	v->spec.kind = SPLIT_GIVEN;
	if (!cut_files_read(&v->side, v->store,
			    &(struct cut_files){train, args_text(v->args, OPT_ID_TEST_FILE).ptr},
			    &unknown, err))
		return false;
	v->spec.side = v->side;
	if (unknown && v->env->say) {
		num_add_grouped(&b, (int64_t)unknown);
		strbuf_adds(&b, " lines of the cut begin with no session of the store, headers "
			    "among them");
		v->env->say(v->env->front, strbuf_c(&b));
	}
	return true;
}

static bool evaluate_command(struct cmd_env *env, const struct args *a, struct err *err)
{
	struct evaluation v = {.env = env, .args = a, .tune = args_flag(a, OPT_ID_TUNE)};
	SCOPED(store) owned = NULL;
	json_t *doc = NULL;
	bool ok;

	v.spec.seed = v.plan.seed = args_count(a, OPT_ID_SEED);
	v.budget = (struct tune_budget){(unsigned)args_count(a, OPT_ID_TRAININGS),
					args_real(a, OPT_ID_MINUTES), v.plan.seed};
	v.plan.max_lists = args_count(a, OPT_ID_QUERIES);
	v.personal = str_is(args_text(a, OPT_ID_TASK), "personal");
	v.reading = str_is(args_text(a, OPT_ID_TASK), "text");
	if (obeys(a) && (v.personal || v.reading || str_is(args_text(a, OPT_ID_TASK), "verdicts")))
		return err_fail(err, ERR_USAGE, "--verdicts on is for --task next, complement and "
				"basket: the lists of others obey none");
	if (str_is(args_text(a, OPT_ID_TASK), "verdicts"))
		return target_store(env, args_operand(a, 0).ptr, &owned, &v.store, err) &&
		       replaying(env, v.store, a, err);
	if (!v.personal && !v.reading)
		task_parse(args_text(a, OPT_ID_TASK), &v.plan.task);
	same_category_parse(args_text(a, OPT_ID_SAME_CATEGORY), &v.same);
	v.plan.variants = args_flag(a, OPT_ID_VARIANTS);
	v.plan.repeats = v.spec.repeats = str_is(args_text(a, OPT_ID_REPEAT), "keep");
	v.plan.cross_category = v.same == SAME_EXCLUDE && v.plan.task == TASK_COMPLEMENT;
	if (v.plan.repeats && v.plan.task != TASK_NEXT)
		return err_fail(err, ERR_USAGE, "--repeat keep is for --task next: a basket has "
				"no product twice");
	v.alone = args_flag(a, OPT_ID_ALONE);
	if (v.alone && (v.personal || v.reading || args_operands(a) < 2))
		return err_fail(err, ERR_USAGE, v.personal || v.reading ?
				"--alone is for --task next, complement and basket" :
				"--alone leaves out all but the models that are named: name some");
	if (args_given(a, OPT_ID_REPEAT) && !v.plan.repeats &&
	    !str_is(args_text(a, OPT_ID_REPEAT), "drop"))
		return err_fail(err, ERR_USAGE, "evaluate takes --repeat keep or drop, not '%.*s'",
				STR_ARG(args_text(a, OPT_ID_REPEAT)));
	if (v.reading && v.tune)
		return err_fail(err, ERR_USAGE, "--tune chooses parameters by sessions, --task "
				"text trains nothing");
	if (v.reading && !args_given(a, OPT_ID_QUERIES))
		v.plan.max_lists = READING_QUERIES;
	if (!parse_lengths(args_given(a, OPT_ID_LENGTHS) ? args_text(a, OPT_ID_LENGTHS) :
			   v.reading ? STR("10") : v.personal ? STR("12") :
			   args_text(a, OPT_ID_LENGTHS), &v.plan, err) ||
	    !target_store(env, args_operand(a, 0).ptr, &owned, &v.store, err))
		return false;
	ok = read_split(&v, err) && (v.reading || find_entrants(&v, a, err)) &&
	     run(&v, &doc, err) && print(&v, doc, a, err);
	if (ok && !env->read_only)
		keep(&v, doc);
	free(v.entrants);
	free(v.side);
	strbuf_finish(&v.chosen);
	json_decref(doc);
	return ok;
}

const struct command cmd_evaluate = {
	.name = "evaluate",
	.operands = "STORE [MODEL...]",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.flags = CMD_STORE | CMD_LIVE,
	.options = options,
	.summary = "Measure how well models predict what people did next, or bought along.",
	.help = "The log is split in a part to learn from and a part to be tested on; "
		"everything is counted and trained anew on the first. A model is written as "
		"aisle train takes it, its parameters after a colon: item2vec:dim=32,epochs=20; "
		"companion:without=* is one for each choice of that parameter; the name of a "
		"model that the store has is that one, with its own parameters. "
		"Without models those that the store has are evaluated, with their own "
		"parameters. The panel as it is shown, popularity and chance stand beside, "
		"each of the latter also within the category of the product that is asked "
		"about. Ranks are exact under ties: a metric is its expected value over the "
		"orders of tied products. p says whether a model differs from the first by "
		"more than luck. The result is kept in the store and shown by aisle show "
		"leaderboard; tsv, csv and json have all its columns.",
	.run = evaluate_command,
};
