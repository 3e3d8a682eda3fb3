/* SPDX-License-Identifier: GPL-3.0-or-later */
/* restore: what a store keeps, as the records that it was imported from. */
#ifndef DATA_RESTORE_H
#define DATA_RESTORE_H

#include "data/dataset.h"

/* Event e of that session. Texts are borrowed from the catalog. What the store
 * keeps per product (category, brand, attributes) is the latest. */
void restore_event(const struct catalog *cat, uint32_t session, uint64_t e,
		   struct event_row *ev);

#endif
