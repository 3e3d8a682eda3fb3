/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "vet/verdicts.h"

#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "vet/decision_file.h"
#include "unit.h"

static struct decision said(const char *who, enum decision_kind kind, const char *with)
{
	return (struct decision){
		.who = str_from(who), .kind = kind, .panel = STR("similar"),
		.product = STR("a"), .with = str_from(with), .score = NAN,
		.position = kind == DECISION_PIN ? 3 : 0,
	};
}

static void add(struct verdicts *v, const char *who, enum decision_kind kind)
{
	struct decision d = said(who, kind, "b");
	struct err err = {0};

	if (!verdicts_add(v, (struct decisions){&d, 1}, &err))
		fail_msg("%s", err.text);
	assert_int_equal(d.seq, verdicts_count(v));
	assert_true(d.time > 0);
}

/* "ana reject" of the pair (similar, a, b); "-": no verdict. */
static const char *holds(const struct verdicts *v, bool blind)
{
	static char text[80];
	uint32_t pair = verdicts_find(v, STR("similar"), STR("a"), STR("b"));
	const struct decision *d = verdicts_of(v, pair, blind);

	snprintf(text, sizeof text, d ? "%.*s %s" : "-", d ? (int)d->who.len : 0,
		 d ? d->who.ptr : "", d ? decision_kind_name(d->kind) : "");
	return text;
}

static struct verdicts *open_in(const char *folder)
{
	struct journal_place at = {folder, "test", 1};
	struct verdicts *v;
	struct err err = {0};

	if (!verdicts_open(&v, &at, &err))
		fail_msg("%s", err.text);
	return v;
}

static void latest_wins(void **state)
{
	struct verdicts *v = open_in(NULL);
	struct decision about;
	struct err err = {0};

	add(v, "ana", DECISION_APPROVE);
	assert_string_equal(holds(v, false), "ana approve");
	assert_string_equal(holds(v, true), "-");
	add(v, "bob", DECISION_SKIP);
	assert_string_equal(holds(v, false), "ana approve");
	add(v, "bob", DECISION_REJECT);
	assert_string_equal(holds(v, false), "bob reject");
	assert_string_equal(holds(v, true), "-");
	add(v, "ana", DECISION_REJECT);
	assert_string_equal(holds(v, true), "ana reject");
	assert_true(verdicts_undo(v, STR("ana"), NULL, &about, &err));
	assert_int_equal(about.seq, 4);
	assert_string_equal(holds(v, false), "bob reject");
	assert_true(verdicts_undo(v, STR("bob"), NULL, &about, &err));
	assert_string_equal(holds(v, false), "ana approve");
	assert_true(verdicts_redo(v, STR("bob"), &about, &err));
	assert_string_equal(holds(v, false), "bob reject");
	assert_true(verdicts_undo(v, STR("ana"), NULL, &about, &err));
	assert_int_equal(about.seq, 1);
	assert_false(verdicts_undo(v, STR("ana"), NULL, &about, &err));
	assert_int_equal(err.code, ERR_NO);
	/* in the opposite order of undoing */
	assert_true(verdicts_redo(v, STR("ana"), &about, &err));
	assert_int_equal(about.seq, 1);
	assert_true(verdicts_redo(v, STR("ana"), &about, &err));
	assert_int_equal(about.seq, 4);
	assert_string_equal(holds(v, true), "ana reject");
	assert_false(verdicts_redo(v, STR("ana"), &about, &err));
	/* A new decision ends what could be given again. */
	assert_true(verdicts_undo(v, STR("ana"), NULL, &about, &err));
	add(v, "ana", DECISION_PIN);
	assert_false(verdicts_redo(v, STR("ana"), &about, &err));
	verdicts_destroy(v);
}

static void survives(void **state)
{
	char *folder = fixture_folder();
	struct verdicts *v = open_in(folder), *other = open_in(folder);
	struct decision d = said("ana\tb\\", DECISION_PIN, "tab\there"), about;
	struct err err = {0};
	uint64_t before = verdicts_version(other);

	d.reason = STR("a\nb\\");
	d.score = 0.25;
	d.audit = true;
	assert_true(verdicts_add(v, (struct decisions){&d, 1}, &err));
	assert_true(verdicts_refresh(other, &err));
	assert_int_equal(verdicts_count(other), 1);
	assert_int_equal(verdicts_version(other), verdicts_version(v));
	assert_true(verdicts_version(other) != before);
	/* What is taken back without having been given writes nothing. */
	assert_false(verdicts_undo(other, STR("eve"), NULL, &about, &err));
	err = (struct err){0};
	assert_int_equal(verdicts_version(other), verdicts_version(v));
	add(other, "bob", DECISION_REJECT);
	add(v, "eve", DECISION_APPROVE);
	assert_true(verdicts_undo(v, STR("eve"), NULL, &about, &err));
	verdicts_destroy(v);
	v = open_in(folder);
	assert_int_equal(verdicts_count(v), 4);
	assert_string_equal(holds(v, false), "bob reject");
	assert_string_equal(verdicts_at(v, 0)->who.ptr, "ana\tb\\");
	assert_string_equal(verdicts_at(v, 0)->with.ptr, "tab\there");
	assert_string_equal(verdicts_at(v, 0)->reason.ptr, "a\nb\\");
	assert_true(verdicts_at(v, 0)->score == 0.25 && verdicts_at(v, 0)->audit);
	assert_int_equal(verdicts_at(v, 0)->position, 3);
	assert_false(verdicts_stands(v, 2));
	verdicts_destroy(v);
	verdicts_destroy(other);
	fixture_remove(folder);
}

