/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A synthetic shop in the form of the H&M files: articles, transactions, customers. */
#include "config.h"

#include "data/ds_hm.h"

#include "data/write.h"

static void write_article_header(struct strbuf *out)
{
	write_names(out, hm_article_columns, ARTICLE_COLUMNS, ',');
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
	write_names(out, hm_transaction_columns, TRANSACTION_COLUMNS, ',');
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
	write_names(out, hm_customer_columns, CUSTOMER_COLUMNS, ',');
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

const struct dataset_writer hm_writer = {
	.files = output,
	.n_files = sizeof(output) / sizeof(*output),
	.described = true,
	.id_digits = 10,
};
