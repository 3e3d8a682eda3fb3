/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows: counts of pairs (a, b), packed row by row, on their way to a CSR. */
#ifndef STATS_ROWS_H
#define STATS_ROWS_H

#include "base/err.h"
#include "stats/scan.h"

struct job;
struct pool;

/*
 * What is to be counted: the entries of row a are entry[offsets[a] ..
 * offsets[a + 1]). With items each is the place in items of the first product of
 * a list that ends with ROW_LAST, and every product of it counts once for a;
 * without, each is a product itself. So sessions are kept once and a row walks
 * the tails of its sessions.
 */
#define ROW_LAST 0x80000000u
struct row_lists {
	uint64_t *offsets;	/* (n + 1) */
	uint32_t *entry;
	uint32_t *items;	/* or NULL */
};

/*
 * The counts. Chunks hold consecutive rows: per entry the step from the column
 * before and the count, both as LEB128, columns ascending: about 3 bytes a pair.
 */
struct row_chunk {
	struct range rows;
	uint8_t *bytes;
	size_t len, cap;
	uint64_t instances;
};
struct pair_rows {
	uint32_t n;		/* rows, and columns */
	struct row_chunk *chunks;
	size_t n_chunks;
	uint32_t *out, *in;	/* (n) entries in row a; in column b */
	uint64_t pairs, instances;
};

/* Count all rows; a is never counted in its own row. Every worker has a dense
 * accumulator of n words, so no pair is ever materialised. */
bool rows_count(struct pair_rows *r, uint32_t n, const struct row_lists *l,
		struct pool *pool, struct job *job, struct err *err);
void rows_finish(struct pair_rows *r);

/* Where the rows of the result start, (n + 1): ROWS_BOTH puts a's column before
 * its row, which gives ascending columns when all pairs have b > a. */
enum rows_side {
	ROWS_OUT,
	ROWS_IN,
	ROWS_BOTH,
};
void rows_offsets(const struct pair_rows *r, enum rows_side side, uint64_t *offsets);
/* Fill the columns or the values of the CSR with these offsets. */
bool rows_fill(const struct pair_rows *r, enum rows_side side, const uint64_t *offsets,
	       bool values, uint32_t *data, struct pool *pool, struct err *err);
/* Call visit(ctx, a, b, n, worker) for every pair, from all workers. */
void rows_each(const struct pair_rows *r, struct pool *pool,
	       void (*visit)(void *ctx, uint32_t a, uint32_t b, uint32_t n,
			     unsigned worker), void *ctx);

#endif
