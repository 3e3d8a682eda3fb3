/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a store holds, explored: events, funnel, favourites, time, activity and
 * the quality of the data. One pass over the events; quantiles are exact, by
 * counting, of the kind "the least value that so large a share does not exceed".
 */
#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "store/store.h"
#include "view/cells.h"
#include "view/facts.h"

#define TOP 5
#define BAR 30			/* cells of the longest bar */
#define DAYS_MOST 62		/* longer logs go by week */
#define WEEKS_MOST 106		/* and by month */
#define HOUR INT64_C(3600000)

enum step { STEP_DAY, STEP_WEEK, STEP_MONTH };
static const char *const step_names[] = {"day", "week", "month"};
static const char *const weekdays[7] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
};

struct overview {
	struct facts facts;	/* first: the state of the facts' functions */
	const struct catalog *cat;
	const json_t *meta;
	uint64_t events[EVENT_KINDS];
	uint64_t with[1u << EVENT_KINDS];	/* sessions by the set of their kinds */
	enum step step;
	int64_t first_bin;
	size_t n_bins;
	uint64_t *bins;		/* (n_bins, EVENT_KINDS) */
	uint64_t hours[7][24];
};

static int64_t day_of(int64_t ms)
{
	return ms >= 0 ? ms / TIME_DAY : -((-ms + TIME_DAY - 1) / TIME_DAY);
}

/* 1970-01-01 was a Thursday: weeks begin on Mondays. */
static int64_t bin_of(enum step step, int64_t ms)
{
	int64_t day = day_of(ms);
	int year;
	unsigned month, d;
	if (step == STEP_DAY)
		return day;
	if (step == STEP_WEEK)
		return day_of((day + 3) * TIME_DAY / 7);
	time_civil(ms, &year, &month, &d);
	return (int64_t)year * 12 + month - 1;
}

static int64_t bin_start(enum step step, int64_t bin)
{
	int64_t day = step == STEP_WEEK ? bin * 7 - 3 : bin;
	if (step == STEP_MONTH && !time_days((int)(bin / 12), (unsigned)(bin % 12) + 1, 1, &day))
		day = 0;
	return day * TIME_DAY;
}

static bool count_session(struct overview *o, uint32_t session)
{
	const struct catalog *cat = o->cat;
	unsigned kinds = 0;
	for (uint64_t i = cat->session_offsets[session];
	     i < cat->session_offsets[session + 1]; i++) {
		int64_t ms = cat->event_time[i], day = day_of(ms);
		unsigned kind = cat->event_kind[i];
		int64_t bin = bin_of(o->step, ms) - o->first_bin;
		if (kind >= EVENT_KINDS)
			continue;	/* damage: verify says so */
		o->events[kind]++;
		kinds |= 1u << kind;
		if (bin >= 0 && (size_t)bin < o->n_bins)
			o->bins[(size_t)bin * EVENT_KINDS + kind]++;
		o->hours[((day + 3) % 7 + 7) % 7][(ms - day * TIME_DAY) / HOUR]++;
	}
	o->with[kinds]++;
	return session % 65536 != 0;
}

static bool count_events(struct overview *o, struct job *job, struct err *err)
{
	const struct catalog *cat = o->cat;
	int64_t days = day_of(cat->last_time) - day_of(cat->first_time) + 1;
	o->step = days <= DAYS_MOST ? STEP_DAY : days <= 7 * WEEKS_MOST ? STEP_WEEK
								      : STEP_MONTH;
	o->first_bin = bin_of(o->step, cat->first_time);
	o->n_bins = (size_t)(bin_of(o->step, cat->last_time) - o->first_bin + 1);
	o->bins = mem_big(o->n_bins * EVENT_KINDS, sizeof *o->bins, "events by time", err);
	if (!o->bins)
		return false;
	memset(o->bins, 0, o->n_bins * EVENT_KINDS * sizeof *o->bins);
	for (uint32_t s = 0; s < cat->n_sessions; s++)
		if (!count_session(o, s) && !job_check(job, err))
			return false;
	return true;
}

