/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is different in the panels of two stores: suggestions that entered, left or
 * moved among the first ones. Products are matched by id; the other store (--with) is
 * the earlier one.
 */
#include "config.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/store.h"
#include "suggest/door.h"
#include "view/cells.h"

#define PRODUCTS_MOST 2000	/* where no product or category is asked for */
#define ROWS 10u		/* of a panel that are compared */

enum {
	COL_PRODUCT, COL_LABEL, COL_PANEL, COL_CHANGE, COL_SUGGESTION, COL_SUGGESTION_LABEL,
	COL_BEFORE, COL_NOW, COL_MOVED, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"product", "product", CELL_ID, 10, 0, COLUMN_DATA, "id of the product"},
	{"label", "label", CELL_TEXT, 24, 0, COLUMN_MAIN, "its label"},
	{"panel", "panel", CELL_TEXT, 13, 0, 0, "similar or complementary"},
	{"change", "change", CELL_TEXT, 7, 0, 0, "entered, left or moved"},
	{"suggestion", "suggestion", CELL_ID, 10, 0, COLUMN_DATA,
	 "id of the product that is or was suggested"},
	{"suggestion_label", "suggestion", CELL_TEXT, 24, 0, 0, "its label"},
	{"before", "before", CELL_COUNT, 6, 0, 0, "its rank in the other store; empty: none"},
	{"now", "now", CELL_COUNT, 4, 0, 0, "its rank in this store; empty: none"},
	{"moved", "moved", CELL_COUNT, 5, 0, 0, "places up (negative: down)"},
};

struct row {
	uint32_t product;	/* in this store */
	uint32_t now, before;	/* suggestion's number here and there; CATALOG_NONE */
	uint8_t kind;
	uint16_t rank_now, rank_before;		/* 0: none */
};

struct diff {
	const struct catalog *cat, *old;
	struct row *row;
	size_t n, cap;
	uint64_t compared, changed, entered, left, moved, new_products, gone;
};

static uint32_t other_number(const struct question *q, uint32_t p)
{
	return store_find(q->other, "product", text_at(&q->catalog->product_id, p));
}

static void add_row(struct diff *d, const struct row *x)
{
	MEM_GROW(d->row, d->cap, d->n + 1);
	d->row[d->n++] = *x;
	d->entered += !x->rank_before;
	d->left += !x->rank_now;
	d->moved += x->rank_now && x->rank_before;
}

static bool compute(const struct catalog *c, enum panel_kind kind, uint32_t p,
		    const struct question *q, struct panel *out, struct job *job,
		    struct err *err)
{
	struct panel_request r = {.about = *q, .kind = kind, .limit = ROWS};
	r.about.catalog = c;
	r.about.product = p;
	r.about.category = CATALOG_NONE;	/* that is of the products compared */
	return suggest(&r, out, job, err);
}

static unsigned place(const struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return i + 1;
	return 0;
}

static void compare(struct diff *d, const struct question *q, struct row x,
		    const struct panel *now, const struct panel *before)
{
	for (unsigned i = 0; i < now->n_rows; i++) {
		x.now = now->rows[i].product;
		x.before = other_number(q, x.now);
		x.rank_now = (uint16_t)(i + 1);
		x.rank_before = x.before == CATALOG_NONE ? 0
							 : (uint16_t)place(before, x.before);
		if (x.rank_now != x.rank_before)
			add_row(d, &x);
	}
	for (unsigned i = 0; i < before->n_rows; i++) {
		x.before = before->rows[i].product;
		x.now = store_find(q->store, "product",
				   text_at(&d->old->product_id, x.before));
		x.rank_before = (uint16_t)(i + 1);
		x.rank_now = 0;
		if (x.now == CATALOG_NONE || !place(now, x.now))
			add_row(d, &x);
	}
}

static bool compare_product(struct diff *d, const struct question *q, uint32_t p,
			    struct job *job, struct err *err)
{
	uint32_t old = other_number(q, p);
	size_t before = d->n;
	d->new_products += old == CATALOG_NONE;
	if (old == CATALOG_NONE)
		return true;
	d->compared++;
	for (int kind = 0; kind < PANEL_KINDS; kind++) {
		struct panel now = {0}, then = {0};
		struct row x = {.product = p, .kind = (uint8_t)kind};
		bool ok = compute(d->cat, (enum panel_kind)kind, p, q, &now, job, err) &&
			  compute(d->old, (enum panel_kind)kind, old, q, &then, job, err);
		if (ok)
			compare(d, q, x, &now, &then);
		panel_finish(&now);
		panel_finish(&then);
		if (!ok)
			return false;
	}
	d->changed += d->n > before;
	return true;
}

/* The busiest ones first. */
static const uint32_t *busiest(const struct catalog *c)
{
	return c->caps & CAP_VIEWS && c->order_views ? c->order_views :
	       c->caps & CAP_PURCHASES && c->order_purchases ? c->order_purchases :
	       c->order_carts;
}

