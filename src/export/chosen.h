/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chosen: the pairs of a relation that are written, in the order of `aisle show pairs`. */
#ifndef EXPORT_CHOSEN_H
#define EXPORT_CHOSEN_H

#include "export/export.h"
#include "stats/relation.h"

/* Products a are members_at(&of, i); row a is [rel->out.offsets[a], offsets[a + 1]). */
struct chosen {
	const struct export_request *r;
	enum relation kind;
	const struct relation_counts *rel;
	struct members of;
	bool all;			/* nothing narrows them */
	struct relation_table table;	/* counted anew under a filter of events */
};

/* The relation asked for, or the first that there is (export_relation), with what the
 * request's filter and category leave. r stays borrowed. Errors: ERR_NO,
 * ERR_CANCELLED, ERR_NOMEM. */
bool chosen_make(struct chosen *c, const struct export_request *r, struct err *err);
void chosen_finish(struct chosen *c);
/* Entry e of row a is written: an unordered pair once, under its smaller product, or
 * under the one that is of the category. */
bool chosen_has(const struct chosen *c, uint32_t a, uint64_t e);
/* How many entries pass. */
uint64_t chosen_count(const struct chosen *c);

#endif
