/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pace: draw no faster than the terminal can show. After each frame the program
 * asks for the terminal's status (DSR, ESC [ 5 n) and draws the next one when the
 * reply has come, so that a slow link never falls behind the keys. A terminal
 * that doesn't answer the first question is not asked again.
 */
#ifndef TUI_PACE_H
#define TUI_PACE_H

#include <stdbool.h>
#include <stddef.h>

#define PACE_FIRST 1.0		/* s to wait for the first reply */
#define PACE_LOST 2.0		/* s after which a later one counts as lost */
#define PACE_LINE 960.0		/* bytes/s of the slowest line: frames take that long */
#define PACE_LOST_MAX 3		/* lost in a row: give up */
#define PACE_SLOW 0.1		/* s for a frame and back: a link to be spared */
#define PACE_SLOW_MIN 3		/* so many in a row: it is one */
#define PACE_FRAME (1.0 / 60)	/* s between frames without replies */

/* Pure: the clock is the caller's. Zero it, then pace_init. */
struct pace {
	bool asking;		/* frames carry the question */
	bool proven;		/* a reply has come */
	bool waiting;
	unsigned lost;
	double sent;		/* when the last frame was sent */
	double takes;		/* s that it may take on the slowest line */
	double round_trip;	/* s, of the last frames; 0: none was answered */
	double bytes;		/* of the last frames */
	unsigned slow;		/* replies in a row that took PACE_SLOW and longer */
};

void pace_init(struct pace *p);
/* May a frame be drawn now? */
bool pace_ready(struct pace *p, double now);
/* A frame of that many bytes was sent. */
void pace_sent(struct pace *p, double now, size_t bytes);
void pace_reply(struct pace *p, double now);
/* Frames take long to arrive: fewer bytes matter more than smooth scrolling. */
bool pace_slow(const struct pace *p);
/* Seconds until pace_ready changes without a reply. */
double pace_wait(const struct pace *p, double now);

#endif
