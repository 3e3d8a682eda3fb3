/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the files. Every thread takes turns to read the next piece of a file into
 * a buffer of its own, which stays in its cache, parses it, and packs its events
 * into a segment. What depends on the order of the files (lines, rejects) is told in
 * the order of the pieces; of threads that wait for it none stops.
 */
#include "config.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/pool.h"
#include "import/batch.h"
#include "import/steps.h"

/* What one task works with. */
struct reader {
	struct split_room room;
	struct split_piece piece;
	struct parser parser;
	struct batch batch;
	struct packer packer;
	bool ready;		/* piece is to be parsed before another is taken */
};

/* One file on its way. */
struct reading {
	const struct import *im;
	struct taken *to;
	struct batch_rules rules;
	const char *path;
	struct split *split;
	const struct file_kind *kind;	/* told by the first record */
	struct source *source;
	struct reader *reader;		/* (workers) */
	pthread_mutex_t input;
	/* under input */
	bool over;
	uint64_t position;
	struct err input_err;
	pthread_mutex_t output;
	/* under output */
	uint64_t lines;			/* of the pieces told */
	uint64_t next;			/* the piece to tell */
	struct batch *late;		/* parsed before it: what there is to tell */
	size_t n_late, cap_late;
	struct err output_err;
};

/* The next piece into r; false at the end or on an error. Under input. */
static bool pull(struct reading *f, struct reader *r)
{
	const struct import *im = f->im;
	uint64_t bytes, position;

	if (im->o->sample && f->source->bytes >= im->o->sample)
		return false;
	if (!split_pull(f->split, &r->room, &r->piece, &bytes, &f->input_err) ||
	    split_piece_empty(&r->piece))
		return false;
	if (!split_crc(&r->piece, f->source->crc, &f->source->crc, &f->input_err))
		return false;
	f->source->bytes += bytes;
	im->sum->bytes += bytes;
	position = split_position(f->split);
	job_advance(im->job, position - f->position);
	f->position = position;
	r->batch.number = f->to->pieces++;
	return true;
}

static bool take_turn(struct reading *f, struct reader *r)
{
	bool ok = r->ready;

	if (ok) {
		r->ready = false;
		return true;
	}
	pthread_mutex_lock(&f->input);
	if (!f->over)
		ok = pull(f, r);
	f->over |= !ok;
	pthread_mutex_unlock(&f->input);
	return ok;
}

/* No more pieces, wherever the others are. */
static void stop(struct reading *f)
{
	pthread_mutex_lock(&f->input);
	f->over = true;
	pthread_mutex_unlock(&f->input);
}

/* Rejects and lines of a piece whose turn it is. */
static bool tell(struct reading *f, const struct batch *b)
{
	f->next++;
	if (f->output_err.code ||
	    !import_reject_batch(f->im, f->to, (struct piece_place){f->path, f->lines}, b,
				 &f->output_err))
		return false;
	f->lines += b->lines;
	return true;
}

/* Those whose turn came by what was told last. */
static bool tell_late(struct reading *f)
{
	for (size_t i = 0; i < f->n_late; i++) {
		struct batch b = f->late[i];
		bool ok;

		if (b.number != f->next)
			continue;
		f->late[i] = f->late[--f->n_late];
		ok = tell(f, &b);
		batch_finish(&b);
		if (!ok)
			return false;
		i = SIZE_MAX;	/* from the first again */
	}
	return true;
}

static void set_aside(struct reading *f, struct batch *b)
{
	MEM_GROW(f->late, f->cap_late, f->n_late + 1);
	f->late[f->n_late++] = (struct batch){
		.kind = b->kind,
		.number = b->number,
		.lines = b->lines,
		.rejected = b->rejected,
		.n_rejected = b->n_rejected,
		.texts = b->texts,
	};
	b->rejected = NULL;
	b->n_rejected = b->cap_rejected = 0;
	b->texts = (struct strbuf){0};
}

