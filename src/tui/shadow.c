/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of newscr are read into plain cells and compared with those that were sent. What changed
 * is cut by look and sent look by look: down a column of numbers a move costs less than two
 * changes of colour. Between two pieces of a row stands a gap: it is written again where that
 * is no longer than a move over it, looks included. A row with a character that isn't one cell
 * wide is sent whole, with a jump behind each of those.
 */
#include "config.h"

#include "tui/shadow.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/scope.h"
#include "base/utf8.h"
#include "tui/curses.h"

#define UNKNOWN (-1)
#define BLANKS_SHOW (1U << 4 | 1U << 7 | 1U << 9)	/* underlined, reversed, struck */

/* One cell; of a wide character the first. */
struct shown {
	wchar_t c[CCHARW_MAX];
	struct rendition look;
	uint8_t width;		/* 1; 2 or 0 (its second half): the row is sent whole */
};

/* Cells of one look that changed; blanks among them may have any. */
struct piece {
	int y, x, end;
	struct rendition look;
	bool done;
};

/* What is being drawn. */
struct drawing {
	struct shadow *s;
	struct pen *p;
	struct strbuf *out;
	int y, x;		/* of the cursor, UNKNOWN */
	struct piece *piece;
	size_t n, cap;
};

void shadow_finish(struct shadow *s)
{
	free(s->at);
	free(s->want);
	free(s->raw);
	*s = (struct shadow){0};
}

/* --- reading what curses wants */

static unsigned width_of(wchar_t c)
{
	return curses_width(c) == 2 ? 2 : 1;
}

static bool is_blank(const struct shown *c)
{
	return c->c[0] == L' ' && !c->c[1];
}

static bool read_cell(const struct shadow *s, const cchar_t *cell, struct shown *to)
{
	wchar_t text[CCHARW_MAX + 1] = {0};
	attr_t a = A_NORMAL;
	short pair = 0, fg = -1, bg = -1;
	unsigned l = 0;

	if (getcchar(cell, text, &a, &pair, NULL) != OK || a & (A_ALTCHARSET | A_STANDOUT))
		return false;
	if (pair && pair_content(pair, &fg, &bg) != OK)
		return false;
	l |= a & A_BOLD ? 1U << 1 : 0;
	l |= a & A_DIM ? 1U << 2 : 0;
	l |= !(a & A_ITALIC) ? 0 : s->strikes ? 1U << 9 : 1U << 3;
	l |= a & A_UNDERLINE ? 1U << 4 : 0;
	l |= a & A_BLINK ? 1U << 5 : 0;
	l |= a & A_REVERSE ? 1U << 7 : 0;
	l |= a & A_INVIS ? 1U << 8 : 0;
	*to = (struct shown){.look = {l, fg + 1, bg + 1}, .width = (uint8_t)width_of(text[0])};
	memcpy(to->c, text, sizeof to->c);
	if (!to->c[0])
		to->c[0] = L' ';
	if (to->c[1])
		to->width = 2;	/* in a whole row */
	if (is_blank(to) && !to->look.bg) {
		to->look.fg = l & BLANKS_SHOW ? to->look.fg : 0;
		to->look.attributes &= BLANKS_SHOW | 1U << 3 | 1U << 8;
	}
	return true;
}

/* A row of newscr as curses has it, kept in raw. *same: as it was there. */
static bool copy_row(struct shadow *s, int y, bool *same)
{
	size_t width = (size_t)s->cols + 1;
	cchar_t *cell = s->raw + (size_t)s->rows * width, *old = s->raw + (size_t)y * width;

	memset(cell, 0, width * sizeof *cell);
	if (mvwin_wchnstr(newscr, y, 0, cell, s->cols) == ERR)
		return false;
	*same = memcmp(cell, old, width * sizeof *cell) == 0;
	memcpy(old, cell, width * sizeof *cell);
	return true;
}