static bool compare_all(struct diff *d, const struct question *q, struct job *job,
			struct err *err)
{
	const struct catalog *c = d->cat;
	const uint32_t *order = busiest(c);
	struct members m = catalog_members(c, q->category);
	uint32_t n = members_count(&m);

	if (q->product != CATALOG_NONE)
		return compare_product(d, q, q->product, job, err);
	if (q->category == CATALOG_NONE && n > PRODUCTS_MOST)
		n = PRODUCTS_MOST;
	job_step(job, "comparing panels", n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t p = q->category == CATALOG_NONE && order ? order[i] : members_at(&m, i);

		if (!compare_product(d, q, p, job, err) || !job_check(job, err))
			return false;
		job_advance(job, 1);
	}
	return true;
}

static void add_number(struct strbuf *b, uint64_t n, const char *words)
{
	num_add_grouped(b, (int64_t)n);
	strbuf_adds(b, words);
}

static void describe(struct view *v, const struct diff *d, const struct question *q)
{
	struct str name = outlook_text(q->outlook, ASK_OTHER);
	STRBUF(b);
	if (!d->compared && d->gone == d->old->n_products) {
		view_set_note(v, "%s has none of this store's products: there is nothing to "
			      "compare.", name.ptr);
		return;
	}
	add_number(&b, d->changed, " of ");
	add_number(&b, d->compared, " products have other panels than in ");
	strbuf_addf(&b, "%s: ", name.ptr);
	add_number(&b, d->entered, " suggestions entered, ");
	add_number(&b, d->left, " left, ");
	add_number(&b, d->moved, " moved, ");
	strbuf_addf(&b, "among the first %u.", ROWS);
	if (d->new_products) {
		strbuf_addc(&b, ' ');
		add_number(&b, d->new_products, " products are new here.");
	}
	if (d->gone) {
		strbuf_addc(&b, ' ');
		add_number(&b, d->gone, " are in the other store alone.");
	}
	if (d->compared + d->new_products < d->cat->n_products && q->product == CATALOG_NONE &&
	    q->category == CATALOG_NONE)
		strbuf_adds(&b, " The busiest were compared; --category compares all of one.");
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool diff_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct diff *d = state;
	const struct question *q = view_question(v);
	d->cat = q->catalog;
	d->old = store_catalog(q->other);
	if (!compare_all(d, q, job, err))
		return false;
	for (uint32_t p = 0; p < d->old->n_products; p++)
		d->gone += store_find(q->store, "product", text_at(&d->old->product_id, p)) ==
			   CATALOG_NONE;
	describe(v, d, q);
	return true;
}

static void diff_close(void *state)
{
	free(((struct diff *)state)->row);
}

static uint64_t diff_count(const void *state)
{
	return ((const struct diff *)state)->n;
}

static void diff_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct diff *d = state;
	const struct row *x = &d->row[i];
	const struct catalog *c = x->now != CATALOG_NONE ? d->cat : d->old;
	uint32_t other = x->now != CATALOG_NONE ? x->now : x->before;
	cells[COL_PRODUCT] = cell_text(text_at(&d->cat->product_id, x->product));
	cells[COL_LABEL] = cell_text(text_at(&d->cat->product_label, x->product));
	cells[COL_PANEL] = cell_text(x->kind == PANEL_SIMILAR ? STR("similar")
							      : STR("complementary"));
	cells[COL_CHANGE] = cell_text(!x->rank_before ? STR("entered") :
				      !x->rank_now ? STR("left") : STR("moved"));
	cells[COL_SUGGESTION] = cell_text(text_at(&c->product_id, other));
	cells[COL_SUGGESTION_LABEL] = cell_text(text_at(&c->product_label, other));
	cells[COL_BEFORE] = x->rank_before ? cell_count(x->rank_before) : cell_empty();
	cells[COL_NOW] = x->rank_now ? cell_count(x->rank_now) : cell_empty();
	cells[COL_MOVED] = x->rank_before && x->rank_now
			   ? (struct cell){.count = x->rank_before - x->rank_now}
			   : cell_empty();
}

static uint32_t diff_product(const void *state, uint64_t i)
{
	return ((const struct diff *)state)->row[i].product;
}

static void diff_target(const void *state, uint64_t i, struct view_target *t)
{
	const struct row *x = &((const struct diff *)state)->row[i];
	if (x->now != CATALOG_NONE)
		t->with = x->now;
}

const struct view_class vw_diff = {
	.name = "diff",
	.summary = "What entered, left or moved in the panels since another store: --with "
		"STORE.",
	.asks = MUST(OTHER) | MAY(PRODUCT) | MAY(CATEGORY) | MAY(SAME_CATEGORY),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct diff),
	.open = diff_open,
	.close = diff_close,
	.count = diff_count,
	.row = diff_row,
	.product = diff_product,
	.target = diff_target,
};
