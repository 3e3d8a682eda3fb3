/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the baskets of a category go, as a pane: name, bar, share, its interval, n, lift. */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "base/utf8.h"
#include "view/sketch.h"
#include "view/transitions.h"

struct places {
	struct span label, bar, share, interval, n, words;
};

static const char *basket_word(enum basket_kind k)
{
	return k == BASKET_PURCHASE ? "purchases" : k == BASKET_CART ? "carts" : "sessions";
}

/* "3.9x chance", or what can be said where chance is not defined. */
static void add_words(struct strbuf *b, const struct flow_row *row)
{
	if (row->from == row->to) {
		strbuf_adds(b, "two of them");
	} else if (!isnan(row->assoc.lift)) {
		sketch_add_times(b, row->assoc.lift);
		strbuf_adds(b, " chance");
	}
}

static struct places places_of(int w)
{
	struct places p = {0};
	int end = w, rest;

	if (w >= 66)
		p.words = span_right(&end, 12);
	p.n = span_right(&end, 5);
	if (w >= 38)
		p.interval = span_right(&end, 10);
	p.share = span_right(&end, 6);
	rest = end - 1;
	/* Names first: the bars only compare the shares. */
	p.bar.w = rest >= 60 ? rest / 3 : rest >= 15 ? 2 + rest / 6 : 0;
	p.bar.x = end - p.bar.w;
	p.label = (struct span){1, rest - (p.bar.w ? p.bar.w + 1 : 0)};
	return p;
}

/* The name gives way to the count: half a number is another number. */
static void add_detail(struct sketch *s, const struct view *v, const struct transitions *t)
{
	const struct question *q = view_question(v);
	const struct flow *f = &t->flow;
	uint32_t from = f->n_rows ? f->rows[0].from : q->category;
	bool wide = s->w >= 60;
	struct str name;
	int room;
	STRBUF(count);

	if (from >= t->cat->n_categories)
		return;
	if (f->n_rows) {
		strbuf_adds(&count, wide ? ", " : " n=");
		num_add_short(&count, f->rows[0].counts.n_a);
		if (wide)
			strbuf_addf(&count, " %s%s", basket_word(f->kind),
				    asked_multi(q->outlook) ? " of two or more" : "");
	}
	strbuf_adds(&s->detail, wide ? " from " : " ");
	room = s->w - sketch_heads(s) - 2 - (int)strlen("5 Transitions") - (int)s->detail.len -
	       (int)count.len;
	name = text_at(&t->cat->category_name, from);
	if (room > 0 && utf8_cells(name) > (size_t)room)
		utf8_fit(&s->detail, name, (size_t)room, s->marks.ellipsis);
	else if (room > 0)
		strbuf_add(&s->detail, name);
	strbuf_add(&s->detail, strbuf_str(&count));
}

static double largest_share(const struct flow *f)
{
	double most = 0;

	for (size_t i = 0; i < f->n_rows; i++)
		most = fmax(most, f->rows[i].assoc.confidence);
	return most;
}

/* most: the share that fills the bar. */
static void draw_row(struct sketch *s, int y, const struct transitions *t,
		     const struct flow_row *row, const struct places *at, double most)
{
	STRBUF(share);
	STRBUF(interval);
	STRBUF(n);
	STRBUF(words);

	s->faint[y] = row->small;
	sketch_text(s, y, at->label, text_at(&t->cat->category_name, row->to), INK_TEXT);
	sketch_bar(s, y, at->bar, most > 0 ? row->assoc.confidence / most : 0,
		   INK_SERIES + 2);
	if (isnan(row->assoc.confidence))
		strbuf_addc(&share, '-');
	else
		strbuf_addf(&share, "%.1f%%", 100 * row->assoc.confidence);
	strbuf_addf(&interval, "%.1f-%.1f", 100 * row->assoc.confidence_low,
		    100 * row->assoc.confidence_high);
	num_add_short(&n, row->counts.n);
	add_words(&words, row);
	sketch_right(s, y, at->share, &share, INK_TEXT);
	sketch_right(s, y, at->interval, &interval, INK_TEXT);
	sketch_right(s, y, at->n, &n, INK_TEXT);
	sketch_right(s, y, at->words, &words, INK_TEXT);
}

/* " teapots 39%" if all of it fits into w cells, or if it must be there. */
static bool add_share(struct strbuf *b, const struct transitions *t, const struct flow_row *row,
		      int w, bool must)
{
	size_t len = b->len;

	strbuf_addc(b, ' ');
	strbuf_add(b, text_at(&t->cat->category_name, row->to));
	strbuf_addf(b, " %.0f%%", 100 * row->assoc.confidence);
	if (must || utf8_cells(strbuf_str(b)) <= (size_t)w)
		return true;
	b->len = len;
	b->ptr[len] = '\0';
	return false;
}

/* The largest of them. */
static void draw_line(struct sketch *s, const struct transitions *t)
{
	const struct flow *f = &t->flow;
	STRBUF(b);

	if (f->n_rows) {
		strbuf_adds(&b, "n=");
		num_add_short(&b, f->rows[0].counts.n_a);
		strbuf_addf(&b, " %s", s->marks.path);
	}
	for (size_t i = 0; i < f->n_rows && i < 3; i++)
		if (!add_share(&b, t, &f->rows[i], s->w, i == 0))
			break;
	sketch_made(s, 0, (struct span){0, s->w}, &b, INK_TEXT);
}

void transitions_draw(struct view *v, void *state, struct sketch *s)
{
	const struct transitions *t = state;
	const struct flow *f = &t->flow;
	struct places at = places_of(s->w);
	double most = largest_share(f);

	if (s->line) {
		draw_line(s, t);
		return;
	}
	if (f->n_rows) {
		sketch_head(s, at.interval, STR("95%"));
		sketch_head(s, at.n, STR("n"));
		sketch_head(s, at.words, STR("lift"));
	}
	add_detail(s, v, t);
	strbuf_adds(&s->note, f->n_rows || f->note[0] ? f->note :
		    "nothing was counted for this category");
	for (unsigned i = 0; i < s->n; i++)
		draw_row(s, (int)i, t, &f->rows[t->order ? t->order[s->row[i]] : s->row[i]], &at,
			 most);
}
