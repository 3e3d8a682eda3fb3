/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unfinished: how far a training got that was stopped, kept in the store's folder as
 * "unfinished-NAME" until the model of that name is published.
 */
#ifndef STORE_UNFINISHED_H
#define STORE_UNFINISHED_H

#include <stdbool.h>

#include "base/str.h"

struct unfinished {
	const char *folder;	/* of the store */
	const char *name;	/* of the model */
	double last, took;	/* when it was kept last and how long that took, s */
	unsigned kept;		/* how often */
	bool always;		/* keep it whenever that can be, not when it costs little */
};

/* Both texts must outlive it. */
void unfinished_init(struct unfinished *u, const char *folder, const char *name);
/* So long after the last time that keeping it now costs little, or always. u may be NULL:
 * never. */
bool unfinished_due(const struct unfinished *u);
/* Keep the state of a training that the key tells from all others, in place of what was kept
 * before. Where that can't be written nothing is kept: the training is what matters. */
void unfinished_keep(struct unfinished *u, struct str key, struct str state);
/* The state that was kept under that key, whole; false: there is none. u may be NULL. */
bool unfinished_find(const struct unfinished *u, struct str key, struct strbuf *state);
void unfinished_remove(const struct unfinished *u);

#endif
