/* SPDX-License-Identifier: GPL-3.0-or-later */
/* links: which products are like or complete each other, as networks learn it. */
#ifndef MODEL_LINKS_H
#define MODEL_LINKS_H

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
 * By counts, with cp and cv the sessions that bought and that saw both and rates as
 * cosines (n / sqrt(n_a n_b), each among its own kind of session):
 *
 *	complement	cp >= support, and its rate is not below that of cv
 *	similar		cv >= support, and its rate is above that of cp
 *
 * after complement = Bcp - Bcv and similar = Bcv - Bcp of Hao et al. (2020), where one
 * stray purchase doesn't delete a link. In a log without views nothing says what is similar:
 * then similar are the LINKS_ALIKE products of the category with the most equal features, of
 * LINKS_LOOKED_AT drawn.
 */
struct link_sets {
	struct links similar, complement;
	bool by_features;	/* similar ones are alike by features, not seen together */
	float *count;		/* (products) sessions that bought it */
};
#define LINKS_ALIKE 5u
#define LINKS_LOOKED_AT 200u

/* ERR_NOMEM, ERR_CANCELLED. */
bool links_read(struct link_sets *l, const struct lesson *lesson, const struct features *f,
		struct err *err);
void links_finish(struct link_sets *l);
bool links_has(const struct links *l, uint32_t a, uint32_t b);

#endif
