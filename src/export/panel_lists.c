/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of products on all cores, each through the door, written in order. */
#include "config.h"

#include "export/panel_lists.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "export/grid.h"
#include "suggest/door.h"

#define BLOCK 512	/* lists made before they are written */

static const struct grid_column columns[] = {
	{"for", GRID_ID}, {"rank", GRID_NUMBER}, {"product", GRID_ID}, {"score", GRID_NUMBER},
	{"source", GRID_TEXT}, {"verdict", GRID_TEXT}, {"rule", GRID_NUMBER},
};

struct making {
	const struct export_request *r;
	uint32_t first, n;	/* products of this block */
	struct panel panel[BLOCK];
	atomic_flag told;
	atomic_bool failed;
	struct err err;
};

static void make_one(void *ctx, size_t task, unsigned worker)
{
	struct making *m = ctx;
	struct panel_request q = {
		.about = m->r->about, .kind = m->r->panel, .limit = m->r->top,
	};
	struct err err;

	q.about.product = m->first + (uint32_t)task;
	if (atomic_load(&m->failed) || !export_has(m->r, q.about.product))
		return;
	q.about.category = CATALOG_NONE;	/* whose lists they are, not what stands in them */
	if (!suggest(&q, &m->panel[task], m->r->job, &err)) {
		atomic_store(&m->failed, true);
		if (!atomic_flag_test_and_set(&m->told))
			m->err = err;
	}
}

static const char *verdict_of(const struct panel_row *row)
{
	return row->flags & PANEL_PINNED && !row->rule ? "pinned" :
	       row->flags & PANEL_APPROVED ? "approved" : "";
}

static void write_list(struct grid *g, uint32_t product, const struct panel *p)
{
	const struct catalog *c = g->r->about.catalog;

	for (unsigned i = 0; i < p->n_rows; i++) {
		const struct panel_row *row = &p->rows[i];

		if (!row->rank)
			continue;	/* rejected, and only shown */
		emit_text(&g->emit, text_at(&c->product_id, product));
		emit_count(&g->emit, row->rank);
		emit_text(&g->emit, text_at(&c->product_id, row->product));
		emit_real(&g->emit, row->score);
		emit_text(&g->emit, str_from(panel_source_name(row->source)));
		emit_text(&g->emit, str_from(verdict_of(row)));
		if (row->rule)
			emit_count(&g->emit, row->rule);
		else
			emit_empty(&g->emit);
	}
}

static bool write_blocks(struct making *m, struct grid *g, struct pool *pool, struct err *err)
{
	uint32_t all = m->r->about.catalog->n_products;

	job_step(m->r->job, "writing lists", all);
	for (m->first = 0; m->first < all; m->first += BLOCK) {
		m->n = all - m->first < BLOCK ? all - m->first : BLOCK;
		pool_run(pool, m->n, make_one, m);
		for (uint32_t i = 0; i < m->n; i++) {
			write_list(g, m->first + i, &m->panel[i]);
			panel_finish(&m->panel[i]);
			m->panel[i] = (struct panel){0};
		}
		job_advance(m->r->job, m->n);
		if (atomic_load(&m->failed)) {
			*err = m->err;
			return false;
		}
		if (!grid_check(g, err))
			return false;
	}
	return true;
}

bool panel_lists_write(const struct export_request *r, struct err *err)
{
	SCOPED_FREE struct making *m = mem_zalloc(sizeof *m);
	SCOPED(pool) pool = pool_create(r->threads);
	struct grid g;
	bool ok;

	m->r = r;
	atomic_flag_clear(&m->told);
	grid_init(&g, r, columns, sizeof columns / sizeof *columns);
	ok = write_blocks(m, &g, pool, err);
	grid_finish(&g);
	return ok;
}
