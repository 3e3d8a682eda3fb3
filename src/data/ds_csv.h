/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ds_csv: records of any log read by a mapping. */
#ifndef DATA_DS_CSV_H
#define DATA_DS_CSV_H

#include "data/mapping.h"
#include "data/output.h"

struct csv_log;

/* Find the mapping's columns among those of a file (names (n), of its header or, where
 * it has none, NULL). The mapping stays the caller's and must live as long. ERR_USAGE
 * names the setting and the columns that there are. */
bool csv_log_create(struct csv_log **log, const struct mapping *m, struct strs names,
		    struct err *err);
void csv_log_destroy(struct csv_log *log);
SCOPED_DEFINE(csv_log)
/* One record; see struct file_kind. */
enum row_result csv_log_row(const void *log, struct strs field, struct event_row *ev,
			    struct reject *why);

/* What generate writes: a log in a form of its own and the mapping that explains it
 * (write_csv.c). */
extern const struct dataset_writer csv_writer;

#endif
