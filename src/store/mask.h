/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mask: a catalog as if its shop had told no prices, to be shown to others. */
#ifndef STORE_MASK_H
#define STORE_MASK_H

#include "store/catalog.h"

/* What the masked catalog borrows. Zero it first. */
struct mask {
	uint64_t *offsets;
	char *bytes;
};

/* Prices, revenue and the orders by them are gone, from made labels too. ERR_NOMEM. */
bool mask_prices(struct catalog *c, struct mask *m, struct err *err);
void mask_finish(struct mask *m);

#endif
