/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * product2vec: the loss of Hao et al. (2020) that brings a product near what is like it.
 *
 *	theta_N(i) = sum over j of z_j theta_j, z = softmax(theta_i theta_j), j of a list
 *	loss = sum over lists, y = 1 or -1: max(0, margin - y (centre - |theta_i - theta_N|^2))
 *
 * Lists are `each` products drawn from the product's links, again and again if there are
 * fewer: an epoch is linear in products whatever their degree. y is 1 for similar ones; -1
 * for those bought along, and for any others.
 */
#ifndef MODEL_PRODUCT2VEC_H
#define MODEL_PRODUCT2VEC_H

#include "learn/fit.h"
#include "model/links.h"

enum product2vec_against {
	AGAINST_COMPLEMENTS,	/* as published */
	AGAINST_OTHERS,		/* drawn at random */
	AGAINST_BOTH,
};

#define PRODUCT2VEC_EACH 64u	/* at most so many of a list */

struct product2vec {
	const struct link_sets *links;
	uint32_t n_products;
	const uint32_t *product;	/* (units) those with similar links */
	size_t dim;
	unsigned each;			/* 1 .. PRODUCT2VEC_EACH */
	enum product2vec_against against;
	bool attend;			/* false: theta_N is the plain mean */
	struct nn_hinge hinge;
	nn_real *room;			/* (workers, product2vec_room) */
};
size_t product2vec_per(const struct product2vec *k);	/* products of a unit */
size_t product2vec_room(const struct product2vec *k);
/* fit_task's functions; ctx is the struct. */
void product2vec_draw(void *ctx, size_t unit, struct rng *rng, uint32_t *row);
double product2vec_loss(void *ctx, const struct fit_units *u, nn_real *dy, nn_real *d);

#endif
