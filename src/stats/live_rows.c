/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was counted of a product: entries, their bounds, their q. */
#include "config.h"

#include "stats/live_impl.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/csr.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "stats/assoc.h"

void live_rows_finish(struct live_rows *rows)
{
	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		free(rows->row[r].column);
		free(rows->row[r].value);
		free(rows->row[r].seen);
		free(rows->row[r].q);
	}
	*rows = (struct live_rows){0};
}

static size_t find_entry(const struct live_row *r, uint32_t b)
{
	size_t at = csr_lower(r->column, r->n, b);

	return at < r->n && r->column[at] == b ? at : SIZE_MAX;
}

uint32_t live_rows_pair(const struct live_rows *rows, unsigned row, uint32_t b)
{
	size_t at = find_entry(&rows->row[row], b);

	return at == SIZE_MAX ? 0 : rows->row[row].value[at];
}

/* --- samples */

#define GROUP_SESSIONS 16384	/* a millisecond's work */
#define Z 1.959964	/* two-sided 95 % of the normal distribution */

/* z^2 of a sample of m out of all: the larger it is the less is left to chance. */
static double z_squared(double m, double all)
{
	return Z * Z * (all > 1 ? (all - m) / (all - 1) : 0);
}

/* k of m that were drawn; zz: the square of z. */
struct drawn {
	double k, m, zz;
};

static void wilson(struct drawn d, double *low, double *high)
{
	double p = d.k / d.m, middle = p + d.zz / (2 * d.m), norm = 1 + d.zz / d.m;
	double half = sqrt(d.zz * (p * (1 - p) / d.m + d.zz / (4 * d.m * d.m)));

	assert(d.k >= 0 && d.m > 0);
	*low = (middle - half) / norm;
	*high = (middle + half) / norm;
}

/* Per session; events that come in twos are half as many. */
static void poisson(struct drawn d, double *low, double *high)
{
	double middle = d.k / 2 + d.zz / 2, half = sqrt(d.zz * (d.k / 2 + d.zz / 4));

	assert(d.k >= 0 && d.m > 0);
	*low = 2 * (middle - half) / d.m;
	*high = 2 * (middle + half) / d.m;
}

/* No pair can be seen more often than either of its sides. */
static uint32_t most(const struct live *l, uint32_t a, unsigned row, uint32_t b)
{
	bool into = row == LIVE_INTO;
	const struct relation_counts *c =
		&l->catalog.relation[into ? REL_ADJACENT_VIEW : row];
	uint32_t from = c->from[into ? b : a], to = c->to[into ? a : b];

	return from < to ? from : to;
}

static bool repeats(unsigned row)
{
	return row == REL_ADJACENT_VIEW || row == LIVE_INTO;
}

void live_bounds(const struct live *l, const struct live_rows *rows, unsigned row,
		 uint32_t b, uint32_t *low, uint32_t *high)
{
	double m = (double)rows->walked, all = (double)rows->sessions, from, to, cap;
	size_t at = find_entry(&rows->row[row], b);
	double k = at == SIZE_MAX ? 0 : rows->row[row].seen[at];

	*low = *high = (uint32_t)k;
	if (rows->walked == rows->sessions || rows->walked == 0)
		return;
	(repeats(row) ? poisson : wilson)((struct drawn){k, m, z_squared(m, all)}, &from, &to);
	from = floor(from * all);
	to = ceil(to * all);
	cap = most(l, rows->product, row, b);
	if (!repeats(row) && cap > all - (m - k))
		cap = all - (m - k);
	from = from > k ? from : k;
	*low = (uint32_t)(from < cap ? from : cap);
	*high = (uint32_t)(to < cap ? to : cap);
}

void live_scale(struct live *l, struct live_rows *rows)
{
	double factor = (double)rows->sessions / (double)rows->walked;
	struct live_sample *s = &l->sample;

	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		struct live_row *row = &rows->row[r];

		for (size_t i = 0; i < row->n; i++) {
			double n = round(row->seen[i] * factor);
			uint32_t cap = most(l, rows->product, r, row->column[i]);

			row->value[i] = n < cap ? (uint32_t)n : cap;
		}
	}
	if (s->sessions == 0 || (double)rows->walked / (double)rows->sessions <
				(double)s->walked / (double)s->sessions)
		*s = (struct live_sample){rows->product, rows->walked, rows->sessions};
}

