/* SPDX-License-Identifier: GPL-3.0-or-later */
/* review_report: what was reviewed, for people without a terminal: one page of HTML. */
#ifndef EXPORT_REVIEW_REPORT_H
#define EXPORT_REVIEW_REPORT_H

#include "base/err.h"
#include "base/work.h"
#include "panel/panel.h"

struct out;
struct store;

/*
 * One self-contained page: no network, no script, drawings as inline SVG, light and dark by
 * the reader's setting, two A4 pages when printed. Names from the store are escaped. kind: the
 * panel whose progress and audit it tells; acceptance is told of all panels.
 * Errors: those of queue_make, ERR_IO of `out` at its closing.
 */
bool review_report_write(const struct store *s, enum panel_kind kind, struct out *out,
			 struct work work, struct err *err);

#endif
