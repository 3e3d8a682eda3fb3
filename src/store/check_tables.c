/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of products, categories, sessions, users and events, and the indexes. */
#include "config.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/scope.h"
#include "base/time.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/store_impl.h"

/* --- categories and products */

/* Depth-first preorder: a child lies inside its parent, one deeper. */
static void check_tree(struct checker *k)
{
	const struct catalog *c = k->c;

	for (uint32_t i = 0; i < c->n_categories; i++) {
		uint32_t up = c->category_parent[i], end = c->category_end[i];
		unsigned depth = up == CATALOG_NONE || up >= i ? 0 : c->category_depth[up] + 1u;

		if (end > i && c->category_depth[i] == (uint8_t)depth &&
		    (up == CATALOG_NONE || (up < i && end <= c->category_end[up])))
			continue;
		check_fault(k, "categories: %u does not fit into the tree", i);
		return;
	}
}

static void check_products(struct checker *k)
{
	const struct catalog *c = k->c;

	for (uint32_t i = 0; i <= c->n_categories; i++) {
		uint32_t first = c->category_product[i], known = i < c->n_categories;
		uint32_t end = known ? c->category_product[i + 1] : c->n_products;
		uint32_t category = known ? i : CATALOG_NONE;

		if (first > end || (i == 0 && first != 0)) {
			check_fault(k, "array category/product: descends at row %u", i);
			return;
		}
		for (uint32_t p = first; p < end; p++) {
			if (c->product_category[p] != category) {
				check_fault(k, "array product/category: row %u is %u, but "
					       "category/product means %u", p,
					    c->product_category[p], category);
				return;
			}
			if (p > first && str_cmp(text_at(&c->product_id, p - 1),
						 text_at(&c->product_id, p)) >= 0) {
				check_fault(k, "array product/id: text %u does not follow "
					       "the one before", p);
				return;
			}
		}
	}
}

/* What guest rows should hold, product by product. */
struct guesting {
	uint32_t *last;		/* (C) product + 1 */
	uint64_t *next;		/* (C) entries of the row that were met */
};

/* A product's further place is met at that category and all above it. */
static bool check_place(struct checker *k, struct guesting *g, uint32_t p, uint32_t place)
{
	const struct catalog *c = k->c;

	for (uint32_t at = place; at != CATALOG_NONE; at = c->category_parent[at]) {
		uint64_t i = c->category_guest_offsets[at] + g->next[at];
		uint32_t first, end;

		catalog_products(c, at, &first, &end);
		if ((p >= first && p < end) || g->last[at] == p + 1)
			continue;
		g->last[at] = p + 1;
		g->next[at]++;
		if (i < c->category_guest_offsets[at + 1] && c->category_guest[i] == p)
			continue;
		check_fault(k, "array category/guest: category %u lacks product %u", at, p);
		return false;
	}
	return true;
}

static bool check_product_places(struct checker *k, struct guesting *g, uint32_t p)
{
	const struct catalog *c = k->c;
	uint32_t n;
	const uint32_t *place = catalog_places(c, p, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (place[i] == c->product_category[p] || c->product_category[p] == CATALOG_NONE) {
			check_fault(k, "array product/place: product %u has %u, but its first "
				       "category is %u", p, place[i], c->product_category[p]);
			return false;
		}
		if (!check_place(k, g, p, place[i]))
			return false;
	}
	return true;
}

static void check_guests(struct checker *k)
{
	const struct catalog *c = k->c;
	SCOPED_FREE uint32_t *last = NULL;
	SCOPED_FREE uint64_t *next = NULL;
	struct guesting g;

	if (!c->product_place_offsets)
		return;
	g.last = last = mem_big(c->n_categories, sizeof *last, "verify", NULL);
	g.next = next = mem_big(c->n_categories, sizeof *next, "verify", NULL);
	if (!last || !next) {
		k->unable(k->ctx, "out of memory: category/guest can't be checked");
		return;
	}
	for (uint32_t p = 0; p < c->n_products; p++)
		if (!check_product_places(k, &g, p))
			return;
	for (uint32_t i = 0; i < c->n_categories; i++)
		if (c->category_guest_offsets[i] + next[i] != c->category_guest_offsets[i + 1]) {
			check_fault(k, "array category/guest: category %u has products that are "
				       "not in it", i);
			return;
		}
}

/* --- sessions and users */

