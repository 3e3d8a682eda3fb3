/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store that files are added to: is it sound, is it the same data set, and was
 * each file read before? */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "import/steps.h"
#include "store/check.h"
#include "store/store.h"

static const char *meta_text(const json_t *meta, const char *key)
{
	return json_string_value(json_object_get(meta, key));
}

static int64_t meta_number(const json_t *meta, const char *key)
{
	return (int64_t)json_integer_value(json_object_get(meta, key));
}

/* ---- soundness */

struct soundness {
	struct job *job;
	char first[512];
};

static void take_fault(void *ctx, const char *text)
{
	struct soundness *s = ctx;

	if (!s->first[0])
		snprintf(s->first, sizeof s->first, "%s", text);
}

static void take_progress(void *ctx, uint64_t bytes)
{
	job_advance(((struct soundness *)ctx)->job, bytes);
}

/* What is damaged must not live on under a fresh checksum. */
static bool check_sound(const struct import_old *old, struct job *job, struct err *err)
{
	struct soundness s = {.job = job};
	struct checker k = {
		.s = old->store,
		.c = store_catalog(old->store),
		.fault = take_fault,
		.unable = take_fault,
		.progress = take_progress,
		.ctx = &s,
	};

	job_step(job, "checking the store", store_bytes(old->store));
	check_arrays(&k);
	return !k.faults || err_fail(err, ERR_STORE, "%s is damaged (%s): nothing was added; "
				     "import all files again, without --append",
				     old->options.append, s.first);
}

/* ---- options */

static bool differs(const struct import *im, const char *what, const char *has,
		    const char *given, struct err *err)
{
	return err_fail(err, ERR_USAGE, "%s was imported with %s %s, not %s: leave it out, or "
			"import all files again, without --append", im->o->append, what,
			has, given);
}

/* Text options: the store's, which the given one must equal. */
static bool inherit(const struct import *im, const char *what, const char *has,
		    const char **given, struct err *err)
{
	if (!has)
		return true;
	if (*given && strcmp(*given, has) != 0)
		return differs(im, what, has[0] ? has : "(none)", *given, err);
	*given = has;
	return true;
}

static bool inherit_duplicates(const struct import *im, const json_t *options,
			       enum import_duplicates *given, struct err *err)
{
	bool drop = meta_text(options, "duplicates") != NULL;

	if (*given != DUPLICATES_UNSAID && drop != (*given == DUPLICATES_DROP))
		return differs(im, "--duplicates", drop ? "drop" : "keep",
			       drop ? "keep" : "drop", err);
	*given = drop ? DUPLICATES_DROP : DUPLICATES_KEEP;
	return true;
}

static bool inherit_options(struct import_old *old, const struct import *im, struct err *err)
{
	struct import_options *o = &old->options;
	const json_t *meta = store_meta(old->store);
	const json_t *options = json_object_get(meta, "options");
	const char *separator = meta_text(options, "separator");
	uint32_t max = (uint32_t)meta_number(meta, "max_session");

	if (o->max_session && o->max_session != max) {
		char has[16], given[16];

		snprintf(has, sizeof has, "%u", max);
		snprintf(given, sizeof given, "%u", o->max_session);
		return differs(im, "--max-session", has, given, err);
	}
	o->max_session = max;
	if (!inherit(im, "--currency", meta_text(meta, "currency"), &o->currency, err) ||
	    !inherit(im, "--time-zone", meta_text(meta, "time_zone"), &o->time_zone, err) ||
	    !inherit_duplicates(im, options, &o->duplicates, err))
		return false;
	if (!o->dataset.encoding)
		o->dataset.encoding = meta_text(options, "encoding");
	if (!o->dataset.separator && separator)
		o->dataset.separator = separator[0];
	if (!o->dataset.gap)
		o->dataset.gap = meta_number(options, "gap_ms");
	if (!o->dataset.header)
		o->dataset.header = meta_text(options, "header");
	if (!o->dataset.layout)
		o->dataset.layout = meta_text(options, "layout");
	if (o->dataset.skip_columns < 0 && json_object_get(options, "skip_columns"))
		o->dataset.skip_columns = (int)meta_number(options, "skip_columns");
	if (!o->dataset.map)
		o->dataset.mapping = meta_text(options, "mapping");
	return true;
}

