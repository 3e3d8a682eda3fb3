/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terminal and the system send: keys, the mouse, pastes, signals. */
#include "config.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/time.h"
#include "tui/state.h"

static void prompt_input(struct explorer *e, uint32_t key)
{
	enum prompt_result r = prompt_key(key);
	STRBUF(line);

	strbuf_add(&line, prompt_text());
	if (prompt_kind() == '&') {
		chips_typed(e, r, strbuf_str(&line));
	} else if (e->find.typing) {
		if (r == PROMPT_TYPING)
			find_typed(e);
		else
			find_close(e, r == PROMPT_DONE);
	} else if (e->sheets.finding) {
		sheet_typed(e, strbuf_str(&line), r != PROMPT_TYPING);
	} else if (r == PROMPT_DONE && e->pager.open) {
		if (!pager_find(&e->pager, strbuf_str(&line), 1, true))
			explorer_message(e, "\"%s\" is not in this text", strbuf_c(&line));
	} else if (r == PROMPT_DONE) {
		line_run(e, strbuf_str(&line));
	}
}

static void take_mouse(struct explorer *e)
{
	MEVENT m;

	if (getmouse(&m) != OK || e->menu.open)
		return;
	if (m.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		action_run(e, m.bstate & BUTTON4_PRESSED ? ACTION_up : ACTION_down, 3);
		return;
	}
	if (sheets_top(&e->sheets))
		return;
	for (int p = 0; p < PANES && !e->pager.open; p++) {
		struct rect r = e->layout.pane[p], in = rect_inside(r);
		struct list *l = action_list(e, (enum pane)p);
		int row = m.y - in.y - (p == PANE_PRODUCTS);

		if (m.y < r.y || m.y >= r.y + r.h || m.x < r.x || m.x >= r.x + r.w ||
		    !l)
			continue;
		explorer_focus(e, (enum pane)p);
		if (row >= 0 && l->top + (uint64_t)row < l->count)
			action_run(e, ACTION_first, l->top + (uint64_t)row + 1);
	}
}

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
	strbuf_reset(&e->message);
	if (key == (KEY_IS_CURSES | KEY_MOUSE)) {
		take_mouse(e);
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
		case INPUT_PASTE:
			take_paste(e);
			break;
		case INPUT_KEY:
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

