/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the next frame may go out, by what the terminal has acknowledged. */
#include "config.h"

#include "tui/pace.h"

void pace_init(struct pace *p)
{
	*p = (struct pace){.asking = true, .sent = -1e9};
}

static double deadline(const struct pace *p)
{
	if (!p->waiting)
		return p->sent + (p->asking ? 0 : PACE_FRAME);
	return p->sent + p->takes + (p->proven ? PACE_LOST : PACE_FIRST);
}

bool pace_ready(struct pace *p, double now)
{
	if (now < deadline(p))
		return false;
	if (p->waiting) {
		p->waiting = false;
		p->lost++;
		if (!p->proven || p->lost >= PACE_LOST_MAX)
			p->asking = false;
	}
	return true;
}

/* The last four or so. */
static double smooth(double before, double now)
{
	return before > 0 ? before + (now - before) / 4 : now;
}

void pace_sent(struct pace *p, double now, size_t bytes)
{
	p->sent = now;
	p->takes = (double)bytes / PACE_LINE;
	p->bytes = smooth(p->bytes, (double)bytes);
	p->waiting = p->asking;
}

void pace_reply(struct pace *p, double now)
{
	/* A late first reply proves that the terminal does answer. */
	p->asking = p->proven = true;
	if (p->waiting)
		p->round_trip = smooth(p->round_trip, now - p->sent);
	if (p->waiting)
		p->slow = now - p->sent < PACE_SLOW ? 0 : p->slow + 1;
	p->waiting = false;
	p->lost = 0;
}

bool pace_slow(const struct pace *p)
{
	return p->slow >= PACE_SLOW_MIN;
}

double pace_wait(const struct pace *p, double now)
{
	double left = deadline(p) - now;

	return left > 0 ? left : 0;
}
