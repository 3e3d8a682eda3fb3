/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view over the whole screen: columns in their order as they fit, notes below, or charts. */
#include "config.h"

#include "base/num.h"
#include "base/utf8.h"
#include "tui/draw.h"
#include "tui/pane.h"
#include "view/format.h"

#define SAMPLE 200	/* rows that decide the widths */
#define MAIN_LEAST 24	/* cells that the column that names the row keeps */
#define TEXT_LEAST 14	/* the same for other texts */
#define NOTE_LINES 4
#define PAGE_NOTE 30	/* lines that a chart wants before its note gets some */

static const struct column *column_at(const struct pane *s, unsigned k)
{
	return &s->shown->asked.class->columns[s->column[k]];
}

static bool is_number(const struct column *c)
{
	return c->type != CELL_TEXT && c->type != CELL_ID && c->type != CELL_TIME;
}

static void add_cell(struct strbuf *b, const struct pane *s, unsigned k,
		     const struct cell *cells)
{
	pane_add_cell(s, s->column[k], cells, b);
}

/* Columns for people in which something stands. */
static void measure(struct pane *s)
{
	struct view *v = pane_view(s);
	const struct view_class *c = view_class_of(v);
	uint64_t wanted = view_columns(v), n = s->list.count, used = 0;
	struct cell cells[PANE_COLUMNS];
	unsigned kept = 0;
	STRBUF(b);

	for (unsigned i = 0; i < c->n_columns && i < PANE_COLUMNS; i++)
		if (wanted ? wanted >> i & 1 : !(c->columns[i].flags & COLUMN_DATA)) {
			s->column[s->n] = i;
			s->width[s->n++] = (int)utf8_cells(str_from(c->columns[i].title));
		}
	for (uint64_t i = 0; i < n; i += i < SAMPLE / 2 ? 1 : n / SAMPLE + 1) {
		view_row(v, pane_row(s, i), cells);
		for (unsigned k = 0; k < s->n; k++) {
			int w;

			add_cell(&b, s, k, cells);
			w = (int)utf8_cells(strbuf_str(&b));
			if (w > s->width[k])
				s->width[k] = w;
			if (!cells[s->column[k]].empty && b.len)
				used |= UINT64_C(1) << k;
		}
	}
	for (unsigned k = 0; k < s->n; k++) {
		if (n && !wanted && !(used >> k & 1))
			continue;
		s->column[kept] = s->column[k];
		s->width[kept++] = s->width[k];
	}
	s->n = kept;
}

void pane_measure(struct pane *s)
{
	s->sheet = true;
	measure(s);
	s->chart = view_has_page(pane_view(s)) && s->list.count;	/* else: its note */
}

/* --- columns that are drawn */

struct place {
	unsigned n, k[PANE_COLUMNS];
	int x[PANE_COLUMNS], w[PANE_COLUMNS];
	unsigned left_out;	/* behind the last one */
};

static int least_of(const struct pane *s, unsigned k)
{
	const struct column *c = column_at(s, k);
	int least = c->flags & COLUMN_MAIN ? MAIN_LEAST : TEXT_LEAST;

	return c->type != CELL_TEXT || s->width[k] < least ? s->width[k] : least;
}

/* Widths of columns side by side; the widest texts give way. */
static int shrink(const struct pane *s, struct place *p, int room)
{
	int sum = p->n ? 2 * (int)(p->n - 1) : 0;

	for (unsigned i = 0; i < p->n; i++)
		sum += p->w[i] = s->width[p->k[i]];
	while (sum > room) {
		int widest = -1;

		for (unsigned i = 0; i < p->n; i++)
			if (p->w[i] > least_of(s, p->k[i]) &&
			    (widest < 0 || p->w[i] > p->w[widest]))
				widest = (int)i;
		if (widest < 0)
			break;
		p->w[widest]--;
		sum--;
	}
	return sum;
}

static unsigned main_column(const struct pane *s)
{
	unsigned k = 0;

	while (k + 1 < s->n && !(column_at(s, k)->flags & COLUMN_MAIN))
		k++;
	return k < s->n && column_at(s, k)->flags & COLUMN_MAIN ? k : 0;
}

