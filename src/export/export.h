/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: what a store holds as files for other programs. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "ask/question.h"
#include "base/err.h"
#include "base/str.h"
#include "panel/panel.h"
#include "store/catalog.h"

struct job;
struct out;
struct pool;

enum export_format {
	EXPORT_CSV,
	EXPORT_TSV,
	EXPORT_JSONL,
	EXPORT_EDG,	/* id TAB id TAB weight, no header */
	EXPORT_MTX,	/* Matrix Market, and the ids in a file beside it */
	EXPORT_RECBOLE,	/* RecBole's atomic files: .inter and .item */
	EXPORT_GORSE,	/* Gorse's CSV: items, users, feedback */
	EXPORT_LOG,	/* the form of the data set that the store was made of */
	EXPORT_WORD2VEC,	/* word2vec's text: "N DIM", then a line per vector */
	EXPORT_WORD2VEC_BIN,
	EXPORT_PARQUET,
	EXPORT_PARQUET_WIDE,	/* a column for every number of a vector */
	EXPORT_NPY,	/* a matrix for NumPy, and the ids in a file beside it */
	EXPORT_FORMATS,
};

/* What was written. */
struct export_counts {
	uint64_t lists, rows;
};

/* Begin with .about = question_of(store, outlook). */
struct export_request {
	struct question about;
	enum export_format format;
	/* Text that a spreadsheet would take for a formula gets an apostrophe in
	 * front (csv_add_apostrophe); import --spreadsheet takes it away. */
	bool spreadsheet;
	struct out *out;
	struct out *ids;	/* the id of every row where export_second says so, else NULL */
	bool of_products;	/* lists of products, not of users */
	bool of_panel;		/* those of a panel, made by the door */
	enum panel_kind panel;
	bool keep_approved;	/* what was approved stays when it falls out of the first top */
	const struct vetting *before;	/* only lists that it gives otherwise, where `changed` */
	bool changed;
	struct export_counts *counts;	/* filled, or NULL */
	unsigned top;		/* rows of a list */
	unsigned threads;	/* that make lists; 0: all */
	unsigned part, parts;	/* this one of so many files (export_share); 0: all in one */
	struct pool *pool;	/* counts what is filtered; NULL: one thread */
	struct job *job;
};

/* An export is a file ex_NAME.c that defines `const struct export_class ex_NAME`
 * and a row EXPORT(NAME) in exports.def. Rows are made and written one by one. */
struct export_class {
	const char *name;
	const char *summary;	/* for help */
	uint64_t asks;		/* what it takes, as MAY(LEVEL) */
	unsigned formats;	/* bit of enum export_format */
	enum export_format dflt;	/* on standard output */
	unsigned where;			/* enum filter_class: tests that narrow it */
	unsigned parts;			/* enum live_part that are read under a filter */
	bool divides;			/* it can be several files: it asks export_share */
	bool (*run)(const struct export_request *r, struct err *err);
};
#define EXPORT_TABLES (1u << EXPORT_CSV | 1u << EXPORT_TSV | 1u << EXPORT_JSONL | \
		       1u << EXPORT_PARQUET)

extern const struct export_class *const export_classes[];	/* then NULL */
const struct export_class *export_find(struct str name);
/* Its asks, and where if it can. */
uint64_t export_asks(const struct export_class *c);

const char *export_format_name(enum export_format f);
bool export_format_parse(struct str s, enum export_format *f);
/* What the file's extension says; false when it says nothing. */
bool export_format_of(struct str path, enum export_format *f);

/* What the second file that a form needs is called: FILE without its extension and this;
 * NULL: it needs none. */
const char *export_second(const struct export_class *c, enum export_format f);
/* Find what the outlook names (outlook_resolve), before a file is opened. ERR_USAGE when the
 * class has no such form, the form no --spreadsheet, or the filter doesn't narrow the class.
 * question_finish ends it, also after an error. */
bool export_begin(const struct export_class *c, struct export_request *r, struct err *err);
/* Write it to r->out (and r->ids), which the caller closes. */
bool export_run(const struct export_class *c, const struct export_request *r,
		struct err *err);

/* For the classes: the category and the filter's tests of products let it in. */
bool export_has(const struct export_request *r, uint32_t product);
/* For the classes: of n things in their order those that this file is of: [*first, *end). */
void export_share(const struct export_request *r, uint32_t n, uint32_t *first, uint32_t *end);
/* For the classes: the relation asked for, or the first that the store has of
 * co-purchase, co-view, co-cart, view-purchase, adjacent-view. ERR_NO. */
bool export_relation(const struct export_request *r, enum relation *rel,
		     struct err *err);

#endif
