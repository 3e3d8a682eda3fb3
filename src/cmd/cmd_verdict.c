/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle verdict WHAT STORE: decides on suggestions, one by one or from a file. */
#include "config.h"

#include <math.h>

#include "ask/question.h"
#include "base/nearest.h"
#include "base/out.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "suggest/door.h"
#include "vet/decision_file.h"
#include "vet/verdicts.h"
#include "vet/vetting.h"

#define SEEN 1000u	/* places of the list in which the suggestion is looked for */

static const enum opt_id options[] = {
	OPT_ID_PANEL, OPT_ID_PRODUCT, OPT_ID_SUGGESTION, OPT_ID_REASON, OPT_ID_POSITION,
	OPT_ID_VERDICT_SCOPE, OPT_ID_DECISIONS, OPT_ID_WHO, OPT_ID_WAIT, OPT_IDS,
};

struct deciding {
	struct cmd_env *env;
	const struct args *a;
	const struct store *s;
	struct verdicts *v;
	struct strbuf who;
	enum decision_kind kind;
};

/* --- what is said when it is done */

static const char *const done[DECISION_KINDS] = {
	[DECISION_APPROVE] = "approved", [DECISION_REJECT] = "rejected",
	[DECISION_SKIP] = "skipped",	 [DECISION_PIN] = "pinned",
	[DECISION_UNDO] = "took back",	 [DECISION_REDO] = "gave again",
};

static void say_done(struct deciding *x, enum decision_kind how, const struct decision *d)
{
	STRBUF(b);
	STRBUF(clean);

	if (x->env->quiet)
		return;
	strbuf_adds(&b, done[how]);
	if (how == DECISION_UNDO || how == DECISION_REDO)
		strbuf_addf(&b, " %s", decision_kind_name(d->kind));
	strbuf_addf(&b, " %.*s > %.*s in %.*s", STR_ARG(d->product), STR_ARG(d->with),
		    STR_ARG(d->panel));
	if (d->position)
		strbuf_addf(&b, " at place %u", d->position);
	if (d->scope != SCOPE_PAIR)
		strbuf_addf(&b, ", scope %s", decision_scope_name(d->scope));
	strbuf_addf(&b, ", as %s%s\n", strbuf_c(&x->who),
		    x->env->decisions ? ", until this screen ends" : "");
	sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
	out_add(x->env->out, strbuf_str(&clean));
}

/* --- one */

/* Where it stands in the list now, and what speaks for it: kept with the decision. */
static bool look(struct deciding *x, uint32_t product, uint32_t with, struct decision *d,
		 struct err *err)
{
	struct panel_request r = {
		.about = question_of(x->s, NULL),
		.kind = panel_kind_of(d->panel),
		.limit = SEEN,
	};
	struct panel_row row;

	r.about.product = product;
	if (!suggest_find(&r, with, &row, &d->rank, x->env->job, err))
		return false;
	d->score = d->rank ? row.score : NAN;
	d->n = d->rank ? row.counts.n : 0;
	if (d->n && row.assoc.lift_high > 0) {
		d->low = row.assoc.lift_low;
		d->high = row.assoc.lift_high;
	}
	return true;
}

static bool name_pair(struct deciding *x, struct decision *d, struct err *err)
{
	if (!args_given(x->a, OPT_ID_PRODUCT) || !args_given(x->a, OPT_ID_SUGGESTION))
		return err_fail(err, ERR_USAGE, "verdict %s needs a product and a suggestion: "
				"--product ID --with ID, or --from FILE",
				decision_kind_name(x->kind));
	d->panel = args_text(x->a, OPT_ID_PANEL);
	d->product = args_text(x->a, OPT_ID_PRODUCT);
	d->with = args_text(x->a, OPT_ID_SUGGESTION);
	return true;
}

