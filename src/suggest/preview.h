/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview: what other rules or verdicts would change in the lists of a whole store. */
#ifndef SUGGEST_PREVIEW_H
#define SUGGEST_PREVIEW_H

#include "base/err.h"
#include "base/work.h"
#include "panel/panel.h"

struct store;
struct vetting;

struct preview {
	uint32_t lists, changed;	/* of products; those that are not the same */
	uint32_t emptied, shorter;	/* that have nothing left; fewer rows than before */
	uint64_t places, entered, left, moved;	/* rows before; of them and of those after */
	double traffic;			/* share of sold pieces, else of views, of products
					   whose list changes; NAN: there are none */
	bool sold;			/* pieces sold, not views */
};

/* The first `top` suggestions of that panel for every product, before and after (either may
 * be NULL: no rules). ERR_NOMEM, ERR_CANCELLED, those of suggest(). */
bool preview_make(struct preview *p, const struct store *s, enum panel_kind kind,
		  unsigned top, const struct vetting *before, const struct vetting *after,
		  struct work work, struct err *err);

#endif
