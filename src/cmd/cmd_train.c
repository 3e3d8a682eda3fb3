/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle train MODEL STORE, aisle train --list */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/job.h"
#include "base/nearest.h"
#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/load_vectors.h"
#include "cmd/target.h"
#include "model/model.h"
#include "model/kept.h"
#include "model/labels.h"
#include "store/store.h"
#include "store/trained.h"
#include "store/unfinished.h"
#include "view/view.h"

/* A training that found no free writer waits at the end at least so long: what was
 * learnt would be lost. */
#define WAIT_LEAST 60.0

#define PARAM(ident, ...) OPT_ID_PARAM_##ident,
static const enum opt_id options[] = {
	OPT_ID_LIST, OPT_ID_FORMAT, OPT_ID_AS, OPT_ID_REMOVE, OPT_ID_SEED, OPT_ID_WAIT,
	OPT_ID_INDEX, OPT_ID_VECTORS, OPT_ID_FROM,
	OPT_ID_FROM_SCRATCH,
#include "model/params.def"
	OPT_IDS,
};
#undef PARAM

/* The option of each parameter. */
static const enum opt_id option_of[PARAM_IDS] = {
#define PARAM(ident, ...) [PARAM_ID_##ident] = OPT_ID_PARAM_##ident,
#include "model/params.def"
#undef PARAM
};

/* --- --list */

enum { LIST_MODEL, LIST_PARAMETER, LIST_DEFAULT, LIST_VALUES, LIST_HELP, LIST_COLUMNS };
static const char *const list_keys[LIST_COLUMNS] = {
	"model", "parameter", "default", "values", "help",
};

static void add_values(struct strbuf *b, const struct param *p)
{
	if (p->choices)
		strbuf_adds(b, p->choices);
	else
		strbuf_addf(b, "%g to %g", p->min, p->max);
}

static void add_fields(struct strbuf *b, enum format f, const char *const *field)
{
	bool json = f == FORMAT_JSON || f == FORMAT_JSONL;

	strbuf_adds(b, json ? "{" : "");
	for (unsigned i = 0; i < LIST_COLUMNS; i++) {
		if (i)
			strbuf_addc(b, f == FORMAT_TSV ? '\t' : ',');
		if (json)
			strbuf_addf(b, "\"%s\":", list_keys[i]);
		if (json && !field[i])
			strbuf_adds(b, "null");
		else if (json)
			quote_json(b, str_from(field[i]));
		else if (f == FORMAT_TSV)
			quote_tsv(b, str_from(field[i] ? field[i] : ""));
		else
			quote_csv(b, str_from(field[i] ? field[i] : ""), ',');
	}
	strbuf_adds(b, json ? "}" : "");
}

static void end_row(struct strbuf *b, enum format f, bool *first)
{
	if (f == FORMAT_JSON)
		strbuf_adds(b, *first ? "\n" : ",\n");
	*first = false;
}

/* A row for the model itself, without a parameter, and one for each parameter. */
static void list_data(struct strbuf *b, enum format f)
{
	bool first = true;

	if (f == FORMAT_JSON)
		strbuf_adds(b, "{\"models\":[");
	else if (f != FORMAT_JSONL)
		add_fields(b, f, list_keys);
	if (f == FORMAT_TSV || f == FORMAT_CSV)
		strbuf_addc(b, '\n');
	for (const struct model_class *const *c = model_classes; *c; c++) {
		const struct param_default *d = (*c)->params;
		const char *field[LIST_COLUMNS] = {(*c)->name, NULL, NULL, NULL,
						   (*c)->summary};

		end_row(b, f, &first);
		add_fields(b, f, field);
		if (f != FORMAT_JSON)
			strbuf_addc(b, '\n');
		for (; d && d->id != PARAM_IDS; d++) {
			const struct param *p = &param_table[d->id];
			STRBUF(values);

			add_values(&values, p);
			field[LIST_PARAMETER] = p->name;
			field[LIST_DEFAULT] = d->value;
			field[LIST_VALUES] = strbuf_c(&values);
			field[LIST_HELP] = p->help;
			end_row(b, f, &first);
			add_fields(b, f, field);
			if (f != FORMAT_JSON)
				strbuf_addc(b, '\n');
		}
	}
	if (f == FORMAT_JSON)
		strbuf_adds(b, "\n]}\n");
}

