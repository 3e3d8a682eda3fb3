/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify: reads a whole store and says whether it is what was written. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "base/err.h"
#include "base/str.h"

struct job;

struct verify_report {
	uint64_t generation, arrays, bytes;
	unsigned faults;
	struct strbuf text;	/* one line per fault: what, where */
};
void verify_report_finish(struct verify_report *r);

/*
 * Checksums of every array, order of offsets, bounds of every column, indexes
 * against ids, totals against events. Runs in a forked child (call it before
 * any thread or environment exists), so that a damaged page can't take the
 * caller down: a child that dies is reported as a fault. True when the check
 * itself could be made; r->faults says what it found.
 */
bool verify_store(const char *path, struct verify_report *r, struct job *job,
		  struct err *err);

#endif
