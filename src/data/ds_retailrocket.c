/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Retailrocket recommender system data set: events, properties, a tree. */
#include "config.h"

#include "data/ds_retailrocket.h"

#include "base/num.h"
#include "base/time.h"

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

const char *const rocket_event_columns[E_COLUMNS] = {
	"timestamp", "visitorid", "event", "itemid", "transactionid",
};

const struct rocket_event rocket_events[ROCKET_EVENTS] = {
	{"view", EVENT_VIEW},
	{"addtocart", EVENT_CART},
	{"transaction", EVENT_PURCHASE},
};

static bool parse_event(struct str s, enum event_kind *kind, struct reject *why)
{
	for (size_t i = 0; i < ROCKET_EVENTS; i++)
		if (str_is(s, rocket_events[i].name)) {
			*kind = rocket_events[i].kind;
			return true;
		}
	*why = (struct reject){REJECT_EVENT, E_EVENT, s};
	return false;
}

static enum row_result event_row(const void *ctx, struct strs field, struct event_row *ev,
				 struct reject *why)
{
	/* Visitors are numbered from 0. */
	if (!parse_ms(field.at[E_TIME], E_TIME, &ev->time, why) ||
	    !field_id((struct field){field.at[E_VISITOR], E_VISITOR}, false, &ev->user, why) ||
	    !parse_event(field.at[E_EVENT], &ev->kind, why) ||
	    !field_id((struct field){field.at[E_ITEM], E_ITEM}, false, &ev->product, why))
		return ROW_REJECT;
	ev->quantity = 1;
	return ROW_EVENT;
}

/* ---- item_properties_part*.csv */

const char *const rocket_property_columns[P_COLUMNS] = {
	"timestamp", "itemid", "property", "value",
};

enum { A_AVAILABLE, ATTRIBUTES };
static const char *const attributes[ATTRIBUTES] = {"available"};

static enum row_result property_row(const void *ctx, struct strs field,
				    struct event_row *ev, struct reject *why)
{
	ev->category = ev->property = ev->value = ev->attribute[A_AVAILABLE] = STR_NULL;
	if (!parse_ms(field.at[P_TIME], P_TIME, &ev->time, why) ||
	    !field_id((struct field){field.at[P_ITEM], P_ITEM}, false, &ev->product, why))
		return ROW_REJECT;
	if (str_is(field.at[P_PROPERTY], "categoryid"))
		return field_id((struct field){field.at[P_VALUE], P_VALUE}, false,
				&ev->category, why)
			       ? ROW_FACTS
			       : ROW_REJECT;
	if (str_is(field.at[P_PROPERTY], "available")) {
		ev->attribute[A_AVAILABLE] = field.at[P_VALUE];
		return ROW_FACTS;
	}
	if (!field_id((struct field){field.at[P_PROPERTY], P_PROPERTY}, false, &ev->property,
		      why))
		return ROW_REJECT;
	ev->value = field.at[P_VALUE];
	return ROW_FACTS;
}

/* ---- category_tree.csv */

const char *const rocket_tree_columns[T_COLUMNS] = {"categoryid", "parentid"};

static enum row_result tree_row(const void *ctx, struct strs field, struct event_row *ev,
				struct reject *why)
{
	ev->category_parent = STR_NULL;
	ev->time = TIME_ALWAYS;
	if (!field_id((struct field){field.at[T_CATEGORY], T_CATEGORY}, false, &ev->category,
		      why) ||
	    (field.at[T_PARENT].len && !field_id((struct field){field.at[T_PARENT], T_PARENT},
						 false, &ev->category_parent, why)))
		return ROW_REJECT;
	return ROW_FACTS;
}

static const struct file_kind kinds[] = {
	{
		.name = "events",
		.header = true,
		.n_columns = E_COLUMNS,
		.columns = rocket_event_columns,
		.caps = CAP_VIEWS | CAP_CARTS | CAP_PURCHASES | CAP_USERS | CAP_HOURS,
		.row = event_row,
	}, {
		.name = "properties",
		.header = true,
		.n_columns = P_COLUMNS,
		.columns = rocket_property_columns,
		.row = property_row,
	}, {
		.name = "category tree",
		.header = true,
		.n_columns = T_COLUMNS,
		.columns = rocket_tree_columns,
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
	.writer = &rocket_writer,
};
