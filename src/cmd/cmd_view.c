/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view undo|redo: the explorer's own work. */
#include "config.h"

#include "cmd/cmd.h"

static void view_complete(const struct completion *c)
{
	if (c->n > 0)
		return;
	completion_offer(c, STR("undo"));
	completion_offer(c, STR("redo"));
}

const struct command cmd_view = {
	.name = "view",
	.operands = "undo|redo",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.summary = "Undo a change of the view, or have it again.",
	.help = "In the explorer only: filter, sort, category, level and zoom.",
	.complete = view_complete,
};
