/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions are numbered by their start, so the latest ones with a product are the end of
 * its list. Only `candidates` of them are looked at and the `neighbours` most alike count,
 * the later ones first where they tie.
 */
#include "config.h"

#include "model/neighbours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/time.h"
#include "model/sequences.h"
#include "stats/scan.h"

#define STEPS_MAX 9

/* Distinct products of each sequence and, turned round, sequences of each product. */
static bool write_arrays(const struct sequences *q, uint32_t n_products, struct sink *s,
			 struct err *err)
{
	uint64_t total = q->offsets[q->n], n = 0, *offsets, *places;
	struct marks marks;
	void *room, *product, *sequence;

	if (!sink_reserve(s, "sequence/offsets", ARRAY_U64, (uint64_t)q->n + 1, 1, &room, err))
		return false;
	offsets = room;
	if (!marks_init(&marks, n_products, err))
		return false;
	SCOPED_FREE uint32_t *distinct = mem_big(total, sizeof *distinct, "sessions", err);
	for (uint32_t i = 0; distinct && i < q->n; i++) {
		marks_next(&marks);
		for (uint64_t k = q->offsets[i]; k < q->offsets[i + 1]; k++)
			if (marks_add(&marks, q->product[k]))
				distinct[n++] = q->product[k];
		offsets[i + 1] = n;
	}
	marks_finish(&marks);
	if (!distinct ||
	    !sink_array(s, "sequence/product", ARRAY_U32, n, 1, distinct, err) ||
	    !sink_reserve(s, "place/offsets", ARRAY_U64, (uint64_t)n_products + 1, 1, &room,
			  err) ||
	    !sink_reserve(s, "place/sequence", ARRAY_U32, n, 1, &sequence, err))
		return false;
	places = room;
	product = distinct;
	for (uint64_t k = 0; k < n; k++)
		places[((uint32_t *)product)[k] + 1]++;
	for (uint32_t p = 0; p < n_products; p++)
		places[p + 1] += places[p];
	/* Filled from the end, which leaves each offset at its row's start. */
	for (uint32_t i = q->n; i-- > 0;)
		for (uint64_t k = offsets[i + 1]; k-- > offsets[i];)
			((uint32_t *)sequence)[--places[distinct[k] + 1]] = i;
	memmove(places, places + 1, n_products * sizeof *places);
	places[n_products] = n;
	return true;
}

/* Days from a session's start to the last event; 0 in a log without times. */
static bool write_ages(const struct sequences *q, const struct catalog *c, struct sink *s,
		       struct err *err)
{
	void *room;
	float *age;

	if (!sink_reserve(s, "sequence/age", ARRAY_F32, q->n, 1, &room, err))
		return false;
	age = room;
	for (uint32_t i = 0; c->event_time && i < q->n; i++) {
		int64_t start = c->event_time[c->session_offsets[q->session[i]]];

		age[i] = (float)((double)(c->last_time - start) / (double)TIME_DAY);
	}
	return true;
}

bool neighbours_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	bool ok;

	if (!sequences_read(&q, l, 2, err))
		return false;
	job_step(l->work.job, "turning sessions round", 0);
	ok = write_arrays(&q, l->catalog->n_products, l->sink, err) &&
	     (!params_takes(l->params, PARAM_ID_HALF_LIFE) ||
	      write_ages(&q, l->catalog, l->sink, err));
	sequences_finish(&q);
	return ok;
}

struct run {
	uint64_t first, end;
};

struct state {
	const uint64_t *offsets, *places;
	const uint32_t *product, *sequence;
	const float *age;	/* (n) days; NULL: it doesn't matter */
	uint32_t n, n_products;
	uint64_t n_places;
};

