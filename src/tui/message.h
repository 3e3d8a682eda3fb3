/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message: the line above the footer, until the next key. */
#ifndef TUI_MESSAGE_H
#define TUI_MESSAGE_H

#include <stdbool.h>

#include "base/str.h"

struct err;
struct explorer;

struct message {
	struct strbuf text;	/* sanitised */
	bool error;
};

void explorer_message(struct explorer *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void explorer_error(struct explorer *e, const struct err *err);

#endif
