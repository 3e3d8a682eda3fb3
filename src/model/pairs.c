/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker takes a range of products; for each it walks the places where the product
 * stands and adds into a dense row. No pair is stored twice or sorted globally.
 */
#include "config.h"

#include "model/pairs.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "base/time.h"
#include "stats/scan.h"

#define TASKS_PER_THREAD 16u

/* What one task found: the rows of its products one after the other. */
struct chunk {
	uint32_t *column;
	float *value;
	size_t n, cap_column, cap_value;
};

struct scratch {
	double *sum;		/* (products) */
	uint32_t *touched;	/* (products) */
	struct marks marks;
};

struct counting {
	const struct sequences *q;
	const struct places *places;
	const struct pairs_ask *ask;
	uint32_t n_products;
	struct range *range;	/* (tasks) of products */
	struct chunk *chunk;	/* (tasks) */
	struct scratch *scratch;	/* (threads) */
	uint64_t *length;	/* (products) of the rows */
	float *from;		/* (products) */
	struct job *job;
};

struct row {
	struct scratch *x;
	uint32_t a, n;
};

static inline void add(struct row *r, uint32_t b, double w)
{
	if (b == r->a)
		return;
	if (r->x->sum[b] == 0)
		r->x->touched[r->n++] = b;
	r->x->sum[b] += w;
}

static double of_gap(const struct pairs_ask *ask, uint64_t g)
{
	return ask->next > 0 ? pow(ask->next, (double)(g - 1)) :
	       ask->inverse ? 1 / (double)g : 1;
}

/* The place i of the sequence [first, end). */
static void add_window(const struct counting *c, struct row *r, uint64_t i, uint64_t first,
		       uint64_t end, double weight)
{
	unsigned window = c->ask->way == PAIRS_ADJACENT ? 1 : c->ask->window;
	double back = c->ask->back > 0 ? c->ask->back * weight : weight;

	for (uint64_t g = 1; g <= window && i + g < end; g++)
		add(r, c->q->product[i + g], weight * of_gap(c->ask, g));
	for (uint64_t g = 1; c->ask->symmetric && g <= window && g <= i - first; g++)
		add(r, c->q->product[i - g], back * of_gap(c->ask, g));
}

struct steps {
	uint64_t from, end;
};

/* Products from `from` to the end of a sequence, each once. */
static void add_set(const struct counting *c, struct row *r, struct steps s, double weight)
{
	marks_next(&r->x->marks);
	for (uint64_t i = s.from; i < s.end; i++)
		if (marks_add(&r->x->marks, c->q->product[i]))
			add(r, c->q->product[i], weight);
}

static void add_places(const struct counting *c, struct row *r)
{
	const struct places *x = c->places;
	uint32_t last = CATALOG_NONE;

	for (uint64_t k = x->offsets[r->a]; k < x->offsets[r->a + 1]; k++) {
		uint32_t s = x->sequence[k];
		uint64_t first = c->q->offsets[s], end = c->q->offsets[s + 1];
		double weight = c->ask->weight ? c->ask->weight[s] : 1;

		if (!(weight > 0))	/* so old that nothing is left of it */
			continue;
		if (c->ask->way != PAIRS_SET) {
			add_window(c, r, x->at[k], first, end, weight);
		} else if (s != last) {
			add_set(c, r, (struct steps){c->ask->symmetric ? first : x->at[k], end},
				weight);
			c->from[r->a] += (float)weight;
		}
		last = s;
	}
}

/* Move the row to the chunk, ascending; the sums are zero again. */
static void end_row(const struct counting *c, struct chunk *out, struct row *r)
{
	double all = 0;
	size_t before = out->n;

	sort_u32(r->x->touched, r->n);
	MEM_GROW(out->column, out->cap_column, out->n + r->n);
	MEM_GROW(out->value, out->cap_value, out->n + r->n);
	for (uint32_t i = 0; i < r->n; i++) {
		uint32_t b = r->x->touched[i];
		double n = r->x->sum[b];

		r->x->sum[b] = 0;
		all += n;
		if (n < c->ask->least)
			continue;
		out->column[out->n] = b;
		out->value[out->n++] = (float)n;
	}
	c->length[r->a] = out->n - before;
	if (c->ask->way != PAIRS_SET)
		c->from[r->a] = (float)all;
}

