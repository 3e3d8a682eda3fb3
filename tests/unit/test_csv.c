/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/quote.h"
#include "data/csv.h"

#include <jansson.h>

#include "records.h"
#include "unit.h"

static int never_space(unsigned char c)
{
	return c & 0;
}

static void on_field(void *field, size_t len, void *ctx)
{
	struct strbuf *b = ctx;

	strbuf_addc(b, '[');
	strbuf_add(b, str_span(field, len));
	strbuf_addc(b, ']');
}

static void on_row(int end, void *ctx)
{
	strbuf_addc(ctx, '\n');
}

/* The whole text through libcsv alone; false when it finds it malformed. */
static bool by_libcsv(struct str data, struct strbuf *out)
{
	struct csv_parser p;
	bool ok;

	csv_init(&p, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(&p, never_space);
	ok = csv_parse(&p, data.ptr, data.len, on_field, on_row, out) == data.len &&
		csv_fini(&p, on_field, on_row, out) == 0;
	csv_free(&p);
	return ok;
}

/* Our records in the same form; false when one is malformed. */
static bool by_records(struct str data, bool slow, struct strbuf *out)
{
	struct split_limits l = split_limits_default(1);
	struct str rest;
	STRBUF(text);

	if (!records_read(data, ',', slow, &l, &text) ||
	    str_find(strbuf_str(&text), STR(",quote,")) != SIZE_MAX)
		return false;
	/* "1,1,none,0,0:[a][b]2\n": the fields alone. Tests have no ':' + '['. */
	rest = strbuf_str(&text);
	for (size_t at; (at = str_find(rest, STR(":["))) != SIZE_MAX;) {
		size_t end;

		rest = str_span(rest.ptr + at + 1, rest.len - at - 1);
		for (end = 0; end + 1 < rest.len; end++)
			if (rest.ptr[end] == ']' && rest.ptr[end + 1] >= '0' &&
			    rest.ptr[end + 1] <= '9')
				break;
		strbuf_add(out, str_span(rest.ptr, end + 1));
		strbuf_addc(out, '\n');
	}
	return true;
}

static void same_as_libcsv(struct str data)
{
	STRBUF(want);

	for (int slow = 0; slow < 2; slow++) {
		STRBUF(have);

		strbuf_reset(&want);
		if (!by_libcsv(data, &want)) {
			assert_false(by_records(data, slow, &have));
			continue;
		}
		assert_true(by_records(data, slow, &have));
		assert_string_equal(strbuf_c(&have), strbuf_c(&want));
	}
}

static void agrees_with_libcsv(void **state)
{
	static const char *const inputs[] = {
		"a,b\n1,2\n", "a;b,c\r\n", "x", "x,", ",", "\"\"", "\"a,b\",c\r\n",
		" \"a\"\n", "\"a\" \n", " a , b \n", "\"a\"\"\"\n", "a\"\n", "\"a\n",
		"1,2\n\n\n3,4\r\r5,6", "a\n\"b\nc\"\nd\n", ",,\n,\"\",\n",
		("0123456789012345678901234567890123456789012345678901234567890123,b\n"
		 "0123456789012345678901234567890123456789012345678901234567890,\r\nc"),
	};

	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++)
		same_as_libcsv(str_from(inputs[i]));
}

static void fields_round_trip(void **state)
{
	static const char *const fields[] = {
		"", "a", "a,b", "a\"b", "\"", "\r\n", " a", "a ", "\n", ",,", "a\rb",
	};
	size_t n = sizeof(fields) / sizeof(*fields);
	STRBUF(line);
	STRBUF(want);
	STRBUF(have);

	for (size_t i = 0; i < n; i++) {
		quote_csv(&line, str_from(fields[i]), ',');
		strbuf_addc(&line, i + 1 < n ? ',' : '\n');
		strbuf_addf(&want, "[%s]", fields[i]);
	}
	assert_true(by_libcsv(strbuf_str(&line), &have));
	strbuf_addc(&want, '\n');
	assert_string_equal(strbuf_c(&have), strbuf_c(&want));
}

static void nul_is_named(void **state)
{
	STRBUF(have);

	assert_true(records_read(str_span("a\nb\0c\nd\n", 8), ',', false, &records_small,
				 &have));
	assert_string_equal(strbuf_c(&have), "1,1,none,0,0:[a]1\n2,2,nul,-1,0:0\n"
			    "3,3,none,0,0:[d]1\n3 lines\n");
}

static void many_fields_are_counted(void **state)
{
	struct split_limits l = split_limits_default(1);
	STRBUF(line);
	STRBUF(have);

	strbuf_fill(&line, ',', 99);
	strbuf_adds(&line, "\n\"\"");
	strbuf_fill(&line, ',', 99);
	assert_true(records_read(strbuf_str(&line), ',', false, &l, &have));
	assert_non_null(strstr(strbuf_c(&have), "]100\n2,"));
	assert_non_null(strstr(strbuf_c(&have), "]100\n1 lines"));
}

