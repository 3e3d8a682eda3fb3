/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of ids; the order is that of putting in, but for what was taken out. */
#include "config.h"

#include "tui/basket.h"

#include <stdlib.h>

void basket_finish(struct basket *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->id[i]);
	*b = (struct basket){0};
}

bool basket_turn(struct basket *b, struct str id, bool *in)
{
	size_t at = 0;
	STRBUF(copy);

	while (at < b->n && !str_is(id, b->id[at]))
		at++;
	*in = at == b->n;
	if (!*in) {
		free(b->id[at]);
		b->id[at] = b->id[--b->n];
		return true;
	}
	if (b->n == BASKET_MOST)
		return false;
	strbuf_add(&copy, id);
	strbuf_addc(&copy, '\0');
	b->id[b->n++] = strbuf_detach(&copy);
	return true;
}