bool neighbours_open(struct model *m, struct err *err)
{
	struct array offsets, product, places, sequence, age = {0};
	struct state *s;

	if (!model_array(m, "sequence/offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "sequence/product", ARRAY_U32, &product, err) ||
	    !model_array(m, "place/offsets", ARRAY_U64, &places, err) ||
	    !model_array(m, "place/sequence", ARRAY_U32, &sequence, err) ||
	    (params_takes(&m->params, PARAM_ID_HALF_LIFE) &&
	     !model_array(m, "sequence/age", ARRAY_F32, &age, err)))
		return false;
	if (offsets.rows == 0 || places.rows != (uint64_t)m->n_products + 1 ||
	    product.rows != sequence.rows || (age.data && age.rows + 1 != offsets.rows))
		return err_fail(err, ERR_STORE,
				"the model is damaged: its sessions don't fit together");
	m->state = s = mem_zalloc(sizeof *s);
	*s = (struct state){
		.offsets = offsets.data,
		.places = places.data,
		.product = product.data,
		.sequence = sequence.data,
		.age = age.data,
		.n = (uint32_t)offsets.rows - 1,
		.n_products = m->n_products,
		.n_places = product.rows,
	};
	return true;
}

/* Places of a session's products, or of a product's sessions: none where they are damaged,
 * since opening doesn't read them all. */
static struct run row_of(const struct state *s, const uint64_t *offsets, uint32_t i)
{
	struct run r = {offsets[i], offsets[i + 1]};

	return r.end <= s->n_places ? r : (struct run){0, 0};
}

void neighbours_close(struct model *m)
{
	free(m->state);
}

/* A session that shares products with the history. */
struct match {
	uint32_t sequence;
	uint32_t steps;		/* back in the history to the latest shared product */
	uint64_t at;		/* where the session has that one */
	double similarity;
};

/* The latest session among the ends of runs, which are the sessions of the history's
 * products that are still to come; UINT32_MAX when all are used up. */
static uint32_t latest(const struct state *s, const struct run *run, unsigned n)
{
	uint32_t best = UINT32_MAX;

	for (unsigned i = 0; i < n; i++)
		if (run[i].end > run[i].first &&
		    (best == UINT32_MAX || s->sequence[run[i].end - 1] > best))
			best = s->sequence[run[i].end - 1];
	return best;
}

/* The latest sessions with any product of the history, the latest first, each once:
 * at most `most` to out; returns how many. */
static uint32_t find_candidates(const struct state *s, const struct history *h,
				uint32_t most, uint32_t *out)
{
	SCOPED_FREE struct run *run = mem_alloc(h->n * sizeof *run);
	uint32_t n = 0, next;

	for (unsigned i = 0; i < h->n; i++)
		run[i] = row_of(s, s->places, h->product[i]);
	while (n < most && (next = latest(s, run, h->n)) != UINT32_MAX) {
		if (next < s->n)
			out[n++] = next;
		for (unsigned i = 0; i < h->n; i++)
			run[i].end -= run[i].end > run[i].first &&
				      s->sequence[run[i].end - 1] == next;
	}
	return n;
}

/* What the product at a place counts: i steps before the last of n. */
static double place_weight(enum place_weighting w, unsigned i, unsigned n)
{
	double share = (double)(n - i) / n;

	switch (w) {
	case PLACE_SHARE:
		return share;
	case PLACE_SQUARE:
		return share * share;
	case PLACE_LOG:
		return 1 / log2(2.0 + i);
	case PLACE_SAME:
		break;
	}
	return 1;
}

/* What is asked, once per history. */
struct asked {
	const struct state *s;
	const struct neighbour_rule *rule;
	const struct history *h;
	const uint32_t *place;	/* (products) 1-based place in the history, the latest; or 0 */
	const double *weight;	/* (h->n) */
};

static struct match compare(const struct asked *q, uint32_t sequence)
{
	const struct state *s = q->s;
	struct match x = {.sequence = sequence};
	struct run r = row_of(s, s->offsets, sequence);
	uint32_t latest = 0;

	for (uint64_t k = r.first; k < r.end; k++) {
		uint32_t i = s->product[k] < s->n_products ? q->place[s->product[k]] : 0;

		if (i == 0)
			continue;
		x.similarity += q->weight[i - 1];
		if (i > latest) {
			latest = i;
			x.at = k;
		}
	}
	x.similarity /= q->rule->cosine ? sqrt((double)q->h->n * (double)(r.end - r.first)) :
					  q->h->n;
	if (s->age && q->rule->half_life > 0)
		x.similarity *= exp2(-s->age[sequence] / q->rule->half_life);
	x.steps = q->h->n - latest;
	return x;
}

/* sum (products) */
static void add_scores(const struct asked *q, const struct match *x, double *sum)
{
	const struct state *s = q->s;
	const struct neighbour_rule *rule = q->rule;
	struct run r = row_of(s, s->offsets, x->sequence);
	uint32_t steps = x->steps < STEPS_MAX ? x->steps : STEPS_MAX;
	double weight = x->similarity * (1 - rule->step * steps) * pow(rule->back, x->steps);

	for (uint64_t k = r.first; k < r.end; k++) {
		uint32_t b = s->product[k];
		double y = weight;

		if (b >= s->n_products)
			continue;
		if (rule->idf > 0)
			y *= 1 + rule->idf * log(s->n / (double)(s->places[b + 1] -
								 s->places[b]));
		if (rule->position < 1)
			y *= pow(rule->position, fabs((double)k - (double)x->at));
		sum[b] += y;
	}
}

struct candidates {
	const uint32_t *at;
	uint32_t n;
};

/* The most alike of the candidates, as hits: the id counts from the last session, so
 * that the later one comes first where they tie. */
static size_t most_alike(const struct asked *q, struct candidates c, struct hit *hits,
			 size_t neighbours)
{
	struct topk best;

	topk_init(&best, hits, neighbours);
	for (uint32_t i = 0; i < c.n; i++)
		topk_push(&best, q->s->n - 1 - c.at[i], (float)compare(q, c.at[i]).similarity);
	topk_sort(&best);
	return best.n;
}

bool neighbours_score(const struct model *m, const struct history *h,
		      const struct neighbour_rule *rule, struct scoring out,
		      struct err *err)
{
	const struct state *s = m->state;
	uint64_t most = params_count(&m->params, PARAM_ID_CANDIDATES);
	uint64_t neighbours = params_count(&m->params, PARAM_ID_NEIGHBOURS);
	SCOPED_FREE uint32_t *place = mem_big(m->n_products, sizeof *place, "a history", err);
	SCOPED_FREE double *sum = mem_big(m->n_products, sizeof *sum, "scores", err);
	SCOPED_FREE double *weight = mem_alloc(h->n * sizeof *weight);
	SCOPED_FREE uint32_t *candidate = NULL;
	SCOPED_FREE struct hit *hits = NULL;
	struct asked q = {s, rule, h, place, weight};
	uint32_t n;

	most = most < s->n ? most : s->n;
	neighbours = neighbours < most ? neighbours : most;
	candidate = mem_big(most, sizeof *candidate, "neighbours", place ? err : NULL);
	hits = mem_big(neighbours, sizeof *hits, "neighbours", candidate ? err : NULL);
	if (!sum || !place || !candidate || !hits)
		return false;
	for (unsigned i = 0; i < h->n; i++) {
		place[h->product[i]] = i + 1;
		weight[i] = place_weight(rule->weighting, h->n - 1 - i, h->n) *
			    (h->weight ? h->weight[i] : 1);
	}
	n = find_candidates(s, h, (uint32_t)most, candidate);
	neighbours = most_alike(&q, (struct candidates){candidate, n}, hits, neighbours);
	for (size_t i = 0; i < neighbours; i++) {
		struct match x = compare(&q, s->n - 1 - hits[i].id);

		add_scores(&q, &x, sum);
	}
	for (uint32_t b = 0; b < m->n_products; b++)
		out.scores[b] = sum[b] > 0 ? (float)sum[b] : -INFINITY;
	return job_check(out.job, err);
}
