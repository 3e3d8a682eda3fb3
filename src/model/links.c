/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions that saw and that bought are counted as models count pairs, then compared; choices
 * are added up beside the pairs that were seen.
 */
#include "config.h"

#include "model/links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "model/pairs.h"
#include "stats/scan.h"
#include "store/sink.h"

#define CHUNK 256u	/* products that are compared by one task */

/* Counts of one kind of session; value and of lie in the sink, or in `own`. */
struct counts {
	struct sink *sink;
	const uint64_t *offsets;
	const uint32_t *column;
	const float *value, *of;
	float *own[2];
};

static void counts_finish(struct counts *x)
{
	sink_destroy(x->sink);
	free(x->own[0]);
	free(x->own[1]);
}

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

/* The pairs that a store without sessions was given. */
static bool take(struct counts *x, const struct catalog *c, enum relation r, struct err *err)
{
	const struct relation_counts *from = &c->relation[r];
	uint64_t n = from->out.offsets ? from->out.offsets[c->n_products] : 0;

	x->own[0] = mem_big(n, sizeof *x->own[0], "links", err);
	x->own[1] = mem_big(c->n_products, sizeof *x->own[1], "links", err);
	if (!x->own[0] || !x->own[1])
		return false;
	for (uint64_t k = 0; k < n; k++)
		x->own[0][k] = (float)from->out.value[k];
	for (uint32_t a = 0; n && a < c->n_products; a++)
		x->own[1][a] = (float)from->from[a];
	x->offsets = from->out.offsets;
	x->column = from->out.column;
	x->value = x->own[0];
	x->of = x->own[1];
	return true;
}

/* Lower end of the interval of k of n; n >= k > 0. */
static double low(double k, double n)
{
	const double z = 1.96;
	double p = k / n, middle = p + z * z / (2 * n);

	return (middle - z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n);
}

static double rate(const struct counts *x, uint32_t a, uint32_t b)
{
	uint64_t k = x->offsets ? csr_find(x->offsets, x->column, a, b) : CSR_NONE;

	return k == CSR_NONE ? 0 : low(x->value[k], sqrt((double)x->of[a] * x->of[b]));
}

/* --- choices */

/* Beside the pairs that were seen: sessions that bought one of the two, and both. */
struct choices {
	const struct counts *seen;
	float *one, *both;
	double share;		/* of both; NAN: no one chose */
};

static void choices_finish(struct choices *x)
{
	free(x->one);
	free(x->both);
}

static void choose_one(struct choices *x, uint32_t a, uint32_t b)
{
	uint64_t k = csr_find(x->seen->offsets, x->seen->column, a, b);

	if (k != CSR_NONE)
		x->one[k]++;
	k = csr_find(x->seen->offsets, x->seen->column, b, a);
	if (k != CSR_NONE)
		x->one[k]++;
}

static void choose_both(struct choices *x, uint32_t a, uint32_t b)
{
	uint64_t k = csr_find(x->seen->offsets, x->seen->column, a, b);

	if (k != CSR_NONE)
		x->both[k]++;
}

/* Products of a session: each once, seen ones with what was bought of them. */
struct met {
	uint32_t *product;
	uint8_t *bought;
	size_t n, cap, cap_bought;
	uint32_t *place;	/* (products) 1 + place among them, of session `at` */
	uint32_t *at;		/* (products) */
};

static void meet(struct met *m, const struct catalog *c, uint32_t s)
{
	m->n = 0;
	for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++) {
		uint32_t p = c->event_product[i];

		if (c->event_kind[i] != EVENT_VIEW || m->at[p] == s + 1)
			continue;
		MEM_GROW(m->product, m->cap, m->n + 1);
		MEM_GROW(m->bought, m->cap_bought, m->n + 1);
		m->product[m->n] = p;
		m->bought[m->n] = 0;
		m->at[p] = s + 1;
		m->place[p] = (uint32_t)m->n++;
	}
	for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++) {
		uint32_t p = c->event_product[i];

		if (c->event_kind[i] == EVENT_PURCHASE && m->at[p] == s + 1)
			m->bought[m->place[p]] = 1;
	}
}

