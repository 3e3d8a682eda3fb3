/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of who had to do with which products: turned round, and given back. */
#include "config.h"

#include "learn/ratings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/scope.h"

bool ratings_transpose(struct ratings *out, const struct ratings *r, struct err *err)
{
	struct ratings t = {.rows = r->columns, .columns = r->rows, .entries = r->entries};
	uint64_t *at;

	t.offsets = mem_big((size_t)t.rows + 2, sizeof *t.offsets, "ratings", err);
	t.column = mem_big(t.entries, sizeof *t.column, "ratings", err);
	t.value = mem_big(t.entries, sizeof *t.value, "ratings", err);
	if (!t.offsets || !t.column || !t.value) {
		ratings_finish(&t);
		return false;
	}
	at = t.offsets + 1;
	for (uint64_t i = 0; i < r->entries; i++)
		at[r->column[i] + 1]++;
	for (uint32_t i = 0; i < t.rows; i++)
		at[i + 1] += at[i];
	for (uint32_t u = 0; u < r->rows; u++)
		for (uint64_t i = r->offsets[u]; i < r->offsets[u + 1]; i++) {
			uint64_t to = at[r->column[i]]++;

			t.column[to] = u;
			t.value[to] = r->value[i];
		}
	*out = t;
	return true;
}

void ratings_forget_unmet(const struct ratings *r, unsigned dim, float *y)
{
	SCOPED_FREE uint8_t *met = mem_zalloc(r->columns);

	assert(dim > 0);
	for (uint64_t i = 0; i < r->entries; i++)
		met[r->column[i]] = 1;
	for (uint32_t p = 0; p < r->columns; p++)
		if (!met[p])
			memset(y + (size_t)p * dim, 0, dim * sizeof *y);
}

void ratings_finish(struct ratings *r)
{
	free(r->offsets);
	free(r->column);
	free(r->value);
	*r = (struct ratings){0};
}
