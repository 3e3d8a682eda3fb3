/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written to stderr while a job goes on, as lines and as the bar of a terminal. */
#include "config.h"

#include "cli/progress.h"

#include <pty.h>
#include <poll.h>
#include <unistd.h>

#include "base/job.h"
#include "base/str.h"
#include "base/time.h"
#include "unit.h"

#define LIMIT 20	/* seconds for a text to appear */

/* stderr led aside, and what came there. */
struct aside {
	int own, fd;
	struct strbuf text;
};

static void lead_aside(struct aside *a, unsigned short columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = columns};
	int ends[2];

	fflush(stderr);
	*a = (struct aside){.own = dup(STDERR_FILENO)};
	if (columns)
		assert_int_equal(openpty(&ends[0], &ends[1], NULL, NULL, &size), 0);
	else
		assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	a->fd = ends[0];
}

static void lead_back(struct aside *a)
{
	dup2(a->own, STDERR_FILENO);
	close(a->own);
	close(a->fd);
	strbuf_finish(&a->text);
}

/* Takes what comes until the text has been in it. */
static void see(struct aside *a, const char *text)
{
	double end = time_now_monotonic() + LIMIT;
	struct pollfd p = {.fd = a->fd, .events = POLLIN};
	char some[4096];
	ssize_t n = 1;

	while (!strstr(strbuf_c(&a->text), text) && n > 0 && time_now_monotonic() < end) {
		n = poll(&p, 1, LIMIT * 1000) > 0 ? read(a->fd, some, sizeof some) : 0;
		strbuf_add(&a->text, str_span(some, n > 0 ? (size_t)n : 0));
	}
	if (strstr(strbuf_c(&a->text), text))
		return;
	dup2(a->own, STDERR_FILENO);
	fail_msg("no \"%s\" in \"%s\"", text, strbuf_c(&a->text));
}

/* A line per step, with what is known of it. */
static void says_lines(void **state)
{
	struct progress *p;
	struct aside a;
	struct job job;

	job_init(&job);
	lead_aside(&a, 0);
	p = progress_start(&job, PROGRESS_LINES);
	see(&a, "starting\n");
	job.rows = 1234567;
	job.rejected = 17;
	job_step(&job, "reading", 0);
	see(&a, "reading  1,234,567 rows  17 rejected\n");
	job.rows = job.rejected = 0;
	job_step(&job, "counting", 0);
	see(&a, "counting\n");
	progress_destroy(p);
	lead_back(&a);
}

/* The bar says how much is done, never more than all of it, at what rate, and what is left. */
static void draws_a_bar(void **state)
{
	struct progress *p;
	struct aside a;
	struct job job;

	job_init(&job);
	job.unit = "bytes";
	lead_aside(&a, 100);
	p = progress_start(&job, PROGRESS_BAR);
	see(&a, "\rstarting\033[K");
	job_step(&job, "reading", 4000000000u);
	job_advance(&job, 1000000000);
	see(&a, "\rreading   25%");
	see(&a, " MB/s  ");
	see(&a, " left\033[K");
	job.unit = "words";
	see(&a, " M words/s  ");
	job_advance(&job, 4000000000u);
	strbuf_reset(&a.text);
	see(&a, "\rreading  100%");
	see(&a, " M words/s\033[K");
	job.unit = "rows";
	job.loss = 0.25;
	see(&a, "\rreading  100%  loss 0.25\033[K");
	progress_destroy(p);
	strbuf_reset(&a.text);
	see(&a, "\r\033[K");
	lead_back(&a);
}

/* A narrow terminal gets what fits; one without a size is taken for 80 columns. */
static void fits(void **state)
{
	static const char step[] = "a step whose name is longer than a line of any terminal, "
				   "also of one that has 80 columns";
	struct progress *p;
	struct aside a;
	struct job job;
	char most[100];

	for (int i = 0; i < 2; i++) {
		job_init(&job);
		job_step(&job, step, 0);
		lead_aside(&a, i ? 0 : 20);
		p = progress_start(&job, PROGRESS_BAR);
		snprintf(most, sizeof most, "\r%.*s\033[K", i ? 79 : 19, step);
		see(&a, most);
		progress_destroy(p);
		lead_back(&a);
	}
	progress_destroy(NULL);
}

UNIT_TESTS(progress, UNIT(says_lines), UNIT(draws_a_bar), UNIT(fits))
