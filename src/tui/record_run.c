/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The explorer needs a terminal of its own, so it runs in a child with a pseudo terminal of a
 * fixed size; here its bytes are read and forgotten, and what went wrong comes by a pipe.
 */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "tui/explorer.h"
#include "tui/record.h"

/* The same on every machine: TERM, colours, characters. */
static void child(struct cmd_env *env, const char *store, const struct args *a, int told)
{
	struct err err = {0};
	bool ok;
	ssize_t ignored;

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("AISLE_FRAME_FD");
	ok = explorer_run(env, store, a, &err);
	if (!ok) {
		ignored = write(told, &err, sizeof err);
		(void)ignored;
	}
	_exit(ok ? 0 : 1);
}

/* Until the child has closed the terminal. */
static void drain(int master)
{
	char bytes[65536];
	ssize_t n;

	do
		n = read(master, bytes, sizeof bytes);
	while (n > 0 || (n < 0 && errno == EINTR));
}

bool record_run(struct cmd_env *env, const char *store, const struct args *a, struct err *err)
{
	struct winsize size = {.ws_row = RECORD_ROWS, .ws_col = RECORD_COLS};
	struct err theirs = {0};
	int told[2], master, status = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(told) < 0)
		return err_errno(err, errno, "pipe");
	pid = forkpty(&master, NULL, NULL, &size);
	if (pid == 0) {
		close(told[0]);
		child(env, store, a, told[1]);
	}
	close(told[1]);
	if (pid > 0) {
		drain(master);
		close(master);
		waitpid(pid, &status, 0);
	}
	n = read(told[0], &theirs, sizeof theirs);
	close(told[0]);
	if (pid < 0)
		return err_errno(err, errno, "no pseudo terminal can be made");
	if (n == (ssize_t)sizeof theirs) {
		*err = theirs;
		return false;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_fail(err, ERR_IO, "the recording ended before its end");
	return true;
}
