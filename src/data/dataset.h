/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dataset: what aisle must know of one kind of shop log: one row per data set. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include "base/num.h"
#include "base/str.h"
#include "base/time.h"
#include "store/catalog.h"

struct arena;
struct parquet_known;
struct dataset_writer;
struct form;
struct table_choice;
struct err;

#define DATASET_COLUMNS 256	/* of kinds with a fixed number */
#define DATASET_ATTRIBUTES 24
#define PATH_JOINT '\x1f'	/* between parts of a path whose names may have any sign */
#define DATASET_PERSON 8	/* attributes of users */
/* Traits of a session: where it comes from. */
enum trait {
	TRAIT_COUNTRY,
	TRAIT_CHANNEL,
	TRAITS,
};
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
	REJECT_RATING,
	REJECT_JSON,		/* no JSON object */
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

/* A row of a table that knows more of its fields than their texts. */
struct known_row {
	const struct parquet_known *at;	/* (columns); NULL: nothing is known */
	unsigned row;
};

/*
 * What one record says: an event, or facts about a product, a category or a
 * session. Texts are borrowed from the record or made in `arena`.
 *
 * A record is zeroed before the first one of a piece; after that a row function
 * finds what it left there and sets again all that it ever sets. import alone
 * sets `session` empty and `wall` false before, `cursor`, `known`, `zone` and `arena`.
 */
struct event_row {
	int64_t time;		/* ms UTC; of a fact: when it was so. TIME_NONE: the
				 * session's, see below */
	bool wall;		/* it names no zone: what the shop's clock showed, as
				 * if that was UTC. Import makes an instant of it */
	const struct zone *zone;	/* the shop's, set by import; NULL: UTC */
	enum event_kind kind;
	bool cancels;		/* takes back `quantity` pieces of the purchase it
				 * names: of the same session (order) and product, or
				 * else the user's latest one before of the product */
	uint32_t quantity;	/* 1 where the data set has none */
	bool has_price, rounded;	/* rounded: see field_price_exact */
	struct decimal price;	/* of one piece */
	bool has_rating;	/* of events of kind rating */
	float rating;
	struct str product;
	/* Empty: with a gap the user's (and cut by it), else every record is a
	 * session of its own, whose id is its number and which, where it has no
	 * time, happened that many ms after 1970. A fact with a session and no
	 * product says user and time of that session. */
	struct str session;
	struct str user;	/* empty: unknown */
	struct str category;	/* the node's id; empty: unknown */
	struct str category_path;	/* "a.b.c", see path_separator; empty: none */
	struct str category_name, category_parent;	/* of `category`: an edge */
	struct further_category {
		struct str id, path;	/* as `category` and `category_path` */
	} *further;	/* (n_further) other categories of the product, or none; see
			 * import/placed.h for which hold */
	unsigned n_further;
	struct str brand, name, group, description;	/* empty: none */
	struct str attribute[DATASET_ATTRIBUTES];
	struct str person[DATASET_PERSON];	/* of the user: a fact with a user, and with
					 * no product, session or category */
	struct str trait[TRAITS];	/* of the session: its first event's hold */
	struct str property, value;	/* one of any number of named values */
	unsigned cursor;	/* 0 at the first call for a record; then what the last
				 * one left there: see ROW_MORE */
	struct arena *arena;	/* for texts that are made; lasts long enough */
	struct known_row known;	/* of the record's fields, see known_time */
};
/* The time of facts that hold whatever events say: catalogues without dates; and those
 * of --products, above them. */
#define TIME_ALWAYS (INT64_MAX - 1)
#define TIME_LISTED INT64_MAX

enum row_result {
	ROW_EVENT,
	ROW_MORE,	/* an event, and the record holds another one: call again */
	ROW_FACTS,	/* no event: what is said of product, category, session */
	ROW_SKIP,	/* nothing to load and nothing wrong */
	ROW_REJECT,
};

/* Files of one form. A data set with several tells them by their header, so the
 * columns must differ; one kind without a header stands alone or last. */
struct file_kind {
	const char *name;	/* "events", for messages */
	bool header;		/* the first record must be the column names */
	bool blank_first_line;	/* a blank first line is skipped silently */
	unsigned n_columns;	/* 0: any number of fields, at least 1 */
	const char *const *columns;
	unsigned caps;		/* enum capability, what such files can say */
	/* field (n); n is n_columns unless that is 0. ctx: the data set's. Called
	 * from several threads at once. */
	enum row_result (*row)(const void *ctx, struct strs field, struct event_row *ev,
			       struct reject *why);
};

/* What the command line says of how files are to be read; zero: nothing. */
struct dataset_options {
	char separator;		/* --separator; 0: the data set's */
	int64_t gap;		/* ms, --gap; 0: the data set's */
	const char *encoding;	/* --encoding; NULL: the data set's */
	const char *map;	/* --map: settings, or a file with them (mapping.h) */
	const char *mapping;	/* without that: such a file's text */
	const char *header;	/* --header: yes, no or NULL: not said */
	const char *layout;	/* --layout: items, user-items, one-hot or NULL */
	int skip_columns;	/* --skip-columns; -1: not said */
};

