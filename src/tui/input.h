/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input: keys of the terminal, one at a time, told apart from its replies. */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scope.h"
#include "base/str.h"

/* A key is a character (control characters as they are), or one of these. */
#define KEY_NONE UINT32_C(0)
#define KEY_IS_ALT UINT32_C(0x01000000)		/* Alt and the character */
#define KEY_IS_CURSES UINT32_C(0x02000000)	/* KEY_UP ... of curses */
#define KEY_ESCAPE UINT32_C(27)
#define KEY_CTRL(c) ((uint32_t)(c) & 31)

struct input;

/* Curses must be started; reads from its terminal without ever drawing. */
struct input *input_create(void);
void input_destroy(struct input *in);
SCOPED_DEFINE(input)

enum input_event {
	INPUT_NOTHING,	/* no more for now */
	INPUT_KEY,
	INPUT_REPLY,	/* the terminal's status (pace.h) */
	INPUT_REPEATS,	/* it repeats characters (term_repeats) */
	INPUT_PASTE,	/* input_paste has the text */
	INPUT_GROUND,	/* the colour of the terminal's ground: input_light */
};
/*
 * `asked`: a status reply is awaited. Then ESC alone may be the start of a
 * reply that a bad link tore apart: it is held back until the reply has come or
 * a second has passed.
 */
enum input_event input_next(struct input *in, bool asked, double now, uint32_t *key);
/* An ESC is held back: call input_next again after that many seconds. */
bool input_held(const struct input *in, double now, double *wait);
/* The ground is a light one. */
bool input_light(const struct input *in);
/* Valid until the next input_next. */
struct str input_paste(const struct input *in);

#endif
