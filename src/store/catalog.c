/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binds the rows of catalog.def to fields and checks that their shapes agree. */
#include "config.h"

#include "store/catalog.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>

#include "base/num.h"
#include "base/time.h"
#include "base/zone.h"

static const char *const event_kinds[EVENT_KINDS] = {
	[EVENT_VIEW] = "view",
	[EVENT_CART] = "cart",
	[EVENT_REMOVE] = "remove",
	[EVENT_PURCHASE] = "purchase",
	[EVENT_RATING] = "rating",
};

static const struct {
	const char *name;
	bool directed;
} relations[RELATIONS] = {
	[REL_CO_VIEW] = {"co-view", false},
	[REL_ADJACENT_VIEW] = {"adjacent-view", true},
	[REL_VIEW_PURCHASE] = {"view-purchase", true},
	[REL_CO_CART] = {"co-cart", false},
	[REL_CO_PURCHASE] = {"co-purchase", false},
};

static const char *const basket_kinds[BASKET_KINDS] = {
	[BASKET_VIEW] = "view",
	[BASKET_CART] = "cart",
	[BASKET_PURCHASE] = "purchase",
};

static const struct {
	const char *name;
	enum capability cap;
} capabilities[] = {
	{"views", CAP_VIEWS},	{"carts", CAP_CARTS},	{"purchases", CAP_PURCHASES},
	{"users", CAP_USERS},	{"prices", CAP_PRICES}, {"hours", CAP_HOURS},
	{"names", CAP_NAMES},	{"brands", CAP_BRANDS}, {"quantities", CAP_QUANTITIES},
	{"ratings", CAP_RATINGS},
	{"undated", CAP_UNDATED},
};

const char *event_kind_name(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KINDS ? event_kinds[kind] : "unknown";
}

const char *relation_name(enum relation r)
{
	return (unsigned)r < RELATIONS ? relations[r].name : "unknown";
}

bool relation_parse(struct str s, enum relation *r)
{
	for (unsigned i = 0; i < RELATIONS; i++) {
		if (str_is(s, relations[i].name)) {
			*r = (enum relation)i;
			return true;
		}
	}
	*r = str_is(s, "similar") ? REL_CO_VIEW : REL_CO_PURCHASE;
	return str_is(s, "similar") || str_is(s, "complement");
}

bool relation_directed(enum relation r)
{
	return (unsigned)r < RELATIONS && relations[r].directed;
}

const char *basket_kind_name(enum basket_kind k)
{
	return (unsigned)k < BASKET_KINDS ? basket_kinds[k] : "unknown";
}

enum event_kind basket_event(enum basket_kind k)
{
	return k == BASKET_VIEW ? EVENT_VIEW : k == BASKET_CART ? EVENT_CART : EVENT_PURCHASE;
}

enum relation basket_relation(enum basket_kind k)
{
	return k == BASKET_VIEW ? REL_CO_VIEW : k == BASKET_CART ? REL_CO_CART : REL_CO_PURCHASE;
}

/* --- binding */

/* What the rows of an array count. DIM_0: any number. */
enum dim {
	DIM_0,
	DIM_P,
	DIM_C,
	DIM_S,
	DIM_E,
	DIM_P_1,
	DIM_C_1,
	DIM_S_1,
	DIMS,
};
static const unsigned dim_of[DIMS] = {
	[DIM_P] = DIM_P,   [DIM_C] = DIM_C,   [DIM_S] = DIM_S,	 [DIM_E] = DIM_E,
	[DIM_P_1] = DIM_P, [DIM_C_1] = DIM_C, [DIM_S_1] = DIM_S,
};

enum need {
	OPTIONAL,
	REQUIRED,
};

struct binder {
	bool (*find)(void *ctx, const char *name, struct array *a);
	void *ctx;
	bool complete;
	uint64_t rows[DIMS];
	char from[DIMS][64];	/* the array that told the rows; "" unknown */
	struct err *err;
};

struct row_counts {
	uint64_t rows, expected;
};

static bool rows_differ(struct binder *b, const char *name, struct row_counts n,
			const char *because)
{
	return err_fail(b->err, ERR_STORE,
			"the store is damaged: array %s has %ju rows, but %s means %ju", name,
			(uintmax_t)n.rows, because, (uintmax_t)n.expected);
}

