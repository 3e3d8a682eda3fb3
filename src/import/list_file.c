/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces are read in their order by one thread: what a table says of products or users is
 * little beside a log. */
#include "config.h"

#include "import/list_file.h"

#include "base/job.h"

struct reading {
	const struct list_file *f;
	uint64_t lines, records;
	bool more;
};

static bool take_piece(struct reading *r, struct csv *csv, const struct split_piece *piece,
		       struct err *err)
{
	struct csv_record record;

	csv_reader_start(csv, piece);
	while (r->more && csv_reader_next(csv, &record)) {
		/* A table has its names in every part. */
		if (piece->part.names && r->records > 0)
			continue;
		if (!r->f->take(r->f->ctx, &record, r->lines + record.line + 1, &r->more, err))
			return false;
		r->records++;
	}
	r->lines += csv->line;
	if (csv->err.code) {
		if (err)
			*err = csv->err;
		return false;
	}
	return job_check(r->f->job, err);
}

bool list_file_read(const struct list_file *f, uint64_t *records, struct err *err)
{
	struct split_limits limits = f->limits;
	struct reading r = {.f = f, .more = true};
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct csv csv;
	bool ok = true;
	size_t n = 1;

	limits.no_quotes = false;	/* whatever the log does */
	limits.quote = 0;
	limits.form = NULL;
	limits.choice = NULL;
	if (!split_open(&s, f->path, ',', &limits, err))
		return false;
	csv_reader_init(&csv, ',', &limits);
	while (ok && n && r.more) {
		ok = split_next(s, &pieces, &n, NULL, err);
		for (size_t i = 0; ok && i < n; i++)
			ok = take_piece(&r, &csv, &pieces[i], err);
	}
	csv_reader_finish(&csv);
	*records = r.records;
	return ok;
}
