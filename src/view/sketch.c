/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sketch is a list of parts; the front end draws them with its own glyphs and looks. */
#include "config.h"

#include "view/sketch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "view/names.h"
#include "view/view_impl.h"

void view_sketch(struct view *v, struct sketch *s)
{
	uint64_t count = view_count(v), *row;

	s->arena = arena_create();
	s->n = s->first >= count ? 0 :
	       count - s->first < (uint64_t)s->h ? (unsigned)(count - s->first) : (unsigned)s->h;
	row = arena_alloc(s->arena, (s->n + 1) * sizeof *row);
	for (unsigned i = 0; i < s->n; i++)
		row[i] = view_state_row(v, s->first + i);
	s->row = row;
	s->faint = arena_alloc(s->arena, s->n + 1);
	memset(s->faint, 0, s->n + 1);
	s->struck = arena_alloc(s->arena, s->n + 1);
	memset(s->struck, 0, s->n + 1);
	view_class_of(v)->draw(v, view_state(v), s);
}

void sketch_finish(struct sketch *s)
{
	free(s->part);
	strbuf_finish(&s->detail);
	strbuf_finish(&s->note);
	if (s->arena)
		arena_destroy(s->arena);
	*s = (struct sketch){0};
}

struct span span_right(int *end, int w)
{
	struct span p = {*end - w, w};

	*end -= w + 1;
	return p;
}

static struct sketch_part *add(struct sketch *s, enum sketch_kind kind, int y, struct span at)
{
	struct sketch_part *p;

	MEM_GROW(s->part, s->cap, s->parts + 1);
	p = &s->part[s->parts++];
	*p = (struct sketch_part){.y = y, .x = at.x, .w = at.w, .kind = kind,
				 .tick = NAN};
	return p;
}

void sketch_text(struct sketch *s, struct stretch to, struct str text, enum ink ink)
{
	struct sketch_part *p;

	if (to.at.w <= 0)
		return;
	p = add(s, SKETCH_TEXT, to.y, to.at);
	p->text = text;
	p->ink = ink;
}

void sketch_cut(struct sketch *s, struct stretch to, struct str text, enum ink ink)
{
	STRBUF(b);

	names_cut(&b, text, to.at.w, s->marks.ellipsis);
	sketch_made(s, to, &b, ink);
}

void sketch_made(struct sketch *s, struct stretch to, const struct strbuf *text, enum ink ink)
{
	sketch_text(s, to, arena_str(s->arena, strbuf_str(text)), ink);
}

void sketch_right(struct sketch *s, struct stretch to, const struct strbuf *text, enum ink ink)
{
	struct sketch_part *p;

	if (to.at.w <= 0)
		return;
	p = add(s, SKETCH_RIGHT, to.y, to.at);
	p->text = arena_str(s->arena, strbuf_str(text));
	p->ink = ink;
}

void sketch_bar(struct sketch *s, struct stretch to, double share, enum ink ink)
{
	struct sketch_part *p;

	if (to.at.w <= 0)
		return;
	p = add(s, SKETCH_BAR, to.y, to.at);
	p->share = share;
	p->ink = ink;
}

void sketch_tick(struct sketch *s, double tick)
{
	assert(s->parts > 0);
	if (s->parts && s->part[s->parts - 1].kind == SKETCH_BAR)
		s->part[s->parts - 1].tick = tick;
}

void sketch_head(struct sketch *s, struct span at, struct str text)
{
	int cells = (int)text.len;

	if (at.w <= 0)
		return;
	add(s, SKETCH_HEAD, 0, (struct span){at.x + at.w - cells, cells})->text = text;
}

void sketch_wrapped(struct sketch *s, int y, struct span at, const struct strbuf *text)
{
	add(s, SKETCH_WRAPPED, y, at)->text = arena_str(s->arena, strbuf_str(text));
}

int sketch_heads(const struct sketch *s)
{
	int first = s->w;

	for (size_t i = 0; i < s->parts; i++)
		if (s->part[i].kind == SKETCH_HEAD && s->part[i].x < first)
			first = s->part[i].x;
	return first < s->w ? s->w - first + 2 : 0;
}

void sketch_add_times(struct strbuf *b, double x)
{
	if (isnan(x))
		strbuf_addc(b, '-');
	else if (x < 0.095)
		strbuf_addf(b, "%.2fx", x);
	else if (x < 99.5)
		strbuf_addf(b, "%.*fx", x < 9.95 ? 1 : 0, x);
	else if (x < 9999.5)
		strbuf_addf(b, "%.0fx", x);
	else
		num_add_short(b, (uint64_t)llround(x)), strbuf_addc(b, 'x');
}
