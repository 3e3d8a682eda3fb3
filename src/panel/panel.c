/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the rows of the relations, filters and ranks them, and adds their evidence. */
#include "config.h"

#include "panel/panel.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "panel/source.h"
#include "stats/relation.h"

#define SMALL_N 20
/* What a further complement of one category counts; similar ones stay together. */
#define DECAY 0.95

const struct source panel_sources[PANEL_SOURCES] = {
	[SOURCE_CO_VIEW] = {
		.name = "co-view",
		.text = "looked at in the same sessions",
		.lack = "views",
		.none = "looked at with another one",
		.relation = REL_CO_VIEW,
		.gather = gather_co_view,
	},
	[SOURCE_CO_PURCHASE] = {
		.name = "co-purchase",
		.text = "bought in the same sessions",
		.lack = "purchases",
		.none = "bought with another one",
		.relation = REL_CO_PURCHASE,
		.gather = gather_together,
		.source_of = source_together,
	},
	[SOURCE_CO_CART] = {
		.name = "co-cart",
		.text = "put in the cart in the same sessions",
		.lack = "carts",
		.none = "put in a cart with another one",
		.relation = REL_CO_CART,
		.gather = gather_together,
		.source_of = source_together,
	},
	[SOURCE_VIEW_PURCHASE] = {
		.name = "view-purchase",
		.text = "bought later in sessions that looked at it",
		.lack = "views followed by purchases",
		.none = "looked at before another one was bought",
		.relation = REL_VIEW_PURCHASE,
		.gather = gather_view_purchase,
	},
	[SOURCE_ATTRIBUTES] = {
		.name = "attributes",
		.text = "of the same category, with shared attributes and a near price",
		.relation = RELATIONS,
		.gather = gather_attributes,
	},
	[SOURCE_TRANSITION] = {
		.name = "transition",
		.text = "popular in the categories that go with its category",
		.relation = RELATIONS,
		.gather = gather_transition,
	},
	[SOURCE_POPULAR] = {
		.name = "popular",
		.text = "popular in its category, then around it",
		.relation = RELATIONS,
		.gather = gather_popular,
	},
	[SOURCE_MODEL] = {
		.name = "model",
		.text = "ranked by a trained model, see aisle show models",
		.relation = RELATIONS,
	},
};

/* In the order of falling back, PANEL_SOURCES at the end. */
static const enum panel_source orders[PANEL_KINDS][PANEL_SOURCES + 1] = {
	[PANEL_SIMILAR] = {SOURCE_CO_VIEW, SOURCE_ATTRIBUTES, SOURCE_POPULAR,
			   PANEL_SOURCES},
	[PANEL_COMPLEMENTARY] = {SOURCE_CO_PURCHASE, SOURCE_CO_CART, SOURCE_VIEW_PURCHASE,
				 SOURCE_TRANSITION, SOURCE_POPULAR, PANEL_SOURCES},
};

static const char *const same_names[] = {
	[SAME_WEIGH] = "weigh",
	[SAME_INCLUDE] = "include",
	[SAME_EXCLUDE] = "exclude",
	[SAME_ONLY] = "only",
};

const char *panel_source_name(enum panel_source s)
{
	return (unsigned)s < PANEL_SOURCES ? panel_sources[s].name : "unknown";
}

const char *panel_source_text(enum panel_source s)
{
	return (unsigned)s < PANEL_SOURCES ? panel_sources[s].text : "unknown";
}

const char *same_category_name(enum same_category s)
{
	return (unsigned)s <= SAME_ONLY ? same_names[s] : "unknown";
}

bool same_category_parse(struct str s, enum same_category *value)
{
	for (unsigned i = 0; i <= SAME_ONLY; i++)
		if (str_is(s, same_names[i])) {
			*value = (enum same_category)i;
			return true;
		}
	return false;
}

/* What a panel's sources need of a product, counted in one walk. */
static const unsigned live_rows_of[PANEL_KINDS] = {
	[PANEL_SIMILAR] = 1u << REL_CO_VIEW | 1u << REL_ADJACENT_VIEW | 1u << LIVE_INTO |
			  1u << REL_CO_PURCHASE,
	[PANEL_COMPLEMENTARY] = 1u << REL_CO_PURCHASE | 1u << REL_CO_CART |
				1u << REL_VIEW_PURCHASE,
};

