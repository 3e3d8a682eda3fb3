/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle near STORE SUM */
#include "config.h"

#include <limits.h>

#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "model/vector_scores.h"
#include "view/view.h"

static const enum opt_id options[] = {
	OPT_ID_VECTORS, OPT_ID_METRIC, OPT_ID_LIMIT, OPT_ID_WHERE, OPT_ID_CHECK, OPT_ID_TEXT,
	OPT_ID_FORMAT, OPT_IDS,
};

static enum metric metric_of(const struct args *a)
{
	enum metric m = METRIC_COSINE;
	metric_parse(args_text(a, OPT_ID_METRIC), &m);
	return m;
}

/* --- --check */

static void add_check(struct strbuf *b, const struct model *m, enum metric metric,
		      const struct vectors_check *c)
{
	strbuf_addf(b, "model     %s: ", model_name(m));
	num_add_grouped(b, (int64_t)c->n);
	strbuf_addf(b, " vectors of %u dimensions, %s\nindex     ", vectors_dim(m),
		    metric_name(metric));
	if (c->stored)
		strbuf_adds(b, "the model's own");
	else
		strbuf_addf(b, "none; one was made for this in %.1f s", c->build_seconds);
	strbuf_addf(b, "\nrecall@%zu %.4f of ", c->k, c->recall);
	num_add_grouped(b, (int64_t)c->sample);
	strbuf_addf(b, " products\nexact     %.3f ms a product, one thread\n"
		    "by index  %.3f ms\n", c->exact_seconds * 1e3, c->index_seconds * 1e3);
}

static void add_check_json(struct strbuf *b, const struct model *m, enum metric metric,
			   const struct vectors_check *c)
{
	strbuf_addf(b, "{\"vectors\":%zu,\"dimensions\":%u,\"metric\":\"%s\",\"stored\":%s,"
		    "\"build_seconds\":%.3f,\"k\":%zu,\"sample\":%zu,\"recall\":%.6f,"
		    "\"exact_seconds\":%.9f,\"index_seconds\":%.9f}\n", c->n, vectors_dim(m),
		    metric_name(metric), c->stored ? "true" : "false", c->build_seconds, c->k,
		    c->sample, c->recall, c->exact_seconds, c->index_seconds);
}

static bool run_check(struct cmd_env *env, const struct args *a, const struct model *m,
		      struct err *err)
{
	SCOPED(pool) pool = pool_create(env->threads);
	struct vectors_check c = {.sample = 1000, .k = 10};
	enum metric metric = metric_of(a);
	enum format f = FORMAT_TEXT;
	STRBUF(b);
	format_parse(args_text(a, OPT_ID_FORMAT), &f);
	if (f != FORMAT_TEXT && f != FORMAT_JSON && f != FORMAT_JSONL)
		return err_fail(err, ERR_USAGE, "--check prints text or json, not %s",
				format_name(f));
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = vectors_check(m, metric, &c, (struct work){pool, env->job}, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	if (!ok)
		return false;
	(f == FORMAT_TEXT ? add_check : add_check_json)(&b, m, metric, &c);
	out_add(env->out, strbuf_str(&b));
	return true;
}

/* --- neighbours */

/* The words after the store, as they were typed. */
static void join_words(const struct args *a, struct strbuf *b)
{
	for (unsigned i = 1; i < args_operands(a); i++) {
		strbuf_adds(b, i > 1 ? " " : "");
		strbuf_add(b, args_operand(a, i));
	}
}

static bool near_view(const struct args *a, const struct view_class **v, struct outlook *o,
		      struct err *err)
{
	STRBUF(sum);

	*v = NULL;
	if (args_flag(a, OPT_ID_CHECK))
		return true;
	if (args_operands(a) < 2 && !args_given(a, OPT_ID_TEXT))
		return err_fail(err, ERR_USAGE, "near needs a SUM of products, as id + mug - tea, "
				"or --text WORDS");
	*v = view_find(STR("near"));
	args_outlook(a, view_asks(*v), o);
	join_words(a, &sum);
	if (sum.len)
		outlook_set(o, ASK_TO, strbuf_str(&sum));
	return true;
}

static bool near_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	const struct view_class *class;
	SCOPED(pool) pool = NULL;
	SCOPED(store) owned = NULL;
	SCOPED(model) m = NULL;
	SCOPED(view) v = NULL;
	enum format f = FORMAT_TEXT;
	const struct store *s;
	OUTLOOK(o);

	if (!near_view(a, &class, &o, err) ||
	    !target_store(env, args_operand(a, 0).ptr, &owned, &s, err))
		return false;
	if (!class)
		return question_vectors(s, args_text(a, OPT_ID_VECTORS), &m, err) &&
			run_check(env, a, m, err);
	pool = pool_create(env->threads);
	struct view_request r = {.about = question_of(s, &o), .pool = pool, .job = env->job};
	format_parse(args_text(a, OPT_ID_FORMAT), &f);
	return view_open(&v, class, &r, env->job, err) &&
	       view_write(v, f, 0, UINT64_MAX, env->out, err);
}

const struct command cmd_near = {
	.name = "near",
	.operands = "STORE SUM",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.flags = CMD_STORE | CMD_LIVE | CMD_VISITOR | CMD_READS,
	.options = options,
	.summary = "Find products whose vectors are near to a product or to a sum of products.",
	.help = "A sum is an id or a name, or several with + and - between spaces: A13 - C1 + "
		"oak table. Words that follow each other are one name, which stands for the mean "
		"of all products that have these words in their names; what has a sign or quotes "
		"in it goes into quotes. Products that were named by id are not listed. The score "
		"is the cosine of the two vectors, their product (dot), or their distance (l2). "
		"--text takes words of your own instead, read by a model of aisle train text. "
		"A model with an index finds the nearest nearly always; --check says how nearly.",
	.run = near_run,
	.view = near_view,
};
