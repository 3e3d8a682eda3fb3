/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leaf: one writer for help as plain text and for manual pages in roff. */
#ifndef CMD_LEAF_H
#define CMD_LEAF_H

#include <stdbool.h>

struct out;

struct leaf {
	struct out *out;
	bool roff;
	bool nested;	/* roff: headings stand inside a section, they open none */
};

/* text, with what roff takes for its own escaped. */
void leaf_text(const struct leaf *p, const char *text);
/* A paragraph, its lines moved in by `indent` columns in plain text; none of "". */
void leaf_paragraph(const struct leaf *p, const char *text, unsigned indent);
void leaf_heading(const struct leaf *p, const char *title);
/* A name and what it means. */
void leaf_entry(const struct leaf *p, const char *name, const char *text);
/* The same, as tables call it; ctx: a const struct leaf. */
void leaf_topic(void *ctx, const char *name, const char *text);

#endif
