/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products and categories of a bundle, as values for catalog_make; their totals. */
#include "config.h"

#include "import/bundle_impl.h"

#include <string.h>

#include "base/mem.h"

enum {
	P_ID,
	P_CATEGORY,
	P_PATH,
	P_BRAND,
	P_NAME,
	P_FAMILY,
	P_DESCRIPTION,
	P_PRICE,
	P_FIRST,
	P_LAST,
	P_VIEWS,
	P_CARTS,
	P_PURCHASES,
	P_REVENUE,
	P_COLUMNS,
};
static const char *const product_columns[P_COLUMNS] = {
	"id", "category", "path", "brand", "name", "family", "description", "price", "first",
	"last", "views", "carts", "purchases", "revenue",
};

enum { C_ID, C_PATH, C_NAME, C_PARENT, C_COLUMNS };
static const char *const category_columns[C_COLUMNS] = {"id", "path", "name", "parent"};

static bool parse_count(struct str s, uint32_t *n, const char **why)
{
	*n = 0;
	return !s.len || bundle_u32(s, n, why);
}

static bool parse_time(struct str s, int64_t *ms, const char **why)
{
	*ms = TIME_NONE;
	*why = "first and last must be ms since 1970, or empty";
	return !s.len || num_i64(s, ms);
}

static bool parse_decimal(struct str s, bool *has, struct decimal *d, const char **why)
{
	*has = s.len > 0;
	*why = "price and revenue must be decimal numbers, or empty";
	return !s.len || num_decimal(s, d);
}

static bool parse_product(const struct str *field, struct given_product *p,
			  struct product_totals *t, const char **why)
{
	return parse_decimal(field[P_PRICE], &p->has_price, &p->price, why) &&
	       parse_decimal(field[P_REVENUE], &t->has_revenue, &t->revenue, why) &&
	       parse_time(field[P_FIRST], &p->first, why) &&
	       parse_time(field[P_LAST], &p->last, why) &&
	       parse_count(field[P_VIEWS], &t->count[0], why) &&
	       parse_count(field[P_CARTS], &t->count[1], why) &&
	       parse_count(field[P_PURCHASES], &t->count[2], why);
}

/* Texts of the bundle's own; an empty one takes no room. */
static struct str keep(struct bundle *b, struct str s)
{
	return s.len ? arena_str(b->arena, s) : STR("");
}

static struct str *keep_attributes(struct bundle *b, const struct bundle_row *r)
{
	struct str *a;

	if (!b->n_attributes)
		return NULL;
	a = arena_alloc(b->arena, DATASET_ATTRIBUTES * sizeof *a);
	for (unsigned i = 0; i < DATASET_ATTRIBUTES; i++)
		a[i] = i < b->n_attributes ? keep(b, r->attribute[i]) : STR("");
	return a;
}

static bool take_product(void *ctx, const struct bundle_row *r, const char **why)
{
	struct bundle *b = ctx;
	struct given_product p = {.first = TIME_NONE};
	struct product_totals t = {{0}};

	if (!parse_product(r->field, &p, &t, why))
		return false;
	*why = "a product has a category or a path, not both";
	if (r->field[P_CATEGORY].len && r->field[P_PATH].len)
		return false;
	pthread_mutex_lock(&b->lock);
	p.id = keep(b, r->field[P_ID]);
	p.category = keep(b, r->field[P_CATEGORY]);
	p.path = keep(b, r->field[P_PATH]);
	p.brand = keep(b, r->field[P_BRAND]);
	p.name = keep(b, r->field[P_NAME]);
	p.group = keep(b, r->field[P_FAMILY]);
	p.description = keep(b, r->field[P_DESCRIPTION]);
	p.attribute = keep_attributes(b, r);
	MEM_GROW(b->product, b->cap_products, (size_t)b->n_products + 1);
	MEM_GROW(b->totals, b->cap_totals, (size_t)b->n_products + 1);
	b->product[b->n_products] = p;
	b->totals[b->n_products++] = t;
	pthread_mutex_unlock(&b->lock);
	return true;
}

static bool take_category(void *ctx, const struct bundle_row *r, const char **why)
{
	struct bundle *b = ctx;

	*why = "a category needs an id or a path";
	if (!r->field[C_ID].len && !r->field[C_PATH].len)
		return false;
	pthread_mutex_lock(&b->lock);
	MEM_GROW(b->category, b->cap_categories, (size_t)b->n_categories + 1);
	b->category[b->n_categories++] = (struct given_category){
		.id = keep(b, r->field[C_ID]),
		.path = keep(b, r->field[C_PATH]),
		.name = keep(b, r->field[C_NAME]),
		.parent = keep(b, r->field[C_PARENT]),
	};
	pthread_mutex_unlock(&b->lock);
	return true;
}

