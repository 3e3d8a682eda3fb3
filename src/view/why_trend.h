/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why_trend: is a pair met more often than before? For the view why. */
#ifndef VIEW_WHY_TREND_H
#define VIEW_WHY_TREND_H

#include "view/facts.h"

struct job;

/*
 * The section `trend`: sessions with both products, and their share of those with A, in
 * complete periods of equal length (28, 7 or 1 days, the longest of which the log holds
 * TREND_PERIODS). They end with the last complete day (UTC): a cut last period would look
 * like a fall.
 */
#define TREND_PERIODS 3
bool why_trend(struct facts *f, uint32_t a, uint32_t b, struct job *job, struct err *err);

#endif
