/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpack: the bytes of a file, unpacked when it is compressed. */
#ifndef DATA_UNPACK_H
#define DATA_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

struct job;
struct unpack;

/*
 * Open path, "-" being standard input. gzip, zstd and xz are told by their first
 * bytes, also where several of them stand one after another in a file.
 */
bool unpack_open(struct unpack **in, const char *path, struct err *err);
void unpack_destroy(struct unpack *in);
SCOPED_DEFINE(unpack)
/* Room for what is read: n bytes are wanted, `most` fit. */
struct unpack_room {
	char *at;
	size_t n, most;
};
/* Up to n > 0 bytes, at most `most` of the file at a time (0: what fits); *got is 0
 * at the end. A compressed file that is damaged or cut short is ERR_FORMAT. */
bool unpack_read(struct unpack *in, struct unpack_room to, size_t *got, struct err *err);
/* A pipe may keep a thread waiting that hears no signal: look at job now and then. */
void unpack_watch(struct unpack *in, struct job *job);
/* Is it compressed? */
bool unpack_packed(const struct unpack *in);
/* Bytes taken from the file so far: what progress can compare with its size. */
uint64_t unpack_position(const struct unpack *in);

#endif
