/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle [explore] STORE */
#include "config.h"

#include "cmd/cmd.h"

static const enum opt_id options[] = {
	OPT_ID_READ_ONLY, OPT_ID_KIOSK, OPT_ID_NO_RESUME, OPT_ID_SHOW_USERS,
	OPT_ID_MASK_PRICES, OPT_ID_PLAIN, OPT_ID_WHO, OPT_ID_SECONDS_MOST,
	OPT_ID_MEMORY_MOST, OPT_ID_NO_SANDBOX, OPT_IDS,
};

static bool explore_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	if (args_flag(a, OPT_ID_KIOSK) && args_flag(a, OPT_ID_SHOW_USERS))
		return err_fail(err, ERR_USAGE, "a kiosk shows no ids of people: leave out "
				"--show-users or --kiosk");
	if (args_flag(a, OPT_ID_KIOSK) && args_given(a, OPT_ID_WHO))
		return err_fail(err, ERR_USAGE, "a kiosk is for anybody, who decides there as "
				"visitor: leave out --as or --kiosk");
	if (!env->explore)
		return err_fail(err, ERR_USAGE, "the explorer can't be opened from here");
	return env->explore(env->front, args_operand(a, 0).ptr, a, err);
}

const struct command cmd_explore = {
	.name = "explore",
	.operands = "STORE",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_STORE,
	.options = options,
	.summary = "Open the explorer on a store; aisle STORE does the same.",
	.help = "Categories, products, and for the selected product its panels: similar, "
		"complementary, transitions. ? shows the keys, : takes the commands of "
		"this page that are marked for it. With --plain, or where TERM is unset or "
		"dumb, it is a prompt that answers in lines of text, without boxes or a "
		"cursor, for screen readers: next, previous, open, back, similar, "
		"complementary, why, overview, and the commands of aisle shell; help lists "
		"them. From a file or pipe they are a script, as in aisle shell. At the start "
		"the lines of ~/.config/aisle/config (under XDG_CONFIG_HOME where that is set) "
		"are run: set NAME VALUE, bind, unbind; :set lists what can be set.",
	.run = explore_run,
};