/* The counted rows of a; NULL when that failed. */
static struct live_rows *counted_rows(struct query *q, uint32_t a)
{
	struct live_rows *rows = a == q->r->product ? &q->own : &q->other;

	if (q->failed || (rows->which && rows->product == a))
		return q->failed ? NULL : rows;
	q->failed = !live_count(q->r->live, a, live_rows_of[q->r->kind], rows, q->job,
				&q->err);
	return q->failed ? NULL : rows;
}

struct pair_row pair_row(struct query *q, enum relation r, enum pair_side side, uint32_t a)
{
	const struct csr *csr = side == PAIR_OUT ? &q->c->relation[r].out :
				&q->c->relation[r].in;
	struct pair_row row = {0};

	if (q->r->live && live_cuts(q->r->live)) {
		struct live_rows *rows = counted_rows(q, a);

		if (rows) {
			const struct live_row *x = &rows->row[side == PAIR_OUT ? r : LIVE_INTO];

			row = (struct pair_row){x->column, x->value, x->n};
		}
	} else if (csr->offsets) {
		uint64_t first = csr->offsets[a];

		row = (struct pair_row){csr->column + first, csr->value + first,
					csr->offsets[a + 1] - first};
	}
	return row;
}

uint32_t pair_count(struct query *q, enum relation r, uint32_t a, uint32_t b)
{
	struct live_rows *rows;

	if (!q->r->live || !live_cuts(q->r->live))
		return relation_pair(&q->c->relation[r], a, b);
	rows = counted_rows(q, a);
	return rows ? live_rows_pair(rows, r, b) : 0;
}

struct assoc_counts relation_evidence(struct query *q, enum relation r, uint32_t a,
				      uint32_t b)
{
	const struct relation_counts *c = &q->c->relation[r];

	return (struct assoc_counts){pair_count(q, r, a, b), c->from[a], c->to[b], c->total};
}

/* Another product, no variant of it, of a category that the mode lets in. */
static bool fits(const struct query *q, uint32_t a, uint32_t b)
{
	if (catalog_variants(q->c, a, b))
		return false;
	if (q->r->same == SAME_EXCLUDE)
		return !catalog_same_category(q->c, a, b);
	return q->r->same != SAME_ONLY || catalog_same_category(q->c, a, b);
}

bool may_stand(const struct query *q, uint32_t a, uint32_t b)
{
	if (q->r->live && !selection_has(live_selection(q->r->live), b))
		return false;
	return fits(q, a, b);
}

static double decay_of(const struct panel_request *r)
{
	return r->kind == PANEL_COMPLEMENTARY ? DECAY : 1;
}

/* The source can say something in this store. */
static bool usable(const struct catalog *c, const struct live *live,
		   const struct source *s)
{
	const struct relation_counts *r;

	if (s->relation == RELATIONS)
		return true;
	r = &c->relation[s->relation];
	if (live && live_cuts(live))
		return r->from && r->to;
	return r->out.offsets && r->in.offsets && r->from && r->to;
}

/* A model has no counts of its own: what was counted stands beside it. */
static enum relation relation_of(const struct query *q, const struct source *s)
{
	return s == &panel_sources[SOURCE_MODEL] ? model_evidence(q) : s->relation;
}

bool row_passes(struct query *q, const struct source *s, uint32_t a, uint32_t b)
{
	struct assoc_counts c = {0};

	if (!q->r->live || !live_tests_rows(q->r->live))
		return true;
	if (s->source_of)
		s = &panel_sources[s->source_of(q, a, b)];
	if (relation_of(q, s) != RELATIONS)
		c = relation_evidence(q, relation_of(q, s), a, b);
	return live_row_passes(q->r->live, (double)c.n, (double)c.n_a, (double)c.n_b,
			       (double)c.n_all);
}

/* Without what may not stand there for product a and what is taken already. */
static void filter(struct query *q, const struct source *s, uint32_t a,
		   struct candidates *c, bool taken)
{
	size_t kept = 0, t = 0;

