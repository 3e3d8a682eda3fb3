/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counted pairs of a relation. Rows are found in the store's sparse rows
 * through a running sum per product, so that opening millions of pairs costs
 * one pass over the products. An unordered pair stands in two sparse rows and
 * is shown once, under its smaller product; under the product asked for when
 * there is one, and under the product of the category asked for when the other
 * one is of another category.
 */
#include "config.h"

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sort.h"
#include "stats/live.h"
#include "stats/relation.h"
#include "view/cells.h"

enum {
	COL_A, COL_B, COL_EVIDENCE,
	COL_FLAGS = COL_EVIDENCE + EVIDENCE_CELLS,
	COL_LABEL_A, COL_LABEL_B, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"a", "a", CELL_ID, 10, 0, 0, "id of the first product"},
	{"b", "b", CELL_ID, 10, 0, 0, "id of the second product"},
	COLUMNS_EVIDENCE,
	{"flags", "flags", CELL_TEXT, 5, 0, COLUMN_SPARE, "small: n below 20"},
	{"label_a", "first", CELL_TEXT, 20, 0, 0, "label of the first product"},
	{"label_b", "second", CELL_TEXT, 20, 0, COLUMN_MAIN, "label of the second"},
};

struct state {
	const struct catalog *cat;
	const struct relation_counts *rel;
	enum relation relation;
	uint32_t first, end;	/* products a whose rows are shown */
	/* Where the category has guests, whose rows are no range: all entries that are shown. */
	struct members of;
	struct listed {
		uint32_t a;
		uint64_t e;
	} *listed;		/* (n) or NULL */
	uint64_t *sum;		/* (end - first + 1) rows before product first + i */
	bool upper;		/* both directions are the same pair: not b in [first, a) */
	uint64_t n;
	uint64_t *order;	/* (n) or NULL */
	uint32_t hint;		/* product of the last row, as an offset from first */
	bool assoc;		/* any column wanted that needs the statistics */
	/* Under a filter of events: the relation counted anew, or one product's row. */
	struct relation_table table;
	struct live_rows row;
	double family;		/* tests behind q; 0: the relation's, as counted */
	bool one_row;
};

/* The stored or counted row of a: entries [*low, *high) of columns(s). */
static void row_bounds(const struct state *s, uint32_t a, uint64_t *low, uint64_t *high)
{
	*low = s->one_row ? 0 : s->rel->out.offsets[a];
	*high = s->one_row ? s->row.row[s->relation].n : s->rel->out.offsets[a + 1];
}

static const uint32_t *columns_of(const struct state *s)
{
	return s->one_row ? s->row.row[s->relation].column : s->rel->out.column;
}

static const uint32_t *values_of(const struct state *s)
{
	return s->one_row ? s->row.row[s->relation].value : s->rel->out.value;
}

struct pair {
	uint32_t a, b, n;
};

/* First entry of a's sparse row that is shown. */
static uint64_t row_start(const struct state *s, uint32_t a)
{
	const uint32_t *column = columns_of(s);
	uint64_t lo, hi;
	row_bounds(s, a, &lo, &hi);
	return s->upper ? lo + csr_lower(column + lo, hi - lo, (uint64_t)a + 1) : lo;
}

/* How many entries of a's sparse row lead to products before those that are shown:
 * they have no row of their own here. */
static uint64_t row_outside(const struct state *s, uint32_t a)
{
	const uint32_t *column = columns_of(s);
	uint64_t lo, hi;
	if (!s->upper || s->first == 0)
		return 0;
	row_bounds(s, a, &lo, &hi);
	return csr_lower(column + lo, hi - lo, s->first);
}

static bool sum_rows(struct state *s, struct job *job, struct err *err)
{
	uint32_t n = s->end - s->first;
	s->sum = mem_big((size_t)n + 1, sizeof *s->sum, "the rows of the pairs", err);
	if (!s->sum)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t a = s->first + i;
		uint64_t low, high;
		row_bounds(s, a, &low, &high);
		s->sum[i + 1] = s->sum[i] + high - row_start(s, a) + row_outside(s, a);
	}
	s->n = s->sum[n];
	return job_check(job, err);
}

