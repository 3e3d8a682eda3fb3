/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vector_scores: scores of the models that give every product a vector.
 *
 * Arrays of such a model: "vectors" F32 (products, dim), a row of zeros for a product
 * that it doesn't know, and, where it was trained with an index, the graph of near/hnsw.h
 * for cosine as "near/links" (products, 2m), "near/level", "near/upper_at",
 * "near/upper" (rows, m) and "near/entry" (1). Where there are many products, the copies of
 * near/coarse.h under cosine: "near/codes" U8 (products, width; bytes are signed),
 * "near/weights" F32 (products) and "near/spread" F32 (blocks).
 */
#ifndef MODEL_VECTOR_SCORES_H
#define MODEL_VECTOR_SCORES_H

#include "base/work.h"
#include "model/model.h"
#include "near/hnsw.h"

/* From so many products on an index is made unless someone says otherwise: a scan of
 * them by one thread takes more than a millisecond. */
#define VECTORS_INDEX_FROM 200000u

/* From so many on copies in 8 bits are kept beside them, for a scan by these. */
#define VECTORS_CODES_FROM 30000u

/* For model.c: find the arrays, which are read when they are first asked; let go of what was
 * made. */
bool vectors_bind(struct model *m, struct err *err);
void vectors_unbind(struct model *m);
/*
 * score(b | h) = cosine of b's vector and the weighted mean of the history's vectors,
 * each of length 1. Products without a vector (all zeros) get none. Numbers are those
 * of training.
 */
bool vectors_score(const struct model *m, const struct history *h, struct scoring out,
		   struct err *err);
/* For model.c: the same ranked; numbers are those of the catalog that is asked about. */
bool vectors_rank(const struct model *m, const struct model_query *q, struct hit *hits,
		  size_t *n, struct job *job, struct err *err);

/* From here on products have the numbers of the catalog that is asked about, and the
 * model's class has MODEL_VECTORS. */
unsigned vectors_dim(const struct model *m);
/* (dim) or NULL when the product has none. */
const float *vectors_of(const struct model *m, uint32_t product);

/* vector (dim) of words that someone typed; ERR_USAGE from a model that reads none. */
bool vectors_phrase(const struct model *m, struct str words, float *vector, struct err *err);

/* All of them, row p the vector of product p: borrowed from the model, or in *own (free
 * it) where the store was imported anew since its training. ERR_NOMEM. */
bool vectors_all(const struct model *m, struct vectors *v, float **own, struct err *err);

struct vectors_query {
	const float *q;			/* (dim) */
	enum metric metric;
	bool exact;			/* look at all vectors, index or not */
	const uint64_t *allow;		/* bits of products that may come, NULL: all */
	const uint32_t *skip;		/* (n_skip) products that don't come */
	size_t n_skip, limit;
};
/* The nearest products, best first; hits (limit), their ids are products. By the index
 * when the model has one and the metric is its own, else by a scan. */
bool vectors_near(const struct model *m, const struct vectors_query *q, struct hit *hits,
		  size_t *n, struct work work, struct err *err);

/* How many of the truly nearest the index finds, for a sample of the model's products;
 * where it has none for the metric one is made. Seconds are those of one query by one
 * thread. The caller sets sample (at most so many) and k. */
struct vectors_check {
	size_t sample, k;
	size_t n;			/* vectors */
	bool stored;			/* the index is the model's own */
	double recall, build_seconds, exact_seconds, index_seconds;
};
bool vectors_check(const struct model *m, enum metric metric, struct vectors_check *c,
		   struct work work, struct err *err);

/* Make the index of the array "vectors" in the sink. */
bool vectors_index(struct sink *s, uint64_t seed, struct work work, struct err *err);
/* Make the copies in 8 bits of the array "vectors", if it is there and long enough. */
bool vectors_codes(struct sink *s, struct pool *pool, struct err *err);

#endif