/* Defaults that stand in certain logs. */
static void list_other(struct strbuf *b, const struct model_class *class,
		       const struct param_default *list, const char *where)
{
	struct params p;
	STRBUF(text);

	if (!list)
		return;
	params_init(&p, class->params);
	params_prefer(&p, list);
	params_add_all(&p, true, &text);
	strbuf_addf(b, "%-12s %s: %s\n", "", where, strbuf_c(&text));
}

static void list_text(struct strbuf *b)
{
	for (const struct model_class *const *c = model_classes; *c; c++) {
		struct params p;
		STRBUF(defaults);

		params_init(&p, (*c)->params);
		params_add_all(&p, false, &defaults);
		strbuf_addf(b, "%-12s %s\n", (*c)->name, (*c)->title);
		if (defaults.len)
			strbuf_addf(b, "%-12s %s\n", "", strbuf_c(&defaults));
		list_other(b, *c, (*c)->sparse, "in a sparse log");
		list_other(b, *c, (*c)->baskets, "where it reads no views");
	}
	strbuf_adds(b, "\naisle help MODEL says what a model and its parameters are.\n");
}

static bool run_list(struct cmd_env *env, const struct args *a, struct err *err)
{
	enum format f = FORMAT_TEXT;
	STRBUF(b);

	format_parse(args_text(a, OPT_ID_FORMAT), &f);
	if (f == FORMAT_TEXT)
		list_text(&b);
	else
		list_data(&b, f);
	out_add(env->out, strbuf_str(&b));
	return true;
}

/* --- training */

/* text --from-scratch is another class. */
static bool from_scratch(const struct args *a, const struct model_class **class,
			 struct err *err)
{
	if (!args_flag(a, OPT_ID_FROM_SCRATCH) || str_is(str_from((*class)->name), "scratch"))
		return true;
	if (!str_is(str_from((*class)->name), "text"))
		return err_fail(err, ERR_USAGE, "--from-scratch is for text; %s always learns from "
				"the store alone", (*class)->name);
	if (args_given(a, OPT_ID_FROM))
		return err_fail(err, ERR_USAGE, "--from reads what was learnt elsewhere, "
				"--from-scratch learns here: give one");
	*class = model_find(STR("scratch"));
	return true;
}

static bool find_class(struct str name, const struct model_class **class, struct err *err)
{
	struct nearest near;
	STRBUF(hint);

	*class = model_find(name);
	if (*class)
		return true;
	nearest_init(&near, name);
	for (const struct model_class *const *c = model_classes; *c; c++)
		nearest_try(&near, str_from((*c)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' is no model%s", STR_ARG(name),
			hint.len ? strbuf_c(&hint) : ": see aisle train --list");
}

static bool not_taken(const struct model_class *class, const struct params *p,
		      enum param_id id, struct err *err)
{
	STRBUF(list);

	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++)
		strbuf_addf(&list, "%s--%s", list.len ? ", " : "", param_table[d->id].name);
	return err_fail(err, ERR_USAGE, "%s has no parameter --%s%s%s", class->name,
			param_table[id].name, list.len ? ": it takes " : "",
			strbuf_c(&list));
}

static bool read_params(const struct model_class *class, const struct args *a,
			struct params *p, struct err *err)
{
	params_init(p, class->params);
	p->seed = args_count(a, OPT_ID_SEED);
	for (unsigned i = 0; i < PARAM_IDS; i++) {
		if (!args_given(a, option_of[i]))
			continue;
		if (!params_takes(p, i))
			return not_taken(class, p, i, err);
		if (!params_set(p, i, args_text(a, option_of[i]), err))
			return false;
	}
	return true;
}

static double number(const json_t *meta, const char *key)
{
	return json_number_value(json_object_get(meta, key));
}

