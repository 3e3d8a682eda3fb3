/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counted pairs of a relation with their statistics: the columns of
 * `aisle show pairs`, unordered pairs once, a the smaller product number. */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "export/chosen.h"
#include "export/grid.h"
#include "query/filter.h"
#include "stats/assoc.h"
#include "stats/live.h"

static const struct grid_column columns[] = {
	{"a", GRID_ID}, {"b", GRID_ID}, {"n", GRID_NUMBER}, {"n_a", GRID_NUMBER},
	{"n_b", GRID_NUMBER}, {"n_all", GRID_NUMBER}, {"support", GRID_NUMBER},
	{"confidence", GRID_NUMBER}, {"lift", GRID_NUMBER}, {"lift_low", GRID_NUMBER},
	{"lift_high", GRID_NUMBER}, {"g2", GRID_NUMBER}, {"p", GRID_NUMBER},
	{"q", GRID_NUMBER}, {"flags", GRID_TEXT}, {"label_a", GRID_TEXT},
	{"label_b", GRID_TEXT},
};

static void write_pair(struct grid *s, const struct relation_counts *rel, uint32_t a,
		       uint64_t entry)
{
	const struct catalog *cat = s->r->about.catalog;
	uint32_t b = rel->out.column[entry], n = rel->out.value[entry];
	struct assoc_counts c = {n, rel->from[a], rel->to[b], rel->total};
	struct assoc x;

	assoc_compute(&c, &x);
	emit_text(&s->emit, text_at(&cat->product_id, a));
	emit_text(&s->emit, text_at(&cat->product_id, b));
	emit_count(&s->emit, c.n);
	emit_count(&s->emit, c.n_a);
	emit_count(&s->emit, c.n_b);
	emit_count(&s->emit, c.n_all);
	emit_real(&s->emit, x.support);
	emit_real(&s->emit, x.confidence);
	emit_real(&s->emit, x.lift);
	emit_real(&s->emit, x.lift_low);
	emit_real(&s->emit, x.lift_high);
	emit_real(&s->emit, x.g2);
	emit_real(&s->emit, x.p);
	emit_real(&s->emit, assoc_q(rel->q, x.p));
	emit_text(&s->emit, n < 20 ? STR("small") : STR(""));
	emit_text(&s->emit, text_at(&cat->product_label, a));
	emit_text(&s->emit, text_at(&cat->product_label, b));
}

static bool write_rows(struct grid *s, const struct chosen *c, struct err *err)
{
	const struct csr *m = &c->rel->out;
	uint32_t first, end;

	export_share(s->r, members_count(&c->of), &first, &end);
	job_step(s->r->job, "writing pairs", end - first);
	for (uint32_t i = first; i < end; i++) {
		uint32_t a = members_at(&c->of, i);

		for (uint64_t e = m->offsets[a]; e < m->offsets[a + 1]; e++)
			if (chosen_has(c, a, e))
				write_pair(s, c->rel, a, e);
		job_advance(s->r->job, 1);
		if (!grid_check(s, err))
			return false;
	}
	return true;
}

static bool pairs_run(const struct export_request *r, struct err *err)
{
	struct chosen c;
	struct grid s;

	if (!chosen_make(&c, r, err))
		return false;
	grid_init(&s, r, columns, sizeof columns / sizeof *columns);
	bool ok = write_rows(&s, &c, err);
	grid_finish(&s);
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
	.divides = true,
	.run = pairs_run,
};
