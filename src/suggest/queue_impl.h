/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What queue.c and queue_list.c share. */
#ifndef SUGGEST_QUEUE_IMPL_H
#define SUGGEST_QUEUE_IMPL_H

#include <stdatomic.h>

#include "suggest/queue.h"
#include "vet/vetting.h"

/* What doesn't change while people decide; shared by all queues of one request. */
struct queue_base {
	atomic_uint refs;
	const struct store *store;
	const struct catalog *c;
	enum panel_kind kind;
	char *who;
	struct aside *aside;
	struct doubt_words *words;
	struct model **model;	/* (n_models) */
	unsigned n_models;
	uint32_t n, *product, *traffic;	/* (n) the most traffic first */
	uint32_t *entry;	/* (products) its place among them, CATALOG_NONE: none */
	double all;		/* traffic, also of those that are left out */
	bool sold;
};

/* One product's list; shared by the queues in which it is the same. */
struct queue_list {
	atomic_uint refs;
	unsigned n, firsts;
	uint32_t first[PANEL_ROWS];	/* (firsts) its own best, to tell what is one-way */
	struct queue_place place[];	/* (n) */
};

/* verdicts may be NULL. */
struct queue_deciding {
	const struct vetting *vetting;	/* or NULL */
	const struct verdicts *verdicts;
	bool blind;
};

/* All but DOUBT_ONE_WAY and the doubt itself. */
bool queue_list_make(struct queue_list **l, const struct queue_base *b,
		     const struct queue_deciding *d, uint32_t product, struct job *job,
		     struct err *err);
void queue_list_destroy(struct queue_list *l);

#endif
