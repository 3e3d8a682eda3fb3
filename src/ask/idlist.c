/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are read one by one and their ids looked up in the store. */
#include "config.h"

#include "ask/idlist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/time.h"

struct reading {
	const struct store *store;
	const char *path;
	unsigned line, known, unknown;
	struct past *past;	/* one of the two */
	uint64_t *bits;
};

static bool parse_kind(struct str text, uint8_t *kind)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (str_is(text, event_kind_name(k)) && past_strength((uint8_t)k)) {
			*kind = (uint8_t)k;
			return true;
		}
	return false;
}

static bool take_past(struct reading *g, uint32_t product, struct str rest, struct err *err)
{
	const struct catalog *c = store_catalog(g->store);
	struct str word;
	uint8_t kind = past_had(c);
	int64_t time = c->last_time;

	if (str_next(&rest, '\t', &word) && !parse_kind(str_trim(word), &kind))
		return err_fail(err, ERR_FORMAT, "%s:%u: '%.*s' is no kind of event (view, cart, "
				"purchase)", g->path, g->line, STR_ARG(word));
	if (str_next(&rest, '\t', &word) && !time_parse(str_trim(word), &time) &&
	    !time_parse_date(str_trim(word), &time))
		return err_fail(err, ERR_FORMAT, "%s:%u: '%.*s' is no time, as "
				"2019-10-01T12:00:00Z", g->path, g->line, STR_ARG(word));
	past_add(g->past, product, time < c->last_time ?
		 (float)((double)(c->last_time - time) / TIME_DAY) : 0, kind);
	return true;
}

static bool take_line(struct reading *g, struct str line, struct err *err)
{
	struct str id;
	uint32_t product;

	line = str_trim(line);
	if (!line.len || line.ptr[0] == '#' || !str_next(&line, '\t', &id))
		return true;
	product = store_find(g->store, "product", str_trim(id));
	if (product >= store_catalog(g->store)->n_products) {
		g->unknown++;
		return true;
	}
	g->known++;
	if (g->past)
		return take_past(g, product, line, err);
	g->bits[product / 64] |= UINT64_C(1) << product % 64;
	return true;
}

static bool read_lines(struct reading *g, struct err *err)
{
	bool standard = strcmp(g->path, "-") == 0, ok = true;
	FILE *f = standard ? fdopen(dup(STDIN_FILENO), "r") : fopen(g->path, "re");
	SCOPED_FREE char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f)
		return err_errno(err, errno, "can't read %s", g->path);
	while (ok && (n = getline(&line, &cap, f)) >= 0) {
		g->line++;
		ok = take_line(g, str_span(line, (size_t)n), err);
	}
	if (ok && ferror(f))
		ok = err_errno(err, errno, "can't read %s", g->path);
	fclose(f);
	if (ok && !g->known)
		return err_fail(err, ERR_NO, "the store knows no product of %s", g->path);
	return ok;
}

bool idlist_past(struct past *p, const struct store *s, const char *path, unsigned *unknown,
		 struct err *err)
{
	struct past past = {0};
	struct reading g = {.store = s, .path = path, .past = &past};

	if (!read_lines(&g, err)) {
		past_finish(&past);
		return false;
	}
	*p = past;
	*unknown = g.unknown;
	return true;
}

bool idlist_set(uint64_t **bits, const struct store *s, const char *path, unsigned *unknown,
		struct err *err)
{
	struct reading g = {.store = s, .path = path};

	g.bits = mem_big(store_catalog(s)->n_products / 64 + 1, sizeof *g.bits, "products", err);
	if (!g.bits || !read_lines(&g, err)) {
		free(g.bits);
		return false;
	}
	*bits = g.bits;
	*unknown = g.unknown;
	return true;
}
