/* SPDX-License-Identifier: GPL-3.0-or-later */
/* damage: spoils a share of the lines of a log, and says what must become of each. */
#ifndef SYNTH_DAMAGE_H
#define SYNTH_DAMAGE_H

#include "base/rng.h"
#include "data/output.h"

enum damage_verdict {
	DAMAGE_LOADED,		/* read without a complaint */
	DAMAGE_DROPPED,		/* no record at all, passed over in silence */
	DAMAGE_REJECTED,
	DAMAGE_VERDICTS,
};

/* One spoilt line. */
struct damage_entry {
	uint64_t line;		/* line ends before it in its text */
	enum reject_reason reason;
	uint8_t kind;
	enum damage_verdict verdict;
};

struct damage_list {
	struct damage_entry *items;	/* (n) by line */
	size_t n, cap;
};

/*
 * Copies `text`, whose lines end with LF, to `out`, each line spoilt with
 * probability share / 2^32 in one of the ways that fit the file's columns, and
 * notes the spoilt ones. The `first` line of a file is left alone: it tells what
 * the file is. Returns the line ends of `out` (LF, CR LF or CR).
 * Everything is drawn from r.
 */
uint64_t damage_text(const struct output_file *file, char separator, uint32_t share,
		     struct str text, bool first, struct rng *r, struct strbuf *out,
		     struct damage_list *list);

/* "torn", "bad price" ... */
const char *damage_name(const struct damage_entry *e);
const char *damage_verdict_name(enum damage_verdict v);
#endif
