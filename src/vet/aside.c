/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records stand behind each other in one buffer, their ends in an array, under a lock. */
#include "config.h"

#include "vet/aside.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

struct aside {
	pthread_mutex_t lock;
	bool begun;
	uint64_t base;
	struct strbuf text;
	size_t *end;		/* (n) */
	size_t n, cap;
};

struct aside *aside_create(void)
{
	struct aside *a = mem_zalloc(sizeof *a);

	pthread_mutex_init(&a->lock, NULL);
	return a;
}

void aside_destroy(struct aside *a)
{
	if (!a)
		return;
	pthread_mutex_destroy(&a->lock);
	strbuf_finish(&a->text);
	free(a->end);
	free(a);
}

uint64_t aside_base(struct aside *a, uint64_t now)
{
	uint64_t base;

	pthread_mutex_lock(&a->lock);
	if (!a->begun)
		a->base = now;
	a->begun = true;
	base = a->base;
	pthread_mutex_unlock(&a->lock);
	return base;
}

uint64_t aside_count(struct aside *a)
{
	uint64_t n;

	pthread_mutex_lock(&a->lock);
	n = a->n;
	pthread_mutex_unlock(&a->lock);
	return n;
}

bool aside_add(struct aside *a, uint64_t at, struct str record)
{
	bool next;

	pthread_mutex_lock(&a->lock);
	next = at == a->n;
	if (next) {
		strbuf_add(&a->text, record);
		MEM_GROW(a->end, a->cap, a->n + 1);
		a->end[a->n++] = a->text.len;
	}
	pthread_mutex_unlock(&a->lock);
	return next;
}

void aside_record(struct aside *a, uint64_t i, struct strbuf *b)
{
	size_t from;

	pthread_mutex_lock(&a->lock);
	assert(i < a->n);
	from = i ? a->end[i - 1] : 0;
	strbuf_add(b, str_span(a->text.ptr + from, a->end[i] - from));
	pthread_mutex_unlock(&a->lock);
}
