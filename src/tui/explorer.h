/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explorer: walk through a store in a terminal. */
#ifndef TUI_EXPLORER_H
#define TUI_EXPLORER_H

#include <stdbool.h>

struct args;
struct cmd_env;
struct err;

/*
 * Open the store and show it until the person leaves. Needs a terminal with
 * cursor addressing; without one ERR_USAGE says which command prints the same.
 * A hang-up ends it quietly (true). SIGTERM and SIGINT restore the terminal and
 * then end the process by that signal. Fits cmd_env.explore.
 */
bool explorer_run(struct cmd_env *env, const char *store, const struct args *a,
		  struct err *err);

#endif
