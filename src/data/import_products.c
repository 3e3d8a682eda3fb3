/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names and variant groups from a CSV file with the columns product_id, name
 * and, where there is one, product_code. What it says stands above what the
 * events say; where a product has several lines the last one wins.
 */
#include "config.h"

#include "data/import_impl.h"

#include <limits.h>

#include "base/job.h"

enum { C_ID, C_NAME, C_CODE, C_COUNT };
static const char *const names[C_COUNT] = {"product_id", "name", "product_code"};

struct listing {
	struct import *im;
	const char *path;
	unsigned at[C_COUNT];	/* column or UINT_MAX */
	bool header;
	uint64_t lines, records, unknown, rejected;
};

static bool read_header(struct listing *l, const struct csv_record *r, struct err *err)
{
	STRBUF(ignored);

	for (unsigned c = 0; c < C_COUNT; c++)
		l->at[c] = UINT_MAX;
	for (unsigned i = 0; i < r->n && i < DATASET_COLUMNS; i++) {
		struct str name = str_trim(r->field[i]);
		unsigned c = 0;

		while (c < C_COUNT && !str_is(name, names[c]))
			c++;
		if (c < C_COUNT && l->at[c] == UINT_MAX)
			l->at[c] = i;
		else
			strbuf_addf(&ignored, "%s%.*s", ignored.len ? ", " : "",
				    STR_ARG(name));
	}
	if (l->at[C_ID] == UINT_MAX || l->at[C_NAME] == UINT_MAX)
		return err_fail(err, ERR_FORMAT, "%s:%llu: the first line must name the "
				"columns product_id and name, and may name product_code",
				l->path, (unsigned long long)(l->lines + r->line + 1));
	if (ignored.len)
		job_notice(l->im->job, "%s: columns that are not used: %s", l->path,
			   strbuf_c(&ignored));
	l->header = true;
	return true;
}

static struct str column(const struct listing *l, const struct csv_record *r, unsigned c)
{
	struct str s = l->at[c] < r->n ? r->field[l->at[c]] : STR_NULL;

	return l->im->o->spreadsheet ? csv_without_apostrophe(s) : s;
}

/* What is said of a product that has events, by the first worker that saw it;
 * the stamp is later than any event's. */
static bool take_record(struct listing *l, const struct csv_record *r, struct err *err)
{
	static const struct { unsigned column, fact; enum id_kind kind; } told[] = {
		{C_NAME, FACT_NAME, ID_NAME}, {C_CODE, FACT_GROUP, ID_GROUP},
	};
	struct import *im = l->im;
	struct str id = column(l, r, C_ID);
	uint32_t number = MAP_NONE;
	unsigned w = 0;

	l->records++;
	if (r->reason || !id.len) {
		l->rejected++;
		return true;
	}
	while (w < im->workers) {
		number = map_find(im->worker[w].map[ID_PRODUCT], id);
		if (number != MAP_NONE)
			break;
		w++;
	}
	if (number == MAP_NONE) {
		l->unknown++;
		return true;
	}
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		struct str text = column(l, r, told[i].column);
		uint32_t value;

		if (!text.len)
			continue;
		value = map_intern(im->worker[w].map[told[i].kind], text, err);
		if (value == MAP_NONE)
			return false;
		im->worker[w].fact[(size_t)number * im->n_facts + told[i].fact] =
			(struct fact){{INT64_MAX, l->records}, value, false};
	}
	return true;
}

static bool take_piece(struct listing *l, struct csv *csv,
		       const struct split_piece *piece, struct err *err)
{
	struct csv_record r;

	csv_reader_start(csv, piece);
	while (csv_reader_next(csv, &r)) {
		if (!(l->header ? take_record(l, &r, err) : read_header(l, &r, err)))
			return false;
	}
	l->lines += csv->line;
	return job_check(l->im->job, err);
}

bool import_products(struct import *im, struct err *err)
{
	struct listing l = {.im = im, .path = im->o->products};
	struct split_limits limits = im->limits;
	SCOPED(split) s = NULL;
	const struct split_piece *pieces;
	struct csv csv;
	bool ok = true;
	size_t n = 1;

	if (!l.path)
		return true;
	limits.no_quotes = false;	/* whatever the log does */
	if (!split_open(&s, l.path, ',', &limits, err))
		return false;
	csv_reader_init(&csv, ',', &limits);
	while (ok && n) {
		ok = split_next(s, &pieces, &n, NULL, err);
		for (size_t i = 0; ok && i < n; i++)
			ok = take_piece(&l, &csv, &pieces[i], err);
	}
	csv_reader_finish(&csv);
	if (ok && !l.header)
		return err_fail(err, ERR_FORMAT, "%s: the file is empty", l.path);
	if (ok && l.rejected)
		job_notice(im->job, "%s: %llu of %llu records are malformed or have no "
			   "product_id", l.path, (unsigned long long)l.rejected,
			   (unsigned long long)l.records);
	if (ok && l.unknown)
		job_notice(im->job, "%s: %llu of %llu products have no event and are "
			   "left out", l.path, (unsigned long long)l.unknown,
			   (unsigned long long)l.records);
	return ok;
}
