/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands under a panel: why it is empty, what it fell back to, what a score means. */
#include "config.h"

#include <stdio.h>

#include "model/model.h"
#include "suggest/door_impl.h"

/* The first row from another source than `not`, or n_rows. */
static unsigned other_row(const struct panel *p, enum panel_source not)
{
	unsigned i = 0;

	while (i < p->n_rows && p->rows[i].source == not)
		i++;
	return i;
}

static bool rated_alone(const struct catalog *c)
{
	return (c->caps & CAP_RATINGS) && !(c->caps & (CAP_VIEWS | CAP_CARTS | CAP_PURCHASES));
}

/* Why it is empty, or what the rows that aren't from the first source are. */
static void note_sources(const struct query *q, struct panel *p)
{
	const enum panel_source *order = suggest_sources(q->r);
	const struct source *first = &panel_sources[order[0]];
	const char *what = q->r->kind == PANEL_SIMILAR ? "similar products" : "complements";
	unsigned other = other_row(p, order[0]), n = 0;

	for (unsigned i = 0; i < p->n_rows; i++)
		n += p->rows[i].source == order[0];
	if (p->n_rows == 0)
		snprintf(p->note, sizeof p->note, "No %s: %s.", what,
			 q->r->about.live ? "nothing that the filter lets in fits" :
			 q->r->about.category != CATALOG_NONE ? "no product of that category fits" :
			 q->same == SAME_ONLY ? "no other product of its category fits" :
			 q->same == SAME_EXCLUDE ? "no product of another category fits" :
			 rated_alone(q->c) ?
			 "the log holds ratings alone, of which no relation can be counted; "
			 "import good ones as views (rating.least)" :
			 "nothing was counted that says anything about this product");
	else if (other == p->n_rows)
		p->note[0] = '\0';
	else if (!source_usable(q->c, q->r->about.live, first))
		snprintf(p->note, sizeof p->note, "%s no %s: these are "
			 "products %s.", q->r->about.live && live_cuts(q->r->about.live) ?
			 "The filter leaves" : "This store has", first->lack,
			 panel_source_text(p->rows[0].source));
	else if (n == 0)
		snprintf(p->note, sizeof p->note, "Never %s%s: "
			 "these are products %s.", first->none,
			 !q->r->about.live && (q->same == SAME_WEIGH ||
					 q->same == SAME_INCLUDE) ? "" :
			 " that the filter lets in",
			 panel_source_text(p->rows[0].source));
	else
		snprintf(p->note, sizeof p->note, "%u of %u suggestions were %s; the others are "
			 "products %s.", n, p->n_rows, first->did ? first->did : first->text,
			 panel_source_text(p->rows[other].source));
}

/* known: it gives some product a score. */
static void note_model(const struct query *q, struct panel *p, bool known)
{
	const struct model *m = q->r->about.model;
	int n;

	if (p->n_rows == 0) {
		snprintf(p->note, sizeof p->note, "The model %s has nothing to say about this "
			 "product%s.", model_name(m),
			 known ? " that may stand here" : ": it was not in its training");
		return;
	}
	n = snprintf(p->note, sizeof p->note, "By the model %s: a score is %s.",
		     model_name(m), model_meaning(m));
	if (model_stale(m) && n > 0 && (size_t)n < sizeof p->note)
		n += snprintf(p->note + n, sizeof p->note - (size_t)n,
			      " It was trained before the last import.");
	if (q->r->about.live && live_cuts(q->r->about.live) && n > 0 && (size_t)n < sizeof p->note)
		snprintf(p->note + n, sizeof p->note - (size_t)n,
			 " It was trained on all events; the counts are of the filter's.");
}

void note_write(struct suggestion *s)
{
	if (s->q.r->kind >= PANEL_BASKET)
		return;		/* their views have more to say */
	if (s->q.r->about.model)
		note_model(&s->q, &s->p, s->gathered > 0);
	else
		note_sources(&s->q, &s->p);
}
