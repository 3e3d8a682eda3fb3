/* SPDX-License-Identifier: GPL-3.0-or-later */
/* results: what was measured of models, kept in the store's folder. */
#ifndef STORE_RESULTS_H
#define STORE_RESULTS_H

#include <jansson.h>

#include "base/err.h"

#define RESULTS_KEPT 200	/* older runs go when another is added */

/*
 * One JSON document a run, "evaluation-NUMBER-PID.json", which appears whole. The number
 * is the time in ms, but always greater than that of the newest: a clock that jumps changes
 * no order. An import leaves them: a run says which generation and UUID it measured. Keys
 * of a run: see eval/report.h. Errors: ERR_IO, ERR_NOSPACE.
 */
bool results_add(const char *store, const json_t *run, struct err *err);
/* A list of all runs, the newest first. Files that can't be read as a run are left out.
 * json_decref it. */
json_t *results_all(const char *store);

#endif
