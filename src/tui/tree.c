/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Categories as rows: what is unfolded, and the cursor among them. */
#include "config.h"

#include "tui/tree.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "tui/draw.h"

static bool has_children(const struct catalog *cat, uint32_t c)
{
	return cat->category_end[c] > c + 1;
}

static void rebuild(struct tree *t)
{
	const struct catalog *cat = t->cat;
	uint64_t n = 0;

	t->row[n++] = CATALOG_NONE;
	for (uint32_t c = 0; c < cat->n_categories;) {
		t->row[n++] = c;
		c = t->open[c] ? c + 1 : cat->category_end[c];
	}
	list_set(&t->list, n, t->list.cursor);
}

void tree_init(struct tree *t, const struct catalog *cat)
{
	*t = (struct tree){
		.cat = cat,
		.open = mem_zalloc((size_t)cat->n_categories + 1),
		.row = mem_resize(NULL, (size_t)cat->n_categories + 1, sizeof *t->row),
	};
	rebuild(t);
	/* A single root says nothing by itself. */
	if (cat->n_categories && cat->category_end[0] == cat->n_categories) {
		t->open[0] = true;
		rebuild(t);
	}
}

void tree_finish(struct tree *t)
{
	free(t->open);
	free(t->row);
	*t = (struct tree){0};
}

uint32_t tree_at(const struct tree *t)
{
	return t->row[t->list.cursor];
}

void tree_show(struct tree *t, uint32_t category)
{
	if (category >= t->cat->n_categories) {
		list_go(&t->list, 0);
		return;
	}
	for (uint32_t c = t->cat->category_parent[category]; c < t->cat->n_categories;
	     c = t->cat->category_parent[c])
		t->open[c] = true;
	rebuild(t);
	for (uint64_t i = 0; i < t->list.count; i++)
		if (t->row[i] == category)
			list_go(&t->list, i);
}

bool tree_open(struct tree *t)
{
	uint32_t c = tree_at(t);

	if (c == CATALOG_NONE || t->open[c] || !has_children(t->cat, c))
		return false;
	t->open[c] = true;
	rebuild(t);
	return true;
}

void tree_close(struct tree *t)
{
	uint32_t c = tree_at(t);

	if (c == CATALOG_NONE)
		return;
	if (t->open[c] && has_children(t->cat, c)) {
		t->open[c] = false;
		rebuild(t);
		return;
	}
	if (t->cat->category_parent[c] != CATALOG_NONE)
		tree_show(t, t->cat->category_parent[c]);
	else
		list_go(&t->list, 0);
}

void tree_move(struct tree *t, const struct edition *from, const struct edition *to)
{
	struct tree new;
	uint32_t at = edition_category_in(from, tree_at(t), to);

	tree_init(&new, to->cat);
	for (uint32_t c = 0; c < from->cat->n_categories; c++) {
		uint32_t there = t->open[c] ? edition_category_in(from, c, to)
					    : CATALOG_NONE;

		if (there != CATALOG_NONE)
			new.open[there] = true;
	}
	rebuild(&new);
	tree_show(&new, at);
	tree_finish(t);
	*t = new;
}

static void draw_row(const struct tree *t, const struct term *term, struct rect r, int y,
		     const struct lens *lens, uint32_t c, enum style st, bool mark)
{
	const struct catalog *cat = t->cat;
	const struct glyphs *g = term->glyphs;
	int indent = 0, room = r.w - 7;
	struct str name = STR("All products");
	STRBUF(b);

	if (c != CATALOG_NONE) {
		name = text_at(&cat->category_name, c);
		indent = 2 * cat->category_depth[c];
	}
	draw_fill(term, y, r.x, r.w, st);
	if (mark)
		draw_text(term, y, r.x, 1, str_from(g->cursor), st);
	/* Deep branches move left rather than out of sight. */
	if (indent > room - 10)
		indent = room > 10 ? room - 10 : 0;
	if (c != CATALOG_NONE && has_children(cat, c))
		draw_text(term, y, r.x + 1 + indent, 1,
			  str_from(t->open[c] ? g->open : g->closed), st);
	draw_text(term, y, r.x + 3 + indent, room - indent - 3, name, st);
	num_add_short(&b, lens_products(lens, cat, c));
	draw_right(term, y, r.x + r.w - 6, 6, strbuf_str(&b), st);
}

void tree_draw(struct tree *t, const struct term *term, struct rect r,
	       const struct lens *lens, bool focus)
{
	struct rect in = rect_inside(r);

	draw_frame(term, r, 1, STR("Categories"), STR("items"), focus);
	if (!rect_shown(in))
		return;
	list_fit(&t->list, (unsigned)in.h);
	for (int y = 0; y < in.h && t->list.top + (uint64_t)y < t->list.count; y++) {
		uint64_t i = t->list.top + (uint64_t)y;
		bool here = i == t->list.cursor;

		draw_row(t, term, in, in.y + y, lens, t->row[i],
			 !here ? STYLE_TEXT : focus ? STYLE_CURSOR : STYLE_CURSOR_IDLE,
			 here && !focus);
	}
}
