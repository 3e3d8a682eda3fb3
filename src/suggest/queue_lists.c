/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists are made on all cores; then what is one-way is looked up among them, weights are fitted
 * where there are decisions enough, and doubts are summed. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "store/store.h"
#include "suggest/queue_impl.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

#define DECIDED 1000u	/* lists of what people decided are made at once, if no more */

/* --- some entries */

struct queue_some queue_some_create(const struct queue *q)
{
	return (struct queue_some){
		mem_alloc((q->base->n + 1) * sizeof(uint32_t)), 0, mem_zalloc(q->base->n + 1),
	};
}

void queue_some_add(struct queue_some *s, uint32_t entry)
{
	if (entry == CATALOG_NONE || s->has[entry])
		return;
	s->has[entry] = true;
	s->entry[s->n++] = entry;
}

void queue_some_clear(struct queue_some *s)
{
	while (s->n)
		s->has[s->entry[--s->n]] = false;
}

void queue_some_finish(struct queue_some *s)
{
	free(s->entry);
	free(s->has);
}

/* --- making them */

struct listing {
	struct queue *q;
	struct queue_deciding how;
	const struct queue_some *some;
	bool anew;
	struct job *job;
	atomic_bool failed;
	atomic_flag told;
	struct err err;
};

/* What is open, and the most that can be in doubt of it: all of it is one-way. */
static void take_list(struct queue *q, struct queue_entry *e, struct queue_list *l)
{
	queue_list_destroy(e->list);
	e->list = l;
	e->settled = false;
	e->open = 0;
	e->doubt = 0;
	for (unsigned k = 0; k < l->n; k++) {
		float sign[DOUBT_SIGNS];

		if (!queue_is_open(&l->place[k]))
			continue;
		memcpy(sign, l->place[k].sign, sizeof sign);
		sign[DOUBT_ONE_WAY] = q->weights.weight[DOUBT_ONE_WAY] > 0;
		e->open++;
		e->doubt += (double)(float)doubt_of(&q->weights, sign);	/* rounded as settled */
	}
}

static void list_one(void *ctx, size_t task, unsigned worker)
{
	struct listing *x = ctx;
	struct queue *q = x->q;
	uint32_t i = x->some->entry[task];
	struct queue_list *made;
	struct err err;

	(void)worker;
	job_advance(x->job, 1);
	if (atomic_load(&x->failed) || (q->at[i].list && !x->anew))
		return;
	if (queue_list_make(&made, q->base, &x->how, q->base->product[i], x->job, &err)) {
		take_list(q, &q->at[i], made);
		return;
	}
	atomic_store(&x->failed, true);
	if (!atomic_flag_test_and_set(&x->told))
		x->err = err;
}

bool queue_lists_make(struct queue *q, const struct queue_some *some, bool anew,
		      struct work work, struct err *err)
{
	struct listing x = {
		.q = q, .some = some, .anew = anew, .job = work.job,
		.how = {q->vetting, queue_verdicts(q), q->blind},
	};

	atomic_flag_clear(&x.told);
	job_step(work.job, "looking at lists", some->n);
	pool_run(work.pool, some->n, list_one, &x);
	if (atomic_load(&x.failed)) {
		*err = x.err;
		return false;
	}
	return job_check(work.job, err);
}

/* --- doubts */

static bool holds(const struct queue_list *l, uint32_t product)
{
	for (unsigned i = 0; i < l->firsts; i++)
		if (l->first[i] == product)
			return true;
	return false;
}

/* Of lists that are here. */
static void settle(struct queue *q, uint32_t i)
{
	const struct queue_base *b = q->base;
	struct queue_entry *e = &q->at[i];

	e->doubt = 0;
	for (unsigned k = 0; k < e->list->n; k++) {
		struct queue_place *p = &e->list->place[k];
		uint32_t there = b->entry[p->with];

		p->sign[DOUBT_ONE_WAY] = there != CATALOG_NONE &&
					 !holds(q->at[there].list, b->product[i]);
		p->doubt = (float)doubt_of(&q->weights, p->sign);
		e->doubt += queue_is_open(p) ? (double)p->doubt : 0;
	}
	e->settled = true;
}

