/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coarse: copies of vectors in 8 bits, by which a scan finds the few that it must look at. */
#ifndef NEAR_COARSE_H
#define NEAR_COARSE_H

#include <stdint.h>

#include "math/kernel.h"
#include "near/space.h"

enum {
	COARSE_STEP = 16,	/* a row of codes is so many bytes, or a multiple */
	COARSE_BLOCK = 1024,	/* rows that share a spread */
};

/*
 * Row i of a space, as it is there (of length 1 under cosine), is weight[i] * code[i] but
 * for an error of at most weight[i] * spread[i / COARSE_BLOCK], as a length. Weights and codes
 * of what is absent are 0. Borrowed.
 */
struct coarse {
	const int8_t *code;	/* (n, coarse_width(dim)), behind dim zeros */
	const float *weight;	/* (n) */
	const float *spread;	/* (coarse_blocks(n)) */
};
static inline size_t coarse_width(unsigned dim)
{
	return ((size_t)dim + COARSE_STEP - 1) / COARSE_STEP * COARSE_STEP;
}
static inline size_t coarse_blocks(size_t n)
{
	return (n + COARSE_BLOCK - 1) / COARSE_BLOCK;
}

/* Fill the three arrays, shaped as above, for v under cosine or dot; what is absent in a
 * space of v is so here. On all cores, one pass. */
struct coarse_room {
	int8_t *code;
	float *weight, *spread;
};
void coarse_make(const struct vectors *v, enum metric metric, struct coarse_room room,
		struct pool *pool);
/* The first row that isn't what is said above, or n. */
size_t coarse_check(const struct vectors *v, enum metric metric, const struct coarse *c);

/*
 * A query, as space_query makes it, for the kernel's codes(): with plus of a block what that
 * says is no less than the score by space_scores. q (coarse_width(dim)) is lent by the caller.
 * false: its length is one with which nothing can be said (0, NaN, or out of all proportion).
 */
struct coarse_query {
	struct code_query kernel;
	double length, rest;	/* of the query; of what its own rounding left */
	unsigned dim;
};
bool coarse_query(struct coarse_query *out, const float *query, unsigned dim, int16_t *q);
/* The plus of a block with this spread. */
float coarse_plus(const struct coarse_query *q, float spread);

#endif
