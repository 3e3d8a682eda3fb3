/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle note VIEW STORE TEXT: keeps a remark with the view and the rows that it is about. */
#include "config.h"

#include "base/pool.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "store/store.h"
#include "vet/notes.h"
#include "vet/verdicts.h"
#include "view/noted.h"
#include "view/view.h"

#define ROWS 20u	/* that are kept without --limit */

static const enum opt_id options[] = {
#define ASK(ident, ...) OPT_ID_##ident,
#define ASK_TOO(...)
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
	OPT_ID_WAIT, OPT_IDS,
};

static json_t *make_note(const struct cmd_env *env, const struct args *a,
			 const struct store *s)
{
	json_t *note = json_object();
	STRBUF(who);

	if (env->visitor)
		strbuf_adds(&who, "visitor");
	else if (args_given(a, OPT_ID_WHO))
		strbuf_add(&who, args_text(a, OPT_ID_WHO));
	else
		verdicts_login(&who);
	json_object_set_new(note, "time", json_integer(time_now()));
	json_object_set_new(note, "who", json_string(strbuf_c(&who)));
	json_object_set_new(note, "text", json_string(args_operand(a, 2).ptr));
	json_object_set_new(note, "import", json_integer((json_int_t)store_generation(s)));
	return note;
}

static void say(struct cmd_env *env, size_t rows)
{
	STRBUF(b);

	if (env->quiet || !env->say)
		return;
	strbuf_addf(&b, "noted with %zu row%s%s; show notes lists it", rows,
		    rows == 1 ? "" : "s", env->notes ? ", until this screen ends" : "");
	env->say(env->front, strbuf_c(&b));
}

static bool keep(struct cmd_env *env, const struct args *a, const struct store *s,
		 struct err *err)
{
	const struct view_class *class = view_find(args_operand(a, 0));
	SCOPED(pool) pool = NULL;
	SCOPED(view) v = NULL;
	struct view_request r = {.job = env->job};
	struct journal_place at = {store_path(s), "aisle note", args_real(a, OPT_ID_WAIT),
				   .aside = env->notes};
	json_t *note;
	size_t rows;
	bool ok;
	OUTLOOK(o);

	if (!class)
		return err_fail(err, ERR_USAGE, "'%.*s' is no view: see aisle help show",
				STR_ARG(args_operand(a, 0)));
	if (!args_fit(a, view_asks(class) | MAY(WHO), class->name, err))
		return false;
	args_outlook(a, view_asks(class), &o);
	r.about = question_of(s, &o);
	r.about.counted = env->counted;
	r.about.notes = env->notes;
	r.pool = pool = pool_create(env->threads);
	if (!view_open(&v, class, &r, env->job, err))
		return false;
	note = make_note(env, a, s);
	noted_take(v, args_count(a, OPT_ID_OFFSET),
		   args_given(a, OPT_ID_LIMIT) ? args_count(a, OPT_ID_LIMIT) : ROWS, note);
	ok = notes_add(&at, note, &rows, err);
	json_decref(note);
	if (ok)
		say(env, rows);
	return ok;
}

static bool note_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) owned = NULL;
	const struct store *s;

	if (!env->notes && (env->read_only || env->visitor))
		return err_fail(err, ERR_USAGE, "a note is kept in the store's folder, and this "
				"is read-only");
	if (!utf8_valid(args_operand(a, 2)))
		return err_fail(err, ERR_USAGE, "the text is not UTF-8");
	return target_store(env, args_operand(a, 1).ptr, &owned, &s, err) &&
	       keep(env, a, s, err);
}

static uint64_t asks(struct str name)
{
	const struct view_class *c = view_find(name);

	return c ? view_asks(c) | MAY(WHO) : UINT64_MAX;
}

static void note_complete(const struct completion *c)
{
	for (const struct view_class *const *v = view_classes; c->n == 0 && *v; v++)
		completion_offer(c, str_from((*v)->name));
}

const struct command cmd_note = {
	.name = "note",
	.operands = "VIEW STORE TEXT",
	.min_operands = 3,
	.max_operands = 3,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_LIVE | CMD_VISITOR,
	.options = options,
	.asks = asks,
	.summary = "Write a remark down, with the view and the rows that it is about.",
	.help = "The view is asked as aisle show asks it. Kept are the text, who wrote it and "
		"when, the import, and the rows (--offset, --limit; else the first 20, at most "
		"60). aisle show notes tells later which of their values have moved; aisle "
		"export notes writes what was kept. In the explorer :note TEXT notes the rows of "
		"what is in front. Notes stand in the store's folder, in notes.mdb, and outlive "
		"imports; several people may write at once. A kiosk keeps its visitors' notes in "
		"memory.",
	.run = note_run,
	.complete = note_complete,
};