/* The first array of a dimension sets it, the others must agree. */
static bool check_dim(struct binder *b, enum dim dim, const char *name, uint64_t rows)
{
	unsigned d = dim_of[dim], more = dim > DIM_E;

	if (dim == DIM_0)
		return true;
	if (rows < more || (d != DIM_E && rows - more >= CATALOG_NONE))
		return rows_differ(b, name, (struct row_counts){rows, more},
				   "the smallest or largest catalog");
	if (!b->from[d][0]) {
		b->rows[d] = rows - more;
		snprintf(b->from[d], sizeof b->from[d], "%s", name);
	}
	return b->rows[d] == rows - more ||
	       rows_differ(b, name, (struct row_counts){rows, b->rows[d] + more}, b->from[d]);
}

/* What a member of the catalog is read from. */
struct wanted {
	enum array_type type;
	enum dim dim;
	enum need need;
};

/* *data stays NULL when there is none; that is an error for one that is needed. */
static bool bind_any(struct binder *b, const char *name, struct wanted w, struct array *a)
{
	*a = (struct array){0};
	if (!b->find(b->ctx, name, a)) {
		if (w.need == REQUIRED && b->complete)
			return err_fail(b->err, ERR_STORE,
					"the store is damaged: it has no array %s", name);
		*a = (struct array){0};
		return true;
	}
	if (a->type != w.type)
		return err_fail(b->err, ERR_STORE,
				"the store is damaged: array %s holds %s, not %s", name,
				array_type_name(a->type), array_type_name(w.type));
	return true;
}

static bool bind_array(struct binder *b, const char *name, struct wanted w, const void **data)
{
	struct array a;

	if (!bind_any(b, name, w, &a))
		return false;
	*data = a.data;
	return !a.data || check_dim(b, w.dim, name, a.rows);
}

/* Offsets must end where what they point into ends; the rest is verify's. */
static bool check_ends(struct binder *b, const char *name, const struct array *offsets,
		       uint64_t entries)
{
	const uint64_t *o = offsets->data;

	if (offsets->rows == 0 || o[0] != 0 || o[offsets->rows - 1] != entries)
		return err_fail(b->err, ERR_STORE,
				"the store is damaged: array %s does not span the %ju "
				"entries beside it", name, (uintmax_t)entries);
	return true;
}

static bool bind_text(struct binder *b, const char *name, struct wanted w, struct text *t)
{
	struct array offsets, bytes;
	char part[128];

	snprintf(part, sizeof part, "%s/bytes", name);
	if (!bind_any(b, part, (struct wanted){.type = ARRAY_U8, .need = w.need}, &bytes))
		return false;
	snprintf(part, sizeof part, "%s/offsets", name);
	if (!bind_any(
		    b, part,
		    (struct wanted){.type = ARRAY_U64, .need = bytes.data ? REQUIRED : w.need},
		    &offsets))
		return false;
	if (!offsets.data || !bytes.data)
		return true;
	if (!check_ends(b, part, &offsets, bytes.rows) ||
	    !check_dim(b, w.dim, name, offsets.rows - 1))
		return false;
	*t = (struct text){offsets.data, bytes.data, offsets.rows - 1};
	return true;
}

/* PREFIX + offsets|column|value with `rows` rows, which may be missing as a
 * whole (csr->offsets NULL) or, in a file that is being built, in part. */
static bool bind_csr(struct binder *b, const char *prefix, uint64_t rows, struct csr *csr)
{
	struct array offsets, column, value;
	char name[128], column_name[128];

	snprintf(name, sizeof name, "%soffsets", prefix);
	if (!bind_any(b, name, (struct wanted){.type = ARRAY_U64, .need = OPTIONAL}, &offsets))
		return false;
	if (!offsets.data)
		return true;
	snprintf(column_name, sizeof column_name, "%scolumn", prefix);
	if (!bind_any(b, column_name, (struct wanted){.type = ARRAY_U32, .need = REQUIRED},
		      &column))
		return false;
	if (offsets.rows != rows + 1)
		return rows_differ(b, name, (struct row_counts){offsets.rows, rows + 1},
				   "the catalog");
	if (column.data && !check_ends(b, name, &offsets, column.rows))
		return false;
	snprintf(name, sizeof name, "%svalue", prefix);
	if (!bind_any(b, name, (struct wanted){.type = ARRAY_U32, .need = REQUIRED}, &value))
		return false;
	if (!column.data || !value.data)
		return true;
	if (value.rows != column.rows)
		return rows_differ(b, name, (struct row_counts){value.rows, column.rows},
				   column_name);
	*csr = (struct csr){offsets.data, column.data, value.data, rows, column.rows};
	return true;
}

