/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small allocations end the program, big ones fail; big ones ask for huge pages. */
#include "config.h"

#include "base/mem.h"

#include <assert.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bound.h"
#include "base/err.h"
#include "base/num.h"

#define HUGE_FROM ((size_t)4 << 20)
#define TOUCH_FROM ((size_t)128 << 10)	/* the heap's pages, below that, were written before */
#define PAGE ((uintptr_t)4096)

static atomic_flag said = ATOMIC_FLAG_INIT;

/* The one place that ends the process: nothing can be allocated for a better
 * message, and small things are too many to check. quick_exit, as other threads
 * still run: it calls what restores a terminal (at_quick_exit) and no more. */
static void out_of_memory(void) __attribute__((noreturn, cold));
static void out_of_memory(void)
{
	static const char text[] = "aisle: out of memory\n";
	ssize_t ignored;

	/* Several threads may get here; the first says it and ends them all. */
	while (atomic_flag_test_and_set(&said))
		pause();
	ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	quick_exit(err_exit_code(ERR_NOMEM));
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *mem_zalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

/* realloc() by a copy in a file where there is a bound. Fails as it does. */
static void *big_resize(void *p, size_t bytes)
{
	size_t old;
	void *q;

	if (!bound_asks(bytes))
		return realloc(p, bytes ? bytes : 1);
	q = calloc(1, bytes);
	if (!q)
		return NULL;
	bound_lay(q, bytes);
	old = malloc_usable_size(p);
	if (p)
		memcpy(q, p, old < bytes ? old : bytes);
	free(p);
	return q;
}

void *mem_resize(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory();
	p = big_resize(p, bytes);
	if (!p)
		out_of_memory();
	return p;
}

void *mem_dup(const void *p, size_t size)
{
	void *copy = mem_alloc(size);

	assert(p || size == 0);
	if (size)
		memcpy(copy, p, size);
	return copy;
}

char *mem_strdup(const char *s)
{
	return mem_dup(s, strlen(s) + 1);
}

static bool big_fails(size_t n, size_t size, const char *what, struct err *err)
{
	size_t bytes;
	STRBUF(text);

	if (__builtin_mul_overflow(n, size, &bytes))
		return err_fail(err, ERR_NOMEM, "out of memory: %s has too many items",
				what);
	num_add_bytes(&text, bytes);
	return err_fail(err, ERR_NOMEM, "out of memory: %s needs %s", what,
			strbuf_c(&text));
}

/* Of the whole pages in a block. A wish only; a no is no error. */
static void advise(void *p, size_t bytes, int advice)
{
	uintptr_t begin = ((uintptr_t)p + PAGE - 1) & ~(PAGE - 1);

	madvise((void *)begin, ((uintptr_t)p + bytes - begin) & ~(PAGE - 1), advice);
}

/* Big blocks are mapped afresh: with huge pages they cost a fraction of the page
 * faults and of the address cache. */
static void wish_huge(void *p, size_t bytes)
{
	if (bytes >= HUGE_FROM)
		advise(p, bytes, MADV_HUGEPAGE);
}

void *mem_big(size_t n, size_t size, const char *what, struct err *err)
{
	void *p = calloc(n && size ? n : 1, size ? size : 1);

	if (!p)
		big_fails(n, size, what, err);
	else if (bound_asks(n * size))
		bound_lay(p, n * size);
	else
		wish_huge(p, n * size);
	return p;
}

void mem_touch(void *p, size_t n, size_t size)
{
#ifdef MADV_POPULATE_WRITE
	if (n * size >= TOUCH_FROM)
		advise(p, n * size, MADV_POPULATE_WRITE);
#endif
}

void *mem_dense(size_t n, size_t size, const char *what, struct err *err)
{
	void *p = mem_big(n, size, what, err);

	if (p)
		mem_touch(p, n, size);
	return p;
}

bool mem_big_resize(void **p, size_t n, size_t size, const char *what,
		    struct err *err)
{
	size_t bytes;
	void *q;

	if (__builtin_mul_overflow(n, size, &bytes))
		return big_fails(n, size, what, err);
	q = big_resize(*p, bytes);
	if (!q)
		return big_fails(n, size, what, err);
	wish_huge(q, bytes);
	*p = q;
	return true;
}