/* The log of one store in another, twice: the second time adds nothing. */
static void merges(void **state)
{
	char *folder = fixture_folder();
	struct verdicts *from = open_in(NULL), *to = open_in(folder);
	struct decision list[8], about;
	struct err err = {0};
	size_t added, n;

	add(to, "eve", DECISION_SKIP);
	add(from, "ana", DECISION_APPROVE);
	add(from, "ana", DECISION_REJECT);
	assert_true(verdicts_undo(from, STR("ana"), NULL, &about, &err));
	assert_true(verdicts_redo(from, STR("ana"), &about, &err));
	assert_true(verdicts_undo(from, STR("ana"), NULL, &about, &err));
	for (n = 0; n < verdicts_count(from); n++)
		list[n] = *verdicts_at(from, n);
	assert_true(verdicts_merge(to, (struct decisions){list, n}, &added, &err));
	assert_int_equal(added, 5);
	assert_string_equal(holds(to, false), "ana approve");
	assert_int_equal(verdicts_at(to, 5)->of, 3);
	assert_true(verdicts_merge(to, (struct decisions){list, n}, &added, &err));
	assert_int_equal(added, 0);
	list[2].of = 7;
	assert_false(verdicts_merge(to, (struct decisions){list, n}, &added, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	verdicts_destroy(from);
	verdicts_destroy(to);
	fixture_remove(folder);
}

/* What says an earlier decision again goes with it in one step, and comes back with it; another
 * log takes that over. */
static void says_again(void **state)
{
	struct verdicts *from = open_in(NULL), *to = open_in(NULL);
	struct decision d = said("ana", DECISION_REJECT, "b"), list[16], about;
	struct err err = {0};
	size_t added, n;

	add(to, "eve", DECISION_SKIP);
	add(from, "ana", DECISION_APPROVE);
	for (int i = 0; i < 3; i++, d.of = d.seq) {
		d.seq = 0;
		d.time = 1000 + i;
		d.reason = i ? STR("taste") : STR("");
		assert_true(verdicts_add(from, (struct decisions){&d, 1}, &err));
	}
	assert_true(verdicts_undo(from, STR("ana"), NULL, &about, &err));
	assert_true(about.seq == 4 && str_is(about.reason, "taste"));
	assert_string_equal(holds(from, false), "ana approve");
	assert_true(verdicts_redo(from, STR("ana"), &about, &err));
	assert_int_equal(about.seq, 4);
	for (int i = 1; i < 4; i++)
		assert_true(verdicts_stands(from, (uint64_t)i));
	assert_false(verdicts_redo(from, STR("ana"), &about, &err));
	for (n = 0; n < verdicts_count(from); n++)
		list[n] = *verdicts_at(from, n);
	assert_int_equal(n, 10);
	assert_true(verdicts_merge(to, (struct decisions){list, n}, &added, &err));
	assert_int_equal(added, 10);
	assert_int_equal(verdicts_at(to, 4)->of, 4);
	assert_true(verdicts_undo(to, STR("ana"), NULL, &about, &err));
	assert_string_equal(holds(to, false), "ana approve");
	verdicts_destroy(from);
	verdicts_destroy(to);
}

#define WRITERS 4
#define EACH 25

static void many_writers(void **state)
{
	char *folder = fixture_folder();
	struct journal_place at = {folder, "test", 60};
	unsigned by[WRITERS] = {0};
	struct verdicts *v;

	for (unsigned w = 0; w < WRITERS; w++)
		if (fork() == 0) {
			char name[2] = {(char)('0' + w), 0}, with[12];
			struct decision d;
			bool ok = verdicts_open(&v, &at, NULL);

			for (unsigned i = 0; ok && i < EACH; i++) {
				snprintf(with, sizeof with, "w%u", i);
				d = said(name, DECISION_APPROVE, with);
				ok = verdicts_add(v, (struct decisions){&d, 1}, NULL);
			}
			_exit(ok ? 0 : 1);
		}
	for (unsigned w = 0; w < WRITERS; w++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	v = open_in(folder);
	assert_int_equal(verdicts_count(v), WRITERS * EACH);
	for (unsigned i = 0; i < WRITERS * EACH; i++)
		by[verdicts_at(v, i)->who.ptr[0] - '0']++;
	for (unsigned w = 0; w < WRITERS; w++)
		assert_int_equal(by[w], EACH);
	verdicts_destroy(v);
	fixture_remove(folder);
}

static void refuses(void **state)
{
	struct verdicts *v = open_in(NULL);
	char long_id[DECISION_ID + 2];
	struct decision d[6];
	struct err err;

	memset(long_id, 'x', sizeof long_id - 1);
	long_id[sizeof long_id - 1] = '\0';
	for (unsigned i = 0; i < 6; i++)
		d[i] = said("ana", DECISION_APPROVE, "b");
	d[0].who = STR("");
	d[1].with = STR("a");
	d[2].with = str_from(long_id);
	d[3].position = 1;
	d[4].kind = DECISION_PIN;
	d[5].reason = STR("\xff");
	for (unsigned i = 0; i < 6; i++) {
		assert_false(verdicts_add(v, (struct decisions){&d[i], 1}, &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	assert_int_equal(verdicts_count(v), 0);
	verdicts_destroy(v);
}

static void is_damaged(void **state)
{
	char *folder = fixture_folder(), *file = fixture_path(folder, JOURNAL_FILE);
	struct journal_place at = {folder, "test", 0};
	struct verdicts *v = open_in(folder);
	struct err err = {0};

	add(v, "ana", DECISION_APPROVE);
	verdicts_destroy(v);
	assert_int_equal(truncate(file, 5000), 0);
	assert_false(verdicts_open(&v, &at, &err));
	assert_int_equal(err.code, ERR_STORE);
	assert_non_null(strstr(err.text, "cut off"));
	assert_int_equal(truncate(file, 0), 0);
	v = open_in(folder);	/* a writer that was killed before the first page */
	add(v, "ana", DECISION_APPROVE);
	verdicts_destroy(v);
	free(file);
	fixture_remove(folder);
}

static bool reads(const char *text, struct decision_list *l, struct err *err)
{
	char *folder = fixture_folder(), *file = fixture_path(folder, "f.csv");
	FILE *f = fopen(file, "w");
	struct decision dflt = said("me", DECISION_APPROVE, "");
	bool ok;

	fputs(text, f);
	fclose(f);
	ok = decision_file_read(l, file, &dflt, err);
	free(file);
	fixture_remove(folder);
	return ok;
}

static void reads_files(void **state)
{
	static const char *const bad[][2] = {
		{"", "is empty"},
		{"product,suggestion\n", ":1: there is no column decision"},
		{"product,suggestion,decision,colour\n", ":1: no column"},
		{"product,suggestion,decision\na,b,yes\n", ":2: column decision can't be 'yes'"},
		{"product,suggestion,decision\na,b,\n", ":2: says no decision"},
		{"product,suggestion,decision\na,b,skip\na,b\n", ":3: 2 fields, expected 3"},
		{"product,suggestion,decision\na,b,pin\n", ":2: a pin needs a position"},
		{"{\"product\":\"a\"}\n", ":1: says no decision"},
		{"{\"product\":\"a\"\n", ":1: is no JSON object"},
	};
	struct decision_list l;
	struct err err = {0};

	assert_true(reads("decision,product,suggestion,position,who\nskip,x,y,,\n"
			  "pin,\"x,1\",y,2,ana\n", &l, &err));
	assert_int_equal(l.n, 2);
	assert_string_equal(l.at[1].product.ptr, "x,1");
	assert_int_equal(l.at[1].position, 2);
	assert_true(str_is(l.at[0].who, "me") && str_is(l.at[1].who, "ana"));
	decision_list_finish(&l);
	assert_true(reads("{\"product\":\"x\",\"suggestion\":\"y\",\"decision\":\"reject\","
			  "\"rank\":4,\"audit\":true}\n\n", &l, &err));
	assert_true(l.n == 1 && l.at[0].rank == 4 && l.at[0].audit);
	decision_list_finish(&l);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (reads(bad[i][0], &l, &err))
			fail_msg("took %s", bad[i][0]);
		if (err.code != ERR_FORMAT || !strstr(err.text, bad[i][1]))
			fail_msg("%s: %s", bad[i][0], err.text);
	}
}

UNIT_TESTS(verdicts, UNIT(latest_wins), UNIT(survives), UNIT(merges), UNIT(says_again),
	   UNIT(many_writers), UNIT(refuses), UNIT(is_damaged), UNIT(reads_files))
