/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/embed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

bool embed_train(const struct corpus *c, const struct params *p, struct sink *s,
		 struct pool *pool, struct job *job, struct err *err)
{
	struct word2vec_options o = embed_options(p);
	SCOPED_FREE double *loss = mem_alloc(o.epochs * sizeof *loss);
	struct word2vec_result r = {.loss = loss};
	void *room;

	if (!sink_reserve(s, "vectors", ARRAY_F32, c->words, o.dim, &room, err))
		return false;
	r.vectors = room;
	if (!word2vec_train(c, &o, &r, pool, job, err))
		return false;
	for (unsigned i = 0; i < o.epochs; i++)
		sink_loss(s, loss[i]);
	json_object_set_new(sink_info(s), "words", json_integer((json_int_t)r.trained));
	json_object_set_new(sink_info(s), "known", json_integer(r.known));
	return true;
}
