/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions that saw and that bought are counted as models count pairs, then compared. */
#include "config.h"

#include "model/links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/scope.h"
#include "model/pairs.h"
#include "stats/scan.h"
#include "store/sink.h"

/* Counts of one kind of session. */
struct counts {
	struct sink *sink;
	const uint64_t *offsets;
	const uint32_t *column;
	const float *value, *of;
};

static bool count(struct counts *x, const struct lesson *lesson, unsigned kinds,
		  struct err *err)
{
	const struct pairs_ask ask = {.way = PAIRS_SET, .symmetric = true};
	struct array offsets, column, value, of;
	struct sequences q;
	bool ok;

	x->sink = sink_create();
	if (!sequences_of(&q, lesson, kinds, err))
		return false;
	ok = pairs_count(x->sink, &q, &ask, lesson->work, err);
	sequences_finish(&q);
	if (!ok)
		return false;
	sink_find(x->sink, "pairs/offsets", &offsets);
	sink_find(x->sink, "pairs/column", &column);
	sink_find(x->sink, "pairs/value", &value);
	sink_find(x->sink, "from", &of);
	x->offsets = offsets.data;
	x->column = column.data;
	x->value = value.data;
	x->of = of.data;
	return true;
}

static double rate(const struct counts *x, uint32_t a, uint32_t b)
{
	uint64_t k = x->offsets ? csr_find(x->offsets, x->column, a, b) : CSR_NONE;

	return k == CSR_NONE ? 0 : x->value[k] / sqrt((double)x->of[a] * x->of[b]);
}

/* Pairs that are more often of the one kind than of the other. */
struct choosing {
	const struct counts *own, *other;
	double support;
	bool ties;
};

/* The pairs of `own` that are met `support` times and that its rate speaks for. */
static bool choose(struct links *l, uint32_t n, struct choosing by, struct err *err)
{
	uint64_t all = by.own->offsets ? by.own->offsets[n] : 0;

	l->offsets = mem_big((size_t)n + 1, sizeof *l->offsets, "links", err);
	l->column = mem_big(all, sizeof *l->column, "links", err);
	l->value = mem_big(all, sizeof *l->value, "links", err);
	if (!l->offsets || !l->column || !l->value)
		return false;
	for (uint32_t a = 0; a < n; a++) {
		for (uint64_t k = all ? by.own->offsets[a] : 0;
		     all && k < by.own->offsets[a + 1]; k++) {
			uint32_t b = by.own->column[k];
			double mine = rate(by.own, a, b), its = rate(by.other, a, b);

			if (by.own->value[k] < by.support || mine < its ||
			    (mine == its && !by.ties))
				continue;
			l->column[l->n] = b;
			l->value[l->n++] = by.own->value[k];
		}
		l->offsets[a + 1] = l->n;
	}
	return true;
}

/* --- alike by features */

static double likeness(const struct features *f, uint32_t a, uint32_t b)
{
	uint64_t i = f->offsets[a], j = f->offsets[b];
	double sum = 0;

	while (i < f->offsets[a + 1] && j < f->offsets[b + 1]) {
		if (f->column[i] == f->column[j])
			sum += (double)f->value[i++] * f->value[j++];
		else if (f->column[i] < f->column[j])
			i++;
		else
			j++;
	}
	return sum;
}

struct alike {
	uint32_t product;
	double likeness;
};

/* best (LINKS_ALIKE) gets b in its place; returns how many there are. */
static unsigned place(struct alike *best, unsigned n, uint32_t b, double x)
{
	unsigned at = n < LINKS_ALIKE ? n : LINKS_ALIKE - 1;

	if (n == LINKS_ALIKE && best[at].likeness >= x)
		return n;
	for (; at > 0 && best[at - 1].likeness < x; at--)
		best[at] = best[at - 1];
	best[at] = (struct alike){b, x};
	return n < LINKS_ALIKE ? n + 1 : n;
}

struct featured {
	const struct catalog *c;
	const struct features *f;
};

