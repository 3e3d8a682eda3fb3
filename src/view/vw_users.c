/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users by id: all, or those who had to do with a product. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "view/cells.h"
#include "ask/pseudonym.h"
#include "view/timeline.h"

enum {
	COL_USER, COL_SESSIONS, COL_EVENTS, COL_VIEWS, COL_CARTS, COL_PURCHASES, COL_FIRST,
	COL_LAST, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"user", "user", CELL_ID, 12, 0, COLUMN_MAIN,
	 "the user, by pseudonym; by id with --show-users"},
	{"sessions", "sessions", CELL_COUNT, 8, 0, 0,
	 "how many sessions; here and below with --product: that hold it, and its events alone"},
	{"events", "events", CELL_COUNT, 8, 0, 0, "all events"},
	{"views", "views", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"carts", "carts", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"purchases", "bought", CELL_COUNT, 6, 0, 0, "events of that kind"},
	{"first_time", "first", CELL_TIME, 10, 0, COLUMN_SHOP, "the first event; exact: UTC"},
	{"last_time", "last", CELL_TIME, 10, 0, COLUMN_SHOP, "the last event; exact: UTC"},
};

struct state {
	const struct catalog *cat;
	uint32_t product;	/* CATALOG_NONE: users are not chosen */
	uint32_t *user;		/* (n) ascending, those that are chosen; NULL: all */
	uint64_t n;
};

/* Who had the product in a session. O(users + its sessions) */
static bool choose(struct state *s, struct err *err)
{
	const struct catalog *cat = s->cat;
	const uint64_t *of = cat->product_session_offsets + s->product;
	bool *has;

	if (!cat->product_session_offsets || !cat->product_session || !cat->session_user)
		return err_fail(err, ERR_NO, "the store has no list of the sessions of a product");
	has = mem_big(cat->n_users, sizeof *has, "users", err);
	if (!has)
		return false;
	memset(has, 0, cat->n_users * sizeof *has);
	s->user = mem_alloc((of[1] - of[0] + 1) * sizeof *s->user);
	for (uint64_t i = of[0]; i < of[1]; i++)
		if (cat->session_user[cat->product_session[i]] < cat->n_users)
			has[cat->session_user[cat->product_session[i]]] = true;
	s->n = 0;
	for (uint32_t u = 0; u < cat->n_users; u++)
		if (has[u])
			s->user[s->n++] = u;
	free(has);
	return true;
}

static bool users_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);

	s->cat = q->catalog;
	s->product = q->product;
	if (!s->cat->user_offsets || !s->cat->user_session) {
		view_set_note(v, "This store has no users.");
		return true;
	}
	s->n = s->cat->n_users;
	if (s->product == CATALOG_NONE)
		return true;
	if (!choose(s, err))
		return false;
	view_set_note(v, "Who had to do with %.*s, and how often.",
		      STR_ARG(text_at(&s->cat->product_label, s->product)));
	return true;
}

static void users_close(void *state)
{
	free(((struct state *)state)->user);
}

static uint64_t users_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static uint32_t user_at(const struct state *s, uint64_t i)
{
	return s->user ? s->user[i] : (uint32_t)i;
}

static void users_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *cat = s->cat;
	uint32_t user = user_at(s, i);
	struct tally t;
	tally_init(&t);
	for (uint64_t k = cat->user_offsets[user]; k < cat->user_offsets[user + 1]; k++)
		tally_session(&t, cat, cat->user_session[k], s->product);
	cells[COL_USER] = cell_known(pseudonym_user(view_question(v), view_arena(v), user));
	cells[COL_SESSIONS] = cell_count(s->user ? t.sessions : cat->user_offsets[user + 1] -
					 cat->user_offsets[user]);
	cells[COL_EVENTS] = cell_count(t.events);
	cells[COL_VIEWS] = cell_kind(cat, CAP_VIEWS, t.kind[EVENT_VIEW]);
	cells[COL_CARTS] = cell_kind(cat, CAP_CARTS, t.kind[EVENT_CART]);
	cells[COL_PURCHASES] = cell_kind(cat, CAP_PURCHASES, t.kind[EVENT_PURCHASE]);
	cells[COL_FIRST] = t.events ? (struct cell){.count = t.first} : cell_empty();
	cells[COL_LAST] = t.events ? (struct cell){.count = t.last} : cell_empty();
}

static void users_target(const void *state, uint64_t i, struct view_target *t)
{
	t->user = user_at(state, i);
}

const struct view_class vw_users = {
	.name = "users",
	.summary = "Users with their sessions, events and days: all, or those of a product.",
	.asks = MAY(PRODUCT) | MAY(SHOW_USERS),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = users_open,
	.close = users_close,
	.count = users_count,
	.row = users_row,
	.target = users_target,
};
