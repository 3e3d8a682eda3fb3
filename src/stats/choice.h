/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choice: which of two products was bought by those who saw both. */
#ifndef STATS_CHOICE_H
#define STATS_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct catalog;
struct job;

/* Sessions that viewed both and bought at least one of the two. Of substitutes nearly all buy
 * only one, of complements many buy both. */
struct choice {
	uint32_t only_a, only_b, both;
};
static inline uint64_t choice_seen(const struct choice *c)
{
	return (uint64_t)c->only_a + c->only_b + c->both;
}

/* Does the store say what was viewed and what was bought, and in which sessions? */
bool choice_known(const struct catalog *c);
/*
 * Of product a and each of product (n), all different, in any order: out (n). Reads the events
 * of a's sessions once. Sessions over the cap are left out, as in relations. ERR_CANCELLED,
 * ERR_NOMEM.
 */
bool choice_count(const struct catalog *c, uint32_t a, const uint32_t *product, size_t n,
		  struct choice *out, struct job *job, struct err *err);

#endif
