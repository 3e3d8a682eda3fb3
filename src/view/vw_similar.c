/* SPDX-License-Identifier: GPL-3.0-or-later */
/* similar: what could be bought instead of a product. */
#include "config.h"

#include "stats/live.h"
#include "suggest/door.h"
#include "view/ranking.h"

static bool similar_open(struct view *v, void *state, struct job *job, struct err *err)
{
	return ranking_open(v, state, PANEL_SIMILAR, job, err);
}

const struct view_class vw_similar = {
	.name = "similar",
	.summary = "What could be bought instead of a product, with evidence and source.",
	.asks = MUST(PRODUCT) | MAY(SCOPE) | MAY(CODES) |
		MAY(CATEGORY) | MAY(SAME_CATEGORY) | MAY(MODEL) | MAY(WEIGHTS) |
		MAY(TAIL) | MAY(DIVERSIFY) | MAY(PER_CATEGORY) | MAY(CATEGORIES) |
		MAY(VERDICTS) | MAY(RULES),
	.where = WHERE_PRODUCTS | WHERE_EVENTS | WHERE_ROWS,
	.parts = LIVE_TOTALS | LIVE_PAIRS,
	.best = true,
	.sorts = &suggest_product_sorts,
	.sorts_by = suggest_sorts_by,
	.n_columns = PANEL_COLUMNS,
	.columns = ranking_columns,
	.size = sizeof(struct ranking),
	.open = similar_open,
	.close = ranking_close,
	.count = ranking_count,
	.row = ranking_row,
	.product = ranking_product,
	.mark = ranking_mark,
	.title = "Similar",
	.draw = ranking_draw,
	.say = ranking_say,
	.later_size = sizeof(struct panel_row),
	.later = ranking_later,
	.settle = ranking_settle,
};
