/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replaying: evaluate --task verdicts: how rankings hold decisions, printed. */
#ifndef CMD_REPLAYING_H
#define CMD_REPLAYING_H

#include "cmd/cmd.h"

struct store;

/* Both panels, each by itself and by the models that the operands behind the store name, else by
 * all trained ones. Errors: ERR_NO where nothing was decided, those of replay and model_open. */
bool replaying(struct cmd_env *env, const struct store *s, const struct args *a,
	       struct err *err);

#endif
