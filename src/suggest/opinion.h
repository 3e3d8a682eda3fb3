/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opinion: the places that the models of a store give what may be suggested for a product. */
#ifndef SUGGEST_OPINION_H
#define SUGGEST_OPINION_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

#define OPINION_PLACES 100u	/* that are looked at */
#define OPINION_MODELS 6u	/* that are asked, by name */

struct job;
struct model;
struct store;

/* Models that the store has trained; those that can't be opened are left out. */
struct judges {
	struct model *model[OPINION_MODELS];
	unsigned n;
};
void judges_open(struct judges *j, const struct store *s);
void judges_finish(struct judges *j);

/* The first places of each model for one product, variants of it aside. */
struct opinions {
	uint32_t product;
	unsigned n;			/* models that had the time to say something */
	const char *model[OPINION_MODELS];	/* borrowed from the judges */
	uint32_t best[OPINION_MODELS][OPINION_PLACES], places[OPINION_MODELS];
};
/* No model is begun with after `seconds`. ERR_CANCELLED, ERR_NOMEM. */
bool opinions_ask(struct opinions *o, const struct judges *j, const struct store *s,
		  uint32_t product, double seconds, struct job *job, struct err *err);
/* "walk 8, item2vec >100"; nothing where no model said anything. */
void opinions_add(const struct opinions *o, uint32_t with, struct strbuf *b);

#endif
