/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blend_fit: weights of a blend's parts by what sessions that they never saw went on to. */
#ifndef MODEL_BLEND_FIT_H
#define MODEL_BLEND_FIT_H

#include "base/work.h"
#include "model/model.h"
#include "model/sequences.h"

/* The parts, each asked alone. */
struct blend_parts {
	/* What part i says, weighing 1: -INFINITY is nothing. */
	bool (*say)(void *ctx, size_t part, const struct history *h, struct scoring out,
		    struct err *err);
	void *ctx;
	size_t n;
	uint32_t products;
	double scale;		/* brings what they say to about 0..1 */
	bool pairs;		/* asked by one product: what is bought along */
};

/*
 * Sessions of the latest tenth, by the event that they begin with: held (n_sessions) is 1 for
 * them and in (n_events) 0 for their events. Where there are no times: every tenth session.
 * ERR_NOMEM.
 */
bool blend_hold(const struct catalog *c, uint8_t *held, uint8_t *in, struct err *err);

/*
 * weight (n), above 0 as candidates: then those with the greatest NDCG of one product of each
 * held sequence among the 50 best of each part, asked by the products before it; found by
 * changing one weight after the other, so that a better set may be missed. The greatest is 1.
 * ERR_NO where no part knows any of them. Parts are asked from several threads at a time.
 */
struct blend_cases {
	const struct sequences *q;
	const uint8_t *held;	/* (n_sessions) */
};
bool blend_fit(const struct blend_parts *p, const struct blend_cases *cases, double *weight,
	       struct work work, struct err *err);

#endif
