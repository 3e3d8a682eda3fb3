/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * again: what someone has and is about to get again (Bhagat et al. 2018, "Buy it again:
 * modeling repeat purchase recommendations"). For a product that was got k times, the last
 * time d days ago:
 *
 *	score = h(k, d) (again_p + S mean) / (buyers_p + S) / mean
 *
 * h: the share of (user, product) pairs in that state whose next purchase came within a day,
 * by k (1, 2, 3 and more) and by d in steps that double; again_p of buyers_p users got the
 * product on another day too, mean is that share over all products, S shrinks to it.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "model/model.h"
#include "model/past.h"

#define TIMES 3		/* states by how often */
#define AGES 16		/* by how long ago: below 1, 2, 4, ... days */
#define SHRINK 10.0	/* users */

static unsigned state_of(unsigned times, double age)
{
	unsigned k = times < 1 ? 0 : times > TIMES ? TIMES - 1 : times - 1, a = 0;

	while (a + 1 < AGES && age >= (double)(1u << a))
		a++;
	return k * AGES + a;
}

struct learning {
	const struct catalog *c;
	uint8_t had;
	double days[TIMES * AGES], came[TIMES * AGES];	/* at risk; purchases in them */
	float *rate;		/* (P, 2): users who got it again, users */
	int64_t *day;		/* (P) of the last time, valid where mark is the user */
	uint32_t *mark, *times;	/* (P) user + 1 */
	uint32_t *own;		/* products of the user (n_own) */
	size_t n_own, cap_own;
};

/* So many days went by after the last of so many purchases. */
static void at_risk(struct learning *g, unsigned times, int64_t days)
{
	for (int64_t d = 0; d < days; ) {
		unsigned s = state_of(times, (double)d);
		int64_t end = (int64_t)1 << (s % AGES);

		end = s % AGES + 1 == AGES || end > days ? days : end;
		g->days[s] += (double)(end - d);
		d = end;
	}
}

static void take(struct learning *g, uint32_t user, uint64_t e)
{
	const struct catalog *c = g->c;
	uint32_t p = c->event_product[e];
	int64_t day = catalog_day(c, c->event_time[e]);

	if (c->event_kind[e] != g->had)
		return;
	if (g->mark[p] != user + 1) {
		g->mark[p] = user + 1;
		g->times[p] = 1;
		g->rate[2 * (size_t)p + 1]++;
		MEM_GROW(g->own, g->cap_own, g->n_own + 1);
		g->own[g->n_own++] = p;
	} else if (day > g->day[p]) {
		at_risk(g, g->times[p], day - g->day[p]);
		g->came[state_of(g->times[p], (double)(day - g->day[p] - 1))]++;
		g->rate[2 * (size_t)p] += g->times[p] == 1;
		g->times[p]++;
	}
	g->day[p] = day;
}

static bool read_users(struct learning *g, struct job *job, struct err *err)
{
	const struct catalog *c = g->c;
	int64_t last = catalog_day(c, c->last_time);

	for (uint32_t u = 0; u < c->n_users; u++) {
		g->n_own = 0;
		for (uint64_t i = c->user_offsets[u]; i < c->user_offsets[u + 1]; i++)
			for (uint64_t e = c->session_offsets[c->user_session[i]];
			     e < c->session_offsets[c->user_session[i] + 1]; e++)
				take(g, u, e);
		for (size_t i = 0; i < g->n_own; i++)
			at_risk(g, g->times[g->own[i]], last - g->day[g->own[i]]);
		if (u % 4096 == 0 && !job_check(job, err))
			return false;
	}
	return true;
}

/* Where a state was hardly met its chance is that of all with so many purchases. */
static bool keep(struct learning *g, struct sink *s, struct err *err)
{
	double again = 0, buyers = 0;
	float hazard[TIMES * AGES];

	for (unsigned k = 0; k < TIMES; k++) {
		double days = 1, came = 0;

		for (unsigned a = 0; a < AGES; a++) {
			days += g->days[k * AGES + a];
			came += g->came[k * AGES + a];
		}
		for (unsigned a = 0; a < AGES; a++)
			hazard[k * AGES + a] =
				(float)((g->came[k * AGES + a] + SHRINK * came / days) /
					(g->days[k * AGES + a] + SHRINK));
	}
	for (size_t p = 0; p < g->c->n_products; p++) {
		again += g->rate[2 * p];
		buyers += g->rate[2 * p + 1];
	}
	if (again == 0)
		return err_fail(err, ERR_NO, "again learns from what users got on several days, "
				"and in this log no one did");
	for (size_t p = 0; p < g->c->n_products; p++)
		g->rate[2 * p] = (float)((g->rate[2 * p] + SHRINK * again / buyers) /
					 (g->rate[2 * p + 1] + SHRINK) / (again / buyers));
	return sink_array(s, "again/had", ARRAY_U8, 1, 1, &g->had, err) &&
	       sink_array(s, "again/chance", ARRAY_F32, TIMES, AGES, hazard, err) &&
	       sink_array(s, "again/rate", ARRAY_F32, g->c->n_products, 2, g->rate, err);
}

static bool again_train(const struct lesson *l, struct err *err)
{
	const struct catalog *c = l->catalog;
	struct learning g = {.c = c, .had = past_had(c)};
	bool ok;

	if (!c->user_offsets || !c->user_session || !c->n_users)
		return err_fail(err, ERR_NO, "again learns what users get again, and this store "
				"knows no users");
	if (!c->event_time || c->caps & CAP_UNDATED)
		return err_fail(err, ERR_NO, "again learns after how many days, and this log has "
				"no times");
	g.rate = mem_big(2 * (size_t)c->n_products, sizeof *g.rate, "products", err);
	g.day = mem_big(c->n_products, sizeof *g.day, "products", err);
	g.mark = mem_big(c->n_products, sizeof *g.mark, "products", err);
	g.times = mem_big(c->n_products, sizeof *g.times, "products", err);
	ok = g.rate && g.day && g.mark && g.times && read_users(&g, l->work.job, err) &&
	     keep(&g, l->sink, err);
	free(g.rate);
	free(g.day);
	free(g.mark);
	free(g.times);
	free(g.own);
	return ok;
}

struct bound {
	const float *chance, *rate;
	uint8_t had;
};

static bool bind(const struct model *m, struct bound *b, struct err *err)
{
	struct array chance, rate, had;

	if (!model_array(m, "again/chance", ARRAY_F32, &chance, err) ||
	    !model_array(m, "again/rate", ARRAY_F32, &rate, err) ||
	    !model_array(m, "again/had", ARRAY_U8, &had, err))
		return false;
	if (had.rows != 1 || chance.rows != TIMES || chance.columns != AGES ||
	    rate.rows != m->n_products || rate.columns != 2)
		return err_fail(err, ERR_STORE, "the model is damaged: its rates are not those "
				"of its products");
	*b = (struct bound){.chance = chance.data, .rate = rate.data,
			    .had = *(const uint8_t *)had.data};
	return true;
}

static bool again_score(const struct model *m, const struct past *past, struct scoring out,
			struct err *err)
{
	struct bound b = {0};

	if (!bind(m, &b, err))
		return false;
	for (uint32_t p = 0; p < m->n_products; p++)
		out.scores[p] = -INFINITY;
	for (unsigned i = 0; i < past->n; i++)
		if (past->kind[i] == b.had)
			out.scores[past->product[i]] =
				b.chance[state_of(past->times[i], (double)past->age[i])] *
				b.rate[2 * (size_t)past->product[i]];
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_IDS, NULL},
};

const struct model_class md_again = {
	.name = "again",
	.title = "Bought again",
	.summary = "What someone has and is about to get again: by how often and how long ago it "
		   "was got, and by how many of its buyers came back for it (Bhagat et al. "
		   "2018). It suggests nothing else.",
	.score_text = "the chance that it is got again within a day",
	.flags = MODEL_REPEATS | MODEL_ASIDE,
	.params = params,
	.train = again_train,
	.score_past = again_score,
};