/* An array of exactly `rows` rows. */
static bool bind_rows(struct binder *b, const char *prefix, const char *last,
		      enum array_type type, uint64_t rows, enum need need,
		      const void **data)
{
	struct array a;
	char name[128];

	snprintf(name, sizeof name, "%s%s", prefix, last);
	if (!bind_any(b, name, (struct wanted){.type = type, .need = need}, &a))
		return false;
	if (a.data && a.rows != rows)
		return rows_differ(b, name, (struct row_counts){a.rows, rows}, "the catalog");
	*data = a.data;
	return true;
}

static bool bind_relation(struct binder *b, enum relation r, uint64_t n_products,
			  struct relation_counts *c)
{
	struct relation_counts new = {0};
	const void *from = NULL, *to = NULL, *totals = NULL, *q = NULL;
	char prefix[64], name[80];

	snprintf(prefix, sizeof prefix, "pairs/%s/", relation_name(r));
	if (!bind_csr(b, prefix, n_products, &new.out))
		return false;
	if (!new.out.offsets)
		return true;
	if (!bind_rows(b, prefix, "from", ARRAY_U32, n_products, REQUIRED, &from) ||
	    !bind_rows(b, prefix, "totals", ARRAY_U64, 3, REQUIRED, &totals))
		return false;
	to = from;
	new.in = new.out;
	if (relation_directed(r)) {
		new.in = (struct csr){0};
		snprintf(name, sizeof name, "%sin-", prefix);
		if (!bind_csr(b, name, n_products, &new.in) ||
		    !bind_rows(b, prefix, "to", ARRAY_U32, n_products, REQUIRED, &to))
			return false;
	}
	if (!bind_rows(b, prefix, "q", ARRAY_F64, Q_STEPS, OPTIONAL, &q))
		return false;
	if (!from || !to || !totals || !new.in.offsets)	/* half built */
		return !b->complete ||
		       err_fail(b->err, ERR_STORE,
				"the store is damaged: arrays of %s are missing", prefix);
	new.from = from;
	new.to = to;
	new.total = ((const uint64_t *)totals)[0];
	new.pairs = ((const uint64_t *)totals)[1];
	new.instances = ((const uint64_t *)totals)[2];
	new.q = q;
	*c = new;
	return true;
}

static bool bind_level(struct binder *b, const char *kind, unsigned level,
		       uint64_t n_categories, struct transition_counts *t)
{
	struct csr csr = {0};
	const void *pairs = NULL, *q = NULL, *q_multi = NULL;
	char prefix[64];

	snprintf(prefix, sizeof prefix, "transition/%s/%u/", kind, level);
	if (!bind_csr(b, prefix, n_categories, &csr))
		return false;
	if (!csr.offsets)
		return true;
	if (!bind_rows(b, prefix, "pairs", ARRAY_U64, csr.entries, REQUIRED, &pairs) ||
	    !bind_rows(b, prefix, "q", ARRAY_F64, csr.entries, OPTIONAL, &q) ||
	    !bind_rows(b, prefix, "q-multi", ARRAY_F64, csr.entries, OPTIONAL, &q_multi))
		return false;
	if (pairs && t->levels == level) {
		t->level[level] = csr;
		t->pairs[level] = pairs;
		t->q[level] = q;
		t->q_multi[level] = q_multi;
		t->levels = level + 1;
	}
	return true;
}

static bool bind_transition(struct binder *b, enum basket_kind k, uint64_t n_categories,
			    struct transition_counts *c)
{
	static const char *const names[] = {"from", "multi", "own", "own-multi"};
	struct transition_counts new = {0};
	const void *column[4] = {NULL}, *baskets = NULL;
	char prefix[64];

