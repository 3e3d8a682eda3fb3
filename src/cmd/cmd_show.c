/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle show VIEW STORE: prints any view. */
#include "config.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/show.h"
#include "cmd/target.h"
#include "view/view.h"

static const enum opt_id options[] = {
#define ASK(ident, ...) OPT_ID_##ident,
#define ASK_TOO(...)
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
	OPT_ID_FORMAT, OPT_IDS,
};

static bool find_view(struct str name, const struct view_class **c, struct err *err)
{
	*c = view_find(name);
	if (*c)
		return true;
	struct nearest near;
	STRBUF(hint);
	nearest_init(&near, name);
	for (const struct view_class *const *v = view_classes; *v; v++)
		nearest_try(&near, str_from((*v)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' is no view%s", STR_ARG(name),
			hint.len ? strbuf_c(&hint) : ": see aisle help show");
}

static bool show_view(const struct args *a, const struct view_class **v, struct outlook *o,
		      struct err *err)
{
	if (!find_view(args_operand(a, 0), v, err) ||
	    !args_fit(a, view_asks(*v), (*v)->name, err))
		return false;
	args_outlook(a, view_asks(*v), o);
	return true;
}

bool show_open(struct shown **out, const struct store *store, const struct args *a,
	       const struct cmd_env *env, struct err *err)
{
	const struct view_class *class;
	SCOPED(shown) s = mem_zalloc(sizeof *s);
	if (!show_view(a, &class, &s->outlook, err))
		return false;
	struct view_request r = {.about = question_of(store, &s->outlook), .job = env->job,
				 .partly = true};
	r.about.aside = env->decisions;
	r.about.notes = env->notes;
	if (outlook_asks(&s->outlook, ASK_WHERE) || class->pooled)
		r.pool = s->pool = pool_create(env->threads);
	if (!view_open(&s->view, class, &r, env->job, err))
		return false;
	*out = s;
	s = NULL;
	return true;
}

void shown_destroy(struct shown *s)
{
	if (!s)
		return;
	view_destroy(s->view);
	pool_destroy(s->pool);
	outlook_finish(&s->outlook);
	free(s);
}

static bool show_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	const struct view_class *class;
	const struct store *s;
	SCOPED(store) owned = NULL;
	SCOPED(shown) shown = NULL;
	enum format format = FORMAT_TEXT;
	if (!find_view(args_operand(a, 0), &class, err) ||
	    !target_store(env, args_operand(a, 1).ptr, &owned, &s, err) ||
	    !show_open(&shown, s, a, env, err))
		return false;
	format_parse(args_text(a, OPT_ID_FORMAT), &format);
	uint64_t limit = args_text(a, OPT_ID_LIMIT).ptr ? args_count(a, OPT_ID_LIMIT)
							: UINT64_MAX;
	return view_write(shown->view, format, args_count(a, OPT_ID_OFFSET), limit, env->out,
			  err);
}

static uint64_t asks(struct str name)
{
	const struct view_class *c = view_find(name);
	return c ? view_asks(c) : UINT64_MAX;
}

static void show_topics(void (*add)(void *ctx, const char *name, const char *text),
			void *ctx)
{
	for (const struct view_class *const *v = view_classes; *v; v++)
		add(ctx, (*v)->name, (*v)->summary);
}

static void show_complete(const struct completion *c)
{
	for (const struct view_class *const *v = view_classes; c->n == 0 && *v; v++)
		completion_offer(c, str_from((*v)->name));
}

const struct command cmd_show = {
	.name = "show",
	.operands = "VIEW STORE",
	.min_operands = 2,
	.max_operands = 2,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_LIVE | CMD_VISITOR | CMD_READS,
	.options = options,
	.asks = asks,
	.summary = "Print a view: what the explorer shows, as text or data.",
	.help = "The columns of a view are listed by aisle help VIEW. In the formats tsv "
		"and csv the first line names them; json is one object with the keys view, "
		"note and rows, jsonl one object per row. tsv writes a tab, a line end and a "
		"backslash inside a value as \\t, \\n and \\\\. An empty value was not counted "
		"or is not defined. Ids are text.",
	.topics_title = "Views",
	.topics = show_topics,
	.run = show_run,
	.view = show_view,
	.complete = show_complete,
};
