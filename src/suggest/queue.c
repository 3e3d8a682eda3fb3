/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of all products with traffic are made on all cores; then what is one-way is looked up
 * among them, weights are fitted where there are decisions enough, and doubts are summed.
 *
 * Draws: product i comes at the times of a Poisson process whose rate is its share of the
 * traffic, made from its id alone. In the order of time that is drawing with replacement by
 * traffic, the same for all people, and an import moves only what sells otherwise. The
 * estimate takes whole draws up to the first that isn't done, so nobody's order of working
 * can bias it.
 */
#include "config.h"

#include "suggest/queue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/sort.h"
#include "base/time.h"
#include "model/model.h"
#include "query/select.h"
#include "store/store.h"
#include "suggest/queue_impl.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

#define AUDIT_EVERY 20u	/* products of the queue, one of them drawn */
#define AUDIT_FIRST 3u	/* the first such place */
#define COVER 0.95	/* of the traffic */

struct queue {
	atomic_uint refs;
	struct queue_base *base;
	struct vetting *vetting;	/* or NULL */
	bool blind;
	uint64_t seq;		/* decisions that are in it */
	uint64_t rules;		/* hash of their text */
	struct doubt_weights weights;
	struct queue_list **list;	/* (base->n) */
	double *doubt;		/* (base->n) of open places */
	uint8_t *open;		/* (base->n) */
	uint32_t *order, n;	/* (n) entries of the base, in their order */
	bool *audit;		/* (base->n) */
	uint32_t *draw, n_draws;	/* (n_draws) entries, in the order of the draws */
	struct queue_change change;
};

const char *queue_mark(enum queue_state s)
{
	static const char *const marks[] = {
		[QUEUE_OPEN] = "", [QUEUE_REOPENED] = "", [QUEUE_APPROVED] = "A",
		[QUEUE_PINNED] = "P", [QUEUE_REJECTED] = "R", [QUEUE_SKIPPED] = ".",
	};

	return marks[s];
}

static bool is_open(const struct queue_place *p)
{
	return p->state <= QUEUE_REOPENED;
}

/* --- the base */

static void base_destroy(struct queue_base *b)
{
	if (!b || atomic_fetch_sub(&b->refs, 1) != 1)
		return;
	for (unsigned i = 0; i < b->n_models; i++)
		model_destroy(b->model[i]);
	free(b->model);
	doubt_words_destroy(b->words);
	free(b->who);
	free(b->product);
	free(b->traffic);
	free(b->entry);
	free(b);
}

static bool is_reviewed(const struct queue_request *r, const struct members *m, uint32_t p)
{
	return members_has(m, p) && selection_has(r->only, p);
}

static void choose_products(struct queue_base *b, const struct queue_request *r)
{
	const struct catalog *c = b->c;
	const uint32_t *traffic = b->sold ? c->product_purchases : c->product_views;
	struct sort_keyed *x = mem_alloc(((size_t)c->n_products + 1) * sizeof *x);
	struct members m = catalog_members(c, r->category);
	uint32_t n = 0;

	b->entry = mem_alloc(((size_t)c->n_products + 1) * sizeof *b->entry);
	for (uint32_t p = 0; p < c->n_products; p++) {
		b->entry[p] = CATALOG_NONE;
		if (!traffic || !traffic[p] || !is_reviewed(r, &m, p))
			continue;
		x[n++] = (struct sort_keyed){traffic[p], p};
		b->all += traffic[p];
	}
	sort_greatest(x, n);
	b->n = n < QUEUE_MOST ? n : QUEUE_MOST;
	b->product = mem_alloc((b->n + 1) * sizeof *b->product);
	b->traffic = mem_alloc((b->n + 1) * sizeof *b->traffic);
	for (uint32_t i = 0; i < b->n; i++) {
		b->product[i] = x[i].at;
		b->traffic[i] = traffic[x[i].at];
		b->entry[x[i].at] = i;
	}
	free(x);
}

