/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/out.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "unit.h"

struct folder {
	char path[64];
};

static int enter(void **state)
{
	static struct folder f;

	snprintf(f.path, sizeof f.path, "/tmp/aisle-out-XXXXXX");
	if (!mkdtemp(f.path))
		return -1;
	signal(SIGPIPE, SIG_IGN);
	*state = &f;
	return 0;
}

/* How many files are there; removes them when asked. */
static unsigned files(const struct folder *f, bool remove_them)
{
	DIR *d = opendir(f->path);
	unsigned n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		if (remove_them)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	return n;
}

static int leave(void **state)
{
	struct folder *f = *state;

	files(f, true);
	return rmdir(f->path);
}

static const char *in(const struct folder *f, const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", f->path, name);
	return path;
}

static void into_memory(void **state)
{
	STRBUF(b);
	SCOPED(out) o = out_buffer(&b);
	struct err err;

	out_add(o, STR("one"));
	out_addc(o, ' ');
	out_addf(o, "%03d", 7);
	assert_false(out_is_tty(o));
	assert_int_equal(out_columns(o), 0);
	assert_true(out_close(o, &err));
	assert_string_equal(strbuf_c(&b), "one 007");
}

static void file_appears_at_close(void **state)
{
	struct folder *f = *state;
	char path[128];
	struct err err;
	size_t len;
	char *text;
	struct stat st;
	mode_t mask = umask(022);

	snprintf(path, sizeof path, "%s", in(f, "a"));
	SCOPED(out) o = out_file(path, &err);
	assert_non_null(o);
	for (int i = 0; i < 100000; i++)
		out_addf(o, "%06d\n", i);
	assert_int_equal(access(path, F_OK), -1);
	assert_true(out_close(o, &err));
	assert_true(out_close(o, &err));
	umask(mask);
	text = unit_read(path, &len);
	assert_int_equal(len, 700000);
	assert_memory_equal(text + 699993, "099999\n", 7);
	free(text);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(files(f, true), 1);
}

static void nothing_is_kept_without_close(void **state)
{
	struct folder *f = *state;
	struct err err;
	struct out *o = out_file(in(f, "b"), &err);

	out_add(o, STR("text"));
	assert_true(out_flush(o, &err));
	out_destroy(o);
	assert_int_equal(files(f, true), 0);
	out_destroy(NULL);
}

static void through_links_and_into_devices(void **state)
{
	struct folder *f = *state;
	char target[128], link[128];
	struct err err;
	struct stat st;
	struct out *o;

	snprintf(target, sizeof target, "%s", in(f, "target"));
	snprintf(link, sizeof link, "%s", in(f, "link"));
	close(open(target, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(symlink(target, link), 0);
	o = out_file(link, &err);
	out_add(o, STR("new"));
	assert_true(out_close(o, &err));
	out_destroy(o);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(target, &st), 0);
	assert_int_equal(st.st_size, 3);
	files(f, true);

	o = out_file("/dev/null", &err);
	assert_non_null(o);
	out_add(o, STR("x"));
	assert_true(out_close(o, &err));
	out_destroy(o);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void errors_are_remembered(void **state)
{
	struct folder *f = *state;
	struct err err = {0};
	int ends[2];
	struct out *o;

	assert_null(out_file(in(f, "no/such/folder"), &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "no/such/folder"));

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	o = out_fd(ends[1]);
	out_add(o, STR("x"));
	assert_false(out_failed(o));
	assert_false(out_flush(o, &err));
	assert_int_equal(err.code, ERR_PIPE);
	assert_true(out_failed(o));
	out_add(o, STR("y"));
	assert_false(out_close(o, &err));
	out_destroy(o);
	close(ends[1]);

	if (access("/dev/full", W_OK) != 0)
		return;
	o = out_file("/dev/full", &err);
	out_add(o, STR("x"));
	assert_false(out_close(o, &err));
	assert_int_equal(err.code, ERR_NOSPACE);
	out_destroy(o);
}

/* A full pipe that does not block is waited for, not an error. */
static void slow_reader(void **state)
{
	static char block[300000];
	struct err err;
	int ends[2], status;
	struct out *o;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		size_t total = 0;
		ssize_t n;

		close(ends[1]);
		while ((n = read(ends[0], block, 1000)) > 0)
			total += (size_t)n;
		_exit(total == sizeof block ? 0 : 1);
	}
	close(ends[0]);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	o = out_fd(ends[1]);
	out_add(o, str_span(block, sizeof block));
	assert_true(out_close(o, &err));
	out_destroy(o);
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(into_memory), UNIT(file_appears_at_close),
		UNIT(nothing_is_kept_without_close),
		UNIT(through_links_and_into_devices), UNIT(errors_are_remembered),
		UNIT(slow_reader),
	};

	return cmocka_run_group_tests_name("out", tests, enter, leave);
}
