/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XGBoost's C interface (Chen and Guestrin 2016; LambdaMART: Burges 2010), whose few
 * functions are declared here so that building needs no header of it. After each tree the
 * watched rows are scored, and what they are worth says when to stop.
 */
#include "config.h"

#include "learn/boost.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dynlib.h"
#include "base/err.h"
#include "base/job.h"
#include "base/mem.h"

#define CALLS(CALL)									\
	CALL(XGBGetLastError, const char *, (void))					\
	CALL(XGBSetGlobalConfig, int, (const char *))					\
	CALL(XGDMatrixCreateFromMat, int,						\
	     (const float *, uint64_t, uint64_t, float, void **))			\
	CALL(XGDMatrixFree, int, (void *))						\
	CALL(XGDMatrixSetFloatInfo, int, (void *, const char *, const float *, uint64_t)) \
	CALL(XGDMatrixSetUIntInfo, int, (void *, const char *, const unsigned *, uint64_t)) \
	CALL(XGBoosterCreate, int, (void *const *, uint64_t, void **))			\
	CALL(XGBoosterFree, int, (void *))						\
	CALL(XGBoosterSetParam, int, (void *, const char *, const char *))		\
	CALL(XGBoosterUpdateOneIter, int, (void *, int, void *))			\
	CALL(XGBoosterPredict, int,							\
	     (void *, void *, int, unsigned, int, uint64_t *, const float **))		\
	CALL(XGBoosterSlice, int, (void *, int, int, int, void **))			\
	CALL(XGBoosterSaveModelToBuffer, int,						\
	     (void *, const char *, uint64_t *, const char **))				\
	CALL(XGBoosterLoadModelFromBuffer, int, (void *, const void *, uint64_t))

#define PREDICT_MARGIN 1
#define PREDICT_SHARES 4

static struct {
	pthread_once_t once;
	bool ready;
	struct err why;
#define CALL(name, type, arguments) type (*name) arguments;
	CALLS(CALL)
#undef CALL
} lib = {.once = PTHREAD_ONCE_INIT};

