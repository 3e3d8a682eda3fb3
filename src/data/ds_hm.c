/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H&M personalized fashion recommendations: articles, transactions, customers. */
#include "config.h"

#include "data/ds_hm.h"

#include "base/arena.h"
#include "base/time.h"


/* ---- articles.csv */

const char *const hm_article_columns[ARTICLE_COLUMNS] = {
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
	{"garment group", GARMENT_GROUP_NAME},
	{"index group", INDEX_GROUP_NAME},
	/* Some names stand for several numbers. */
	{"product type no", PRODUCT_TYPE_NO},
	{"department no", DEPARTMENT_NO},
	{"section no", SECTION_NO},
};
#define KEPT (sizeof(kept) / sizeof(*kept))
static const char *const attributes[KEPT] = {
	"product type", "product group", "department", "colour", "colour value",
	"colour master", "appearance", "index", "section", "garment group", "index group",
	"product type no", "department no", "section no",
};

static enum row_result article_row(const void *ctx, struct strs field,
				   struct event_row *ev, struct reject *why)
{
	/* Leading zeros belong to the id. */
	if (!field_id((struct field){field.at[ARTICLE_ID], ARTICLE_ID}, false, &ev->product,
		      why) ||
	    !field_id((struct field){field.at[PRODUCT_CODE], PRODUCT_CODE}, false, &ev->group,
		      why))
		return ROW_REJECT;
	ev->time = TIME_ALWAYS;
	ev->name = field.at[PROD_NAME];
	ev->description = field.at[DETAIL_DESC];
	ev->category_path = arena_printf(ev->arena, "%.*s%c%.*s%c%.*s",
					 STR_ARG(field.at[INDEX_GROUP_NAME]), PATH_JOINT,
					 STR_ARG(field.at[GARMENT_GROUP_NAME]), PATH_JOINT,
					 STR_ARG(field.at[PRODUCT_TYPE_NAME]));
	if (ev->category_path.len > DATASET_ID_MAX) {
		*why = (struct reject){REJECT_LONG, INDEX_GROUP_NAME, ev->category_path};
		return ROW_REJECT;
	}
	for (size_t i = 0; i < KEPT; i++)
		ev->attribute[i] = field.at[kept[i].column];
	return ROW_FACTS;
}

/* ---- transactions_train.csv */

const char *const hm_transaction_columns[TRANSACTION_COLUMNS] = {
	"t_dat", "customer_id", "article_id", "price", "sales_channel_id",
};

static enum row_result transaction_row(const void *ctx, struct strs field,
				       struct event_row *ev, struct reject *why)
{
	if (!time_parse_date(field.at[T_DATE], &ev->time)) {
		*why = (struct reject){REJECT_TIME, T_DATE, field.at[T_DATE]};
		return ROW_REJECT;
	}
	if (!field_id((struct field){field.at[T_CUSTOMER], T_CUSTOMER}, false, &ev->user,
		      why) ||
	    !field_id((struct field){field.at[T_ARTICLE], T_ARTICLE}, false, &ev->product,
		      why) ||
	    !field_price_exact(field.at[T_PRICE], T_PRICE, ev, why))
		return ROW_REJECT;
	ev->session = arena_printf(ev->arena, "%.*s %.*s", STR_ARG(field.at[T_DATE]),
				   STR_ARG(ev->user));
	if (ev->session.len > DATASET_ID_MAX) {
		*why = (struct reject){REJECT_LONG, T_CUSTOMER, ev->user};
		return ROW_REJECT;
	}
	ev->trait[TRAIT_CHANNEL] = field.at[T_CHANNEL];
	ev->kind = EVENT_PURCHASE;
	ev->quantity = 1;
	return ROW_EVENT;
}

/* ---- customers.csv */

const char *const hm_customer_columns[CUSTOMER_COLUMNS] = {
	"customer_id", "FN", "Active", "club_member_status", "fashion_news_frequency",
	"age", "postal_code",
};

/* Postal codes are left out: there are a handful of people to each. */
static const struct {
	const char *name;
	unsigned column;
} told[] = {
	{"age", C_AGE},	      {"club", C_CLUB},	    {"news", C_NEWS},
	{"active", C_ACTIVE}, {"fn", C_FN},
};
#define TOLD (sizeof(told) / sizeof(*told))
static const char *const person[TOLD] = {"age", "club", "news", "active", "fn"};

/* 1 of 1.0: flags are written as decimals. */
static struct str whole(struct str s)
{
	return s.len > 2 && memcmp(s.ptr + s.len - 2, ".0", 2) == 0
		       ? str_span(s.ptr, s.len - 2) : s;
}

static enum row_result customer_row(const void *ctx, struct strs field,
				    struct event_row *ev, struct reject *why)
{
	if (!field_id((struct field){field.at[C_CUSTOMER], C_CUSTOMER}, false, &ev->user, why))
		return ROW_REJECT;
	for (size_t i = 0; i < TOLD; i++)
		ev->person[i] = whole(str_trim(field.at[told[i].column]));
	return ROW_FACTS;
}

static const struct file_kind kinds[] = {
	{
		.name = "articles",
		.header = true,
		.n_columns = ARTICLE_COLUMNS,
		.columns = hm_article_columns,
		.row = article_row,
	}, {
		.name = "transactions",
		.header = true,
		.n_columns = TRANSACTION_COLUMNS,
		.columns = hm_transaction_columns,
		.caps = CAP_PURCHASES | CAP_USERS | CAP_PRICES,
		.row = transaction_row,
	}, {
		.name = "customers",
		.header = true,
		.n_columns = CUSTOMER_COLUMNS,
		.columns = hm_customer_columns,
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
		"line. Of customers age, club_member_status (club), fashion_news_frequency "
		"(news), Active and FN are kept, for filters like user.age<30.",
	.n_person = TOLD,
	.person = person,
	.separator = ',',
	.path_separator = PATH_JOINT,
	.kinds = kinds,
	.n_kinds = sizeof(kinds) / sizeof(*kinds),
	.n_attributes = KEPT,
	.attributes = attributes,
	.traits = true,
	.price_scale = 2,
	.currency = "",
	.writer = &hm_writer,
};
