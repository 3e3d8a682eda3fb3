/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages go to stderr, cleaned; SIGINT cancels the job that runs. */
#include "config.h"

#include "cli/front.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/out.h"
#include "base/utf8.h"

static void put_line(struct str text, enum sanitize_mode mode)
{
	STRBUF(b);
	sanitize(&b, text, mode);
	if (!b.len || b.ptr[b.len - 1] != '\n')
		strbuf_addc(&b, '\n');
	ssize_t n = write(STDERR_FILENO, b.ptr, b.len);
	(void)n;		/* there is nowhere to complain to */
}

void front_say(void *front, const char *text)
{
	put_line(str_from(text), SANITIZE_TEXT);
}

void front_error(const struct err *err)
{
	STRBUF(b);
	strbuf_adds(&b, "aisle: ");
	strbuf_adds(&b, err->text[0] ? err->text : "failed without a reason");
	put_line(strbuf_str(&b), SANITIZE_LINE);
}

/* The one job that a signal stops; written before the handlers are set. */
static struct job *signalled_job;

static void on_signal(int sig)
{
	if (atomic_exchange(&signalled_job->cancel, true)) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
}

void front_signals(struct job *job)
{
	struct sigaction sa = {.sa_handler = on_signal};
	signalled_job = job;
	sigemptyset(&sa.sa_mask);
	/* No SA_RESTART: who waits for a pipe must hear of it. */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a write over the limit fails, and that is said */
}

bool front_run(struct front *f, const struct command *c, struct args *a,
	       struct err *err)
{
	f->quiet = f->env.quiet || args_flag(a, OPT_ID_QUIET);
	f->verbose = f->env.verbose || args_flag(a, OPT_ID_VERBOSE);
	return cmd_run(&f->env, c, a, err) && out_flush(f->env.out, err);
}
