/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a person's files are, by the XDG base directory rules, made when missing. */
#include "config.h"

#include "tui/xdg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"

#define READ_MAX ((size_t)1 << 20)

static const struct {
	const char *variable, *below_home;
} homes[] = {
	[XDG_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
	[XDG_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

bool xdg_path(enum xdg which, const char *name, bool make, struct strbuf *path)
{
	const char *own = getenv(homes[which].variable), *home = getenv("HOME");

	if (own && *own == '/')
		strbuf_addf(path, "%s/aisle/%s", own, name);
	else if (home && *home == '/')
		strbuf_addf(path, "%s/%s/aisle/%s", home, homes[which].below_home, name);
	else
		return false;
	for (char *p = path->ptr + 1; make && (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path->ptr, 0700);
		*p = '/';
	}
	return true;
}

bool xdg_read(enum xdg which, const char *name, struct strbuf *text)
{
	SCOPED_FD int fd = -1;
	ssize_t n = 0;
	STRBUF(path);

	if (!xdg_path(which, name, false, &path))
		return false;
	fd = open(strbuf_c(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	do {
		text->len += (size_t)n;
		strbuf_reserve(text, 4096);
		n = read(fd, text->ptr + text->len, 4095);
	} while (n > 0 && text->len < READ_MAX);
	text->ptr[text->len] = '\0';
	return n == 0;
}

bool xdg_write(enum xdg which, const char *name, struct str text)
{
	SCOPED_FD int fd = -1;
	size_t done = 0;
	STRBUF(path);
	STRBUF(beside);

	if (!xdg_path(which, name, true, &path))
		return false;
	strbuf_addf(&beside, "%s.%ld", strbuf_c(&path), (long)getpid());
	fd = open(strbuf_c(&beside), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	while (fd >= 0 && done < text.len) {
		ssize_t n = write(fd, text.ptr + done, text.len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fd >= 0 && done == text.len && rename(strbuf_c(&beside), strbuf_c(&path)) == 0)
		return true;
	if (fd >= 0)
		unlink(strbuf_c(&beside));
	return false;
}
