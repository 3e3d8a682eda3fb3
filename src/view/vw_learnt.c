/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transitions that companion has learnt beside those that were counted, and where they disagree
 * most:
 *
 *	learnt(b | a) = softmax over categories b of -|gamma_a - phic_b|^2
 *	counted(b | a) = share of a's pairs of products that go to b
 *	z = (learnt - counted) / sqrt(learnt (1 - learnt) / n), n of all rows of a
 *
 * A category of few baskets may be off by much and yet disagree little: z is what they are
 * ordered by.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/kept.h"
#include "panel/flow.h"
#include "view/cells.h"

#define LEAST 0.01	/* pairs that were never counted are shown from this chance on */

enum { COL_FROM, COL_TO, COL_N, COL_COUNTED, COL_LEARNT, COL_MORE, COL_Z, COLUMNS };

static const struct column columns[COLUMNS] = {
	{"from", "from", CELL_TEXT, 24, 0, COLUMN_MAIN, "path of the category"},
	{"to", "to", CELL_TEXT, 24, 0, 0, "path of the one that goes along"},
	{"n", "n", CELL_COUNT, 7, 0, COLUMN_SORT, "baskets with both"},
	{"counted", "counted", CELL_SHARE, 7, 1, COLUMN_SORT,
	 "share of the first's pairs of products that go to the second"},
	{"learnt", "learnt", CELL_SHARE, 7, 1, COLUMN_SORT, "the chance that the model gives it"},
	{"more", "more", CELL_REAL, 7, 3, COLUMN_SORT, "learnt less counted"},
	{"z", "z", CELL_REAL, 7, 1, COLUMN_SORT,
	 "the same in standard deviations of what chance does to so many baskets"},
};

struct row {
	uint32_t from, to;
	uint64_t n;
	double counted, learnt, z;
};

struct state {
	const struct catalog *cat;
	struct row *rows;
	size_t n, cap;
};

struct ways {
	struct array gamma, complement;
};

static bool find_ways(const struct model *m, struct ways *w, struct err *err)
{
	if (!model_array(m, "type/gamma", ARRAY_F32, &w->gamma, err) ||
	    !model_array(m, "type/complement", ARRAY_F32, &w->complement, err))
		return false;
	if (w->gamma.rows != w->complement.rows || w->gamma.columns != w->complement.columns)
		return err_fail(err, ERR_STORE, "the model is damaged: its categories don't fit "
				"each other: train it again");
	return true;
}

/* chance (types) */
static void learnt_of(const struct ways *w, uint32_t from, double *chance)
{
	unsigned dim = w->gamma.columns;
	const float *g = (const float *)w->gamma.data + (size_t)from * dim;
	double sum = 0, most = -INFINITY;

	for (uint64_t t = 0; t < w->gamma.rows; t++) {
		const float *c = (const float *)w->complement.data + t * dim;
		double d = 0;

		for (unsigned i = 0; i < dim; i++)
			d += ((double)g[i] - c[i]) * ((double)g[i] - c[i]);
		chance[t] = -d;
		most = -d > most ? -d : most;
	}
	for (uint64_t t = 0; t < w->gamma.rows; t++)
		sum += chance[t] = exp(chance[t] - most);
	for (uint64_t t = 0; t < w->gamma.rows; t++)
		chance[t] /= sum;
}

static void add_row(struct state *s, const struct row *r)
{
	MEM_GROW(s->rows, s->cap, s->n + 1);
	s->rows[s->n++] = *r;
}

static double deviations(double counted, double learnt, double n)
{
	double chance = learnt * (1 - learnt);

	return n > 0 && chance > 0 ? (learnt - counted) * sqrt(n / chance) : 0;
}

/* The rows of one category; flow rows [at, end) are its. Counted ones are 0 afterwards. */
static void add_from(struct state *s, const struct flow_row *at, const struct flow_row *end,
		     uint32_t from, double *chance)
{
	double all = 0;

	for (const struct flow_row *f = at; f < end; f++)
		all += (double)f->counts.n;
	for (; at < end; at++) {
		add_row(s, &(struct row){from, at->to, at->counts.n, at->share, chance[at->to],
					 deviations(at->share, chance[at->to], all)});
		chance[at->to] = 0;
	}
	for (uint32_t to = 0; to < s->cat->n_categories; to++)
		if (chance[to] >= LEAST)
			add_row(s, &(struct row){from, to, 0, 0, chance[to],
						 deviations(0, chance[to], all)});
}

static int by_disagreement(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	double i = fabs(x->z), j = fabs(y->z);

	if (i != j)
		return i < j ? 1 : -1;
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

static bool compare(struct state *s, const struct ways *w, const struct flow *f, uint32_t only,
		    struct job *job, struct err *err)
{
	uint32_t categories = s->cat->n_categories;
	SCOPED_FREE double *chance = mem_alloc((w->gamma.rows + 1) * sizeof *chance);
	const struct flow_row *at = f->rows, *end = f->rows + f->n_rows;

	for (uint32_t from = 0; from < categories; from++) {
		const struct flow_row *first = at;

		while (at < end && at->from == from)
			at++;
		if (only != CATALOG_NONE ? from != only : at == first)
			continue;	/* of all those alone that anything was counted of */
		if (!job_check(job, err))
			return false;
		learnt_of(w, from, chance);
		add_from(s, first, at, from, chance);
	}
	if (s->n)
		qsort(s->rows, s->n, sizeof *s->rows, by_disagreement);
	return true;
}

static bool learnt_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	const struct flow_request r = {.catalog = q->catalog, .from = q->category,
				       .kind = BASKET_KINDS, .level = UINT32_MAX};
	SCOPED(model) m = NULL;
	struct ways w;
	struct flow f = {0};
	bool ok;

	s->cat = q->catalog;
	if (!kept_model(&m, q->store, "companion", err))
		return false;
	if (!m)
		return err_fail(err, ERR_NO, "no transitions are learnt yet: aisle train companion "
				"learns them");
	if (!find_ways(m, &w, err))
		return false;
	if (m->outside || w.gamma.rows != (uint64_t)q->catalog->n_categories + 1)
		return err_fail(err, ERR_NO, "%s learnt from another import of the store: train it "
				"again", model_name(m));
	ok = flow_compute(&r, &f, err) && compare(s, &w, &f, q->category, job, err);
	view_set_note(v, "What %s has learnt beside what was counted, the surest disagreement "
		      "first.%s%s", model_name(m), f.note[0] ? " " : "", f.note);
	flow_finish(&f);
	return ok;
}

static void learnt_close(void *state)
{
	free(((struct state *)state)->rows);
}

static uint64_t learnt_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static uint32_t learnt_category(const void *state, uint64_t i)
{
	return ((const struct state *)state)->rows[i].to;
}

static void learnt_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct row *r = &s->rows[i];

	(void)v;
	cells[COL_FROM] = cell_name(&s->cat->category_path, r->from);
	cells[COL_TO] = cell_name(&s->cat->category_path, r->to);
	cells[COL_N] = cell_count(r->n);
	cells[COL_COUNTED] = cell_real(r->counted);
	cells[COL_LEARNT] = cell_real(r->learnt);
	cells[COL_MORE] = cell_real(r->learnt - r->counted);
	cells[COL_Z] = cell_real(r->z);
}

const struct view_class vw_learnt = {
	.name = "learnt",
	.summary = "Transitions between categories as companion learnt them, beside those counted: "
		   "where they disagree most.",
	.asks = MAY(CATEGORY),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = learnt_open,
	.close = learnt_close,
	.count = learnt_count,
	.row = learnt_row,
	.category = learnt_category,
};
