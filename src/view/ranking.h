/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranking: what the views similar and complementary share. */
#ifndef VIEW_RANKING_H
#define VIEW_RANKING_H

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

struct ranking {
	struct panel panel;
	const struct catalog *cat;
	const struct model *model;	/* or NULL */
};

bool ranking_open(struct view *v, struct ranking *s, enum panel_kind kind,
		   struct job *job, struct err *err);
void ranking_close(void *state);
uint64_t ranking_count(const void *state);
void ranking_row(struct view *v, void *state, uint64_t i, struct cell *cells);
uint32_t ranking_product(const void *state, uint64_t i);

#endif
