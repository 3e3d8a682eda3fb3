/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pseudonym: names for users and sessions that a screen may show. */
#ifndef ASK_PSEUDONYM_H
#define ASK_PSEUDONYM_H

#include "ask/question.h"

struct arena;

/*
 * u-1f3a2b4c9d and s-...: 40 bits of a hash of the id, keyed by the data set and
 * the checksum of the first source file, so that they stay the same when the same
 * log is imported again. They keep ids off a screen; whoever has the store has
 * the ids as well. With --show-users the id itself, borrowed from the store; STR_NULL for
 * CATALOG_NONE or without ids.
 */
struct str pseudonym_user(const struct question *q, struct arena *a, uint32_t user);
struct str pseudonym_session(const struct question *q, struct arena *a, uint32_t session);
/* Number by id or pseudonym, CATALOG_NONE: none. A pseudonym walks all ids. */
uint32_t pseudonym_find_user(const struct store *s, struct str text);
uint32_t pseudonym_find_session(const struct store *s, struct str text);

#endif
