/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a store holds, explored: events, funnel, favourites, time, activity and
 * the quality of the data. One pass over the events; quantiles are exact, by
 * counting, of the kind "the least value that so large a share does not exceed".
 */
#include "config.h"

#include <math.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/chart.h"
#include "store/store.h"
#include "view/cells.h"
#include "view/overview.h"
#include "ask/pseudonym.h"

#define TOP 5
#define BAR 30			/* cells of the longest bar */

static const char *const weekdays[7] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
};

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

static uint64_t products_with(const struct overview *o, const uint32_t *totals)
{
	uint64_t n = 0;
	for (uint32_t p = 0; totals && p < o->cat->n_products; p++)
		n += totals[p] > 0;
	return n;
}

/* "the 118 with a cart": what a share is a share of. */
static const char *of_those(struct overview *o, uint64_t n, const char *what)
{
	STRBUF(b);

	strbuf_adds(&b, "the ");
	num_add_grouped(&b, (int64_t)n);
	strbuf_addf(&b, " with a %s", what);
	return arena_str(o->facts.arena, strbuf_str(&b)).ptr;
}

static void add_funnel(struct overview *o)
{
	const struct catalog *cat = o->cat;
	const unsigned view = 1u << EVENT_VIEW, cart = 1u << EVENT_CART,
		       bought = 1u << EVENT_PURCHASE;
	uint64_t viewed = overview_sessions(o, view), carted = overview_sessions(o, cart);
	struct facts *f = &o->facts;
	f->section = "funnel: sessions";
	if (viewed)
		add_share(f, "view", viewed, cat->n_sessions, "all sessions");
	if (carted)
		add_share(f, "cart", carted, cat->n_sessions, "all sessions");
	if (overview_sessions(o, bought))
		add_share(f, "purchase", overview_sessions(o, bought), cat->n_sessions,
			  "all sessions");
	if (viewed && carted)
		add_share(f, "view and cart", overview_sessions(o, view | cart), viewed,
			  of_those(o, viewed, "view"));
	if (carted && overview_sessions(o, bought)) {
		uint64_t both = overview_sessions(o, cart | bought);
		uint64_t buyers = overview_sessions(o, bought);

		add_share(f, "cart and purchase", both, carted, of_those(o, carted, "cart"));
		add_share(f, "purchase without a cart", buyers - both, buyers,
			  of_those(o, buyers, "purchase"));
	}
	if (viewed && overview_sessions(o, bought))
		add_share(f, "view and purchase", overview_sessions(o, view | bought), viewed,
			  of_those(o, viewed, "view"));
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

/* Eighths of a cell, as the charts have them. */
static void add_bar(struct facts *f, const char *field, uint64_t n, double share)
{
	struct canvas c;
	STRBUF(bar);
	canvas_init(&c, BAR, GLYPHS_BRAILLE);
	canvas_need(&c, 1);
	chart_bar(&c, (struct rect){0, 0, 1, BAR}, share, INK_SERIES);
	canvas_add_row(&c, 0, &bar);
	canvas_finish(&c);
	facts_number(f, field, n, " %s", strbuf_c(&bar));
}

static void add_times(struct overview *o)
{
	for (unsigned k = 0; k < EVENT_KINDS && !(o->cat->caps & CAP_UNDATED); k++) {
		uint64_t most = 0;
		if (!o->events[k])
			continue;
		o->facts.section = arena_printf(o->facts.arena, "%s per %s",
						event_kind_name(k),
						overview_step_name(o->step)).ptr;
		for (size_t i = 0; i < o->n_bins; i++)
			if (o->bins[i * EVENT_KINDS + k] > most)
				most = o->bins[i * EVENT_KINDS + k];
		for (size_t i = 0; i < o->n_bins; i++) {
			STRBUF(date);
			time_add_date(&date, overview_bin_start(o, i));
			add_bar(&o->facts, strbuf_c(&date), o->bins[i * EVENT_KINDS + k],
				(double)o->bins[i * EVENT_KINDS + k] / (double)most);
		}
	}
}

/* A digit per hour, 0 to 9 of the busiest; "." is none at all. */
static void add_hours(struct overview *o)
{
	struct facts *f = &o->facts;
	uint64_t most = 1;
	f->section = arena_printf(f->arena, "hours (%s)", o->zone_name).ptr;
	if (!(o->cat->caps & CAP_HOURS)) {
		facts_missing(f, "hours", o->cat->caps & CAP_UNDATED
			      ? "this store has no days: its log has no times"
			      : "the times of this data set have no hours");
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
		       "products with conflicting facts");
	add_meta_count(o, "long sessions", counts, "long_sessions",
		       "are not counted in pairs");
	add_share(f, "empty categories", o->empty_categories, cat->n_categories,
		  "all categories");
	add_share(f, "no category", none_of(cat->product_category, cat->n_products),
		  cat->n_products, "all products");
	if (cat->product_brand && (cat->caps & CAP_BRANDS))
		add_share(f, "no brand", none_of(cat->product_brand, cat->n_products),
			  cat->n_products, "all products");
	if (cat->session_user && (cat->caps & CAP_USERS))
		add_share(f, "no user", none_of(cat->session_user, cat->n_sessions),
			  cat->n_sessions, "all sessions");
}

static void add_users(struct overview *o, const struct question *q)
{
	struct facts *f = &o->facts;
	f->section = "most active users";
	for (unsigned i = 0; i < o->n_top && i < TOP; i++) {
		struct str name = pseudonym_user(q, f->arena, o->top_users[i]);
		facts_number(f, arena_str(f->arena, name).ptr, o->top_events[i],
			     "events")->user = o->top_users[i];
	}
	if (!o->heavy_users)
		return;
	f->section = "views of a user";
	facts_real(f, "all users",
		   (struct bounded){(double)o->user_views_all / o->cat->n_users, NAN, NAN},
		   false);
	facts_real(f, "top 10%",
		   (struct bounded){(double)o->heavy_views / (double)o->heavy_users, NAN, NAN},
		   false);
	facts_real(f, "their share",
		   (struct bounded){o->user_views_all
					    ? (double)o->heavy_views / (double)o->user_views_all
					    : NAN,
				    NAN, NAN},
		   true);
}

/* Bars of logarithms: few have much, many have little, and both are seen. */
static void add_spread(struct overview *o, const char *section,
		       const struct overview_spread *s)
{
	uint64_t most = 0;
	for (unsigned k = 0; k < OVERVIEW_BINS; k++)
		most = s->bin[k] > most ? s->bin[k] : most;
	o->facts.section = section;
	for (unsigned k = 0; k < overview_used(s); k++) {
		STRBUF(field);
		overview_add_bin(&field, k);
		add_bar(&o->facts, strbuf_c(&field), s->bin[k],
			log1p((double)s->bin[k]) / log1p((double)most));
	}
}

static void add_correlations(struct overview *o)
{
	o->facts.section = "correlation of products";
	for (int i = 0; i < MEASURES; i++)
		for (int j = 0; j < i; j++) {
			STRBUF(field);
			if (isnan(o->correlation[i][j]))
				continue;
			strbuf_addf(&field, "%s, %s", overview_measures[j],
				    overview_measures[i]);
			facts_real(&o->facts, strbuf_c(&field),
				   (struct bounded){o->correlation[i][j], NAN, NAN}, false);
		}
}

static bool overview_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct overview *o = state;
	const struct question *q = view_question(v);
	const struct catalog *cat = o->cat = q->catalog;
	o->meta = store_meta(q->store);
	facts_init(&o->facts, o->cat);
	if (!overview_count(o, job, err))
		return false;
	add_size(o);
	add_funnel(o);
	add_top(o, "most viewed", cat->order_views, cat->product_views);
	add_top(o, "most in carts", cat->order_carts, cat->product_carts);
	add_top(o, "most bought", cat->order_purchases, cat->product_purchases);
	add_users(o, q);
	add_times(o);
	add_hours(o);
	if (!add_activity(o, err))
		return false;
	add_spread(o, "products by views (log)", &o->viewed);
	add_spread(o, "products by purchases (log)", &o->bought);
	add_spread(o, "users by events (log)", &o->active);
	add_correlations(o);
	add_quality(o);
	view_set_note(v, "Days are %s; purchases of a product count pieces%s. Correlations are "
		      "Pearson's r over products, of log(1 + x) but for conversion.",
		      o->cat->zone ? "the shop's" : "UTC",
		      o->step == STEP_DAY ? "" : "; the first and the last bar may be cut");
	return true;
}

static void overview_close(void *state)
{
	struct overview *o = state;
	overview_finish(o);
	facts_close(&o->facts);
}

const struct view_class vw_overview = {
	.name = "overview",
	.summary = "The shop at a glance: events, funnel, favourites, time, activity, "
		"quality.",
	.asks = MAY(SHOW_USERS),
	.fixed = true,
	.n_columns = FACT_COLUMNS,
	.columns = facts_columns,
	.size = sizeof(struct overview),
	.open = overview_open,
	.close = overview_close,
	.count = facts_count,
	.row = facts_row,
	.product = facts_product,
	.target = facts_target,
	.page = overview_page,
	.words = overview_words,
};
