/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over sessions, one over products; bins follow the span of the log. */
#include "config.h"

#include "view/overview.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"

#define DAYS_MOST 62		/* longer logs go by week */
#define WEEKS_MOST 106		/* and by month */
#define HOUR INT64_C(3600000)

const char *const overview_measures[MEASURES] = {
	"views", "carts", "purchases", "revenue", "price", "conversion",
};

const char *overview_step_name(enum overview_step s)
{
	static const char *const names[OVERVIEW_STEPS] = {"day", "week", "month"};
	return names[s];
}

/* 1970-01-01 was a Thursday: weeks begin on Mondays. */
static int64_t bin_of(enum overview_step step, int64_t clock)
{
	int64_t day = time_day(clock);
	int year;
	unsigned month, d;
	if (step == STEP_DAY)
		return day;
	if (step == STEP_WEEK)
		return time_day((day + 3) * TIME_DAY / 7);
	time_civil(clock, &year, &month, &d);
	return (int64_t)year * 12 + month - 1;
}

int64_t overview_bin_start(const struct overview *o, size_t i)
{
	int64_t bin = o->first_bin + (int64_t)i;
	int64_t day = o->step == STEP_WEEK ? bin * 7 - 3 : bin;
	if (o->step == STEP_MONTH &&
	    !time_days((int)(bin / 12), (unsigned)(bin % 12) + 1, 1, &day))
		day = 0;
	return day * TIME_DAY;
}

static void count_event(struct overview *o, uint64_t i, size_t *hint)
{
	int64_t ms = o->cat->event_time[i], local = ms + zone_offset(&o->zone, ms, hint);
	int64_t day = time_day(local);
	int64_t bin = bin_of(o->step, o->cat->zone ? local : ms) - o->first_bin;
	unsigned kind = o->cat->event_kind[i];
	o->events[kind]++;
	if (bin >= 0 && (size_t)bin < o->n_bins)
		o->bins[(size_t)bin * EVENT_KINDS + kind]++;
	o->hours[((day + 3) % 7 + 7) % 7][(local - day * TIME_DAY) / HOUR]++;
}

static void count_session(struct overview *o, uint32_t session, size_t *hint)
{
	const struct catalog *cat = o->cat;
	unsigned kinds = 0;
	uint32_t views = 0;
	for (uint64_t i = cat->session_offsets[session];
	     i < cat->session_offsets[session + 1]; i++) {
		if (cat->event_kind[i] >= EVENT_KINDS)
			continue;	/* damage: verify says so */
		count_event(o, i, hint);
		kinds |= 1u << cat->event_kind[i];
		views += cat->event_kind[i] == EVENT_VIEW;
	}
	o->with[kinds]++;
	if (o->user_views && cat->session_user[session] < cat->n_users)
		o->user_views[cat->session_user[session]] += views;
}

static bool count_events(struct overview *o, struct job *job, struct err *err)
{
	const struct catalog *cat = o->cat;
	int64_t first = catalog_clock(cat, cat->first_time);
	int64_t last = catalog_clock(cat, cat->last_time);
	int64_t days = time_day(last) - time_day(first) + 1;
	size_t hint = 0;
	o->step = days <= DAYS_MOST ? STEP_DAY : days <= 7 * WEEKS_MOST ? STEP_WEEK
								      : STEP_MONTH;
	o->first_bin = bin_of(o->step, first);
	o->n_bins = (size_t)(bin_of(o->step, last) - o->first_bin + 1);
	o->bins = mem_big(o->n_bins * EVENT_KINDS, sizeof *o->bins, "events by time", err);
	if (!o->bins)
		return false;
	memset(o->bins, 0, o->n_bins * EVENT_KINDS * sizeof *o->bins);
	job_step(job, "counting events", cat->n_sessions);
	for (uint32_t s = 0; s < cat->n_sessions; s++) {
		count_session(o, s, &hint);
		if (s % 65536 == 0) {
			job_advance(job, 65536);
			if (!job_check(job, err))
				return false;
		}
	}
	return true;
}

uint64_t overview_sessions(const struct overview *o, unsigned kinds)
{
	uint64_t n = 0;
	for (unsigned set = 0; set < 1u << EVENT_KINDS; set++)
		n += (set & kinds) == kinds ? o->with[set] : 0;
	return n;
}

/* --- spreads */

static void spread_add(struct overview_spread *s, uint64_t x)
{
	unsigned bin = 0;
	for (; x; x >>= 1)
		bin++;
	s->bin[bin < OVERVIEW_BINS ? bin : OVERVIEW_BINS - 1]++;
	s->n++;
}

void overview_add_bin(struct strbuf *b, unsigned bin)
{
	unsigned long long low = bin ? 1ull << (bin - 1) : 0;
	if (bin < 2)
		strbuf_addf(b, "%llu", low);
	else if (bin < OVERVIEW_BINS - 1)
		strbuf_addf(b, "%llu-%llu", low, 2 * low - 1);
	else
		strbuf_addf(b, "%llu and more", low);
}

unsigned overview_used(const struct overview_spread *s)
{
	unsigned n = OVERVIEW_BINS;
	while (n && !s->bin[n - 1])
		n--;
	return n;
}

/* --- users */

static void rank_user(struct overview *o, uint32_t user, uint64_t events)
{
	unsigned i;
	if (!events || (o->n_top == OVERVIEW_TOP && events <= o->top_events[o->n_top - 1]))
		return;
	i = o->n_top < OVERVIEW_TOP ? o->n_top++ : OVERVIEW_TOP - 1;
	for (; i > 0 && o->top_events[i - 1] < events; i--) {
		o->top_events[i] = o->top_events[i - 1];
		o->top_users[i] = o->top_users[i - 1];
	}
	o->top_events[i] = events;
	o->top_users[i] = user;
}

