/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clicks of a clothing shop in 2008, as published by the UCI repository. */
#include "config.h"

#include "data/dataset.h"

#include "base/num.h"
#include "base/time.h"

enum column {
	YEAR,
	MONTH,
	DAY,
	ORDER,
	COUNTRY,
	SESSION_ID,
	PAGE_1,
	PAGE_2,
	COLOUR,
	LOCATION,
	PHOTOGRAPHY,
	PRICE,
	PRICE_2,
	PAGE,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	"year", "month", "day", "order", "country", "session ID",
	"page 1 (main category)", "page 2 (clothing model)", "colour", "location",
	"model photography", "price", "price 2", "page",
};

/* What the published description says the codes mean; code 1 comes first. */
static const char *const categories[] = {"trousers", "skirts", "blouses", "sale"};
static const char *const colours[] = {
	"beige", "black", "blue", "brown", "burgundy", "gray", "green", "navy blue",
	"of many colors", "olive", "pink", "red", "violet", "white",
};
static const char *const locations[] = {
	"top left", "top in the middle", "top right", "bottom left",
	"bottom in the middle", "bottom right",
};
static const char *const photographies[] = {"en face", "profile"};
static const char *const dear[] = {"yes", "no"};

enum { A_COLOUR, A_LOCATION, A_PHOTOGRAPHY, A_DEAR, A_PAGE, ATTRIBUTES };
static const char *const attributes[ATTRIBUTES] = {
	"colour", "location", "photography", "above average price", "page",
};

/* The meaning of a code, or the code where it is unknown. */
static struct str meaning(struct str code, const char *const *names, size_t n)
{
	uint64_t i;

	return num_u64(code, &i) && i >= 1 && i <= n ? str_from(names[i - 1]) : code;
}
#define MEANING(code, names) meaning(code, names, sizeof(names) / sizeof(*(names)))

static bool bounded(struct str s, uint64_t max, uint64_t *value)
{
	return num_u64(s, value) && *value <= max;
}

/* The day, and the click's place in the session as its milliseconds: the log has
 * no times of day. */
static bool parse_day(const struct str *field, int64_t *ms, struct reject *why)
{
	uint64_t year, month, day, order;
	int64_t days;
	unsigned at = YEAR;

	if (!bounded(field[YEAR], 9999, &year))
		goto refused;
	at = MONTH;
	if (!bounded(field[MONTH], 12, &month))
		goto refused;
	at = DAY;
	if (!bounded(field[DAY], 31, &day) ||
	    !time_days((int)year, (unsigned)month, (unsigned)day, &days))
		goto refused;
	at = ORDER;
	if (!bounded(field[ORDER], TIME_DAY - 1, &order))
		goto refused;
	*ms = days * TIME_DAY + (int64_t)order;
	return true;
refused:
	*why = (struct reject){REJECT_TIME, at, field[at]};
	return false;
}

static enum row_result row(const void *ctx, const struct str *field, unsigned n,
			   struct event_row *ev, struct reject *why)
{
	if (!parse_day(field, &ev->time, why) ||
	    !field_id(field[SESSION_ID], SESSION_ID, true, &ev->session, why) ||
	    !field_id(field[PAGE_1], PAGE_1, true, &ev->category, why) ||
	    !field_id(field[PAGE_2], PAGE_2, false, &ev->product, why) ||
	    !field_price(field[PRICE], PRICE, ev, why))
		return ROW_REJECT;
	ev->kind = EVENT_VIEW;
	ev->quantity = 1;
	ev->category_path = MEANING(field[PAGE_1], categories);
	ev->attribute[A_COLOUR] = MEANING(field[COLOUR], colours);
	ev->attribute[A_LOCATION] = MEANING(field[LOCATION], locations);
	ev->attribute[A_PHOTOGRAPHY] = MEANING(field[PHOTOGRAPHY], photographies);
	ev->attribute[A_DEAR] = MEANING(field[PRICE_2], dear);
	ev->attribute[A_PAGE] = field[PAGE];
	return ROW_EVENT;
}

static const struct file_kind kind[] = {{
	.name = "clicks",
	.header = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.caps = CAP_VIEWS | CAP_PRICES,
	.row = row,
}};

const struct dataset ds_clickstream = {
	.name = "clickstream",
	.title = "clickstream data for online shopping (2008)",
	.files = "one file of 14 columns parted by semicolons, with its header",
	.basket = "session ID",
	.note = "Clicks only. The log has days but no times of day: the click's number "
		"orders a session. The country column belongs to the visitor and is "
		"not kept.",
	.separator = ';',
	.kinds = kind,
	.n_kinds = 1,
	.n_attributes = ATTRIBUTES,
	.attributes = attributes,
	.price_scale = 0,
	.currency = "USD",
};
