/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask: the one table of what can be asked, and which of it something takes. */
#ifndef ASK_ASK_H
#define ASK_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum ask_id {
#define ASK(ident, ...) ASK_##ident,
#define ASK_TOO ASK
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
	ASK_IDS
};
/* What is asked and what is needed share 64 bits: the needs of the first asks stand from here. */
#define ASK_NEEDS 48
_Static_assert(ASK_IDS <= ASK_NEEDS, "asks and needs share 64 bits");

enum ask_flag {
	ASK_REPEATS = 1 << 0,	/* may be given several times, in an order */
	ASK_UNDO = 1 << 1,	/* undo brings it back */
	ASK_RESUMED = 1 << 2,	/* the session file keeps it till the explorer starts again */
	ASK_CHIP = 1 << 3,	/* shown as chips */
	ASK_TITLE = 1 << 4,	/* shown in a title */
	ASK_OWNER = 1 << 5,	/* not for visitors of a kiosk */
};

struct ask {
	const char *name;	/* of its option, without -- */
	const char *value;	/* what stands for its value; NULL: it has none */
	const char *what;	/* "a product" */
	unsigned flags;
};
extern const struct ask ask_table[ASK_IDS];

/* What a class takes is a set of these: MUST(PRODUCT) | MAY(MODEL). */
#define MAY(ident) (UINT64_C(1) << ASK_##ident)
#define MUST(ident) (MAY(ident) | UINT64_C(1) << (ASK_NEEDS + ASK_##ident))

static inline bool asks_take(uint64_t asks, enum ask_id id)
{
	return asks >> id & 1;
}

static inline bool asks_need(uint64_t asks, enum ask_id id)
{
	return ASK_NEEDS + id < 64 && (asks >> (ASK_NEEDS + id) & 1);
}

/* Does one of them go by that name? */
bool asks_name(uint64_t asks, const char *name);
/* "--product, --model". */
void asks_list(uint64_t asks, struct strbuf *b);

#endif
