/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of decisions as an audit trail: every one, taken back or not, in its order; what
 * `aisle import verdicts` reads. */
#include "config.h"

#include <math.h>

#include "export/grid.h"
#include "store/store.h"
#include "vet/verdicts.h"

static const struct grid_column columns[] = {
	{"seq", GRID_NUMBER}, {"time", GRID_TIME}, {"who", GRID_TEXT}, {"panel", GRID_ID},
	{"product", GRID_ID}, {"suggestion", GRID_ID}, {"decision", GRID_ID},
	{"scope", GRID_ID}, {"position", GRID_NUMBER}, {"reason", GRID_TEXT},
	{"audit", GRID_ID}, {"rank", GRID_NUMBER}, {"score", GRID_NUMBER},
	{"model", GRID_ID}, {"n", GRID_NUMBER}, {"import", GRID_NUMBER},
	{"of", GRID_NUMBER}, {"lift_low", GRID_NUMBER}, {"lift_high", GRID_NUMBER},
	{"stands", GRID_ID},
};

/* 0 stands for none. */
static void count_or_empty(struct grid *g, uint64_t n)
{
	if (n)
		emit_count(&g->emit, n);
	else
		emit_empty(&g->emit);
}

static void write_decision(struct grid *g, const struct decision *d, bool stands)
{
	bool turns = d->kind == DECISION_UNDO || d->kind == DECISION_REDO;

	emit_count(&g->emit, d->seq);
	grid_time(g, d->time);
	emit_text(&g->emit, d->who);
	emit_text(&g->emit, d->panel);
	emit_text(&g->emit, d->product);
	emit_text(&g->emit, d->with);
	emit_text(&g->emit, str_from(decision_kind_name(d->kind)));
	emit_text(&g->emit, str_from(turns ? "" : decision_scope_name(d->scope)));
	count_or_empty(g, d->position);
	emit_text(&g->emit, d->reason);
	emit_text(&g->emit, d->audit ? STR("yes") : STR("no"));
	count_or_empty(g, d->rank);
	emit_real(&g->emit, d->score);
	emit_text(&g->emit, d->model);
	count_or_empty(g, d->n);
	count_or_empty(g, d->generation);
	count_or_empty(g, d->of);
	emit_real(&g->emit, d->high > 0 ? d->low : NAN);
	emit_real(&g->emit, d->high > 0 ? d->high : NAN);
	emit_text(&g->emit, stands ? STR("yes") : STR("no"));
}

static bool verdicts_run(const struct export_request *r, struct err *err)
{
	struct journal_place at = {
		store_path(r->about.store), "aisle export verdicts", VERDICTS_PATIENCE,
	};
	SCOPED(verdicts) v = NULL;
	struct grid g;
	bool ok = true;

	if (!verdicts_open(&v, &at, err))
		return false;
	grid_init(&g, r, columns, sizeof columns / sizeof *columns);
	for (uint64_t i = 0; ok && i < verdicts_count(v); i++) {
		write_decision(&g, verdicts_at(v, i), verdicts_stands(v, i));
		ok = grid_check(&g, err);
	}
	grid_finish(&g);
	return ok;
}

const struct export_class ex_verdicts = {
	.name = "verdicts",
	.summary = "The log of decisions: who decided what, when and why, and if it stands.",
	.formats = EXPORT_TABLES,
	.dflt = EXPORT_CSV,
	.run = verdicts_run,
};
