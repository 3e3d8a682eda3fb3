/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All users, by id. */
#include "config.h"

#include "base/time.h"
#include "view/cells.h"
#include "view/pseudonym.h"
#include "view/timeline.h"

enum {
	COL_USER, COL_SESSIONS, COL_EVENTS, COL_VIEWS, COL_CARTS, COL_PURCHASES, COL_FIRST,
	COL_LAST, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"user", "user", CELL_ID, 12, 0, COLUMN_MAIN,
	 "the user, by pseudonym; by id with --show-users"},
	{"sessions", "sessions", CELL_COUNT, 8, 0, 0, "how many sessions"},
	{"events", "events", CELL_COUNT, 8, 0, 0, "all events"},
	{"views", "views", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"carts", "carts", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"purchases", "bought", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"first_time", "first", CELL_TIME, 10, 0, 0, "the first event, UTC"},
	{"last_time", "last", CELL_TIME, 10, 0, 0, "the last event, UTC"},
};

struct state {
	const struct catalog *cat;
};

static bool users_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	s->cat = view_request_of(v)->catalog;
	if (!s->cat->user_offsets || !s->cat->user_session)
		view_set_note(v, "This store has no users.");
	return true;
}

static uint64_t users_count(const void *state)
{
	const struct catalog *cat = ((const struct state *)state)->cat;
	return cat->user_offsets && cat->user_session ? cat->n_users : 0;
}

static void users_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct catalog *cat = ((const struct state *)state)->cat;
	struct tally t;
	tally_init(&t);
	for (uint64_t k = cat->user_offsets[i]; k < cat->user_offsets[i + 1]; k++)
		tally_session(&t, cat, cat->user_session[k]);
	cells[COL_USER] = pseudonym_user(view_request_of(v), view_arena(v), (uint32_t)i);
	cells[COL_SESSIONS] = cell_count(cat->user_offsets[i + 1] - cat->user_offsets[i]);
	cells[COL_EVENTS] = cell_count(t.events);
	cells[COL_VIEWS] = cell_count(t.kind[EVENT_VIEW]);
	cells[COL_CARTS] = cell_count(t.kind[EVENT_CART]);
	cells[COL_PURCHASES] = cell_count(t.kind[EVENT_PURCHASE]);
	cells[COL_FIRST] = t.events ? (struct cell){.count = t.first} : cell_empty();
	cells[COL_LAST] = t.events ? (struct cell){.count = t.last} : cell_empty();
}

static void users_target(const void *state, uint64_t i, struct view_target *t)
{
	t->user = (uint32_t)i;
}

const struct view_class vw_users = {
	.name = "users",
	.summary = "All users with their sessions, events and days.",
	.asks = MAY(SHOW_USERS),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = users_open,
	.count = users_count,
	.row = users_row,
	.target = users_target,
};
