/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each list of a unit is attended to and compared by itself; slopes of the product add up. */
#include "config.h"

#include "model/product2vec.h"

#include <string.h>

#include "base/rng.h"

static unsigned lists(const struct product2vec *k)
{
	return k->against == AGAINST_BOTH ? 3 : 2;
}

size_t product2vec_per(const struct product2vec *k)
{
	return 1 + (size_t)lists(k) * k->each;
}

size_t product2vec_room(const struct product2vec *k)
{
	return 4 * k->dim + k->each;
}

static void draw_list(const struct product2vec *k, const struct links *l, uint32_t a,
		      struct rng *rng, uint32_t *row)
{
	uint64_t n = l ? l->offsets[a + 1] - l->offsets[a] : 0;

	for (unsigned i = 0; i < k->each; i++)
		row[i] = n ? l->column[l->offsets[a] + rng_below(rng, n)] :
			     (uint32_t)rng_below(rng, k->n_products);
}

void product2vec_draw(void *ctx, size_t unit, struct rng *rng, uint32_t *row)
{
	const struct product2vec *k = ctx;
	const struct links *along = &k->links->complement;
	uint32_t a = k->product[unit];

	*row++ = a;
	draw_list(k, &k->links->similar, a, rng, row);
	if (k->against != AGAINST_OTHERS)
		draw_list(k, along, a, rng, row += k->each);
	if (k->against != AGAINST_COMPLEMENTS)
		draw_list(k, NULL, a, rng, row + k->each);
}

/* theta_N of a list, forwards. */
static void gather(const struct product2vec *k, const struct nn_neighbours *a, nn_real *z,
		   nn_real *mean)
{
	if (k->attend) {
		nn_attend(a, z, mean);
		return;
	}
	memset(mean, 0, k->dim * sizeof *mean);
	for (size_t j = 0; j < a->n; j++)
		for (size_t i = 0; i < k->dim; i++)
			mean[i] += a->at[j * k->dim + i] / (nn_real)a->n;
}

static void gather_back(const struct product2vec *k, const struct nn_neighbours *a,
			const nn_real *z, const nn_real *dmean, nn_real *dq, nn_real *dat)
{
	if (k->attend) {
		nn_attend_back(a, z, dmean, dq, dat);
		return;
	}
	memset(dq, 0, k->dim * sizeof *dq);
	for (size_t j = 0; j < a->n; j++)
		for (size_t i = 0; i < k->dim; i++)
			dat[j * k->dim + i] = dmean[i] / (nn_real)a->n;
}

double product2vec_loss(void *ctx, const struct fit_units *u, nn_real *dy, nn_real *d)
{
	const struct product2vec *k = ctx;
	size_t dim = k->dim, per = product2vec_per(k);
	nn_real *mean = k->room + u->worker * product2vec_room(k), *own = mean + dim;
	nn_real *dmean = own + dim, *dq = dmean + dim, *z = dq + dim;
	double loss = 0;

	(void)d;
	for (size_t i = 0; i < u->n; i++) {
		const nn_real *y = u->y + i * per * dim;
		nn_real *to = dy + i * per * dim;

		memset(to, 0, dim * sizeof *to);
		for (unsigned l = 0; l < lists(k); l++) {
			size_t at = (1 + (size_t)l * k->each) * dim;
			const struct nn_neighbours a = {k->each, dim, y, y + at};

			gather(k, &a, z, mean);
			loss += nn_hinge(&k->hinge, l == 0, dim, y, mean, own, dmean);
			gather_back(k, &a, z, dmean, dq, to + at);
			for (size_t j = 0; j < dim; j++)
				to[j] += own[j] + dq[j];
		}
	}
	return loss;
}
