/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ruled: what rules cost: hits on baskets that were held back, with and without them. */
#ifndef EVAL_RULED_H
#define EVAL_RULED_H

#include "base/err.h"
#include "base/work.h"
#include "panel/panel.h"

struct store;
struct vetting;

/*
 * The last part of the log is held back (split auto) and lists are counted in the rest. Of
 * complementary a case is an ordered pair of a held-back basket, of similar one product and
 * the next of a session; a hit is a target among the first `top` of the product's list.
 */
struct ruled_test;
/* Errors: ERR_NO where the log has no such lists to hold back, ERR_NOMEM, ERR_CANCELLED. */
bool ruled_open(struct ruled_test **t, const struct store *s, enum panel_kind kind,
		unsigned top, struct work work, struct err *err);
void ruled_test_destroy(struct ruled_test *t);
SCOPED_DEFINE(ruled_test)

struct ruled {
	uint64_t lists, cases;	/* baskets or sessions; cases in them */
	double before, after;	/* hits / cases */
	double low, high;	/* of after - before, 95%, lists drawn with replacement */
	double out;		/* share of cases whose target `after` keeps out of the list */
};
/* Either may be NULL: no rules. Errors: those of suggest(). */
bool ruled_measure(struct ruled *r, const struct ruled_test *t, const struct vetting *before,
		   const struct vetting *after, struct work work, struct err *err);

#endif
