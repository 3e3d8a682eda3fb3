/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flock on a file that tells who holds it; a file replaced meanwhile is tried again. */
#include "config.h"

#include "store/lock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "base/time.h"
#include "store/folder.h"

/* Microseconds between two attempts: fewer, the longer one has waited. Whoever asks while it is
 * free gets it, so who came first asks more often than who came last. */
#define POLL_US 20000.0
#define POLL_LEAST_US 4000.0
#define POLL_FASTER 20.0	/* so many times as often after a second */

struct lock {
	int fd;
	bool shared;
};

void lock_destroy(struct lock *l)
{
	if (!l)
		return;
	/* Nothing stale for the next one who looks; it is freed by close. */
	if (!l->shared)
		(void)!ftruncate(l->fd, 0);
	close(l->fd);
	free(l);
}

/* One line, whatever the text holds. */
static void add_field(struct strbuf *b, const char *text)
{
	for (; *text; text++)
		strbuf_addc(b, (unsigned char)*text < ' ' ? ' ' : *text);
	strbuf_addc(b, '\n');
}

/* Who holds the lock, for the one who meets it: best effort, as the lock itself
 * is flock's and not the text. */
static void write_holder(int fd, const char *command)
{
	STRBUF(b);

	strbuf_addf(&b, "%ld\n", (long)getpid());
	strbuf_addf(&b, "%u\n", (unsigned)geteuid());
	add_field(&b, command);
	time_add_rfc3339(&b, time_now() / 1000 * 1000);
	strbuf_addc(&b, '\n');
	if (ftruncate(fd, 0) == 0)
		(void)!pwrite(fd, b.ptr, b.len, 0);
}

/* The name is looked up by who asks: a directory of users may be far away, and
 * its libraries crash when memory is short. */
static void add_user(struct strbuf *b, struct str uid)
{
	struct passwd pw, *found = NULL;
	char room[4096];
	uint64_t number;

	if (num_u64(uid, &number) && number < UINT32_MAX &&
	    getpwuid_r((uid_t)number, &pw, room, sizeof room, &found) == 0 && found)
		strbuf_adds(b, found->pw_name);
	else
		strbuf_addf(b, "uid %.*s", STR_ARG(uid));
}

static bool locked(int fd, struct err *err)
{
	char text[1024];
	ssize_t n = pread(fd, text, sizeof text, 0);
	struct str rest = str_span(text, n > 0 ? (size_t)n : 0), pid, uid, command, since;
	uint64_t number;
	STRBUF(user);

	if (!str_next(&rest, '\n', &pid) || !str_next(&rest, '\n', &uid) ||
	    !str_next(&rest, '\n', &command) || !str_next(&rest, '\n', &since) ||
	    !num_u64(pid, &number))
		return err_fail(err, ERR_LOCKED, "locked by another process");
	add_user(&user, uid);
	return err_fail(err, ERR_LOCKED, "locked by pid %.*s (%s: %.*s) since %.*s",
			STR_ARG(pid), strbuf_c(&user), STR_ARG(command), STR_ARG(since));
}

/* The file may have been removed between open and flock. */
static bool is_at(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static struct lock *keep(int *fd, bool shared)
{
	struct lock *l = mem_zalloc(sizeof *l);

	*l = (struct lock){.fd = *fd, .shared = shared};
	*fd = -1;
	return l;
}

/* Between two attempts; false: a signal came. */
static bool rest(double waited, const sigset_t *let)
{
	double us = fmax(POLL_US / (1 + POLL_FASTER * waited), POLL_LEAST_US);
	struct timespec t = {.tv_nsec = (long)(us * 1000)};

	return ppoll(NULL, 0, &t, let) == 0 || errno != EINTR;
}

/* NULL: an error. Signals are held back but for the rests between attempts: `let` are not. */
static struct lock *attempt(const char *path, bool shared, double wait, const sigset_t *let,
			    struct err *err)
{
	double end = time_now_monotonic() + wait;
	int flags = shared ? O_RDONLY : O_RDWR | O_CREAT;
	double now;

	for (;;) {
		SCOPED_FD int fd = folder_open(path, flags, err);

		if (fd < 0)
			return NULL;
		if (flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) {
			if (!is_at(fd, path))
				continue;
			return keep(&fd, shared);
		}
		if (errno != EWOULDBLOCK && errno != EINTR) {
			err_errno(err, errno, "can't lock %s", path);
			return NULL;
		}
		now = time_now_monotonic();
		if (now >= end) {
			locked(fd, err);
			return NULL;
		}
		/* Only a wish to stop interrupts. */
		if (!rest(wait - (end - now), let)) {
			err_fail(err, ERR_CANCELLED, "stopped");
			return NULL;
		}
	}
}

static struct lock *take(const char *path, bool shared, double wait, struct err *err)
{
	struct lock *l;
	sigset_t stops, before;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &stops, &before);
	l = attempt(path, shared, wait, &before, err);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return l;
}

bool lock_take(struct lock **l, const char *path, const char *command, double wait,
	       struct err *err)
{
	struct lock *taken = take(path, false, wait, err);

	assert(wait >= 0);
	if (!taken)
		return false;
	write_holder(taken->fd, command);
	*l = taken;
	return true;
}

bool lock_share(struct lock **l, const char *path, double wait, struct err *err)
{
	struct lock *taken = NULL;

	if (access(path, F_OK) == 0 && !(taken = take(path, true, wait, err)))
		return false;
	*l = taken;
	return true;
}
