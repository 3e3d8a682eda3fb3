/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 13-column order log of a jewelry store: no header, a blank first line. */
#include "config.h"

#include "data/dataset.h"

#include "base/num.h"
#include "data/output.h"
#include "data/write.h"

enum column {
	EVENT_TIME,
	ORDER_ID,
	PRODUCT_ID,
	QUANTITY,
	CATEGORY_ID,
	CATEGORY_CODE,
	BRAND,
	PRICE,
	USER_ID,
	GENDER,		/* of the user: not kept */
	COLOUR,
	METAL,
	GEM,
	COLUMNS,
};
#define QUANTITY_MAX 1000000

static const char *const columns[COLUMNS] = {
	"event_time", "order_id", "product_id", "quantity", "category_id",
	"category_code", "brand", "price", "user_id", "gender", "colour", "metal", "gem",
};

enum { A_COLOUR, A_METAL, A_GEM, ATTRIBUTES };

static const char *const attributes[ATTRIBUTES] = {"colour", "metal", "gem"};

static bool parse_quantity(struct str s, uint32_t *quantity)
{
	uint64_t n;

	if (!num_u64(s, &n) || n == 0 || n > QUANTITY_MAX)
		return false;
	*quantity = (uint32_t)n;
	return true;
}

static enum row_result row(const void *ctx, struct strs field, struct event_row *ev,
			   struct reject *why)
{
	struct str code = field.at[CATEGORY_CODE];

	ev->category = STR_NULL;
	ev->user = STR_NULL;
	if (!field_time(field.at[EVENT_TIME], EVENT_TIME, ev, why) ||
	    !field_id((struct field){field.at[ORDER_ID], ORDER_ID}, true, &ev->session, why) ||
	    !field_id((struct field){field.at[PRODUCT_ID], PRODUCT_ID}, true, &ev->product,
		      why) ||
	    (field.at[CATEGORY_ID].len &&
	     !field_id((struct field){field.at[CATEGORY_ID], CATEGORY_ID}, true, &ev->category,
		       why)) ||
	    (field.at[USER_ID].len &&
	     !field_id((struct field){field.at[USER_ID], USER_ID}, true, &ev->user, why)) ||
	    !field_price(field.at[PRICE], PRICE, ev, why))
		return ROW_REJECT;
	if (!parse_quantity(field.at[QUANTITY], &ev->quantity)) {
		*why = (struct reject){REJECT_QUANTITY, QUANTITY, field.at[QUANTITY]};
		return ROW_REJECT;
	}
	if (!field_indexed(code, CATEGORY_CODE, &ev->category_path, why) ||
	    !field_indexed(field.at[BRAND], BRAND, &ev->brand, why))
		return ROW_REJECT;
	ev->kind = EVENT_PURCHASE;
	ev->attribute[A_COLOUR] = field.at[COLOUR];
	ev->attribute[A_METAL] = field.at[METAL];
	ev->attribute[A_GEM] = field.at[GEM];
	return ROW_EVENT;
}

/* Order ids are numbers: the session's own, or one of 19 digits that is a
 * function of it. */
static void write_order(struct strbuf *out, struct str session)
{
	uint64_t hash = str_hash(session, 0), number;

	if (num_u64(session, &number) && number > 0) {
		write_field(out, session);
		return;
	}
	strbuf_addf(out, ",1%018llu", (unsigned long long)(hash % UINT64_C(1000000000000000000)));
}

static void write_row(struct strbuf *out, const struct event_row *ev)
{
	if (ev->kind != EVENT_PURCHASE)
		return;
	write_time(out, ev->time);
	write_order(out, ev->session);
	write_field(out, ev->product);
	strbuf_addf(out, ",%u", ev->quantity);
	write_field(out, ev->category);
	write_field(out, ev->category_path);
	write_field(out, ev->brand);
	write_price(out, ev);
	write_field(out, ev->user);
	write_field(out, STR(""));
	for (unsigned i = 0; i < ATTRIBUTES; i++)
		write_field(out, ev->attribute[i]);
	strbuf_addc(out, '\n');
}

static const enum column_role roles[COLUMNS] = {
	COLUMN_TIME, COLUMN_NUMBER, COLUMN_NUMBER, COLUMN_QUANTITY, COLUMN_OTHER,
	COLUMN_OTHER, COLUMN_TEXT, COLUMN_PRICE, COLUMN_OTHER, COLUMN_TEXT, COLUMN_TEXT,
	COLUMN_TEXT, COLUMN_TEXT,
};
static const struct output_file output[] = {{
	.name = "orders.csv",
	.kinds = OUTPUT_PURCHASES,
	.alone = true,
	.row = write_row,
	.roles = roles,
	.n_roles = COLUMNS,
}};
static const struct dataset_writer writer = {.files = output, .n_files = 1};

static const struct file_kind kind[] = {{
	.name = "orders",
	.blank_first_line = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.caps = CAP_PURCHASES | CAP_USERS | CAP_PRICES | CAP_HOURS | CAP_BRANDS |
		CAP_QUANTITIES,
	.row = row,
}};

const struct dataset ds_mkechinov_orders = {
	.name = "mkechinov-orders",
	.title = "eCommerce purchase history from jewelry store",
	.files = "one or more CSV files of 13 columns without a header; the first line "
		 "may be blank",
	.basket = "order_id",
	.note = "All records are purchases. Ids are numbers. The gender column belongs to "
		"the user and is not kept.",
	.separator = ',',
	.kinds = kind,
	.n_kinds = 1,
	.n_attributes = ATTRIBUTES,
	.attributes = attributes,
	.price_scale = 2,
	.currency = "USD",
	.writer = &writer,
};
