/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranked lists for all users or products: blocks of them on all cores, written in order. */
#include "config.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "export/grid.h"
#include "export/panel_lists.h"
#include "query/filter.h"
#include "suggest/door.h"
#include "suggest/lister.h"

#define BLOCK 256	/* lists made before they are written */

static const struct grid_column of_users[] = {
	{"user", GRID_ID}, {"rank", GRID_NUMBER}, {"product", GRID_ID}, {"score", GRID_NUMBER},
	{"source", GRID_TEXT},
};
static const struct grid_column of_products[] = {
	{"for", GRID_ID}, {"rank", GRID_NUMBER}, {"product", GRID_ID}, {"score", GRID_NUMBER},
	{"source", GRID_TEXT},
};

struct making {
	const struct export_request *r;
	struct list_request base;
	uint32_t *who;		/* (n) users or products */
	uint32_t n, first;	/* of this block */
	struct panel list[BLOCK];
	atomic_bool failed;
	struct err err;
	atomic_flag told;
};

/* Which lists there are: of users those with events. */
static bool choose(struct making *m, struct err *err)
{
	const struct catalog *c = m->r->about.catalog;
	uint32_t all = m->r->of_products ? c->n_products : c->n_users;

	m->who = mem_big(all, sizeof *m->who, "lists", err);
	if (!m->who)
		return false;
	for (uint32_t i = 0; i < all; i++)
		if (m->r->of_products ? export_has(m->r, i)
				      : c->user_offsets[i + 1] > c->user_offsets[i])
			m->who[m->n++] = i;
	return true;
}

static void make_one(void *ctx, size_t task, unsigned worker)
{
	struct making *m = ctx;
	const struct catalog *c = m->r->about.catalog;
	struct list_request context = m->base;
	struct panel_request q = {.about = m->r->about, .kind = PANEL_CONTEXT,
				  .limit = m->r->top, .context = &context};
	struct past past = {0};
	struct err err;

	(void)worker;
	if (atomic_load(&m->failed) || job_cancelled(m->r->job))
		return;
	q.about.category = CATALOG_NONE;	/* whose lists they are, not what stands in them */
	if (m->r->of_products) {
		q.about.basket = &m->who[m->first + task];
		q.about.n_basket = 1;
	} else {
		past_read(&past, c, m->who[m->first + task], c->last_time + 1);
		context.past = &past;
	}
	if (!suggest(&q, &m->list[task], m->r->job, &err)) {
		atomic_store(&m->failed, true);
		if (!atomic_flag_test_and_set(&m->told))
			m->err = err;
	}
	past_finish(&past);
	job_advance(m->r->job, 1);
}

static void write_list(struct grid *s, uint32_t who, const struct panel *p)
{
	const struct catalog *c = s->r->about.catalog;

	for (unsigned i = 0; i < p->n_rows; i++) {
		const struct panel_row *row = &p->rows[i];

		if (!row->rank)
			continue;	/* rejected, and only shown */
		if (s->r->of_products)
			emit_text(&s->emit, text_at(&c->product_id, who));
		else
			grid_person(s, PSEUDONYM_USER, text_at(&c->user_id, who));
		emit_count(&s->emit, row->rank);
		emit_text(&s->emit, text_at(&c->product_id, row->product));
		emit_real(&s->emit, row->score);
		emit_text(&s->emit, str_from(panel_source_name(row->source)));
	}
}

static bool write_blocks(struct making *m, struct grid *s, struct pool *pool, struct err *err)
{
	for (m->first = 0; m->first < m->n; m->first += BLOCK) {
		uint32_t n = m->n - m->first < BLOCK ? m->n - m->first : BLOCK;

		pool_run(pool, n, make_one, m);
		for (uint32_t i = 0; i < n; i++) {
			write_list(s, m->who[m->first + i], &m->list[i]);
			panel_finish(&m->list[i]);
		}
		if (atomic_load(&m->failed)) {
			*err = m->err;
			return false;
		}
		if (!grid_check(s, err))
			return false;
	}
	return true;
}

static bool lists_run(const struct export_request *r, struct err *err)
{
	const struct catalog *c = r->about.catalog;
	SCOPED_FREE struct making *m = mem_zalloc(sizeof *m);
	SCOPED(lister) lister = NULL;
	SCOPED(pool) pool = NULL;
	struct grid s;
	bool ok;

	if (r->of_panel)
		return panel_lists_write(r, err);
	if (!r->of_products && (!c->user_offsets || !c->n_users || !c->event_time))
		return err_fail(err, ERR_NO, "the store knows no users: --of products");
	*m = (struct making){.r = r};
	if (!list_asked_repeat(r->about.outlook, &m->base, err))
		return false;
	atomic_flag_clear(&m->told);
	if (!choose(m, err) || !lister_create(&lister, c, r->about.model, err)) {
		free(m->who);
		return false;
	}
	m->base.lister = lister;
	pool = pool_create(r->threads);
	job_step(r->job, "writing lists", m->n);
	grid_init(&s, r, r->of_products ? of_products : of_users,
		  sizeof of_users / sizeof *of_users);
	ok = write_blocks(m, &s, pool, err);
	grid_finish(&s);
	free(m->who);
	return ok;
}

const struct export_class ex_lists = {
	.name = "lists",
	.summary = "A ranked list of --top products for every user or product (--of), as aisle "
		   "show list makes it, by --model or by hand; or with --panel the panel of every "
		   "product, as aisle show similar and complementary make it.",
	.asks = MAY(SHOW_USERS) | MAY(RANKER) | MAY(PANEL) | MAY(REPEAT) | MAY(VERDICTS) |
		MAY(RULES),
	.formats = EXPORT_TABLES,
	.dflt = EXPORT_CSV,
	.where = FILTER_PRODUCT,
	.run = lists_run,
};
