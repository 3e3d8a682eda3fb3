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

/* A column of the sample. Shares are of the records in which it is not empty. */
struct guess_column {
	struct str name;	/* of the header, or its number */
	struct str shown;	/* the same, harmless */
	struct map *values;
	uint32_t *code;		/* (rows): value's number, MAP_NONE where empty */
	uint32_t *count;	/* (distinct) */
	size_t cap_count;
	uint32_t filled, distinct;
	double numbers, integers, fractions;	/* shares; a fraction has decimals */
	double whole;		/* integers and those like 2.0 */
	double commas;		/* of the fractions: with a decimal comma */
	double negative, exponent, clock, known_events, paths;
	char path_separator;
	double least, most;	/* of the numbers */
	double repeat;		/* chance that two records agree: sum of p^2 */
	const char *time_format;	/* the best one, or NULL */
	double times;		/* share that it reads */
	bool ambiguous;		/* day and month could change places */
	bool idlike;		/* could be an id: no blanks, no fractions, no times */
};

struct guess {
	const char *file;
	struct arena *arena;
	struct err *err;
	struct strbuf text;	/* the sample in UTF-8 */
	const char *encoding;	/* for the mapping */
	bool doubtful_encoding;
	char separator;
	struct split_limits limits;
	bool header;
	double fit;		/* share of the records that have as many fields */
	uint32_t rows, misfits;
	unsigned n;
	struct guess_column column[DATASET_COLUMNS];
	size_t role[MAPPING_ROLES];	/* column or GUESS_NO */
	double score[MAPPING_ROLES];
	size_t year, month, day, clock;	/* parts of times, or GUESS_NO */
	struct mapping *map;
	struct strbuf note[MAPPING_KEYS];
};

/* guess_sample.c: encoding, separator, quotes, header, columns. */
bool guess_sample(struct guess *g, struct str bytes, bool whole, struct err *err);
/* guess_column.c: what is in a column; b follows from a where they agree. */
void guess_look(struct guess *g, struct guess_column *c);
/* How much of b is known when a is: 0 as much as without, 1 all. */
double guess_determines(const struct guess *g, size_t a, size_t b);
/* guess_names.c: 0 to 10, how well the name of a column fits a role. */
unsigned guess_name_score(struct str name, enum mapping_key role);
enum guess_part { PART_YEAR, PART_MONTH, PART_DAY, PART_CLOCK, PART_BOUGHT };
bool guess_name_part(struct str name, enum guess_part part);
/* guess_roles.c: g->role from names and contents. */
void guess_roles(struct guess *g);
/* guess_tell.c: the proposal as text. */
bool guess_tell(struct guess *g, struct strbuf *out, struct err *err);

#endif