static void check_sessions(struct checker *k)
{
	const struct catalog *c = k->c;
	const uint64_t *o = c->session_offsets;
	int64_t start = INT64_MIN;

	for (uint32_t s = 0; s < c->n_sessions; s++) {
		if (o[s] == o[s + 1])
			continue;
		if (c->event_time[o[s]] < start) {
			check_fault(k, "array event/time: session %u starts before the one "
				       "before it", s);
			return;
		}
		start = c->event_time[o[s]];
		for (uint64_t i = o[s] + 1; i < o[s + 1]; i++)
			if (c->event_time[i - 1] > c->event_time[i]) {
				check_fault(k, "array event/time: row %ju goes back in time",
					    (uintmax_t)i);
				return;
			}
	}
	for (uint32_t i = 1; c->session_by_id && c->session_id.offsets && i < c->n_sessions;
	     i++)
		if (str_cmp(text_at(&c->session_id, c->session_by_id[i - 1]),
			    text_at(&c->session_id, c->session_by_id[i])) > 0) {
			check_fault(k, "array session/by-id: row %u is not in order", i);
			return;
		}
}

static void check_users(struct checker *k)
{
	const struct catalog *c = k->c;
	uint64_t known = 0;

	if (!c->user_offsets || !c->user_session || !c->session_user)
		return;
	for (uint32_t u = 0; u < c->n_users; u++)
		for (uint64_t i = c->user_offsets[u]; i < c->user_offsets[u + 1]; i++)
			if (c->session_user[c->user_session[i]] != u) {
				check_fault(k, "array user/session: row %ju is a session of "
					       "another user", (uintmax_t)i);
				return;
			}
	for (uint32_t s = 0; s < c->n_sessions; s++)
		known += c->session_user[s] != CATALOG_NONE;
	if (known != c->user_offsets[c->n_users])
		check_fault(k, "array user/session: %ju sessions have a user, %ju are listed",
			    (uintmax_t)known, (uintmax_t)c->user_offsets[c->n_users]);
}

/* Replay the events: the sessions of each product come in this very order. */
static void check_product_sessions(struct checker *k)
{
	const struct catalog *c = k->c;
	SCOPED_FREE uint32_t *last = NULL;	/* (P) session + 1 */
	SCOPED_FREE uint64_t *next = NULL;	/* (P) */

	if (!c->product_session_offsets || !c->product_session)
		return;
	last = mem_big(c->n_products, sizeof *last, "verify", NULL);
	next = mem_big(c->n_products, sizeof *next, "verify", NULL);
	if (!last || !next) {
		k->unable(k->ctx, "out of memory: product/session can't be checked");
		return;
	}
	for (uint32_t s = 0; s < c->n_sessions; s++)
		for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++) {
			uint32_t p = c->event_product[i];
			uint64_t at = c->product_session_offsets[p] + next[p];

			if (last[p] == s + 1)
				continue;
			last[p] = s + 1;
			next[p]++;
			if (at < c->product_session_offsets[p + 1] &&
			    c->product_session[at] == s)
				continue;
			check_fault(k, "array product/session: product %u lacks session %u",
				    p, s);
			return;
		}
	for (uint32_t p = 0; p < c->n_products; p++)
		if (c->product_session_offsets[p] + next[p] !=
		    c->product_session_offsets[p + 1]) {
			check_fault(k, "array product/session: product %u has sessions that "
				       "don't hold it", p);
			return;
		}
}

/* --- totals */

struct totals {
	uint32_t *views, *carts, *purchases;	/* (P) */
	int64_t *revenue, *first, *last;	/* (P) */
	__int128 *exact;			/* (P) revenue, of the prices' scale */
};

static bool totals_init(struct totals *t, uint32_t n)
{
	t->views = mem_big(n, sizeof *t->views, "verify", NULL);
	t->carts = mem_big(n, sizeof *t->carts, "verify", NULL);
	t->purchases = mem_big(n, sizeof *t->purchases, "verify", NULL);
	t->revenue = mem_big(n, sizeof *t->revenue, "verify", NULL);
	t->exact = mem_big(n, sizeof *t->exact, "verify", NULL);
	t->first = mem_big(n, sizeof *t->first, "verify", NULL);
	t->last = mem_big(n, sizeof *t->last, "verify", NULL);
	if (!t->views || !t->carts || !t->purchases || !t->revenue || !t->exact ||
	    !t->first || !t->last)
		return false;
	for (uint32_t p = 0; p < n; p++) {
		t->first[p] = INT64_MAX;
		t->last[p] = INT64_MIN;
	}
	return true;
}