static const char *text_of(const struct bundle *b, const char *key)
{
	return json_string_value(json_object_get(b->meta, key));
}

static bool take_caps(const struct bundle *b, unsigned *caps, struct err *err)
{
	const json_t *list = json_object_get(b->meta, "capabilities"), *name;
	size_t i;

	*caps = 0;
	json_array_foreach(list, i, name) {
		unsigned cap = capability_parse(json_string_value(name));

		if (!cap)
			return err_fail(err, ERR_FORMAT, "%s/meta.json: capability %zu is none "
					"that aisle knows", b->dir, i + 1);
		/* No users and no hours: there are no events to see them in. */
		*caps |= cap & ~(unsigned)(CAP_USERS | CAP_HOURS);
	}
	return true;
}

bool bundle_catalog(struct bundle *b, struct catalog_given *g, struct err *err)
{
	static const char *const scale_of[3] = {"price_scale"};
	static const char *const cap_of[3] = {"max_session"};
	const struct bundle_table products = {"product", product_columns, P_COLUMNS, 1, true,
					      take_product, b};
	const struct bundle_table categories = {"category", category_columns, C_COLUMNS, 1,
						false, take_category, b};
	const char *separator = text_of(b, "category_separator");
	uint64_t scale, max_session;
	unsigned caps;

	if (!bundle_number_of(b, scale_of, &scale, err) ||
	    !bundle_number_of(b, cap_of, &max_session, err) || !take_caps(b, &caps, err))
		return false;
	if (separator && strlen(separator) > 1)
		return err_fail(err, ERR_FORMAT, "%s/meta.json: category_separator is one "
				"character", b->dir);
	if (scale > NUM_SCALE_MAX || max_session > UINT32_MAX)
		return err_fail(err, ERR_FORMAT, "%s/meta.json: price_scale or max_session is "
				"too big", b->dir);
	if (!bundle_read(b, &categories, err) || !bundle_read(b, &products, err))
		return false;
	*g = (struct catalog_given){
		.product = b->product,
		.n_products = b->n_products,
		.category = b->category,
		.n_categories = b->n_categories,
		.caps = caps,
		.price_scale = (unsigned)scale,
		.max_session = (uint32_t)max_session,
		.currency = text_of(b, "currency"),
		.time_zone = text_of(b, "time_zone"),
		.path_separator = separator ? separator[0] : 0,
		.attribute = b->attribute,
		.n_attributes = b->n_attributes,
	};
	return true;
}

static struct map *number_texts(const struct text *ids, struct err *err)
{
	struct map *m = map_create();

	for (uint64_t i = 0; i < ids->n; i++)
		if (map_intern(m, text_at(ids, i), err) != i) {
			map_destroy(m);
			return NULL;
		}
	return m;
}

bool bundle_number(struct bundle *b, const struct catalog *c, struct err *err)
{
	size_t n = c->n_categories;

	b->products = number_texts(&c->product_id, err);
	b->categories = b->products ? number_texts(&c->category_id, err) : NULL;
	if (!b->categories)
		return false;
	b->catalog_categories = c->n_categories;
	b->depth = mem_dup(c->category_depth, n * sizeof *b->depth);
	b->parent = mem_dup(c->category_parent, n * sizeof *b->parent);
	b->end = mem_dup(c->category_end, n * sizeof *b->end);
	b->price_scale = c->price_scale;
	return true;
}

bool bundle_totals(struct bundle *b, struct bundle_totals *out, struct err *err)
{
	const char *what = "product totals";
	SCOPED_FREE uint32_t *views = mem_big(b->n_products, sizeof *views, what, err);
	SCOPED_FREE uint32_t *carts = mem_big(b->n_products, sizeof *carts, what, err);
	SCOPED_FREE uint32_t *bought = mem_big(b->n_products, sizeof *bought, what, err);
	SCOPED_FREE int64_t *revenue = mem_big(b->n_products, sizeof *revenue, what, err);
	bool any = false;

	if (!views || !carts || !bought || !revenue)
		return false;
	for (uint32_t i = 0; i < b->n_products; i++) {
		const struct product_totals *t = &b->totals[i];
		uint32_t p = map_find(b->products, b->product[i].id);

		views[p] = t->count[0];
		carts[p] = t->count[1];
		bought[p] = t->count[2];
		any |= t->has_revenue;
		if (t->has_revenue && !num_rescale(t->revenue, b->price_scale, &revenue[p]))
			return err_fail(err, ERR_FORMAT, "%s/product: the revenue of '%.*s' "
					"doesn't fit the %u digits of prices", b->dir,
					STR_ARG(b->product[i].id), b->price_scale);
	}
	*out = (struct bundle_totals){views, carts, bought, any ? revenue : NULL};
	views = carts = bought = NULL;
	if (any)
		revenue = NULL;
	return true;
}