static int descending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x < y) - (x > y);
}

static bool count_users(struct overview *o, struct job *job, struct err *err)
{
	const struct catalog *cat = o->cat;
	for (uint32_t u = 0; u < cat->n_users; u++) {
		uint64_t events = 0;
		for (uint64_t k = cat->user_offsets[u]; k < cat->user_offsets[u + 1]; k++)
			events += cat->session_offsets[cat->user_session[k] + 1] -
				  cat->session_offsets[cat->user_session[k]];
		spread_add(&o->active, events);
		rank_user(o, u, events);
		o->user_views_all += o->user_views ? o->user_views[u] : 0;
	}
	if (!job_check(job, err) || !o->user_views)
		return !o->user_views;
	qsort(o->user_views, cat->n_users, sizeof *o->user_views, descending);
	o->heavy_users = (cat->n_users + 9) / 10;
	for (uint32_t u = 0; u < o->heavy_users; u++)
		o->heavy_views += o->user_views[u];
	return true;
}

/* --- correlations of products */

/* Counts and money run over many orders of magnitude: their logarithms are compared. */
static double measure(const struct overview *o, enum overview_measure m, uint32_t p)
{
	const struct catalog *c = o->cat;
	double scale = pow(10, c->price_scale), revenue = pow(10, c->revenue_scale);
	switch (m) {
	case MEASURE_VIEWS:
		return c->product_views && c->caps & CAP_VIEWS ? log1p(c->product_views[p])
							       : NAN;
	case MEASURE_CARTS:
		return c->product_carts && c->caps & CAP_CARTS ? log1p(c->product_carts[p])
							       : NAN;
	case MEASURE_PURCHASES:
		return c->product_purchases && c->caps & CAP_PURCHASES
			       ? log1p(c->product_purchases[p]) : NAN;
	case MEASURE_REVENUE:
		return c->product_revenue && c->caps & CAP_PURCHASES && c->caps & CAP_PRICES
			       ? log1p(fmax(0, (double)c->product_revenue[p] / revenue)) : NAN;
	case MEASURE_PRICE:
		return c->product_price && c->product_price[p] != PRICE_NONE
			       ? log1p(fmax(0, (double)c->product_price[p] / scale)) : NAN;
	case MEASURE_CONVERSION:
		return c->product_views && c->product_purchases && c->caps & CAP_VIEWS &&
		       c->caps & CAP_PURCHASES && c->product_views[p]
			       ? (double)c->product_purchases[p] / c->product_views[p] : NAN;
	case MEASURES:
		break;
	}
	return NAN;
}

/* Pearson's r over the products that have both; Welford's update. */
struct moments {
	double n, mx, my, xx, yy, xy;
};

static void moments_add(struct moments *m, double x, double y)
{
	double dx = x - m->mx, dy = y - m->my;
	m->n++;
	m->mx += dx / m->n;
	m->my += dy / m->n;
	m->xx += dx * (x - m->mx);
	m->yy += dy * (y - m->my);
	m->xy += dx * (y - m->my);
}

static void correlate(struct overview *o)
{
	struct moments m[MEASURES][MEASURES] = {0};
	for (uint32_t p = 0; p < o->cat->n_products; p++) {
		double x[MEASURES];
		for (int i = 0; i < MEASURES; i++)
			x[i] = measure(o, (enum overview_measure)i, p);
		for (int i = 0; i < MEASURES; i++)
			for (int j = 0; j < i; j++)
				if (!isnan(x[i]) && !isnan(x[j]))
					moments_add(&m[i][j], x[i], x[j]);
	}
	for (int i = 0; i < MEASURES; i++)
		for (int j = 0; j < MEASURES; j++) {
			const struct moments *k = i > j ? &m[i][j] : &m[j][i];
			double s = sqrt(k->xx * k->yy);
			o->correlation[i][j] = i != j && k->n > 2 && s > 1e-12 * k->n
						       ? k->xy / s : NAN;
		}
}

static void count_products(struct overview *o)
{
	const struct catalog *cat = o->cat;
	for (uint32_t p = 0; p < cat->n_products; p++) {
		if (cat->product_views && cat->caps & CAP_VIEWS)
			spread_add(&o->viewed, cat->product_views[p]);
		if (cat->product_purchases && cat->caps & CAP_PURCHASES)
			spread_add(&o->bought, cat->product_purchases[p]);
	}
	for (uint32_t c = 0; c < cat->n_categories; c++) {
		struct members m = catalog_members(cat, c);

		o->empty_categories += members_count(&m) == 0;
	}
}

bool overview_count(struct overview *o, struct job *job, struct err *err)
{
	const struct catalog *cat = o->cat;
	const char *zone = json_string_value(json_object_get(o->meta,
							     "time_zone"));
	o->zone_name = zone && zone_open(&o->zone, zone) ? zone : "UTC";
	if (cat->session_user && cat->user_offsets && cat->n_users && cat->caps & CAP_VIEWS) {
		o->user_views = mem_big(cat->n_users, sizeof *o->user_views, "views of users",
					err);
		if (!o->user_views)
			return false;
		memset(o->user_views, 0, cat->n_users * sizeof *o->user_views);
	}
	if (cat->n_events && !count_events(o, job, err))
		return false;
	if (cat->user_offsets && cat->user_session && !count_users(o, job, err))
		return false;
	count_products(o);
	correlate(o);
	return job_check(job, err);
}

void overview_finish(struct overview *o)
{
	free(o->bins);
	free(o->user_views);
	zone_finish(&o->zone);
}
