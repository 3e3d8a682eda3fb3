/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both forms become fields by the name of their column; one function takes each column. */
#include "config.h"

#include "vet/decision_file.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "data/csv.h"

enum column {
	COLUMN_SEQ, COLUMN_TIME, COLUMN_WHO, COLUMN_PANEL, COLUMN_PRODUCT,
	COLUMN_SUGGESTION, COLUMN_DECISION, COLUMN_SCOPE, COLUMN_POSITION, COLUMN_REASON,
	COLUMN_AUDIT, COLUMN_RANK, COLUMN_SCORE, COLUMN_MODEL, COLUMN_N, COLUMN_IMPORT,
	COLUMN_OF, COLUMN_LIFT_LOW, COLUMN_LIFT_HIGH, COLUMN_STANDS, COLUMNS,
};

static const char *const decision_columns[COLUMNS + 1] = {
	"seq", "time", "who", "panel", "product", "suggestion", "decision", "scope",
	"position", "reason", "audit", "rank", "score", "model", "n", "import", "of",
	"lift_low", "lift_high", "stands", NULL,
};

struct reading {
	struct decision_list *l;
	const char *path;
	const struct decision *dflt;
	enum column *column;	/* (n_columns) of each field, csv */
	unsigned n_columns;
	bool has[COLUMNS];
	bool header;
	uint64_t line;		/* before the piece */
};

void decision_list_finish(struct decision_list *l)
{
	free(l->at);
	arena_destroy(l->arena);
	*l = (struct decision_list){0};
}

static bool find_column(struct str name, enum column *c)
{
	for (unsigned i = 0; i < COLUMNS; i++)
		if (str_is(name, decision_columns[i])) {
			*c = i;
			return true;
		}
	return false;
}

static bool unknown_column(const struct reading *r, uint64_t line, struct str name,
			   struct err *err)
{
	STRBUF(list);

	for (unsigned i = 0; i < COLUMNS; i++)
		strbuf_addf(&list, "%s%s", i ? ", " : "", decision_columns[i]);
	return err_fail(err, ERR_FORMAT, "%s:%ju: no column of decisions is called '%.*s'; "
			"there are %s", r->path, (uintmax_t)line, STR_ARG(name),
			strbuf_c(&list));
}

/* --- a field */

static bool count_at_most(struct str s, uint64_t most, uint64_t *n)
{
	return num_u64(s, n) && *n <= most;
}

static bool take_number(struct decision *d, enum column c, struct str s)
{
	uint64_t n;

	if (!count_at_most(s, c == COLUMN_POSITION ? DECISION_PLACES :
			   c == COLUMN_RANK ? UINT32_MAX : UINT64_MAX, &n))
		return false;
	if (c == COLUMN_POSITION)
		d->position = (unsigned)n;
	else if (c == COLUMN_RANK)
		d->rank = (unsigned)n;
	else
		*(c == COLUMN_SEQ ? &d->seq : c == COLUMN_N ? &d->n :
		  c == COLUMN_IMPORT ? &d->generation : &d->of) = n;
	return true;
}

static bool take_flag(struct str s, bool *flag)
{
	*flag = str_is(s, "yes") || str_is(s, "true") || str_is(s, "1");
	return *flag || str_is(s, "no") || str_is(s, "false") || str_is(s, "0");
}

