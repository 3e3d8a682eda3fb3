/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vsknn: neighbours of sessions (Ludewig and Jannach, Evaluation of session-based
 * recommendation algorithms, 2018).
 *
 * For a history h_1 .. h_n, whose product h_i weighs i/n:
 *
 *	sim(s)   = sum over products i in both of i/n, / n
 *	score(b) = sum over the most alike sessions s that have b of
 *	           sim(s) (1 - 0.1 min(k, 9)) (1 + idf log(S / n_b))
 *
 * k: steps from the end of the history back to the latest product that s shares. Only
 * the latest `candidates` sessions that share a product are looked at, and the
 * `neighbours` most alike of them count, the later ones first where they tie.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/model.h"
#include "model/sequences.h"
#include "stats/scan.h"

#define STEP 0.1
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

static bool vsknn_train(const struct catalog *c, const struct params *p, struct sink *s,
			struct pool *pool, struct job *job, struct err *err)
{
	struct sequences q;
	bool ok;

	if (!sequences_read(&q, c, sequences_kinds(c, p), 2, pool, job, err))
		return false;
	job_step(job, "turning sessions round", 0);
	ok = write_arrays(&q, c->n_products, s, err);
	sequences_finish(&q);
	return ok;
}

struct run {
	uint64_t first, end;
};

struct state {
	const uint64_t *offsets, *places;
	const uint32_t *product, *sequence;
	uint32_t n, n_products;
	uint64_t n_places;
};

static bool vsknn_open(struct model *m, struct err *err)
{
	struct array offsets, product, places, sequence;
	struct state *s;

	if (!model_array(m, "sequence/offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "sequence/product", ARRAY_U32, &product, err) ||
	    !model_array(m, "place/offsets", ARRAY_U64, &places, err) ||
	    !model_array(m, "place/sequence", ARRAY_U32, &sequence, err))
		return false;
	if (offsets.rows == 0 || places.rows != (uint64_t)m->n_products + 1 ||
	    product.rows != sequence.rows)
		return err_fail(err, ERR_STORE,
				"the model is damaged: its sessions don't fit together");
	m->state = s = mem_zalloc(sizeof *s);
	*s = (struct state){offsets.data, places.data, product.data, sequence.data,
			    (uint32_t)offsets.rows - 1, m->n_products, product.rows};
	return true;
}

/* Places of a session's products, or of a product's sessions: none where they are damaged,
 * since opening doesn't read them all. */
static struct run row_of(const struct state *s, const uint64_t *offsets, uint32_t i)
{
	struct run r = {offsets[i], offsets[i + 1]};

	return r.end <= s->n_places ? r : (struct run){0, 0};
}

static void vsknn_close(struct model *m)
{
	free(m->state);
}

/* A session that shares products with the history. */
struct match {
	uint32_t sequence;
	uint32_t steps;		/* back to the latest shared product */
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

/* place (products): 1-based place of a product in the history, the latest; else 0. */
static struct match compare(const struct state *s, uint32_t sequence, const struct history *h,
			    const uint32_t *place)
{
	struct match x = {.sequence = sequence};
	struct run r = row_of(s, s->offsets, sequence);
	uint32_t latest = 0;

	for (uint64_t k = r.first; k < r.end; k++) {
		uint32_t i = s->product[k] < s->n_products ? place[s->product[k]] : 0;

		if (i == 0)
			continue;
		x.similarity += (double)i / h->n * (h->weight ? h->weight[i - 1] : 1);
		latest = i > latest ? i : latest;
	}
	x.similarity /= h->n;
	x.steps = h->n - latest;
	return x;
}

static void add_scores(const struct model *m, const struct match *x, float *scores)
{
	const struct state *s = m->state;
	double idf = params_real(&m->params, PARAM_ID_IDF);
	uint32_t steps = x->steps < STEPS_MAX ? x->steps : STEPS_MAX;
	double weight = x->similarity * (1 - STEP * steps);

	struct run r = row_of(s, s->offsets, x->sequence);

	for (uint64_t k = r.first; k < r.end; k++) {
		uint32_t b = s->product[k];

		if (b >= s->n_products)
			continue;
		double n_b = (double)(s->places[b + 1] - s->places[b]);
		double y = weight * (1 + (idf > 0 ? idf * log(s->n / n_b) : 0));

		scores[b] = (float)(scores[b] == -INFINITY ? y : scores[b] + y);
	}
}

/* The most alike of the candidates, as hits: the id counts from the last session, so
 * that the later one comes first where they tie. */
static size_t most_alike(const struct state *s, const struct history *h,
			 const uint32_t *candidate, uint32_t n, const uint32_t *place,
			 struct hit *hits, size_t neighbours)
{
	struct topk best;

	topk_init(&best, hits, neighbours);
	for (uint32_t i = 0; i < n; i++)
		topk_push(&best, s->n - 1 - candidate[i],
			  (float)compare(s, candidate[i], h, place).similarity);
	topk_sort(&best);
	return best.n;
}

static bool vsknn_score(const struct model *m, const struct history *h, float *scores,
			struct job *job, struct err *err)
{
	const struct state *s = m->state;
	uint64_t most = params_count(&m->params, PARAM_ID_CANDIDATES);
	uint64_t neighbours = params_count(&m->params, PARAM_ID_NEIGHBOURS);
	SCOPED_FREE uint32_t *place = mem_big(m->n_products, sizeof *place, "a history", err);
	SCOPED_FREE uint32_t *candidate = NULL;
	SCOPED_FREE struct hit *hits = NULL;
	uint32_t n;

	most = most < s->n ? most : s->n;
	neighbours = neighbours < most ? neighbours : most;
	candidate = mem_big(most, sizeof *candidate, "neighbours", place ? err : NULL);
	hits = mem_big(neighbours, sizeof *hits, "neighbours", candidate ? err : NULL);
	if (!place || !candidate || !hits)
		return false;
	for (unsigned i = 0; i < h->n; i++)
		place[h->product[i]] = i + 1;
	n = find_candidates(s, h, (uint32_t)most, candidate);
	neighbours = most_alike(s, h, candidate, n, place, hits, neighbours);
	for (uint32_t b = 0; b < m->n_products; b++)
		scores[b] = -INFINITY;
	for (size_t i = 0; i < neighbours; i++) {
		struct match x = compare(s, s->n - 1 - hits[i].id, h, place);

		add_scores(m, &x, scores);
	}
	return job_check(job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_NEIGHBOURS, "500"},
	{PARAM_ID_CANDIDATES, "5000"},
	{PARAM_ID_IDF, "0"},
	{PARAM_IDS, NULL},
};

const struct model_class md_vsknn = {
	.name = "vsknn",
	.title = "Session neighbours (V-SKNN)",
	.summary = "What stands in the sessions most like the history, of which later products "
		   "weigh more; the latest sessions are looked at.",
	.score_text = "the sum of the likeness of the neighbour sessions that have it",
	.flags = MODEL_HISTORY,
	.params = params,
	.train = vsknn_train,
	.open = vsknn_open,
	.close = vsknn_close,
	.score = vsknn_score,
};
