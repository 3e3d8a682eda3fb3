/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of owned arrays by name. */
#include "config.h"

#include "store/sink.h"

#include <assert.h>

#include "base/mem.h"

#define ALIGN 64u

struct piece {
	char *name;
	void *room;		/* what is freed; the data start on the next boundary */
	struct array array;
};

struct sink {
	struct piece *at;
	size_t n, cap;
	json_t *info;
};

struct sink *sink_create(void)
{
	struct sink *s = mem_zalloc(sizeof *s);

	s->info = json_object();
	return s;
}

void sink_destroy(struct sink *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->at[i].name);
		free(s->at[i].room);
	}
	free(s->at);
	json_decref(s->info);
	free(s);
}

bool sink_reserve(struct sink *s, const char *name, enum array_type type, uint64_t rows,
		  uint32_t columns, void **data, struct err *err)
{
	size_t row = (size_t)array_size(type) * columns;
	struct array a = {.rows = rows, .columns = columns, .type = type};
	void *room;

	assert(name && data);
	assert(row > 0);
	if (sink_find(s, name, &(struct array){0}))
		return err_fail(err, ERR_USAGE, "array %s is made already", name);
	room = mem_big(rows + ALIGN / row + 1, row, name, err);
	if (!room)
		return false;
	a.data = (void *)(((uintptr_t)room + ALIGN - 1) / ALIGN * ALIGN);
	MEM_GROW(s->at, s->cap, s->n + 1);
	s->at[s->n++] = (struct piece){mem_strdup(name), room, a};
	*data = (void *)a.data;
	return true;
}

bool sink_array(struct sink *s, const char *name, enum array_type type, uint64_t rows,
		uint32_t columns, const void *data, struct err *err)
{
	void *to;

	assert(name && (data || rows == 0));
	if (!sink_reserve(s, name, type, rows, columns, &to, err))
		return false;
	if (rows)
		memcpy(to, data, rows * columns * array_size(type));
	return true;
}

bool sink_find(void *ctx, const char *name, struct array *a)
{
	const struct sink *s = ctx;

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->at[i].name, name) == 0) {
			*a = s->at[i].array;
			return true;
		}
	return false;
}

void sink_each(const struct sink *s,
	       void (*visit)(void *ctx, const char *name, const struct array *a), void *ctx)
{
	for (size_t i = 0; i < s->n; i++)
		visit(ctx, s->at[i].name, &s->at[i].array);
}

json_t *sink_info(struct sink *s)
{
	return s->info;
}

void sink_loss(struct sink *s, double loss)
{
	json_t *list = json_object_get(s->info, "loss");

	if (!list) {
		list = json_array();
		json_object_set_new(s->info, "loss", list);
	}
	json_array_append_new(list, json_real(loss));
}