bool queue_lists_settle(struct queue *q, const struct queue_some *some, struct work work,
			struct err *err)
{
	struct queue_some need = queue_some_create(q);
	bool ok = queue_lists_make(q, some, false, work, err);

	for (uint32_t i = 0; ok && i < some->n; i++) {
		const struct queue_list *l = q->at[some->entry[i]].list;

		for (unsigned k = 0; k < l->n; k++) {
			uint32_t there = q->base->entry[l->place[k].with];

			if (there != CATALOG_NONE && !q->at[there].list)
				queue_some_add(&need, there);
		}
	}
	ok = ok && (!need.n || queue_lists_make(q, &need, false, work, err));
	for (uint32_t i = 0; ok && i < some->n; i++)
		if (!q->at[some->entry[i]].settled)
			settle(q, some->entry[i]);
	queue_some_finish(&need);
	return ok;
}

/* --- weights */

/* Entries of products that decisions are about; drawn: of those that were drawn alone. */
static void find_decided(const struct queue *q, bool drawn, struct queue_some *some)
{
	const struct verdicts *v = queue_verdicts(q);
	const struct queue_base *b = q->base;

	for (uint32_t pair = 0; v && pair < verdicts_pairs(v); pair++) {
		const struct decision *d = verdicts_next(v, pair, NULL);
		uint32_t p = d && str_is(d->panel, rules_panels[b->kind]) ?
			     store_find(b->store, "product", d->product) : UINT32_MAX;

		while (d && drawn && !d->audit)
			d = verdicts_next(v, pair, d);
		if (d && p != UINT32_MAX)
			queue_some_add(some, b->entry[p]);
	}
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* What they learn from, in the order of the entries. */
static void learn(struct queue *q, struct queue_some *some)
{
	unsigned n = 0;
	float *sign = NULL;
	bool *approved = NULL;
	size_t cap = 0, cap_too = 0;

	qsort(some->entry, some->n, sizeof *some->entry, ascending);
	for (uint32_t i = 0; i < some->n; i++) {
		const struct queue_list *l = q->at[some->entry[i]].list;

		for (unsigned k = 0; k < l->n; k++) {
			const struct queue_place *p = &l->place[k];
			const struct decision *d = queue_decision(
				q, q->base->product[some->entry[i]], p->with);

			if (!d || !d->audit)
				continue;
			MEM_GROW(sign, cap, ((size_t)n + 1) * DOUBT_SIGNS);
			MEM_GROW(approved, cap_too, n + 1);
			memcpy(&sign[(size_t)n * DOUBT_SIGNS], p->sign, sizeof p->sign);
			approved[n++] = d->kind != DECISION_REJECT;
		}
	}
	if (n >= DOUBT_FIT)
		doubt_fit(&q->weights, sign, approved, n);
	free(sign);
	free(approved);
}

bool queue_lists_fit(struct queue *q, struct work work, struct err *err)
{
	struct queue_some some = queue_some_create(q);
	bool ok = true;

	find_decided(q, true, &some);
	if (some.n) {
		ok = queue_lists_settle(q, &some, work, err);
		if (ok)
			learn(q, &some);
		/* Doubts of before are of other weights. */
		for (uint32_t i = 0; ok && q->weights.decisions && i < q->base->n; i++)
			if (q->at[i].list) {
				atomic_fetch_add(&q->at[i].list->refs, 1);
				take_list(q, &q->at[i], q->at[i].list);
			}
	}
	queue_some_clear(&some);
	find_decided(q, false, &some);
	if (ok && some.n && some.n <= DECIDED)
		ok = queue_lists_make(q, &some, false, work, err);
	queue_some_finish(&some);
	return ok;
}