static void add_choices(struct choices *x, const struct met *m)
{
	for (size_t i = 0; i < m->n; i++)
		for (size_t j = 0; m->bought[i] && j < m->n; j++) {
			if (i == j)
				continue;
			if (m->bought[j])
				choose_both(x, m->product[i], m->product[j]);
			else
				choose_one(x, m->product[i], m->product[j]);
		}
}

static bool count_choices(struct choices *x, const struct lesson *l, struct err *err)
{
	const struct catalog *c = l->catalog;
	uint64_t n = x->seen->offsets[c->n_products];
	struct met m = {.place = mem_big(c->n_products, sizeof *m.place, "choices", err),
			.at = mem_big(c->n_products, sizeof *m.at, "choices", err)};
	struct marks marks = {0};
	double one = 0, both = 0;
	bool ok;

	x->one = mem_big(n, sizeof *x->one, "choices", err);
	x->both = mem_big(n, sizeof *x->both, "choices", err);
	ok = m.place && m.at && x->one && x->both && marks_init(&marks, c->n_products, err);
	for (uint32_t s = 0; ok && s < c->n_sessions; s++) {
		if (s % 4096 == 0)
			ok = job_check(l->work.job, err);
		if (!ok || !scan_counted(c, s, &marks))
			continue;
		meet(&m, c, s);
		add_choices(x, &m);
	}
	for (uint64_t k = 0; ok && k < n; k++) {
		one += x->one[k];
		both += x->both[k];
	}
	x->share = one + both > 0 ? both / (one + both) : NAN;
	free(m.product);
	free(m.bought);
	free(m.place);
	free(m.at);
	marks_finish(&marks);
	return ok;
}

/* 1: people take both, -1: one of the two, 0: they don't say. */
static int chosen(const struct choices *x, uint32_t a, uint32_t b)
{
	uint64_t k = x->one && !isnan(x->share)
			     ? csr_find(x->seen->offsets, x->seen->column, a, b) : CSR_NONE;
	double n, more, chance;

	if (k == CSR_NONE)
		return 0;
	n = (double)x->one[k] + x->both[k];
	more = x->both[k] - x->share * n;
	chance = sqrt(x->share * (1 - x->share) * n);
	return more > chance ? 1 : more < -chance ? -1 : 0;
}

/* --- links */

/* Pairs that are more often of the one kind than of the other. */
struct choosing {
	const struct counts *own, *other;
	const struct choices *choices;
	double support;
	int sign;		/* of the choices that speak for it: 1 complement */
};

/* The pairs of `own` that are met `support` times and that its rate, or choices, speak for. */
static bool choose(struct links *l, uint32_t n, const struct choosing *by, uint64_t *against,
		   struct err *err)
{
	uint64_t all = by->own->offsets ? by->own->offsets[n] : 0;

	l->offsets = mem_big((size_t)n + 1, sizeof *l->offsets, "links", err);
	l->column = mem_big(all, sizeof *l->column, "links", err);
	l->value = mem_big(all, sizeof *l->value, "links", err);
	if (!l->offsets || !l->column || !l->value)
		return false;
	for (uint32_t a = 0; a < n; a++) {
		for (uint64_t k = all ? by->own->offsets[a] : 0;
		     all && k < by->own->offsets[a + 1]; k++) {
			uint32_t b = by->own->column[k];
			double mine = rate(by->own, a, b), its = rate(by->other, a, b);
			int says = by->sign * chosen(by->choices, a, b);
			bool more = mine > its || (mine == its && by->sign > 0);

			if (by->own->value[k] < by->support || says < 0 || (says == 0 && !more))
				continue;
			*against += !more;
			l->column[l->n] = b;
			l->value[l->n++] = by->own->value[k];
		}
		l->offsets[a + 1] = l->n;
	}
	return true;
}

/* --- alike by features */

