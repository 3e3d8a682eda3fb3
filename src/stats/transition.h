/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transition: how often baskets hold products of two categories. */
#ifndef STATS_TRANSITION_H
#define STATS_TRANSITION_H

#include "base/err.h"
#include "store/catalog.h"

struct build;
struct job;
struct pool;

/*
 * Count and write "transition/KIND/..." (see struct transition_counts). A basket
 * is a session's distinct products with an event of the kind, without those of
 * unknown category; what is left empty is no basket. Sessions over max_session
 * are left out. A pair of products counts once: m_a m_b of them between two
 * categories, m (m - 1) / 2 inside one.
 */
bool transition_count(struct build *b, enum basket_kind kind, struct pool *pool,
		      struct job *job, struct err *err);

#endif
