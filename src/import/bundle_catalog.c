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

enum { C_ID, C_PATH, C_NAME, C_PARENT, C_DEPTH, C_COLUMNS };
static const char *const category_columns[C_COLUMNS] = {"id", "path", "name", "parent",
							"depth"};

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

static bool push_product(struct bundle *b, const struct given_product *p,
			 const struct product_totals *t)
{
	MEM_GROW(b->product, b->cap_products, (size_t)b->n_products + 1);
	MEM_GROW(b->totals, b->cap_totals, (size_t)b->n_products + 1);
	b->product[b->n_products] = *p;
	b->totals[b->n_products++] = *t;
	return true;
}

/* What is said last of it holds. */
static void take_later(struct str *has, struct str said, bool later)
{
	if (said.len && (later || !has->len))
		*has = said;
}

static bool add_decimals(struct decimal *to, struct decimal d)
{
	unsigned scale = to->scale > d.scale ? to->scale : d.scale;
	int64_t a, b;

	if (!num_rescale(*to, scale, &a) || !num_rescale(d, scale, &b) ||
	    __builtin_add_overflow(a, b, &to->units))
		return false;
	to->scale = scale;
	return true;
}

static bool add_totals(struct product_totals *to, const struct product_totals *t)
{
	for (unsigned i = 0; i < 3; i++)
		if (__builtin_add_overflow(to->count[i], t->count[i], &to->count[i]))
			return false;
	if (!t->has_revenue)
		return true;
	if (to->has_revenue)
		return add_decimals(&to->revenue, t->revenue);
	to->has_revenue = true;
	to->revenue = t->revenue;
	return true;
}

/* A product of the bundle joins that of the store. */
static bool join_product(struct given_product *has, const struct given_product *p,
			 const char **why)
{
	bool later = p->last >= has->last || has->last == TIME_NONE;

	*why = "its category is another one than in the store: transitions that were counted "
	       "can't move. Count the whole log again";
	if ((has->category.len || has->path.len) && (p->category.len || p->path.len) &&
	    (!str_eq(has->category, p->category) || !str_eq(has->path, p->path)))
		return false;
	if (!has->category.len && !has->path.len) {
		if (p->category.len || p->path.len)
			return false;
	}
	take_later(&has->brand, p->brand, later);
	take_later(&has->name, p->name, later);
	take_later(&has->group, p->group, later);
	take_later(&has->description, p->description, later);
	if (p->has_price && (later || !has->has_price)) {
		has->has_price = true;
		has->price = p->price;
	}
	if (p->first != TIME_NONE && (has->first == TIME_NONE || p->first < has->first))
		has->first = p->first;
	if (p->last != TIME_NONE && (has->last == TIME_NONE || p->last > has->last))
		has->last = p->last;
	return true;
}

static bool merge_product(struct bundle *b, const struct given_product *p,
			  const struct product_totals *t, const char **why)
{
	uint32_t known = b->n_products, i = map_intern(b->told_products, p->id, NULL);

	*why = "there is no memory for it";
	if (i == MAP_NONE)
		return false;
	if (i == known) {
		MEM_GROW(b->told_product, b->cap_told_product, (size_t)i + 1);
		b->told_product[i] = !b->keeping;
		return push_product(b, p, t);
	}
	*why = "the product is there twice";
	if (b->keeping || b->told_product[i])
		return false;
	b->told_product[i] = true;
	if (!join_product(&b->product[i], p, why))
		return false;
	*why = "its totals and those of the store outgrow 32 or 64 bits";
	return add_totals(&b->totals[i], t);
}

static bool take_product(void *ctx, const struct bundle_row *r, const char **why)
{
	struct bundle *b = ctx;
	struct given_product p = {.first = TIME_NONE};
	struct product_totals t = {{0}};
	bool ok;

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
	ok = b->old ? merge_product(b, &p, &t, why) : push_product(b, &p, &t);
	pthread_mutex_unlock(&b->lock);
	return ok;
}

static bool push_category(struct bundle *b, const struct given_category *c, uint32_t depth)
{
	size_t n = (size_t)b->n_categories + 1;

	MEM_GROW(b->category, b->cap_categories, n);
	MEM_GROW(b->told_depth, b->cap_told_depth, n);
	MEM_GROW(b->told, b->cap_told, n);
	b->told_depth[n - 1] = depth;
	b->told[n - 1] = !b->keeping;
	b->category[b->n_categories++] = *c;
	return true;
}

static bool merge_category(struct bundle *b, const struct given_category *c, uint32_t depth,
			   const char **why)
{
	uint32_t known = b->n_categories, i;
	STRBUF(key);

	if (!c->id.len)
		strbuf_addc(&key, '\1');
	strbuf_add(&key, c->id.len ? c->id : c->path);
	i = map_intern(b->told_categories, strbuf_str(&key), NULL);
	*why = "there is no memory for it";
	if (i == MAP_NONE)
		return false;
	if (i == known)
		return push_category(b, c, depth);
	*why = "the category is there twice";
	if (b->keeping || b->told[i])
		return false;
	b->told[i] = true;
	*why = "its path, parent or depth is another one than in the store. Count the whole log "
	       "again";
	return str_eq(c->path, b->category[i].path) &&
	       str_eq(c->parent, b->category[i].parent) && depth == b->told_depth[i];
}

static bool take_category(void *ctx, const struct bundle_row *r, const char **why)
{
	struct bundle *b = ctx;
	struct given_category c;
	uint32_t depth;
	bool ok;

	*why = "a category needs an id or a path";
	if (!r->field[C_ID].len && !r->field[C_PATH].len)
		return false;
	*why = "depth is a place in the tree, from 0";
	if (!parse_count(r->field[C_DEPTH], &depth, why) || depth >= CATALOG_LEVELS)
		return false;
	pthread_mutex_lock(&b->lock);
	c = (struct given_category){
		.id = keep(b, r->field[C_ID]),
		.path = keep(b, r->field[C_PATH]),
		.name = keep(b, r->field[C_NAME]),
		.parent = keep(b, r->field[C_PARENT]),
	};
	ok = !b->old ? push_category(b, &c, depth) : merge_category(b, &c, depth, why);
	pthread_mutex_unlock(&b->lock);
	return ok;
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

static bool start_merge(struct bundle *b, uint64_t *scale, unsigned *caps, struct err *err)
{
	const struct catalog *c = b->old->c;

	b->told_products = map_create();
	b->told_categories = map_create();
	*scale = *scale > c->price_scale ? *scale : c->price_scale;
	*caps |= c->caps;
	return !c->n_attributes ||
	       err_fail(err, ERR_NO, "%s has attributes of products: nothing can be added to it",
			b->old->path);
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
	if (b->old && !start_merge(b, &scale, &caps, err))
		return false;
	b->keeping = true;
	if (!bundle_read_kept(b, &categories, err) || !bundle_read_kept(b, &products, err))
		return false;
	b->keeping = false;
	if (!bundle_read(b, &categories, err) || !bundle_read(b, &products, err))
		return false;
	if (b->old && b->n_attributes)
		return err_fail(err, ERR_NO, "%s: products with attributes can't be added to a "
				"store: count the whole log again", b->dir);
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
	return bundle_number_old(b, err);
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
