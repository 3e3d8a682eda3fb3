/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counted pairs of a relation with their statistics: the columns of
 * `aisle show pairs`, unordered pairs once, a the smaller product number. */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "export/chosen.h"
#include "export/sheet.h"
#include "query/filter.h"
#include "stats/assoc.h"
#include "stats/live.h"

static const struct sheet_column columns[] = {
	{"a", SHEET_ID}, {"b", SHEET_ID}, {"n", SHEET_NUMBER}, {"n_a", SHEET_NUMBER},
	{"n_b", SHEET_NUMBER}, {"n_all", SHEET_NUMBER}, {"support", SHEET_NUMBER},
	{"confidence", SHEET_NUMBER}, {"lift", SHEET_NUMBER}, {"lift_low", SHEET_NUMBER},
	{"lift_high", SHEET_NUMBER}, {"g2", SHEET_NUMBER}, {"p", SHEET_NUMBER},
	{"q", SHEET_NUMBER}, {"flags", SHEET_TEXT}, {"label_a", SHEET_TEXT},
	{"label_b", SHEET_TEXT},
};

static void write_pair(struct sheet *s, const struct relation_counts *rel, uint32_t a,
		       uint64_t entry)
{
	const struct catalog *cat = s->r->catalog;
	uint32_t b = rel->out.column[entry], n = rel->out.value[entry];
	struct assoc_counts c = {n, rel->from[a], rel->to[b], rel->total};
	struct assoc x;

	assoc_compute(&c, &x);
	sheet_text(s, text_at(&cat->product_id, a));
	sheet_text(s, text_at(&cat->product_id, b));
	sheet_count(s, c.n);
	sheet_count(s, c.n_a);
	sheet_count(s, c.n_b);
	sheet_count(s, c.n_all);
	sheet_real(s, x.support);
	sheet_real(s, x.confidence);
	sheet_real(s, x.lift);
	sheet_real(s, x.lift_low);
	sheet_real(s, x.lift_high);
	sheet_real(s, x.g2);
	sheet_real(s, x.p);
	sheet_real(s, assoc_q(rel->q, x.p));
	sheet_text(s, n < 20 ? STR("small") : STR(""));
	sheet_text(s, text_at(&cat->product_label, a));
	sheet_text(s, text_at(&cat->product_label, b));
}

static bool write_rows(struct sheet *s, const struct chosen *c, struct err *err)
{
	const struct csr *m = &c->rel->out;

	job_step(s->r->job, "writing pairs", m->offsets[c->end] - m->offsets[c->first]);
	for (uint32_t a = c->first; a < c->end; a++) {
		for (uint64_t e = m->offsets[a]; e < m->offsets[a + 1]; e++)
			if (chosen_has(c, a, e))
				write_pair(s, c->rel, a, e);
		job_advance(s->r->job, m->offsets[a + 1] - m->offsets[a]);
		if (!sheet_check(s, err))
			return false;
	}
	return true;
}

static bool pairs_run(const struct export_request *r, struct err *err)
{
	struct chosen c;
	struct sheet s;

	if (!chosen_make(&c, r, err))
		return false;
	sheet_init(&s, r, columns, sizeof columns / sizeof *columns);
	bool ok = write_rows(&s, &c, err);
	sheet_finish(&s);
	chosen_finish(&c);
	return ok;
}

const struct export_class ex_pairs = {
	.name = "pairs",
	.summary = "The pairs of a relation with counts, statistics and labels.",
	.asks = MAY(CATEGORY) | MAY(RELATION),
	.formats = EXPORT_TABLES,
	.dflt = EXPORT_CSV,
	.where = FILTER_PRODUCT | FILTER_EVENT | FILTER_SESSION | FILTER_ROW,
	.parts = LIVE_PAIRS,
	.run = pairs_run,
};
