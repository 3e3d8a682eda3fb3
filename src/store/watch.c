/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One inotify descriptor on the folder: renames to CURRENT and of models, and the end of
 * writing of those who decide. */
#include "config.h"

#include "store/watch.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/folder.h"

struct watch {
	int fd;
	bool models;		/* a model came and nobody asked yet */
	bool decisions;		/* likewise someone let go of their lock */
};

bool watch_open(struct watch **w, const char *store_path, struct err *err)
{
	SCOPED_FD int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return err_errno(err, errno, "can't watch %s", store_path);
	if (inotify_add_watch(fd, store_path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0)
		return err_errno(err, errno, "can't watch %s", store_path);
	*w = mem_zalloc(sizeof **w);
	(*w)->fd = fd;
	fd = -1;
	return true;
}

void watch_destroy(struct watch *w)
{
	if (!w)
		return;
	close(w->fd);
	free(w);
}

int watch_fd(const struct watch *w)
{
	return w->fd;
}

bool watch_changed(struct watch *w)
{
	char room[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool changed = false;
	ssize_t n;

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
