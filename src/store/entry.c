/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of arrays with their parts, found by name. */
#include "config.h"

#include "store/entry.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

struct entry *entry_add(struct entry_list *l, struct str name, uint32_t parts)
{
	struct entry *e;

	MEM_GROW(l->at, l->cap, l->n + 1);
	e = &l->at[l->n++];
	*e = (struct entry){.parts = parts};
	e->name = mem_zalloc(name.len + 1);
	memcpy(e->name, name.ptr, name.len);
	e->offset = mem_zalloc(parts * sizeof *e->offset);
	e->crc = mem_zalloc(parts * sizeof *e->crc);
	return e;
}

const struct entry *entry_find(const struct entry_list *l, struct str name)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_is(name, l->at[i].name))
			return &l->at[i];
	return NULL;
}

void entry_list_finish(struct entry_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct entry *e = &l->at[i];

		if (e->map)
			munmap(e->map, e->map_size);
		free(e->name);
		free(e->offset);
		free(e->crc);
	}
	free(l->at);
	*l = (struct entry_list){0};
}

uint64_t entry_row(const struct entry *e)
{
	return (uint64_t)array_size(e->array.type) * e->array.columns;
}

const void *entry_part(const struct entry *e, uint32_t i, uint64_t *bytes)
{
	uint64_t first = i * e->part_rows, rows = e->array.rows - first;

	if (i + 1 < e->parts)
		rows = e->part_rows;
	*bytes = rows * entry_row(e);
	return (const char *)e->array.data + first * entry_row(e);
}

/* Address space first, so that the parts can be laid over it without a gap;
 * the pages are the file's own, nothing is copied. */
bool entry_map(struct entry *e, int fd, bool writable, struct err *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (e->array.rows * entry_row(e) + page - 1) / page * page;
	int protect = PROT_READ | (writable ? PROT_WRITE : 0);
	char *base = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			  -1, 0);

	if (base == MAP_FAILED)
		return err_errno(err, errno, "can't map array %s", e->name);
	e->map = base;
	e->map_size = size;
	e->array.data = base;
	for (uint32_t i = 0; i < e->parts; i++) {
		uint64_t bytes;
		void *at = (void *)entry_part(e, i, &bytes);

		if (e->offset[i] % page || (uintptr_t)at % page)
			return err_fail(err, ERR_STORE,
					"array %s was split for pages of another size than "
					"this machine's %zu bytes", e->name, page);
		if (mmap(at, bytes, protect, MAP_SHARED | MAP_FIXED, fd,
			 (off_t)e->offset[i]) == MAP_FAILED)
			return err_errno(err, errno, "can't map array %s", e->name);
	}
	return true;
}
