/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"
#include "store/catalog.h"

#include "unit.h"

#define P FIXTURE_PRODUCTS
#define C FIXTURE_CATEGORIES
#define S FIXTURE_SESSIONS
#define E FIXTURE_EVENTS
#define NONE CATALOG_NONE
#define START INT64_C(1569888000000)	/* 2019-10-01 */

static const char *const product_id[] = {"100", "101", "102", "200", "201", "900"};
static const char *const product_label[] = {"Kettle", "Green tea", "Black tea",
					    "Top",    "Kite",	   "Mystery"};
static const char *const category_id[] = {"c1", "c2", "c3"};
static const char *const category_name[] = {"home", "tea", "toys"};
static const char *const category_path[] = {"home", "home.tea", "toys"};
static const char *const brand_name[] = {"Acme", "Tea Co"};
static const char *const user_id[] = {"u1", "u2"};
static const char *const session_id[] = {"s3", "s1", "s5", "s2", "s4"};
static const uint32_t session_by_id[S] = {1, 3, 0, 4, 2};
static const uint32_t session_user[S] = {0, 1, 0, NONE, 1};
static const uint64_t user_offsets[] = {0, 2, 4};
static const uint32_t user_session[] = {0, 2, 1, 4};
static const uint32_t product_category[P] = {0, 1, 1, 2, 2, NONE};
static const uint32_t product_brand[P] = {0, 1, 1, NONE, 0, NONE};
static const uint32_t product_group[P] = {0, 1, 1, 2, 3, NONE};
static const int64_t product_price[P] = {2999, 450, 475, 1200, 900, 100};
static const uint32_t category_parent[C] = {NONE, 0, NONE};
static const uint32_t category_end[C] = {2, 2, 3};
static const uint8_t category_depth[C] = {0, 1, 0};
static const uint32_t category_product[C + 1] = {0, 1, 3, 5};

static const struct event {
	uint32_t session, product;
	enum event_kind kind;
	uint32_t quantity;
} events[E] = {
	{0, 0, EVENT_VIEW, 1},	   {0, 1, EVENT_VIEW, 1},     {0, 1, EVENT_CART, 1},
	{0, 1, EVENT_PURCHASE, 2}, {1, 0, EVENT_VIEW, 1},     {1, 1, EVENT_VIEW, 1},
	{1, 0, EVENT_VIEW, 1},	   {1, 3, EVENT_PURCHASE, 1}, {1, 1, EVENT_PURCHASE, 1},
	{2, 3, EVENT_VIEW, 1},	   {2, 4, EVENT_VIEW, 1},     {2, 3, EVENT_CART, 1},
	{2, 4, EVENT_CART, 1},	   {2, 3, EVENT_PURCHASE, 1}, {2, 4, EVENT_PURCHASE, 1},
	{3, 5, EVENT_VIEW, 1},	   {3, 5, EVENT_REMOVE, 1},   {4, 1, EVENT_VIEW, 1},
	{4, 2, EVENT_VIEW, 1},	   {4, 1, EVENT_VIEW, 1},     {4, 1, EVENT_PURCHASE, 1},
	{4, 3, EVENT_PURCHASE, 1},
};

static struct {
	const char *array;
	uint64_t at;
	int64_t value;
} spoil;

void fixture_spoil(const char *array, uint64_t at, int64_t value)
{
	spoil.array = array;
	spoil.at = at;
	spoil.value = value;
}

static void spoil_data(enum array_type type, void *data)
{
	if (type == ARRAY_U8)
		((uint8_t *)data)[spoil.at] = (uint8_t)spoil.value;
	else if (type == ARRAY_U32)
		((uint32_t *)data)[spoil.at] = (uint32_t)spoil.value;
	else if (type == ARRAY_F64)
		((double *)data)[spoil.at] = (double)spoil.value;
	else
		((int64_t *)data)[spoil.at] = spoil.value;
}

static bool spoiled(const char *name)
{
	return spoil.array && str_is(str_from(name), spoil.array);
}

/* build_array, but for the spoilt element. */
static bool put_array(struct build *b, const char *name, enum array_type type, uint64_t rows,
		      const void *data, struct err *err)
{
	void *room;

	if (!build_reserve(b, name, type, rows, 1, &room, err))
		return false;
	if (rows)
		memcpy(room, data, rows * array_size(type));
	if (spoiled(name))
		spoil_data(type, room);
	return true;
}

/* build_text, likewise: NAME/bytes can be spoilt. */
static bool put_text(struct build *b, const char *name, uint64_t n, const char *const *texts,
		     struct err *err)
{
	uint64_t offsets[16] = {0};
	char bytes[256], part[64];

