/* SPDX-License-Identifier: GPL-3.0-or-later */
/* set NAME VALUE: another default for what follows. */
#include "config.h"

#include "base/nearest.h"
#include "cmd/cmd.h"

static const enum opt_id *settings(const struct cmd_env *env)
{
	return env->settings ? env->settings : opt_settable;
}

static bool no_setting(const struct cmd_env *env, struct str name, struct err *err)
{
	struct nearest near;
	STRBUF(hint);
	STRBUF(list);
	nearest_init(&near, name);
	for (const enum opt_id *o = settings(env); *o != OPT_IDS; o++) {
		nearest_try(&near, str_from(opt_table[*o].name));
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", opt_table[*o].name);
	}
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' can't be set, only %s%s", STR_ARG(name),
			strbuf_c(&list), strbuf_c(&hint));
}

static bool set_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	if (args_operands(a) == 0)
		return env->list_settings ? env->list_settings(env->front, err) :
			err_fail(err, ERR_USAGE, "set needs the name of an option");
	struct str name = args_operand(a, 0), value = args_operand(a, 1);
	size_t eq = str_chr(name, '=');
	if (args_operands(a) == 1 && eq != SIZE_MAX) {
		value = str_span(name.ptr + eq + 1, name.len - eq - 1);
		name.len = eq;
	}
	enum opt_id o = opt_find(settings(env), name);
	if (o == OPT_IDS)
		return no_setting(env, name, err);
	if (env->visitor && opt_table[o].whose == OPT_OWNER)
		return err_fail(err, ERR_USAGE, "%s is not for visitors of a kiosk",
				opt_table[o].name);
	if (!value.ptr)
		return err_fail(err, ERR_USAGE, "set %s needs a value: %s", opt_table[o].name,
				opt_table[o].choices ? opt_table[o].choices
						     : opt_table[o].metavar);
	if (!opt_check(o, value, err))
		return false;
	if (!env->set)
		return err_fail(err, ERR_USAGE, "nothing can be set here");
	return env->set(env->front, o, value, err);
}

static void set_complete(const struct completion *c)
{
	for (const enum opt_id *o = settings(c->env); c->n == 0 && *o != OPT_IDS; o++)
		completion_offer(c, str_from(opt_table[*o].name));
}

static bool among(const enum opt_id *list, enum opt_id o)
{
	while (*list != OPT_IDS && *list != o)
		list++;
	return *list != OPT_IDS;
}

/* First those of the shell and the explorer, then those of the explorer alone. */
static void set_topics(void (*add)(void *ctx, const char *name, const char *text),
		       void *ctx)
{
	for (const enum opt_id *o = opt_settable; *o != OPT_IDS; o++)
		add(ctx, opt_table[*o].name, opt_table[*o].help);
	for (const enum opt_id *o = opt_explorer; *o != OPT_IDS; o++)
		if (!among(opt_settable, *o))
			add(ctx, opt_table[*o].name, opt_table[*o].help);
}

const struct command cmd_set = {
	.name = "set",
	.operands = "[NAME VALUE]",
	.min_operands = 0,
	.max_operands = 2,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.summary = "Give an option another default for what follows.",
	.help = "set same-category exclude, or set same-category=exclude; set alone lists "
		"what is set.",
	.topics_title = "Settings",
	.topics = set_topics,
	.run = set_run,
	.complete = set_complete,
};