static void count_range(void *ctx, size_t task, unsigned worker)
{
	struct counting *c = ctx;
	const struct range *range = &c->range[task];

	for (uint32_t a = range->first; a < range->end && !job_cancelled(c->job); a++) {
		struct row r = {.x = &c->scratch[worker], .a = a};

		add_places(c, &r);
		end_row(c, &c->chunk[task], &r);
	}
	job_advance(c->job, range->end - range->first);
}

/* --- what was counted */

static bool write_rows(const struct counting *c, size_t tasks, struct sink *s,
		       struct err *err)
{
	void *offsets, *column, *value;
	uint64_t *o, at = 0;

	if (!sink_reserve(s, "pairs/offsets", ARRAY_U64, (uint64_t)c->n_products + 1, 1,
			  &offsets, err))
		return false;
	o = offsets;
	for (uint32_t a = 0; a < c->n_products; a++)
		o[a + 1] = o[a] + c->length[a];
	if (!sink_reserve(s, "pairs/column", ARRAY_U32, o[c->n_products], 1, &column, err) ||
	    !sink_reserve(s, "pairs/value", ARRAY_F32, o[c->n_products], 1, &value, err))
		return false;
	for (size_t t = 0; t < tasks; t++) {
		struct chunk *k = &c->chunk[t];

		if (k->n) {
			memcpy((uint32_t *)column + at, k->column, k->n * sizeof *k->column);
			memcpy((float *)value + at, k->value, k->n * sizeof *k->value);
		}
		at += k->n;
	}
	return true;
}

/* Sums of columns; of what is left where pairs were left out, as those are few. */
static bool write_sums(const struct counting *c, size_t tasks, struct sink *s,
		       struct err *err)
{
	SCOPED_FREE double *to = mem_big(c->n_products, sizeof *to, "sums of pairs", err);
	double total = 0;
	void *room;

	if (!to || !sink_reserve(s, "to", ARRAY_F32, c->n_products, 1, &room, err))
		return false;
	for (size_t t = 0; t < tasks; t++)
		for (size_t i = 0; i < c->chunk[t].n; i++)
			to[c->chunk[t].column[i]] += c->chunk[t].value[i];
	for (uint32_t b = 0; b < c->n_products; b++) {
		((float *)room)[b] = c->ask->way == PAIRS_SET ? c->from[b] : (float)to[b];
		total += c->from[b];
	}
	if (c->ask->way == PAIRS_SET) {
		total = c->q->n;
		for (uint32_t i = 0; c->ask->weight && i < c->q->n; i++)
			total += c->ask->weight[i] - 1.0;
	}
	return sink_array(s, "from", ARRAY_F32, c->n_products, 1, c->from, err) &&
	       sink_array(s, "total", ARRAY_F64, 1, 1, &total, err);
}

static bool make_scratch(struct counting *c, unsigned threads, struct err *err)
{
	bool ok = true;

	c->length = mem_big(c->n_products, sizeof *c->length, "lengths of rows", err);
	c->from = c->length ? mem_big(c->n_products, sizeof *c->from, "sums", err) : NULL;
	ok = c->from != NULL;
	for (unsigned i = 0; ok && i < threads; i++) {
		struct scratch *x = &c->scratch[i];

		x->sum = mem_big(c->n_products, sizeof *x->sum, "a row of counts", err);
		x->touched = x->sum ? mem_big(c->n_products, sizeof *x->touched,
					      "a row of counts", err) : NULL;
		ok = x->touched && marks_init(&x->marks, c->n_products, err);
	}
	return ok;
}

static bool count_all(struct counting *c, size_t tasks, struct pool *pool, struct err *err)
{
	job_step(c->job, "counting pairs", c->n_products);
	pool_run(pool, tasks, count_range, c);
	return job_check(c->job, err);
}

