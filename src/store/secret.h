/* SPDX-License-Identifier: GPL-3.0-or-later */
/* secret: the key of a store's pseudonyms, a file of its folder that nothing ever shows. */
#ifndef STORE_SECRET_H
#define STORE_SECRET_H

#include "base/err.h"
#include "base/siphash.h"

/* The folder's key; false: it has none, or not as one is written. */
bool secret_read(const char *folder, struct siphash_key *key);
/* Make one of 128 random bits unless there is one, synced. Under the writer lock; an import
 * keeps it, so that pseudonyms stay the same. ERR_IO. */
bool secret_make(const char *folder, struct err *err);

#endif
