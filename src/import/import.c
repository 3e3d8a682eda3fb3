/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An import: read and parse the files on all cores (import_read, batch), merge what the
 * workers saw (seen), settle what only all of it can tell (import_settle), make the
 * category tree and the final numbers (category_tree, numbers), write (import_write, _events,
 * _meta).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/time.h"
#include "base/zone.h"
#include "import/steps.h"
#include "store/build.h"
#include "store/store.h"

void taken_start(struct taken *t, const struct import *im, struct build *b)
{
	*t = (struct taken){0};
	witnesses_start(&t->heard, pool_threads(im->pool), im->set);
	segments_start(&t->events, b);
	t->events.ids = &t->heard;
	t->events.caps = dataset_caps(im->set);
	t->source = mem_zalloc((im->o->n_files + 1) * sizeof *t->source);
}

void taken_finish(struct taken *t)
{
	witnesses_finish(&t->heard);
	segments_finish(&t->events);
	free(t->source);
	out_destroy(t->rejects);
	*t = (struct taken){0};
}

void made_finish(struct made *m)
{
	seen_finish(&m->seen);
	category_tree_finish(&m->tree);
	numbers_finish(&m->number);
}

static int64_t clock_of(const struct import *im, int64_t ms)
{
	size_t hint = 0;

	return im->zone ? ms + zone_offset(im->zone, ms, &hint) : ms;
}

static void summarise(const struct import *im, const struct taken *t, const struct made *m)
{
	struct import_summary *sum = im->sum;
	const struct ids *id = m->seen.id;

	sum->products = id[ID_PRODUCT].n;
	sum->categories = m->tree.n;
	sum->brands = id[ID_BRAND].n;
	sum->users = id[ID_USER].n;
	sum->sessions = id[ID_SESSION].n;
	sum->hours = t->caps & CAP_HOURS;
	sum->undated = t->caps & CAP_UNDATED;
	sum->first_clock = clock_of(im, sum->first_time);
	sum->last_clock = clock_of(im, sum->last_time);
}

bool import_catalog(const struct import *im, struct taken *t, struct made *m, struct err *err)
{
	struct seen *s = &m->seen;

	job_step(im->job, "merging ids", 0);
	if (!seen_merge(s, &t->heard, im->pool, err) || !import_settle(im, t, m, err) ||
	    !seen_drop_unused(s, err) ||
	    !category_tree_grow(&m->tree, s, im->set->path_separator, im->job, err) ||
	    !numbers_make(&m->number, s, &m->tree, im->pool, err) ||
	    !seen_gather(s, im->pool, err) || !import_write_facts(im, t, m, err) ||
	    !job_check(im->job, err))
		return false;
	summarise(im, t, m);
	return import_write_ids(im, t, m, err) && placed_write(m, m->build, err);
}

static bool run(const struct import *im, struct taken *t, struct made *m, struct err *err)
{
	double begin = time_now_monotonic(), read;

	if (!import_read(im, t, err) || !import_products(im, t, err) ||
	    !import_users(im, t, err))
		return false;
	read = time_now_monotonic();
	im->sum->seconds_read = read - begin;
	if (!import_catalog(im, t, m, err) || !import_keep(im, m, m->build, err))
		return false;
	t->events.ids = NULL;
	witnesses_finish(&t->heard);
	if (!import_write_events(im, t, m, err) || !import_write_meta(im, t, m, err))
		return false;
	im->sum->seconds_build = time_now_monotonic() - read;
	return true;
}

static bool prepared(struct import *im, struct build *b, struct err *err)
{
	struct taken t;
	struct made m = {.build = b, .keep = true};
	bool ok;

	taken_start(&t, im, b);
	ok = run(im, &t, &m, err);
	made_finish(&m);
	taken_finish(&t);
	return ok;
}

/* Data with days alone, and stores of the time when days were UTC's, keep them. */
static bool take_zone(struct import *im, struct zone *z, struct err *err)
{
	const char *name = im->o->time_zone;
	const json_t *old = im->old ? store_meta(im->old->store) : NULL;

	if (!name || strcmp(name, "UTC") == 0 || !(dataset_caps(im->set) & CAP_HOURS))
		return true;
	if (old && !json_object_get(old, STORE_DAYS_IN)) {
		job_notice(im->job, "the days of %s are UTC's, as it was imported before they "
			   "followed --time-zone; import all files again for days of %s",
			   im->o->append, name);
		return true;
	}
	if (!zone_open(z, name))
		return err_fail(err, ERR_USAGE, "the time zone %s can't be read: the time zone "
				"database (/usr/share/zoneinfo) is not installed, or not all "
				"of it", name);
	im->zone = z;
	snprintf(im->sum->zone, sizeof im->sum->zone, "%s", name);
	return true;
}

static bool configured(struct import *im, struct import_old *old, struct build *b,
		       struct err *err)
{
	const struct import_options *o = im->o;
	SCOPED(arena) arena = arena_create();
	struct zone zone = {0};
	struct dataset set;
	bool ok;

	if (!dataset_configure(&set, o->set, &o->dataset,
			       (struct dataset_files){o->files, o->n_files}, err))
		return false;
	im->set = &set;
	im->limits.no_quotes = set.no_quotes;
	im->limits.form = set.form;
	im->limits.tables = true;
	im->limits.choice = set.choice;
	im->limits.quote = set.form ? set.form->quote : 0;
	ok = (!im->old || import_old_check(old, im, err)) &&
		import_users_names(im, &set, arena, err) && take_zone(im, &zone, err) &&
		prepared(im, b, err);
	zone_finish(&zone);
	dataset_release(&set);
	return ok;
}

bool import_run(struct build *b, const struct import_options *o, struct work work,
		struct import_summary *sum, struct err *err)
{
	struct import_old old = {0};
	struct import im = {
		.o = o,
		.limits = o->limits ? *o->limits
				    : split_limits_default(pool_threads(work.pool)),
		.pool = work.pool,
		.job = work.job,
		.sum = sum,
	};
	bool ok = true;

	*sum = (struct import_summary){0};
	if (o->append) {
		ok = import_old_open(&old, &im, err);
		im.o = &old.options;
		im.old = &old;
	}
	ok = ok && configured(&im, &old, b, err);
	import_old_finish(&old);
	return ok;
}
