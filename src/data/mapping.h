/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mapping: what the columns of any shop's log mean: read, checked, written. */
#ifndef DATA_MAPPING_H
#define DATA_MAPPING_H

#include "base/scope.h"
#include "data/dataset.h"
#include "data/form.h"

/*
 * A mapping is a list of settings KEY = VALUE: in a file (.aislemap) one a line, with
 * comments from a # that starts a line or stands behind a space; on the command line
 * parted by commas. A \ takes the meaning from the character behind it; \t, \n
 * and \r are a tab and line ends.
 * Lists are parted by |, columns that belong together by +. A column is named as in
 * the header (case and outer spaces don't matter) or by its number from 1.
 */
enum mapping_key {
	/* columns */
	MAP_TIME, MAP_EVENT, MAP_PRODUCT, MAP_SESSION, MAP_USER, MAP_CATEGORY,
	MAP_CATEGORY_ID, MAP_BRAND, MAP_NAME, MAP_GROUP, MAP_PRICE, MAP_QUANTITY,
	MAP_POSITION, MAP_COUNTRY, MAP_CHANNEL, MAP_RATING, MAP_TOTAL, MAP_STATUS,
	MAP_MORE_CATEGORIES,
	MAPPING_ROLES,
	/* how to read them */
	MAP_SEPARATOR = MAPPING_ROLES, MAP_QUOTE, MAP_ENCODING, MAP_HEADER, MAP_DECIMAL,
	MAP_TIME_FORMAT, MAP_KIND, MAP_CATEGORY_SEPARATOR, MAP_SERVICE, MAP_CANCELLED,
	MAP_GAP, MAP_CURRENCY, MAP_STATUS_CANCELLED, MAP_MISSING, MAP_ID_FLOAT,
	MAP_ESCAPE, MAP_SPACES, MAP_TRAILING, MAP_SKIP, MAP_FOOTER, MAP_RATING_LEAST, MAP_FILL,
	MAP_TIME_ZONE, MAP_MAX_REJECTS, MAP_CATEGORY_LIST, MAP_EVERY_CATEGORY,
	/* event.view ..., in the order of enum event_kind, then event.ignore */
	MAP_EVENT_VIEW,
	MAP_EVENT_IGNORE = MAP_EVENT_VIEW + EVENT_KINDS,
	MAPPING_KEYS,
};
/* "time", "time-format", "event.view" ... */
const char *mapping_key_name(enum mapping_key k);

#define MAPPING_PARTS 4		/* columns that make one value */

/* Columns as they are named; n = 0: none. */
struct mapping_ref {
	struct str part[MAPPING_PARTS];
	unsigned n;
};

struct mapping_value {
	struct str text;	/* as written, escapes kept; ptr NULL: not set */
	unsigned line, column;	/* where it stands, from 1; 0: nowhere */
};

struct mapping_attribute {
	struct str name;
	struct mapping_ref ref;
	struct mapping_value value;
};

struct mapping {
	struct arena *arena;	/* of all texts */
	struct str source;	/* a file's name or "--map", for messages */
	struct mapping_value value[MAPPING_KEYS];
	struct mapping_ref role[MAPPING_ROLES];
	struct mapping_attribute attribute[DATASET_ATTRIBUTES];
	unsigned n_attributes;
	struct form form;	/* of the text; separator , and quote " by default */
	bool header;		/* default true */
	bool decimal_comma;
	struct str time_format;	/* default iso */
	int kind;		/* of every event, or -1: the event column tells */
	struct str category_separator;	/* default . */
	struct str category_list;	/* what parts several in a cell; empty: nothing */
	bool every_category;	/* a product has all that any record names */
	double gap;		/* minutes, 0: none given */
	bool fill;		/* first lines of orders speak for the others */
	bool id_float;		/* 17850.0 is the id 17850 */
	const char *time_zone;	/* the shop's; NULL: not said */
	double max_rejects;	/* share of records; NAN: not said */
	double rating_least;	/* lower ones are left out; NAN: none are */
};

struct mapping *mapping_create(const char *source);
void mapping_destroy(struct mapping *m);
SCOPED_DEFINE(mapping)

/* Where a setting stands, for messages; 0: nowhere. */
struct mapping_place {
	unsigned line, column;
};
/* Take one setting over; value as written, with escapes. */
bool mapping_set(struct mapping *m, struct str key, struct str value, struct mapping_place at,
		 struct err *err);
/* A file's text, or what stands behind --map. ERR_USAGE names file and line, or the
 * character, and the key. */
bool mapping_parse_file(struct mapping **m, const char *name, struct str text,
			struct err *err);
bool mapping_parse_list(struct mapping **m, struct str text, struct err *err);
/* Either: a text with = is a list, another one names a file. */
bool mapping_load(struct mapping **m, const char *text, struct err *err);
/* Is all there that an import needs? */
bool mapping_check(const struct mapping *m, struct err *err);

/* The next of a list parted by |, its escapes undone into b. */
bool mapping_next(struct str *list, struct strbuf *b);
/* Append s so that it reads back as one column or one text of a list. */
void mapping_add_text(struct strbuf *b, struct str s);
/* Fails with the place of that setting: "shop.aislemap:3: time: ...". */
bool mapping_fail(const struct mapping *m, const struct mapping_value *v,
		  const char *key, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 5, 6), cold));

/* As an .aislemap; note (MAPPING_KEYS), may be NULL, holds comments that stand above
 * each key (lines parted by LF; also of keys that are not set). */
void mapping_write(const struct mapping *m, const struct str *note, struct strbuf *out);

#endif
