/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mem: small allocations that can't fail, big ones that fail with an error. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Small things: when memory is out, a message on stderr and quick_exit() with the
 * exit code of ERR_NOMEM; a store is as safe then as after a kill. Sizes are checked
 * for overflow. Released by free(). A size of 0 gives a valid pointer. */
void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull));
void *mem_zalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *mem_resize(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *mem_strdup(const char *s) __attribute__((malloc, returns_nonnull));
void *mem_dup(const void *p, size_t size) __attribute__((malloc, returns_nonnull));

/* Make room for at least `need` elements in a growing array. */
#define MEM_GROW(ptr, cap, need)					\
	do {								\
		if ((size_t)(need) > (size_t)(cap)) {			\
			size_t mem_n_ = (size_t)(cap) * 3 / 2 + 16;	\
			if (mem_n_ < (size_t)(need))			\
				mem_n_ = (size_t)(need);		\
			(ptr) = mem_resize((ptr), mem_n_, sizeof *(ptr)); \
			(cap) = mem_n_;					\
		}							\
	} while (0)

/* Big things (arrays, matrices, indexes): NULL and ERR_NOMEM naming `what`
 * when memory is out. Zeroed. Released by free(). n = 0 gives a valid pointer. Beyond a
 * bound (base/bound.h) they lie in temporary files, and so do those of mem_resize. */
void *mem_big(size_t n, size_t size, const char *what, struct err *err);
/* The same for one that is going to be written all over and in no order: its pages are there at
 * once. A page that is read before it is written is had twice, and the second time all other
 * threads are stopped for a moment. */
void *mem_dense(size_t n, size_t size, const char *what, struct err *err);
/* Have the pages of a fresh block, which are then ready to be written. */
void mem_touch(void *p, size_t n, size_t size);
/* Resize one of them (contents kept, the new part is not zeroed); on failure
 * the old block stays valid and false is returned. */
bool mem_big_resize(void **p, size_t n, size_t size, const char *what,
		    struct err *err);

#endif