/* All of them in their order, or the main one and as many as fit behind it. */
static void choose(const struct pane *s, struct place *p, int room)
{
	unsigned first = s->first, main = main_column(s);
	int x = 0;

	*p = (struct place){0};
	for (unsigned k = 0; k < s->n; k++)
		p->k[p->n++] = k;
	if (s->first || shrink(s, p, room) > room) {
		p->n = 0;
		p->k[p->n++] = main;
		for (unsigned k = 0; k < s->n; k++) {
			if (k == main)
				continue;
			if (first) {
				first--;
				continue;
			}
			if (!p->left_out) {
				p->k[p->n++] = k;
				if (shrink(s, p, room) <= room || p->n == 1)
					continue;
				p->n--;
			}
			p->left_out++;
		}
		shrink(s, p, room);
	}
	for (unsigned i = 0; i < p->n; i++) {
		p->x[i] = x;
		x += p->w[i] + 2;
	}
}

/* --- drawing */

static void draw_cell(const struct term *t, struct rect at, const struct column *c,
		      struct str text, enum style st)
{
	if (is_number(c))
		draw_right(t, at, text, st);
	else
		draw_text(t, at, text, st);
}

static void draw_heading(const struct pane *s, const struct term *t, struct rect in,
			 const struct place *p)
{
	const char *sort = view_sort(pane_view(s));

	for (unsigned i = 0; i < p->n; i++) {
		const struct column *c = column_at(s, p->k[i]);
		bool sorted = sort && strcmp(sort, c->key) == 0;

		draw_cell(t, (struct rect){in.y, in.x + p->x[i], 1, p->w[i]}, c,
			  str_from(c->title), sorted ? STYLE_HEAD_SORT : STYLE_HEAD);
	}
}

static void draw_row(struct pane *s, const struct term *t, struct rect in, int y,
		     uint64_t row, const struct place *p, enum style st)
{
	struct cell cells[PANE_COLUMNS] = {0};
	char mark = view_mark(pane_view(s), pane_row(s, row));
	STRBUF(b);

	if (mark == 'R')
		st = st == STYLE_CURSOR ? STYLE_CURSOR_STRUCK : STYLE_STRUCK;
	view_row(pane_view(s), pane_row(s, row), cells);
	draw_fill(t, (struct rect){y, in.x, 1, in.w}, st);
	if (mark)
		draw_text(t, (struct rect){y, in.x - 1, 1, 1}, str_span(&mark, 1), STYLE_KEY);
	for (unsigned i = 0; i < p->n; i++) {
		add_cell(&b, s, p->k[i], cells);
		draw_cell(t, (struct rect){y, in.x + p->x[i], 1, p->w[i]},
			  column_at(s, p->k[i]), strbuf_str(&b), st);
		if (!is_number(column_at(s, p->k[i])))
			draw_found(s->found, t, (struct rect){y, in.x + p->x[i], 1, p->w[i]},
				   strbuf_str(&b));
	}
}

/* Lines that the note takes at the bottom of r; drawn if `draw`. */
static int note_lines(const struct pane *s, const struct term *t, struct rect in,
		      const struct place *p, bool draw)
{
	struct rect r = {in.y, in.x, in.h / 3 < NOTE_LINES ? in.h / 3 : NOTE_LINES, in.w};
	const struct catalog *cat = view_question(pane_view(s))->catalog;
	bool money = false;
	int lines;
	STRBUF(b);

	if (p->left_out)	/* first: a long note is cut */
		strbuf_addf(&b, "l: %u more column%s.%s", p->left_out,
			    p->left_out == 1 ? "" : "s", view_note(pane_view(s))[0] ? " " : "");
	sanitize(&b, str_from(view_note(pane_view(s))), SANITIZE_LINE);
	for (unsigned i = 0; i < p->n; i++)
		money |= column_at(s, p->k[i])->type == CELL_MONEY ||
			 column_at(s, p->k[i])->type == CELL_REVENUE;
	if (money && b.len)
		strbuf_addc(&b, ' ');
	if (money)
		format_money_note(&b, cat);
	lines = draw_lines(t, strbuf_str(&b), in.w);
	if (lines > r.h)
		lines = r.h;
	if (draw) {
		r.y = in.y + in.h - lines;
		r.h = lines;
		draw_wrapped(t, r, strbuf_str(&b), STYLE_DIM);
	}
	return lines;
}

