/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/menu.h"

#include "tui/draw.h"

void menu_open(struct menu *m, const char *title)
{
	*m = (struct menu){.open = true, .title = title};
}

void menu_add(struct menu *m, const char *item, const char *help, bool chosen)
{
	uint64_t n = m->list.count;

	if (n == MENU_MAX)
		return;
	m->item[n] = item;
	m->help[n] = help;
	list_set(&m->list, n + 1, chosen ? n : m->list.cursor);
}

void menu_draw(struct menu *m, const struct term *term, struct rect body)
{
	int names = 0, w, h = (int)m->list.count + 2;
	struct rect r, in;

	for (uint64_t i = 0; i < m->list.count; i++)
		if ((int)strlen(m->item[i]) > names)
			names = (int)strlen(m->item[i]);
	w = names + 60 < body.w - 4 ? names + 60 : body.w - 4;
	if (h > body.h)
		h = body.h;
	r = (struct rect){body.y, body.x + 2, h, w};
	in = rect_inside(r);
	for (int y = 0; y < h; y++)
		draw_fill(term, r.y + y, r.x, r.w, STYLE_TEXT);
	draw_frame(term, r, 0, str_from(m->title), STR("Enter chooses, Esc leaves"), true);
	if (!rect_shown(in))
		return;
	list_fit(&m->list, (unsigned)in.h);
	for (int y = 0; y < in.h && m->list.top + (uint64_t)y < m->list.count; y++) {
		uint64_t i = m->list.top + (uint64_t)y;
		enum style st = i == m->list.cursor ? STYLE_CURSOR : STYLE_TEXT;

		draw_fill(term, in.y + y, in.x, in.w, st);
		draw_text(term, in.y + y, in.x + 1, names, str_from(m->item[i]), st);
		if (m->help[i])
			draw_text(term, in.y + y, in.x + names + 3, in.w - names - 4,
				  str_from(m->help[i]), st);
	}
}
