/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of cells is a row of texts, one per look, each stretched to the cells that it takes, so
 * that every font keeps the columns. Rows that were there before are used again, which leaves a
 * third of the bytes. Bars are drawn, not written: fonts disagree on how high they are.
 */
#include "config.h"

#include "tui/picture.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <wchar.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/str.h"
#include "base/utf8.h"
#include "tui/curses.h"

#define CELL_W 8.4	/* of a font of 14 */
#define CELL_H 18.0
#define BASE 13.5	/* of the letters in a row */
#define PICTURE_COLS 512	/* of a window, at most */
#define GROUND "#11151a"
#define INK "#d3d7de"

struct frame {
	double at, seconds;
	uint32_t *rows;		/* (rows) numbers in `seen` */
};

struct picture {
	int rows, cols;
	struct map *seen;	/* every row that was, as SVG */
	struct frame *frames;
	size_t n_frames, room;
};

/* How a run of cells looks. */
struct look {
	int fg, bg;		/* of the 256 palette, -1: the window's own */
	bool bold, dim, under;
};

/* n cells from x on. */
struct stretch {
	const wchar_t *chars;
	int x, n;
};

struct picture *picture_create(int rows, int cols)
{
	struct picture *p = mem_zalloc(sizeof *p);

	assert(rows > 0 && cols > 0);
	*p = (struct picture){.rows = rows, .cols = cols, .seen = map_create()};
	return p;
}

void picture_destroy(struct picture *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_frames; i++)
		free(p->frames[i].rows);
	free(p->frames);
	map_destroy(p->seen);
	free(p);
}

/* "#rrggbb" of the 256 palette as xterm has it. */
static void add_colour(struct strbuf *b, int c)
{
	static const unsigned ansi[16] = {
		0x1c2128, 0xd1594f, 0x6bb36b, 0xd0a84a, 0x5a9bd5, 0xb77fc6, 0x4fb3bf, 0xc8ccd2,
		0x6a737d, 0xf07067, 0x8ddb8c, 0xe3b341, 0x6cb6ff, 0xdcbdfb, 0x76e3ea, 0xffffff,
	};
	static const unsigned step[6] = {0, 95, 135, 175, 215, 255};
	unsigned rgb;

	if (c < 16)
		rgb = ansi[c];
	else if (c < 232)
		rgb = step[(c - 16) / 36] << 16 | step[(c - 16) / 6 % 6] << 8 | step[(c - 16) % 6];
	else
		rgb = (unsigned)(8 + 10 * (c - 232)) * 0x010101;
	strbuf_addf(b, "#%06x", rgb);
}

static void add_ink(struct strbuf *b, int c, const char *own)
{
	if (c < 0)
		strbuf_adds(b, own);
	else
		add_colour(b, c);
}

/* The cell's character, 0 where a wide one goes on, and its look. */
static wchar_t cell_at(int y, int x, struct look *look)
{
	cchar_t cell;
	wchar_t text[CCHARW_MAX + 1] = {0};
	attr_t a = A_NORMAL;
	short pair = 0, fg = -1, bg = -1;

	*look = (struct look){.fg = -1, .bg = -1};
	if (mvwin_wch(newscr, y, x, &cell) != OK ||
	    getcchar(&cell, text, &a, &pair, NULL) != OK)
		return L' ';
	if (pair)
		pair_content(pair, &fg, &bg);
	*look = (struct look){fg, bg, a & A_BOLD, a & A_DIM, a & A_UNDERLINE};
	if (a & A_REVERSE) {
		look->fg = bg < 0 ? -2 : bg;
		look->bg = fg < 0 ? -2 : fg;
	}
	return text[0] ? text[0] : L' ';
}

static bool alike(const struct look *a, const struct look *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold && a->dim == b->dim &&
	       a->under == b->under;
}

static void add_rect(struct strbuf *b, double x, double w, const char *more)
{
	strbuf_addf(b, "<rect x=\"%.1f\" width=\"%.1f\" height=\"%.0f\" %s", x, w, CELL_H, more);
}

/* A bar of eighths, U+2588 to U+258F; 0: it is none. */
static unsigned eighths(wchar_t c)
{
	return c >= 0x2588 && c <= 0x258f ? 8 - (unsigned)(c - 0x2588) : 0;
}

static void add_char(struct strbuf *b, wchar_t c)
{
	if (c == L'<')
		strbuf_adds(b, "&lt;");
	else if (c == L'&')
		strbuf_adds(b, "&amp;");
	else if (c == L' ')
		strbuf_adds(b, "\302\240");
	else
		utf8_add(b, (uint32_t)c);
}

/* A look of -2 is the other's own: reversed cells without colours. */
static void add_text(struct strbuf *b, const struct look *look, const struct stretch *s,
		     struct str text)
{
	strbuf_addf(b, "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\"",
		    s->x * CELL_W, BASE, s->n * CELL_W);
	if (look->fg != -1) {
		strbuf_adds(b, " fill=\"");
		add_ink(b, look->fg, GROUND);
		strbuf_addc(b, '"');
	}
	strbuf_adds(b, look->bold ? " font-weight=\"bold\"" : "");
	strbuf_adds(b, look->dim ? " opacity=\".65\"" : "");
	strbuf_adds(b, look->under ? " text-decoration=\"underline\"" : "");
	strbuf_addc(b, '>');
	strbuf_add(b, text);
	strbuf_adds(b, "</text>");
}

