/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions of both products are walked side by side and fall into periods. */
#include "config.h"

#include "view/why_trend.h"

#include <math.h>

#include "base/job.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/chart.h"

#define MOST 40		/* periods that are looked at, the latest */
#define SMALL 20	/* sessions: a change of fewer says little */

struct trend {
	const struct catalog *cat;
	/* ms of the shop's clock; the latest period is [end - length, end) */
	int64_t end, length;
	unsigned n;
	uint64_t both[MOST], a[MOST];	/* sessions, the latest last */
};

static bool choose_periods(struct trend *t)
{
	static const int days[] = {28, 7, 1};
	int64_t first = catalog_day(t->cat, t->cat->first_time) * TIME_DAY;
	t->end = catalog_day(t->cat, t->cat->last_time) * TIME_DAY;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		t->length = days[i] * TIME_DAY;
		int64_t n = (t->end - first) / t->length;
		if (n < TREND_PERIODS)
			continue;
		t->n = n < MOST ? (unsigned)n : MOST;
		return true;
	}
	return false;
}

/* The period of a session by its start, or -1. */
static int period_of(const struct trend *t, uint32_t session)
{
	int64_t start = t->cat->event_time[t->cat->session_offsets[session]];
	int64_t at = catalog_clock(t->cat, start);
	int64_t first = t->end - t->length * t->n;
	return at < first || at >= t->end ? -1 : (int)((at - first) / t->length);
}

static bool count(struct trend *t, uint32_t a, uint32_t b, struct job *job, struct err *err)
{
	const uint64_t *offsets = t->cat->product_session_offsets;
	const uint32_t *session = t->cat->product_session;
	uint64_t j = offsets[b];
	for (uint64_t i = offsets[a]; i < offsets[a + 1]; i++) {
		int k = period_of(t, session[i]);
		if (i % 65536 == 0 && !job_check(job, err))
			return false;
		while (j < offsets[b + 1] && session[j] < session[i])
			j++;
		if (k < 0)
			continue;
		t->a[k]++;
		t->both[k] += j < offsets[b + 1] && session[j] == session[i];
	}
	return true;
}

static void add_period(struct facts *f, const struct trend *t, const char *field, unsigned k)
{
	int64_t start = t->end - t->length * (t->n - k);
	STRBUF(words);
	if (t->a[k])
		strbuf_addf(&words, "of %llu sessions with A, %.1f%%", (unsigned long long)t->a[k],
			    100 * (double)t->both[k] / (double)t->a[k]);
	else
		strbuf_adds(&words, "and no session with A");
	strbuf_adds(&words, "; ");
	time_add_date(&words, start);
	strbuf_adds(&words, " to ");
	time_add_date(&words, start + t->length - TIME_DAY);
	facts_number(f, field, t->both[k], "%s", strbuf_c(&words));
}

static void add_history(struct facts *f, const struct trend *t)
{
	double x[MOST];
	struct canvas c;
	STRBUF(exact);
	STRBUF(shown);
	for (unsigned k = 0; k < t->n; k++) {
		x[k] = (double)t->both[k];
		strbuf_addf(&exact, "%s%llu", k ? " " : "", (unsigned long long)t->both[k]);
	}
	canvas_init(&c, MOST, GLYPHS_BRAILLE);
	canvas_need(&c, 1);
	chart_spark(&c, 0, 0, x, (int)t->n, 0, INK_SERIES);
	canvas_add_row(&c, 0, &shown);
	canvas_finish(&c);
	strbuf_addf(&shown, "  sessions with both in %u periods of %d day%s", t->n,
		    (int)(t->length / TIME_DAY), t->length == TIME_DAY ? "" : "s");
	facts_add(f, "history", strbuf_str(&exact), strbuf_str(&shown));
}

static void add_change(struct facts *f, const struct trend *t)
{
	uint64_t now = t->both[t->n - 1], before = t->both[t->n - 2];
	double x = (double)now / (double)before;
	STRBUF(exact);
	STRBUF(shown);
	if (!before) {
		facts_missing(f, "change", now ? "new: there was none in the period before"
					       : "there was none in either");
		return;
	}
	num_add_exact(&exact, x);
	strbuf_addf(&shown, "%.2f times as many as before%s", x,
		    now + before < SMALL ? ", a small sample" : "");
	facts_add(f, "change", strbuf_str(&exact), strbuf_str(&shown));
}

bool why_trend(struct facts *f, uint32_t a, uint32_t b, struct job *job, struct err *err)
{
	struct trend t = {.cat = f->cat};
	f->section = "trend";
	if (!f->cat->n_events || !f->cat->product_session_offsets || !f->cat->product_session ||
	    f->cat->caps & CAP_UNDATED) {
		facts_missing(f, "periods", "this store doesn't tell the days of sessions");
		return true;
	}
	if (!choose_periods(&t)) {
		facts_missing(f, "periods", "the log is too short: it has no three whole days");
		return true;
	}
	if (!count(&t, a, b, job, err))
		return false;
	add_period(f, &t, "latest period", t.n - 1);
	add_period(f, &t, "the one before", t.n - 2);
	add_change(f, &t);
	add_history(f, &t);
	return true;
}
