/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First bytes tell; zip archives are told apart by the names in them, HTML by its tags. */
#include "config.h"

#include "data/foreign.h"

#include "base/quote.h"

#define ZIP "PK\3\4"

/* % in a command is the file, as a word of the shell; inside of another quote as it is. */
static const struct {
	struct str magic, within;	/* within the first bytes; empty: anything */
	const char *what, *command;
} kinds[] = {
	{{ZIP, 4}, {"opendocument.spreadsheet", 24}, "a spreadsheet (.ods)",
	 "libreoffice --headless --convert-to csv %"},
	{{ZIP, 4}, {"[Content_Types].xml", 19}, "an Excel workbook (.xlsx)",
	 "libreoffice --headless --convert-to csv %"},
	{{ZIP, 4}, {"xl/", 3}, "an Excel workbook (.xlsx)",
	 "libreoffice --headless --convert-to csv %"},
	{{ZIP, 4}, {NULL, 0}, "a zip archive", "unzip -p % | aisle import ... -"},
	{{"\xd0\xcf\x11\xe0", 4}, {NULL, 0}, "an Excel workbook (.xls)",
	 "libreoffice --headless --convert-to csv %"},
	{{"\x1f\x8b", 2}, {NULL, 0}, "compressed by gzip twice",
	 "gunzip -c % | aisle import ... -"},
	{{"BZh", 3}, {NULL, 0}, "compressed by bzip2", "bunzip2 -c % | aisle import ... -"},
	{{"7z\xbc\xaf", 4}, {NULL, 0}, "a 7z archive", "7z x -so % | aisle import ... -"},
	{{"SQLite format 3", 15}, {NULL, 0}, "an SQLite database",
	 "sqlite3 -header -csv % 'SELECT * FROM TABLE' | aisle import ... -"},
	{{"ARROW1", 6}, {NULL, 0}, "an Arrow (Feather) file",
	 "python3 -c 'import pandas, sys; "
	 "pandas.read_feather(sys.argv[1]).to_parquet(\"log.parquet\")' %"},
	{{"FEA1", 4}, {NULL, 0}, "a Feather file",
	 "python3 -c 'import pandas, sys; "
	 "pandas.read_feather(sys.argv[1]).to_parquet(\"log.parquet\")' %"},
	{{"ORC", 3}, {NULL, 0}, "an ORC file",
	 "python3 -c 'import pandas, sys; "
	 "pandas.read_orc(sys.argv[1]).to_parquet(\"log.parquet\")' %"},
	{{"Obj\1", 4}, {NULL, 0}, "an Avro file",
	 "python3 -c 'import fastavro, pandas, sys; pandas.DataFrame("
	 "fastavro.reader(open(sys.argv[1], \"rb\"))).to_parquet(\"log.parquet\")' %"},
	{{"RDX", 3}, {NULL, 0}, "data of R (.rda)",
	 "Rscript -e 'f <- commandArgs(TRUE); n <- load(f); "
	 "write.csv(get(n[1]), \"log.csv\", row.names = FALSE)' %"},
	{{"X\n\0\0\0", 5}, {NULL, 0}, "an object of R (.rds)",
	 "Rscript -e 'write.csv(readRDS(commandArgs(TRUE)), \"log.csv\", "
	 "row.names = FALSE)' %"},
	{{"%PDF", 4}, {NULL, 0}, "a PDF", "pdftotext -layout % log.txt"},
};

#define HTML_COMMAND "python3 -c 'import pandas, sys; " \
	"pandas.read_html(sys.argv[1])[0].to_csv(\"log.csv\", index=False)' %"

static bool is_html(struct str head)
{
	struct str s = str_trim(str_starts(head, STR("\xef\xbb\xbf"))
				? str_span(head.ptr + 3, head.len - 3) : head);
	struct str start = str_span(s.ptr, s.len < 16 ? s.len : 16);

	return s.len && s.ptr[0] == '<' &&
	       (str_find_nocase(start, STR("<html")) == 0 ||
		str_find_nocase(start, STR("<!doctype html")) == 0 ||
		str_find_nocase(start, STR("<table")) == 0);
}

static bool refuse(const char *path, const char *what, const char *command, struct err *err)
{
	const char *at = strrchr(command, '%');
	STRBUF(word);

	quote_word(&word, str_from(path));
	return err_fail(err, ERR_FORMAT, "%s is %s; this turns it into something that is read: "
			"%.*s%s%s", path, what, (int)(at - command), command, strbuf_c(&word),
			at + 1);
}

bool foreign_check(const char *path, struct str head, struct err *err)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_starts(head, kinds[i].magic) &&
		    (!kinds[i].within.len || str_find(head, kinds[i].within) != SIZE_MAX))
			return refuse(path, kinds[i].what, kinds[i].command, err);
	return !is_html(head) ||
	       refuse(path, "a web page, whatever its name says", HTML_COMMAND, err);
}
