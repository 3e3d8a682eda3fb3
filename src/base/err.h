/* SPDX-License-Identifier: GPL-3.0-or-later */
/* err: what went wrong, in one sentence, and which exit code it means. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stdarg.h>

enum err_code {
	ERR_NONE,
	ERR_NO,		/* the answer is no: not found, nothing there    (exit 1) */
	ERR_FORMAT,	/* data were refused                             (exit 1) */
	ERR_USAGE,	/* the command line is wrong                     (exit 2) */
	ERR_STORE,	/* the store can't be opened or is damaged       (exit 3) */
	ERR_LOCKED,	/* someone else holds the lock, or a time limit  (exit 4) */
	ERR_IO,		/* reading or writing failed                     (exit 5) */
	ERR_NOSPACE,	/* the disk is full                              (exit 5) */
	ERR_NOMEM,	/* out of memory                                 (exit 5) */
	ERR_PIPE,	/* the reader of our output went away  (quiet, exit 0) */
	ERR_CANCELLED,	/* a person or a signal stopped the work       (exit 130) */
};

/*
 * A function that can fail takes `struct err *err` last, returns false and
 * fills it; its outputs are written on success only. err may be NULL where
 * the caller does not care. The text is one line of plain English: what, where
 * (file:line, column) and what to do. Input quoted in it is made harmless by
 * the front end that prints it.
 */
struct err {
	enum err_code code;
	char text[1024];
};

/* Set code and text; always returns false, so `return err_fail(...)` works. */
bool err_fail(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));
bool err_vfail(struct err *err, enum err_code code, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0), cold));

/* The same for a system call: ENOSPC and EDQUOT become ERR_NOSPACE, ENOMEM
 * ERR_NOMEM, EPIPE ERR_PIPE, the rest ERR_IO; strerror(errnum) is appended, or
 * "disk full" for ENOSPC. */
bool err_errno(struct err *err, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));

/* Put "context: " in front of the text that is there; returns false. */
bool err_context(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), cold));

/* The exit code that a code means (see the table above). */
int err_exit_code(enum err_code code);

#endif