static unsigned find_alike(struct featured of, uint32_t a, struct rng *rng, struct alike *best)
{
	uint32_t k = of.c->product_category[a], first = 0, n = of.c->n_products;
	unsigned found = 0;

	if (k < of.c->n_categories) {
		first = of.c->category_product[k];
		n = of.c->category_product[k + 1] - first;
	}
	for (uint32_t i = 0; i < LINKS_LOOKED_AT && i < n; i++) {
		uint32_t b = first + (n <= LINKS_LOOKED_AT ? i : (uint32_t)rng_below(rng, n));
		bool again = b == a;

		for (unsigned j = 0; j < found; j++)
			again |= best[j].product == b;
		if (!again)
			found = place(best, found, b, likeness(of.f, a, b));
	}
	return found;
}

static int by_product(const void *a, const void *b)
{
	const struct alike *x = a, *y = b;

	return (x->product > y->product) - (x->product < y->product);
}

static bool link_alike(struct links *l, const struct lesson *lesson, const struct features *f,
		       struct err *err)
{
	l->offsets = mem_big((size_t)lesson->catalog->n_products + 1, sizeof *l->offsets,
			     "links", err);
	l->column = mem_big((size_t)lesson->catalog->n_products * LINKS_ALIKE,
			    sizeof *l->column, "links", err);
	l->value = mem_big((size_t)lesson->catalog->n_products * LINKS_ALIKE, sizeof *l->value,
			   "links", err);
	if (!l->offsets || !l->column || !l->value)
		return false;
	job_step(lesson->work.job, "comparing features", lesson->catalog->n_products);
	for (uint32_t a = 0; a < lesson->catalog->n_products; a++) {
		struct alike best[LINKS_ALIKE];
		struct rng rng;
		unsigned n;

		rng_init(&rng, lesson->params->seed, a);
		n = find_alike((struct featured){lesson->catalog, f}, a, &rng, best);
		qsort(best, n, sizeof *best, by_product);
		for (unsigned i = 0; i < n; i++) {
			l->column[l->n] = best[i].product;
			l->value[l->n++] = (float)best[i].likeness;
		}
		l->offsets[a + 1] = l->n;
		job_advance(lesson->work.job, 1);
		if (a % 256 == 0 && !job_check(lesson->work.job, err))
			return false;
	}
	return true;
}

bool links_read(struct link_sets *l, const struct lesson *lesson, const struct features *f,
		struct err *err)
{
	double support = params_real(lesson->params, PARAM_ID_SUPPORT);
	struct counts seen = {0}, bought = {0};
	bool ok;

	*l = (struct link_sets){.by_features = !(lesson->catalog->caps & CAP_VIEWS)};
	ok = count(&bought, lesson,
		   KIND_BIT(lesson->catalog->caps & CAP_PURCHASES ||
					    !(lesson->catalog->caps & CAP_CARTS)
				    ? EVENT_PURCHASE
				    : EVENT_CART),
		   err) &&
	     (l->by_features || count(&seen, lesson, KIND_BIT(EVENT_VIEW), err)) &&
	     choose(&l->complement, lesson->catalog->n_products,
		    (struct choosing){&bought, &seen, support, true}, err) &&
	     (l->by_features ? link_alike(&l->similar, lesson, f, err)
			     : choose(&l->similar, lesson->catalog->n_products,
				      (struct choosing){&seen, &bought, support, false}, err));
	if (ok) {
		l->count = mem_big(lesson->catalog->n_products, sizeof *l->count, "links", err);
		ok = l->count != NULL;
		for (uint32_t a = 0; ok && a < lesson->catalog->n_products; a++)
			l->count[a] = bought.of[a];
	}
	sink_destroy(seen.sink);
	sink_destroy(bought.sink);
	if (!ok)
		links_finish(l);
	return ok;
}

static void finish(struct links *l)
{
	free(l->offsets);
	free(l->column);
	free(l->value);
}

void links_finish(struct link_sets *l)
{
	finish(&l->similar);
	finish(&l->complement);
	free(l->count);
	*l = (struct link_sets){0};
}

bool links_has(const struct links *l, uint32_t a, uint32_t b)
{
	return csr_find(l->offsets, l->column, a, b) != CSR_NONE;
}
