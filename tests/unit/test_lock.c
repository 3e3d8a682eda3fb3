/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "fixture.h"
#include "unit.h"

static void names_its_holder(void **state)
{
	char *folder = fixture_folder();
	char *path = fixture_path(folder, "lock");
	SCOPED(lock) l = NULL;
	SCOPED(lock) other = NULL;
	struct err err = {0};
	char pid[32];
	double start;

	assert_true(lock_take(&l, path, "aisle import\na\033[2Jb", 0, &err));
	start = time_now_monotonic();
	assert_false(lock_take(&other, path, "aisle train", 0.2, &err));
	assert_true(time_now_monotonic() - start >= 0.2);
	assert_true(time_now_monotonic() - start < 2);
	assert_null(other);
	assert_int_equal(err.code, ERR_LOCKED);
	snprintf(pid, sizeof pid, "locked by pid %ld (", (long)getpid());
	assert_non_null(strstr(err.text, pid));
	assert_non_null(strstr(err.text, ": aisle import a [2Jb) since 2"));
	assert_null(strchr(err.text, '\033'));
	lock_destroy(l);
	l = NULL;
	assert_true(lock_take(&other, path, "aisle train", 0, &err));
	free(path);
	fixture_remove(folder);
}

static void waits(void **state)
{
	char *folder = fixture_folder();
	char *path = fixture_path(folder, "lock");
	SCOPED(lock) l = NULL;
	struct err err = {0};
	int ready[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct lock *held;

		if (!lock_take(&held, path, "child", 0, NULL))
			_exit(1);
		(void)!write(ready[1], "", 1);
		usleep(200000);
		lock_destroy(held);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_true(lock_take(&l, path, "parent", 20, &err));
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	close(ready[0]);
	close(ready[1]);
	free(path);
	fixture_remove(folder);
}

/* A holder that is stopped still holds; one that is killed does not. */
static void stopped_and_killed(void **state)
{
	char *folder = fixture_folder();
	char *path = fixture_path(folder, "lock");
	SCOPED(lock) l = NULL;
	struct err err = {0};
	int ready[2], status;
	char byte, holder[32];
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct lock *held;

		if (!lock_take(&held, path, "child", 0, NULL))
			_exit(1);
		(void)!write(ready[1], "", 1);
		pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	kill(pid, SIGSTOP);
	assert_false(lock_take(&l, path, "parent", 0.1, &err));
	snprintf(holder, sizeof holder, "pid %ld ", (long)pid);
	assert_non_null(strstr(err.text, holder));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_true(lock_take(&l, path, "parent", 5, &err));
	close(ready[0]);
	close(ready[1]);
	free(path);
	fixture_remove(folder);
}

/* A lock file that is removed while someone waits must not give two holders. */
static void removed_file(void **state)
{
	char *folder = fixture_folder();
	char *path = fixture_path(folder, "lock");
	SCOPED(lock) l = NULL;
	SCOPED(lock) other = NULL;
	struct err err = {0};

	assert_true(lock_take(&l, path, "one", 0, &err));
	unlink(path);
	lock_destroy(l);
	l = NULL;
	assert_true(lock_take(&l, path, "two", 0, &err));
	assert_false(lock_take(&other, path, "three", 0, &err));
	free(path);
	path = fixture_path(folder, "no/such/lock");
	assert_false(lock_take(&other, path, "four", 0, &err));
	assert_int_equal(err.code, ERR_IO);
	free(path);
	fixture_remove(folder);
}

UNIT_TESTS(lock, UNIT(names_its_holder), UNIT(waits), UNIT(stopped_and_killed),
	   UNIT(removed_file))
