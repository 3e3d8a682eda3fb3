/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terminal and the system send: keys, the mouse, pastes, signals. */
#include "config.h"

#include <math.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/time.h"
#include "tui/state.h"

static void prompt_input(struct explorer *e, uint32_t key)
{
	enum prompt_result r;
	STRBUF(line);

	if (key == KEY_CTRL('z')) {	/* as anywhere; the line is there when it comes back */
		action_run(e, ACTION_suspend, 0);
		return;
	}
	r = prompt_key(key);

	strbuf_add(&line, prompt_text());
	if (prompt_kind() == '&') {
		chips_typed(e, r, strbuf_str(&line));
	} else if (prompt_kind() == '>') {
		if (r == PROMPT_DONE)
			take_export(e, strbuf_str(&line));
	} else if (prompt_kind() == '!') {
		if (r == PROMPT_DONE)
			deciding_reason(e, str_trim(strbuf_str(&line)));
	} else if (e->find.typing) {
		if (r == PROMPT_TYPING)
			find_typed(e);
		else
			find_close(e, r == PROMPT_DONE);
	} else if (r == PROMPT_DONE && e->pager.open) {
		if (!pager_find(&e->pager, strbuf_str(&line), 1, true))
			explorer_message(e, "\"%s\" is not in this text", strbuf_c(&line));
	} else if (r == PROMPT_DONE) {
		line_run(e, strbuf_str(&line));
	}
}

static bool inside(struct rect r, const MEVENT *m)
{
	return m->y >= r.y && m->y < r.y + r.h && m->x >= r.x && m->x < r.x + r.w;
}

/* A heading sorts, and once more the other way round. */
static void click_heading(struct explorer *e, struct pane *p, struct rect in, int x)
{
	const char *column = pane_heading(p, in, x);

	if (column)
		panes_sort(e, column, column == view_sort(pane_view(p)) &&
			   !view_turned(pane_view(p)));
}

/* A click on the row that is selected follows it. */
static void click_pane(struct explorer *e, enum pane_id at, const MEVENT *m)
{
	struct rect r = e->panes.layout.pane[at], in = rect_inside(r);
	struct pane *p = &e->panes.at[at];
	uint64_t before = p->list.cursor;
	bool again = e->panes.focus == at, row;

	explorer_focus(e, at);
	if (!p->class->draw && m->y == in.y) {
		click_heading(e, p, in, m->x);
		return;
	}
	row = pane_view(p) && m->y >= in.y && m->y < in.y + in.h && pane_click(p, r, m->y, m->x);
	if (row && again && p->list.cursor == before)
		action_run(e, ACTION_follow, 0);
	else if (row)
		action_run(e, ACTION_first, p->list.cursor + 1);
}

/* The x of a chip takes it away, the rest of it opens it. */
static bool click_chip(struct explorer *e, const MEVENT *m)
{
	for (unsigned i = 0; i < chips_count(e) && i < CHIPS_SEEN; i++) {
		struct rect r = e->chips.at[i];
		STRBUF(b);

		if (!inside(r, m))
			continue;
		filter_add_term(e->lens->filter, i, &b);
		if (m->x >= r.x + r.w - 3)
			chips_remove(e, i);
		else
			chips_prompt(e, i, strbuf_str(&b), b.len);
		return true;
	}
	return false;
}

static void click(struct explorer *e, const MEVENT *m)
{
	uint64_t item = e->menu.list.top + (uint64_t)(m->y - e->panes.layout.body.y - 1);

	e->drag_y = m->y;
	e->drag_x = m->x;
	if (e->menu.open) {
		if (m->y > e->panes.layout.body.y && item < e->menu.list.count)
			action_choose(e, (unsigned)item);
		return;
	}
	if (!e->pager.open && panes_sheet(e))
		pane_click(panes_sheet(e), e->panes.layout.body, m->y, m->x);
	if (e->pager.open || panes_sheet(e) || click_chip(e, m))
		return;
	if (inside(e->panes.layout.flow, m))
		explorer_focus(e, PANE_TRANSITIONS);
	for (int p = 0; p < PANES; p++)
		if (inside(e->panes.layout.pane[p], m)) {
			click_pane(e, (enum pane_id)p, m);
			return;
		}
}

static void take_mouse(struct explorer *e)
{
	MEVENT m;

	if (getmouse(&m) != OK)
		return;
	if (m.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED))
		action_run(e, m.bstate & BUTTON4_PRESSED ? ACTION_up : ACTION_down, 3);
	else if (m.bstate & BUTTON1_RELEASED && (m.y != e->drag_y || m.x != e->drag_x))
		explorer_message(e, "Shift with the mouse selects text; %% gives the mouse "
				 "to the terminal");
	else if (m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
		click(e, &m);
}