	for (uint64_t i = 0; i < n; i++) {
		memcpy(bytes + offsets[i], texts[i], strlen(texts[i]));
		offsets[i + 1] = offsets[i] + strlen(texts[i]);
	}
	snprintf(part, sizeof part, "%s/offsets", name);
	if (!put_array(b, part, ARRAY_U64, n + 1, offsets, err))
		return false;
	snprintf(part, sizeof part, "%s/bytes", name);
	return put_array(b, part, ARRAY_U8, offsets[n], bytes, err);
}

static struct str text(const void *ctx, uint64_t i)
{
	return str_from(((const char *const *)ctx)[i]);
}

#define TEXT(name, table)							\
	put_text(b, name, sizeof table / sizeof table[0], table, err)
#define ARRAY(name, type, table)						\
	put_array(b, name, ARRAY_##type, sizeof table / sizeof table[0], table, err)
#define INDEX(name, table)                                                                     \
	build_index(b, name,                                                                   \
		    &(struct id_source){sizeof table / sizeof table[0], text, table, NULL},    \
		    err)

static bool fill_events(struct build *b, struct err *err)
{
	uint32_t product[E], quantity[E];
	int64_t time[E], price[E], first[P] = {0}, last[P] = {0};
	uint64_t offsets[S + 1] = {0};
	uint8_t kind[E];

	for (int i = 0; i < E; i++) {
		product[i] = events[i].product;
		quantity[i] = events[i].quantity;
		kind[i] = (uint8_t)events[i].kind;
		price[i] = product_price[product[i]];
		time[i] = START + events[i].session * INT64_C(3600000) + i * 1000;
		offsets[events[i].session + 1]++;
		if (!first[product[i]])
			first[product[i]] = time[i];
		last[product[i]] = time[i];
	}
	for (int i = 0; i < S; i++)
		offsets[i + 1] += offsets[i];
	json_object_set_new(build_meta(b), "first_time", json_integer(time[0]));
	json_object_set_new(build_meta(b), "last_time", json_integer(time[E - 1]));
	return ARRAY("session/offsets", U64, offsets) && ARRAY("event/product", U32, product) &&
	       ARRAY("event/time", I64, time) && ARRAY("event/kind", U8, kind) &&
	       ARRAY("event/price", I64, price) && ARRAY("event/quantity", U32, quantity) &&
	       ARRAY("product/first", I64, first) && ARRAY("product/last", I64, last);
}

static bool fill_tables(struct build *b, struct err *err)
{
	return TEXT("product/id", product_id) && TEXT("product/label", product_label) &&
	       ARRAY("product/category", U32, product_category) &&
	       ARRAY("product/brand", U32, product_brand) &&
	       ARRAY("product/price", I64, product_price) &&
	       ARRAY("product/group", U32, product_group) &&
	       TEXT("brand/name", brand_name) && TEXT("category/id", category_id) &&
	       TEXT("category/name", category_name) && TEXT("category/path", category_path) &&
	       ARRAY("category/parent", U32, category_parent) &&
	       ARRAY("category/end", U32, category_end) &&
	       ARRAY("category/depth", U8, category_depth) &&
	       ARRAY("category/product", U32, category_product) && TEXT("user/id", user_id) &&
	       ARRAY("user/offsets", U64, user_offsets) &&
	       ARRAY("user/session", U32, user_session) && TEXT("session/id", session_id) &&
	       ARRAY("session/by-id", U32, session_by_id) &&
	       ARRAY("session/user", U32, session_user) && INDEX("product", product_id) &&
	       INDEX("category", category_id) && INDEX("user", user_id) &&
	       INDEX("brand", brand_name);
}

/* --- what stats writes, counted the slow way */

static bool in_session(uint32_t session, uint32_t product, int kind)
{
	for (int i = 0; i < E; i++)
		if (events[i].session == session && events[i].product == product &&
		    (kind < 0 || events[i].kind == (enum event_kind)kind))
			return true;
	return false;
}

static bool fill_totals(struct build *b, struct err *err)
{
	uint32_t views[P] = {0}, carts[P] = {0}, purchases[P] = {0}, session[P * S];
	uint64_t offsets[P + 1] = {0}, sums[3][C] = {{0}}, n = 0;
	int64_t revenue[P] = {0}, category_revenue[C] = {0};

	for (int i = 0; i < E; i++) {
		const struct event *e = &events[i];

		views[e->product] += e->kind == EVENT_VIEW;
		carts[e->product] += e->kind == EVENT_CART;
		if (e->kind == EVENT_PURCHASE) {
			purchases[e->product] += e->quantity;
			revenue[e->product] += product_price[e->product] * e->quantity;
		}
	}
	for (uint32_t p = 0; p < P; p++) {
		for (uint32_t s = 0; s < S; s++)
			if (in_session(s, p, -1))
				session[n++] = s;
		offsets[p + 1] = n;
		for (uint32_t c = product_category[p]; c != NONE; c = category_parent[c]) {
			sums[0][c] += views[p];
			sums[1][c] += carts[p];
			sums[2][c] += purchases[p];
			category_revenue[c] += revenue[p];
		}
	}
	return ARRAY("product/views", U32, views) && ARRAY("product/carts", U32, carts) &&
	       ARRAY("product/purchases", U32, purchases) &&
	       ARRAY("product/revenue", I64, revenue) &&
	       ARRAY("product/session-offsets", U64, offsets) &&
	       put_array(b, "product/session", ARRAY_U32, n, session, err) &&
	       ARRAY("category/views", U64, sums[0]) && ARRAY("category/carts", U64, sums[1]) &&
	       ARRAY("category/purchases", U64, sums[2]) &&
	       ARRAY("category/revenue", I64, category_revenue);
}

static bool write_csr(struct build *b, const char *prefix, uint32_t n,
		      const uint32_t *dense /* (n, n) */, struct err *err)
{
	uint64_t offsets[P + 1] = {0}, entries = 0;
	uint32_t column[P * P], value[P * P];
	char name[128];

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < n; k++) {
			if (dense[i * n + k]) {
				column[entries] = k;
				value[entries++] = dense[i * n + k];
			}
		}
		offsets[i + 1] = entries;
	}
	snprintf(name, sizeof name, "%soffsets", prefix);
	if (!put_array(b, name, ARRAY_U64, n + 1, offsets, err))
		return false;
	snprintf(name, sizeof name, "%scolumn", prefix);
	if (!put_array(b, name, ARRAY_U32, entries, column, err))
		return false;
	snprintf(name, sizeof name, "%svalue", prefix);
	return put_array(b, name, ARRAY_U32, entries, value, err);
}

