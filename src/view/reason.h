/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reason: why a product stands in someone's list, in words. */
#ifndef VIEW_REASON_H
#define VIEW_REASON_H

#include "model/past.h"
#include "panel/panel.h"

/*
 * "because of Vanessa, bought on 18 September", "had before: bought twice, last on ...",
 * "a variant of ...", "popular of late": of a row of a list for q's user, page or cart, whose
 * past it was. Days are the shop's; none where the log has no times.
 */
void reason_add(struct strbuf *b, const struct question *q, const struct past *past,
		const struct panel_row *row);
/* "18 September", with the year where it isn't that of the log's end. ms: an instant. */
void reason_add_day(struct strbuf *b, const struct catalog *c, int64_t ms);

#endif
