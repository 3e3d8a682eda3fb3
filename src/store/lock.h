/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lock: one writer at a time, and its name for the one who has to wait. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "base/err.h"
#include "base/scope.h"

struct lock;

/* Lock the file `path` (made if missing), which then holds pid, uid, command
 * and time of the holder. flock(2): a killed holder frees it. ERR_LOCKED after
 * `wait` seconds: "locked by pid 12 (ana: aisle import ...) since 10:02:11". */
bool lock_take(struct lock **l, const char *path, const char *command, double wait,
	       struct err *err);
/* The same lock for those who only read, many at once: the holder's name stands, and the
 * folder may be read-only. *l is NULL where no one has ever written (no such file). */
bool lock_share(struct lock **l, const char *path, double wait, struct err *err);
void lock_destroy(struct lock *l);
SCOPED_DEFINE(lock)

#endif