static bool fill_unordered(struct build *b, const char *prefix, int kind, struct err *err)
{
	uint32_t dense[P * P] = {0}, from[P] = {0};
	uint64_t totals[3] = {0};
	char name[128];

	for (uint32_t s = 0; s < S; s++) {
		bool any = false;

		for (uint32_t i = 0; i < P; i++) {
			any |= in_session(s, i, kind);
			from[i] += in_session(s, i, kind);
			for (uint32_t k = 0; k < P; k++)
				dense[i * P + k] += i != k && in_session(s, i, kind) &&
						    in_session(s, k, kind);
		}
		totals[0] += any;
	}
	for (uint32_t i = 0; i < P; i++) {
		for (uint32_t k = i + 1; k < P; k++) {
			totals[1] += dense[i * P + k] > 0;
			totals[2] += dense[i * P + k];
		}
	}
	if (!write_csr(b, prefix, P, dense, err))
		return false;
	snprintf(name, sizeof name, "%sfrom", prefix);
	if (!ARRAY(name, U32, from))
		return false;
	snprintf(name, sizeof name, "%stotals", prefix);
	return ARRAY(name, U64, totals);
}

static bool fill_adjacent(struct build *b, struct err *err)
{
	uint32_t out[P * P] = {0}, in[P * P] = {0}, from[P] = {0}, to[P] = {0};
	uint64_t totals[3] = {0};
	uint32_t last = NONE, session = NONE;

	for (int i = 0; i < E; i++) {
		const struct event *e = &events[i];

		if (e->session != session)
			last = NONE;
		session = e->session;
		if (e->kind != EVENT_VIEW || e->product == last)
			continue;
		if (last != NONE) {
			totals[1] += out[last * P + e->product]++ == 0;
			in[e->product * P + last]++;
			from[last]++;
			to[e->product]++;
			totals[0]++;
			totals[2]++;
		}
		last = e->product;
	}
	return write_csr(b, "pairs/adjacent-view/", P, out, err) &&
	       write_csr(b, "pairs/adjacent-view/in-", P, in, err) &&
	       ARRAY("pairs/adjacent-view/from", U32, from) &&
	       ARRAY("pairs/adjacent-view/to", U32, to) &&
	       ARRAY("pairs/adjacent-view/totals", U64, totals);
}

/* One level of transitions: node (P) is what a product counts as. */
static bool fill_level(struct build *b, const char *prefix, int kind, const uint32_t *node,
		       struct err *err)
{
	uint32_t dense[C * C] = {0}, n = 0;
	uint64_t pairs[C * C] = {0}, flat[C * C];
	double q[C * C];
	char name[128];

