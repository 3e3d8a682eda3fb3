/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shell: what the explorer in lines (plain.c) has in common with it. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "cmd/cmd.h"

struct front;

/* aisle shell: fits cmd_env.shell. With front.plain its words come first. */
bool shell_run(void *front, const char *store, const struct args *a, struct err *err);
/* As `set` does it. */
void shell_set_default(struct front *f, enum opt_id o, struct str value);
/* What was set, for a command that doesn't say otherwise. */
void shell_settings(const struct front *f, struct args *a);

#endif
