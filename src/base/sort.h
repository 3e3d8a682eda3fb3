/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sort: radix and string sorts, stable and on all cores, and a plain one of numbers. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#include "base/str.h"

struct err;
struct pool;

/* Sort n items by key, stable; the top bits that are equal everywhere cost
 * nothing. Uses a second array of the same size. Same result for any number
 * of threads. */
struct sort_item {
	uint64_t key, value;
};
bool sort_items(struct sort_item *items, size_t n, struct pool *pool,
		struct err *err);
/* n numbers, ascending, in place, by the calling thread; what ascends already is only
 * looked through. */
void sort_u64(uint64_t *x, size_t n);
void sort_u32(uint32_t *x, size_t n);	/* the same */
/* How many of n ascending numbers are less than `least`: where the others begin. */
size_t sort_u64_before(const uint64_t *x, size_t n, uint64_t least);

/* What is put in order by a number; at tells which it is. */
struct sort_keyed {
	double key;
	uint64_t at;
};
/* The greatest key first, equal ones by at; NAN last. */
void sort_greatest(struct sort_keyed *k, size_t n);
/* order (n): the numbers 0..n-1 so that text(ctx, order[i]) ascends in byte
 * order; equal texts keep their order. */
bool sort_texts(uint32_t *order, size_t n,
		struct str (*text)(const void *ctx, uint32_t i), const void *ctx,
		struct pool *pool, struct err *err);

#endif
