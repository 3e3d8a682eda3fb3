/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list_file: the records of a small table beside a log, one after another. */
#ifndef IMPORT_LIST_FILE_H
#define IMPORT_LIST_FILE_H

#include "data/csv.h"

struct job;

struct list_file {
	const char *path;
	struct split_limits limits;	/* as of the log; its form is not of this file */
	struct job *job;
	/* One record, the names of the columns first; line from 1. *more false: enough. */
	bool (*take)(void *ctx, const struct csv_record *r, uint64_t line, bool *more,
		     struct err *err);
	void *ctx;
};
/* CSV (by comma), Parquet or JSON. *records: how many there were. Errors: those of take,
 * of reading, ERR_CANCELLED. */
bool list_file_read(const struct list_file *f, uint64_t *records, struct err *err);

#endif