	snprintf(prefix, sizeof prefix, "transition/%s/", basket_kind_name(k));
	if (!bind_rows(b, prefix, "baskets", ARRAY_U64, 2, OPTIONAL, &baskets))
		return false;
	if (!baskets)
		return true;
	for (unsigned i = 0; i < 4; i++)
		if (!bind_rows(b, prefix, names[i], ARRAY_U32, n_categories, REQUIRED,
			       &column[i]))
			return false;
	if (!column[0] || !column[1] || !column[2] || !column[3])
		return true;
	new.from = column[0];
	new.multi = column[1];
	new.own = column[2];
	new.own_multi = column[3];
	new.baskets = ((const uint64_t *)baskets)[0];
	new.multi_baskets = ((const uint64_t *)baskets)[1];
	for (unsigned i = 0; i < CATALOG_LEVELS; i++)
		if (!bind_level(b, basket_kind_name(k), i, n_categories, &new))
			return false;
	*c = new;
	return true;
}

/* --- meta */

unsigned capability_parse(const char *name)
{
	for (size_t k = 0; name && k < sizeof capabilities / sizeof capabilities[0]; k++)
		if (str_is(str_from(name), capabilities[k].name))
			return capabilities[k].cap;
	return 0;
}

static const float event_weights_default[EVENT_KINDS] = {
	[EVENT_VIEW] = 1, [EVENT_CART] = 2, [EVENT_PURCHASE] = 3,
};

bool event_weights_parse(struct str text, float weight[EVENT_KINDS], struct err *err)
{
	static const enum event_kind kinds[] = {EVENT_VIEW, EVENT_CART, EVENT_PURCHASE};
	struct str pair;

	memcpy(weight, event_weights_default, sizeof event_weights_default);
	while (str_next(&text, ',', &pair)) {
		size_t at = str_chr(pair, '='), k = 0;
		struct str name = str_trim(str_span(pair.ptr, at == SIZE_MAX ? pair.len : at));
		double x = -1;

		while (k < 3 && !str_is(name, event_kind_name(kinds[k])))
			k++;
		if (k == 3 || at == SIZE_MAX ||
		    !num_real(str_trim(str_span(pair.ptr + at + 1, pair.len - at - 1)), &x) ||
		    !(x >= 0 && x <= EVENT_WEIGHT_MOST))
			return err_fail(err, ERR_USAGE, "--weights takes view=, cart= and "
					"purchase= with numbers from 0 to 1,000,000, not '%.*s'",
					STR_ARG(pair));
		weight[kinds[k]] = (float)x;
	}
	for (size_t k = 0; k < 3; k++)
		if (weight[kinds[k]] > 0)
			return true;
	return err_fail(err, ERR_USAGE, "--weights are all 0: give view, cart or purchase more");
}

static void bind_weights(struct catalog *c, const json_t *weights)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		const json_t *w = json_object_get(weights, event_kind_name((enum event_kind)k));
		double x = json_number_value(w);

		c->event_weight[k] = json_is_number(w) && x >= 0 && x <= EVENT_WEIGHT_MOST ?
			(float)x : event_weights_default[k];
	}
}

static void bind_meta(struct catalog *c, const json_t *meta)
{
	const json_t *caps = json_object_get(meta, "capabilities"), *cap, *scale;
	const char *currency = json_string_value(json_object_get(meta, "currency"));
	size_t i;

	for (i = 0; (cap = json_array_get(caps, i)); i++)
		c->caps |= capability_parse(json_string_value(cap));
	c->price_scale = (unsigned)json_integer_value(json_object_get(meta, "price_scale"));
	if (c->price_scale > 18)
		c->price_scale = 0;
	scale = json_object_get(meta, "revenue_scale");
	c->revenue_scale = scale ? (unsigned)json_integer_value(scale) : c->price_scale;
	if (c->revenue_scale > c->price_scale)
		c->revenue_scale = c->price_scale;
	snprintf(c->currency, sizeof c->currency, "%s", currency ? currency : "");
	bind_weights(c, json_object_get(meta, "weights"));
	c->first_time = json_integer_value(json_object_get(meta, "first_time"));
	c->last_time = json_integer_value(json_object_get(meta, "last_time"));
	c->max_session = (uint32_t)json_integer_value(json_object_get(meta, "max_session"));
}

/* --- sizes that only a few arrays share */

/* Places and guests are there together, or neither. */
static bool check_places(struct binder *b)
{
	struct array places, place, guests, guest;
	bool have = b->find(b->ctx, "product/place-offsets", &places);

	if (!b->complete)
		return true;
	if (b->find(b->ctx, "category/guest-offsets", &guests) != have)
		return err_fail(b->err, ERR_STORE, "the store is damaged: of places and guests "
				"only one is there");
	return !have || (b->find(b->ctx, "product/place", &place) &&
			 b->find(b->ctx, "category/guest", &guest) &&
			 check_ends(b, "product/place-offsets", &places, place.rows) &&
			 check_ends(b, "category/guest-offsets", &guests, guest.rows)) ||
	       err_fail(b->err, ERR_STORE, "the store is damaged: the arrays of products in "
			"several categories don't fit together");
}

