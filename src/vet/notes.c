/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each note is a record of JSON in a journal of its own, or of an aside. */
#include "config.h"

#include "vet/notes.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "vet/aside.h"

static bool has(const json_t *o, const char *key, json_type type)
{
	const json_t *v = json_object_get(o, key);

	return v && json_typeof(v) == type;
}

static bool is_row(const json_t *row, size_t columns)
{
	return json_is_array(row) && json_array_size(row) == columns + 2 &&
	       json_is_string(json_array_get(row, 0)) && json_is_string(json_array_get(row, 1));
}

static bool is_asks(const json_t *asks)
{
	const char *name;
	json_t *values, *value;
	size_t i;

	json_object_foreach((json_t *)asks, name, values) {
		if (!json_is_array(values))
			return false;
		json_array_foreach(values, i, value)
			if (!json_is_string(value))
				return false;
	}
	return true;
}

static bool is_note(const json_t *n)
{
	const json_t *columns = json_object_get(n, "columns"), *rows = json_object_get(n, "rows");
	json_t *x;
	size_t i;

	if (!has(n, "time", JSON_INTEGER) || !has(n, "who", JSON_STRING) ||
	    !has(n, "text", JSON_STRING) || !has(n, "view", JSON_STRING) ||
	    !has(n, "asks", JSON_OBJECT) || !has(n, "first", JSON_INTEGER) ||
	    !has(n, "import", JSON_INTEGER) || !has(n, "columns", JSON_ARRAY) ||
	    !has(n, "rows", JSON_ARRAY) || !is_asks(json_object_get(n, "asks")))
		return false;
	json_array_foreach((json_t *)columns, i, x)
		if (!json_is_string(x))
			return false;
	json_array_foreach((json_t *)rows, i, x)
		if (!is_row(x, json_array_size(columns)))
			return false;
	return true;
}

static bool take_record(void *ctx, uint64_t seq, struct str record, struct err *err)
{
	json_t *n = json_loadb(record.ptr, record.len, JSON_REJECT_DUPLICATES, NULL);

	if (!is_note(n)) {
		json_decref(n);
		return err_fail(err, ERR_STORE, "the notes are damaged: record %ju is no note",
				(uintmax_t)seq);
	}
	json_array_append_new(ctx, n);
	return true;
}

static bool read_aside(struct aside *a, json_t *notes, struct err *err)
{
	for (uint64_t i = 0; i < aside_count(a); i++) {
		STRBUF(record);

		aside_record(a, i, &record);
		if (!take_record(notes, i + 1, strbuf_str(&record), err))
			return false;
	}
	return true;
}

static bool read_store(const struct journal_place *at, json_t *notes, struct err *err)
{
	struct journal_place place = *at;
	SCOPED(journal) j = NULL;

	place.kind = &journal_notes;
	return journal_read(&j, &place, err) && journal_each(j, 0, take_record, notes, err);
}

bool notes_read(const struct journal_place *at, json_t **out, struct err *err)
{
	json_t *notes = json_array();

	if (at->aside ? read_aside(at->aside, notes, err) : read_store(at, notes, err)) {
		*out = notes;
		return true;
	}
	json_decref(notes);
	return false;
}

/* --- writing */

static bool check(const json_t *note, struct err *err)
{
	struct str text = str_from(json_string_value(json_object_get(note, "text")));

	if (!text.len)
		return err_fail(err, ERR_USAGE, "a note needs a text");
	if (text.len > NOTE_TEXT)
		return err_fail(err, ERR_USAGE, "the text has %zu bytes, at most %d are kept",
				text.len, NOTE_TEXT);
	return true;
}

/* The record, with as many of its rows as fit: a row that goes takes its bytes and a comma. */
static void write_record(const json_t *note, struct strbuf *b)
{
	const size_t how = JSON_COMPACT | JSON_REAL_PRECISION(12);
	json_t *rows = json_object_get(note, "rows");
	size_t bytes = json_dumpb(note, NULL, 0, how);
	char *text;

	while (bytes > journal_notes.most && json_array_size(rows)) {
		size_t last = json_array_size(rows) - 1;

		bytes -= json_dumpb(json_array_get(rows, last), NULL, 0, how) + (last > 0);
		json_array_remove(rows, last);
	}
	text = json_dumps(note, how);
	strbuf_adds(b, text);
	free(text);
}

static bool add_aside(struct aside *a, struct str record, struct err *err)
{
	if (aside_count(a) >= NOTES_ASIDE)
		return err_fail(err, ERR_NO, "%d notes are kept in memory here, and no more",
				NOTES_ASIDE);
	while (!aside_add(a, aside_count(a), record))
		;
	return true;
}

static bool add_store(const struct journal_place *at, struct str record, struct err *err)
{
	struct journal_place place = *at;
	SCOPED(journal) j = NULL;
	uint64_t seq;

	place.kind = &journal_notes;
	return journal_write(&j, &place, err) && journal_append(j, record, &seq, err) &&
	       journal_commit(j, err);
}

bool notes_add(const struct journal_place *at, json_t *note, size_t *rows, struct err *err)
{
	STRBUF(record);

	if (!check(note, err))
		return false;
	write_record(note, &record);
	if (!(at->aside ? add_aside(at->aside, strbuf_str(&record), err)
			: add_store(at, strbuf_str(&record), err)))
		return false;
	*rows = json_array_size(json_object_get(note, "rows"));
	return true;
}
