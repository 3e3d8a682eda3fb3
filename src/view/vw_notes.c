/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people noted, the latest first; below each the rows that look different today, for which
 * what was seen then is opened once more. */
#include "config.h"

#include <stdlib.h>

#include "ask/pseudonym.h"
#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "store/store.h"
#include "vet/notes.h"
#include "vet/verdicts.h"
#include "view/cells.h"
#include "view/noted.h"

#define ROWS_TOLD 12u	/* rows of a note that moved; the rest is counted */

enum {
	COL_NOTE, COL_TIME, COL_WHO, COL_IMPORT, COL_TEXT, COL_SINCE, COL_COMMAND, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"note", "note", CELL_COUNT, 4, 0, 0, "number of the note, from 1"},
	{"time", "when", CELL_TIME, 10, 0, 0, "when it was written, UTC"},
	{"who", "who", CELL_TEXT, 8, 0, 0, "who wrote it"},
	{"import", "import", CELL_COUNT, 6, 0, 0, "the import that was open"},
	{"text", "note", CELL_TEXT, 30, 0, COLUMN_MAIN,
	 "what was written; below it a row that was seen and looks different now"},
	{"since", "since then", CELL_TEXT, 30, 0, 0,
	 "how many of the values that were kept moved; of a row, which ones: then > now"},
	{"command", "of", CELL_TEXT, 24, 0, COLUMN_SPARE, "the command that shows it"},
};

struct line {
	const json_t *note;
	unsigned number;
	bool head;
	struct str text, since;
};

struct state {
	json_t *notes;
	struct arena *arena;
	struct line *line;	/* (n) */
	size_t n, cap;
};

static void add_line(struct state *s, const struct line *l)
{
	MEM_GROW(s->line, s->cap, s->n + 1);
	s->line[s->n++] = *l;
}

static void add_rows(struct state *s, const struct line *head, const struct noted_since *since)
{
	for (unsigned i = 0; i < since->n && i < ROWS_TOLD; i++)
		add_line(s, &(struct line){
			.note = head->note, .number = head->number,
			.text = arena_printf(s->arena, "  %.*s", STR_ARG(since->row[i].label)),
			.since = since->row[i].moved,
		});
	if (since->n > ROWS_TOLD)
		add_line(s, &(struct line){
			.note = head->note, .number = head->number,
			.text = arena_printf(s->arena, "  and %u more rows", since->n - ROWS_TOLD),
		});
}

/* What was seen then, as it is now; that it can't be opened any more is an answer too. */
static bool look_again(struct view *v, struct state *s, struct line head, struct job *job)
{
	const struct view_request *mine = view_request_of(v);
	const struct view_class *c;
	struct view_request r = {.pool = mine->pool, .job = mine->job};
	struct noted_since since = {0};
	struct err err = {0};
	SCOPED(view) now = NULL;
	OUTLOOK(o);

	c = noted_asked(head.note, &o);
	r.about = question_of(view_question(v)->store, &o);
	r.about.aside = view_question(v)->aside;
	if (c)
		noted_reach(head.note, c, &o);
	if (!c) {
		head.since = STR("this aisle has no such view");
	} else if (!view_open(&now, c, &r, job, &err)) {
		head.since = arena_printf(s->arena, "can't be shown: %s", err.text);
	} else {
		noted_compare(head.note, now, s->arena, &since);
		head.since = !since.values ? STR("kept without rows") : !since.moved ?
			     arena_printf(s->arena, "all %u values are as they were",
					  since.values) :
			     arena_printf(s->arena, "%u of %u values moved", since.moved,
					  since.values);
	}
	add_line(s, &head);
	add_rows(s, &head, &since);
	return err.code != ERR_CANCELLED;
}

static bool notes_view_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	struct journal_place at = {store_path(q->store), "aisle show notes", VERDICTS_PATIENCE,
				   .aside = q->notes};

	s->arena = arena_create();
	if (!q->notes && store_hides(q->store, STORE_PEOPLE)) {
		view_set_note(v, "Notes are not for visitors.");
		return true;
	}
	if (!notes_read(&at, &s->notes, err))
		return false;
	for (size_t i = json_array_size(s->notes); i-- > 0;) {
		struct line head = {.note = json_array_get(s->notes, i), .head = true,
				    .number = (unsigned)i + 1};

		head.text = str_from(json_string_value(json_object_get(head.note, "text")));
		if (!look_again(v, s, head, job) || !job_check(job, err))
			return job_check(job, err);
	}
	if (s->n)
		view_set_note(v, "Enter shows what was noted as it is now.");
	else
		view_set_note(v, "Nothing was noted yet: :note TEXT in the explorer keeps what is "
			      "in front, aisle note does it from the command line.");
	return true;
}

static void notes_view_close(void *state)
{
	struct state *s = state;

	json_decref(s->notes);
	arena_destroy(s->arena);
	free(s->line);
}

static uint64_t notes_view_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static void notes_view_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct line *l = &((struct state *)state)->line[i];
	STRBUF(command);

	for (unsigned k = 0; k < COLUMNS; k++)
		cells[k] = cell_empty();
	cells[COL_NOTE] = cell_count(l->number);
	cells[COL_TEXT] = cell_text(l->text);
	cells[COL_SINCE] = cell_text(l->since);
	if (!l->head)
		return;
	noted_command(l->note, &command);
	cells[COL_TIME] = (struct cell){
		.count = json_integer_value(json_object_get(l->note, "time"))};
	cells[COL_WHO] = cell_text(pseudonym_person(view_question(v), view_arena(v),
		str_from(json_string_value(json_object_get(l->note, "who")))));
	cells[COL_IMPORT] = cell_count(
		(uint64_t)json_integer_value(json_object_get(l->note, "import")));
	cells[COL_COMMAND] = cell_text(arena_str(view_arena(v), strbuf_str(&command)));
}

static void notes_view_line(const void *state, uint64_t i, struct strbuf *b)
{
	noted_command(((const struct state *)state)->line[i].note, b);
}

const struct view_class vw_notes = {
	.name = "notes",
	.summary = "What people noted of what they saw, and what of it has moved since.",
	.fixed = true,
	.pooled = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = notes_view_open,
	.close = notes_view_close,
	.count = notes_view_count,
	.row = notes_view_row,
	.line = notes_view_line,
};
