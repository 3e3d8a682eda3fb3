/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Retailrocket recommender system data set: events, properties, a tree. */
#include "config.h"

#include "data/dataset.h"

#include "base/num.h"
#include "base/time.h"
#include "data/output.h"
#include "data/write.h"

/* The times of the years 1970 to 9999 in ms. */
#define TIME_MAX INT64_C(253402300799999)

static bool parse_ms(struct str s, unsigned column, int64_t *ms, struct reject *why)
{
	if (num_i64(s, ms) && *ms >= 0 && *ms <= TIME_MAX)
		return true;
	*why = (struct reject){REJECT_TIME, column, s};
	return false;
}

/* ---- events.csv */

enum { E_TIME, E_VISITOR, E_EVENT, E_ITEM, E_TRANSACTION, E_COLUMNS };
static const char *const event_columns[E_COLUMNS] = {
	"timestamp", "visitorid", "event", "itemid", "transactionid",
};

static const struct {
	const char *name;
	enum event_kind kind;
} events[] = {
	{"view", EVENT_VIEW},
	{"addtocart", EVENT_CART},
	{"transaction", EVENT_PURCHASE},
};

static bool parse_event(struct str s, enum event_kind *kind, struct reject *why)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (str_is(s, events[i].name)) {
			*kind = events[i].kind;
			return true;
		}
	*why = (struct reject){REJECT_EVENT, E_EVENT, s};
	return false;
}

static enum row_result event_row(const void *ctx, const struct str *field, unsigned n,
				 struct event_row *ev, struct reject *why)
{
	/* Visitors are numbered from 0. */
	if (!parse_ms(field[E_TIME], E_TIME, &ev->time, why) ||
	    !field_id(field[E_VISITOR], E_VISITOR, false, &ev->user, why) ||
	    !parse_event(field[E_EVENT], &ev->kind, why) ||
	    !field_id(field[E_ITEM], E_ITEM, false, &ev->product, why))
		return ROW_REJECT;
	ev->quantity = 1;
	return ROW_EVENT;
}

/* ---- item_properties_part*.csv */

enum { P_TIME, P_ITEM, P_PROPERTY, P_VALUE, P_COLUMNS };
static const char *const property_columns[P_COLUMNS] = {
	"timestamp", "itemid", "property", "value",
};

enum { A_AVAILABLE, ATTRIBUTES };
static const char *const attributes[ATTRIBUTES] = {"available"};

static enum row_result property_row(const void *ctx, const struct str *field, unsigned n,
				    struct event_row *ev, struct reject *why)
{
	ev->category = ev->property = ev->value = ev->attribute[A_AVAILABLE] = STR_NULL;
	if (!parse_ms(field[P_TIME], P_TIME, &ev->time, why) ||
	    !field_id(field[P_ITEM], P_ITEM, false, &ev->product, why))
		return ROW_REJECT;
	if (str_is(field[P_PROPERTY], "categoryid"))
		return field_id(field[P_VALUE], P_VALUE, false, &ev->category, why)
			? ROW_FACTS : ROW_REJECT;
	if (str_is(field[P_PROPERTY], "available")) {
		ev->attribute[A_AVAILABLE] = field[P_VALUE];
		return ROW_FACTS;
	}
	if (!field_id(field[P_PROPERTY], P_PROPERTY, false, &ev->property, why))
		return ROW_REJECT;
	ev->value = field[P_VALUE];
	return ROW_FACTS;
}

/* ---- category_tree.csv */

enum { T_CATEGORY, T_PARENT, T_COLUMNS };
static const char *const tree_columns[T_COLUMNS] = {"categoryid", "parentid"};

static enum row_result tree_row(const void *ctx, const struct str *field, unsigned n,
				struct event_row *ev, struct reject *why)
{
	ev->category_parent = STR_NULL;
	ev->time = TIME_ALWAYS;
	if (!field_id(field[T_CATEGORY], T_CATEGORY, false, &ev->category, why) ||
	    (field[T_PARENT].len &&
	     !field_id(field[T_PARENT], T_PARENT, false, &ev->category_parent, why)))
		return ROW_REJECT;
	return ROW_FACTS;
}

/* ---- writing */

#define WEEK (7 * TIME_DAY)
#define HASHED UINT64_C(1400000)	/* property values are numbers below it */

static void write_event_header(struct strbuf *out)
{
	write_names(out, event_columns, E_COLUMNS, ',');
}

static void write_event(struct strbuf *out, const struct event_row *ev)
{
	write_number(out, (uint64_t)ev->time, 1);
	write_field(out, ev->user);
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (events[i].kind == ev->kind)
			write_field(out, str_from(events[i].name));
	write_field(out, ev->product);
	write_field(out, ev->kind == EVENT_PURCHASE ? ev->session : STR(""));
	strbuf_addc(out, '\n');
}

static void write_property_header(struct strbuf *out)
{
	write_names(out, property_columns, P_COLUMNS, ',');
}

static void write_property(struct strbuf *out, const struct event_row *ev, int64_t time,
			   const char *name, struct str value)
{
	write_number(out, (uint64_t)time, 1);
	write_field(out, ev->product);
	write_field(out, str_from(name));
	write_field(out, value);
	strbuf_addc(out, '\n');
}

