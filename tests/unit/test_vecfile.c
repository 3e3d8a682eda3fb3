/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "near/vecfile.h"

#include <unistd.h>

#include "unit.h"

#define TEXT(literal) STR(literal)

/* What was read, as "form: id x y; id x y". */
static void reads(struct str file, struct str ids, const char *want)
{
	struct vecfile v;
	struct err err = {0};
	STRBUF(b);
	if (!vecfile_parse(&v, (struct vecfile_text){file, "FILE"},
			   (struct vecfile_text){ids, "IDS"}, &err))
		fail_msg("%s", err.text);
	strbuf_addf(&b, "%s:", vecfile_form_name(v.form));
	for (size_t i = 0; i < v.n; i++) {
		strbuf_addf(&b, "%s %.*s", i ? ";" : "", STR_ARG(vecfile_id(&v, i)));
		for (unsigned j = 0; j < v.dim; j++)
			strbuf_addf(&b, " %g", (double)v.data[i * v.dim + j]);
	}
	assert_string_equal(strbuf_c(&b), want);
	vecfile_finish(&v);
}

static void refuses(struct str file, struct str ids, const char *want)
{
	struct vecfile v;
	struct err err = {0};
	assert_false(vecfile_parse(&v, (struct vecfile_text){file, "FILE"},
				   (struct vecfile_text){ids, "IDS"}, &err));
	assert_string_equal(err.text, want);
}

static void text(void **state)
{
	reads(TEXT("2 3\nA 0.5 -1 2e-3\nB 1 2 3\n"), STR_NULL,
	      "word2vec text: A 0.5 -1 0.002; B 1 2 3");
	reads(TEXT("2 1 \r\n</s> 4 \r\n10 5"), STR_NULL, "word2vec text: </s> 4; 10 5");
	refuses(TEXT("3 2\nA 1 2\nB 3 4\n"), STR_NULL,
		"FILE:1: promises 3 vectors, but there are 2");
	refuses(TEXT("1 2\nA 1 2\nB 3 4\n"), STR_NULL,
		"FILE:3: more vectors than the 1 that its first line promises");
	refuses(TEXT("2 2\nA 1 2\nB nan 4\n"), STR_NULL, "FILE:3: 'nan' is no finite number");
	refuses(TEXT("2 2\nA 1 2\nB 1e99 4\n"), STR_NULL,
		"FILE:3: '1e99' is no finite number");
	refuses(TEXT("2 2\nA 1 2\nB 3\n"), STR_NULL, "FILE:3: has 1 numbers and not 2");
	refuses(TEXT("2 2\nA 1 2\nB 3 4 5\n"), STR_NULL, "FILE:3: has more than 2 numbers");
	refuses(TEXT("2 2\nA 1 2\nA 3 4\n"), STR_NULL,
		"FILE: the id 'A' comes twice: for vectors 1 and 2");
	refuses(TEXT("0 2\n"), STR_NULL, "FILE: has no vectors");
	refuses(TEXT("4000000000 16000\nA 1 2\n"), STR_NULL,
		"FILE: promises 4000000000 vectors of 16000 dimensions, which is more than there "
		"is in it");
	refuses(TEXT("1 99999"), STR_NULL,
		"FILE: vectors have 1 to 16384 dimensions, not 99999");
}

static void binary(void **state)
{
	reads(TEXT("2 1\nA \0\0\x80\x3f\nB \0\0\0\x40\n"), STR_NULL, "word2vec binary: A 1; B 2");
	reads(TEXT("2 1\nA \0\0\x80\x3f" "B \0\0\0\x40"), STR_NULL, "word2vec binary: A 1; B 2");
	refuses(TEXT("2 1\nA \0\0\x80\x3f" "B \0\0\0"), STR_NULL,
		"FILE: byte 10: ends in vector 2 of 2");
	refuses(TEXT("2 1\nA \0\0\x80\x3f" "B \0\0\x80\x7f"), STR_NULL,
		"FILE: byte 12: value 1 of vector 2 is no finite number");
	refuses(TEXT("1 1\nA \0\0\x80\x3f" "B \0\0\0\x40"), STR_NULL,
		"FILE: byte 10: more than the 1 vectors that its first line promises");
}

