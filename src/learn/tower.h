/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tower: the network that makes vectors of features (product2vec, Hao et al. 2020), on spans.
 *
 *	theta = norm(tanh(tanh(C W1 + b1) W2 + b2) W3 + b3)
 *
 * C: sparse rows (nn_bags); W1, the table (features, hidden), stands by itself because a
 * batch touches few of its rows; norm: batch norm. The other parameters are one vector of
 * tower_size: b1, W2 (hidden, hidden), b2, W3 (hidden, dim), b3, scale, shift (dim).
 */
#ifndef LEARN_TOWER_H
#define LEARN_TOWER_H

#include "learn/nn.h"

struct tower {
	size_t features, hidden, dim;
};
size_t tower_size(const struct tower *t);
/* theta (tower_size), table (features, hidden) drawn evenly (Glorot and Bengio 2010); the
 * scale is 1 / sqrt(dim), so that vectors are about 1 long. */
void tower_begin(const struct tower *t, uint64_t seed, nn_real *theta, nn_real *table);

/* Room for rows, all (rows, hidden or dim) but what is kept of the norm (dim). */
struct tower_room {
	nn_real *h1, *h2, *raw, *y;
	nn_real *d1, *d2, *draw;
	nn_real *mean, *inverse;
};
struct tower_input {
	const struct nn_bags *bags;
	const uint32_t *row;	/* (n) */
	size_t n;
};
/* What a tower has learnt. */
struct tower_weights {
	const nn_real *theta; /* (tower_size) */
	const nn_real *table; /* (features, hidden) */
};
/* Fills h1, h2 and raw: the vectors before the norm. */
void tower_raw(const struct tower *t, struct tower_weights w, const struct tower_input *in,
	       const struct tower_room *room);
/* And y, mean and inverse: the norm is over these rows. */
void tower_forward(const struct tower *t, struct tower_weights w, const struct tower_input *in,
		   const struct tower_room *room);
/* y (rows, dim) of raw by a mean and an inverse deviation that are given. */
void tower_fixed(const struct tower *t, const nn_real *theta, size_t rows,
		 const struct tower_room *room);
/* After tower_forward: d (tower_size) of dy (rows, dim), and d1 (rows, hidden), the slope at
 * the end of the table's layer, for nn_turn. */
void tower_back(const struct tower *t, const nn_real *theta, size_t rows, const nn_real *dy,
		const struct tower_room *room, nn_real *d);

#endif
