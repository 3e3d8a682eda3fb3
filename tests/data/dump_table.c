/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dump_table FILE: names and rows of a table, as tab-separated values; only rows of the
 * records that are no JSON are left out. */
#include "config.h"

#include <stdio.h>

#include "base/quote.h"
#include "data/csv.h"

static bool dump(const char *path, struct err *err)
{
	struct split_limits limits = split_limits_default(1);
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct csv_record r;
	struct csv csv;
	size_t n = 1;
	bool ok = true;

	limits.tables = true;
	if (!split_open(&s, path, ',', &limits, err))
		return false;
	csv_reader_init(&csv, ',', &limits);
	while (n && ok && (ok = split_next(s, &pieces, &n, NULL, err)))
		for (size_t i = 0; i < n && ok; i++) {
			csv_reader_start(&csv, &pieces[i]);
			while (csv_reader_next(&csv, &r)) {
				STRBUF(b);

				for (unsigned k = 0; k < r.n; k++) {
					strbuf_adds(&b, k ? "\t" : "");
					quote_tsv(&b, r.field[k]);
				}
				if (!r.reason)
					puts(strbuf_c(&b));
			}
			ok = csv.err.code == ERR_NONE;
			if (!ok)
				*err = csv.err;
		}
	csv_reader_finish(&csv);
	return ok;
}

int main(int argc, char **argv)
{
	struct err err = {0};

	if (argc == 2 && dump(argv[1], &err))
		return 0;
	fprintf(stderr, "dump_table: %s\n", argc == 2 ? err.text : "FILE is missing");
	return 1;
}
