/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outlook: what is asked, as texts, so that it outlives an import. */
#ifndef ASK_OUTLOOK_H
#define ASK_OUTLOOK_H

#include "ask/ask.h"
#include "base/scope.h"

struct asked {
	char **value;		/* (n) in the order in which they were given */
	unsigned n;		/* 0: it isn't asked; more than 1 only with ASK_REPEATS */
};

/* Zeroed it asks nothing. Values are texts as an option takes them, checked by whoever sets
 * them (opt_check); ids are ids of the source, never numbers of one store. Of the two meanings
 * of a name at most one is set. */
struct outlook {
	struct asked ask[ASK_IDS];
};

void outlook_finish(struct outlook *o);
static inline void outlook_scope(struct outlook *o)
{
	outlook_finish(o);
}
#define OUTLOOK(name) \
	__attribute__((cleanup(outlook_scope))) struct outlook name = {0}

/* text.ptr NULL: it is not asked any more. What repeats is replaced as a whole. */
void outlook_set(struct outlook *o, enum ask_id id, struct str text);
/* One more of what repeats; others are replaced. */
void outlook_add(struct outlook *o, enum ask_id id, struct str text);
/* Where both are one and the same nothing happens; *to must be an outlook. */
void outlook_copy(struct outlook *to, const struct outlook *from);
/* Do both ask the same of those asks? UINT64_MAX: of all. */
bool outlook_same(const struct outlook *a, const struct outlook *b, uint64_t asks);
/* Those with one of the flags, as a set (enum ask_flag). */
uint64_t asks_flagged(unsigned flags);

/* o NULL asks nothing. */
bool outlook_asks(const struct outlook *o, enum ask_id id);
/* The last that was given, NUL-terminated; STR_NULL: none. Borrowed. */
struct str outlook_text(const struct outlook *o, enum ask_id id);
/* Its whole number; `other` when it isn't asked. */
uint64_t outlook_count(const struct outlook *o, enum ask_id id, uint64_t other);
/* " --product 7 --model als" of those asks, quoted for a shell and for the ':' line. */
void outlook_print(const struct outlook *o, uint64_t asks, struct strbuf *b);

#endif
