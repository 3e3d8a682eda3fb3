/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Engines write a table as a folder of parts, whose names say their order. */
#include "config.h"

#include "cmd/load_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"

static void add_name(struct load_files *f, struct str name)
{
	MEM_GROW(f->at, f->cap, f->n + 1);
	f->at[f->n++] = name.ptr;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_folder(struct load_files *f, const char *path, struct err *err)
{
	unsigned from = f->n;
	struct dirent *e;
	struct stat st;
	DIR *d = opendir(path);

	if (!d)
		return err_errno(err, errno, "cannot read the folder %s", path);
	while ((e = readdir(d))) {
		struct str name = arena_printf(f->arena, "%s/%s", path, e->d_name);

		if (e->d_name[0] != '_' && e->d_name[0] != '.' && stat(name.ptr, &st) == 0 &&
		    S_ISREG(st.st_mode))
			add_name(f, name);
	}
	closedir(d);
	if (f->n == from)
		return err_fail(err, ERR_FORMAT, "the folder %s holds no files", path);
	qsort(f->at + from, f->n - from, sizeof *f->at, by_name);
	return true;
}

bool load_files_add(struct load_files *f, const char *path, struct err *err)
{
	struct stat st;

	if (!f->arena)
		f->arena = arena_create();
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(f, path, err);
	add_name(f, arena_str(f->arena, str_from(path)));
	return true;
}

void load_files_finish(struct load_files *f)
{
	free(f->at);
	if (f->arena)
		arena_destroy(f->arena);
	*f = (struct load_files){0};
}
