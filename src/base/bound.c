/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The allocator maps a big block by itself and unmaps it when it is freed, whatever its pages
 * are by then. So the pages of such a block can be exchanged for those of a file, and free()
 * lets go of both; realloc(), which can't move the two kinds together, copies.
 */
#include "config.h"

#include "base/bound.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "base/spill.h"

/* Blocks from here on are mapped, and those from there on are worth a file. */
#define MAP_FROM ((size_t)128 << 10)
#define FILE_FROM ((size_t)256 << 10)
/* A quarter of the bound is for what is smaller, and for blocks that wait to be filled. */
#define SLACK 4

static struct {
	atomic_uint_fast64_t bytes;	/* 0: no bound */
	pthread_mutex_t lock;		/* of the rest */
	char *folder;
	int statm;
	uint64_t failed;		/* bytes that stayed in memory */
	int why;
} bound = {.lock = PTHREAD_MUTEX_INITIALIZER, .statm = -1};

void bound_start(uint64_t bytes, const char *folder)
{
	bound_end();
	if (!bytes)
		return;
	pthread_mutex_lock(&bound.lock);
	bound.failed = 0;
	bound.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	bound.folder = strdup(folder);
	/* Blocks that share a piece of the heap can't be laid into files. */
	if (bound.statm >= 0 && bound.folder && mallopt(M_MMAP_THRESHOLD, (int)MAP_FROM))
		atomic_store(&bound.bytes, bytes);
	pthread_mutex_unlock(&bound.lock);
}

void bound_end(void)
{
	pthread_mutex_lock(&bound.lock);
	atomic_store(&bound.bytes, 0);
	if (bound.statm >= 0)
		close(bound.statm);
	bound.statm = -1;
	free(bound.folder);
	bound.folder = NULL;
	pthread_mutex_unlock(&bound.lock);
}

/* "size resident shared ...", in pages. */
static uint64_t anonymous_bytes(void)
{
	char text[128];
	ssize_t n = pread(bound.statm, text, sizeof text, 0);
	uint64_t word[3] = {0};

	for (ssize_t i = 0, k = 0; i < n && k < 3; i++)
		if (text[i] == ' ')
			k++;
		else
			word[k] = word[k] * 10 + (uint64_t)(text[i] - '0');
	return word[1] > word[2] ? (word[1] - word[2]) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

bool bound_asks(size_t bytes)
{
	uint64_t most = atomic_load_explicit(&bound.bytes, memory_order_relaxed);
	bool asks;

	if (!most || bytes < FILE_FROM)
		return false;
	pthread_mutex_lock(&bound.lock);
	asks = bound.folder && anonymous_bytes() + bytes > most - most / SLACK;
	pthread_mutex_unlock(&bound.lock);
	return asks;
}

/* Is it mapped for itself alone? Sanitizers' allocators map all of that size so (and take no
 * mallopt, so that there is no bound to keep). */
static bool stands_alone(const void *p)
{
#if SANITIZED
	return p != NULL;
#elif defined(__GLIBC__)
	/* The word before a block: its size, and the flag IS_MMAPPED. */
	return ((const size_t *)p)[-1] & 2;
#else
	return false;
#endif
}

/* Exchange the pages for those of a new file; false with errno. */
static bool lay_pages(void *begin, size_t bytes)
{
	bool made;
	int fd, rc;

	pthread_mutex_lock(&bound.lock);
	errno = 0;
	made = bound.folder && spill_unnamed(bound.folder, &fd);
	pthread_mutex_unlock(&bound.lock);
	if (!made)
		return errno == 0;	/* there is no bound any more */
	/* Disk space first: a write to a page without any is a signal. What is mapped keeps the
	 * file. */
	rc = posix_fallocate(fd, 0, (off_t)bytes);
	if (rc == 0 && mmap(begin, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
			       MAP_FAILED)
		rc = errno;
	close(fd);
	errno = rc;
	return rc == 0;
}

void bound_lay(void *p, size_t bytes)
{
	const uintptr_t page = 4096;
	uintptr_t begin = ((uintptr_t)p + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)p + bytes) & ~(page - 1);
	int why;

	if (end <= begin || !stands_alone(p) || lay_pages((void *)begin, end - begin))
		return;
	why = errno;
	pthread_mutex_lock(&bound.lock);
	if (!bound.failed)
		bound.why = why;
	bound.failed += end - begin;
	pthread_mutex_unlock(&bound.lock);
}

uint64_t bound_failed(int *why)
{
	uint64_t bytes;

	pthread_mutex_lock(&bound.lock);
	bytes = bound.failed;
	*why = bound.why;
	pthread_mutex_unlock(&bound.lock);
	return bytes;
}