void live_hurry(struct live *l, double seconds, size_t least)
{
	l->hurry = seconds;
	l->group_sessions = least ? least : GROUP_SESSIONS;
	l->sample = (struct live_sample){0};
}

bool live_sampled(const struct live *l, struct live_sample *s)
{
	if (s)
		*s = l->sample;
	return l->sample.sessions > 0;
}

double live_sample_error(const struct live_sample *s)
{
	double m = (double)s->walked, all = (double)s->sessions, low, high;

	wilson((struct drawn){m / 100, m, z_squared(m, all)}, &low, &high);
	return (high - low) / 2 * 100;
}

void live_add_sample(const struct live_sample *s, struct strbuf *b)
{
	double m = (double)s->walked, all = (double)s->sessions, low, high;
	double count = floor(all / 100);

	wilson((struct drawn){count / all * m, m, z_squared(m, all)}, &low, &high);
	strbuf_adds(b, "counted in ");
	num_add_grouped(b, (int64_t)s->walked);
	strbuf_adds(b, " of ");
	num_add_grouped(b, (int64_t)s->sessions);
	strbuf_adds(b, " sessions; a count of ");
	num_add_grouped(b, (int64_t)count);
	strbuf_adds(b, " is within ");
	num_add_grouped(b, (int64_t)ceil((high - low) / 2 * all));
}

/* --- q of a row */

struct testing {
	const struct live *l;
	const struct live_rows *rows;
	enum relation r;
	const struct relation_counts *c;
	const struct live_row *row;
	uint32_t product;
	double *p;
};

#define TESTS 4096u	/* per task */
#define MEMO 512u

/* Most of the rare products share their counts with others of the row. */
struct memo {
	uint64_t n, n_b;
	double p;
};

static double test_one(struct memo *memo, const struct assoc_counts *c)
{
	struct memo *m = &memo[(c->n * 31 + c->n_b) % MEMO];

	if (m->n != c->n || m->n_b != c->n_b)
		*m = (struct memo){c->n, c->n_b, assoc_p(c)};
	return m->p;
}

static void test_task(void *ctx, size_t task, unsigned worker)
{
	struct testing *t = ctx;
	size_t end = (task + 1) * TESTS;
	struct memo memo[MEMO] = {0};	/* n of an entry is never 0 */

	(void)worker;
	end = end < t->row->n ? end : t->row->n;
	for (size_t i = task * TESTS; i < end; i++) {
		struct assoc_counts c = {t->row->value[i], t->c->from[t->product],
					 t->c->to[t->row->column[i]], t->c->total};
		uint32_t low, high;

		if (t->row->sampled) {
			live_bounds(t->l, t->rows, t->r, t->row->column[i], &low, &high);
			c.n = low;
		}
		t->p[i] = test_one(memo, &c);
	}
}

static bool make_q(struct live *l, struct live_rows *rows, enum relation r)
{
	struct live_row *row = &rows->row[r];
	uint32_t product = rows->product;
	struct testing t = {.l = l, .rows = rows, .r = r, .c = &l->catalog.relation[r],
			    .row = row, .product = product};

	t.p = mem_big(row->n, sizeof *t.p, "p-values", NULL);
	if (!t.p)
		return false;
	row->family = 0;
	for (uint32_t b = 0; b < l->base->n_products; b++)
		row->family += b != product && t.c->to[b] > 0;
	pool_run(l->pool, (row->n + TESTS - 1) / TESTS, test_task, &t);
	if (!assoc_bh(t.p, t.p, row->n, row->family)) {
		free(t.p);
		return false;
	}
	row->q = t.p;
	return true;
}

double live_rows_q(const struct live_rows *rows, enum relation r, uint32_t b)
{
	const struct live_row *row = &rows->row[r];
	size_t at = find_entry(row, b);

	return at == SIZE_MAX || !row->q ? NAN : row->q[at];
}

double live_q(struct live *l, struct live_rows *rows, enum relation r, uint32_t b)
{
	struct live_row *row = &rows->row[r];

	assert(rows->which >> r & 1);	/* live_count counted it */
	if (row->n > 0 && !row->q && !make_q(l, rows, r))
		return NAN;
	return live_rows_q(rows, r, b);
}
