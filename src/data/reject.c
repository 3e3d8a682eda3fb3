/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and words of the reasons why a record is refused. */
#include "config.h"

#include "data/dataset.h"

static const struct {
	const char *name, *text;
} reasons[REJECT_REASONS] = {
	[REJECT_NONE] = {"none", "nothing is wrong"},
	[REJECT_FIELDS] = {"fields", "another number of fields than the data set has"},
	[REJECT_QUOTE] = {"quote", "a quote where none may stand, or one that is "
			  "never closed"},
	[REJECT_LONG] = {"long", "longer than allowed (a field 1 MiB, an id 200 bytes)"},
	[REJECT_NUL] = {"nul", "a NUL byte in it"},
	[REJECT_UTF8] = {"utf8", "not UTF-8"},
	[REJECT_TIME] = {"time", "not a time that exists"},
	[REJECT_EVENT] = {"event", "not an event of this data set"},
	[REJECT_ID] = {"id", "not an id"},
	[REJECT_EXPONENT] = {"exponent", "an id in exponent form: a spreadsheet has "
			     "rounded it, and its digits are lost"},
	[REJECT_PRICE] = {"price", "not a price from 0 to 1,000,000,000 with at most "
			  "9 decimals"},
	[REJECT_QUANTITY] = {"quantity", "not a quantity from 1 to 1,000,000"},
	[REJECT_RATING] = {"rating", "not a rating from -1,000,000 to 1,000,000"},
	[REJECT_JSON] = {"json", "no JSON object, or one that breaks off"},
	[REJECT_CUT] = {"cut", "the file ends within this record"},
};

const char *reject_name(enum reject_reason r)
{
	return reasons[r].name;
}

const char *reject_text(enum reject_reason r)
{
	return reasons[r].text;
}
