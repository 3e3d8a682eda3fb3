/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why_trend: is a pair met more often than before? For the view why. */
#ifndef VIEW_WHY_TREND_H
#define VIEW_WHY_TREND_H

#include "view/facts.h"

struct job;

#define TREND_PERIODS 3		/* at least */
#define TREND_MOST 40		/* periods that are looked at, the latest */

/*
 * Sessions with both products and with A, in complete periods of equal length (28, 7 or 1
 * days, the longest of which the log holds TREND_PERIODS). They end with the last complete
 * day of the shop: a cut last period would look like a fall.
 */
struct trend {
	const char *lack;	/* why there are no periods, or NULL */
	/* ms of the shop's clock; the latest period is [end - length, end) */
	int64_t end, length;
	unsigned n;
	uint64_t both[TREND_MOST], a[TREND_MOST];	/* sessions, the latest last */
};

bool trend_count(struct trend *t, const struct catalog *c, uint32_t a, uint32_t b,
		 struct job *job, struct err *err);
/* ms of period k's start. */
int64_t trend_start(const struct trend *t, unsigned k);
/* "It falls: 27.9% from 2020-09-16, 13.9% from 2020-09-21." where the first and the last
 * period differ more than by chance (p < 0.05); else nothing. */
void trend_words(struct strbuf *b, const struct trend *t);
/* The section `trend`. */
void trend_facts(struct facts *f, const struct trend *t);

#endif
