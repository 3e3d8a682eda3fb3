/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tour is a list of keys with captions. It types them as a person would, so that
 * all it shows is what the explorer does; the pace comes from poll's timeout.
 */
#include "config.h"

#include "tui/tour.h"

#include <math.h>

#include "base/time.h"
#include "tui/state.h"

struct step {
	const char *keys;	/* as the terminal sends them */
	const char *shown;	/* as a person reads them */
	const char *caption;
};

static const struct step steps[] = {
	{"", "", "a shop: its categories, its products, what goes with the one selected"},
	{"j", "j", "one row down: what is similar and what goes with it follow"},
	{"jj", "j j", "numbers are counts of the shop's own log"},
	{"o", "o", "any column sorts the products"},
	{"q", "q", "q closes what is on top"},
	{"\t", "Tab", "similar products: score, counts, lift and the 1 of one-way"},
	{"w", "w", "why: all that is known of a suggestion, with its intervals"},
	{"q", "q", "back to the panels"},
	{"\r", "Enter", "follows the suggestion"},
	{"\177", "Backspace", "and goes back"},
	{"=", "=", "rankings side by side, and how much they agree"},
	{"q", "q", "every screen is a command too: y copies it"},
	{"t", "t", "where baskets go, category by category: colour and number"},
	{"q", "q", "Enter on a cell makes a filter of it"},
	{"&price<20\r", "& price<20", "a filter: all panes are counted anew"},
	{"F", "F", "takes it away again"},
	{"I", "I", "the shop at a glance"},
	{"q", "q", "charts say the same in words: show overview --format words"},
	{"i", "i", "a product in full"},
	{"q", "q", "that is all; ? shows every key"},
};
#define STEPS (sizeof steps / sizeof *steps)

unsigned tour_steps(void)
{
	return STEPS;
}

void tour_start(struct explorer *e, double pace)
{
	e->tour = (struct tour){
		.on = true,
		.pace = pace,
		.due = time_now_monotonic() + pace,
	};
}

static void next_step(struct explorer *e, double now)
{
	struct tour *t = &e->tour;

	if (t->step + 1 >= STEPS) {
		t->on = false;
		explorer_message(e, "the tour has ended: look around, q leaves");
		return;
	}
	t->step++;
	t->due = now + t->pace;
	for (const char *k = steps[t->step].keys; *k; k++)
		explorer_key(e, (unsigned char)*k);
	e->dirty = e->unsettled = true;
}

void tour_key(struct explorer *e, uint32_t key)
{
	struct tour *t = &e->tour;
	double now = time_now_monotonic();

	if (key == ' ') {
		t->paused = false;
		next_step(e, now);
	} else if (key == 'q' || key == 'Q' || key == KEY_CTRL('c')) {
		e->quit = true;
	} else {
		t->paused = !t->paused;
		t->due = now + t->pace;
	}
}

/* What a step asked for is seen before the next one is taken. */
static bool busy(const struct explorer *e)
{
	return e->dirty || e->rest || worker_busy(e->worker) || runner_busy(e->runner);
}

double tour_wait(const struct explorer *e, double now)
{
	const struct tour *t = &e->tour;

	if (!t->on || t->paused || busy(e))
		return INFINITY;
	return fmax(t->due - now, 0);
}

void tour_tick(struct explorer *e, double now)
{
	if (tour_wait(e, now) <= 0)
		next_step(e, now);
}

void tour_caption(const struct explorer *e, struct strbuf *b)
{
	const struct tour *t = &e->tour;
	const struct step *s = &steps[t->step];

	strbuf_addf(b, "%u of %zu%s  ", t->step + 1, STEPS, t->paused ? ", paused" : "");
	if (*s->shown)
		strbuf_addf(b, "%s: ", s->shown);
	strbuf_adds(b, s->caption);
}
