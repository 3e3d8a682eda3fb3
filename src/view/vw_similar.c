/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "view/vw_panel.h"

static bool similar_open(struct view *v, void *state, struct job *job, struct err *err)
{
	return vw_panel_open(v, state, PANEL_SIMILAR, job, err);
}

const struct view_class vw_similar = {
	.name = "similar",
	.summary = "What could be bought instead of a product, with evidence and source.",
	.needs = NEED_PRODUCT,
	.n_columns = PANEL_COLUMNS,
	.columns = vw_panel_columns,
	.size = sizeof(struct vw_panel),
	.open = similar_open,
	.close = vw_panel_close,
	.count = vw_panel_count,
	.row = vw_panel_row,
	.product = vw_panel_product,
};
