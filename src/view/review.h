/* SPDX-License-Identifier: GPL-3.0-or-later */
/* review: what the view queue knows, as rows and as the boxes of the review screen. */
#ifndef VIEW_REVIEW_H
#define VIEW_REVIEW_H

#include "suggest/queue.h"
#include "vet/decision.h"
#include "view/board.h"

struct review {
	struct queue *q;
	const struct catalog *cat;
	enum panel_kind kind;
	uint64_t *first;	/* (queue_count + 1) row of each product */
};

/* The product of a row by its turn in the queue, and *k its place among its rows. */
uint32_t review_turn(const struct review *s, uint64_t row, unsigned *k);

/* Decisions of each person that stand in the panel: *n of them, free(). */
struct review_person {
	struct str who;
	unsigned said[DECISION_KINDS];
};
struct review_person *review_people(const struct review *s, size_t *n);
/* " r2 approved it on 2026-11-12 at n 15." of all who said something; blind: of oneself. */
void review_add_said(struct strbuf *b, const struct review *s, uint32_t product,
		     const struct queue_place *p);

/* --- review_board.c: see view_class */
void review_board(struct view *v, void *state, struct board *b);
uint64_t review_jump(const void *state, uint64_t row, int64_t by);

#endif
