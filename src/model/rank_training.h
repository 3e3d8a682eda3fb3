/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank_training: what is at hand while a ranker learns. */
#ifndef MODEL_RANK_TRAINING_H
#define MODEL_RANK_TRAINING_H

#include <jansson.h>

#include "base/rng.h"
#include "model/examples.h"
#include "model/knowledge.h"
#include "model/lesson.h"

/* Orders that are learnt: of people, by their past alone, and of pages and carts. */
enum order { ORDER_PEOPLE, ORDER_PAGES, ORDERS };

#define RANK_MOST_PAGES 1500	/* groups of a period, and of decisions */

struct training {
	const struct catalog *c;
	const struct params *p;
	struct knowledge k;
	struct examples learn[ORDERS], watch[ORDERS];
	struct work work;
	struct rng rng;
	json_t *info;			/* of the sink */
	const struct labels *labels;	/* NULL: not asked for */
};

/*
 * Lessons of days (PARAM_ID_PERIODS of them, or of periods of more days where little happens on
 * one) into learn, of the last one into watch; k has its facts. Notes: "days", of a period.
 * ERR_NO where there is nothing to learn from; ERR_NOMEM, ERR_CANCELLED.
 */
bool taught_days(struct training *t, struct err *err);
/*
 * After them those of decisions into learn[ORDER_PAGES], if labels were asked for. Notes:
 * "labels" {decided, used, products}. ERR_NO where no pages are watched.
 */
bool taught_decisions(struct training *t, struct err *err);

#endif
