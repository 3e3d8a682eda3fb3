/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps: the steps of an import, from files to a store, and what one hands to the next. */
#ifndef IMPORT_STEPS_H
#define IMPORT_STEPS_H

#include "data/record_split.h"
#include "import/import.h"
#include "import/numbers.h"
#include "import/resume.h"
#include "import/segments.h"

struct batch;
struct csv_record;
struct out;

/* The store that is added to. */
struct import_old {
	struct store *store;
	struct resume kept;
	struct import_options options;	/* with its own in place of those not said */
};

/* What every step is told; none changes it but for the counts of *sum. */
struct import {
	const struct import_options *o;
	const struct import_old *old;	/* NULL: nothing is added to a store */
	const struct dataset *set;	/* configured */
	const struct zone *zone;	/* the shop's days are its days; NULL: UTC's */
	struct split_limits limits;
	struct pool *pool;
	struct job *job;
	struct import_summary *sum;
};

/* What reading gives. */
struct taken {
	struct witnesses heard;		/* finished when the ids are written */
	struct segments events;
	unsigned caps;			/* of the kinds of files seen so far */
	bool product_prices;		/* the list of products has them */
	uint64_t pieces;		/* of all files so far, for stamps */
	struct source {
		uint64_t bytes;
		uint32_t crc;		/* CRC-32C of the contents */
	} *source;			/* (files) */
	struct out *rejects;		/* while files are read */
};
void taken_start(struct taken *t, const struct import *im, struct build *b);
void taken_finish(struct taken *t);

/* A session that is too long for pairs; the longest are named in meta. */
#define LONGEST 20
struct long_session {
	uint32_t session, products;	/* its number; distinct ones */
	uint64_t events;
};

/* What is made of that; zero at first. */
struct made {
	struct build *build; /* that it is written to */
	struct seen seen;
	struct category_tree tree;
	struct numbers number;
	uint64_t conflicts;		/* products whose records disagree */
	bool keep;			/* what a later append needs is written too */
	bool kept_events;		/* they are in resume/event-* too */
	struct long_session longest[LONGEST];	/* the longest first */
	unsigned n_longest;
};
void made_finish(struct made *m);

/* 0. import_append.c: the store to add to, and what of the options it decides. */
bool import_old_open(struct import_old *old, const struct import *im, struct err *err);
/* After the data set is configured: is it the same one? */
bool import_old_check(struct import_old *old, const struct import *im, struct err *err);
void import_old_finish(struct import_old *old);
/* Has the file that was just read been imported before? */
bool import_old_source(const struct import *im, const struct taken *t, unsigned file,
		       struct err *err);
/* Counts of what was read from files before, added to those of now. */
void import_old_counts(const struct import *im);

/* 1. Reading. import_restore.c: what the old store holds, as if it was read again. */
bool import_restore(const struct import *im, struct taken *t, struct err *err);
/* import_read.c: all files into segments and the workers' dictionaries. */
bool import_read(const struct import *im, struct taken *t, struct err *err);
/* import_header.c: the first record of a file against the data set. */
bool import_check_header(const struct dataset *set, const char *file,
			 const struct csv_record *r, const struct file_kind **kind,
			 struct err *err);
/* The file of a piece, and its first line there. */
struct piece_place {
	const char *file;
	uint64_t line;
};
/* import_reject.c: rejects of a piece. */
bool import_reject_batch(const struct import *im, struct taken *t, struct piece_place at,
			 const struct batch *b, struct err *err);
bool import_check_rejects(const struct import *im, struct taken *t, struct err *err);
/* import_products.c: names and groups of the --products file. */
bool import_products(const struct import *im, struct taken *t, struct err *err);

/* import_users.c: which attributes of users there are, by the --users file or the store that
 * is added to; names in the arena. Then what the file says. */
bool import_users_names(const struct import *im, struct dataset *set, struct arena *arena,
			struct err *err);
bool import_users(const struct import *im, struct taken *t, struct err *err);

/* 2. Merging (seen.h), and import_settle.c: sessions cut by time, told and numbered
 * ones; cancellations. */
bool import_settle(const struct import *im, struct taken *t, struct made *m, struct err *err);
/* import_duplicates.c: which of the events (ranks of session and product beside them)
 * to drop. */
bool import_duplicates(const struct columns *c, const uint32_t *session,
		       const uint32_t *product, bool *drop, struct pool *pool,
		       struct err *err);

/* 3. The catalog. import.c: merging, settling, category_tree.h, numbers.h, and the arrays
 * up to the sessions. */
bool import_catalog(const struct import *im, struct taken *t, struct made *m, struct err *err);
/* import_facts.c: what is known of products in numbers; sums of them to *im->sum and m. */
bool import_write_facts(const struct import *im, const struct taken *t, struct made *m,
			struct err *err);
/* A product's price in units of that scale, or PRICE_NONE. */
int64_t import_price(const struct product_seen *p, unsigned scale);
/* import_write.c: texts, indexes, categories, users, sessions. */
bool import_write_ids(const struct import *im, const struct taken *t, const struct made *m,
		      struct err *err);
/* import_keep.c: for a later append; events before they are settled. */
#define RESUME_OWN 0x80		/* in resume/category-flags */
struct unsettled {
	const struct columns *events;
	const uint32_t *session, *product;	/* (events): ranks */
	unsigned caps;
};
bool import_keep_events(const struct import *im, const struct seen *s,
			const struct unsettled *u, struct build *b, struct err *err);
bool import_keep(const struct import *im, const struct made *m, struct build *b,
		 struct err *err);

/* 4. The events, which leave t->events. */
bool import_write_events(const struct import *im, struct taken *t, struct made *m,
			 struct err *err);
/* 5. What the meta document says of it all. */
bool import_write_meta(const struct import *im, const struct taken *t, const struct made *m,
		       struct err *err);

#endif
