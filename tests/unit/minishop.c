/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "minishop.h"

#include "base/pool.h"
#include "base/rng.h"
#include "stats/stats.h"
#include "store/build.h"
#include "store/catalog.h"

#include "unit.h"

#define NONE CATALOG_NONE

const uint32_t mini_parent[MINI_CATEGORIES] = {NONE, 0, 1, 0, NONE, 4, NONE};
const uint8_t mini_depth[MINI_CATEGORIES] = {0, 1, 2, 1, 0, 1, 0};
static const uint32_t mini_end[MINI_CATEGORIES] = {4, 3, 3, 4, 6, 6, 7};
static const char *const mini_path[MINI_CATEGORIES] = {"a", "a.b", "a.b.c", "a.d",
						       "e", "e.f", "g"};

void minishop_draw(struct minishop *m, uint64_t seed, unsigned kinds)
{
	static const enum event_kind all[] = {EVENT_VIEW, EVENT_VIEW, EVENT_VIEW,
					      EVENT_CART, EVENT_PURCHASE, EVENT_REMOVE};
	struct rng r;

	rng_init(&r, seed, 0);
	*m = (struct minishop){.products = MINI_PRODUCTS, .sessions = MINI_SESSIONS};
	m->max_session = 4 + (uint32_t)rng_below(&r, 8);
	for (uint32_t p = 0; p < m->products; p++) {
		m->category[p] = p + 2 < m->products ? p * MINI_CATEGORIES / m->products :
				 NONE;
		m->group[p] = p % 5 ? p : p - p % 10;
	}
	for (uint32_t s = 0; s < m->sessions; s++) {
		uint32_t n = (uint32_t)rng_below(&r, rng_below(&r, 20) + 1);
		uint32_t from = (uint32_t)rng_below(&r, m->products);

		for (uint32_t i = 0; i < n; i++) {
			uint32_t near = from + (uint32_t)rng_below(&r, 6);
			enum event_kind kind = all[rng_below(&r, 6)];

			if (!(kinds >> kind & 1))
				continue;
			m->product[m->events] = rng_below(&r, 3) ? near % m->products :
						(uint32_t)rng_below(&r, m->products);
			m->time[m->events] = m->events;
			m->kind[m->events++] = (uint8_t)kind;
		}
		m->offsets[s + 1] = m->events;
	}
}

unsigned minishop_basket(const struct minishop *m, uint32_t session, unsigned kinds,
			 bool in[MINI_PRODUCTS])
{
	unsigned n = 0;

	memset(in, 0, MINI_PRODUCTS * sizeof *in);
	for (uint64_t i = m->offsets[session]; i < m->offsets[session + 1]; i++)
		if ((kinds >> m->kind[i] & 1) && !in[m->product[i]]) {
			in[m->product[i]] = true;
			n++;
		}
	return n;
}

bool minishop_counts(const struct minishop *m, uint32_t session)
{
	bool in[MINI_PRODUCTS];

	return minishop_basket(m, session, ~0u, in) <= m->max_session;
}

static struct str numbered(const void *ctx, uint64_t i)
{
	static char text[MINI_PRODUCTS][4];

	(void)ctx;
	snprintf(text[i], sizeof text[i], "%02u", (unsigned)i % 100);
	return str_span(text[i], 2);
}

static struct str path(const void *ctx, uint64_t i)
{
	(void)ctx;
	return str_from(mini_path[i]);
}

/* The further category of a product, or NONE. */
static uint32_t further(const struct minishop *m, uint32_t p)
{
	uint32_t c = (p * 5 + 1) % MINI_CATEGORIES;

	return p % 3 || m->category[p] == NONE || c == m->category[p] ? NONE : c;
}

/* Is the category the other one, or above it? */
static bool above(uint32_t category, uint32_t of)
{
	return of != NONE && of >= category && of < mini_end[category];
}

static bool fill_places(struct build *b, const struct minishop *m, struct err *err)
{
	uint64_t places[MINI_PRODUCTS + 1] = {0}, guests[MINI_CATEGORIES + 1] = {0};
	uint32_t place[MINI_PRODUCTS], guest[MINI_PRODUCTS * MINI_CATEGORIES];
	uint64_t n = 0;

	for (uint32_t p = 0; p < m->products; p++) {
		if (further(m, p) != NONE)
			place[n++] = further(m, p);
		places[p + 1] = n;
	}
	n = 0;
	for (uint32_t c = 0; c < MINI_CATEGORIES; c++) {
		for (uint32_t p = 0; p < m->products; p++)
			if (above(c, further(m, p)) && !above(c, m->category[p]))
				guest[n++] = p;
		guests[c + 1] = n;
	}
	return build_array(b, "product/place-offsets", ARRAY_U64, m->products + 1, 1, places,
			   err) &&
	       build_array(b, "product/place", ARRAY_U32, places[m->products], 1, place, err) &&
	       build_array(b, "category/guest-offsets", ARRAY_U64, MINI_CATEGORIES + 1, 1,
			   guests, err) &&
	       build_array(b, "category/guest", ARRAY_U32, n, 1, guest, err);
}

