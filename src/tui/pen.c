/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What curses wrote, said again with fewer bytes; it reads the escapes that it gets. */
#include "config.h"

#include "tui/pen.h"

#define PARAMS 16

void pen_init(struct pen *p, bool columns)
{
	*p = (struct pen){.columns = columns};
}

void pen_forget(struct pen *p)
{
	p->known = false;
	p->row = 0;
}

static bool same_rendition(const struct rendition *a, const struct rendition *b)
{
	return a->attributes == b->attributes && a->fg == b->fg && a->bg == b->bg;
}

static void add_colour(struct strbuf *b, int colour, unsigned base)
{
	int c = colour - 1;

	if (c < 0)
		strbuf_addf(b, ";%u", base + 9);
	else if (c < 8)
		strbuf_addf(b, ";%u", base + (unsigned)c);
	else if (c < 16)
		strbuf_addf(b, ";%u", base + 60 + (unsigned)c - 8);
	else
		strbuf_addf(b, ";%u;5;%d", base + 8, c);
}

/* Bring the terminal to the wanted look. */
static void settle(struct pen *p, struct strbuf *out)
{
	struct rendition from = p->have;
	const struct rendition *to = &p->want;
	bool reset = !p->known || from.attributes & ~to->attributes ||
		     (from.fg && !to->fg) || (from.bg && !to->bg);
	STRBUF(b);

	if (p->known && same_rendition(&from, to))
		return;
	if (reset)
		from = (struct rendition){0};
	for (unsigned a = 1; a <= 9; a++)
		if ((to->attributes & ~from.attributes) >> a & 1)
			strbuf_addf(&b, ";%u", a);
	if (to->fg != from.fg)
		add_colour(&b, to->fg, 30);
	if (to->bg != from.bg)
		add_colour(&b, to->bg, 40);
	strbuf_adds(out, "\033[");
	if (reset && b.len)
		strbuf_addc(out, '0'), strbuf_add(out, strbuf_str(&b));
	else if (b.len)
		strbuf_add(out, str_span(b.ptr + 1, b.len - 1));
	strbuf_addc(out, 'm');
	p->have = p->want;
	p->known = true;
}

/* 38;5;N at param[i]; other forms are not understood. */
static bool palette(const int *param, unsigned n, unsigned *i, int *colour)
{
	if (*i + 2 >= n || param[*i + 1] != 5)
		return false;
	*colour = param[*i + 2] + 1;
	*i += 2;
	return true;
}

/* Italics, of which there are none, mean struck through where the terminal has that. */
static bool apply(const struct pen *p, struct rendition *l, const int *param, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int v = p->strikes && param[i] % 20 == 3 && param[i] < 30 ? param[i] + 6 : param[i];

		if (v == 0)
			*l = (struct rendition){0};
		else if (v == 10)
			;	/* the console's own font: the only one there is */
		else if (v <= 9)
			l->attributes |= 1U << v;
		else if (v == 22)
			l->attributes &= ~(1U << 1 | 1U << 2);
		else if (v >= 23 && v <= 29)
			l->attributes &= ~(1U << (v - 20));
		else if (v >= 30 && v <= 37)
			l->fg = v - 30 + 1;
		else if (v >= 40 && v <= 47)
			l->bg = v - 40 + 1;
		else if (v >= 90 && v <= 97)
			l->fg = v - 90 + 8 + 1;
		else if (v >= 100 && v <= 107)
			l->bg = v - 100 + 8 + 1;
		else if (v == 39)
			l->fg = 0;
		else if (v == 49)
			l->bg = 0;
		else if (v == 38 || v == 48) {
			if (!palette(param, n, &i, v == 38 ? &l->fg : &l->bg))
				return false;
		} else {
			return false;
		}
	}
	return true;
}

