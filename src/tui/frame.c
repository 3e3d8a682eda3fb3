/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One frame: panes, titles, message and footer, and what lies over them. */
#include "config.h"

#include "ask/asked.h"
#include "base/num.h"
#include "base/time.h"
#include "cmd/key_table.h"
#include "tui/draw.h"
#include "tui/state.h"
#include "view/format.h"
#include "view/view.h"

static void add_path(struct strbuf *b, const struct explorer *e)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t c = e->category;

	if (c >= cat->n_categories) {
		strbuf_adds(b, "All products");
		return;
	}
	for (unsigned d = 0; d <= cat->category_depth[c]; d++) {
		if (d)
			strbuf_addf(b, " %s ", e->term->glyphs->path);
		strbuf_add(b, text_at(&cat->category_name, catalog_ancestor(cat, c, d)));
	}
}

/* "by views" and which way round. */
static void add_sort(struct strbuf *b, const struct explorer *e)
{
	const struct view_class *v = view_find(STR("products"));
	struct sort sort;
	unsigned i = 0;
	bool up;

	if (!asked_sort(&e->sight.own[PANE_PRODUCTS], &sort, NULL))
		return;
	while (i < v->n_columns && !str_is(sort.column, v->columns[i].key))
		i++;
	up = i == v->n_columns || column_ascends(&v->columns[i]);	/* attributes do */
	if (sort.way != SORT_USUAL)
		up = sort.way == SORT_ASCENDING;
	strbuf_adds(b, "   by ");
	if (i < v->n_columns)
		strbuf_adds(b, v->columns[i].title);
	else
		strbuf_add(b, sort.column);
	strbuf_addf(b, " %s", up ? e->term->glyphs->up : e->term->glyphs->down);
}

/* "link 380ms 1.2k": a frame to the terminal and back, and its bytes. */
static void add_link(struct strbuf *b, const struct explorer *e)
{
	if (e->link == WHEN_OFF || (e->link == WHEN_AUTO && !explorer_lean(e)) ||
	    e->pace.round_trip <= 0)
		return;
	strbuf_addf(b, "   link %.0fms ", e->pace.round_trip * 1000);
	num_add_short(b, (uint64_t)e->pace.bytes);
	if (explorer_lean(e))
		strbuf_adds(b, " lean");
}

/* Which import it is and, where w cells have room for it, its days. */
static void add_import(struct strbuf *b, const struct explorer *e, int w)
{
	const struct catalog *cat = e->edition->cat;
	STRBUF(days);

	strbuf_addf(b, "   import %llu",
		    (unsigned long long)store_generation(e->edition->store));
	if (e->term->cols < 120 || cat->first_time > cat->last_time ||
	    (cat->caps & CAP_UNDATED) || !cat->n_events)
		return;
	strbuf_adds(&days, ": ");
	time_add_date(&days, catalog_clock(cat, cat->first_time));
	strbuf_adds(&days, " to ");
	time_add_date(&days, catalog_clock(cat, cat->last_time));
	if (draw_cells(e->term, strbuf_str(b)) + (int)days.len <= w)
		strbuf_add(b, strbuf_str(&days));
}

/* What the first line says at its right end; more where there is room. */
static void add_status(struct strbuf *b, const struct explorer *e)
{
	const struct catalog *cat = e->edition->cat;
	struct members m = catalog_members(cat, e->category);
	uint32_t n = members_count(&m);

	num_add_grouped(b, n);
	strbuf_adds(b, n == 1 ? " product" : " products");
	add_sort(b, e);
	if (cat->price_scale > MONEY_DIGITS && !cat->currency[0] && (cat->caps & CAP_PRICES))
		strbuf_adds(b, "   prices are scaled");
	else if (cat->currency[0] && (cat->caps & CAP_PRICES) && e->term->cols >= 100)
		strbuf_addf(b, "   prices in %s", cat->currency);
	if (outlook_asks(&e->sight.asked, ASK_SAME_CATEGORY))
		strbuf_addf(b, "   own category: %s",
			    outlook_text(&e->sight.asked, ASK_SAME_CATEGORY).ptr);
	if (e->read_only)
		strbuf_adds(b, e->kiosk ? "   kiosk" : "   RO");
	add_link(b, e);
	if (e->term->cols >= 100)
		add_import(b, e, e->term->cols * 2 / 3);
}

