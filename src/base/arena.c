/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks that double up to a bound; a reset keeps the first one. */
#include "config.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define ALIGN 16
#define FIRST_BLOCK 4096
#define BLOCK_MAX ((size_t)1 << 20)

struct block {
	struct block *next;	/* the one filled before; NULL for the first */
	size_t size, used;
	char data[] __attribute__((aligned(ALIGN)));
};

struct arena {
	struct block *top;
	size_t used;		/* bytes handed out */
};

static struct block *block_create(size_t size, struct block *next)
{
	struct block *b = mem_alloc(sizeof *b + size);

	b->next = next;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *arena_create(void)
{
	struct arena *a = mem_zalloc(sizeof *a);

	a->top = block_create(FIRST_BLOCK, NULL);
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->top->next) {
		struct block *next = a->top->next;

		free(a->top);
		a->top = next;
	}
	a->top->used = 0;
	a->used = 0;
}

void arena_destroy(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a->top);
	free(a);
}

/* Blocks double up to BLOCK_MAX; what is bigger gets one of its own size. */
static void add_block(struct arena *a, size_t size)
{
	size_t want = a->top->size < BLOCK_MAX / 2 ? a->top->size * 2 : BLOCK_MAX;

	a->top = block_create(want < size ? size : want, a->top);
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t rounded;
	void *p;

	if (__builtin_add_overflow(size, ALIGN - 1, &rounded))
		rounded = SIZE_MAX / 2;	/* can't be had: mem_alloc ends it */
	rounded &= ~(size_t)(ALIGN - 1);
	if (rounded > a->top->size - a->top->used)
		add_block(a, rounded);
	p = a->top->data + a->top->used;
	a->top->used += rounded;
	a->used += size;
	return p;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.len + 1);

	if (s.len)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return str_span(p, s.len);
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return STR("");
	p = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return str_span(p, (size_t)n);
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
