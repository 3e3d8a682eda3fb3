/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user: history, a list with reasons, and who is alike, one after the other. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask/pseudonym.h"
#include "base/arena.h"
#include "base/mem.h"
#include "model/model.h"
#include "store/sink.h"
#include "suggest/door.h"
#include "suggest/lister.h"
#include "view/cells.h"
#include "view/person.h"
#include "view/reason.h"

#define PERSON_ASKED 100	/* people alike, of whom the nearest are shown */

enum {
	COL_SECTION, COL_RANK, COL_TIME, COL_WHAT, COL_USER, COL_PRODUCT, COL_LABEL, COL_SCORE,
	COL_WHY, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"section", "section", CELL_TEXT, 9, 0, 0,
	 "history: what was done, the latest first; suggested: the list; alike: users"},
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place in the section, from 1"},
	{"time", "day", CELL_TIME, 10, 0, COLUMN_SHOP | COLUMN_SPARE,
	 "history: when; exact: UTC"},
	{"what", "what", CELL_TEXT, 10, 0, 0,
	 "history: the kind of event; suggested: where it came from"},
	{"user", "user", CELL_ID, 12, 0, 0,
	 "alike: by pseudonym; by id with --show-users"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the product"},
	{"label", "label", CELL_TEXT, 26, 0, COLUMN_MAIN,
	 "its label; alike: what only this user has, the latest first"},
	{"score", "score", CELL_REAL, 7, 3, COLUMN_SPARE,
	 "suggested: what the note says; alike: |both| / sqrt(|a| |b|) of their products, or of "
	 "a model with texts a cosine"},
	{"why", "why", CELL_TEXT, 40, 0, 0,
	 "suggested: the product of the history that speaks most for it, and what was done with "
	 "it; alike: how many products both have"},
};

/* --- opening */

static int later_first(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a < b) - (a > b);
}

/* Sessions are numbered by their start, and events stand by session. */
static void read_history(struct person *s)
{
	const struct catalog *c = s->cat;
	uint32_t user = s->q->user;
	size_t cap = 0;

	tally_init(&s->tally);
	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t session = c->user_session[i];

		tally_session(&s->tally, c, session, CATALOG_NONE);
		for (uint64_t e = c->session_offsets[session];
		     e < c->session_offsets[session + 1]; e++) {
			MEM_GROW(s->event, cap, s->n_events + 1);
			s->event[s->n_events++] = e;
		}
	}
	if (s->n_events)
		qsort(s->event, s->n_events, sizeof *s->event, later_first);
	past_read(&s->past, c, user, c->last_time + 1);
}

/* The one asked for, else the latest of the kind that ranks for people, whatever its name. */
static void find_ranker(struct person *s)
{
	if (!s->q->model && s->q->store)
		s->own = models_latest(s->q->store, "rank");
	s->ranker = s->q->model ? s->q->model : s->own;
}

/* What fell behind the candidates, as a pin, keeps the name of its source. */
static void find_sources(struct person *s)
{
	s->from = mem_zalloc(((size_t)s->list.n_rows + 1) * sizeof *s->from);
	for (unsigned i = 0; s->ranker && s->ranker->class->account && i < s->list.n_rows; i++) {
		struct err why = {0};
		struct account a;

		if (s->list.rows[i].source == SOURCE_LATE)
			continue;
		if (!model_account(s->ranker, &s->past, s->list.rows[i].product, false, &a,
				   &why))
			continue;
		memcpy(s->from[i], a.sources, sizeof a.sources);
		account_finish(&a);
	}
}

static bool make_list(struct person *s, struct job *job, struct err *err)
{
	SCOPED(lister) l = NULL;
	struct list_request context = {.past = &s->past, .reasons = true};
	struct panel_request r = {.about = *s->q, .kind = PANEL_CONTEXT, .context = &context,
				  .limit = asked_rows(s->q->outlook, PERSON_SUGGESTED)};

	find_ranker(s);
	r.about.model = s->ranker;
	if (!lister_create(&l, s->cat, s->ranker, err) ||
	    !list_asked_repeat(s->q->outlook, &context, err))
		return false;
	context.lister = l;
	if (!suggest(&r, &s->list, job, err))
		return false;
	find_sources(s);
	return true;
}

