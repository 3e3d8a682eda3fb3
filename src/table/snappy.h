/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snappy: unpacks a block of Google's Snappy format. */
#ifndef TABLE_SNAPPY_H
#define TABLE_SNAPPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The n bytes at `in` must become `size` bytes at `out`; false: they don't. Nothing is
 * written behind them. Source: the format's description, google/snappy
 * format_description.txt. */
bool snappy_unpack(const uint8_t *in, size_t n, uint8_t *out, size_t size);
/* The most bytes that a block of n bytes can hold. */
size_t snappy_most(size_t n);

#endif