	for (uint32_t s = 0; s < S; s++) {
		bool seen[C * C] = {false};

		for (uint32_t i = 0; i < P; i++) {
			for (uint32_t k = 0; k < P; k++) {
				uint32_t at;

				if (i == k || node[i] == NONE || node[k] == NONE ||
				    !in_session(s, i, kind) || !in_session(s, k, kind))
					continue;
				at = node[i] * C + node[k];
				dense[at] += !seen[at];
				seen[at] = true;
				pairs[at] += node[i] != node[k] || i < k;
			}
		}
	}
	for (uint32_t i = 0; i < C * C; i++)
		if (dense[i]) {
			q[n] = i % C == i / C ? NAN : 0.5;
			flat[n++] = pairs[i];
		}
	if (!write_csr(b, prefix, C, dense, err))
		return false;
	snprintf(name, sizeof name, "%sq", prefix);
	if (!put_array(b, name, ARRAY_F64, n, q, err))
		return false;
	snprintf(name, sizeof name, "%spairs", prefix);
	return put_array(b, name, ARRAY_U64, n, flat, err);
}

static bool fill_transition(struct build *b, const char *prefix, int kind, struct err *err)
{
	static const char *const names[] = {"from", "multi", "own", "own-multi"};
	static const uint32_t top[P] = {0, 0, 0, 2, 2, NONE};
	uint32_t column[4][C] = {{0}};
	uint64_t baskets[2] = {0};
	char name[128];

	for (uint32_t s = 0; s < S; s++) {
		bool has[C] = {false}, own[C] = {false};
		int products = 0;

		for (uint32_t p = 0; p < P; p++) {
			uint32_t c = product_category[p];

			if (!in_session(s, p, kind))
				continue;
			products++;
			if (c != NONE)
				own[c] = true;
			for (; c != NONE; c = category_parent[c])
				has[c] = true;
		}
		baskets[0] += products > 0;
		baskets[1] += products > 1;
		for (int c = 0; c < C; c++) {
			column[0][c] += has[c];
			column[1][c] += has[c] && products > 1;
			column[2][c] += own[c];
			column[3][c] += own[c] && products > 1;
		}
	}
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "%s%s", prefix, names[i]);
		if (!put_array(b, name, ARRAY_U32, C, column[i], err))
			return false;
	}
	snprintf(name, sizeof name, "%sbaskets", prefix);
	if (!ARRAY(name, U64, baskets))
		return false;
	snprintf(name, sizeof name, "%s0/", prefix);
	if (!fill_level(b, name, kind, top, err))
		return false;
	snprintf(name, sizeof name, "%s1/", prefix);
	return fill_level(b, name, kind, product_category, err);
}

static bool fill_orders(struct build *b, struct err *err)
{
	static const uint32_t views[P] = {1, 0, 2, 3, 4, 5};
	static const uint32_t label[P] = {2, 1, 0, 4, 5, 3};

	return ARRAY("order/views", U32, views) && ARRAY("order/label", U32, label);
}

bool fixture_fill(struct build *b, bool counted, struct err *err)
{
	json_t *meta = build_meta(b);

	json_object_set_new(meta, "capabilities",
			    json_pack("[sssssss]", "views", "carts", "purchases", "users",
				      "prices", "hours", "brands"));
	json_object_set_new(meta, "dataset", json_string("fixture"));
	json_object_set_new(meta, "currency", json_string("EUR"));
	json_object_set_new(meta, "price_scale", json_integer(2));
	json_object_set_new(meta, "max_session", json_integer(500));
	if (!fill_tables(b, err) || !fill_events(b, err))
		return false;
	return !counted ||
	       (fill_totals(b, err) && fill_unordered(b, "pairs/co-view/", EVENT_VIEW, err) &&
		fill_unordered(b, "pairs/co-cart/", EVENT_CART, err) &&
		fill_unordered(b, "pairs/co-purchase/", EVENT_PURCHASE, err) &&
		fill_adjacent(b, err) &&
		fill_transition(b, "transition/view/", EVENT_VIEW, err) &&
		fill_transition(b, "transition/purchase/", EVENT_PURCHASE, err) &&
		fill_orders(b, err));
}

uint64_t fixture_publish(const char *path, uint32_t mark)
{
	SCOPED(build) b = NULL;
	struct err err = {0};

	if (!build_begin(&b, path, "test", 0, &err) || !fixture_fill(b, true, &err) ||
	    !build_array(b, "test/mark", ARRAY_U32, 1, 1, &mark, &err) ||
	    !build_publish(b, &err))
		fail_msg("%s", err.text);
	return build_generation(b);
}

/* --- folders */

char *fixture_path(const char *folder, const char *name)
{
	STRBUF(b);

	strbuf_addf(&b, "%s/%s", folder, name);
	return strbuf_detach(&b);
}

char *fixture_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path = fixture_path(tmp && *tmp ? tmp : "/tmp", "aisle-test-XXXXXX");

	assert_non_null(mkdtemp(path));
	return path;
}

static void remove_all(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char *name = fixture_path(path, e->d_name);

		if (!str_is(str_from(e->d_name), ".") && !str_is(str_from(e->d_name), "..") &&
		    unlink(name) != 0)
			remove_all(name);
		free(name);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

void fixture_remove(char *folder)
{
	remove_all(folder);
	free(folder);
}
