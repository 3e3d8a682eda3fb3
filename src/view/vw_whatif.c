/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A blend's panel under other weights: what enters, what leaves and what moves, beside what the
 * blend was measured to hit with these weights, where someone did. The panel of the weights of
 * the training is made first; keys change the weights, which are asked again as --blend.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/blend.h"
#include "model/kept.h"
#include "store/results.h"
#include "store/store.h"
#include "suggest/door.h"
#include "view/cells.h"
#include "view/press.h"

#define MOST 32u	/* parts */
#define STEP 1.25	/* what a key makes of a weight */
#define LEAST 0.05	/* below it is 0 */

enum { COL_RANK, COL_WAS, COL_CHANGE, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_SCORE, COLUMNS };

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place with these weights; empty: it left"},
	{"was", "was", CELL_COUNT, 3, 0, 0, "place with the weights of the training"},
	{"change", "change", CELL_TEXT, 7, 0, 0, "entered, left, or by how many places it moved"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the suggestion"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 24, 0, COLUMN_SPARE, "path of its category"},
	{"score", "score", CELL_REAL, 8, 4, 0, "the blend's"},
};

struct row {
	uint32_t product;
	unsigned rank, was;	/* 0: not in it */
	double score;
};

struct whatif {
	const struct catalog *cat;
	struct blend_part part[MOST], trained[MOST];
	size_t parts;
	struct row *rows;
	size_t n;
};

/* --- weights */

/* part (s->parts): one of the weights that --blend names. */
static bool set_weight(const struct whatif *s, struct blend_part *part, struct str word,
		       struct err *err)
{
	struct str name;
	double w;

	if (!str_next(&word, '=', &name) || !num_real(str_trim(word), &w) || !(w >= 0) ||
	    w > 1000)
		return err_fail(err, ERR_USAGE, "--blend takes PART=WEIGHT, parted by commas, with "
				"weights from 0 to 1000");
	for (size_t i = 0; i < s->parts; i++)
		if (str_is(str_trim(name), part[i].name)) {
			part[i].weight = w;
			return true;
		}
	return err_fail(err, ERR_NO, "--blend: the blend has no part '%.*s'; it was "
			"trained with %s and what else its parameters name: aisle show models",
			STR_ARG(name), part[0].name);
}

static bool read_weights(const struct whatif *s, struct blend_part *part, struct str text,
			 struct err *err)
{
	struct str word;

	while (text.ptr && str_next(&text, ',', &word))
		if (str_trim(word).len && !set_weight(s, part, word, err))
			return false;
	for (size_t i = 0; i < s->parts; i++)
		if (part[i].weight > 0)
			return true;
	return err_fail(err, ERR_USAGE, "--blend: one part at least must count");
}

static void add_weights(const struct blend_part *part, size_t n, struct strbuf *b)
{
	for (size_t i = 0; i < n; i++)
		strbuf_addf(b, "%s%s=%.3g", i ? "," : "", part[i].name, part[i].weight);
}

/* --- what was measured */

/* The weights of a row's parameters are these. */
static bool same_weights(struct str text, const struct blend_part *part, size_t n)
{
	struct str word, value;
	size_t met = 0, counted = 0;
	double w;

	while (str_next(&text, ' ', &word)) {
		if (!str_starts(word, STR("--")) || !str_next(&text, ' ', &value))
			return false;
		word = str_span(word.ptr + 2, word.len - 2);
		for (size_t i = 0; i < n; i++)
			if (str_is(word, part[i].name)) {
				if (!num_real(value, &w) ||
				    fabs(w - part[i].weight) > 0.005 * part[i].weight)
					return false;
				met++;
			}
	}
	for (size_t i = 0; i < n; i++)
		counted += part[i].weight > 0;
	return met == counted;
}