/* What a key does, whoever typed it. */
static void take_key(struct explorer *e, uint32_t key)
{
	enum action a;
	uint64_t count;

	if (key == (KEY_IS_CURSES | KEY_RESIZE))
		return;
	if (prompt_is_open()) {
		prompt_input(e, key);
		return;
	}
	if (key == (KEY_IS_CURSES | KEY_MOUSE)) {
		take_mouse(e);
		return;
	}
	strbuf_reset(&e->message.text);
	range_seen(e);
	if (e->marks.awaited) {
		explorer_mark(e, key);
		return;
	}
	if (e->menu.open && menu_item(&e->menu, key) >= 0) {
		action_choose(e, (unsigned)menu_item(&e->menu, key));
		return;
	}
	a = keys_take(&e->keys, key, &count);
	if (a != ACTION_NONE)
		action_run(e, a, count);
	else if (!keys_pending(&e->keys))
		explorer_message(e, "that key does nothing here: ? shows the keys");
}

/* --- the tour types keys as a person would */

static void tour_go(struct explorer *e, double now)
{
	double seconds = tour_seconds(&e->tour);
	const char *keys = tour_step(&e->tour, now);

	if (e->record)
		record_seen(e->record, keys ? seconds : RECORD_LAST);
	if (!keys && e->record)
		e->quit = true;
	else if (!keys)
		explorer_message(e, "your turn: look around, ? explains, q leaves; the tour begins "
				 "again by itself");
	for (const char *k = keys ? keys : ""; *k; k++)
		take_key(e, (unsigned char)*k);
	e->dirty = e->unsettled = true;
}

/* As it was at the beginning, whatever was left open. */
static void tour_again(struct explorer *e, double now)
{
	for (int i = 0; i < 4; i++)
		take_key(e, KEY_ESCAPE);
	take_key(e, 'u');	/* what the tour rejected */
	while (panes_sheet(e))
		sheet_close(e);
	e->sight.zoom = false;
	chips_put(e, NULL);
	explorer_focus(e, PANE_PRODUCTS);
	explorer_ask_table(e, CATALOG_NONE, tour_product(e->edition->cat));
	strbuf_reset(&e->message.text);
	tour_start(&e->tour, e->tour.pace, now);
	e->dirty = e->unsettled = true;
}

static void tour_key(struct explorer *e, uint32_t key)
{
	double now = time_now_monotonic();
	enum tour_wish wish = tour_press(&e->tour, key, now);

	if (wish == TOUR_STEP)
		tour_go(e, now);
	e->quit = e->quit || wish == TOUR_QUIT;
}

double explorer_tour_wait(const struct explorer *e, double now)
{
	return tour_wait(&e->tour, e->dirty || e->rest || worker_busy(e->worker) ||
			 runner_busy(e->runner), now);
}

void explorer_tour(struct explorer *e, double now)
{
	if (explorer_tour_wait(e, now) > 0)
		return;
	if (e->tour.on)
		tour_go(e, now);
	else
		tour_again(e, now);
}

static void take_paste(struct explorer *e)
{
	if (prompt_is_open()) {
		prompt_paste(input_paste(e->input));
		if (e->find.typing)
			find_typed(e);
	} else {
		/* Letters of a pasted text must not run as keys. */
		explorer_message(e, "pasted text: press / or : first, then paste");
	}
}

void explorer_take_input(struct explorer *e)
{
	uint32_t key;
	double now = time_now_monotonic();

	for (;;) {
		switch (input_next(e->input, e->pace.waiting, now, &key)) {
		case INPUT_NOTHING:
			return;
		case INPUT_REPLY:
			pace_reply(&e->pace, time_now_monotonic());
			continue;
		case INPUT_REPEATS:
			term_repeats(e->term);
			continue;
		case INPUT_GROUND:
			e->ground_light = input_light(e->input);
			e->ground_known = true;
			settings_theme(e);
			break;
		case INPUT_PASTE:
			take_paste(e);
			break;
		case INPUT_KEY:
			if (e->tour.on) {
				tour_key(e, key);
				break;
			}
			if (e->tour.again > 0)
				tour_idle(&e->tour, now);
			take_key(e, key);
			break;
		}
		e->dirty = e->unsettled = true;
		if (e->quit)
			return;
	}
}

void explorer_take_signals(struct explorer *e)
{
	struct signalfd_siginfo s;
	bool resized = false;

	while (read(e->signals, &s, sizeof s) == (ssize_t)sizeof s) {
		e->unsettled = e->dirty = true;
		switch (s.ssi_signo) {
		case SIGWINCH:
			resized = true;	/* a storm of them is one change */
			break;
		case SIGTSTP:
			term_suspend(e->term);
			break;
		case SIGCONT:
			term_resume(e->term);
			break;
		case SIGHUP:
			e->quit = e->hung_up = true;
			break;
		default:
			e->died_of = (int)s.ssi_signo;
			e->quit = true;
		}
	}
	if (resized) {
		term_resize(e->term);
		prompt_resize(e->term->rows, e->term->cols);
	}
}

