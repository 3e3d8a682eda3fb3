/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns: events side by side, while an import has them in memory. */
#ifndef IMPORT_COLUMNS_H
#define IMPORT_COLUMNS_H

#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "store/catalog.h"

#define EVENT_CANCELS 0x80	/* takes a purchase back, see import_settle */
#define RATING_NONE 0x7fc00000u	/* the bits of the one NAN that is written */

static inline uint32_t rating_bits(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return x == x ? bits : RATING_NONE;
}

/* A time may be TIME_NONE until import_settle. price is in units of 10^-scale, or
 * PRICE_NONE. Starts as zero but for `caps`; free with columns_finish. */
struct columns {
	uint32_t *product, *session;	/* a worker's numbers, later ours */
	int64_t *time;
	int64_t *price;
	uint8_t *kind;			/* and EVENT_CANCELS */
	uint32_t *quantity;		/* NULL without CAP_QUANTITIES */
	uint32_t *rating;		/* bits of a float; NULL without CAP_RATINGS */
	size_t n, cap;
	unsigned scale;
	unsigned caps;			/* enum capability: which columns there are */
};

/* Room for n events in all. */
bool columns_reserve(struct columns *c, size_t n, struct err *err);
void columns_finish(struct columns *c);
/* Event i of `from` to place `to_i`; sessions are the caller's. */
static inline void columns_copy(struct columns *to, size_t to_i, const struct columns *from,
				size_t i)
{
	to->product[to_i] = from->product[i];
	to->time[to_i] = from->time[i];
	to->price[to_i] = from->price[i];
	to->kind[to_i] = from->kind[i];
	if (to->quantity)
		to->quantity[to_i] = from->quantity[i];
	if (to->rating)
		to->rating[to_i] = from->rating[i];
}
/* Its price in the columns' scale, which grows when digits would be lost; field_price
 * bounds prices so that all fit. */
int64_t columns_price(struct columns *c, struct decimal price);
/* Prices with so many more digits. */
void scale_prices(int64_t *price, size_t n, unsigned digits);

#endif
