/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entry: where the parts of one array lie in a file; shared by build and store. */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include <stdbool.h>

#include "base/err.h"
#include "store/array.h"

/* An array's name: letters, digits and "/-_." */
#define ENTRY_NAME_MAX 200

struct entry {
	char *name;
	struct array array;
	uint64_t part_rows;	/* of every part but the last, which has the rest */
	uint32_t parts;
	uint64_t *offset;	/* (parts) where the part's data start in the file */
	uint32_t *crc;		/* (parts) */
	void *map;		/* the parts side by side; NULL for a single part */
	size_t map_size;
};

struct entry_list {
	struct entry *at;
	size_t n, cap;
};

/* A new entry at the end, zeroed but for its name and room for the parts. The
 * pointer is valid until the next one is added. */
struct entry *entry_add(struct entry_list *l, struct str name, uint32_t parts);
const struct entry *entry_find(const struct entry_list *l, struct str name);
void entry_list_finish(struct entry_list *l);

/* Bytes of one row. */
uint64_t entry_row(const struct entry *e);
/* Data and bytes of part i; array.data must be set. */
const void *entry_part(const struct entry *e, uint32_t i, uint64_t *bytes);
/* Map the parts of the file next to each other and set array.data. Every part
 * but the last must be whole pages. */
bool entry_map(struct entry *e, int fd, bool writable, struct err *err);

#endif
