/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shopper: draws the sessions of a synthetic shop.
 *
 * A session is either aimless (products by popularity or by chance) or has an
 * aim: things that can replace each other are viewed, one goes into the cart
 * and is bought along with things from its partner groups. Aimed sessions too
 * stray now and then.
 */
#ifndef SYNTH_SHOPPER_H
#define SYNTH_SHOPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct synth;

struct shopper_event {
	uint64_t session;
	uint32_t time;		/* seconds from synth->start */
	uint32_t product, user;
	uint8_t kind;		/* enum event_kind */
	bool cancels;		/* takes the purchase back */
	bool noise;		/* its product was drawn regardless of any aim */
};

struct shopper_events {
	struct shopper_event *items;
	size_t n, cap;
};

/* Append the events of sessions [first, end), one session after the other, each
 * in order of time. Depends on the shop and `block` alone; from several threads
 * at once. */
void shopper_draw(const struct synth *s, uint64_t block, uint64_t first, uint64_t end,
		  struct shopper_events *out);

#endif