/* ESC [ numbers m: the look after it; false: something else. */
static bool take_sgr(struct pen *p, struct str seq)
{
	struct rendition l = p->want;
	int param[PARAMS] = {0};
	unsigned n = 1;

	for (size_t i = 2; i + 1 < seq.len; i++) {
		char c = seq.ptr[i];

		if (c == ';' && n < PARAMS)
			n++;
		else if (c >= '0' && c <= '9' && param[n - 1] < 1000)
			param[n - 1] = param[n - 1] * 10 + (c - '0');
		else
			return false;
	}
	if (!apply(p, &l, param, n))
		return false;
	p->want = l;
	return true;
}

/* Bytes of the sequence that begins with ESC. */
static size_t sequence(struct str s)
{
	size_t n = 2;

	if (s.len < 2)
		return s.len;
	if (s.ptr[1] == '(' || s.ptr[1] == ')')
		return s.len < 3 ? s.len : 3;
	if (s.ptr[1] != '[')
		return n;
	while (n < s.len && (unsigned char)s.ptr[n] < 0x40)
		n++;
	return n < s.len ? n + 1 : n;
}

/* Moves of the cursor, which have no looks; modes have none either. */
static bool is_move(char last)
{
	return last && strchr("ABCDGHdhl", last);
}

/* ESC [ row ; column H, within a row by the column alone. */
static void take_jump(struct pen *p, struct strbuf *out, struct str seq)
{
	unsigned to[2] = {0}, part = 0;

	for (size_t i = 2; i + 1 < seq.len; i++) {
		if (seq.ptr[i] == ';' && part == 0)
			part = 1;
		else if (seq.ptr[i] >= '0' && seq.ptr[i] <= '9' && to[part] < 100000)
			to[part] = to[part] * 10 + (unsigned)(seq.ptr[i] - '0');
		else
			to[0] = 0, i = seq.len;
	}
	if (p->columns && part == 1 && to[0] && to[0] == p->row && to[1])
		strbuf_addf(out, "\033[%uG", to[1]);
	else
		strbuf_add(out, seq);
	p->row = part == 1 ? to[0] : 0;
}

static void take_sequence(struct pen *p, struct strbuf *out, struct str seq)
{
	bool csi = seq.len > 2 && seq.ptr[1] == '[';
	char last = seq.ptr[seq.len - 1];

	/* Every reset names the character set, which never changes. */
	if (str_is(seq, "\033(B")) {
		if (!p->known)
			strbuf_add(out, seq);
		return;
	}
	if (csi && last == 'm' && take_sgr(p, seq))
		return;
	if (csi && last == 'H') {
		take_jump(p, out, seq);
		return;
	}
	if (!csi || !is_move(last))
		settle(p, out);
	if (!csi || !strchr("CDGKX", last))
		p->row = 0;
	/* A clear screen repairs everything; what isn't understood may change all. */
	if (!csi || last == 'J' || last == 'm')
		p->known = false;
	strbuf_add(out, seq);
}

/* Line ends and the like are moves; SI ends a character set that never began. */
static void take_control(struct pen *p, struct strbuf *out, char c)
{
	if (c == '\n')
		p->row = 0;
	if (c != '\017' || !p->known)
		strbuf_addc(out, c);
}

void pen_write(struct pen *p, struct strbuf *out, struct str in)
{
	for (size_t i = 0; i < in.len;) {
		struct str rest = str_span(in.ptr + i, in.len - i);
		size_t n = 0;

		if (rest.ptr[0] == '\033') {
			n = sequence(rest);
			take_sequence(p, out, str_span(rest.ptr, n));
		} else if ((unsigned char)rest.ptr[0] < 0x20) {
			take_control(p, out, rest.ptr[n++]);
		} else {
			while (n < rest.len && (unsigned char)rest.ptr[n] >= 0x20)
				n++;
			settle(p, out);
			strbuf_add(out, str_span(rest.ptr, n));
		}
		i += n;
	}
}

void pen_look(struct pen *p, struct strbuf *out, const struct rendition *look)
{
	struct rendition want = p->want;

	p->want = *look;
	settle(p, out);
	p->want = want;
	p->row = 0;
}
