/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * product2vec: vectors of products from what is known of them, such that what is looked at
 * instead of a product is near it (model/product2vec has the loss). Only features go in, so
 * that every product of the store has a vector, met or not. Where a log has no views
 * model/links says what is alike.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "math/blas.h"
#include "math/kernel.h"
#include "model/model.h"
#include "model/network.h"
#include "model/product2vec.h"

struct learning {
	struct product2vec k;
	struct features f;
	struct link_sets links;
	struct nn_bags bags;
	struct fit_net net;
	uint32_t *product;
	size_t units;
};

static void finish(struct learning *l)
{
	free(l->product);
	free(l->k.room);
	features_finish(&l->f);
	links_finish(&l->links);
	fit_net_finish(&l->net);
}

static bool set_up(struct learning *l, const struct lesson *lesson, unsigned workers,
		   struct err *err)
{
	const struct links *x = &l->links.similar;

	l->product = mem_big(lesson->catalog->n_products, sizeof *l->product, "links", err);
	for (uint32_t a = 0; l->product && a < lesson->catalog->n_products; a++)
		if (x->offsets[a + 1] > x->offsets[a])
			l->product[l->units++] = a;
	if (l->product && l->units < 20)
		return err_fail(err, ERR_NO, "%zu products with something alike are too few to "
				"learn from", l->units);
	l->bags = (struct nn_bags){l->f.offsets, l->f.column, l->f.value};
	l->k = (struct product2vec){
		.links = &l->links,
		.n_products = lesson->catalog->n_products,
		.product = l->product,
		.dim = params_count(lesson->params, PARAM_ID_DIM),
		.each = (unsigned)params_count(lesson->params, PARAM_ID_SAMPLED),
		.against = (enum product2vec_against)params_choice(lesson->params,
								   PARAM_ID_AGAINST),
		.attend = params_choice(lesson->params, PARAM_ID_NEIGHBOURHOOD) == 0,
		.hinge = {params_real(lesson->params, PARAM_ID_MARGIN),
			  params_real(lesson->params, PARAM_ID_CENTRE)},
	};
	l->k.room = mem_big(workers * product2vec_room(&l->k), sizeof *l->k.room, "a network",
			    err);
	return l->product && l->k.room &&
	       fit_net_make(&l->net,
			    &(struct tower){l->f.width,
					    params_count(lesson->params, PARAM_ID_HIDDEN),
					    l->k.dim},
			    0, lesson->params->seed, err);
}

static bool keep(struct learning *l, struct sink *s, struct pool *pool, struct err *err)
{
	uint32_t n = l->k.n_products;
	SCOPED_FREE float *weight = mem_big(n, sizeof *weight, "a network", err);
	void *vectors;

	if (!weight ||
	    !sink_reserve(s, "vectors", ARRAY_F32, n, (uint32_t)l->k.dim, &vectors, err))
		return false;
	for (size_t i = 0; i < l->units; i++)
		weight[l->product[i]] = 1;
	return fit_vectors(&l->net, &l->bags, weight, n, vectors, pool, err) &&
	       network_keep(&l->net, 0, s, err);
}

static bool product2vec_train(const struct lesson *lesson, struct err *err)
{
	struct learning l = {0};
	bool ok = blas_load(err) &&
		  network_features(&l.f, lesson, err) &&
		  links_read(&l.links, lesson, &l.f, err) &&
		  set_up(&l, lesson, pool_threads(lesson->work.pool), err);

	if (ok) {
		const struct fit_task task = {
			.units = l.units, .per = product2vec_per(&l.k), .ctx = &l.k,
			.products = l.f.n_products,
			.draw = product2vec_draw, .loss = product2vec_loss,
		};

		ok = network_fit(&l.net, &l.bags, &task, lesson, err) &&
		     keep(&l, lesson->sink, lesson->work.pool, err);
	}
	links_tell(&l.links, sink_info(lesson->sink));
	finish(&l);
	return ok;
}

static bool product2vec_typed(const struct model *m, const struct model_typed *t,
			      struct scoring out, struct err *err)
{
	const struct kernels *k = kernels_best();
	struct array v;

	if (!model_array(m, "vectors", ARRAY_F32, &v, err))
		return false;
	for (uint32_t b = 0; b < m->n_products; b++) {
		const float *x = (const float *)v.data + (size_t)b * v.columns;
		double own = sqrt((double)k->dot(x, x, v.columns));
		double its = sqrt((double)k->dot(t->vector, t->vector, v.columns));

		out.scores[b] = own * its > 0 ? (float)((double)k->dot(x, t->vector, v.columns) /
							(own * its)) : -INFINITY;
	}
	return true;
}

static const struct param_default params[] = {
	{PARAM_ID_DIM, "128"},
	{PARAM_ID_HIDDEN, "128"},
	{PARAM_ID_MARGIN, "1"},
	{PARAM_ID_CENTRE, "1"},
	{PARAM_ID_SAMPLED, "4"},
	{PARAM_ID_AGAINST, "both"},
	{PARAM_ID_NEIGHBOURHOOD, "attention"},
	{PARAM_ID_SUPPORT, "1"},
	{PARAM_ID_CHOICES, "yes"},
	{PARAM_ID_EPOCHS, "30"},
	{PARAM_ID_PER_EPOCH, "0"},
	{PARAM_ID_PATIENCE, "4"},
	{PARAM_ID_RATE, "0.003"},
	{PARAM_ID_DECAY, "0.01"},
	{PARAM_ID_BATCH_SIZE, "256"},
	{PARAM_ID_BUCKETS, "4096"},
	{PARAM_ID_WITHOUT, "nothing"},
	{PARAM_ID_ITEM, "none"},
	{PARAM_IDS, NULL},
};

const struct model_class md_product2vec = {
	.name = "product2vec",
	.title = "Vectors from features",
	.summary = "A network over category, brand, price, attributes and words that brings "
		   "near each other what is looked at instead of each other; products that "
		   "nobody met have vectors too (product2vec of P-Companion, Hao et al. 2020).",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS | MODEL_EDGES,
	.params = params,
	.train = product2vec_train,
	.score_typed = product2vec_typed,
};
