/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed descriptors are filled and faults in mapped files become a message. */
#include "config.h"

#include "cli/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"

void guard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* The wrong way round: using it fails as it would have. */
		int way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", way) < 0)
			_exit(err_exit_code(ERR_IO));
	}
}

static void die(const char *text, size_t len, enum err_code code)
	__attribute__((noreturn));
static void die(const char *text, size_t len, enum err_code code)
{
	ssize_t ignored = write(STDERR_FILENO, text, len);

	(void)ignored;
	/* What restores a terminal runs; nothing else, as anything may be broken. */
	quick_exit(err_exit_code(code));
}

/* LMDB and the arrays are read in place, so a damaged page can lead anywhere. */
static void on_reading(int sig)
{
	static const char text[] = "aisle: reading the store failed: it may be damaged; "
				   "run `aisle verify` on it\n";

	die(text, sizeof text - 1, ERR_STORE);
}

/* A file that is written through its map tells of a disk's failure this way. */
static void on_writing(int sig)
{
	static const char text[] = "aisle: writing the new store failed: disk full or "
				   "broken; the store keeps what it had\n";

	die(text, sizeof text - 1, ERR_IO);
}

void guard_crash(unsigned flags)
{
	static char stack[64 * 1024];
	stack_t alt = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction sa = {.sa_flags = SA_ONSTACK};

	sigaltstack(&alt, NULL);
	sa.sa_handler = on_writing;
	if (flags & CMD_WRITES)
		sigaction(SIGBUS, &sa, NULL);
	sa.sa_handler = on_reading;
	if (!(flags & CMD_STORE) || flags & CMD_WRITES)
		return;
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
}

/* The operand that names the store, or NULL. */
static const char *store_of(const struct command *c, const struct args *a)
{
	unsigned at = c->flags & CMD_STORE_SECOND ? 1 : 0;

	return c->flags & CMD_STORE ? args_operand(a, at).ptr : NULL;
}

const char *guard_sandbox(const struct command *c, const struct args *a, struct strbuf *said)
{
	struct sandbox got;

	if (!(c->flags & (CMD_READS | CMD_LIVE)))
		return NULL;
	sandbox_enter(c->flags & CMD_READS ? SANDBOX_READ : SANDBOX_WORK, store_of(c, a), &got);
	sandbox_add(&got, said);
	return strbuf_c(said);
}