static bool fill(struct build *b, const struct minishop *m, struct err *err)
{
	uint32_t first[MINI_CATEGORIES + 1] = {0}, c = 0;
	int64_t price[MINI_PRODUCTS];

	for (uint32_t p = 0; p < m->products; p++) {
		while (c < MINI_CATEGORIES && (m->category[p] == NONE || c < m->category[p]))
			first[++c] = p;
		price[p] = 100 + p;
	}
	return (!m->several || fill_places(b, m, err)) &&
	       build_text(b, "product/id", &(struct text_source){m->products, numbered, NULL},
			  err) &&
	       build_text(b, "product/label",
			  &(struct text_source){m->products, numbered, NULL}, err) &&
	       build_array(b, "product/category", ARRAY_U32, m->products, 1, m->category,
			   err) &&
	       build_array(b, "product/group", ARRAY_U32, m->products, 1, m->group, err) &&
	       build_array(b, "product/price", ARRAY_I64, m->products, 1, price, err) &&
	       build_index(b, "product", &(struct id_source){m->products, numbered, NULL, NULL},
			   err) &&
	       build_text(b, "category/id", &(struct text_source){MINI_CATEGORIES, path, NULL},
			  err) &&
	       build_text(b, "category/name",
			  &(struct text_source){MINI_CATEGORIES, path, NULL}, err) &&
	       build_text(b, "category/path",
			  &(struct text_source){MINI_CATEGORIES, path, NULL}, err) &&
	       build_array(b, "category/parent", ARRAY_U32, MINI_CATEGORIES, 1, mini_parent,
			   err) &&
	       build_array(b, "category/end", ARRAY_U32, MINI_CATEGORIES, 1, mini_end, err) &&
	       build_array(b, "category/depth", ARRAY_U8, MINI_CATEGORIES, 1, mini_depth,
			   err) &&
	       build_array(b, "category/product", ARRAY_U32, MINI_CATEGORIES + 1, 1, first,
			   err) &&
	       build_array(b, "session/offsets", ARRAY_U64, m->sessions + 1, 1, m->offsets,
			   err) &&
	       build_array(b, "event/product", ARRAY_U32, m->events, 1, m->product, err) &&
	       build_array(b, "event/time", ARRAY_I64, m->events, 1, m->time, err) &&
	       build_array(b, "event/kind", ARRAY_U8, m->events, 1, m->kind, err);
}

static void fill_meta(json_t *meta, const struct minishop *m)
{
	static const char *const caps[EVENT_KINDS] = {
		[EVENT_VIEW] = "views",
		[EVENT_CART] = "carts",
		[EVENT_PURCHASE] = "purchases",
	};
	json_t *list = json_array();
	unsigned kinds = 0;

	int64_t last = 0;

	for (uint32_t i = 0; i < m->events; i++) {
		kinds |= 1u << m->kind[i];
		last = m->time[i] > last ? m->time[i] : last;
	}
	json_object_set_new(meta, "last_time", json_integer(last));
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (caps[k] && (kinds >> k & 1))
			json_array_append_new(list, json_string(caps[k]));
	json_object_set_new(meta, "capabilities", list);
	json_object_set_new(meta, "max_session", json_integer(m->max_session));
}

struct store *minishop_store(const struct minishop *m, const char *path_, unsigned threads)
{
	SCOPED(pool) pool = pool_create(threads);
	struct store *s = NULL;
	struct build *b = NULL;
	struct err err = {0};

	if (!build_begin(&b, path_, "test", 0, &err))
		fail_msg("%s", err.text);
	fill_meta(build_meta(b), m);
	if (!fill(b, m, &err) || !stats_run(b, (struct work){pool, NULL}, &err) ||
	    !build_publish(b, &err))
		fail_msg("%s", err.text);
	build_destroy(b);
	if (!store_open(&s, path_, &err))
		fail_msg("%s", err.text);
	return s;
}
