/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H&M personalized fashion recommendations: articles, transactions, customers. */
#include "config.h"

#include "data/dataset.h"

#include "base/arena.h"
#include "base/time.h"
#include "data/output.h"
#include "data/write.h"

#define PART '\x1f'	/* between the levels of a category: names have dots */

/* ---- articles.csv */

enum {
	ARTICLE_ID,
	PRODUCT_CODE,
	PROD_NAME,
	PRODUCT_TYPE_NO,
	PRODUCT_TYPE_NAME,
	PRODUCT_GROUP_NAME,
	GRAPHICAL_APPEARANCE_NO,
	GRAPHICAL_APPEARANCE_NAME,
	COLOUR_GROUP_CODE,
	COLOUR_GROUP_NAME,
	PERCEIVED_COLOUR_VALUE_ID,
	PERCEIVED_COLOUR_VALUE_NAME,
	PERCEIVED_COLOUR_MASTER_ID,
	PERCEIVED_COLOUR_MASTER_NAME,
	DEPARTMENT_NO,
	DEPARTMENT_NAME,
	INDEX_CODE,
	INDEX_NAME,
	INDEX_GROUP_NO,
	INDEX_GROUP_NAME,
	SECTION_NO,
	SECTION_NAME,
	GARMENT_GROUP_NO,
	GARMENT_GROUP_NAME,
	DETAIL_DESC,
	ARTICLE_COLUMNS,
};
static const char *const article_columns[ARTICLE_COLUMNS] = {
	"article_id", "product_code", "prod_name", "product_type_no",
	"product_type_name", "product_group_name", "graphical_appearance_no",
	"graphical_appearance_name", "colour_group_code", "colour_group_name",
	"perceived_colour_value_id", "perceived_colour_value_name",
	"perceived_colour_master_id", "perceived_colour_master_name", "department_no",
	"department_name", "index_code", "index_name", "index_group_no",
	"index_group_name", "section_no", "section_name", "garment_group_no",
	"garment_group_name", "detail_desc",
};

static const struct {
	const char *name;
	unsigned column;
} kept[] = {
	{"product type", PRODUCT_TYPE_NAME},
	{"product group", PRODUCT_GROUP_NAME},
	{"department", DEPARTMENT_NAME},
	{"colour", COLOUR_GROUP_NAME},
	{"colour value", PERCEIVED_COLOUR_VALUE_NAME},
	{"colour master", PERCEIVED_COLOUR_MASTER_NAME},
	{"appearance", GRAPHICAL_APPEARANCE_NAME},
	{"index", INDEX_NAME},
	{"section", SECTION_NAME},
};
#define KEPT (sizeof(kept) / sizeof(*kept))
static const char *const attributes[KEPT] = {
	"product type", "product group", "department", "colour", "colour value",
	"colour master", "appearance", "index", "section",
};

static enum row_result article_row(const void *ctx, const struct str *field, unsigned n,
				   struct event_row *ev, struct reject *why)
{
	/* Leading zeros belong to the id. */
	if (!field_id(field[ARTICLE_ID], ARTICLE_ID, false, &ev->product, why) ||
	    !field_id(field[PRODUCT_CODE], PRODUCT_CODE, false, &ev->group, why))
		return ROW_REJECT;
	ev->time = TIME_ALWAYS;
	ev->name = field[PROD_NAME];
	ev->description = field[DETAIL_DESC];
	ev->category_path = arena_printf(ev->arena, "%.*s%c%.*s%c%.*s",
					 STR_ARG(field[INDEX_GROUP_NAME]), PART,
					 STR_ARG(field[GARMENT_GROUP_NAME]), PART,
					 STR_ARG(field[PRODUCT_TYPE_NAME]));
	if (ev->category_path.len > DATASET_ID_MAX) {
		*why = (struct reject){REJECT_LONG, INDEX_GROUP_NAME, ev->category_path};
		return ROW_REJECT;
	}
	for (size_t i = 0; i < KEPT; i++)
		ev->attribute[i] = field[kept[i].column];
	return ROW_FACTS;
}

/* ---- transactions_train.csv */

enum { T_DATE, T_CUSTOMER, T_ARTICLE, T_PRICE, T_CHANNEL, TRANSACTION_COLUMNS };
static const char *const transaction_columns[TRANSACTION_COLUMNS] = {
	"t_dat", "customer_id", "article_id", "price", "sales_channel_id",
};

