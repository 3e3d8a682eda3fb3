/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_lists: a panel of every product as one table, as a shop loads it. */
#ifndef EXPORT_PANEL_LISTS_H
#define EXPORT_PANEL_LISTS_H

#include "export/export.h"

/* The first r->top suggestions of r->panel for every product that passes filter and category,
 * through the one door: verdicts and rules of the question are obeyed. Columns: for, rank,
 * product, score, source, verdict (approved, pinned or empty), rule (its line). Products in
 * their order in the store, the same bytes for any number of threads. ERR_NOMEM,
 * ERR_CANCELLED, those of suggest(). */
bool panel_lists_write(const struct export_request *r, struct err *err);

#endif
