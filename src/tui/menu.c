/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short list over the panes; a letter or Enter chooses. */
#include "config.h"

#include "tui/menu.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tui/draw.h"

void menu_open(struct menu *m, const char *title,
	       void (*chosen)(struct explorer *e, unsigned i))
{
	assert(title && chosen);
	menu_close(m);
	*m = (struct menu){.open = true, .title = title, .chosen = chosen,
			   .keys = "Enter chooses, Esc leaves"};
}

void menu_removes(struct menu *m, void (*removed)(struct explorer *e, unsigned i))
{
	m->removed = removed;
	m->keys = "Enter edits, Bksp removes, Esc leaves";
}

void menu_second(struct menu *m, void (*second)(struct explorer *e, unsigned i),
		 const char *keys)
{
	assert(second);
	m->second = second;
	m->keys = keys;
}

void menu_close(struct menu *m)
{
	for (uint64_t i = 0; i < m->list.count; i++) {
		free(m->item[i]);
		free(m->help[i]);
	}
	m->list.count = 0;
	m->open = false;
}

int menu_item(const struct menu *m, uint32_t key)
{
	for (uint64_t i = 0; i < m->list.count; i++)
		if (m->key[i] && key == (unsigned char)m->key[i])
			return (int)i;
	return -1;
}

void menu_add(struct menu *m, struct menu_entry x)
{
	uint64_t n = m->list.count;

	assert(x.item);
	if (n == MENU_MAX)
		return;
	m->item[n] = mem_strdup(x.item);
	m->help[n] = x.help ? mem_strdup(x.help) : NULL;
	m->key[n] = x.key;
	list_set(&m->list, n + 1, x.chosen ? n : m->list.cursor);
}

static void draw_item(const struct menu *m, const struct term *term, struct rect in,
		      int y, uint64_t i, int names)
{
	enum style st = i == m->list.cursor ? STYLE_CURSOR : STYLE_TEXT;
	char key[] = {m->key[i], '\0'};
	int x = in.x + 1;

	draw_fill(term, (struct rect){y, in.x, 1, in.w}, st);
	if (m->key[0]) {
		draw_text(term, (struct rect){y, x, 1, 1}, str_from(key),
			  st == STYLE_TEXT ? STYLE_KEY : st);
		x += 3;
	}
	draw_text(term, (struct rect){y, x, 1, names}, str_from(m->item[i]), st);
	if (m->help[i])
		draw_text(term,
			  (struct rect){y, x + names + 2, 1,
					in.x + in.w - 1 - (x + names + 2)},
			  str_from(m->help[i]), st);
}

void menu_draw(struct menu *m, const struct term *term, struct rect body)
{
	int names = 0, w, h = (int)m->list.count + 2, most = body.w - 4;
	bool helps = false;
	struct rect r, in;

	for (uint64_t i = 0; i < m->list.count; i++) {
		int cells = draw_cells(term, str_from(m->item[i]));

		names = cells > names ? cells : names;
		helps = helps || m->help[i];
	}
	w = names + (helps ? 60 : 8);
	if (w < 56)
		w = 56;
	if (w > most)
		w = most;
	if (names > w - 8)
		names = w - 8;
	if (h > body.h)
		h = body.h;
	r = (struct rect){body.y, body.x + 2, h, w};
	in = rect_inside(r);
	for (int y = 0; y < h; y++)
		draw_fill(term, (struct rect){r.y + y, r.x, 1, r.w}, STYLE_TEXT);
	draw_frame(term, r, (struct frame){0, str_from(m->title), str_from(m->keys), true});
	if (!rect_shown(in))
		return;
	list_fit(&m->list, (unsigned)in.h);
	for (int y = 0; y < in.h && m->list.top + (uint64_t)y < m->list.count; y++)
		draw_item(m, term, in, in.y + y, m->list.top + (uint64_t)y, names);
}
