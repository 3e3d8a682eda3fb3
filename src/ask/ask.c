/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of what can be asked, and sets of its rows. */
#include "config.h"

#include "ask/ask.h"

#include <string.h>

const struct ask ask_table[ASK_IDS] = {
#define ASK_TOO(ident, name_, value_, what_, flags_) \
	[ASK_##ident] = {.name = name_, .value = value_, .what = what_, .flags = flags_},
#define ASK(ident, name_, letter, type, min, max, dflt, metavar, choices, help, what_, flags_) \
	ASK_TOO(ident, name_, metavar, what_, flags_)
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
};

bool asks_name(uint64_t asks, const char *name)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_take(asks, i) && strcmp(ask_table[i].name, name) == 0)
			return true;
	return false;
}

void asks_list(uint64_t asks, struct strbuf *b)
{
	const char *before = "";

	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		if (!asks_take(asks, i))
			continue;
		strbuf_addf(b, "%s--%s", before, ask_table[i].name);
		before = ", ";
	}
}
