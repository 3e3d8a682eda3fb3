/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of a table are read one after another. Every thread takes turns to pull the
 * next piece of one, as import_read does, and takes its rows. A row that is refused is
 * told by its file and its line, for which the lines of the pieces before it are kept.
 */
#include "config.h"

#include "import/bundle_impl.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "data/csv.h"
#include "data/record_split.h"

#define BUNDLE_VERSION 1

/* ---- the bundle */

void bundle_destroy(struct bundle *b)
{
	if (!b)
		return;
	json_decref(b->meta);
	arena_destroy(b->arena);
	map_destroy(b->products);
	map_destroy(b->categories);
	map_destroy(b->told_products);
	map_destroy(b->told_categories);
	bundle_old_finish(b->old);
	free(b->told_product);
	free(b->told);
	free(b->told_depth);
	pthread_mutex_destroy(&b->lock);
	free(b->product);
	free(b->totals);
	free(b->category);
	free(b->depth);
	free(b->parent);
	free(b->end);
	free(b->dir);
	free(b);
}

void bundle_set_memory(struct bundle *b, uint64_t bytes)
{
	b->memory = bytes;
}

const json_t *bundle_meta(const struct bundle *b)
{
	return b->meta;
}

static bool read_meta(struct bundle *b, struct err *err)
{
	json_error_t why;
	struct stat st;
	STRBUF(path);

	strbuf_addf(&path, "%s/_SUCCESS", b->dir);
	if (stat(strbuf_c(&path), &st) != 0)
		return err_fail(err, ERR_FORMAT, "%s: no finished bundle of counts: there is no "
				"file _SUCCESS in it", b->dir);
	strbuf_reset(&path);
	strbuf_addf(&path, "%s/meta.json", b->dir);
	b->meta = json_load_file(strbuf_c(&path), JSON_REJECT_DUPLICATES, &why);
	if (!b->meta)
		return err_fail(err, ERR_FORMAT, "%s:%d: %s", strbuf_c(&path), why.line,
				why.text);
	if (json_integer_value(json_object_get(b->meta, "aisle_bundle")) != BUNDLE_VERSION)
		return err_fail(err, ERR_FORMAT, "%s: \"aisle_bundle\" must be %d, the version "
				"of the format that this aisle reads", strbuf_c(&path),
				BUNDLE_VERSION);
	return true;
}

bool bundle_open(struct bundle **out, const char *dir, struct work work, struct err *err)
{
	SCOPED(bundle) b = mem_zalloc(sizeof *b);

	pthread_mutex_init(&b->lock, NULL);
	b->dir = mem_strdup(dir);
	b->pool = work.pool;
	b->job = work.job;
	b->arena = arena_create();
	if (!read_meta(b, err))
		return false;
	*out = b;
	b = NULL;
	return true;
}

bool bundle_number_of(const struct bundle *b, const char *const path[3], uint64_t *value,
		      struct err *err)
{
	const json_t *at = b->meta;
	unsigned i = 0;

	for (; at && i < 3 && path[i]; i++)
		at = json_object_get(at, path[i]);
	*value = 0;
	if (!at)
		return true;
	if (!json_is_integer(at) || json_integer_value(at) < 0)
		return err_fail(err, ERR_FORMAT, "%s/meta.json: \"%s\" must be a count", b->dir,
				path[i - 1]);
	*value = (uint64_t)json_integer_value(at);
	return true;
}

bool bundle_u32(struct str s, uint32_t *value, const char **why)
{
	uint64_t x;

	if (!num_u64(s, &x) || x > UINT32_MAX) {
		*why = "a count must be a whole number from 0 to 4294967295";
		return false;
	}
	*value = (uint32_t)x;
	return true;
}

/* ---- a table */

#define ATTRIBUTE STR("attribute.")

