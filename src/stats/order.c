/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every sort order of the product table, sorted by key and then by number. */
#include "config.h"

#include "stats/totals.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "store/build.h"
#include "store/catalog.h"

/* What ascends when the value descends; UINT64_MAX: unknown, at the end. */
static uint64_t key_count(uint64_t n)
{
	return UINT64_MAX - 1 - n;
}

static uint64_t key_signed(int64_t x)
{
	if (x == PRICE_NONE)
		return UINT64_MAX;
	return ~((uint64_t)x ^ (UINT64_C(1) << 63));
}

static uint64_t key_views(const struct catalog *c, uint32_t p)
{
	return key_count(c->product_views[p]);
}

static uint64_t key_carts(const struct catalog *c, uint32_t p)
{
	return key_count(c->product_carts[p]);
}

static uint64_t key_purchases(const struct catalog *c, uint32_t p)
{
	return key_count(c->product_purchases[p]);
}

static uint64_t key_revenue(const struct catalog *c, uint32_t p)
{
	return key_signed(c->product_revenue ? c->product_revenue[p] : 0);
}

static uint64_t key_price(const struct catalog *c, uint32_t p)
{
	return key_signed(c->product_price ? c->product_price[p] : PRICE_NONE);
}

/* Doubles that are not negative are ordered as their bits are. */
static uint64_t key_conversion(const struct catalog *c, uint32_t p)
{
	double share;
	uint64_t bits;

	if (c->product_views[p] == 0)
		return UINT64_MAX;
	share = (double)c->product_purchases[p] / c->product_views[p];
	memcpy(&bits, &share, sizeof bits);
	return key_count(bits);
}

static const struct order {
	const char *name;
	uint64_t (*key)(const struct catalog *c, uint32_t p);
} orders[] = {
	{"order/views", key_views},
	{"order/carts", key_carts},
	{"order/purchases", key_purchases},
	{"order/revenue", key_revenue},
	{"order/price", key_price},
	{"order/conversion", key_conversion},
};

static bool write_order(struct build *b, const struct order *o, struct pool *pool,
			struct err *err)
{
	const struct catalog *c;
	SCOPED_FREE struct sort_item *item = NULL;
	SCOPED_FREE uint32_t *order = NULL;

	if (!build_catalog(b, &c, err))
		return false;
	item = mem_big(c->n_products, sizeof *item, "sort order", err);
	order = mem_big(c->n_products, sizeof *order, "sort order", err);
	if (!item || !order)
		return false;
	for (uint32_t p = 0; p < c->n_products; p++)
		item[p] = (struct sort_item){o->key(c, p), p};
	if (!sort_items(item, c->n_products, pool, err))
		return false;
	for (uint32_t p = 0; p < c->n_products; p++)
		order[p] = (uint32_t)item[p].value;
	return build_array(b, o->name, ARRAY_U32, c->n_products, 1, order, err);
}

static struct str label_of(const void *ctx, uint32_t p)
{
	const struct catalog *c = ctx;

	return text_at(&c->product_label, p);
}

static bool write_labels(struct build *b, struct pool *pool, struct err *err)
{
	const struct catalog *c;
	SCOPED_FREE uint32_t *order = NULL;

	if (!build_catalog(b, &c, err))
		return false;
	order = mem_big(c->n_products, sizeof *order, "sort order", err);
	return order && sort_texts(order, c->n_products, label_of, c, pool, err) &&
	       build_array(b, "order/label", ARRAY_U32, c->n_products, 1, order, err);
}

bool order_write(struct build *b, struct work work, struct err *err)
{
	job_step(work.job, "sorting products", 0);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (!write_order(b, &orders[i], work.pool, err) ||
		    !job_check(work.job, err))
			return false;
	return write_labels(b, work.pool, err);
}
