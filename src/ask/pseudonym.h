/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pseudonym: names for users and sessions that a screen may show. */
#ifndef ASK_PSEUDONYM_H
#define ASK_PSEUDONYM_H

#include "ask/question.h"

struct arena;

/*
 * u-1f3a2b4c9d and s-...: 40 bits of a hash of the id under the store's secret key
 * (store_key), so that they stay the same when something is imported again and no one
 * without the folder can find out whose they are. With --show-users the id itself,
 * borrowed from the store, unless the store hides people; STR_NULL for CATALOG_NONE or
 * without ids.
 */
struct str pseudonym_user(const struct question *q, struct arena *a, uint32_t user);
struct str pseudonym_session(const struct question *q, struct arena *a, uint32_t session);

enum pseudonym_kind {
	PSEUDONYM_USER,
	PSEUDONYM_SESSION,
};
/* For files: all 64 bits, of which the first 40 are those above, so that millions of them
 * differ; with --show-users the id. `id` is the user's or session's, or empty. In b or
 * borrowed. */
struct str pseudonym_whole(const struct question *q, enum pseudonym_kind kind, struct str id,
			   struct strbuf *b);
/* The name of someone who decided, or where people are hidden a pseudonym, p-.... */
struct str pseudonym_person(const struct question *q, struct arena *a, struct str name);

/* Number by id or pseudonym of either length, CATALOG_NONE: none. A pseudonym walks all
 * ids; an id finds no one where people are hidden. */
uint32_t pseudonym_find_user(const struct store *s, struct str text);
uint32_t pseudonym_find_session(const struct store *s, struct str text);

#endif
