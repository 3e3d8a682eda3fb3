/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Little is left that could be asked for: names, variables, memory and time are taken away. */
#include "config.h"

#include "cli/kiosk.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <readline/readline.h>

#include "base/mem.h"
#include "base/num.h"
#include "cli/front.h"
#include "math/blas.h"

/* --- what is around */

/* Of the caller's variables these are kept; the last two are for tests. */
static const char *const kept[] = {
	"LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR", "TERM", "AISLE_FRAME_FD",
	"AISLE_TEST_SLOW_PANEL",
};
#define KEPT (sizeof kept / sizeof *kept)

/* A name that can't be a path of descriptions of one's own. */
static bool good_terminal(const char *name)
{
	for (; *name; name++)
		if (str_chr(STR("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789+-_."), *name) == SIZE_MAX)
			return false;
	return true;
}

static void clean_environment(void)
{
	char *value[KEPT];

	for (size_t i = 0; i < KEPT; i++)
		value[i] = getenv(kept[i]) ? mem_strdup(getenv(kept[i])) : NULL;
	clearenv();
	for (size_t i = 0; i < KEPT; i++) {
		if (value[i] && (strcmp(kept[i], "TERM") != 0 || good_terminal(value[i])))
			setenv(kept[i], value[i], 1);
		free(value[i]);
	}
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("HOME", "/nonexistent", 1);
	setenv("INPUTRC", "/dev/null", 1);
	blas_prepare();
}

/* "/srv/shop.aisle/" is shop.aisle in /srv. */
static bool stand_beside(const char **store, struct err *err)
{
	size_t len = strlen(*store), from;
	STRBUF(folder);

	while (len > 1 && (*store)[len - 1] == '/')
		len--;
	for (from = len; from > 0 && (*store)[from - 1] != '/';)
		from--;
	if (from == 0)
		return true;
	strbuf_add(&folder, str_span(*store, from));
	if (chdir(strbuf_c(&folder)) != 0)
		return err_errno(err, errno, "can't go to the folder of the store %s", *store);
	*store += from;
	return true;
}

/* What readline does with files and names of people by itself, whatever the key. */
static void forget_functions(void)
{
	static const char *const names[] = {
		"re-read-init-file", "tilde-expand", "vi-editing-mode",
	};
	Keymap maps[] = {emacs_standard_keymap, emacs_meta_keymap, emacs_ctlx_keymap};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (size_t m = 0; m < sizeof maps / sizeof *maps; m++)
			rl_unbind_function_in_map(rl_named_function(names[i]), maps[m]);
}

/* --- how much */

/* Bytes of memory that the process can write to. */
static uint64_t memory_now(void)
{
	SCOPED_FREE char *line = NULL;
	const struct str name = STR("VmData:");
	size_t cap = 0;
	uint64_t kib = 0;
	ssize_t n;
	FILE *f = fopen("/proc/self/status", "re");

	while (f && !kib && (n = getline(&line, &cap, f)) > 0) {
		struct str rest = str_span(line, (size_t)n), number;

		if (!str_starts(rest, name))
			continue;
		rest = str_trim(str_span(rest.ptr + name.len, rest.len - name.len));
		if (!str_next(&rest, ' ', &number) || !num_u64(number, &kib))
			break;
	}
	if (f)
		fclose(f);
	return kib << 10;
}

static bool limit_memory(const struct args *a, struct err *err)
{
	struct str text = args_text(a, OPT_ID_MEMORY_MOST);
	struct rlimit none = {0, 0}, most;
	uint64_t bytes;

	if (!num_size(text, &bytes) || bytes < (UINT64_C(16) << 20))
		return err_fail(err, ERR_USAGE, "--memory takes a size of at least 16M, as 512M "
				"or 8G, not '%.*s'", STR_ARG(text));
	most.rlim_cur = most.rlim_max = memory_now() + bytes;
	setrlimit(RLIMIT_DATA, &most);
	setrlimit(RLIMIT_CORE, &none);
	return true;
}

bool kiosk_enter(const char **store, const struct args *a, struct err *err)
{
	if (!limit_memory(a, err) || !stand_beside(store, err))
		return false;
	clean_environment();
	forget_functions();
	signal(SIGTSTP, SIG_IGN);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return true;
}

/* --- how long */

/* A handler can't be given anything. */
static struct {
	struct job *job;
	volatile sig_atomic_t late;
} timed;

static void on_alarm(int sig)
{
	static const char text[] = "\naisle: a command took too long and could not be stopped\n";

	(void)sig;
	if (timed.late++) {
		ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);

		(void)ignored;
		quick_exit(err_exit_code(ERR_LOCKED));
	}
	atomic_store(&timed.job->cancel, true);
}

static void set_alarm(double first, double again)
{
	struct itimerval t = {
		.it_value = {.tv_sec = (time_t)first,
			     .tv_usec = (suseconds_t)((first - (double)(time_t)first) * 1e6)},
		.it_interval = {.tv_sec = (time_t)again + 1},
	};

	setitimer(ITIMER_REAL, &t, NULL);
}

void kiosk_begin_line(struct front *f)
{
	if (!f->seconds)
		return;
	timed.job = &f->job;
	timed.late = 0;
	signal(SIGALRM, on_alarm);
	set_alarm(f->seconds, 2 * f->seconds);
}

bool kiosk_end_line(struct front *f, bool ok, struct err *err)
{
	static const struct itimerval never;

	if (!f->seconds)
		return ok;
	setitimer(ITIMER_REAL, &never, NULL);
	if (!timed.late)
		return ok;
	atomic_store(&f->job.cancel, false);
	return ok || err_fail(err, ERR_LOCKED, "that took longer than the %g s that visitors have",
			      f->seconds);
}
