/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listed: the panels as they are shown, as contenders. */
#ifndef EVAL_LISTED_H
#define EVAL_LISTED_H

#include "eval/run.h"
#include "panel/panel_weights.h"

struct job;

struct listing {
	enum panel_kind kind;
	const struct outlook *outlook;	/* is copied */
	unsigned rows;
	struct panel_weights weights;
	const struct vetting *vetting;	/* that the panel obeys; NULL: neither verdicts nor rules */
};

/*
 * The panel of the last product of the history (PANEL_BASKET: of all of it), counted in the
 * catalog: its first rows as they stand (at least `rows`, more where the history may take some
 * away); no score beyond. Of the outlook --same-category and LISTED_CHOICES are asked. The
 * catalog must outlive it.
 */
#define LISTED_CHOICES (MAY(TAIL) | MAY(DIVERSIFY) | MAY(PER_CATEGORY) | MAY(CATEGORIES))
void listed_make(struct contender *c, const struct catalog *catalog, const struct listing *l,
		 struct job *job);

#endif
