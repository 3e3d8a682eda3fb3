/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prompt: one line typed through readline, drawn by curses. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "tui/layout.h"
#include "tui/term.h"

/* Candidates for the word at byte `cursor` of the line, as cmd_complete has them. */
struct prompt_completer {
	void (*complete)(void *ctx, struct str line, size_t cursor, size_t *start,
			 void (*add)(void *add_ctx, struct str word), void *add_ctx);
	void *ctx;
};

enum prompt_result {
	PROMPT_TYPING,	/* prompt_text may have changed */
	PROMPT_DONE,	/* Enter: prompt_text has the line; it is closed */
	PROMPT_CANCELLED,
};

/* readline knows one line at a time, so there is one prompt. Lines of kind ':' are
 * kept in a file of the person's state folder, others as long as the program
 * runs. completer may be NULL; it stays the caller's. */
void prompt_open(char kind, const struct prompt_completer *completer);
bool prompt_is_open(void);
enum prompt_result prompt_key(uint32_t key);
void prompt_paste(struct str text);
/* Valid until the next key. */
struct str prompt_text(void);
void prompt_resize(int rows, int cols);
/* The line, its cursor (to *y, *x) and, above it, the completions found. */
void prompt_draw(const struct term *term, struct rect line, int *y, int *x);
/* Write the history and forget everything. */
void prompt_finish(void);

#endif
