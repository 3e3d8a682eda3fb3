/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events that are let in are copied, and everything counted is counted again. */
#include "config.h"

#include "stats/part.h"

#include <assert.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/time.h"
#include "stats/part_impl.h"
#include "stats/scan.h"

const char *const part_lacks[] = {
	"order/views", "order/carts", "order/purchases", "order/revenue", "order/price",
	"order/conversion", NULL,
};

static bool part_room(struct part *p, const struct catalog *base, uint64_t n,
		      struct err *err)
{
	const char *what = "a part of the events";

	p->event_product = mem_big(n, sizeof *p->event_product, what, err);
	p->event_kind = mem_big(n, sizeof *p->event_kind, what, err);
	p->event_time = mem_big(n, sizeof *p->event_time, what, err);
	if (base->event_price)
		p->event_price = mem_big(n, sizeof *p->event_price, what, err);
	if (base->event_quantity)
		p->event_quantity = mem_big(n, sizeof *p->event_quantity, what, err);
	if (base->event_rating)
		p->event_rating = mem_big(n, sizeof *p->event_rating, what, err);
	return p->event_product && p->event_kind && p->event_time &&
	       !base->event_rating == !p->event_rating &&
	       !base->event_price == !p->event_price &&
	       !base->event_quantity == !p->event_quantity;
}

static void copy_event(struct part *p, const struct catalog *base, uint64_t i, uint64_t to)
{
	p->event_product[to] = base->event_product[i];
	p->event_kind[to] = base->event_kind[i];
	p->event_time[to] = base->event_time[i];
	if (p->event_price)
		p->event_price[to] = base->event_price[i];
	if (p->event_quantity)
		p->event_quantity[to] = base->event_quantity[i];
	if (p->event_rating)
		p->event_rating[to] = base->event_rating[i];
}

/* First and last days of products and of the whole. */
static void find_days(struct part *p)
{
	struct catalog *c = &p->catalog;

	c->first_time = c->last_time = c->n_events ? p->event_time[0] : 0;
	for (uint32_t i = 0; i < c->n_products; i++) {
		p->first[i] = INT64_MAX;
		p->last[i] = INT64_MIN;
	}
	for (uint64_t i = 0; i < c->n_events; i++) {
		int64_t t = p->event_time[i], *first = &p->first[p->event_product[i]],
			*last = &p->last[p->event_product[i]];

		*first = t < *first ? t : *first;
		*last = t > *last ? t : *last;
		c->first_time = t < c->first_time ? t : c->first_time;
		c->last_time = t > c->last_time ? t : c->last_time;
	}
	for (uint32_t i = 0; i < c->n_products; i++)
		if (p->first[i] > p->last[i])	/* not met */
			p->first[i] = p->last[i] = TIME_NONE;
	c->product_first = p->first;
	c->product_last = p->last;
}

/* The latest prices within the part. What no event of the log has a price for has its own
 * from elsewhere, and keeps it. */
static bool find_prices(struct part *p, const struct catalog *base, struct err *err)
{
	struct catalog *c = &p->catalog;
	SCOPED_FREE int64_t *since = NULL;

	if (!base->product_price || !base->event_price)
		return true;
	p->price = mem_big(c->n_products, sizeof *p->price, "prices of products", err);
	since = p->price ? mem_big(c->n_products, sizeof *since, "prices of products", err)
			 : NULL;
	if (!since)
		return false;
	for (uint32_t i = 0; i < c->n_products; i++) {
		p->price[i] = base->product_price[i];
		since[i] = INT64_MIN;
	}
	for (uint64_t i = 0; i < base->n_events; i++)
		if (base->event_price[i] != PRICE_NONE)
			p->price[base->event_product[i]] = PRICE_NONE;
	for (uint64_t i = 0; i < c->n_events; i++) {
		uint32_t a = p->event_product[i];

		if (p->event_price[i] == PRICE_NONE || p->event_time[i] < since[a])
			continue;
		p->price[a] = p->event_price[i];
		since[a] = p->event_time[i];
	}
	c->product_price = p->price;
	return true;
}

/* What is counted of anew: n events, of so many sessions. */
static bool begin(struct part *p, const struct catalog *base, uint32_t sessions, uint64_t n,
		  struct err *err)
{
	p->session_offsets = mem_big((size_t)sessions + 1, sizeof *p->session_offsets, "sessions",
				     err);
	p->first = mem_big(base->n_products, sizeof *p->first, "days of products", err);
	p->last = mem_big(base->n_products, sizeof *p->last, "days of products", err);
	return p->session_offsets && p->first && p->last && part_room(p, base, n, err);
}

