/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pages: is what LMDB will walk through a tree, or does it lead it outside? */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * LMDB believes its pages. Follow every page that the newest meta page of a file leads to,
 * each once, and hold it against the format of LMDB 0.9: numbers within the file, nodes within
 * their pages, values within theirs, tables of the kinds that a store has. `bytes` and `page`
 * are those of the file and of a page, the meta pages were looked at (env_bytes). O(branch and
 * leaf pages). ERR_STORE.
 */
bool pages_check(int fd, uint64_t bytes, size_t page, struct err *err);

#endif
