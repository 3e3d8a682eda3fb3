/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deciding: verdicts under keys, and those that others give meanwhile. */
#ifndef TUI_DECIDING_H
#define TUI_DECIDING_H

#include "base/str.h"

struct explorer;
struct aside;
struct pane;
struct verdicts;

struct deciding {
	struct verdicts *verdicts;	/* NULL: nobody has decided here yet */
	struct strbuf who;		/* --as, or the login name */
	struct aside *aside;		/* of a kiosk, whose decisions go with it */
	struct aside *notes;		/* the same of notes */
	uint64_t last;			/* seq of the newest decision of this run, 0: none */
	struct strbuf reasons;		/* NAME,NAME: a person's short list */
	/* The row that a sheet shall come back to. */
	bool returns;
	uint32_t product, with;
	uint64_t row, top;
};

void deciding_start(struct explorer *e, struct str who);
void deciding_finish(struct deciding *d);
/* A sheet came back: to the row that was aimed at. */
void deciding_return(struct explorer *e, struct pane *p);
/* The reason that was typed. */
void deciding_reason(struct explorer *e, struct str reason);
/* Someone wrote to the store's decisions: what is shown follows. */
void deciding_watch(struct explorer *e);

#endif
