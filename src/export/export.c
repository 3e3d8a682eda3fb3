/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms of files and what a request must fulfil; the files are rows of exports.def. */
#include "config.h"

#include "export/export.h"

#include <assert.h>

#include "base/job.h"
#include "base/out.h"
#include "query/filter.h"
#include "query/select.h"
#include "stats/live.h"

static const char *const format_names[EXPORT_FORMATS] = {
	[EXPORT_CSV] = "csv",
	[EXPORT_TSV] = "tsv",
	[EXPORT_JSONL] = "jsonl",
	[EXPORT_EDG] = "edg",
	[EXPORT_MTX] = "mtx",
	[EXPORT_RECBOLE] = "recbole",
	[EXPORT_GORSE] = "gorse",
	[EXPORT_LOG] = "log",
	[EXPORT_WORD2VEC] = "word2vec",
	[EXPORT_WORD2VEC_BIN] = "word2vec-bin",
	[EXPORT_PARQUET] = "parquet",
	[EXPORT_PARQUET_WIDE] = "parquet-wide",
	[EXPORT_NPY] = "npy",
};

uint64_t export_asks(const struct export_class *c)
{
	return c->where ? c->asks | MAY(WHERE) : c->asks;
}

const char *export_format_name(enum export_format f)
{
	return format_names[f];
}

bool export_format_parse(struct str s, enum export_format *f)
{
	for (unsigned i = 0; i < EXPORT_FORMATS; i++)
		if (str_is(s, format_names[i])) {
			*f = i;
			return true;
		}
	return false;
}

bool export_format_of(struct str path, enum export_format *f)
{
	static const struct {
		struct str end;
		enum export_format format;
	} ends[] = {
		{{".csv", 4}, EXPORT_CSV},	 {{".tsv", 4}, EXPORT_TSV},
		{{".jsonl", 6}, EXPORT_JSONL},	 {{".ndjson", 7}, EXPORT_JSONL},
		{{".edg", 4}, EXPORT_EDG},	 {{".mtx", 4}, EXPORT_MTX},
		{{".inter", 6}, EXPORT_RECBOLE}, {{".item", 5}, EXPORT_RECBOLE},
		{{".vec", 4}, EXPORT_WORD2VEC},	 {{".txt", 4}, EXPORT_WORD2VEC},
		{{".bin", 4}, EXPORT_WORD2VEC_BIN}, {{".npy", 4}, EXPORT_NPY},
		{{".parquet", 8}, EXPORT_PARQUET},
	};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t n = ends[i].end.len;
		if (path.len >= n &&
		    str_eq(str_span(path.ptr + path.len - n, n), ends[i].end)) {
			*f = ends[i].format;
			return true;
		}
	}
	return false;
}

const char *export_second(const struct export_class *c, enum export_format f)
{
	if (f == EXPORT_MTX || f == EXPORT_NPY)
		return ".ids";
	return asks_take(c->asks, ASK_VECTORS) && f == EXPORT_TSV ? ".metadata.tsv" : NULL;
}

static bool check_form(const struct export_class *c, const struct export_request *r,
		       struct err *err)
{
	enum export_format f = r->format;
	STRBUF(can);
	for (unsigned i = 0; i < EXPORT_FORMATS; i++)
		if (c->formats >> i & 1)
			strbuf_addf(&can, "%s%s", can.len ? ", " : "", format_names[i]);
	if (!(c->formats >> f & 1))
		return err_fail(err, ERR_USAGE, "%s can't be exported as %s, only as %s",
				c->name, format_names[f], strbuf_c(&can));
	if (r->spreadsheet &&
	    (asks_take(c->asks, ASK_VECTORS) ||
	     (f != EXPORT_CSV && f != EXPORT_TSV && f != EXPORT_LOG)))
		return err_fail(err, ERR_USAGE, "--spreadsheet is for csv, tsv and log; no "
				"spreadsheet opens %s", format_names[f]);
	return true;
}

bool export_begin(const struct export_class *c, struct export_request *r, struct err *err)
{
	const struct filter *where;

	if (!outlook_resolve(&r->about, export_asks(c) | MAY(WHERE), err) ||
	    !check_form(c, r, err))
		return false;
	if (r->parts && !c->divides)
		return err_fail(err, ERR_USAGE, "%s are one file: --parts is for lists, pairs and "
				"vectors", c->name);
	where = r->about.where;
	return !where || filter_check(where, c->where, c->name, err);
}

bool export_has(const struct export_request *r, uint32_t product)
{
	struct members m = catalog_members(r->about.catalog, r->about.category);

	assert(product < r->about.catalog->n_products);
	if (r->about.live && !selection_has(live_selection(r->about.live), product))
		return false;
	return members_has(&m, product);
}

void export_share(const struct export_request *r, uint32_t n, uint32_t *first, uint32_t *end)
{
	uint64_t parts = r->parts ? r->parts : 1;

	*first = (uint32_t)(n * (uint64_t)r->part / parts);
	*end = (uint32_t)(n * ((uint64_t)r->part + 1) / parts);
}

bool export_run(const struct export_class *c, const struct export_request *r,
		struct err *err)
{
	struct export_request q = *r;
	SCOPED(live) live = NULL;
	if (r->about.where) {
		if (!question_live(&r->about, &live, (struct work){r->pool, r->job}, err) ||
		    !live_need(live, c->parts, r->job, err))
			return question_where_failed(err);
		q.about.live = live;
		q.about.catalog = live_catalog(live);
	}
	if (r->job)
		r->job->unit = "rows";
	return c->run(&q, err) && (!out_failed(r->out) || out_flush(r->out, err));
}

/* Counted in the store, or to be counted under the filter. */
static bool exists(const struct export_request *r, enum relation rel)
{
	const struct relation_counts *c = &r->about.catalog->relation[rel];
	return c->out.offsets || (r->about.live && live_cuts(r->about.live) && c->from);
}

bool export_relation(const struct export_request *r, enum relation *chosen,
		     struct err *err)
{
	static const enum relation preferred[RELATIONS] = {
		REL_CO_PURCHASE, REL_CO_VIEW, REL_CO_CART, REL_VIEW_PURCHASE,
		REL_ADJACENT_VIEW,
	};
	enum relation wanted;
	bool named = asked_relation(r->about.outlook, &wanted);

	for (unsigned i = 0; i < RELATIONS; i++) {
		enum relation rel = named ? wanted : preferred[i];
		if (exists(r, rel)) {
			*chosen = rel;
			return true;
		}
	}
	return err_fail(err, ERR_NO, "%s for %s", r->about.live && live_cuts(r->about.live) ?
			"the filter leaves no events" : "the store was not counted",
			named ? relation_name(wanted) : "any relation");
}