static bool decide_one(struct deciding *x, struct err *err)
{
	struct decision d = {
		.who = strbuf_str(&x->who),
		.kind = x->kind,
		.reason = args_text(x->a, OPT_ID_REASON),
		.position = args_given(x->a, OPT_ID_POSITION) ?
			    (unsigned)args_count(x->a, OPT_ID_POSITION) : 0,
		.generation = store_generation(x->s),
	};
	uint32_t product, with;

	if (!name_pair(x, &d, err))
		return false;
	decision_scope_parse(args_text(x->a, OPT_ID_VERDICT_SCOPE), &d.scope);
	if (!question_product(x->s, d.product, &product, err) ||
	    !question_product(x->s, d.with, &with, err) || !decision_check(&d, err) ||
	    !look(x, product, with, &d, err) ||
	    !verdicts_add(x->v, (struct decisions){&d, 1}, err))
		return false;
	say_done(x, d.kind, &d);
	return true;
}

/* Of the pair that is named, else the last of all. A product that is gone may be named. */
static bool turn_back(struct deciding *x, struct err *err)
{
	struct decision pair = {.kind = DECISION_APPROVE}, about;
	bool named = args_given(x->a, OPT_ID_PRODUCT) || args_given(x->a, OPT_ID_SUGGESTION);
	bool ok;

	if (named && !name_pair(x, &pair, err))
		return false;
	if (named && x->kind == DECISION_REDO)
		return err_fail(err, ERR_USAGE, "redo gives again what was taken back last: it "
				"takes no --product");
	ok = x->kind == DECISION_REDO ?
	     verdicts_redo(x->v, strbuf_str(&x->who), &about, err) :
	     verdicts_undo(x->v, strbuf_str(&x->who), named ? &pair : NULL, &about, err);
	if (ok)
		say_done(x, x->kind, &about);
	return ok;
}

/* --- many */

static bool is_known(const struct deciding *x, const struct decision *d, struct err *err)
{
	uint32_t p;

	return question_product(x->s, d->product, &p, err) &&
	       question_product(x->s, d->with, &p, err);
}

/* As it is seen now, where the record doesn't say how it was. */
static bool look_too(struct deciding *x, struct decision *d, struct err *err)
{
	uint32_t product, with;

	return d->rank || d->n || !isnan(d->score) ||
	       (question_product(x->s, d->product, &product, err) &&
		question_product(x->s, d->with, &with, err) && look(x, product, with, d, err));
}

/* The word in the command is the decision of records without one. */
static bool decide_file(struct deciding *x, const char *path, struct err *err)
{
	struct decision dflt = {
		.who = strbuf_str(&x->who),
		.panel = args_text(x->a, OPT_ID_PANEL),
		.kind = x->kind,
		.generation = store_generation(x->s),
	};
	struct decision_list l;
	size_t unknown = 0;
	struct err first = {0};
	bool ok;

	if (!decision_file_read(&l, path, &dflt, err))
		return false;
	for (size_t i = 0; i < l.n; i++)
		unknown += !is_known(x, &l.at[i], unknown ? NULL : &first);
	if (unknown)
		err_fail(err, ERR_FORMAT, "%s: %zu of %zu decisions are about products that the "
			 "store doesn't have, the first: %s", path, unknown, l.n, first.text);
	ok = !unknown;
	for (size_t i = 0; ok && i < l.n; i++)
		ok = look_too(x, &l.at[i], err);
	ok = ok && verdicts_add(x->v, (struct decisions){l.at, l.n}, err);
	for (size_t i = 0; ok && i < l.n; i++)
		say_done(x, l.at[i].kind, &l.at[i]);
	decision_list_finish(&l);
	return ok;
}

/* --- the command */

/* Do verdicts of this store take two people? Not a decision: how all of them count. */
static const char *const ways[] = {"open", "blind"};

static bool set_way(struct cmd_env *env, const struct journal_place *at, bool blind,
		    struct err *err)
{
	SCOPED(journal) j = NULL;

	if (!journal_write(&j, at, err) ||
	    !journal_set_text(j, VETTING_BLIND, blind ? STR("on") : STR(""), err) ||
	    !journal_commit(j, err))
		return false;
	if (!env->quiet)
		out_add(env->out, blind ? STR("verdicts take two people who decide alike, and "
			"nobody sees what others decided\n") :
			STR("the latest verdict on a suggestion holds, whoever gave it\n"));
	return true;
}