/* "HR@10 0.273 of ..." of the newest evaluation; false: there is none. */
static bool add_measured(const json_t *runs, const struct blend_part *part, size_t n,
			 struct strbuf *b)
{
	for (size_t i = 0; i < json_array_size(runs); i++) {
		const json_t *run = json_array_get(runs, i);
		const json_t *rows = json_object_get(run, "rows");
		bool found = false;

		for (size_t k = 0; k < json_array_size(rows); k++) {
			const json_t *row = json_array_get(rows, k);
			const char *model = json_string_value(json_object_get(row, "model"));
			const char *with = json_string_value(json_object_get(row, "parameters"));

			if (!model || !with || strcmp(model, "blend") != 0 ||
			    !same_weights(str_from(with), part, n))
				continue;
			strbuf_addf(b, "%sHR@%d %.4f", found ? ", " : "",
				    (int)json_integer_value(json_object_get(row, "k")),
				    json_number_value(json_object_get(row, "hr")));
			found = true;
		}
		if (found) {
			const char *task = json_string_value(json_object_get(run, "task"));
			const char *split = json_string_value(json_object_get(run, "split"));

			strbuf_addf(b, " (%s, %s)", task ? task : "", split ? split : "");
			return true;
		}
	}
	return false;
}

static bool as_trained(const struct whatif *s)
{
	for (size_t i = 0; i < s->parts; i++)
		if (s->part[i].weight != s->trained[i].weight)
			return false;
	return true;
}

static void say(struct view *v, const struct whatif *s, const char *store)
{
	json_t *runs = results_all(store);
	STRBUF(measured);
	STRBUF(b);

	for (size_t i = 0; i < s->parts; i++)
		strbuf_addf(&b, "%s%zu %s %.3g", i ? "   " : "", i + 1, s->part[i].name,
			    s->part[i].weight);
	strbuf_adds(&b, as_trained(s) ? ", as trained: " : ": ");
	if (!add_measured(runs, s->part, s->parts, &b)) {
		strbuf_addf(&b, "its hits aren't measured yet, aisle evaluate %s --task complement "
			    "blend:", store);
		add_weights(s->part, s->parts, &b);
		strbuf_adds(&b, " does");
	}
	if (!as_trained(s) && add_measured(runs, s->trained, s->parts, &measured))
		strbuf_addf(&b, "; as trained: %s", strbuf_c(&measured));
	strbuf_adds(&b, ". N+ and N- change part N, _ takes the weights of the training.");
	view_set_note(v, "%s", strbuf_c(&b));
	json_decref(runs);
}

/* --- both panels */

static unsigned place_of(const struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return i + 1;
	return 0;
}

static void join(struct whatif *s, const struct panel *was, const struct panel *now)
{
	s->rows = mem_alloc(((size_t)was->n_rows + now->n_rows + 1) * sizeof *s->rows);
	for (unsigned i = 0; i < now->n_rows; i++)
		s->rows[s->n++] = (struct row){now->rows[i].product, i + 1,
					       place_of(was, now->rows[i].product),
					       now->rows[i].score};
	for (unsigned i = 0; i < was->n_rows; i++)
		if (!place_of(now, was->rows[i].product))
			s->rows[s->n++] = (struct row){was->rows[i].product, 0, i + 1, NAN};
}

static bool both(struct whatif *s, const struct panel_request *r, struct model *m,
		 struct job *job, struct err *err)
{
	struct panel was, now;

	if (!suggest(r, &was, job, err))
		return false;
	for (size_t i = 0; i < s->parts; i++)
		blend_weigh(m, i, s->part[i].weight);
	if (!suggest(r, &now, job, err)) {
		panel_finish(&was);
		return false;
	}
	join(s, &was, &now);
	panel_finish(&was);
	panel_finish(&now);
	return true;
}

