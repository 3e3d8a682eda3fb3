/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, conversion and evidence as cells, and sorting by a key beside the number. */
#include "config.h"

#include "view/cells.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

struct cell cell_name(const struct text *t, uint32_t number)
{
	if (number == CATALOG_NONE || !t->offsets || number >= t->n)
		return cell_empty();
	return cell_text(text_at(t, number));
}

struct cell cell_conversion(uint64_t purchases, uint64_t views)
{
	if (!views)
		return cell_empty();
	return cell_real((double)purchases / (double)views);
}

void cells_evidence(struct cell *cells, const struct assoc_counts *c,
		    const struct assoc *a, double q)
{
	if (!c->n_all) {
		for (unsigned i = 0; i < EVIDENCE_CELLS; i++)
			cells[i] = cell_empty();
		return;
	}
	cells[EVIDENCE_N] = cell_count(c->n);
	cells[EVIDENCE_N_A] = cell_count(c->n_a);
	cells[EVIDENCE_N_B] = cell_count(c->n_b);
	cells[EVIDENCE_N_ALL] = cell_count(c->n_all);
	cells[EVIDENCE_SUPPORT] = cell_real(a->support);
	cells[EVIDENCE_CONFIDENCE] = cell_real(a->confidence);
	cells[EVIDENCE_LIFT] = cell_real(a->lift);
	cells[EVIDENCE_LIFT_LOW] = cell_real(a->lift_low);
	cells[EVIDENCE_LIFT_HIGH] = cell_real(a->lift_high);
	cells[EVIDENCE_G2] = cell_real(a->g2);
	cells[EVIDENCE_P] = cell_real(a->p);
	cells[EVIDENCE_Q] = cell_real(isnan(a->p) ? NAN : q);
}

bool cells_order(uint32_t **order, uint32_t n, bool reverse,
		 double (*key)(const void *ctx, uint32_t i), const void *ctx,
		 struct err *err)
{
	SCOPED_FREE struct sort_keyed *k = mem_big(n, sizeof *k, "sorting the rows", err);
	SCOPED_FREE uint32_t *o = mem_big(n, sizeof *o, "sorting the rows", err);

	assert(key && (n == 0 || order));
	if (!k || !o)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		double x = key(ctx, i);
		k[i] = (struct sort_keyed){reverse ? -x : x, i};
	}
	sort_greatest(k, n);
	for (uint32_t i = 0; i < n; i++)
		o[i] = (uint32_t)k[i].at;
	*order = o;
	o = NULL;
	return true;
}
