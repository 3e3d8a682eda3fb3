/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load_verdicts: `aisle import verdicts FILE --into STORE`. */
#ifndef CMD_LOAD_VERDICTS_H
#define CMD_LOAD_VERDICTS_H

#include "base/err.h"

struct args;
struct cmd_env;

/* Add the decisions of a file that `aisle export verdicts` wrote, whoever made them. Those
 * that are there already stay as they are; products needn't be in the store (yet). */
bool load_verdicts(struct cmd_env *env, const struct args *a, struct err *err);

#endif
