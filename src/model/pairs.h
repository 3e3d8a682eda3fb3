/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pairs: how often products follow or join each other, counted for models. */
#ifndef MODEL_PAIRS_H
#define MODEL_PAIRS_H

#include "base/work.h"
#include "model/lesson.h"
#include "model/model.h"
#include "model/sequences.h"

enum pairs_way {
	PAIRS_SET,	/* once per sequence that holds both */
	PAIRS_ADJACENT,	/* one step apart */
	PAIRS_WINDOW,	/* up to `window` steps apart */
};

struct pairs_ask {
	enum pairs_way way;
	bool symmetric;		/* else from the earlier to the later; PAIRS_SET: b comes
				   somewhere after the first a */
	bool inverse;		/* a pair g steps apart counts 1/g, not 1 */
	double next;		/* or, above 0, next^(g - 1) */
	double back;		/* and from the later to the earlier this much of it; 0: 1 */
	unsigned window;
	const float *weight;	/* (sequences) NULL: all 1 */
	double least;		/* pairs that were counted less are left out */
};

/*
 * Counts as arrays of the sink: "pairs/offsets" U64 (P + 1), "pairs/column" U32
 * ascending in a row and "pairs/value" F32: n(a -> b). "from", "to" F32 (P) and "total"
 * F64 (1): sequences that hold the product and all sequences for PAIRS_SET, else sums of
 * rows, of columns and of all before pairs were left out. No product is paired with
 * itself. The same for any number of threads.
 */
bool pairs_count(struct sink *s, const struct sequences *q, const struct pairs_ask *ask,
		 struct work work, struct err *err);

/* Has the store no sessions, but pairs that were counted elsewhere? */
bool pairs_elsewhere(const struct catalog *c);
/*
 * In such a store: what pairs_count would fill the sink with, of one kind of event (a bit):
 * PAIRS_ADJACENT of views, PAIRS_SET where it is symmetric. ERR_NO says so of any other; the
 * question has no weights.
 */
bool pairs_given(struct sink *s, const struct lesson *l, unsigned kinds,
		 const struct pairs_ask *ask, struct err *err);

/* The counts of a trained model, bound. */
struct pairs {
	const uint64_t *offsets;
	const uint32_t *column;
	const float *value, *from, *to;
	double total;
	uint64_t n;
	uint32_t n_products;
};
bool pairs_bind(struct pairs *p, const struct model *m, struct err *err);
/* Functions of a model class: its state is such pairs. */
bool pairs_open(struct model *m, struct err *err);
void pairs_close(struct model *m);
/* The entries [*from, *end) of row a. Opening a file doesn't read all of it: a row that is
 * damaged has none, and false is returned. A column may still be n_products or more. */
bool pairs_row(const struct pairs *p, uint32_t a, uint64_t *from, uint64_t *end);
/* n(a -> b), 0 when there is none. */
float pairs_value(const struct pairs *p, uint32_t a, uint32_t b);

/* weight (q->n) = 2^(-age / half_life): age in days from the start of a sequence to the
 * catalog's last event. ERR_USAGE when the catalog has no times. */
bool pairs_decay(float *weight, const struct sequences *q, const struct catalog *c,
		 double half_life, struct err *err);

#endif
