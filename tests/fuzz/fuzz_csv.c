/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a file of records: whatever the sizes of pieces, windows and
 * reads, and whether records go through libcsv or not, the records are the
 * same; and every data set's row function takes them.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "data/unpack.h"

#include "../unit/records.h"

#define BULK 4096	/* bytes: more aren't read again and again */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_csv: %s\n", what);
		abort();
	}
}

static bool borrowed(struct str part, struct str whole)
{
	return part.len == 0 || (part.ptr >= whole.ptr &&
				 part.ptr + part.len <= whole.ptr + whole.len);
}

/* One record as the import takes it: again while it holds another event. */
static void take_row(const struct dataset *set, const struct file_kind *kind,
		     const struct str *field, unsigned n, struct event_row *ev)
{
	enum row_result result;

	ev->cursor = 0;
	do {
		struct reject why = {0};
		unsigned before = ev->cursor;

		ev->session = STR_NULL;
		result = kind->row(set->ctx, (struct strs){field, n}, ev, &why);
		require(result != ROW_MORE || ev->cursor > before, "a record without an end");
		if (result == ROW_EVENT || result == ROW_MORE) {
			require(ev->product.len, "an event without a product");
			require(ev->kind < EVENT_KINDS, "an unknown kind");
		}
		if (result == ROW_REJECT)
			require(why.reason > REJECT_NONE && why.reason < REJECT_REASONS,
				"a reject without a reason");
	} while (result == ROW_MORE);
}

/* The records as rows of a kind of files, padded or cut to its columns. */
static void take_rows(struct str data, const struct dataset *set,
		      const struct file_kind *kind)
{
	SCOPED(arena) arena = arena_create();
	struct split_piece piece = {data.ptr, data.ptr + data.len, data.ptr + data.len,
				    true};
	struct event_row ev = {.arena = arena};
	struct csv_record r;
	struct csv csv;

	csv_reader_init(&csv, set->separator, &records_small);
	csv_reader_start(&csv, &piece);
	while (csv_reader_next(&csv, &r)) {
		struct str field[DATASET_COLUMNS] = {0};
		unsigned n = kind->n_columns;

		require(borrowed(r.text, data), "a record outside of its piece");
		if (r.reason)
			continue;
		for (unsigned i = 0; i < r.n && i < DATASET_COLUMNS; i++)
			field[i] = r.field[i];
		if (!n)
			n = r.n < DATASET_COLUMNS ? r.n : DATASET_COLUMNS;
		take_row(set, kind, field, n, &ev);
		arena_reset(arena);
	}
	csv_reader_finish(&csv);
}

/* As an import takes it; one that can't be configured without a mapping has no rows yet. */
static void take_set(struct str data, const struct dataset *set)
{
	static const char *const files[] = {"-"};
	struct dataset_options o = {0};
	struct dataset own;

	if (!dataset_configure(&own, set, &o, (struct dataset_files){files, 1}, NULL))
		return;
	for (unsigned k = 0; k < own.n_kinds; k++)
		take_rows(data, &own, &own.kinds[k]);
	dataset_release(&own);
}

/* The records; of a file that can't be read, why: how many came before that is a matter of
 * sizes. */
static struct str outcome(const struct strbuf *b, bool ok)
{
	struct str all = strbuf_str(b);
	const char *end = ok || !all.len ? NULL : memrchr(all.ptr, '\n', all.len);

	return end ? str_span(end + 1, (size_t)(all.ptr + all.len - end - 1)) : all;
}

/* A few bytes may unpack to a million, which is read once. */
static bool is_bulk(struct str data)
{
	SCOPED(unpack) in = NULL;
	char path[64], some[4096];
	size_t got = 0, all = 0;
	int fd = records_file(data, path);

	if (fd >= 0 && unpack_open(&in, path, NULL))
		while (all <= BULK &&
		       unpack_read(in, (struct unpack_room){some, sizeof some}, &got, NULL) &&
		       got > 0)
			all += got;
	close(fd);
	return all > BULK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct { size_t piece, window, read; } sizes[] = {
		{1, 1, 1}, {7, 64, 3}, {65536, 4096, 0},
	};
	struct str data = {(const char *)bytes, len};
	struct split_limits l = records_small;
	STRBUF(want);
	STRBUF(have);
	bool ok;

	/* All of it in one piece: no more is allocated, ten times a run, than that takes. */
	l.piece = l.window = len + 1;
	for (size_t i = 0; datasets[i]; i++)
		take_set(data, datasets[i]);
	ok = records_read(data, ',', false, &l, &want);
	if (is_bulk(data))
		return 0;
	require(records_read(data, ',', true, &l, &have) == ok &&
		str_eq(outcome(&have, ok), outcome(&want, ok)), "libcsv disagrees");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		l.piece = sizes[i].piece;
		l.window = sizes[i].window;
		l.read = sizes[i].read;
		require(records_read(data, ',', i & 1, &l, &have) == ok &&
			str_eq(outcome(&have, ok), outcome(&want, ok)), "sizes matter");
	}
	return 0;
}