/* How good clusters and maps are. */
static void add_judgement(struct strbuf *b, const json_t *meta)
{
	const json_t *trust = json_object_get(meta, "trust"),
		     *same = json_object_get(meta, "agreement"),
		     *inertia = json_object_get(meta, "inertia");

	if (json_object_get(meta, "mse_test"))
		strbuf_addf(b, "error     %.5f ± %.5f on the test part, %.5f on what was learnt "
			    "from; a constant guess has %.5f ± %.5f (mean squared, standard "
			    "errors)\n", number(meta, "mse_test"), number(meta, "mse_test_se"),
			    number(meta, "mse_train"), number(meta, "mse_constant"),
			    number(meta, "mse_constant_se"));
	if (json_object_get(meta, "texts"))
		strbuf_addf(b, "texts     %d distinct, %d of them taken over from before\n",
			    (int)json_integer_value(json_object_get(meta, "texts")),
			    (int)json_integer_value(json_object_get(meta, "taken")));
	if (trust)
		strbuf_addf(b, "trust     %.4f of the 10 nearest on the map (1: all are near "
			    "among the vectors too)\n", json_number_value(trust));
	if (same)
		strbuf_addf(b, "category  shared by %.1f%% of the 10 nearest on the map, %.1f%% "
			    "among the vectors, %.1f%% by chance\n",
			    100 * json_number_value(same), 100 * json_number_value(
				    json_object_get(meta, "agreement_vectors")),
			    100 * json_number_value(
				    json_object_get(meta, "agreement_chance")));
	if (inertia)
		strbuf_addf(b, "inertia   %.6g after %d rounds\n", json_number_value(inertia),
			    (int)json_integer_value(json_object_get(meta, "rounds")));
}

/* said: what rank learnt of decisions, or NULL. */
static void add_labels(struct strbuf *b, const json_t *said)
{
	if (said)
		strbuf_addf(b, "labels    %jd of %jd decisions, on the pages of %jd products\n",
			    (intmax_t)json_integer_value(json_object_get(said, "used")),
			    (intmax_t)json_integer_value(json_object_get(said, "decided")),
			    (intmax_t)json_integer_value(json_object_get(said, "products")));
}

static void add_summary(struct strbuf *b, const struct store *s, const char *name,
			const struct model_class *class, const struct params *p,
			const json_t *meta)
{
	const json_t *loss = json_object_get(meta, "loss");
	size_t n = json_array_size(loss);
	STRBUF(parameters);

	params_add_all(p, false, &parameters);
	strbuf_addf(b, "model     %s: %s\n", name, class->title);
	if (parameters.len)
		strbuf_addf(b, "with      %s\n", strbuf_c(&parameters));
	if (n)
		strbuf_addf(b, "loss      %.5f after %zu epochs, %.5f after the first\n",
			    json_number_value(json_array_get(loss, n - 1)), n,
			    json_number_value(json_array_get(loss, 0)));
	add_judgement(b, meta);
	add_labels(b, json_object_get(meta, "labels"));
	strbuf_adds(b, "took      ");
	time_add_span(b, json_number_value(json_object_get(meta, "seconds")));
	if (class->flags & MODEL_REPEATS)
		strbuf_addf(b, "\nuse       aisle show list %s --model %s --user ID\n",
			    store_path(s), name);
	else if (class->fit)
		strbuf_addf(b, "\nuse       aisle show %s %s --model %s\n", class->name,
			    store_path(s), name);
	else
		strbuf_addf(b, "\nuse       aisle show similar %s --model %s --product ID\n",
			    store_path(s), name);
}

static json_t *make_meta(const struct model_class *class, const struct params *p,
			 struct sink *sink, unsigned threads, double seconds)
{
	json_t *meta = json_pack("{s:s, s:o, s:o, s:f, s:i}", "model", class->name, "parameters",
				 params_json(p), "given", params_given(p), "seconds", seconds,
				 "threads", (int)threads);

	json_object_update(meta, sink_info(sink));
	return meta;
}

/* --from, or the folder where weights are looked for. */
static bool find_folder(const struct args *a, struct strbuf *folder, struct err *err)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (args_given(a, OPT_ID_FROM))
		strbuf_add(folder, args_text(a, OPT_ID_FROM));
	else if (data && *data == '/')
		strbuf_addf(folder, "%s/aisle/weights", data);
	else
		strbuf_addf(folder, "%s/.local/share/aisle/weights", home ? home : "");
	return args_given(a, OPT_ID_FROM) || !access(strbuf_c(folder), F_OK) ||
	       err_fail(err, ERR_USAGE, "say --from DIR, the folder of a published encoder: "
			"there is none in %s", strbuf_c(folder));
}

