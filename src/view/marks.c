/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row's suggestion is marked with: a class says it itself, or the pair that the row is
 * about is looked up among the verdicts of both panels, of which the later one counts. */
#include "config.h"

#include "vet/vetting.h"
#include "view/view_impl.h"

static const struct decision *later_of(const struct decision *a, const struct decision *b)
{
	return !a || (b && b->seq > a->seq) ? b : a;
}

static const struct decision *verdict_on(const struct vetting *v, uint32_t product,
					 uint32_t with)
{
	const struct decision *d = NULL;

	for (unsigned panel = 0; panel < PANEL_KINDS && product != with; panel++) {
		struct vetting_list l;

		vetting_list_begin(&l, v, panel, product);
		d = later_of(d, vetting_verdict(&l, with));
		vetting_list_finish(&l);
	}
	return d;
}

char view_mark(const struct view *v, uint64_t i)
{
	static const char marks[DECISION_KINDS] = {
		[DECISION_APPROVE] = 'A', [DECISION_REJECT] = 'R', [DECISION_SKIP] = '.',
		[DECISION_PIN] = 'P',
	};
	const struct view_class *c = view_class_of(v);
	const struct vetting *of = view_request_of(v)->verdicts;
	const struct question *q = view_question(v);
	const struct decision *d = NULL;
	struct view_target t;

	if (c->mark)
		return c->mark(view_state((struct view *)v), view_state_row(v, i));
	if (!of)
		return 0;
	view_target(v, i, &t);
	if (t.product == CATALOG_NONE)
		return 0;
	if (t.with != CATALOG_NONE)
		d = verdict_on(of, t.product, t.with);
	else if (q->with == CATALOG_NONE)
		for (unsigned k = 0; k < q->n_basket; k++)
			d = later_of(d, verdict_on(of, q->basket[k], t.product));
	return d ? marks[d->kind] : 0;
}