/* The files that an import is given. */
struct dataset_files {
	const char *const *at;
	unsigned n;
};

/*
 * A data set is a file ds_NAME.c that defines `const struct dataset ds_NAME`
 * and a row DATASET(NAME) in datasets.def. An import works on a copy of it that
 * dataset_configure made.
 */
struct dataset {
	const char *name;	/* as on the command line */
	const char *title;	/* "eCommerce behavior data from multi category store" */
	const char *files;	/* what files it takes, for the manual */
	const char *basket;	/* what a session is, for the manual */
	const char *note;	/* anything else for the manual, or NULL */
	char separator;
	bool no_quotes;		/* fields are never enclosed: " is a byte like others */
	const struct form *form;	/* of the text (form.h); NULL: the plain one */
	/* What is read of Parquet and JSON; NULL: all columns. */
	const struct table_choice *choice;
	const char *encoding;	/* of the files; NULL: UTF-8 */
	bool mapped;		/* takes --map */
	bool repairs;		/* text that is no UTF-8 is read as Windows-1252, see
				 * utf8_repair; else ids of it are rejected */
	bool lists;		/* takes --header, --layout and --skip-columns */
	const char *mapping;	/* what that says, in one form; NULL: nothing */
	bool every_category;	/* a product has every category that any record names */
	char path_separator;	/* between the parts of a category path; 0: '.'. A path with a
				   PATH_JOINT is parted by that */
	const struct file_kind *kinds;	/* (n_kinds) */
	unsigned n_kinds;
	unsigned n_attributes;
	const char *const *attributes;	/* names of event_row.attribute */
	unsigned n_person;
	const char *const *person;	/* names of event_row.person: one word each */
	bool traits;		/* its records say some */
	unsigned price_scale;	/* digits after the point to expect; grows if needed */
	const char *currency;	/* default ISO code or "" */
	int64_t gap;		/* ms without an event that end a user's session; 0:
				 * sessions are named by the records */
	/* Change the copy by what the options and files say; NULL: only the fields
	 * of the same name are taken over. What it allocates finish() frees. */
	bool (*configure)(struct dataset *copy, const struct dataset_options *o,
			  struct dataset_files files, struct err *err);
	/* The first record of the first file, for a copy that couldn't look into it
	 * before: standard input. NULL: not needed. Not const: what ctx points to. */
	bool (*begin)(const struct dataset *copy, struct strs field, struct err *err);
	/* Some columns of the files that nothing reads, by name; NULL: there are none. Once
	 * the first record is known. */
	const char *(*unused)(const struct dataset *copy);
	void (*finish)(struct dataset *copy);
	const void *ctx;	/* for row() */
	const struct dataset_writer *writer;	/* see output.h; NULL: reading only */
};

extern const struct dataset *const datasets[];	/* in datasets.def's order, then NULL */
const struct dataset *dataset_find(struct str name);
/* *copy: the data set as the options want it, for dataset_release. ERR_USAGE for
 * an option that it doesn't know. files (n_files) may be looked at. */
bool dataset_configure(struct dataset *copy, const struct dataset *set,
		       const struct dataset_options *o, struct dataset_files files,
		       struct err *err);
void dataset_release(struct dataset *copy);
/* What the shop's clock showed at the event, ms as if that was UTC. */
int64_t event_clock(const struct event_row *ev);
/* enum capability: what its files can say, all kinds together. */
unsigned dataset_caps(const struct dataset *set);

/* A field of a record, and which one it is. */
struct field {
	struct str s;
	unsigned column;
};
/* Shared checks for the rows of several data sets: each returns false after
 * filling why. */
bool field_id(struct field f, bool numeric, struct str *id, struct reject *why);
/* A text that the store numbers, such as a brand: it may be empty, but no longer than an
 * id. */
bool field_indexed(struct str s, unsigned column, struct str *text, struct reject *why);
/* From 0 to 1,000,000,000; at most 9 decimals. */
bool price_fits(struct decimal d);
bool field_price(struct str s, unsigned column, struct event_row *ev,
		 struct reject *why);
/* To 18 decimals, of any value whose 18 decimals fit into 64 bits (below 9.2); more
 * decimals are rounded and set ev->rounded. */
bool field_price_exact(struct str s, unsigned column, struct event_row *ev,
		       struct reject *why);
/* The time and the number of a field that a table knows without its text; false: it
 * doesn't. */
bool known_time_of(struct known_row known, unsigned column, int64_t *ms, bool *wall);
bool known_decimal_of(struct known_row known, unsigned column, struct decimal *d);
static inline bool known_time(const struct event_row *ev, unsigned column, int64_t *ms,
			      bool *wall)
{
	return ev->known.at && known_time_of(ev->known, column, ms, wall);
}
static inline bool known_decimal(const struct event_row *ev, unsigned column,
				 struct decimal *d)
{
	return ev->known.at && known_decimal_of(ev->known, column, d);
}
bool field_time(struct str s, unsigned column, struct event_row *ev, struct reject *why);

#endif