/* A class that is made of a folder; the model that has the name now lends what it holds. */
static bool read_folder(const struct args *a, const struct store *s, const char *name,
			const struct model_class *class, const struct lesson *l,
			struct err *err)
{
	SCOPED(model) before = NULL;
	STRBUF(folder);

	if (!find_folder(a, &folder, err))
		return false;
	if (model_open(&before, s, name, NULL) && before->class != class) {
		model_destroy(before);
		before = NULL;
	}
	struct model_source from = {.folder = strbuf_c(&folder), .before = before};

	return model_read(class, l, &from, err);
}

/* What a model is made by and of. */
struct making {
	const struct store *s;
	const struct model_class *class;
	const struct model *of;		/* whose vectors; or NULL */
	const char *name;
	const struct params *p;
	struct sink *sink;
	struct unfinished unfinished;
	double seconds;
	unsigned threads;
};

/* What was done of a training that is stopped isn't lost. */
static bool stopped(const struct making *m, struct err *err)
{
	if (err->code != ERR_CANCELLED || !m->unfinished.kept)
		return false;
	return err_fail(err, ERR_CANCELLED, "stopped: what is done so far is kept, and the same "
			"command goes on from there");
}

/* By the way that its class learns. */
static bool learn_class(const struct args *a, struct making *m, struct lesson *l, struct err *err)
{
	struct kept_texts texts = {0};
	bool ok;

	if (m->of)
		return model_fit(m->class, l, m->of, err);
	if (m->class->read)
		return read_folder(a, m->s, m->name, m->class, l, err);
	ok = !params_takes(m->p, PARAM_ID_ITEM) || kept_open(&texts, m->s, err);
	l->text = texts.at;
	ok = ok && model_train(m->class, l, err);
	kept_finish(&texts);
	return ok;
}

static bool learn(const struct args *a, struct making *m, const struct work work,
		  struct err *err)
{
	struct labels labels = {0};
	struct lesson l = {.catalog = store_catalog(m->s), .params = m->p, .sink = m->sink,
			   .work = work, .unfinished = &m->unfinished};
	bool ok = true;

	if (params_takes(m->p, PARAM_ID_LABELS) && params_choice(m->p, PARAM_ID_LABELS) != 0)
		ok = labels_open(&labels, m->s, err);
	l.labels = &labels;
	ok = ok && learn_class(a, m, &l, err);
	labels_finish(&labels);
	return ok;
}

static bool train(struct cmd_env *env, const struct args *a, struct making *m, struct err *err)
{
	SCOPED(pool) pool = pool_create(env->threads);
	double start = time_now_monotonic();
	bool ok;

	unfinished_init(&m->unfinished, store_path(m->s), m->name);
	m->unfinished.always = getenv("AISLE_TEST_KEEP");
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	ok = learn(a, m, (struct work){pool, env->job}, err) &&
	     (m->of || load_index(env, a, m->sink, pool, err));
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	m->seconds = time_now_monotonic() - start;
	m->threads = pool_threads(pool);
	return ok || stopped(m, err);
}

/* The model with vectors that a class with fit is made of. */
static bool find_vectors(const struct model_class *class, const struct args *a,
			 const struct store *s, struct model **of, struct err *err)
{
	if (class->fit && (!class->train || args_given(a, OPT_ID_VECTORS)))
		return question_vectors(s, args_text(a, OPT_ID_VECTORS), of, err);
	if (args_typed(a, OPT_ID_FROM) && !class->read)
		return err_fail(err, ERR_USAGE, "%s is trained on the log, not on a folder "
				"of --from", class->name);
	if (args_typed(a, OPT_ID_VECTORS))
		return err_fail(err, ERR_USAGE, "%s is trained on the log, not on the vectors "
				"of --model", class->name);
	return true;
}

