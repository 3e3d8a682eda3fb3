/* SPDX-License-Identifier: GPL-3.0-or-later */
/* question: an outlook in one store: ids looked up, filter parsed, model opened. */
#ifndef ASK_QUESTION_H
#define ASK_QUESTION_H

#include "ask/asked.h"
#include "base/err.h"
#include "base/work.h"

struct filter;
struct live;
struct model;
struct past;
struct aside;
struct question_own;
struct queue_keep;
struct vetting;
struct store;

/*
 * What views, panels and exports are asked. It begins as question_of; a caller that has
 * something at hand (a number, an open model, a filter that was made ready) sets it, and
 * outlook_resolve finds the rest. A copy is another question that borrows the same things.
 */
struct question {
	const struct store *store;	/* NULL: the catalog is no store's, or not all of one */
	const struct catalog *catalog;	/* with the store's numbers; under a filter live_catalog */
	const struct outlook *outlook;	/* NULL: nothing is asked; what needs no looking up is
					   read from it (ask/asked.h) */
	uint32_t product, with;		/* CATALOG_NONE, in all of them: not asked */
	uint32_t category, user, session;
	const uint32_t *basket;		/* (n_basket) products, all that were given */
	unsigned n_basket;
	const struct store *other;	/* to compare with, or NULL */
	const struct model *model;	/* ranks suggestions; NULL: our own sources do */
	bool weighted;			/* they weigh events so: */
	float weight[EVENT_KINDS];
	const struct model *reader;	/* of WORDS, or NULL */
	const struct past *history;	/* of a file, or NULL */
	const uint64_t *among;		/* bits of the products of a file, or NULL */
	unsigned ids_unknown;		/* ids of files that the store doesn't know */
	const struct vetting *vetting;	/* verdicts and rules that lists obey; NULL: none */
	bool marked;		/* what was rejected stays, marked, where --verdicts says nothing */
	bool just_read;		/* see vetting_options */
	struct aside *aside;	/* where decisions are kept instead of the store, or NULL */
	struct aside *notes;	/* the same of notes */
	struct queue_keep *reviewed;	/* of queue: how it was when it was opened last, kept up
					   (suggest/queue.h); NULL: it is made anew */
	const struct filter *where;	/* NULL: everything */
	struct live *live;		/* where and catalog made ready; NULL: not yet */
	const struct live *counted;	/* a filter that someone has read already: shared where it
					   is `where`; NULL: none */
	struct question_own *own;	/* what outlook_resolve opened, of the original alone */
};

/* o may be NULL; s NULL: the catalog is to be set. */
struct question question_of(const struct store *s, const struct outlook *o);
void question_finish(struct question *q);

/*
 * Find in q->store what the outlook names, of those asks (view_asks) that aren't set yet;
 * a filter is let be where live is there. VECTORS without a name is the only model of the
 * store that has vectors. On an error q stays as sound as it was: finish it.
 *
 * Errors: ERR_NO for what isn't in the store, with the nearest name; ERR_USAGE for a filter
 * that doesn't parse and a choice that is needed; those of store_open and model_open.
 */
bool outlook_resolve(struct question *q, uint64_t asks, struct err *err);

/* By id; ERR_NO proposes the nearest id. */
bool question_product(const struct store *s, struct str id, uint32_t *product, struct err *err);
/* A trained model that has vectors: of that name, or the only one when name.ptr is NULL;
 * ERR_NO, ERR_USAGE list those that there are. The caller owns *m. */
bool question_vectors(const struct store *s, struct str name, struct model **m,
		      struct err *err);
/* The decisions and rules that lists of q obey: *kept, of an earlier question of the same store,
 * where they are still those, else new ones, which the caller owns as well; NULL: none.
 * Errors: those of vetting_open; *kept is NULL then. */
bool question_vetting(const struct question *q, struct vetting **kept, struct err *err);
/* q->where brought to q->catalog, the caller's: what q->counted has read is shared, else it is
 * read. Errors: those of live_create. */
bool question_live(const struct question *q, struct live **l, struct work work, struct err *err);
/* Errors of a filter begin with the column: puts --where before; false. */
bool question_where_failed(struct err *err);

/* What stands for no model: our own counting. */
#define MODEL_NONE "panel"

#endif
