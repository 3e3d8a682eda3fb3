/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file is a head, the key and the state, with a checksum over both; a new one takes the old
 * one's place, so that whoever is killed while he writes leaves the one before. What can't be
 * believed isn't there.
 */
#include "config.h"

#include "store/unfinished.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/time.h"
#include "store/folder.h"

#define MAGIC UINT64_C(0x31646e6675736961)	/* "aisufnd1" */
#define LEAST 1.0	/* s from one time to the next */
#define SHARE 20	/* times as long as keeping takes */

struct head {
	uint64_t magic, key, state;	/* bytes of both */
	uint32_t crc, zero;
};

void unfinished_init(struct unfinished *u, const char *folder, const char *name)
{
	*u = (struct unfinished){.folder = folder, .name = name, .last = time_now_monotonic()};
}

static char *file_of(const struct unfinished *u, const char *end)
{
	STRBUF(name);

	strbuf_addf(&name, FOLDER_UNFINISHED "%s%s", u->name, end);
	return folder_file(u->folder, strbuf_c(&name));
}

bool unfinished_due(const struct unfinished *u)
{
	double pause;

	if (!u || u->always)
		return u;
	pause = SHARE * u->took > LEAST ? SHARE * u->took : LEAST;
	return time_now_monotonic() - u->last >= pause;
}

void unfinished_keep(struct unfinished *u, struct str key, struct str state)
{
	struct head h = {.magic = MAGIC, .key = key.len, .state = state.len};
	double start = time_now_monotonic();
	STRBUF(name);
	STRBUF(all);

	h.crc = crc32c(crc32c(0, key.ptr, key.len), state.ptr, state.len);
	strbuf_add(&all, str_span((const char *)&h, sizeof h));
	strbuf_add(&all, key);
	strbuf_add(&all, state);
	strbuf_addf(&name, FOLDER_UNFINISHED "%s", u->name);
	u->kept += folder_put(u->folder, strbuf_c(&name), strbuf_str(&all), NULL);
	u->last = time_now_monotonic();
	u->took = u->last - start;
}

static bool read_all(int fd, void *to, size_t n)
{
	char *at = to;

	while (n) {
		ssize_t got = read(fd, at, n);

		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

bool unfinished_find(const struct unfinished *u, struct str key, struct strbuf *state)
{
	SCOPED_FREE char *file = u ? file_of(u, "") : NULL;
	SCOPED_FREE char *own = NULL, *body = NULL;
	SCOPED_FD int fd = u ? folder_open(file, O_RDONLY, NULL) : -1;
	struct head h;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || !read_all(fd, &h, sizeof h) || h.magic != MAGIC ||
	    h.key != key.len || h.state > (uint64_t)st.st_size ||
	    (uint64_t)st.st_size != sizeof h + h.key + h.state)
		return false;
	own = mem_big(key.len, 1, "what was kept", NULL);
	body = mem_big((size_t)h.state, 1, "what was kept", NULL);
	if (!own || !body || !read_all(fd, own, key.len) || !read_all(fd, body, h.state) ||
	    memcmp(own, key.ptr, key.len) != 0 ||
	    crc32c(crc32c(0, own, key.len), body, (size_t)h.state) != h.crc)
		return false;
	strbuf_add(state, str_span(body, (size_t)h.state));
	return true;
}

void unfinished_remove(const struct unfinished *u)
{
	SCOPED_FREE char *file = file_of(u, ""), *other = file_of(u, FOLDER_TEMPORARY);

	unlink(file);
	unlink(other);
}
