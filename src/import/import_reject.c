/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rejected records: counted, named, written down, and too many of them. */
#include "config.h"

#include <limits.h>
#include <stdio.h>

#include "base/out.h"
#include "base/quote.h"
#include "import/batch.h"
#include "import/steps.h"

static void add_column(struct strbuf *b, const struct file_kind *kind, unsigned column)
{
	if (column < kind->n_columns)
		strbuf_adds(b, kind->columns[column]);
	else if (column != UINT_MAX)
		strbuf_addf(b, "%u", column + 1);
}

static void write_reject(struct out *to, struct piece_place at, const struct rejected *x,
			 const struct batch *b)
{
	const char *texts = strbuf_c(&b->texts);
	STRBUF(out);

	quote_csv(&out, str_from(at.file), ',');
	strbuf_addf(&out, ",%llu,%s,", (unsigned long long)at.line, reject_name(x->reason));
	add_column(&out, b->kind, x->column);
	strbuf_addc(&out, ',');
	quote_csv(&out, str_span(texts + x->value, x->value_len), ',');
	strbuf_addc(&out, ',');
	quote_csv(&out, str_span(texts + x->text, x->text_len), ',');
	strbuf_addc(&out, '\n');
	out_add(to, strbuf_str(&out));
}

/* "FILE:LINE: category_id '2.1E+18' is an id in exponent form ..." */
static void describe(struct import_summary *sum, struct piece_place at,
		     const struct rejected *x, const struct batch *b)
{
	STRBUF(text);

	strbuf_addf(&text, "%s:%llu: ", at.file, (unsigned long long)at.line);
	if (x->column != UINT_MAX) {
		strbuf_adds(&text, "column ");
		add_column(&text, b->kind, x->column);
		if (x->value_len)
			strbuf_addf(&text, " '%.*s'", (int)x->value_len,
				    strbuf_c(&b->texts) + x->value);
		strbuf_adds(&text, ": ");
	}
	strbuf_adds(&text, reject_text(x->reason));
	snprintf(sum->first_reject, sizeof sum->first_reject, "%s", strbuf_c(&text));
}

bool import_reject_batch(const struct import *im, struct taken *t, struct piece_place at,
			 const struct batch *b, struct err *err)
{
	struct import_summary *sum = im->sum;

	for (size_t i = 0; i < b->n_rejected; i++) {
		const struct rejected *x = &b->rejected[i];

		if (sum->rejected == 0)
			describe(sum, (struct piece_place){at.file, at.line + x->line + 1}, x,
				 b);
		sum->rejected++;
		sum->rejected_by[x->reason]++;
		if (t->rejects)
			write_reject(t->rejects,
				     (struct piece_place){at.file, at.line + x->line + 1}, x,
				     b);
		if (im->o->strict)
			return err_fail(err, ERR_FORMAT, "%s (--strict stops at the "
					"first rejected record)", sum->first_reject);
	}
	return true;
}

static bool close_rejects(const struct import *im, struct taken *t, struct err *err)
{
	bool ok = !t->rejects || out_close(t->rejects, err);

	if (!ok)
		err_context(err, "cannot write %s", im->o->rejects);
	out_destroy(t->rejects);
	t->rejects = NULL;
	return ok;
}

/* The file of rejects is kept also when there were too many of them. */
bool import_check_rejects(const struct import *im, struct taken *t, struct err *err)
{
	const struct import_summary *sum = im->sum;
	double share = sum->records ? (double)sum->rejected / (double)sum->records : 0;

	if (!close_rejects(im, t, err))
		return false;
	if (sum->rejected && share > im->o->max_rejects)
		return err_fail(err, ERR_FORMAT, "%llu of %llu records were rejected "
				"(%.1f%%, at most %.4g%% may be: --max-rejects); the "
				"first: %s", (unsigned long long)sum->rejected,
				(unsigned long long)sum->records, share * 100,
				im->o->max_rejects * 100, sum->first_reject);
	if (sum->events == 0)
		return err_fail(err, ERR_FORMAT, "%s: there is no event in it",
				im->o->files[0]);
	return true;
}
