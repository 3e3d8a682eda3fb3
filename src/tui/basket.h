/* SPDX-License-Identifier: GPL-3.0-or-later */
/* basket: products that someone has collected, by id, which outlives an import. */
#ifndef TUI_BASKET_H
#define TUI_BASKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define BASKET_MOST 16

struct basket {
	size_t n;
	char *id[BASKET_MOST];
};

void basket_finish(struct basket *b);
/* In, or out where it is in; *in gets which. false: it is full. */
bool basket_turn(struct basket *b, struct str id, bool *in);

#endif