/* Words become numbers. */
static void hash_words(struct strbuf *b, struct str text)
{
	struct str word;

	while (str_next(&text, ' ', &word)) {
		if (b->len)
			strbuf_addc(b, ' ');
		write_number(b, str_hash(word, 0) % HASHED, 1);
	}
}

static void write_price_property(struct strbuf *out, const struct event_row *ev,
				 int64_t time, uint64_t cents)
{
	STRBUF(value);

	strbuf_addf(&value, "n%llu.%03u", (unsigned long long)cents / 100,
		    (unsigned)(cents % 100 * 10));
	write_property(out, ev, time, "790", strbuf_str(&value));
}

/* What holds on the first day; of one product in sixteen the category changes. */
static bool moves(const struct event_row *ev)
{
	return ev->category_parent.len && str_hash(ev->product, 1) % 16 == 0;
}

static void write_part1(struct strbuf *out, const struct event_row *ev)
{
	uint64_t x = str_hash(ev->product, 2);
	STRBUF(name);

	hash_words(&name, ev->name);
	write_property(out, ev, ev->time, "categoryid",
		       moves(ev) ? ev->category_parent : ev->category);
	write_property(out, ev, ev->time, "available", x % 8 ? STR("1") : STR("0"));
	write_price_property(out, ev, ev->time, (uint64_t)ev->price.units);
	write_property(out, ev, ev->time, "888", strbuf_str(&name));
}

/* What has changed weeks later. */
static void write_part2(struct strbuf *out, const struct event_row *ev)
{
	uint64_t x = str_hash(ev->product, 3);

	if (moves(ev))
		write_property(out, ev, ev->time + WEEK, "categoryid", ev->category);
	if (x % 2 == 0)
		write_property(out, ev, ev->time + WEEK, "available",
			       x % 3 ? STR("1") : STR("0"));
	if (x % 5 == 0)
		write_price_property(out, ev, ev->time + 2 * WEEK,
				     (uint64_t)ev->price.units * 9 / 10);
}

static void write_tree_header(struct strbuf *out)
{
	write_names(out, tree_columns, T_COLUMNS, ',');
}

static void write_node(struct strbuf *out, const struct event_row *ev)
{
	strbuf_add(out, ev->category);
	write_field(out, ev->category_parent);
	strbuf_addc(out, '\n');
}

static const enum column_role event_roles[E_COLUMNS] = {
	COLUMN_TIME, COLUMN_ID, COLUMN_EVENT, COLUMN_ID, COLUMN_TEXT,
};
static const enum column_role property_roles[P_COLUMNS] = {
	COLUMN_TIME, COLUMN_ID, COLUMN_OTHER, COLUMN_OTHER,
};
static const enum column_role tree_roles[T_COLUMNS] = {COLUMN_ID, COLUMN_OTHER};

static const struct output_file output[] = {
	{
		.name = "events.csv",
		.kinds = OUTPUT_KINDS(EVENT_VIEW) | OUTPUT_KINDS(EVENT_CART) |
			OUTPUT_PURCHASES,
		.header = write_event_header,
		.row = write_event,
		.roles = event_roles,
		.n_roles = E_COLUMNS,
	}, {
		.name = "item_properties_part1.csv",
		.rows = SHOP_PRODUCTS,
		.header = write_property_header,
		.row = write_part1,
		.roles = property_roles,
		.n_roles = P_COLUMNS,
	}, {
		.name = "item_properties_part2.csv",
		.rows = SHOP_PRODUCTS,
		.header = write_property_header,
		.row = write_part2,
		.roles = property_roles,
		.n_roles = P_COLUMNS,
	}, {
		.name = "category_tree.csv",
		.rows = SHOP_CATEGORIES,
		.header = write_tree_header,
		.row = write_node,
		.roles = tree_roles,
		.n_roles = T_COLUMNS,
	},
};
static const struct dataset_writer writer = {
	.files = output,
	.n_files = sizeof(output) / sizeof(*output),
	.first_session = 1,
};

static const struct file_kind kinds[] = {
	{
		.name = "events",
		.header = true,
		.n_columns = E_COLUMNS,
		.columns = event_columns,
		.caps = CAP_VIEWS | CAP_CARTS | CAP_PURCHASES | CAP_USERS | CAP_HOURS,
		.row = event_row,
	}, {
		.name = "properties",
		.header = true,
		.n_columns = P_COLUMNS,
		.columns = property_columns,
		.row = property_row,
	}, {
		.name = "category tree",
		.header = true,
		.n_columns = T_COLUMNS,
		.columns = tree_columns,
		.row = tree_row,
	},
};

const struct dataset ds_retailrocket = {
	.name = "retailrocket",
	.title = "Retailrocket recommender system data set",
	.files = "events.csv, and if they are at hand item_properties_part1.csv, "
		 "item_properties_part2.csv and category_tree.csv, in any order",
	.basket = "what one visitor does without a pause of more than 30 minutes (--gap)",
	.note = "Of every property the latest value holds; categoryid is the category, "
		"hashed properties and values are kept as text.",
	.separator = ',',
	.kinds = kinds,
	.n_kinds = sizeof(kinds) / sizeof(*kinds),
	.n_attributes = ATTRIBUTES,
	.attributes = attributes,
	.currency = "",
	.gap = INT64_C(30) * 60 * 1000,
	.writer = &writer,
};