	for (size_t i = 0; i < c->n; i++) {
		uint32_t b = c->at[i].product;

		while (taken && t < q->n_taken && q->taken[t] < b)
			t++;
		if (taken && t < q->n_taken && q->taken[t] == b)
			continue;
		if (may_stand(q, a, b) && row_passes(q, s, a, b))
			c->at[kept++] = c->at[i];
	}
	c->n = kept;
}

/* Of b's own panel, which no filter narrows: it is asked whether a is in it. */
static void filter_reverse(struct query *q, uint32_t b, struct candidates *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++)
		if (fits(q, b, c->at[i].product))
			c->at[kept++] = c->at[i];
	c->n = kept;
}

/* The rank of a in the list that the row's source gives its product. */
static uint32_t reverse_rank(struct query *q, const struct source *s, uint32_t a,
			     uint32_t b)
{
	struct candidates c = {0};
	uint32_t rank;

	s->gather(q, b, &c);
	filter_reverse(q, b, &c);
	rank = candidates_find(&c, q->c, decay_of(q->r), a);
	candidates_finish(&c);
	return rank;
}

void add_evidence(struct query *q, const struct source *s, struct panel_row *row)
{
	const struct catalog *c = q->c;
	uint32_t a = q->r->product, b = row->product;
	enum relation relation = relation_of(q, s);

	row->q = NAN;
	if (catalog_same_category(c, a, b))
		row->flags |= PANEL_SAME_CATEGORY;
	if (relation != RELATIONS)
		row->counts = relation_evidence(q, relation, a, b);
	assoc_compute(&row->counts, &row->assoc);
	if (relation == RELATIONS)
		return;
	row->q = q->r->live && live_cuts(q->r->live) ?
		 live_q(q->r->live, &q->own, relation, b) :
		 assoc_q(c->relation[relation].q, row->assoc.p);
	if (row->counts.n < SMALL_N)
		row->flags |= PANEL_SMALL;
	if (row->source == SOURCE_CO_VIEW &&
	    bought_together(c, a, b, pair_count(q, REL_CO_PURCHASE, a, b)))
		row->flags |= PANEL_PENALISED;
	if (!q->r->reverse || s == &panel_sources[SOURCE_MODEL])
		return;
	row->reverse_rank = reverse_rank(q, s, a, b);
	if (row->reverse_rank == 0 || row->reverse_rank > PANEL_ROWS)
		row->flags |= PANEL_ONE_WAY;
}

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* Append what one source has, up to the limit. */
static bool add_rows(struct query *q, struct panel *p, enum panel_source source,
		     struct err *err)
{
	const struct source *s = &panel_sources[source];
	struct candidates c = {0};

	s->gather(q, q->r->product, &c);
	filter(q, s, q->r->product, &c, true);
	candidates_rank(&c, q->c, decay_of(q->r), q->r->limit - p->n_rows);
	p->rows = mem_resize(p->rows, p->n_rows + c.n, sizeof *p->rows);
	q->taken = mem_resize(q->taken, q->n_taken + c.n, sizeof *q->taken);
	for (size_t i = 0; i < c.n && !job_cancelled(q->job); i++) {
		struct panel_row *row = &p->rows[p->n_rows++];

		*row = (struct panel_row){.product = c.at[i].product,
					  .score = c.at[i].score, .source = source};
		if (s->source_of)
			row->source = s->source_of(q, q->r->product, row->product);
		q->taken[q->n_taken++] = row->product;
		add_evidence(q, &panel_sources[row->source], row);
	}
	candidates_finish(&c);
	qsort(q->taken, q->n_taken, sizeof *q->taken, by_number);
	if (q->failed && err)
		*err = q->err;
	return !q->failed && job_check(q->job, err);
}

/* The first row from another source than `not`, or n_rows. */
static unsigned other_row(const struct panel *p, enum panel_source not)
{
	unsigned i = 0;

	while (i < p->n_rows && p->rows[i].source == not)
		i++;
	return i;
}