/* The records of a file of csv-spectrum, as its JSON form says them. */
static bool matches_json(const char *name)
{
	struct split_limits l = split_limits_default(1);
	char path[128];
	size_t len, json_len;
	struct str header[8] = {0};
	struct csv_record r;
	struct csv csv;
	size_t n = 0;
	bool same = true;
	char *text, *json_text;
	json_t *json;

	snprintf(path, sizeof path, "torture/csv-spectrum/csvs/%s.csv", name);
	text = unit_data(path, &len);
	snprintf(path, sizeof path, "torture/csv-spectrum/json/%s.json", name);
	json_text = unit_data(path, &json_len);
	json = json_loadb(json_text, json_len, 0, NULL);
	csv_reader_init(&csv, ',', &l);
	csv_reader_start(&csv, &(struct split_piece){text, text + len, text + len, true});
	while (same && csv_reader_next(&csv, &r)) {
		json_t *o = json_is_array(json) ? json_array_get(json, n - 1) : json;

		if (r.reason || r.n > 8)
			same = false;
		for (unsigned i = 0; same && i < r.n; i++) {
			char key[64];
			const char *want;

			if (n == 0) {
				header[i] = r.field[i];
				continue;
			}
			snprintf(key, sizeof key, "%.*s", STR_ARG(header[i]));
			want = json_string_value(json_object_get(o, key));
			same = want && str_is(r.field[i], want);
		}
		n++;
	}
	csv_reader_finish(&csv);
	json_decref(json);
	free(text);
	free(json_text);
	return same && n > 1;
}

static void csv_spectrum(void **state)
{
	static const char *const names[] = {
		"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json",
		"newlines", "newlines_crlf", "quotes_and_newlines", "simple",
		"simple_crlf", "utf8",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!matches_json(names[i]))
			fail_msg("%s", names[i]);
	assert_false(matches_json("location_coordinates"));
}

/* Whole files with a trap each: what becomes of their records. */
static void whole_files(void **state)
{
	static const struct { const char *name, *records; } cases[] = {
		{"blank_rows", "1,1,none,0,0:[id][name]2\n3,3,none,0,0:[1][x]2\n"
		 "6,6,none,0,0:[2][y]2\n6 lines\n"},
		{"bom_quoted", "1,1,none,0,0:[id][name]2\n2,2,none,0,0:[1][x]2\n2 lines\n"},
		{"cr_only", "1,1,none,0,0:[id][name]2\n2,2,none,0,0:[1][x]2\n"
		 "3,3,none,0,0:[2][y]2\n3 lines\n"},
		{"empty", "0 lines\n"},
		{"no_eol", "1,1,none,0,0:[id][name]2\n2,2,none,0,1:[1][x]2\n1 lines\n"},
		{"only_header", "1,1,none,0,0:[id][name]2\n1 lines\n"},
		{"only_nl", "3 lines\n"},
		{"quote_mid", "1,1,none,0,0:[id][name]2\n2,2,quote,1,0:0\n"
		 "3,3,quote,1,0:0\n4,4,none,0,0:[3][e\"f]2\n4 lines\n"},
		{"ragged", "1,1,none,0,0:[id][name]2\n2,2,none,0,0:[1]1\n"
		 "3,3,none,0,0:[2][x][y]3\n4,4,none,0,0:[3][z]2\n4 lines\n"},
		{"spaces_quotes", "1,1,none,0,0:[id][name]2\n2,2,quote,1,0:0\n"
		 "3,3,quote,1,0:0\n3 lines\n"},
		{"unterminated", "1,1,none,0,0:[id][name]2\n2,2,quote,1,0:0\n"
		 "3,3,none,0,0:[2][y]2\n4,4,none,0,0:[3][z]2\n4 lines\n"},
		{"mixed_eol", "1,1,none,0,0:[id][name]2\n2,2,none,0,0:[1][x]2\n"
		 "3,3,none,0,0:[2][y]2\n4,4,none,0,0:[3][z]2\n6,6,none,0,1:[4][w]2\n"
		 "5 lines\n"},
	};
	struct split_limits l = split_limits_default(1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[128];
		size_t len;
		char *text;
		STRBUF(have);

		snprintf(path, sizeof path, "torture/own-torture/file_%s.csv",
			 cases[i].name);
		text = unit_data(path, &len);
		assert_true(records_read(str_span(text, len), ',', false, &l, &have));
		assert_string_equal(strbuf_c(&have), cases[i].records);
		free(text);
	}
}

static void formulas_have_apostrophes(void **state)
{
	static const struct {
		struct str text;
		bool formula;
	} cases[] = {
		{{"=1+1", 4}, true}, {{"+", 1}, true}, {{"-x", 2}, true}, {{"@A", 2}, true},
		{{"\t=", 2}, true}, {{"\r", 1}, true}, {{"\n", 1}, true}, {{"'=", 2}, true},
		{{"''@", 3}, true}, {{"\xef\xbc\x9d" "1", 4}, true}, {{"", 0}, false},
		{{"'", 1}, false}, {{"''", 2}, false}, {{"a=", 2}, false}, {{" =", 2}, false},
		{{"'a", 2}, false}, {{"\xef\xbc", 2}, false}, {{"\0", 1}, false},
	};
	STRBUF(b);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str s = cases[i].text;

		assert_int_equal(csv_is_formula(s), cases[i].formula);
		strbuf_reset(&b);
		if (csv_is_formula(s))
			strbuf_addc(&b, '\'');
		strbuf_add(&b, s);
		assert_true(str_eq(csv_without_apostrophe(strbuf_str(&b)), s));
	}
	assert_true(str_is(csv_without_apostrophe(STR("=1")), "=1"));
}

UNIT_TESTS(csv, UNIT(agrees_with_libcsv), UNIT(fields_round_trip), UNIT(nul_is_named),
	   UNIT(many_fields_are_counted), UNIT(csv_spectrum), UNIT(whole_files),
	   UNIT(formulas_have_apostrophes))