static void load(void)
{
	void *library = dynlib_open("libxgboost.so.0", "libxgboost0", &lib.why);

	if (!library)
		return;
#define CALL(name, type, arguments)						\
	if (!dynlib_find(library, #name, (void **)&lib.name, &lib.why))		\
		return;
	CALLS(CALL)
#undef CALL
	lib.XGBSetGlobalConfig("{\"verbosity\": 0}");
	lib.ready = true;
}

static bool boost_load(struct err *err)
{
	pthread_once(&lib.once, load);
	return lib.ready || err_fail(err, ERR_IO, "%s", lib.why.text);
}

/* What it says begins with a time and ends with a trace. */
static bool done(int code, struct err *err)
{
	const char *said = code ? lib.XGBGetLastError() : "";

	return code == 0 || err_fail(err, ERR_IO, "XGBoost: %.*s", (int)strcspn(said, "\n"), said);
}

/* --- handles */

struct growing {
	void *data[2];		/* learn, watch */
	void *booster, *best;
};

static void growing_finish(struct growing *g)
{
	for (unsigned i = 0; i < 2; i++)
		if (g->data[i])
			lib.XGDMatrixFree(g->data[i]);
	if (g->booster)
		lib.XGBoosterFree(g->booster);
	if (g->best)
		lib.XGBoosterFree(g->best);
}

static bool put_rows(void **data, const struct boost_rows *r, struct err *err)
{
	return done(lib.XGDMatrixCreateFromMat(r->x, r->rows, r->columns, NAN, data), err) &&
	       done(lib.XGDMatrixSetFloatInfo(*data, "label", r->y, r->rows), err) &&
	       done(lib.XGDMatrixSetUIntInfo(*data, "group", r->group, r->groups), err);
}

static bool set(void *booster, const char *name, double value, struct err *err)
{
	char text[32];

	snprintf(text, sizeof text, "%.9g", value);
	return done(lib.XGBoosterSetParam(booster, name, text), err);
}

static bool set_up(struct growing *g, const struct boost_options *o, struct err *err)
{
	return done(lib.XGBoosterCreate(g->data, g->data[1] ? 2 : 1, &g->booster), err) &&
	       done(lib.XGBoosterSetParam(g->booster, "objective", o->objective), err) &&
	       done(lib.XGBoosterSetParam(g->booster, "tree_method", "hist"), err) &&
	       set(g->booster, "max_depth", o->depth, err) &&
	       set(g->booster, "eta", o->rate, err) &&
	       set(g->booster, "seed", (double)(o->seed % 1000000), err) &&
	       set(g->booster, "subsample", 0.8, err) &&
	       set(g->booster, "colsample_bytree", 0.8, err) &&
	       set(g->booster, "min_child_weight", 1, err) &&
	       set(g->booster, "nthread", 1, err);
}

/* What the trees so far are worth on the watched rows. */
static bool worth_so_far(struct growing *g, const struct boost_options *o, double *worth,
			 struct err *err)
{
	const float *score;
	uint64_t n;

	if (!done(lib.XGBoosterPredict(g->booster, g->data[1], PREDICT_MARGIN, 0, 0, &n, &score),
		  err))
		return false;
	*worth = o->worth(o->ctx, score);
	return true;
}

/* The trees that are worth most; *best gets how many. */
static bool grow(struct growing *g, const struct boost_options *o, unsigned *best,
		 struct job *job, struct err *err)
{
	double most = -INFINITY, worth;

	job_step(job, "growing trees", o->trees);
	*best = g->data[1] ? 0 : o->trees;
	for (unsigned t = 0; t < o->trees && t < *best + o->patience; t++) {
		if (!done(lib.XGBoosterUpdateOneIter(g->booster, (int)t, g->data[0]), err) ||
		    (g->data[1] && !worth_so_far(g, o, &worth, err)))
			return false;
		if (g->data[1] && worth > most) {
			most = worth;
			*best = t + 1;
		}
		job_advance(job, 1);
		if (!job_check(job, err))
			return false;
	}
	return true;
}

static bool keep(struct growing *g, unsigned best, struct strbuf *json, struct err *err)
{
	const char *text;
	uint64_t n;

	if (!done(lib.XGBoosterSlice(g->booster, 0, (int)best, 1, &g->best), err) ||
	    !done(lib.XGBoosterSaveModelToBuffer(g->best, "{\"format\": \"json\", "
						 "\"raw_format\": \"json\"}", &n, &text), err))
		return false;
	strbuf_reset(json);
	strbuf_add(json, str_span(text, n));
	return true;
}

bool boost_grow(struct grown *out, struct strbuf *json, const struct boost_rows *learn,
		const struct boost_rows *watch, const struct boost_options *o, struct job *job,
		struct err *err)
{
	struct growing g = {0};
	unsigned best;
	bool ok;

	if (!boost_load(err))
		return false;
	ok = put_rows(&g.data[0], learn, err) &&
	     (!watch || put_rows(&g.data[1], watch, err)) &&
	     set_up(&g, o, err) && grow(&g, o, &best, job, err) && keep(&g, best, json, err) &&
	     grown_parse(out, strbuf_str(json), 0, err);
	growing_finish(&g);
	return ok;
}

bool boost_shares(struct str json, const float *x, size_t rows, unsigned columns,
		  float *share, struct err *err)
{
	void *booster = NULL, *data = NULL;
	const float *out;
	uint64_t n = 0;
	bool ok;

	if (!boost_load(err))
		return false;
	ok = done(lib.XGBoosterCreate(NULL, 0, &booster), err) &&
	     done(lib.XGBoosterLoadModelFromBuffer(booster, json.ptr, json.len), err) &&
	     set(booster, "nthread", 1, err) &&
	     done(lib.XGDMatrixCreateFromMat(x, rows, columns, NAN, &data), err) &&
	     done(lib.XGBoosterPredict(booster, data, PREDICT_SHARES, 0, 0, &n, &out), err);
	if (ok && n != rows * (columns + 1))
		ok = err_fail(err, ERR_FORMAT, "XGBoost gives %.0f shares for %zu rows", (double)n,
			      rows);
	if (ok)
		memcpy(share, out, n * sizeof *share);
	if (data)
		lib.XGDMatrixFree(data);
	if (booster)
		lib.XGBoosterFree(booster);
	return ok;
}
