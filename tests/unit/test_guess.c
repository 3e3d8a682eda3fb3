/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guess/guess.h"

#include <dirent.h>

#include "data/mapping.h"
#include "unit.h"

/* A log of `n` records made by `line`, with a header. */
static void make(struct strbuf *b, const char *header, unsigned n,
		 void (*line)(struct strbuf *b, unsigned i))
{
	strbuf_reset(b);
	if (header)
		strbuf_addf(b, "%s\n", header);
	for (unsigned i = 0; i < n; i++)
		line(b, i);
}

/* The value of a key in a proposal, or "". */
static const char *value(struct mapping *m, const char *key)
{
	for (int k = 0; k < MAPPING_KEYS; k++)
		if (strcmp(mapping_key_name((enum mapping_key)k), key) == 0)
			return m->value[k].text.ptr ? m->value[k].text.ptr : "";
	for (unsigned i = 0; i < m->n_attributes; i++)
		if (strncmp(key, "attribute.", 10) == 0 &&
		    strcmp(m->attribute[i].name.ptr, key + 10) == 0)
			return m->attribute[i].value.text.ptr;
	return "";
}

/* want: "key value" pairs parted by ; */
static void expect(const char *name, const struct strbuf *text, const char *want)
{
	struct str rest = str_from(want), pair;
	SCOPED(mapping) m = NULL;
	struct err err;
	STRBUF(out);

	if (!guess_text(name, strbuf_str(text), true, &out, &err))
		fail_msg("%s: %s", name, err.text);
	if (!mapping_parse_file(&m, name, strbuf_str(&out), &err) || !mapping_check(m, &err))
		fail_msg("%s: %s in\n%s", name, err.text, strbuf_c(&out));
	while (str_next(&rest, ';', &pair)) {
		size_t space = str_chr(pair, ' ');
		STRBUF(key);
		STRBUF(wanted);

		strbuf_add(&key, str_span(pair.ptr, space));
		strbuf_add(&wanted, str_span(pair.ptr + space + 1, pair.len - space - 1));
		if (strcmp(value(m, strbuf_c(&key)), strbuf_c(&wanted)) != 0)
			fail_msg("%s: %s should be '%s' in\n%s", name, strbuf_c(&key),
				 strbuf_c(&wanted), strbuf_c(&out));
	}
}

static void line_german(struct strbuf *b, unsigned i)
{
	unsigned p = i * 7 % 40, order = i / 3;

	strbuf_addf(b, "%u;K%04u;%02u.%02u.2021 %u:%02u;A-%03u;K\xe4se %u;%u,%02u;%u\n",
		    70000 + order, order * 13 % 97, order % 28 + 1, order / 28 % 12 + 1,
		    order % 24, order % 60, p, p, p + 1, p * 3 % 100, i % 4 + 1);
}

static void line_american(struct strbuf *b, unsigned i)
{
	unsigned p = i * 11 % 50, order = i / 4;

	strbuf_addf(b, "%s%u,%05u,\"Mug, no. %u\",%d,%u/%u/2010 %u:%02u,%u.%02u,%u,Spain\n",
		    order % 20 == 7 ? "C" : "", 536365 + order, 22000 + p, p,
		    order % 20 == 7 ? -1 : (int)(i % 6 + 1), order / 28 % 12 + 1,
		    order % 28 + 1, order % 24, order % 60, p, p * 7 % 100,
		    12000 + order * 31 % 83);
	if (i % 50 == 0)
		strbuf_addf(b, "%u,POST,POSTAGE,1,1/1/2010 8:00,18.00,12000,Spain\n",
			    536365 + order);
}

static void line_french(struct strbuf *b, unsigned i)
{
	static const char *const actions[] = {"view", "view", "view", "add_to_cart", "search"};

	strbuf_addf(b, "%u\t%u\t%s\tREF%u\tmaison > salon %u\n", 1600000000 + i * 40,
		    i / 9 % 30, actions[i % 5], i * 3 % 25, i * 3 % 25 % 5);
}

static void line_split(struct strbuf *b, unsigned i)
{
	strbuf_addf(b, "2020-03-%02u|%02u:%02u|view|v%u|sku-%u\n", i / 100 + 1, i % 24,
		    i % 60, i / 6, i * 5 % 33);
}

static void line_inches(struct strbuf *b, unsigned i)
{
	strbuf_addf(b, "2020-03-%02u 10:%02u\tview\tv%u\t%u\tscreen %u\" wide\n", i / 100 + 1,
		    i % 60, i / 6, i * 5 % 33 + 1000, i * 5 % 33);
}

