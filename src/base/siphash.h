/* SPDX-License-Identifier: GPL-3.0-or-later */
/* siphash: a hash that can't be guessed by who doesn't know its key. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stdint.h>

#include "base/str.h"

struct siphash_key {
	uint64_t half[2];
};

/* SipHash-2-4 of the text (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 * 2012). O(length). */
uint64_t siphash(struct str text, const struct siphash_key *key);

#endif