static bool check_small(struct binder *b, const struct catalog *c)
{
	struct array a;

	if (b->find(b->ctx, "product/attribute", &a) &&
	    (a.rows != c->n_products || (b->complete && a.columns != c->n_attributes)))
		return err_fail(b->err, ERR_STORE,
				"the store is damaged: array product/attribute is %ju x %u, "
				"expected %u x %u", (uintmax_t)a.rows, a.columns,
				c->n_products, c->n_attributes);
	if (b->find(b->ctx, "user/attribute", &a) &&
	    b->complete && (a.rows != c->user_id.n || a.columns != c->user_attribute_name.n))
		return err_fail(b->err, ERR_STORE,
				"the store is damaged: array user/attribute is %ju x %u, "
				"expected %ju x %ju", (uintmax_t)a.rows, a.columns,
				(uintmax_t)c->user_id.n,
				(uintmax_t)c->user_attribute_name.n);
	if (b->find(b->ctx, "user/offsets", &a)) {
		struct array sessions = {0};

		if (c->user_id.offsets && a.rows != c->user_id.n + 1)
			return rows_differ(b, "user/offsets",
					   (struct row_counts){a.rows, c->user_id.n + 1},
					   "user/id");
		if (b->find(b->ctx, "user/session", &sessions) &&
		    !check_ends(b, "user/offsets", &a, sessions.rows))
			return false;
	}
	if (b->find(b->ctx, "product/property-offsets", &a)) {
		struct array property = {0}, value = {0};

		if (b->complete && (!b->find(b->ctx, "product/property", &property) ||
				    !b->find(b->ctx, "product/property-value", &value) ||
				    !check_ends(b, "product/property-offsets", &a, property.rows) ||
				    value.rows != property.rows))
			return err_fail(b->err, ERR_STORE, "the store is damaged: the arrays of "
					"properties don't fit together");
	}
	if (!check_places(b))
		return false;
	if (b->find(b->ctx, "product/session-offsets", &a)) {
		struct array sessions = {0};

		if (b->find(b->ctx, "product/session", &sessions) &&
		    !check_ends(b, "product/session-offsets", &a, sessions.rows))
			return false;
	}
	if (c->session_offsets && c->event_product && b->find(b->ctx, "session/offsets", &a))
		return check_ends(b, "session/offsets", &a, c->n_events);
	return true;
}