static void add_share(struct facts *f, const char *field, uint64_t n, uint64_t all,
		      const char *of)
{
	if (all)
		facts_number(f, field, n, " %.1f%% of %s", 100 * (double)n / (double)all, of);
	else
		facts_number(f, field, n, NULL);
}

static void add_size(struct overview *o)
{
	struct facts *f = &o->facts;
	const struct catalog *cat = o->cat;
	const char *title = json_string_value(json_object_get(o->meta, "title"));
	f->section = "data";
	if (title)
		facts_text(f, "data set", str_from(title));
	facts_time(f, "first", cat->first_time);
	facts_time(f, "last", cat->last_time);
	facts_number(f, "events", cat->n_events, NULL);
	facts_number(f, "sessions", cat->n_sessions, NULL);
	if (cat->caps & CAP_USERS)
		facts_number(f, "users", cat->n_users, NULL);
	facts_number(f, "products", cat->n_products, NULL);
	facts_number(f, "categories", cat->n_categories, NULL);
	f->section = "events";
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (o->events[k])
			add_share(f, event_kind_name(k), o->events[k], cat->n_events,
				  "all events");
}

/* Sessions that have all of these kinds. */
static uint64_t sessions_with(const struct overview *o, unsigned kinds)
{
	uint64_t n = 0;
	for (unsigned set = 0; set < 1u << EVENT_KINDS; set++)
		n += (set & kinds) == kinds ? o->with[set] : 0;
	return n;
}

static uint64_t products_with(const struct overview *o, const uint32_t *totals)
{
	uint64_t n = 0;
	for (uint32_t p = 0; totals && p < o->cat->n_products; p++)
		n += totals[p] > 0;
	return n;
}

static void add_funnel(struct overview *o)
{
	const struct catalog *cat = o->cat;
	const unsigned view = 1u << EVENT_VIEW, cart = 1u << EVENT_CART,
		       bought = 1u << EVENT_PURCHASE;
	uint64_t viewed = sessions_with(o, view), carted = sessions_with(o, cart);
	struct facts *f = &o->facts;
	f->section = "funnel: sessions";
	if (viewed)
		add_share(f, "view", viewed, cat->n_sessions, "all sessions");
	if (carted)
		add_share(f, "cart", carted, cat->n_sessions, "all sessions");
	if (sessions_with(o, bought))
		add_share(f, "purchase", sessions_with(o, bought), cat->n_sessions,
			  "all sessions");
	if (viewed && carted)
		add_share(f, "view and cart", sessions_with(o, view | cart), viewed,
			  "those with a view");
	if (carted && sessions_with(o, bought))
		add_share(f, "cart and purchase", sessions_with(o, cart | bought), carted,
			  "those with a cart");
	if (viewed && sessions_with(o, bought))
		add_share(f, "view and purchase", sessions_with(o, view | bought), viewed,
			  "those with a view");
	f->section = "funnel: products";
	if (cat->caps & CAP_VIEWS)
		add_share(f, "viewed", products_with(o, cat->product_views),
			  cat->n_products, "all products");
	if (cat->caps & CAP_CARTS)
		add_share(f, "put in a cart", products_with(o, cat->product_carts),
			  cat->n_products, "all products");
	if (cat->caps & CAP_PURCHASES)
		add_share(f, "bought", products_with(o, cat->product_purchases),
			  cat->n_products, "all products");
}

static void add_top(struct overview *o, const char *section, const uint32_t *order,
		    const uint32_t *totals)
{
	o->facts.section = section;
	for (uint32_t i = 0; order && totals && i < TOP && i < o->cat->n_products; i++) {
		uint32_t p = order[i];
		if (!totals[p])
			return;
		struct str id = arena_str(o->facts.arena, text_at(&o->cat->product_id, p));
		facts_number(&o->facts, id.ptr, totals[p], " %.*s",
			     STR_ARG(text_at(&o->cat->product_label, p)))->product = p;
	}
}

static void add_bar(struct facts *f, const char *field, uint64_t n, uint64_t most)
{
	STRBUF(bar);
	size_t cells = most ? (size_t)((double)n / (double)most * BAR + 0.5) : 0;
	strbuf_fill(&bar, '#', cells);
	facts_number(f, field, n, " %s", strbuf_c(&bar));
}

