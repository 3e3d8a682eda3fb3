/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Record by record, in the order of the file: an empty field of the columns that are filled
 * becomes that of the record before if both are of one order (its column says so, or is
 * empty, too). Fields are kept as they are written, quotes included.
 */
#include "config.h"

#include "data/fill.h"

#include <limits.h>
#include <strings.h>

#include "base/mem.h"
#include "base/num.h"
#include "data/record_split.h"

struct fill {
	const struct form *form;
	struct split_limits limits;
	struct strbuf in, out;
	size_t given;		/* of out */
	bool begun;		/* the header is known */
	unsigned n;		/* columns */
	unsigned order, at[FORM_FILLS];	/* UINT_MAX: there is none of that name */
	struct strbuf last_order, last[FORM_FILLS];
};

struct fill *fill_create(const struct form *f)
{
	struct fill *fill = mem_zalloc(sizeof *fill);

	fill->form = f;
	fill->limits = split_limits_default(1);
	fill->limits.no_quotes = !f->quote;
	fill->limits.quote = f->quote;
	return fill;
}

void fill_destroy(struct fill *fill)
{
	if (!fill)
		return;
	strbuf_finish(&fill->in);
	strbuf_finish(&fill->out);
	strbuf_finish(&fill->last_order);
	for (unsigned i = 0; i < FORM_FILLS; i++)
		strbuf_finish(&fill->last[i]);
	free(fill);
}

/* The fields of a record as they are written; at most `most`. */
static unsigned cut(const struct fill *fill, struct str s, struct str *field, unsigned most)
{
	char quote = fill->form->quote, sep = fill->form->separator;
	size_t from = 0;
	unsigned n = 0;

	while (n < most) {
		size_t at = from;
		bool inside = false;

		for (; at < s.len && (inside || s.ptr[at] != sep); at++)
			inside ^= quote && s.ptr[at] == quote;
		field[n++] = str_span(s.ptr + from, at - from);
		if (at >= s.len)
			break;
		from = at + 1;
	}
	return n;
}

static struct str bare(const struct fill *fill, struct str s)
{
	s = str_trim(s);
	if (s.len > 1 && fill->form->quote && s.ptr[0] == fill->form->quote)
		s = str_trim(str_span(s.ptr + 1, s.len - 2));
	return s;
}

static unsigned find(const struct fill *fill, struct strs field, struct str name)
{
	uint64_t number;

	for (unsigned i = 0; i < field.n && fill->form->header; i++) {
		struct str s = bare(fill, field.at[i]);

		if (s.len == name.len && strncasecmp(s.ptr, name.ptr, s.len) == 0)
			return i;
	}
	return num_u64(name, &number) && number >= 1 && number <= field.n
		       ? (unsigned)number - 1
		       : UINT_MAX;
}

static void begin(struct fill *fill, struct str *field, unsigned n)
{
	/* The mark of the encoding is no part of a name. */
	if (str_starts(field[0], STR("\xef\xbb\xbf")))
		field[0] = str_span(field[0].ptr + 3, field[0].len - 3);
	fill->begun = true;
	fill->n = n;
	fill->order = find(fill, (struct strs){field, n}, fill->form->order);
	for (unsigned i = 0; i < fill->form->n_fill; i++)
		fill->at[i] = find(fill, (struct strs){field, n}, fill->form->fill[i]);
}

/* The record with what was filled. */
static void add_record(struct fill *fill, const struct str *field, bool same)
{
	for (unsigned c = 0; c < fill->n; c++) {
		struct str s = field[c];

		for (unsigned i = 0; i < fill->form->n_fill; i++) {
			if (fill->at[i] != c)
				continue;
			if (same && !bare(fill, s).len)
				s = strbuf_str(&fill->last[i]);
			else
				strbuf_reset(&fill->last[i]);
			if (!fill->last[i].len)
				strbuf_add(&fill->last[i], s);
		}
		if (c == fill->order && same)
			s = strbuf_str(&fill->last_order);
		if (c)
			strbuf_addc(&fill->out, fill->form->separator);
		strbuf_add(&fill->out, s);
	}
}

static void take_record(struct fill *fill, struct str record)
{
	struct str field[DATASET_COLUMNS], text = record;
	struct str order;
	unsigned n;
	bool same;

	while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
		text.len--;
	n = text.len ? cut(fill, text, field, DATASET_COLUMNS) : 0;
	if (n && !fill->begun) {
		begin(fill, field, n);
		if (fill->form->header)
			n = 0;
	}
	if (n == 0 || n != fill->n || fill->order == UINT_MAX) {
		strbuf_add(&fill->out, record);
		return;
	}
	order = field[fill->order];
	same = fill->last_order.len &&
	       (!bare(fill, order).len || str_eq(order, strbuf_str(&fill->last_order)));
	add_record(fill, field, same);
	strbuf_add(&fill->out, str_span(text.ptr + text.len, record.len - text.len));
	if (same)
		return;
	strbuf_reset(&fill->last_order);
	strbuf_add(&fill->last_order, order);
}

void fill_take(struct fill *fill, struct str bytes, bool last)
{
	struct str rest;
	size_t used = 0;

	strbuf_add(&fill->in, bytes);
	while (used < fill->in.len) {
		struct split_flaw flaw;
		enum split_result r;
		size_t len;

		rest = str_span(fill->in.ptr + used, fill->in.len - used);
		r = split_record(rest, last, fill->form->separator, &fill->limits, &len, &flaw);
		if (r == SPLIT_BAD)
			len = split_line(rest);
		if (r == SPLIT_MORE || (r == SPLIT_BAD && len == rest.len && !last))
			break;
		take_record(fill, str_span(rest.ptr, len));
		used += len;
	}
	if (used == 0)
		return;
	memmove(fill->in.ptr, fill->in.ptr + used, fill->in.len - used);
	fill->in.len -= used;
}

size_t fill_give(struct fill *fill, char *to, size_t room)
{
	size_t left = fill->out.len - fill->given, n = left < room ? left : room;

	if (n)
		memcpy(to, fill->out.ptr + fill->given, n);
	fill->given += n;
	if (fill->given == fill->out.len) {
		strbuf_reset(&fill->out);
		fill->given = 0;
	}
	return n;
}
