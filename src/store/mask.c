/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of prices are taken off the catalog and prices out of the labels. */
#include "config.h"

#include "store/mask.h"

#include "base/mem.h"
#include "base/num.h"

/* The label without its product's price, where that is a word of it. */
static void add_label(struct strbuf *b, const struct catalog *c, uint32_t p)
{
	struct str label = text_at(&c->product_label, p), word;
	bool first = true;
	STRBUF(price);

	if (c->product_price && c->product_price[p] != PRICE_NONE)
		num_add_decimal(&price, c->product_price[p], c->price_scale, false);
	while (str_next(&label, ' ', &word)) {
		if (price.len && str_eq(word, strbuf_str(&price)))
			continue;
		if (!first)
			strbuf_addc(b, ' ');
		first = false;
		strbuf_add(b, word);
	}
}

bool mask_prices(struct catalog *c, struct mask *m, struct err *err)
{
	STRBUF(b);

	m->offsets = mem_big((size_t)c->n_products + 1, sizeof *m->offsets, "labels", err);
	if (!m->offsets)
		return false;
	for (uint32_t p = 0; p < c->n_products; p++) {
		add_label(&b, c, p);
		m->offsets[p + 1] = b.len;
	}
	m->bytes = b.ptr ? strbuf_detach(&b) : mem_strdup("");
	c->product_label = (struct text){m->offsets, m->bytes, c->n_products};
	c->product_price = c->event_price = NULL;
	c->product_revenue = c->category_revenue = NULL;
	c->order_price = c->order_revenue = NULL;
	c->caps &= ~(unsigned)CAP_PRICES;
	return true;
}

void mask_finish(struct mask *m)
{
	free(m->offsets);
	free(m->bytes);
	*m = (struct mask){0};
}
