/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orders with a line for each product: the Online Retail logs of the UCI
 * repository, and Instacart's, which are spread over several files.
 */
#include "config.h"

#include "data/dataset.h"

#include <strings.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "base/time.h"
#include "data/output.h"
#include "data/write.h"

#define QUANTITY_MAX 1000000

/* ---- Online Retail */

enum { INVOICE, STOCK_CODE, DESCRIPTION, QUANTITY, DATE, PRICE, CUSTOMER, COUNTRY, LINES };
static const char *const retail_columns[LINES] = {
	"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
	"CustomerID", "Country",
};
static const char *const retail_2_columns[LINES] = {
	"Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price",
	"Customer ID", "Country",
};

/* Stock codes of what is no product: postage, fees, samples, corrections. */
static const char *const services[] = {
	"ADJUST", "ADJUST2", "AMAZONFEE", "B", "BANK CHARGES", "C2", "C3", "CRUK", "D",
	"DOT", "M", "POST", "S", "TEST001", "TEST002",
};
#define VOUCHER "gift_"		/* and its value */

static bool is_service(struct str code)
{
	size_t prefix = strlen(VOUCHER);

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (code.len == strlen(services[i]) &&
		    strncasecmp(code.ptr, services[i], code.len) == 0)
			return true;
	return code.len >= prefix && strncasecmp(code.ptr, VOUCHER, prefix) == 0;
}

/* A number of one or two digits, zeros in front allowed. */
static bool short_number(struct str s, unsigned *n)
{
	*n = 0;
	if (s.len == 0 || s.len > 4)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		*n = *n * 10 + (unsigned)(s.ptr[i] - '0');
	}
	return true;
}

/* 12/1/2010 8:26, month first, as these logs have it. */
static bool parse_us_time(struct str s, int64_t *ms)
{
	struct str month, day, year, hour;
	unsigned m, d, y, h, min;
	int64_t days;

	if (!str_next(&s, '/', &month) || !str_next(&s, '/', &day) ||
	    !str_next(&s, ' ', &year) || !str_next(&s, ':', &hour) ||
	    !short_number(month, &m) || !short_number(day, &d) || year.len != 4 ||
	    !short_number(year, &y) || !short_number(hour, &h) || !short_number(s, &min) ||
	    s.len != 2 || h > 23 || min > 59 || !time_days((int)y, m, d, &days))
		return false;
	*ms = days * TIME_DAY + (h * 60 + min) * INT64_C(60000);
	return true;
}

static bool parse_time(struct str s, struct event_row *ev, struct reject *why)
{
	struct reject none;

	if (field_time(s, DATE, ev, &none))
		return true;
	ev->wall = true;
	if (parse_us_time(s, &ev->time))
		return true;
	*why = (struct reject){REJECT_TIME, DATE, s};
	return false;
}

/* A negative quantity takes purchases back. */
static bool parse_pieces(struct str s, struct event_row *ev, struct reject *why)
{
	int64_t n;

	if (!num_i64(s, &n) || n == 0 || n > QUANTITY_MAX || n < -QUANTITY_MAX) {
		*why = (struct reject){REJECT_QUANTITY, QUANTITY, s};
		return false;
	}
	ev->cancels = n < 0;
	ev->quantity = (uint32_t)(n < 0 ? -n : n);
	return true;
}

static enum row_result retail_row(const void *ctx, struct strs field,
				  struct event_row *ev, struct reject *why)
{
	struct str invoice = field.at[INVOICE];

	if (is_service(field.at[STOCK_CODE]))
		return ROW_SKIP;
	ev->user = STR_NULL;
	if (!field_id((struct field){invoice, INVOICE}, false, &ev->session, why) ||
	    !field_id((struct field){field.at[STOCK_CODE], STOCK_CODE}, false, &ev->product,
		      why) ||
	    !parse_pieces(field.at[QUANTITY], ev, why) ||
	    !parse_time(field.at[DATE], ev, why) ||
	    !field_price(field.at[PRICE], PRICE, ev, why) ||
	    (field.at[CUSTOMER].len &&
	     !field_id((struct field){field.at[CUSTOMER], CUSTOMER}, false, &ev->user, why)))
		return ROW_REJECT;
	/* C536379 cancels. */
	if (invoice.len > 1 && (invoice.ptr[0] == 'C' || invoice.ptr[0] == 'c')) {
		ev->session = str_span(invoice.ptr + 1, invoice.len - 1);
		ev->cancels = true;
	}
	ev->trait[TRAIT_COUNTRY] = str_trim(field.at[COUNTRY]);
	/* Beside corrections of the stock stand remarks, not names. */
	ev->name = ev->cancels || !ev->has_price || ev->price.units == 0
			   ? STR_NULL
			   : str_trim(field.at[DESCRIPTION]);
	ev->kind = EVENT_PURCHASE;
	return ROW_EVENT;
}

