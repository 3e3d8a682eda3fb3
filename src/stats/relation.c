/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counted pairs (stats/gather.h), what chance says of them, and where they are kept. */
#include "config.h"

#include "stats/relation.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/csr.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/spill.h"
#include "base/time.h"
#include "stats/assoc.h"
#include "stats/gather.h"
#include "stats/rows.h"
#include "store/build.h"

unsigned relation_kinds(enum relation r)
{
	static const unsigned kinds[RELATIONS] = {
		[REL_CO_VIEW] = KIND_BIT(EVENT_VIEW),
		[REL_ADJACENT_VIEW] = KIND_BIT(EVENT_VIEW),
		[REL_VIEW_PURCHASE] = KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_PURCHASE),
		[REL_CO_CART] = KIND_BIT(EVENT_CART),
		[REL_CO_PURCHASE] = KIND_BIT(EVENT_PURCHASE),
	};

	return kinds[r];
}

/* What is counted of a relation, and what chance says of it. */
struct counted {
	struct margins sums;
	struct pair_rows rows;
	double *q;		/* (Q_STEPS) */
	double family;		/* tests behind q */
};

static void counted_finish(struct counted *x)
{
	margins_finish(&x->sums);
	rows_finish(&x->rows);
	free(x->q);
}

struct tests {
	const struct margins *sums;
	struct assoc_tally *tally;	/* (threads) */
};

static void test_pairs(void *ctx, const struct row_some *some, unsigned worker)
{
	struct tests *t = ctx;
	struct assoc_counts c = {.n_a = t->sums->from[some->a], .n_all = t->sums->total};

	for (uint32_t i = 0; i < some->n; i++) {
		c.n = some->count[i];
		c.n_b = t->sums->to[some->b[i]];
		assoc_tally_add(&t->tally[worker], &c);
	}
}

double relation_family(enum relation r, uint32_t n, const uint32_t *from,
		       const uint32_t *to)
{
	uint32_t starts = 0, ends = 0, both = 0;

	for (uint32_t a = 0; a < n; a++) {
		starts += from[a] > 0;
		ends += to[a] > 0;
		both += from[a] > 0 && to[a] > 0;
	}
	if (!relation_directed(r))
		return (double)starts * ((double)starts - 1) / 2;
	return (double)starts * ends - both;
}

static bool q_table(struct counted *x, enum relation r, struct pool *pool, struct err *err)
{
	unsigned threads = pool_threads(pool);
	SCOPED_FREE struct assoc_tally *tally = mem_big(threads, sizeof *tally, "p-values",
							err);
	struct tests t = {&x->sums, tally};

	x->q = tally ? mem_big(Q_STEPS, sizeof *x->q, "q-values", err) : NULL;
	if (!x->q)
		return false;
	x->family = relation_family(r, x->rows.n, x->sums.from, x->sums.to);
	rows_each(&x->rows, pool, test_pairs, &t);
	assoc_tally_end(tally, threads);
	assoc_q_table(tally->histogram, x->family, x->q);
	return true;
}

struct writer {
	struct build *b;
	enum relation relation;
	struct pool *pool;
	struct err *err;
	char name[64];
};

static const char *array_name(struct writer *w, const char *part)
{
	snprintf(w->name, sizeof w->name, "pairs/%s/%s", relation_name(w->relation),
		 part);
	return w->name;
}

static bool write_side(struct writer *w, const struct pair_rows *rows,
		       enum rows_side side, const char *const part[3])
{
	SCOPED_FREE uint64_t *offsets = mem_big((size_t)rows->n + 1, sizeof *offsets,
						"row offsets", w->err);
	void *column, *value;

	if (!offsets)
		return false;
	rows_offsets(rows, side, offsets);
	build_hold(w->b);
	if (!build_reserve(w->b, array_name(w, part[1]), ARRAY_U32, offsets[rows->n], 1,
			   &column, w->err) ||
	    !build_reserve(w->b, array_name(w, part[2]), ARRAY_U32, offsets[rows->n], 1,
			   &value, w->err) ||
	    !rows_fill(rows, side, &(struct rows_csr){offsets, column, value}, w->pool,
		       w->err))
		return false;
	build_seal(w->b, w->pool);
	/* Last: the relation exists where its offsets do. */
	return build_array(w->b, array_name(w, part[0]), ARRAY_U64,
			   (uint64_t)rows->n + 1, 1, offsets, w->err);
}

static bool write_relation(struct writer *w, const struct counted *x)
{
	static const char *const out[3] = {"offsets", "column", "value"};
	static const char *const in[3] = {"in-offsets", "in-column", "in-value"};
	const struct margins *m = &x->sums;
	uint64_t totals[3] = {m->total, x->rows.pairs, x->rows.instances};
	bool directed = relation_directed(w->relation);
	uint32_t n = x->rows.n;

	return build_array(w->b, array_name(w, "from"), ARRAY_U32, n, 1, m->from, w->err) &&
	       build_array(w->b, array_name(w, "to"), ARRAY_U32, n, 1, m->to, w->err) &&
	       build_array(w->b, array_name(w, "totals"), ARRAY_U64, 3, 1, totals, w->err) &&
	       build_array(w->b, array_name(w, "q"), ARRAY_F64, Q_STEPS, 1, x->q, w->err) &&
	       (!directed || write_side(w, &x->rows, ROWS_IN, in)) &&
	       write_side(w, &x->rows, directed ? ROWS_OUT : ROWS_BOTH, out);
}

