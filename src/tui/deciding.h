/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deciding: verdicts under keys, and those that others give meanwhile. */
#ifndef TUI_DECIDING_H
#define TUI_DECIDING_H

#include "base/str.h"

struct explorer;
struct verdicts;

struct deciding {
	struct verdicts *verdicts;	/* NULL: nobody has decided here yet */
	struct strbuf who;		/* --as, or the login name */
	unsigned made;			/* decisions of this run */
};

void deciding_start(struct explorer *e, struct str who);
void deciding_finish(struct deciding *d);
/* Someone wrote to the store's decisions: what is shown follows. */
void deciding_watch(struct explorer *e);

#endif
