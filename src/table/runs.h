/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs: small numbers in Parquet's hybrid of run lengths and packed bits, and in deltas. */
#ifndef TABLE_RUNS_H
#define TABLE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct runs {
	const uint8_t *p, *end;
	unsigned width;		/* bits of a number, at most 32 */
	uint32_t left;		/* of this run */
	bool packed;
	uint32_t value;		/* of a run that isn't packed */
	const uint8_t *bits;	/* of one that is */
	uint64_t at;		/* bits used up of it */
};
void runs_start(struct runs *r, struct str bytes, unsigned width);
/* The next n numbers; false when there are fewer. */
bool runs_get(struct runs *r, uint32_t *to, uint32_t n);
/* Are the next n all x, as far as one run tells? Then they are passed by. */
bool runs_same(struct runs *r, uint32_t x, uint32_t n);

/* Numbers in blocks of differences (DELTA_BINARY_PACKED). */
struct deltas {
	const uint8_t *p, *end;
	uint64_t left;		/* of all */
	uint64_t value;		/* the last one, or the first */
	uint64_t least;		/* of the block's differences */
	uint32_t per_block, per_part, in_part, part, parts;
	const uint8_t *widths;
	bool first, narrow;	/* narrow: numbers of 32 bits */
};
/* False when it is no such sequence. */
bool deltas_start(struct deltas *d, struct str bytes, bool narrow);
bool deltas_get(struct deltas *d, int64_t *to, uint32_t n);
/* Where it ends, once all was got. */
const uint8_t *deltas_end(const struct deltas *d);

#endif