/* --as, or the class, with the model that it is made of: map-item2vec. */
static void name_it(struct strbuf *name, const struct model_class *class,
		    const struct model *of, const struct args *a)
{
	if (args_given(a, OPT_ID_AS))
		strbuf_add(name, args_text(a, OPT_ID_AS));
	else
		strbuf_addf(name, "%s%s%s", class->name, of && !class->train ? "-" : "",
			    of && !class->train ? model_name(of) : "");
}

static bool publish(struct cmd_env *env, const struct args *a, struct making *m,
		    struct err *err)
{
	double wait = args_real(a, OPT_ID_WAIT);
	json_t *meta = make_meta(m->class, m->p, m->sink, m->threads, m->seconds);
	bool ok;

	if (m->of)
		json_object_set_new(meta, "of", json_string(model_name(m->of)));
	ok = trained_publish(m->s, (struct trained_model){m->name, m->sink, meta},
			     wait > WAIT_LEAST ? wait : WAIT_LEAST, err);
	if (ok)
		unfinished_remove(&m->unfinished);
	if (ok && !env->quiet) {
		STRBUF(b);
		STRBUF(clean);

		add_summary(&b, m->s, m->name, m->class, m->p, meta);
		sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
		out_add(env->out, strbuf_str(&clean));
	}
	json_decref(meta);
	return ok;
}

static bool run_train(struct cmd_env *env, const struct args *a, const struct store *s,
		      struct err *err)
{
	SCOPED(sink) sink = sink_create();
	SCOPED(model) of = NULL;
	struct params p;
	struct making m = {.s = s, .p = &p, .sink = sink};
	STRBUF(name);

	if (!find_class(args_operand(a, 0), &m.class, err) || !from_scratch(a, &m.class, err) ||
	    !read_params(m.class, a, &p, err) || !find_vectors(m.class, a, s, &of, err))
		return false;
	model_settle(m.class, store_catalog(s), &p);
	name_it(&name, m.class, of, a);
	m.of = of;
	m.name = strbuf_c(&name);
	return trained_probe(s, m.name, err) && train(env, a, &m, err) &&
	       publish(env, a, &m, err);
}

/* And what is kept of one that was stopped. */
static bool remove_model(const struct args *a, const struct store *s, struct err *err)
{
	const char *name = args_operand(a, 0).ptr;
	struct unfinished u;

	if (!trained_name_check(str_from(name), err))
		return false;
	unfinished_init(&u, store_path(s), name);
	if (!trained_remove(s, name, args_real(a, OPT_ID_WAIT), err))
		return false;
	unfinished_remove(&u);
	return true;
}

static bool train_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) owned = NULL;
	const struct store *s;

	if (args_flag(a, OPT_ID_LIST))
		return run_list(env, a, err);
	if (args_operands(a) < 2)
		return err_fail(err, ERR_USAGE, "train needs a model and a store: aisle train "
				"MODEL STORE");
	if (!target_store(env, args_operand(a, 1).ptr, &owned, &s, err))
		return false;
	if (args_flag(a, OPT_ID_REMOVE))
		return remove_model(a, s, err);
	return run_train(env, a, s, err);
}

static void train_topics(void (*add)(void *ctx, const char *name, const char *text),
			 void *ctx)
{
	for (const struct model_class *const *c = model_classes; *c; c++)
		add(ctx, (*c)->name, (*c)->summary);
}

static void train_complete(const struct completion *c)
{
	for (const struct model_class *const *m = model_classes; c->n == 0 && *m; m++)
		completion_offer(c, str_from((*m)->name));
}

const struct command cmd_train = {
	.name = "train",
	.operands = "MODEL STORE",
	.max_operands = 2,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_WRITES | CMD_LIVE,
	.options = options,
	.summary = "Train a model on a store and keep it there.",
	.help = "A model is kept whole or not at all: a training that is interrupted leaves "
		"what was there before. Each takes some of the parameters below; aisle help "
		"MODEL says which, with its defaults. One thread and one seed give the same "
		"bytes. What text and scratch have done when they are stopped or killed is kept, "
		"and the same command goes on from there. After a new import a model goes on "
		"working for the products that are still there, and is called stale.",
	.topics_title = "Models",
	.topics = train_topics,
	.run = train_run,
	.complete = train_complete,
};
