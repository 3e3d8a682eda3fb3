/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Curses writes into a file in memory, not to the terminal. So a frame is one
 * write() however long it is, its end can carry the question that paces drawing
 * (pace.h), and modes and sizes of the terminal are set here and nowhere else.
 */
#include "config.h"

#include "tui/term.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "tui/crash.h"
#include "tui/pen.h"
#include "tui/curses.h"
#include "tui/probe.h"
#include "tui/shadow.h"

#define RESCUE "xterm-256color"
#define ESC_DELAY 25	/* ms; longer splits no arrows on a local link */
#define SYNC "\033[?2026h"
#define SYNC_END "\033[?2026l"
#define AT_ONCE 256	/* bytes; terminals read a frame of so few in one go */

struct term_own {
	int tty, sink;
	FILE *in, *out;
	SCREEN *screen;
	struct termios modes;	/* to restore */
	struct strbuf frame, queue, raw;
	struct pen pen;
	struct shadow shadow;
	bool plain;		/* frames are made by the shadow */
	bool ask_repeats;	/* when the screen is cleared next */
	bool colour;
	char *name;		/* of the terminal, to curses */
	bool sync;		/* synchronised output may be used */
	void (*heard)(void *ctx, struct str bytes);
	void *ctx;
};

/* The wanted locale may not be installed (ssh forwards LANG): C.UTF-8 always is. */
static bool locale_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	if (!setlocale(LC_CTYPE, "")) {
		const char *want = NULL;

		for (size_t i = 0; i < 3 && (!want || !*want); i++)
			want = getenv(names[i]);
		if (want && (strcasestr(want, "utf-8") || strcasestr(want, "utf8")))
			setlocale(LC_CTYPE, "C.UTF-8");
	}
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool no_terminal(struct err *err, const char *why)
{
	return err_fail(err, ERR_USAGE,
			"%s: the explorer needs a terminal that can place its cursor. "
			"`aisle show VIEW STORE` prints the same tables", why);
}

/* The name to give to curses. */
static const char *term_name(int fd, const char **note, struct err *err)
{
	const char *name = getenv("TERM");

	if (!name || !*name) {
		no_terminal(err, "TERM is not set");
		return NULL;
	}
	if (strcmp(name, "dumb") == 0) {
		no_terminal(err, "TERM is dumb");
		return NULL;
	}
	if (probe_known(name, fd))
		return name;
	if (!probe_known(RESCUE, fd)) {
		no_terminal(err, "TERM names an unknown terminal");
		return NULL;
	}
	*note = "this TERM is not known here: treated as " RESCUE;
	return RESCUE;
}

static void window_size(struct term *t)
{
	struct winsize w = {0};

	if (ioctl(t->own->tty, TIOCGWINSZ, &w) < 0 || !w.ws_row || !w.ws_col) {
		/* 0x0 is what a line without a known size reports. */
		w.ws_row = 24;
		w.ws_col = 80;
	}
	t->rows = w.ws_row < TERM_ROWS_MAX ? w.ws_row : TERM_ROWS_MAX;
	t->cols = w.ws_col < TERM_COLS_MAX ? w.ws_col : TERM_COLS_MAX;
}

static void raw_modes(const struct term *t)
{
	struct termios m = t->own->modes;

	m.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR |
				 ICRNL | IXON);
	m.c_oflag &= ~(tcflag_t)OPOST;
	m.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	m.c_cc[VMIN] = 1;
	m.c_cc[VTIME] = 0;
	tcsetattr(t->own->tty, TCSANOW, &m);
}

static bool tty_open(struct term_own *o, struct err *err)
{
	/* A description of our own, so that O_NONBLOCK concerns no one else. */
	o->tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (o->tty < 0 || tcgetattr(o->tty, &o->modes) < 0)
		return no_terminal(err, "no terminal is attached");
	o->sink = memfd_create("frame", MFD_CLOEXEC);
	if (o->sink < 0)
		return err_errno(err, errno, "memfd_create");
	o->in = fdopen(dup(o->tty), "r");
	o->out = fdopen(dup(o->sink), "w");
	if (!o->in || !o->out)
		return err_errno(err, errno, "fdopen");
	return true;
}

static bool screen_start(struct term *t, const char *name, bool colour, struct err *err)
{
	struct term_own *o = t->own;

	/* Real line characters instead of shifts that some terminals ignore. */
	setenv("NCURSES_NO_UTF8_ACS", "1", 0);
	/* The size is read from the terminal, later and clamped. */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	o->screen = newterm(name, o->out, o->in);
	if (!o->screen)
		return no_terminal(err, "curses can't drive this terminal");
	set_escdelay(ESC_DELAY);
	t->strike = probe_strikes() ? A_ITALIC : 0;
	pen_init(&o->pen, probe_columns());
	o->pen.strikes = o->shadow.strikes = t->strike != 0;
	o->plain = t->utf8 && probe_plain();
	o->ask_repeats = o->plain && probe_repeats();
	nonl();
	typeahead(-1);
	window_size(t);
	resize_term(t->rows, t->cols);
	o->colour = colour;
	o->name = mem_strdup(name);
	style_init(t->style, colour, THEME_DEFAULT, t->strike);
	inks_init(&t->inks, colour);
	return true;
}

