/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a Parquet file: what is read of it is there, row groups read in two halves
 * say the same as in one, and what is refused has a reason.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "table/parquet.h"

#define COLUMNS 64u
#define ROWS 2000u	/* more are promised in a few bytes */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_parquet: %s\n", what);
		abort();
	}
}

/* A number made of all texts of rows [first, first + rows); false: refused. */
static bool sum_rows(struct parquet_cursor *c, const struct parquet_group *g,
		     const uint64_t range[2], unsigned columns, uint64_t *sum)
{
	const struct str *cell;
	struct err err = {0};
	uint64_t got = 0;
	unsigned n;

	parquet_seek(c, g, range[0], range[1]);
	do {
		if (!parquet_next(c, &cell, &n, &err)) {
			require(err.code != ERR_NONE && err.text[0], "refused without a reason");
			return false;
		}
		for (size_t i = 0; i < (size_t)n * columns; i++)
			*sum = str_hash(cell[i], *sum);
		got += n;
	} while (n);
	require(got == range[1], "another number of rows");
	return true;
}

static void read_group(const struct parquet *p, unsigned group, unsigned columns)
{
	uint64_t rows = parquet_group_rows(p, group), sum[2] = {0, 0};
	struct parquet_cursor *c = parquet_cursor_create();
	struct parquet_group *g;
	struct err err = {0};
	uint64_t all[2] = {0, rows < ROWS ? rows : ROWS};
	uint64_t half[2][2] = {{0, all[1] / 3}, {all[1] / 3, all[1] - all[1] / 3}};
	bool ok;

	if (parquet_load(p, group, &g, &err)) {
		ok = sum_rows(c, g, all, columns, &sum[0]);
		if (sum_rows(c, g, half[0], columns, &sum[1]) &&
		    sum_rows(c, g, half[1], columns, &sum[1]))
			require(ok && sum[0] == sum[1], "halves say another thing");
		parquet_group_destroy(g);
	} else {
		require(err.code != ERR_NONE && err.text[0], "refused without a reason");
	}
	parquet_cursor_destroy(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	SCOPED(parquet) p = NULL;
	struct err err = {0};
	uint32_t column[COLUMNS];
	unsigned n = 0;

	if (!parquet_parse(&p, str_span((const char *)bytes, len), "FILE", &err)) {
		require(err.code != ERR_NONE && err.text[0], "refused without a reason");
		return 0;
	}
	for (unsigned i = 0; i < parquet_columns(p) && n < COLUMNS; i++)
		if (parquet_readable(p, i))
			column[n++] = i;
	parquet_choose(p, column, n);
	for (unsigned g = 0; g < parquet_groups(p) && g < 8; g++)
		read_group(p, g, n);
	return 0;
}
