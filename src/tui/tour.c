/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tour is a story told by keys and captions. It types them as a person would, so that
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
	double seconds;		/* that it is seen */
	const char *caption;
};

static const struct step steps[] = {
	{"", "", 4, "a shop: what is looked at most, and what goes with the one selected"},
	{"\t\t", "Tab Tab", 8, "bought along with it, how often, and by chance"},
	{"j", "j", 7, "the next suggestion: the sentence follows the cursor"},
	{"w", "w", 10, "why: the sentence, a picture against chance, the baskets themselves"},
	{"q", "q", 2, "back to the panels"},
	{"t", "t", 9, "where baskets go: above 1x more often than by chance, below less"},
	{"q", "q", 2, "q closes what is on top"},
	{"\r", "Enter", 4, "Enter follows the suggestion"},
	{"\177", "Backspace", 3, "and Backspace goes back"},
	{"&price<20\r", "& price<20", 5, "one looks at less, suggestions stay the shop's"},
	{"F", "F", 2, "takes it away again"},
	{"I", "I", 5, "the shop at a glance: events, what carts came to, time"},
	{"q", "q", 2, "every screen is a command too: Y copies it"},
	{"?", "?", 4, "what the numbers mean, then the keys"},
	{"q", "q", 60, "your turn: j and k move, Tab changes the pane, ? explains"},
};
#define STEPS (sizeof steps / sizeof *steps)

void tour_start(struct tour *t, double pace, double now)
{
	*t = (struct tour){.on = true, .pace = pace, .due = now + pace * steps[0].seconds};
}

void tour_idle(struct tour *t, double now)
{
	t->again = now + t->pace * TOUR_AGAIN;
}

const char *tour_step(struct tour *t, double now)
{
	if (t->step + 1 >= STEPS) {
		t->on = false;
		tour_idle(t, now);
		return NULL;
	}
	t->step++;
	t->due = now + t->pace * steps[t->step].seconds;
	return steps[t->step].keys;
}

double tour_seconds(const struct tour *t)
{
	return steps[t->step].seconds;
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
	t->due = now + t->pace * steps[t->step].seconds;
	return TOUR_STAY;
}

double tour_wait(const struct tour *t, bool busy, double now)
{
	double due = t->on ? t->due : t->again > 0 ? t->again : INFINITY;

	return t->paused || busy ? INFINITY : fmax(due - now, 0);
}

void tour_caption(const struct tour *t, struct strbuf *b)
{
	const struct step *s = &steps[t->step];

	strbuf_addf(b, "%u of %zu%s  ", t->step + 1, STEPS, t->paused ? ", paused" : "");
	if (*s->shown)
		strbuf_addf(b, "%s: ", s->shown);
	strbuf_adds(b, s->caption);
}
