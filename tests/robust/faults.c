/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loaded before the C library: makes one call fail, or the process die at it.
 *	FAULT_KIND	memory | files: which calls are counted
 *	FAULT_AT	the number of the call, from 1; none: only count
 *	FAULT_FROM	set: that call and all later ones
 *	FAULT_HOW	fail (default) | kill
 *	FAULT_COUNT	a file that gets the number of calls
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

enum kind {
	NONE,
	MEMORY,
	FILES,
};
static enum kind counted;
static bool from, kills;
static long at;
static atomic_long calls;
static pid_t owner;
static int count_file = -1;	/* open from the start: a sandbox lets none be opened later */

/* The real function, looked up before the counting starts. */
#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name)
{
	enum kind was = counted;
	void *p;

	counted = NONE;
	p = dlsym(RTLD_NEXT, name);
	counted = was;
	return p;
}

static bool strikes(enum kind kind)
{
	long n;

	if (kind != counted)
		return false;
	n = ++calls;
	if (!at || n < at || (n > at && !from))
		return false;
	if (kills)
		kill(getpid(), SIGKILL);
	return true;
}

static void __attribute__((constructor)) begin(void)
{
	const char *kind = getenv("FAULT_KIND"), *n = getenv("FAULT_AT");
	const char *how = getenv("FAULT_HOW"), *file = getenv("FAULT_COUNT");

	at = n ? strtol(n, NULL, 10) : 0;
	from = getenv("FAULT_FROM") != NULL;
	kills = how && strcmp(how, "kill") == 0;
	owner = getpid();
	if (file)
		count_file = REAL(open)(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (kind)
		counted = strcmp(kind, "memory") == 0 ? MEMORY : FILES;
}

static void __attribute__((destructor)) end(void)
{
	char text[32];
	int n;

	counted = NONE;
	if (count_file < 0 || getpid() != owner)
		return;
	n = snprintf(text, sizeof text, "%ld\n", (long)calls);
	if (REAL(write)(count_file, text, (size_t)n) != n)
		_exit(99);
	REAL(close)(count_file);
}

/* --- memory */

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	return strikes(MEMORY) ? no_memory() : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return strikes(MEMORY) ? no_memory() : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return strikes(MEMORY) ? no_memory() : __libc_realloc(p, size);
}

void *mmap(void *p, size_t size, int prot, int flags, int fd, off_t offset)
{
	if (strikes(MEMORY)) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return REAL(mmap)(p, size, prot, flags, fd, offset);
}

/* --- files: what changes a file or a folder, or makes a change last */

#define FAILING(type, name, params, args, error)		\
	type name params					\
	{							\
		if (strikes(FILES)) {				\
			errno = error;				\
			return -1;				\
		}						\
		return REAL(name) args;				\
	}

FAILING(int, rename, (const char *a, const char *b), (a, b), EIO)
FAILING(int, unlink, (const char *a), (a), EIO)
FAILING(int, mkdir, (const char *a, mode_t m), (a, m), EACCES)
FAILING(int, fsync, (int fd), (fd), EIO)
FAILING(int, fdatasync, (int fd), (fd), EIO)
FAILING(int, msync, (void *p, size_t n, int f), (p, n, f), EIO)
FAILING(int, ftruncate, (int fd, off_t n), (fd, n), EIO)
FAILING(int, flock, (int fd, int op), (fd, op), ENOLCK)
FAILING(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), ENOSPC)
FAILING(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t o), (fd, p, n, o), ENOSPC)

int posix_fallocate(int fd, off_t offset, off_t n)
{
	return strikes(FILES) ? ENOSPC : REAL(posix_fallocate)(fd, offset, n);
}

int open(const char *file, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = (mode_t)va_arg(ap, int);
	va_end(ap);
	if ((flags & (O_CREAT | O_WRONLY | O_RDWR)) && strikes(FILES)) {
		errno = EMFILE;
		return -1;
	}
	return REAL(open)(file, flags, mode);
}
