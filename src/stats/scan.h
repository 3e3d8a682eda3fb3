/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan: walks the sessions of a catalog in ranges, on all cores. */
#ifndef STATS_SCAN_H
#define STATS_SCAN_H

#include <string.h>

#include "base/err.h"
#include "store/catalog.h"

struct pool;

#define KIND_BIT(kind) (1u << (kind))

/* Which of n numbers were seen since marks_next; (n) words of memory. */
struct marks {
	uint32_t *seen;		/* (n) the round in which it was seen last */
	uint32_t round;
	size_t n;
};
bool marks_init(struct marks *m, size_t n, struct err *err);
void marks_finish(struct marks *m);
static inline void marks_next(struct marks *m)
{
	if (++m->round == 0) {
		memset(m->seen, 0, m->n * sizeof *m->seen);
		m->round = 1;
	}
}
/* True when i is seen for the first time. */
static inline bool marks_add(struct marks *m, uint32_t i)
{
	bool fresh = m->seen[i] != m->round;

	m->seen[i] = m->round;
	return fresh;
}

/* Consecutive numbers [first, end). */
struct range {
	uint32_t first, end;
};
/* Split [0, n) into at most `want` ranges of about equal weight, where
 * offsets (n + 1) are running sums of the weights. Returns how many. */
size_t range_split(const uint64_t *offsets, uint32_t n, size_t want, struct range *r);

/* The session has at most max_session distinct products: pairs are counted. */
bool scan_counted(const struct catalog *c, uint32_t session, struct marks *m);
/* Its distinct products with an event of the kinds (KIND_BIT), ascending, to
 * out (room for its events). Returns how many. */
uint32_t scan_distinct(const struct catalog *c, uint32_t session, unsigned kinds,
		       struct marks *m, uint32_t *out);
/*
 * The sessions of a range that are counted and have an event of the kind, one after another:
 * where few have one the others' events are passed over eight at a time. scan_next gives the
 * session's distinct products with such an event, ascending, to out (room for its events),
 * and how many; 0: there is no other session.
 */
struct scan {
	const struct catalog *c;
	enum event_kind kind;
	uint32_t session;	/* the last one that was given */
	uint64_t event, end;	/* the next event of the kind; that of the range */
	uint64_t base, mask;	/* of the events base .. base + 63, those that come after it */
};
void scan_start(struct scan *x, const struct catalog *c, struct range sessions,
		enum event_kind kind);
uint32_t scan_next(struct scan *x, struct marks *m, uint32_t *out);
/* Which kinds of events there are at all, as KIND_BITs. */
unsigned scan_kinds(const struct catalog *c, struct pool *pool);

#endif
