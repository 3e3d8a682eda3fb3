/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each level in a process of its own, which then tries what it gave up. */
#include "config.h"

#include "base/sandbox.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "unit.h"

static char folder[64], inside[96], outside[96], new[96];

static void put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static int set_up(void **state)
{
	snprintf(folder, sizeof folder, "/tmp/aisle-sandbox-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(inside, sizeof inside, "%s/inside", folder);
	snprintf(outside, sizeof outside, "%s.outside", folder);
	snprintf(new, sizeof new, "%s.new", folder);
	put(inside);
	put(outside);
	return 0;
}

static int tear_down(void **state)
{
	unlink(inside);
	unlink(outside);
	rmdir(folder);
	return 0;
}

static bool opens(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool has_children(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

static void *nothing(void *arg)
{
	return arg;
}

static bool has_threads(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static bool opens_sockets(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool types_for_others(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	char key = 'x';

	return fd >= 0 && ioctl(fd, TIOCSTI, &key) == 0;
}

/* What is wrong, one bit each; 0x80: the kernel has neither. */
static int tried(enum sandbox_level level)
{
	struct sandbox got;
	int wrong = 0;

	sandbox_enter(level, folder, &got);
	if (!got.landlock && !got.calls)
		return 0x80;
	if (got.calls && (opens_sockets() || types_for_others()))
		wrong |= 1;
	if (!opens(inside, O_RDONLY) || !has_threads())
		wrong |= 2;
	if (level != SANDBOX_KIOSK && (!opens(outside, O_RDONLY) || !has_children()))
		wrong |= 4;
	if (level == SANDBOX_WORK)
		return opens(outside, O_WRONLY) ? wrong : wrong | 8;
	if ((got.landlock || level == SANDBOX_KIOSK) &&
	    (opens(inside, O_WRONLY) || opens(outside, O_RDWR) || opens(new, O_CREAT) ||
	     unlink(outside) == 0 || mkdir(new, 0700) == 0 ||
	     rename(inside, outside) == 0))
		wrong |= 16;
	if (level == SANDBOX_READ)
		return wrong;
	if (got.landlock && (opens(outside, O_RDONLY) || opens("/etc/passwd", O_RDONLY)))
		wrong |= 32;
#if !defined(__SANITIZE_ADDRESS__)
#if !defined(__has_feature)
	if (got.calls && has_children())
		wrong |= 64;
#endif
#endif
	return wrong;
}

static void holds(enum sandbox_level level)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(tried(level));
	assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	if (WEXITSTATUS(status) == 0x80)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void work(void **state)
{
	holds(SANDBOX_WORK);
}

static void reading(void **state)
{
	holds(SANDBOX_READ);
}

static void kiosk(void **state)
{
	holds(SANDBOX_KIOSK);
}

static void said(void **state)
{
	static const struct {
		struct sandbox s;
		const char *text;
	} rows[] = {
		{{6, true}, "files by Landlock 6, system calls by seccomp"},
		{{0, true}, "system calls by seccomp"},
		{{1, false}, "files by Landlock 1"},
		{{0, false}, "none: this kernel has neither Landlock nor seccomp"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		STRBUF(b);

		sandbox_add(&rows[i].s, &b);
		assert_string_equal(strbuf_c(&b), rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work),
		cmocka_unit_test(reading),
		cmocka_unit_test(kiosk),
		cmocka_unit_test(said),
	};

	return cmocka_run_group_tests_name("sandbox", tests, set_up, tear_down);
}