void term_theme(struct term *t, enum theme theme)
{
	style_init(t->style, t->own->colour, theme, t->strike);
	inks_init(&t->inks, t->own->colour && theme != THEME_MONO);
	term_redraw(t);
}

/* The Linux console's font has neither dots nor eighths. */
static enum glyph_set own_charts(const struct term *t)
{
	return t->utf8 && strncmp(t->own->name, "linux", 5) != 0 ? GLYPHS_BRAILLE
								 : GLYPHS_ASCII;
}

void term_glyphs(struct term *t, bool rich, enum glyph_set charts)
{
	bool ascii = !t->utf8 || (!rich && charts == GLYPHS_ASCII);

	t->glyphs = glyphs_for(!ascii, t->own->name);
	t->charts = rich ? own_charts(t) : ascii ? GLYPHS_ASCII : charts;
	term_redraw(t);
}

/* Ask for the colour of the ground (OSC 11); terminals that would print the question
 * are not asked. */
static void ask_ground(struct term *t)
{
	static const char *const asked[] = {"xterm", "tmux", "alacritty", "foot", "rxvt",
					    "konsole", "gnome", "vte", "st-"};
	static const char question[] = "\033]11;?\033\\";

	for (size_t i = 0; t->own->colour && i < sizeof asked / sizeof *asked; i++)
		if (strncmp(t->own->name, asked[i], strlen(asked[i])) == 0)
			term_queue(t, question, sizeof question - 1);
}

bool term_open(struct term **out, bool colour, struct err *err)
{
	SCOPED(term) t = mem_zalloc(sizeof *t);
	const char *name;

	t->own = mem_zalloc(sizeof *t->own);
	t->own->tty = t->own->sink = -1;
	if (!tty_open(t->own, err))
		return false;
	name = term_name(t->own->tty, &t->note, err);
	if (!name)
		return false;
	t->utf8 = locale_utf8();
	t->glyphs = glyphs_for(t->utf8, name);
	t->own->sync = strncmp(name, "screen", 6) != 0 && !getenv("STY");
	if (!screen_start(t, name, colour, err))
		return false;
	crash_arm(t->own->tty, &t->own->modes);
	raw_modes(t);
	term_queue(t, "\033[?2004h", 8);
	t->charts = own_charts(t);
	ask_ground(t);
	*out = t;
	t = NULL;
	return true;
}

/* Many that call themselves xterm repeat no character, or none beyond ASCII (tmux and mosh of
 * some versions). So two cells are repeated where the screen is about to be cleared, and the
 * terminal is asked where its cursor is then: in TERM_REPEATS's column if it can. In the first
 * row the reply would be a key, F3. */
static void ask_repeats(struct term_own *o, struct str *raw)
{
	size_t at = str_find(*raw, str_from(probe_clear()));

	if (!o->ask_repeats || at == SIZE_MAX)
		return;
	o->ask_repeats = false;
	pen_write(&o->pen, &o->frame, str_span(raw->ptr, at));
	strbuf_adds(&o->frame, "\033[2;1H\xe2\x94\x80\033[2b" TERM_WHERE);
	*raw = str_span(raw->ptr + at, raw->len - at);
}

void term_repeats(struct term *t)
{
	t->own->shadow.repeats = true;
}

/* What curses wrote, behind what was queued. */
static void take_frame(struct term_own *o)
{
	off_t n = lseek(o->sink, 0, SEEK_CUR);
	ssize_t got = 0;

	strbuf_add(&o->frame, strbuf_str(&o->queue));
	strbuf_reset(&o->queue);
	if (n <= 0)
		return;
	strbuf_reset(&o->raw);
	strbuf_reserve(&o->raw, (size_t)n);
	got = pread(o->sink, o->raw.ptr, (size_t)n, 0);
	if (got > 0) {
		struct str raw = str_span(o->raw.ptr, (size_t)got);

		ask_repeats(o, &raw);
		pen_write(&o->pen, &o->frame, raw);
	}
	if (ftruncate(o->sink, 0) == 0)
		lseek(o->sink, 0, SEEK_SET);
}

