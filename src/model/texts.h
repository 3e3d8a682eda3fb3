/* SPDX-License-Identifier: GPL-3.0-or-later */
/* texts: what is written of products, each distinct text once. */
#ifndef MODEL_TEXTS_H
#define MODEL_TEXTS_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "model/lesson.h"

/* Which parts of a product's text are read, as --fields names them. */
enum texts_fields {
	TEXTS_NAME,		/* its name */
	TEXTS_DESCRIBED,	/* name and description */
	TEXTS_ALL,		/* and category, brand and attributes */
};

struct texts {
	uint32_t n_products, n;		/* n: distinct texts that aren't empty */
	uint32_t *of;			/* (n_products) its text, or CATALOG_NONE: none */
	uint32_t *product;		/* (n) the first product that has it */
	uint64_t *hash;			/* (n) of the text */
};

/* "Ohlsson. Relaxed-fit sweater vest in a soft rib knit": appended to b. A store's own
 * names are read, not labels that were made of category and price. */
void texts_add(const struct catalog *c, enum texts_fields f, uint32_t product,
	       struct strbuf *b);
/* ERR_NO when no product has a text. */
bool texts_read(struct texts *t, const struct lesson *l, enum texts_fields f, struct err *err);
void texts_finish(struct texts *t);

#endif
