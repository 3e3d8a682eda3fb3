/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns grow together; those that the log can't fill are never there. */
#include "config.h"

#include "import/columns.h"

#include <stdlib.h>

#include "base/mem.h"

void columns_finish(struct columns *c)
{
	free(c->product);
	free(c->session);
	free(c->time);
	free(c->price);
	free(c->kind);
	free(c->quantity);
	free(c->rating);
	*c = (struct columns){0};
}

#define RESIZE(column)								\
	mem_big_resize((void **)&c->column, cap, sizeof *c->column, "events", err)

bool columns_reserve(struct columns *c, size_t n, struct err *err)
{
	size_t cap = c->cap + c->cap / 2;

	if (n <= c->cap)
		return true;
	if (cap < n)
		cap = n;
	if (!RESIZE(product) || !RESIZE(session) || !RESIZE(time) || !RESIZE(price) ||
	    !RESIZE(kind) || ((c->caps & CAP_QUANTITIES) && !RESIZE(quantity)) ||
	    ((c->caps & CAP_RATINGS) && !RESIZE(rating)))
		return false;
	c->cap = cap;
	return true;
}

void scale_prices(int64_t *price, size_t n, unsigned digits)
{
	int64_t factor = 1;

	while (digits-- > 0)
		factor *= 10;
	for (size_t i = 0; i < n && factor > 1; i++)
		if (price[i] != PRICE_NONE)
			price[i] *= factor;
}

int64_t columns_price(struct columns *c, struct decimal price)
{
	int64_t units;

	if (num_rescale(price, c->scale, &units))
		return units;
	while (price.scale > c->scale && price.units % 10 == 0) {
		price.units /= 10;
		price.scale--;
	}
	if (price.scale > c->scale) {
		scale_prices(c->price, c->n, price.scale - c->scale);
		c->scale = price.scale;
	}
	return price.units;
}