void part_drop_orders(struct part *p)
{
	struct catalog *c = &p->catalog;

	c->order_views = c->order_carts = c->order_purchases = NULL;
	c->order_revenue = c->order_conversion = c->order_price = NULL;
}

static bool settle_events(struct part *p, const struct catalog *base, uint64_t n, struct err *err)
{
	struct catalog *c = &p->catalog;

	*c = *base;
	c->n_events = n;
	c->session_offsets = p->session_offsets;
	c->event_product = p->event_product;
	c->event_kind = p->event_kind;
	c->event_time = p->event_time;
	c->event_price = p->event_price;
	c->event_quantity = p->event_quantity;
	c->event_rating = p->event_rating;
	part_drop_orders(p);
	find_days(p);
	return find_prices(p, base, err);
}

static bool take_events(struct part *p, const struct catalog *base, const uint8_t *in,
			struct err *err)
{
	uint64_t n = 0, to = 0;

	for (uint64_t i = 0; i < base->n_events; i++)
		n += in[i] != 0;
	if (!begin(p, base, base->n_sessions, n, err))
		return false;
	for (uint32_t s = 0; s < base->n_sessions; s++) {
		for (uint64_t i = base->session_offsets[s];
		     i < base->session_offsets[s + 1]; i++)
			if (in[i])
				copy_event(p, base, i, to++);
		p->session_offsets[s + 1] = to;
	}
	return settle_events(p, base, n, err);
}

static bool take_pieces(struct part *p, const struct catalog *base,
			const struct part_pieces *pieces, struct err *err)
{
	struct catalog *c = &p->catalog;
	uint64_t n = pieces->offsets[pieces->n];

	if (!begin(p, base, pieces->n, n, err))
		return false;
	for (uint64_t i = 0; i < n; i++)
		copy_event(p, base, pieces->event[i], i);
	for (uint32_t s = 0; s < pieces->n; s++)
		p->session_offsets[s + 1] = pieces->offsets[s + 1];
	if (!settle_events(p, base, n, err))
		return false;
	c->n_sessions = pieces->n;
	c->session_id = (struct text){0};
	c->session_by_id = c->session_user = c->session_country = NULL;
	c->session_channel = c->user_session = NULL;
	c->user_offsets = NULL;
	return true;
}

/* Sessions of a product ascend since sessions are walked in their order. */
bool part_list_sessions(struct part *p, struct err *err)
{
	struct catalog *c = &p->catalog;
	struct marks seen = {0};
	uint64_t *next;
	uint32_t *distinct = NULL;

	p->product_offsets = mem_big((size_t)c->n_products + 2, sizeof *p->product_offsets,
				     "sessions of products", err);
	if (!p->product_offsets || !marks_init(&seen, c->n_products, err))
		return false;
	next = p->product_offsets + 1;	/* of p: where its next session goes */
	for (unsigned fill = 0; fill < 2; fill++) {
		for (uint32_t s = 0; s < c->n_sessions; s++) {
			marks_next(&seen);
			for (uint64_t i = c->session_offsets[s];
			     i < c->session_offsets[s + 1]; i++) {
				uint32_t a = c->event_product[i];

				if (!marks_add(&seen, a))
					continue;
				if (fill)
					distinct[next[a]++] = s;
				else
					next[a + 1]++;
			}
		}
		if (fill)
			break;
		for (uint32_t a = 0; a < c->n_products; a++)
			next[a + 1] += next[a];
		distinct = mem_big(next[c->n_products], sizeof *distinct,
				   "sessions of products", err);
		if (!distinct)
			break;
	}
	marks_finish(&seen);
	p->product_session = distinct;
	c->product_session_offsets = p->product_offsets;
	c->product_session = distinct;
	return distinct != NULL;
}

