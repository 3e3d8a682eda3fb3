/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screen: the program in a pseudo terminal, with libvterm as the terminal that
 * answers it. No sleeps: the program writes a byte to a descriptor of its own for
 * every frame that is drawn, acknowledged and settled (AISLE_FRAME_FD).
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/str.h"

#define SCREEN_LIMIT 30.0	/* s; longer is a failure */

struct screen_options {
	const char *store;
	const char *demo;	/* a folder: `demo` there, not `explore` */
	int rows, cols;		/* 0: 24x80 */
	const char *term;	/* NULL: xterm-256color; "": unset */
	const char *locale;	/* LC_ALL; NULL: C.UTF-8 */
	bool no_color;
	bool mute;		/* the terminal never answers */
	const char *where;	/* its answer to where its cursor is; NULL: the true one */
	unsigned baud;		/* of the link to the terminal, 10 bits a byte; 0: at once */
	double round_trip;	/* s, with `baud` */
	unsigned slow_ms;	/* AISLE_TEST_SLOW_PANEL */
	unsigned sample;	/* AISLE_TEST_SAMPLE */
	unsigned tour_ms;	/* AISLE_TEST_TOUR: for a step of the tour; 0: keys take them */
	const char *argument;	/* one more for `explore`, or NULL */
	const char *script;	/* run by a shell with job control instead; $AISLE and
				   $STORE are set */
	const char *home;	/* folder of the history; NULL: none that exists */
};

struct screen;

/* Start and wait for the first settled frame (not with `script`). */
struct screen *screen_start(const struct screen_options *o);
/* Kills it if it still runs. */
void screen_stop(struct screen *s);

/* Write keys and wait until they have been dealt with. */
void screen_press(struct screen *s, const char *keys);
/* The same, a wait behind each byte. */
void screen_type(struct screen *s, const char *text);
/* Each key by itself. */
void screen_keys(struct screen *s, const char *keys);
/* A command line of the explorer. */
void screen_line(struct screen *s, const char *text);
/* Write only. */
void screen_send(struct screen *s, const char *keys, size_t n);
/* Wait for a settled frame. */
void screen_wait(struct screen *s);
/* Wait until the screen's text holds that; seconds it took. */
double screen_wait_text(struct screen *s, const char *text);
/* Hold a key down, `rate` times a second. Seconds from the last one until the
 * screen stands still, as seen at the far end of a link of `baud`: what is on its way
 * then and what is sent yet, at the line's speed, however slow this machine is. */
double screen_hold(struct screen *s, char key, double rate, double seconds);
void screen_resize(struct screen *s, int rows, int cols);
void screen_signal(struct screen *s, int sig);
/* Close the terminal's end: the line is dropped. */
void screen_hang_up(struct screen *s);
/* Wait for its end; the status of waitpid. */
int screen_end(struct screen *s);
pid_t screen_pid(const struct screen *s);

/* Rows without trailing spaces, each with a newline; valid until the next call. */
const char *screen_text(struct screen *s);
const char *screen_row(struct screen *s, int row);
bool screen_has(struct screen *s, const char *text);
/* Fails with the whole screen where it isn't so. */
void screen_see(struct screen *s, const char *text);
void screen_see_not(struct screen *s, const char *text);
/* "row from-to style": what doesn't look like plain text. */
const char *screen_styles(struct screen *s);
/* Do all cells of the row have that look? "reverse", "bold", ... */
bool screen_row_has_style(struct screen *s, int row, const char *style);
void screen_cursor(struct screen *s, int *row, int *col);
bool screen_alternate(const struct screen *s);	/* the alternate screen is on */
bool screen_cursor_shown(const struct screen *s);
/* Line mode and echo are as at the start. */
bool screen_modes_restored(const struct screen *s);
/* All that the program has written since the start or screen_forget. */
struct str screen_raw(const struct screen *s);
void screen_forget(struct screen *s);

/* Compare text, cursor and (if asked) styles with tests/screen/golden/NAME.txt.
 * UPDATE_GOLDENS=1 writes it instead. Fails the test with both texts. */
void screen_golden(struct screen *s, const char *name, bool styles);

/* A store made from the small shop in data/, in a new folder; free() it. */
char *screen_store(void);
/* The same from a file of our own in the mkechinov form. */
char *screen_store_from(const char *events, const char *products);
/* From a log of any data set. */
char *screen_store_real(const char *dataset, const char *file);
/* Import the small shop into it again. */
void screen_import(const char *store);
/* The program with these arguments, at most 22 and NULL; the test fails if it does. */
void screen_run(const char *const *args);
void screen_remove(char *store);
/* A folder and all that is in it. */
void screen_remove_folder(const char *path);

#endif