bool import_old_open(struct import_old *old, const struct import *im, struct err *err)
{
	const char *has;

	old->options = *im->o;
	if (!store_open(&old->store, im->o->append, err))
		return false;
	has = meta_text(store_meta(old->store), "dataset");
	if (!has || strcmp(has, im->o->set->name) != 0)
		return err_fail(err, ERR_USAGE, "%s holds the data set %s: files of %s can't "
				"be added to it", im->o->append, has ? has : "(unknown)",
				im->o->set->name);
	return inherit_options(old, im, err) && check_sound(old, im->job, err);
}

static bool same_attributes(const struct import *im, const struct catalog *c)
{
	bool same = c->n_attributes == im->set->n_attributes;

	for (unsigned i = 0; same && i < c->n_attributes; i++)
		same = str_is(text_at(&c->attribute_name, i), im->set->attributes[i]);
	return same;
}

bool import_old_check(struct import_old *old, const struct import *im, struct err *err)
{
	const json_t *options = json_object_get(store_meta(old->store), "options");
	const char *mapping = meta_text(options, "mapping");
	int64_t gap = meta_number(options, "gap_ms");

	if (gap != im->set->gap) {
		char has[32], given[32];

		snprintf(has, sizeof has, "%g", (double)gap / 60000);
		snprintf(given, sizeof given, "%g", (double)im->set->gap / 60000);
		return differs(im, "--gap", has, given, err);
	}
	if (im->set->mapping && (!mapping || strcmp(mapping, im->set->mapping) != 0))
		return err_fail(err, ERR_USAGE, "%s was imported with another mapping: leave "
				"--map out to take that one, or import all files again, "
				"without --append", im->o->append);
	if (!same_attributes(im, store_catalog(old->store)))
		return err_fail(err, ERR_STORE, "%s was imported with other columns: import "
				"all files again, without --append", im->o->append);
	return resume_bind(&old->kept, old->store,
			   FACT_ATTRIBUTE + im->set->n_attributes, err);
}

void import_old_finish(struct import_old *old)
{
	store_destroy(old->store);
	*old = (struct import_old){0};
}

/* ---- files */

static bool same_source(const struct source *s, const json_t *has)
{
	char crc[9];
	const char *there = meta_text(has, "crc32c");

	snprintf(crc, sizeof crc, "%08x", s->crc);
	return there && strcmp(there, crc) == 0 &&
		(uint64_t)meta_number(has, "bytes") == s->bytes;
}

bool import_old_source(const struct import *im, const struct taken *t, unsigned file,
		       struct err *err)
{
	const struct source *s = &t->source[file];
	const json_t *meta = im->old ? store_meta(im->old->store) : NULL;
	const json_t *has;
	size_t i;

	for (unsigned f = 0; f < file; f++)
		if (t->source[f].bytes == s->bytes && t->source[f].crc == s->crc)
			return err_fail(err, ERR_FORMAT, "%s holds the same as %s, which was "
					"read just before: name it once", im->o->files[file],
					im->o->files[f]);
	json_array_foreach(json_object_get(meta, "sources"), i, has) {
		const char *when = meta_text(has, "imported");

		if (same_source(s, has))
			return err_fail(err, ERR_FORMAT, "%s is in the store already: %s, "
					"imported at %s, holds the same; nothing was added",
					im->o->files[file], meta_text(has, "path"),
					when ? when : meta_text(meta, "created"));
	}
	return true;
}

void import_old_counts(const struct import *im)
{
	struct import_summary *sum = im->sum;
	const json_t *meta = im->old ? store_meta(im->old->store) : NULL;
	const json_t *counts = json_object_get(meta, "counts");
	const json_t *rejected = json_object_get(meta, "rejected");

	if (!meta)
		return;
	sum->old_events = (uint64_t)meta_number(counts, "events");
	sum->old_sources = json_array_size(json_object_get(meta, "sources"));
	sum->records += (uint64_t)meta_number(counts, "records");
	sum->rejected += (uint64_t)meta_number(counts, "rejected");
	sum->skipped += (uint64_t)meta_number(counts, "skipped");
	sum->facts += (uint64_t)meta_number(counts, "facts");
	sum->duplicates += (uint64_t)meta_number(counts, "duplicates");
	for (int r = REJECT_NONE + 1; r < REJECT_REASONS; r++)
		sum->rejected_by[r] += (uint64_t)meta_number(
			rejected, reject_name((enum reject_reason)r));
}
