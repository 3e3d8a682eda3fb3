/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One thread draws and never waits for anything but poll(): keys, results of the
 * worker, a finished command, a new generation of the store, signals. A frame is
 * drawn when something changed and the terminal has shown the one before.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/time.h"
#include "store/store.h"
#include "store/watch.h"
#include "tui/state.h"

#define PROGRESS_EVERY 0.5	/* seconds; of a command that runs */

static bool draw(struct explorer *e)
{
	size_t sent;

	frame_draw(e);
	if (!term_flush(e->term, e->pace.asking, e->signals, &sent))
		return false;
	if (sent)
		pace_sent(&e->pace, time_now_monotonic(), sent);
	e->dirty = false;
	range_drawn(e);
	panes_say(e);
	return true;
}

/* Everything that was asked for is on the screen and nothing is under way. */
static bool settled(struct explorer *e)
{
	return !e->dirty && !e->rest && !e->find.scanning && !e->pace.waiting &&
	       !e->deciding.behind && !worker_busy(e->worker) && !runner_busy(e->runner) &&
	       !pricing_busy(e->pricing) && !judging_busy(e->judging);
}

static void report_settled(struct explorer *e)
{
	struct pollfd p = {.fd = term_fd(e->term), .events = POLLIN};

	if (e->frame_fd < 0 || !e->unsettled || !settled(e) || poll(&p, 1, 0) > 0)
		return;
	e->unsettled = false;
	if (write(e->frame_fd, "f", 1) != 1)
		e->frame_fd = -1;
}

/* The first screen is there: what comes may read whole arrays. */
static void read_on(struct explorer *e)
{
	if (!e->edition->scattered || !settled(e))
		return;
	e->edition->scattered = false;
	store_scattered(e->edition->store, false);
}

/* Seconds until panels that are out of date change their looks. */
static double late_wait(const struct explorer *e, double now)
{
	double at = e->asked_at + (e->late == LATE_NOT ? NAME_AFTER : DIM_AFTER);

	if (e->rest || e->late == LATE_DIM || !explorer_stale(e))
		return INFINITY;
	return at > now ? at - now : 0;
}

/* Until when results are waited for before a frame is drawn; for good where each screen
 * of a story is to be seen once. */
static double grace(const struct explorer *e)
{
	return e->record ? INFINITY : e->grace;
}

/* The screen says how far something is. */
static bool in_progress(const struct explorer *e)
{
	return runner_busy(e->runner) || panes_making(e) || pricing_busy(e->pricing);
}

/* Seconds until something is due by itself; INFINITY: never. */
static double time_to_wait(struct explorer *e, double now)
{
	double wait = INFINITY, held;

	if (e->find.scanning && !pane_stale(panes_front(e)))
		return 0;
	if (e->dirty && worker_busy(e->worker) && grace(e) > now)
		wait = grace(e) - now;
	else if (e->dirty || (e->frame_fd >= 0 && e->pace.waiting))
		wait = pace_wait(&e->pace, now);
	wait = fmin(wait, late_wait(e, now));
	wait = fmin(wait, explorer_tour_wait(e, now));
	wait = fmin(wait, budget_wait(e));
	wait = fmin(wait, deciding_wait(e, now));
	if (e->rest)
		wait = fmin(wait, fmax(e->rest - now, 0));
	if (in_progress(e))
		wait = fmin(wait, PROGRESS_EVERY);
	if (input_held(e->input, now, &held) && held < wait)
		wait = held > 0 ? held : 0;
	return wait;
}

/* poll() in parts of a millisecond; -1 after a signal. */
static int poll_for(struct pollfd *p, nfds_t n, double seconds)
{
	struct timespec t = {0};

	if (isinf(seconds))
		return ppoll(p, n, NULL, NULL);
	seconds = fmax(seconds, 0);
	t.tv_sec = (time_t)seconds;
	t.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
	return ppoll(p, n, &t, NULL);
}

static void wait_for_something(struct explorer *e)
{
	struct pollfd p[] = {
		{.fd = term_fd(e->term), .events = POLLIN},
		{.fd = worker_fd(e->worker), .events = POLLIN},
		{.fd = runner_fd(e->runner), .events = POLLIN},
		{.fd = e->signals, .events = POLLIN},
		{.fd = e->watch ? watch_fd(e->watch) : -1, .events = POLLIN},
		{.fd = pricing_fd(e->pricing), .events = POLLIN},
		{.fd = judging_fd(e->judging), .events = POLLIN},
	};
	int n, bytes = 0;

	n = poll_for(p, sizeof p / sizeof p[0], time_to_wait(e, time_now_monotonic()));
	if (n < 0 && errno != EINTR)
		e->quit = true;
	if (n == 0 && in_progress(e))
		e->dirty = true;
	if (n <= 0)
		return;
	if (p[3].revents)
		explorer_take_signals(e);
	/* Readable without a byte, or an error: the other end hung up. */
	if (p[0].revents && (ioctl(p[0].fd, FIONREAD, &bytes) < 0 || bytes == 0))
		e->quit = e->hung_up = true;
	if (p[1].revents || p[2].revents)
		explorer_take_results(e);
	if ((p[5].revents && pricing_take(e->pricing)) ||
	    (p[6].revents && judging_take(e->judging)))
		e->dirty = e->unsettled = true;
	/* Where nothing can be watched, at least what a command of ours did shows. */
	if ((p[4].revents && watch_changed(e->watch)) || (p[2].revents && !e->watch))
		explorer_reload(e);
	if (p[4].revents && watch_decisions(e->watch))
		e->deciding.behind = true;
	if (p[4].revents && watch_models(e->watch) &&
	    (outlook_asks(&e->sight.asked, ASK_MODEL) ||
	     outlook_asks(&e->sight.own[PANE_COMPLEMENTARY], ASK_MODEL)))
		explorer_again(e);
}

void explorer_loop(struct explorer *e)
{
	while (!e->quit) {
		double now;

		explorer_take_input(e);
		find_slice(e);
		now = time_now_monotonic();
		explorer_tour(e, now);
		budget_check(e);
		deciding_watch(e, now);
		if (e->rest && now >= e->rest)
			explorer_end_rest(e);
		if (explorer_late(e) != e->late) {
			e->late = explorer_late(e);
			e->dirty = true;
		}
		if (e->dirty && !(worker_busy(e->worker) && now < grace(e)) &&
		    pace_ready(&e->pace, now) && !e->quit && !draw(e))
			e->quit = e->hung_up = true;
		else if (!e->dirty && e->frame_fd >= 0)
			pace_ready(&e->pace, now);	/* a reply may be overdue */
		report_settled(e);
		read_on(e);
		if (!e->quit)
			wait_for_something(e);
	}
}

