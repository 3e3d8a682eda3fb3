/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An asciicast is a line of JSON per piece of output; bytes that end within a character wait for
 * the next piece. */
#include "config.h"

#include "tui/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/utf8.h"
#include "tui/picture.h"
#include "tui/term.h"

struct record {
	struct out *out;
	struct picture *picture;	/* NULL: an asciicast */
	struct strbuf rest;		/* bytes that a character is still short of */
	double now;			/* s */
};

/* A player's terminal would answer these to whoever sits at it, or send its mouse. */
static const char *const questions[] = {"\033[5n", "\033]11;?\033\\", "\033[?1006;1000h",
					"\033[?2004h", TERM_WHERE};

static bool ends(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.len > n && memcmp(s.ptr + s.len - n, with, n) == 0;
}

bool record_named(const char *path, struct err *err)
{
	struct str name = str_from(path);

	if (ends(name, ".svg") || ends(name, ".cast"))
		return true;
	return err_fail(err, ERR_USAGE, "--record %s: the name must end with .cast "
			"(asciicast v2) or .svg (a picture that moves)", path);
}

bool record_open(struct record **out, const char *path, struct err *err)
{
	SCOPED(record) r = mem_zalloc(sizeof *r);
	bool svg = ends(str_from(path), ".svg");

	if (!record_named(path, err))
		return false;
	r->out = out_file(path, err);
	if (!r->out)
		return false;
	if (svg)
		r->picture = picture_create(RECORD_ROWS, RECORD_COLS);
	else
		out_addf(r->out, "{\"version\": 2, \"width\": %d, \"height\": %d, "
			 "\"title\": \"aisle\", \"env\": {\"TERM\": \"xterm-256color\"}}\n",
			 RECORD_COLS, RECORD_ROWS);
	*out = r;
	r = NULL;
	return true;
}

void record_destroy(struct record *r)
{
	if (!r)
		return;
	picture_destroy(r->picture);
	out_destroy(r->out);
	strbuf_finish(&r->rest);
	free(r);
}

/* How many of the last bytes begin a character that isn't whole. */
static size_t unfinished(struct str s)
{
	for (size_t back = 1; back < 4 && back <= s.len; back++) {
		unsigned char c = (unsigned char)s.ptr[s.len - back];
		size_t need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if (need > 1)
			return need > back ? back : 0;
		if (c < 0x80)
			return 0;
	}
	return 0;
}

static void add_json(struct out *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '"' || c == '\\')
			out_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			out_addf(out, "\\u%04x", c);
		else
			out_addc(out, (char)c);
	}
}

void record_heard(void *ctx, struct str bytes)
{
	struct record *r = ctx;
	STRBUF(b);
	struct str s;
	size_t later;

	if (r->picture)
		return;
	strbuf_add(&r->rest, bytes);
	for (size_t i = 0; i < r->rest.len;) {
		size_t skip = 0;

		for (size_t q = 0; q < sizeof questions / sizeof *questions; q++)
			if (str_starts(str_span(r->rest.ptr + i, r->rest.len - i),
				       str_from(questions[q])))
				skip = strlen(questions[q]);
		if (!skip)
			strbuf_addc(&b, r->rest.ptr[i]);
		i += skip ? skip : 1;
	}
	later = unfinished(strbuf_str(&b));
	s = str_span(b.ptr, b.len - later);
	strbuf_reset(&r->rest);
	strbuf_add(&r->rest, str_span(b.ptr + s.len, later));
	if (!s.len)
		return;
	out_addf(r->out, "[%.6f, \"o\", \"", r->now);
	add_json(r->out, s);
	out_add(r->out, STR("\"]\n"));
}

void record_seen(struct record *r, double seconds)
{
	assert(seconds >= 0);
	if (r->picture)
		picture_take(r->picture, r->now, seconds);
	r->now += seconds;
}

bool record_close(struct record *r, struct err *err)
{
	if (r->picture)
		picture_write(r->picture, r->out);
	else		/* a moment of quiet, for players that repeat */
		out_addf(r->out, "[%.6f, \"o\", \"\"]\n", r->now);
	return out_close(r->out, err);
}
