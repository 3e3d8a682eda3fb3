/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person: what is known of a user and what follows from it: the view person and its page. */
#ifndef VIEW_PERSON_H
#define VIEW_PERSON_H

#include "model/alike.h"
#include "panel/panel.h"
#include "view/timeline.h"
#include "view/view.h"

#define PERSON_SUGGESTED 12
#define PERSON_ALIKE 8

struct person {
	const struct question *q;
	const struct catalog *cat;
	const struct model *ranker;	/* the question's, or own; NULL: by hand */
	struct model *own;
	struct past past;
	struct tally tally;
	uint64_t *event;		/* (n_events) the latest first */
	uint64_t n_events;
	struct panel list;
	char (*from)[ACCOUNT_SOURCES];	/* (list.n_rows) sources by the ranker's account */
	struct sink *users;		/* of alike, where no model has them */
	struct alike alike;
	struct hit near[PERSON_ALIKE];
	unsigned n_near;
};

/* "repeat, together": where row i of the list came from. */
struct str person_source(const struct person *s, unsigned i);
/* The latest products, at most n, that user has and the person has too, or has not: labels
 * with "; " between them, and how many more there are. */
void person_add_products(const struct person *s, uint32_t user, bool both, unsigned n,
			 struct strbuf *b);

void person_page(struct view *v, void *state, struct page *p);
void person_words(struct view *v, void *state, struct strbuf *b);

#endif
