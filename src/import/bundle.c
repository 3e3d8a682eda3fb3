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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
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

struct table_reader {
	struct bundle *b;
	const struct bundle_table *t;
	const char *path;
	struct split *split;
	struct split_room *room;	/* (threads) */
	pthread_mutex_t lock;
	/* under lock */
	bool over;
	uint64_t *lines;		/* (n_pieces) of each */
	size_t n_pieces, cap_pieces;
	size_t bad_piece;		/* SIZE_MAX: none */
	uint64_t bad_line;		/* of it, from 0 */
	const char *why;
	struct err err;
};

/* Cut a line at its tabs; false when it has another number of fields. */
static bool cut_row(struct str line, unsigned n, struct str *field)
{
	for (unsigned i = 0; i + 1 < n; i++) {
		const char *tab = memchr(line.ptr, '\t', line.len);

		if (!tab)
			return false;
		field[i] = str_span(line.ptr, (size_t)(tab - line.ptr));
		line = str_span(tab + 1, line.len - field[i].len - 1);
	}
	field[n - 1] = line;
	return !memchr(line.ptr, '\t', line.len);
}

static bool check_header(const struct bundle_table *t, const struct str *field)
{
	for (unsigned i = 0; i < t->n_columns; i++)
		if (!str_is(field[i], t->columns[i]))
			return false;
	return true;
}

static bool take_line(struct table_reader *r, struct str line, bool first, const char **why)
{
	struct str field[BUNDLE_COLUMNS];

	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (!cut_row(line, r->t->n_columns, field)) {
		*why = "the row has another number of fields than the table has columns";
		return false;
	}
	if (!first)
		return r->t->row(r->t->ctx, field, why);
	*why = "the first row must name the columns of the table, see aisle-bundle(5)";
	return check_header(r->t, field);
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

/* How many lines it took, up to the one that is refused. */
static uint64_t take_piece(struct table_reader *r, size_t number,
			   const struct split_piece *piece)
{
	const char *why = NULL, *p = piece->ptr;
	uint64_t line = 0;

	for (; p < piece->end; line++) {
		const char *end = memchr(p, '\n', (size_t)(piece->end - p));
		struct str text = str_span(p, (size_t)((end ? end : piece->end) - p));

		if (text.len && !take_line(r, text, number == 0 && line == 0, &why)) {
			refuse_line(r, number, line, why);
			return line;
		}
		p = end ? end + 1 : piece->end;
	}
	return line;
}

static bool pull_piece(struct table_reader *r, unsigned worker, struct split_piece *piece,
		       size_t *number)
{
	uint64_t bytes;
	bool ok = false;

	pthread_mutex_lock(&r->lock);
	if (!r->over && !job_cancelled(r->b->job)) {
		ok = split_pull(r->split, &r->room[worker], piece, &bytes, &r->err) &&
		     piece->ptr != piece->end;
		r->over = !ok;
	}
	if (ok) {
		job_advance(r->b->job, bytes);
		MEM_GROW(r->lines, r->cap_pieces, r->n_pieces + 1);
		*number = r->n_pieces++;
		r->lines[*number] = 0;
	}
	pthread_mutex_unlock(&r->lock);
	return ok;
}

static void read_pieces(void *ctx, size_t task, unsigned worker)
{
	struct table_reader *r = ctx;
	struct split_piece piece;
	size_t number;

	while (pull_piece(r, worker, &piece, &number)) {
		uint64_t lines = take_piece(r, number, &piece);

		pthread_mutex_lock(&r->lock);
		r->lines[number] = lines;
		pthread_mutex_unlock(&r->lock);
	}
}

static bool told(struct table_reader *r, struct err *err)
{
	uint64_t line = r->bad_line + 1;

	if (r->bad_piece == SIZE_MAX) {
		if (r->err.code && err)
			*err = r->err;
		return !r->err.code && job_check(r->b->job, err);
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
	struct table_reader r = {.b = b, .t = t, .path = path, .bad_piece = SIZE_MAX};
	bool ok;

	limits.no_quotes = true;
	if (!split_open(&split, path, '\t', &limits, err))
		return false;
	r.split = split;
	r.room = mem_zalloc(threads * sizeof *r.room);
	pthread_mutex_init(&r.lock, NULL);
	pool_run(b->pool, threads, read_pieces, &r);
	ok = told(&r, err);
	for (unsigned i = 0; i < threads; i++)
		split_room_finish(&r.room[i]);
	pthread_mutex_destroy(&r.lock);
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
