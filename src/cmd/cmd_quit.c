/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `quit` leaves the shell and the explorer. */
#include "config.h"

#include "cmd/cmd.h"

const struct command cmd_quit = {
	.name = "quit",
	.alias = "q",
	.operands = "",
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.summary = "Leave the shell or the explorer.",
	.help = "",
};
