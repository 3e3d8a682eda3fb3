/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the files: window by window, a window's pieces parsed on all cores
 * and its events appended in file order. The window is small against the
 * processor's work on it, so reading (from the page cache) isn't overlapped.
 */
#include "config.h"

#include "data/import_impl.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/crc32c.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"

/* One file on its way. */
struct reading {
	struct import *im;
	const char *path;
	const struct split_piece *pieces;
	size_t n;
	uint64_t lines;		/* before this window */
	bool first;
	const struct file_kind *kind;	/* told by the first record */
	size_t header;		/* the piece of the first window that it starts */
	struct source *source;
};

static bool grow_batches(struct import *im, size_t n, struct err *err)
{
	if (n <= im->n_batch)
		return true;
	if (!mem_big_resize((void **)&im->batch, n, sizeof *im->batch, "pieces", err))
		return false;
	memset(im->batch + im->n_batch, 0, (n - im->n_batch) * sizeof *im->batch);
	im->n_batch = n;
	return true;
}

/* Task 0 is the checksum of the window, the others parse a piece each. */
static void run_task(void *ctx, size_t task, unsigned worker)
{
	struct reading *r = ctx;

	if (task == 0) {
		const char *from = r->pieces[0].ptr, *end = r->pieces[r->n - 1].end;

		r->source->crc = crc32c(r->source->crc, from, (size_t)(end - from));
		return;
	}
	batch_parse(r->im, &r->im->batch[task - 1], worker);
}

/* The first record of the file, looked at before the workers start. */
static bool check_first(struct reading *r, struct err *err)
{
	const struct dataset *set = r->im->set;
	struct csv_record record;
	struct csv csv;
	bool ok;

	r->first = false;
	csv_reader_init(&csv, set->separator, &r->im->limits);
	for (size_t i = 0; i < r->n; i++) {
		csv_reader_start(&csv, &r->pieces[i]);
		ok = csv_reader_next(&csv, &record);
		if (!ok)
			continue;
		record.line += r->lines;
		ok = import_check_header(set, r->path, &record, &r->kind, err);
		csv_reader_finish(&csv);
		if (!ok)
			return false;
		r->header = i;
		r->im->caps |= r->kind->caps;
		return true;
	}
	csv_reader_finish(&csv);
	r->first = true;	/* blank lines only so far */
	return true;
}

static void copy_columns(struct columns *to, const struct columns *from)
{
	size_t at = to->n, n = from->n;

	memcpy(to->product + at, from->product, n * sizeof *to->product);
	memcpy(to->session + at, from->session, n * sizeof *to->session);
	memcpy(to->time + at, from->time, n * sizeof *to->time);
	memcpy(to->price + at, from->price, n * sizeof *to->price);
	memcpy(to->kind + at, from->kind, n * sizeof *to->kind);
	if (to->quantity)
		memcpy(to->quantity + at, from->quantity, n * sizeof *to->quantity);
	to->n += n;
}

static bool append(struct import *im, struct batch *b, struct err *err)
{
	struct columns *all = &im->events, *c = &b->events;
	struct span *last = im->n_span ? &im->span[im->n_span - 1] : NULL;

	if (c->n == 0) {
		columns_rescale(all, c->scale);
		return true;
	}
	if (all->n + c->n > UINT32_MAX)
		return err_fail(err, ERR_FORMAT, "more than %u events: import them in "
				"parts", UINT32_MAX);
	if (!columns_reserve(all, all->n + c->n, c->quantity != NULL, err))
		return false;
	if (c->scale > all->scale)
		columns_rescale(all, c->scale);
	else
		columns_rescale(c, all->scale);
	if (last && last->worker == b->worker) {
		last->n += c->n;
	} else {
		MEM_GROW(im->span, im->cap_span, im->n_span + 1);
		im->span[im->n_span++] = (struct span){all->n, c->n, b->worker};
	}
	copy_columns(all, c);
	return true;
}

static bool check_workers(struct import *im, struct err *err)
{
	for (unsigned i = 0; i < im->workers; i++)
		if (im->worker[i].err.code) {
			if (err)
				*err = im->worker[i].err;
			return false;
		}
	return job_check(im->job, err);
}