static bool bind_users(struct person *s, const struct model *m, struct err *err)
{
	return alike_bind_texts(&s->alike, m, err) && alike_bind_users(&s->alike, m, err);
}

/* Users of the ranker where it keeps those of this import, else of the log. Who has only what
 * the user has too shows nothing. */
static bool find_alike(struct person *s, struct job *job, struct err *err)
{
	struct model own = {.n_products = s->cat->n_products, .find = sink_find};
	const struct alike_ask ask = {.past = &s->past, .except = s->q->user,
				      .nearest = PERSON_ASKED, .news = true};
	struct hit hits[2 * PERSON_ASKED + 1];
	struct array users;

	if (!s->past.n)
		return true;
	if (s->ranker && !model_stale(s->ranker) &&
	    s->ranker->find(s->ranker->ctx, "learnt/user-offsets", &users)) {
		if (!bind_users(s, s->ranker, err))
			return false;
	} else {
		own.ctx = s->users = sink_create();
		if (!alike_learn(&(struct lesson){.catalog = s->cat, .sink = s->users,
						  .work = {NULL, job}},
				 &s->alike, s->cat->last_time + 1, err) ||
		    !bind_users(s, &own, err))
			return false;
	}
	if (!alike_users(&s->alike, &ask, hits, &s->n_near, err))
		return false;
	s->n_near = s->n_near < PERSON_ALIKE ? s->n_near : PERSON_ALIKE;
	memcpy(s->near, hits, s->n_near * sizeof *hits);
	return true;
}

static void describe(struct view *v, const struct person *s)
{
	STRBUF(b);

	if (!s->past.n)
		strbuf_adds(&b, "Nothing is known of what was done before: these are the popular "
			    "ones, and nobody is alike.");
	else if (s->ranker)
		strbuf_addf(&b, "Ranked by the model %s%s: a score is %s.",
			    model_name(s->ranker), model_stale(s->ranker) ?
			    " (trained on an earlier import)" : "", model_meaning(s->ranker));
	else
		strbuf_adds(&b, "Ranked by hand: what was had (3 to 4), its variants (2 to 3), "
			    "what goes with it (1 to 2), what is popular of late (below 1). "
			    "aisle train rank learns an order.");
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool person_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct person *s = state;

	s->q = view_question(v);
	s->cat = s->q->catalog;
	if (!s->cat->user_offsets || !s->cat->user_session)
		return err_fail(err, ERR_NO, "the store has no list of the sessions of a user");
	read_history(s);
	if (!make_list(s, job, err) || !find_alike(s, job, err))
		return false;
	describe(v, s);
	return true;
}

static void person_close(void *state)
{
	struct person *s = state;

	past_finish(&s->past);
	panel_finish(&s->list);
	model_destroy(s->own);
	sink_destroy(s->users);
	free(s->event);
	free(s->from);
}

/* --- rows */

struct str person_source(const struct person *s, unsigned i)
{
	const char *own = panel_source_name(s->list.rows[i].source);

	return str_from(s->from[i][0] ? s->from[i] : own);
}

static bool has(const struct past *past, uint32_t product)
{
	for (unsigned i = 0; i < past->n; i++)
		if (past->product[i] == product)
			return true;
	return false;
}

void person_add_products(const struct person *s, uint32_t user, bool both, unsigned most,
			 struct strbuf *b)
{
	const struct alike *a = &s->alike;
	unsigned n = 0;

	for (uint64_t i = a->user_offsets[user]; i < a->user_offsets[user + 1]; i++) {
		uint32_t p = a->user_product[i];

		if (p >= s->cat->n_products || has(&s->past, p) != both || n++ >= most)
			continue;
		strbuf_adds(b, n > 1 ? "; " : "");
		strbuf_add(b, text_at(&s->cat->product_label, p));
	}
	if (n > most)
		strbuf_addf(b, "; %u more", n - most);
}