/* A kept row into (cols) cells; *plain: each is one wide. */
static bool read_row(const struct shadow *s, int y, struct shown *to, bool *plain)
{
	int cols = s->cols, x = 0;
	const cchar_t *cell = s->raw + (size_t)y * ((size_t)cols + 1);

	*plain = true;
	for (int i = 0; x < cols; i++) {
		unsigned w;

		if (!read_cell(s, &cell[i], &to[x]))
			return false;
		w = width_of(to[x].c[0]);
		*plain &= to[x].width == 1;
		if (w == 2 && x + 1 < cols)
			to[x + 1] = (struct shown){.c = {L' '}, .width = 0};
		x += (int)w;
	}
	return true;
}

static bool fits(struct shadow *s)
{
	int rows, cols;

	getmaxyx(newscr, rows, cols);
	return s->at && rows == s->rows && cols == s->cols;
}

static void make_room(struct shadow *s)
{
	if (fits(s))
		return;
	free(s->at);
	free(s->want);
	free(s->raw);
	getmaxyx(newscr, s->rows, s->cols);
	s->raw = mem_zalloc(((size_t)s->rows + 1) * ((size_t)s->cols + 1) * sizeof *s->raw);
	s->at = mem_zalloc((size_t)s->rows * (size_t)s->cols * sizeof *s->at);
	s->want = mem_zalloc((size_t)s->cols * sizeof *s->want);
}

bool shadow_take(struct shadow *s)
{
	int y, x;
	bool plain, same;

	make_room(s);
	s->valid = true;
	getyx(newscr, y, x);
	for (int i = 0; s->valid && i < s->rows; i++)
		s->valid = copy_row(s, i, &same) &&
			   read_row(s, i, s->at + (size_t)i * (size_t)s->cols, &plain);
	wmove(newscr, y, x);
	s->y = y;
	s->x = x;
	return s->valid;
}

/* --- writing */

static bool same_look(const struct rendition *a, const struct rendition *b)
{
	return a->attributes == b->attributes && a->fg == b->fg && a->bg == b->bg;
}

static bool same_cell(const struct shown *a, const struct shown *b)
{
	return same_look(&a->look, &b->look) && a->width == b->width &&
	       wmemcmp(a->c, b->c, CCHARW_MAX) == 0;
}

/* Within a row: what brings the cursor from column to column with the fewest bytes. */
static void add_columns(struct strbuf *out, int from, int to)
{
	STRBUF(jump);
	STRBUF(step);

	if (from == to)
		return;
	strbuf_addf(&jump, "\033[%dG", to + 1);
	if (to == 0)
		strbuf_reset(&jump), strbuf_addc(&jump, '\r');
	if (from != UNKNOWN && to == from + 1)
		strbuf_adds(&step, "\033[C");
	else if (from != UNKNOWN && to > from)
		strbuf_addf(&step, "\033[%dC", to - from);
	else if (from != UNKNOWN && from - to < 5)
		for (int i = to; i < from; i++)
			strbuf_addc(&step, '\b');
	strbuf_add(out, strbuf_str(step.len && step.len < jump.len ? &step : &jump));
}

static void go(struct drawing *d, int y, int x)
{
	STRBUF(jump);
	STRBUF(near);

	if (d->y == y && d->x == x)
		return;
	if (y == 0 && x == 0)
		strbuf_adds(&jump, "\033[H");
	else
		strbuf_addf(&jump, "\033[%d;%dH", y + 1, x + 1);
	if (d->y != UNKNOWN && y >= d->y && y - d->y < 5) {
		add_columns(&near, d->x, x);
		for (int i = d->y; i < y; i++)
			strbuf_addc(&near, '\n');
	}
	strbuf_add(d->out, strbuf_str(near.len && near.len < jump.len ? &near : &jump));
	d->y = y;
	d->x = x;
}

static size_t add_text(struct strbuf *out, const struct shown *c)
{
	size_t before = out->len;

	for (int i = 0; i < CCHARW_MAX && c->c[i]; i++)
		utf8_add(out, (uint32_t)c->c[i]);
	return out->len - before;
}

