/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are read one by one and their ids looked up in the store. */
#include "config.h"

#include "ask/idlist.h"

#include <stdlib.h>

#include "base/lines.h"
#include "base/mem.h"
#include "base/time.h"

struct reading {
	const struct store *store;
	const char *path;
	uint64_t line;
	unsigned known, unknown;
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
		return err_fail(err, ERR_FORMAT, "%s:%ju: '%.*s' is no kind of event (view, cart, "
				"purchase)", g->path, (uintmax_t)g->line, STR_ARG(word));
	if (str_next(&rest, '\t', &word) && !time_parse(str_trim(word), &time) &&
	    !time_parse_date(str_trim(word), &time))
		return err_fail(err, ERR_FORMAT, "%s:%ju: '%.*s' is no time, as "
				"2019-10-01T12:00:00Z", g->path, (uintmax_t)g->line,
				STR_ARG(word));
	past_add(g->past, product, time < c->last_time ?
		 (float)((double)(c->last_time - time) / TIME_DAY) : 0, kind);
	return true;
}

static bool take_line(void *ctx, struct str line, uint64_t number, struct err *err)
{
	struct reading *g = ctx;
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
	g->line = number;
	if (g->past)
		return take_past(g, product, line, err);
	g->bits[product / 64] |= UINT64_C(1) << product % 64;
	return true;
}

static bool read_lines(struct reading *g, struct err *err)
{
	if (!lines_read(g->path, take_line, g, err))
		return false;
	return g->known || err_fail(err, ERR_NO, "the store knows no product of %s", g->path);
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
