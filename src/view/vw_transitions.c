/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where baskets go from one category to another, with the statistics. */
#include "config.h"

#include "base/mem.h"
#include "base/num.h"
#include "panel/flow.h"
#include "stats/live.h"
#include "view/cells.h"
#include "view/press.h"
#include "view/transitions.h"

enum {
	COL_FROM, COL_TO, COL_FROM_PATH, COL_TO_PATH, COL_N, COL_N_A, COL_N_B, COL_N_ALL,
	COL_CONFIDENCE, COL_LOW, COL_HIGH, COL_SHARE, COL_SUPPORT, COL_LIFT, COL_LIFT_LOW,
	COL_LIFT_HIGH, COL_PMI, COL_LEVERAGE, COL_CONVICTION, COL_G2, COL_P, COL_Q,
	COL_FLAGS, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_FROM] = {"from", "from", CELL_ID, 10, 0, COLUMN_DATA, "id of category a"},
	[COL_TO] = {"to", "to", CELL_ID, 10, 0, COLUMN_DATA, "id of category b"},
	[COL_FROM_PATH] = {"from_path", "from", CELL_TEXT, 20, 0, 0, "path of a"},
	[COL_TO_PATH] = {"to_path", "to", CELL_TEXT, 20, 0, COLUMN_MAIN, "path of b"},
	[COL_N] = COLUMN_N,
	[COL_N_A] = COLUMN_N_A,
	[COL_N_B] = COLUMN_N_B,
	[COL_N_ALL] = COLUMN_N_ALL,
	[COL_CONFIDENCE] = {"confidence", "conf", CELL_SHARE, 6, 1, COLUMN_SORT,
		"n / n_a: share of the baskets with a that hold b too"},
	[COL_LOW] = {"low", "from", CELL_SHARE, 6, 1, 0,
		"lower end of confidence's Wilson 95% interval"},
	[COL_HIGH] = {"high", "to", CELL_SHARE, 6, 1, 0,
		"upper end of confidence's Wilson 95% interval"},
	[COL_SHARE] = {"share", "share", CELL_SHARE, 6, 1, COLUMN_SORT,
		"share of a's product pairs that go to b; sums to 1"},
	[COL_SUPPORT] = COLUMN_SUPPORT,
	[COL_LIFT] = COLUMN_LIFT,
	[COL_LIFT_LOW] = {"lift_low", "low", CELL_REAL, 7, 2, COLUMN_DATA,
		"lower end of lift's 95% interval"},
	[COL_LIFT_HIGH] = {"lift_high", "high", CELL_REAL, 7, 2, COLUMN_DATA,
		"upper end of lift's 95% interval"},
	[COL_PMI] = {"pmi", "PMI", CELL_REAL, 6, 2, COLUMN_DATA, "log2 of lift, bits"},
	[COL_LEVERAGE] = {"leverage", "leverage", CELL_REAL, 8, 5, COLUMN_DATA,
		"support less what chance gives"},
	[COL_CONVICTION] = {"conviction", "conviction", CELL_REAL, 8, 3, COLUMN_DATA,
		"(1 - n_b/n_all) / (1 - confidence)"},
	[COL_G2] = COLUMN_G2,
	[COL_P] = COLUMN_P,
	[COL_Q] = COLUMN_Q,
	[COL_FLAGS] = {"flags", "flags", CELL_TEXT, 5, 0, COLUMN_SPARE, "small: n below 20"},
};

static double by_n(const void *ctx, uint32_t i)
{
	return (double)((const struct flow_row *)ctx)[i].counts.n;
}

static double by_confidence(const void *ctx, uint32_t i)
{
	return ((const struct flow_row *)ctx)[i].assoc.confidence;
}

static double by_share(const void *ctx, uint32_t i)
{
	return ((const struct flow_row *)ctx)[i].share;
}

static double by_lift(const void *ctx, uint32_t i)
{
	return ((const struct flow_row *)ctx)[i].assoc.lift;
}

static bool sort_rows(struct transitions *s, const struct view *v, struct err *err)
{
	const struct {
		const char *key;
		double (*value)(const void *ctx, uint32_t i);
	} keys[] = {
		{"n", by_n}, {"confidence", by_confidence}, {"share", by_share},
		{"lift", by_lift},
	};
	size_t k = 0;
	while (strcmp(keys[k].key, view_sort(v)) != 0)
		k++;
	return cells_order(&s->order, (uint32_t)s->flow.n_rows, view_turned(v), keys[k].value,
			   s->flow.rows, err);
}

static void describe(struct view *v, const struct flow *f)
{
	STRBUF(b);
	if (f->n_rows) {
		strbuf_adds(&b, "Counted in ");
		num_add_grouped(&b, (int64_t)f->baskets);
		strbuf_addf(&b, " %s baskets%s, categories at level %u; q over ",
			    basket_kind_name(f->kind),
			    f->multi ? " of two or more products" : "", f->level);
		num_add_grouped(&b, (int64_t)f->family);
		strbuf_adds(&b, " pairs of categories.");
	}
	if (f->note[0])
		strbuf_addf(&b, "%s%s", b.len ? " " : "", f->note);
	view_set_note(v, "%s", strbuf_c(&b));
}

/* Rows that the filter's tests of rows keep out. */
static void drop_rows(struct transitions *s, const struct live *l)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->flow.n_rows; i++) {
		const struct assoc_counts *c = &s->flow.rows[i].counts;
		bool diagonal = s->flow.rows[i].from == s->flow.rows[i].to;
		if (live_row_passes(l, (struct live_counts){(double)c->n, (double)c->n_a,
							    diagonal ? 0 : (double)c->n_b,
							    (double)c->n_all}))
			s->flow.rows[kept++] = s->flow.rows[i];
	}
	s->flow.n_rows = kept;
}