static bool open_models(struct queue_base *b, struct str names, struct err *err)
{
	struct str name;

	while (names.ptr && str_next(&names, ',', &name)) {
		STRBUF(text);

		strbuf_add(&text, str_trim(name));
		b->model = mem_resize(b->model, b->n_models + 1, sizeof *b->model);
		if (!model_open(&b->model[b->n_models], b->store, strbuf_c(&text), err))
			return false;
		b->n_models++;
	}
	return true;
}

static bool base_make(struct queue_base **out, const struct queue_request *r, struct job *job,
		      struct err *err)
{
	struct queue_base *b = mem_zalloc(sizeof *b);
	bool ok;

	atomic_init(&b->refs, 1);
	b->store = r->store;
	b->c = store_catalog(r->store);
	b->kind = r->kind;
	b->aside = r->aside;
	b->who = mem_alloc(r->who.len + 1);
	memcpy(b->who, r->who.ptr ? r->who.ptr : "", r->who.len);
	b->who[r->who.len] = '\0';
	b->sold = (b->c->caps & CAP_PURCHASES) && b->c->product_purchases;
	choose_products(b, r);
	ok = (b->n || err_fail(err, ERR_NO, "nothing is to be reviewed: no product that was "
			       "asked for has traffic")) &&
	     open_models(b, r->models, err) &&
	     doubt_words_make(&b->words, b->c, job, err);
	if (ok)
		*out = b;
	else
		base_destroy(b);
	return ok;
}

/* --- lists */

struct listing {
	struct queue *q;
	struct queue_deciding how;
	const uint32_t *entry;	/* those to be made; NULL: all */
	struct job *job;
	atomic_bool failed;
	atomic_flag told;
	struct err err;
};

static void list_one(void *ctx, size_t task, unsigned worker)
{
	struct listing *x = ctx;
	struct queue *q = x->q;
	uint32_t i = x->entry ? x->entry[task] : (uint32_t)task;
	struct queue_list *made;
	struct err err;

	(void)worker;
	job_advance(x->job, 1);
	if (atomic_load(&x->failed))
		return;
	if (queue_list_make(&made, q->base, &x->how, q->base->product[i], x->job, &err)) {
		queue_list_destroy(q->list[i]);
		q->list[i] = made;
		return;
	}
	atomic_store(&x->failed, true);
	if (!atomic_flag_test_and_set(&x->told))
		x->err = err;
}

static bool make_lists(struct queue *q, const uint32_t *entry, uint32_t n, struct work work,
		       struct err *err)
{
	struct listing x = {
		.q = q, .entry = entry, .job = work.job,
		.how = {q->vetting, queue_verdicts(q), q->blind},
	};

	atomic_flag_clear(&x.told);
	job_step(work.job, "looking at lists", n);
	pool_run(work.pool, n, list_one, &x);
	if (atomic_load(&x.failed)) {
		*err = x.err;
		return false;
	}
	return job_check(work.job, err);
}

static bool holds(const struct queue_list *l, uint32_t product)
{
	for (unsigned i = 0; i < l->firsts; i++)
		if (l->first[i] == product)
			return true;
	return false;
}

/* What is one-way, of lists that are here; the doubts, and their sum. */
static void settle(struct queue *q, uint32_t i)
{
	const struct queue_base *b = q->base;
	struct queue_list *l = q->list[i];

	q->doubt[i] = 0;
	q->open[i] = 0;
	for (unsigned k = 0; k < l->n; k++) {
		struct queue_place *p = &l->place[k];
		uint32_t there = b->entry[p->with];

		p->sign[DOUBT_ONE_WAY] = there != CATALOG_NONE &&
					 !holds(q->list[there], b->product[i]);
		p->doubt = (float)doubt_of(&q->weights, p->sign);
		q->open[i] += is_open(p);
		q->doubt[i] += is_open(p) ? (double)p->doubt : 0;
	}
}

