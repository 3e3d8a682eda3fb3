/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells are put behind each other in memory and handed on in chunks, to a terminal by line. */
#include "config.h"

#include "data/emit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "table/parquet_write.h"

#define CHUNK ((size_t)64 << 10)	/* bytes handed on at once */

void emit_init(struct emit *r, enum emit_form form, unsigned n, struct out *out)
{
	*r = (struct emit){.form = form, .n = n, .out = out, .tty = out_is_tty(out),
			   .key = mem_zalloc(n * sizeof *r->key)};
}

void emit_key(struct emit *r, unsigned i, const char *key)
{
	assert(i < r->n);
	r->key[i] = key;
}

static bool is_json(const struct emit *r)
{
	return r->form == EMIT_JSON || r->form == EMIT_JSONL;
}

/* The writer of Parquet, which the next cell goes to; NULL: another form. */
static struct parquet_writer *parquet(struct emit *r)
{
	if (r->form != EMIT_PARQUET)
		return NULL;
	if (!r->parquet)
		r->parquet = parquet_writer_create(r->out, r->key, r->n);
	r->at = (r->at + 1) % r->n;
	r->done += r->at == 0;
	return r->parquet;
}

static char separator(const struct emit *r)
{
	return r->form == EMIT_TSV || r->form == EMIT_TOKENS ? '\t' : ',';
}

static void hand_on(struct emit *r, size_t from)
{
	if (r->text.len < from)
		return;
	out_add(r->out, strbuf_str(&r->text));
	strbuf_reset(&r->text);
}

void emit_head(struct emit *r, const char *const *suffix)
{
	if (is_json(r) || r->form == EMIT_PARQUET)
		return;
	for (unsigned i = 0; i < r->n; i++) {
		if (i)
			strbuf_addc(&r->text, separator(r));
		strbuf_addf(&r->text, "%s%s", r->key[i], suffix ? suffix[i] : "");
	}
	strbuf_addc(&r->text, '\n');
}

void emit_finish(struct emit *r, bool whole)
{
	assert(!whole || r->at == 0);
	if (whole && r->form == EMIT_JSON)
		strbuf_adds(&r->text, r->done ? "\n]" : "]");
	if (whole && r->form == EMIT_PARQUET) {
		if (!r->parquet)
			r->parquet = parquet_writer_create(r->out, r->key, r->n);
		parquet_writer_finish(r->parquet);
	} else if (whole) {
		hand_on(r, 0);
	}
	parquet_writer_destroy(r->parquet);
	strbuf_finish(&r->text);
	strbuf_finish(&r->clean);
	free(r->key);
}

/* --- cells */

static void begin(struct emit *r)
{
	struct strbuf *b = &r->text;

	if (r->at)
		strbuf_addc(b, separator(r));
	else if (r->form == EMIT_JSON)
		strbuf_adds(b, r->done ? ",\n{" : "\n{");
	else if (r->form == EMIT_JSONL)
		strbuf_addc(b, '{');
	if (!is_json(r))
		return;
	strbuf_addc(b, '"');
	strbuf_adds(b, r->key[r->at]);
	strbuf_add(b, STR("\":"));
}

static void end(struct emit *r)
{
	if (++r->at < r->n)
		return;
	if (is_json(r))
		strbuf_addc(&r->text, '}');
	if (r->form != EMIT_JSON)
		strbuf_addc(&r->text, '\n');
	r->at = 0;
	r->done++;
	hand_on(r, r->tty ? 0 : CHUNK);
}

void emit_empty(struct emit *r)
{
	struct parquet_writer *w = parquet(r);

	if (w) {
		parquet_put_none(w);
		return;
	}
	begin(r);
	if (is_json(r))
		strbuf_add(&r->text, STR("null"));
	end(r);
}

static void add_token(struct strbuf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		strbuf_addc(b, strchr("\t\n\r\"", s.ptr[i]) ? ' ' : s.ptr[i]);
}

/* The text with an apostrophe in front, in r->clean. */
static struct str made_safe(struct emit *r, struct str text)
{
	STRBUF(safe);

	strbuf_addc(&safe, '\'');
	strbuf_add(&safe, text);
	strbuf_reset(&r->clean);
	strbuf_add(&r->clean, strbuf_str(&safe));
	return strbuf_str(&r->clean);
}

void emit_text(struct emit *r, struct str text)
{
	struct parquet_writer *w = parquet(r);

	if (w) {
		parquet_put_text(w, text);
		return;
	}
	begin(r);
	if (r->tty) {
		strbuf_reset(&r->clean);
		sanitize(&r->clean, text, SANITIZE_LINE);
		text = strbuf_str(&r->clean);
	}
	if (r->formulas && !is_json(r) && r->form != EMIT_TOKENS && csv_is_formula(text))
		text = made_safe(r, text);
	if (is_json(r))
		quote_json(&r->text, text);
	else if (r->form == EMIT_CSV)
		quote_csv(&r->text, text, ',');
	else if (r->form == EMIT_TSV)
		quote_tsv(&r->text, text);
	else
		add_token(&r->text, text);
	end(r);
}

void emit_count(struct emit *r, int64_t n)
{
	struct parquet_writer *w = parquet(r);

	if (w) {
		parquet_put_integer(w, n);
		return;
	}
	begin(r);
	num_add_integer(&r->text, n);
	end(r);
}

void emit_real(struct emit *r, double x)
{
	struct parquet_writer *w = isfinite(x) ? parquet(r) : NULL;

	if (!isfinite(x)) {
		emit_empty(r);
		return;
	}
	if (w) {
		parquet_put_real(w, x);
		return;
	}
	begin(r);
	num_add_exact(&r->text, x);
	end(r);
}

void emit_decimal(struct emit *r, int64_t units, unsigned scale)
{
	struct parquet_writer *w = parquet(r);

	if (w) {	/* the nearest number, of which the digits can be read again */
		parquet_put_real(w, (double)units / pow(10, scale));
		return;
	}
	begin(r);
	num_add_decimal(&r->text, units, scale, false);
	end(r);
}

void emit_time(struct emit *r, int64_t ms)
{
	struct parquet_writer *w = parquet(r);

	if (w) {
		parquet_put_time(w, ms);
		return;
	}
	begin(r);
	if (is_json(r))
		strbuf_addc(&r->text, '"');
	time_add_rfc3339(&r->text, ms);
	if (is_json(r))
		strbuf_addc(&r->text, '"');
	end(r);
}
