/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files evaluation-NUMBER.json, of which those with the greatest numbers are kept. */
#include "config.h"

#include "store/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/time.h"
#include "store/folder.h"

#define RESULT_MOST (16 << 20)	/* bytes: an evaluation of many entrants has some 100 KB */

static const struct str head = {"evaluation-", 11}, tail = {".json", 5};

static bool is_run(struct str name)
{
	return name.len > head.len + tail.len && str_starts(name, head) &&
	       str_eq(str_span(name.ptr + name.len - tail.len, tail.len), tail);
}

/* The number that a name begins with. */
static uint64_t number_of(const char *name)
{
	struct str rest = str_from(name + head.len), digits;
	uint64_t number = 0;

	str_next(&rest, '-', &digits);
	while (digits.len > 1 && digits.ptr[0] == '0')
		digits = str_span(digits.ptr + 1, digits.len - 1);
	return num_u64(digits, &number) ? number : 0;
}

/* The newest first. */
static int by_number(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	uint64_t m = number_of(x), n = number_of(y);

	return m == n ? -str_cmp(str_from(x), str_from(y)) : m < n ? 1 : -1;
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
		qsort(names, n, sizeof *names, by_number);
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

/* evaluation-N-PID.json.PID-K.tmp is what a run that was killed left behind. */
static void visit_left(void *ctx, struct str name)
{
	const struct str end = STR(".tmp");
	struct str rest = name, part = STR(""), digits;
	uint64_t pid;

	if (!str_starts(name, head) || name.len <= end.len ||
	    !str_eq(str_span(name.ptr + name.len - end.len, end.len), end))
		return;
	for (int i = 0; i < 3; i++)
		if (!str_next(&rest, '.', &part))
			return;
	if (!str_next(&part, '-', &digits) || !num_u64(digits, &pid) || pid < 2 ||
	    pid > INT32_MAX || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
		return;
	SCOPED_FREE char *path = folder_file(ctx, name.ptr);

	unlink(path);
}

static void sweep(const char *store)
{
	SCOPED_FREE char *copy = mem_strdup(store);

	folder_each(store, visit_left, copy);
}

/* The time in ms, or where a clock that was ahead got there first, one more than the
 * newest: results are in the order in which they were kept. */
static uint64_t next_number(const char *store)
{
	int64_t now = time_now();
	uint64_t number = now > 0 ? (uint64_t)now : 0;
	size_t n;
	char **names = list_runs(store, &n);
	uint64_t newest = n ? number_of(names[0]) : 0;

	free_runs(names, n);
	return newest < number || newest == UINT64_MAX ? number : newest + 1;
}

bool results_add(const char *store, const json_t *run, struct err *err)
{
	char *text = json_dumps(run, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
	SCOPED(out) out = NULL;
	uint64_t number = next_number(store);
	STRBUF(path);

	if (!text)
		return err_fail(err, ERR_IO, "the evaluation can't be written as JSON");
	strbuf_addf(&path, "%s/%.*s%016ju-%ld%.*s", store, STR_ARG(head),
		    (uintmax_t)number, (long)getpid(), STR_ARG(tail));
	out = out_file(strbuf_c(&path), err);
	if (out) {
		out_add(out, str_from(text));
		out_addc(out, '\n');
	}
	free(text);
	if (!out || !out_close(out, err))
		return err_context(err, "keeping the evaluation");
	remove_old(store);
	sweep(store);
	return true;
}

static json_t *read_run(const char *store, const char *name)
{
	SCOPED_FREE char *path = folder_file(store, name);
	SCOPED_FD int fd = folder_open(path, O_RDONLY, NULL);
	struct stat st;
	bool fits = fd >= 0 && fstat(fd, &st) == 0 && st.st_size <= RESULT_MOST;
	json_t *run = fits ? json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (run && json_is_object(run) && json_is_array(json_object_get(run, "rows")))
		return run;
	json_decref(run);
	return NULL;
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