/* To decisions at random, where there are enough. */
static void fit(struct queue *q)
{
	unsigned n = 0;
	float *sign = NULL;
	bool *approved = NULL;
	size_t cap = 0, cap_too = 0;

	for (uint32_t i = 0; queue_verdicts(q) && i < q->base->n; i++)
		for (unsigned k = 0; k < q->list[i]->n; k++) {
			const struct queue_place *p = &q->list[i]->place[k];
			const struct decision *d =
				queue_decision(q, q->base->product[i], p->with);

			if (!d || !d->audit)
				continue;
			MEM_GROW(sign, cap, ((size_t)n + 1) * DOUBT_SIGNS);
			MEM_GROW(approved, cap_too, n + 1);
			memcpy(&sign[(size_t)n * DOUBT_SIGNS], p->sign, sizeof p->sign);
			approved[n++] = d->kind != DECISION_REJECT;
		}
	if (n >= DOUBT_FIT)
		doubt_fit(&q->weights, sign, approved, n);
	free(sign);
	free(approved);
}

static void settle_all(struct queue *q)
{
	for (uint32_t i = 0; i < q->base->n; i++)
		settle(q, i);
}

/* --- the order */

const struct decision *queue_last(const struct queue *q)
{
	const struct verdicts *v = queue_verdicts(q);
	const struct queue_base *b = q->base;

	for (uint64_t i = v ? verdicts_count(v) : 0; i-- > 0;) {
		const struct decision *d = verdicts_at(v, i);

		if (str_is(d->who, b->who) && str_is(d->panel, rules_panels[b->kind]) &&
		    verdicts_stands(v, i))
			return d;
	}
	return NULL;
}

/* The entry that `who` decided last and left in the middle; base->n: none. */
static uint32_t left_off(const struct queue *q)
{
	const struct queue_base *b = q->base;
	const struct decision *d = queue_last(q);
	uint32_t p = d ? store_find(b->store, "product", d->product) : UINT32_MAX;

	p = p == UINT32_MAX ? CATALOG_NONE : b->entry[p];
	return p != CATALOG_NONE && q->open[p] && q->open[p] < q->list[p]->n ? p : b->n;
}

static void add_draws(const struct queue *q, uint32_t i, double end, struct sort_keyed **at,
		      size_t *n, size_t *cap)
{
	const struct queue_base *b = q->base;
	struct rng rng;
	double time = 0;

	rng_init(&rng, str_hash(text_at(&b->c->product_id, b->product[i]), 0), (uint64_t)b->kind);
	while ((time -= log(1 - rng_real(&rng)) * b->all / b->traffic[i]) < end) {
		MEM_GROW(*at, *cap, *n + 1);
		(*at)[(*n)++] = (struct sort_keyed){-time, i};
	}
}

/* Draws in the order of their times, about as many as the queue has room for. */
static void draw(struct queue *q)
{
	const struct queue_base *b = q->base;
	struct sort_keyed *at = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = 0; i < b->n; i++)
		if (q->list[i]->n)
			add_draws(q, i, (double)b->n / AUDIT_EVERY + 2, &at, &n, &cap);
	if (n)
		sort_greatest(at, n);
	q->draw = mem_alloc((n + 1) * sizeof *q->draw);
	for (size_t i = 0; i < n; i++)
		q->draw[i] = at[i].at;
	q->n_draws = (uint32_t)n;
	free(at);
}

static void place(struct queue *q, bool *placed, uint32_t i)
{
	if (!placed[i] && q->open[i])
		q->order[q->n++] = i;
	placed[i] = true;
}

/* The next draw that stands nowhere yet. Draws that were passed count as drawn too. */
static void place_drawn(struct queue *q, bool *placed, uint32_t *next)
{
	uint32_t before = q->n;

	while (*next < q->n_draws && q->n == before) {
		uint32_t i = q->draw[(*next)++];

		q->audit[i] = true;
		place(q, placed, i);
	}
}

