/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the baskets of a category go, as a pane: name, bar with what chance would give, share,
 * its interval, lift, n. */
#include "config.h"

#include <math.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/utf8.h"
#include "view/evidence.h"
#include "view/names.h"
#include "view/sketch.h"
#include "view/transitions.h"

struct places {
	struct span label, bar, share, interval, lift, n;
};

static const char *basket_word(enum basket_kind k)
{
	return k == BASKET_PURCHASE ? "baskets" : k == BASKET_CART ? "carts" : "sessions";
}

static struct places places_of(int w, int longest)
{
	struct places p = {0};
	int end = w, rest;

	p.n = span_right(&end, 5);
	if (w >= 30)
		p.lift = span_right(&end, 5);
	p.share = span_right(&end, 6);
	rest = end - 1;
	/* Names first, then bars, which compare the shares with chance, then intervals. */
	if (rest - 12 - 11 >= longest) {
		p.interval = span_right(&end, 10);
		rest = end - 1;
	}
	p.bar.w = rest - (longest < rest - 7 ? longest : rest - 7) - 1;
	p.bar.w = p.bar.w > rest / 2 ? rest / 2 : p.bar.w;
	if (p.bar.w < 4)
		p.bar.w = 0;
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
	if (f->n_rows && wide) {
		strbuf_adds(&count, ", ");
		num_add_short(&count, f->rows[0].counts.n_a);
		strbuf_addf(&count, " %s%s", basket_word(f->kind),
			    f->multi ? " of two or more" : "");
	}
	strbuf_adds(&s->detail, wide ? " from " : " of ");
	room = s->w - sketch_heads(s) - 2 - (int)strlen("5 Transitions") - (int)s->detail.len -
	       (int)count.len;
	name = text_at(&t->cat->category_name, from);
	if (room > 0 && utf8_cells(name) > (size_t)room)
		utf8_fit(&s->detail, name, (size_t)room, s->marks.ellipsis);
	else if (room > 0)
		strbuf_add(&s->detail, name);
	strbuf_add(&s->detail, strbuf_str(&count));
}

/* What the shares are of, below the rows. */
static void add_note(struct sketch *s, const struct transitions *t)
{
	const struct flow *f = &t->flow;

	if (!f->n_rows) {
		strbuf_adds(&s->note, f->note[0] ? f->note :
			    "nothing was counted for this category");
		return;
	}
	strbuf_adds(&s->note, "of ");
	num_add_short(&s->note, f->rows[0].counts.n_a);
	strbuf_addf(&s->note, " %s with it%s; | = chance%s%s", basket_word(f->kind),
		    f->multi ? ", of two or more" : "", f->note[0] ? "; " : "", f->note);
	s->foot = true;
}

/* Share of all baskets that hold b: what the share among a's is compared with. */
static double base_rate(const struct flow_row *row)
{
	return row->from == row->to || !row->counts.n_all ? NAN :
	       (double)row->counts.n_b / (double)row->counts.n_all;
}

static double largest_share(const struct flow *f)
{
	double most = 0;

	for (size_t i = 0; i < f->n_rows; i++) {
		double base = base_rate(&f->rows[i]);

		most = fmax(most, f->rows[i].assoc.confidence);
		most = isnan(base) ? most : fmax(most, base);
	}
	return most;
}

static const struct flow_row *row_of(const struct transitions *t, uint64_t i)
{
	return &t->flow.rows[t->order ? t->order[i] : i];
}

/* What the categories of the rows are called; the cells of the longest on the screen. */
static const struct str *name_rows(struct sketch *s, const struct transitions *t, int w,
				   int *longest)
{
	uint32_t *to = arena_alloc(s->arena, (s->n + 1) * sizeof *to);
	struct str *name = arena_alloc(s->arena, (s->n + 1) * sizeof *name);

	for (unsigned i = 0; i < s->n; i++)
		to[i] = row_of(t, s->row[i])->to;
	names_categories(&(struct names){.cat = t->cat, .at = to, .n = s->n, .w = w,
					 .path = s->marks.path, .ellipsis = s->marks.ellipsis},
			 s->arena, name);
	for (unsigned i = 0; longest && i < s->n; i++) {
		int cells = (int)utf8_cells(name[i]);

		*longest = cells > *longest ? cells : *longest;
	}
	return name;
}

