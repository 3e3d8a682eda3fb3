/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judging: what the store's models say of the product under review, asked beside all else. */
#ifndef TUI_JUDGING_H
#define TUI_JUDGING_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "tui/edition.h"

/* One product at a time, in a thread that gives way to all others; the newest wins. */
struct judging;
bool judging_create(struct judging **j, struct err *err);
void judging_destroy(struct judging *j);
SCOPED_DEFINE(judging)

int judging_fd(const struct judging *j);	/* readable when models were asked */
bool judging_busy(const struct judging *j);
/* Keeps what they said; false: nobody was asked. */
bool judging_take(struct judging *j);
/* "walk 8, item2vec 31": places of `with` among suggestions for the product; nothing while they
 * are asked, which begins with it, and where there are no models. */
void judging_add(struct judging *j, struct edition *edition, const uint32_t pair[2],
		 struct strbuf *b);

#endif
