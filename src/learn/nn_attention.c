/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attention over a list of neighbours (as in product2vec of Hao et al. 2020):
 *
 *	s_j = q k_j	z = softmax(s)		y = sum z_j k_j
 *	ds_j = z_j (dy k_j - dy y)		dq = sum ds_j k_j
 *	dk_j = z_j dy + ds_j q
 */
#include "config.h"

#include "learn/nn.h"

#include <math.h>
#include <string.h>

#include "math/smooth.h"

static nn_real product(size_t n, const nn_real *a, const nn_real *b)
{
	nn_real sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static void exponentials(size_t n, nn_real *x)
{
#ifdef NN_DOUBLE
	for (size_t i = 0; i < n; i++)
		x[i] = exp(x[i]);
#else
	smooth_exp(n, x);
#endif
}

double nn_softmax(size_t n, const nn_real *x, nn_real *z)
{
	nn_real most = x[0], over;
	double sum = 0;

	for (size_t i = 1; i < n; i++)
		most = x[i] > most ? x[i] : most;
	for (size_t i = 0; i < n; i++)
		z[i] = x[i] - most;
	exponentials(n, z);
	for (size_t i = 0; i < n; i++)
		sum += (double)z[i];
	over = (nn_real)(1 / sum);
	for (size_t i = 0; i < n; i++)
		z[i] *= over;
	return (double)most + log(sum);
}

void nn_attend(const struct nn_neighbours *a, nn_real *z, nn_real *y)
{
	for (size_t j = 0; j < a->n; j++)
		z[j] = product(a->width, a->q, a->at + j * a->width);
	nn_softmax(a->n, z, z);
	memset(y, 0, a->width * sizeof *y);
	for (size_t j = 0; j < a->n; j++)
		for (size_t i = 0; i < a->width; i++)
			y[i] += z[j] * a->at[j * a->width + i];
}

void nn_attend_back(const struct nn_neighbours *a, const nn_real *z, const nn_real *dy,
		    nn_real *dq, nn_real *dat)
{
	nn_real mean = 0;

	for (size_t j = 0; j < a->n; j++)
		mean += z[j] * product(a->width, dy, a->at + j * a->width);
	memset(dq, 0, a->width * sizeof *dq);
	for (size_t j = 0; j < a->n; j++) {
		const nn_real *k = a->at + j * a->width;
		nn_real ds = z[j] * (product(a->width, dy, k) - mean);

		for (size_t i = 0; i < a->width; i++) {
			dq[i] += ds * k[i];
			dat[j * a->width + i] = z[j] * dy[i] + ds * a->q[i];
		}
	}
}
