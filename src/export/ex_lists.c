/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranked lists for all users or products: blocks of them on all cores, written in order. */
#include "config.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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
	uint32_t n, first, block;	/* all; where this block begins, how many are of it */
	unsigned together;		/* lists of a task */
	struct panel list[BLOCK];
	float **scores;		/* (workers) room for `together` of (products) each, or NULL yet */
	unsigned workers;
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

/* Those of this file alone. */
static void share(struct making *m)
{
	uint32_t first, end;

	export_share(m->r, m->n, &first, &end);
	m->n = end - first;
	memmove(m->who, m->who + first, m->n * sizeof *m->who);
}

/* Whom the lists of a task are for. */
struct some {
	uint32_t first;		/* in the block */
	unsigned n;
	struct past past[MODEL_PASTS];
	struct history history[MODEL_PASTS];
	const float *scores;	/* (n, products) NULL: the model is asked for each */
};

static void fails(struct making *m, const struct err *err)
{
	atomic_store(&m->failed, true);
	if (!atomic_flag_test_and_set(&m->told))
		m->err = *err;
}

static void make_one(struct making *m, const struct some *s, unsigned i)
{
	struct list_request context = m->base;
	struct panel_request q = {.about = m->r->about, .kind = PANEL_CONTEXT,
				  .limit = m->r->top, .context = &context};
	struct err err;

	if (atomic_load(&m->failed) || job_cancelled(m->r->job))
		return;
	q.about.category = CATALOG_NONE;	/* whose lists they are, not what stands in them */
	if (m->r->of_products) {
		q.about.basket = &m->who[m->first + s->first + i];
		q.about.n_basket = 1;
	} else {
		context.past = &s->past[i];
	}
	if (s->scores && s->history[i].n)
		q.scores = s->scores + (size_t)i * m->r->about.catalog->n_products;
	if (!suggest(&q, &m->list[s->first + i], m->r->job, &err))
		fails(m, &err);
	job_advance(m->r->job, 1);
}

/* What the model says of those who have a history; of nothing it isn't asked. */
static void score_some(struct making *m, struct some *s, float **room)
{
	size_t products = m->r->about.catalog->n_products;
	const struct model *model = m->r->about.model;
	struct err err;
	bool pasts = m->together == MODEL_PASTS, ok;
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += s->history[i].n > 0;
	if (!pasts && (n < s->n || !model || !model_scores_many(model)))
		return;
	if (!*room)
		*room = mem_big(m->together * products, sizeof **room, "scores", &err);
	ok = *room && (pasts ? model_score_pasts(model, s->past, s->n,
						 (struct scoring){*room, m->r->job}, &err) :
			       model_score_many(model, s->history, s->n,
						(struct scoring){*room, m->r->job}, &err));
	if (!ok)
		fails(m, &err);
	s->scores = *room;
}

static void make_some(void *ctx, size_t task, unsigned worker)
{
	struct making *m = ctx;
	const struct catalog *c = m->r->about.catalog;
	struct some s = {.first = (uint32_t)task * m->together};

	assert(worker < m->workers);
	s.n = m->block - s.first < m->together ? m->block - s.first : m->together;
	for (unsigned i = 0; i < s.n; i++) {
		const uint32_t *who = &m->who[m->first + s.first + i];

		if (m->r->of_products) {
			s.history[i] = (struct history){.product = who, .n = 1};
			continue;
		}
		past_read(&s.past[i], c, *who, c->last_time + 1);
		s.history[i] = (struct history){.product = s.past[i].product, .n = s.past[i].n};
	}
	score_some(m, &s, &m->scores[worker]);
	for (unsigned i = 0; i < s.n; i++) {
		make_one(m, &s, i);
		past_finish(&s.past[i]);
	}
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

static void begin_scores(struct making *m, const struct pool *pool)
{
	m->workers = pool_threads(pool);
	m->scores = mem_zalloc(m->workers * sizeof *m->scores);
}

static void finish_scores(struct making *m)
{
	for (unsigned i = 0; i < m->workers; i++)
		free(m->scores[i]);
	free(m->scores);
}

static bool write_blocks(struct making *m, struct grid *s, struct pool *pool, struct err *err)
{
	for (m->first = 0; m->first < m->n; m->first += BLOCK) {
		m->block = m->n - m->first < BLOCK ? m->n - m->first : BLOCK;
		pool_run(pool, (m->block + m->together - 1) / m->together, make_some, m);
		for (uint32_t i = 0; i < m->block; i++) {
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
	share(m);
	m->base.lister = lister;
	m->together = !r->of_products && r->about.model && model_scores_pasts(r->about.model) ?
		MODEL_PASTS : MODEL_MANY;
	pool = pool_create(r->threads);
	begin_scores(m, pool);
	job_step(r->job, "writing lists", m->n);
	grid_init(&s, r, r->of_products ? of_products : of_users,
		  sizeof of_users / sizeof *of_users);
	ok = write_blocks(m, &s, pool, err);
	grid_finish(&s);
	finish_scores(m);
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
	.divides = true,
	.run = lists_run,
};
