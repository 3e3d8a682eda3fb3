/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each worker keeps a row of numbers per person; users are looked up in all of them at the
 * end, and only values that some user has get into the store. */
#include "config.h"

#include "import/people.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "store/build.h"

void people_start(struct people *p, unsigned attributes)
{
	*p = (struct people){.n = attributes};
	if (!attributes)
		return;
	p->id = map_create();
	p->value = map_create();
}

void people_finish(struct people *p)
{
	map_destroy(p->id);
	map_destroy(p->value);
	free(p->of);
	free(p->seq);
	*p = (struct people){0};
}

bool people_hear(struct people *p, const struct event_row *ev, uint64_t seq, struct err *err)
{
	uint32_t known = map_count(p->id), i = map_intern(p->id, ev->user, err);
	uint32_t *of;

	if (i == MAP_NONE)
		return false;
	MEM_GROW(p->of, p->cap_of, ((size_t)i + 1) * p->n);
	MEM_GROW(p->seq, p->cap_seq, (size_t)i + 1);
	if (i < known && p->seq[i] > seq)
		return true;
	p->seq[i] = seq;
	of = p->of + (size_t)i * p->n;
	for (unsigned a = 0; a < p->n; a++) {
		of[a] = MAP_NONE;
		if (!ev->person[a].len)
			continue;
		of[a] = map_intern(p->value, ev->person[a], err);
		if (of[a] == MAP_NONE)
			return false;
	}
	return true;
}

/* Values of users, by the order in which they are met first. */
struct values {
	struct map *map;
	uint32_t *order, *rank;	/* (values): by text, and back */
};

static struct str value_at(const void *ctx, uint32_t i)
{
	return map_key(((const struct values *)ctx)->map, i);
}

static struct str sorted_value(const void *ctx, uint64_t i)
{
	const struct values *v = ctx;

	return map_key(v->map, v->order[i]);
}

static struct str name_at(const void *ctx, uint64_t i)
{
	return str_from(((const char *const *)ctx)[i]);
}

/* The row of the worker whose line about that person is the last. */
static const uint32_t *find_row(struct people_heard h, struct str id, const struct people **by)
{
	const uint32_t *row = NULL;
	uint64_t seq = 0;

	for (unsigned w = 0; w < h.n; w++) {
		const struct people *p = h.all[w];
		uint32_t i = map_find(p->id, id);

		if (i == MAP_NONE || (row && p->seq[i] < seq))
			continue;
		row = p->of + (size_t)i * p->n;
		seq = p->seq[i];
		*by = p;
	}
	return row;
}

/* cell (users, attributes) */
static bool gather(struct people_heard h, struct people_users users, struct values *v,
		   uint32_t *cell, struct err *err)
{
	unsigned n = h.all[0]->n;
	STRBUF(line);

	for (uint32_t u = 0; u < users.n; u++) {
		const struct people *by = NULL;
		const uint32_t *row = find_row(h, users.id(users.ctx, u), &by);

		for (unsigned a = 0; a < n; a++, cell++) {
			*cell = MAP_NONE;
			if (!row || row[a] == MAP_NONE)
				continue;
			strbuf_reset(&line);
			sanitize(&line, map_key(by->value, row[a]), SANITIZE_LINE);
			*cell = map_intern(v->map, strbuf_str(&line), err);
			if (*cell == MAP_NONE)
				return false;
		}
	}
	return true;
}

/* Values in the order of their texts. */
static bool sort_values(struct values *v, struct err *err)
{
	uint32_t n = map_count(v->map);

	v->order = mem_alloc(((size_t)n + 1) * sizeof *v->order);
	v->rank = mem_alloc(((size_t)n + 1) * sizeof *v->rank);
	if (!sort_texts(v->order, n, value_at, v, NULL, err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		v->rank[v->order[i]] = i;
	return true;
}

bool people_write(struct build *b, struct people_heard heard, struct people_users users,
		  struct err *err)
{
	unsigned n = heard.all[0]->n;
	size_t cells = (size_t)users.n * n;
	SCOPED_FREE uint32_t *cell = mem_big(cells, sizeof *cell, "users", err);
	struct values v = {.map = map_create()};
	bool ok = cell && gather(heard, users, &v, cell, err) && sort_values(&v, err);

	for (size_t i = 0; ok && i < cells; i++)
		if (cell[i] != MAP_NONE)
			cell[i] = v.rank[cell[i]];
	ok = ok && build_array(b, "user/attribute", ARRAY_U32, users.n, n, cell, err) &&
	     build_text(b, "user/attribute-name",
			&(struct text_source){n, name_at, heard.names}, err) &&
	     build_text(b, "user/attribute-value",
			&(struct text_source){map_count(v.map), sorted_value, &v}, err);
	map_destroy(v.map);
	free(v.order);
	free(v.rank);
	return ok;
}
