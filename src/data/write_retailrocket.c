/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A synthetic shop in the form of the Retailrocket files: events, properties, a tree. */
#include "config.h"

#include "data/ds_retailrocket.h"

#include "base/time.h"
#include "data/write.h"

#define WEEK (7 * TIME_DAY)
#define HASHED UINT64_C(1400000)	/* property values are numbers below it */

static void write_event_header(struct strbuf *out)
{
	write_names(out, rocket_event_columns, E_COLUMNS, ',');
}

static void write_event(struct strbuf *out, const struct event_row *ev)
{
	write_number(out, (uint64_t)ev->time, 1);
	write_field(out, ev->user);
	for (size_t i = 0; i < ROCKET_EVENTS; i++)
		if (rocket_events[i].kind == ev->kind)
			write_field(out, str_from(rocket_events[i].name));
	write_field(out, ev->product);
	write_field(out, ev->kind == EVENT_PURCHASE ? ev->session : STR(""));
	strbuf_addc(out, '\n');
}

static void write_property_header(struct strbuf *out)
{
	write_names(out, rocket_property_columns, P_COLUMNS, ',');
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
	write_names(out, rocket_tree_columns, T_COLUMNS, ',');
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

const struct dataset_writer rocket_writer = {
	.files = output,
	.n_files = sizeof(output) / sizeof(*output),
	.first_session = 1,
};
