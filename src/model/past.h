/* SPDX-License-Identifier: GPL-3.0-or-later */
/* past: what someone did before a moment, each product once. */
#ifndef MODEL_PAST_H
#define MODEL_PAST_H

#include "store/catalog.h"

#define PAST_MAX 1000	/* products; older ones are forgotten */

/* The product touched longest ago first. Released by past_finish; zeroed: nothing. */
struct past {
	uint32_t *product;	/* (n) distinct */
	float *age;		/* (n) days from its last event to the moment; >= 0 */
	uint8_t *kind;		/* (n) the strongest of its events (enum event_kind) */
	uint16_t *times;	/* (n) events of that kind */
	unsigned n, cap;
	unsigned page;		/* the last so many are looked at now: a page, or a cart */
};

/* How much an event tells: view 1, rating and cart 2, purchase 3; a removal nothing. */
unsigned past_strength(uint8_t kind);
/* The kind that shows that someone has a thing: the strongest that the store has. */
uint8_t past_had(const struct catalog *c);
/* The user's events before `moment` (ms). c needs event_time, user_offsets, user_session. */
void past_read(struct past *p, const struct catalog *c, uint32_t user, int64_t moment);
/* One more, later than all others; one that is there moves to the end. */
void past_add(struct past *p, uint32_t product, float age, uint8_t kind);
/* The (n) products of a page or a cart, later than all others; what was done with them before
 * stays known. */
void past_look(struct past *p, const uint32_t *page, unsigned n);
void past_finish(struct past *p);

#endif
