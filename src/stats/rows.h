/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows: counts of pairs (a, b), packed row by row, on their way to a CSR. */
#ifndef STATS_ROWS_H
#define STATS_ROWS_H

#include "base/err.h"
#include "base/scope.h"
#include "stats/scan.h"

struct job;
struct pool;
struct spill;

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
	uint64_t first;		/* entry[0] is that of this place in offsets */
};

/*
 * The counts. Chunks hold consecutive rows: per entry the step from the column before and
 * whether the count is above 1, as one number, then the count if it is; columns ascend.
 * Numbers take units of 15 bits, so that nearly every pair of a chunk takes as many as its
 * neighbours: 2 bytes where a row has a column in every 16,384, else 4.
 */
struct row_chunk {
	struct range rows;
	uint16_t *units;
	size_t len, cap;
	uint64_t instances;
	bool spilled;		/* units are in the temporary file */
};
struct pair_rows {
	uint32_t n;		/* rows, and columns */
	struct row_chunk *chunks;
	size_t n_chunks, cap_chunks;
	uint32_t *out, *in;	/* (n) entries in row a; in column b */
	uint64_t pairs, instances;
};

/*
 * Count, range after range of rows, of which the lists need to hold no other
 * entries; a is never counted in its own row. Every worker has a dense accumulator
 * of n words, so no pair is ever materialised. When more than `memory` bytes of
 * counts are packed, what is in memory goes to the temporary file, which must last
 * as long as r; spill NULL: all stays in memory.
 */
struct rows_counter;
bool rows_start(struct rows_counter **c, struct pair_rows *r, uint32_t n,
		struct spill *spill, uint64_t memory, struct pool *pool, struct err *err);
bool rows_count(struct rows_counter *c, const struct row_lists *l, struct range rows,
		struct job *job, struct err *err);
/* Sum up; after it, or in its place when counting failed, rows_counter_destroy. */
void rows_end(struct rows_counter *c);
void rows_counter_destroy(struct rows_counter *c);
SCOPED_DEFINE(rows_counter)
void rows_finish(struct pair_rows *r);

/* Where the rows of the result start, (n + 1): ROWS_BOTH puts a's column before
 * its row, which gives ascending columns when all pairs have b > a. */
enum rows_side {
	ROWS_OUT,
	ROWS_IN,
	ROWS_BOTH,
};
void rows_offsets(const struct pair_rows *r, enum rows_side side, uint64_t *offsets);
/* Fill the columns and the values of the CSR with these offsets. */
struct rows_csr {
	const uint64_t *offsets;
	uint32_t *column, *value;
};
bool rows_fill(const struct pair_rows *r, enum rows_side side, const struct rows_csr *to,
	       struct pool *pool, struct err *err);
/* Some pairs of row a, columns ascending. */
#define ROWS_SOME 256
struct row_some {
	uint32_t a, n;
	uint32_t b[ROWS_SOME], count[ROWS_SOME];	/* (n) */
};
/* Call visit(ctx, some, worker) until it has had all pairs, from all workers. */
void rows_each(const struct pair_rows *r, struct pool *pool,
	       void (*visit)(void *ctx, const struct row_some *some, unsigned worker),
	       void *ctx);

#endif
