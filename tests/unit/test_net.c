/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients against differences, Adam against its equations. */
#include "config.h"

#include "learn/net.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "math/blas.h"

#include "unit.h"

enum { ROWS = 7, IN = 4, SIZE = 4 * 6 + 6 + 6 * 3 + 3 + 3 + 1 };

static const struct net net = {.depth = 3, .width = {IN, 6, 3, 1}};

static double loss_at(const float *theta, const float *inputs, const float *labels,
		      struct net_work *w)
{
	float out[ROWS];
	double sum = 0;

	net_answer(&net, theta, inputs, ROWS, out, w);
	for (unsigned r = 0; r < ROWS; r++)
		sum += pow((double)out[r] - labels[r], 2) / ROWS;
	return sum;
}

static void close_to(double gradient, double difference)
{
	assert_true(fabs(gradient - difference) < 2e-3 * (1 + fabs(difference)));
}

static void gradients(void **state)
{
	float theta[SIZE], inputs[ROWS * IN], labels[ROWS], by_theta[SIZE],
	      by_inputs[ROWS * IN];
	SCOPED(net_work) w = NULL;
	struct err err = {0};
	const float h = 2e-3f;
	struct rng rng;

	assert_true(blas_load(&err));
	assert_int_equal(net_size(&net), SIZE);
	w = net_work_create(&net, ROWS, &err);
	assert_non_null(w);
	net_begin(&net, theta, 5);
	rng_init(&rng, 1, 0);
	for (unsigned i = 0; i < ROWS * IN; i++)
		inputs[i] = (float)(2 * rng_real(&rng) - 1);
	for (unsigned i = 0; i < SIZE; i++)	/* biases too */
		theta[i] += (float)(.2 * rng_real(&rng));
	for (unsigned i = 0; i < ROWS; i++)
		labels[i] = (float)rng_below(&rng, 3);
	assert_true(fabs(net_gradient(&net, theta, inputs, labels, ROWS, by_theta, by_inputs,
				      w) - loss_at(theta, inputs, labels, w)) < 1e-5);
	for (unsigned i = 0; i < SIZE; i++) {
		float was = theta[i];
		double up, down;

		theta[i] = was + h;
		up = loss_at(theta, inputs, labels, w);
		theta[i] = was - h;
		down = loss_at(theta, inputs, labels, w);
		theta[i] = was;
		close_to(by_theta[i], (up - down) / (2 * h));
	}
	for (unsigned i = 0; i < ROWS * IN; i++) {
		float was = inputs[i];
		double up, down;

		inputs[i] = was + h;
		up = loss_at(theta, inputs, labels, w);
		inputs[i] = was - h;
		down = loss_at(theta, inputs, labels, w);
		inputs[i] = was;
		close_to(by_inputs[i], (up - down) / (2 * h));
	}
}

static void adam(void **state)
{
	float theta[3] = {1, -2, 3};
	double m = 0, v = 0, x = -2;
	struct adam a;
	struct err err = {0};

	assert_true(adam_init(&a, 3, .01, &err));
	for (uint64_t t = 1; t <= 50; t++) {
		float g = (float)sin((double)t);

		m = .9 * m + .1 * g;
		v = .999 * v + .001 * g * g;
		x -= .01 * (m / (1 - pow(.9, (double)t))) /
		     (sqrt(v / (1 - pow(.999, (double)t))) + 1e-7);
		adam_step(&a, theta, 1, &g, 1, t);
		assert_true(fabs(theta[1] - x) < 1e-4);
	}
	assert_true(theta[0] == 1 && theta[2] == 3);
	adam_finish(&a);
}

/* It learns what no straight line can say. */
static void learns(void **state)
{
	const struct net small = {.depth = 2, .width = {2, 8, 1}};
	float inputs[] = {0, 0, 0, 1, 1, 0, 1, 1}, labels[] = {0, 1, 1, 0};
	float theta[33], by_theta[33], by_inputs[8];
	struct adam a;
	struct err err = {0};
	SCOPED(net_work) w = net_work_create(&small, 4, &err);
	double loss = 1;

	assert_true(blas_load(&err));
	assert_int_equal(net_size(&small), 33);
	assert_true(adam_init(&a, 33, .02, &err));
	net_begin(&small, theta, 2);
	for (uint64_t t = 1; t <= 1000; t++) {
		loss = net_gradient(&small, theta, inputs, labels, 4, by_theta, by_inputs, w);
		adam_step(&a, theta, 0, by_theta, 33, t);
	}
	assert_true(loss < 1e-3);
	adam_finish(&a);
}

UNIT_TESTS(net, UNIT(gradients), UNIT(adam), UNIT(learns))
