/* SPDX-License-Identifier: GPL-3.0-or-later */
/* obeying: models as contenders whose lists obey verdicts and rules. */
#ifndef EVAL_OBEYING_H
#define EVAL_OBEYING_H

#include "eval/run.h"
#include "panel/panel.h"

struct vetting;

/*
 * *c becomes one that says nothing of what the list of the history's last product (PANEL_BASKET:
 * of all of it) may not have: what was rejected, blocked or isn't let in. Boosts, buries and pins
 * are places of a panel and change no scores. `products` in all; vetting must outlive it.
 */
struct obeying {
	const struct vetting *vetting;
	enum panel_kind kind;
	uint32_t products;
};
void obeying_wrap(struct contender *c, const struct obeying *o);

#endif