bool part_turn_round(struct part *p, enum relation r, struct err *err)
{
	struct relation_counts *n = &p->catalog.relation[r];
	uint32_t rows = p->catalog.n_products;
	uint64_t *at;

	p->in_offsets[r] = mem_big((size_t)rows + 2, sizeof(uint64_t), "pairs", err);
	p->in_column[r] = mem_big(n->out.entries, sizeof(uint32_t), "pairs", err);
	p->in_value[r] = mem_big(n->out.entries, sizeof(uint32_t), "pairs", err);
	if (!p->in_offsets[r] || !p->in_column[r] || !p->in_value[r])
		return false;
	at = p->in_offsets[r] + 1;
	for (uint64_t i = 0; i < n->out.entries; i++)
		at[n->out.column[i] + 1]++;
	for (uint32_t b = 0; b < rows; b++)
		at[b + 1] += at[b];
	for (uint32_t a = 0; a < rows; a++)
		for (uint64_t i = n->out.offsets[a]; i < n->out.offsets[a + 1]; i++) {
			uint64_t to = at[n->out.column[i]]++;

			p->in_column[r][to] = a;
			p->in_value[r][to] = n->out.value[i];
		}
	n->in = (struct csr){p->in_offsets[r], p->in_column[r], p->in_value[r], rows,
			     n->out.entries};
	return true;
}

static bool count_pairs(struct part *p, unsigned kinds, struct work work, struct err *err)
{
	struct catalog *c = &p->catalog;

	for (unsigned r = 0; r < RELATIONS; r++) {
		c->relation[r] = (struct relation_counts){0};
		if ((kinds & relation_kinds(r)) != relation_kinds(r))
			continue;
		if (!relation_table_make(&p->relation[r], c, r, work, err))
			return false;
		c->relation[r] = p->relation[r].counts;
		if (relation_directed(r) && !part_turn_round(p, r, err))
			return false;
	}
	return true;
}

bool part_settle_totals(struct part *p, struct err *err)
{
	struct catalog *c = &p->catalog;

	if (!category_totals_make(&p->of, c, &p->totals, err))
		return false;
	c->product_views = p->totals.views;
	c->product_carts = p->totals.carts;
	c->product_purchases = p->totals.purchases;
	c->product_revenue = p->totals.revenue;
	c->revenue_scale = p->totals.revenue_scale;
	c->category_views = p->of.views;
	c->category_carts = p->of.carts;
	c->category_purchases = p->of.purchases;
	c->category_revenue = p->of.revenue;
	return true;
}

static bool count_all(struct part *p, struct work work, struct err *err)
{
	struct catalog *c = &p->catalog;
	unsigned kinds = scan_kinds(c, work.pool);

	if (!totals_make(&p->totals, c, work.pool, err) || !part_settle_totals(p, err) ||
	    !part_list_sessions(p, err) || !count_pairs(p, kinds, work, err))
		return false;
	for (unsigned k = 0; k < BASKET_KINDS; k++) {
		c->transition[k] = (struct transition_counts){0};
		if (!(kinds & KIND_BIT(basket_event(k))))
			continue;
		if (!transition_table_make(&p->transition[k],
					   &(struct transition_baskets){c, k, NULL}, work, err))
			return false;
		c->transition[k] = p->transition[k].counts;
	}
	return job_check(work.job, err);
}

bool part_make(struct part **out, const struct catalog *base, const uint8_t *in,
	       struct work work, struct err *err)
{
	SCOPED(part) p = mem_zalloc(sizeof *p);

	assert(base && in);
	if (!take_events(p, base, in, err) || !count_all(p, work, err))
		return false;
	assert(!catalog_lacks(&p->catalog));
	*out = p;
	p = NULL;
	return true;
}

bool part_make_pieces(struct part **out, const struct catalog *base,
		      const struct part_pieces *pieces, struct work work, struct err *err)
{
	SCOPED(part) p = mem_zalloc(sizeof *p);

	assert(base && pieces);
	if (!take_pieces(p, base, pieces, err) || !count_all(p, work, err))
		return false;
	assert(!catalog_lacks(&p->catalog));
	*out = p;
	p = NULL;
	return true;
}

void part_destroy(struct part *p)
{
	if (!p)
		return;
	free(p->session_offsets);
	free(p->product_offsets);
	free(p->product_session);
	free(p->event_product);
	free(p->event_quantity);
	free(p->event_time);
	free(p->event_price);
	free(p->event_kind);
	free(p->event_rating);
	free(p->first);
	free(p->last);
	free(p->price);
	totals_finish(&p->totals);
	category_totals_finish(&p->of);
	for (unsigned r = 0; r < RELATIONS; r++) {
		relation_table_finish(&p->relation[r]);
		free(p->in_offsets[r]);
		free(p->in_column[r]);
		free(p->in_value[r]);
	}
	for (unsigned k = 0; k < BASKET_KINDS; k++)
		transition_table_finish(&p->transition[k]);
	free(p);
}

const struct catalog *part_catalog(const struct part *p)
{
	return &p->catalog;
}
