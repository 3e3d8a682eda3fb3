/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain text is wrapped at 78 columns here; roff is left to whoever formats it. */
#include "config.h"

#include "cmd/leaf.h"

#include "base/out.h"
#include "base/str.h"

#define HELP_COLUMNS 78

/* Roff takes a backslash, a leading dot or quote and a hyphen for its own. */
void leaf_text(const struct leaf *p, const char *text)
{
	for (const char *s = text; *s; s++) {
		if (!p->roff)
			out_addc(p->out, *s);
		else if (*s == '\\')
			out_add(p->out, STR("\\e"));
		else if (*s == '-')
			out_add(p->out, STR("\\-"));
		else if ((*s == '.' || *s == '\'') && s == text)
			out_addf(p->out, "\\&%c", *s);
		else
			out_addc(p->out, *s);
	}
}

static void wrap(const struct leaf *p, const char *text, unsigned indent)
{
	unsigned column = 0;
	while (*text) {
		size_t n = strcspn(text, " \n");
		if (column && column + 1 + n > HELP_COLUMNS) {
			out_addc(p->out, '\n');
			column = 0;
		}
		if (!column)
			out_addf(p->out, "%*s", (int)indent, "");
		else
			out_addc(p->out, ' ');
		out_add(p->out, str_span(text, n));
		column = (column ? column + 1 : indent) + (unsigned)n;
		text += n;
		text += strspn(text, " \n");
	}
	out_addc(p->out, '\n');
}

void leaf_paragraph(const struct leaf *p, const char *text, unsigned indent)
{
	if (!text[0])
		return;
	if (p->roff) {
		leaf_text(p, text);
		out_addc(p->out, '\n');
	} else {
		wrap(p, text, indent);
	}
}

void leaf_heading(const struct leaf *p, const char *title)
{
	STRBUF(name);

	if (!p->roff) {
		out_addf(p->out, "\n%s:\n", title);
	} else if (p->nested) {
		out_addf(p->out, ".PP\n%s:\n", title);
	} else {
		for (const char *s = title; *s; s++)
			strbuf_addc(&name, *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s);
		out_addf(p->out, ".SH %s\n", strbuf_c(&name));
	}
}

/* A name and what it means. */
void leaf_entry(const struct leaf *p, const char *name, const char *text)
{
	if (p->roff) {
		out_add(p->out, STR(".TP\n.B "));
		leaf_text(p, name);
		out_addc(p->out, '\n');
	} else {
		out_addf(p->out, "  %s\n", name);
	}
	leaf_paragraph(p, text, 6);
}

void leaf_topic(void *ctx, const char *name, const char *text)
{
	leaf_entry(ctx, name, text);
}
