/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clicks of a clothing shop in 2008, as published by the UCI repository. */
#include "config.h"

#include "data/dataset.h"

#include "base/num.h"
#include "base/quote.h"
#include "base/time.h"
#include "data/output.h"
#include "data/write.h"

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
static const char *const countries[] = {
	"Australia", "Austria", "Belgium", "British Virgin Islands", "Cayman Islands",
	"Christmas Island", "Croatia", "Cyprus", "Czech Republic", "Denmark", "Estonia",
	"unidentified", "Faroe Islands", "Finland", "France", "Germany", "Greece",
	"Hungary", "Iceland", "India", "Ireland", "Italy", "Latvia", "Lithuania",
	"Luxembourg", "Mexico", "Netherlands", "Norway", "Poland", "Portugal", "Romania",
	"Russia", "San Marino", "Slovakia", "Slovenia", "Spain", "Sweden", "Switzerland",
	"Ukraine", "United Arab Emirates", "United Kingdom", "USA", "biz (*.biz)",
	"com (*.com)", "int (*.int)", "net (*.net)", "org (*.org)",
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

static enum row_result row(const void *ctx, struct strs field, struct event_row *ev,
			   struct reject *why)
{
	if (!parse_day(field.at, &ev->time, why) ||
	    !field_id((struct field){field.at[SESSION_ID], SESSION_ID}, true, &ev->session,
		      why) ||
	    !field_id((struct field){field.at[PAGE_1], PAGE_1}, true, &ev->category, why) ||
	    !field_id((struct field){field.at[PAGE_2], PAGE_2}, false, &ev->product, why) ||
	    !field_price(field.at[PRICE], PRICE, ev, why))
		return ROW_REJECT;
	ev->kind = EVENT_VIEW;
	ev->quantity = 1;
	ev->category_path = MEANING(field.at[PAGE_1], categories);
	ev->trait[TRAIT_COUNTRY] = MEANING(field.at[COUNTRY], countries);
	ev->attribute[A_COLOUR] = MEANING(field.at[COLOUR], colours);
	ev->attribute[A_LOCATION] = MEANING(field.at[LOCATION], locations);
	ev->attribute[A_PHOTOGRAPHY] = MEANING(field.at[PHOTOGRAPHY], photographies);
	ev->attribute[A_DEAR] = MEANING(field.at[PRICE_2], dear);
	ev->attribute[A_PAGE] = field.at[PAGE];
	return ROW_EVENT;
}

static void write_header(struct strbuf *out)
{
	write_names(out, columns, COLUMNS, ';');
}

static void write_code(struct strbuf *out, uint64_t code)
{
	strbuf_addc(out, ';');
	write_number(out, code, 1);
}

/* Looks and pages are drawn by the product; prices are whole. */
static void write_row(struct strbuf *out, const struct event_row *ev)
{
	uint64_t x = str_hash(ev->product, 0), price = 0;
	unsigned month, day;
	int year;

	time_civil(ev->time, &year, &month, &day);
	write_number(out, (uint64_t)year, 4);
	write_code(out, month);
	write_code(out, day);
	write_code(out, ev->cursor + 1);
	write_code(out, 1 + str_hash(ev->user, 0) % 47);
	strbuf_addc(out, ';');
	strbuf_add(out, ev->session);
	strbuf_addc(out, ';');
	strbuf_add(out, ev->category);
	strbuf_addc(out, ';');
	quote_csv(out, ev->product, ';');
	for (unsigned i = 0; i < 3; i++) {
		static const unsigned codes[] = {14, 6, 2};

		write_code(out, 1 + x % codes[i]);
		x /= codes[i];
	}
	price = (uint64_t)ev->price.units / 100;
	write_code(out, price + 1);
	write_code(out, price < 50 ? 2 : 1);
	write_code(out, 1 + x % 5);
	strbuf_addc(out, '\n');
}

static const enum column_role roles[COLUMNS] = {
	COLUMN_TIME, COLUMN_TIME, COLUMN_TIME, COLUMN_TIME, COLUMN_OTHER, COLUMN_NUMBER,
	COLUMN_NUMBER, COLUMN_ID, COLUMN_TEXT, COLUMN_TEXT, COLUMN_TEXT, COLUMN_PRICE,
	COLUMN_TEXT, COLUMN_TEXT,
};
static const struct output_file output[] = {{
	.name = "e-shop.csv",
	.kinds = OUTPUT_KINDS(EVENT_VIEW),
	.by_session = true,
	.header = write_header,
	.row = write_row,
	.roles = roles,
	.n_roles = COLUMNS,
}};
static const struct dataset_writer writer = {
	.files = output,
	.n_files = 1,
	.first_session = 1,
};

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
		"orders a session. A session's country is that of its first click.",
	.separator = ';',
	.kinds = kind,
	.n_kinds = 1,
	.n_attributes = ATTRIBUTES,
	.attributes = attributes,
	.traits = true,
	.price_scale = 0,
	.currency = "USD",
	.writer = &writer,
};
