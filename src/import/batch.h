/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch: one piece of a file, parsed: its events, its rejects, and what a witness heard. */
#ifndef IMPORT_BATCH_H
#define IMPORT_BATCH_H

#include "data/csv.h"
#include "import/columns.h"
#include "import/witness.h"

struct job;

#define BATCH_ROWS 64

/* What a thread parses with. */
struct parser {
	struct csv csv;
	struct event_row row[BATCH_ROWS];	/* waiting to be taken together */
	unsigned n_rows;
	struct arena *arena;	/* texts of the waiting rows */
};
void parser_start(struct parser *p, const struct dataset *set,
		  const struct split_limits *limits);
void parser_finish(struct parser *p);

struct rejected {
	uint64_t line;		/* of the piece, from 0 */
	enum reject_reason reason;
	unsigned column;
	size_t value, value_len, text, text_len;	/* in batch.texts */
};

/* What came of one piece; starts as zero. */
struct batch {
	const struct split_piece *piece;
	const struct file_kind *kind;
	struct columns events;
	uint64_t number;	/* of the piece, over all files */
	uint64_t lines, records, skipped;
	uint64_t facts, rows;		/* rows: events and facts, for stamps */
	unsigned skip_first;	/* records before the first line of data */
	bool keep_rejects;	/* with the text of the record */
	struct rejected *rejected;
	size_t n_rejected, cap_rejected;
	struct strbuf texts;
};

struct batch_rules {
	const struct dataset *set;
	bool spreadsheet;	/* take away the apostrophes of csv_is_formula */
	const struct zone *zone;	/* the shop's; NULL: UTC */
	struct job *job;
};

/* Empty, of that piece. */
bool batch_start(struct batch *b, const struct dataset *set, const struct split_piece *piece,
		 const struct file_kind *kind, struct err *err);
void batch_finish(struct batch *b);
/* All of the piece; w->err says why it ended early. */
void batch_parse(const struct batch_rules *rules, struct parser *p, struct witness *w,
		 struct batch *b);

/* Without a file; false when memory is out, which w->err says. */

/* What a record says that holds no event. */
bool batch_facts(struct witness *w, struct batch *b, const struct event_row *ev);
/* The same for what a store kept. */
struct heard {
	uint32_t conflicts; /* bits by fact: records disagree */
	bool own;	    /* a category's */
};
bool batch_kept(struct witness *w, struct batch *b, const struct event_row *ev, struct heard h);
/* A session has that many more events, the first is ev. */
bool batch_session(struct witness *w, struct batch *b, const struct event_row *ev,
		   uint32_t events, uint32_t *number);
/* When events of a product were; TIME_NONE: there are none. */
bool batch_seen(struct witness *w, struct str id, int64_t first, int64_t last);

#endif