/* Of the product that `entry` (width) holds, and b. */
static double likeness(const struct features *f, const float *entry, uint32_t b)
{
	double sum = 0;

	for (uint64_t j = f->offsets[b]; j < f->offsets[b + 1]; j++)
		sum += (double)f->value[j] * entry[f->column[j]];
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
	uint64_t seed;
	float *entry;		/* (workers, width) the product that is compared, else zeros */
	struct alike *best;	/* (products, LINKS_ALIKE) */
	uint8_t *n;		/* (products) how many there are */
	struct job *job;
};

static void spread(const struct features *f, uint32_t a, bool in, float *entry)
{
	for (uint64_t i = f->offsets[a]; i < f->offsets[a + 1]; i++)
		entry[f->column[i]] = in ? f->value[i] : 0;
}

static unsigned find_alike(const struct featured *of, uint32_t a, const float *entry,
			   struct alike *best)
{
	uint32_t k = of->c->product_category[a], first = 0, n = of->c->n_products;
	unsigned found = 0;
	struct rng rng;

	rng_init(&rng, of->seed, a);

	if (k < of->c->n_categories) {
		first = of->c->category_product[k];
		n = of->c->category_product[k + 1] - first;
	}
	for (uint32_t i = 0; i < LINKS_LOOKED_AT && i < n; i++) {
		uint32_t b = first + (n <= LINKS_LOOKED_AT ? i : (uint32_t)rng_below(&rng, n));
		bool again = b == a;

		for (unsigned j = 0; j < found; j++)
			again |= best[j].product == b;
		if (!again)
			found = place(best, found, b, likeness(of->f, entry, b));
	}
	return found;
}

static int by_product(const void *a, const void *b)
{
	const struct alike *x = a, *y = b;

	return (x->product > y->product) - (x->product < y->product);
}

static void find_chunk(void *ctx, size_t task, unsigned worker)
{
	const struct featured *of = ctx;
	float *entry = of->entry + (size_t)worker * of->f->width;
	uint32_t from = (uint32_t)task * CHUNK, to = of->c->n_products;

	to = to - from < CHUNK ? to : from + CHUNK;
	for (uint32_t a = from; a < to && !job_cancelled(of->job); a++) {
		struct alike *best = of->best + (size_t)a * LINKS_ALIKE;

		spread(of->f, a, true, entry);
		of->n[a] = (uint8_t)find_alike(of, a, entry, best);
		spread(of->f, a, false, entry);
		qsort(best, of->n[a], sizeof *best, by_product);
	}
	job_advance(of->job, to - from);
}

static bool keep_alike(struct links *l, const struct featured *of, struct err *err)
{
	uint32_t n = of->c->n_products;

	l->offsets = mem_big((size_t)n + 1, sizeof *l->offsets, "links", err);
	l->column = mem_big((size_t)n * LINKS_ALIKE, sizeof *l->column, "links", err);
	l->value = mem_big((size_t)n * LINKS_ALIKE, sizeof *l->value, "links", err);
	if (!l->offsets || !l->column || !l->value)
		return false;
	for (uint32_t a = 0; a < n; a++) {
		for (unsigned i = 0; i < of->n[a]; i++) {
			const struct alike *x = &of->best[(size_t)a * LINKS_ALIKE + i];

			l->column[l->n] = x->product;
			l->value[l->n++] = (float)x->likeness;
		}
		l->offsets[a + 1] = l->n;
	}
	return true;
}

static bool link_alike(struct links *l, const struct lesson *lesson, const struct features *f,
		       struct err *err)
{
	size_t n = lesson->catalog->n_products, workers = pool_threads(lesson->work.pool);
	SCOPED_FREE float *entry = mem_big(workers * f->width + 1, sizeof *entry, "links", err);
	SCOPED_FREE struct alike *best = mem_big(n * LINKS_ALIKE, sizeof *best, "links", err);
	SCOPED_FREE uint8_t *found = mem_big(n, 1, "links", err);
	struct featured of = {lesson->catalog, f, lesson->params->seed, entry, best, found,
			      lesson->work.job};