static void draw_top(const struct explorer *e)
{
	struct rect r = e->panes.layout.top;
	int cells;
	STRBUF(path);
	STRBUF(status);

	add_path(&path, e);
	add_status(&status, e);
	cells = draw_cells(e->term, strbuf_str(&status));
	if (cells > r.w * 2 / 3)
		cells = r.w * 2 / 3;
	draw_text(e->term, (struct rect){r.y, r.x + 1, 1, r.w - cells - 4},
		  strbuf_str(&path), STYLE_KEY);
	draw_text(e->term, (struct rect){r.y, r.x + r.w - cells - 1, 1, cells},
		  strbuf_str(&status), STYLE_TEXT);
}

/* "j/k move": the key in the style of keys, then what it does. */
static int draw_hint(const struct term *t, int y, int x, const char *hint)
{
	struct str s = str_from(hint);
	size_t space = str_chr(s, ' ');
	struct str key = str_span(s.ptr, space == SIZE_MAX ? s.len : space);
	int used = draw_text(t, (struct rect){y, x, 1, t->cols - x}, key, STYLE_KEY);

	if (space == SIZE_MAX)
		return used;
	return used + draw_text(t, (struct rect){y, x + used, 1, t->cols - x - used},
				str_span(s.ptr + space, s.len - space), STYLE_TEXT);
}

/* "q quit", with the key that the action has now; nothing where it has none. */
static void add_hint(const struct explorer *e, enum action a, struct strbuf *b)
{
	const char *keys = keymap_keys(&e->keymap, a), *hint = key_table[a].footer;

	if (!hint || !*keys)
		return;
	if (keys != key_table[a].keys) {
		STRBUF(first);

		strbuf_add(&first, str_span(keys, strcspn(keys, " ")));
		keys_add_names(b, strbuf_c(&first));
		hint += strcspn(hint, " ");
	}
	strbuf_adds(b, hint);
}

static void take_hint(const struct explorer *e, bool *shown, enum action a, int *left)
{
	STRBUF(hint);

	add_hint(e, a, &hint);
	if (!hint.len || shown[a] || (int)hint.len + 2 > *left)
		return;
	shown[a] = true;
	*left -= (int)hint.len + 2;
}

/* Keys of suggestions, maps and decisions are told where they do something. */
static bool works_anywhere(enum action a)
{
	return !(a >= ACTION_same_category && a <= ACTION_multi) &&
	       !(a >= ACTION_approve && a <= ACTION_give_again) &&
	       !(a >= ACTION_map_nearer && a <= ACTION_map_turn) && a != ACTION_why;
}

/* As many as fit: the ones that lead to all others, those of this place, the rest; they stand
 * in the order of the table. */
static void draw_footer(struct explorer *e)
{
	static const enum action first[] = {
		ACTION_help, ACTION_close, ACTION_down, ACTION_next_pane, ACTION_follow,
	};
	bool shown[ACTIONS] = {false};
	int x = 1, left = e->term->cols - 1 + 2;

	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		take_hint(e, shown, first[i], &left);
	for (const enum action *a = help_place(e); *a != ACTION_NONE; a++)
		take_hint(e, shown, *a, &left);
	for (int a = ACTION_NONE + 1; a < ACTIONS; a++)
		if (works_anywhere((enum action)a))
			take_hint(e, shown, (enum action)a, &left);
	for (int a = ACTION_NONE + 1; a < ACTIONS; a++) {
		STRBUF(hint);

		if (!shown[a])
			continue;
		add_hint(e, (enum action)a, &hint);
		x += draw_hint(e->term, e->panes.layout.footer.y, x, strbuf_c(&hint)) + 2;
	}
}

