/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena: memory that dies together (per row, per frame, per query). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/scope.h"
#include "base/str.h"

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *a);
SCOPED_DEFINE(arena)

/* 16-byte aligned, not zeroed, valid until arena_reset or arena_destroy. */
void *arena_alloc(struct arena *a, size_t size)
	__attribute__((malloc, returns_nonnull));
/* A copy of s, NUL-terminated after its len bytes. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Forget everything; keeps the first block. */
void arena_reset(struct arena *a);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#endif
