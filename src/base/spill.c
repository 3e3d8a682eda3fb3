/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An unlinked file that grows at its end from any thread and is read through maps. */
#include "config.h"

#include "base/spill.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#define MAP_UNIT ((uint64_t)4096)

struct mapping {
	struct mapping *next;
	void *p;
	size_t n;
};

struct spill {
	int fd;
	char *folder;
	atomic_uint_fast64_t end;
	struct mapping *maps;
};

bool spill_unnamed(const char *folder, int *fd)
{
	STRBUF(path);

	*fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*fd >= 0 || errno == ENOENT || errno == EACCES || errno == ENOSPC)
		return *fd >= 0;
	/* A file system that has no files without a name; import sweeps this one away
	 * should the process be killed before the next line but one. */
	strbuf_addf(&path, "%s/building-spill-XXXXXX", folder);
	*fd = mkostemp(path.ptr, O_CLOEXEC);
	if (*fd >= 0)
		unlink(strbuf_c(&path));
	return *fd >= 0;
}

bool spill_open(struct spill **out, const char *folder, struct err *err)
{
	struct spill *s;
	int fd;

	if (!spill_unnamed(folder, &fd))
		return err_errno(err, errno, "can't make a temporary file in %s", folder);
	s = mem_zalloc(sizeof *s);
	s->fd = fd;
	s->folder = mem_strdup(folder);
	atomic_init(&s->end, 0);
	*out = s;
	return true;
}

void spill_destroy(struct spill *s)
{
	struct mapping *next;

	if (!s)
		return;
	for (struct mapping *m = s->maps; m; m = next) {
		next = m->next;
		munmap(m->p, m->n);
		free(m);
	}
	close(s->fd);
	free(s->folder);
	free(s);
}

static bool failed(const struct spill *s, int code, struct err *err)
{
	if (code == ENOSPC || code == EDQUOT || code == EFBIG)
		return err_fail(err, ERR_NOSPACE, "disk full: the temporary file in %s has "
				"%ju bytes and needs more (--memory lets more stay in "
				"memory)", s->folder, (uintmax_t)atomic_load(&s->end));
	return err_errno(err, code, "the temporary file in %s", s->folder);
}

bool spill_write(struct spill *s, const void *p, size_t n, uint64_t *at, struct err *err)
{
	uint64_t to = atomic_fetch_add(&s->end, n);

	*at = to;
	for (const char *from = p; n > 0;) {
		ssize_t done = pwrite(s->fd, from, n, (off_t)to);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return failed(s, done < 0 ? errno : ENOSPC, err);
		from += done;
		to += (uint64_t)done;
		n -= (size_t)done;
	}
	return true;
}

bool spill_read(struct spill *s, struct spill_range r, void *p, struct err *err)
{
	for (char *to = p; r.n > 0;) {
		ssize_t done = pread(s->fd, to, r.n, (off_t)r.at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return failed(s, done < 0 ? errno : EIO, err);
		to += done;
		r.at += (uint64_t)done;
		r.n -= (size_t)done;
	}
	return true;
}

/* Map n bytes from a whole page on. */
static bool map(struct spill *s, uint64_t at, size_t n, int mode, void **p,
		struct err *err)
{
	void *to = mmap(NULL, n, mode, MAP_SHARED, s->fd, (off_t)at);
	struct mapping *m;

	if (to == MAP_FAILED)
		return err_errno(err, errno, "can't map the temporary file in %s",
				 s->folder);
	m = mem_zalloc(sizeof *m);
	*m = (struct mapping){s->maps, to, n};
	s->maps = m;
	*p = to;
	return true;
}

bool spill_view(struct spill *s, struct spill_range r, const void **p, struct err *err)
{
	uint64_t from = r.at / MAP_UNIT * MAP_UNIT;
	void *to;

	assert(r.at + r.n <= atomic_load(&s->end));
	if (!map(s, from, (size_t)(r.at - from) + r.n + 1, PROT_READ, &to, err))
		return false;
	*p = (const char *)to + (r.at - from);
	return true;
}

bool spill_map(struct spill *s, size_t n, void **p, struct err *err)
{
	uint64_t room = (n + MAP_UNIT) / MAP_UNIT * MAP_UNIT, at;
	int rc;

	/* Room for it from a whole page on. */
	at = (atomic_fetch_add(&s->end, room + MAP_UNIT) + MAP_UNIT - 1) / MAP_UNIT *
		MAP_UNIT;
	do {
		rc = posix_fallocate(s->fd, (off_t)at, (off_t)room);
	} while (rc == EINTR);
	if (rc != 0)
		return failed(s, rc, err);
	return map(s, at, room, PROT_READ | PROT_WRITE, p, err);
}

uint64_t spill_machine_memory(void)
{
	uint64_t pages = (uint64_t)sysconf(_SC_PHYS_PAGES), group;
	uint64_t bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	SCOPED_FD int fd = open("/sys/fs/cgroup/memory.max", O_RDONLY | O_CLOEXEC);
	char text[32];
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);

	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (n > 0 && num_u64(str_span(text, (size_t)n), &group) && group < bytes)
		bytes = group;
	return bytes;
}
