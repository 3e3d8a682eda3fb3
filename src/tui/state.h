/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state: all that an explorer knows, and the verbs that its parts share. */
#ifndef TUI_STATE_H
#define TUI_STATE_H

#include "base/str.h"
#include "cmd/cmd.h"
#include "tui/basket.h"
#include "tui/budget.h"
#include "tui/chips.h"
#include "tui/deciding.h"
#include "tui/edition.h"
#include "tui/find.h"
#include "tui/input.h"
#include "tui/judging.h"
#include "tui/keys.h"
#include "tui/lens.h"
#include "tui/looking.h"
#include "tui/menu.h"
#include "tui/message.h"
#include "tui/pace.h"
#include "tui/pager.h"
#include "tui/panes.h"
#include "tui/pricing.h"
#include "tui/prompt.h"
#include "tui/record.h"
#include "tui/runner.h"
#include "tui/term.h"
#include "tui/tour.h"
#include "tui/trail.h"
#include "tui/undo.h"

struct watch;

/* s. A panel that is ready so soon is worth waiting for: one frame, not two. */
#define GRACE 0.001
/* What is out of date is said, and dimmed later: no flicker in between. */
#define NAME_AFTER 0.04
#define DIM_AFTER 0.08
/* A held key comes more often than that; panels follow when it has rested. */
#define REST 0.06
#define SAVE_AFTER 2.0	/* between two writings of the session */

enum when {
	WHEN_AUTO,
	WHEN_ON,
	WHEN_OFF,
};

struct explorer {
	struct cmd_env *env;
	const char *path;
	struct term *term;
	struct input *input;
	struct worker *worker;
	struct runner *runner;
	struct pricing *pricing;
	struct judging *judging;
	struct watch *watch;
	struct edition *edition;
	int signals;		/* signalfd */
	int frame_fd;		/* tests: a byte per settled frame; -1: none */

	struct panes panes;
	bool read_only, kiosk, mouse;

	struct lens *lens;	/* the filter, or NULL */
	struct lens *shop_lens;	/* the same without its tests of products: for suggestions from
				   the whole shop; NULL: nothing is left of it */
	struct chips chips;
	uint32_t category;	/* that the table was asked for, or CATALOG_NONE */
	struct sight sight;	/* what panes are asked */

	struct trail trail;
	struct marks marks;
	struct place returning;		/* cursors to restore as results come, of these panes */
	bool returns[PANES];
	int drag_y, drag_x;		/* where the mouse went down */
	struct undo undo;
	struct deciding deciding;
	struct keys keys;
	struct keymap keymap;
	struct pager pager;
	struct menu menu;
	struct basket basket;
	uint64_t yank_rows;		/* typed before y: rows to copy, 0: all */
	struct strbuf log;		/* what was done, as lines of aisle shell */
	struct find find;
	struct message message;
	bool limited;		/* the running command got our limit of rows */

	enum theme theme;		/* THEMES: by the terminal's ground */
	bool ground_known, ground_light;
	bool glyphs_rich;		/* as the terminal has them */
	enum glyph_set glyphs;		/* else */
	bool show_users;
	unsigned hidden;		/* enum store_hidden */
	double beside_delay;		/* s: see rest */
	enum when link, lean;
	bool resume;			/* sessions are kept */
	double saved_at;		/* when it was saved last */
	struct strbuf config_said;	/* what is wrong in the file of settings, in lines */
	unsigned config_errors;

	struct tour tour;
	struct record *record;	/* the tour goes to a file, or NULL */
	struct budget budget;
	struct pace pace;
	bool dirty;		/* the screen is not what it should be */
	bool unsettled;		/* something happened since the last settled frame */
	double grace;		/* until then panels may still make this frame */
	double asked_at;	/* when something was asked of the worker */
	double took;		/* s that the last panels took */
	enum late late;		/* as it is on the screen */
	double closed_at;	/* when q last closed something: the next one may be too many */
	double moved_at;	/* when a key last moved the cursor */
	double rest;		/* a key is held: what is beside the list waits until
				   then; 0: none is */
	bool quit, hung_up;
	int died_of;		/* signal to end by, or 0 */
};

