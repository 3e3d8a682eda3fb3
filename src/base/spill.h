/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spill: a temporary file for what doesn't fit into memory. */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

struct spill;

/*
 * The file has no name: it is made in `folder` and unlinked at once, so that its
 * space is free again when the process ends, however it ends. A full disk is
 * ERR_NOSPACE. Threads may write and read at the same time.
 */
bool spill_open(struct spill **s, const char *folder, struct err *err);
void spill_destroy(struct spill *s);
SCOPED_DEFINE(spill)
/* Append n bytes; *at says where they are. */
bool spill_write(struct spill *s, const void *p, size_t n, uint64_t *at, struct err *err);
/* n bytes at a place. */
struct spill_range {
	uint64_t at;
	size_t n;
};
bool spill_read(struct spill *s, struct spill_range r, void *p, struct err *err);
/* Zeroed room for n bytes, to be read and written in place: disk space is taken
 * first. It lasts as long as s and is no anonymous memory. */
bool spill_map(struct spill *s, size_t n, void **p, struct err *err);
/* What was written there, to be read in place; as long as s. */
bool spill_view(struct spill *s, struct spill_range r, const void **p, struct err *err);

/* Such a file alone, for who keeps it by itself; false with errno. */
bool spill_unnamed(const char *folder, int *fd);

/* Bytes of memory of the machine or, if that is less, of the control group. */
uint64_t spill_machine_memory(void);

#endif
