/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writers of view_write, on a view with hostile texts. */
#include "config.h"

#include <limits.h>
#include <math.h>

#include "base/out.h"
#include "view/view.h"
#include "base/quote.h"
#include "view/format.h"

#include "unit.h"

static const struct column columns[] = {
	{"id", "id", CELL_ID, 6, 0, 0, ""},
	{"label", "label", CELL_TEXT, 10, 0, COLUMN_MAIN, ""},
	{"n", "n", CELL_COUNT, 6, 0, COLUMN_SORT, ""},
	{"x", "x", CELL_REAL, 6, 2, 0, ""},
	{"share", "share", CELL_SHARE, 6, 1, 0, ""},
	{"price", "price", CELL_MONEY, 8, 0, 0, ""},
	{"time", "time", CELL_TIME, 10, 0, COLUMN_DATA, ""},
};
#define COLUMNS (sizeof columns / sizeof *columns)

static bool odd_open(struct view *v, void *state, struct job *job, struct err *err)
{
	view_set_note(v, "A \"note\".");
	return true;
}

static uint64_t odd_count(const void *state)
{
	return 2;
}

static void odd_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	static const char *const ids[] = {"0108775015", "a\tb"};
	static const char *const labels[] = {"plain", "x,\"y\"\n\\\033[31m"};
	cells[0].text = str_from(ids[i]);
	cells[1].text = str_from(labels[i]);
	cells[2].count = i ? -1234567 : 0;
	cells[3] = i ? (struct cell){.empty = true} : (struct cell){.real = 0.1};
	cells[4].real = 0.125;
	cells[5].count = 123456;
	cells[6].count = INT64_C(86400000);
}

static const struct view_class odd = {
	.name = "odd",
	.n_columns = COLUMNS,
	.columns = columns,
	.size = 1,
	.open = odd_open,
	.count = odd_count,
	.row = odd_row,
};

/* wanted NULL: all columns */
static void written(enum format f, const char *wanted, const char *expected)
{
	struct catalog cat = {.price_scale = 2, .currency = "EUR"};
	OUTLOOK(o);
	struct view_request r = {.about = question_of(NULL, &o)};
	SCOPED(view) v = NULL;
	STRBUF(b);
	SCOPED(out) out = out_buffer(&b);
	struct err err = {0};
	r.about.catalog = &cat;
	outlook_set(&o, ASK_COLUMNS, str_from(wanted));
	assert_true(view_open(&v, &odd, &r, NULL, &err));
	assert_true(view_write(v, f, 0, UINT64_MAX, out, &err));
	assert_string_equal(strbuf_c(&b), expected);
}

static void tsv_escapes(void **state)
{
	written(FORMAT_TSV, NULL,
		"id\tlabel\tn\tx\tshare\tprice\ttime\n"
		"0108775015\tplain\t0\t0.1\t0.125\t1234.56\t1970-01-02T00:00:00Z\n"
		"a\\tb\tx,\"y\"\\n\\\\\033[31m\t-1234567\t\t0.125\t1234.56\t"
		"1970-01-02T00:00:00Z\n");
}

static void csv_quotes(void **state)
{
	written(FORMAT_CSV, "id,label,n",
		"id,label,n\n0108775015,plain,0\n"
		"a\tb,\"x,\"\"y\"\"\n\\\033[31m\",-1234567\n");
}

static void json_is_one_object(void **state)
{
	written(FORMAT_JSON, "id,label,n,x",
		"{\"view\":\"odd\",\"note\":\"A \\\"note\\\".\",\"rows\":[\n"
		"{\"id\":\"0108775015\",\"label\":\"plain\",\"n\":0,\"x\":0.1},\n"
		"{\"id\":\"a\\u0009b\",\"label\":\"x,\\\"y\\\"\\u000a\\\\\\u001b[31m\","
		"\"n\":-1234567,\"x\":null}\n]}\n");
}

static void jsonl_is_a_row_per_line(void **state)
{
	written(FORMAT_JSONL, "id,n",
		"{\"id\":\"0108775015\",\"n\":0}\n{\"id\":\"a\\u0009b\",\"n\":-1234567}\n");
}

static void text_is_aligned_and_harmless(void **state)
{
	written(FORMAT_TEXT, NULL,
		"id          label                   n     x  share     price\n"
		"0108775015  plain                   0  0.10  12.5%  1,234.56\n"
		"a b         x,\"y\" \\^[[31m  -1,234,567     -  12.5%  1,234.56\n"
		"\nA \"note\". Money in EUR.\n");
}

static void ranges(void **state)
{
	struct catalog cat = {0};
	OUTLOOK(o);
	struct view_request r = {.about = question_of(NULL, &o)};
	SCOPED(view) v = NULL;
	STRBUF(b);
	SCOPED(out) out = out_buffer(&b);
	struct err err = {0};
	r.about.catalog = &cat;
	outlook_set(&o, ASK_COLUMNS, STR("n"));
	assert_true(view_open(&v, &odd, &r, NULL, &err));
	assert_true(view_write(v, FORMAT_TSV, 1, UINT64_MAX, out, &err));
	assert_true(view_write(v, FORMAT_TSV, 9, 1, out, &err));
	assert_true(view_write(v, FORMAT_TSV, 0, 1, out, &err));
	assert_string_equal(strbuf_c(&b), "n\n-1234567\nn\nn\n0\n");
}

static void small_reals_keep_their_size(void **state)
{
	const struct column c = {"x", "x", CELL_REAL, 6, 2, 0, ""};
	const struct {
		double x;
		const char *text;
	} cases[] = {
		{0, "0.00"}, {0.004, "0.004"}, {0.005, "0.01"}, {-1.5, "-1.50"},
		{1e-297, "1e-297"}, {12345678, "1.23e+07"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cell cell = {.real = cases[i].x};
		STRBUF(b);
		view_add_cell(&b, &c, &cell, NULL);
		assert_string_equal(strbuf_c(&b), cases[i].text);
	}
}

static void chances_are_never_0(void **state)
{
	const struct column c = {"p", "p", CELL_REAL, 6, 4, COLUMN_CHANCE, ""};
	const struct {
		double x;
		const char *text;
	} cases[] = {
		{0, "<1e-300"}, {1e-310, "<1e-300"}, {2e-300, "2e-300"}, {0.05, "0.0500"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cell cell = {.real = cases[i].x};
		STRBUF(b);
		view_add_cell(&b, &c, &cell, NULL);
		assert_string_equal(strbuf_c(&b), cases[i].text);
	}
}

static void bad_utf8_in_json(void **state)
{
	STRBUF(b);
	quote_json(&b, STR("a\xff\xc3\xa9\x7f"));
	assert_string_equal(strbuf_c(&b), "\"a\xef\xbf\xbd\xc3\xa9\\u007f\"");
}

static void unknown_sort(void **state)
{
	struct catalog cat = {0};
	OUTLOOK(o);
	struct view_request r = {.about = question_of(NULL, &o)};
	struct view *v;
	struct err err = {0};
	r.about.catalog = &cat;
	outlook_set(&o, ASK_SORT, STR("colour"));
	assert_false(view_open(&v, &odd, &r, NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, "odd has no column 'colour': see aisle help odd");
}

UNIT_TESTS(format, UNIT(tsv_escapes), UNIT(csv_quotes), UNIT(json_is_one_object),
	   UNIT(jsonl_is_a_row_per_line), UNIT(text_is_aligned_and_harmless), UNIT(ranges),
	   UNIT(small_reals_keep_their_size), UNIT(chances_are_never_0),
	   UNIT(bad_utf8_in_json), UNIT(unknown_sort))
