/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricing: what a draft of a rule would cost, counted beside all else and kept. */
#ifndef TUI_PRICING_H
#define TUI_PRICING_H

#include "base/err.h"
#include "base/scope.h"
#include "tui/edition.h"
#include "view/board.h"

/* One rule at a time, in a thread that gives way to all others. */
struct pricing;
bool pricing_create(struct pricing **p, struct err *err);
void pricing_destroy(struct pricing *p);
SCOPED_DEFINE(pricing)

int pricing_fd(const struct pricing *p);	/* readable when one was counted */
bool pricing_busy(const struct pricing *p);
/* Keeps what was counted; false: nothing was. */
bool pricing_take(struct pricing *p);
/* The price in words, or how far it is; begins with it where it isn't there. Another edition's,
 * and those beside other rules, are forgotten. */
void pricing_add(struct pricing *p, struct edition *edition, const struct board_rule *rule,
		 struct strbuf *b);

#endif
