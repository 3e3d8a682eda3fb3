/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain: the explorer in lines, for screen readers and terminals without a cursor. */
#ifndef CLI_PLAIN_H
#define CLI_PLAIN_H

#include <stdbool.h>

#include "base/str.h"

struct args;
struct err;
struct front;
struct plain;

/* aisle explore --plain: fits cmd_env.explore. A prompt where standard input is a
 * terminal, else a script, both as of aisle shell, whose commands it takes too. */
bool plain_run(void *front, const char *store, const struct args *a, struct err *err);

/* For the shell. It has opened the store: say what is there. */
bool plain_begin(struct plain *p, struct err *err);
/* Do the line if it is one of our words, which *taken tells. */
bool plain_line(struct plain *p, struct str line, bool *taken, struct err *err);
/* `show`: its rows are what `open N` counts from now on. */
bool plain_show(struct plain *p, const struct args *a, struct err *err);
/* Another store is about to take the place of the one that is open, or settings
 * changed: nothing of it is kept but ids. */
void plain_forget(struct plain *p);
/* Our words with that prefix. */
void plain_complete(struct str prefix, void (*add)(void *ctx, struct str word), void *ctx);

#endif
