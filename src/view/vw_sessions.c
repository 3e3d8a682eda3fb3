/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions by start: of a product, of a user, or all. */
#include "config.h"

#include "base/time.h"
#include "view/cells.h"
#include "ask/pseudonym.h"
#include "view/timeline.h"

enum {
	COL_SESSION, COL_USER, COL_START, COL_SECONDS, COL_EVENTS, COL_VIEWS, COL_CARTS,
	COL_PURCHASES, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"session", "session", CELL_ID, 12, 0, COLUMN_MAIN,
	 "the session, by pseudonym; by id with --show-users"},
	{"user", "user", CELL_ID, 12, 0, 0, "its user, likewise"},
	{"start", "day", CELL_TIME, 10, 0, COLUMN_SHOP, "its first event; exact: UTC"},
	{"seconds", "seconds", CELL_COUNT, 8, 0, 0,
	 "from its first to its last event; empty where hours are not known"},
	{"events", "events", CELL_COUNT, 6, 0, 0, "all its events"},
	{"views", "views", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"carts", "carts", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"purchases", "bought", CELL_COUNT, 6, 0, 0, "events of that kind"},
};

struct state {
	const struct catalog *cat;
	const uint32_t *session;	/* (n), or NULL: all */
	uint64_t n;
};

static bool sessions_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	const struct catalog *cat = s->cat = q->catalog;
	const uint64_t *of = NULL;
	s->n = cat->n_sessions;
	if (!s->n && !cat->n_events)
		view_set_note(v, "This store has no sessions: its counts were made elsewhere.");
	if (q->user != CATALOG_NONE && q->product != CATALOG_NONE)
		return err_fail(err, ERR_USAGE, "sessions of a product or of a user: give "
				"--product or --user, not both");
	if (q->product != CATALOG_NONE) {
		if (!cat->product_session_offsets || !cat->product_session)
			return err_fail(err, ERR_NO, "the store has no list of the sessions "
					"of a product");
		of = cat->product_session_offsets + q->product;
		s->session = cat->product_session + of[0];
	} else if (q->user != CATALOG_NONE) {
		if (!cat->user_offsets || !cat->user_session)
			return err_fail(err, ERR_NO, "the store has no list of the sessions "
					"of a user");
		of = cat->user_offsets + q->user;
		s->session = cat->user_session + of[0];
	}
	if (of)
		s->n = of[1] - of[0];
	return true;
}

static uint64_t sessions_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static void sessions_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *cat = s->cat;
	const struct question *q = view_question(v);
	uint32_t session = s->session ? s->session[i] : (uint32_t)i;
	uint32_t user = cat->session_user ? cat->session_user[session] : CATALOG_NONE;
	struct tally t;
	tally_init(&t);
	tally_session(&t, cat, session, CATALOG_NONE);
	cells[COL_SESSION] = cell_known(pseudonym_session(q, view_arena(v), session));
	cells[COL_USER] = cell_known(pseudonym_user(q, view_arena(v), user));
	cells[COL_START] = t.events ? (struct cell){.count = t.first} : cell_empty();
	cells[COL_SECONDS] = t.events && (cat->caps & CAP_HOURS)
			     ? cell_count((uint64_t)(t.last - t.first) / 1000) : cell_empty();
	cells[COL_EVENTS] = cell_count(t.events);
	cells[COL_VIEWS] = cell_kind(cat, CAP_VIEWS, t.kind[EVENT_VIEW]);
	cells[COL_CARTS] = cell_kind(cat, CAP_CARTS, t.kind[EVENT_CART]);
	cells[COL_PURCHASES] = cell_kind(cat, CAP_PURCHASES, t.kind[EVENT_PURCHASE]);
}

static void sessions_target(const void *state, uint64_t i, struct view_target *t)
{
	const struct state *s = state;
	t->session = s->session ? s->session[i] : (uint32_t)i;
}

const struct view_class vw_sessions = {
	.name = "sessions",
	.summary = "Sessions by start: all, or with --product or --user theirs.",
	.asks = MAY(PRODUCT) | MAY(USER) | MAY(SHOW_USERS),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = sessions_open,
	.count = sessions_count,
	.row = sessions_row,
	.target = sessions_target,
};
