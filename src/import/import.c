/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An import: read and parse the files on all cores (import_read, import_batch),
 * merge what the workers saw (import_merge), make the category tree and the
 * final numbers (import_tree, import_order), write (import_write, _events, _meta).
 */
#include "config.h"

#include "import/import_impl.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/spill.h"
#include "base/time.h"
#include "store/build.h"

static void finish_workers(struct import *im)
{
	for (unsigned w = 0; im->worker && w < im->workers; w++)
		import_worker_finish(&im->worker[w]);
	free(im->worker);
	im->worker = NULL;
}

void import_finish(struct import *im)
{
	finish_workers(im);
	segments_finish(im);
	spill_destroy(im->spill);
	pthread_mutex_destroy(&im->lock);
	free(im->source);
	out_destroy(im->rejects);
	for (int k = 0; k < ID_KINDS; k++) {
		free(im->id[k].rank);
		free(im->id[k].sample);
		free(im->id[k].base);
	}
	free(im->product);
	free(im->fact);
	free(im->session);
	free(im->trait);
	free(im->category);
	free(im->property);
	free(im->session_number);
	free(im->session_rank);
	free(im->product_number);
	free(im->product_rank);
	free(im->product_node);
	free(im->tree.node);
	free(im->tree.of);
	arena_destroy(im->tree.arena);
	dataset_release(&im->configured);
	import_old_finish(&im->old);
}

/* im->configured and with it what depends on the data set. */
bool import_configure(struct import *im, struct err *err)
{
	const struct import_options *o = im->o;

	if (!dataset_configure(&im->configured, o->set, &o->dataset, o->files, o->n_files,
			       err))
		return false;
	im->set = &im->configured;
	im->limits.no_quotes = im->set->no_quotes;
	im->n_facts = FACT_ATTRIBUTE + im->set->n_attributes;
	im->quantities = dataset_caps(im->set) & CAP_QUANTITIES;
	im->ratings = dataset_caps(im->set) & CAP_RATINGS;
	for (unsigned w = 0; w < im->workers; w++)
		import_worker_init(im, &im->worker[w]);
	return true;
}

void import_start(struct import *im, const struct import_options *o, struct pool *pool,
		  struct job *job, struct import_summary *sum)
{
	*im = (struct import){.o = o, .pool = pool, .job = job, .sum = sum,
			      .workers = pool_threads(pool)};
	*sum = (struct import_summary){0};
	pthread_mutex_init(&im->lock, NULL);
	im->limits = o->limits ? *o->limits : split_limits_default(im->workers);
	im->source = mem_zalloc((o->n_files + 1) * sizeof *im->source);
	im->worker = mem_zalloc(im->workers * sizeof *im->worker);
}

static void summarise(struct import *im)
{
	struct import_summary *sum = im->sum;

	sum->products = im->id[ID_PRODUCT].n;
	sum->categories = im->tree.n;
	sum->brands = im->id[ID_BRAND].n;
	sum->users = im->id[ID_USER].n;
	sum->sessions = im->id[ID_SESSION].n;
	sum->undated = im->caps & CAP_UNDATED;
	sum->first_time = INT64_MAX;
	sum->last_time = INT64_MIN;
	for (uint32_t i = 0; i < sum->products; i++) {
		sum->unseen += im->product[i].first > im->product[i].last;
		if (im->product[i].first < sum->first_time)
			sum->first_time = im->product[i].first;
		if (im->product[i].last > sum->last_time)
			sum->last_time = im->product[i].last;
	}
}

bool import_catalog(struct import *im, struct build *b, struct err *err)
{
	job_step(im->job, "merging ids", 0);
	if (!import_merge(im, err) || !import_settle(im, b, err) ||
	    !import_drop_unused(im, err) || !import_tree(im, err) ||
	    !import_number(im, err) || !job_check(im->job, err))
		return false;
	summarise(im);
	return import_write_ids(im, b, err);
}

static bool run(struct import *im, struct build *b, struct err *err)
{
	const struct import_options *o = im->o;
	double begin = time_now_monotonic(), read;

	if ((o->append && !import_old_open(im, err)) || !import_configure(im, err) ||
	    (o->append && !import_old_check(im, err)) || !import_read(im, err) ||
	    !import_products(im, err))
		return false;
	read = time_now_monotonic();
	im->sum->seconds_read = read - begin;
	if (!import_catalog(im, b, err) || !import_keep(im, b, err))
		return false;
	finish_workers(im);
	if (!import_write_events(im, b, err) || !import_write_meta(im, b, err))
		return false;
	im->sum->seconds_build = time_now_monotonic() - read;
	return true;
}

bool import_run(struct build *b, const struct import_options *o, struct pool *pool,
		struct job *job, struct import_summary *sum, struct err *err)
{
	struct import im;
	bool ok;

	import_start(&im, o, pool, job, sum);
	im.build = b;
	im.memory = build_memory(b);
	ok = run(&im, b, err);
	import_finish(&im);
	return ok;
}
