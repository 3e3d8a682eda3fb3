/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters to options, sessions or walks to a corpus, and the trained arrays. */
#include "config.h"

#include "model/embed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/pairs.h"
#include "learn/walks.h"

struct word2vec_options embed_options(const struct params *p)
{
	bool tree = params_choice(p, PARAM_ID_SOFTMAX) == 1;

	return (struct word2vec_options){
		.dim = (unsigned)params_count(p, PARAM_ID_DIM),
		.window = (unsigned)params_count(p, PARAM_ID_WINDOW),
		.negative = tree ? 0 : (unsigned)params_count(p, PARAM_ID_NEGATIVE),
		.epochs = (unsigned)params_count(p, PARAM_ID_EPOCHS),
		.cbow = params_choice(p, PARAM_ID_ARCHITECTURE) == 1,
		.rate = params_real(p, PARAM_ID_RATE),
		.rate_end = params_real(p, PARAM_ID_RATE) / 250,
		.exponent = params_real(p, PARAM_ID_EXPONENT),
		.sample = params_real(p, PARAM_ID_SAMPLE),
		.min_count = params_count(p, PARAM_ID_MIN_COUNT),
		.seed = p->seed,
	};
}

static uint32_t read_sequence(const void *ctx, uint64_t i, struct rng *r, uint32_t *out)
{
	const struct sequences *q = ctx;
	uint32_t n = (uint32_t)(q->offsets[i + 1] - q->offsets[i]);

	(void)r;
	memcpy(out, q->product + q->offsets[i], n * sizeof *out);
	return n;
}

void embed_sequences(struct corpus *c, const struct sequences *q, uint32_t n_products)
{
	*c = (struct corpus){
		.n = q->n, .words = n_products, .read = read_sequence, .ctx = q,
	};
	for (uint32_t i = 0; i < q->n; i++) {
		uint64_t n = q->offsets[i + 1] - q->offsets[i];

		if (n > c->longest)
			c->longest = (uint32_t)n;
	}
}

/* vectors += contexts, all (n). */
static void add_contexts(float *vectors, const float *contexts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		vectors[i] += contexts[i];
}

bool embed_train(const struct corpus *c, const struct lesson *l, struct err *err)
{
	struct word2vec_options o = embed_options(l->params);
	size_t n = (size_t)c->words * o.dim;
	bool sum = o.negative && params_choice(l->params, PARAM_ID_VECTORS) == 0;
	SCOPED_FREE double *loss = mem_alloc(o.epochs * sizeof *loss);
	SCOPED_FREE float *contexts = NULL;
	struct word2vec_result r = {.loss = loss};
	void *room;

	if (sum && !(contexts = mem_big(n, sizeof *contexts, "vectors", err)))
		return false;
	if (!sink_reserve(l->sink, "vectors", ARRAY_F32, c->words, o.dim, &room, err))
		return false;
	r.vectors = room;
	r.contexts = contexts;
	if (!word2vec_train(c, &o, &r, l->work, err))
		return false;
	if (sum)
		add_contexts(r.vectors, contexts, n);
	for (unsigned i = 0; i < o.epochs; i++)
		sink_loss(l->sink, loss[i]);
	json_object_set_new(sink_info(l->sink), "words", json_integer((json_int_t)r.trained));
	json_object_set_new(sink_info(l->sink), "known", json_integer(r.known));
	return true;
}

/* --- walks */

static struct walks_options walk_options(const struct params *p)
{
	bool biased = params_takes(p, PARAM_ID_P);

	return (struct walks_options){
		.walks = (unsigned)params_count(p, PARAM_ID_WALKS),
		.length = (unsigned)params_count(p, PARAM_ID_LENGTH),
		.p = biased ? params_real(p, PARAM_ID_P) : 1,
		.q = biased ? params_real(p, PARAM_ID_Q) : 1,
		.extend = biased && params_choice(p, PARAM_ID_EXTEND) == 0,
	};
}

