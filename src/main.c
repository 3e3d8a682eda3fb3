/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program: argv to a command of the table. stdout carries data only and
 * stays empty unless the exit code is 0; errors are one line on stderr.
 */
#include "config.h"

#include <jansson.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/out.h"
#include "cli/front.h"
#include "cli/guard.h"
#include "cli/kiosk.h"
#include "cli/plain.h"
#include "cli/progress.h"
#include "cli/shell.h"
#include "math/blas.h"
#include "tui/explorer.h"
#include "tui/record.h"

static void start_progress(void *front)
{
	struct front *f = front;
	bool terminal = isatty(STDERR_FILENO) && !f->plain;
	if (f->quiet || f->progress || (!terminal && !f->verbose))
		return;
	f->progress = progress_start(&f->job, terminal ? PROGRESS_BAR : PROGRESS_LINES);
}

static void finish_progress(void *front)
{
	struct front *f = front;
	progress_destroy(f->progress);
	f->progress = NULL;
}

static void notice(void *ctx, const char *text)
{
	const struct front *f = ctx;
	if (!f->quiet)
		front_say(ctx, text);
}

/* Asked for, or a person sits at a terminal that can't place its cursor. */
static bool wants_plain(const struct args *a)
{
	const char *term = getenv("TERM");
	bool dumb = !term || !*term || strcmp(term, "dumb") == 0;
	return args_flag(a, OPT_ID_PLAIN) ||
	       (dumb && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

static bool explore(void *front, const char *store, const struct args *a,
		    struct err *err)
{
	struct front *f = front;
	f->env.read_only |= args_flag(a, OPT_ID_READ_ONLY);
	if (args_flag(a, OPT_ID_KIOSK) && !kiosk_enter(&store, a, err))
		return false;
	if (args_given(a, OPT_ID_RECORD))
		return record_run(&f->env, store, a, err);
	if (wants_plain(a))
		return plain_run(f, store, a, err);
	return explorer_run(&f->env, store, a, err);
}

static void front_init(struct front *f)
{
	job_init(&f->job);
	f->job.notice = notice;
	f->job.notice_ctx = f;
	f->env = (struct cmd_env){
		.out = out_fd(STDOUT_FILENO),
		.job = &f->job,
		.say = front_say,
		.progress_start = start_progress,
		.progress_finish = finish_progress,
		.explore = explore,
		.shell = shell_run,
		.front = f,
	};
}

static bool wants_colour(const struct args *a)
{
	struct str when = args_text(a, OPT_ID_COLOR);
	const char *no = getenv("NO_COLOR");
	if (str_is(when, "auto"))
		return isatty(STDOUT_FILENO) && !(no && no[0]);
	return str_is(when, "always");
}

static bool run(struct front *f, int argc, char **argv, struct err *err)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	if (!cmd_parse(argc - 1, (const char *const *)argv + 1, &c, &a, err))
		return false;
	/* Before a shop is made for it. */
	if (args_given(a, OPT_ID_RECORD) &&
	    !record_named(args_text(a, OPT_ID_RECORD).ptr, err))
		return false;
	guard_crash(c->flags);
	f->env.sandbox = guard_sandbox(c, a, &f->sandbox);
	f->env.colour = wants_colour(a);
	if (!front_run(f, c, a, err))
		return false;
	return out_close(f->env.out, err);
}

int main(int argc, char **argv)
{
	struct front f = {0};
	struct err err = {0};
	guard_descriptors();
	blas_prepare();
	json_set_alloc_funcs(mem_alloc, free);	/* or it leaves out what does not fit */
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	front_init(&f);
	front_signals(&f.job);
	bool ok = run(&f, argc, argv, &err);
	finish_progress(&f);
	out_destroy(f.env.out);
	strbuf_finish(&f.sandbox);
	if (ok)
		return 0;
	if (err.code != ERR_PIPE)
		front_error(&err);
	return err_exit_code(err.code);
}
