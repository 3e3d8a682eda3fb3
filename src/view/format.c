/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats and cells: as people read them, and exactly. */
#include "config.h"

#include "view/format.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"

static const char *const format_names[] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_TSV] = "tsv",
	[FORMAT_CSV] = "csv",
	[FORMAT_JSON] = "json",
	[FORMAT_JSONL] = "jsonl",
	[FORMAT_CHART] = "chart",
	[FORMAT_WORDS] = "words",
};

const char *format_name(enum format f)
{
	return format_names[f];
}

bool format_parse(struct str s, enum format *f)
{
	for (unsigned i = 0; i < sizeof format_names / sizeof *format_names; i++)
		if (str_is(s, format_names[i])) {
			*f = i;
			return true;
		}
	return false;
}

#define CHANCE_LEAST 1e-300	/* below that arithmetic makes zeros of chances */

/* Below the last digit shown one digit stays: 0.00003 is not 0.0000. */
static void add_real(struct strbuf *b, double x, unsigned digits, bool chance)
{
	double least = 0.5 * pow(10, -(double)digits);
	if (chance && x < CHANCE_LEAST)
		strbuf_adds(b, "<1e-300");
	else if (x != 0 && fabs(x) < least)
		strbuf_addf(b, "%.1g", x);
	else if (fabs(x) >= 1e7)
		strbuf_addf(b, "%.3g", x);
	else
		strbuf_addf(b, "%.*f", (int)digits, x);
}

void format_money(struct strbuf *b, int64_t units, unsigned scale)
{
	double x = (double)units * pow(10, -(double)scale);

	if (scale <= MONEY_DIGITS)
		num_add_money(b, units, scale);
	else if (fabs(x) >= 99.95)
		num_add_grouped(b, llround(x));
	else
		strbuf_addf(b, "%#.3g", x);
}

void format_money_note(struct strbuf *b, const struct catalog *cat)
{
	if (cat->currency[0]) {
		strbuf_adds(b, "Money in ");
		sanitize(b, str_from(cat->currency), SANITIZE_LINE);
		strbuf_addc(b, '.');
	} else if (cat->price_scale > MONEY_DIGITS) {
		strbuf_adds(b, "Prices are scaled: they compare, and are no money.");
	}
}

void view_add_cell(struct strbuf *b, const struct column *c, const struct cell *cell,
		   const struct catalog *cat)
{
	if (cell->empty) {
		strbuf_addc(b, '-');
		return;
	}
	switch (c->type) {
	case CELL_TEXT:
	case CELL_ID:
		sanitize(b, cell->text, SANITIZE_LINE);
		break;
	case CELL_COUNT:
		num_add_grouped(b, cell->count);
		break;
	case CELL_REAL:
		if (cell->at_most)
			strbuf_addc(b, '<');
		add_real(b, cell->real, c->digits, c->flags & COLUMN_CHANCE);
		break;
	case CELL_SHARE:
		strbuf_addf(b, "%.*f%%", (int)c->digits, 100 * cell->real);
		break;
	case CELL_MONEY:
		format_money(b, cell->count, cat->price_scale);
		break;
	case CELL_REVENUE:
		format_money(b, cell->count, cat->revenue_scale);
		break;
	case CELL_TIME:
		time_add_date(b, c->flags & COLUMN_SHOP ? catalog_clock(cat, cell->count)
			      : cell->count);
		break;
	}
}

bool cell_is_number(enum cell_type type)
{
	return type == CELL_COUNT || type == CELL_REAL || type == CELL_SHARE ||
		type == CELL_MONEY || type == CELL_REVENUE;
}
