/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layers h = max(0, h' W + b), the last one linear: products of matrices over a batch. The
 * gradient goes back through them (Rumelhart, Hinton and Williams 1986). Adam (Kingma and
 * Ba 2015, Algorithm 1), with gradient g at time t:
 *
 *	m = b1 m + (1 - b1) g		v = b2 v + (1 - b2) g^2
 *	theta -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
 */
#include "config.h"

#include "learn/net.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "learn/nn.h"

struct net_work {
	float *layer[NET_LAYERS + 1];	/* (rows, width) after ReLU; [0] is not used */
	float *slope[2];		/* (rows, widest) of the loss by a layer's sums */
};

size_t net_size(const struct net *n)
{
	size_t size = 0;

	for (unsigned l = 0; l < n->depth; l++)
		size += ((size_t)n->width[l] + 1) * n->width[l + 1];
	return size;
}

void net_begin(const struct net *n, float *theta, uint64_t seed)
{
	struct rng rng;

	rng_init(&rng, seed, 0x6e6574);
	for (unsigned l = 0; l < n->depth; l++) {
		double most = sqrt(6.0 / (n->width[l] + n->width[l + 1]));
		size_t weights = (size_t)n->width[l] * n->width[l + 1];

		for (size_t i = 0; i < weights; i++)
			*theta++ = (float)((2 * rng_real(&rng) - 1) * most);
		for (unsigned i = 0; i < n->width[l + 1]; i++)
			*theta++ = 0;
	}
}

struct net_work *net_work_create(const struct net *n, size_t rows, struct err *err)
{
	SCOPED(net_work) w = mem_zalloc(sizeof *w);
	struct net_work *out = w;
	unsigned widest = 0;

	for (unsigned l = 0; l <= n->depth; l++) {
		widest = n->width[l] > widest ? n->width[l] : widest;
		w->layer[l] = mem_big(rows * n->width[l], sizeof(float), "a network", err);
		if (!w->layer[l])
			return NULL;
	}
	for (unsigned i = 0; i < 2; i++) {
		w->slope[i] = mem_big(rows * widest, sizeof(float), "a network", err);
		if (!w->slope[i])
			return NULL;
	}
	w = NULL;
	return out;
}

void net_work_destroy(struct net_work *w)
{
	if (!w)
		return;
	for (unsigned l = 0; l <= NET_LAYERS; l++)
		free(w->layer[l]);
	free(w->slope[0]);
	free(w->slope[1]);
	free(w);
}

/* Layer l, whose parameters begin at theta. */
static struct nn_linear layer_at(const struct net *n, unsigned l, const float *theta)
{
	return (struct nn_linear){
		.from = n->width[l],
		.to = n->width[l + 1],
		.weights = theta,
		.bias = theta + (size_t)n->width[l] * n->width[l + 1],
	};
}

struct net_rows {
	const float *at;
	size_t n;
};

/* Fills the layers; the last holds the answers. */
static void forward(const struct net *n, const float *theta, struct net_rows rows,
		    struct net_work *w)
{
	const float *in = rows.at;

	for (unsigned l = 0; l < n->depth; l++) {
		const struct nn_linear layer = layer_at(n, l, theta);
		float *out = w->layer[l + 1];

		nn_linear(&layer, in, rows.n, out);
		if (l + 1 < n->depth)
			nn_relu(rows.n * layer.to, out);
		theta = layer.bias + layer.to;
		in = out;
	}
}

void net_answer(const struct net *n, const float *theta, const float *inputs, size_t rows,
		float *out, struct net_work *w)
{
	assert(rows == 0 || (inputs && out));
	forward(n, theta, (struct net_rows){inputs, rows}, w);
	memcpy(out, w->layer[n->depth], rows * sizeof *out);
}

double net_gradient(const struct net *n, const float *theta, const float *inputs,
		    const float *labels, size_t rows, float *by_theta, float *by_inputs,
		    struct net_work *w)
{
	size_t at = net_size(n);
	float *slope = w->slope[0];
	double loss = 0;

	forward(n, theta, (struct net_rows){inputs, rows}, w);
	for (size_t r = 0; r < rows; r++) {
		float miss = w->layer[n->depth][r] - labels[r];

		loss += (double)miss * miss / (double)rows;
		slope[r] = 2 * miss / (float)rows;
	}
	for (unsigned l = n->depth; l-- > 0;) {
		const float *in = l ? w->layer[l] : inputs;
		struct nn_linear layer;
		struct nn_linear_slope d;

		at -= ((size_t)n->width[l] + 1) * n->width[l + 1];
		layer = layer_at(n, l, theta + at);
		d.weights = by_theta + at;
		d.bias = d.weights + layer.from * layer.to;
		d.x = l ? w->slope[slope == w->slope[0]] : by_inputs;
		nn_linear_back(&layer, (struct nn_back){in, slope, rows}, &d);
		if (l)
			nn_relu_back(rows * layer.from, in, d.x);
		slope = d.x;
	}
	return loss;
}

bool adam_init(struct adam *a, size_t n, double rate, struct err *err)
{
	a->first = mem_big(n, sizeof *a->first, "moments", err);
	a->second = mem_big(n, sizeof *a->second, "moments", err);
	a->rate = rate;
	return a->first && a->second;
}

void adam_finish(struct adam *a)
{
	free(a->first);
	free(a->second);
	*a = (struct adam){0};
}

void adam_step(struct adam *a, float *theta, size_t at, const float *gradient, size_t n,
	       uint64_t t)
{
	float rate = (float)(a->rate * sqrt(1 - pow(0.999, (double)t)) /
			     (1 - pow(0.9, (double)t)));
	float *first = a->first + at, *second = a->second + at;

	theta += at;
	for (size_t i = 0; i < n; i++) {
		first[i] = 0.9f * first[i] + 0.1f * gradient[i];
		second[i] = 0.999f * second[i] + 0.001f * gradient[i] * gradient[i];
		theta[i] -= rate * first[i] / (sqrtf(second[i]) + 1e-7f);
	}
}
