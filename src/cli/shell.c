/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shell: commands line by line on an open store. With a terminal readline
 * gives editing, completion and a history file; without one the lines are a
 * script that stops at the first error.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/mem.h"
#include "base/out.h"
#include "cli/front.h"
#include "cli/kiosk.h"
#include "cli/plain.h"
#include "cli/shell.h"
#include "store/store.h"

#define HISTORY_MAX 1000

/* readline's hooks take no context, nor do handlers of signals. */
static struct front *completing;
static volatile sig_atomic_t leaving;	/* the signal that ends the prompt, or 0 */

void shell_set_default(struct front *f, enum opt_id o, struct str value)
{
	strbuf_reset(&f->setting[o].value);
	strbuf_add(&f->setting[o].value, value);
	f->setting[o].set = true;
}

static bool shell_set(void *front, enum opt_id o, struct str value, struct err *err)
{
	struct front *f = front;
	shell_set_default(f, o, value);
	if (f->plain)
		plain_forget(f->plain);	/* filters change what there is */
	return true;
}

static bool shell_list(void *front, struct err *err)
{
	struct front *f = front;
	for (const enum opt_id *o = opt_settable; *o != OPT_IDS; o++) {
		const char *dflt = opt_table[*o].dflt;
		if (f->setting[*o].set)
			printf("%s %s\n", opt_table[*o].name,
			       strbuf_c(&f->setting[*o].value));
		else
			printf("%s%s%s\n", opt_table[*o].name, dflt ? " " : "",
			       dflt ? dflt : "");
	}
	return fflush(stdout) == 0 || err_errno(err, errno, "standard output");
}

static bool shell_live(void *front, const struct command *c, const struct args *a,
		       struct err *err)
{
	struct front *f = front;
	if (strcmp(c->name, "quit") != 0)
		return err_fail(err, ERR_USAGE, "%s works in the explorer only", c->name);
	f->quit = true;
	return true;
}

void shell_settings(const struct front *f, struct args *a)
{
	for (unsigned o = 0; o < OPT_IDS; o++)
		if (f->setting[o].set)
			args_default(a, o, strbuf_str(&f->setting[o].value));
}

static bool open_store(struct front *f, const char *path, struct store **s, struct err *err)
{
	SCOPED(store) opened = NULL;
	if (!store_open(&opened, path, err) || !store_hide(opened, f->hidden, err))
		return false;
	*s = opened;
	opened = NULL;
	return true;
}

/* Move to the generation that is current now; the old one stays if that fails. */
static void follow_store(struct front *f, const char *path)
{
	uint64_t now;
	struct store *next;
	if (!store_current(path, &now, NULL) || now == store_generation(f->env.store))
		return;
	if (!open_store(f, path, &next, NULL))
		return;
	if (f->plain)
		plain_forget(f->plain);
	store_destroy(f->env.store);
	f->env.store = next;
}

static bool do_line(struct front *f, struct str line, const char *store, struct err *err)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	bool taken = false;
	line = str_trim(line);
	if (!line.len || line.ptr[0] == '#')
		return true;
	follow_store(f, store);
	if (f->plain && !plain_line(f->plain, line, &taken, err))
		return false;
	if (taken)
		return true;
	if (!cmd_parse_line(line, store, &c, &a, err))
		return false;
	shell_settings(f, a);
	if (!cmd_allowed(&f->env, c, a, err))
		return false;
	if (f->plain && strcmp(c->name, "show") == 0)
		return plain_show(f->plain, a, err);
	return front_run(f, c, a, err);
}

static bool run_line(struct front *f, struct str line, const char *store, struct err *err)
{
	kiosk_begin_line(f);
	return kiosk_end_line(f, do_line(f, line, store, err), err);
}

static bool run_script(struct front *f, const char *store, struct err *err)
{
	SCOPED_FREE char *line = NULL;
	size_t cap = 0;
	unsigned number = 0;
	ssize_t n;
	while (!f->quit && (n = getline(&line, &cap, stdin)) >= 0) {
		number++;
		if (!run_line(f, str_span(line, (size_t)n), store, err))
			return err->code == ERR_PIPE ? false
				: err_context(err, "line %u", number);
		if (!job_check(&f->job, err))
			return false;
	}
	if (!job_check(&f->job, err))
		return false;
	if (!f->quit && ferror(stdin))
		return err_errno(err, errno, "the script can't be read");
	return true;
}

struct words {
	char **word;
	size_t n, cap, given;
};

