/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dataset: what aisle must know of one kind of shop log: one row per data set. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include "base/num.h"
#include "base/str.h"
#include "store/catalog.h"

#define DATASET_COLUMNS 64
#define DATASET_ATTRIBUTES 16
#define DATASET_ID_MAX 200	/* bytes of an id; longer ones are rejected */

/* Why a record was not loaded. Texts in reject.c; counted in meta. */
enum reject_reason {
	REJECT_NONE,
	REJECT_FIELDS,		/* another number of fields than the header's */
	REJECT_QUOTE,		/* a quote where none may stand */
	REJECT_LONG,		/* a field over 1 MiB, an id over 200 bytes */
	REJECT_NUL,
	REJECT_UTF8,		/* an id that is not UTF-8 */
	REJECT_TIME,
	REJECT_EVENT,		/* an event name that the data set doesn't have */
	REJECT_ID,		/* empty or malformed */
	REJECT_EXPONENT,	/* an id in exponent form: a spreadsheet rounded it */
	REJECT_PRICE,
	REJECT_QUANTITY,
	REJECT_CUT,		/* the last record ends without a line end, cut short */
	REJECT_REASONS,
};
const char *reject_name(enum reject_reason r);	/* "fields", "time" ... for meta, tsv */
const char *reject_text(enum reject_reason r);	/* a sentence part for people */

struct reject {
	enum reject_reason reason;
	unsigned column;	/* 0-based; UINT_MAX: the whole record */
	struct str value;	/* borrowed from the record */
};

/* One record as an event; texts are borrowed from the record. */
struct event_row {
	int64_t time;		/* ms UTC */
	enum event_kind kind;
	uint32_t quantity;	/* 1 where the data set has none */
	bool has_price;
	struct decimal price;	/* of one piece */
	struct str product, session;
	struct str user;	/* empty: unknown */
	struct str category;	/* the node's id; empty: unknown */
	struct str category_path;	/* "a.b.c"; empty: none */
	struct str brand, name, group;	/* empty: none */
	struct str attribute[DATASET_ATTRIBUTES];
};

enum row_result {
	ROW_EVENT,
	ROW_SKIP,	/* nothing to load and nothing wrong */
	ROW_REJECT,
};

/*
 * A data set is a file ds_NAME.c that defines `const struct dataset ds_NAME`
 * and a row DATASET(NAME) in datasets.def.
 */
struct dataset {
	const char *name;	/* as on the command line */
	const char *title;	/* "eCommerce behavior data from multi category store" */
	const char *files;	/* what files it takes, for the manual */
	const char *basket;	/* what a session is, for the manual */
	const char *note;	/* anything else for the manual, or NULL */
	char separator;
	bool header;		/* the first record must be the column names */
	bool blank_first_line;	/* a blank first line is skipped silently */
	unsigned n_columns;
	const char *const *columns;
	unsigned n_attributes;
	const char *const *attributes;	/* names of event_row.attribute */
	unsigned caps;		/* enum capability, what the format can say */
	unsigned price_scale;	/* digits after the point to expect; grows if needed */
	const char *currency;	/* default ISO code or "" */
	/* field (n_columns); called from several threads at once. */
	enum row_result (*row)(const struct str *field, struct event_row *ev,
			       struct reject *why);
	/* Append one record in this format (generate); NULL: reading only. */
	void (*write)(struct strbuf *out, const struct event_row *ev);
	/* Append the header; NULL where there is none. */
	void (*write_header)(struct strbuf *out);
};

extern const struct dataset *const datasets[];	/* in datasets.def's order, then NULL */
const struct dataset *dataset_find(struct str name);

/* Shared checks for the rows of several data sets: each returns false after
 * filling why. */
bool field_id(struct str s, unsigned column, bool numeric, struct str *id,
	      struct reject *why);
bool field_price(struct str s, unsigned column, struct event_row *ev,
		 struct reject *why);
bool field_time(struct str s, unsigned column, int64_t *ms, struct reject *why);

#endif
