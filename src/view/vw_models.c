/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is trained in the store. */
#include "config.h"

#include "base/arena.h"
#include "base/time.h"
#include "model/model.h"
#include "view/cells.h"

enum {
	COL_NAME, COL_MODEL, COL_PARAMETERS, COL_LOSS, COL_SECONDS, COL_PRODUCTS, COL_BYTES,
	COL_TRAINED, COL_STATE, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"name", "name", CELL_TEXT, 14, 0, 0, "the name that it is kept under"},
	{"model", "model", CELL_TEXT, 10, 0, 0, "what was trained"},
	{"parameters", "parameters", CELL_TEXT, 34, 0, COLUMN_MAIN,
	 "parameters that were given, or are not at their defaults, as flags of aisle train"},
	{"loss", "loss", CELL_REAL, 9, 5, 0, "of the last epoch, where the model has one"},
	{"seconds", "seconds", CELL_REAL, 8, 1, 0, "that the training took"},
	{"products", "products", CELL_COUNT, 8, 0, 0, "that the store had then"},
	{"bytes", "bytes", CELL_COUNT, 11, 0, COLUMN_SPARE, "size of its file"},
	{"trained_time", "trained", CELL_TIME, 10, 0, 0, "when, UTC"},
	{"state", "state", CELL_TEXT, 12, 0, 0,
	 "current; stale: the store was imported anew since, products are matched by id; or "
	 "why it can't be used"},
};

struct state {
	struct model_list list;
};

static bool models_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;

	models_of(view_question(v)->store, &s->list);
	if (s->list.n == 0)
		view_set_note(v, "Nothing is trained in this store: aisle train --list shows "
			      "what can be.");
	return true;
}

static void models_close(void *state)
{
	model_list_finish(&((struct state *)state)->list);
}

static uint64_t models_count(const void *state)
{
	return ((const struct state *)state)->list.n;
}

static struct cell number(const json_t *meta, const char *key)
{
	const json_t *v = json_object_get(meta, key);

	return v ? cell_real(json_number_value(v)) : cell_empty();
}

static struct cell loss(const json_t *meta)
{
	const json_t *list = json_object_get(meta, "loss");
	size_t n = json_array_size(list);

	return n ? cell_real(json_number_value(json_array_get(list, n - 1))) : cell_empty();
}

static struct str parameters(struct view *v, const struct model_entry *e)
{
	struct params p;
	STRBUF(b);

	if (!e->class)
		return STR("");
	params_init(&p, e->class->params);
	if (params_read(&p, json_object_get(e->meta, "parameters"), NULL))
		params_add_chosen(&p, json_object_get(e->meta, "given"), &b);
	return arena_printf(view_arena(v), "%s", strbuf_c(&b));
}

static void models_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct model_entry *e = &((struct state *)state)->list.at[i];
	const char *model = json_string_value(json_object_get(e->meta, "model"));
	const char *created = json_string_value(json_object_get(e->meta, "created"));
	int64_t at;

	cells[COL_NAME] = cell_text(str_from(e->name));
	cells[COL_MODEL] = cell_text(model ? str_from(model) : STR(""));
	cells[COL_PARAMETERS] = cell_text(parameters(v, e));
	cells[COL_LOSS] = loss(e->meta);
	cells[COL_SECONDS] = number(e->meta, "seconds");
	cells[COL_PRODUCTS] = e->meta ? cell_count(e->products) : cell_empty();
	cells[COL_BYTES] = e->meta ? cell_count(e->bytes) : cell_empty();
	cells[COL_TRAINED] = created && time_parse(str_from(created), &at) ?
			     (struct cell){.count = at} : cell_empty();
	cells[COL_STATE] = cell_text(!e->meta ? str_from(e->err.text) :
				     !e->class ? STR("not a model of this version of aisle") :
				     e->stale ? STR("stale") : STR("current"));
}

const struct view_class vw_models = {
	.name = "models",
	.summary = "What is trained in the store, with parameters, loss and time.",
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = models_open,
	.close = models_close,
	.count = models_count,
	.row = models_row,
};