/* The bar that begins in cell `at` of s as one rectangle; the last cell that it takes. */
static int add_bar(struct strbuf *b, const struct look *look, const struct stretch *s, int at)
{
	unsigned length = eighths(s->chars[at]);
	int last = at;

	while (length % 8 == 0 && last + 1 < s->n && eighths(s->chars[last + 1]))
		length += eighths(s->chars[++last]);
	add_rect(b, (s->x + at) * CELL_W, length * CELL_W / 8, "fill=\"");
	add_ink(b, look->fg, look->fg == -2 ? GROUND : INK);
	strbuf_adds(b, "\"/>");
	return last;
}

/* Cells that look alike. */
static void add_run(struct strbuf *b, const struct look *look, const struct stretch *s)
{
	STRBUF(text);
	int first = -1, last = -1;

	if (look->bg != -1) {
		add_rect(b, s->x * CELL_W, s->n * CELL_W, "fill=\"");
		add_ink(b, look->bg, INK);
		strbuf_adds(b, "\"/>");
	}
	for (int i = 0; i < s->n; i++) {
		if (eighths(s->chars[i])) {
			i = add_bar(b, look, s, i);
		} else if (s->chars[i] != L' ') {
			first = first < 0 ? i : first;
			last = i;
		}
	}
	if (first < 0)
		return;
	for (int i = first; i <= last; i++)
		add_char(&text, eighths(s->chars[i]) ? L' ' : s->chars[i]);
	add_text(b, look, &(struct stretch){NULL, s->x + first, last + 1 - first},
		 strbuf_str(&text));
}

static void add_row(struct strbuf *b, int y, int cols)
{
	wchar_t chars[PICTURE_COLS];
	int from = 0;
	struct look look, next;

	assert(cols <= PICTURE_COLS);
	chars[0] = cell_at(y, 0, &look);
	for (int x = 1; x <= cols; x++) {
		wchar_t c = x < cols ? cell_at(y, x, &next) : 0;

		if (x == cols || !alike(&look, &next)) {
			add_run(b, &look, &(struct stretch){chars, from, x - from});
			from = x;
			look = next;
		}
		if (x < cols)
			chars[x - from] = c;
	}
}

void picture_take(struct picture *p, double at, double seconds)
{
	struct frame f = {at, seconds, mem_resize(NULL, (size_t)p->rows, sizeof *f.rows)};

	for (int y = 0; y < p->rows; y++) {
		STRBUF(b);

		add_row(&b, y, p->cols);
		f.rows[y] = map_intern(p->seen, strbuf_str(&b), NULL);
	}
	if (p->n_frames == p->room) {
		p->room = p->room ? p->room * 2 : 16;
		p->frames = mem_resize(p->frames, p->room, sizeof *p->frames);
	}
	p->frames[p->n_frames++] = f;
}

/* Every frame is hidden but in its own time. */
static void add_style(const struct picture *p, struct out *out)
{
	const struct frame *last = &p->frames[p->n_frames - 1];
	double whole = last->at + last->seconds;

	out_add(out, STR("<style>text{white-space:pre}\n"));
	for (size_t i = 0; i < p->n_frames; i++) {
		double from = 100 * p->frames[i].at / whole;
		double to = 100 * (p->frames[i].at + p->frames[i].seconds) / whole;

		/* Where nothing moves the first one stands. */
		out_addf(out, ".f%zu{%sanimation:f%zu %.1fs step-end infinite}@keyframes f%zu{", i,
			 i ? "visibility:hidden;" : "", i, whole, i);
		if (from > 0)
			out_add(out, STR("0%{visibility:hidden}"));
		out_addf(out, "%.3f%%{visibility:visible}", from);
		if (to < 100)
			out_addf(out, "%.3f%%{visibility:hidden}", to);
		out_add(out, STR("}\n"));
	}
	out_add(out, STR("</style>\n"));
}

void picture_write(const struct picture *p, struct out *out)
{
	double w = p->cols * CELL_W, h = p->rows * CELL_H;

	out_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		 "font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" "
		 "font-size=\"14\" fill=\"" INK "\">\n<title>aisle</title>\n", w + 24, h + 24);
	if (p->n_frames)
		add_style(p, out);
	out_addf(out, "<rect width=\"%.0f\" height=\"%.0f\" rx=\"8\" fill=\"" GROUND "\"/>\n"
		 "<defs>\n", w + 24, h + 24);
	for (uint32_t i = 0; i < map_count(p->seen); i++) {
		struct str row = map_key(p->seen, i);

		if (row.len)
			out_addf(out, "<g id=\"r%u\">%.*s</g>\n", i, STR_ARG(row));
	}
	out_add(out, STR("</defs>\n<g transform=\"translate(12 12)\">\n"));
	for (size_t k = 0; k < p->n_frames; k++) {
		out_addf(out, "<g class=\"f%zu\">", k);
		for (int y = 0; y < p->rows; y++)
			if (map_key(p->seen, p->frames[k].rows[y]).len)
				out_addf(out, "<use href=\"#r%u\" y=\"%.0f\"/>",
					 p->frames[k].rows[y], y * CELL_H);
		out_add(out, STR("</g>\n"));
	}
	out_add(out, STR("</g>\n</svg>\n"));
}