static void totals_finish(struct totals *t)
{
	free(t->views);
	free(t->carts);
	free(t->purchases);
	free(t->revenue);
	free(t->exact);
	free(t->first);
	free(t->last);
}

static void add_event(const struct catalog *c, struct totals *t, uint64_t i)
{
	uint32_t p = c->event_product[i], n = c->event_quantity ? c->event_quantity[i] : 1;

	if (c->event_time[i] < t->first[p])
		t->first[p] = c->event_time[i];
	if (c->event_time[i] > t->last[p])
		t->last[p] = c->event_time[i];
	t->views[p] += c->event_kind[i] == EVENT_VIEW;
	t->carts[p] += c->event_kind[i] == EVENT_CART;
	if (c->event_kind[i] != EVENT_PURCHASE)
		return;
	if (__builtin_add_overflow(t->purchases[p], n, &t->purchases[p]))
		t->purchases[p] = UINT32_MAX;
	if (!c->event_price || c->event_price[i] == PRICE_NONE)
		return;
	t->exact[p] += (__int128)c->event_price[i] * n;
}

static void compare32(struct checker *k, const char *name, const uint32_t *is,
		      const uint32_t *should)
{
	for (uint32_t p = 0; is && p < k->c->n_products; p++) {
		if (is[p] == should[p])
			continue;
		check_fault(k, "array %s: row %u is %u, the events say %u", name, p, is[p],
			    should[p]);
		return;
	}
}

struct both {
	const int64_t *is, *should;
};

/* Products without an event are not asked. */
static void compare64(struct checker *k, const char *name, struct both x,
		      const struct totals *t)
{
	for (uint32_t p = 0; x.is && p < k->c->n_products; p++) {
		if (x.is[p] == x.should[p] || t->first[p] > t->last[p])
			continue;
		check_fault(k, "array %s: row %u is %jd, the events say %jd", name, p,
			    (intmax_t)x.is[p], (intmax_t)x.should[p]);
		return;
	}
}

static void compare_category(struct checker *k, const char *name, const uint64_t *is,
			     const uint32_t *of)
{
	const struct catalog *c = k->c;

	for (uint32_t i = 0; is && of && i < c->n_categories; i++) {
		struct members m = catalog_members(c, i);
		uint64_t sum = 0;

		for (uint32_t j = 0; j < members_count(&m); j++)
			sum += of[members_at(&m, j)];
		if (sum == is[i])
			continue;
		check_fault(k, "array %s: row %u is %ju, its products have %ju", name, i,
			    (uintmax_t)is[i], (uintmax_t)sum);
		return;
	}
}

static void check_time_span(struct checker *k, const struct totals *t)
{
	const struct catalog *c = k->c;
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (uint32_t p = 0; p < c->n_products; p++) {
		first = t->first[p] < first ? t->first[p] : first;
		last = t->last[p] > last ? t->last[p] : last;
	}
	if (c->n_events && (first != c->first_time || last != c->last_time))
		check_fault(k, "meta: first_time and last_time are not those of the events");
}

static void compare_events(struct checker *k, struct totals *t)
{
	const struct catalog *c = k->c;

	for (uint64_t i = 0; i < c->n_events; i++)
		add_event(c, t, i);
	for (uint32_t p = 0; p < c->n_products; p++)
		t->revenue[p] = num_drop_digits(t->exact[p],
						c->price_scale - c->revenue_scale);
	compare32(k, "product/views", c->product_views, t->views);
	compare32(k, "product/carts", c->product_carts, t->carts);
	compare32(k, "product/purchases", c->product_purchases, t->purchases);
	compare64(k, "product/revenue", (struct both){c->product_revenue, t->revenue}, t);
	compare64(k, "product/first", (struct both){c->product_first, t->first}, t);
	compare64(k, "product/last", (struct both){c->product_last, t->last}, t);
}

