/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that scrolls: its lines, and the search in them. */
#include "config.h"

#include "tui/pager.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cmd/key_table.h"
#include "tui/draw.h"

static struct str line_at(const struct pager *p, uint64_t i)
{
	return str_span(p->text.ptr + p->line[i], p->line[i + 1] - p->line[i] - 1);
}

static void cut_lines(struct pager *p)
{
	size_t n = 0, begin = 0;

	if (p->text.len == 0 || p->text.ptr[p->text.len - 1] != '\n')
		strbuf_addc(&p->text, '\n');
	for (size_t i = 0; i < p->text.len; i++) {
		if (p->text.ptr[i] != '\n')
			continue;
		MEM_GROW(p->line, p->cap, n + 2);
		p->line[n++] = begin;
		begin = i + 1;
	}
	p->line[n] = begin;
	p->list = (struct list){.count = n, .page = 1};
}

void pager_open(struct pager *p, struct str title, struct str text)
{
	strbuf_reset(&p->title);
	strbuf_reset(&p->text);
	strbuf_reset(&p->query);
	sanitize(&p->title, title, SANITIZE_LINE);
	sanitize(&p->text, text, SANITIZE_TEXT);
	cut_lines(p);
	p->left = 0;
	p->keys = false;
	p->open = true;
}

void pager_close(struct pager *p)
{
	p->open = false;
}

void pager_finish(struct pager *p)
{
	strbuf_finish(&p->title);
	strbuf_finish(&p->text);
	strbuf_finish(&p->query);
	free(p->line);
	*p = (struct pager){0};
}

static uint64_t last_top(const struct pager *p)
{
	return p->list.count > p->list.page ? p->list.count - p->list.page : 0;
}

void pager_go(struct pager *p, uint64_t line)
{
	list_go(&p->list, line < last_top(p) ? line : last_top(p));
}

void pager_scroll(struct pager *p, int64_t lines)
{
	list_move(&p->list, lines);
	pager_go(p, p->list.cursor);
}

/* "  Ctrl-D, PgDn      half a page down": is C-d or Ctrl-D among its keys? */
static bool names_key(struct str line, struct str key)
{
	size_t end = str_find(str_span(line.ptr + 2, line.len > 2 ? line.len - 2 : 0),
			      STR("  "));
	struct str rest, part;
	STRBUF(typed);
	STRBUF(name);

	if (line.len < 3 || line.ptr[0] != ' ' || line.ptr[1] != ' ')
		return false;
	strbuf_add(&typed, key);
	keys_add_names(&name, strbuf_c(&typed));
	rest = str_span(line.ptr + 2, end == SIZE_MAX ? line.len - 2 : end);
	while (str_next(&rest, ',', &part))
		if (str_eq(str_trim(part), key) || str_eq(str_trim(part), strbuf_str(&name)))
			return true;
	return false;
}

static bool holds(const struct pager *p, struct str line)
{
	struct str query = strbuf_str(&p->query);

	if (p->keys && query.len > 1 && query.ptr[0] == '@')
		return names_key(line, str_span(query.ptr + 1, query.len - 1));
	return str_find_nocase(line, query) != SIZE_MAX;
}

bool pager_find(struct pager *p, struct str query, int by, bool here)
{
	uint64_t n = p->list.count, i = p->list.cursor;

	assert(by == 1 || by == -1);
	if (query.ptr != p->query.ptr) {
		strbuf_reset(&p->query);
		strbuf_add(&p->query, query);
	}
	if (p->query.len == 0 || n == 0)
		return false;
	for (uint64_t k = here ? 0 : 1; k < n + (here ? 0 : 1); k++) {
		uint64_t j = by > 0 ? (i + k) % n : (i + n - k % n) % n;

		if (holds(p, line_at(p, j))) {
			list_go(&p->list, j);
			return true;
		}
	}
	return false;
}

/* Bytes of s that take `cells` cells, to scroll sideways. */
static struct str skip_cells(const struct term *t, struct str s, int cells)
{
	size_t pos = 0;

	while (cells > 0 && pos < s.len) {
		size_t before = pos;

		utf8_next(s, &pos);
		cells -= draw_cells(t, str_span(s.ptr + before, pos - before));
	}
	return str_span(s.ptr + pos, s.len - pos);
}

static void draw_line(const struct pager *p, const struct term *t, struct rect in, int y,
		      struct str s)
{
	size_t hit = p->query.len ? str_find_nocase(s, strbuf_str(&p->query)) : SIZE_MAX;
	int x;

	draw_text(t, (struct rect){y, in.x, 1, in.w}, s, STYLE_TEXT);
	if (hit == SIZE_MAX)
		return;
	x = draw_cells(t, str_span(s.ptr, hit));
	if (x < in.w)
		draw_text(t, (struct rect){y, in.x + x, 1, in.w - x},
			  str_span(s.ptr + hit, p->query.len), STYLE_MATCH);
}

void pager_draw(struct pager *p, const struct term *term, struct rect r)
{
	struct rect in = rect_inside(r);
	uint64_t last;
	STRBUF(place);

	in.x++;
	in.w -= 2;
	if (in.h <= 0 || in.w <= 0)
		return;
	p->list.page = (unsigned)in.h;
	last = p->list.cursor + p->list.page;
	strbuf_addf(&place, "%llu-%llu of %llu lines",
		    (unsigned long long)p->list.cursor + 1,
		    (unsigned long long)(last < p->list.count ? last : p->list.count),
		    (unsigned long long)p->list.count);
	draw_frame(term, r, (struct frame){0, strbuf_str(&p->title), strbuf_str(&place), true});
	for (int y = 0; y < in.h; y++) {
		uint64_t i = p->list.cursor + (uint64_t)y;

		draw_fill(term, (struct rect){in.y + y, in.x - 1, 1, in.w + 2},
			  STYLE_TEXT);
		if (i < p->list.count)
			draw_line(p, term, in, in.y + y,
				  skip_cells(term, line_at(p, i), p->left));
	}
}