/* How long counting and testing took, for meta "counting": of a step's seconds
 * the rest is writing. */
static void note_seconds(struct build *b, enum relation r, double count, double test)
{
	json_t *meta = build_meta(b), *all = json_object_get(meta, "counting");

	if (!json_is_object(all)) {
		json_object_set_new(meta, "counting", json_object());
		all = json_object_get(meta, "counting");
	}
	json_object_set_new(all, relation_name(r),
			    json_pack("{s:f, s:f}", "count", count, "test", test));
}

/* A temporary file where memory may not be enough: items and entries take up to 4 bytes an
 * event, what is written down of them 8, and counts 2 or 4 a pair. */
static bool make_room(struct gather_of *of, struct build *b, struct spill **spill,
		      struct err *err)
{
	of->memory = build_memory(b) / 4;
	if (of->memory == 0 || of->c->n_events * 16 < of->memory)
		return true;
	if (!build_spill(b, spill, err))
		return false;
	of->spill = *spill;
	return true;
}

bool relation_count(struct build *b, enum relation r, struct work work, struct err *err)
{
	struct gather_of of = {.relation = r, .job = work.job};
	struct writer w = {.b = b, .relation = r, .pool = work.pool, .err = err};
	SCOPED(spill) spill = NULL;
	struct counted x = {0};
	double start = time_now_monotonic(), counted;
	bool ok;

	assert((unsigned)r < RELATIONS);
	/* The catalog is valid until the first array is written. */
	ok = build_catalog(b, &of.c, err) && make_room(&of, b, &spill, err) &&
	     gather_count(&of, &x.sums, &x.rows, work.pool, err);
	counted = time_now_monotonic();
	ok = ok && q_table(&x, r, work.pool, err);
	if (ok)
		note_seconds(b, r, counted - start, time_now_monotonic() - counted);
	ok = ok && write_relation(&w, &x);
	counted_finish(&x);
	return ok;
}

static bool table_fill(struct relation_table *t, enum relation r, const struct pair_rows *rows,
		       struct pool *pool, struct err *err)
{
	const char *what = "counted pairs";
	enum rows_side side = relation_directed(r) ? ROWS_OUT : ROWS_BOTH;
	uint64_t n;

	t->offsets = mem_big((size_t)rows->n + 1, sizeof *t->offsets, what, err);
	if (!t->offsets)
		return false;
	rows_offsets(rows, side, t->offsets);
	n = t->offsets[rows->n];
	t->column = mem_big(n, sizeof *t->column, what, err);
	t->value = mem_big(n, sizeof *t->value, what, err);
	t->counts.out = (struct csr){t->offsets, t->column, t->value, rows->n, n};
	if (side == ROWS_BOTH)
		t->counts.in = t->counts.out;
	return t->column && t->value &&
	       rows_fill(rows, side, &(struct rows_csr){t->offsets, t->column, t->value},
			 pool, err);
}

bool relation_table_make(struct relation_table *out, const struct catalog *c,
			 enum relation r, struct work work, struct err *err)
{
	struct gather_of of = {.c = c, .relation = r, .job = work.job};
	struct relation_table t = {0};
	struct counted x = {0};
	bool ok = gather_count(&of, &x.sums, &x.rows, work.pool, err) &&
		  q_table(&x, r, work.pool, err) && table_fill(&t, r, &x.rows, work.pool, err);

	assert((unsigned)r < RELATIONS);
	if (ok) {
		t.counts.from = t.from = x.sums.from;
		t.counts.to = t.to = x.sums.to;
		t.counts.total = x.sums.total;
		t.counts.pairs = x.rows.pairs;
		t.counts.instances = x.rows.instances;
		t.counts.q = t.q = x.q;
		t.family = x.family;
		x.sums = (struct margins){0};
		x.q = NULL;
		*out = t;
	} else {
		relation_table_finish(&t);
	}
	counted_finish(&x);
	return ok;
}

void relation_table_finish(struct relation_table *t)
{
	free(t->offsets);
	free(t->column);
	free(t->value);
	free(t->from);
	free(t->to);
	free(t->q);
	*t = (struct relation_table){0};
}

/* Each row of m adds up to its marginal. */
static bool adds_up(const struct csr *m, const uint32_t *marginal)
{
	for (uint32_t a = 0; a < m->rows; a++) {
		uint64_t sum = 0;

		for (uint64_t i = m->offsets[a]; i < m->offsets[a + 1]; i++)
			sum += m->value[i];
		if (sum != marginal[a])
			return false;
	}
	return true;
}

bool relations_alone(const struct catalog *c)
{
	bool any = false;

	if (c->n_events || c->n_sessions)
		return false;
	for (unsigned r = 0; r < RELATIONS; r++) {
		const struct relation_counts *n = &c->relation[r];

		if (!n->out.offsets)
			continue;
		if (!adds_up(&n->out, n->from) || !adds_up(&n->in, n->to))
			return false;
		any = true;
	}
	return any;
}

uint32_t relation_pair(const struct relation_counts *r, uint32_t a, uint32_t b)
{
	uint64_t at;

	if (!r->out.offsets || a >= r->out.rows)
		return 0;
	at = csr_find(r->out.offsets, r->out.column, a, b);
	return at == CSR_NONE ? 0 : r->out.value[at];
}