static enum row_result transaction_row(const void *ctx, const struct str *field,
				       unsigned n, struct event_row *ev,
				       struct reject *why)
{
	if (!time_parse_date(field[T_DATE], &ev->time)) {
		*why = (struct reject){REJECT_TIME, T_DATE, field[T_DATE]};
		return ROW_REJECT;
	}
	if (!field_id(field[T_CUSTOMER], T_CUSTOMER, false, &ev->user, why) ||
	    !field_id(field[T_ARTICLE], T_ARTICLE, false, &ev->product, why) ||
	    !field_price_exact(field[T_PRICE], T_PRICE, ev, why))
		return ROW_REJECT;
	ev->session = arena_printf(ev->arena, "%.*s %.*s", STR_ARG(field[T_DATE]),
				   STR_ARG(ev->user));
	if (ev->session.len > DATASET_ID_MAX) {
		*why = (struct reject){REJECT_LONG, T_CUSTOMER, ev->user};
		return ROW_REJECT;
	}
	ev->trait[TRAIT_CHANNEL] = field[T_CHANNEL];
	ev->kind = EVENT_PURCHASE;
	ev->quantity = 1;
	return ROW_EVENT;
}

/* ---- customers.csv */

static const char *const customer_columns[] = {
	"customer_id", "FN", "Active", "club_member_status", "fashion_news_frequency",
	"age", "postal_code",
};

/* What is known of people is not kept. */
static enum row_result customer_row(const void *ctx, const struct str *field, unsigned n,
				    struct event_row *ev, struct reject *why)
{
	return ROW_SKIP;
}

/* ---- writing */

static void write_article_header(struct strbuf *out)
{
	write_names(out, article_columns, ARTICLE_COLUMNS, ',');
}

/* ",1234": a number below `below` that is a function of the text. */
static void write_code(struct strbuf *out, struct str s, uint64_t first, uint64_t below)
{
	strbuf_addc(out, ',');
	write_number(out, first + str_hash(s, 0) % below, 1);
}

/* ",Coffee beans" of "coffee_beans". */
static void write_title(struct strbuf *out, struct str s)
{
	STRBUF(b);

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i] == '_' ? ' ' : s.ptr[i];

		strbuf_addc(&b, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
	}
	write_field(out, strbuf_str(&b));
}

/* A number and a name. */
static void write_coded(struct strbuf *out, struct str s, uint64_t first, uint64_t below)
{
	write_code(out, s, first, below);
	write_title(out, s);
}

static void write_article(struct strbuf *out, const struct event_row *ev)
{
	static const char *const values[] = {"Light", "Dark", "Medium", "Bright"};
	struct str look = ev->attribute[SHOP_LOOK], rest = ev->category_name;
	struct str part[3] = {STR(""), STR(""), STR("")};
	const char *value;

	for (unsigned i = 0; i < 3 && str_next(&rest, '.', &part[i]); i++)
		;
	look = look.len ? look : STR("Other");
	value = values[str_hash(look, 1) % (sizeof(values) / sizeof(*values))];
	strbuf_add(out, ev->product);
	write_field(out, ev->group);
	write_field(out, ev->name);
	write_coded(out, part[2], 1, 800);
	write_title(out, part[1]);
	write_coded(out, ev->attribute[SHOP_KIND], 1010001, 30);
	write_coded(out, look, 1, 90);
	write_coded(out, str_from(value), 1, 8);
	write_coded(out, look, 1, 20);
	write_coded(out, part[2], 1000, 9000);
	strbuf_addc(out, ',');
	strbuf_addc(out, (char)('A' + str_hash(part[0], 0) % 26));
	write_title(out, part[0]);
	write_coded(out, part[0], 1, 26);
	write_coded(out, part[1], 1, 90);
	write_coded(out, part[1], 1001, 25);
	write_field(out, ev->description);
	strbuf_addc(out, '\n');
}

static void write_transaction_header(struct strbuf *out)
{
	write_names(out, transaction_columns, TRANSACTION_COLUMNS, ',');
}

#define PRICE_UNIT 590000	/* cents; prices are shares of it */
#define PRICE_DIGITS 17

