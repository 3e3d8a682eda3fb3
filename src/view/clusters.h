/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clusters: the state of the view clusters, for its charts. */
#ifndef VIEW_CLUSTERS_H
#define VIEW_CLUSTERS_H

#include "view/groups.h"
#include "view/typical.h"

struct page;

struct clusters {
	struct groups groups;
	struct typical typical;
	const struct catalog *cat;
	uint32_t *order;	/* (n) rows, NULL: by number */
	double *mean;		/* (n) distance */
};

void clusters_page(struct view *v, void *state, struct page *p);
void clusters_words(struct view *v, void *state, struct strbuf *b);

#endif