/* --- loop.c, events.c */
/* Until someone leaves. */
void explorer_loop(struct explorer *e);
void explorer_take_input(struct explorer *e);
void explorer_take_signals(struct explorer *e);
/* Take the step of the tour that is due, unless something is still being computed; seconds
 * until one is, INFINITY: none will be. */
void explorer_tour(struct explorer *e, double now);
double explorer_tour_wait(const struct explorer *e, double now);

/* --- arriving.c */
/* The keys have rested: what waited for that is drawn. */
void explorer_end_rest(struct explorer *e);
void explorer_take_results(struct explorer *e);
/* Move over to the newest import, if there is a newer one. */
void explorer_reload(struct explorer *e);

/* --- going.c */
/* The link is slow, or is to be spared all the same. */
bool explorer_lean(const struct explorer *e);
/* A key moved the cursor of the pane in front: the others follow, where it leads. */
void explorer_led(struct explorer *e);
void explorer_focus(struct explorer *e, enum pane_id pane);
struct place explorer_place(const struct explorer *e);
/* Go to a product or, with CATALOG_NONE, to a category; keeps the trail. */
void explorer_go(struct explorer *e, uint32_t category, uint32_t product);
void explorer_go_place(struct explorer *e, const struct place *p);
/* The same with its cursors and what was seen of its lists. */
void explorer_return(struct explorer *e, const struct place *p);
/* Select a product by id, or open a category. */
bool line_go(struct explorer *e, struct str where, struct err *err);
/* The key behind M or ' came. */
void explorer_mark(struct explorer *e, uint32_t key);

/* --- action.c: what keys do; each in act_move.c, act_view.c or act_take.c */
#define KEY_GROUP(name, title)
#define KEY(name, ...) void act_##name(struct explorer *e, uint64_t count);
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
void action_run(struct explorer *e, enum action a, uint64_t count);
/* Choose an item of the menu, which closes; what Tab does with the one under the cursor. */
void action_choose(struct explorer *e, unsigned i);
void action_second(struct explorer *e);

/* --- act_screens.c: what the cursor is on becomes a filter */
void filter_by_cursor(struct explorer *e);

/* --- view_keys.c: keys that the view in front takes, or one beside; false: none does */
bool view_takes(struct explorer *e, enum action a, uint64_t count);

/* --- following.c: Enter, on a row or a spot */
void explorer_follow(struct explorer *e);

/* --- key_help.c */
void help_open(struct explorer *e);
/* What is worth pressing where someone is; ends with ACTION_NONE. */
const enum action *help_place(struct explorer *e);

/* --- line.c: the ':' line */
void line_open(struct explorer *e);
void line_run(struct explorer *e, struct str line);
/* A command of the screen's own (CMD_FRONT). */
bool line_command(struct explorer *e, const struct command *c, struct args *a,
		  struct err *err);
/* A command has finished: show what it left behind. */
void line_finished(struct explorer *e, const struct runner_result *r);
/* The output of a command is there. */
void line_printed(struct explorer *e, const char *line, struct str output);

/* --- act_take.c, clip.c */
/* Write what is in front to a file, in the form that its name ends with. */
void take_export(struct explorer *e, struct str path);
/* To the clipboard, as far as there is one, and to a file; says what was done. `what`
 * begins a sentence. */
void clip_copy(struct explorer *e, const char *what, struct str text);

/* --- log.c: what was done, line by line */
void log_add(struct explorer *e, const char *command, struct str value);
void log_open(struct explorer *e);

/* --- settings.c */
/* Fit cmd_env.set and list_settings. */
bool settings_set(void *front, enum opt_id o, struct str value, struct err *err);
bool settings_list(void *front, struct err *err);
/* Colours for the theme, or for what is known of the terminal's ground. */
void settings_theme(struct explorer *e);

/* --- config.c */
/* Do what the person's file says; what is wrong in it is said, and no more. */
void settings_read(struct explorer *e);

/* --- session.c: where someone was, kept per store */
/* Go where this person left the store; false: nothing is known. */
bool session_resume(struct explorer *e);
void session_save(struct explorer *e);

/* --- frame.c */
/* Draw everything on stdscr, the cursor on the selected row. */
void frame_draw(struct explorer *e);

#endif