/* Version 1.0 with a head of 57 bytes, so that STR can hold it. */
#define NPY(type, order, shape, data)						\
	TEXT("\x93NUMPY\x01\0\x39\0{'descr': '" type "', 'fortran_order': " order \
	     ", 'shape': " shape "}" data)

static void npy(void **state)
{
	reads(NPY("<f4", "False", "(2, 1)", "\0\0\x80\x3f\0\0\0\x40"), TEXT("A\nB\n"),
	      "npy: A 1; B 2");
	reads(NPY("<f4", "True ", "(1, 2)", "\0\0\x80\x3f\0\0\0\x40"), TEXT("A\tx\n"),
	      "npy: A 1 2");
	refuses(NPY("<f4", "False", "(2, 2)", "\0\0\x80\x3f"), TEXT("A\nB\n"),
		"FILE: has 4 bytes of data for 2 vectors of 2 dimensions");
	refuses(NPY("<f4", "False", "(2, 1)", "\0\0\x80\x3f\0\0\xc0\x7f"), TEXT("A\nB\n"),
		"FILE: byte 71: value 1 of vector 2 is no finite number");
	refuses(NPY("<i4", "False", "(2, 1)", "\0\0\x80\x3f\0\0\0\x40"), TEXT("A\nB\n"),
		"FILE: has '<i4', ' where '<f4' or '<f8' is wanted");
	refuses(NPY("<f4", "False", "(2, 1)", "\0\0\x80\x3f\0\0\0\x40"), TEXT("A\n"),
		"IDS: has 1 ids for 2 vectors");
	refuses(NPY("<f4", "False", "(2, 1)", "\0\0\x80\x3f\0\0\0\x40"), STR_NULL,
		"the ids of the vectors are needed: IDS, a line for each, or --ids FILE");
	refuses(TEXT("\x93NUMPY\x01\0\xff\xff{}"), TEXT("A\n"), "FILE: is cut off in its head");
}

static void tsv(void **state)
{
	reads(TEXT("1\t2\n3\t4\n"), TEXT("product\tlabel\nA\tx\nB\ty\n"), "tsv: A 1 2; B 3 4");
	reads(TEXT("1\t2\n3\t4"), TEXT("A\nB"), "tsv: A 1 2; B 3 4");
	reads(TEXT("1\n"), TEXT("A and B\n"), "tsv: A and B 1");
	refuses(TEXT("1\t2\n3\n"), TEXT("A\nB\n"), "FILE:2: has 1 numbers and not 2");
	refuses(TEXT("1\ttwo\n"), TEXT("A\n"), "FILE:1: 'two' is no finite number");
	refuses(TEXT("1\n2\n"), TEXT("A\n\n\n"), "IDS: vector 2 has no id");
	refuses(TEXT(""), TEXT("A\n"), "FILE: is empty");
}

/* The second file is found by its name. */
static void files(void **state)
{
	char folder[] = "/tmp/vecfile-XXXXXX", path[64], ids[64];
	struct vecfile v;
	struct err err = {0};
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/v.tsv", folder);
	snprintf(ids, sizeof ids, "%s/v.metadata.tsv", folder);
	assert_false(vecfile_read(&v, path, NULL, &err));
	assert_int_equal(err.code, ERR_IO);
	FILE *f = fopen(path, "w");
	fputs("1\t2\n", f);
	fclose(f);
	assert_false(vecfile_read(&v, path, NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
	f = fopen(ids, "w");
	fputs("id\nA\n", f);
	fclose(f);
	assert_true(vecfile_read(&v, path, NULL, &err));
	assert_int_equal(v.n, 1);
	vecfile_finish(&v);
	assert_true(vecfile_read(&v, path, ids, &err));
	vecfile_finish(&v);
	assert_false(vecfile_read(&v, folder, ids, &err));
	unlink(ids);
	unlink(path);
	rmdir(folder);
}

UNIT_TESTS(vecfile, UNIT(text), UNIT(binary), UNIT(npy), UNIT(tsv), UNIT(files))
