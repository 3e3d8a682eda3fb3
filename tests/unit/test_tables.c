/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/out.h"
#include "data/csv.h"
#include "data/foreign.h"
#include "table/json.h"
#include "table/parquet.h"
#include "table/parquet_write.h"

#include "unit.h"

/* What pyarrow and DuckDB wrote in eight ways. */
static const char rows[] =
	"id,name,price,n,at,day,new,sum,tags,v\n"
	"1,Rug,19.99,1,2024-01-03T16:13:00Z,2024-01-03,true,0.05,a|b,0.5|-1\n"
	"2,Rug,5,,2024-01-03T16:13:00.5Z,,false,-12.30,,1|2\n"
	"3,,0.1,3,1969-12-31T23:59:59.999Z,1969-12-31,,,,0.1|0.25\n"
	"4,Tea, green,,1,,2000-02-29,true,1000000.00,c,0|3\n"
	"5,,1234567.125,2147483647,2024-02-29T00:00:00Z,2024-12-31,true,7.00,a|,0.001|1e+10\n"
	"-6,K\xc3\xa4se,2e-07,0,2038-01-19T03:14:08Z,2024-01-03,false,-0.01,d|e|f,7|8\n";

/* Records as lines, fields parted by commas; malformed ones as "!reason". */
static void dump(const char *path, const struct table_choice *choice, struct strbuf *out)
{
	struct split_limits limits = split_limits_default(1);
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct err err = {0};
	struct csv_record r;
	struct csv csv;
	size_t n = 1;

	limits.tables = true;
	limits.choice = choice;
	if (!split_open(&s, path, ',', &limits, &err)) {
		strbuf_adds(out, err.text);
		return;
	}
	csv_reader_init(&csv, ',', &limits);
	while (n && split_next(s, &pieces, &n, NULL, &err))
		for (size_t i = 0; i < n; i++) {
			csv_reader_start(&csv, &pieces[i]);
			while (csv_reader_next(&csv, &r)) {
				if (r.reason)
					strbuf_addf(out, "!%s", reject_name(r.reason));
				for (unsigned k = 0; k < r.n; k++) {
					strbuf_adds(out, k ? "," : "");
					strbuf_add(out, r.field[k]);
				}
				strbuf_addc(out, '\n');
			}
			if (csv.err.code)
				err = csv.err;
		}
	strbuf_adds(out, err.text);
	csv_reader_finish(&csv);
}

static const char *corpus(const char *name)
{
	static char path[4096];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/parquet/%s", top ? top : ".", name);
	return path;
}

static void written_by_others(void **state)
{
	struct dirent *e;
	unsigned n = 0;
	DIR *d = opendir(corpus(""));

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d))) {
		STRBUF(b);

		if (strncmp(e->d_name, "good-", 5) != 0)
			continue;
		dump(corpus(e->d_name), NULL, &b);
		assert_string_equal(strbuf_c(&b), rows);
		n++;
	}
	closedir(d);
	assert_int_equal(n, 8);
}

static void chosen_columns(void **state)
{
	static const char *const name[] = {"Price", "id", "new"}, *const none[] = {"id", "none"};
	static const bool used[] = {true, false, true};
	const struct table_choice some = {name, used, 3}, wrong = {none, NULL, 2};
	STRBUF(b);

	(void)state;
	dump(corpus("good-gzip-groups"), &some, &b);
	assert_string_equal(strbuf_c(&b), "Price,id,new\n19.99,,true\n5,,false\n0.1,,\n,,true\n"
					  "1234567.125,,true\n2e-07,,false\n");
	strbuf_reset(&b);
	dump(corpus("good-plain"), &wrong, &b);
	assert_non_null(strstr(strbuf_c(&b), "good-plain has no column 'none'; there are: id, name,"
					     " price, n, at, day, new, sum, tags, v"));
}

static void refused(void **state)
{
	STRBUF(b);

	(void)state;
	dump(corpus("brotli"), NULL, &b);
	assert_non_null(strstr(strbuf_c(&b), "brotli: row group 1, column a: it is packed by "
			       "Brotli, which isn't read; write it with compression snappy, gzip, "
			       "zstd or none"));
	strbuf_reset(&b);
	dump(corpus("delta-bytes"), NULL, &b);
	assert_non_null(strstr(strbuf_c(&b), "row group 1, column a: its values are written as "
			       "DELTA_BYTE_ARRAY, which isn't read"));
	strbuf_reset(&b);
	dump(corpus("empty"), NULL, &b);
	assert_string_equal(strbuf_c(&b), "a\n");
	strbuf_reset(&b);
	dump(corpus("groups"), NULL, &b);
	assert_string_equal(strbuf_c(&b), "id,s.a,s.b,items.k\n1,1,x,1\n2,,y,\n");
}

/* ---- JSON */

static void json_rows(const char *text, const char *want)
{
	char path[] = "/tmp/test_tables.XXXXXX";
	int fd = mkstemp(path);
	STRBUF(b);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	dump(path, NULL, &b);
	unlink(path);
	assert_string_equal(strbuf_c(&b), want);
}

