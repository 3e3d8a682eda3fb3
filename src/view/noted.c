/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row is known again by the ids that it shows, else by its first two texts. Numbers are kept
 * as JSON with 12 digits, so reals are the same where they differ by less than that keeps.
 */
#include "config.h"

#include "view/noted.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "vet/notes.h"

#define COLUMNS_MAX 64
#define KEY_TEXTS 2
#define SEARCHED 20000u	/* rows of the view of today that are looked through */
#define SAME 1e-9	/* of a real, relative */
#define TOLD 4u		/* values of a row that are told; the rest is counted */

static bool is_text(const struct column *c)
{
	return c->type == CELL_TEXT || c->type == CELL_ID;
}

/* The value of a list of facts, which is not what a row is known by. */
static bool is_value(const struct column *c)
{
	return strcmp(c->key, "value") == 0;
}

/* --- taking */

static void add_key(const struct view_class *c, const struct cell *cells, enum cell_type type,
		    unsigned most, struct strbuf *b)
{
	for (unsigned i = 0; i < c->n_columns && most; i++) {
		if (c->columns[i].type != type || c->columns[i].flags & COLUMN_PEOPLE ||
		    is_value(&c->columns[i]))
			continue;
		strbuf_adds(b, b->len ? ": " : "");
		sanitize(b, cells[i].empty ? STR("") : cells[i].text, SANITIZE_LINE);
		most--;
	}
}

static void row_key(const struct view_class *c, const struct cell *cells, struct strbuf *b)
{
	strbuf_reset(b);
	add_key(c, cells, CELL_ID, UINT32_MAX, b);
	if (!b->len)
		add_key(c, cells, CELL_TEXT, KEY_TEXTS, b);
}

static json_t *text_value(struct str s)
{
	STRBUF(clean);

	sanitize(&clean, s, SANITIZE_LINE);
	return json_stringn(clean.len ? clean.ptr : "", clean.len);
}

static json_t *cell_value(const struct column *c, const struct cell *cell)
{
	if (cell->empty)
		return json_null();
	if (is_text(c))
		return text_value(cell->text);
	if (c->type == CELL_REAL || c->type == CELL_SHARE)
		return isfinite(cell->real) ? json_real(cell->real) : json_null();
	return json_integer(cell->count);
}

/* Labels and paths name a row together, "B4 > B10"; else its main column does, else what it is
 * known by. */
static bool names_row(const struct column *c)
{
	size_t n = strlen(c->key);

	return c->type == CELL_TEXT && !(c->flags & COLUMN_PEOPLE) &&
	       (strncmp(c->key, "label", 5) == 0 || (n > 5 && !strcmp(c->key + n - 5, "_path")));
}

static void row_label(const struct view_class *c, const struct cell *cells, struct strbuf *b)
{
	for (unsigned i = 0; i < c->n_columns; i++) {
		if (!names_row(&c->columns[i]) || cells[i].empty)
			continue;
		strbuf_adds(b, b->len ? " > " : "");
		sanitize(b, cells[i].text, SANITIZE_LINE);
	}
	for (unsigned i = 0; i < c->n_columns && !b->len; i++)
		if (is_text(&c->columns[i]) && !cells[i].empty &&
		    (c->columns[i].flags & (COLUMN_MAIN | COLUMN_PEOPLE)) == COLUMN_MAIN)
			sanitize(b, cells[i].text, SANITIZE_LINE);
	if (!b->len)
		add_key(c, cells, CELL_TEXT, KEY_TEXTS, b);
}

static json_t *take_row(struct view *v, uint64_t i)
{
	const struct view_class *c = view_class_of(v);
	struct cell cells[COLUMNS_MAX] = {0};
	json_t *row = json_array();
	STRBUF(key);
	STRBUF(label);

	view_row(v, i, cells);
	row_key(c, cells, &key);
	row_label(c, cells, &label);
	json_array_append_new(row, text_value(strbuf_str(&key)));
	json_array_append_new(row, text_value(strbuf_str(&label)));
	for (unsigned k = 0; k < c->n_columns; k++)
		if (!(c->columns[k].flags & COLUMN_PEOPLE))
			json_array_append_new(row, cell_value(&c->columns[k], &cells[k]));
	return row;
}

/* As it is, so that it is found again. */
static json_t *id_value(struct str s)
{
	json_t *v = json_stringn(s.ptr, s.len);

	return v ? v : text_value(s);
}

