/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch: learns of a new generation, of decisions and models as they come (inotify), or within
 * two seconds where a user has too many watches. */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "base/err.h"
#include "base/scope.h"

struct watch;

bool watch_open(struct watch **w, const char *store_path, struct err *err);
void watch_destroy(struct watch *w);
SCOPED_DEFINE(watch)
/* To poll() on for reading. */
int watch_fd(const struct watch *w);
/* Drain events; true when CURRENT was replaced since the last call. */
bool watch_changed(struct watch *w);

/* Has someone decided (vet/journal.h) since the last call? Likewise. */
bool watch_decisions(struct watch *w);
/* Has a model been trained since the last call? After watch_changed, which reads what
 * happened. */
bool watch_models(struct watch *w);

#endif