static void add_times(struct overview *o)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		uint64_t most = 0;
		if (!o->events[k])
			continue;
		o->facts.section = arena_printf(o->facts.arena, "%s per %s",
						event_kind_name(k), step_names[o->step]).ptr;
		for (size_t i = 0; i < o->n_bins; i++)
			if (o->bins[i * EVENT_KINDS + k] > most)
				most = o->bins[i * EVENT_KINDS + k];
		for (size_t i = 0; i < o->n_bins; i++) {
			STRBUF(date);
			time_add_date(&date, bin_start(o->step, o->first_bin + (int64_t)i));
			add_bar(&o->facts, strbuf_c(&date), o->bins[i * EVENT_KINDS + k],
				most);
		}
	}
}

/* A digit per hour, 0 to 9 of the busiest; "." is none at all. */
static void add_hours(struct overview *o)
{
	struct facts *f = &o->facts;
	uint64_t most = 1;
	f->section = "hours (UTC)";
	if (!(o->cat->caps & CAP_HOURS)) {
		facts_missing(f, "hours", "the times of this data set have no hours");
		return;
	}
	for (unsigned i = 0; i < 7 * 24; i++)
		most = o->hours[i / 24][i % 24] > most ? o->hours[i / 24][i % 24] : most;
	facts_missing(f, "hour", "0  3  6  9  12 15 18 21    9: the busiest, .: nothing");
	for (unsigned d = 0; d < 7; d++) {
		STRBUF(exact);
		STRBUF(shown);
		for (unsigned h = 0; h < 24; h++) {
			uint64_t n = o->hours[d][h];
			strbuf_addf(&exact, "%s%llu", h ? " " : "", (unsigned long long)n);
			strbuf_addc(&shown, n ? (char)('0' + n * 9 / most) : '.');
		}
		facts_add(f, weekdays[d], strbuf_str(&exact), strbuf_str(&shown));
	}
}

/* --- quantiles of whole numbers */

struct activity {
	const struct catalog *cat;
	uint32_t n;
	uint64_t (*of)(const struct catalog *cat, uint32_t i);
};

static bool add_quantiles(struct facts *f, const char *section, const struct activity *a,
			  struct err *err)
{
	static const struct { const char *name; double share; } steps[] = {
		{"least", 0}, {"25%", 0.25}, {"median", 0.5}, {"75%", 0.75}, {"90%", 0.9},
		{"99%", 0.99}, {"most", 1},
	};
	uint64_t most = 0, seen = 0, x = 0;
	for (uint32_t i = 0; i < a->n; i++)
		most = a->of(a->cat, i) > most ? a->of(a->cat, i) : most;
	SCOPED_FREE uint32_t *count = mem_big(most + 1, sizeof *count, "quantiles", err);
	if (!count)
		return false;
	memset(count, 0, (most + 1) * sizeof *count);
	for (uint32_t i = 0; i < a->n; i++)
		count[a->of(a->cat, i)]++;
	f->section = section;
	seen = count[0];
	for (size_t k = 0; a->n && k < sizeof steps / sizeof *steps; k++) {
		while (x < most && (seen == 0 || (double)seen < steps[k].share * a->n))
			seen += count[++x];
		facts_number(f, steps[k].name, x, NULL);
	}
	return true;
}

static uint64_t views_of(const struct catalog *cat, uint32_t p)
{
	return cat->product_views[p];
}
static uint64_t purchases_of(const struct catalog *cat, uint32_t p)
{
	return cat->product_purchases[p];
}
static uint64_t events_of(const struct catalog *cat, uint32_t s)
{
	return cat->session_offsets[s + 1] - cat->session_offsets[s];
}
static uint64_t sessions_of(const struct catalog *cat, uint32_t u)
{
	return cat->user_offsets[u + 1] - cat->user_offsets[u];
}

