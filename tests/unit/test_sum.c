/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "query/sum.h"

#include "base/err.h"

#include "unit.h"

/* The terms as "+text@column", parted by |. */
static void means(const char *text, const char *want)
{
	struct sum s;
	struct err err = {0};
	STRBUF(b);
	if (!sum_parse(&s, str_from(text), &err))
		fail_msg("'%s': %s", text, err.text);
	for (unsigned i = 0; i < s.n; i++)
		strbuf_addf(&b, "%s%c%.*s@%u", i ? "|" : "", s.term[i].minus ? '-' : '+',
			    STR_ARG(s.term[i].text), s.term[i].column);
	assert_string_equal(strbuf_c(&b), want);
}

static void refused(const char *text, const char *want)
{
	struct sum s;
	struct err err = {0};
	assert_false(sum_parse(&s, str_from(text), &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, want);
}

static void terms(void **state)
{
	means("A13", "+A13@1");
	means("  A13  ", "+A13@3");
	means("A13 - C1 + B2", "+A13@1|-C1@7|+B2@12");
	means("- A", "-A@3");
	means("A-13 + x+y", "+A-13@1|+x+y@8");
	means("oak  table - pine", "+oak  table@1|-pine@14");
	means("\"oak table\" - 'it - \"is\"'", "+oak table@1|-it - \"is\"@15");
	means("it's", "+it's@1");
	means("\xc3\xa4\xc3\xb6 + \xe6\xa4\x85 - c", "+\xc3\xa4\xc3\xb6@1|+\xe6\xa4\x85@6|-c@10");
	means("a\t+\nb", "+a@1|+b@5");
	means("-a", "+-a@1");
}

static void refusals(void **state)
{
	refused("", "column 1: a product is wanted: an id or a name");
	refused("  ", "column 1: a product is wanted: an id or a name");
	refused("+ A", "column 1: a product is wanted before '+'");
	refused("A +", "column 3: a product is wanted after '+'");
	refused("A - + B", "column 3: a product is wanted after '-'");
	refused("-", "column 1: a product is wanted after '-'");
	refused("A + \"B", "column 5: this quote is not closed");
	refused("A + ' '", "column 5: there is nothing between the quotes");
	refused("'oak' table", "column 7: + or - is wanted before 'table'");
	refused("oak \"table\"", "column 5: + or - is wanted before '\"table\"'");
	refused("\"a\"\"b\"", "column 4: + or - is wanted before '\"b\"'");
	refused("\xe6\xa4\x85 + 'x", "column 5: this quote is not closed");
	STRBUF(b);
	for (int i = 0; i <= SUM_TERMS; i++)
		strbuf_adds(&b, i ? " + a" : "a");
	refused(strbuf_c(&b), "column 129: more than 32 products");
}

UNIT_TESTS(sum, UNIT(terms), UNIT(refusals))