/* A blank shows its ground alone. */
static void set_look(struct drawing *d, const struct shown *c)
{
	const struct rendition *have = &d->p->have;

	if (is_blank(c) && d->p->known && !have->bg && !c->look.bg &&
	    !((have->attributes ^ c->look.attributes) & BLANKS_SHOW) &&
	    !(c->look.attributes & BLANKS_SHOW))
		return;
	pen_look(d->p, d->out, &c->look);
}

/* The cursor has gone on by n; behind the last column it waits. */
static void advance(struct drawing *d, int n)
{
	d->x = d->x + n < d->s->cols ? d->x + n : UNKNOWN;
}

/* n equal cells: a character n times. Not repeated up to the last column but one: there
 * some terminals, libvterm among them, think that the row is full. */
static void put_run(struct drawing *d, const struct shown *c, int n)
{
	STRBUF(one);
	STRBUF(again);
	size_t len = add_text(&one, c);
	int room = d->s->cols - 2 - d->x, times = n - 1 < room - 1 ? n - 1 : room - 1;

	set_look(d, c);
	strbuf_add(d->out, strbuf_str(&one));
	strbuf_addf(&again, "\033[%db", times);
	if (times <= 0 || !d->s->repeats || again.len >= len * (size_t)times)
		times = 0;
	else
		strbuf_add(d->out, strbuf_str(&again));
	for (int i = 1 + times; i < n; i++)
		strbuf_add(d->out, strbuf_str(&one));
	advance(d, n);
}

static int run_length(const struct shown *row, int x, int end)
{
	int n = 1;

	while (x + n < end && same_cell(&row[x], &row[x + n]))
		n++;
	return n;
}

/* Blanks on the terminal's own ground from x to end can be erased. */
static bool erasable(const struct shown *c)
{
	return is_blank(c) && !c->look.bg && !c->look.attributes;
}

/* Erase from x on: to the end of the row, or n cells, the cursor stays. */
static void blank_out(struct drawing *d, int n, bool row)
{
	struct shown blank = {.c = {L' '}};

	set_look(d, &blank);
	if (row)
		strbuf_adds(d->out, "\033[K");
	else
		strbuf_addf(d->out, "\033[%dX", n);
}

/* The changed cells from x to end, of a row whose last cell to change is before last. */
static void put_stretch(struct drawing *d, const struct shown *row, int x, int end)
{
	while (x < end) {
		int n = run_length(row, x, end);

		if (erasable(&row[x]) && n == d->s->cols - x && n > 3) {
			blank_out(d, n, true);
			return;
		}
		if (erasable(&row[x]) && x + n == end && n > (n < 10 ? 4 : 5))
			blank_out(d, n, false);
		else
			put_run(d, &row[x], n);
		x += n;
	}
}

/* Bytes that cells from x to end take when they are written as they are. */
static size_t cost_of(const struct drawing *d, const struct shown *row, int x, int end)
{
	struct pen p = *d->p;
	STRBUF(b);
	struct drawing trial = {.s = d->s, .p = &p, .out = &b, .x = x};

	put_stretch(&trial, row, x, end);
	return b.len;
}

/* The gap from x to end stays as it is: is writing it no longer than a move? */
static bool bridge(const struct drawing *d, const struct shown *row, int x, int end)
{
	STRBUF(b);
	size_t with, without;

	if (end - x > 6)
		return false;
	add_columns(&b, x, end);
	with = cost_of(d, row, x, end + 1);
	without = b.len + cost_of(d, row, end, end + 1);
	return with <= without;
}

static void add_piece(struct drawing *d, struct piece p)
{
	MEM_GROW(d->piece, d->cap, d->n + 1);
	d->piece[d->n++] = p;
}

