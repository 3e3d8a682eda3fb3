/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session's time line. */
#include "config.h"

#include "view/timeline.h"

static bool session_open(struct view *v, void *state, struct job *job, struct err *err)
{
	const struct question *q = view_question(v);
	timeline_init(state, q->catalog, &q->session, 1);
	return true;
}

const struct view_class vw_session = {
	.name = "session",
	.summary = "A session's time line: --session ID.",
	.asks = MUST(SESSION) | MAY(SHOW_USERS),
	.n_columns = TIMELINE_COLUMNS,
	.columns = timeline_columns,
	.size = sizeof(struct timeline),
	.open = session_open,
	.close = timeline_close,
	.count = timeline_count,
	.row = timeline_row,
	.product = timeline_product,
};
