/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nine-column event log of a multi category store. */
#include "config.h"

#include "data/dataset.h"

#include "base/time.h"
#include "data/output.h"
#include "data/write.h"

enum column {
	EVENT_TIME,
	EVENT_TYPE,
	PRODUCT_ID,
	CATEGORY_ID,
	CATEGORY_CODE,
	BRAND,
	PRICE,
	USER_ID,
	USER_SESSION,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	"event_time", "event_type", "product_id", "category_id", "category_code",
	"brand", "price", "user_id", "user_session",
};

static const struct {
	struct str name;
	enum event_kind kind;
} kinds[] = {
	{{"view", 4}, EVENT_VIEW},
	{{"cart", 4}, EVENT_CART},
	{{"remove_from_cart", 16}, EVENT_REMOVE},
	{{"purchase", 8}, EVENT_PURCHASE},
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

static bool find_kind(struct str s, enum event_kind *kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (str_eq(s, kinds[i].name)) {
			*kind = kinds[i].kind;
			return true;
		}
	return false;
}

static enum row_result row(const void *ctx, struct strs field, struct event_row *ev,
			   struct reject *why)
{
	struct str code = field.at[CATEGORY_CODE];

	if (!field_time(field.at[EVENT_TIME], EVENT_TIME, ev, why))
		return ROW_REJECT;
	if (!find_kind(field.at[EVENT_TYPE], &ev->kind)) {
		*why = (struct reject){REJECT_EVENT, EVENT_TYPE, field.at[EVENT_TYPE]};
		return ROW_REJECT;
	}
	ev->category = STR_NULL;
	ev->user = STR_NULL;
	if (!field_id((struct field){field.at[PRODUCT_ID], PRODUCT_ID}, true, &ev->product,
		      why) ||
	    (field.at[CATEGORY_ID].len &&
	     !field_id((struct field){field.at[CATEGORY_ID], CATEGORY_ID}, true, &ev->category,
		       why)) ||
	    (field.at[USER_ID].len &&
	     !field_id((struct field){field.at[USER_ID], USER_ID}, true, &ev->user, why)) ||
	    !field_price(field.at[PRICE], PRICE, ev, why) ||
	    !field_id((struct field){field.at[USER_SESSION], USER_SESSION}, false, &ev->session,
		      why) ||
	    !field_indexed(code, CATEGORY_CODE, &ev->category_path, why) ||
	    !field_indexed(field.at[BRAND], BRAND, &ev->brand, why))
		return ROW_REJECT;
	ev->quantity = 1;
	return ROW_EVENT;
}

static struct str kind_name(enum event_kind kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return kinds[0].name;
}

static void write_row(struct strbuf *out, const struct event_row *ev)
{
	write_time(out, ev->time);
	write_field(out, kind_name(ev->kind));
	write_field(out, ev->product);
	write_field(out, ev->category);
	write_field(out, ev->category_path);
	write_field(out, ev->brand);
	write_price(out, ev);
	write_field(out, ev->user);
	write_field(out, ev->session);
	strbuf_addc(out, '\n');
}

static void write_header(struct strbuf *out)
{
	write_names(out, columns, COLUMNS, ',');
}

static const enum column_role roles[COLUMNS] = {
	COLUMN_TIME, COLUMN_EVENT, COLUMN_NUMBER, COLUMN_OTHER, COLUMN_OTHER,
	COLUMN_TEXT, COLUMN_PRICE, COLUMN_OTHER, COLUMN_ID,
};
static const struct output_file output[] = {{
	.name = "events.csv",
	.kinds = OUTPUT_ALL,
	.alone = true,
	.header = write_header,
	.row = write_row,
	.roles = roles,
	.n_roles = COLUMNS,
}};
static const struct dataset_writer writer = {.files = output, .n_files = 1};

static const struct file_kind kind[] = {{
	.name = "events",
	.header = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.caps = CAP_VIEWS | CAP_CARTS | CAP_PURCHASES | CAP_USERS | CAP_PRICES |
		CAP_HOURS | CAP_BRANDS,
	.row = row,
}};

const struct dataset ds_mkechinov = {
	.name = "mkechinov",
	.title = "eCommerce behavior data from multi category store",
	.files = "one or more CSV files of nine columns, each with its header",
	.basket = "user_session",
	.note = "Ids are numbers. category_id is the category; category_code, where it "
		"is not empty, is its path.",
	.separator = ',',
	.kinds = kind,
	.n_kinds = 1,
	.price_scale = 2,
	.currency = "",
	.writer = &writer,
};