/* ---- Instacart */

enum { P_ORDER, P_PRODUCT, P_PLACE, P_REORDERED, PAIRS };
static const char *const pair_columns[PAIRS] = {
	"order_id", "product_id", "add_to_cart_order", "reordered",
};

static enum row_result pair_row(const void *ctx, struct strs field, struct event_row *ev,
				struct reject *why)
{
	if (!field_id((struct field){field.at[P_ORDER], P_ORDER}, true, &ev->session, why) ||
	    !field_id((struct field){field.at[P_PRODUCT], P_PRODUCT}, true, &ev->product, why))
		return ROW_REJECT;
	ev->time = TIME_NONE;
	ev->kind = EVENT_PURCHASE;
	ev->quantity = 1;
	return ROW_EVENT;
}

enum { O_ORDER, O_USER, O_SET, O_NUMBER, O_WEEKDAY, O_HOUR, O_DAYS_SINCE, ORDERS };
static const char *const order_columns[ORDERS] = {
	"order_id", "user_id", "eval_set", "order_number", "order_dow",
	"order_hour_of_day", "days_since_prior_order",
};
#define SUNDAY 3	/* days from 1970-01-01 to the first Sunday */

/* There are no dates: a user's n-th order is set in the n-th week of 1970. */
static enum row_result order_row(const void *ctx, struct strs field, struct event_row *ev,
				 struct reject *why)
{
	unsigned number, weekday, hour;

	if (!field_id((struct field){field.at[O_ORDER], O_ORDER}, true, &ev->session, why) ||
	    !field_id((struct field){field.at[O_USER], O_USER}, true, &ev->user, why))
		return ROW_REJECT;
	if (!short_number(field.at[O_NUMBER], &number) || number == 0 ||
	    !short_number(field.at[O_WEEKDAY], &weekday) || weekday > 6 ||
	    !short_number(field.at[O_HOUR], &hour) || hour > 23) {
		*why = (struct reject){REJECT_TIME, O_NUMBER, field.at[O_NUMBER]};
		return ROW_REJECT;
	}
	ev->wall = true;
	ev->time = (SUNDAY + (number - 1) * INT64_C(7) + weekday) * TIME_DAY +
		hour * INT64_C(3600000);
	return ROW_FACTS;
}

/* Aisles and departments are both numbered from 1. */
static bool place(struct event_row *ev, const char *what, struct str number,
		  unsigned column, struct str *id, struct reject *why)
{
	if (!field_id((struct field){number, column}, true, id, why))
		return false;
	*id = arena_printf(ev->arena, "%s-%.*s", what, STR_ARG(number));
	return true;
}

enum { I_PRODUCT, I_NAME, I_AISLE, I_DEPARTMENT, ITEMS };
static const char *const item_columns[ITEMS] = {
	"product_id", "product_name", "aisle_id", "department_id",
};

static enum row_result item_row(const void *ctx, struct strs field, struct event_row *ev,
				struct reject *why)
{
	if (!field_id((struct field){field.at[I_PRODUCT], I_PRODUCT}, true, &ev->product,
		      why) ||
	    !place(ev, "aisle", field.at[I_AISLE], I_AISLE, &ev->category, why) ||
	    !place(ev, "department", field.at[I_DEPARTMENT], I_DEPARTMENT, &ev->category_parent,
		   why))
		return ROW_REJECT;
	ev->time = TIME_ALWAYS;
	ev->name = field.at[I_NAME];
	return ROW_FACTS;
}

static const char *const aisle_columns[] = {"aisle_id", "aisle"};
static const char *const department_columns[] = {"department_id", "department"};

static enum row_result aisle_row(const void *ctx, struct strs field, struct event_row *ev,
				 struct reject *why)
{
	ev->time = TIME_ALWAYS;
	ev->category_name = field.at[1];
	return place(ev, "aisle", field.at[0], 0, &ev->category, why) ? ROW_FACTS
								      : ROW_REJECT;
}

static enum row_result department_row(const void *ctx, struct strs field,
				      struct event_row *ev, struct reject *why)
{
	ev->time = TIME_ALWAYS;
	ev->category_name = field.at[1];
	return place(ev, "department", field.at[0], 0, &ev->category, why) ? ROW_FACTS
									   : ROW_REJECT;
}

/* ---- writing: Online Retail's form */

static void write_header(struct strbuf *out)
{
	write_names(out, retail_columns, LINES, ',');
}

