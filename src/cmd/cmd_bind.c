/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind KEY ACTION: the explorer's own work. */
#include "config.h"

#include "cmd/cmd.h"

static const struct {
	const char *name, *help;
} rows[] = {
#define KEY_GROUP(name, title)
#define KEY(name, group, keys, footer, help) {#name, help},
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
};

static void bind_complete(const struct completion *c)
{
	for (size_t i = 0; c->n == 1 && i < sizeof rows / sizeof rows[0]; i++)
		completion_offer(c, str_from(rows[i].name));
}

static void bind_topics(void (*add)(void *ctx, const char *name, const char *text),
			void *ctx)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		add(ctx, rows[i].name, rows[i].help);
}

const struct command cmd_bind = {
	.name = "bind",
	.operands = "KEY ACTION",
	.min_operands = 2,
	.max_operands = 2,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.summary = "Give an action of the explorer another key.",
	.help = "A key is a character, C-x (Ctrl), M-x (Alt), a name (Up, Enter, F1, PgDn, "
		"...) or two characters typed one after the other (gg). One that has an "
		"action already is unbound first.",
	.topics_title = "Actions",
	.topics = bind_topics,
	.complete = bind_complete,
};