static void put_in_order(struct queue *q)
{
	uint32_t n = q->base->n, next = 0, first = left_off(q);
	struct sort_keyed *x = mem_alloc((n + 1) * sizeof *x);
	SCOPED_FREE bool *placed = mem_zalloc(n + 1);

	for (uint32_t i = 0; i < n; i++)
		x[i] = (struct sort_keyed){q->doubt[i] * q->base->traffic[i], i};
	sort_greatest(x, n);
	if (first < n)
		place(q, placed, first);
	for (uint32_t i = 0; i < n; i++) {
		if (q->n % AUDIT_EVERY == AUDIT_FIRST - 1)
			place_drawn(q, placed, &next);
		place(q, placed, x[i].at);
	}
	free(x);
}

/* --- keeping up */

/* One list anew, or those that hold what was said of everywhere. */
struct touched {
	bool *set;		/* (base->n) */
	uint32_t *entry, n;	/* (n) */
};

static void touch(struct touched *t, const struct queue_base *b, uint32_t product)
{
	uint32_t i = product == UINT32_MAX ? CATALOG_NONE : b->entry[product];

	if (i == CATALOG_NONE || t->set[i])
		return;
	t->set[i] = true;
	t->entry[t->n++] = i;
}

static bool lists_it(const struct queue_list *l, uint32_t with)
{
	for (unsigned k = 0; k < l->n; k++)
		if (l->place[k].with == with)
			return true;
	return false;
}

static void touch_by(struct touched *t, const struct queue *q, const struct decision *d)
{
	const struct queue_base *b = q->base;
	uint32_t product = store_find(b->store, "product", d->product);
	uint32_t with = store_find(b->store, "product", d->with);

	touch(t, b, product);
	if (d->scope == SCOPE_BOTH)
		touch(t, b, with);
	for (uint32_t i = 0; d->scope == SCOPE_EVERYWHERE && i < b->n; i++)
		if (lists_it(q->list[i], with))
			touch(t, b, b->product[i]);
}

static void find_touched(struct touched *t, const struct queue *q, uint64_t since)
{
	const struct verdicts *v = queue_verdicts(q);

	for (uint64_t i = since; v && i < verdicts_count(v); i++) {
		const struct decision *d = verdicts_at(v, i);

		touch_by(t, q, d->of ? verdicts_at(v, d->of - 1) : d);
	}
}

/* Products of the list in their places, what was rejected aside; *n of them. */
static const uint32_t *ranked_of(const struct queue_list *l, uint32_t at[QUEUE_ROWS],
				 unsigned *n)
{
	*n = 0;
	for (unsigned k = 0; k < l->n; k++)
		if (l->place[k].rank)
			at[(*n)++] = l->place[k].with;
	return at;
}

static bool stands_in(const uint32_t *at, unsigned n, uint32_t product)
{
	while (n && at[n - 1] != product)
		n--;
	return n;
}

static void note_change(struct queue *q, const struct queue *before, uint32_t i)
{
	uint32_t was_at[QUEUE_ROWS], now_at[QUEUE_ROWS];
	struct queue_change *c = &q->change;
	unsigned n_was, n_now;
	const uint32_t *was = ranked_of(before->list[i], was_at, &n_was);
	const uint32_t *now = ranked_of(q->list[i], now_at, &n_now);

	if (n_was == n_now && memcmp(was, now, n_now * sizeof *now) == 0)
		return;
	c->traffic += q->base->traffic[i];
	if (c->lists++)
		return;
	*c = (struct queue_change){
		1, c->traffic, q->base->product[i], 0, 0, CATALOG_NONE, CATALOG_NONE, 0,
	};
	for (unsigned k = 0; k < n_now; k++) {
		if (k >= n_was || was[k] != now[k]) {
			c->from = c->from ? c->from : k + 1;
			c->to = k + 1;
		}
		if (c->entered == CATALOG_NONE && !stands_in(was, n_was, now[k])) {
			c->entered = now[k];
			c->entered_at = k + 1;
		}
	}
	for (unsigned k = 0; k < n_was && c->left == CATALOG_NONE; k++)
		if (!stands_in(now, n_now, was[k]))
			c->left = was[k];
}

