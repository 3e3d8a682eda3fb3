/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * companion: the loss of P-Companion (Hao et al. 2020) over a tower, and its parameters.
 *
 *	gamma_w = dropout(relu(phi_w W4 + b4)) W5 + b5		what goes with category w
 *		by_product: relu(phi_w W4 + theta_i W7 + b4), so each product has its own
 *	P(w)    = phic_w W6 + b6				how products of w are looked at
 *	loss    = alpha item + (1 - alpha) type
 *
 * hinge: item compares theta_i * P(gamma_w) with theta_j, type gamma_w with phic_v, both as
 * nn_hinge of squared distances, against `negative` other products and one category.
 * contrast: item is the cross entropy of j among all products of the share under
 * theta_i (theta_k * P(w_k)) / temperature, type that of w_j among all categories under
 * -|gamma - phic|^2.
 */
#ifndef MODEL_COMPANION_H
#define MODEL_COMPANION_H

#include "learn/fit.h"
#include "model/links.h"

enum companion_loss { COMPANION_HINGE, COMPANION_CONTRAST };

struct companion {
	const struct catalog *catalog;
	const struct links *links;	/* complements */
	const struct links *similar;	/* held against them too, or NULL */
	uint32_t *from;			/* (links) product of a link's row */
	uint32_t types;			/* categories, and the one of those without */
	size_t dim, type_dim;
	unsigned negative;
	enum companion_loss loss;
	bool by_product;
	double alpha, dropout, temperature;
	struct nn_hinge hinge;
	nn_real *room;			/* (workers, room_each) */
	size_t room_each;
	uint64_t *order;		/* (workers, order_each) of a share's products */
	size_t order_each;
	uint32_t *place;	/* (workers, types) zeros between shares */
};

/* The category's place: those without are the last one. */
uint32_t companion_type(const struct companion *k, uint32_t product);
size_t companion_extra(const struct companion *k);
void companion_begin(const struct companion *k, uint64_t seed, nn_real *extra);
/* Room for the losses of so many workers, and its end. */
bool companion_room(struct companion *k, unsigned workers, struct err *err);
void companion_room_finish(struct companion *k);
/* fit_task's functions; ctx is the companion. */
void companion_draw(void *ctx, size_t unit, struct rng *rng, uint32_t *row);
double companion_loss(void *ctx, const struct fit_units *u, nn_real *dy, nn_real *d);
/* gamma (types, type_dim), complement (types, type_dim): phic, project (types, dim): P. */
void companion_types(const struct companion *k, const nn_real *extra, nn_real *gamma,
		     nn_real *complement, nn_real *project);
/* What makes gamma of a product, by_product: inner (types, type_dim / 2): phi W4 + b4; enter
 * (dim, type_dim / 2): W7; outer (type_dim / 2 + 1, type_dim): W5, then b5. */
struct companion_way {
	nn_real *inner, *enter, *outer;
};
void companion_way(const struct companion *k, const nn_real *extra, struct companion_way out);

#endif