/* most: the share that fills the bar. */
static void draw_row(struct sketch *s, int y, const struct flow_row *row, struct str name,
		     const struct places *at, double most)
{
	STRBUF(share);
	STRBUF(interval);
	STRBUF(n);
	STRBUF(lift);

	s->faint[y] = row->small;
	sketch_text(s, (struct stretch){y, at->label}, name, INK_TEXT);
	sketch_bar(s, (struct stretch){y, at->bar}, most > 0 ? row->assoc.confidence / most : 0,
		   INK_SERIES + 2);
	if (at->bar.w > 0)
		sketch_tick(s, base_rate(row) / most);
	if (isnan(row->assoc.confidence))
		strbuf_addc(&share, '-');
	else
		strbuf_addf(&share, "%.1f%%", 100 * row->assoc.confidence);
	strbuf_addf(&interval, "%.1f-%.1f", 100 * row->assoc.confidence_low,
		    100 * row->assoc.confidence_high);
	num_add_short(&n, row->counts.n);
	sketch_add_times(&lift, row->assoc.lift);
	sketch_right(s, (struct stretch){y, at->share}, &share, INK_TEXT);
	sketch_right(s, (struct stretch){y, at->interval}, &interval, INK_TEXT);
	sketch_right(s, (struct stretch){y, at->lift}, &lift, INK_TEXT);
	sketch_right(s, (struct stretch){y, at->n}, &n, INK_TEXT);
}

/* "Of the 23 baskets with rings, 2.5 (10.9%) hold an earring too; ..." */
void transitions_say(struct view *v, void *state, uint64_t i, struct strbuf *sentence,
		     struct strbuf *what)
{
	const struct transitions *t = state;
	const struct flow_row *row = row_of(t, i);
	struct assoc_counts c = row->counts;

	if (row->from == row->to)
		c.n_b = 0;	/* two of one category: there is no chance to compare with */
	evidence_words(sentence, basket_relation(t->flow.kind), &c,
		       (struct named_pair){text_at(&t->cat->category_name, row->from),
					   row->from == row->to
						   ? STR("another of them")
						   : text_at(&t->cat->category_name, row->to)});
	if (row->from != row->to) {
		strbuf_addc(sentence, '\n');
		evidence_brief(sentence, basket_relation(t->flow.kind), &c);
	}
	strbuf_addf(what, "To %.*s. ", STR_ARG(text_at(&t->cat->category_path, row->to)));
	strbuf_adds(what, t->flow.multi ? "Among the " : "Among all ");
	num_add_grouped(what, (int64_t)row->counts.n_all);
	strbuf_adds(what, t->flow.multi ? " baskets of two products or more. " : " baskets. ");
	strbuf_adds(what, "The mark on a bar is what chance would give.");
	(void)v;
}

/* " teapots 39%" if all of it fits into w cells, or if it must be there. */
static bool add_share(struct strbuf *b, const struct transitions *t, const struct flow_row *row,
		      int w, bool must)
{
	size_t len = b->len;

	strbuf_addc(b, ' ');
	strbuf_add(b, text_at(&t->cat->category_name, row->to));
	strbuf_addf(b, " %.0f%%", 100 * row->assoc.confidence);
	if (!isnan(row->assoc.lift)) {
		strbuf_addc(b, ' ');
		sketch_add_times(b, row->assoc.lift);
	}
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
		strbuf_adds(&b, "of ");
		num_add_short(&b, f->rows[0].counts.n_a);
		strbuf_addf(&b, " %s %s", basket_word(f->kind), s->marks.path);
	}
	for (size_t i = 0; i < f->n_rows && i < 3; i++)
		if (!add_share(&b, t, &f->rows[i], s->w, i == 0))
			break;
	sketch_made(s, (struct stretch){0, (struct span){0, s->w}}, &b, INK_TEXT);
}

void transitions_draw(struct view *v, void *state, struct sketch *s)
{
	const struct transitions *t = state;
	const struct flow *f = &t->flow;
	double most = largest_share(f);
	const struct str *name;
	struct places at;
	int longest = 0;

	if (s->line) {
		draw_line(s, t);
		return;
	}
	(void)name_rows(s, t, 0, &longest);
	at = places_of(s->w, longest);
	name = name_rows(s, t, at.label.w, NULL);
	if (f->n_rows) {
		sketch_head(s, at.interval, STR("95%"));
		sketch_head(s, at.n, STR("n"));
		sketch_head(s, at.lift, STR("lift"));
	}
	add_detail(s, v, t);
	add_note(s, t);
	for (unsigned i = 0; i < s->n; i++)
		draw_row(s, (int)i, row_of(t, s->row[i]), name[i], &at, most);
}