static bool hand_over(struct reading *f, struct batch *b)
{
	struct import_summary *sum = f->im->sum;

	sum->records += b->records;
	sum->skipped += b->skipped;
	sum->facts += b->facts;
	if (f->im->job) {
		atomic_store(&f->im->job->rows, sum->records);
		atomic_store(&f->im->job->rejected, sum->rejected);
	}
	if (b->number == f->next)
		return tell(f, b) && tell_late(f);
	set_aside(f, b);
	return true;
}

static bool parse_piece(struct reading *f, struct reader *r, unsigned worker,
			struct err *err)
{
	const struct import *im = f->im;
	struct batch *b = &r->batch;
	bool ok;

	if (!batch_start(b, im->set, &r->piece, f->kind, err))
		return false;
	batch_parse(&f->rules, &r->parser, &f->to->heard.of[worker], b);
	if (f->to->heard.of[worker].err.code || job_cancelled(im->job))
		return false;
	if (!segments_add(&f->to->events, &r->packer, &b->events, worker, b->number, err))
		return false;
	b->skip_first = 0;
	pthread_mutex_lock(&f->output);
	ok = hand_over(f, b);
	pthread_mutex_unlock(&f->output);
	return ok;
}

static void read_task(void *ctx, size_t task, unsigned worker)
{
	struct reading *f = ctx;
	struct reader *r = &f->reader[task];
	struct witness *w = &f->to->heard.of[worker];

	while (take_turn(f, r))
		if (!parse_piece(f, r, worker, &w->err)) {
			stop(f);
			return;
		}
}

/* Read up to the first record and look at it before the workers start; the piece
 * is ready in the first reader then. A file without one is empty. */
static bool check_first(struct reading *f, bool *empty, struct err *err)
{
	const struct dataset *set = f->im->set;
	struct reader *r = &f->reader[0];
	struct csv_record record;
	struct csv csv;
	bool ok = true;

	csv_reader_init(&csv, set->separator, &f->im->limits);
	while (!r->ready && pull(f, r)) {
		csv_reader_start(&csv, &r->piece);
		r->ready = csv_reader_next(&csv, &record);
		if (r->ready)
			break;
		f->lines += csv.line;	/* blank lines only so far */
		f->next = f->to->pieces;
	}
	*empty = !r->ready;
	if (r->ready) {
		record.line += f->lines;
		ok = (!set->begin || record.reason ||
		      set->begin(set, (struct strs){record.field, record.n}, err)) &&
		     import_check_header(set, f->path, &record, &f->kind, err);
	}
	csv_reader_finish(&csv);
	if (f->input_err.code && err)
		*err = f->input_err;
	if (!ok || f->input_err.code)
		return false;
	if (r->ready) {
		f->to->caps |= f->kind->caps;
		r->batch.skip_first = f->kind->header || r->piece.part.names;
	}
	return true;
}

/* What comes first in the files is what is said. */
static bool check_errors(struct reading *f, struct err *err)
{
	const struct import *im = f->im;
	const struct err *first = &f->output_err;

	for (unsigned i = 0; i < f->to->heard.n && !first->code; i++)
		first = &f->to->heard.of[i].err;
	if (!first->code)
		first = &f->input_err;
	if (!first->code)
		return job_check(im->job, err);
	if (err)
		*err = *first;
	return false;
}

static bool read_file_in(struct reading *f, struct err *err)
{
	const struct import *im = f->im;
	bool empty;

	if (!split_open_encoded(&f->split, f->path, im->set->encoding, im->set->separator,
				&im->limits, err))
		return false;
	split_watch(f->split, im->job);
	if (!check_first(f, &empty, err))
		return false;
	if (empty && im->set->kinds[im->set->n_kinds - 1].header)
		return err_fail(err, ERR_FORMAT, "%s: the file is empty; the columns of "
				"%s were expected", f->path, im->set->name);
	if (!empty)
		pool_run(im->pool, f->to->heard.n, read_task, f);
	return check_errors(f, err);
}

static bool read_file(const struct import *im, struct taken *t, unsigned file,
		      struct err *err)
{
	struct reading f = {
		.im = im,
		.to = t,
		.rules = {im->set, im->o->spreadsheet, im->zone, im->job},
		.path = im->o->files[file],
		.kind = im->set->kinds,
		.source = &t->source[file],
		.next = t->pieces,
		.reader = mem_zalloc(t->heard.n * sizeof *f.reader),
	};
	uint64_t records = im->sum->records;
	bool ok;

