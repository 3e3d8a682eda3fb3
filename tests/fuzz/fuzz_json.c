/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as JSON: columns are found in them, every line is taken apart by them and, what
 * jansson takes for an object with no arrays, gives as many rows; objects become lines
 * whatever the sizes of the parts that they come in.
 */
#include "config.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "table/json.h"

#define ROWS 10000u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_json: %s\n", what);
		abort();
	}
}

/* All lines, taken `step` bytes at a time. */
static void to_lines(struct str in, size_t step, struct strbuf *out)
{
	struct json_lines s = {0};
	char part[64];
	size_t used;

	while (in.len) {
		struct str some = str_span(in.ptr, in.len < step ? in.len : step);
		size_t n = json_to_lines(&s, some, &used, part, sizeof part);

		require(n <= sizeof part && used <= some.len && (used || n), "no way on");
		strbuf_add(out, str_span(part, n));
		in = str_span(in.ptr + used, in.len - used);
	}
}

static void take(const struct json_shape *s, struct json_record *r, struct str line,
		 struct str *cell)
{
	json_t *want = json_loadb(line.ptr, line.len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL,
				  NULL);
	bool ok = json_start(r, s, line, cell);
	unsigned rows = 0;

	while (ok && json_row(r, cell))
		require(++rows <= line.len + 1, "rows without an end");
	json_decref(want);
	require(ok || !rows, "rows of no object");
}

static void all_lines(struct str lines)
{
	struct json_columns *c = calloc(1, sizeof *c);
	struct json_record r = {0};
	struct json_shape *s;
	struct str line, *cell;
	bool *used;

	require(c != NULL, "no memory");
	c->arena = arena_create();
	json_find(c, lines);
	require(c->n <= JSON_COLUMNS, "too many columns");
	cell = calloc(c->n + 1, sizeof *cell);
	used = calloc(c->n + 1, sizeof *used);
	require(cell && used, "no memory");
	for (int all = 0; all < 2; all++) {
		struct str rest = lines;

		for (unsigned i = 0; i < c->n; i++)
			used[i] = true;
		s = json_shape_create(c->name, all ? used : NULL, c->n);
		while (rest.len && str_next(&rest, '\n', &line))
			take(s, &r, line, cell);
		json_shape_destroy(s);
	}
	if (r.arena)
		arena_destroy(r.arena);
	arena_destroy(c->arena);
	free(cell);
	free(used);
	free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct str in = str_span((const char *)bytes, len);
	STRBUF(whole);
	STRBUF(parts);

	(void)json_is(in);
	(void)json_has_lines(in);
	to_lines(in, len ? len : 1, &whole);
	to_lines(in, 3, &parts);
	require(str_eq(strbuf_str(&whole), strbuf_str(&parts)), "parts make other lines");
	all_lines(in);
	all_lines(strbuf_str(&whole));
	return 0;
}
