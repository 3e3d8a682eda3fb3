/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>
#include <unistd.h>

#include <vterm.h>

#include "base/mem.h"
#include "base/time.h"
#include "base/utf8.h"
#include "../unit/unit.h"

/* A slow line: it takes all that is written at once, as ssh does, and lets it out
 * at its rate. What the terminal answers comes back a round trip later. */
struct link {
	double rate, round_trip;	/* bytes/s, 0: no line between; s */
	double sent_until;		/* the time up to which it has let bytes out */
	struct strbuf queue;
	size_t out;			/* bytes of the queue that are through */
	struct strbuf answers;
	double due[64];			/* of each answer */
	size_t end[64];			/* where it ends in `answers` */
	unsigned n_answers;
};

struct screen {
	pid_t pid;
	int master, frames;
	bool mute, alternate, cursor_shown, eof;
	const char *where;
	struct link link;
	int rows, cols;
	unsigned settled;	/* frame bytes not yet waited for */
	struct termios modes;
	VTerm *vt;
	VTermScreen *vs;
	VTermPos cursor;
	struct strbuf raw, text;
	struct strbuf begun;	/* bytes of a character that isn't whole */
};

static const char *source_dir(void)
{
	const char *dir = getenv("top_srcdir");

	return dir ? dir : ".";
}

static char *program(void)
{
	const char *dir = getenv("top_builddir");
	STRBUF(b);

	strbuf_addf(&b, "%s/src/aisle", dir ? dir : ".");
	return strbuf_detach(&b);
}

/* --- the terminal */

static void answer(const char *s, size_t n, void *user)
{
	struct screen *t = user;
	struct link *l = &t->link;

	if (t->where && n > 2 && s[n - 1] == 'R') {
		s = t->where;
		n = strlen(s);
	}
	if (l->rate > 0 && l->n_answers < 64) {
		strbuf_add(&l->answers, str_span(s, n));
		l->due[l->n_answers] = l->sent_until + l->round_trip;
		l->end[l->n_answers++] = l->answers.len;
		return;
	}
	if (!t->mute && write(t->master, s, n) < 0)
		return;
}

static int set_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct screen *t = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		t->alternate = val->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		t->cursor_shown = val->boolean;
	return 1;
}

static int move_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct screen *t = user;

	t->cursor = pos;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.settermprop = set_prop,
	.movecursor = move_cursor,
};

static void start_vterm(struct screen *t)
{
	t->vt = vterm_new(t->rows, t->cols);
	vterm_set_utf8(t->vt, 1);
	vterm_output_set_callback(t->vt, answer, t);
	t->vs = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->vs, &callbacks, t);
	vterm_screen_enable_altscreen(t->vs, 1);
	vterm_screen_reset(t->vs, 1);
	t->cursor_shown = true;
}

/* --- the program */