static void check_totals(struct checker *k)
{
	const struct catalog *c = k->c;
	struct totals t = {0};

	if (!totals_init(&t, c->n_products)) {
		k->unable(k->ctx, "out of memory: totals can't be checked");
		totals_finish(&t);
		return;
	}
	/* Counts that were made elsewhere have no events to be compared with. */
	if (c->n_events || c->product_session_offsets)
		compare_events(k, &t);
	compare_category(k, "category/views", c->category_views, c->product_views);
	compare_category(k, "category/carts", c->category_carts, c->product_carts);
	compare_category(k, "category/purchases", c->category_purchases,
			 c->product_purchases);
	check_time_span(k, &t);
	totals_finish(&t);
}

/* The largest come first. */
static void check_order(struct checker *k, const char *name, const uint32_t *order,
			const uint32_t *by)
{
	for (uint32_t i = 1; order && by && i < k->c->n_products; i++) {
		if (by[order[i - 1]] >= by[order[i]])
			continue;
		check_fault(k, "array %s: row %u is not in order", name, i);
		return;
	}
}

/* Times have a day with four digits, ratings are numbers or missing. */
static void check_events(struct checker *k)
{
	const struct catalog *c = k->c;
	int64_t first = 0, last = 0;

	time_parse_date(STR("0001-01-01"), &first);
	time_parse_date(STR("9999-12-31"), &last);
	last += TIME_DAY;
	for (uint64_t i = 0; i < c->n_events; i++)
		if (c->event_time[i] < first || c->event_time[i] >= last) {
			check_fault(k, "array event/time: row %ju is no time", (uintmax_t)i);
			return;
		}
	for (uint64_t i = 0; c->event_rating && i < c->n_events; i++)
		if (isinf(c->event_rating[i])) {
			check_fault(k, "array event/rating: row %ju is no number", (uintmax_t)i);
			return;
		}
}

void check_tables(struct checker *k)
{
	const struct catalog *c = k->c;
	unsigned before = k->faults;

	check_events(k);

	check_tree(k);
	check_products(k);
	if (k->faults != before)
		return;
	check_guests(k);
	check_sessions(k);
	check_users(k);
	check_product_sessions(k);
	check_totals(k);
	check_order(k, "order/views", c->order_views, c->product_views);
	check_order(k, "order/carts", c->order_carts, c->product_carts);
	check_order(k, "order/purchases", c->order_purchases, c->product_purchases);
}

/* --- indexes */

struct index_check {
	struct checker *k;
	const char *name;
	const struct text *text;	/* NULL: the ids are not kept as texts */
	uint64_t bound, n;
	bool bad;
};

static bool check_id(void *ctx, struct str id, uint32_t number)
{
	struct index_check *x = ctx;

	x->n++;
	x->bad = number >= x->bound || x->n > x->bound ||
		 (x->text && !str_eq(text_at(x->text, number), id));
	if (x->bad)
		check_fault(x->k, "index %s: \"%.*s\" stands for %u, which has another id",
			    x->name, STR_ARG(id), number);
	return !x->bad;
}

static void check_index(struct checker *k, unsigned i, struct index_check *x)
{
	struct err err = {0};
	bool ok = store_index_walk(k->s, i, check_id, x, &err);

	if (!ok && err.code == ERR_NOMEM)
		k->unable(k->ctx, err.text);
	else if (!ok)
		check_fault(k, "index %s: %s", x->name, err.text);
	else if (!x->bad && x->text && x->n != x->bound)
		check_fault(k, "index %s has %ju ids, expected %ju", x->name,
			    (uintmax_t)x->n, (uintmax_t)x->bound);
}

void check_indexes(struct checker *k)
{
	const struct catalog *c = k->c;
	json_t *sizes = json_object_get(store_meta(k->s), "indexes");

	if (json_object_size(sizes) != store_indexes(k->s))
		check_fault(k, "the file has %u indexes, its meta lists %zu",
			    store_indexes(k->s), json_object_size(sizes));
	for (unsigned i = 0; i < store_indexes(k->s); i++) {
		const char *name = store_index_name(k->s, i);
		struct str s = str_from(name);
		struct index_check x = {.k = k, .name = name};

		x.text = str_is(s, "product")	? &c->product_id
			 : str_is(s, "category") ? &c->category_id
			 : str_is(s, "user")	? &c->user_id
						: NULL;
		x.bound = x.text ? x.text->n : UINT32_MAX;
		check_index(k, i, &x);
		if ((uint64_t)json_integer_value(json_object_get(sizes, name)) != x.n &&
		    !x.bad)
			check_fault(k, "index %s has %ju ids, its meta lists another number",
				    name, (uintmax_t)x.n);
	}
}
