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
	PROMPT_ERASED,	/* cancelled by Backspace in front of nothing */
};

/* readline knows one line at a time, so there is one prompt. Each of the kinds : / & > !
 * (commands, what is looked for, filters, files, reasons) has a history of its own, kept in
 * the person's state folder. completer may be NULL; it stays the caller's. */
void prompt_open(char kind, const struct prompt_completer *completer);
/* Text to begin with, the cursor at a byte of it. */
void prompt_put(struct str text, size_t cursor);
/* A line above it until the next key: what is wrong. */
void prompt_say(const char *text);
/* From now on no history is read nor written (a kiosk). */
void prompt_private(void);
bool prompt_is_open(void);
char prompt_kind(void);		/* of the one that was opened last, or 0 */
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
