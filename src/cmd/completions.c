/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row per shell; what their files have in common stands below. */
#include "config.h"

#include "cmd/completions.h"

static const struct {
	const char *name;
	void (*write)(const struct command *const *commands, struct out *out);
} shells[] = {
	{"bash", bash_write},
	{"zsh", zsh_write},
	{"fish", fish_write},
};

bool completion_write(const struct command *const *commands, struct str shell,
		      struct out *out)
{
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (str_is(shell, shells[i].name)) {
			shells[i].write(commands, out);
			return true;
		}
	return false;
}

const char *completion_kind(enum opt_id o)
{
	switch (opt_table[o].type) {
	case OPT_FILE:
		return "file";
	case OPT_CATEGORY:
		return "category";
	default:
		return o == OPT_ID_COLUMNS ? "columns" : o == OPT_ID_SORT ? "sort" : "words";
	}
}

void completion_commands(const struct command *const *commands,
			 void (*visit)(void *ctx, const struct command *c), void *ctx)
{
	for (const struct command *const *c = commands; *c; c++)
		if (!((*c)->flags & CMD_FRONT))
			visit(ctx, *c);
}
