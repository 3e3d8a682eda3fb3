/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load_counts: `aisle import counts DIR --into STORE`. */
#ifndef CMD_LOAD_COUNTS_H
#define CMD_LOAD_COUNTS_H

#include "base/err.h"

struct args;
struct cmd_env;

/* Read the bundle, write its catalog and counts, publish; the old store stays when
 * anything fails. */
bool load_counts(struct cmd_env *env, const struct args *a, struct err *err);

#endif
