/* SPDX-License-Identifier: GPL-3.0-or-later */
/* product: what the view of that name knows of one product, for rows and charts. */
#ifndef VIEW_PRODUCT_H
#define VIEW_PRODUCT_H

#include "view/view.h"

#define PRODUCT_FIELDS 256
#define PRODUCT_BINS 60		/* of its history, at most */
#define PRODUCT_PRICES 12	/* changes that are shown, the latest */
#define PRODUCT_BY 20		/* products that suggest it, for each panel */

struct product_field {
	struct str name, value, shown;
	uint32_t product;	/* what Enter follows, or CATALOG_NONE */
};

struct product_price {
	int64_t since;		/* ms */
	int64_t price;
	uint64_t events;	/* at that price until the next change */
};

struct product_by {
	uint32_t product;
	unsigned rank;		/* of this one in its panel */
	double score;
};

struct product {
	struct arena *arena;
	const struct catalog *cat;
	uint32_t number;
	unsigned n;
	struct product_field field[PRODUCT_FIELDS];
	int bins, days;		/* bins of so many days each, from first_day on */
	int64_t first_day;
	double history[EVENT_KINDS][PRODUCT_BINS];
	uint64_t kinds[EVENT_KINDS];
	uint64_t ratings;
	double rating_sum;
	struct product_price price[PRODUCT_PRICES];
	unsigned n_prices;
	uint64_t price_changes;	/* all there are */
	struct product_by by[PANEL_KINDS][PRODUCT_BY];
	unsigned n_by[PANEL_KINDS];
};

/* product_history.c: events over time, prices, and the products whose panels hold it
 * (of those that share sessions with it, the PRODUCT_ASKED with the most). */
#define PRODUCT_ASKED 100
bool product_history(struct product *s, const struct question *q, struct job *job,
		     struct err *err);
/* product_page.c */
void product_page(struct view *v, void *state, struct page *p);
void product_words(struct view *v, void *state, struct strbuf *b);
/* product_card.c */
void product_draw(struct view *v, void *state, struct sketch *s);

#endif
