/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write: fields as the data sets write them (comma separated). */
#ifndef DATA_WRITE_H
#define DATA_WRITE_H

#include "data/dataset.h"

/* "2019-10-01 00:00:00 UTC", the first field of a record. */
void write_time(struct strbuf *out, int64_t ms);
/* A line of column names. */
void write_names(struct strbuf *out, const char *const *names, unsigned n,
		 char separator);
/* Digits of a number, filled up with zeros to at least so many. */
void write_number(struct strbuf *out, uint64_t n, unsigned digits);
/* "2019-10-01". */
void write_date(struct strbuf *out, int64_t ms);
/* So many hexadecimal digits (a multiple of 16) that are a function of s. */
void write_hex(struct strbuf *out, struct str s, unsigned digits);
/* A comma and s, quoted where it must be. */
void write_field(struct strbuf *out, struct str s);
/* A comma and the price, empty where there is none. */
void write_price(struct strbuf *out, const struct event_row *ev);

#endif
