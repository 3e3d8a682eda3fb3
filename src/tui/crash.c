/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals that end the process: the terminal is put right from inside the handler. */
#include "config.h"

#include "tui/crash.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

const char crash_restore_bytes[] =
	"\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[?2026l"
	"\033[?25h\033[?1l\033>\033[0m\033[?1049l";

/* A signal handler can't be given anything: these are read by it alone. */
static struct {
	volatile sig_atomic_t armed;
	int tty;
	struct termios modes;
} crash;

/* A terminal that is behind is waited for, a second at most each time. */
static void send(int fd, const char *s, size_t n)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	while (n > 0) {
		ssize_t done = write(fd, s, n);

		if (done < 0 && (errno != EAGAIN || poll(&p, 1, 1000) <= 0))
			return;
		s += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
}

static void restore(void)
{
	if (!crash.armed)
		return;
	crash.armed = 0;
	send(crash.tty, crash_restore_bytes, sizeof crash_restore_bytes - 1);
	tcsetattr(crash.tty, TCSANOW, &crash.modes);
}

/* Only a lack of memory ends the program by quick_exit; what it said then was on
 * the screen that is left. */
static void restore_quickly(void)
{
	static const char memory[] = "aisle: out of memory\n";

	if (!crash.armed)
		return;
	restore();
	send(STDERR_FILENO, memory, sizeof memory - 1);
}

/* Several threads may read what isn't there any more: one of them puts all right. */
static void handler(int sig)
{
	static const char damaged[] =
		"\naisle: reading the store failed: it may be damaged. "
		"Run `aisle verify` on it.\n";
	static atomic_int ends;		/* the thread that does */
	int first = 0, me = gettid();

	if (atomic_compare_exchange_strong(&ends, &first, me)) {
		restore();
		if (sig == SIGBUS || sig == SIGSEGV)
			send(STDERR_FILENO, damaged, sizeof damaged - 1);
	}
	while (first != 0 && first != me)
		pause();
	signal(sig, SIG_DFL);
	raise(sig);	/* ends the process */
}

void crash_arm(int tty, const struct termios *modes)
{
	static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	static char stack[64 * 1024];
	static bool hooked;
	stack_t alt = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction sa = {
		.sa_handler = handler,
		.sa_flags = SA_ONSTACK | SA_NODEFER,
	};

	crash.tty = tty;
	crash.modes = *modes;
	crash.armed = 1;
	if (hooked)
		return;
	hooked = true;
	sigaltstack(&alt, NULL);
	for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
		sigaction(fatal[i], &sa, NULL);
	atexit(restore);
	at_quick_exit(restore_quickly);
}

void crash_disarm(void)
{
	crash.armed = 0;
}
