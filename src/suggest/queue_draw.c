/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Product i comes at the times of a Poisson process whose rate is its share of the
 * traffic, made from its id alone. In the order of time that is drawing with replacement by
 * traffic, the same for all people, and an import moves only what sells otherwise. The
 * estimate takes whole draws up to the first that isn't done, whether a product was reached by
 * its draw or by its doubt, so nobody's order of working can bias it.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"
#include "suggest/queue_impl.h"

struct draws {
	struct sort_keyed *at;	/* (n) */
	size_t n, cap;
};

static void add_draws(const struct queue *q, uint32_t i, double end, struct draws *d)
{
	const struct queue_base *b = q->base;
	struct rng rng;
	double time = 0;

	rng_init(&rng, str_hash(text_at(&b->c->product_id, b->product[i]), 0), (uint64_t)b->kind);
	while ((time -= log(1 - rng_real(&rng)) * b->all / b->traffic[i]) < end) {
		MEM_GROW(d->at, d->cap, d->n + 1);
		d->at[d->n++] = (struct sort_keyed){-time, i};
	}
}

/* About as many as the queue has room for. */
void queue_draw_all(struct queue *q)
{
	const struct queue_base *b = q->base;
	struct draws d = {0};

	for (uint32_t i = 0; i < b->n; i++)
		add_draws(q, i, (double)b->n / QUEUE_AUDIT_EVERY + 2, &d);
	if (d.n)
		sort_greatest(d.at, d.n);
	q->draw = mem_alloc((d.n + 1) * sizeof *q->draw);
	q->audit = mem_alloc((d.n + 1) * sizeof *q->audit);
	for (size_t i = 0; i < d.n; i++)
		q->draw[i] = d.at[i].at;
	q->n_draws = (uint32_t)d.n;
	free(d.at);
}

bool queue_draw_look(struct queue *q, struct work work, struct err *err)
{
	struct queue_some one = queue_some_create(q);
	bool ok = true;

	while (ok && q->looked < q->n_draws &&
	       (!q->n_audit || !q->at[q->audit[q->n_audit - 1]].open)) {
		uint32_t i = q->draw[q->looked];

		queue_some_add(&one, i);
		ok = q->at[i].list || queue_lists_make(q, &one, false, work, err);
		queue_some_clear(&one);
		if (ok && q->at[i].list->n)
			q->audit[q->n_audit++] = i;
		q->looked += ok;
	}
	queue_some_finish(&one);
	return ok;
}

/* --- the estimate */

static bool is_decided(const struct queue_place *p)
{
	return p->state >= QUEUE_APPROVED && p->state != QUEUE_SKIPPED;
}

/* Approved and decided places of an entry. */
static unsigned count_decided(const struct queue_list *l, unsigned *approved)
{
	unsigned n = 0;

	*approved = 0;
	for (unsigned k = 0; k < l->n; k++) {
		enum queue_state s = l->place[k].state;

		*approved += s == QUEUE_APPROVED || s == QUEUE_PINNED;
		n += is_decided(&l->place[k]);
	}
	return n;
}

struct queue_draw queue_draw(const struct queue *q, uint32_t k)
{
	uint32_t i = q->audit[k];
	struct queue_draw d = {.product = q->base->product[i], .traffic = q->base->traffic[i]};

	assert(k < q->n_audit);
	d.decided = count_decided(q->at[i].list, &d.approved);
	return d;
}

/* Wilson's interval of a share of a number that needn't be whole. */
static void wilson(double p, double n, double *low, double *high)
{
	const double z = 1.959963984540054;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	*low = fmax(middle - half, 0);
	*high = fmin(middle + half, 1);
}

/* A ratio of two sums over draws (Cochran 1977, section 9A): what places of one product have
 * in common makes them count for fewer. */
struct queue_audit queue_audit(const struct queue *q)
{
	struct queue_audit a = {.rate = NAN, .low = NAN, .high = NAN};
	double squares = 0, effect, n;

	while (a.draws < q->n_audit && !q->at[q->audit[a.draws]].open) {
		unsigned approved;

		a.decided += count_decided(q->at[q->audit[a.draws++]].list, &approved);
		a.approved += approved;
	}
	if (!a.decided)
		return a;
	n = a.decided;
	a.rate = a.approved / n;
	for (unsigned i = 0; i < a.draws; i++) {
		unsigned approved, decided = count_decided(q->at[q->audit[i]].list, &approved);

		squares += pow(approved - a.rate * decided, 2);
	}
	effect = a.draws > 1 && a.rate > 0 && a.rate < 1 ?
		 squares * a.draws / (a.draws - 1) / (n * a.rate * (1 - a.rate)) : 1;
	a.effective = n / fmax(effect, 1);
	wilson(a.rate, a.effective, &a.low, &a.high);
	return a;
}

bool queue_audited(const struct queue *q, struct queue_audited *x)
{
	for (; x->draw < q->n_audit && !q->at[q->audit[x->draw]].open; x->draw++, x->place = 0) {
		uint32_t i = q->audit[x->draw];
		const struct queue_list *l = q->at[i].list;

		while (x->place < l->n) {
			const struct queue_place *p = &l->place[x->place++];

			if (!is_decided(p))
				continue;
			x->d = queue_decision(q, q->base->product[i], p->with);
			if (x->d)
				return true;
		}
	}
	return false;
}
