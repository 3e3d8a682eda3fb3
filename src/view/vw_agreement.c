/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suggestions that people decided otherwise, and how alike they decide: Cohen's kappa. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "store/store.h"
#include "vet/agreement.h"
#include "view/cells.h"

enum {
	COL_PANEL, COL_PRODUCT, COL_SUGGESTION, COL_LABEL, COL_LABEL_WITH, COL_APPROVED,
	COL_REJECTED, COL_REASON, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"panel", "panel", CELL_TEXT, 13, 0, 0, "the panel that the suggestion stands in"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the product"},
	{"suggestion", "suggestion", CELL_ID, 10, 0, 0, "id of what is suggested for it"},
	{"label", "of", CELL_TEXT, 18, 0, 0, "label of the product"},
	{"label_suggestion", "suggested", CELL_TEXT, 18, 0, COLUMN_MAIN, "label of the suggestion"},
	{"approved", "approved", CELL_TEXT, 14, 0, 0, "who approved or pinned it"},
	{"rejected", "rejected", CELL_TEXT, 14, 0, 0, "who rejected it"},
	{"reason", "reasons", CELL_TEXT, 20, 0, 0, "what they say of it"},
};

struct state {
	struct verdicts *v;
	const struct store *store;
	uint32_t *pair;		/* (n) that people don't agree on */
	uint64_t n;
};

static bool disagree(const struct verdicts *v, uint32_t pair)
{
	const struct decision *d = NULL;
	bool yes = false, no = false;

	while ((d = verdicts_next(v, pair, d)) != NULL) {
		yes |= d->kind != DECISION_SKIP && agreement_approves(d);
		no |= d->kind == DECISION_REJECT;
	}
	return yes && no;
}

static void note(struct view *view, const struct state *s)
{
	size_t n;
	struct agreement *g = agreement_of(s->v, STR_NULL, &n);
	STRBUF(b);

	for (size_t i = 0; i < n; i++) {
		double kappa = agreement_kappa(&g[i]);

		strbuf_addf(&b, "%s%.*s and %.*s: %ju decided by both, %ju alike, %ju and %ju "
			    "approved, ", i ? " " : "", STR_ARG(g[i].a), STR_ARG(g[i].b),
			    (uintmax_t)g[i].both, (uintmax_t)g[i].alike, (uintmax_t)g[i].yes_a,
			    (uintmax_t)g[i].yes_b);
		if (isnan(kappa))
			strbuf_adds(&b, "no kappa: both always say the same.");
		else
			strbuf_addf(&b, "kappa %.3f.", kappa);
	}
	view_set_note(view, "%s", b.len ? strbuf_c(&b) :
		      "No two people have decided on the same suggestion.");
	free(g);
}

static bool agreement_open(struct view *view, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(view);
	struct journal_place at = {store_path(q->store), "aisle show agreement",
				   VERDICTS_PATIENCE, q->aside};

	(void)job;
	s->store = q->store;
	if (!verdicts_open(&s->v, &at, err))
		return false;
	s->pair = mem_alloc((verdicts_pairs(s->v) + 1) * sizeof *s->pair);
	for (uint32_t pair = 0; pair < verdicts_pairs(s->v); pair++)
		if (disagree(s->v, pair))
			s->pair[s->n++] = pair;
	note(view, s);
	return true;
}

static void agreement_close(void *state)
{
	struct state *s = state;

	verdicts_destroy(s->v);
	free(s->pair);
}

static uint64_t agreement_count(const void *state)
{
	return ((const struct state *)state)->n;
}

/* The names of those who approve, or don't. */
static struct str names(struct view *view, const struct state *s, uint32_t pair, bool approve)
{
	const struct decision *d = NULL;
	STRBUF(b);

	while ((d = verdicts_next(s->v, pair, d)) != NULL)
		if (d->kind != DECISION_SKIP && agreement_approves(d) == approve)
			strbuf_addf(&b, "%s%.*s", b.len ? ", " : "", STR_ARG(d->who));
	return arena_str(view_arena(view), strbuf_str(&b));
}

static struct str reasons(struct view *view, const struct state *s, uint32_t pair)
{
	const struct decision *d = NULL;
	STRBUF(b);

	while ((d = verdicts_next(s->v, pair, d)) != NULL)
		if (d->reason.len)
			strbuf_addf(&b, "%s%.*s: %.*s", b.len ? "; " : "", STR_ARG(d->who),
				    STR_ARG(d->reason));
	return arena_str(view_arena(view), strbuf_str(&b));
}

static void agreement_row(struct view *view, void *state, uint64_t i, struct cell *cells)
{
	struct state *s = state;
	const struct decision *d = verdicts_next(s->v, s->pair[i], NULL);
	const struct catalog *c = store_catalog(s->store);

	cells[COL_PANEL] = cell_text(d->panel);
	cells[COL_PRODUCT] = cell_text(d->product);
	cells[COL_SUGGESTION] = cell_text(d->with);
	cells[COL_LABEL] = cell_name(&c->product_label,
				     store_find(s->store, "product", d->product));
	cells[COL_LABEL_WITH] = cell_name(&c->product_label,
					  store_find(s->store, "product", d->with));
	cells[COL_APPROVED] = cell_text(names(view, s, s->pair[i], true));
	cells[COL_REJECTED] = cell_text(names(view, s, s->pair[i], false));
	cells[COL_REASON] = cell_text(reasons(view, s, s->pair[i]));
}

static void agreement_target(const void *state, uint64_t i, struct view_target *t)
{
	const struct state *s = state;
	const struct decision *d = verdicts_next(s->v, s->pair[i], NULL);

	t->product = store_find(s->store, "product", d->product);
	t->with = store_find(s->store, "product", d->with);
}

const struct view_class vw_agreement = {
	.name = "agreement",
	.summary = "Suggestions on which people disagree, and Cohen's kappa of every two.",
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = agreement_open,
	.close = agreement_close,
	.count = agreement_count,
	.row = agreement_row,
	.target = agreement_target,
};
