/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sum: "A13 - C1 + oak table": what a search for near products starts from.
 *
 *	sum  = ["-"] term {("+" | "-") term}
 *	term = words | 'text' | "text"
 *
 * A sign stands alone between spaces, since ids may have one inside; words that follow
 * each other are one text. What has a sign or quotes of its own goes into quotes.
 */
#ifndef QUERY_SUM_H
#define QUERY_SUM_H

#include <stdbool.h>

#include "base/str.h"

struct err;

#define SUM_TERMS 32

struct sum_term {
	struct str text;	/* borrowed; an id or a name */
	bool minus;
	unsigned column;	/* characters from 1 */
};

struct sum {
	struct sum_term term[SUM_TERMS];
	unsigned n;		/* >= 1 */
};

/* ERR_USAGE: "column 5: ..." */
bool sum_parse(struct sum *s, struct str text, struct err *err);

#endif
