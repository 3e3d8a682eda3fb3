/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An errand for one command of the ':' line at a time, and what it leaves behind. */
#include "config.h"

#include "tui/runner.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "tui/errand.h"

struct runner {
	struct errand errand;
	double began;		/* time_now_monotonic */
	struct cmd_env env;
	const struct command *command;
	struct args *args;
	struct edition *edition;	/* a reference while it runs */
	struct lens *lens;		/* another, or NULL */
	struct strbuf line, output, said;
	struct runner_result result;
};

static void say(void *front, const char *text)
{
	struct runner *r = front;

	strbuf_adds(&r->said, text);
	strbuf_addc(&r->said, '\n');
}

static void run(void *ctx)
{
	struct runner *r = ctx;
	struct err *err = &r->result.err;
	SCOPED(out) out = NULL;

	out = out_buffer(&r->output);
	r->env.out = out;
	if (cmd_run(&r->env, r->command, r->args, err))
		out_close(out, err);
}

bool runner_create(struct runner **out, struct err *err)
{
	struct runner *r = mem_zalloc(sizeof *r);

	if (!errand_open(&r->errand, err)) {
		free(r);
		return false;
	}
	*out = r;
	return true;
}

static void release(struct runner *r)
{
	args_destroy(r->args);
	r->args = NULL;
	edition_destroy(r->edition);
	r->edition = NULL;
	lens_destroy(r->lens);
	r->lens = NULL;
}

void runner_destroy(struct runner *r)
{
	if (!r)
		return;
	errand_close(&r->errand);
	release(r);
	strbuf_finish(&r->line);
	strbuf_finish(&r->output);
	strbuf_finish(&r->said);
	free(r);
}

int runner_fd(const struct runner *r)
{
	return r->errand.done;
}

bool runner_busy(const struct runner *r)
{
	return r->errand.busy;
}

double runner_seconds(const struct runner *r)
{
	return r->errand.busy ? time_now_monotonic() - r->began : 0;
}

void runner_cancel(struct runner *r)
{
	errand_cancel(&r->errand);
}

bool runner_start(struct runner *r, const struct cmd_env *env, struct running what,
		  struct err *err)
{
	int fail;

	strbuf_reset(&r->line);
	strbuf_reset(&r->output);
	strbuf_reset(&r->said);
	strbuf_add(&r->line, what.line);
	r->result = (struct runner_result){0};
	r->env = *env;
	r->env.job = &r->errand.job;
	r->env.store = what.edition->store;
	r->env.counted = what.lens && atomic_load(&what.lens->made) ? what.lens->live : NULL;
	r->env.say = say;
	r->env.front = r;
	r->env.colour = false;
	r->env.progress_start = r->env.progress_finish = NULL;
	r->command = what.command;
	r->args = what.args;
	r->edition = edition_ref(what.edition);
	r->lens = lens_ref(what.lens);
	r->began = time_now_monotonic();
	fail = errand_start(&r->errand, run, r);
	if (!fail)
		return true;
	release(r);
	return err_errno(err, fail, "the command can't be started");
}

const struct runner_result *runner_take(struct runner *r)
{
	if (!errand_take(&r->errand))
		return NULL;
	release(r);
	r->result.line = strbuf_c(&r->line);
	r->result.output = strbuf_str(&r->output);
	r->result.said = strbuf_str(&r->said);
	return &r->result;
}

void runner_progress(struct runner *r, struct strbuf *b)
{
	const char *step = atomic_load(&r->errand.job.step);
	uint64_t total = atomic_load(&r->errand.job.total);
	uint64_t done = atomic_load(&r->errand.job.done);

	strbuf_addf(b, "running %s", strbuf_c(&r->line));
	if (step && *step)
		strbuf_addf(b, ": %s", step);
	if (total)
		strbuf_addf(b, " %llu%%", (unsigned long long)(100 * done / total));
	strbuf_adds(b, " (Ctrl-C cancels)");
}
