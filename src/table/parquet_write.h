/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parquet_write: tables as Parquet files that other programs read.
 *
 * Pages are plain and packed by zstd, some ten thousand rows to a group. Columns may have
 * missing values; what a column holds, its first values say: texts (STRING), whole numbers
 * (INT64), real ones (DOUBLE, FLOAT), instants (TIMESTAMP in ms, UTC) or lists of floats.
 */
#ifndef TABLE_PARQUET_WRITE_H
#define TABLE_PARQUET_WRITE_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

struct out;

struct parquet_writer;
/* name (n) is copied; out stays the caller's and tells of errors. */
struct parquet_writer *parquet_writer_create(struct out *out, const char *const *name,
					     unsigned n);
void parquet_writer_destroy(struct parquet_writer *w);
SCOPED_DEFINE(parquet_writer)

/* Cells come in the order of the columns; the last one ends the row. */
void parquet_put_none(struct parquet_writer *w);
void parquet_put_text(struct parquet_writer *w, struct str text);
void parquet_put_integer(struct parquet_writer *w, int64_t x);
void parquet_put_real(struct parquet_writer *w, double x);
void parquet_put_float(struct parquet_writer *w, float x);
void parquet_put_time(struct parquet_writer *w, int64_t ms);
/* A column of lists has no missing ones. */
void parquet_put_floats(struct parquet_writer *w, const float *x, unsigned n);

/* After the last row: the rest and the footer. */
void parquet_writer_finish(struct parquet_writer *w);

#endif
