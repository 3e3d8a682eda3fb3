/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cells of exports as cells of data/emit, by what the catalog says of them. RecBole reads its
 * files with pandas, which takes quotes for its own and knows no escapes: its texts are tokens,
 * its columns named with their types, its times seconds.
 */
#include "config.h"

#include "export/grid.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/out.h"

static enum emit_form form_of(enum export_format f)
{
	return f == EXPORT_CSV || f == EXPORT_GORSE ? EMIT_CSV : f == EXPORT_JSONL ? EMIT_JSONL :
	       f == EXPORT_PARQUET ? EMIT_PARQUET :
	       f == EXPORT_RECBOLE ? EMIT_TOKENS : EMIT_TSV;
}

void grid_init(struct grid *s, const struct export_request *r,
	       const struct grid_column *columns, unsigned n)
{
	static const char *const types[] = {
		[GRID_ID] = ":token", [GRID_TEXT] = ":token", [GRID_TOKENS] = ":token_seq",
		[GRID_NUMBER] = ":float", [GRID_TIME] = ":float",
	};
	SCOPED_FREE const char **suffix = mem_alloc(n * sizeof *suffix);

	s->r = r;
	emit_init(&s->emit, form_of(r->format), n, r->out);
	s->emit.formulas = r->spreadsheet;
	for (unsigned i = 0; i < n; i++) {
		emit_key(&s->emit, i, columns[i].key);
		suffix[i] = types[columns[i].type];
	}
	if (r->format != EXPORT_EDG)
		emit_head(&s->emit, r->format == EXPORT_RECBOLE ? suffix : NULL);
}

void grid_finish(struct grid *s)
{
	emit_finish(&s->emit, true);
}

bool grid_check(struct grid *s, struct err *err)
{
	if (out_failed(s->r->out))
		return out_flush(s->r->out, err);
	return job_check(s->r->job, err);
}

void grid_name(struct grid *s, const struct text *t, uint32_t number)
{
	if (number == CATALOG_NONE || !t->offsets || number >= t->n)
		emit_empty(&s->emit);
	else
		emit_text(&s->emit, text_at(t, number));
}

void grid_person(struct grid *s, enum pseudonym_kind kind, struct str id)
{
	STRBUF(b);

	emit_text(&s->emit, pseudonym_whole(&s->r->about, kind, id, &b));
}

static void add_decimal(struct grid *s, int64_t units, unsigned scale)
{
	if (units == PRICE_NONE)
		emit_empty(&s->emit);
	else
		emit_decimal(&s->emit, units, scale);
}

void grid_money(struct grid *s, int64_t units)
{
	add_decimal(s, units, s->r->about.catalog->price_scale);
}

void grid_revenue(struct grid *s, int64_t units)
{
	add_decimal(s, units, s->r->about.catalog->revenue_scale);
}

void grid_time(struct grid *s, int64_t ms)
{
	if (s->r->format == EXPORT_RECBOLE)	/* of a log without times: their order */
		emit_real(&s->emit, (double)ms / 1000);
	else if (s->r->about.catalog->caps & CAP_UNDATED)
		emit_empty(&s->emit);
	else
		emit_time(&s->emit, ms);
}
