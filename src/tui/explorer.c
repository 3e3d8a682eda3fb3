/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/explorer.h"

#include "base/err.h"

bool explorer_run(struct cmd_env *env, const char *store, const struct args *a,
		  struct err *err)
{
	return err_fail(err, ERR_USAGE,
			"the explorer is being built: try `aisle show products %s`",
			store);
}
