/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The users whose pasts are nearest to someone's, by pseudonym (model/alike). */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "ask/pseudonym.h"
#include "base/arena.h"
#include "base/mem.h"
#include "model/alike.h"
#include "store/sink.h"
#include "view/cells.h"

enum { COL_RANK, COL_USER, COL_NEAR, COL_BOTH, COL_HAS, COL_SHARED, COL_NEWS, COLUMNS };
#define NEAREST 50
#define SHOWN 3		/* products of a cell */

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place, from 1"},
	{"user", "user", CELL_ID, 12, 0, 0, "by pseudonym; by id with --show-users"},
	{"near", "near", CELL_REAL, 6, 3, 0,
	 "how near: what the note says; 1 is the same"},
	{"both", "both", CELL_COUNT, 5, 0, 0, "products that both have"},
	{"has", "has", CELL_COUNT, 5, 0, 0, "of so many of the latest that this user has"},
	{"shared", "both have", CELL_TEXT, 30, 0, COLUMN_SPARE, "labels of the latest of these"},
	{"news", "only this one has", CELL_TEXT, 36, 0, COLUMN_MAIN,
	 "labels of the latest others: what a list may bring"},
};

struct state {
	const struct question *q;
	struct past past;
	struct sink *sink;	/* or NULL: of the model */
	struct alike alike;
	struct hit *users;	/* (n) */
	unsigned n;
};

static bool find_sink(void *ctx, const char *name, struct array *a)
{
	return sink_find(ctx, name, a);
}

/* Who has what, of a model that keeps it or of the log. */
static bool bind(struct state *s, struct job *job, struct err *err)
{
	const struct catalog *c = s->q->catalog;
	const struct model *m = s->q->model;
	struct model own = {.n_products = c->n_products, .find = find_sink};
	struct array users;

	if (m && (model_stale(m) || !m->find(m->ctx, "learnt/user-offsets", &users)))
		return err_fail(err, ERR_NO, model_stale(m) ? "%s was trained on an earlier "
				"import, in which users had other numbers: train it again" :
				"%s doesn't keep who has what: useruser and rank do",
				model_name(m));
	if (m)
		return alike_bind_texts(&s->alike, m, err) &&
		       alike_bind_users(&s->alike, m, err);
	s->sink = sink_create();
	own.ctx = s->sink;
	return alike_learn(&(struct lesson){.catalog = c, .sink = s->sink,
					    .work = {NULL, job}},
			   &s->alike, c->last_time + 1, err) &&
	       alike_bind_texts(&s->alike, &own, err) && alike_bind_users(&s->alike, &own, err);
}

static void describe(struct view *v, const struct state *s)
{
	if (!s->past.n)
		view_set_note(v, "Nothing is known of what this user did: nobody is alike.");
	else if (!s->n)
		view_set_note(v, "Nobody else has any of it.");
	else if (s->alike.user_vector)
		view_set_note(v, "near: the cosine of the means of the texts of what both have "
			      "(model %s).", model_name(s->q->model));
	else
		view_set_note(v, "near: |both| / sqrt(|a| |b|) of their products. Made with texts, "
			      "--model useruser finds users who have nothing in common too.");
}

static bool alike_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	struct alike_ask ask;

	s->q = view_question(v);
	if (!s->q->catalog->user_offsets || !s->q->catalog->user_session)
		return err_fail(err, ERR_NO, "the store has no list of the sessions of a user");
	past_read(&s->past, s->q->catalog, s->q->user, s->q->catalog->last_time + 1);
	ask = (struct alike_ask){
		.past = &s->past, .except = s->q->user,
		.nearest = asked_rows(s->q->outlook, NEAREST),
	};
	ask.nearest = ask.nearest ? ask.nearest : 1;
	s->users = mem_alloc((2 * (size_t)ask.nearest + 1) * sizeof *s->users);
	if (!bind(s, job, err) || !alike_users(&s->alike, &ask, s->users, &s->n, err))
		return false;
	describe(v, s);
	return true;
}

static void alike_close(void *state)
{
	struct state *s = state;

	past_finish(&s->past);
	sink_destroy(s->sink);
	free(s->users);
}

static uint64_t alike_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static bool has(const struct past *past, uint32_t product)
{
	for (unsigned i = 0; i < past->n; i++)
		if (past->product[i] == product)
			return true;
	return false;
}

/* Labels of the user's products that the past has (both), or has not. */
static struct cell labels(struct view *v, const struct state *s, uint32_t user, bool both)
{
	unsigned n = 0;
	STRBUF(b);

	for (uint64_t i = s->alike.user_offsets[user]; i < s->alike.user_offsets[user + 1]; i++) {
		uint32_t p = s->alike.user_product[i];

		if (has(&s->past, p) != both || n++ >= SHOWN)
			continue;
		strbuf_adds(&b, b.len ? "; " : "");
		strbuf_add(&b, text_at(&s->q->catalog->product_label, p));
	}
	if (n > SHOWN)
		strbuf_addf(&b, "; %u more", n - SHOWN);
	return b.len ? cell_text(arena_str(view_arena(v), strbuf_str(&b))) : cell_empty();
}

static void alike_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	uint32_t user = s->users[i].id;

	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_USER] = cell_known(pseudonym_user(s->q, view_arena(v), user));
	cells[COL_NEAR] = cell_real((double)s->users[i].score);
	cells[COL_BOTH] = cell_count(alike_both(&s->alike, &s->past, user));
	cells[COL_HAS] = cell_count(s->alike.user_offsets[user + 1] -
				    s->alike.user_offsets[user]);
	cells[COL_SHARED] = labels(v, s, user, true);
	cells[COL_NEWS] = labels(v, s, user, false);
}

static void alike_target(const void *state, uint64_t i, struct view_target *t)
{
	t->user = ((const struct state *)state)->users[i].id;
}

const struct view_class vw_alike = {
	.name = "alike",
	.summary = "The users whose pasts are nearest to that of --user, by pseudonym: by what "
		   "both have, or by texts with --model useruser.",
	.asks = MUST(USER) | MAY(MODEL) | MAY(SHOW_USERS),
	.best = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = alike_open,
	.close = alike_close,
	.count = alike_count,
	.row = alike_row,
	.target = alike_target,
};