static bool parse_kind(const struct args *a, enum decision_kind *kind, struct err *err)
{
	struct str word = args_operand(a, 0);
	struct nearest near;
	STRBUF(hint);

	if (decision_kind_parse(word, kind))
		return true;
	nearest_init(&near, word);
	for (unsigned k = 0; k < DECISION_KINDS; k++)
		nearest_try(&near, str_from(decision_kind_name(k)));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' is no decision; there are approve, reject, "
			"skip, pin, undo, redo, blind and open%s", STR_ARG(word), strbuf_c(&hint));
}

static bool verdict_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) owned = NULL;
	SCOPED(verdicts) v = NULL;
	struct deciding x = {.env = env, .a = a};
	struct journal_place at = {.command = "aisle verdict", .wait = args_real(a, OPT_ID_WAIT),
				   .aside = env->decisions};
	bool blind = str_is(args_operand(a, 0), ways[1]);
	bool way = blind || str_is(args_operand(a, 0), ways[0]), ok;

	if ((!way && !parse_kind(a, &x.kind, err)) ||
	    !target_store(env, args_operand(a, 1).ptr, &owned, &x.s, err))
		return false;
	at.store = store_path(x.s);
	if (way && env->visitor)
		return err_fail(err, ERR_USAGE, "%s is how everyone's verdicts count: it is not "
				"for visitors of a kiosk", ways[blind]);
	if (way)
		return set_way(env, &at, blind, err);
	if (!verdicts_open(&v, &at, err))
		return false;
	x.v = v;
	if (args_given(a, OPT_ID_WHO))
		strbuf_add(&x.who, args_text(a, OPT_ID_WHO));
	else if (env->visitor)
		strbuf_adds(&x.who, "visitor");
	else
		verdicts_login(&x.who);
	if (args_given(a, OPT_ID_DECISIONS))
		ok = decide_file(&x, args_text(a, OPT_ID_DECISIONS).ptr, err);
	else if (x.kind == DECISION_UNDO || x.kind == DECISION_REDO)
		ok = turn_back(&x, err);
	else
		ok = decide_one(&x, err);
	strbuf_finish(&x.who);
	return ok;
}

static void verdict_topics(void (*add)(void *ctx, const char *name, const char *text),
			   void *ctx)
{
	add(ctx, "approve", "The suggestion is right.");
	add(ctx, "reject", "It must not stand in the list.");
	add(ctx, "skip", "It was seen and stays open.");
	add(ctx, "pin", "It is right, and stands at --position N.");
	add(ctx, "undo", "Takes one's last decision back, or the one on --product and --with.");
	add(ctx, "redo", "Gives again what undo took back last.");
	add(ctx, "blind", "From now on a verdict takes two people who decide alike, and the review "
	    "queue shows nobody what others decided.");
	add(ctx, "open", "The latest verdict holds again, whoever gave it.");
}

static void verdict_complete(const struct completion *c)
{
	for (unsigned k = 0; c->n == 0 && k < DECISION_KINDS; k++)
		completion_offer(c, str_from(decision_kind_name(k)));
	for (unsigned k = 0; c->n == 0 && k < 2; k++)
		completion_offer(c, str_from(ways[k]));
}

const struct command cmd_verdict = {
	.name = "verdict",
	.operands = "WHAT STORE",
	.min_operands = 2,
	.max_operands = 2,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_WRITES | CMD_LIVE | CMD_VISITOR,
	.options = options,
	.summary = "Decide on a suggestion, and keep who decided what and why.",
	.help = "Decisions are kept in the store's folder, by the ids of products, and outlive "
		"imports and trainings: a log to which is only added, on the disk before the "
		"command ends. Of several people's decisions on one suggestion the latest "
		"holds; nothing is overwritten. A rejected suggestion stands in no list, a "
		"pinned one at its place. Several people may decide at once; --wait SECONDS "
		"waits for one who holds the log. A kiosk keeps its visitors' decisions in "
		"memory.",
	.topics_title = "What",
	.topics = verdict_topics,
	.run = verdict_run,
	.complete = verdict_complete,
};
