/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net: a small fully connected network with ReLU, and Adam. */
#ifndef LEARN_NET_H
#define LEARN_NET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

#define NET_LAYERS 6

/* width[0] inputs, then hidden layers with ReLU, then one linear output: width[depth] is
 * 1. Its parameters are one vector: per layer the weights (in, out), row-major, and the
 * biases (out). */
struct net {
	unsigned depth;			/* layers of weights, 1 .. NET_LAYERS */
	unsigned width[NET_LAYERS + 1];
};
size_t net_size(const struct net *n);	/* parameters */
/* Weights of a layer are drawn evenly in +-sqrt(6 / (in + out)) (Glorot and Bengio
 * 2010), biases are 0. */
void net_begin(const struct net *n, float *theta, uint64_t seed);

/* Room for batches of at most `rows`. */
struct net_work;
struct net_work *net_work_create(const struct net *n, size_t rows, struct err *err);
void net_work_destroy(struct net_work *w);
SCOPED_DEFINE(net_work)

/* out (rows): the net's answers to inputs (rows, width[0]). Call blas_load before. */
void net_answer(const struct net *n, const float *theta, const float *inputs, size_t rows,
		float *out, struct net_work *w);
/* Mean of (answer - label)^2 over the batch; its gradient by the parameters (net_size)
 * and by the inputs (rows, width[0]), by back-propagation (Rumelhart et al. 1986). */
double net_gradient(const struct net *n, const float *theta, const float *inputs,
		    const float *labels, size_t rows, float *by_theta, float *by_inputs,
		    struct net_work *w);

/* Adam (Kingma and Ba 2015) with beta 0.9, 0.999, epsilon 1e-7: moments beside a vector of
 * parameters, or beside rows of which only some are touched in a step. */
struct adam {
	float *first, *second;	/* (n) moments */
	double rate;
};
bool adam_init(struct adam *a, size_t n, double rate, struct err *err);
void adam_finish(struct adam *a);
/* One step for parameters [at, at + n) at time t (from 1). */
void adam_step(struct adam *a, float *theta, size_t at, const float *gradient, size_t n,
	       uint64_t t);

#endif
