/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense sums with a bit for each that was touched: those alone are set to 0 again. */
#include "config.h"

#include "panel/tally.h"

#include <stdlib.h>

#include "base/mem.h"

bool tally_clear(struct tally *t, uint32_t n, struct err *err)
{
	if (t->n == n) {
		for (uint32_t b = tally_next(t, 0); b < n; b = tally_next(t, b + 1))
			t->sum[b] = 0;
		memset(t->met, 0, (n / 64 + 1) * sizeof *t->met);
		return true;
	}
	tally_finish(t);
	t->sum = mem_big(n, sizeof *t->sum, "sums of products", err);
	t->met = t->sum ? mem_big(n / 64 + 1, sizeof *t->met, "sums of products", err) : NULL;
	if (!t->met) {
		tally_finish(t);
		return false;
	}
	t->n = n;
	return true;
}

void tally_finish(struct tally *t)
{
	free(t->sum);
	free(t->met);
	*t = (struct tally){0};
}

uint32_t tally_next(const struct tally *t, uint32_t b)
{
	size_t w = b / 64;
	uint64_t bits;

	if (b >= t->n)
		return t->n;
	bits = t->met[w] & ~UINT64_C(0) << b % 64;
	while (!bits && ++w <= t->n / 64)
		bits = t->met[w];
	return bits ? (uint32_t)(w * 64 + (unsigned)__builtin_ctzll(bits)) : t->n;
}
