/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts: rows of labelled values in sections, for views about one thing. */
#ifndef VIEW_FACTS_H
#define VIEW_FACTS_H

#include "view/view.h"

enum fact_column {
	FACT_SECTION,
	FACT_HEADING,
	FACT_FIELD,
	FACT_VALUE,
	FACT_LOW,
	FACT_HIGH,
	FACT_SHOWN,
	FACT_COLUMNS,
};
extern const struct column facts_columns[FACT_COLUMNS];

struct fact {
	const char *section;	/* of static life */
	struct str field, value, low, high, shown;
	uint32_t product, user;	/* what Enter follows, or CATALOG_NONE */
};

/* All text lives in the arena. Zeroed is not enough: facts_init. */
struct facts {
	struct arena *arena;
	const struct catalog *cat;
	const char *section;	/* of the rows that are added */
	struct fact *at;
	size_t n, cap;
};

void facts_init(struct facts *f, const struct catalog *cat);
/* What view_class wants; the state is a struct facts. */
void facts_close(void *state);
uint64_t facts_count(const void *state);
void facts_row(struct view *v, void *state, uint64_t i, struct cell *cells);
uint32_t facts_product(const void *state, uint64_t i);
void facts_target(const void *state, uint64_t i, struct view_target *t);

/* Append a row. value: exact, for data; shown: for people. Both are copied. The
 * row is returned so that its product can be set; valid until the next one. */
struct fact *facts_add(struct facts *f, const char *field, struct str value,
		       struct str shown);
/* The same text for both. */
struct fact *facts_text(struct facts *f, const char *field, struct str text);
/* A count, with words after it for people (NULL: none). */
struct fact *facts_number(struct facts *f, const char *field, uint64_t n,
			  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A measure and its 95% interval, NAN where there is none. */
struct bounded {
	double x, low, high;
};
/* share: per cent. */
struct fact *facts_real(struct facts *f, const char *field, struct bounded b, bool share);
/* A p or q. */
void facts_chance(struct facts *f, const char *field, double p);
void facts_time(struct facts *f, const char *field, int64_t ms);
/* A row without a value, and why. */
void facts_missing(struct facts *f, const char *field, const char *why);

#endif
