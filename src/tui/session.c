/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where someone was in a store: a small file per store, lines of NAME TAB VALUE. It is
 * written at the end and after changes of the view, so that a kill loses little.
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "tui/state.h"
#include "tui/xdg.h"

/* The store's own name among all: its absolute path, hashed. */
static void file_name(const struct explorer *e, struct strbuf *b)
{
	char path[PATH_MAX];
	const char *real = realpath(e->path, path) ? path : e->path;

	strbuf_addf(b, "session-%016llx", (unsigned long long)str_hash(str_from(real), 0));
}

/* Ids with tabs or line ends can't be written down here. */
static void add_id(struct strbuf *b, const char *name, const struct text *ids, uint32_t i)
{
	struct str id;

	if (i >= ids->n)
		return;
	id = text_at(ids, i);
	if (str_chr(id, '\n') == SIZE_MAX && str_chr(id, '\t') == SIZE_MAX)
		strbuf_addf(b, "%s\t%.*s\n", name, STR_ARG(id));
}

static void add_place(struct strbuf *b, const struct catalog *c, const struct place *p)
{
	strbuf_addf(b, "focus\t%d\n", (int)p->focus);
	add_id(b, "category", &c->category_id, p->category);
	add_id(b, "product", &c->product_id, p->product);
}

void session_save(struct explorer *e)
{
	const struct catalog *c = e->edition->cat;
	struct place here = explorer_place(e);
	STRBUF(name);
	STRBUF(b);

	if (!e->resume || e->table.stale)
		return;
	strbuf_addf(&b, "store\t%s\n", e->path);
	if (e->lens)
		strbuf_addf(&b, "where\t%s\n", filter_text(e->lens->filter));
	strbuf_addf(&b, "sort\t%s\nreverse\t%d\nsame\t%s\nmulti\t%d\nzoom\t%d\n", e->sort,
		    e->reverse, same_category_name(e->same), e->multi, e->zoom);
	if (e->model[0])
		strbuf_addf(&b, "model\t%s\n", e->model);
	if (e->level != UINT_MAX)
		strbuf_addf(&b, "level\t%u\n", e->level);
	for (int f = 0; f < LAYOUT_FORMS; f++)
		for (int i = 0; i < LAYOUT_COLUMNS; i++)
			if (e->wish.wider[f][i])
				strbuf_addf(&b, "wider\t%d.%d.%d\n", f, i, e->wish.wider[f][i]);
	add_place(&b, c, &here);
	for (int m = 0; m < MARKS; m++)
		if (e->marked[m]) {
			strbuf_addf(&b, "mark\t%c\n", m);
			add_place(&b, c, &e->mark[m]);
		}
	file_name(e, &name);
	xdg_write(XDG_STATE, strbuf_c(&name), strbuf_str(&b));
	e->saved_at = time_now_monotonic();
}

struct reading {
	struct explorer *e;
	struct place here, *place;	/* that lines are about: here, or a mark */
	struct strbuf where;
};

static void take_number(struct explorer *e, struct str name, uint64_t n)
{
	if (str_is(name, "reverse"))
		e->reverse = n == 1;
	else if (str_is(name, "multi"))
		e->multi = n == 1;
	else if (str_is(name, "zoom"))
		e->zoom = n == 1;
	else if (str_is(name, "level"))
		e->level = (unsigned)n;
}

static void take_wider(struct explorer *e, struct str value)
{
	struct str part;
	int64_t n[3];
	int i = 0;

	while (i < 3 && str_next(&value, '.', &part) && num_i64(part, &n[i]))
		i++;
	if (i == 3 && n[0] >= 0 && n[0] < LAYOUT_FORMS && n[1] >= 0 &&
	    n[1] < LAYOUT_COLUMNS && n[2] > -TERM_COLS_MAX && n[2] < TERM_COLS_MAX)
		e->wish.wider[n[0]][n[1]] = (int)n[2];
}

/* What a line says of a place; false: something else. */
static bool take_place(struct reading *r, struct str name, struct str value)
{
	const struct store *s = r->e->edition->store;
	uint64_t n;

	if (str_is(name, "category"))
		r->place->category = store_find(s, "category", value);
	else if (str_is(name, "product"))
		r->place->product = store_find(s, "product", value);
	else if (str_is(name, "focus"))
		r->place->focus = num_u64(value, &n) && n < PANES ? (enum pane)n
								  : PANE_PRODUCTS;
	else
		return false;
	return true;
}

static void take_line(struct reading *r, struct str name, struct str value)
{
	struct explorer *e = r->e;
	unsigned char mark = value.len ? (unsigned char)value.ptr[0] : 0;
	uint64_t n;

	if (take_place(r, name, value))
		return;
	if (str_is(name, "where")) {
		strbuf_add(&r->where, value);
	} else if (str_is(name, "sort") && value.len && value.len < sizeof e->sort) {
		explorer_sort(e, value, false);
	} else if (str_is(name, "model")) {
		explorer_model(e, value, NULL);
	} else if (str_is(name, "same")) {
		same_category_parse(value, &e->same);
	} else if (str_is(name, "wider")) {
		take_wider(e, value);
	} else if (str_is(name, "mark") && mark > ' ' && mark < MARKS) {
		r->place = &e->mark[mark];
		*r->place = (struct place){.category = CATALOG_NONE, .product = CATALOG_NONE};
		e->marked[mark] = true;
	} else if (num_u64(value, &n)) {
		take_number(e, name, n);
	}
}

bool session_resume(struct explorer *e)
{
	struct reading r = {.e = e, .place = &r.here};
	struct str rest, line, name;
	STRBUF(file);
	STRBUF(text);

	r.here = (struct place){.category = CATALOG_NONE, .product = CATALOG_NONE,
				.focus = PANE_PRODUCTS};
	file_name(e, &file);
	if (!xdg_read(XDG_STATE, strbuf_c(&file), &text))
		return false;
	rest = strbuf_str(&text);
	while (str_next(&rest, '\n', &line))
		if (str_next(&line, '\t', &name))
			take_line(&r, name, line);
	if (r.where.len) {
		chips_put(e, strbuf_c(&r.where));
		e->chips_tried = true;
	}
	strbuf_finish(&r.where);
	undo_finish(&e->undo);
	explorer_go_place(e, &r.here);
	explorer_message(e, "back where you left; --no-resume begins anew");
	return true;
}
