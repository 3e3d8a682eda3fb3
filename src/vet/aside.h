/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aside: decisions that are kept in memory beside a store's, for as long as a screen runs. */
#ifndef VET_ASIDE_H
#define VET_ASIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/str.h"

/*
 * A journal_place with one reads the store's log as it was when it was asked first, and what
 * was decided since from here; nothing is written to the store. Safe in any thread.
 */
struct aside;
struct aside *aside_create(void);
void aside_destroy(struct aside *a);
SCOPED_DEFINE(aside)

/* Records of the store's log that count, `now` of them where nobody has asked before. */
uint64_t aside_base(struct aside *a, uint64_t now);
uint64_t aside_count(struct aside *a);
/* Becomes record `at`; false: others are there meanwhile, which are to be read first. */
bool aside_add(struct aside *a, uint64_t at, struct str record);
/* Record i < aside_count, appended to b. */
void aside_record(struct aside *a, uint64_t i, struct strbuf *b);

#endif
