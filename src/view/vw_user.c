/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a user did, by session. */
#include "config.h"

#include "view/timeline.h"

static bool user_open(struct view *v, void *state, struct job *job, struct err *err)
{
	const struct question *q = view_question(v);
	const struct catalog *cat = q->catalog;
	if (!cat->user_offsets || !cat->user_session)
		return err_fail(err, ERR_NO, "the store has no list of the sessions of a user");
	uint64_t first = cat->user_offsets[q->user];
	timeline_init(state, cat, cat->user_session + first,
		      (uint32_t)(cat->user_offsets[q->user + 1] - first));
	return true;
}

const struct view_class vw_user = {
	.name = "user",
	.summary = "A user's history, session by session: --user ID.",
	.asks = MUST(USER) | MAY(SHOW_USERS),
	.n_columns = TIMELINE_COLUMNS,
	.columns = timeline_columns,
	.size = sizeof(struct timeline),
	.open = user_open,
	.close = timeline_close,
	.count = timeline_count,
	.row = timeline_row,
	.product = timeline_product,
};