static bool same_pair(const struct decision *a, const struct decision *b)
{
	return a && b && str_eq(a->product, b->product) && str_eq(a->with, b->with);
}

static bool bring_up(struct queue *q, const struct queue *before, struct work work,
		     struct err *err)
{
	uint32_t n = q->base->n;
	bool all = q->rules != before->rules || q->blind != before->blind ||
		   q->seq < before->seq;
	struct touched t = {
		mem_zalloc(n + 1), mem_alloc((n + 1) * sizeof *t.entry), 0,
	};
	bool ok;

	if (!all)
		find_touched(&t, q, before->seq);
	ok = make_lists(q, all ? NULL : t.entry, all ? n : t.n, work, err);
	if (ok && all)
		settle_all(q);
	for (uint32_t i = 0; ok && !all && i < t.n; i++) {
		settle(q, t.entry[i]);
		note_change(q, before, t.entry[i]);
	}
	/* A reason or a scope was added, or nothing: what the decision did is what it did. */
	if (!q->change.lists && same_pair(queue_last(q), queue_last(before)))
		q->change = before->change;
	free(t.set);
	free(t.entry);
	return ok;
}

static bool read_store(struct queue *q, struct pool *pool, struct err *err)
{
	struct journal_place at = {store_path(q->base->store), "aisle show queue",
				   VERDICTS_PATIENCE};
	struct vetting_options o = {
		.mode = VETTING_MARKED, .now = time_now(), .lenient = true, .pool = pool,
		.aside = q->base->aside,
	};
	SCOPED(journal) j = NULL;
	STRBUF(rules);
	bool ok = journal_read(&j, &at, err) && journal_text(j, RULES_TEXT, &rules, err);

	q->rules = ok ? str_hash(strbuf_str(&rules), 0) : 0;
	journal_destroy(j);
	j = NULL;
	if (!ok || !vetting_open(&q->vetting, q->base->store, true, &o, err))
		return false;
	q->blind = q->vetting && vetting_blind(q->vetting);
	q->seq = queue_verdicts(q) ? verdicts_count(queue_verdicts(q)) : 0;
	return true;
}

static void copy_from(struct queue *q, const struct queue *before)
{
	uint32_t n = q->base->n;

	q->weights = before->weights;
	memcpy(q->list, before->list, n * sizeof *q->list);
	for (uint32_t i = 0; i < n; i++)
		atomic_fetch_add(&q->list[i]->refs, 1);
	memcpy(q->doubt, before->doubt, n * sizeof *q->doubt);
	memcpy(q->open, before->open, n * sizeof *q->open);
	memcpy(q->order, before->order, n * sizeof *q->order);
	memcpy(q->audit, before->audit, n * sizeof *q->audit);
	q->n = before->n;
	q->draw = mem_dup(before->draw, (before->n_draws + 1) * sizeof *q->draw);
	q->n_draws = before->n_draws;
}

static bool fill(struct queue *q, const struct queue *before, struct work work,
		 struct err *err)
{
	uint32_t n = q->base->n;

	q->list = mem_zalloc((n + 1) * sizeof *q->list);
	q->doubt = mem_zalloc((n + 1) * sizeof *q->doubt);
	q->open = mem_zalloc(n + 1);
	q->order = mem_zalloc((n + 1) * sizeof *q->order);
	q->audit = mem_zalloc(n + 1);
	if (!read_store(q, work.pool, err))
		return false;
	if (before) {
		copy_from(q, before);
		return bring_up(q, before, work, err);
	}
	if (!make_lists(q, NULL, n, work, err))
		return false;
	q->weights = doubt_fixed;
	settle_all(q);		/* what is one-way */
	fit(q);
	settle_all(q);
	draw(q);
	put_in_order(q);
	return true;
}