static json_t *take_asks(const struct view_class *c, const struct outlook *o)
{
	json_t *asks = json_object();

	for (enum ask_id id = 0; id < ASK_IDS; id++) {
		json_t *values;

		if (!outlook_asks(o, id) || !asks_take(view_asks(c), id) || id == ASK_LIMIT ||
		    id == ASK_OFFSET)
			continue;
		values = json_array();
		for (unsigned i = 0; i < o->ask[id].n; i++)
			json_array_append_new(values, id_value(str_from(o->ask[id].value[i])));
		json_object_set_new(asks, ask_table[id].name, values);
	}
	return asks;
}

void noted_take(struct view *v, uint64_t first, uint64_t n, json_t *note)
{
	const struct view_class *c = view_class_of(v);
	json_t *columns = json_array(), *rows = json_array();
	uint64_t count = view_count(v);

	for (unsigned k = 0; k < c->n_columns; k++)
		if (!(c->columns[k].flags & COLUMN_PEOPLE))
			json_array_append_new(columns, json_string(c->columns[k].key));
	n = n < NOTE_ROWS ? n : NOTE_ROWS;
	for (uint64_t i = first; i < count && i - first < n; i++)
		json_array_append_new(rows, take_row(v, i));
	json_object_set_new(note, "view", json_string(c->name));
	json_object_set_new(note, "asks", take_asks(c, view_question(v)->outlook));
	json_object_set_new(note, "first", json_integer((json_int_t)first));
	json_object_set_new(note, "columns", columns);
	json_object_set_new(note, "rows", rows);
}

/* --- asking again */

const struct view_class *noted_asked(const json_t *note, struct outlook *o)
{
	const struct view_class *c =
		view_find(str_from(json_string_value(json_object_get(note, "view"))));
	const json_t *asks = json_object_get(note, "asks");

	for (enum ask_id id = 0; c && id < ASK_IDS; id++) {
		json_t *values = json_object_get(asks, ask_table[id].name), *value;
		size_t i;

		if (!asks_take(view_asks(c), id) || !values)
			continue;
		json_array_foreach(values, i, value)
			(ask_table[id].flags & ASK_REPEATS ? outlook_add : outlook_set)
				(o, id, str_from(json_string_value(value)));
	}
	return c;
}

void noted_reach(const json_t *note, const struct view_class *c, struct outlook *o)
{
	uint64_t end = (uint64_t)json_integer_value(json_object_get(note, "first")) +
		       json_array_size(json_object_get(note, "rows"));
	STRBUF(limit);

	if (!asks_take(view_asks(c), ASK_LIMIT))
		return;
	strbuf_addf(&limit, "%ju", (uintmax_t)(end > NOTE_ROWS ? end : NOTE_ROWS));
	outlook_set(o, ASK_LIMIT, strbuf_str(&limit));
}

void noted_command(const json_t *note, struct strbuf *b)
{
	OUTLOOK(o);

	noted_asked(note, &o);
	strbuf_addf(b, "show %s", json_string_value(json_object_get(note, "view")));
	outlook_print(&o, UINT64_MAX, b);
}

/* --- comparing */

struct comparing {
	const json_t *note;
	struct view *now;
	struct arena *arena;
	const struct view_class *class;
	int column[COLUMNS_MAX];	/* of the class, of each kept one; -1: none is called so */
	unsigned columns;
};

static void match_columns(struct comparing *x)
{
	const json_t *names = json_object_get(x->note, "columns");

	for (size_t i = 0; i < json_array_size(names) && i < COLUMNS_MAX; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		x->column[x->columns] = -1;
		for (unsigned k = 0; k < x->class->n_columns; k++)
			if (strcmp(x->class->columns[k].key, name) == 0)
				x->column[x->columns] = (int)k;
		x->columns++;
	}
}

/* Reads back what cell_value wrote; false: it is of another type now. */
static bool read_value(const struct column *c, const json_t *value, struct cell *cell)
{
	*cell = (struct cell){.empty = json_is_null(value)};
	if (cell->empty)
		return true;
	if (is_text(c))
		cell->text = str_from(json_string_value(value));
	else if (c->type == CELL_REAL || c->type == CELL_SHARE)
		cell->real = json_number_value(value);
	else
		cell->count = json_integer_value(value);
	return is_text(c) ? json_is_string(value) : json_is_number(value);
}

