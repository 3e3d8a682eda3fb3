/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What several columns tell together. A total grows with the quantity: of records of one
 * product with another quantity than its first one, the share is counted in which
 * price / quantity is what it was, and in which price is; more of the former make a total.
 */
#include "config.h"

#include "guess/guess_impl.h"

#include <math.h>

#include "base/mem.h"
#include "data/field.h"

#define LOOKED_AT 4  /* fewer records tell nothing */
#define CLEARLY 0.25 /* difference of the shares */
#define SAME 0.02    /* relative difference of equal prices: they are rounded, and change */

static bool number_at(const struct guess *g, size_t column, uint32_t row, double *x)
{
	const struct guess_column *c = &g->column[column];
	struct decimal d;
	struct str s;

	if (c->code[row] == MAP_NONE)
		return false;
	s = map_key(c->values, c->code[row]);
	if (!field_decimal(s, c->commas > 0.5, &d))
		return false;
	*x = (double)d.units / pow(10, d.scale);
	return true;
}

static bool near(double a, double b)
{
	return fabs(a - b) <= SAME * fmax(fabs(a), fabs(b));
}

int guess_is_total(const struct guess *g, size_t product, size_t price, size_t quantity,
		   uint32_t *n)
{
	const struct guess_column *p = &g->column[product];
	SCOPED_FREE double *first = mem_zalloc((map_count(p->values) + 1) * 2 * sizeof *first);
	uint32_t shares = 0, prices = 0;

	*n = 0;
	for (uint32_t r = 0; r < g->rows; r++) {
		double x, q, *f;

		if (p->code[r] == MAP_NONE || !number_at(g, price, r, &x) ||
		    !number_at(g, quantity, r, &q) || q <= 0 || x <= 0)
			continue;
		f = first + 2 * (size_t)p->code[r];
		if (f[1] == 0) {
			f[0] = x;
			f[1] = q;
		} else if (q != f[1]) {
			++*n;
			shares += near(x / q, f[0] / f[1]);
			prices += near(x, f[0]);
		}
	}
	if (*n < LOOKED_AT)
		return 0;
	return shares > prices + CLEARLY * *n ? 1 : prices > shares + CLEARLY * *n ? -1 : 0;
}

/* Is it the same in every record of an order that has several? */
static bool is_the_orders(const struct guess *g, size_t i)
{
	size_t s = g->role[MAP_SESSION];

	return s != GUESS_NO && guess_determines(g, s, i) > 0.97;
}

/* A price that grows with the quantity is a total; a total that doesn't is a price. */
static void find_total(struct guess *g)
{
	size_t product = g->role[MAP_PRODUCT], price = g->role[MAP_PRICE];
	size_t quantity = g->role[MAP_QUANTITY];
	uint32_t n;

	if (price != GUESS_NO) {
		if (quantity != GUESS_NO && product != GUESS_NO &&
		    guess_is_total(g, product, price, quantity, &n) > 0) {
			g->total = price;
			g->role[MAP_PRICE] = GUESS_NO;
		}
		return;
	}
	for (size_t i = 0; i < g->n && g->header; i++) {
		const struct guess_column *c = &g->column[i];

		if (guess_used(g, i) || c->personal || c->numbers < 0.5 || c->time_format ||
		    !guess_name_part(c->name, PART_TOTAL))
			continue;
		if (is_the_orders(g, i)) {
			g->order_total = true;
			continue;
		}
		if (quantity == GUESS_NO || product == GUESS_NO ||
		    guess_is_total(g, product, i, quantity, &n) >= 0)
			g->total = i;
		else
			g->role[MAP_PRICE] = i;
		return;
	}
}

/* Do three columns say pieces, price and total? In records of several pieces one times
 * the other is the third, but for some with a discount. */
static bool multiplies(const struct guess *g, size_t q, size_t p, size_t t)
{
	uint32_t n = 0, fit = 0;

	for (uint32_t r = 0; r < g->rows; r++) {
		double pieces, price, total;

		if (!number_at(g, q, r, &pieces) || !number_at(g, p, r, &price) ||
		    !number_at(g, t, r, &total) || fabs(pieces) < 2 || price == 0)
			continue;
		n++;
		fit += fabs(pieces * price - total) <= 0.006 + 0.002 * fabs(total);
	}
	return n >= LOOKED_AT && fit >= n * 0.9;
}

static bool may_multiply(const struct guess *g, size_t i, enum mapping_key role)
{
	const struct guess_column *c = &g->column[i];

	if (i == g->role[role])
		return true;
	return !guess_used(g, i) && !c->personal && !c->counter && c->distinct > 1 &&
	       c->filled >= g->rows * 0.5 &&
	       c->numbers > 0.9 && (role != MAP_QUANTITY || (c->whole > 0.9 && c->most <= 1e6));
}

/* Whatever they are called, in whatever language. What has a name keeps its role. */
static void find_product_of(struct guess *g)
{
	for (size_t q = 0; q < g->n && g->role[MAP_PRODUCT] != GUESS_NO; q++) {
		if (!may_multiply(g, q, MAP_QUANTITY) ||
		    (g->role[MAP_QUANTITY] != GUESS_NO && g->role[MAP_QUANTITY] != q))
			continue;
		for (size_t p = 0; p < g->n; p++)
			for (size_t t = 0; t < g->n && p != q && may_multiply(g, p, MAP_PRICE) &&
				     (g->role[MAP_PRICE] == GUESS_NO || g->role[MAP_PRICE] == p);
			     t++) {
				if (t == p || t == q || !may_multiply(g, t, MAP_TOTAL) ||
				    !multiplies(g, q, p, t))
					continue;
				g->role[MAP_QUANTITY] = q;
				g->role[MAP_PRICE] = p;
				return;
			}
	}
}

/* Small whole numbers that a price grows with are pieces, however they are called. */
static void find_quantity(struct guess *g)
{
	size_t product = g->role[MAP_PRODUCT], price = g->role[MAP_PRICE];
	uint32_t n;

	for (size_t i = 0; i < g->n && g->header && price == GUESS_NO; i++)
		if (!guess_used(g, i) && g->column[i].numbers > 0.95 &&
		    guess_name_part(g->column[i].name, PART_TOTAL))
			price = i;
	if (product == GUESS_NO || price == GUESS_NO || g->role[MAP_QUANTITY] != GUESS_NO)
		return;
	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];

		if (guess_used(g, i) || i == price || c->personal || c->integers < 0.95 ||
		    c->least < 1 ||
		    c->most > 10000 || c->distinct < 2 || c->repeat < 0.2 ||
		    c->filled < g->rows * 0.95)
			continue;
		if (guess_is_total(g, product, price, i, &n) <= 0)
			continue;
		g->role[MAP_QUANTITY] = i;
		return;
	}
}

/* The column of order statuses in which most orders come to nothing; else the first. */
static void find_status(struct guess *g)
{
	double most = -1;

	for (size_t i = 0; i < g->n && g->header; i++) {
		const struct guess_column *c = &g->column[i];

		if (guess_used(g, i) || !c->filled || c->distinct > 40 || c->cancels > 0.9 ||
		    (!guess_name_part(c->name, PART_STATUS) &&
		     !guess_name_part(c->name, PART_STATE)) || c->cancels <= most)
			continue;
		if (c->cancels > 0)
			g->status = i;
		most = c->cancels;
	}
}

void guess_evidence(struct guess *g)
{
	find_product_of(g);
	find_quantity(g);
	find_total(g);
	find_status(g);
}
