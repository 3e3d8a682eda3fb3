/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions of both products are walked side by side and fall into periods. */
#include "config.h"

#include "view/why_trend.h"

#include <assert.h>
#include <math.h>

#include "base/job.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/chart.h"
#include "view/evidence.h"

#define SMALL 20	/* sessions: a change of fewer says little */

static bool choose_periods(struct trend *t, const struct catalog *c)
{
	static const int days[] = {28, 7, 1};
	int64_t first = catalog_day(c, c->first_time) * TIME_DAY;
	t->end = catalog_day(c, c->last_time) * TIME_DAY;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		t->length = days[i] * TIME_DAY;
		int64_t n = (t->end - first) / t->length;
		if (n < TREND_PERIODS)
			continue;
		t->n = n < TREND_MOST ? (unsigned)n : TREND_MOST;
		return true;
	}
	return false;
}

/* The period of a session by its start, or -1. */
static int period_of(const struct trend *t, const struct catalog *c, uint32_t session)
{
	int64_t at = catalog_clock(c, c->event_time[c->session_offsets[session]]);
	int64_t first = t->end - t->length * t->n;
	return at < first || at >= t->end ? -1 : (int)((at - first) / t->length);
}

bool trend_count(struct trend *t, const struct catalog *c, uint32_t a, uint32_t b,
		 struct job *job, struct err *err)
{
	const uint64_t *offsets = c->product_session_offsets;
	const uint32_t *session = c->product_session;
	uint64_t j;

	assert(a < c->n_products && b < c->n_products);
	*t = (struct trend){.n = 0};
	if (!c->n_events || !offsets || !session || c->caps & CAP_UNDATED)
		t->lack = "this store doesn't tell the days of sessions";
	else if (!choose_periods(t, c))
		t->lack = "the log is too short: it has no three whole days";
	if (t->lack)
		return true;
	j = offsets[b];
	for (uint64_t i = offsets[a]; i < offsets[a + 1]; i++) {
		int k = period_of(t, c, session[i]);

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

int64_t trend_start(const struct trend *t, unsigned k)
{
	assert(k <= t->n);
	return t->end - t->length * (t->n - k);
}

void trend_words(struct strbuf *b, const struct trend *t)
{
	unsigned last = t->n - 1;
	struct assoc_counts c;

	if (t->lack || t->a[0] < SMALL || t->a[last] < SMALL)
		return;
	c = (struct assoc_counts){t->both[last], t->a[last], t->both[0] + t->both[last],
				  t->a[0] + t->a[last]};
	if (!(assoc_p(&c) < 0.05))
		return;
	strbuf_adds(b, (double)c.n * (double)c.n_all > (double)c.n_a * (double)c.n_b ?
		    "It rises: " : "It falls: ");
	evidence_share(b, (double)t->both[0] / (double)t->a[0]);
	strbuf_adds(b, " from ");
	time_add_date(b, trend_start(t, 0));
	strbuf_adds(b, ", ");
	evidence_share(b, (double)t->both[last] / (double)t->a[last]);
	strbuf_adds(b, " from ");
	time_add_date(b, trend_start(t, last));
	strbuf_addc(b, '.');
}

static void add_period(struct facts *f, const struct trend *t, const char *field, unsigned k)
{
	int64_t start = trend_start(t, k);
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
	double x[TREND_MOST];
	struct canvas c;
	STRBUF(exact);
	STRBUF(shown);
	for (unsigned k = 0; k < t->n; k++) {
		x[k] = (double)t->both[k];
		strbuf_addf(&exact, "%s%llu", k ? " " : "", (unsigned long long)t->both[k]);
	}
	canvas_init(&c, TREND_MOST, GLYPHS_BRAILLE);
	canvas_need(&c, 1);
	chart_spark(&c, (struct rect){0}, (struct series){x, (int)t->n, 0}, INK_SERIES);
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

void trend_facts(struct facts *f, const struct trend *t)
{
	f->section = "trend";
	if (t->lack) {
		facts_missing(f, "periods", t->lack);
		return;
	}
	add_period(f, t, "latest period", t->n - 1);
	add_period(f, t, "the one before", t->n - 2);
	add_change(f, t);
	add_history(f, t);
}