static bool take_field(struct reading *r, struct decision *d, enum column c, struct str s)
{
	struct str *text[COLUMNS] = {
		[COLUMN_WHO] = &d->who, [COLUMN_PANEL] = &d->panel,
		[COLUMN_PRODUCT] = &d->product, [COLUMN_SUGGESTION] = &d->with,
		[COLUMN_REASON] = &d->reason, [COLUMN_MODEL] = &d->model,
	};
	bool stands;

	if (s.len == 0)
		return true;
	if (text[c]) {
		*text[c] = arena_str(r->l->arena, s);
		return true;
	}
	switch (c) {
	case COLUMN_TIME:
		return time_parse(s, &d->time);
	case COLUMN_DECISION:
		return decision_kind_parse(s, &d->kind);
	case COLUMN_SCOPE:
		return decision_scope_parse(s, &d->scope);
	case COLUMN_AUDIT:
		return take_flag(s, &d->audit);
	case COLUMN_STANDS:	/* follows from the others */
		return take_flag(s, &stands);
	case COLUMN_SCORE:
		return num_real(s, &d->score);
	case COLUMN_LIFT_LOW:
		return num_real(s, &d->low);
	case COLUMN_LIFT_HIGH:
		return num_real(s, &d->high);
	default:
		return take_number(d, c, s);
	}
}

static bool bad_field(const struct reading *r, uint64_t line, enum column c, struct str s,
		      struct err *err)
{
	return err_fail(err, ERR_FORMAT, "%s:%ju: column %s can't be '%.*s'", r->path,
			(uintmax_t)line, decision_columns[c], STR_ARG(s));
}

/* --- a record */

static struct decision *begin_record(struct reading *r)
{
	struct decision_list *l = r->l;

	MEM_GROW(l->at, l->cap, l->n + 1);
	l->at[l->n] = *r->dflt;
	l->at[l->n].score = NAN;
	return &l->at[l->n++];
}

static bool end_record(const struct reading *r, struct decision *d, bool decided,
		       uint64_t line, struct err *err)
{
	struct err why = {0};

	if (d->kind == DECISION_UNDO || d->kind == DECISION_REDO)
		d->panel = d->product = d->with = STR("");	/* `of` says of what */

	if (!decided)
		return err_fail(err, ERR_FORMAT, "%s:%ju: says no decision: approve, reject, "
				"skip, pin, undo or redo", r->path, (uintmax_t)line);
	return decision_check(d, &why) ||
	       err_fail(err, ERR_FORMAT, "%s:%ju: %s", r->path, (uintmax_t)line, why.text);
}

/* --- CSV */

static bool take_header(struct reading *r, const struct csv_record *rec, struct err *err)
{
	r->column = mem_alloc(rec->n * sizeof *r->column);
	r->n_columns = rec->n;
	for (unsigned i = 0; i < rec->n; i++) {
		if (!find_column(rec->field[i], &r->column[i]))
			return unknown_column(r, 1, rec->field[i], err);
		r->has[r->column[i]] = true;
	}
	for (unsigned c = COLUMN_PRODUCT; c <= COLUMN_DECISION; c++)
		if (!r->has[c])
			return err_fail(err, ERR_FORMAT, "%s:1: there is no column %s", r->path,
					decision_columns[c]);
	r->header = true;
	return true;
}

static bool take_csv(struct reading *r, const struct csv_record *rec, struct err *err)
{
	uint64_t line = r->line + rec->line + 1;
	struct decision *d;
	bool decided = false;

	if (rec->reason)
		return err_fail(err, ERR_FORMAT, "%s:%ju: a quote is wrong or never closed",
				r->path, (uintmax_t)line);
	if (!r->header)
		return take_header(r, rec, err);
	if (rec->n != r->n_columns)
		return err_fail(err, ERR_FORMAT, "%s:%ju: %u fields, expected %u", r->path,
				(uintmax_t)line, rec->n, r->n_columns);
	d = begin_record(r);
	for (unsigned i = 0; i < rec->n; i++) {
		if (!take_field(r, d, r->column[i], rec->field[i]))
			return bad_field(r, line, r->column[i], rec->field[i], err);
		decided |= r->column[i] == COLUMN_DECISION && rec->field[i].len;
	}
	return end_record(r, d, decided, line, err);
}

/* --- JSON lines */

