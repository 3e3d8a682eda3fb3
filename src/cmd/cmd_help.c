/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle help [COMMAND|TOPIC], aisle --version */
#include "config.h"

#include "base/out.h"
#include "cmd/cmd.h"
#include "model/model.h"
#include "view/view.h"

static const enum opt_id options[] = {OPT_ID_VERSION, OPT_IDS};

static bool help_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	if (args_flag(a, OPT_ID_VERSION)) {
		out_addf(env->out, "aisle %s\n", PACKAGE_VERSION);
		return true;
	}
	return help_write(env->out, args_operand(a, 0).ptr, err);
}

static void help_complete(struct cmd_env *env, unsigned n, struct str prefix,
			  void (*add)(void *ctx, struct str word), void *ctx)
{
	for (const struct command *const *c = command_table; n == 0 && *c; c++)
		if (str_starts(str_from((*c)->name), prefix))
			add(ctx, str_from((*c)->name));
	for (const struct view_class *const *v = view_classes; n == 0 && *v; v++)
		if (str_starts(str_from((*v)->name), prefix))
			add(ctx, str_from((*v)->name));
	for (const struct model_class *const *m = model_classes; n == 0 && *m; m++)
		if (str_starts(str_from((*m)->name), prefix))
			add(ctx, str_from((*m)->name));
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND|VIEW|MODEL|where|keys]",
	.max_operands = 1,
	.flags = CMD_LIVE,
	.options = options,
	.summary = "Show how a command, a view or a model is used, filters or keys.",
	.help = "aisle help man prints the manual page in roff, aisle help bash completion "
		"for bash.",
	.run = help_run,
	.complete = help_complete,
};