	if (!entry || !best || !found)
		return false;
	job_step(lesson->work.job, "comparing features", n);
	pool_run(lesson->work.pool, (n + CHUNK - 1) / CHUNK, find_chunk, &of);
	return job_check(lesson->work.job, err) && keep_alike(l, &of, err);
}

/* What is counted and compared. */
struct compared {
	struct counts seen, bought;
	struct choices choices;
};

static bool has_views(const struct catalog *c)
{
	return c->n_sessions ? c->caps & CAP_VIEWS : c->relation[REL_CO_VIEW].out.offsets != NULL;
}

static bool count_both(struct compared *x, const struct lesson *l, struct err *err)
{
	const struct catalog *c = l->catalog;
	bool carts = !(c->caps & CAP_PURCHASES) && c->caps & CAP_CARTS;

	if (c->n_sessions == 0)
		return take(&x->bought, c, c->relation[REL_CO_PURCHASE].out.offsets ?
						   REL_CO_PURCHASE : REL_CO_CART, err) &&
		       take(&x->seen, c, REL_CO_VIEW, err);
	return count(&x->bought, l, KIND_BIT(carts ? EVENT_CART : EVENT_PURCHASE), err) &&
	       (!has_views(c) || count(&x->seen, l, KIND_BIT(EVENT_VIEW), err)) &&
	       (!has_views(c) || !(c->caps & CAP_PURCHASES) ||
		params_choice(l->params, PARAM_ID_CHOICES) != 0 ||
		count_choices(&x->choices, l, err));
}

static bool compare(struct link_sets *l, const struct compared *x, const struct lesson *lesson,
		    const struct features *f, struct err *err)
{
	double support = params_real(lesson->params, PARAM_ID_SUPPORT);
	const struct choosing along = {&x->bought, &x->seen, &x->choices, support, 1};
	const struct choosing instead = {&x->seen, &x->bought, &x->choices, support, -1};
	uint32_t n = lesson->catalog->n_products;

	l->support = support;
	l->count = mem_big(n, sizeof *l->count, "links", err);
	for (uint32_t a = 0; l->count && a < n; a++)
		l->count[a] = x->bought.of[a];
	return l->count && choose(&l->complement, n, &along, &l->chosen[1], err) &&
	       (!l->by_features ? choose(&l->similar, n, &instead, &l->chosen[0], err) :
		!f || link_alike(&l->similar, lesson, f, err));
}

bool links_read(struct link_sets *l, const struct lesson *lesson, const struct features *f,
		struct err *err)
{
	struct compared x = {.choices = {.seen = &x.seen, .share = NAN}};
	bool ok;

	*l = (struct link_sets){.by_features = !has_views(lesson->catalog)};
	ok = count_both(&x, lesson, err) && compare(l, &x, lesson, f, err);
	l->both = x.choices.share;
	counts_finish(&x.seen);
	counts_finish(&x.bought);
	choices_finish(&x.choices);
	if (!ok)
		links_finish(l);
	return ok;
}

void links_tell(const struct link_sets *l, json_t *info)
{
	json_t *said = json_pack("{s:f, s:I}", "support", l->support, "complement",
				 (json_int_t)l->complement.n / 2);

	if (l->similar.offsets) {
		json_object_set_new(said, "similar",
				    json_integer((json_int_t)l->similar.n /
						 (l->by_features ? 1 : 2)));
		json_object_set_new(said, "similar_by",
				    json_string(l->by_features ? "equal features, as there are "
								 "no views" : "seen together"));
	}
	if (!isnan(l->both)) {
		json_object_set_new(said, "both_of_choices", json_real(l->both));
		json_object_set_new(said, "similar_by_choice",
				    json_integer((json_int_t)l->chosen[0] / 2));
		json_object_set_new(said, "complement_by_choice",
				    json_integer((json_int_t)l->chosen[1] / 2));
	}
	json_object_set_new(info, "links", said);
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