/* Where keys are told at other times: those of the tour, and what to do with it. */
static void draw_tour(const struct explorer *e)
{
	static const char controls[] = "Space next  q quit";
	struct rect r = e->panes.layout.footer;
	int w = r.w - 2 - (int)sizeof controls;
	STRBUF(b);

	tour_caption(&e->tour, &b);
	if (!e->record && draw_cells(e->term, strbuf_str(&b)) <= w)
		draw_text(e->term,
			  (struct rect){r.y, r.w - (int)sizeof controls, 1,
					(int)sizeof controls},
			  STR(controls), STYLE_DIM);
	draw_text(e->term, (struct rect){r.y, r.x + 1, 1, r.w - 2}, strbuf_str(&b),
		  STYLE_KEY);
}

static void draw_pager_footer(const struct explorer *e)
{
	static const char *const hints[] = {"j/k scroll", "h/l sideways", "/ find", "n next",
					    "q close"};
	int x = 1;

	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		x += draw_hint(e->term, e->panes.layout.footer.y, x, hints[i]) + 2;
}

#define SHEET_HINTS 16

static bool fits(const char *hint, int *left)
{
	int w = (int)strlen(hint) + 2;

	if (w > *left)
		return false;
	*left -= w;
	return true;
}

static void draw_sheet_footer(const struct explorer *e)
{
	static const char *const rows[] = {
		"j/k move", "Enter follow", "Bksp back", "Tab form", "/ find", "q close",
		"? help", "h/l columns", "o sort", "w why", ": command", NULL,
	};
	static const char *const map[] = {
		"hjkl move", "+/- zoom", "_ whole", "C colour", "Enter go", "v rectangle",
		"R turn", "Tab rows", "q close", "? help", ": command", NULL,
	};
	static const char *const charts[] = {
		"hjkl move", "Enter follow", "v filter by it", "Bksp back", "Tab rows", "/ find",
		": command", "q close", "? help", NULL,
	};
	static const char *const board[] = {
		"a approve", "x reject", ". skip", "p pin", "c reason, scope", "v range", "u undo",
		"w why", "Tab pane", "& filter", "z all of it", "? help", "q back", NULL,
	};
	const struct pane *s = panes_sheet(e);
	const char *const *hints = pane_has_board(s) ? board : !s->chart ? rows :
				   s->page.fills ? map : charts;
	bool shown[SHEET_HINTS] = {false};
	int x = 1, left = e->term->cols;

	/* The way out and the way to all others get room first. */
	for (size_t i = 0; hints[i]; i++)
		if (hints[i][0] == 'q' || hints[i][0] == '?')
			shown[i] = fits(hints[i], &left);
	for (size_t i = 0; hints[i]; i++)
		shown[i] = shown[i] || fits(hints[i], &left);
	for (size_t i = 0; hints[i]; i++)
		if (shown[i])
			x += draw_hint(e->term, e->panes.layout.footer.y, x, hints[i]) + 2;
}

static struct pane_look look_of(struct explorer *e, enum pane_id at)
{
	static const int numbers[PANES] = {
		[PANE_CATEGORIES] = 1, [PANE_PRODUCTS] = 2, [PANE_SIMILAR] = 3,
		[PANE_COMPLEMENTARY] = 4, [PANE_TRANSITIONS] = 5, [PANE_SELECTED] = 6,
	};
	const struct pane *p = &e->panes.at[at];
	bool stale = pane_stale(p) || (!pane_leads(at) && pane_stale(&e->panes.at[PANE_PRODUCTS]));

	return (struct pane_look){
		.term = e->term,
		.number = numbers[at],
		.focus = at == e->panes.focus && !e->pager.open && !e->menu.open,
		.framed = at != PANE_SELECTED || e->panes.layout.selected_framed,
		.leads = pane_leads(at),
		.named = stale && e->late != LATE_NOT,
		.found = p == panes_front(e) ? find_shown(e) : NULL,
		.dim = stale && e->late == LATE_DIM && at != PANE_CATEGORIES,
		.counting = p->shown && !pane_leads(at) &&
			    p->shown->asked.lens != panes_lens(e, at),
	};
}

