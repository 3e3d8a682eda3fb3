/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal: an append-only log of records and a few named texts in a store's folder. */
#ifndef VET_JOURNAL_H
#define VET_JOURNAL_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "store/folder.h"

#define JOURNAL_FILE "verdicts.mdb"
#define JOURNAL_LOCK FOLDER_DECIDED

/* What people keep: a file of the store, and what stands in it. */
struct journal_kind {
	const char *file;
	const char *many, *one;	/* "decisions", "decision" */
	const char *shorten;	/* what to make shorter where a record is too long */
	size_t most;		/* bytes of a record */
};
extern const struct journal_kind journal_notes;	/* decisions are what a place is of by itself */

/* Whose journal, what it says of who holds it, and how many seconds to wait for others. */
struct aside;
struct journal_place {
	const char *store;	/* folder */
	const char *command;
	double wait;
	struct aside *aside;	/* where records are kept instead, for verdicts_open and
				   notes_read; NULL: in the store */
	const struct journal_kind *kind;	/* NULL: decisions */
};

/*
 * The file is written in place, unlike all others of a store, so journals have a lock:
 * readers share it for the moment of copying what is new, a writer has it alone for the
 * moment of a transaction. LMDB's default durability: what journal_commit has accepted
 * survives a power cut. A folder without the file reads as an empty journal.
 *
 * Errors: ERR_LOCKED names the holder, ERR_STORE for a damaged file or another schema,
 * ERR_IO, ERR_NOSPACE.
 */
struct journal;
bool journal_read(struct journal **j, const struct journal_place *at, struct err *err);
bool journal_write(struct journal **j, const struct journal_place *at, struct err *err);
/* Lets go; without journal_commit nothing was written. */
void journal_destroy(struct journal *j);
SCOPED_DEFINE(journal)

/* The number of the last record; they run from 1 without a gap. 0: none. */
uint64_t journal_last(const struct journal *j);
/* Commits so far, of records and of texts, those of j included; 0: none, or no file. */
uint64_t journal_version(const struct journal *j);
/* Records after number `after`, in order; stops with false when visit does. The record is
 * valid during the call. ERR_STORE names one that is missing or whose checksum differs. */
bool journal_each(struct journal *j, uint64_t after,
		  bool (*visit)(void *ctx, uint64_t seq, struct str record, struct err *err),
		  void *ctx, struct err *err);
/* The number that was drawn for it. */
bool journal_append(struct journal *j, struct str record, uint64_t *seq, struct err *err);
/* A named text; nothing where there is none. */
bool journal_text(const struct journal *j, const char *name, struct strbuf *text,
		  struct err *err);
bool journal_set_text(struct journal *j, const char *name, struct str text,
		      struct err *err);
bool journal_commit(struct journal *j, struct err *err);

#endif