bool catalog_bind(struct catalog *out,
		  bool (*find)(void *ctx, const char *name, struct array *a), void *ctx,
		  const void *meta, bool complete, struct err *err)
{
	struct binder b = {.find = find, .ctx = ctx, .complete = complete, .err = err};
	struct catalog new = {0}, *c = &new;
	const void *data;

#define CATALOG_ARRAY(field, name, type, rows, need)                                           \
	if (!bind_array(&b, name, (struct wanted){ARRAY_##type, DIM_##rows, need}, &data))     \
		return false;                                                                  \
	c->field = data;
#define CATALOG_TEXT(field, name, rows, need)                                                  \
	if (!bind_text(&b, name, (struct wanted){0, DIM_##rows, need}, &c->field))                \
		return false;
#include "store/catalog.def"
#undef CATALOG_ARRAY
#undef CATALOG_TEXT
	if (c->brand_name.n >= CATALOG_NONE || c->user_id.n >= CATALOG_NONE ||
	    c->attribute_name.n >= CATALOG_NONE || c->user_attribute_name.n >= CATALOG_NONE)
		return err_fail(err, ERR_STORE, "the store is damaged: too many names");
	c->n_products = (uint32_t)b.rows[DIM_P];
	c->n_categories = (uint32_t)b.rows[DIM_C];
	c->n_sessions = (uint32_t)b.rows[DIM_S];
	c->n_events = b.rows[DIM_E];
	c->n_brands = (uint32_t)c->brand_name.n;
	c->n_users = (uint32_t)c->user_id.n;
	c->n_attributes = (uint32_t)c->attribute_name.n;
	c->n_user_attributes = (uint32_t)c->user_attribute_name.n;
	bind_meta(c, meta);
	if (!check_small(&b, c))
		return false;
	for (unsigned i = 0; i < RELATIONS; i++)
		if (!bind_relation(&b, (enum relation)i, c->n_products, &c->relation[i]))
			return false;
	for (unsigned i = 0; i < BASKET_KINDS; i++)
		if (!bind_transition(&b, (enum basket_kind)i, c->n_categories,
				     &c->transition[i]))
			return false;
	*out = new;
	return true;
}

/* --- questions */

int64_t catalog_clock(const struct catalog *c, int64_t ms)
{
	size_t hint = 0;

	return !c->zone || ms == TIME_NONE ? ms : ms + zone_offset(c->zone, ms, &hint);
}

int64_t catalog_day(const struct catalog *c, int64_t ms)
{
	return time_day(catalog_clock(c, ms));
}

int64_t catalog_instant(const struct catalog *c, int64_t clock)
{
	return !c->zone || clock == TIME_NONE ? clock : zone_instant(c->zone, clock);
}

void catalog_products(const struct catalog *c, uint32_t category, uint32_t *first,
		      uint32_t *end)
{
	assert(category < c->n_categories);
	*first = c->category_product[category];
	*end = c->category_product[c->category_end[category]];
}

struct members catalog_members(const struct catalog *c, uint32_t category)
{
	struct members m = {.end = c->n_products};
	const uint64_t *row = c->category_guest_offsets;

	if (category == CATALOG_NONE)
		return m;
	catalog_products(c, category, &m.first, &m.end);
	if (row) {
		m.guest = c->category_guest + row[category];
		m.n_guests = (uint32_t)(row[category + 1] - row[category]);
	}
	return m;
}

bool members_has(const struct members *m, uint32_t product)
{
	uint32_t low = 0, high = m->n_guests;

	if (product >= m->first && product < m->end)
		return true;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (m->guest[middle] < product)
			low = middle + 1;
		else
			high = middle;
	}
	return low < m->n_guests && m->guest[low] == product;
}

uint32_t catalog_several(const struct catalog *c)
{
	const uint64_t *row = c->product_place_offsets;
	uint32_t n = 0;

	for (uint32_t p = 0; row && p < c->n_products; p++)
		n += row[p] < row[p + 1];
	return n;
}

const uint32_t *catalog_places(const struct catalog *c, uint32_t product, uint32_t *n)
{
	const uint64_t *row = c->product_place_offsets;

	assert(product < c->n_products);
	*n = row ? (uint32_t)(row[product + 1] - row[product]) : 0;
	return *n ? c->product_place + row[product] : NULL;
}

/* Is the category one of the product's? */
static bool is_place(const struct catalog *c, uint32_t product, uint32_t category)
{
	uint32_t n;
	const uint32_t *place = catalog_places(c, product, &n);

	if (c->product_category[product] == category)
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (place[i] == category)
			return true;
	return false;
}

bool catalog_share_category(const struct catalog *c, uint32_t a, uint32_t b)
{
	uint32_t n;
	const uint32_t *place = catalog_places(c, a, &n);

	if (c->product_category[a] != CATALOG_NONE && is_place(c, b, c->product_category[a]))
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (is_place(c, b, place[i]))
			return true;
	return false;
}

uint32_t catalog_ancestor(const struct catalog *c, uint32_t category, unsigned depth)
{
	assert(category < c->n_categories);
	while (c->category_depth[category] > depth &&
	       c->category_parent[category] < category)
		category = c->category_parent[category];
	return category;
}

static uint32_t find_text(const struct text *t, struct str s)
{
	for (uint64_t i = 0; i < t->n; i++)
		if (str_eq(text_at(t, i), s))
			return (uint32_t)i;
	return CATALOG_NONE;
}

/* Shops have thousands of categories, not millions: a scan is fast enough. */
uint32_t catalog_category(const struct catalog *c, struct str text)
{
	uint32_t found;

	if (text.len == 0)
		return CATALOG_NONE;
	found = find_text(&c->category_path, text);
	if (found == CATALOG_NONE)
		found = find_text(&c->category_id, text);
	if (found != CATALOG_NONE)
		return found;
	for (uint32_t i = 0; i < c->category_name.n; i++) {
		if (!str_eq(text_at(&c->category_name, i), text))
			continue;
		if (found != CATALOG_NONE)
			return CATALOG_NONE;
		found = i;
	}
	return found;
}
