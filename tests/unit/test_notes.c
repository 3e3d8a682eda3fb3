/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes of several writers, in the store and aside, and what is no note. */
#include "config.h"

#include "vet/notes.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "unit.h"
#include "vet/aside.h"

static json_t *note(const char *text, unsigned rows)
{
	json_t *n = json_pack("{s:i, s:s, s:s, s:s, s:{s:[s]}, s:i, s:i, s:[s, s], s:[]}",
			      "time", 5, "who", "ana", "text", text, "view", "similar", "asks",
			      "product", "7", "first", 0, "import", 1, "columns", "n", "lift",
			      "rows");

	for (unsigned i = 0; i < rows; i++)
		json_array_append_new(json_object_get(n, "rows"),
				      json_pack("[s, s, i, f]", "key", "label", (int)i, 1.5));
	return n;
}

static void add(const struct journal_place *at, const char *text, size_t *rows)
{
	json_t *n = note(text, 3);
	struct err err = {0};

	if (!notes_add(at, n, rows, &err))
		fail_msg("%s", err.text);
	json_decref(n);
}

static size_t count(const struct journal_place *at)
{
	struct err err = {0};
	json_t *all;
	size_t n;

	if (!notes_read(at, &all, &err))
		fail_msg("%s", err.text);
	n = json_array_size(all);
	json_decref(all);
	return n;
}

static void kept_in_order(void **state)
{
	struct journal_place at = {*state, "test", 30};
	struct err err = {0};
	json_t *all;
	size_t rows;

	assert_int_equal(count(&at), 0);
	add(&at, "first", &rows);
	assert_int_equal(rows, 3);
	/* Where there is no file yet nothing is wrong, and nothing is said. */
	assert_true(notes_read(&(struct journal_place){"/nowhere", "test", 30}, &all, &err));
	assert_string_equal(err.text, "");
	json_decref(all);
	add(&at, "second \t\n\"\x01", &rows);
	assert_true(notes_read(&at, &all, &err));
	assert_int_equal(json_array_size(all), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(all, 1), "text")),
			    "second \t\n\"\x01");
	json_decref(all);
}

#define WRITERS 4
#define EACH 20

static void several_write(void **state)
{
	struct journal_place at = {*state, "test", 60};
	size_t rows;

	for (int w = 0; w < WRITERS; w++)
		if (fork() == 0) {
			for (int i = 0; i < EACH; i++)
				add(&at, "at once", &rows);
			_exit(0);
		}
	for (int w = 0; w < WRITERS; w++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count(&at), WRITERS * EACH);
}

static void aside_keeps_its_own(void **state)
{
	struct aside *aside = aside_create();
	struct journal_place at = {*state, "test", 30}, kiosk = {*state, "test", 30, aside};
	struct err err = {0};
	json_t *n = note("one too many", 0);
	size_t rows;

	add(&at, "the owner's", &rows);
	assert_int_equal(count(&kiosk), 0);
	for (unsigned i = 0; i < NOTES_ASIDE; i++)
		add(&kiosk, "a visitor's", &rows);
	assert_int_equal(count(&kiosk), NOTES_ASIDE);
	assert_false(notes_add(&kiosk, n, &rows, &err));
	assert_int_equal(err.code, ERR_NO);
	assert_int_equal(count(&at), 1);
	json_decref(n);
	aside_destroy(aside);
}

/* Bytes of the record of note("long", rows). */
static size_t bytes(size_t rows)
{
	json_t *n = note("long", (unsigned)rows);
	size_t all = json_dumpb(n, NULL, 0, JSON_COMPACT | JSON_REAL_PRECISION(12));

	json_decref(n);
	return all;
}

static void long_ones_lose_rows(void **state)
{
	struct journal_place at = {*state, "test", 30};
	struct err err = {0};
	json_t *n = note("long", 10000);
	size_t rows = 0;

	assert_true(notes_add(&at, n, &rows, &err));
	assert_true(rows > 100 && rows < 10000);
	assert_true(bytes(rows) <= journal_notes.most && bytes(rows + 1) > journal_notes.most);
	assert_int_equal(count(&at), 1);
	json_decref(n);
	n = note("", 0);
	assert_false(notes_add(&at, n, &rows, &err));
	json_decref(n);
}

/* Records that are whole but no notes: of another type, a row too short, no JSON. */
static void what_is_no_note(void **state)
{
	static const char *const bad[] = {
		"[]", "{", "{\"time\":1}",
		"{\"time\":1,\"who\":\"a\",\"text\":\"b\",\"view\":\"c\",\"asks\":{},\"first\":0,"
		"\"import\":1,\"columns\":[\"n\"],\"rows\":[[\"k\",\"l\"]]}",
		"{\"time\":1,\"who\":\"a\",\"text\":\"b\",\"view\":\"c\",\"asks\":{\"to\":1},"
		"\"first\":0,\"import\":1,\"columns\":[],\"rows\":[]}",
	};
	struct journal_place at = {*state, "test", 30};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct aside *aside = aside_create();
		struct err err = {0};
		json_t *all = NULL;

		assert_true(aside_add(aside, aside_count(aside), str_from(bad[i])));
		at.aside = aside;
		assert_false(notes_read(&at, &all, &err));
		assert_int_equal(err.code, ERR_STORE);
		aside_destroy(aside);
	}
}

static int folder(void **state)
{
	*state = fixture_folder();
	return 0;
}

static int remove_folder(void **state)
{
	fixture_remove(*state);
	return 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder, remove_folder)

UNIT_TESTS(notes, IN_FOLDER(kept_in_order), IN_FOLDER(several_write),
	   IN_FOLDER(aside_keeps_its_own), IN_FOLDER(long_ones_lose_rows),
	   IN_FOLDER(what_is_no_note))