/* Entry e of a's row: the other direction of the pair isn't there before it. */
static bool is_listed(const struct state *s, uint32_t a, uint64_t e)
{
	uint32_t b = columns_of(s)[e];

	return !s->upper || b > a || !members_has(&s->of, b);
}

static bool list_rows(struct state *s, struct job *job, struct err *err)
{
	uint64_t low, high, n = 0;
	for (unsigned pass = 0; pass < 2; pass++) {
		if (pass && !(s->listed = mem_big(n, sizeof *s->listed,
						  "the rows of the pairs", err)))
			return false;
		s->n = 0;
		for (uint32_t i = 0; i < members_count(&s->of); i++) {
			uint32_t a = members_at(&s->of, i);

			row_bounds(s, a, &low, &high);
			for (uint64_t e = low; e < high; e++) {
				if (!is_listed(s, a, e))
					continue;
				if (pass)
					s->listed[s->n] = (struct listed){a, e};
				s->n++;
			}
		}
		n = s->n;
	}
	return job_check(job, err);
}

/* Offset of the product whose rows hold row i: the hint or the one after it
 * when rows are read in order, a binary search otherwise. */
static uint32_t find_row(const struct state *s, uint64_t i)
{
	uint32_t n = s->end - s->first, lo = 0, hi = n;
	if (s->hint < n && s->sum[s->hint] <= i) {
		if (i < s->sum[s->hint + 1])
			return s->hint;
		lo = s->hint + 1;
	}
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (s->sum[mid] <= i)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static struct pair pair_at(const struct state *s, uint64_t i, uint32_t *row)
{
	if (s->order)
		i = s->order[i];
	if (s->listed)
		return (struct pair){s->listed[i].a, columns_of(s)[s->listed[i].e],
				     values_of(s)[s->listed[i].e]};
	*row = find_row(s, i);
	uint32_t a = s->first + *row;
	uint64_t k = i - s->sum[*row], outside = row_outside(s, a), low, high;
	row_bounds(s, a, &low, &high);
	uint64_t e = k < outside ? low + k : row_start(s, a) + k - outside;
	return (struct pair){a, columns_of(s)[e], values_of(s)[e]};
}

static struct assoc_counts counts_of(const struct state *s, const struct pair *p)
{
	return (struct assoc_counts){p->n, s->rel->from[p->a], s->rel->to[p->b],
				     s->rel->total};
}

static double key_of(const struct state *s, const struct pair *p, const char *sort)
{
	struct assoc_counts c = counts_of(s, p);
	if (strcmp(sort, "n") == 0)
		return (double)c.n;
	double confidence = c.n_a ? (double)c.n / (double)c.n_a : 0;
	if (strcmp(sort, "confidence") == 0)
		return confidence;
	if (strcmp(sort, "lift_low") == 0) {
		struct assoc a;

		assoc_compute(&c, &a);
		return isnan(a.lift_low) ? 0 : a.lift_low;
	}
	return c.n_b ? confidence * (double)c.n_all / (double)c.n_b : 0;
}

static bool sort_rows(struct state *s, const char *sort, bool reverse, struct job *job,
		      struct err *err)
{
	SCOPED_FREE struct sort_keyed *k = mem_big(s->n, sizeof *k, "sorting the pairs", err);
	uint64_t *order = mem_big(s->n, sizeof *order, "sorting the pairs", err);
	if (!k || !order) {
		free(order);
		return false;
	}
	for (uint64_t i = 0; i < s->n; i++) {
		struct pair p = pair_at(s, i, &s->hint);
		double key = key_of(s, &p, sort);
		k[i] = (struct sort_keyed){reverse ? -key : key, s->order ? s->order[i] : i};
	}
	sort_greatest(k, s->n);
	for (uint64_t i = 0; i < s->n; i++)
		order[i] = k[i].at;
	free(s->order);
	s->order = order;
	return job_check(job, err);
}

/* The rows that the filter lets in: products of the pair (the other one where one was
 * asked for), then the counts. */
static bool choose_rows(struct state *s, const struct live *l, bool one, struct job *job,
			struct err *err)
{
	const struct selection *only = live_selection(l);
	uint64_t kept = 0;
	if (!only && !live_tests_rows(l))
		return true;
	uint64_t *order = mem_big(s->n, sizeof *order, "the pairs chosen", err);
	if (!order)
		return false;
	for (uint64_t i = 0; i < s->n; i++) {
		struct pair p = pair_at(s, i, &s->hint);
		if ((i & 0xfffff) == 0 && job_cancelled(job))
			break;
		if (!selection_has(only, p.b) || (!one && !selection_has(only, p.a)))
			continue;
		struct assoc_counts c = counts_of(s, &p);
		if (live_row_passes(l, (struct live_counts){(double)c.n, (double)c.n_a,
							    (double)c.n_b, (double)c.n_all}))
			order[kept++] = i;
	}
	s->order = order;
	s->n = kept;
	return job_check(job, err);
}

static bool exists(const struct catalog *cat, unsigned r)
{
	return cat->relation[r].out.offsets || cat->relation[r].from;
}

static void list_relations(const struct catalog *cat, struct strbuf *b)
{
	for (unsigned r = 0; r < RELATIONS; r++) {
		if (!exists(cat, r))
			continue;
		strbuf_adds(b, b->len ? ", " : "");
		strbuf_adds(b, relation_name(r));
	}
	if (!b->len)
		strbuf_adds(b, "no relation at all");
}

static bool choose_relation(const struct question *q, enum relation *chosen,
			    struct err *err)
{
	static const enum relation preferred[RELATIONS] = {
		REL_CO_PURCHASE, REL_CO_VIEW, REL_CO_CART, REL_VIEW_PURCHASE,
		REL_ADJACENT_VIEW,
	};
	enum relation wanted;
	bool named = asked_relation(q->outlook, &wanted);
	for (unsigned i = 0; i < RELATIONS; i++) {
		enum relation rel = named ? wanted : preferred[i];
		if (exists(q->catalog, rel)) {
			*chosen = rel;
			return true;
		}
	}
	STRBUF(has);
	list_relations(q->catalog, &has);
	return err_fail(err, ERR_NO, "%s for %s; it has %s", q->live && live_cuts(q->live) ?
			"the filter leaves no events" : "the store was not counted",
			named ? relation_name(wanted) : "any relation",
			strbuf_c(&has));
}

static void describe(struct view *v, const struct state *s, enum relation rel)
{
	STRBUF(b);
	strbuf_addf(&b, "%s, %s; ", relation_name(rel),
		    relation_directed(rel) ? "a before b" : "unordered");
	num_add_grouped(&b, (int64_t)s->n);
	if (s->n != s->rel->pairs && s->rel->pairs) {
		strbuf_adds(&b, " of ");
		num_add_grouped(&b, (int64_t)s->rel->pairs);
	}
	strbuf_addf(&b, " distinct pairs; n in %s, of which there are ",
		    rel == REL_ADJACENT_VIEW ? "occurrences" : "sessions");
	num_add_grouped(&b, (int64_t)s->rel->total);
	strbuf_addc(&b, '.');
	if (s->family > 0) {
		strbuf_adds(&b, " q over the ");
		num_add_grouped(&b, (int64_t)s->family);
		strbuf_adds(&b, s->one_row ? " pairs of this product." :
			    " pairs that could be seen.");
	}
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool wants_assoc(uint64_t wanted)
{
	uint64_t cheap = UINT64_C(1) << COL_A | UINT64_C(1) << COL_B |
		UINT64_C(0xf) << COL_EVIDENCE | UINT64_C(7) << COL_FLAGS;
	return !wanted || (wanted & ~cheap);
}

/* Under a filter of events: the product's row, or the whole relation, anew. */
static bool count_anew(struct state *s, const struct question *q, struct job *job,
		       struct err *err)
{
	if (q->product != CATALOG_NONE) {
		s->one_row = true;
		if (!live_count(q->live, q->product, 1u << s->relation, &s->row, job, err))
			return false;
		if (s->row.row[s->relation].n)	/* makes them all, and the family */
			live_q(q->live, &s->row, s->relation,
			       s->row.row[s->relation].column[0]);
		s->family = s->row.row[s->relation].family;
		return true;
	}
	if (!live_relation(q->live, s->relation, &s->table, job, err))
		return false;
	s->rel = &s->table.counts;
	s->family = s->table.family;
	return true;
}

static bool pairs_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	enum relation rel;
	if (!choose_relation(q, &rel, err))
		return false;
	s->cat = q->catalog;
	s->rel = &s->cat->relation[rel];
	s->relation = rel;
	s->end = s->cat->n_products;
	s->assoc = wants_assoc(view_columns(v));
	s->upper = !relation_directed(rel) && q->product == CATALOG_NONE;
	if (q->product != CATALOG_NONE) {
		s->first = q->product;
		s->end = s->first + 1;
	} else if (q->category != CATALOG_NONE) {
		s->of = catalog_members(s->cat, q->category);
		s->first = s->of.first;
		s->end = s->of.end;
	}
	if ((q->live && live_cuts(q->live) && !count_anew(s, q, job, err)) ||
	    !(s->of.n_guests ? list_rows : sum_rows)(s, job, err) ||
	    (q->live && !choose_rows(s, q->live, q->product != CATALOG_NONE, job, err)))
		return false;
	describe(v, s, rel);
	const char *sort = view_sort(v);
	if (!sort && q->product != CATALOG_NONE)
		sort = "n";
	return !sort || sort_rows(s, sort, view_turned(v), job, err);
}

static void pairs_close(void *state)
{
	struct state *s = state;
	free(s->sum);
	free(s->listed);
	free(s->order);
	live_rows_finish(&s->row);
	relation_table_finish(&s->table);
}

static uint64_t pairs_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static double q_of(const struct state *s, const struct pair *p, double p_value)
{
	return s->one_row ? live_rows_q(&s->row, s->relation, p->b) :
		assoc_q(s->rel->q, p_value);
}

static void pairs_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	struct state *s = state;
	struct pair p = pair_at(s, i, &s->hint);
	struct assoc_counts c = counts_of(s, &p);
	struct assoc a = {0};
	if (s->assoc)
		assoc_compute(&c, &a);
	cells[COL_A] = cell_text(text_at(&s->cat->product_id, p.a));
	cells[COL_B] = cell_text(text_at(&s->cat->product_id, p.b));
	cells_evidence(&cells[COL_EVIDENCE], &c, &a,
		       s->assoc ? q_of(s, &p, a.p) : NAN);
	cells[COL_FLAGS] = cell_text(p.n < 20 ? STR("small") : STR(""));
	cells[COL_LABEL_A] = cell_text(text_at(&s->cat->product_label, p.a));
	cells[COL_LABEL_B] = cell_text(text_at(&s->cat->product_label, p.b));
}

static uint32_t pairs_product(const void *state, uint64_t i)
{
	uint32_t row;
	return pair_at(state, i, &row).b;
}

static void pairs_target(const void *state, uint64_t i, struct view_target *t)
{
	uint32_t row;
	struct pair p = pair_at(state, i, &row);
	t->product = p.a;
	t->with = p.b;
}

const struct view_class vw_pairs = {
	.name = "pairs",
	.summary = "All counted pairs of a relation, or those of one product.",
	.asks = MAY(PRODUCT) | MAY(CATEGORY) | MAY(RELATION),
	.where = WHERE_PRODUCTS | WHERE_EVENTS | WHERE_ROWS,
	.parts = LIVE_PAIRS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = pairs_open,
	.close = pairs_close,
	.count = pairs_count,
	.row = pairs_row,
	.product = pairs_product,
	.target = pairs_target,
};
