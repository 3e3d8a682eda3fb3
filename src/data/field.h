/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field: values as shops write them: decimals with marks, names of events. */
#ifndef DATA_FIELD_H
#define DATA_FIELD_H

#include "base/num.h"
#include "store/catalog.h"

/*
 * [sign][currency]digits[mark digits][currency], as in 12.50, -1,234.00, "1.234,50",
 * "EUR 3", "12,- " is not one. The mark is a point, or a comma where `comma`; digits
 * may be grouped by threes with the other of both, a space (also one that doesn't break)
 * or an apostrophe. Minus is - or U+2212, before or after; (3) is -3, too. Leading
 * zeros are allowed. More than 9 decimals are rounded to 9, halves away from zero.
 */
bool field_decimal(struct str s, bool comma, struct decimal *d);

/* What logs call events, without case, spaces, - and _: view, pageview, addtocart,
 * transaction, order ... False for others. kind is an enum event_kind. */
bool field_event_kind(struct str s, int *kind);
/* What programs write where nothing is known: NA, N/A, NULL, nan, None, \N, (not set). */
bool field_missing_word(struct str s);
static inline bool field_missing(struct str s)
{
	/* Most fields begin with another byte. */
	return s.len && s.len <= 9 &&
	       (s.ptr[0] == 'N' || s.ptr[0] == 'n' || s.ptr[0] == '\\' || s.ptr[0] == '(') &&
	       field_missing_word(s);
}
/* Does a status say that nothing was bought in the end: Cancelled, "wc-refunded",
 * storniert, annulé ...? "partially refunded" doesn't. */
bool field_cancels(struct str s);
/* The same text but for case, spaces, - and _? */
bool field_same_name(struct str a, struct str b);

#endif
