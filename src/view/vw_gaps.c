/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traffic without good suggestions. Traffic is what is sold, where nothing is sold what is
 * viewed. A good complement is another product, no variant, that goes with it credibly more
 * than by chance: n >= 3 and the lower bound of lift above 1, by the first of co-purchase,
 * co-cart and view-purchase that the store has; a good substitute the same by co-view. Lost
 * is the product's share of all traffic times the part of WANTED complements that it lacks.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "stats/lift.h"
#include "view/cells.h"

#define WANTED 5
#define CREDIBLE_N 3
#define POLL 4096	/* products between two looks at the cancel flag */

enum {
	COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_TRAFFIC, COL_SHARE, COL_LOST, COL_COMPLEMENTS,
	COL_SIMILAR, COL_MOST, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_PRODUCT] = {"product", "product", CELL_ID, 10, 0, 0, "id"},
	[COL_LABEL] = {"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	[COL_CATEGORY] = {"category", "category", CELL_TEXT, 20, 0, COLUMN_SPARE,
		"path of its category"},
	[COL_TRAFFIC] = {"traffic", "traffic", CELL_COUNT, 8, 0, COLUMN_SORT,
		"pieces sold; views where nothing is sold"},
	[COL_SHARE] = {"share", "share", CELL_SHARE, 6, 2, 0, "of all traffic"},
	[COL_LOST] = {"lost", "lost", CELL_SHARE, 6, 2, COLUMN_SORT,
		"share of all traffic, times the part of five good complements that it lacks"},
	[COL_COMPLEMENTS] = {"complements", "compl", CELL_COUNT, 6, 0, COLUMN_SORT,
		"good ones: n of 3 or more, lift credibly above 1"},
	[COL_SIMILAR] = {"similar", "similar", CELL_COUNT, 7, 0, COLUMN_SORT,
		"good substitutes, looked at together credibly more than by chance"},
	[COL_MOST] = {"most", "most n", CELL_COUNT, 7, 0, 0,
		"the largest n with another product"},
};

struct gap {
	uint32_t product, traffic, complements, similar, most;
};

struct gaps {
	const struct catalog *cat;
	struct gap *row;	/* (n) */
	size_t n;
	uint32_t *order;	/* (n) or NULL: the most lost first */
	uint64_t all;		/* traffic */
	bool has_similar;
};

/* The relation that complements are counted by; RELATIONS: none. */
static enum relation together(const struct catalog *c)
{
	static const enum relation order[] = {REL_CO_PURCHASE, REL_CO_CART, REL_VIEW_PURCHASE};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (c->relation[order[i]].out.offsets && c->relation[order[i]].pairs)
			return order[i];
	return RELATIONS;
}

static uint32_t count_good(const struct catalog *c, enum relation rel, uint32_t a, uint32_t *most)
{
	const struct relation_counts *r = &c->relation[rel];
	uint32_t good = 0;

	for (uint64_t i = r->out.offsets[a]; i < r->out.offsets[a + 1]; i++) {
		uint32_t b = r->out.column[i], n = r->out.value[i];
		struct assoc_counts counts = {n, r->from[a], r->to[b], r->total};

		*most = n > *most ? n : *most;
		good += n >= CREDIBLE_N && !catalog_variants(c, a, b) && lift_credible(&counts);
	}
	return good;
}

static double lost(const struct gaps *s, const struct gap *g)
{
	uint32_t lack = g->complements < WANTED ? WANTED - g->complements : 0;

	return s->all ? (double)g->traffic / (double)s->all * lack / WANTED : 0;
}

/* The most lost first, then the most traffic, then the number. */
static int by_lost(const void *x, const void *y)
{
	const struct gap *a = x, *b = y;
	uint64_t p = (uint64_t)a->traffic * (a->complements < WANTED ? WANTED - a->complements : 0);
	uint64_t q = (uint64_t)b->traffic * (b->complements < WANTED ? WANTED - b->complements : 0);

	if (p != q)
		return p > q ? -1 : 1;
	if (a->traffic != b->traffic)
		return a->traffic > b->traffic ? -1 : 1;
	return a->product < b->product ? -1 : a->product > b->product;
}

static double key_traffic(const void *ctx, uint32_t i)
{
	return ((const struct gaps *)ctx)->row[i].traffic;
}

static double key_lost(const void *ctx, uint32_t i)
{
	return lost(ctx, &((const struct gaps *)ctx)->row[i]);
}