bool queue_make(struct queue **out, const struct queue_request *r, const struct queue *before,
		struct work work, struct err *err)
{
	SCOPED(queue) q = mem_zalloc(sizeof *q);

	atomic_init(&q->refs, 1);
	if (before) {
		q->base = before->base;
		atomic_fetch_add(&q->base->refs, 1);
	} else if (!base_make(&q->base, r, work.job, err)) {
		return false;
	}
	if (!fill(q, before, work, err))
		return false;
	*out = q;
	q = NULL;
	return true;
}

struct queue *queue_ref(struct queue *q)
{
	atomic_fetch_add(&q->refs, 1);
	return q;
}

void queue_destroy(struct queue *q)
{
	if (!q || atomic_fetch_sub(&q->refs, 1) != 1)
		return;
	for (uint32_t i = 0; q->list && i < q->base->n; i++)
		queue_list_destroy(q->list[i]);
	free(q->list);
	free(q->doubt);
	free(q->open);
	free(q->order);
	free(q->audit);
	free(q->draw);
	vetting_destroy(q->vetting);
	base_destroy(q->base);
	free(q);
}

void queue_keep_finish(struct queue_keep *k)
{
	queue_destroy(k->last);
	free(k->key);
	*k = (struct queue_keep){0};
}

/* --- what it says */

uint32_t queue_count(const struct queue *q)
{
	return q->n;
}

struct queue_product queue_at(const struct queue *q, uint32_t k)
{
	uint32_t i = q->order[k];

	assert(k < q->n && i < q->base->n);
	return (struct queue_product){
		.product = q->base->product[i], .traffic = q->base->traffic[i],
		.n = q->list[i]->n, .open = q->open[i], .audit = q->audit[i],
		.doubt = q->doubt[i], .place = q->list[i]->place,
	};
}

const struct doubt_weights *queue_weights(const struct queue *q)
{
	return &q->weights;
}

const struct verdicts *queue_verdicts(const struct queue *q)
{
	return q->vetting ? vetting_verdicts(q->vetting) : NULL;
}

struct queue_change queue_change(const struct queue *q)
{
	return q->change;
}

const struct vetting *queue_vetting(const struct queue *q)
{
	return q->vetting;
}

struct str queue_who(const struct queue *q)
{
	return str_from(q->base->who);
}

unsigned queue_back(const struct queue *q, uint32_t product, uint32_t with, bool *known)
{
	uint32_t there = q->base->entry[with];
	const struct queue_list *l;

	*known = there != CATALOG_NONE;
	if (!*known)
		return 0;
	l = q->list[there];
	for (unsigned i = 0; i < l->firsts; i++)
		if (l->first[i] == product)
			return i + 1;
	return 0;
}

bool queue_blind(const struct queue *q)
{
	return q->blind;
}

const struct decision *queue_decision(const struct queue *q, uint32_t product, uint32_t with)
{
	const struct verdicts *v = queue_verdicts(q);
	const struct queue_base *b = q->base;
	uint32_t pair = !v ? UINT32_MAX :
			verdicts_find(v, str_from(rules_panels[b->kind]),
				      text_at(&b->c->product_id, product),
				      text_at(&b->c->product_id, with));

	if (pair == UINT32_MAX)
		return NULL;
	return q->blind ? verdicts_by(v, pair, str_from(b->who)) : verdicts_of(v, pair, false);
}

struct queue_progress queue_progress(const struct queue *q)
{
	const struct queue_base *b = q->base;
	struct queue_progress p = {.sold = b->sold};
	double seen = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		bool wanted = seen < COVER * b->all;

