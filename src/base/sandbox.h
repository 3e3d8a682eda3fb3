/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sandbox: what a process gives up for good, so that a file that outwits a parser or a visitor
 * who outwits a screen gets nothing by it. */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>

struct err;
struct strbuf;

enum sandbox_level {
	/* Starts no programs, opens no sockets, looks into no other process. */
	SANDBOX_WORK,
	/* That, and changes no files but those open already. */
	SANDBOX_READ,
	/* That, has no children, and reads `folder` and what the system's libraries need alone.
	 * Needs one of the two. */
	SANDBOX_KIOSK,
};

/* What the kernel granted. */
struct sandbox {
	int landlock;	/* version of Landlock that guards files; 0: none does */
	bool calls;	/* seccomp refuses system calls */
};

/*
 * For this thread and those that it starts, so before there are others. `folder` (kiosk) is
 * also the only place of which SANDBOX_READ may remove files: what the last reader of an old
 * generation does; NULL: none. Where a kernel has neither Landlock nor seccomp, *got says so.
 */
void sandbox_enter(enum sandbox_level level, const char *folder, struct sandbox *got);
/* The kiosk's; ERR_NO with neither. */
bool sandbox_kiosk(const char *folder, struct err *err);
/* "files by Landlock 6, system calls by seccomp", or "none: ...". */
void sandbox_add(const struct sandbox *s, struct strbuf *b);

#endif
