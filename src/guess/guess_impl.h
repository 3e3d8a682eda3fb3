/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess_impl: what the parts of a guess share; for guess*.c alone. */
#ifndef GUESS_GUESS_IMPL_H
#define GUESS_GUESS_IMPL_H

#include "base/arena.h"
#include "base/map.h"
#include "data/csv.h"
#include "guess/guess.h"
#include "data/mapping.h"

#define GUESS_ROWS 65536
#define GUESS_NO SIZE_MAX
#define GUESS_SURE 0.9	/* share from which on one column tells another */
#define GUESS_SHOWN 8	/* values of a column */
#define GUESS_WORDS_MAX 200	/* bytes of a list of words in a setting */

/* A column of the sample. Shares are of the records in which it is not empty. */
struct guess_column {
	struct str name;	/* of the header, or its number */
	struct str shown;	/* the same, harmless */
	struct map *values;
	uint32_t *code;		/* (rows): value's number, MAP_NONE where empty */
	uint32_t *count;	/* (distinct) */
	size_t cap_count;
	uint32_t filled, distinct;
	uint32_t unknown;	/* empty or a word as NULL */
	double numbers, integers, fractions;	/* shares; a fraction has decimals */
	double whole;		/* integers and those like 2.0 */
	double commas;		/* of the fractions: with a decimal comma */
	double negative, exponent, clock, point_clock, known_events, paths;
	double mails, phones, cancels;
	const char *personal;	/* what it tells of people, or NULL */
	bool counter;		/* rises by one from record to record */
	char path_separator;
	double least, most;	/* of the numbers */
	double repeat;		/* chance that two records agree: sum of p^2 */
	const char *time_format;	/* the best one, or NULL */
	double times;		/* share that it reads */
	bool ambiguous;		/* day and month could change places */
	bool idlike;		/* could be an id: no blanks, no fractions, no times */
	bool idtext;		/* the same, but numbers with a point may be among them */
	const char *near_format;	/* where no format reads enough: the best one */
	double near_times;
	bool floats;		/* ids like 17850.0 */
	bool named;		/* by the mapping that was given */
};

struct guess_export;

struct guess {
	const char *file;
	struct arena *arena;
	struct err *err;
	struct strbuf text;	/* the sample in UTF-8 */
	const char *encoding;	/* for the mapping */
	bool doubtful_encoding;
	size_t foreign;		/* lines in another encoding than the file */
	struct form form;	/* of the file; the text is brought to the plain one */
	struct split_limits limits;
	bool header;
	double fit;		/* share of the records that have as many fields */
	uint32_t rows, misfits;
	struct strbuf footer;	/* beginnings of lines behind the last record, parted by | */
	unsigned n;
	struct guess_column column[DATASET_COLUMNS];
	size_t role[MAPPING_ROLES];	/* column or GUESS_NO */
	double score[MAPPING_ROLES];
	size_t year, month, day, clock;	/* parts of times, or GUESS_NO */
	size_t total, status;	/* columns beside the roles, or GUESS_NO */
	const struct guess_export *export; /* or NULL */
	bool fill;		/* first lines of orders speak for the others */
	bool bare;		/* user, item, rating: known by their order alone */
	bool given;		/* the roles are those of a mapping that was given */
	bool by_time;		/* ids without names: told by how long their events last */
	bool by_rest;		/* the product is what was left */
	bool order_total;	/* a total that is the order's, not the line's */
	uint64_t head_lines;	/* of the file's lines that the sample begins with */
	uint32_t *line;		/* (rows) of the file, from 1; 0: unknown */
	struct mapping *map;
	struct strbuf note[MAPPING_KEYS];
};

/* guess_sample.c: encoding, separator, quotes, header, columns. */
bool guess_sample(struct guess *g, struct str bytes, bool whole, struct err *err);
/* guess_table.c: the first rows of a table as CSV, until that has `most` bytes; none where
 * the file is text. */
bool guess_table(const char *path, size_t most, struct strbuf *out, struct err *err);
/* guess_form.c: separator, quotes, what stands before the header: g->form, n, fit; the
 * text is plain then. */
