/* SPDX-License-Identifier: GPL-3.0-or-later */
/* out: where data goes: a descriptor, a file or memory. */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "base/scope.h"
#include "base/str.h"

struct err;
struct out;

/* Buffered output to a descriptor that stays the caller's. */
struct out *out_fd(int fd);
/* Output into a buffer that stays the caller's. */
struct out *out_buffer(struct strbuf *b);
/* A new file that appears under `path` only when out_close succeeds (written
 * beside it, synced, renamed). NULL on error. */
struct out *out_file(const char *path, struct err *err);
void out_destroy(struct out *o);	/* without out_close: nothing is kept */
SCOPED_DEFINE(out)

/* Writing never fails by itself: the first error is remembered, the rest is
 * dropped, and out_close (or out_failed) tells. */
void out_add(struct out *o, struct str s);
void out_addc(struct out *o, char c);
void out_addf(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool out_failed(const struct out *o);
/* The descriptor is a terminal: text for people, colours allowed. */
bool out_is_tty(const struct out *o);
/* Columns of that terminal, or 0. */
unsigned out_columns(const struct out *o);
bool out_flush(struct out *o, struct err *err);
bool out_close(struct out *o, struct err *err);

#endif
