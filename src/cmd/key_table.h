/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key_table: the explorer's table of keys as text, for its help page and the manual. */
#ifndef CMD_KEY_TABLE_H
#define CMD_KEY_TABLE_H

#include "base/str.h"

/* "C-d M-1 S-Tab" as people read it: Ctrl-D, Alt-1, Shift-Tab. */
void keys_add_names(struct strbuf *b, const char *keys);
/* Call for every row in the order of the table, with its group's title. */
void keys_each(void (*row)(void *ctx, const char *group, const char *keys,
			   const char *help), void *ctx);
/* Groups, keys and what they do, in two columns. keys: those of each row, in the order
 * of the table; NULL: the table's own. */
void keys_help(struct strbuf *b, const char *const *keys);

#endif
