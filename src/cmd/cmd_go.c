/* SPDX-License-Identifier: GPL-3.0-or-later */
/* go PRODUCT|CATEGORY: the explorer's own work. */
#include "config.h"

#include "base/match.h"
#include "cmd/cmd.h"
#include "store/catalog.h"
#include "store/store.h"

#define OFFERED 200	/* of each kind at most */

/* Those that begin as was typed, case and accents aside. */
static void offer(const struct completion *t, const struct text *texts, uint32_t n)
{
	unsigned found = 0;
	MATCH(m);

	match_phrase(&m, t->prefix);
	for (uint32_t i = 0; i < n && found < OFFERED; i++) {
		struct str s = text_at(texts, i);
		size_t from = 0, end;

		if (!s.len || (t->prefix.len && (!match_next(&m, s, &from, &end) || from)))
			continue;
		t->add(t->ctx, s);
		found++;
	}
}

static void complete(const struct completion *t)
{
	const struct catalog *cat;

	if (!t->env->store)
		return;
	cat = store_catalog(t->env->store);
	offer(t, &cat->category_path, cat->n_categories);
	if (!t->prefix.len)
		return;		/* products are too many */
	offer(t, &cat->category_name, cat->n_categories);
	offer(t, &cat->product_label, cat->n_products);
	offer(t, &cat->product_id, cat->n_products);
}

static const enum opt_id options[] = {OPT_ID_PRODUCT, OPT_ID_CATEGORY, OPT_IDS};

const struct command cmd_go = {
	.name = "go",
	.operands = "[PRODUCT|CATEGORY]",
	.max_operands = 1,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.options = options,
	.summary = "Select a product by id or name, or open a category by path or name.",
	.help = "In the explorer only. Case doesn't count, nor accents that aren't typed.",
	.complete = complete,
};
