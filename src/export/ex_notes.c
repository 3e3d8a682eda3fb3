/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes as they were kept: a line per value of every row, and one for a note without rows. */
#include "config.h"

#include "export/grid.h"
#include "store/store.h"
#include "vet/notes.h"
#include "vet/verdicts.h"

static const struct grid_column columns[] = {
	{"note", GRID_NUMBER}, {"time", GRID_TIME}, {"who", GRID_TEXT}, {"import", GRID_NUMBER},
	{"text", GRID_TEXT}, {"view", GRID_ID}, {"asks", GRID_TEXT}, {"row", GRID_NUMBER},
	{"label", GRID_TEXT}, {"column", GRID_ID}, {"value", GRID_TEXT},
};

struct writing {
	struct grid *g;
	const json_t *note;
	size_t number;
};

static struct str text_of(const json_t *o, const char *key)
{
	return str_from(json_string_value(json_object_get(o, key)));
}

static void write_head(const struct writing *w)
{
	struct emit *e = &w->g->emit;
	char *asks = json_dumps(json_object_get(w->note, "asks"), JSON_COMPACT);

	emit_count(e, w->number);
	grid_time(w->g, json_integer_value(json_object_get(w->note, "time")));
	emit_text(e, text_of(w->note, "who"));
	emit_count(e, (uint64_t)json_integer_value(json_object_get(w->note, "import")));
	emit_text(e, text_of(w->note, "text"));
	emit_text(e, text_of(w->note, "view"));
	emit_text(e, str_from(asks));
	free(asks);
}

/* Numbers as they stand in the record. */
static void write_value(struct emit *e, const json_t *value)
{
	char *text;

	if (json_is_null(value)) {
		emit_empty(e);
	} else if (json_is_string(value)) {
		emit_text(e, str_from(json_string_value(value)));
	} else {
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
		emit_text(e, str_from(text));
		free(text);
	}
}

static void write_row(const struct writing *w, size_t i, const json_t *row)
{
	const json_t *names = json_object_get(w->note, "columns");
	uint64_t first = (uint64_t)json_integer_value(json_object_get(w->note, "first"));

	for (size_t k = 0; k < json_array_size(names); k++) {
		write_head(w);
		emit_count(&w->g->emit, first + i + 1);
		emit_text(&w->g->emit, str_from(json_string_value(json_array_get(row, 1))));
		emit_text(&w->g->emit, str_from(json_string_value(json_array_get(names, k))));
		write_value(&w->g->emit, json_array_get(row, k + 2));
	}
}

static void write_note(const struct writing *w)
{
	const json_t *rows = json_object_get(w->note, "rows");

	for (size_t i = 0; i < json_array_size(rows); i++)
		write_row(w, i, json_array_get(rows, i));
	if (json_array_size(rows))
		return;
	write_head(w);
	for (unsigned k = 0; k < 4; k++)
		emit_empty(&w->g->emit);
}

static bool notes_run(const struct export_request *r, struct err *err)
{
	struct journal_place at = {
		store_path(r->about.store), "aisle export notes", VERDICTS_PATIENCE,
	};
	json_t *notes;
	struct grid g;
	bool ok = true;

	if (!notes_read(&at, &notes, err))
		return false;
	grid_init(&g, r, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; ok && i < json_array_size(notes); i++) {
		write_note(&(struct writing){&g, json_array_get(notes, i), i + 1});
		ok = grid_check(&g, err);
	}
	grid_finish(&g);
	json_decref(notes);
	return ok;
}

const struct export_class ex_notes = {
	.name = "notes",
	.summary = "What people noted, with the rows that they saw: a line per value.",
	.formats = EXPORT_TABLES,
	.dflt = EXPORT_CSV,
	.run = notes_run,
};
