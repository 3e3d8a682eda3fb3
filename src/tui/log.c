/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What someone did, as a script: each line is one that aisle shell takes. */
#include "config.h"

#include "base/quote.h"
#include "tui/state.h"

#define LOG_MOST (1u << 20)	/* bytes; the oldest lines give way */

static void forget_oldest(struct strbuf *b)
{
	const char *end = memchr(b->ptr + b->len / 2, '\n', b->len - b->len / 2);
	size_t cut = end ? (size_t)(end - b->ptr) + 1 : b->len;

	memmove(b->ptr, b->ptr + cut, b->len - cut + 1);
	b->len -= cut;
}

void log_add(struct explorer *e, const char *command, struct str value)
{
	strbuf_adds(&e->log, command);
	if (value.ptr) {
		strbuf_addc(&e->log, ' ');
		quote_word(&e->log, value);
	}
	strbuf_addc(&e->log, '\n');
	if (e->log.len > LOG_MOST)
		forget_oldest(&e->log);
}

void log_open(struct explorer *e)
{
	STRBUF(b);

	strbuf_adds(&b, "# aisle shell ");
	quote_word(&b, str_from(e->path));
	strbuf_adds(&b, " takes these lines\n");
	strbuf_add(&b, strbuf_str(&e->log));
	pager_open(&e->pager, STR("Log"), strbuf_str(&b));
}
