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
	return help_write(env->out, (struct help_topic){args_operand(a, 0).ptr,
							args_operand(a, 1).ptr}, err);
}

static void help_complete(const struct completion *c)
{
	if (c->n > 0)
		return;
	for (const struct command *const *k = command_table; *k; k++)
		completion_offer(c, str_from((*k)->name));
	for (const struct view_class *const *v = view_classes; *v; v++)
		completion_offer(c, str_from((*v)->name));
	for (const struct model_class *const *m = model_classes; *m; m++)
		completion_offer(c, str_from((*m)->name));
}

const struct command cmd_help = {
	.name = "help",
	.operands = "[COMMAND|VIEW|MODEL|where|keys]",
	.max_operands = 2,
	.flags = CMD_LIVE | CMD_VISITOR,
	.options = options,
	.summary = "Show how a command, a view or a model is used, filters or keys.",
	.help = "aisle help man prints the manual page aisle(1) in roff, aisle help man COMMAND "
		"that of a command, aisle help man views, models, filters or keys those. "
		"aisle help bash, zsh or fish prints completion for that shell.",
	.run = help_run,
	.complete = help_complete,
};