static bool whatif_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct whatif *s = state;
	const struct question *q = view_question(v);
	SCOPED(model) own = NULL;
	const struct model *of = q->model;
	struct model *m;
	bool ok;
	struct panel_request r = {
		.about = *q, .kind = panel_kind_of(outlook_text(q->outlook, ASK_PANEL)),
		.limit = asked_rows(q->outlook, PANEL_ROWS),
	};

	s->cat = q->catalog;
	if (!of && !kept_model(&own, q->store, "blend", err))
		return false;
	of = of ? of : own;
	if (!of || !(s->parts = blend_parts(of, s->part, MOST)))
		return err_fail(err, ERR_NO, "whatif needs a blend%s, whose parts it weighs: "
				"aisle train blend %s --cowalk 1 --companion 1",
				of ? " (this model is none)" : "", store_path(q->store));
	memcpy(s->trained, s->part, sizeof s->part);
	if (!read_weights(s, s->part, outlook_text(q->outlook, ASK_BLEND), err))
		return false;
	r.about.model = m = blend_borrow(of);
	ok = both(s, &r, m, job, err);
	blend_return(m);
	if (ok)
		say(v, s, store_path(q->store));
	return ok;
}

static void whatif_close(void *state)
{
	free(((struct whatif *)state)->rows);
}

static uint64_t whatif_count(const void *state)
{
	return ((const struct whatif *)state)->n;
}

static uint32_t whatif_product(const void *state, uint64_t i)
{
	return ((const struct whatif *)state)->rows[i].product;
}

static struct str change_of(struct view *v, const struct row *r)
{
	if (!r->was)
		return STR("entered");
	if (!r->rank)
		return STR("left");
	if (r->rank == r->was)
		return STR("=");
	return arena_printf(view_arena(v), "%+d", (int)r->was - (int)r->rank);
}

static void whatif_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct whatif *s = state;
	const struct row *r = &s->rows[i];

	cells[COL_RANK] = r->rank ? cell_count(r->rank) : cell_empty();
	cells[COL_WAS] = r->was ? cell_count(r->was) : cell_empty();
	cells[COL_CHANGE] = cell_text(change_of(v, r));
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, r->product));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, r->product));
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path,
					s->cat->product_category[r->product]);
	cells[COL_SCORE] = cell_real(r->score);
}

static unsigned whatif_key(struct view *v, void *state, struct press *p)
{
	const struct whatif *s = state;
	uint64_t part = p->count ? p->count - 1 : 0;
	double way = p->key == PRESS_NEARER ? STEP : 1 / STEP, w;
	struct blend_part next[MOST];
	STRBUF(text);

	(void)v;
	if (p->key == PRESS_WHOLE) {
		outlook_set(p->outlook, ASK_BLEND, STR_NULL);
		strbuf_adds(&p->said, "the weights of the training");
		return DID_ASK;
	}
	if (p->key != PRESS_NEARER && p->key != PRESS_FARTHER)
		return DID_PASS;
	if (part >= s->parts) {
		strbuf_addf(&p->said, "the blend has %zu parts", s->parts);
		return DID_TAKE;
	}
	/* What was asked last, which may not be what is shown yet. */
	memcpy(next, s->trained, sizeof next);
	if (!read_weights(s, next, outlook_text(p->outlook, ASK_BLEND), NULL))
		memcpy(next, s->part, sizeof next);
	w = next[part].weight;
	next[part].weight = w <= 0 && way > 1 ? 0.1 : w * way < LEAST ? 0 : w * way;
	add_weights(next, s->parts, &text);
	outlook_set(p->outlook, ASK_BLEND, strbuf_str(&text));
	strbuf_addf(&p->said, "%s %.3g", next[part].name, next[part].weight);
	return DID_ASK;
}

const struct view_class vw_whatif = {
	.name = "whatif",
	.summary = "A blend's suggestions under other weights: what enters, leaves and moves.",
	.asks = MUST(PRODUCT) | MAY(MODEL) | MAY(BLEND) | MAY(PANEL) | MAY(CATEGORY) |
		MAY(SAME_CATEGORY) | MAY(CODES) | MAY(VERDICTS) | MAY(RULES),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct whatif),
	.open = whatif_open,
	.close = whatif_close,
	.count = whatif_count,
	.row = whatif_row,
	.product = whatif_product,
	.key = whatif_key,
};