/* What the row under the cursor of the focused pane says: the sentence, and (if asked) what
 * it is. */
static void say(const struct explorer *e, struct strbuf *sentence, struct strbuf *what)
{
	const struct pane *p = &e->panes.at[e->panes.focus];
	STRBUF(rest);

	if (pane_view(p) && !pane_stale(p) && p->list.count)
		view_say(pane_view(p), pane_row(p, p->list.cursor), sentence, what ? what : &rest);
}

/* A sentence without the few words behind it. */
static struct str in_full(const struct strbuf *b)
{
	struct str rest = strbuf_str(b), s;

	return str_next(&rest, '\n', &s) ? s : strbuf_str(b);
}

/* The lower half of the selected product's pane says of the row under the cursor what it
 * is. */
static void draw_pointed(const struct explorer *e)
{
	struct rect in = rect_inside(e->panes.layout.pane[PANE_SELECTED]);
	STRBUF(sentence);
	STRBUF(what);

	if (pane_leads(e->panes.focus) || e->panes.focus == PANE_SELECTED ||
	    !e->panes.layout.selected_framed || !rect_shown(in) || in.h < 4)
		return;
	say(e, &sentence, &what);
	if (!what.len)
		return;
	in.y += in.h / 2;
	in.h -= in.h / 2;
	for (int y = 0; y < in.h; y++)
		draw_fill(e->term, (struct rect){in.y + y, in.x, 1, in.w}, STYLE_TEXT);
	in.x++;
	in.w -= 2;
	strbuf_addc(&what, ' ');
	strbuf_add(&what, in_full(&sentence));
	draw_wrapped(e->term, in, strbuf_str(&what), STYLE_TEXT);
}

static void draw_panes(struct explorer *e)
{
	struct pane_look look;
	struct rect flow = e->panes.layout.flow;

	for (int p = 0; p < PANES; p++) {
		look = look_of(e, (enum pane_id)p);
		if (rect_shown(e->panes.layout.pane[p]))
			pane_draw(&e->panes.at[p], &look, e->panes.layout.pane[p]);
	}
	draw_pointed(e);
	if (!rect_shown(flow))
		return;
	look = look_of(e, PANE_TRANSITIONS);
	flow.x++;
	flow.w--;
	pane_draw_line(&e->panes.at[PANE_TRANSITIONS], &look, "t flow ", flow);
}

/* What the focused pane says of itself, which its frame may have to cut. */
static void add_note(struct strbuf *b, const struct explorer *e, int w)
{
	struct str rest, full;
	bool few;
	STRBUF(said);

	for (int p = 0; p < PANES && !b->len; p++)
		if (e->panes.at[p].shown)
			strbuf_adds(b, e->panes.at[p].shown->sampled);
	if (b->len || pane_leads(e->panes.focus))
		return;
	say(e, &said, NULL);
	rest = strbuf_str(&said);
	few = str_next(&rest, '\n', &full);
	full = few ? full : strbuf_str(&said);
	strbuf_add(b, few && rest.len && draw_cells(e->term, full) > w ? rest : full);
	if (!b->len)
		strbuf_add(b, strbuf_str(&e->panes.at[e->panes.focus].note));
}

