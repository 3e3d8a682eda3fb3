/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fit: trains a tower, and what stands on it, on units of a few products each.
 *
 * A unit is `per` products: a product with its neighbours, or a pair with others beside it.
 * Batches of units are cut in shares of a fixed length (learn/nn_batch), so threads don't
 * show; the table is moved by Adam only where a batch touched it. Every twentieth unit is
 * held out: training ends where their loss no longer falls, with the parameters that were
 * best. Where an epoch takes a part of the units the same part of those is asked.
 */
#ifndef LEARN_FIT_H
#define LEARN_FIT_H

#include "base/err.h"
#include "base/work.h"
#include "learn/tower.h"

struct pool;
struct rng;

struct fit_options {
	size_t batch;		/* units */
	size_t most;		/* units of an epoch, drawn anew for each; 0: all */
	unsigned epochs, patience;	/* ends after so many epochs without a better loss;
					   0: it runs through */
	double rate, decay;
	uint64_t seed;
};

/* What is learnt. */
struct fit_units;
struct fit_task {
	size_t units, per;
	uint32_t products;	/* rows of the bags */
	size_t extra;		/* parameters beside the tower's */
	void *ctx;
	/* row (per) of a unit; the same for the same state of rng. */
	void (*draw)(void *ctx, size_t unit, struct rng *rng, uint32_t *row);
	/* The loss of n units, whose numbers are unit (n), and its slopes by y (n per, dim) and
	 * by the extra parameters: d (extra), which come as zeros. rng: of these units. */
	double (*loss)(void *ctx, const struct fit_units *u, nn_real *dy, nn_real *d);
};
struct fit_units {
	const uint32_t *unit;	/* (n) */
	size_t n;
	const uint32_t *row;	/* (n, per) */
	const nn_real *y;	/* (n, per, dim) */
	const nn_real *extra;	/* parameters */
	struct rng *rng;
	bool learning;		/* false: a held-out loss, without dropout */
	unsigned worker;
};
#define FIT_SHARE 64	/* units of a share */

struct fit_net {
	struct tower tower;
	nn_real *theta;		/* (tower_size + extra), the tower's first */
	nn_real *table;		/* (features, hidden) */
	nn_real *mean, *inverse;	/* (dim) of the norm: set by fit_vectors */
};
/* Room for a tower with `extra` more; drawn by tower_begin, extra is zeros. */
bool fit_net_make(struct fit_net *n, const struct tower *t, size_t extra, uint64_t seed,
		  struct err *err);
void fit_net_finish(struct fit_net *n);

struct fit_result {
	double *loss, *held;	/* (epochs) mean per unit, in training and held out */
	unsigned epochs, best;	/* run; whose parameters are kept, from 0 */
};
/* ERR_NOMEM, ERR_CANCELLED. Call blas_load before. */
bool fit_run(struct fit_net *n, const struct nn_bags *bags, const struct fit_task *task,
	     const struct fit_options *o, struct fit_result *result, struct work work,
	     struct err *err);

/* vectors (products, dim) of all rows of the bags: the norm is over them, weighted. */
bool fit_vectors(struct fit_net *n, const struct nn_bags *bags, const float *weight,
		 uint32_t products, float *vectors, struct pool *pool, struct err *err);

#endif
