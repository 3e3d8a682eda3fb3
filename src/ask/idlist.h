/* SPDX-License-Identifier: GPL-3.0-or-later */
/* idlist: files that name products, a line each. */
#ifndef ASK_IDLIST_H
#define ASK_IDLIST_H

#include "model/past.h"
#include "store/store.h"

/*
 * A history: "ID", or "ID<TAB>KIND" or "ID<TAB>KIND<TAB>TIME" (view, cart, purchase; as times
 * of a log), the oldest first; "-" is standard input. Ages are counted from the store's last
 * event; what has no time is of then. Empty lines and what follows # in an own line are let
 * be. Without KIND it is what past_had says. Errors name the line: ERR_FORMAT, ERR_IO; ERR_NO
 * where the store knows none of them. *unknown counts those that it doesn't know.
 */
bool idlist_past(struct past *p, const struct store *s, const char *path, unsigned *unknown,
		 struct err *err);
/* A set of products (bits, free it) of the ids that begin the lines. Errors as above. */
bool idlist_set(uint64_t **bits, const struct store *s, const char *path, unsigned *unknown,
		struct err *err);

#endif