static void json(void **state)
{
	(void)state;
	json_rows("{\"a\":1,\"b\":{\"c\":\"x\"}}\n{\"b\":{\"c\":\"y\",\"d\":true},\"a\":2.50}\n",
		  "a,b.c,b.d\n1,x,\n2.50,y,true\n");
	/* what is null or missing, escapes, the last of two */
	json_rows("{\"a\":null,\"t\":\"\\u00e4\\ud83d\\ude00\\n\\\"\"}\n{\"a\":1,\"a\":2}\n",
		  "t,a\n\xc3\xa4\xf0\x9f\x98\x80\n\",\n,2\n");
	/* items are rows; none, where there are none; values without a name are joined */
	json_rows("{\"o\":1,\"l\":[{\"s\":\"A\",\"n\":2},{\"s\":\"B\"}],\"t\":[\"x\",\"y\"]}\n"
		  "{\"o\":2,\"l\":[]}\n{\"o\":3}\n",
		  "o,l.s,l.n,t,t[]\n1,A,2,x|y,\n1,B,,x|y,\n3,,,,\n");
	/* an array, and objects over several lines */
	json_rows("[{\"a\":1},\n {\"a\":\n2, \"b\":\"]\"}]", "a,b\n1,\n2,]\n");
	json_rows("{\n\"a\": 1\n}\n{\n\"a\": 2\n}", "a\n1\n2\n");
	/* lines that are none */
	json_rows("{\"a\":1}\n{\"a\":\n[1]\n{\"a\":2} x\n\n{\"a\":3}\n",
		  "a\n1\n!json\n!json\n!json\n3\n");
}

static void items_by_name(void **state)
{
	static const struct str name[] = {{"o", 1}, {"p[]", 3}};
	static const bool used[] = {true, true};
	struct json_record r = {0};
	struct json_shape *s = json_shape_create(name, used, 2);
	struct str cell[2];

	(void)state;
	assert_true(json_start(&r, s, STR("{\"p\":[\"x\",2],\"o\":7}"), cell));
	assert_true(json_row(&r, cell));
	assert_true(str_is(cell[0], "7") && str_is(cell[1], "x"));
	assert_true(json_row(&r, cell));
	assert_true(str_is(cell[0], "7") && str_is(cell[1], "2"));
	assert_false(json_row(&r, cell) || r.bad);
	arena_destroy(r.arena);
	json_shape_destroy(s);
}

/* What is written is what is read, in as many groups as it takes. */
static void written_here(void **state)
{
	static const char *const name[] = {"t", "i", "r", "at", "f", "v"};
	const uint32_t all[] = {0, 1, 2, 3, 4, 5};
	SCOPED(parquet) p = NULL;
	STRBUF(file);
	SCOPED(out) out = out_buffer(&file);
	struct parquet_writer *w = parquet_writer_create(out, name, 6);
	struct parquet_cursor *c = parquet_cursor_create();
	const struct str *cell;
	struct err err = {0};
	unsigned n, row = 0;

	(void)state;
	for (unsigned i = 0; i < 70000; i++) {
		float v[3] = {(float)i, .5f, -1};

		if (i % 3 == 1)
			parquet_put_none(w);
		else
			parquet_put_text(w, STR("a,\"b"));
		parquet_put_integer(w, -(int64_t)i);
		parquet_put_real(w, i / 100.0);
		parquet_put_time(w, i * INT64_C(1000) + 5);
		parquet_put_float(w, .1f);
		parquet_put_floats(w, v, i % 4);
	}
	parquet_writer_finish(w);
	parquet_writer_destroy(w);
	assert_true(out_flush(out, &err));
	assert_true(parquet_parse(&p, strbuf_str(&file), "FILE", &err));
	assert_int_equal(parquet_groups(p), 2);
	parquet_choose(p, all, 6);
	for (unsigned g = 0; g < 2; g++) {
		struct parquet_group *group;

		assert_true(parquet_load(p, g, &group, &err));
		parquet_seek(c, group, 0, parquet_group_rows(p, g));
		while (parquet_next(c, &cell, &n, &err) && n)
			for (unsigned i = 0; i < n; i++, row++, cell += 6) {
				char want[64];

				snprintf(want, sizeof want, "-%u", row);
				assert_true(str_is(cell[0], row % 3 == 1 ? "" : "a,\"b"));
				assert_true(str_is(cell[1], row ? want : "0"));
				assert_true(str_is(cell[4], "0.1"));
				if (row == 61) {
					assert_true(str_is(cell[2], "0.61"));
					assert_true(str_is(cell[3], "1970-01-01T00:01:01.005Z"));
					assert_true(str_is(cell[5], "61"));
				}
			}
		parquet_group_destroy(group);
	}
	assert_int_equal(row, 70000);
	parquet_cursor_destroy(c);
}

static void foreign(void **state)
{
	static const struct {
		struct str head;
		const char *want;
	} is[] = {
		{{"PK\3\4....[Content_Types].xml", 27}, "an Excel workbook (.xlsx); this turns it "
		 "into something that is read: libreoffice --headless --convert-to csv 'a b'"},
		{{"PK\3\4....log.csv", 15}, "unzip -p 'a b' | aisle import ... -"},
		{{"SQLite format 3\0", 16}, "sqlite3 -header -csv 'a b'"},
		{{"ARROW1\0\0", 8}, "read_feather"},
		{{"RDX3\nX\n", 7}, "write.csv"},
		{{" <html><table>", 14}, "a web page, whatever its name says"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
		struct err err = {0};

		assert_false(foreign_check("a b", is[i].head, &err));
		assert_non_null(strstr(err.text, is[i].want));
	}
	assert_true(foreign_check("a", STR("order,<b>,x\n"), NULL));
}

UNIT_TESTS(tables, UNIT(written_by_others), UNIT(chosen_columns), UNIT(refused), UNIT(json),
	   UNIT(items_by_name), UNIT(written_here), UNIT(foreign))