static void write_transaction(struct strbuf *out, const struct event_row *ev)
{
	unsigned __int128 share = (unsigned __int128)ev->price.units *
		UINT64_C(100000000000000000) / PRICE_UNIT;

	write_date(out, ev->time);
	strbuf_addc(out, ',');
	write_hex(out, ev->user, 64);
	write_field(out, ev->product);
	strbuf_addc(out, ',');
	write_number(out, (uint64_t)(share / UINT64_C(100000000000000000)), 1);
	strbuf_addc(out, '.');
	write_number(out, (uint64_t)(share % UINT64_C(100000000000000000)), PRICE_DIGITS);
	strbuf_adds(out, str_hash(ev->session, 0) % 3 ? ",2\n" : ",1\n");
}

static void write_customer_header(struct strbuf *out)
{
	write_names(out, customer_columns,
		    sizeof(customer_columns) / sizeof(*customer_columns), ',');
}

static void write_customer(struct strbuf *out, const struct event_row *ev)
{
	uint64_t x = str_hash(ev->user, 100);

	write_hex(out, ev->user, 64);
	strbuf_adds(out, x % 3 ? ",," : ",1.0,1.0");
	strbuf_adds(out, x % 13 ? ",ACTIVE" : ",PRE-CREATE");
	strbuf_adds(out, x % 3 ? ",NONE," : ",Regularly,");
	write_number(out, 16 + x / 16 % 70, 1);
	strbuf_addc(out, ',');
	write_hex(out, str_span(ev->user.ptr, ev->user.len - 2), 64);
	strbuf_addc(out, '\n');
}

static const enum column_role article_roles[ARTICLE_COLUMNS] = {
	[ARTICLE_ID] = COLUMN_ID, [PRODUCT_CODE] = COLUMN_ID, [PROD_NAME] = COLUMN_TEXT,
	[COLOUR_GROUP_NAME] = COLUMN_TEXT, [DETAIL_DESC] = COLUMN_TEXT,
};
static const enum column_role transaction_roles[TRANSACTION_COLUMNS] = {
	COLUMN_TIME, COLUMN_ID, COLUMN_ID, COLUMN_PRICE, COLUMN_TEXT,
};

static const struct output_file output[] = {
	{
		.name = "transactions_train.csv",
		.kinds = OUTPUT_PURCHASES,
		.header = write_transaction_header,
		.row = write_transaction,
		.roles = transaction_roles,
		.n_roles = TRANSACTION_COLUMNS,
	}, {
		.name = "articles.csv",
		.rows = SHOP_PRODUCTS,
		.header = write_article_header,
		.row = write_article,
		.roles = article_roles,
		.n_roles = ARTICLE_COLUMNS,
	}, {
		.name = "customers.csv",
		.rows = SHOP_USERS,
		.header = write_customer_header,
		.row = write_customer,
	},
};
static const struct dataset_writer writer = {
	.files = output,
	.n_files = sizeof(output) / sizeof(*output),
	.described = true,
	.id_digits = 10,
};

static const struct file_kind kinds[] = {
	{
		.name = "articles",
		.header = true,
		.n_columns = ARTICLE_COLUMNS,
		.columns = article_columns,
		.row = article_row,
	}, {
		.name = "transactions",
		.header = true,
		.n_columns = TRANSACTION_COLUMNS,
		.columns = transaction_columns,
		.caps = CAP_PURCHASES | CAP_USERS | CAP_PRICES,
		.row = transaction_row,
	}, {
		.name = "customers",
		.header = true,
		.n_columns = sizeof(customer_columns) / sizeof(*customer_columns),
		.columns = customer_columns,
		.row = customer_row,
	},
};

const struct dataset ds_hm = {
	.name = "hm",
	.title = "H&M personalized fashion recommendations",
	.files = "articles.csv, transactions_train.csv and, if it is at hand, "
		 "customers.csv, in any order",
	.basket = "what one customer buys on one day",
	.note = "Every line of the transactions is one piece bought; there are no times of "
		"day. Prices are in a unit of their own. Articles of one product_code "
		"are variants of each other. The channel of a basket is that of its first "
		"line.",
	.separator = ',',
	.path_separator = PART,
	.kinds = kinds,
	.n_kinds = sizeof(kinds) / sizeof(*kinds),
	.n_attributes = KEPT,
	.attributes = attributes,
	.traits = true,
	.price_scale = 2,
	.currency = "",
	.writer = &writer,
};