static bool take_value(struct reading *r, struct decision *d, const char *key,
		       const json_t *value, uint64_t line, struct err *err)
{
	enum column c;
	STRBUF(text);

	if (!find_column(str_from(key), &c))
		return unknown_column(r, line, str_from(key), err);
	if (json_is_string(value))
		strbuf_adds(&text, json_string_value(value));
	else if (json_is_integer(value))
		strbuf_addf(&text, "%jd", (intmax_t)json_integer_value(value));
	else if (json_is_real(value))
		strbuf_addf(&text, "%.17g", json_real_value(value));
	else if (json_is_boolean(value))
		strbuf_adds(&text, json_is_true(value) ? "yes" : "no");
	else if (!json_is_null(value))
		return bad_field(r, line, c, STR("a list or an object"), err);
	return take_field(r, d, c, strbuf_str(&text)) ||
	       bad_field(r, line, c, strbuf_str(&text), err);
}

static bool take_object(struct reading *r, json_t *o, uint64_t line, struct err *err)
{
	struct decision *d = begin_record(r);
	const char *key;
	json_t *value;

	json_object_foreach(o, key, value)
		if (!take_value(r, d, key, value, line, err))
			return false;
	return end_record(r, d, json_object_get(o, "decision") != NULL, line, err);
}

/* A line of JSON has no tab and no bare quote rules: it is taken as it stands. */
static bool take_json(struct reading *r, struct str text, struct err *err)
{
	struct str line;

	while (str_next(&text, '\n', &line)) {
		json_error_t why;
		json_t *o;
		bool ok;

		r->line++;
		line = str_trim(line);
		if (line.len == 0)
			continue;
		o = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &why);
		if (!json_is_object(o)) {
			json_decref(o);
			return err_fail(err, ERR_FORMAT, "%s:%ju: is no JSON object: %s",
					r->path, (uintmax_t)r->line, why.text);
		}
		ok = take_object(r, o, r->line, err);
		json_decref(o);
		if (!ok)
			return false;
	}
	return true;
}

/* --- the file */

static bool take_piece(struct reading *r, struct csv *csv, const struct split_piece *piece,
		       struct err *err)
{
	struct csv_record rec;

	csv_reader_start(csv, piece);
	while (csv_reader_next(csv, &rec))
		if (!take_csv(r, &rec, err))
			return false;
	r->line += csv->line;
	return true;
}

/* Decisions are made by people: the file is held as a whole. */
static bool read_pieces(struct reading *r, struct split *s, struct csv *csv, struct err *err)
{
	const struct split_piece *pieces;
	size_t n = 1;
	bool first = true, json = false;

	while (n) {
		if (!split_next(s, &pieces, &n, NULL, err))
			return false;
		for (size_t i = 0; i < n; i++) {
			struct str text = str_span(pieces[i].ptr,
						   (size_t)(pieces[i].end - pieces[i].ptr));

			json = first ? str_starts(str_trim(text), STR("{")) : json;
			first = false;
			if (json ? !take_json(r, text, err) : !take_piece(r, csv, &pieces[i], err))
				return false;
		}
	}
	return r->header || json ||
	       err_fail(err, ERR_FORMAT, "%s: the file is empty", r->path);
}

static bool read_file(struct reading *r, struct err *err)
{
	struct split_limits limits = split_limits_default(1);
	SCOPED(split) s = NULL;
	struct csv csv;
	bool ok;

	if (!split_open(&s, r->path, ',', &limits, err))
		return false;
	csv_reader_init(&csv, ',', &limits);
	ok = read_pieces(r, s, &csv, err);
	csv_reader_finish(&csv);
	return ok;
}

bool decision_file_read(struct decision_list *out, const char *path,
			const struct decision *dflt, struct err *err)
{
	struct decision_list l = {.arena = arena_create()};
	struct reading r = {.l = &l, .path = path, .dflt = dflt};
	bool ok = read_file(&r, err);

	free(r.column);
	if (ok)
		*out = l;
	else
		decision_list_finish(&l);
	return ok;
}
