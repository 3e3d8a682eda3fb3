/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codes: copies of vectors in 8 bits, by which a scan finds the few that it must look at. */
#ifndef NEAR_CODES_H
#define NEAR_CODES_H

#include <stdint.h>

#include "math/kernel.h"
#include "near/space.h"

enum {
	CODES_STEP = 16,	/* a row of codes is so many bytes, or a multiple */
	CODES_BLOCK = 1024,	/* rows that share a spread */
};

/*
 * Row i of a space, as it is there (of length 1 under cosine), is weight[i] * code[i] but
 * for an error of at most weight[i] * spread[i / CODES_BLOCK], as a length. Weights and codes
 * of what is absent are 0. Borrowed.
 */
struct codes {
	const int8_t *code;	/* (n, codes_width(dim)), behind dim zeros */
	const float *weight;	/* (n) */
	const float *spread;	/* (codes_blocks(n)) */
};
static inline size_t codes_width(unsigned dim)
{
	return ((size_t)dim + CODES_STEP - 1) / CODES_STEP * CODES_STEP;
}
static inline size_t codes_blocks(size_t n)
{
	return (n + CODES_BLOCK - 1) / CODES_BLOCK;
}

/* Fill the three arrays, shaped as above, for v under cosine or dot; what is absent in a
 * space of v is so here. On all cores, one pass. */
struct codes_room {
	int8_t *code;
	float *weight, *spread;
};
void codes_make(const struct vectors *v, enum metric metric, struct codes_room room,
		struct pool *pool);
/* The first row that isn't what is said above, or n. */
size_t codes_check(const struct vectors *v, enum metric metric, const struct codes *c);

/*
 * A query, as space_query makes it, for the kernel's codes(): with plus of a block what that
 * says is no less than the score by space_scores. q (codes_width(dim)) is lent by the caller.
 * false: its length is one with which nothing can be said (0, NaN, or out of all proportion).
 */
struct codes_query {
	struct code_query kernel;
	double length, rest;	/* of the query; of what its own rounding left */
	unsigned dim;
};
bool codes_query(struct codes_query *out, const float *query, unsigned dim, int16_t *q);
/* The plus of a block with this spread. */
float codes_plus(const struct codes_query *q, float spread);

#endif