/* Curses draws what it must draw anew, all of it; what changes later is the shadow's. */
static void draw(struct term_own *o)
{
	bool anew = isendwin() || is_cleared(curscr) || is_cleared(newscr);

	if (o->plain && !anew) {
		take_frame(o);
		if (shadow_draw(&o->shadow, &o->pen, &o->frame))
			return;
		clearok(curscr, TRUE);
	}
	doupdate();
	take_frame(o);
	if (!o->plain || !shadow_take(&o->shadow))
		return;
	/* Curses may have set a region to scroll when it took the window for another one; a
	 * line feed must go down everywhere. That sends the cursor home. */
	strbuf_addf(&o->frame, "\033[r\033[%d;%dH", o->shadow.y + 1, o->shadow.x + 1);
}

/* The frame from byte `done` on. */
static bool send_all(struct term_own *o, size_t done, int interrupt_fd)
{
	if (o->heard)
		o->heard(o->ctx, str_span(o->frame.ptr + done, o->frame.len - done));
	while (done < o->frame.len) {
		ssize_t n = write(o->tty, o->frame.ptr + done, o->frame.len - done);
		struct pollfd p[2] = {
			{.fd = o->tty, .events = POLLOUT},
			{.fd = interrupt_fd, .events = POLLIN},
		};

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		else if (poll(p, 2, -1) > 0 && p[1].revents)
			break;	/* a signal: whoever reads it decides */
	}
	if (done < o->frame.len) {
		clearok(curscr, TRUE);	/* the rest is lost */
		pen_forget(&o->pen);
	}
	strbuf_reset(&o->frame);
	return true;
}

bool term_flush(struct term *t, bool ask, int interrupt_fd, size_t *sent)
{
	struct term_own *o = t->own;
	size_t head = STR(SYNC).len;
	bool sync;

	strbuf_adds(&o->frame, SYNC);
	wnoutrefresh(stdscr);
	draw(o);
	*sent = 0;
	if (o->frame.len == head) {
		strbuf_reset(&o->frame);
		return true;
	}
	sync = o->sync && o->frame.len - head > AT_ONCE;
	if (sync)
		strbuf_adds(&o->frame, SYNC_END);
	if (ask)
		strbuf_adds(&o->frame, "\033[5n");
	head = sync ? 0 : head;
	*sent = o->frame.len - head;
	return send_all(o, head, interrupt_fd);
}

void term_listen(struct term *t, void (*heard)(void *ctx, struct str bytes), void *ctx)
{
	t->own->ask_repeats = false;
	t->own->heard = heard;
	t->own->ctx = ctx;
}

void term_queue(struct term *t, const char *bytes, size_t n)
{
	assert(bytes || n == 0);
	strbuf_add(&t->own->queue, str_span(bytes, n));
}

int term_fd(const struct term *t)
{
	return t->own->tty;
}

void term_redraw(struct term *t)
{
	clearok(curscr, TRUE);
}

void term_resize(struct term *t)
{
	window_size(t);
	resize_term(t->rows, t->cols);
	clearok(curscr, TRUE);
}

void term_mouse(struct term *t, bool on)
{
	mousemask(on ? BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED |
			       BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	mouseinterval(0);
}

/* Curses' own leave-taking, then ours: it knows TERM, the bytes cover the rest. */
static void leave(struct term *t)
{
	struct term_own *o = t->own;
	ssize_t ignored;

	endwin();
	strbuf_reset(&o->frame);
	take_frame(o);
	strbuf_adds(&o->frame, crash_restore_bytes);
	pen_forget(&o->pen);
	/* At most one try: a terminal that takes nothing is not waited for. */
	ignored = write(o->tty, o->frame.ptr, o->frame.len);
	(void)ignored;
	strbuf_reset(&o->frame);
	tcsetattr(o->tty, TCSANOW, &o->modes);
	crash_disarm();
}

void term_resume(struct term *t)
{
	crash_arm(t->own->tty, &t->own->modes);
	raw_modes(t);
	endwin();	/* so that the next frame enters the screen again */
	take_frame(t->own);
	strbuf_reset(&t->own->frame);
	term_queue(t, "\033[?2004h", 8);
	term_resize(t);
}

void term_suspend(struct term *t)
{
	sigset_t tstp;

	leave(t);
	sigemptyset(&tstp);
	sigaddset(&tstp, SIGTSTP);
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &tstp, NULL);	/* stops here */
	sigprocmask(SIG_BLOCK, &tstp, NULL);
	term_resume(t);
}

void term_destroy(struct term *t)
{
	if (!t)
		return;
	if (t->own->screen) {
		leave(t);
		delscreen(t->own->screen);
	}
	if (t->own->in)
		fclose(t->own->in);
	if (t->own->out)
		fclose(t->own->out);
	scope_close(&t->own->sink);
	scope_close(&t->own->tty);
	strbuf_finish(&t->own->frame);
	strbuf_finish(&t->own->queue);
	strbuf_finish(&t->own->raw);
	shadow_finish(&t->own->shadow);
	free(t->own->name);
	free(t->own);
	free(t);
}
