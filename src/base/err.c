/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of a bounded length, never cut inside a character, and their exit codes. */
#include "config.h"

#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX sizeof(((struct err *)0)->text)

/* A cut text must not end inside a UTF-8 character. */
static void drop_cut_character(char *text, size_t len)
{
	size_t i = len;

	while (i > 0 && len - i < 4 && ((unsigned char)text[i - 1] & 0xc0) == 0x80)
		i--;
	if (i > 0 && (unsigned char)text[i - 1] >= 0xc0)
		i--;
	text[i] = '\0';
}

/* Formats to a copy first: the arguments may point into err->text. */
static void set_text(struct err *err, const char *fmt, va_list ap, const char *tail)
	__attribute__((format(printf, 2, 0)));
static void set_text(struct err *err, const char *fmt, va_list ap, const char *tail)
{
	char text[TEXT_MAX];
	int n = vsnprintf(text, sizeof text, fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n;

	if (n < 0)
		text[0] = '\0';
	if (len < sizeof text && tail)
		len += (size_t)snprintf(text + len, sizeof text - len, ": %s", tail);
	if (len >= sizeof text)
		drop_cut_character(text, sizeof text - 1);
	memcpy(err->text, text, sizeof text);
}

bool err_vfail(struct err *err, enum err_code code, const char *fmt, va_list ap)
{
	if (!err)
		return false;
	set_text(err, fmt, ap, NULL);
	err->code = code;
	return false;
}

bool err_fail(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vfail(err, code, fmt, ap);
	va_end(ap);
	return false;
}

static enum err_code code_of(int errnum)
{
	switch (errnum) {
	case ENOSPC:
	case EDQUOT:
		return ERR_NOSPACE;
	case ENOMEM:
		return ERR_NOMEM;
	case EPIPE:
		return ERR_PIPE;
	default:
		return ERR_IO;
	}
}

/* The same two words wherever a disk is full. */
static const char *reason_of(int errnum, char *room, size_t size)
{
	return errnum == ENOSPC ? "disk full" : strerror_r(errnum, room, size);
}

bool err_errno(struct err *err, int errnum, const char *fmt, ...)
{
	char reason[128];
	va_list ap;

	if (!err)
		return false;
	va_start(ap, fmt);
	set_text(err, fmt, ap, reason_of(errnum, reason, sizeof reason));
	va_end(ap);
	err->code = code_of(errnum);
	return false;
}

bool err_context(struct err *err, const char *fmt, ...)
{
	char old[TEXT_MAX];
	va_list ap;

	if (!err)
		return false;
	memcpy(old, err->text, sizeof old);
	va_start(ap, fmt);
	set_text(err, fmt, ap, old);
	va_end(ap);
	return false;
}

int err_exit_code(enum err_code code)
{
	static const int exits[] = {
		[ERR_NONE] = 0,   [ERR_NO] = 1,      [ERR_FORMAT] = 1,
		[ERR_USAGE] = 2,  [ERR_STORE] = 3,   [ERR_LOCKED] = 4,
		[ERR_IO] = 5,     [ERR_NOSPACE] = 5, [ERR_NOMEM] = 5,
		[ERR_PIPE] = 0,   [ERR_CANCELLED] = 130,
	};

	return (size_t)code < sizeof exits / sizeof *exits ? exits[code] : 1;
}