static void add_word(void *ctx, struct str word)
{
	struct words *w = ctx;
	MEM_GROW(w->word, w->cap, w->n + 1);
	struct strbuf b = STRBUF_INIT;
	strbuf_add(&b, word);
	strbuf_addc(&b, '\0');
	w->word[w->n++] = strbuf_detach(&b);
}

/* Candidates one by one; readline frees each, the list is ours. */
static char *next_word(const char *text, int state)
{
	static struct words words;
	if (state == 0) {
		size_t start;
		words.n = words.given = 0;
		cmd_complete(&completing->env, str_from(rl_line_buffer), (size_t)rl_point,
			     &start, add_word, &words);
		if (completing->plain && start == 0)
			plain_complete(str_from(text), add_word, &words);
	}
	return words.given < words.n ? words.word[words.given++] : NULL;
}

/* Where the tables know nothing, a file name is the best guess: leave it to
 * readline's own completion, but for visitors. */
static char **complete(const char *text, int start, int end)
{
	rl_attempted_completion_over = completing->env.visitor;
	return rl_completion_matches(text, next_word);
}

/* Make the folders of a path; whoever opens the file says what failed. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

/* $XDG_STATE_HOME/aisle/history, or NULL without a home. */
static char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct strbuf b = STRBUF_INIT;
	if (state && state[0] == '/')
		strbuf_addf(&b, "%s/aisle/history", state);
	else if (home && home[0] == '/')
		strbuf_addf(&b, "%s/.local/state/aisle/history", home);
	else
		return NULL;
	return strbuf_detach(&b);
}

/* A signal empties the line, as in other shells. */
static int on_readline_signal(void)
{
	if (atomic_exchange(&completing->job.cancel, false)) {
		rl_replace_line("", 0);
		rl_crlf();
		rl_on_new_line();
		rl_redisplay();
	}
	return 0;
}

/* readline puts the terminal right, passes the signal on to this and returns no line. A
 * command that runs is cancelled. */
static void on_leaving(int sig)
{
	leaving = sig;
	atomic_store(&completing->job.cancel, true);
}

/* A signal came, or a key is there. */
static void wait_for_key(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	while (!rl_pending_signal() && ppoll(&p, 1, NULL, &before) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* rl_getc, but a signal that comes when readline has looked for one, and does not wait yet, is
 * heard of at once too, not with the next key. */
static int next_key(FILE *in)
{
	while (!leaving) {
		on_readline_signal();
		wait_for_key(fileno(in));
		if (!rl_pending_signal())
			return rl_getc(in);
		rl_check_signals();
	}
	return READERR;
}

static void run_prompt(struct front *f, const char *store)
{
	SCOPED_FREE char *path = f->env.visitor ? NULL : history_path();
	completing = f;
	rl_readline_name = "aisle";
	rl_attempted_completion_function = complete;
	rl_completer_word_break_characters = " \t=";
	rl_signal_event_hook = on_readline_signal;
	rl_getc_function = next_key;
	/* A terminal that is read aloud is told nothing but text. */
	if (f->plain)
		rl_variable_bind("enable-bracketed-paste", "off");
	stifle_history(HISTORY_MAX);
	if (path) {
		make_folders(path);
		read_history(path);
	}
	signal(SIGHUP, on_leaving);
	signal(SIGTERM, on_leaving);
	while (!f->quit && !leaving) {
		SCOPED_FREE char *line = NULL;
		struct err err = {0};
		atomic_store(&f->job.cancel, false);
		line = readline("aisle> ");
		if (!line || leaving)
			break;
		if (line[0])
			add_history(line);
		if (!run_line(f, str_from(line), store, &err) && err.code != ERR_PIPE)
			front_error(&err);
	}
	if (path)
		write_history(path);
}

bool shell_run(void *front, const char *store, const struct args *a, struct err *err)
{
	struct front *f = front;
	struct store *outer = f->env.store;
	bool ok = true;
	f->env.store = NULL;
	if (!open_store(f, store, &f->env.store, err)) {
		f->env.store = outer;
		return false;
	}
	f->env.set = shell_set;
	f->env.live = shell_live;
	f->env.list_settings = shell_list;
	ok = !f->plain || plain_begin(f->plain, err);
	if (ok && isatty(STDIN_FILENO))
		run_prompt(f, store);
	else if (ok)
		ok = run_script(f, store, err);
	if (f->plain)
		plain_forget(f->plain);
	for (unsigned o = 0; o < OPT_IDS; o++)
		strbuf_finish(&f->setting[o].value);
	store_destroy(f->env.store);
	f->env.store = outer;
	/* The terminal's end is no fault; SIGTERM ends the program once all is kept. */
	if (leaving == SIGTERM) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	return ok;
}
