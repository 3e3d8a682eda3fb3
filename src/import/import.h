/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import: reads the files of a data set into a store that is being built. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "base/err.h"
#include "base/work.h"
#include "data/dataset.h"

struct build;
struct split_limits;

/* Events that are the same in session, product, kind, time, price and pieces. */
enum import_duplicates {
	DUPLICATES_UNSAID,	/* keep, or what the store that is added to did */
	DUPLICATES_KEEP,
	DUPLICATES_DROP,	/* all but the first */
};

struct import_options {
	const struct dataset *set;
	const char *append;	/* a store that the files are added to, or NULL */
	struct dataset_options dataset;	/* how its files are to be read */
	const char *const *files;
	unsigned n_files;
	const char *products;	/* CSV: product_id,name[,product_code], or NULL */
	const char *rejects;	/* where to write rejected records, or NULL */
	uint64_t sample;	/* stop behind so many bytes of a file; 0: read all */
	bool strict;		/* stop at the first rejected record */
	const char *users;	/* a table of users, see aisle-import(5); NULL: none */
	const float *weights;	/* (EVENT_KINDS) catalog.event_weight; NULL: not said */
	bool spreadsheet;	/* take away the apostrophes of csv_is_formula */
	double max_rejects;	/* share of the records, default 0.1 */
	uint32_t max_session;	/* distinct products; kept in meta; 0: the store's
				 * that is added to, else all are counted */
	enum import_duplicates duplicates;
	const char *currency;	/* NULL: the data set's */
	const char *time_zone;	/* NULL: "UTC"; kept in meta. Of data with hours, days
				 * are days of that zone, and so are times that name
				 * none. On an append both are the store's if NULL,
				 * else they must be the same */
	const struct split_limits *limits;	/* NULL: sensible ones (tests) */
};

struct import_summary {
	uint64_t records, events, rejected, skipped;
	uint64_t rejected_by[REJECT_REASONS];
	uint64_t bytes;
	uint64_t old_events, old_sources;	/* of the store that was added to */
	uint64_t by_kind[EVENT_KINDS];
	uint64_t duplicates;	/* events that were dropped */
	uint64_t facts;		/* records of products, categories or sessions */
	uint64_t cancelled;	/* purchases taken back as a whole */
	uint64_t cancels_lost;	/* cancellations that named no purchase */
	uint32_t unseen;	/* products without an event */
	uint32_t several;	/* products in several categories */
	uint32_t products, categories, brands, users, sessions;
	uint64_t long_sessions;	/* over max_session; the longest are in meta */
	int64_t first_time, last_time;
	bool hours;		/* times within the day are real */
	bool wall;		/* some times name no zone */
	char zone[64];		/* days are those of it; "": UTC's */
	int64_t first_clock, last_clock;	/* as the shop's clock shows them */
	bool undated;		/* times only order the events */
	char first_reject[512];	/* "FILE:LINE: reason" of the first one, or "" */
	double seconds_read, seconds_build;
};

/*
 * Files are split at record ends (quote-aware) and parsed on all cores by
 * libcsv; the result does not depend on the number of threads nor on the size
 * of the pieces. Rejected records are counted by reason and written to
 * `rejects` as CSV: file,line,reason,column,value,record. More than
 * max_rejects of the records, or the first one when strict, is ERR_FORMAT, and
 * the message names file, line, column and reason.
 *
 * Order: products by category number (unknown last) and id text; categories
 * depth-first, siblings by path and then id, "(no code)" last; sessions by
 * start and then id text; events by session, time, and their order in the files.
 * A price that is not given is PRICE_NONE. Writes the arrays of catalog.def up
 * to the events, the indexes product, category, brand and user, and the meta
 * keys dataset, sources, options, counts, rejected, capabilities, price_scale,
 * currency, time_zone, first_time, last_time, max_session. Memory: 9 to 13 bytes
 * per event, which go to a temporary file when they and the ids take more than half
 * of build_memory; about 60 bytes and the text per id, in temporary files beyond it.
 * Sessions that end by inactivity, records without a time and cancellations are
 * settled with 37 bytes per event, in such files too.
 */
bool import_run(struct build *b, const struct import_options *o, struct work work,
		struct import_summary *sum, struct err *err);

#endif