static void draw_message(struct explorer *e)
{
	struct rect r = e->panes.layout.message;
	STRBUF(b);

	if (e->message.text.len) {
		draw_text(e->term, (struct rect){r.y, r.x + 1, 1, r.w - 2},
			  strbuf_str(&e->message.text),
			  e->message.error ? STYLE_ERROR : STYLE_MESSAGE);
		return;
	}
	if (runner_busy(e->runner)) {
		runner_progress(e->runner, &b);
	} else if (panes_making(e)) {
		strbuf_addf(&b, "running %s", strbuf_c(&e->panes.making));
		worker_progress(e->worker, &b);
		strbuf_adds(&b, " (Ctrl-C cancels)");
	} else if (e->find.scanning) {
		strbuf_adds(&b, "looking");
	} else if (e->keys.count) {
		strbuf_addf(&b, "%llu", (unsigned long long)e->keys.count);
	} else if (!e->pager.open && panes_sheet(e)) {
		pane_add_cut(panes_sheet(e), e->term, &b);
	} else if (!e->pager.open && !explorer_stale(e)) {
		add_note(&b, e, r.w - 2);
	}
	draw_text(e->term, (struct rect){r.y, r.x + 1, 1, r.w - 2}, strbuf_str(&b),
		  STYLE_DIM);
}

static void draw_too_small(const struct explorer *e)
{
	const struct term *t = e->term;

	draw_text(t, (struct rect){t->rows / 2, 0, 1, t->cols},
		  STR("too small: 40x8 at least"), STYLE_TEXT);
	move(t->rows / 2, 0);
}

/* Where the cursor of the focused pane stands: for braille and magnifiers. */
static void park_cursor(struct explorer *e)
{
	struct pane *p = panes_front(e);
	struct rect body = e->panes.layout.body;
	int y, x;

	pane_cursor(p, p->sheet ? body : e->panes.layout.pane[e->panes.focus], &y, &x);
	if (e->pager.open)
		y = rect_inside(body).y;
	else if (e->menu.open)
		y = body.y + 1 + (int)(e->menu.list.cursor - e->menu.list.top);
	move(y < e->term->rows ? y : e->term->rows - 1, e->menu.open ? body.x + 3 : x);
}

static void add_price(void *ctx, const struct board_rule *rule, struct strbuf *b)
{
	struct explorer *e = ctx;

	pricing_add(e->pricing, e->edition, rule, b);
}

static void add_models(void *ctx, const uint32_t pair[2], struct strbuf *b)
{
	struct explorer *e = ctx;

	judging_add(e->judging, e->edition, pair, b);
}

/* As boxes, where it has some and they have room. A kiosk's time is for what visitors ask. */
static void draw_sheet(struct explorer *e)
{
	const struct pane_look look = {
		.term = e->term, .focus = !e->menu.open, .found = find_shown(e),
		.beside = {e->kiosk ? NULL : add_price, e->kiosk ? NULL : add_models, e,
			   deciding_may(e) ? strbuf_str(&e->deciding.who) : (struct str){0},
			   !e->read_only, e->deciding.drafted},
	};

	if (!pane_board_draw(panes_sheet(e), &look, e->panes.layout.body))
		pane_sheet_draw(panes_sheet(e), &look, e->panes.layout.body);
}

void frame_draw(struct explorer *e)
{
	int y, x;

	werase(stdscr);
	e->panes.wish.focus = e->panes.focus;
	e->panes.wish.zoom = e->sight.zoom;
	e->panes.wish.chips = e->lens != NULL;
	layout_make(&e->panes.layout, e->term->rows, e->term->cols, &e->panes.wish);
	if (e->panes.layout.form == LAYOUT_TOO_SMALL) {
		draw_too_small(e);
		return;
	}
	range_show(e);
	draw_top(e);
	if (e->lens)
		chips_draw(e, e->panes.layout.chips);
	if (e->pager.open)
		pager_draw(&e->pager, e->term, e->panes.layout.body);
	else if (panes_sheet(e))
		draw_sheet(e);
	else
		draw_panes(e);
	if (e->menu.open)
		menu_draw(&e->menu, e->term, e->panes.layout.body);
	if (e->tour.on)
		draw_tour(e);
	else if (e->pager.open)
		draw_pager_footer(e);
	else if (panes_sheet(e))
		draw_sheet_footer(e);
	else
		draw_footer(e);
	if (!prompt_is_open()) {
		draw_message(e);
		park_cursor(e);
		return;
	}
	prompt_draw(e->term, e->panes.layout.message, &y, &x);
	move(y, x);
}