static bool take_window(struct reading *r, struct err *err)
{
	struct import *im = r->im;
	struct import_summary *sum = im->sum;

	for (size_t i = 0; i < r->n; i++) {
		struct batch *b = &im->batch[i];

		sum->records += b->records;
		sum->skipped += b->skipped;
		sum->facts += b->facts;
		sum->events += b->events.n;
		if (!import_reject_batch(im, r->path, r->lines, b, err) ||
		    !append(im, b, err))
			return false;
		r->lines += b->lines;
	}
	if (im->job) {
		atomic_store(&im->job->rows, sum->records);
		atomic_store(&im->job->rejected, sum->rejected);
	}
	return true;
}

static bool read_window(struct reading *r, struct err *err)
{
	struct import *im = r->im;

	bool first = r->first;

	if (!grow_batches(im, r->n, err))
		return false;
	if (first && !check_first(r, err))
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (!batch_start(im, &im->batch[i], &r->pieces[i], r->kind, err))
			return false;
	if (first && !r->first)
		im->batch[r->header].skip_first = r->kind->header;
	pool_run(im->pool, r->n + 1, run_task, r);
	return check_workers(im, err) && take_window(r, err);
}

static bool read_file(struct import *im, unsigned file, struct err *err)
{
	struct reading r = {
		.im = im,
		.path = im->o->files[file],
		.first = true,
		.kind = im->set->kinds,
		.source = &im->source[file],
	};
	SCOPED(split) s = NULL;
	uint64_t bytes, position = 0;

	if (!split_open_encoded(&s, r.path, im->set->encoding, im->set->separator, &im->limits,
				err))
		return false;
	for (;;) {
		if (!split_next(s, &r.pieces, &r.n, &bytes, err))
			return false;
		if (r.n == 0)
			break;
		if (!read_window(&r, err))
			return false;
		r.source->bytes += bytes;
		im->sum->bytes += bytes;
		job_advance(im->job, split_position(s) - position);
		position = split_position(s);
	}
	if (r.first && im->set->kinds[im->set->n_kinds - 1].header)
		return err_fail(err, ERR_FORMAT, "%s: the file is empty; the columns of "
				"%s were expected", r.path, im->set->name);
	return true;
}

static uint64_t total_bytes(const struct import_options *o)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < o->n_files; i++) {
		struct stat st;

		if (stat(o->files[i], &st) == 0 && S_ISREG(st.st_mode))
			total += (uint64_t)st.st_size;
	}
	return total;
}

static bool open_rejects(struct import *im, struct err *err)
{
	if (!im->o->rejects)
		return true;
	im->rejects = out_file(im->o->rejects, err);
	if (!im->rejects)
		return false;
	out_add(im->rejects, STR("file,line,reason,column,value,record\n"));
	return true;
}

static void free_batches(struct import *im)
{
	for (size_t i = 0; i < im->n_batch; i++)
		batch_finish(&im->batch[i]);
	free(im->batch);
	im->batch = NULL;
	im->n_batch = 0;
}

bool import_read(struct import *im, struct err *err)
{
	uint64_t rounded = 0;

	im->events.scale = im->set->price_scale;
	if (!open_rejects(im, err))
		return false;
	if (im->job)
		im->job->unit = "bytes";
	job_step(im->job, "reading", total_bytes(im->o));
	for (unsigned i = 0; i < im->o->n_files; i++)
		if (!read_file(im, i, err))
			return false;
	free_batches(im);
	for (unsigned w = 0; w < im->workers; w++) {
		for (int k = 0; k < EVENT_KINDS; k++)
			im->sum->by_kind[k] += im->worker[w].by_kind[k];
		rounded += im->worker[w].rounded;
	}
	if (rounded)
		job_notice(im->job, "%llu prices have more than %u decimals and were "
			   "rounded to so many", (unsigned long long)rounded,
			   NUM_SCALE_MAX);
	return import_check_rejects(im, err);
}
