/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tour: the explorer plays keys by itself and says what is seen. */
#ifndef TUI_TOUR_H
#define TUI_TOUR_H

#include <stdbool.h>
#include <stdint.h>

struct explorer;
struct strbuf;

#define TOUR_PACE 4.0	/* s for a step to be read */

struct tour {
	bool on, paused;
	unsigned step;		/* the one that is seen */
	double pace;		/* s for a step; INFINITY: a key leads to the next */
	double due;		/* when the next one is */
};

void tour_start(struct explorer *e, double pace);
/* A key that a person types: Space takes the next step, q leaves, others pause and
 * continue. */
void tour_key(struct explorer *e, uint32_t key);
/* Take the step that is due, unless something is still being computed. */
void tour_tick(struct explorer *e, double now);
/* Seconds until one is due; INFINITY: none will be. */
double tour_wait(const struct explorer *e, double now);
/* "3 of 17  j  ...": its keys and what they show. */
void tour_caption(const struct explorer *e, struct strbuf *b);
/* The number of steps, for tests. */
unsigned tour_steps(void);

#endif
