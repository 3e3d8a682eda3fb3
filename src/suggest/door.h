/* SPDX-License-Identifier: GPL-3.0-or-later */
/* door: the one door to suggestions: a ranked list, stage by stage. */
#ifndef SUGGEST_DOOR_H
#define SUGGEST_DOOR_H

#include "base/work.h"
#include "panel/panel.h"

struct job;

/*
 * The panel that r asks for. Candidates never are the product itself, its variants or
 * repeats; of several of one product code the best stands for all, unless --codes all.
 * Rows come by source in the order of falling back and by score within it, ties
 * by product number; co-purchase, co-cart and transition are one ranking where a store
 * has purchases or carts, and each row names the strongest of them that it has. Scores of
 * a source are brought below those of the sources before, so they fall down the panel.
 * With --sort every candidate of the sources that fill r->limit rows is sorted (the
 * largest first, "rank" the first, texts A to Z; what has no such value last; a second column
 * orders what is equal in the first, then the panel's own order), and the first r->limit are given.
 *
 * Errors: ERR_USAGE for an unknown sort, ERR_STORE for arrays that are missing,
 * ERR_CANCELLED, under a filter and of a model ERR_NOMEM too. Pure but for the job's flag
 * and live: safe in any thread.
 */
bool suggest(const struct panel_request *r, struct panel *p, struct job *job,
	     struct err *err);
/* reverse_rank and PANEL_ONE_WAY of the rows of p, which suggest gave for r without
 * r->reverse; the pool shares them out. */
bool suggest_back(const struct panel_request *r, struct panel *p, struct work work,
		  struct err *err);
/* Product b's row, with its reverse rank, and 1-based rank among the first r->limit
 * of the panel, in which b stands for its product code; rank 0 when it isn't there (row is
 * left alone). */
bool suggest_find(const struct panel_request *r, uint32_t b, struct panel_row *row,
		  unsigned *rank, struct job *job, struct err *err);

/* What a panel can be sorted by besides attributes of its products, as columns are called; then
 * NULL. The first is the panel's own order. */
extern const char *const suggest_sorts[];
/* Those of them that are about the product. */
extern const char *const *const suggest_product_sorts;
/* It can be by that name or, where c isn't NULL, an attribute of its products; *up: names A to
 * Z, the least first, unless it is turned. */
bool suggest_sorts_by(const struct catalog *c, struct str name, bool *up);

#endif