static void set_or_unset(const char *name, const char *value)
{
	if (value && *value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void child_environment(const struct screen_options *o, int frames)
{
	char number[32];
	static const char *const unset[] = {"LANG", "LC_CTYPE", "COLUMNS", "LINES", "STY",
					    "TMUX", "INPUTRC", "XDG_STATE_HOME", "XDG_CONFIG_HOME"};

	for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
		unsetenv(unset[i]);
	set_or_unset("LC_ALL", o->locale ? o->locale : "C.UTF-8");
	set_or_unset("TERM", o->term ? o->term : "xterm-256color");
	set_or_unset("NO_COLOR", o->no_color ? "1" : NULL);
	/* libgpm, which ncurses would load for a console, leaks where there is no mouse */
	setenv("NCURSES_GPM_TERMS", "", 1);
	setenv("HOME", o->home ? o->home : "/dev/null", 1);
	snprintf(number, sizeof number, "%d", frames);
	setenv("AISLE_FRAME_FD", number, 1);
	snprintf(number, sizeof number, "%u", o->slow_ms);
	set_or_unset("AISLE_TEST_SLOW_PANEL", o->slow_ms ? number : NULL);
	snprintf(number, sizeof number, "%u", o->tour_ms);
	set_or_unset("AISLE_TEST_TOUR", o->tour_ms ? number : NULL);
	snprintf(number, sizeof number, "%u", o->sample);
	set_or_unset("AISLE_TEST_SAMPLE", o->sample ? number : NULL);
}

static void child(const struct screen_options *o, int frames)
{
	char *aisle = program();
	const char *explore[] = {aisle, "explore", o->store, o->argument, NULL};
	const char *demo[] = {aisle, "demo", o->demo, o->argument, NULL};
	const char *shell[] = {"sh", "-c", o->script, NULL};
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	child_environment(o, frames);
	setenv("AISLE", aisle, 1);
	if (o->store)
		setenv("STORE", o->store, 1);
	if (o->script)
		execv("/bin/sh", (char **)shell);
	else
		execv(aisle, (char **)(o->demo ? demo : explore));
	_exit(127);
}

struct screen *screen_start(const struct screen_options *o)
{
	struct screen *t = mem_zalloc(sizeof *t);
	struct winsize size;
	int pipes[2], slave;

	t->rows = o->rows ? o->rows : 24;
	t->cols = o->cols ? o->cols : 80;
	t->mute = o->mute;
	t->where = o->where;
	t->link.rate = o->baud / 10.0;
	t->link.round_trip = o->round_trip;
	size = (struct winsize){(unsigned short)t->rows, (unsigned short)t->cols, 0, 0};
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(openpty(&t->master, &slave, NULL, NULL, &size), 0);
	tcgetattr(slave, &t->modes);
	t->pid = fork();
	assert_true(t->pid >= 0);
	if (t->pid == 0) {
		close(t->master);
		close(pipes[0]);
		login_tty(slave);
		child(o, pipes[1]);
	}
	close(slave);
	close(pipes[1]);
	t->frames = pipes[0];
	fcntl(t->master, F_SETFD, FD_CLOEXEC);
	fcntl(t->frames, F_SETFD, FD_CLOEXEC);
	fcntl(t->master, F_SETFL, O_NONBLOCK);
	fcntl(t->frames, F_SETFL, O_NONBLOCK);
	start_vterm(t);
	if (!o->script)
		screen_wait(t);
	return t;
}

void screen_stop(struct screen *t)
{
	if (!t)
		return;
#ifdef COVERAGE_FOLDER	/* who is killed writes no counts */
	if (t->pid > 0) {
		if (t->master >= 0)
			screen_hang_up(t);
		screen_end(t);
	}
#endif
	if (t->pid > 0) {
		kill(t->pid, SIGKILL);
		waitpid(t->pid, NULL, 0);
	}
	vterm_free(t->vt);
	if (t->master >= 0)
		close(t->master);
	close(t->frames);
	strbuf_finish(&t->link.queue);
	strbuf_finish(&t->link.answers);
	strbuf_finish(&t->raw);
	strbuf_finish(&t->begun);
	strbuf_finish(&t->text);
	free(t);
}

pid_t screen_pid(const struct screen *t)
{
	return t->pid;
}

/* Into the line; bytes that find it empty set out now. */
static void enter_link(struct link *l, struct str s, double now)
{
	if (l->out == l->queue.len)
		l->sent_until = now;
	strbuf_add(&l->queue, s);
}

/* Out of the line at its far end: what has had the time. */
static void leave_link(struct screen *t, double now)
{
	struct link *l = &t->link;
	unsigned done = 0;

	while (l->out < l->queue.len && l->sent_until + 1 / l->rate <= now) {
		l->sent_until += 1 / l->rate;
		vterm_input_write(t->vt, l->queue.ptr + l->out++, 1);
	}
	while (done < l->n_answers && l->due[done] <= now) {
		size_t from = done ? l->end[done - 1] : 0;

		if (write(t->master, l->answers.ptr + from, l->end[done] - from) < 0)
			return;
		done++;
	}
	if (done < l->n_answers)
		return;
	strbuf_reset(&l->answers);
	l->n_answers = 0;
}

/* ms until the line has something to let out; -1: it is empty. */
static int link_wait(const struct link *l)
{
	return l->rate > 0 && (l->out < l->queue.len || l->n_answers) ? 1 : -1;
}

/* The emulator now and then takes a character for a wrong one whose bytes come in two pieces:
 * it gets whole ones. */
static void show(struct screen *t, struct str bytes)
{
	size_t later = 0;

	strbuf_add(&t->begun, bytes);
	for (size_t back = 1; back < 4 && back <= t->begun.len; back++) {
		unsigned char c = (unsigned char)t->begun.ptr[t->begun.len - back];

		if (c >= 0xc0 && back < (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u))
			later = back;
		if (c < 0x80 || c >= 0xc0)
			break;
	}
	vterm_input_write(t->vt, t->begun.ptr, t->begun.len - later);
	memmove(t->begun.ptr, t->begun.ptr + t->begun.len - later, later);
	t->begun.len = later;
}

/* Take what is there; at most `ms` until there is something. */
static void pump(struct screen *t, int ms)
{
	struct pollfd p[] = {{t->eof ? -1 : t->master, POLLIN, 0}, {t->frames, POLLIN, 0}};
	char buf[65536];
	ssize_t n;

	if (link_wait(&t->link) >= 0 && ms > link_wait(&t->link))
		ms = link_wait(&t->link);
	n = poll(p, 2, ms);
	if (t->link.rate > 0)
		leave_link(t, time_now_monotonic());
	if (n <= 0)
		return;
	while (!t->eof && (n = read(t->master, buf, sizeof buf)) != 0) {
		if (n < 0) {
			t->eof = errno != EAGAIN && errno != EINTR;
			break;
		}
		strbuf_add(&t->raw, str_span(buf, (size_t)n));
		if (t->link.rate > 0)
			enter_link(&t->link, str_span(buf, (size_t)n),
				   time_now_monotonic());
		else
			show(t, str_span(buf, (size_t)n));
	}
	while ((n = read(t->frames, buf, sizeof buf)) > 0)
		t->settled += (unsigned)n;
}

static const char *how_it_ended(struct screen *t)
{
	int status = 0;

	if (waitpid(t->pid, &status, 0) == t->pid)
		t->pid = 0;
	return WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : ", the program ended";
}

void screen_wait(struct screen *t)
{
	double end = time_now_monotonic() + SCREEN_LIMIT;

	while (t->settled == 0 && !t->eof && time_now_monotonic() < end)
		pump(t, 1000);
	if (t->settled == 0)
		fail_msg("no frame came%s; the screen is:\n%s",
			 t->eof ? how_it_ended(t) : "", screen_text(t));
	t->settled = 0;
	/* A terminal that answers has shown the frame; a mute one may lag. */
	for (int i = 0; t->mute && i < 3; i++)
		pump(t, 20);
	vterm_screen_flush_damage(t->vs);
}

double screen_wait_text(struct screen *t, const char *text)
{
	double start = time_now_monotonic();

	while (!screen_has(t, text)) {
		if (t->eof || time_now_monotonic() > start + SCREEN_LIMIT)
			fail_msg("\"%s\" didn't appear; the screen is:\n%s", text,
				 screen_text(t));
		pump(t, 1000);
	}
	return time_now_monotonic() - start;
}

void screen_send(struct screen *t, const char *keys, size_t n)
{
	while (n > 0) {
		ssize_t done = write(t->master, keys, n);

		if (done > 0) {
			keys += done;
			n -= (size_t)done;
		} else {
			pump(t, 10);
		}
		if (t->eof)
			return;
	}
}

void screen_press(struct screen *t, const char *keys)
{
	t->settled = 0;
	screen_send(t, keys, strlen(keys));
	screen_wait(t);
}

void screen_keys(struct screen *t, const char *keys)
{
	char one[2] = "";

	for (; *keys; keys++) {
		one[0] = *keys;
		screen_press(t, one);
	}
}

void screen_line(struct screen *t, const char *text)
{
	screen_press(t, ":");
	screen_press(t, text);
	screen_press(t, "\r");
}

void screen_type(struct screen *t, const char *text)
{
	struct str s = str_from(text);
	char c[8] = "";

	for (size_t pos = 0; pos < s.len;) {
		size_t from = pos;

		utf8_next(s, &pos);
		memcpy(c, text + from, pos - from);
		c[pos - from] = '\0';
		screen_press(t, c);
	}
}

/* Keys are under way for half a round trip, and so is what is seen at last. */
double screen_hold(struct screen *t, char key, double rate, double seconds)
{
	double start = time_now_monotonic(), now = start, behind = 0;
	size_t before = 0;
	unsigned n = (unsigned)(rate * seconds), sent = 0;

	while (sent < n) {
		now = time_now_monotonic();
		if (now >= start + sent / rate) {
			behind = t->link.sent_until > now ? t->link.sent_until - now : 0;
			before = t->raw.len;
			screen_send(t, &key, 1);
			sent++;
		} else {
			pump(t, (int)((start + sent / rate - now) * 1000) + 1);
		}
	}
	t->settled = 0;
	screen_wait(t);
	return t->link.rate > 0 ? behind + (double)(t->raw.len - before) / t->link.rate +
					  t->link.round_trip : 0;
}

void screen_resize(struct screen *t, int rows, int cols)
{
	struct winsize size = {(unsigned short)rows, (unsigned short)cols, 0, 0};

	/* The emulator stops where the program does. */
	t->rows = rows < 1 ? 1 : rows > 500 ? 500 : rows;
	t->cols = cols < 1 ? 1 : cols > 1000 ? 1000 : cols;
	vterm_set_size(t->vt, t->rows, t->cols);
	t->settled = 0;
	ioctl(t->master, TIOCSWINSZ, &size);
}

void screen_signal(struct screen *t, int sig)
{
	kill(t->pid, sig);
}

void screen_hang_up(struct screen *t)
{
	close(t->master);
	t->master = -1;
	t->eof = true;
}

int screen_end(struct screen *t)
{
	double end = time_now_monotonic() + SCREEN_LIMIT;
	int status = -1;

	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		pump(t, 10);
		if (time_now_monotonic() > end)
			fail_msg("the program didn't end; the screen is:\n%s",
				 screen_text(t));
	}
	t->pid = 0;
	pump(t, 0);
	return status;
}

/* --- what is seen */

static void cell_at(const struct screen *t, int row, int col, VTermScreenCell *cell)
{
	vterm_screen_get_cell(t->vs, (VTermPos){row, col}, cell);
}

static void add_row(struct screen *t, int row)
{
	size_t end = t->text.len;

	for (int col = 0; col < t->cols; col++) {
		VTermScreenCell cell;

		cell_at(t, row, col, &cell);
		if (cell.chars[0] == (uint32_t)-1)	/* right half of a wide one */
			continue;
		if (!cell.chars[0])
			strbuf_addc(&t->text, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			utf8_add(&t->text, cell.chars[i]);
		if (cell.chars[0] && cell.chars[0] != ' ')
			end = t->text.len;
	}
	t->text.len = end;
	if (t->text.ptr)
		t->text.ptr[end] = '\0';
}

const char *screen_text(struct screen *t)
{
	strbuf_reset(&t->text);
	for (int row = 0; row < t->rows; row++) {
		add_row(t, row);
		strbuf_addc(&t->text, '\n');
	}
	return strbuf_c(&t->text);
}

const char *screen_row(struct screen *t, int row)
{
	strbuf_reset(&t->text);
	add_row(t, row);
	return strbuf_c(&t->text);
}

bool screen_has(struct screen *t, const char *text)
{
	return strstr(screen_text(t), text) != NULL;
}

void screen_see(struct screen *t, const char *text)
{
	if (!screen_has(t, text))
		fail_msg("no \"%s\":\n%s", text, screen_text(t));
}

void screen_see_not(struct screen *t, const char *text)
{
	if (screen_has(t, text))
		fail_msg("\"%s\" is there:\n%s", text, screen_text(t));
}

static void add_style(struct strbuf *b, const VTermScreenCell *c)
{
	if (VTERM_COLOR_IS_INDEXED(&c->fg) && !VTERM_COLOR_IS_DEFAULT_FG(&c->fg))
		strbuf_addf(b, " colour-%u", c->fg.indexed.idx);
	if (VTERM_COLOR_IS_INDEXED(&c->bg) && !VTERM_COLOR_IS_DEFAULT_BG(&c->bg))
		strbuf_addf(b, " on-%u", c->bg.indexed.idx);
	if (c->attrs.bold)
		strbuf_adds(b, " bold");
	if (c->attrs.underline)
		strbuf_adds(b, " underline");
	if (c->attrs.reverse)
		strbuf_adds(b, " reverse");
	if (c->attrs.strike)
		strbuf_adds(b, " struck");
}

/* Nothing of it is seen but the ground: its ink is nobody's business. */
static bool is_bare(const VTermScreenCell *c)
{
	return (!c->chars[0] || c->chars[0] == ' ') && VTERM_COLOR_IS_DEFAULT_BG(&c->bg) &&
	       !c->attrs.underline && !c->attrs.reverse && !c->attrs.strike;
}

const char *screen_styles(struct screen *t)
{
	strbuf_reset(&t->text);
	for (int row = 0; row < t->rows; row++) {
		int from = 0, last = 0;
		STRBUF(run);

		for (int col = 0; col <= t->cols; col++) {
			VTermScreenCell cell;
			STRBUF(style);

			if (col < t->cols) {
				cell_at(t, row, col, &cell);
				if (is_bare(&cell))
					continue;
				add_style(&style, &cell);
			}
			if (col < t->cols && str_eq(strbuf_str(&run), strbuf_str(&style))) {
				last = col;
				continue;
			}
			if (run.len)
				strbuf_addf(&t->text, "%d %d-%d%s\n", row, from, last,
					    strbuf_c(&run));
			strbuf_reset(&run);
			strbuf_add(&run, strbuf_str(&style));
			from = last = col;
		}
	}
	return strbuf_c(&t->text);
}

bool screen_row_has_style(struct screen *t, int row, const char *style)
{
	for (int col = 0; col < t->cols; col++) {
		VTermScreenCell cell;
		STRBUF(b);

		cell_at(t, row, col, &cell);
		add_style(&b, &cell);
		if (strstr(strbuf_c(&b), style))
			return true;
	}
	return false;
}

void screen_cursor(struct screen *t, int *row, int *col)
{
	*row = t->cursor.row;
	*col = t->cursor.col;
}

bool screen_alternate(const struct screen *t)
{
	return t->alternate;
}

bool screen_cursor_shown(const struct screen *t)
{
	return t->cursor_shown;
}

bool screen_modes_restored(const struct screen *t)
{
	struct termios now;

	return tcgetattr(t->master, &now) == 0 && now.c_lflag == t->modes.c_lflag &&
	       now.c_iflag == t->modes.c_iflag && now.c_oflag == t->modes.c_oflag;
}

struct str screen_raw(const struct screen *t)
{
	return strbuf_str(&t->raw);
}

void screen_forget(struct screen *t)
{
	strbuf_reset(&t->raw);
}

/* --- goldens */

void screen_golden(struct screen *t, const char *name, bool styles)
{
	const char *update = getenv("UPDATE_GOLDENS");
	char path[4096];
	size_t len = 0;
	STRBUF(now);

	strbuf_adds(&now, screen_text(t));
	strbuf_addf(&now, "cursor %d,%d\n", t->cursor.row, t->cursor.col);
	if (styles)
		strbuf_addf(&now, "styles\n%s", screen_styles(t));
	snprintf(path, sizeof path, "%s/tests/screen/golden/%s.txt", source_dir(), name);
	if (update && *update) {
		FILE *f = fopen(path, "w");

		if (!f)
			fail_msg("can't write %s", path);
		fputs(strbuf_c(&now), f);
		fclose(f);
		return;
	}
	char *then = unit_read(path, &len);
	if (!then || strcmp(then, strbuf_c(&now)) != 0) {
		print_error("# %s differs (UPDATE_GOLDENS=1 accepts).\n# expected:\n%s"
			    "# now:\n%s", path, then ? then : "(no such file)\n",
			    strbuf_c(&now));
		free(then);
		fail();
	}
	free(then);
}

/* --- stores */

static void run(const char *const *argv)
{
	pid_t pid = fork();
	int status, null;

	assert_true(pid >= 0);
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char **)argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status != 0)
		fail_msg("%s %s ended with status %d", argv[0], argv[1], status);
}

