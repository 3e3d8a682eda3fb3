/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load_files: the files that an import is told to read, those of folders too. */
#ifndef CMD_LOAD_FILES_H
#define CMD_LOAD_FILES_H

#include "base/arena.h"
#include "base/err.h"

struct load_files {
	struct arena *arena;	/* of the names */
	const char **at;
	unsigned n;
	size_t cap;
};
/* Append a file; of a folder its files by name, but for those that begin with _ or . as
 * the marks that engines leave there. ERR_FORMAT for one without any. */
bool load_files_add(struct load_files *f, const char *path, struct err *err);
void load_files_finish(struct load_files *f);

#endif
