/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load_edges: `import edges`: graphs of products become a store. */
#ifndef CMD_LOAD_EDGES_H
#define CMD_LOAD_EDGES_H

#include "base/err.h"

struct args;
struct cmd_env;

bool load_edges(struct cmd_env *env, const struct args *a, struct err *err);

#endif