static void import(const char *store, const char *events, const char *products)
{
	char *aisle = program();
	const char *argv[] = {aisle, "import", "mkechinov", events, "--into", store,
			      products ? "--products" : NULL, products, NULL};

	run(argv);
	free(aisle);
}

/* Pseudonyms are made with a random key, here with this one. */
static void set_key(const char *store)
{
	STRBUF(path);
	FILE *f;

	strbuf_addf(&path, "%s/pseudonyms.key", store);
	f = fopen(strbuf_c(&path), "w");
	assert_non_null(f);
	fputs("00112233445566778899aabbccddeeff\n", f);
	fclose(f);
}

char *screen_store_from(const char *events, const char *products)
{
	const char *tmp = getenv("TMPDIR");
	STRBUF(b);

	strbuf_addf(&b, "%s/aisle-screen-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(b.ptr))
		fail_msg("no temporary folder");
	strbuf_adds(&b, "/shop");
	import(strbuf_c(&b), events, products);
	set_key(strbuf_c(&b));
	return strbuf_detach(&b);
}

char *screen_store_real(const char *dataset, const char *file)
{
	const char *tmp = getenv("TMPDIR");
	char *aisle = program();
	STRBUF(b);

	strbuf_addf(&b, "%s/aisle-screen-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(b.ptr));
	strbuf_adds(&b, "/shop.aisle");
	run((const char *[]){aisle, "import", dataset, file, "--into", strbuf_c(&b), NULL});
	free(aisle);
	return strbuf_detach(&b);
}

void screen_run(const char *const *args)
{
	const char *argv[24] = {NULL};
	char *aisle = program();

	argv[0] = aisle;
	for (size_t i = 0; args[i]; i++) {
		assert_true(i + 2 < sizeof argv / sizeof *argv);
		argv[i + 1] = args[i];
	}
	run(argv);
	free(aisle);
}

void screen_import(const char *store)
{
	STRBUF(events);
	STRBUF(products);

	strbuf_addf(&events, "%s/data/shop/events.csv", source_dir());
	strbuf_addf(&products, "%s/data/shop/products.csv", source_dir());
	import(store, strbuf_c(&events), strbuf_c(&products));
}

char *screen_store(void)
{
	STRBUF(events);
	STRBUF(products);

	strbuf_addf(&events, "%s/data/shop/events.csv", source_dir());
	strbuf_addf(&products, "%s/data/shop/products.csv", source_dir());
	return screen_store_from(strbuf_c(&events), strbuf_c(&products));
}

void screen_remove_folder(const char *path)
{
	const char *argv[] = {"rm", "-rf", path, NULL};

	run(argv);
}

void screen_remove(char *store)
{

	if (!store)
		return;
	*strrchr(store, '/') = '\0';
	screen_remove_folder(store);
	free(store);
}
