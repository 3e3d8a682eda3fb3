/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats: counts everything that the panels need, after an import. */
#ifndef STATS_STATS_H
#define STATS_STATS_H

#include "base/err.h"
#include "base/work.h"

struct build;

/* Totals, product -> sessions, the relations that the data set has, category
 * transitions, sort orders; then meta "steps" (seconds of each) and "counting"
 * (of a relation's: seconds of counting and of testing its pairs). The counts
 * don't depend on the number of threads. */
bool stats_run(struct build *b, struct work work, struct err *err);

#endif
