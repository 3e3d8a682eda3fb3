/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open hash from products to sums: what a shop's other million products would take is
 * neither got nor cleared. */
#include "config.h"

#include "panel/tally.h"

#include <stdlib.h>

#include "base/mem.h"

#define BITS 10		/* of the least table */

void tally_clear(struct tally *t)
{
	if (t->n && t->slot)
		memset(t->slot, 0, sizeof *t->slot << t->bits);
	t->n = 0;
}

void tally_finish(struct tally *t)
{
	free(t->at);
	free(t->slot);
	*t = (struct tally){0};
}

/* The product's slot, or the free one that it gets. */
static uint32_t *slot_of(const struct tally *t, uint32_t product)
{
	size_t mask = ((size_t)1 << t->bits) - 1;
	size_t i = (product * UINT32_C(0x9e3779b1)) >> (32 - t->bits);

	while (t->slot[i] && t->at[t->slot[i] - 1].key != product)
		i = (i + 1) & mask;
	return &t->slot[i];
}

/* At most half of the slots are taken. */
static void grow(struct tally *t)
{
	if (t->slot && t->n < (size_t)1 << (t->bits - 1))
		return;
	t->bits = t->slot ? t->bits + 1 : BITS;
	free(t->slot);
	t->slot = mem_zalloc(sizeof *t->slot << t->bits);
	for (size_t i = 0; i < t->n; i++)
		*slot_of(t, (uint32_t)t->at[i].key) = (uint32_t)i + 1;
}

static double as_real(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

static uint64_t as_bits(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof bits);
	return bits;
}

void tally_add(struct tally *t, uint32_t product, double x)
{
	uint32_t *slot;

	grow(t);
	slot = slot_of(t, product);
	if (*slot) {
		struct sort_item *at = &t->at[*slot - 1];

		at->value = as_bits(as_real(at->value) + x);
		return;
	}
	MEM_GROW(t->at, t->cap, t->n + 1);
	t->at[t->n++] = (struct sort_item){product, as_bits(x)};
	*slot = (uint32_t)t->n;
}

double tally_of(const struct tally *t, uint32_t product)
{
	uint32_t at = t->slot ? *slot_of(t, product) : 0;

	return at ? as_real(t->at[at - 1].value) : 0;
}

bool tally_settle(struct tally *t, struct err *err)
{
	return sort_items(t->at, t->n, NULL, err);
}

double tally_sum(const struct tally *t, size_t i)
{
	return as_real(t->at[i].value);
}
