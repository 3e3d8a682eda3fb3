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

#include "math/kernel.h"

/* What of the moments moves theta, and what of it is kept. */
struct move {
	nn_real step, least, kept;
};

/* n parameters beside their moments. */
struct moved {
	nn_real *first, *second, *theta;
};

#ifdef NN_DOUBLE
/* As the equation says: for the tests. */
static void move(const struct move *s, const double *d, size_t n, struct moved at)
{
	for (size_t i = 0; i < n; i++) {
		at.first[i] += .1 * (d[i] - at.first[i]);
		at.second[i] += .001 * (d[i] * d[i] - at.second[i]);
		at.theta[i] = at.theta[i] * s->kept -
			      s->step * at.first[i] / (sqrt(at.second[i]) + s->least);
	}
}
#else
static void move(const struct move *s, const float *d, size_t n, struct moved at)
{
	kernels_best()->adam(&(struct adam_step){s->step, s->least, s->kept}, d, n,
			     (struct adam_state){at.first, at.second, at.theta});
}
#endif

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
	const struct move s = {
		.step = (nn_real)(rate * sqrt(right) / (1 - pow(.9, (double)t))),
		.least = (nn_real)(1e-8 * sqrt(right)),
		.kept = (nn_real)(1 - rate * a->decay),
	};

	move(&s, d, n, (struct moved){a->first + at, a->second + at, theta});
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
