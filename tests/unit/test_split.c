/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "data/record_split.h"

#include "records.h"
#include "unit.h"

static const char *const inputs[] = {
	"",
	"\n",
	"a,b\n1,2\n",
	"a,b\r\n1,2\r\n3,4",
	"a\rb\rc\r",
	"a\n\n\r\n\rb\r\r\nc",
	"id,name\r\n1,x\n2,y\r3,z\n\r4,w",
	"\"a\nb\",c\n\"d\r\ne\",f\ng",
	"\"a\"\"b\",\"\"\n\"\",\"\"\"\"\n",
	"1,a\"b\n2,\"c\"d\n3,\"e\"\"f\"\n",
	"1,\"x\n2,y\n3,z\n",
	"1,\"x\n2,y\n3,\"z\"w\n4,\"v\"\n",
	"a,\"never closed and longer than thirty-two bytes\nb,c\nd,e\n",
	"an unquoted field that is longer than thirty-two bytes,x\nb\n",
	("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z,a,b,c,d,e,f,g,h,i,j,k,l,"
	 "m,n,o,p,q,r,s,t,u,v,w,x,y,z,1,2,3,4,5,6,7,8,9\nshort\n"),
	"x\ny,\"0123456789012345678901234567890\n\",z\nw\n",
	"\"\"\"\n\"\"\"\n\"\"\"\n\"x\n",
	",,,\n,\n\n\"\"\n",
	"a\n\"b",
	"a\n\"b\"",
	"a\nb\"\r",
	"\"a\r\",b\r\"c\"\r\n\"d\"",
};

/* Whatever the sizes of pieces, windows and reads. */
static void sizes_do_not_matter(void **state)
{
	static const size_t pieces[] = {1, 2, 7, 33, 65536}, windows[] = {1, 40, 4096};
	static const size_t reads[] = {0, 1, 3};

	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		struct split_limits l = records_small;
		struct str data = str_from(inputs[i]);
		STRBUF(want);
		STRBUF(have);

		assert_true(records_read(data, ',', false, &l, &want));
		for (unsigned k = 0; k < 45; k++) {
			l.piece = pieces[k % 5];
			l.window = windows[k / 5 % 3];
			l.read = reads[k / 15];
			assert_true(records_read(data, ',', k & 1, &l, &have));
			assert_string_equal(strbuf_c(&have), strbuf_c(&want));
		}
	}
}

static void expect(const char *input, const char *records)
{
	STRBUF(have);

	records_read(str_from(input), ',', false, &records_small, &have);
	assert_string_equal(strbuf_c(&have), records);
}

static void lines_are_physical(void **state)
{
	expect("a\r\nb\rc\n\n\"d\ne\"\nf\n", "1,1,none,0,0:[a]1\n2,2,none,0,0:[b]1\n"
	       "3,3,none,0,0:[c]1\n5,5,none,0,0:[d\ne]1\n7,7,none,0,0:[f]1\n7 lines\n");
}

/* A malformed record costs its first line; the line of the quote is named. */
static void a_bad_record_costs_one_line(void **state)
{
	expect("1,\"x\n2,y\n", "1,1,quote,1,0:0\n2,2,none,0,0:[2][y]2\n2 lines\n");
	expect("\"a\nb\",\"c\nd\n", "1,2,quote,1,0:0\n2,2,quote,0,0:0\n"
	       "3,3,none,0,0:[d]1\n3 lines\n");
	expect("1,a\"b\n2,\"c\"d\n3,\"e\"\"f\"", "1,1,quote,1,0:0\n2,2,quote,1,0:0\n"
	       "3,3,none,0,1:[3][e\"f]2\n2 lines\n");
	expect("0123456789012345678901234567890123456789,x\n1\n",
	       "1,1,long,0,0:0\n2,2,none,0,0:[1]1\n2 lines\n");
}

static void refused(const char *bytes, size_t len, const char *word)
{
	STRBUF(have);

	assert_false(records_read(str_span(bytes, len), ',', false, &records_small,
				  &have));
	assert_non_null(strstr(strbuf_c(&have), word));
}

static void other_encodings_are_named(void **state)
{
	refused("\xff\xfe" "a\0", 4, "UTF-16");
	refused("\xfe\xff\0a", 4, "UTF-16");
	refused("\xff\xfe\0\0a\0\0\0", 8, "UTF-32");
	refused("\x1f\x8b\x08\0garbage", 11, "gzip");
	refused("BZh9garbage", 11, "bunzip2");
	refused("PK\3\4", 4, "unzip");
	expect("\xef\xbb\xbf\"a\"\n", "1,1,none,0,0:[a]1\n1 lines\n");
}

static void no_file_is_an_error(void **state)
{
	struct split *s = NULL;
	struct err err = {0};

	assert_false(split_open(&s, "/nonexistent/file", ',', &records_small, &err));
	assert_int_equal(err.code, ERR_IO);
}

/* An endless quote in a file of many windows, in the memory of one. */
static void a_long_line_is_skipped(void **state)
{
	size_t n = (size_t)12 << 20;
	char *big = malloc(n + 16);
	struct split_limits l = split_limits_default(1);
	STRBUF(have);

	assert_non_null(big);
	memset(big, 'x', n);
	memcpy(big, "a\nb,\"", 5);
	memcpy(big + n, "\r\nc\n", 4);
	assert_true(records_read(str_span(big, n + 4), ',', false, &l, &have));
	assert_string_equal(strbuf_c(&have), "1,1,none,0,0:[a]1\n2,2,quote,1,0:0\n"
			    "3,3,none,0,0:[c]1\n3 lines\n");
	free(big);
}

