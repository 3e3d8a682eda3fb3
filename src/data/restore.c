/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Category ids, codes and events of a store turned back into the records they came from. */
#include "config.h"

#include "data/restore.h"

#include <assert.h>
#include <math.h>

static struct str name_of(const struct text *t, uint32_t number)
{
	return number != CATALOG_NONE && t->offsets && number < t->n ? text_at(t, number)
								      : STR("");
}

/* Is it a leaf that import made for its id, below the node of its code? Such a
 * leaf is named "CODE'S NAME #END OF ID", or "#END OF ID" below "(no code)". */
static bool made_leaf(const struct catalog *cat, uint32_t c)
{
	struct str id = text_at(&cat->category_id, c);
	struct str name = text_at(&cat->category_name, c);
	uint32_t parent = cat->category_parent[c];
	struct str end, above;

	if (parent == CATALOG_NONE)
		return false;
	end = id.len > 9 ? str_span(id.ptr + id.len - 9, 9) : id;
	if (name.len <= end.len || name.ptr[name.len - end.len - 1] != '#' ||
	    !str_eq(str_span(name.ptr + name.len - end.len, end.len), end))
		return false;
	above = text_at(&cat->category_name, parent);
	name.len -= end.len + 1;
	return str_is(above, "(no code)") ? name.len == 0
		: name.len == above.len + 1 && str_starts(name, above);
}

/* The id and the code ("a.b.c") of a category as its records have them: the
 * inverse of the category tree, whose inner nodes have no id and whose leaves
 * that share a code no code of their own. Empty where there is none. */
static void restore_category(const struct catalog *cat, uint32_t category, struct str *id,
			     struct str *code)
{
	*id = *code = STR("");
	if (category == CATALOG_NONE || category >= cat->n_categories)
		return;
	struct str own = text_at(&cat->category_id, category), bare = own;
	struct str path = text_at(&cat->category_path, category);

	if (made_leaf(cat, category)) {
		struct str above = text_at(&cat->category_path, cat->category_parent[category]);

		*id = own;
		*code = str_is(above, "(no code)") ? STR("") : above;
		return;
	}
	while (bare.len && bare.ptr[0] == '.')
		bare = str_span(bare.ptr + 1, bare.len - 1);
	*id = str_eq(bare, path) ? STR("") : own;
	*code = path;
}

static void restore_product(const struct catalog *cat, uint32_t p, struct event_row *ev)
{
	uint32_t a;

	ev->product = text_at(&cat->product_id, p);
	restore_category(cat, cat->product_category[p], &ev->category, &ev->category_path);
	if (cat->product_brand)
		ev->brand = name_of(&cat->brand_name, cat->product_brand[p]);
	if (cat->caps & CAP_NAMES)
		ev->name = text_at(&cat->product_label, p);
	for (a = 0; a < cat->n_attributes && a < DATASET_ATTRIBUTES; a++)
		if (cat->product_attribute)
			ev->attribute[a] = name_of(
				&cat->attribute_value,
				cat->product_attribute[(size_t)p * cat->n_attributes + a]);
}

void restore_event(const struct catalog *cat, uint32_t session, uint64_t e,
		   struct event_row *ev)
{
	assert(session < cat->n_sessions && e < cat->n_events);
	*ev = (struct event_row){
		.time = cat->event_time[e],
		.kind = cat->event_kind[e],
		.quantity = cat->event_quantity ? cat->event_quantity[e] : 1,
		.has_price = cat->event_price && cat->event_price[e] != PRICE_NONE,
		.has_rating = cat->event_rating && !isnan(cat->event_rating[e]),
	};
	if (ev->has_rating)
		ev->rating = cat->event_rating[e];
	if (ev->has_price)
		ev->price = (struct decimal){cat->event_price[e], cat->price_scale};
	ev->session = name_of(&cat->session_id, session);
	if (cat->session_user)
		ev->user = name_of(&cat->user_id, cat->session_user[session]);
	restore_product(cat, cat->event_product[e], ev);
}
