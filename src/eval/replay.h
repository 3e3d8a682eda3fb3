/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay: how high rankings hold what people approved above what they rejected. */
#ifndef EVAL_REPLAY_H
#define EVAL_REPLAY_H

#include "base/err.h"
#include "panel/panel.h"

struct job;
struct model;
struct store;
struct verdicts;

/*
 * Of each product with suggestions of both kinds every pair of an approved (or pinned) and a
 * rejected one; it counts 1 where the ranking has the approved one higher, 1/2 where it has both
 * alike or neither: the area under the ROC curve within products (Hanley and McNeil 1982). The
 * interval takes products as drawn at random, a ratio of two sums over them.
 */
struct replayed {
	uint32_t products;
	uint64_t approved, rejected, pairs;	/* in them */
	double auc, low, high;		/* 95%; NAN: no pairs */
};
/* m NULL: the panel, without rules and verdicts. Errors: those of suggest() and model_score. */
bool replay(struct replayed *r, const struct store *s, const struct verdicts *v,
	    enum panel_kind kind, const struct model *m, struct job *job, struct err *err);

#endif
