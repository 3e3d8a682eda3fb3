/* SPDX-License-Identifier: GPL-3.0-or-later */
/* links: which products are like or complete each other, as networks learn it. */
#ifndef MODEL_LINKS_H
#define MODEL_LINKS_H

#include <jansson.h>

#include "model/features.h"
#include "model/lesson.h"

/* Rows of products, columns ascending, both ways. */
struct links {
	uint64_t *offsets;	/* (products + 1) */
	uint32_t *column;
	float *value;		/* sessions, or likeness */
	uint64_t n;
};
/*
 * By counts, with cp and cv the sessions that bought and that saw both. Their rates are the
 * lower ends of 95% intervals (Wilson 1927) of cosines, n of sqrt(n_a n_b), each among its own
 * kind of session: purchases are few, and one of both says little.
 *
 *	complement	cp >= support, and its rate is not below that of cv
 *	similar		cv >= support, and its rate is above that of cp
 *
 * after complement = Bcp - Bcv and similar = Bcv - Bcp of Hao et al. (2020), where one
 * stray purchase doesn't delete a link. Where people chose (--choices) that comes first: of
 * n sessions that saw both products and bought one or both, k bought both. With s the share
 * of both over all pairs, k > s n + d says complement and k < s n - d similar, whatever the
 * rates; d = sqrt(s (1 - s) n), a standard deviation of chance.
 *
 * In a log without views nothing says what is similar: then similar are the LINKS_ALIKE
 * products of the category with the most equal features, of LINKS_LOOKED_AT drawn. A store
 * without sessions has counted pairs: co-purchase (else co-cart) is cp, co-view is cv.
 */
struct link_sets {
	struct links similar, complement;
	bool by_features;	/* similar ones are alike by features, not seen together */
	float *count;		/* (products) sessions that bought it */
	double support;		/* the fewest sessions of a link */
	double both;		/* s; NAN where no one chose */
	uint64_t chosen[2];	/* links that choices made against their rates: similar,
				   complement */
};
#define LINKS_ALIKE 5u
#define LINKS_LOOKED_AT 200u

/* f: NULL where no links by features are wanted. ERR_NOMEM, ERR_CANCELLED. */
bool links_read(struct link_sets *l, const struct lesson *lesson, const struct features *f,
		struct err *err);
void links_finish(struct link_sets *l);
bool links_has(const struct links *l, uint32_t a, uint32_t b);
/* What was found, as "links" of a model's info. */
void links_tell(const struct link_sets *l, json_t *info);

#endif
