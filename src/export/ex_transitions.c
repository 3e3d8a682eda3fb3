/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Category transitions: the columns of `aisle show transitions`. */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "export/grid.h"
#include "panel/flow.h"
#include "query/filter.h"
#include "stats/live.h"

static const struct grid_column columns[] = {
	{"from", GRID_ID}, {"to", GRID_ID}, {"from_path", GRID_TEXT},
	{"to_path", GRID_TEXT}, {"n", GRID_NUMBER}, {"n_a", GRID_NUMBER},
	{"n_b", GRID_NUMBER}, {"n_all", GRID_NUMBER}, {"confidence", GRID_NUMBER},
	{"low", GRID_NUMBER}, {"high", GRID_NUMBER}, {"share", GRID_NUMBER},
	{"support", GRID_NUMBER}, {"lift", GRID_NUMBER}, {"lift_low", GRID_NUMBER},
	{"lift_high", GRID_NUMBER}, {"pmi", GRID_NUMBER}, {"leverage", GRID_NUMBER},
	{"conviction", GRID_NUMBER}, {"g2", GRID_NUMBER}, {"p", GRID_NUMBER},
	{"q", GRID_NUMBER}, {"flags", GRID_TEXT},
};

static void write_row(struct grid *s, const struct flow_row *f)
{
	const struct catalog *cat = s->r->about.catalog;
	const struct assoc *x = &f->assoc;

	emit_text(&s->emit, text_at(&cat->category_id, f->from));
	emit_text(&s->emit, text_at(&cat->category_id, f->to));
	emit_text(&s->emit, text_at(&cat->category_path, f->from));
	emit_text(&s->emit, text_at(&cat->category_path, f->to));
	emit_count(&s->emit, f->counts.n);
	emit_count(&s->emit, f->counts.n_a);
	emit_count(&s->emit, f->counts.n_b);
	emit_count(&s->emit, f->counts.n_all);
	emit_real(&s->emit, x->confidence);
	emit_real(&s->emit, x->confidence_low);
	emit_real(&s->emit, x->confidence_high);
	emit_real(&s->emit, f->share);
	emit_real(&s->emit, x->support);
	emit_real(&s->emit, x->lift);
	emit_real(&s->emit, x->lift_low);
	emit_real(&s->emit, x->lift_high);
	emit_real(&s->emit, x->pmi);
	emit_real(&s->emit, x->leverage);
	emit_real(&s->emit, x->conviction);
	emit_real(&s->emit, x->g2);
	emit_real(&s->emit, x->p);
	emit_real(&s->emit, isnan(x->p) ? NAN : f->q);	/* no test on the diagonal */
	emit_text(&s->emit, f->small ? STR("small") : STR(""));
}

/* The filter's tests of rows. */
static bool passes(const struct export_request *r, const struct flow_row *f)
{
	bool diagonal = f->from == f->to;

	return !r->about.live ||
	       live_row_passes(r->about.live,
			       (struct live_counts){(double)f->counts.n, (double)f->counts.n_a,
						    diagonal ? 0 : (double)f->counts.n_b,
						    (double)f->counts.n_all});
}

static bool transitions_run(const struct export_request *r, struct err *err)
{
	struct flow_request q = {
		.catalog = r->about.catalog,
		.from = r->about.category,
		.kind = BASKET_KINDS,
		.level = asked_level(r->about.outlook),
		.baskets = asked_baskets(r->about.outlook),
	};
	struct flow f;
	struct grid s;
	bool ok = true;

	if (r->about.live && !live_flow(r->about.live, q.kind, &q.catalog, r->job, err))
		return false;
	if (!flow_compute(&q, &f, err))
		return false;
	job_step(r->job, "writing transitions", f.n_rows);
	grid_init(&s, r, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; ok && i < f.n_rows; i++) {
		if (passes(r, &f.rows[i]))
			write_row(&s, &f.rows[i]);
		job_advance(r->job, 1);
		ok = i % 1024 || grid_check(&s, err);
	}
	grid_finish(&s);
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
