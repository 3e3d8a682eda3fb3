/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tour is a list of keys with captions. It types them as a person would, so that
 * all it shows is what the explorer does; the pace comes from poll's timeout.
 */
#include "config.h"

#include "tui/tour.h"

#include <math.h>

#include "base/str.h"
#include "tui/input.h"

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

void tour_start(struct tour *t, double pace, double now)
{
	*t = (struct tour){.on = true, .pace = pace, .due = now + pace};
}

const char *tour_step(struct tour *t, double now)
{
	if (t->step + 1 >= STEPS) {
		t->on = false;
		return NULL;
	}
	t->step++;
	t->due = now + t->pace;
	return steps[t->step].keys;
}

enum tour_wish tour_press(struct tour *t, uint32_t key, double now)
{
	if (key == ' ') {
		t->paused = false;
		return TOUR_STEP;
	}
	if (key == 'q' || key == 'Q' || key == KEY_CTRL('c'))
		return TOUR_QUIT;
	t->paused = !t->paused;
	t->due = now + t->pace;
	return TOUR_STAY;
}

double tour_wait(const struct tour *t, bool busy, double now)
{
	return !t->on || t->paused || busy ? INFINITY : fmax(t->due - now, 0);
}

void tour_caption(const struct tour *t, struct strbuf *b)
{
	const struct step *s = &steps[t->step];

	strbuf_addf(b, "%u of %zu%s  ", t->step + 1, STEPS, t->paused ? ", paused" : "");
	if (*s->shown)
		strbuf_addf(b, "%s: ", s->shown);
	strbuf_adds(b, s->caption);
}