bool guess_form(struct guess *g, struct err *err);
/* The sample without its mark. */
struct split_piece guess_piece(const struct strbuf *text);
/* guess_column.c: what is in a column; b follows from a where they agree. */
void guess_look(struct guess *g, struct guess_column *c);
/* How much of b is known when a is: 0 as much as without, 1 all. */
double guess_determines(const struct guess *g, size_t a, size_t b);
/* guess_names.c: 0 to 10, how well the name of a column fits a role. */
unsigned guess_name_score(struct str name, enum mapping_key role);
/* guess_exports.c: a known system's export; what a name says of a role there (EXPORTED) or
 * in general (guess_name_score); what first lines of orders alone say is taken down. */
#define EXPORTED 12
const struct guess_export *guess_export(const struct guess *g);
const char *guess_export_name(const struct guess_export *e);
double guess_name_of(const struct guess *g, size_t i, enum mapping_key role);
void guess_fill(struct guess *g);
enum guess_part {
	PART_YEAR,
	PART_MONTH,
	PART_DAY,
	PART_CLOCK,
	PART_HOUR,
	PART_BOUGHT,
	PART_TOTAL,
	PART_STATUS,
	PART_STATE,	/* of an order, or of a country */
	PART_NO_PRICE,
	PART_PERSONAL,
};
bool guess_name_part(struct str name, enum guess_part part);
/* guess_others.c: files that are no logs of events but baskets, catalogues; refused with
 * the way to read them. True: it is one. */
bool guess_other(const struct guess *g, struct err *err);
bool guess_is_baskets(const struct guess *g, struct err *err);
/* The data set whose header this is, or NULL. */
const char *guess_known_set(const struct guess *g);
/* guess_roles.c: g->role from names and contents. */
void guess_roles(struct guess *g);
/* Those of a mapping. */
void guess_roles_given(struct guess *g, const struct mapping *m);
/* guess_bare.c: what is what without a header. */
void guess_bare(struct guess *g);
void guess_by_time(struct guess *g);
/* Is some role's, or a part of one? */
bool guess_used(const struct guess *g, size_t i);
/* guess_evidence.c: what only several columns together tell. */
/* Does what `price` holds grow with the quantity? 1: it does, so that the shares are the
 * same, -1: it doesn't, 0: too little to tell; *n gets the records that were looked at. */
int guess_is_total(const struct guess *g, size_t product, size_t price, size_t quantity,
		   uint32_t *n);
/* Totals and statuses, quantities that have another name. */
void guess_evidence(struct guess *g);
/* guess_warn.c: what is not used though it is called like something, as comments. */
void guess_warn(const struct guess *g, struct strbuf *out);
/* The same of a mapping that was given, a line each, no comments. */
void guess_warn_given(const struct guess *g, struct strbuf *out);
/* Why a column is not used, as " (session is order_id)"; nothing where that needs no word. */
void guess_why_unused(const struct guess *g, size_t i, struct strbuf *out);
/* A few values of a column, or one, for people. */
void guess_add_values(const struct guess *g, struct strbuf *b, size_t i, unsigned n);
void guess_add_value(struct strbuf *b, struct str s);
/* guess_tell.c: the proposal as text. */
bool guess_tell(struct guess *g, struct strbuf *out, struct err *err);
/* A setting of the proposal; a line of its reasons; a share as it stands there. */
void guess_set(struct guess *g, const char *key, struct str value);
void guess_set_column(struct guess *g, enum mapping_key k, size_t i);
void guess_note(struct guess *g, enum mapping_key k, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
unsigned guess_percent(double share);
/* The column as a mapping names it. */
void guess_add_column(const struct guess *g, struct strbuf *b, size_t i);
/* guess_time.c: false where there must be times and none can be read. */
bool guess_tell_time(struct guess *g);
bool guess_times_are_days(const struct guess *g);
/* guess_event.c: is what happened a purchase? */
bool guess_tell_event(struct guess *g);

#endif