static void shops(void **state)
{
	STRBUF(b);

	make(&b, "Auftragsnr;Kundennr;Bestelldatum;Artikelnr;Bezeichnung;Einzelpreis;Menge",
	     600, line_german);
	expect("verkauf.csv", &b, "separator semicolon;decimal comma;session Auftragsnr;"
	       "user Kundennr;time Bestelldatum;time-format d.m.Y[ H:M[:S]];"
	       "product Artikelnr;name Bezeichnung;price Einzelpreis;quantity Menge;"
	       "kind purchase;encoding latin1");
	make(&b, "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
	     "Country", 900, line_american);
	expect("retail.csv", &b, "separator comma;session InvoiceNo;product StockCode;"
	       "name Description;quantity Quantity;time InvoiceDate;"
	       "time-format m/d/Y[ H:M[:S]];price UnitPrice;user CustomerID;cancelled C;"
	       "kind purchase;service POST;encoding utf-8");
	make(&b, "horodatage\tvisiteur id client\taction\tref_produit\tcat\xc3\xa9gorie", 400,
	     line_french);
	expect("clics.tsv", &b, "separator tab;time horodatage;time-format unix;"
	       "event action;product ref_produit;category cat\xc3\xa9gorie;"
	       "category-separator >;gap 30;event.ignore search");
	make(&b, "date|uhrzeit|event|session_id|sku", 400, line_split);
	expect("log", &b, "separator pipe;quote \";time date+uhrzeit;time-format Y-m-d H:M[:S];"
	       "session session_id;product sku;event event");
}

static void no_quotes(void **state)
{
	STRBUF(b);

	make(&b, "time\tevent\tvisitor\titem\ttitle", 400, line_inches);
	expect("screens", &b, "separator tab;quote none;name title;product item;gap 30");
}

/* Every other byte NUL, with a mark. */
static void wide(void **state)
{
	STRBUF(b);
	STRBUF(w);

	make(&b, "time,event,user,item", 200, line_split);
	strbuf_reset(&b);
	make(&b, "date|time|event|session|sku", 200, line_split);
	strbuf_add(&w, str_span("\xff\xfe", 2));
	for (size_t i = 0; i < b.len; i++) {
		strbuf_addc(&w, b.ptr[i]);
		strbuf_addc(&w, '\0');
	}
	expect("wide", &w, "encoding utf-16;product sku;session session");
	memmove(w.ptr, w.ptr + 2, w.len -= 2);
	expect("wide", &w, "encoding utf-16le;product sku;session session");
}

static void line_catalogue(struct strbuf *b, unsigned i)
{
	strbuf_addf(b, "%u,Mug %u,%u.50\n", i + 100, i, i % 9);
}

static void refusals(void **state)
{
	static const struct {
		struct str text;
		const char *said;
	} cases[] = {
		{STR(""), "is empty"},
		{STR("\n\r\n \n"), "is empty"},
		{STR("a\nb\nc\n"), "has no columns"},
		{STR("a,b\n"), "a header and no records"},
		{STR("a,b\n1,x\n"), "no column looks like times"},
		{STR("a,b\n1,\0\n"), "NUL"},
		{STR("\x1f\x8bxxxx"), "compressed by gzip twice"},
		{STR("PK\3\4xxxx"), "a zip archive"},
		{STR("time,x\n2020-01-01,0.5\n2020-01-02,0.7\n"), "no column looks like"},
	};
	struct err err;
	STRBUF(b);
	STRBUF(out);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_false(guess_text("f", cases[i].text, true, &out, &err));
		assert_int_equal(err.code, ERR_FORMAT);
		if (!strstr(err.text, cases[i].said))
			fail_msg("wanted '%s', got '%s'", cases[i].said, err.text);
	}
	make(&b, "item_id,title,price", 50, line_catalogue);
	assert_false(guess_text("f", strbuf_str(&b), true, &out, &err));
	assert_non_null(strstr(err.text, "looks like a catalogue"));
	assert_int_equal(out.len, 0);
	assert_false(guess_file("/nonexistent", &out, &err));
	assert_int_equal(err.code, ERR_IO);
}

/* Every file of a folder: a mapping that can be read, or a reason. */
static void try_folder(const char *folder)
{
	struct dirent *e;
	DIR *d = opendir(folder);

	assert_non_null(d);
	while ((e = readdir(d))) {
		char path[8192];
		SCOPED(mapping) m = NULL;
		struct err err = {0};
		STRBUF(out);

		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		if (e->d_name[0] == '.' || e->d_type == DT_DIR)
			continue;
		if (!guess_file(path, &out, &err))
			assert_int_equal(err.code, ERR_FORMAT);
		else if (!mapping_parse_file(&m, path, strbuf_str(&out), &err))
			fail_msg("%s", err.text);
	}
	closedir(d);
}

static void torture(void **state)
{
	static const char *const folders[] = {
		"csvkit-examples/examples", "own-torture", "csv-spectrum/csvs",
		"libcsv-tests/tests", "go-fuzz-csv/csv/corpus", "blns",
	};
	const char *data = getenv("AISLE_TEST_DATA");
	char path[4096];

	if (!data || !*data)
		skip();
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof path, "%s/torture/%s", data, folders[i]);
		try_folder(path);
	}
}

UNIT_TESTS(guess, UNIT(shops), UNIT(no_quotes), UNIT(wide), UNIT(refusals), UNIT(torture))
