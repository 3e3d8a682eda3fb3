/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv: RFC 4180 with LF, quoted only where it must be. tsv: tab, line end and
 * backslash as \t, \n, \r, \\. jsonl: one object per line. RecBole reads its
 * files with pandas, which takes quotes for its own and knows no escapes: tab,
 * line end and double quote become a space there.
 */
#include "config.h"

#include "export/grid.h"

#include <math.h>

#include "base/job.h"
#include "base/num.h"
#include "base/out.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/utf8.h"
#include "data/csv.h"

#define CHUNK ((size_t)64 << 10)	/* bytes handed on at once */

static char separator(enum export_format f)
{
	return f == EXPORT_CSV || f == EXPORT_JSONL || f == EXPORT_GORSE ? ',' : '\t';
}

static void hand_on(struct grid *s, size_t from)
{
	if (s->text.len < from)
		return;
	out_add(s->r->out, strbuf_str(&s->text));
	strbuf_reset(&s->text);
}

void grid_init(struct grid *s, const struct export_request *r,
	       const struct grid_column *columns, unsigned n)
{
	static const char *const types[] = {
		[GRID_ID] = "token", [GRID_TEXT] = "token", [GRID_TOKENS] = "token_seq",
		[GRID_NUMBER] = "float", [GRID_TIME] = "float",
	};
	*s = (struct grid){.r = r, .columns = columns, .n = n, .tty = out_is_tty(r->out)};
	if (r->format == EXPORT_JSONL || r->format == EXPORT_EDG)
		return;
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_addc(&s->text, separator(r->format));
		strbuf_adds(&s->text, columns[i].key);
		if (r->format == EXPORT_RECBOLE)
			strbuf_addf(&s->text, ":%s", types[columns[i].type]);
	}
	strbuf_addc(&s->text, '\n');
}

void grid_finish(struct grid *s)
{
	hand_on(s, 0);
	strbuf_finish(&s->text);
	strbuf_finish(&s->clean);
	strbuf_finish(&s->safe);
}

bool grid_check(struct grid *s, struct err *err)
{
	if (out_failed(s->r->out))
		return out_flush(s->r->out, err);
	return job_check(s->r->job, err);
}

static void begin_cell(struct grid *s)
{
	struct strbuf *b = &s->text;
	bool json = s->r->format == EXPORT_JSONL;

	if (s->at)
		strbuf_addc(b, separator(s->r->format));
	else if (json)
		strbuf_addc(b, '{');
	if (json) {
		strbuf_addc(b, '"');
		strbuf_adds(b, s->columns[s->at].key);
		strbuf_add(b, STR("\":"));
	}
}

static void end_cell(struct grid *s)
{
	if (++s->at < s->n)
		return;
	if (s->r->format == EXPORT_JSONL)
		strbuf_addc(&s->text, '}');
	strbuf_addc(&s->text, '\n');
	s->at = 0;
	s->rows++;
	hand_on(s, s->tty ? 0 : CHUNK);
}

void grid_empty(struct grid *s)
{
	begin_cell(s);
	if (s->r->format == EXPORT_JSONL)
		strbuf_add(&s->text, STR("null"));
	end_cell(s);
}

static void add_token(struct strbuf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		strbuf_addc(b, strchr("\t\n\r\"", s.ptr[i]) ? ' ' : s.ptr[i]);
}

void grid_text(struct grid *s, struct str text)
{
	begin_cell(s);
	if (s->tty) {
		strbuf_reset(&s->clean);
		sanitize(&s->clean, text, SANITIZE_LINE);
		text = strbuf_str(&s->clean);
	}
	switch (s->r->format) {
	case EXPORT_JSONL:
		quote_json(&s->text, text);
		break;
	case EXPORT_CSV:
	case EXPORT_GORSE:
		if (s->r->spreadsheet && csv_is_formula(text)) {
			strbuf_reset(&s->safe);
			strbuf_addc(&s->safe, '\'');
			strbuf_add(&s->safe, text);
			text = strbuf_str(&s->safe);
		}
		quote_csv(&s->text, text, ',');
		break;
	case EXPORT_RECBOLE:
		add_token(&s->text, text);
		break;
	default:
		if (s->r->spreadsheet && csv_is_formula(text))
			strbuf_addc(&s->text, '\'');
		quote_tsv(&s->text, text);
	}
	end_cell(s);
}

void grid_name(struct grid *s, const struct text *t, uint32_t number)
{
	if (number == CATALOG_NONE || !t->offsets || number >= t->n)
		grid_empty(s);
	else
		grid_text(s, text_at(t, number));
}

void grid_count(struct grid *s, uint64_t n)
{
	begin_cell(s);
	num_add_integer(&s->text, (int64_t)n);
	end_cell(s);
}

void grid_real(struct grid *s, double x)
{
	if (!isfinite(x)) {
		grid_empty(s);
		return;
	}
	begin_cell(s);
	num_add_exact(&s->text, x);
	end_cell(s);
}

static void add_decimal(struct grid *s, int64_t units, unsigned scale)
{
	if (units == PRICE_NONE) {
		grid_empty(s);
		return;
	}
	begin_cell(s);
	num_add_decimal(&s->text, units, scale, false);
	end_cell(s);
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
	const char *quote = s->r->format == EXPORT_JSONL ? "\"" : "";

	begin_cell(s);
	if (s->r->format == EXPORT_RECBOLE) {	/* of a log without times: their order */
		num_add_exact(&s->text, (double)ms / 1000);
	} else if (!(s->r->about.catalog->caps & CAP_UNDATED)) {
		strbuf_adds(&s->text, quote);
		time_add_rfc3339(&s->text, ms);
		strbuf_adds(&s->text, quote);
	} else if (*quote) {
		strbuf_adds(&s->text, "null");
	}
	end_cell(s);
}
