/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample of a file of JSON or Parquet: its first rows, as the CSV that they could be. */
#include "config.h"

#include "base/quote.h"
#include "data/unpack.h"
#include "guess/guess_impl.h"

static void add_row(struct strbuf *b, const struct csv_record *r)
{
	for (unsigned i = 0; i < r->n; i++) {
		if (i)
			strbuf_addc(b, ',');
		quote_csv(b, r->field[i], ',');
	}
	strbuf_addc(b, '\n');
}

/* Text in units of two or four bytes by its mark, which is no table. */
static bool is_wide(const char *path)
{
	SCOPED(unpack) in = NULL;
	unsigned char b[4] = {0};
	size_t n = 0, got = 1;

	if (!unpack_open(&in, path, NULL))
		return false;
	while (n < sizeof b && got) {
		if (!unpack_read(in, (struct unpack_room){(char *)b + n, sizeof b - n, 0}, &got,
				 NULL))
			return false;
		n += got;
	}
	return (b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff) ||
	       (!b[0] && !b[1] && b[2] == 0xfe && b[3] == 0xff);
}

bool guess_table(const char *path, size_t most, struct strbuf *out, struct err *err)
{
	struct split_limits limits = split_limits_default(1);
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct csv_record r;
	struct csv csv;
	size_t n = 1;
	bool ok = true, more = true;

	limits.tables = true;
	if (is_wide(path))
		return true;
	if (!split_open(&s, path, ',', &limits, err))
		return false;
	if (!split_is_table(s))
		return true;
	csv_reader_init(&csv, ',', &limits);
	while (more && n && ok && (ok = split_next(s, &pieces, &n, NULL, err)))
		for (size_t i = 0; i < n && more; i++) {
			csv_reader_start(&csv, &pieces[i]);
			while ((more = out->len < most) && csv_reader_next(&csv, &r))
				if (!r.reason)
					add_row(out, &r);
			if (csv.err.code) {
				ok = false;
				if (err)
					*err = csv.err;
			}
		}
	csv_reader_finish(&csv);
	return ok;
}
