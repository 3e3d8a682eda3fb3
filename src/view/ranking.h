/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranking: what the views similar and complementary share. */
#ifndef VIEW_RANKING_H
#define VIEW_RANKING_H

#include "panel/flow.h"
#include "stats/choice.h"
#include "view/cells.h"

enum panel_column {
	PANEL_COL_RANK,
	PANEL_COL_PRODUCT,
	PANEL_COL_LABEL,
	PANEL_COL_SCORE,
	PANEL_COL_SOURCE,
	PANEL_COL_EVIDENCE,
	PANEL_COL_REVERSE_RANK = PANEL_COL_EVIDENCE + EVIDENCE_CELLS,
	PANEL_COL_FLAGS,
	PANEL_COLUMNS,
};
extern const struct column ranking_columns[PANEL_COLUMNS];

/* Rows of a panel that stand category by category: `at` of the panel's rows, or RANKING_HEADER
 * for the category's own. */
#define RANKING_HEADER UINT32_MAX
struct ranking_line {
	uint32_t category, at;	/* CATALOG_NONE: products without one */
};

struct ranking {
	struct panel panel;
	struct ranking_line *line;	/* (n_lines) or NULL: as the panel has them */
	size_t n_lines;
	struct flow flow;	/* with lines: from the product's category */
	const struct catalog *cat;
	const struct model *model;	/* or NULL */
	enum panel_kind kind;
	struct choice *choice;	/* (rows of the panel) beside them, or NULL */
	struct panel_request request;	/* for ranks back */
};

bool ranking_open(struct view *v, struct ranking *s, enum panel_kind kind,
		   struct job *job, struct err *err);
void ranking_close(void *state);
uint64_t ranking_count(const void *state);
void ranking_row(struct view *v, void *state, uint64_t i, struct cell *cells);
/* Which of the panel's rows a row is; NULL: a category's own. */
const struct panel_row *ranking_at(const struct ranking *r, uint64_t i);
/* Someone bought it, or the log tells of no purchases. */
bool ranking_bought(const struct catalog *c, uint32_t p);
/* "category, brand, price, words": what a suggestion that nobody bought rests on; "": someone
 * did, or the log tells of no purchases. In the arena. */
struct str ranking_new(struct arena *arena, const struct ranking *r, const struct panel_row *row);
/* The transition to a category, or to what is above it at the level that was counted (to is
 * another category then); NULL: there is none. */
const struct flow_row *ranking_flow(const struct ranking *r, uint32_t category);
/* What a row's flags are called, in the view's arena. */
struct str ranking_flags(struct view *v, unsigned flags);
uint32_t ranking_product(const void *state, uint64_t i);
char ranking_mark(const void *state, uint64_t i);
/* Ranks back of some rows: a struct panel_row each. */
bool ranking_later(const void *state, struct view_more *more, struct work work,
		   struct err *err);
void ranking_settle(void *state, const struct view_more *more);

/* The relation that the row's counts are of; RELATIONS: none. */
enum relation ranking_relation(const struct ranking *r, const struct panel_row *row);

/* --- ranking_sketch.c */
void ranking_say(struct view *v, void *state, uint64_t i, struct strbuf *sentence,
		 struct strbuf *what);
void ranking_draw(struct view *v, void *state, struct sketch *s);
/* The source in four cells, for narrow panes. */
const char *ranking_source_short(enum panel_source s);

#endif
