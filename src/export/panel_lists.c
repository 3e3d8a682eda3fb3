/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of products on all cores, each through the door, written in order. */
#include "config.h"

#include "export/panel_lists.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "export/grid.h"
#include "model/model.h"
#include "suggest/door.h"
#include "vet/vetting.h"

#define BLOCK 512	/* lists made before they are written */
#define FAR 1000u	/* places in which an approved row is looked for */

static const struct grid_column columns[] = {
	{"for", GRID_ID}, {"rank", GRID_NUMBER}, {"product", GRID_ID}, {"score", GRID_NUMBER},
	{"source", GRID_TEXT}, {"verdict", GRID_TEXT}, {"rule", GRID_NUMBER},
};

struct making {
	const struct export_request *r;
	unsigned together;	/* lists of a task */
	uint32_t first, n;	/* products of this block */
	struct panel panel[BLOCK];
	atomic_flag told;
	atomic_bool failed;
	struct err err;
};

/* --- what was approved stays */

static bool holds(const struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return true;
	return false;
}

/* Takes the place of the last row that nobody approved; a full list of approved ones grows. */
static void take_in(struct panel *p, struct panel_row row)
{
	unsigned i = p->n_rows;

	while (i > 0 && (p->rows[i - 1].flags & (PANEL_APPROVED | PANEL_PINNED)))
		i--;
	if (i == 0) {
		p->rows = mem_resize(p->rows, p->n_rows + 1, sizeof *p->rows);
		p->rows[p->n_rows++] = row;
		return;
	}
	for (; i < p->n_rows; i++)
		p->rows[i - 1] = p->rows[i];
	p->rows[p->n_rows - 1] = row;
}

/* Approved ones that the list lost, each with the evidence that it has farther down. */
static bool keep_approved(const struct panel_request *q, struct panel *p, struct job *job,
			  struct err *err)
{
	struct vetting_list l;
	struct panel_request far = *q;
	unsigned n, ranked = 0;
	uint32_t *with;
	bool ok = true;

	vetting_list_begin(&l, q->about.vetting, q->kind, q->about.product);
	with = vetting_approved(&l, &n);
	vetting_list_finish(&l);
	far.limit = FAR;
	for (unsigned i = 0; ok && i < n; i++) {
		struct panel_row row = {.product = with[i], .source = SOURCE_PIN, .score = NAN};
		unsigned rank;

		if (with[i] == q->about.product || holds(p, with[i]))
			continue;
		ok = suggest_find(&far, with[i], &row, &rank, job, err);
		row.flags |= PANEL_APPROVED;
		if (ok)
			take_in(p, row);
	}
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].rank || p->rows[i].flags & PANEL_APPROVED)
			p->rows[i].rank = ++ranked;
	free(with);
	return ok;
}

/* --- a list */

static bool make_list(const struct export_request *r, const struct vetting *vetting,
		      struct panel_request *q, struct panel *p, struct err *err)
{
	q->about.vetting = vetting;
	return suggest(q, p, r->job, err) &&
	       (!r->keep_approved || !vetting || keep_approved(q, p, r->job, err));
}

static bool same_rows(const struct panel *a, const struct panel *b)
{
	if (a->n_rows != b->n_rows)
		return false;
	for (unsigned i = 0; i < a->n_rows; i++)
		if (a->rows[i].product != b->rows[i].product)
			return false;
	return true;
}

/* Nothing is left of a list that was the same before. */
static bool drop_unchanged(const struct export_request *r, struct panel_request *q,
			   struct panel *p, struct err *err)
{
	struct panel before;

	if (!make_list(r, r->before, q, &before, err))
		return false;
	if (same_rows(p, &before)) {
		panel_finish(p);
		*p = (struct panel){0};
	}
	panel_finish(&before);
	return true;
}

static bool fails(struct making *m, const struct err *err)
{
	atomic_store(&m->failed, true);
	if (!atomic_flag_test_and_set(&m->told))
		m->err = *err;
	return false;
}

/* scores (products) of the model, or NULL. */
static bool make_one(struct making *m, uint32_t i, const float *scores)
{
	struct panel_request q = {
		.about = m->r->about, .kind = m->r->panel, .limit = m->r->top, .scores = scores,
	};
	struct err err;

	q.about.product = m->first + i;
	q.about.category = CATALOG_NONE;	/* whose lists they are, not what stands in them */
	return (make_list(m->r, m->r->about.vetting, &q, &m->panel[i], &err) &&
		(!m->r->changed || drop_unchanged(m->r, &q, &m->panel[i], &err))) ||
	       fails(m, &err);
}

/* Lists of a task that a model has scores for at once. */
static void make_some(struct making *m, const uint32_t *list, unsigned n)
{
	uint32_t product[MODEL_MANY], products = m->r->about.catalog->n_products;
	struct history h[MODEL_MANY];
	SCOPED_FREE float *scores = NULL;
	struct err err;

	for (unsigned i = 0; i < n; i++) {
		product[i] = m->first + list[i];
		h[i] = (struct history){.product = &product[i], .n = 1};
	}
	scores = n ? mem_big((size_t)n * products, sizeof *scores, "scores", &err) : NULL;
	if (n && (!scores || !model_score_many(m->r->about.model, h, n,
					       (struct scoring){scores, m->r->job}, &err)))
		fails(m, &err);
	for (unsigned i = 0; i < n && !atomic_load(&m->failed); i++)
		make_one(m, list[i], scores + (size_t)i * products);
}

static void make(void *ctx, size_t task, unsigned worker)
{
	struct making *m = ctx;
	uint32_t first = (uint32_t)task * m->together, list[MODEL_MANY];
	unsigned n = 0;

	(void)worker;
	for (uint32_t i = first; i < first + m->together && i < m->n; i++)
		if (export_has(m->r, m->first + i))
			list[n++] = i;
	if (m->together > 1)
		make_some(m, list, n);
	for (unsigned i = 0; m->together == 1 && i < n && !atomic_load(&m->failed); i++)
		make_one(m, list[i], NULL);
}

static const char *verdict_of(const struct panel_row *row)
{
	return row->flags & PANEL_PINNED && !row->rule ? "pinned" :
	       row->flags & PANEL_APPROVED ? "approved" : "";
}

static void write_list(struct grid *g, uint32_t product, const struct panel *p)
{
	const struct catalog *c = g->r->about.catalog;

	if (g->r->counts)
		g->r->counts->lists += p->n_rows > 0;
	for (unsigned i = 0; i < p->n_rows; i++) {
		const struct panel_row *row = &p->rows[i];

		if (!row->rank)
			continue;	/* rejected, and only shown */
		if (g->r->counts)
			g->r->counts->rows++;
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
	uint32_t end;

	export_share(m->r, m->r->about.catalog->n_products, &m->first, &end);
	job_step(m->r->job, "writing lists", end - m->first);
	for (; m->first < end; m->first += BLOCK) {
		m->n = end - m->first < BLOCK ? end - m->first : BLOCK;
		pool_run(pool, (m->n + m->together - 1) / m->together, make, m);
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
	m->together = r->about.model && model_scores_many(r->about.model) ? MODEL_MANY : 1;
	atomic_flag_clear(&m->told);
	grid_init(&g, r, columns, sizeof columns / sizeof *columns);
	ok = write_blocks(m, &g, pool, err);
	grid_finish(&g);
	return ok;
}