		seen += b->traffic[i];
		if (!q->list[i]->n)
			continue;
		p.products++;
		p.done += !q->open[i];
		p.open += q->open[i];
		p.wanted += wanted;
		p.left += wanted && q->open[i];
		p.traffic_listed += b->traffic[i] / b->all;
		p.traffic_done += q->open[i] ? 0 : b->traffic[i] / b->all;
	}
	return p;
}

/* Approved and decided places of an entry. */
static unsigned count_decided(const struct queue_list *l, unsigned *approved)
{
	unsigned n = 0;

	*approved = 0;
	for (unsigned k = 0; k < l->n; k++) {
		enum queue_state s = l->place[k].state;

		*approved += s == QUEUE_APPROVED || s == QUEUE_PINNED;
		n += s >= QUEUE_APPROVED && s != QUEUE_SKIPPED;
	}
	return n;
}

struct queue_draw queue_draw(const struct queue *q, uint32_t k)
{
	uint32_t i = q->draw[k];
	struct queue_draw d = {.product = q->base->product[i], .traffic = q->base->traffic[i]};

	assert(k < q->n_draws);
	d.decided = count_decided(q->list[i], &d.approved);
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

	while (a.draws < q->n_draws && !q->open[q->draw[a.draws]]) {
		unsigned approved;

		a.decided += count_decided(q->list[q->draw[a.draws++]], &approved);
		a.approved += approved;
	}
	if (!a.decided)
		return a;
	n = a.decided;
	a.rate = a.approved / n;
	for (unsigned i = 0; i < a.draws; i++) {
		unsigned approved, decided = count_decided(q->list[q->draw[i]], &approved);

		squares += pow(approved - a.rate * decided, 2);
	}
	effect = a.draws > 1 && a.rate > 0 && a.rate < 1 ?
		 squares * a.draws / (a.draws - 1) / (n * a.rate * (1 - a.rate)) : 1;
	a.effective = n / fmax(effect, 1);
	wilson(a.rate, a.effective, &a.low, &a.high);
	return a;
}

/* --- reasons */

static void add_sign(const struct queue *q, uint32_t product, const struct queue_place *p,
		     enum doubt_sign sign, struct strbuf *b)
{
	const int64_t *price = q->base->c->product_price;
	static const char *const words[DOUBT_SIGNS] = {
		[DOUBT_WIDE] = "wide", [DOUBT_ONE_WAY] = "one-way",
		[DOUBT_MODELS] = "models differ",
		[DOUBT_BRAND] = "other brand", [DOUBT_TEXT] = "other words",
	};

	if (sign == DOUBT_FEW && isnan(p->lift))
		strbuf_adds(b, "not counted");
	else if (sign == DOUBT_FEW)
		strbuf_addf(b, "n %u", p->n);
	else if (sign == DOUBT_PRICE)
		strbuf_addf(b, "price %.2gx", (double)price[p->with] / (double)price[product]);
	else if (sign == DOUBT_OTHER)
		strbuf_adds(b, q->base->kind == PANEL_SIMILAR ? "complement?" : "substitute?");
	else
		strbuf_adds(b, words[sign]);
}

void queue_add_reason(const struct queue *q, uint32_t product, const struct queue_place *p,
		      struct strbuf *b)
{
	if (p->state == QUEUE_REOPENED)
		strbuf_addf(b, "approved at n %u, now %u", p->n_then, p->n);
	for (unsigned nth = 0; nth < 2; nth++) {
		enum doubt_sign sign = doubt_reason(&q->weights, p->sign, nth);

		/* where nothing was counted the interval says the same again */
		if (sign == DOUBT_SIGNS || (sign == DOUBT_WIDE && isnan(p->lift)))
			break;
		strbuf_adds(b, b->len ? ", " : "");
		add_sign(q, product, p, sign, b);
	}
}