static bool add_activity(struct overview *o, struct err *err)
{
	const struct catalog *cat = o->cat;
	struct facts *f = &o->facts;
	if (cat->product_views && (cat->caps & CAP_VIEWS) &&
	    !add_quantiles(f, "views of a product",
			   &(struct activity){cat, cat->n_products, views_of}, err))
		return false;
	if (cat->product_purchases && (cat->caps & CAP_PURCHASES) &&
	    !add_quantiles(f, "purchases of a product",
			   &(struct activity){cat, cat->n_products, purchases_of}, err))
		return false;
	if (cat->user_offsets &&
	    !add_quantiles(f, "sessions of a user",
			   &(struct activity){cat, cat->n_users, sessions_of}, err))
		return false;
	return add_quantiles(f, "events of a session",
			     &(struct activity){cat, cat->n_sessions, events_of}, err);
}

/* --- quality */

static void add_meta_count(struct overview *o, const char *field, const json_t *where,
			   const char *key, const char *help)
{
	const json_t *n = json_object_get(where, key);
	if (json_is_integer(n))
		facts_number(&o->facts, field, (uint64_t)json_integer_value(n), "%s", help);
}

static uint64_t none_of(const uint32_t *numbers, uint32_t n)
{
	uint64_t none = 0;
	for (uint32_t i = 0; i < n; i++)
		none += numbers[i] == CATALOG_NONE;
	return none;
}

static void add_quality(struct overview *o)
{
	const struct catalog *cat = o->cat;
	const json_t *counts = json_object_get(o->meta, "counts"), *n;
	struct facts *f = &o->facts;
	const char *reason;
	f->section = "quality";
	add_meta_count(o, "records", counts, "records", "read");
	add_meta_count(o, "rejected", counts, "rejected", "records could not be loaded");
	json_object_foreach((json_t *)json_object_get(o->meta, "rejected"), reason, n) {
		STRBUF(field);
		strbuf_addf(&field, "rejected: %s", reason);
		facts_number(f, strbuf_c(&field), (uint64_t)json_integer_value(n), NULL);
	}
	add_meta_count(o, "skipped", counts, "skipped", "records were left out");
	add_meta_count(o, "conflicts", o->meta, "conflicts",
		       "products with facts that contradict each other");
	add_meta_count(o, "long sessions", counts, "long_sessions",
		       "are not counted in pairs");
	add_share(f, "no category", none_of(cat->product_category, cat->n_products),
		  cat->n_products, "all products");
	if (cat->product_brand && (cat->caps & CAP_BRANDS))
		add_share(f, "no brand", none_of(cat->product_brand, cat->n_products),
			  cat->n_products, "all products");
	if (cat->session_user && (cat->caps & CAP_USERS))
		add_share(f, "no user", none_of(cat->session_user, cat->n_sessions),
			  cat->n_sessions, "all sessions");
}

static bool overview_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct overview *o = state;
	const struct view_request *r = view_request_of(v);
	const struct catalog *cat = o->cat = r->catalog;
	o->meta = store_meta(r->store);
	facts_init(&o->facts, o->cat);
	if (cat->n_events && !count_events(o, job, err))
		return false;
	add_size(o);
	add_funnel(o);
	add_top(o, "most viewed", cat->order_views, cat->product_views);
	add_top(o, "most in carts", cat->order_carts, cat->product_carts);
	add_top(o, "most bought", cat->order_purchases, cat->product_purchases);
	add_times(o);
	add_hours(o);
	if (!add_activity(o, err))
		return false;
	add_quality(o);
	view_set_note(v, "Days are UTC; purchases of a product count pieces%s.",
		      o->step == STEP_DAY ? "" : "; the first and the last bar may be cut");
	return true;
}

static void overview_close(void *state)
{
	struct overview *o = state;
	free(o->bins);
	facts_close(&o->facts);
}

const struct view_class vw_overview = {
	.name = "overview",
	.summary = "The shop at a glance: events, funnel, favourites, time, activity, "
		"quality.",
	.n_columns = FACT_COLUMNS,
	.columns = facts_columns,
	.size = sizeof(struct overview),
	.open = overview_open,
	.close = overview_close,
	.count = facts_count,
	.row = facts_row,
	.product = facts_product,
};