static bool transitions_open(struct view *v, void *state, struct job *job,
			     struct err *err)
{
	struct transitions *s = state;
	const struct question *q = view_question(v);
	struct flow_request r = {
		.catalog = q->catalog,
		.from = q->category,
		.kind = BASKET_KINDS,
		.level = asked_level(q->outlook),
		.baskets = asked_baskets(q->outlook),
	};
	s->cat = q->catalog;
	if (q->live && !live_flow(q->live, r.kind, &r.catalog, job, err))
		return false;
	if (!flow_compute(&r, &s->flow, err))
		return false;
	if (q->live)
		drop_rows(s, q->live);
	describe(v, &s->flow);
	return !view_sort(v) || sort_rows(s, v, err);
}

static void transitions_close(void *state)
{
	struct transitions *s = state;
	flow_finish(&s->flow);
	free(s->order);
}

static uint64_t transitions_count(const void *state)
{
	return ((const struct transitions *)state)->flow.n_rows;
}

static const struct flow_row *row_at(const struct transitions *s, uint64_t i)
{
	return &s->flow.rows[s->order ? s->order[i] : i];
}

static void transitions_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct transitions *s = state;
	const struct flow_row *r = row_at(s, i);
	struct cell evidence[EVIDENCE_CELLS];
	cells_evidence(evidence, &r->counts, &r->assoc, r->q);
	cells[COL_FROM] = cell_text(text_at(&s->cat->category_id, r->from));
	cells[COL_TO] = cell_text(text_at(&s->cat->category_id, r->to));
	cells[COL_FROM_PATH] = cell_text(text_at(&s->cat->category_path, r->from));
	cells[COL_TO_PATH] = cell_text(text_at(&s->cat->category_path, r->to));
	cells[COL_N] = evidence[EVIDENCE_N];
	cells[COL_N_A] = evidence[EVIDENCE_N_A];
	cells[COL_N_B] = evidence[EVIDENCE_N_B];
	cells[COL_N_ALL] = evidence[EVIDENCE_N_ALL];
	cells[COL_CONFIDENCE] = evidence[EVIDENCE_CONFIDENCE];
	cells[COL_LOW] = cell_real(r->assoc.confidence_low);
	cells[COL_HIGH] = cell_real(r->assoc.confidence_high);
	cells[COL_SHARE] = cell_real(r->share);
	cells[COL_SUPPORT] = evidence[EVIDENCE_SUPPORT];
	cells[COL_LIFT] = evidence[EVIDENCE_LIFT];
	cells[COL_LIFT_LOW] = evidence[EVIDENCE_LIFT_LOW];
	cells[COL_LIFT_HIGH] = evidence[EVIDENCE_LIFT_HIGH];
	cells[COL_PMI] = cell_real(r->assoc.pmi);
	cells[COL_LEVERAGE] = cell_real(r->assoc.leverage);
	cells[COL_CONVICTION] = cell_real(r->assoc.conviction);
	cells[COL_G2] = evidence[EVIDENCE_G2];
	cells[COL_P] = evidence[EVIDENCE_P];
	cells[COL_Q] = evidence[EVIDENCE_Q];
	cells[COL_FLAGS] = cell_text(r->small ? STR("small") : STR(""));
}

static uint32_t transitions_category(const void *state, uint64_t i)
{
	return row_at(state, i)->to;
}

/* The next level that baskets were counted at; behind the last one the deepest again. */
static void next_level(const struct transitions *s, struct press *p)
{
	unsigned levels = 0, level = asked_level(p->outlook) + 1;	/* UINT_MAX: 0 */
	STRBUF(text);

	for (int k = 0; k < BASKET_KINDS; k++)
		if (s->cat->transition[k].levels > levels)
			levels = s->cat->transition[k].levels;
	strbuf_addf(&text, "%u", level);
	outlook_set(p->outlook, ASK_LEVEL, level + 1 < levels ? strbuf_str(&text) : STR_NULL);
	if (level + 1 >= levels)
		strbuf_adds(&p->said, "transitions between the deepest categories");
	else
		strbuf_addf(&p->said, "transitions between categories of level %u%s", level,
			    level ? "" : ", the top");
}

static unsigned transitions_key(struct view *v, void *state, struct press *p)
{
	bool multi = !((const struct transitions *)state)->flow.multi;

	if (p->key == PRESS_LEVEL) {
		next_level(state, p);
		return DID_ASK;
	}
	if (p->key != PRESS_BASKETS)
		return DID_PASS;
	outlook_set(p->outlook, ASK_BASKETS, multi ? STR("multi") : STR("all"));
	strbuf_adds(&p->said, multi ? "transitions over baskets of two or more products"
				    : "transitions over all baskets");
	return DID_ASK;
}

const struct view_class vw_transitions = {
	.name = "transitions",
	.summary = "How often baskets with one category hold another, or of --category.",
	.asks = MAY(CATEGORY) | MAY(LEVEL) | MAY(BASKETS),
	.where = WHERE_PRODUCTS | WHERE_EVENTS | WHERE_ROWS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct transitions),
	.open = transitions_open,
	.close = transitions_close,
	.count = transitions_count,
	.row = transitions_row,
	.category = transitions_category,
	.page = transitions_page,
	.words = transitions_words,
	.title = "Transitions",
	.draw = transitions_draw,
	.say = transitions_say,
	.key = transitions_key,
};