/* "a\xe4,b" in two lines, whatever the sizes of pieces, windows and reads. */
static void encodings_are_converted(void **state)
{
	static const struct {
		const char *name;
		struct str text;
	} cases[] = {
		{"latin1", STR("a\xe4,b\r\nc,\"\xe4\n\"")},
		{"utf-16", STR("\xff\xfe" "a\0\xe4\0,\0b\0\r\0\n\0c\0,\0\"\0\xe4\0\n\0\"\0")},
		{"utf-8", STR("\xef\xbb\xbf" "a\xc3\xa4,b\r\nc,\"\xc3\xa4\n\"")},
	};
	static const struct { size_t piece, window, read; } sizes[] = {
		{1, 1, 1}, {7, 64, 3}, {65536, 4096, 0},
	};
	struct split_limits l = records_small;
	STRBUF(have);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
			l.piece = sizes[k].piece;
			l.window = sizes[k].window;
			l.read = sizes[k].read;
			assert_true(records_read_as(cases[i].text, cases[i].name, ',', false,
						    &l, &have));
			assert_string_equal(strbuf_c(&have),
					    "1,1,none,0,0:[a\u00e4][b]2\n"
					    "2,2,none,0,1:[c][\u00e4\n]2\n2 lines\n");
		}
	assert_false(records_read_as(STR("a"), "klingon", ',', false, &l, &have));
}

static void quotes_can_be_plain(void **state)
{
	static const struct { size_t piece, window, read; } sizes[] = {
		{1, 1, 1}, {7, 64, 3}, {65536, 4096, 0},
	};
	struct split_limits l = records_small;
	STRBUF(have);

	l.no_quotes = true;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		l.piece = sizes[k].piece;
		l.window = sizes[k].window;
		l.read = sizes[k].read;
		assert_true(records_read(STR("\"a,3\"\n\"\"\"\nx,\0\n\",\""), ',', false, &l,
					 &have));
		assert_string_equal(strbuf_c(&have), "1,1,none,0,0:[\"a][3\"]2\n"
				    "2,2,none,0,0:[\"\"\"]1\n3,3,quote,1,0:0\n"
				    "4,4,none,0,1:[\"][\"]2\n3 lines\n");
	}
}

/* Text of other habits, in one go and byte by byte. */
static void forms(void **state)
{
	static const struct {
		struct form form;
		const char *in, *out;
	} cases[] = {
		{{.separator = FORM_MARK, .quote = '"', .wide = "::"},
		 "1::2:3::\"a::b\"::\n::x", "1\x1f" "2:3\x1f\"a::b\"\x1f\n\x1fx"},
		{{.separator = ',', .quote = '"', .spaces = true},
		 "\"a\", \"b, c\" ,  d, \"e\"\n \"f\"", "\"a\",\"b, c\",  d,\"e\"\n\"f\""},
		{{.separator = ',', .quote = '"', .escape = true},
		 "\"8\\\" x\",\\N,\"a\\\\\",\"\"\"q\"\"\"\n",
		 "\"8\"\" x\",\\N,\"a\\\",\"\"\"q\"\"\"\n"},
		{{.separator = ',', .quote = '"', .trailing = TRAILING_ROWS},
		 "a,b\r\n1,2,\r\n3,\"x,\",\n,,", "a,b\r\n1,2\r\n3,\"x,\"\n,"},
		{{.separator = ',', .quote = '"', .trailing = TRAILING_HEADER},
		 "\na,b,\n1,\n", "\na,b\n1,\n"},
		{{.separator = ',', .quote = '"', .skip = 2},
		 "x,\"\r\n\nsum\na,b\n", "\r\n\nsum\na,b\n"},
		{{.separator = ',', .quote = '"', .n_footers = 1, .footer = {STR("Sum")}},
		 "a\nSum,1\n\"Sum of all\nasum\rSu", "a\n\n\nasum\rSu"},
		{{.separator = ',', .quote = '"', .spaces = true}, "\xef\xbb\xbf\"a, b\", c",
		 "\xef\xbb\xbf\"a, b\", c"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str in = str_from(cases[i].in);

		for (size_t step = 1; step <= in.len; step++) {
			struct form_state s = {0};
			char out[300], held[300];
			size_t n = 0, len = 0, used;

			for (size_t at = 0; at < in.len || len; at += step) {
				size_t more = at < in.len ? in.len - at : 0;

				more = more < step ? more : step;
				memcpy(held + len, in.ptr + at, more);
				len += more;
				n += form_convert(&cases[i].form, &s, held, len, &used, out + n,
						  sizeof out - n, at + more >= in.len);
				memmove(held, held + used, len -= used);
			}
			if (!str_eq(str_span(out, n), str_from(cases[i].out)))
				fail_msg("form %zu, steps of %zu: %.*s", i, step, (int)n, out);
		}
	}
}

UNIT_TESTS(split, UNIT(forms), UNIT(sizes_do_not_matter), UNIT(lines_are_physical),
	   UNIT(a_bad_record_costs_one_line), UNIT(other_encodings_are_named),
	   UNIT(no_file_is_an_error), UNIT(a_long_line_is_skipped),
	   UNIT(encodings_are_converted), UNIT(quotes_can_be_plain))
