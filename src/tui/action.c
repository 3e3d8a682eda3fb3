/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do: from an action of the table to the function that does it. */
#include "config.h"

#include "base/time.h"
#include "tui/state.h"

#define ASK_AFTER 1.0	/* s since q closed something */

void act_command(struct explorer *e, uint64_t count)
{
	line_open(e);
}

void act_help(struct explorer *e, uint64_t count)
{
	help_open(e);
}

void act_mouse(struct explorer *e, uint64_t count)
{
	e->mouse = !e->mouse;
	term_mouse(e->term, e->mouse);
	explorer_message(e, e->mouse ? "mouse on: Shift with the mouse selects text"
				     : "mouse off: the terminal selects text");
}

void act_redraw(struct explorer *e, uint64_t count)
{
	term_redraw(e->term);
}

void act_suspend(struct explorer *e, uint64_t count)
{
	if (e->kiosk)
		explorer_message(e, "a kiosk can't be stopped");
	else
		term_suspend(e->term);
}

void act_cancel(struct explorer *e, uint64_t count)
{
	if (runner_busy(e->runner)) {
		runner_cancel(e->runner);
	} else if (panes_stop_making(e)) {
		explorer_message(e, "cancelled: %s", strbuf_c(&e->panes.making));
	} else if (e->find.scanning) {
		e->find.scanning = false;
	} else {
		explorer_message(e, "nothing is running; q leaves");
	}
}

/* false: nothing is on top. */
static bool close_top(struct explorer *e)
{
	if (e->menu.open)
		e->menu.open = false;
	else if (e->pager.open)
		pager_close(&e->pager);
	else if (panes_sheet(e))
		sheet_close(e);
	else if (e->sight.zoom)
		act_zoom(e, 0);
	else
		return false;
	return true;
}

void act_escape(struct explorer *e, uint64_t count)
{
	if (e->deciding.range.number && !e->menu.open && !e->pager.open)
		act_range(e, 0);
	else if (!close_top(e) && !find_forget(e))
		explorer_message(e, "q leaves");
}

void act_close(struct explorer *e, uint64_t count)
{
	double now = time_now_monotonic();

	if (close_top(e)) {
		e->closed_at = now;
		return;
	}
	/* A q too many, of several in a row, is asked about once. */
	if (now - e->closed_at < ASK_AFTER) {
		e->closed_at = 0;
		explorer_message(e, "q once more leaves");
		return;
	}
	if (runner_busy(e->runner))
		explorer_message(e, "a command is running: Ctrl-C cancels it, Q leaves");
	else
		e->quit = true;
}

void act_quit(struct explorer *e, uint64_t count)
{
	e->quit = true;
}

static void (*const actions[ACTIONS])(struct explorer *e, uint64_t count) = {
#define KEY_GROUP(name, title)
#define KEY(name, ...) [ACTION_##name] = act_##name,
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
};

/* With a menu, text or a sheet on top, only what makes sense there. */
static bool allowed(struct explorer *e, enum action a)
{
	enum key_group g = key_table[a].group;

	if (e->menu.open)
		return g == GROUP_MOVE || a == ACTION_follow || a == ACTION_back ||
		       a == ACTION_next_pane ||
		       (g == GROUP_APP && a != ACTION_help && a != ACTION_command);
	if (e->pager.open)
		return g == GROUP_MOVE || g == GROUP_APP || a == ACTION_find ||
		       a == ACTION_find_next || a == ACTION_find_previous;
	if (!panes_sheet(e) || a == ACTION_next_pane || a == ACTION_previous_pane ||
	    a == ACTION_zoom ||
	    a == ACTION_follow || a == ACTION_back || (g != GROUP_PANES && g != GROUP_GO))
		return true;
	explorer_message(e, "q closes this sheet first");
	return false;
}

void action_run(struct explorer *e, enum action a, uint64_t count)
{
	if (!e->menu.open && !e->pager.open && view_takes(e, a, count))
		return;
	if (allowed(e, a))
		actions[a](e, count);
}
