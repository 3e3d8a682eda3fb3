/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle shell STORE */
#include "config.h"

#include "cmd/cmd.h"

static bool shell_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	if (!env->shell)
		return err_fail(err, ERR_USAGE, "a shell can't be opened from here");
	return env->shell(env->front, args_operand(a, 0).ptr, a, err);
}

const struct command cmd_shell = {
	.name = "shell",
	.operands = "STORE",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_STORE,
	.summary = "Take commands line by line, with the store left out of them.",
	.help = "On a terminal with completion (Tab) and a history; from a file or pipe "
		"without a prompt, and the first command that fails ends the script with "
		"its exit code. A line that starts with # is a comment.",
	.run = shell_run,
};