/* The edges as "pairs/..." arrays of the sink. */
static bool count_edges(const struct lesson *l, struct err *err)
{
	struct pairs_ask ask = {
		.way = PAIRS_ADJACENT,
		.symmetric = params_choice(l->params, PARAM_ID_DIRECTION) == 1,
	};
	struct sequences q;

	if (!sequences_read(&q, l, 2, err))
		return false;
	bool ok = pairs_count(l->sink, &q, &ask, l->work, err);

	sequences_finish(&q);
	return ok;
}

/* A row of an undirected graph: out and in together, equal columns added; where `column` is
 * NULL they are counted only. */
static uint64_t merge_rows(const struct csr *out, const struct csr *in, uint32_t row,
			   uint32_t *column, float *weight)
{
	uint64_t i = out->offsets[row], j = in ? in->offsets[row] : 0, n = 0;
	uint64_t i_end = out->offsets[row + 1], j_end = in ? in->offsets[row + 1] : 0;

	while (i < i_end || j < j_end) {
		uint64_t a = i < i_end ? out->column[i] : UINT64_MAX;
		uint64_t b = j < j_end ? in->column[j] : UINT64_MAX;
		float w = 0;

		if (a <= b)
			w += (float)out->value[i++];
		if (b <= a)
			w += (float)in->value[j++];
		if (column) {
			column[n] = (uint32_t)(a < b ? a : b);
			weight[n] = w;
		}
		n++;
	}
	return n;
}

/* The same of a store without sessions: its first relation is the graph. */
static bool copy_edges(const struct lesson *l, struct err *err)
{
	const struct catalog *c = l->catalog;
	const struct relation_counts *r = NULL;
	const struct csr *in = NULL;
	void *offsets, *column, *weight;
	uint64_t n = 0;

	for (unsigned k = 0; k < RELATIONS && !r; k++) {
		if (!c->relation[k].out.offsets)
			continue;
		r = &c->relation[k];
		in = relation_directed(k) && params_choice(l->params, PARAM_ID_DIRECTION) == 1
			? &r->in : NULL;
	}
	if (!r)
		return true;
	for (uint32_t p = 0; p < c->n_products; p++)
		n += merge_rows(&r->out, in, p, NULL, NULL);
	if (!sink_reserve(l->sink, "pairs/offsets", ARRAY_U64, (uint64_t)c->n_products + 1, 1,
			  &offsets, err) ||
	    !sink_reserve(l->sink, "pairs/column", ARRAY_U32, n, 1, &column, err) ||
	    !sink_reserve(l->sink, "pairs/value", ARRAY_F32, n, 1, &weight, err))
		return false;
	n = 0;
	for (uint32_t p = 0; p < c->n_products; p++) {
		((uint64_t *)offsets)[p] = n;
		n += merge_rows(&r->out, in, p, (uint32_t *)column + n, (float *)weight + n);
	}
	((uint64_t *)offsets)[c->n_products] = n;
	return true;
}

bool embed_train_walks(const struct lesson *l, struct err *err)
{
	bool counted = params_choice(l->params, PARAM_ID_EDGE_WEIGHT) == 0;
	struct walks_options o = walk_options(l->params);
	SCOPED(sink) edges = sink_create();
	struct array offsets, column, value;
	struct walks w;

	if (!(l->catalog->n_sessions ? count_edges : copy_edges)(
		    &(struct lesson){l->catalog, l->params, edges, l->work}, err))
		return false;
	if (!sink_find(edges, "pairs/offsets", &offsets) ||
	    !sink_find(edges, "pairs/column", &column) ||
	    !sink_find(edges, "pairs/value", &value))
		return err_fail(err, ERR_NO, "nothing to learn: no product follows another");
	if (!walks_init(&w, l->catalog->n_products, offsets.data, column.data,
			counted ? value.data : NULL, &o, l->work.pool, err))
		return false;
	struct corpus corpus = walks_corpus(&w);
	bool ok = embed_train(&corpus, l, err);

	walks_finish(&w);
	return ok;
}
