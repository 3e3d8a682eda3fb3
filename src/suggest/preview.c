/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both lists of each product through the door, on all cores; sums per worker. */
#include "config.h"

#include "suggest/preview.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "store/store.h"
#include "suggest/door.h"

struct comparing {
	const struct store *store;
	struct panel_request before, after;
	struct preview *sum;	/* (workers) */
	double *traffic;	/* (workers) */
	const uint32_t *weight;	/* (P) */
	struct job *job;
	atomic_flag told;
	atomic_bool failed;
	struct err err;
};

/* The product's place among the rows, from 1; 0: it is none of them. */
static unsigned place_of(const struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return i + 1;
	return 0;
}

static void compare(struct preview *sum, const struct panel *a, const struct panel *b,
		    bool *changed)
{
	*changed = a->n_rows != b->n_rows;
	for (unsigned i = 0; i < a->n_rows; i++) {
		unsigned there = place_of(b, a->rows[i].product);

		sum->left += there == 0;
		sum->moved += there != 0 && there != i + 1;
		*changed |= there != i + 1;
	}
	for (unsigned i = 0; i < b->n_rows; i++)
		sum->entered += place_of(a, b->rows[i].product) == 0;
	sum->lists++;
	sum->changed += *changed;
	sum->places += a->n_rows;
	sum->emptied += a->n_rows > 0 && b->n_rows == 0;
	sum->shorter += b->n_rows < a->n_rows;
}

static bool both_lists(struct comparing *x, uint32_t product, unsigned worker,
		       struct err *err)
{
	struct panel_request ra = x->before, rb = x->after;
	struct panel a, b;
	bool changed;

	ra.about.product = rb.about.product = product;
	if (!suggest(&ra, &a, x->job, err))
		return false;
	if (!suggest(&rb, &b, x->job, err)) {
		panel_finish(&a);
		return false;
	}
	compare(&x->sum[worker], &a, &b, &changed);
	if (changed && x->weight)
		x->traffic[worker] += x->weight[product];
	panel_finish(&a);
	panel_finish(&b);
	return true;
}

static void compare_one(void *ctx, size_t product, unsigned worker)
{
	struct comparing *x = ctx;
	struct err err;

	if (atomic_load(&x->failed) || both_lists(x, (uint32_t)product, worker, &err)) {
		job_advance(x->job, 1);
		return;
	}
	atomic_store(&x->failed, true);
	if (!atomic_flag_test_and_set(&x->told))
		x->err = err;
}

static void add_up(struct comparing *x, unsigned workers, struct preview *p)
{
	uint32_t n = store_catalog(x->store)->n_products;
	double all = 0, touched = 0;

	for (unsigned w = 0; w < workers; w++) {
		const struct preview *s = &x->sum[w];

		p->lists += s->lists;
		p->changed += s->changed;
		p->emptied += s->emptied;
		p->shorter += s->shorter;
		p->places += s->places;
		p->entered += s->entered;
		p->left += s->left;
		p->moved += s->moved;
		touched += x->traffic[w];
	}
	for (uint32_t i = 0; x->weight && i < n; i++)
		all += x->weight[i];
	p->traffic = all > 0 ? touched / all : NAN;
}

bool preview_make(struct preview *p, const struct store *s, enum panel_kind kind,
		  unsigned top, const struct vetting *before, const struct vetting *after,
		  struct work work, struct err *err)
{
	const struct catalog *c = store_catalog(s);
	unsigned workers = pool_threads(work.pool);
	SCOPED_FREE struct preview *sum = mem_zalloc(workers * sizeof *sum);
	SCOPED_FREE double *traffic = mem_zalloc(workers * sizeof *traffic);
	bool sold = (c->caps & CAP_PURCHASES) && c->product_purchases;
	struct comparing x = {
		.store = s,
		.sum = sum,
		.traffic = traffic,
		.job = work.job,
		.weight = sold ? c->product_purchases : c->product_views,
		.before = {.about = question_of(s, NULL), .kind = kind, .limit = top},
	};

	assert(top > 0);
	x.after = x.before;
	x.before.about.vetting = before;
	x.after.about.vetting = after;
	atomic_flag_clear(&x.told);
	job_step(work.job, "comparing lists", c->n_products);
	pool_run(work.pool, c->n_products, compare_one, &x);
	if (atomic_load(&x.failed)) {
		*err = x.err;
		return false;
	}
	*p = (struct preview){.sold = sold};
	add_up(&x, workers, p);
	return job_check(work.job, err);
}