/* Why it is empty, or what the rows that aren't from the first source are. */
static void write_note(const struct query *q, struct panel *p)
{
	const enum panel_source *order = orders[q->r->kind];
	const struct source *first = &panel_sources[order[0]];
	const char *what = q->r->kind == PANEL_SIMILAR ? "similar products" : "complements";
	unsigned other = other_row(p, order[0]), n = 0;

	for (unsigned i = 0; i < p->n_rows; i++)
		n += p->rows[i].source == order[0];
	if (p->n_rows == 0)
		snprintf(p->note, sizeof p->note, "No %s: %s.", what,
			 q->r->live ? "nothing that the filter lets in fits" :
			 q->r->same == SAME_ONLY ? "no other product of its category fits" :
			 q->r->same == SAME_EXCLUDE ? "no product of another category fits" :
			 "nothing was counted that says anything about this product");
	else if (other == p->n_rows)
		p->note[0] = '\0';
	else if (!usable(q->c, q->r->live, first))
		snprintf(p->note, sizeof p->note, "%s no %s: these are "
			 "products %s.", q->r->live && live_cuts(q->r->live) ?
			 "The filter leaves" : "This store has", first->lack,
			 panel_source_text(p->rows[0].source));
	else if (n == 0)
		snprintf(p->note, sizeof p->note, "Never %s%s: "
			 "these are products %s.", first->none,
			 !q->r->live && (q->r->same == SAME_WEIGH ||
					 q->r->same == SAME_INCLUDE) ? "" :
			 " that the filter lets in",
			 panel_source_text(p->rows[0].source));
	else
		snprintf(p->note, sizeof p->note, "%u of %u %s; others are products %s.",
			 n, p->n_rows, first->text,
			 panel_source_text(p->rows[other].source));
}

static bool rank_by_sources(struct query *q, struct panel *p, struct err *err)
{
	const enum panel_source *s = orders[q->r->kind];
	bool ok = true;

	for (; ok && *s < PANEL_SOURCES; s++)
		if (p->n_rows < q->r->limit && usable(q->c, q->r->live, &panel_sources[*s]))
			ok = add_rows(q, p, *s, err);
	if (ok)
		write_note(q, p);
	return ok;
}

bool panel_compute(const struct panel_request *r, struct panel *out, struct job *job,
		   struct err *err)
{
	struct query q = {.c = r->catalog, .r = r, .job = job};
	struct panel p = {0};
	const char *lacks = catalog_lacks(r->catalog);
	bool ok = job_check(job, err);

	if (lacks)
		return err_fail(err, ERR_STORE, "the store is damaged: it has no array %s, which "
				"others promise", lacks);
	if (ok && r->model && r->kind == PANEL_SIMILAR)
		ok = rank_by_model(&q, &p, err);
	else if (ok)
		ok = rank_by_sources(&q, &p, err);
	if (p.n_rows > 0 && relation_of(&q, &panel_sources[p.rows[0].source]) != RELATIONS)
		p.family = q.own.row[relation_of(&q, &panel_sources[p.rows[0].source])].family;
	live_rows_finish(&q.own);
	live_rows_finish(&q.other);
	prior_finish(&q.prior);
	free(q.taken);
	if (!ok) {
		panel_finish(&p);
		return false;
	}
	*out = p;
	return true;
}

void panel_finish(struct panel *p)
{
	free(p->rows);
	*p = (struct panel){0};
}

bool panel_find(const struct panel_request *r, uint32_t b, struct panel_row *row,
		unsigned *rank, struct job *job, struct err *err)
{
	struct panel_request all = *r, one = *r;
	struct query q = {.c = r->catalog, .r = &one, .job = job};
	struct panel p;
	unsigned i = 0;

	all.reverse = false;	/* of that one row alone: it costs a panel each */
	one.reverse = true;
	if (!panel_compute(&all, &p, job, err))
		return false;
	while (i < p.n_rows && p.rows[i].product != b)
		i++;
	*rank = i < p.n_rows ? i + 1 : 0;
	if (*rank) {
		*row = p.rows[i];
		row->flags = 0;
		add_evidence(&q, &panel_sources[row->source], row);
	}
	panel_finish(&p);
	live_rows_finish(&q.own);
	live_rows_finish(&q.other);
	prior_finish(&q.prior);
	if (q.failed && err)
		*err = q.err;
	return !q.failed && job_check(job, err);
}
