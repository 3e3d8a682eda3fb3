/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layers that trainings noted (model/layers.h), one per row. */
#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "model/model.h"
#include "view/cells.h"

enum {
	COL_MODEL, COL_RANK, COL_LAYER, COL_FROM, COL_TO, COL_ACTIVATION, COL_PARAMETERS, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"model", "model", CELL_TEXT, 14, 0, 0, "the name that it is kept under"},
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place of the layer, from what comes in"},
	{"layer", "layer", CELL_TEXT, 24, 0, COLUMN_MAIN, "what it is"},
	{"from", "from", CELL_COUNT, 9, 0, 0, "width of what comes in; of a table its rows"},
	{"to", "to", CELL_COUNT, 6, 0, 0, "width of what goes out"},
	{"activation", "then", CELL_TEXT, 10, 0, 0, "what is done to it afterwards"},
	{"parameters", "parameters", CELL_COUNT, 11, 0, 0, "numbers that are learnt"},
};

struct row {
	const char *model;	/* of the list */
	const json_t *layer;
	size_t rank;
};
struct state {
	struct model_list list;
	const char *only;	/* of the question, or NULL */
	struct row *row;	/* (n) */
	size_t n, cap;
	uint64_t parameters;
};

static void read_model(struct state *s, const struct model_entry *e)
{
	const json_t *layers = json_object_get(e->meta, "layers");

	for (size_t i = 0; i < json_array_size(layers); i++) {
		const json_t *l = json_array_get(layers, i);

		MEM_GROW(s->row, s->cap, s->n + 1);
		s->row[s->n++] = (struct row){e->name, l, i + 1};
		s->parameters += (uint64_t)json_integer_value(json_object_get(l, "parameters"));
	}
}

static void describe(struct view *v, const struct state *s)
{
	if (s->n && s->only)
		view_set_note(v, "%s: %ju numbers are learnt in %zu layers.", s->only,
			      (uintmax_t)s->parameters, s->n);
	else if (!s->n && s->only)
		view_set_note(v, "%s has no layers: it is no network, or was trained before they "
			      "were noted.", s->only);
	else if (!s->n)
		view_set_note(v, "No network is trained in this store: mf, neumf, svd, "
			      "companion and product2vec have layers.");
}

static bool layers_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);

	(void)err;
	(void)job;
	s->only = q->model ? model_name(q->model) : NULL;
	models_of(q->store, &s->list);
	for (size_t i = 0; i < s->list.n; i++)
		if (!s->only || str_is(str_from(s->list.at[i].name), s->only))
			read_model(s, &s->list.at[i]);
	describe(v, s);
	return true;
}

static void layers_close(void *state)
{
	struct state *s = state;

	model_list_finish(&s->list);
	free(s->row);
}

static uint64_t layers_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static struct cell count(const json_t *layer, const char *key)
{
	return cell_count((uint64_t)json_integer_value(json_object_get(layer, key)));
}

static struct cell text(const json_t *layer, const char *key)
{
	const char *s = json_string_value(json_object_get(layer, key));

	return s ? cell_text(str_from(s)) : cell_empty();
}

static void layers_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct row *r = &((const struct state *)state)->row[i];

	(void)v;
	cells[COL_MODEL] = cell_text(str_from(r->model));
	cells[COL_RANK] = cell_count(r->rank);
	cells[COL_LAYER] = text(r->layer, "name");
	cells[COL_FROM] = count(r->layer, "from");
	cells[COL_TO] = count(r->layer, "to");
	cells[COL_ACTIVATION] = text(r->layer, "activation");
	cells[COL_PARAMETERS] = count(r->layer, "parameters");
}

const struct view_class vw_layers = {
	.name = "layers",
	.summary = "The layers of trained networks with their sizes: of --model, or of all.",
	.asks = MAY(MODEL),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = layers_open,
	.close = layers_close,
	.count = layers_count,
	.row = layers_row,
};