static double key_complements(const void *ctx, uint32_t i)
{
	return ((const struct gaps *)ctx)->row[i].complements;
}

static double key_similar(const void *ctx, uint32_t i)
{
	return ((const struct gaps *)ctx)->row[i].similar;
}

static bool sort_rows(struct view *v, struct gaps *s, struct err *err)
{
	static const struct {
		const char *name;
		double (*key)(const void *ctx, uint32_t i);
	} keys[] = {
		{"traffic", key_traffic}, {"lost", key_lost}, {"complements", key_complements},
		{"similar", key_similar},
	};
	const char *sort = view_sort(v);

	for (size_t i = 0; sort && i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i].name, sort) == 0)
			return cells_order(&s->order, (uint32_t)s->n, view_turned(v), keys[i].key,
					   s, err);
	return true;
}

static void note(struct view *v, const struct gaps *s, enum relation rel, bool sold)
{
	uint64_t few = 0;

	for (size_t i = 0; i < s->n; i++)
		few += s->row[i].complements < WANTED ? s->row[i].traffic : 0;
	if (rel == RELATIONS) {
		view_set_note(v, "This store counts nothing that was bought, or put in a cart, "
			      "together.");
		return;
	}
	view_set_note(v, "%.0f%% of what is %s is of products with fewer than %d good complements "
		      "(%s, n of %d or more, lift credibly above 1).",
		      s->all ? 100 * (double)few / (double)s->all : 0, sold ? "sold" : "viewed",
		      WANTED, relation_name(rel), CREDIBLE_N);
}

static bool gaps_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct gaps *s = state;
	const struct question *q = view_question(v);
	const struct catalog *c = s->cat = q->catalog;
	enum relation rel = together(c);
	bool sold = (c->caps & CAP_PURCHASES) && c->product_purchases;
	const uint32_t *traffic = sold ? c->product_purchases : c->product_views;
	struct members m = catalog_members(c, q->category);

	s->has_similar = c->relation[REL_CO_VIEW].out.offsets;
	s->row = mem_big(members_count(&m), sizeof *s->row, "gaps", err);
	if (!s->row)
		return false;
	for (uint32_t i = 0; i < members_count(&m) && traffic; i++) {
		uint32_t p = members_at(&m, i), ignored = 0;
		struct gap g = {.product = p, .traffic = traffic[p]};

		if (i % POLL == 0 && !job_check(job, err))
			return false;
		if (!g.traffic)
			continue;
		if (rel != RELATIONS)
			g.complements = count_good(c, rel, p, &g.most);
		if (s->has_similar)
			g.similar = count_good(c, REL_CO_VIEW, p, &ignored);
		s->all += g.traffic;
		s->row[s->n++] = g;
	}
	qsort(s->row, s->n, sizeof *s->row, by_lost);
	note(v, s, rel, sold);
	return sort_rows(v, s, err);
}

static void gaps_close(void *state)
{
	struct gaps *s = state;

	free(s->row);
	free(s->order);
}

static uint64_t gaps_count(const void *state)
{
	return ((const struct gaps *)state)->n;
}

static const struct gap *row_at(const struct gaps *s, uint64_t i)
{
	return &s->row[s->order ? s->order[i] : i];
}

static void gaps_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct gaps *s = state;
	const struct gap *g = row_at(s, i);

	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, g->product));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, g->product));
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path,
					s->cat->product_category[g->product]);
	cells[COL_TRAFFIC] = cell_count(g->traffic);
	cells[COL_SHARE] = cell_real((double)g->traffic / (double)s->all);
	cells[COL_LOST] = cell_real(lost(s, g));
	cells[COL_COMPLEMENTS] = cell_count(g->complements);
	cells[COL_SIMILAR] = s->has_similar ? cell_count(g->similar) : cell_empty();
	cells[COL_MOST] = cell_count(g->most);
	(void)v;
}

static uint32_t gaps_product(const void *state, uint64_t i)
{
	return row_at(state, i)->product;
}

const struct view_class vw_gaps = {
	.name = "gaps",
	.summary = "Products with traffic and without good suggestions, the worst first.",
	.asks = MAY(CATEGORY),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct gaps),
	.open = gaps_open,
	.close = gaps_close,
	.count = gaps_count,
	.row = gaps_row,
	.product = gaps_product,
};