/* 12/1/2010 8:26 */
static void write_us_time(struct strbuf *out, int64_t ms)
{
	unsigned month, day, minute = (unsigned)(ms % TIME_DAY / 60000);
	int year;

	time_civil(ms, &year, &month, &day);
	write_number(out, month, 1);
	strbuf_addc(out, '/');
	write_number(out, day, 1);
	strbuf_addc(out, '/');
	write_number(out, (uint64_t)year, 4);
	strbuf_addc(out, ' ');
	write_number(out, minute / 60, 1);
	strbuf_addc(out, ':');
	write_number(out, minute % 60, 2);
}

static void write_line(struct strbuf *out, const struct event_row *ev, struct str code,
		       struct str text, uint32_t quantity, struct decimal price)
{
	static const char *const countries[] = {
		"United Kingdom", "United Kingdom", "United Kingdom", "Germany", "France",
		"EIRE", "Channel Islands", "Unspecified",
	};
	size_t n = sizeof(countries) / sizeof(*countries);

	if (ev->cancels)
		strbuf_addc(out, 'C');
	strbuf_add(out, ev->session);
	write_field(out, code);
	write_field(out, text);
	strbuf_adds(out, ev->cancels ? ",-" : ",");
	write_number(out, quantity, 1);
	strbuf_addc(out, ',');
	write_us_time(out, ev->time);
	strbuf_addc(out, ',');
	num_add_decimal(out, price.units, price.scale, false);
	write_field(out, ev->user);
	write_field(out, str_from(countries[str_hash(ev->user, 0) % n]));
	strbuf_addc(out, '\n');
}

/* Some lines have postage behind them. */
static void write_row(struct strbuf *out, const struct event_row *ev)
{
	write_line(out, ev, ev->product, ev->name, ev->quantity, ev->price);
	if (!ev->cancels && str_hash(ev->session, ev->price.units & 0xff) % 40 == 0)
		write_line(out, ev, STR("POST"), STR("POSTAGE"), 1,
			   (struct decimal){1800, 2});
}

static const enum column_role roles[LINES] = {
	COLUMN_ID, COLUMN_ID, COLUMN_TEXT, COLUMN_QUANTITY, COLUMN_TIME, COLUMN_PRICE,
	COLUMN_OTHER, COLUMN_TEXT,
};
static const struct output_file output[] = {{
	.name = "online_retail.csv",
	.kinds = OUTPUT_PURCHASES,
	.returns = true,
	.names = true,
	.header = write_header,
	.row = write_row,
	.roles = roles,
	.n_roles = LINES,
	.spared = ",POST,",
}};
static const struct dataset_writer writer = {
	.files = output,
	.n_files = 1,
	.first_session = 536365,
};

#define RETAIL_CAPS (CAP_PURCHASES | CAP_USERS | CAP_PRICES | CAP_HOURS | CAP_QUANTITIES)

static const struct file_kind kinds[] = {
	{"Online Retail", true, false, LINES, retail_columns, RETAIL_CAPS, retail_row},
	{"Online Retail II", true, false, LINES, retail_2_columns, RETAIL_CAPS, retail_row},
	{"order_products", true, false, PAIRS, pair_columns, CAP_PURCHASES | CAP_UNDATED,
	 pair_row},
	{"orders", true, false, ORDERS, order_columns, CAP_USERS | CAP_HOURS, order_row},
	{"products", true, false, ITEMS, item_columns, 0, item_row},
	{"aisles", true, false, 2, aisle_columns, 0, aisle_row},
	{"departments", true, false, 2, department_columns, 0, department_row},
};

static bool configure(struct dataset *copy, const struct dataset_options *o,
		      struct dataset_files files, struct err *err)
{
	return !o->gap || err_fail(err, ERR_USAGE, "orders have numbers: --gap has no say "
				   "there");
}

const struct dataset ds_orders = {
	.name = "orders",
	.title = "orders with a line for each product (Online Retail, Instacart)",
	.files = "Online Retail's files; or Instacart's order_products__*.csv with "
		 "orders.csv, products.csv, aisles.csv and departments.csv as far as "
		 "they are at hand, in any order; each with its header",
	.basket = "InvoiceNo or order_id",
	.note = "Invoices whose number begins with C and negative quantities take back the "
		"purchase that they name: of the same invoice, or else the customer's "
		"latest one before of the product. Postage, fees and the like are no "
		"products and are skipped. Instacart has no dates: a user's n-th order is "
		"set in the n-th week of 1970.",
	.separator = ',',
	.kinds = kinds,
	.n_kinds = sizeof(kinds) / sizeof(*kinds),
	.traits = true,
	.price_scale = 2,
	.currency = "",
	.configure = configure,
	.writer = &writer,
};
