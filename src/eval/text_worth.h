/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_worth: how well models of texts tell what is alike, and what goes together. */
#ifndef EVAL_TEXT_WORTH_H
#define EVAL_TEXT_WORTH_H

#include <jansson.h>

#include "base/work.h"
#include "model/model.h"

/*
 * Models with vectors that were trained in the store, asked for the nearest of products that
 * were met; the product itself and its variants are left out. Beside them stand equal
 * attributes, these with a little of the first model's cosine (what show upsell ranks by),
 * popularity and chance. Nothing is trained: texts know no sessions.
 */
struct text_worth_plan {
	const struct catalog *catalog;
	const struct model *const *models;	/* (n_models) with vectors */
	size_t n_models;
	int64_t from;				/* ms: sessions from then on give the pairs */
	const uint32_t *k;			/* (n_k) */
	unsigned n_k;
	uint64_t most, seed;			/* products, and sessions, at most so many */
};

/*
 * A document as of eval/report.h, of task "text". Tasks of its rows: "text, same NAME" for
 * category, brand and each attribute: precision is the share of the k nearest with the same
 * one (of products that have one), with precision_low and precision_high; "text, co-view" and
 * "text, co-purchase": hr is the share of ordered pairs of a session whose second product is among
 * the k nearest of the first, with hr_low and hr_high. Shares under ties are expected values;
 * intervals: 1,000 bootstrap rounds over products, over sessions. ERR_NO where nothing was met;
 * ERR_CANCELLED, ERR_NOMEM.
 */
bool text_worth_run(const struct text_worth_plan *plan, json_t **doc, struct work work,
		 struct err *err);

#endif
