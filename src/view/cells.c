/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, conversion and evidence as cells, and sorting by a key beside the number. */
#include "config.h"

#include "view/cells.h"

#include <stdlib.h>

#include "base/mem.h"

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

struct keyed {
	double key;
	uint32_t row;
};

/* The largest first; undefined keys (NAN) always at the end. */
static int keyed_cmp(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	if (isnan(a->key) != isnan(b->key))
		return isnan(a->key) ? 1 : -1;
	if (a->key != b->key && !isnan(a->key))
		return a->key > b->key ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

bool cells_order(uint32_t **order, uint32_t n, bool reverse,
		 double (*key)(const void *ctx, uint32_t i), const void *ctx,
		 struct err *err)
{
	SCOPED_FREE struct keyed *k = mem_big(n, sizeof *k, "sorting the rows", err);
	SCOPED_FREE uint32_t *o = mem_big(n, sizeof *o, "sorting the rows", err);
	if (!k || !o)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		double x = key(ctx, i);
		k[i] = (struct keyed){reverse ? -x : x, i};
	}
	qsort(k, n, sizeof *k, keyed_cmp);
	for (uint32_t i = 0; i < n; i++)
		o[i] = k[i].row;
	*order = o;
	o = NULL;
	return true;
}
