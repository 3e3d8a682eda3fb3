/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a Parquet file: what is read of it is there, row groups read in two halves
 * say the same as in one, what is refused has a reason, what is known of values is what
 * their texts say, and a file read page by page says what the same bytes say in memory.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/num.h"
#include "base/time.h"
#include "table/parquet.h"

#define COLUMNS 64u
#define GROUPS 8u
#define ROWS 2000u	/* more are promised in a few bytes */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_parquet: %s\n", what);
		abort();
	}
}

/* Times and hundredths are those of the texts. */
static void look_at_known(const struct parquet_known *known, const struct str *cell,
			  unsigned n, unsigned columns)
{
	for (unsigned i = 0; i < columns; i++)
		for (unsigned row = 0; row < n && known[i].kind; row++) {
			struct str s = cell[(size_t)row * columns + i];
			int64_t x = known[i].x[row], y = PARQUET_UNKNOWN;
			struct decimal d;

			if (x == PARQUET_UNKNOWN)
				continue;
			if (known[i].kind != PARQUET_HUNDREDTHS)
				require(time_parse(s, &y) && time_is_wall(s) ==
					(known[i].kind == PARQUET_WALL_AT), "another time");
			else if (s.ptr[0] != '-' || x)
				require(num_decimal(s, &d) && num_rescale(d, 2, &y),
					"another number");
			else
				y = 0;
			require(x == y, "a value and its text differ");
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
		look_at_known(parquet_known(c), cell, n, columns);
		got += n;
	} while (n);
	require(got == range[1], "another number of rows");
	return true;
}

static uint64_t read_group(const struct parquet *p, unsigned group, unsigned columns)
{
	uint64_t rows = parquet_group_rows(p, group), sum[2] = {0, 0};
	struct parquet_cursor *c = parquet_cursor_create();
	struct parquet_group *g;
	struct err err = {0};
	uint64_t all[2] = {0, rows < ROWS ? rows : ROWS};
	uint64_t half[2][2] = {{0, all[1] / 3}, {all[1] / 3, all[1] - all[1] / 3}};
	bool ok = false;

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
	return ok ? sum[0] : 1;
}

/* The same bytes as a file. */
static void read_file(const uint8_t *bytes, size_t len, uint32_t *column, unsigned n,
		      const uint64_t *sum)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct parquet *p = NULL;
	struct err err = {0};
	char path[64];

	require(fd >= 0 && write(fd, bytes, len) == (ssize_t)len, "no file in memory");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	require(parquet_open(&p, path, &err), "a file is refused that its bytes weren't");
	parquet_choose(p, column, n);
	for (unsigned g = 0; g < parquet_groups(p) && g < GROUPS; g++)
		require(read_group(p, g, n) == sum[g], "a file says another thing");
	parquet_destroy(p);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	SCOPED(parquet) p = NULL;
	struct err err = {0};
	uint32_t column[COLUMNS];
	uint64_t sum[GROUPS];
	unsigned n = 0;

	if (!parquet_parse(&p, str_span((const char *)bytes, len), "FILE", &err)) {
		require(err.code != ERR_NONE && err.text[0], "refused without a reason");
		return 0;
	}
	for (unsigned i = 0; i < parquet_columns(p) && n < COLUMNS; i++)
		if (parquet_readable(p, i))
			column[n++] = i;
	parquet_choose(p, column, n);
	for (unsigned g = 0; g < parquet_groups(p) && g < GROUPS; g++)
		sum[g] = read_group(p, g, n);
	read_file(bytes, len, column, n, sum);
	return 0;
}
