/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completions: files that let shells complete aisle's words, made from the tables. */
#ifndef CMD_COMPLETIONS_H
#define CMD_COMPLETIONS_H

#include <stdbool.h>

#include "base/str.h"
#include "cmd/cmd.h"

struct out;

/* Write the file for the shell of that name (bash, zsh, fish): commands, options with their
 * values, views, columns, data sets, files; category paths are asked of the store that the line
 * names. false: there is none for it. */
bool completion_write(const struct command *const *commands, struct str shell,
		      struct out *out);

/* --- what the files of all shells are made of */

void bash_write(const struct command *const *commands, struct out *out);
void zsh_write(const struct command *const *commands, struct out *out);
void fish_write(const struct command *const *commands, struct out *out);
/* What may stand after an option: file, category, columns, sort, or words (its choices). */
const char *completion_kind(enum opt_id o);
/* The commands of the command line, in the order of the table, each with ctx. */
void completion_commands(const struct command *const *commands,
			 void (*visit)(void *ctx, const struct command *c), void *ctx);

#endif
