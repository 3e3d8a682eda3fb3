/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a ranker makes of its features: in all, and for one product in one user's list. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "model/knowledge.h"
#include "model/model.h"
#include "view/cells.h"
#include "view/groups.h"

enum {
	COL_RANK, COL_ORDER, COL_FEATURE, COL_GAIN, COL_PERMUTED, COL_VALUE, COL_ADDS, COL_HELP,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, 0,
	 "place in its order, from 1: by what it adds, else by permuted"},
	{"order", "order", CELL_TEXT, 6, 0, 0,
	 "which of the two that were learnt: people, where a past is all that is known, or pages, "
	 "where something is looked at or lies in a cart"},
	{"feature", "feature", CELL_TEXT, 16, 0, 0, "its name"},
	{"gain", "gain", CELL_SHARE, 6, 1, COLUMN_SPARE,
	 "its share of what all questions of the trees gained in training"},
	{"permuted", "permuted", CELL_REAL, 9, 5, 0,
	 "how much MAP@12 loses on the days that weren't learnt from where its values are drawn "
	 "anew"},
	{"value", "value", CELL_REAL, 9, 4, 0, "of --product in the list of --user"},
	{"adds", "adds", CELL_REAL, 8, 4, 0,
	 "what it adds to the product's score there (Shapley values of XGBoost); with what all "
	 "have the sum is the score"},
	{"help", "what it is", CELL_TEXT, 40, 0, COLUMN_MAIN, "what it says"},
};

enum order { ORDER_PEOPLE, ORDER_PAGES, ORDERS };
/* Under what the ranker notes them, and what they are called. */
static const struct {
	const char *notes, *name;
} orders[ORDERS] = {
	[ORDER_PEOPLE] = {"features", "people"}, [ORDER_PAGES] = {"page features", "pages"},
};

struct row {
	enum order order;
	unsigned feature;
	double key;
};
struct state {
	const struct question *q;
	const struct model *model;	/* the question's, or own */
	struct model *own;
	struct account account;		/* n 0: not asked */
	struct row row[ORDERS * RANK_FEATURES];
	unsigned n;
};

/* NULL: that order wasn't trained. */
static const json_t *notes_of(const struct state *s, enum order order)
{
	return json_object_get(model_meta(s->model), orders[order].notes);
}

static const json_t *noted(const struct state *s, struct row r, const char *key)
{
	return json_object_get(json_object_get(notes_of(s, r.order),
					       rank_feature_table[r.feature].name), key);
}

static int by_key(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->key != b->key)
		return a->key > b->key ? -1 : 1;
	return (a->feature > b->feature) - (a->feature < b->feature);
}

static bool read_account(struct state *s, struct err *err)
{
	const struct question *q = s->q;
	struct past past;
	bool ok;

	if (q->product == CATALOG_NONE)
		return err_fail(err, ERR_USAGE, "--user and --product say of which row of whose "
				"list: give both, or neither for what features are worth in all");
	if (!q->catalog->user_offsets || !q->catalog->user_session)
		return err_fail(err, ERR_NO, "the store has no list of the sessions of a user");
	past_read(&past, q->catalog, q->user, q->catalog->last_time + 1);
	ok = model_account(s->model, &past, q->product, true, &s->account, err);
	past_finish(&past);
	return ok;
}

static void describe(struct view *v, const struct state *s)
{
	double score = (double)s->account.rest;

	for (unsigned i = 0; i < s->account.n; i++)
		score += (double)s->account.share[i];
	if (s->account.n)
		view_set_note(v, "%.*s in that list: score %.4f, of which %.4f is every row's. It "
			      "came from: %s.",
			      STR_ARG(text_at(&s->q->catalog->product_label, s->q->product)),
			      score, (double)s->account.rest, s->account.sources);
	else
		view_set_note(v, "%s: what its features are worth%s; with --user and --product "
			      "what they add to a row of a list.", model_name(s->model),
			      notes_of(s, ORDER_PAGES) ? ", to lists for people and to those "
			      "beside a page or a cart" : "");
}

/* Of a row of a list, which is one for a person, that order alone. */
static void add_rows(struct state *s)
{
	for (enum order o = 0; o < ORDERS; o++)
		for (unsigned f = 0; f < RANK_FEATURES; f++) {
			struct row *r = &s->row[s->n];

			if (o == ORDER_PAGES && (s->account.n || !notes_of(s, o)))
				break;
			*r = (struct row){o, f, 0};
			r->key = s->account.n ? fabs((double)s->account.share[f]) :
				 json_number_value(noted(s, *r, "permuted"));
			s->n++;
		}
	qsort(s->row, s->n, sizeof *s->row, by_key);
}

static bool features_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;

	(void)job;
	s->q = view_question(v);
	if (s->q->model && !json_object_get(model_meta(s->q->model), "features"))
		return err_fail(err, ERR_USAGE, "%s is a %s: it learns from no features; rank "
				"does", model_name(s->q->model), s->q->model->class->name);
	if (!groups_model(v, "rank", &s->model, &s->own, err))
		return false;
	if (!s->model) {
		view_set_note(v, "No ranker is trained in this store: aisle train rank.");
		return true;
	}
	if ((s->q->user != CATALOG_NONE || s->q->product != CATALOG_NONE) &&
	    (s->q->user == CATALOG_NONE ?
	     !err_fail(err, ERR_USAGE, "--product needs --user: a row of whose list?") :
	     !read_account(s, err)))
		return false;
	add_rows(s);
	describe(v, s);
	return true;
}

static void features_close(void *state)
{
	struct state *s = state;

	account_finish(&s->account);
	model_destroy(s->own);
}

static uint64_t features_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static struct cell number(const json_t *x)
{
	return x ? cell_real(json_number_value(x)) : cell_empty();
}

static void features_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	struct row r = s->row[i];
	unsigned f = r.feature;

	(void)v;
	cells[COL_RANK] = cell_count(i % RANK_FEATURES + 1);
	cells[COL_ORDER] = cell_text(str_from(orders[r.order].name));
	cells[COL_FEATURE] = cell_text(str_from(rank_feature_table[f].name));
	cells[COL_GAIN] = number(noted(s, r, "gain"));
	cells[COL_PERMUTED] = number(noted(s, r, "permuted"));
	cells[COL_VALUE] = s->account.n ? cell_real((double)s->account.value[f]) : cell_empty();
	cells[COL_ADDS] = s->account.n ? cell_real((double)s->account.share[f]) : cell_empty();
	cells[COL_HELP] = cell_text(str_from(rank_feature_table[f].help));
}

const struct view_class vw_features = {
	.name = "features",
	.summary = "What a ranker's features are worth (gain, permutation); with --user and "
		   "--product what they add to that product's place in that user's list.",
	.asks = MAY(MODEL) | MAY(USER) | MAY(PRODUCT),
	.fixed = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = features_open,
	.close = features_close,
	.count = features_count,
	.row = features_row,
};
