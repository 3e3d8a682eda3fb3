/* SPDX-License-Identifier: GPL-3.0-or-later */
/* getline; standard input is read through a copy, so that closing it leaves it open. */
#include "config.h"

#include "base/lines.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"

bool lines_read(const char *path,
		bool (*take)(void *ctx, struct str line, uint64_t number, struct err *err),
		void *ctx, struct err *err)
{
	FILE *f = strcmp(path, "-") == 0 ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "re");
	SCOPED_FREE char *line = NULL;
	uint64_t number = 0;
	size_t cap = 0;
	bool ok = true;
	ssize_t n;

	assert(path && take);
	if (!f)
		return err_errno(err, errno, "can't read %s", path);
	while (ok && (n = getline(&line, &cap, f)) >= 0)
		ok = take(ctx, str_span(line, (size_t)n), ++number, err);
	if (ok && ferror(f))
		ok = err_errno(err, errno, "can't read %s", path);
	fclose(f);
	return ok;
}
