/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines: the lines of a small text file, one after the other. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/*
 * Hand each line, its end included, and its number, from 1, to take, until one fails. path "-" is
 * standard input. The text is take's until it returns. Errors: ERR_IO with the path where it
 * can't be read, and take's own, which names path and number itself.
 */
bool lines_read(const char *path,
		bool (*take)(void *ctx, struct str line, uint64_t number, struct err *err),
		void *ctx, struct err *err);

#endif
