/* SPDX-License-Identifier: GPL-3.0-or-later */
/* typed_line: a typed line in words, for parsing and completion. */
#ifndef CMD_TYPED_LINE_H
#define CMD_TYPED_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct line_word {
	size_t start;	/* byte of the line where it begins, quotes included */
	size_t len;
	char *text;	/* without quotes and escapes */
};

struct line {
	struct line_word *word;
	unsigned n, cap;
	bool in_word;		/* the line ends in or right after its last word */
};

/* The words are there even when it fails because a quote is open. */
bool line_split(struct line *l, struct str text, struct err *err);
void line_finish(struct line *l);

#endif
