/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tour: the explorer plays keys by itself and says what is seen. */
#ifndef TUI_TOUR_H
#define TUI_TOUR_H

#include <stdbool.h>
#include <stdint.h>

struct catalog;
struct strbuf;

#define TOUR_PACE 1.0	/* s that a second of the story takes */
#define TOUR_AGAIN 180	/* such seconds without a key: it begins again */

struct tour {
	bool on, paused;
	unsigned step;		/* the one that is seen */
	double pace;		/* INFINITY: a key leads to the next step */
	double due;		/* when the next one is */
	double again;		/* when it is over: when it begins again; 0: there was none */
};

void tour_start(struct tour *t, double pace, double now);
/* The product whose story it tells: the most viewed one that was seen and bought with several
 * others often enough; CATALOG_NONE: there is none, any will do. */
uint32_t tour_product(const struct catalog *cat);
/* The keys of the next step, as a terminal sends them; NULL: that was the last one. */
const char *tour_step(struct tour *t, double now);
/* How long the step that is seen now is seen, in seconds of the story. */
double tour_seconds(const struct tour *t);
/* What a key wants that a person types: Space takes the next step, q leaves, others pause
 * and continue. */
enum tour_wish {
	TOUR_STAY,
	TOUR_STEP,
	TOUR_QUIT,
};
enum tour_wish tour_press(struct tour *t, uint32_t key, double now);
/* It is over and someone presses keys: there is time again. */
void tour_idle(struct tour *t, double now);
/* Seconds until a step is due, or until it begins again; INFINITY: none will be. busy: what
 * the last one asked for is still to be seen. */
double tour_wait(const struct tour *t, bool busy, double now);
/* "3 of 17  j  ...": its keys and what they show. */
void tour_caption(const struct tour *t, struct strbuf *b);

#endif
