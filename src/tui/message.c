/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said to the person at the keys: one line, the newest. */
#include "config.h"

#include "tui/message.h"

#include "base/utf8.h"
#include "tui/state.h"

void explorer_message(struct explorer *e, const char *fmt, ...)
{
	va_list ap;
	STRBUF(b);

	va_start(ap, fmt);
	strbuf_vaddf(&b, fmt, ap);
	va_end(ap);
	strbuf_reset(&e->message.text);
	sanitize(&e->message.text, strbuf_str(&b), SANITIZE_LINE);
	e->message.error = false;
	e->dirty = true;
}

void explorer_error(struct explorer *e, const struct err *err)
{
	explorer_message(e, "%s", err->text);
	e->message.error = true;
}
