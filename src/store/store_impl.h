/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_impl: what verify sees of a store beside its public face. */
#ifndef STORE_STORE_IMPL_H
#define STORE_STORE_IMPL_H

#include "store/entry.h"
#include "store/store.h"

/* store_open without looking through what has no seal: verify does that itself. What can't be
 * opened for want of leave or descriptors is ERR_IO. */
bool store_open_blindly(struct store **s, const char *path, struct err *err);
/* Its generation was looked through (store/seal.h). */
void store_seal(const struct store *s);
const struct entry_list *store_entries(const struct store *s);
unsigned store_indexes(const struct store *s);
const char *store_index_name(const struct store *s, unsigned i);
/* Walk index i in byte order until visit returns false. */
bool store_index_walk(const struct store *s, unsigned i,
		      bool (*visit)(void *ctx, struct str id, uint32_t number), void *ctx,
		      struct err *err);

#endif
