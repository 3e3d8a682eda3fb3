/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What models of labels guess of a user and a product, beside a constant and what was done. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "ask/pseudonym.h"
#include "base/mem.h"
#include "model/model.h"
#include "view/cells.h"

enum {
	COL_MODEL, COL_USER, COL_PRODUCT, COL_LABEL, COL_GUESS, COL_CONSTANT, COL_ERROR,
	COL_CONSTANT_ERROR, COL_DID, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"model", "model", CELL_TEXT, 12, 0, 0, "the name that it is kept under"},
	{"user", "user", CELL_ID, 12, 0, COLUMN_SPARE, "the user, by pseudonym"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the product"},
	{"label", "label", CELL_TEXT, 24, 0, COLUMN_MAIN, "its label"},
	{"guess", "guess", CELL_REAL, 7, 3, 0,
	 "1 is a view, 2 a cart, 3 a purchase; svd counts nothing as 0; empty: one of the two "
	 "wasn't learnt from"},
	{"constant", "constant", CELL_REAL, 8, 3, COLUMN_SPARE,
	 "the mean label of what was learnt from: what a guess should beat"},
	{"mse_test", "error", CELL_REAL, 8, 5, 0, "mean squared error on the test part"},
	{"mse_constant", "of constant", CELL_REAL, 11, 5, 0, "the same of the constant"},
	{"did", "did", CELL_TEXT, 9, 0, 0, "the strongest event of this user with it so far"},
};

struct guess {
	struct model *model;	/* own, or NULL: the question's */
	const struct model *of;
	double label;
};
struct state {
	const struct question *q;
	struct guess *guess;	/* (n) */
	size_t n, cap;
	int did;		/* kind, -1: nothing */
};

static bool add(struct state *s, struct guess g, struct err *err)
{
	if (!model_guess(g.of, s->q->user, s->q->product, &g.label, err)) {
		model_destroy(g.model);
		return false;
	}
	MEM_GROW(s->guess, s->cap, s->n + 1);
	s->guess[s->n++] = g;
	return true;
}

/* All of the store that guess and belong to this import; *stale counts the others. */
static bool add_all(struct state *s, unsigned *stale, struct err *err)
{
	struct model_list l;
	bool ok = true;

	models_of(s->q->store, &l);
	for (size_t i = 0; ok && i < l.n; i++) {
		struct model *m = NULL;

		if (!l.at[i].class || !l.at[i].class->guess || !l.at[i].meta)
			continue;
		*stale += l.at[i].stale;
		ok = l.at[i].stale || (model_open(&m, s->q->store, l.at[i].name, err) &&
				       add(s, (struct guess){m, m, NAN}, err));
	}
	model_list_finish(&l);
	return ok;
}

static void find_done(struct state *s)
{
	const struct catalog *c = s->q->catalog;

	s->did = -1;
	if (!c->user_offsets || !c->user_session)
		return;
	for (uint64_t i = c->user_offsets[s->q->user]; i < c->user_offsets[s->q->user + 1]; i++)
		for (uint64_t e = c->session_offsets[c->user_session[i]];
		     e < c->session_offsets[c->user_session[i] + 1]; e++)
			if (c->event_product[e] == s->q->product && c->event_kind[e] !=
			    EVENT_REMOVE && (int)c->event_kind[e] > s->did)
				s->did = c->event_kind[e];
}

static bool predict_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	unsigned stale = 0;

	(void)job;
	s->q = view_question(v);
	find_done(s);
	if (s->q->model)
		return add(s, (struct guess){NULL, s->q->model, NAN}, err);
	if (!add_all(s, &stale, err))
		return false;
	if (!s->n)
		view_set_note(v, stale ? "The models that guess were trained on an earlier import, "
			      "in which users had other numbers: train them again." :
			      "No model of this store guesses labels: aisle train mf, neumf or "
			      "svd.");
	return true;
}

static void predict_close(void *state)
{
	struct state *s = state;

	for (size_t i = 0; i < s->n; i++)
		model_destroy(s->guess[i].model);
	free(s->guess);
}

static uint64_t predict_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static struct cell number(const json_t *meta, const char *key)
{
	const json_t *x = json_object_get(meta, key);

	return x ? cell_real(json_number_value(x)) : cell_empty();
}

static void predict_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *c = s->q->catalog;
	const json_t *meta = model_meta(s->guess[i].of);

	cells[COL_MODEL] = cell_text(str_from(model_name(s->guess[i].of)));
	cells[COL_USER] = cell_known(pseudonym_user(s->q, view_arena(v), s->q->user));
	cells[COL_PRODUCT] = cell_text(text_at(&c->product_id, s->q->product));
	cells[COL_LABEL] = cell_text(text_at(&c->product_label, s->q->product));
	cells[COL_GUESS] = cell_real(s->guess[i].label);
	cells[COL_CONSTANT] = number(meta, "constant");
	cells[COL_ERROR] = number(meta, "mse_test");
	cells[COL_CONSTANT_ERROR] = number(meta, "mse_constant");
	cells[COL_DID] = s->did < 0 ? cell_empty() :
			 cell_text(str_from(event_kind_name((uint8_t)s->did)));
}

static uint32_t predict_product(const void *state, uint64_t i)
{
	(void)i;
	return ((const struct state *)state)->q->product;
}

const struct view_class vw_predict = {
	.name = "predict",
	.summary = "What mf, neumf and svd guess that --user does with --product, beside a "
		   "constant guess: of --model, or of all that are trained.",
	.asks = MUST(USER) | MUST(PRODUCT) | MAY(MODEL) | MAY(SHOW_USERS),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = predict_open,
	.close = predict_close,
	.count = predict_count,
	.row = predict_row,
	.product = predict_product,
};
