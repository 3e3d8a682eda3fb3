/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a panel get scores by their place; all others are below, tied. */
#include "config.h"

#include "eval/listed.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "suggest/door.h"

struct listed {
	struct outlook outlook;
	struct panel_request request;
	struct panel_weights weights;
	struct job *job;
};

static bool score(void *ctx, const uint32_t *history, size_t n, uint32_t target,
		  float *scores, unsigned worker, struct err *err)
{
	const struct listed *l = ctx;
	struct panel_request r = l->request;
	struct panel panel;

	r.about.product = history[n - 1];
	r.about.basket = history;
	r.about.n_basket = (unsigned)n;
	r.limit += n < 1000 ? (unsigned)n : 1000;
	if (!suggest(&r, &panel, l->job, err))
		return false;
	for (uint32_t p = 0; p < r.about.catalog->n_products; p++)
		scores[p] = -INFINITY;
	for (unsigned i = 0; i < panel.n_rows; i++)
		scores[panel.rows[i].product] = (float)(panel.n_rows - i);
	panel_finish(&panel);
	return true;
}

static void destroy(void *ctx)
{
	struct listed *l = ctx;

	outlook_finish(&l->outlook);
	free(l);
}

void listed_make(struct contender *c, const struct catalog *catalog,
		 const struct listing *listing, struct job *job)
{
	static const char *const names[PANEL_ALL_KINDS] = {
		[PANEL_SIMILAR] = "similar panel",
		[PANEL_COMPLEMENTARY] = "complementary panel",
		[PANEL_BASKET] = "basket panel",
	};
	struct listed *l = mem_zalloc(sizeof *l);
	STRBUF(params);

	outlook_copy(&l->outlook, listing->outlook);
	/* Targets are single products: a variant that stands for another would miss them. */
	outlook_set(&l->outlook, ASK_CODES, STR("all"));
	outlook_print(listing->outlook, LISTED_CHOICES, &params);
	l->weights = listing->weights;
	l->request = (struct panel_request){.about = question_of(NULL, &l->outlook),
					    .kind = listing->kind, .limit = listing->rows,
					    .weights = &l->weights};
	l->request.about.catalog = catalog;
	l->request.about.vetting = listing->vetting;
	l->job = job;
	*c = (struct contender){
		.name = mem_strdup(names[listing->kind]),
		.params = mem_strdup(params.len ? strbuf_c(&params) + 1 : ""),
		.score = score,
		.destroy = destroy,
		.ctx = l,
	};
}
