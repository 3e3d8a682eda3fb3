/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv_log: what is known of a log read by a mapping; for ds_csv.c and the two csv_log*.c. */
#ifndef DATA_CSV_LOG_H
#define DATA_CSV_LOG_H

#include <limits.h>

#include "base/arena.h"
#include "data/ds_csv.h"
#include "data/table.h"

#define AT_DAY UINT_MAX /* @day: the day of the event */
#define PATH_JOINT '\x1f' /* between levels that stand in columns of their own */

struct columns_of {
	unsigned n, at[MAPPING_PARTS];
	bool numbered;	/* @day is a number, not a date */
};

/* A list of texts. */
struct words {
	struct str *word;
	size_t n, cap;
};

struct csv_log {
	const struct mapping *map;
	struct mapping *owned; /* the same, or NULL */
	struct arena *arena;
	unsigned n;
	struct columns_of role[MAPPING_ROLES], attribute[DATASET_ATTRIBUTES];
	const char **name; /* (n) columns */
	const char *attribute_name[DATASET_ATTRIBUTES];
	struct words event[EVENT_KINDS], ignore, service, cancelled, status, missing;
	bool own_events, ignore_rest, own_missing;
	bool iso;	/* times as tables write them */
	char path_separator;
	struct file_kind kind;
	bool *used; /* (n) by a role or an attribute */
	struct table_choice choice;
};

/* All but the columns. */
struct csv_log *csv_log_make(const struct mapping *m);
/* Find the mapping's columns among names.n; at NULL: they are numbered. */
bool csv_log_columns(struct csv_log *l, struct strs names, struct err *err);
/* Does the mapping make sense, now that its columns are known? */
bool csv_log_check(struct csv_log *l, struct err *err);

#endif
