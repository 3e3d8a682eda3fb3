/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adam (Kingma and Ba 2015) with beta .9, .999, epsilon 1e-8, and AdamW (Loshchilov and
 * Hutter 2019), whose decay takes rate decay theta from the parameters themselves:
 *
 *	m = .9 m + .1 d		v = .999 v + .001 d^2		(both / (1 - beta^t))
 *	theta -= rate (m / (sqrt(v) + epsilon) + decay theta)
 *
 * The rate rises evenly to its top within `warm` steps and falls evenly to 0 at `steps`.
 */
#include "config.h"

#include "learn/nn.h"

#include <assert.h>
#include <math.h>

static nn_real root(nn_real x)
{
#ifdef NN_DOUBLE
	return sqrt(x);
#else
	return sqrtf(x);
#endif
}

double nn_rate(const struct nn_adam *a, uint64_t t)
{
	if (t <= a->warm)
		return a->rate * (double)t / (double)a->warm;
	if (a->steps <= a->warm)
		return a->rate;
	return t < a->steps ? a->rate * (double)(a->steps - t) / (double)(a->steps - a->warm)
			    : 0;
}

void nn_adam(const struct nn_adam *a, uint64_t t, size_t at, size_t n, const nn_real *d,
	     nn_real *theta)
{
	double rate = nn_rate(a, t), right = 1 - pow(.999, (double)t);
	nn_real step = (nn_real)(rate * sqrt(right) / (1 - pow(.9, (double)t)));
	nn_real least = (nn_real)(1e-8 * sqrt(right)), kept = (nn_real)(1 - rate * a->decay);
	nn_real *first = a->first + at, *second = a->second + at;

	for (size_t i = 0; i < n; i++) {
		first[i] += (nn_real).1 * (d[i] - first[i]);
		second[i] += (nn_real).001 * (d[i] * d[i] - second[i]);
		theta[i] = theta[i] * kept -
			   step * first[i] / (root(second[i]) + least);
	}
}

double nn_clip(size_t n, double most, nn_real *d)
{
	double sum = 0, length;

	assert(most > 0);
	for (size_t i = 0; i < n; i++)
		sum += (double)d[i] * (double)d[i];
	length = sqrt(sum);
	for (size_t i = 0; length > most && i < n; i++)
		d[i] *= (nn_real)(most / length);
	return length;
}
