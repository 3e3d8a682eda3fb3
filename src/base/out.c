/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffers data on its way out; a file gets its name only once it is whole and synced. */
#include "config.h"

#include "base/out.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

#define BUFFER ((size_t)64 << 10)

struct out {
	struct strbuf *memory;	/* not NULL: all goes there */
	char *buffer;		/* (BUFFER) */
	size_t used;
	int fd;
	bool own_fd, closed;
	char *path, *temporary;	/* a file that is to appear under path */
	struct err first;	/* the first error; code ERR_NONE: none */
};

static struct out *out_create(int fd)
{
	struct out *o = mem_zalloc(sizeof *o);

	assert(fd >= 0);
	o->fd = fd;
	o->buffer = mem_alloc(BUFFER);
	return o;
}

struct out *out_fd(int fd)
{
	return out_create(fd);
}

struct out *out_buffer(struct strbuf *b)
{
	struct out *o = mem_zalloc(sizeof *o);

	o->fd = -1;
	o->memory = b;
	return o;
}

/* A new file beside path, with the mode that the umask gives. */
static int open_beside(const char *path, char **name)
{
	for (unsigned i = 0; i < 1000; i++) {
		STRBUF(b);
		int fd;

		strbuf_addf(&b, "%s.%ld-%u.tmp", path, (long)getpid(), i);
		fd = open(strbuf_c(&b), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0)
			*name = strbuf_detach(&b);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

struct out *out_file(const char *path, struct err *err)
{
	SCOPED_FREE char *real = realpath(path, NULL);
	char *temporary = NULL;
	struct stat st;
	struct out *o;
	int fd;

	/* Through a link, the file it names is replaced, not the link; a device
	 * or a pipe is written to as it is. */
	if (real && stat(real, &st) == 0 && !S_ISREG(st.st_mode)) {
		fd = open(real, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	} else {
		if (!real)
			real = mem_strdup(path);
		fd = open_beside(real, &temporary);
	}
	if (fd < 0) {
		err_errno(err, errno, "can't write %s", path);
		return NULL;
	}
	o = out_create(fd);
	o->own_fd = true;
	o->temporary = temporary;
	if (temporary) {
		o->path = real;
		real = NULL;
	}
	return o;
}

void out_destroy(struct out *o)
{
	if (!o)
		return;
	if (o->own_fd && o->fd >= 0)
		close(o->fd);
	if (o->temporary)
		unlink(o->temporary);
	free(o->temporary);
	free(o->path);
	free(o->buffer);
	free(o);
}

/* A descriptor that does not block is waited for. */
static bool can_retry(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	if (errno == EINTR)
		return true;
	return (errno == EAGAIN || errno == EWOULDBLOCK) &&
	       (poll(&p, 1, -1) > 0 || errno == EINTR);
}

static void write_all(struct out *o, const char *p, size_t n)
{
	while (n > 0 && o->first.code == ERR_NONE) {
		ssize_t done = write(o->fd, p, n);

		if (done < 0) {
			if (!can_retry(o->fd))
				err_errno(&o->first, errno, "writing %s failed",
					  o->path ? o->path : "the output");
			continue;
		}
		p += done;
		n -= (size_t)done;
	}
}

static void write_buffer(struct out *o)
{
	write_all(o, o->buffer, o->used);
	o->used = 0;
}

void out_add(struct out *o, struct str s)
{
	if (o->memory) {
		strbuf_add(o->memory, s);
		return;
	}
	if (s.len > BUFFER - o->used) {
		write_buffer(o);
		if (s.len >= BUFFER) {
			write_all(o, s.ptr, s.len);
			return;
		}
	}
	if (s.len)
		memcpy(o->buffer + o->used, s.ptr, s.len);
	o->used += s.len;
}

void out_addc(struct out *o, char c)
{
	out_add(o, str_span(&c, 1));
}

void out_addf(struct out *o, const char *fmt, ...)
{
	STRBUF(b);
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(o->memory ? o->memory : &b, fmt, ap);
	va_end(ap);
	if (!o->memory)
		out_add(o, strbuf_str(&b));
}

bool out_failed(const struct out *o)
{
	return o->first.code != ERR_NONE;
}

bool out_is_tty(const struct out *o)
{
	return o->fd >= 0 && isatty(o->fd);
}

unsigned out_columns(const struct out *o)
{
	struct winsize size;

	if (o->fd < 0 || ioctl(o->fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static bool verdict(const struct out *o, struct err *err)
{
	if (o->first.code != ERR_NONE && err)
		*err = o->first;
	return o->first.code == ERR_NONE;
}

bool out_flush(struct out *o, struct err *err)
{
	if (!o->memory)
		write_buffer(o);
	return verdict(o, err);
}

/* The rename itself must survive a power cut too. */
static bool sync_folder(const char *path)
{
	SCOPED_FREE char *folder = mem_strdup(path);
	SCOPED_FD int fd = -1;
	char *slash = strrchr(folder, '/');

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
}

static void publish(struct out *o)
{
	bool ok = fsync(o->fd) == 0 || errno == EINVAL;

	if (ok)
		ok = rename(o->temporary, o->path) == 0;
	if (ok) {
		free(o->temporary);
		o->temporary = NULL;
		ok = sync_folder(o->path);
	}
	if (!ok)
		err_errno(&o->first, errno, "writing %s failed", o->path);
}

bool out_close(struct out *o, struct err *err)
{
	if (o->closed || o->memory)
		return verdict(o, err);
	o->closed = true;
	write_buffer(o);
	if (o->temporary && o->first.code == ERR_NONE)
		publish(o);
	if (o->own_fd) {
		if (close(o->fd) != 0 && errno != EINTR && o->first.code == ERR_NONE)
			err_errno(&o->first, errno, "writing %s failed",
				  o->path ? o->path : "the output");
		o->fd = -1;
	}
	return verdict(o, err);
}
