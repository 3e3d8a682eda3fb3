/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unbind KEY: the explorer's own work. */
#include "config.h"

#include "cmd/cmd.h"

const struct command cmd_unbind = {
	.name = "unbind",
	.operands = "KEY",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.summary = "Take a key away from its action in the explorer.",
	.help = "The action can still be given another key by bind.",
};
