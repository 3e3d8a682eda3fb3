/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files evaluation-TIME.json, of which the newest are kept. */
#include "config.h"

#include "store/results.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/time.h"
#include "store/folder.h"

static const struct str head = {"evaluation-", 11}, tail = {".json", 5};

static bool is_run(struct str name)
{
	return name.len > head.len + tail.len && str_starts(name, head) &&
	       str_eq(str_span(name.ptr + name.len - tail.len, tail.len), tail);
}

/* The newest first: names begin with their time. */
static int by_name(const void *a, const void *b)
{
	return -str_cmp(str_from(*(char *const *)a), str_from(*(char *const *)b));
}

static char **list_runs(const char *store, size_t *count)
{
	DIR *dir = opendir(store);
	struct dirent *e;
	char **names = NULL;
	size_t n = 0, cap = 0;

	while (dir && (e = readdir(dir)) != NULL) {
		if (!is_run(str_from(e->d_name)))
			continue;
		MEM_GROW(names, cap, n + 1);
		names[n++] = mem_strdup(e->d_name);
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(names, n, sizeof *names, by_name);
	*count = n;
	return names;
}

static void free_runs(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static void remove_old(const char *store)
{
	size_t n;
	char **names = list_runs(store, &n);

	for (size_t i = RESULTS_KEPT; i < n; i++) {
		SCOPED_FREE char *path = folder_file(store, names[i]);

		unlink(path);
	}
	free_runs(names, n);
}

bool results_add(const char *store, const json_t *run, struct err *err)
{
	char *text = json_dumps(run, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
	SCOPED(out) out = NULL;
	STRBUF(path);

	if (!text)
		return err_fail(err, ERR_IO, "the evaluation can't be written as JSON");
	strbuf_addf(&path, "%s/%.*s%016jd-%ld%.*s", store, STR_ARG(head),
		    (intmax_t)time_now(), (long)getpid(), STR_ARG(tail));
	out = out_file(strbuf_c(&path), err);
	if (out) {
		out_add(out, str_from(text));
		out_addc(out, '\n');
	}
	free(text);
	if (!out || !out_close(out, err))
		return err_context(err, "keeping the evaluation");
	remove_old(store);
	return true;
}

static json_t *read_run(const char *store, const char *name)
{
	SCOPED_FREE char *path = folder_file(store, name);
	json_t *run = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);

	if (run && json_is_object(run) && json_is_array(json_object_get(run, "rows")))
		return run;
	json_decref(run);
	return NULL;
}

json_t *results_newest(const char *store)
{
	size_t n;
	char **names = list_runs(store, &n);
	json_t *run = NULL;

	for (size_t i = 0; i < n && !run; i++)
		run = read_run(store, names[i]);
	free_runs(names, n);
	return run;
}

json_t *results_all(const char *store)
{
	json_t *all = json_array();
	size_t n;
	char **names = list_runs(store, &n);

	for (size_t i = 0; i < n; i++) {
		json_t *run = read_run(store, names[i]);

		if (run)
			json_array_append_new(all, run);
	}
	free_runs(names, n);
	return all;
}
