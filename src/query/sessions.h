/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sessions: the sessions that a filter lets in by where they come from, as a set. */
#ifndef QUERY_SESSIONS_H
#define QUERY_SESSIONS_H

#include "query/filter.h"
#include "store/catalog.h"

/* bit s % 64 of word s / 64: session s is in. */
struct session_set {
	uint64_t *bits;
	uint32_t n;
};

/* The terms of the class FILTER_SESSION. Errors, with the column in filter_text: ERR_NO
 * for a country or channel that the store doesn't have, and where what is known of users
 * leaves fewer than five of them; ERR_NOMEM. */
bool session_set_make(struct session_set *s, const struct filter *f,
		      const struct catalog *c, struct err *err);
void session_set_finish(struct session_set *s);

/* A NULL set lets every session in. */
static inline bool session_set_has(const struct session_set *s, uint32_t session)
{
	return !s || (s->bits[session / 64] >> session % 64 & 1);
}

#endif
