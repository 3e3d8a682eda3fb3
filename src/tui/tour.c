/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tour is a story told by keys and captions. It types them as a person would, so that
 * all it shows is what the explorer does; the pace comes from poll's timeout.
 */
#include "config.h"

#include "tui/tour.h"

#include <math.h>

#include "base/str.h"
#include "store/catalog.h"
#include "tui/input.h"

#define OFTEN 20	/* baskets: fewer are a small sample */
#define PARTNERS 3
#define LOOKED_AT 2000u

struct step {
	const char *keys;	/* as the terminal sends them */
	const char *shown;	/* as a person reads them */
	double seconds;		/* that it is seen */
	const char *caption;
};

static const struct step steps[] = {
	{"", "", 1, "a shop: what is looked at, and what goes with the one selected"},
	{"\t\t", "Tab Tab", 9, "bought along with it: how often, and how often by chance"},
	{"j", "j", 10, "the next suggestion: the sentence follows the cursor"},
	{"w", "w", 14, "why: the sentence, a picture against chance, the baskets themselves"},
	{"q", "q", 1, "back to the panels"},
	{"t", "t", 9, "where baskets go: above 1 more often than by chance, below less"},
	{"q", "q", 1, "back to the panels"},
	{"h\t", "h Tab", 4, "similar: what could be bought instead"},
	{"x", "x", 11, "no substitute: it leaves the list, the next moves up; kept in memory"},
	{"", "", 60, "your turn: j and k move, Tab changes the pane, ? explains"},
};
#define STEPS (sizeof steps / sizeof *steps)

/* Others that the product goes with at least OFTEN times. */
static unsigned partners(const struct csr *rows, uint32_t product)
{
	unsigned n = 0;

	if (!rows->offsets)
		return 0;
	for (uint64_t i = rows->offsets[product]; i < rows->offsets[product + 1]; i++)
		n += rows->value[i] >= OFTEN;
	return n;
}

uint32_t tour_product(const struct catalog *cat)
{
	const uint32_t *order = cat->order_views ? cat->order_views : cat->order_purchases;

	for (uint32_t i = 0; order && i < cat->n_products && i < LOOKED_AT; i++)
		if (partners(&cat->relation[REL_CO_VIEW].out, order[i]) >= PARTNERS &&
		    partners(&cat->relation[REL_CO_PURCHASE].out, order[i]) >= PARTNERS)
			return order[i];
	return CATALOG_NONE;
}

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