	pthread_mutex_init(&f.input, NULL);
	pthread_mutex_init(&f.output, NULL);
	for (unsigned i = 0; i < t->heard.n; i++) {
		parser_start(&f.reader[i].parser, im->set, &im->limits);
		f.reader[i].batch.keep_rejects = im->o->rejects;
	}
	ok = read_file_in(&f, err);
	for (unsigned i = 0; i < t->heard.n; i++) {
		parser_finish(&f.reader[i].parser);
		split_room_finish(&f.reader[i].room);
		batch_finish(&f.reader[i].batch);
		packer_finish(&f.reader[i].packer);
	}
	for (size_t i = 0; i < f.n_late; i++)
		batch_finish(&f.late[i]);
	free(f.late);
	free(f.reader);
	split_destroy(f.split);
	pthread_mutex_destroy(&f.input);
	pthread_mutex_destroy(&f.output);
	return ok && (records == im->sum->records || import_old_source(im, t, file, err));
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

static bool open_rejects(const struct import *im, struct taken *t, struct err *err)
{
	if (!im->o->rejects)
		return true;
	t->rejects = out_file(im->o->rejects, err);
	if (!t->rejects)
		return false;
	out_add(t->rejects, STR("file,line,reason,column,value,record\n"));
	return true;
}

/* A log from which nothing goes together is read for nothing, unless it is said. */
static void tell_relations(const struct import *im)
{
	const uint64_t *n = im->sum->by_kind;

	if (n[EVENT_RATING] && !n[EVENT_VIEW] && !n[EVENT_CART] && !n[EVENT_PURCHASE])
		job_notice(im->job, "the log holds ratings alone: no relation can be counted of "
			   "them, as all five are between views, carts and purchases; kind = "
			   "view in the mapping counts every rating as a view");
}

bool import_read(const struct import *im, struct taken *t, struct err *err)
{
	uint64_t rounded = 0, nothing = 0, repaired = 0, free_of = 0;
	const char *unused;

	t->events.scale = im->set->price_scale;
	if (!open_rejects(im, t, err) || (im->old && !import_restore(im, t, err)))
		return false;
	if (im->job)
		im->job->unit = "bytes";
	job_step(im->job, "reading", total_bytes(im->o));
	for (unsigned i = 0; i < im->o->n_files; i++)
		if (!read_file(im, t, i, err))
			return false;
	segments_sort(&t->events);
	im->sum->events = t->events.n_events;
	for (unsigned w = 0; w < t->heard.n; w++) {
		for (int k = 0; k < EVENT_KINDS; k++)
			im->sum->by_kind[k] += t->heard.of[w].by_kind[k];
		rounded += t->heard.of[w].rounded;
		nothing += t->heard.of[w].nothing;
		free_of += t->heard.of[w].free;
		repaired += t->heard.of[w].repaired;
		im->sum->wall |= t->heard.of[w].wall;
	}
	if (rounded)
		job_notice(im->job, "%llu price%s more than %u decimals: rounded to "
			   "that many", (unsigned long long)rounded,
			   rounded == 1 ? " had" : "s had", NUM_SCALE_MAX);
	unused = im->set->unused ? im->set->unused(im->set) : NULL;
	if (unused)
		job_notice(im->job, "columns that the mapping doesn't name: %s", unused);
	if (nothing)
		job_notice(im->job, "%llu event%s a quantity of 0: kept, as of no pieces",
			   (unsigned long long)nothing, nothing == 1 ? " has" : "s have");
	if (free_of && im->set->mapped)
		job_notice(im->job, "%llu event%s a price of 0: kept as it is",
			   (unsigned long long)free_of, free_of == 1 ? " has" : "s have");
	if (repaired)
		job_notice(im->job, "%llu record%s not UTF-8: what is none was read as "
			   "Windows-1252 (--encoding says otherwise)",
			   (unsigned long long)repaired, repaired == 1 ? " is" : "s are");
	tell_relations(im);
	if (!import_check_rejects(im, t, err))
		return false;
	import_old_counts(im);
	return true;
}
