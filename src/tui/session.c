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

/* The place says the category. */
#define KEPT (asks_flagged(ASK_RESUMED) & ~(MAY(PRODUCT) | MAY(CATEGORY)))

static void add_asks(struct strbuf *b, const struct outlook *o)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_take(KEPT, i) && outlook_asks(o, i) &&
		    str_chr(outlook_text(o, i), '\n') == SIZE_MAX)
			strbuf_addf(b, "%s\t%s\n", ask_table[i].name, outlook_text(o, i).ptr);
}

void session_save(struct explorer *e)
{
	const struct catalog *c = e->edition->cat;
	struct place here = explorer_place(e);
	STRBUF(name);
	STRBUF(b);

	if (!e->resume || pane_stale(&e->panes.at[PANE_PRODUCTS]))
		return;
	strbuf_addf(&b, "store\t%s\nzoom\t%d\n", e->path, e->sight.zoom);
	add_asks(&b, &e->sight.asked);
	for (int p = 0; p < PANES; p++)
		if (outlook_asks(&e->sight.own[p], ASK_SORT))
			strbuf_addf(&b, "order\t%d.%s\n", p,
				    outlook_text(&e->sight.own[p], ASK_SORT).ptr);
	if (outlook_asks(&e->sight.own[PANE_COMPLEMENTARY], ASK_MODEL))
		strbuf_addf(&b, "complementary\t%s\n",
			    outlook_text(&e->sight.own[PANE_COMPLEMENTARY], ASK_MODEL).ptr);
	for (int f = 0; f < LAYOUT_FORMS; f++)
		for (int i = 0; i < LAYOUT_COLUMNS; i++) {
			int wider = e->panes.wish.wider[f][i];

			if (wider)
				strbuf_addf(&b, "wider\t%d.%d.%d\n", f, i, wider);
		}
	if (e->panes.wish.hidden)
		strbuf_addf(&b, "hidden\t%u\n", e->panes.wish.hidden);
	add_place(&b, c, &here);
	for (int m = 0; m < MARKS; m++)
		if (e->marks.set[m]) {
			strbuf_addf(&b, "mark\t%c\n", m);
			add_place(&b, c, &e->marks.at[m]);
		}
	file_name(e, &name);
	xdg_write(XDG_STATE, strbuf_c(&name), strbuf_str(&b));
	e->saved_at = time_now_monotonic();
}

struct reading {
	struct explorer *e;
	struct place here, *place;	/* that lines are about: here, or a mark */
};

/* Of one pane: "1.price:asc". */
static void take_order(struct explorer *e, struct str value)
{
	struct str number;
	uint64_t pane;

	if (!str_next(&value, '.', &number) || !num_u64(number, &pane) || pane >= PANES)
		return;
	if (pane != PANE_PRODUCTS)
		outlook_set(&e->sight.own[pane], ASK_SORT, value);
	else
		explorer_order(e, value);
}

/* What is asked of all panes; what this program doesn't take is let be. */
static void take_ask(struct explorer *e, struct str name, struct str value)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		enum opt_id o = opt_find(opt_explorer, name);

		if (!asks_take(KEPT, i) || !str_is(name, ask_table[i].name) || o == OPT_IDS ||
		    !opt_check(o, value, NULL))
			continue;
		if (i == ASK_MODEL)
			explorer_model(e, value, NULL);
		else
			outlook_set(&e->sight.asked, i, value);
	}
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
		e->panes.wish.wider[n[0]][n[1]] = (int)n[2];
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
		r->place->focus = num_u64(value, &n) && n < PANES ? (enum pane_id)n
								  : PANE_PRODUCTS;
	else
		return false;
	return true;
}

static void take_line(struct reading *r, struct str name, struct str value)
{
	struct explorer *e = r->e;
	unsigned char mark = value.len ? (unsigned char)value.ptr[0] : 0;
	uint64_t hidden;

	if (take_place(r, name, value))
		return;
	if (str_is(name, "zoom")) {
		e->sight.zoom = str_is(value, "1");
	} else if (str_is(name, "order")) {
		take_order(e, value);
	} else if (str_is(name, "complementary")) {
		explorer_complements(e, value, NULL);
	} else if (str_is(name, "wider")) {
		take_wider(e, value);
	} else if (str_is(name, "hidden")) {
		e->panes.wish.hidden = num_u64(value, &hidden) ?
				       (unsigned)hidden & ((1u << PANES) - 1) : 0;
	} else if (str_is(name, "mark") && mark > ' ' && mark < MARKS) {
		r->place = &e->marks.at[mark];
		*r->place = (struct place){.category = CATALOG_NONE, .product = CATALOG_NONE};
		e->marks.set[mark] = true;
	} else {
		take_ask(e, name, value);
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
	if (outlook_asks(&e->sight.asked, ASK_WHERE)) {
		STRBUF(where);

		strbuf_add(&where, outlook_text(&e->sight.asked, ASK_WHERE));
		chips_put(e, strbuf_c(&where));
		e->chips.tried = true;
	}
	undo_finish(&e->undo);
	explorer_go_place(e, &r.here);
	explorer_message(e, "back where you left; --no-resume begins anew");
	return true;
}
