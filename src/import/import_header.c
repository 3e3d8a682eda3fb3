/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column names of a file: compared without case and outer spaces. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "data/csv.h"
#include "import/steps.h"

#define SHOWN_MAX 300	/* bytes of the found names in a message */

static bool name_matches(struct str found, const char *wanted)
{
	struct str s = str_trim(found);

	return s.len == strlen(wanted) && strncasecmp(s.ptr, wanted, s.len) == 0;
}

static bool matches(const struct file_kind *kind, const struct csv_record *r)
{
	if (!kind->header || r->n != kind->n_columns)
		return false;
	for (unsigned i = 0; i < r->n; i++)
		if (!name_matches(r->field[i], kind->columns[i]))
			return false;
	return true;
}

static const struct file_kind *find_kind(const struct dataset *set,
					 const struct csv_record *r)
{
	for (unsigned i = 0; i < set->n_kinds; i++)
		if (matches(&set->kinds[i], r))
			return &set->kinds[i];
	return NULL;
}

/* The kind that does without a header. */
static const struct file_kind *headless(const struct dataset *set)
{
	for (unsigned i = 0; i < set->n_kinds; i++)
		if (!set->kinds[i].header)
			return &set->kinds[i];
	return NULL;
}

/* The data set whose header this line is, read with its own separator. */
static const struct dataset *guess(const struct csv_record *r)
{
	struct split_limits limits = split_limits_default(1);
	const struct dataset *found = NULL;

	for (size_t i = 0; datasets[i] && !found; i++) {
		struct split_piece piece = {r->text.ptr, r->text.ptr + r->text.len,
			r->text.ptr + r->text.len, true};
		struct csv_record other;
		struct csv csv;

		csv_reader_init(&csv, datasets[i]->separator, &limits);
		csv_reader_start(&csv, &piece);
		if (csv_reader_next(&csv, &other) && find_kind(datasets[i], &other))
			found = datasets[i];
		csv_reader_finish(&csv);
	}
	return found;
}

static void add_expected(struct strbuf *b, const struct dataset *set)
{
	for (unsigned k = 0; k < set->n_kinds; k++) {
		const struct file_kind *kind = &set->kinds[k];

		strbuf_adds(b, k ? "' or '" : "");
		for (unsigned i = 0; i < kind->n_columns; i++) {
			if (i)
				strbuf_addc(b, set->separator);
			strbuf_adds(b, kind->columns[i]);
		}
	}
}

bool import_check_header(const struct dataset *set, const char *file,
			 const struct csv_record *r, const struct file_kind **kind,
			 struct err *err)
{
	const struct file_kind *found = find_kind(set, r);
	const struct dataset *other;
	STRBUF(expected);
	struct str shown = r->text;
	unsigned line = (unsigned)r->line + 1;

	if (r->reason == REJECT_NUL)
		return err_fail(err, ERR_FORMAT, "%s:%u: the file has NUL bytes: it is "
				"not text", file, line);
	if (found) {
		*kind = found;
		return true;
	}
	other = guess(r);
	if (other && !str_is(str_from(other->name), set->name))
		return err_fail(err, ERR_FORMAT, "%s:%u: these are the columns of the "
				"data set %s, not of %s; use: aisle import %s", file,
				line, other->name, set->name, other->name);
	found = headless(set);
	if (found) {
		*kind = found;
		return true;
	}
	add_expected(&expected, set);
	if (shown.len > SHOWN_MAX)
		shown.len = SHOWN_MAX;
	return err_fail(err, ERR_FORMAT, "%s:%u: the first line must name the columns of "
			"%s; expected '%s', found '%.*s'", file, line, set->name,
			strbuf_c(&expected), STR_ARG(shown));
}
