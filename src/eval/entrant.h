/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entrant: a model or a panel with parameters, made for an evaluation. */
#ifndef EVAL_ENTRANT_H
#define EVAL_ENTRANT_H

#include "base/work.h"
#include "eval/run.h"
#include "model/model.h"
#include "panel/panel_weights.h"

struct entrant {
	const struct model_class *class;	/* NULL: a panel as it is shown */
	struct params params;
	enum panel_kind kind;	/* of the panel */
	struct panel_weights weights;
	enum same_category same;	/* how it is asked, and for how many rows */
	unsigned rows;
	char name[65];		/* under which it is listed; "": that of the class */
	const struct vectors *text;	/* for models that learn from texts, or NULL */
	bool unordered;		/* histories are baskets: their products weigh the same */
};
#define ENTRANT_HISTORY 50	/* older products of a history don't count */

/* The name of a panel as an operand. */
const char *entrant_panel(enum panel_kind kind);
/* With the defaults of its class; class NULL: of the panel `kind`, which is to be set. */
void entrant_init(struct entrant *e, const struct model_class *class);
/* MODEL or MODEL:name=value,name=value - with the parameters of aisle train and seed; or
 * similar, complementary or basket, with those of panel/panel_weights.def. Errors: ERR_USAGE. */
bool entrant_parse(struct entrant *e, struct str text, struct err *err);
/* One of them; ERR_USAGE. */
bool entrant_set(struct entrant *e, struct str name, struct str value, struct err *err);
/* "--window 5": what isn't at its default, and what is but wouldn't be in this log. */
void entrant_text(const struct entrant *e, const struct catalog *c, struct strbuf *b);
/* Train it on the catalog, in memory; the contender borrows the catalog. */
bool entrant_train(const struct entrant *e, const struct catalog *c,
		   struct contender *out, struct work work, struct err *err);

#endif
