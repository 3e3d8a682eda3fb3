/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Category transitions: the columns of `aisle show transitions`. */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "export/sheet.h"
#include "panel/flow.h"
#include "query/filter.h"
#include "stats/live.h"

static const struct sheet_column columns[] = {
	{"from", SHEET_ID}, {"to", SHEET_ID}, {"from_path", SHEET_TEXT},
	{"to_path", SHEET_TEXT}, {"n", SHEET_NUMBER}, {"n_a", SHEET_NUMBER},
	{"n_b", SHEET_NUMBER}, {"n_all", SHEET_NUMBER}, {"confidence", SHEET_NUMBER},
	{"low", SHEET_NUMBER}, {"high", SHEET_NUMBER}, {"share", SHEET_NUMBER},
	{"support", SHEET_NUMBER}, {"lift", SHEET_NUMBER}, {"lift_low", SHEET_NUMBER},
	{"lift_high", SHEET_NUMBER}, {"pmi", SHEET_NUMBER}, {"leverage", SHEET_NUMBER},
	{"conviction", SHEET_NUMBER}, {"g2", SHEET_NUMBER}, {"p", SHEET_NUMBER},
	{"q", SHEET_NUMBER}, {"flags", SHEET_TEXT},
};

static void write_row(struct sheet *s, const struct flow_row *f)
{
	const struct catalog *cat = s->r->catalog;
	const struct assoc *x = &f->assoc;

	sheet_text(s, text_at(&cat->category_id, f->from));
	sheet_text(s, text_at(&cat->category_id, f->to));
	sheet_text(s, text_at(&cat->category_path, f->from));
	sheet_text(s, text_at(&cat->category_path, f->to));
	sheet_count(s, f->counts.n);
	sheet_count(s, f->counts.n_a);
	sheet_count(s, f->counts.n_b);
	sheet_count(s, f->counts.n_all);
	sheet_real(s, x->confidence);
	sheet_real(s, x->confidence_low);
	sheet_real(s, x->confidence_high);
	sheet_real(s, f->share);
	sheet_real(s, x->support);
	sheet_real(s, x->lift);
	sheet_real(s, x->lift_low);
	sheet_real(s, x->lift_high);
	sheet_real(s, x->pmi);
	sheet_real(s, x->leverage);
	sheet_real(s, x->conviction);
	sheet_real(s, x->g2);
	sheet_real(s, x->p);
	sheet_real(s, isnan(x->p) ? NAN : f->q);	/* no test on the diagonal */
	sheet_text(s, f->small ? STR("small") : STR(""));
}

/* The filter's tests of rows. */
static bool passes(const struct export_request *r, const struct flow_row *f)
{
	bool diagonal = f->from == f->to;

	return !r->live || live_row_passes(r->live, (double)f->counts.n,
					   (double)f->counts.n_a,
					   diagonal ? 0 : (double)f->counts.n_b,
					   (double)f->counts.n_all);
}

static bool transitions_run(const struct export_request *r, struct err *err)
{
	struct flow_request q = {
		.catalog = r->catalog,
		.from = r->category,
		.kind = BASKET_KINDS,
		.level = r->level,
		.multi = r->multi,
	};
	struct flow f;
	struct sheet s;
	bool ok = true;

	if (r->live && !live_flow(r->live, q.kind, &q.catalog, r->job, err))
		return false;
	if (!flow_compute(&q, &f, err))
		return false;
	job_step(r->job, "writing transitions", f.n_rows);
	sheet_init(&s, r, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; ok && i < f.n_rows; i++) {
		if (passes(r, &f.rows[i]))
			write_row(&s, &f.rows[i]);
		job_advance(r->job, 1);
		ok = i % 1024 || sheet_check(&s, err);
	}
	sheet_finish(&s);
	flow_finish(&f);
	return ok;
}

const struct export_class ex_transitions = {
	.name = "transitions",
	.summary = "How often baskets with one category hold another, with the statistics.",
	.asks = MAY(CATEGORY) | MAY(LEVEL) | MAY(BASKETS),
	.formats = EXPORT_TABLES,
	.dflt = EXPORT_CSV,
	.where = FILTER_PRODUCT | FILTER_EVENT | FILTER_SESSION | FILTER_ROW,
	.run = transitions_run,
};