struct table_reader {
	struct bundle *b;
	const struct bundle_table *t;
	const char *path;
	struct split *split;
	struct csv *csv;		/* (threads) */
	struct split_room *room;	/* (threads) */
	const struct split_limits *limits;
	bool text;			/* and no table of Parquet */
	pthread_mutex_t lock;
	/* under lock */
	bool over;
	bool named;			/* the header was read; what it says stays */
	unsigned n_fields;
	unsigned at[BUNDLE_COLUMNS];	/* of a column, the field; UINT_MAX: none */
	unsigned attribute_at[DATASET_ATTRIBUTES];
	uint64_t *lines;		/* (n_pieces) of each */
	size_t n_pieces, cap_pieces;
	size_t bad_piece;		/* SIZE_MAX: none */
	uint64_t bad_line;		/* of it, from 0 */
	const char *why;
	struct err err;
};

/* The number of an attribute, which is a new one in a table's first header. */
static unsigned find_attribute(struct bundle *b, struct str name)
{
	unsigned i = 0;

	while (i < b->n_attributes && !str_eq(b->attribute[i], name))
		i++;
	if (i == b->n_attributes && i < DATASET_ATTRIBUTES && name.len)
		b->attribute[b->n_attributes++] = arena_str(b->arena, name);
	return i;
}

/* Where a field belongs; NULL: nowhere. */
static unsigned *find_place(struct table_reader *r, struct str name)
{
	for (unsigned c = 0; c < r->t->n_columns; c++)
		if (str_is(name, r->t->columns[c]))
			return &r->at[c];
	if (!r->t->attributes || !str_starts(name, ATTRIBUTE))
		return NULL;
	name = str_span(name.ptr + ATTRIBUTE.len, name.len - ATTRIBUTE.len);
	unsigned i = find_attribute(r->b, name);

	return i < DATASET_ATTRIBUTES ? &r->attribute_at[i] : NULL;
}

static bool read_header(struct table_reader *r, const struct csv_record *record,
			const char **why)
{
	for (unsigned i = 0; i < BUNDLE_COLUMNS; i++)
		r->at[i] = UINT_MAX;
	for (unsigned i = 0; i < DATASET_ATTRIBUTES; i++)
		r->attribute_at[i] = UINT_MAX;
	r->n_fields = record->n;
	*why = "the first row must name the columns of the table, see aisle-bundle(5)";
	for (unsigned i = 0; i < record->n; i++) {
		unsigned *place = find_place(r, record->field[i]);

		if (!place || *place != UINT_MAX)
			return false;
		*place = i;
	}
	for (unsigned c = 0; c < r->t->needed; c++)
		if (r->at[c] == UINT_MAX)
			return false;
	r->named = true;
	return true;
}

static bool take_row(const struct table_reader *r, const struct csv_record *record,
		     unsigned worker, const char **why)
{
	struct str field[BUNDLE_COLUMNS], attribute[DATASET_ATTRIBUTES];

	*why = "the row has another number of fields than the table has columns";
	if (record->reason || record->n != r->n_fields)
		return false;
	for (unsigned c = 0; c < r->t->n_columns; c++)
		field[c] = r->at[c] == UINT_MAX ? STR("") : record->field[r->at[c]];
	for (unsigned i = 0; r->t->attributes && i < r->b->n_attributes; i++)
		attribute[i] = r->attribute_at[i] == UINT_MAX
				       ? STR("") : record->field[r->attribute_at[i]];
	return r->t->row(r->t->ctx, &(struct bundle_row){field, attribute, worker}, why);
}

static void refuse_line(struct table_reader *r, size_t piece, uint64_t line, const char *why)
{
	pthread_mutex_lock(&r->lock);
	if (piece < r->bad_piece) {
		r->bad_piece = piece;
		r->bad_line = line;
		r->why = why;
	}
	r->over = true;
	pthread_mutex_unlock(&r->lock);
}

/* The names, which the first piece begins with; before others are pulled. */
static void take_header(struct table_reader *r, unsigned worker)
{
	struct csv_record record;

	if (csv_reader_next(&r->csv[worker], &record) && !read_header(r, &record, &r->why)) {
		r->bad_piece = 0;
		r->bad_line = record.line;
		r->over = true;
	}
}

