/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One inotify descriptor on the folder: renames to CURRENT and of models, and the end of
 * writing of those who decide. A user may have 128 of them at once; where there is none left a
 * timer has the folder looked at. */
#include "config.h"

#include "store/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/folder.h"

#define LOOK_EVERY 2	/* s, without inotify */

/* When what is watched changed last. */
struct looks {
	struct timespec current, decided, folder;
};

struct watch {
	int fd;
	char *path;		/* NULL: by inotify */
	struct looks seen;	/* else */
	bool models;		/* a model came and nobody asked yet */
	bool decisions;		/* likewise someone let go of their lock */
};

static int by_inotify(const char *path)
{
	SCOPED_FD int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	int given = fd;

	if (fd < 0 || inotify_add_watch(fd, path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0)
		return -1;
	fd = -1;
	return given;
}

static int by_timer(void)
{
	struct itimerspec every = {{LOOK_EVERY, 0}, {LOOK_EVERY, 0}};
	SCOPED_FD int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	int given = fd;

	if (fd < 0 || timerfd_settime(fd, 0, &every, NULL) != 0)
		return -1;
	fd = -1;
	return given;
}

static struct timespec changed_at(const char *folder, const char *name)
{
	SCOPED_FREE char *file = folder_file(folder, name);
	struct stat st;

	return stat(file, &st) == 0 ? st.st_mtim : (struct timespec){0};
}

static struct looks look(const char *path)
{
	return (struct looks){changed_at(path, FOLDER_CURRENT), changed_at(path, FOLDER_DECIDED),
			      changed_at(path, ".")};
}

static bool differs(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec || a.tv_nsec != b.tv_nsec;
}

/* Too many of the user's, of all, or too many files; the folder is there. */
static bool none_left(const char *path)
{
	int why = errno;
	SCOPED_FREE char *itself = folder_file(path, ".");

	errno = why;
	return (why == EMFILE || why == ENOSPC || why == ENFILE) && access(itself, R_OK) == 0;
}

bool watch_open(struct watch **w, const char *store_path, struct err *err)
{
	SCOPED(watch) new = mem_zalloc(sizeof *new);

	new->fd = by_inotify(store_path);
	if (new->fd < 0 && none_left(store_path)) {
		new->path = mem_strdup(store_path);
		new->seen = look(store_path);
		new->fd = by_timer();
	}
	if (new->fd < 0)
		return err_errno(err, errno, "can't watch %s", store_path);
	*w = new;
	new = NULL;
	return true;
}

void watch_destroy(struct watch *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	free(w->path);
	free(w);
}

int watch_fd(const struct watch *w)
{
	return w->fd;
}

/* Any change of the folder may be a model's. */
static bool look_again(struct watch *w)
{
	struct looks now = look(w->path), before = w->seen;
	uint64_t times;

	if (read(w->fd, &times, sizeof times) < 0)
		return false;	/* not yet */
	w->seen = now;
	w->models |= differs(now.folder, before.folder);
	w->decisions |= differs(now.decided, before.decided);
	return differs(now.current, before.current);
}

bool watch_changed(struct watch *w)
{
	char room[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool changed = false;
	ssize_t n;

	if (w->path)
		return look_again(w);
	while ((n = read(w->fd, room, sizeof room)) > 0 || (n < 0 && errno == EINTR)) {
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *e = (const void *)(room + at);
			bool moved = e->len && (e->mask & IN_MOVED_TO);

			/* After an overflow anything may have happened. */
			if ((e->mask & IN_Q_OVERFLOW) ||
			    (moved && str_is(str_from(e->name), FOLDER_CURRENT)))
				changed = true;
			w->models |= moved && str_starts(str_from(e->name),
							 STR(FOLDER_MODEL));
			w->decisions |= e->len && !moved &&
					str_is(str_from(e->name), FOLDER_DECIDED);
			at += (ssize_t)(sizeof *e + e->len);
		}
	}
	return changed;
}

bool watch_decisions(struct watch *w)
{
	bool decisions = w->decisions;

	w->decisions = false;
	return decisions;
}

bool watch_models(struct watch *w)
{
	bool models = w->models;

	w->models = false;
	return models;
}
