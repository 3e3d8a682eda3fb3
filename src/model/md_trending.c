/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trending: how much more often a product comes than in the period before. With n events in
 * the last complete period and m in the one of equal length before it
 *
 *	score(b) = exp(log(r) - 1.96 sqrt(1 / (n + 1/2) + 1 / (m + 1/2)))
 *	r = (n + 1/2) / (m + 1/2)
 *
 * the lower end of the 95% interval of the ratio of two Poisson rates, so that what came twice
 * after once doesn't lead. Periods end with the last complete day of the shop: a cut one would
 * look like a fall.
 */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "base/time.h"
#include "model/model.h"
#include "model/sequences.h"

#define LEAST 2	/* periods that the log must hold */

/* ms of the shop's clock: the last period is [end - length, end). */
struct period {
	int64_t end, length;
};

static bool choose(struct period *p, const struct catalog *c, int64_t days, struct err *err)
{
	static const int lengths[] = {28, 7, 1};
	int64_t first = catalog_day(c, c->first_time) * TIME_DAY;
	unsigned n = days ? 1 : sizeof lengths / sizeof *lengths;

	p->end = catalog_day(c, c->last_time) * TIME_DAY;
	for (unsigned i = 0; i < n; i++) {
		p->length = (days ? days : lengths[i]) * TIME_DAY;
		if (p->end - LEAST * p->length >= first)
			return true;
	}
	return err_fail(err, ERR_NO, "trending compares two complete periods, and this log is "
			"too short for them%s", days ? ": ask for a smaller --period" : "");
}

/* count (P, 2): events of the last period, of the one before. */
static void count(const struct catalog *c, const struct period *p, unsigned kinds,
		  uint32_t *count)
{
	for (uint64_t e = 0; e < c->n_events; e++) {
		int64_t before = p->end - 1 - catalog_clock(c, c->event_time[e]);

		if ((kinds >> c->event_kind[e] & 1) && before >= 0 && before < 2 * p->length)
			count[2 * (size_t)c->event_product[e] + (before >= p->length)]++;
	}
}

static bool trending_train(const struct lesson *l, struct err *err)
{
	const struct catalog *c = l->catalog;
	struct period p;
	void *room;

	if (!c->event_time || c->caps & CAP_UNDATED)
		return err_fail(err, ERR_NO, "trending compares periods, and this log has no "
				"times");
	if (!choose(&p, c, (int64_t)params_count(l->params, PARAM_ID_PERIOD), err) ||
	    !sink_reserve(l->sink, "periods/count", ARRAY_U32, c->n_products, 2, &room, err))
		return false;
	count(c, &p, sequences_kinds(c, l->params), room);
	json_object_set_new(sink_info(l->sink), "period_days",
			    json_integer(p.length / TIME_DAY));
	return job_check(l->work.job, err);
}

static bool trending_score(const struct model *m, const struct past *past,
			   struct scoring out, struct err *err)
{
	struct array count;
	const uint32_t *n;

	(void)past;
	if (!model_array(m, "periods/count", ARRAY_U32, &count, err))
		return false;
	if (count.rows != m->n_products || count.columns != 2)
		return err_fail(err, ERR_STORE, "the model is damaged: its counts are not those "
				"of its products");
	n = count.data;
	for (size_t b = 0; b < m->n_products; b++) {
		double now = n[2 * b] + 0.5, then = n[2 * b + 1] + 0.5;

		out.scores[b] = n[2 * b] ?
			(float)(now / then * exp(-1.96 * sqrt(1 / now + 1 / then))) : -INFINITY;
	}
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_PERIOD, "0"},
	{PARAM_IDS, NULL},
};

const struct model_class md_trending = {
	.name = "trending",
	.title = "What rises",
	.summary = "How much more often a product came in the last complete period than in the "
		   "one before, at least: the same list for everybody.",
	.score_text = "at least so many times as often as in the period before (lower end of "
		      "95%)",
	.flags = MODEL_BASELINE | MODEL_ASIDE,
	.params = params,
	.train = trending_train,
	.score_past = trending_score,
};