bool pairs_count(struct sink *s, const struct sequences *q, const struct pairs_ask *ask,
		 struct work work, struct err *err)
{
	unsigned threads = pool_threads(work.pool);
	size_t tasks = (size_t)threads * TASKS_PER_THREAD;
	struct places places;
	struct counting c = {.q = q,
			     .places = &places,
			     .ask = ask,
			     .n_products = q->n_products,
			     .job = work.job};
	bool ok;

	assert(ask->way != PAIRS_WINDOW || ask->window > 0);
	if (!places_make(&places, q, q->n_products, err))
		return false;
	c.range = mem_zalloc(tasks * sizeof *c.range);
	c.chunk = mem_zalloc(tasks * sizeof *c.chunk);
	c.scratch = mem_zalloc(threads * sizeof *c.scratch);
	tasks = range_split(places.offsets, q->n_products, tasks, c.range);
	ok = make_scratch(&c, threads, err) && count_all(&c, tasks, work.pool, err) &&
	     write_rows(&c, tasks, s, err) && write_sums(&c, tasks, s, err);
	for (unsigned i = 0; i < threads; i++) {
		free(c.scratch[i].sum);
		free(c.scratch[i].touched);
		marks_finish(&c.scratch[i].marks);
	}
	for (size_t t = 0; t < tasks; t++) {
		free(c.chunk[t].column);
		free(c.chunk[t].value);
	}
	free(c.range);
	free(c.chunk);
	free(c.scratch);
	free(c.length);
	free(c.from);
	places_finish(&places);
	return ok;
}

/* --- reading them */

bool pairs_bind(struct pairs *p, const struct model *m, struct err *err)
{
	struct array offsets, column, value, from, to, total;
	const uint64_t *o;

	if (!model_array(m, "pairs/offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "pairs/column", ARRAY_U32, &column, err) ||
	    !model_array(m, "pairs/value", ARRAY_F32, &value, err) ||
	    !model_array(m, "from", ARRAY_F32, &from, err) ||
	    !model_array(m, "to", ARRAY_F32, &to, err) ||
	    !model_array(m, "total", ARRAY_F64, &total, err))
		return false;
	o = offsets.data;
	if (offsets.rows != (uint64_t)m->n_products + 1 || from.rows != m->n_products ||
	    to.rows != m->n_products || total.rows != 1 || column.rows != value.rows ||
	    o[m->n_products] != column.rows)
		return err_fail(err, ERR_STORE,
				"the model is damaged: its pairs don't fit together");
	*p = (struct pairs){o, column.data, value.data, from.data, to.data,
			    *(const double *)total.data, column.rows, m->n_products};
	return true;
}

bool pairs_open(struct model *m, struct err *err)
{
	SCOPED_FREE struct pairs *x = mem_zalloc(sizeof *x);

	if (!pairs_bind(x, m, err))
		return false;
	m->state = x;
	x = NULL;
	return true;
}

void pairs_close(struct model *m)
{
	free(m->state);
}

bool pairs_row(const struct pairs *p, uint32_t a, uint64_t *from, uint64_t *end)
{
	assert(a < p->n_products);
	assert(from && end);
	*from = p->offsets[a];
	*end = p->offsets[a + 1];
	if (*from <= *end && *end <= p->n)
		return true;
	*from = *end = 0;
	return false;
}

float pairs_value(const struct pairs *p, uint32_t a, uint32_t b)
{
	uint64_t first, end, at;

	pairs_row(p, a, &first, &end);
	at = first + csr_lower(p->column + first, end - first, b);
	return at < end && p->column[at] == b ? p->value[at] : 0;
}

bool pairs_decay(float *weight, const struct sequences *q, const struct catalog *c,
		 double half_life, struct err *err)
{
	if (!c->event_time)
		return err_fail(err, ERR_USAGE, "--half-life needs times, and these events "
				"have none");
	for (uint32_t i = 0; i < q->n; i++) {
		int64_t at = c->event_time[c->session_offsets[q->session[i]]];
		double days = (double)(c->last_time - at) / (double)TIME_DAY;

		weight[i] = (float)exp2(-days / half_life);
	}
	return true;
}