/* Changed cells by look; bare blanks go with what stands before them, or else behind. */
static void cut_stretch(struct drawing *d, const struct shown *row, struct piece whole)
{
	struct piece p = whole;
	bool any = false;

	for (int x = whole.x; x < whole.end; x++) {
		if (erasable(&row[x]) || (any && same_look(&row[x].look, &p.look)))
			continue;
		if (any) {
			p.end = x;
			add_piece(d, p);
			p.x = x;
		}
		p.look = row[x].look;
		any = true;
	}
	p.end = whole.end;
	add_piece(d, p);
}

static void cut_row(struct drawing *d, int y, const struct shown *have,
		    const struct shown *want)
{
	int cols = d->s->cols;

	for (int x = 0, end; x < cols; x = end) {
		end = x + 1;
		if (same_cell(&have[x], &want[x]))
			continue;
		while (end < cols && !same_cell(&have[end], &want[end]))
			end++;
		cut_stretch(d, want, (struct piece){.y = y, .x = x, .end = end});
	}
}

/* All pieces of the first one's look, from top to bottom. */
static void draw_look(struct drawing *d, size_t first)
{
	const struct rendition look = d->piece[first].look;

	for (size_t i = first; i < d->n; i++) {
		struct piece *p = &d->piece[i];
		const struct shown *row = d->s->at + (size_t)p->y * (size_t)d->s->cols;

		if (p->done || !same_look(&p->look, &look))
			continue;
		if (d->y == p->y && d->x != UNKNOWN && d->x < p->x && bridge(d, row, d->x, p->x))
			put_stretch(d, row, d->x, p->x);
		go(d, p->y, p->x);
		put_stretch(d, row, p->x, p->end);
		p->done = true;
	}
}

/* All of it; where a character may be wider or narrower on the terminal than here, a jump
 * behind it keeps the rest in place. */
static void draw_whole(struct drawing *d, int y, const struct shown *want)
{
	go(d, y, 0);
	for (int x = 0; x < d->s->cols; x++) {
		if (want[x].width == 0)
			continue;
		go(d, y, x);
		pen_look(d->p, d->out, &want[x].look);
		add_text(d->out, &want[x]);
		d->x = want[x].width == 1 && x + 1 < d->s->cols ? x + 1 : UNKNOWN;
	}
}

static bool draw_row(struct drawing *d, int y)
{
	struct shadow *s = d->s;
	struct shown *have = s->at + (size_t)y * (size_t)s->cols;
	size_t bytes = (size_t)s->cols * sizeof *have;
	bool same, plain, was = true, changed = false;

	if (!copy_row(s, y, &same))
		return false;
	if (same)
		return true;
	if (!read_row(s, y, s->want, &plain))
		return false;
	for (int x = 0; x < s->cols; x++) {
		was &= have[x].width == 1;
		changed |= !same_cell(&have[x], &s->want[x]);
	}
	if (changed && plain && was)
		cut_row(d, y, have, s->want);
	else if (changed)
		draw_whole(d, y, s->want);
	memcpy(have, s->want, bytes);
	return true;
}

bool shadow_draw(struct shadow *s, struct pen *p, struct strbuf *out)
{
	struct pen before = *p;
	struct drawing d = {.s = s, .p = p, .out = out, .y = UNKNOWN, .x = UNKNOWN};
	size_t len = out->len;
	int y, x;

	if (!s->valid || !fits(s))
		return false;
	getyx(newscr, y, x);
	for (int i = 0; s->valid && i < s->rows; i++)
		if (is_linetouched(newscr, i))
			s->valid = draw_row(&d, i);
	wmove(newscr, y, x);
	if (!s->valid) {
		free(d.piece);
		out->len = len;
		*p = before;
		return false;
	}
	for (size_t i = 0; i < d.n; i++)
		if (!d.piece[i].done)
			draw_look(&d, i);
	free(d.piece);
	untouchwin(newscr);
	if (out->len > len || s->y != y || s->x != x)
		go(&d, y, x);
	s->y = y;
	s->x = x;
	return true;
}
