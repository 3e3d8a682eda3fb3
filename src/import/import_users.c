/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The --users file: a table whose header names the user's id; every other column is an
 * attribute of users, as those of H&M's customers.csv are. Of several lines on one user the
 * last one holds, and of people without an event nothing is kept.
 */
#include "config.h"

#include <stdio.h>
#include <strings.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/utf8.h"
#include "data/field.h"
#include "import/batch.h"
#include "import/list_file.h"
#include "import/steps.h"
#include "store/store.h"

struct reading {
	const struct import *im;
	struct taken *to;
	struct batch batch;	/* for stamps */
	struct dataset *set;	/* that gets the names; NULL: they are known */
	struct arena *arena;	/* of those */
	unsigned id, n, at[DATASET_PERSON];	/* columns; n of them */
	bool header;
	uint64_t rejected;
	char first[256];	/* what is wrong with the first of those */
};

static bool is_id(struct str name)
{
	static const char *const known[] = {"user_id", "customer_id", "visitor_id", "client_id",
					    "user", "customer", "visitor", "client"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (name.len == strlen(known[i]) && !strncasecmp(name.ptr, known[i], name.len))
			return true;
	return false;
}

/* One word, in small letters, as filters name it. */
static const char *word_of(struct arena *arena, struct str name)
{
	STRBUF(b);

	sanitize(&b, name, SANITIZE_LINE);
	for (size_t i = 0; i < b.len; i++)
		b.ptr[i] = b.ptr[i] >= 'A' && b.ptr[i] <= 'Z' ? (char)(b.ptr[i] + 'a' - 'A') :
			   b.ptr[i] == ' ' || b.ptr[i] == '.' || b.ptr[i] == '-' ? '_' :
			   b.ptr[i];
	return arena_str(arena, strbuf_str(&b)).ptr;
}

static bool read_header(struct reading *r, const struct csv_record *record, uint64_t line,
			struct err *err)
{
	bool found = false;
	STRBUF(left_out);

	r->n = 0;
	for (unsigned i = 0; i < record->n; i++) {
		struct str name = str_trim(record->field[i]);

		if (!found && is_id(name)) {
			r->id = i;
			found = true;
		} else if (r->n < DATASET_PERSON && name.len) {
			r->at[r->n++] = i;
		} else {
			strbuf_addf(&left_out, "%s%.*s", left_out.len ? ", " : "", STR_ARG(name));
		}
	}
	if (!found || !r->n)
		return err_fail(err, ERR_FORMAT, "%s:%llu: the first line must name the users' "
				"ids, as user_id, customer_id, user or customer, and one to %d "
				"attributes", r->im->o->users, (unsigned long long)line,
				DATASET_PERSON);
	if (r->set && left_out.len)
		job_notice(r->im->job, "%s: only %d attributes of users are kept, not: %s",
			   r->im->o->users, DATASET_PERSON, strbuf_c(&left_out));
	r->header = true;
	return true;
}

static bool take_names(void *ctx, const struct csv_record *record, uint64_t line, bool *more,
		       struct err *err)
{
	struct reading *r = ctx;
	const char **names;

	*more = false;
	if (!read_header(r, record, line, err))
		return false;
	names = arena_alloc(r->arena, r->n * sizeof *names);
	for (unsigned i = 0; i < r->n; i++)
		names[i] = word_of(r->arena, str_trim(record->field[r->at[i]]));
	r->set->person = names;
	r->set->n_person = r->n;
	return true;
}

/* Those of the store that is added to. */
static void take_old(struct dataset *set, const struct catalog *c, struct arena *arena)
{
	const char **names = arena_alloc(arena, (c->n_user_attributes + 1) * sizeof *names);

	for (uint32_t i = 0; i < c->n_user_attributes && i < DATASET_PERSON; i++)
		names[set->n_person++] =
			arena_str(arena, text_at(&c->user_attribute_name, i)).ptr;
	set->person = names;
}

static bool same_names(const struct dataset *set, const struct catalog *c)
{
	bool same = set->n_person == c->n_user_attributes;

	for (unsigned i = 0; same && i < set->n_person; i++)
		same = str_is(text_at(&c->user_attribute_name, i), set->person[i]);
	return same;
}

bool import_users_names(const struct import *im, struct dataset *set, struct arena *arena,
			struct err *err)
{
	const struct catalog *old = im->old ? store_catalog(im->old->store) : NULL;
	struct reading r = {.im = im, .set = set, .arena = arena};
	struct list_file f = {im->o->users, im->limits, im->job, take_names, &r};
	uint64_t records;

	if (set->n_person || (!im->o->users && !(old && old->n_user_attributes)))
		return !im->o->users ||
		       err_fail(err, ERR_USAGE, "%s has a file of users of its own, by its name: "
				"--users is for other data sets", set->name);
	if (!(dataset_caps(set) & CAP_USERS))
		return err_fail(err, ERR_USAGE, "the log names no users: --users has no say");
	if (!im->o->users) {
		take_old(set, old, arena);
		return true;
	}
	if (!list_file_read(&f, &records, err))
		return false;
	if (!r.header)
		return err_fail(err, ERR_FORMAT, "%s: the file is empty", im->o->users);
	return !old || !old->n_user_attributes || same_names(set, old) ||
	       err_fail(err, ERR_USAGE, "%s has other attributes of users than %s: import all "
			"files again, without --append", im->o->append, im->o->users);
}

static bool take_user(void *ctx, const struct csv_record *record, uint64_t line, bool *more,
		      struct err *err)
{
	struct reading *r = ctx;
	struct event_row row = {.time = TIME_LISTED};
	struct reject why = {record->reason, record->column, STR_NULL};

	(void)more;
	if (!r->header)
		return read_header(r, record, line, err);
	if (record->reason || record->n <= r->id ||
	    !field_id((struct field){str_trim(record->field[r->id]), r->id}, false, &row.user,
		      &why)) {
		if (r->rejected++ == 0)
			snprintf(r->first, sizeof r->first, "line %llu: %s",
				 (unsigned long long)line,
				 reject_text(why.reason ? why.reason : REJECT_FIELDS));
		return true;
	}
	for (unsigned i = 0; i < r->n; i++) {
		struct str s = r->at[i] < record->n ? str_trim(record->field[r->at[i]]) : STR("");

		row.person[i] = field_missing(s) ? STR("") : s;
	}
	if (batch_facts(r->to->heard.of, &r->batch, &row))
		return true;
	if (err)
		*err = r->to->heard.of->err;
	return false;
}

bool import_users(const struct import *im, struct taken *t, struct err *err)
{
	struct reading r = {.im = im, .to = t, .batch = {.number = t->pieces++}};
	struct list_file f = {im->o->users, im->limits, im->job, take_user, &r};
	uint64_t records = 0;

	if (!im->o->users)
		return true;
	if (!list_file_read(&f, &records, err))
		return false;
	if (r.rejected)
		job_notice(im->job, "%s: %llu of %llu records can't be used; the first: %s",
			   im->o->users, (unsigned long long)r.rejected,
			   (unsigned long long)records - 1, r.first);
	return true;
}