static bool same_text(struct str was, struct str now)
{
	STRBUF(clean);

	sanitize(&clean, now, SANITIZE_LINE);
	return str_eq(was, strbuf_str(&clean));
}

/* Where prices are hidden nothing is said of those that were kept. */
static bool is_same(const struct column *c, const struct cell *was, const struct cell *now)
{
	bool money = c->type == CELL_MONEY || c->type == CELL_REVENUE;
	double a, b;

	if (was->empty || now->empty)
		return was->empty == now->empty || (money && now->empty);
	if (is_text(c))
		return same_text(was->text, now->text);
	if (c->type != CELL_REAL && c->type != CELL_SHARE)
		return was->count == now->count;
	a = was->real;
	b = now->real;
	return !isfinite(b) || fabs(a - b) <= SAME * fmax(fabs(a), fabs(b));
}

static void add_change(const struct comparing *x, const struct column *c,
		       const struct cell *pair, struct strbuf *b)
{
	const struct catalog *cat = view_question(x->now)->catalog;

	strbuf_adds(b, b->len ? ", " : "");
	if (!is_value(c)) {
		for (const char *p = c->key; *p; p++)
			strbuf_addc(b, *p == '_' ? ' ' : *p);
		strbuf_addc(b, ' ');
	}
	for (unsigned i = 0; i < 2; i++) {
		if (pair[i].empty || (is_text(c) && !pair[i].text.len))
			strbuf_adds(b, "nothing");
		else
			view_add_cell(b, c, &pair[i], cat);
		strbuf_adds(b, i ? "" : " > ");
	}
}

static uint64_t find_row(const struct comparing *x, uint64_t guess, struct str key)
{
	uint64_t n = view_count(x->now);
	struct cell cells[COLUMNS_MAX] = {0};
	STRBUF(here);

	n = n < SEARCHED ? n : SEARCHED;
	for (uint64_t k = 0; k < n; k++) {
		uint64_t i = guess < n ? (guess + k) % n : k;

		view_row(x->now, i, cells);
		row_key(x->class, cells, &here);
		if (str_eq(strbuf_str(&here), key))
			return i;
	}
	return UINT64_MAX;
}

/* Values of the row that moved; those told go to b. */
static unsigned compare_row(const struct comparing *x, const json_t *row, uint64_t now,
			    struct noted_since *since, struct strbuf *b)
{
	struct cell cells[COLUMNS_MAX] = {0};
	unsigned moved = 0, told = 0;

	view_row(x->now, now, cells);
	for (unsigned k = 0; k < x->columns; k++) {
		const struct column *c = x->column[k] < 0 ? NULL :
					 &x->class->columns[x->column[k]];
		struct cell pair[2];

		if (!c || c->type == CELL_ID || !read_value(c, json_array_get(row, k + 2), pair))
			continue;
		pair[1] = cells[x->column[k]];
		since->values += !pair[0].empty;
		if (is_same(c, &pair[0], &pair[1]))
			continue;
		moved++;
		if (told < TOLD && (is_value(c) || !(c->flags & (COLUMN_DATA | COLUMN_SPARE)))) {
			told++;
			add_change(x, c, pair, b);
		}
	}
	if (moved > told)
		strbuf_addf(b, "%s%u more", told ? ", " : "", moved - told);
	return moved;
}

void noted_compare(const json_t *note, struct view *now, struct arena *arena,
		   struct noted_since *since)
{
	struct comparing x = {.note = note, .now = now, .arena = arena,
			      .class = view_class_of(now)};
	const json_t *rows = json_object_get(note, "rows");
	uint64_t first = (uint64_t)json_integer_value(json_object_get(note, "first"));
	size_t n = json_array_size(rows);

	*since = (struct noted_since){.row = arena_alloc(arena, (n + 1) * sizeof *since->row)};
	match_columns(&x);
	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(rows, i);
		struct str key = str_from(json_string_value(json_array_get(row, 0)));
		uint64_t at = find_row(&x, first + i, key);
		unsigned moved = 1;
		STRBUF(b);

		if (at == UINT64_MAX) {
			strbuf_adds(&b, "not in the list any more");
			since->values++;
		} else {
			moved = compare_row(&x, row, at, since, &b);
		}
		since->moved += moved;
		if (moved)
			since->row[since->n++] = (struct noted_row){
				arena_str(arena, str_from(json_string_value(
							 json_array_get(row, 1)))),
				arena_str(arena, strbuf_str(&b))};
	}
}
