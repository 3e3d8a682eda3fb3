/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are read one by one; the id before the first separator is looked up in the store. */
#include "config.h"

#include "eval/cut_files.h"

#include <stdlib.h>
#include <string.h>

#include "ask/pseudonym.h"
#include "base/lines.h"
#include "base/mem.h"

struct reading {
	const struct store *store;
	const char *path;
	uint8_t *side;
	enum split_side mark;
	uint64_t known, unknown;
};

static struct str first_field(struct str line)
{
	size_t n = 0;

	while (n < line.len && !strchr("\t,;", line.ptr[n]))
		n++;
	line = str_trim(str_span(line.ptr, n));
	if (line.len >= 2 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"')
		line = str_span(line.ptr + 1, line.len - 2);
	return line;
}

static bool take_line(void *ctx, struct str line, uint64_t number, struct err *err)
{
	struct reading *g = ctx;
	struct str id = first_field(str_trim(line));
	uint32_t s;

	if (!id.len)
		return true;
	s = pseudonym_find_session(g->store, id);
	if (s == CATALOG_NONE) {
		g->unknown++;
		return true;
	}
	g->known++;
	if (g->side[s] != SIDE_NONE && g->side[s] != g->mark)
		return err_fail(err, ERR_NO, "%s:%ju: session '%.*s' is named by --train too: "
				"what is asked must not be learnt from", g->path,
				(uintmax_t)number, STR_ARG(id));
	g->side[s] = (uint8_t)g->mark;
	return true;
}

static bool read_file(struct reading *g, struct err *err)
{
	g->known = 0;
	if (!lines_read(g->path, take_line, g, err))
		return false;
	return g->known || err_fail(err, ERR_NO, "the store knows no session of %s: each line "
				    "begins with the id of one", g->path);
}

bool cut_files_read(uint8_t **side, const struct store *s, const struct cut_files *f,
		    uint64_t *unknown, struct err *err)
{
	const struct catalog *c = store_catalog(s);
	struct reading g = {.store = s};
	bool ok;

	if (!c->session_id.offsets)
		return err_fail(err, ERR_NO, "the store keeps no session ids that --train and "
				"--test could name");
	g.side = mem_big(c->n_sessions, 1, "sessions", err);
	if (!g.side)
		return false;
	g.path = f->train;
	g.mark = SIDE_TRAIN;
	ok = !f->train || read_file(&g, err);
	g.path = f->test;
	g.mark = SIDE_TEST;
	ok = ok && read_file(&g, err);
	for (uint32_t i = 0; ok && !f->train && i < c->n_sessions; i++)
		g.side[i] = g.side[i] == SIDE_NONE ? SIDE_TRAIN : g.side[i];
	if (!ok) {
		free(g.side);
		return false;
	}
	*side = g.side;
	*unknown = g.unknown;
	return true;
}
