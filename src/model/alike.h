/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alike: users, what they have, and whose past is like someone's. */
#ifndef MODEL_ALIKE_H
#define MODEL_ALIKE_H

#include "model/model.h"
#include "model/past.h"

#define ALIKE_LATEST 50	/* products of a user that are learnt from */

struct alike {
	uint32_t n_products, n_users;
	const uint64_t *user_offsets;	/* (users + 1) distinct products of each */
	const uint32_t *user_product;	/* the latest first */
	const uint64_t *buyer_offsets;	/* (P + 2) users of each */
	const uint32_t *buyer;
	const float *text;		/* (P, dim) of length 1 or zeros; NULL: none */
	unsigned dim;			/* <= 256 */
	const float *user_vector;	/* (users, dim) of length 1 or zeros; NULL */
};

/* "facts/text" F32: vectors (products, dim) on at most 128 principal axes, each row of length 1
 * or zeros. */
bool alike_texts(const struct lesson *l, const struct vectors *v, struct err *err);
/* a's products and texts, if m has some; the users stay. */
bool alike_bind_texts(struct alike *a, const struct model *m, struct err *err);
/*
 * What users did before `moment` (ms; any time where the log has none): "learnt/user-offsets",
 * "learnt/user-product", "learnt/buyer-offsets", "learnt/buyer", and, where texts has some,
 * "learnt/user-vector": the mean of a user's products. ERR_NO where no user did anything or
 * the store knows none; ERR_NOMEM, ERR_CANCELLED.
 */
bool alike_learn(const struct lesson *l, const struct alike *texts, int64_t moment,
		 struct err *err);
/* The users; a's texts are bound before. */
bool alike_bind_users(struct alike *a, const struct model *m, struct err *err);

/* How near two pasts are, 0..1. */
enum alike_by {
	ALIKE_TEXT,	/* the cosine of the means of their texts, where there are vectors */
	ALIKE_OVERLAP,	/* |both| / sqrt(|a| |b|) of their products */
};
struct alike_ask {
	const struct past *past;
	enum alike_by by;
	unsigned nearest;
	uint32_t except;	/* a user who doesn't count, or CATALOG_NONE */
	bool news;		/* only users who have something that the past has not */
};
/* Pasts, and where what is found for each goes. */
struct alike_pasts {
	const struct past *past;	/* (n) */
	unsigned n;
	struct hit *hits;		/* (n, 2 nearest + 1) */
	unsigned *found;		/* (n) */
};
/* hits (2 nearest + 1) gets the nearest users, the best first; returns how many. ids are
 * users, scores how near. ERR_NOMEM. */
bool alike_users(const struct alike *a, const struct alike_ask *ask, struct hit *hits,
		 unsigned *n, struct err *err);
/* The same for several pasts (ask->past isn't read): users are read once for all. */
bool alike_users_many(const struct alike *a, const struct alike_ask *ask,
		      const struct alike_pasts *of, struct err *err);
/* Sums of products, and which of them have one. */
struct sums {
	float *sum;	/* (P) */
	uint32_t *at;	/* (n) of (P): those with a sum, in the order of their first; NULL: nobody
			   asks */
	uint32_t n;
};
/* What isn't above 0 adds nothing. */
static inline void sums_add(struct sums *s, uint32_t p, float x)
{
	if (!(x > 0))
		return;
	if (s->at && !(s->sum[p] > 0))
		s->at[s->n++] = p;
	s->sum[p] += x;
}

/* sum += score^4 of each of the users (n) for each of their products, so that the nearest few
 * speak. */
void alike_add(const struct alike *a, const struct hit *users, unsigned n, struct sums *sum);
/* Products of the user that the past has too. */
unsigned alike_both(const struct alike *a, const struct past *past, uint32_t user);

#endif