/* What the row under the cursor says stands below the rows, where a row is to be decided on;
 * lines that it takes. */
static int draw_said(struct pane *s, const struct term *t, struct rect in)
{
	int h = in.h >= 24 ? 4 : in.h >= 14 ? 3 : 0;
	STRBUF(what);
	STRBUF(sentence);
	STRBUF(clean);

	if (!s->class->decides || !h)
		return 0;
	view_say(pane_view(s), pane_row(s, s->list.cursor), &sentence, &what);
	strbuf_addc(&what, ' ');
	strbuf_add(&what, strbuf_str(&sentence));
	sanitize(&clean, strbuf_str(&what), SANITIZE_LINE);
	draw_wrapped(t, (struct rect){in.y + in.h - h, in.x, h, in.w}, strbuf_str(&clean),
		     STYLE_TEXT);
	return h + 1;
}

static void draw_table(struct pane *s, const struct term *t, struct rect in, bool focus)
{
	struct place p;
	int notes, head = pane_has_heading(s);

	choose(s, &p, in.w);
	notes = note_lines(s, t, in, &p, true);
	if (notes)
		in.h -= notes + 1;
	in.h -= draw_said(s, t, in);
	if (head)
		draw_heading(s, t, in, &p);
	list_fit(&s->list, (unsigned)(in.h - head));
	for (int y = 0; y < in.h - head && s->list.top + (uint64_t)y < s->list.count; y++) {
		uint64_t row = s->list.top + (uint64_t)y;
		bool here = row == s->list.cursor;

		draw_row(s, t, in, in.y + head + y, row, &p,
			 !here ? STYLE_TEXT : focus ? STYLE_CURSOR : STYLE_CURSOR_IDLE);
	}
}

/* The note stands still below what scrolls. */
static void draw_page(struct pane *s, const struct term *t, struct rect in, bool focus)
{
	const struct place none = {0};
	int notes = in.h < PAGE_NOTE ? 0 : note_lines(s, t, in, &none, true);

	if (notes)
		in.h -= notes + 1;
	pane_page_draw(s, t, in, focus);
}

void pane_sheet_draw(struct pane *s, const struct pane_look *look, struct rect r)
{
	const struct term *t = look->term;
	bool focus = look->focus;
	struct rect in = rect_inside(r);
	const char *note = view_note(pane_view(s));
	STRBUF(line);
	STRBUF(title);
	STRBUF(place);

	s->found = look->found;
	strbuf_addc(&line, ':');
	pane_add_line(s, NULL, &line);
	sanitize(&title, strbuf_str(&line), SANITIZE_LINE);
	if (s->chart) {
		pane_page_place(s, &place);
	} else if (s->list.count) {
		num_add_grouped(&place, (int64_t)s->list.cursor + 1);
		strbuf_adds(&place, " of ");
		num_add_grouped(&place, (int64_t)s->list.count);
	}
	draw_frame(t, r, (struct frame){0, strbuf_str(&title), strbuf_str(&place), focus});
	in.x++;
	in.w -= 2;
	if (in.h < 3 || in.w < 10)
		return;
	if (s->chart)
		draw_page(s, t, in, focus);
	else if (s->list.count)
		draw_table(s, t, in, focus), pane_draw_marks(s, t, r);
	else
		draw_wrapped(t, in, str_from(*note ? note : "Nothing is in this view."),
			     STYLE_DIM);
}

void pane_add_cut(struct pane *s, const struct term *t, struct strbuf *b)
{
	struct cell cells[PANE_COLUMNS] = {0};
	struct place p;
	STRBUF(text);

	if (s->chart) {
		const struct page_spot *spot = pane_spot(s);

		strbuf_adds(b, spot && spot->label ? spot->label : "");
		return;
	}
	if (!s->list.count)
		return;
	choose(s, &p, t->cols - 4);
	view_row(pane_view(s), pane_row(s, s->list.cursor), cells);
	for (unsigned i = 0; i < p.n; i++) {
		add_cell(&text, s, p.k[i], cells);
		if (draw_cells(t, strbuf_str(&text)) <= p.w[i])
			continue;
		strbuf_adds(b, b->len ? "   " : "");
		strbuf_add(b, strbuf_str(&text));
	}
}