static bool pull_piece(struct table_reader *r, unsigned worker, size_t *number)
{
	struct split_piece piece;
	uint64_t bytes;
	bool ok = false;

	pthread_mutex_lock(&r->lock);
	if (!r->over && !job_cancelled(r->b->job)) {
		ok = split_pull(r->split, &r->room[worker], &piece, &bytes, &r->err) &&
		     !split_piece_empty(&piece);
		r->over = !ok;
	}
	if (ok) {
		job_advance(r->b->job, bytes);
		csv_reader_start(&r->csv[worker], &piece);
		MEM_GROW(r->lines, r->cap_pieces, r->n_pieces + 1);
		*number = r->n_pieces++;
		r->lines[*number] = 0;
		if (!r->named)
			take_header(r, worker);
	}
	pthread_mutex_unlock(&r->lock);
	return ok;
}

static void read_piece(struct table_reader *r, size_t number, unsigned worker)
{
	struct csv *csv = &r->csv[worker];
	struct csv_record record;
	const char *why;

	while (r->named && csv_reader_next(csv, &record))
		if (!take_row(r, &record, worker, &why)) {
			refuse_line(r, number, record.line, why);
			break;
		}
	pthread_mutex_lock(&r->lock);
	/* The names of a Parquet file are no row of it. */
	r->lines[number] = r->text || number > 0 ? csv->line : 0;
	if (csv->err.code && !r->err.code) {
		r->err = csv->err;
		r->over = true;
	}
	pthread_mutex_unlock(&r->lock);
}

static void read_pieces(void *ctx, size_t task, unsigned worker)
{
	struct table_reader *r = ctx;
	size_t number;

	(void)task;
	while (pull_piece(r, worker, &number))
		read_piece(r, number, worker);
}

static bool told(struct table_reader *r, struct err *err)
{
	uint64_t line = r->bad_line + 1;

	if (r->bad_piece == SIZE_MAX) {
		if (r->err.code)
			return err_fail(err, r->err.code, "%s: %s", r->path, r->err.text);
		return job_check(r->b->job, err);
	}
	for (size_t i = 0; i < r->bad_piece; i++)
		line += r->lines[i];
	return err_fail(err, ERR_FORMAT, "%s:%" PRIu64 ": %s", r->path, line, r->why);
}

static bool read_part(struct bundle *b, const struct bundle_table *t, const char *path,
		      struct err *err)
{
	unsigned threads = pool_threads(b->pool);
	struct split_limits limits = split_limits_default(threads);
	SCOPED(split) split = NULL;
	struct table_reader r = {.b = b, .t = t, .path = path, .limits = &limits,
				 .bad_piece = SIZE_MAX};
	bool ok;

	limits.no_quotes = true;
	limits.tables = true;
	if (!split_open(&split, path, '\t', &limits, err))
		return false;
	r.split = split;
	r.text = !split_is_table(split);
	r.room = mem_zalloc(threads * sizeof *r.room);
	r.csv = mem_zalloc(threads * sizeof *r.csv);
	pthread_mutex_init(&r.lock, NULL);
	for (unsigned i = 0; i < threads; i++)
		csv_reader_init(&r.csv[i], '\t', &limits);
	pool_run(b->pool, threads, read_pieces, &r);
	ok = told(&r, err);
	for (unsigned i = 0; i < threads; i++) {
		csv_reader_finish(&r.csv[i]);
		split_room_finish(&r.room[i]);
	}
	pthread_mutex_destroy(&r.lock);
	free(r.csv);
	free(r.room);
	free(r.lines);
	return ok;
}

/* What engines write beside the parts starts with _ or a dot. */
static int is_part(const struct dirent *e)
{
	return e->d_name[0] != '_' && e->d_name[0] != '.';
}

bool bundle_read(struct bundle *b, const struct bundle_table *t, struct err *err)
{
	struct dirent **part = NULL;
	STRBUF(folder);
	bool ok = true;
	int n;

	strbuf_addf(&folder, "%s/%s", b->dir, t->folder);
	n = scandir(strbuf_c(&folder), &part, is_part, alphasort);
	if (n < 0)
		return errno == ENOENT ||
		       err_errno(err, errno, "reading %s", strbuf_c(&folder));
	for (int i = 0; i < n; i++) {
		STRBUF(path);

		strbuf_addf(&path, "%s/%s", strbuf_c(&folder), part[i]->d_name);
		ok = ok && read_part(b, t, strbuf_c(&path), err);
		free(part[i]);
	}
	free(part);
	return ok;
}