static uint64_t person_count(const void *state)
{
	const struct person *s = state;

	return s->n_events + s->list.n_rows + s->n_near;
}

static void product_cells(const struct person *s, uint32_t p, struct cell *cells)
{
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, p));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, p));
}

static void suggested_row(struct view *v, const struct person *s, unsigned i,
			  struct cell *cells)
{
	const struct panel_row *row = &s->list.rows[i];
	STRBUF(why);

	cells[COL_SECTION] = cell_text(STR("suggested"));
	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_WHAT] = cell_text(person_source(s, i));
	cells[COL_SCORE] = cell_real(row->score);
	product_cells(s, row->product, cells);
	reason_add(&why, s->q, &s->past, row);
	cells[COL_WHY] = cell_text(arena_str(view_arena(v), strbuf_str(&why)));
}

static void alike_row(struct view *v, const struct person *s, unsigned i, struct cell *cells)
{
	uint32_t user = s->near[i].id;
	STRBUF(news);
	STRBUF(why);

	cells[COL_SECTION] = cell_text(STR("alike"));
	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_USER] = cell_known(pseudonym_user(s->q, view_arena(v), user));
	cells[COL_SCORE] = cell_real((double)s->near[i].score);
	person_add_products(s, user, false, 3, &news);
	cells[COL_LABEL] = cell_text(arena_str(view_arena(v), strbuf_str(&news)));
	strbuf_addf(&why, "%u of its %ju in common", alike_both(&s->alike, &s->past, user),
		    (uintmax_t)(s->alike.user_offsets[user + 1] - s->alike.user_offsets[user]));
	cells[COL_WHY] = cell_text(arena_str(view_arena(v), strbuf_str(&why)));
}

static void person_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct person *s = state;

	for (unsigned k = 0; k < COLUMNS; k++)
		cells[k] = cell_empty();
	if (i >= s->n_events + s->list.n_rows) {
		alike_row(v, s, (unsigned)(i - s->n_events - s->list.n_rows), cells);
	} else if (i >= s->n_events) {
		suggested_row(v, s, (unsigned)(i - s->n_events), cells);
	} else {
		uint64_t e = s->event[i];

		cells[COL_SECTION] = cell_text(STR("history"));
		cells[COL_RANK] = cell_count(i + 1);
		if (s->cat->event_time)
			cells[COL_TIME] = (struct cell){.count = s->cat->event_time[e]};
		cells[COL_WHAT] = cell_text(str_from(event_kind_name(s->cat->event_kind[e])));
		product_cells(s, s->cat->event_product[e], cells);
	}
}

static void person_target(const void *state, uint64_t i, struct view_target *t)
{
	const struct person *s = state;

	if (i < s->n_events)
		t->product = s->cat->event_product[s->event[i]];
	else if (i < s->n_events + s->list.n_rows)
		t->product = s->list.rows[i - s->n_events].product;
	else
		t->user = s->near[i - s->n_events - s->list.n_rows].id;
}

static uint32_t person_product(const void *state, uint64_t i)
{
	struct view_target t = {.product = CATALOG_NONE};

	person_target(state, i, &t);
	return t.product;
}

const struct view_class vw_person = {
	.name = "person",
	.title = "person",
	.summary = "A user: what was done as a time line, a ranked list with reasons (by the "
		   "ranker that was trained last, where the store has one), and who is alike: "
		   "--user ID.",
	.asks = MUST(USER) | MAY(MODEL) | MAY(REPEAT) | MAY(SHOW_USERS) | MAY(VERDICTS) |
		MAY(RULES) | MAY(CODES),
	.fixed = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct person),
	.open = person_open,
	.close = person_close,
	.count = person_count,
	.row = person_row,
	.product = person_product,
	.target = person_target,
	.page = person_page,
	.words = person_words,
};
