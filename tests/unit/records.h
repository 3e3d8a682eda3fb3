/* SPDX-License-Identifier: GPL-3.0-or-later */
/* records: what the record reader makes of some bytes, as text, for tests. */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "data/csv.h"

/* Small enough to be met by tests. */
static const struct split_limits records_small = {
	.field = 32, .record = 100, .piece = 1 << 20, .window = 1 << 20,
};

/* A name under which these bytes can be opened until fd is closed. */
static inline int records_file(struct str data, char path[static 64])
{
	int fd = memfd_create("records", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data.ptr, data.len) != (ssize_t)data.len)
		return -1;
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static inline void records_add(struct strbuf *out, const struct csv_record *r,
			       uint64_t lines)
{
	strbuf_addf(out, "%llu,%llu,%s,%d,%d:",
		    (unsigned long long)(lines + r->line + 1),
		    (unsigned long long)(lines + r->flaw_line + 1),
		    reject_name(r->reason), (int)r->column * (r->reason != 0), r->cut);
	for (unsigned i = 0; i < r->n && i < DATASET_COLUMNS; i++) {
		strbuf_addc(out, '[');
		strbuf_add(out, r->field[i]);
		strbuf_addc(out, ']');
	}
	strbuf_addf(out, "%u\n", r->n);
}

/* By split_next or, in turns into two rooms, by split_pull. */
static inline bool records_pieces(struct split *s, bool pull, struct csv *csv,
				  struct strbuf *out, struct err *err)
{
	struct split_room room[2] = {{0}, {0}};
	const struct split_piece *pieces;
	struct split_piece piece;
	struct csv_record r;
	uint64_t lines = 0;
	unsigned turn = 0;
	size_t n = 1;
	bool ok = true;

	while (ok && n) {
		if (pull) {
			ok = split_pull(s, &room[turn++ % 2], &piece, NULL, err);
			pieces = &piece;
			n = ok && piece.ptr < piece.end;
		} else {
			ok = split_next(s, &pieces, &n, NULL, err);
		}
		for (size_t i = 0; ok && i < n; i++) {
			csv_reader_start(csv, &pieces[i]);
			while (csv_reader_next(csv, &r))
				records_add(out, &r, lines);
			lines += csv->line;
		}
	}
	split_room_finish(&room[0]);
	split_room_finish(&room[1]);
	if (ok)
		strbuf_addf(out, "%llu lines\n", (unsigned long long)lines);
	return ok;
}

/* One line per record; false with the message in out when it can't be read. */
static inline bool records_read_as(struct str data, const char *encoding, char separator,
				   bool slow, const struct split_limits *limits,
				   struct strbuf *out)
{
	STRBUF(other);
	bool ok = false;

	for (int pull = 0; pull < 2; pull++) {
		struct strbuf *to = pull ? &other : out;
		SCOPED(split) s = NULL;
		struct err err = {0};
		struct csv csv;
		char path[64];
		int fd = records_file(data, path);

		strbuf_reset(to);
		csv_reader_init(&csv, separator, limits);
		csv_reader_slow(&csv, slow);
		ok = split_open_encoded(&s, path, encoding, separator, limits, &err) &&
			records_pieces(s, pull, &csv, to, &err);
		csv_reader_finish(&csv);
		close(fd);
		if (!ok)
			strbuf_adds(to, strchr(err.text, ' ') ? strchr(err.text, ' ')
				    : "");
	}
	if (!str_eq(strbuf_str(&other), strbuf_str(out)))
		strbuf_addf(out, "but pulled:\n%s", strbuf_c(&other));
	return ok;
}

static inline bool records_read(struct str data, char separator, bool slow,
				const struct split_limits *limits, struct strbuf *out)
{
	return records_read_as(data, NULL, separator, slow, limits, out);
}

#endif
