/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decisions are groups of the order of pages: a page of a product whose approved candidates were
 * right, as they are seen by nobody in particular at the log's end, when people decide. Every
 * other group holds what was approved and rejected alone, so that the one comes before the other;
 * the rest, and all where nothing was rejected, hold all candidates, of which the others were not
 * right, as in groups of the log. Where nothing was approved there is no group. A product counts
 * like LABELS_WORTH sessions, less where that would be more than RANK_MOST_PAGES groups, but has
 * one of each kind. What is no candidate has no features: it can't be learnt from.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/labels.h"
#include "model/rank_training.h"

/* Decisions on one product's list. */
struct decided {
	const struct label *at;	/* (n) ascending by .with */
	size_t n;
};

static int by_page(const void *x, const void *y)
{
	const struct label *a = x, *b = y;
	int order = (a->product > b->product) - (a->product < b->product);

	return order ? order : (a->with > b->with) - (a->with < b->with);
}

/* Those on complementary, product by product; *n of them, free(). */
static struct label *labels_by_page(const struct labels *l, size_t *n)
{
	struct label *own = mem_alloc((l->n + 1) * sizeof *own);

	*n = 0;
	for (size_t i = 0; i < l->n; i++)
		if (!l->at[i].similar)
			own[(*n)++] = l->at[i];
	if (*n)
		qsort(own, *n, sizeof *own, by_page);
	return own;
}

/* The next product's; n 0: there is none. */
static struct decided next_page(const struct label *at, const struct label *end)
{
	struct decided d = {at, 0};

	while (at + d.n < end && at[d.n].product == at->product)
		d.n++;
	return d;
}

static const struct label *label_find(const struct decided *d, uint32_t with)
{
	const struct label key = {.product = d->n ? d->at->product : 0, .with = with};

	return d->n ? bsearch(&key, d->at, d->n, sizeof *d->at, by_page) : NULL;
}

/* Decisions that are candidates; *rejected of them are rejections. */
static uint32_t count_decided(const struct candidates_of *c, const struct decided *d,
			      uint32_t *rejected)
{
	uint32_t n = 0;

	*rejected = 0;
	for (uint32_t i = 0; i < c->n; i++) {
		const struct label *said = label_find(d, c->product[i]);

		n += said != NULL;
		*rejected += said && !said->approved;
	}
	return n;
}

/* How many decisions were taught, 0: of none is there an approved candidate. */
static uint32_t mark_decided(struct training *t, const struct candidates_of *c,
			     const struct decided *d, unsigned times)
{
	SCOPED_FREE uint32_t *order = mem_alloc((c->n + 1) * sizeof *order);
	SCOPED_FREE uint8_t *right = mem_zalloc(c->n + 1);
	uint32_t rejected, n = count_decided(c, d, &rejected);

	if (n == rejected)
		return 0;
	for (unsigned k = 0; k < times; k++) {
		struct marked m = {.order = order, .right = right, .targets = n - rejected};
		bool alone = rejected && k % 2 == 0;

		for (uint32_t i = 0; i < c->n; i++) {
			const struct label *said = label_find(d, c->product[i]);

			if (c->product[i] == d->at->product || (!said && alone))
				continue;
			right[i] = said && said->approved;
			marked_draw(&m, i, &t->rng);
		}
		examples_add(&t->learn[ORDER_PAGES], c, &m);
	}
	return n;
}

static bool teach_decided(struct training *t, const struct decided *d, unsigned times,
			  uint32_t *used, struct err *err)
{
	struct candidates_of c;
	struct past past = {0};
	bool ok;

	past_look(&past, &d->at->product, 1);
	ok = knowledge_candidates(&t->k, &past, &c, err);
	if (ok) {
		*used = mark_decided(t, &c, d, times);
		candidates_of_finish(&c);
	}
	past_finish(&past);
	return ok;
}

static bool teach_pages_decided(struct training *t, const struct label *at, size_t n,
				struct err *err)
{
	const struct label *end = at + n;
	size_t pages = 0, products = 0, all = 0;
	double most;
	unsigned times;

	for (const struct label *i = at; i < end; i += next_page(i, end).n)
		pages++;
	most = pages ? (double)RANK_MOST_PAGES / (double)pages : 1;
	times = (unsigned)fmax(fmin(most, (double)LABELS_WORTH), 2);
	job_step(t->work.job, "gathering decisions", pages);
	while (at < end) {
		struct decided d = next_page(at, end);
		uint32_t used;

		if (!teach_decided(t, &d, times, &used, err))
			return false;
		all += used;
		products += used > 0;
		at += d.n;
		job_advance(t->work.job, 1);
		if (!job_check(t->work.job, err))
			return false;
	}
	json_object_set_new(t->info, "labels",
			    json_pack("{s:I, s:I, s:I}", "decided", (json_int_t)n, "used",
				      (json_int_t)all, "products", (json_int_t)products));
	return true;
}

/* What was known when the log ended. */
bool taught_decisions(struct training *t, struct err *err)
{
	SCOPED(sink) s = NULL;
	SCOPED_FREE struct label *own = NULL;
	struct model m = {.n_products = t->c->n_products, .find = sink_find};
	size_t n;

	if (!t->labels)
		return true;
	if (!t->watch[ORDER_PAGES].groups)
		return err_fail(err, ERR_NO, "decisions are learnt in the order of pages, and "
				"the last days of this log have no session after whose first "
				"product something was had: train without --labels");
	own = labels_by_page(t->labels, &n);
	s = sink_create();
	m.ctx = s;
	return knowledge_learn(&(struct lesson){t->c, NULL, s, t->work},
			       &t->k, t->c->last_time + 1, err) &&
	       knowledge_bind_learnt(&t->k, &m, err) && teach_pages_decided(t, own, n, err);
}
