/* SPDX-License-Identifier: GPL-3.0-or-later */
/* go PRODUCT|CATEGORY: the explorer's own work. */
#include "config.h"

#include "cmd/cmd.h"

static const enum opt_id options[] = {OPT_ID_PRODUCT, OPT_ID_CATEGORY, OPT_IDS};

const struct command cmd_go = {
	.name = "go",
	.operands = "[PRODUCT|CATEGORY]",
	.max_operands = 1,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.options = options,
	.summary = "Select a product by id, or open a category by path.",
	.help = "In the explorer only.",
};
