/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record: a tour written to a file: what the terminal would get (asciicast v2), or the cells that
 * one would see (SVG). */
#ifndef TUI_RECORD_H
#define TUI_RECORD_H

#include <stdbool.h>

#include "base/scope.h"
#include "base/str.h"

struct args;
struct cmd_env;
struct err;
struct record;

/* The window of a recording, in cells. */
#define RECORD_ROWS 30
#define RECORD_COLS 100
/* How long the last screen stays, s: in the tour it waits for a person. */
#define RECORD_LAST 12.0

/* Can it be recorded there, as far as the name tells? ERR_USAGE. */
bool record_named(const char *path, struct err *err);
/* path ends with .cast or .svg, else ERR_USAGE; the file appears when record_close succeeds. The
 * clock begins at 0: it is the story's, so that the same screens give the same bytes. */
bool record_open(struct record **r, const char *path, struct err *err);
void record_destroy(struct record *r);
SCOPED_DEFINE(record)
/* Bytes that go to the terminal now; questions to it are left out. */
void record_heard(void *r, struct str bytes);
/* What is on the screen (curses' curscr) is seen for so many seconds from now on. */
void record_seen(struct record *r, double seconds);
bool record_close(struct record *r, struct err *err);

/* Run the explorer's tour in a pseudo terminal that no one sits at and write it to the file that
 * --record names: no terminal is needed. Fits cmd_env.explore. */
bool record_run(struct cmd_env *env, const char *store, const struct args *a, struct err *err);

#endif
