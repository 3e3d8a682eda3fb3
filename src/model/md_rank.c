/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rank: learning to rank for people (LambdaMART: Burges 2010, "From RankNet to LambdaRank to
 * LambdaMART"; trees by XGBoost). Of the last days of the log (or periods of more days, where
 * little happens on one) each is a task: what was known before it gives every user with a past
 * candidates and features (model/knowledge), what the user got that day says which were right.
 * The last one isn't learnt from: it says when to stop, by MAP@12 with ties at their expected
 * value. Rows of a group are shuffled, groups without a right candidate left out. Then
 * everything is learnt anew up to the log's end.
 *
 * Two orders are learnt. The one of people is asked where there is a past alone; the one of
 * pages where something is looked at or lies in a cart now: its groups are sessions of these
 * days that are cut (model/cart), with the past of their users.
 *
 * --labels verdicts: decisions are groups of that second order, a page of a product whose
 * approved candidates were right, as they are seen by nobody in particular at the log's end, when
 * people decide. Every other group holds what was approved and rejected alone, so that the one
 * comes before the other; the rest, and all where nothing was rejected, hold all candidates, of
 * which the others were not right, as in groups of the log. Where nothing was approved there is
 * no group. A product counts like LABELS_WORTH sessions, less where that would be more than
 * MOST_PAGES groups, but has one of each kind. What is no candidate has no features: it can't be
 * learnt from. Notes: "labels" {decided, used, products}.
 *
 * Arrays beside those of knowledge: "forest/root", "left", "right", "feature" U32, "number"
 * F32 (learn/forest.h), "forest/json" U8 as XGBoost saves it; of --objective logistic
 * "forest/linear" F32 (RANK_FEATURES, 3): weight, mean, deviation; the same under "page/",
 * not there if there was nothing to learn it from. What was learnt of the features stands in
 * the notes: "features" and "page features" {name: {gain, permuted}}.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/time.h"
#include "learn/boost.h"
#include "learn/canopy.h"
#include "learn/logit.h"
#include "math/measure.h"
#include "model/cart.h"
#include "model/knowledge.h"
#include "model/labels.h"
#include "model/model.h"

#define BEST 12		/* places that count when to stop */
#define MOST_USERS 6000	/* of a period */
#define MOST_PAGES 4000	/* of a period */
#define ENOUGH 100	/* groups to watch */

enum objective { OBJECTIVE_LAMBDARANK, OBJECTIVE_LOGLOSS, OBJECTIVE_LOGISTIC };

/* Groups of rows, growing. */
struct examples {
	float *x, *y;
	uint32_t *group, *targets;	/* (groups) rows; all that was got, found or not */
	size_t rows, cap_x, cap_y;
	size_t groups, cap_group, cap_targets;
};

static void examples_finish(struct examples *l)
{
	free(l->x);
	free(l->y);
	free(l->group);
	free(l->targets);
}

static void forget(struct examples *l)
{
	for (unsigned i = 0; i < 2; i++) {
		examples_finish(&l[i]);
		l[i] = (struct examples){0};
	}
}

static struct boost_rows rows_of(const struct examples *l)
{
	return (struct boost_rows){.x = l->x, .y = l->y, .group = l->group, .rows = l->rows,
				   .groups = (uint32_t)l->groups, .columns = RANK_FEATURES};
}

enum order { ORDER_PEOPLE, ORDER_PAGES, ORDERS };

/* Under which arrays and notes an order is kept. */
static const struct order_text {
	const char *arrays, *features, *trees, *groups, *watched;
} order_texts[ORDERS] = {
	{"forest", "features", "trees", "groups", "watched"},
	{"page", "page features", "page trees", "page groups", "page watched"},
};

struct training {
	const struct catalog *c;
	const struct params *p;
	struct knowledge k;
	struct examples learn[ORDERS], watch[ORDERS];
	struct pool *pool;
	struct job *job;
	struct rng rng;
	json_t *info;	/* of the sink */
	const struct labels *labels;	/* NULL: not asked for */
};

/* --- lessons */

/* What the user got that was read last: products whose `got` is his turn. */
struct day {
	int64_t from, to;	/* ms */
	uint32_t *got;		/* (P) */
	uint32_t turn, n_got;
};

static void read_day(struct training *t, struct day *d, uint32_t user)
{
	const struct catalog *c = t->c;

	d->n_got = 0;
	d->turn++;
	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t s = c->user_session[i];

		for (uint64_t e = c->session_offsets[s]; e < c->session_offsets[s + 1]; e++) {
			uint32_t p = c->event_product[e];

			if (c->event_time[e] < d->from || c->event_time[e] >= d->to ||
			    c->event_kind[e] != t->k.had || d->got[p] == d->turn)
				continue;
			d->got[p] = d->turn;
			d->n_got++;
		}
	}
}

static void add_row(struct examples *l, const float *x, float y)
{
	MEM_GROW(l->x, l->cap_x, (l->rows + 1) * RANK_FEATURES);
	MEM_GROW(l->y, l->cap_y, l->rows + 1);
	memcpy(l->x + l->rows * RANK_FEATURES, x, RANK_FEATURES * sizeof *x);
	l->y[l->rows++] = y;
}

/* A day, and the examples (ORDERS) that it gives. */
struct taught {
	struct examples *l;
	struct day *d;
};

/* Which of the candidates were right, in an order drawn. */
struct marked {
	uint32_t *order;	/* (n) */
	uint8_t *right;		/* (candidates) */
	uint32_t n, n_right;
	uint32_t targets;	/* candidates or not */
};

/* Candidate i stands in the group, anywhere. */
static void draw_in(struct training *t, struct marked *m, uint32_t i)
{
	uint32_t j = (uint32_t)rng_below(&t->rng, m->n + 1);

	m->n_right += m->right[i];
	m->order[m->n++] = m->order[j];
	m->order[j] = i;
}

static void add_group(struct examples *l, const struct candidates_of *c, const struct marked *m)
{
	if (!m->n_right)
		return;
	for (uint32_t i = 0; i < m->n; i++)
		add_row(l, c->x + (size_t)m->order[i] * RANK_FEATURES, m->right[m->order[i]]);
	MEM_GROW(l->group, l->cap_group, l->groups + 1);
	MEM_GROW(l->targets, l->cap_targets, l->groups + 1);
	l->group[l->groups] = m->n;
	l->targets[l->groups++] = m->targets;
}

/* Someone whose past is to be held against what came next: a day, or what followed a page. */
struct pupil {
	uint32_t user;
	bool on_page;
	struct cart cart;	/* of on_page */
};

/* So many are asked about at once. */
struct class_room {
	struct pupil pupil[MODEL_PASTS];
	struct past past[MODEL_PASTS];
	unsigned n;
	size_t pages;		/* groups of pages there were before this period */
	bool pages_too;		/* of the user whose turn it is */
	uint32_t taught;	/* users with a group */
	bool over;		/* they are enough; who comes now isn't asked about */
};

/* on_page: what came after the page was right, of which nothing is suggested; else what the user
 * got that day. */
static void mark_group(struct training *t, struct taught to, const struct pupil *of,
		       const struct candidates_of *c)
{
	SCOPED_FREE uint32_t *order = mem_alloc((c->n + 1) * sizeof *order);
	SCOPED_FREE uint8_t *right = mem_zalloc(c->n + 1);
	const struct cart *cart = of->on_page ? &of->cart : NULL;
	struct marked m = {.order = order, .right = right,
			   .targets = cart ? cart->n_targets : to.d->n_got};

	for (uint32_t i = 0; i < c->n; i++) {
		if (cart && cart_has(cart, c->product[i]))
			continue;
		for (unsigned k = 0; cart && k < cart->n_targets; k++)
			right[i] |= cart->target[k] == c->product[i];
		if (!cart)
			right[i] = to.d->got[c->product[i]] == to.d->turn;
		draw_in(t, &m, i);
	}
	add_group(&to.l[cart ? ORDER_PAGES : ORDER_PEOPLE], c, &m);
}

/* In the order in which they came in, until there are enough. */
static void teach_pupil(struct training *t, struct taught to, struct class_room *r, unsigned i,
			const struct candidates_of *c)
{
	const struct pupil *of = &r->pupil[i];
	size_t before = to.l[ORDER_PEOPLE].groups;

	if (!of->on_page) {
		r->over = r->taught >= MOST_USERS;
		r->pages_too = to.l[ORDER_PAGES].groups - r->pages < MOST_PAGES;
	}
	if (r->over || !r->past[i].n || (of->on_page && !r->pages_too))
		return;
	if (!of->on_page)
		read_day(t, to.d, of->user);
	mark_group(t, to, of, c);
	r->taught += to.l[ORDER_PEOPLE].groups > before;
}

static void leave(struct class_room *r)
{
	for (unsigned i = 0; i < r->n; i++) {
		past_finish(&r->past[i]);
		cart_finish(&r->pupil[i].cart);
	}
	r->n = 0;
}

static bool teach_room(struct training *t, struct taught to, struct class_room *r,
		       struct err *err)
{
	struct candidates_of c[MODEL_PASTS];

	if (!r->n)
		return true;
	if (!knowledge_candidates_many(&t->k, r->past, r->n, c, err)) {
		leave(r);
		return false;
	}
	for (unsigned i = 0; i < r->n; i++) {
		teach_pupil(t, to, r, i, &c[i]);
		candidates_of_finish(&c[i]);
	}
	leave(r);
	return job_check(t->job, err);
}

/* The pupil in the last place comes in. */
static bool enter(struct training *t, struct taught to, struct class_room *r, struct err *err)
{
	struct pupil *of = &r->pupil[r->n];
	struct past *past = &r->past[r->n];

	past_read(past, t->c, of->user, to.d->from);
	if (of->on_page)
		past_look(past, of->cart.page, of->cart.n_page);
	return ++r->n < MODEL_PASTS || teach_room(t, to, r, err);
}

/* The user's sessions of that day, cut at both places. */
static bool enter_pages(struct training *t, struct taught to, struct class_room *r, uint32_t user,
			struct err *err)
{
	const struct catalog *c = t->c;

	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t s = c->user_session[i];
		int64_t when = c->session_offsets[s] < c->session_offsets[s + 1] ?
			c->event_time[c->session_offsets[s]] : INT64_MIN;

		if (when < to.d->from || when >= to.d->to)
			continue;
		for (enum cart_cut how = 0; how < CART_CUTS; how++) {
			struct pupil *of = &r->pupil[r->n];

			of->user = user;
			of->on_page = true;
			if (!cart_cut(&of->cart, c, s, t->k.had, how))
				cart_finish(&of->cart);
			else if (!enter(t, to, r, err))
				return false;
		}
	}
	return true;
}

/* Users in the order of their turns. */
struct chosen {
	const uint32_t *who;	/* (n) */
	uint32_t n;
};

static bool teach_all(struct training *t, struct taught to, struct class_room *r,
		      struct chosen of, struct err *err)
{
	job_step(t->job, "gathering candidates", of.n);
	for (uint32_t i = 0; i < of.n && r->taught < MOST_USERS && !r->over; i++) {
		r->pupil[r->n].user = of.who[i];
		r->pupil[r->n].on_page = false;
		if (!enter(t, to, r, err) || !enter_pages(t, to, r, of.who[i], err))
			return false;
		job_advance(t->job, 1);
	}
	return teach_room(t, to, r, err);
}

/* Users who got something that day, each with the same chance where they are too many. */
static bool teach_users(struct training *t, struct taught to, struct err *err)
{
	uint32_t left = 0;
	struct class_room r = {.pages = to.l[ORDER_PAGES].groups};
	bool ok;
	SCOPED_FREE uint32_t *who = mem_big(t->c->n_users, sizeof *who, "users", err);

	if (!who)
		return false;
	for (uint32_t u = 0; u < t->c->n_users; u++) {
		read_day(t, to.d, u);
		if (to.d->n_got)
			who[left++] = u;
	}
	for (uint32_t i = left; i-- > 1;) {
		uint32_t j = (uint32_t)rng_below(&t->rng, i + 1), swap = who[i];

		who[i] = who[j];
		who[j] = swap;
	}
	ok = teach_all(t, to, &r, (struct chosen){who, left}, err);
	leave(&r);
	return ok;
}

struct days {
	int64_t day, n;
};

static bool teach_days(struct training *t, struct examples *l, struct days of, struct err *err)
{
	SCOPED(sink) s = sink_create();
	struct model m = {.n_products = t->c->n_products, .find = sink_find, .ctx = s};
	struct day d = {.from = of.day * TIME_DAY, .to = (of.day + of.n) * TIME_DAY};
	bool ok;

	if (d.from <= t->c->first_time)
		return true;	/* nothing was before */
	d.got = mem_big(t->c->n_products, sizeof *d.got, "products", err);
	ok = d.got &&
	     knowledge_learn(&(struct lesson){t->c, NULL, s, (struct work){t->pool, t->job}},
			     &t->k, d.from, err) &&
	     knowledge_bind_learnt(&t->k, &m, err) &&
	     teach_users(t, (struct taught){l, &d}, err);
	free(d.got);
	return ok;
}

/* The last day, or as many as it takes to have enough to watch; *days gets how many. */
static bool teach_watch(struct training *t, int64_t end, int64_t *days, struct err *err)
{
	int64_t span = end - t->c->first_time / TIME_DAY;

	for (*days = 1;; *days *= 2) {
		forget(t->watch);
		if (!teach_days(t, t->watch, (struct days){end - *days, *days}, err))
			return false;
		if (t->watch[ORDER_PEOPLE].groups >= ENOUGH || *days * 6 > span)
			return true;
	}
}

static bool teach(struct training *t, struct err *err)
{
	int64_t end = t->c->last_time / TIME_DAY + 1, days;
	int64_t periods = (int64_t)params_count(t->p, PARAM_ID_PERIODS);

	if (!teach_watch(t, end, &days, err))
		return false;
	for (int64_t i = periods; i >= 1; i--)
		if (!teach_days(t, t->learn, (struct days){end - (i + 1) * days, days}, err))
			return false;
	json_object_set_new(t->info, "days", json_integer(days));
	if (t->learn[ORDER_PEOPLE].groups && t->watch[ORDER_PEOPLE].groups)
		return true;
	return err_fail(err, ERR_NO, "rank learns from days on which users with a past get what "
			"could have been expected, and this log has none");
}

/* --- lessons of people who decided */

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
			draw_in(t, &m, i);
		}
		add_group(&t->learn[ORDER_PAGES], c, &m);
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
	most = pages ? (double)MOST_PAGES / (double)pages : 1;
	times = (unsigned)fmax(fmin(most, (double)LABELS_WORTH), 2);
	job_step(t->job, "gathering decisions", pages);
	while (at < end) {
		struct decided d = next_page(at, end);
		uint32_t used;

		if (!teach_decided(t, &d, times, &used, err))
			return false;
		all += used;
		products += used > 0;
		at += d.n;
		job_advance(t->job, 1);
		if (!job_check(t->job, err))
			return false;
	}
	json_object_set_new(t->info, "labels",
			    json_pack("{s:I, s:I, s:I}", "decided", (json_int_t)n, "used",
				      (json_int_t)all, "products", (json_int_t)products));
	return true;
}

/* What was known when the log ended. */
static bool teach_labels(struct training *t, struct err *err)
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
	return knowledge_learn(&(struct lesson){t->c, NULL, s, (struct work){t->pool, t->job}},
			       &t->k, t->c->last_time + 1, err) &&
	       knowledge_bind_learnt(&t->k, &m, err) && teach_pages_decided(t, own, n, err);
}

/* --- what an order is worth */

struct scored {
	float score, y;
};

static int best_first(const void *x, const void *y)
{
	float a = ((const struct scored *)x)->score, b = ((const struct scored *)y)->score;

	return (a < b) - (a > b);
}

static double worth_of_group(struct scored *row, uint32_t n, uint32_t targets, struct tie *tie)
{
	double value[MEASURES];
	size_t ties = 0;

	qsort(row, n, sizeof *row, best_first);
	for (uint32_t i = 0, end; i < n; i = end) {
		struct tie own = {.before = i};

		for (end = i; end < n && row[end].score == row[i].score; end++)
			own.targets += row[end].y > 0;
		own.tied = end - i;
		if (own.targets)
			tie[ties++] = own;
	}
	measure_at(tie, ties, targets, BEST, value);
	return value[MEASURE_MAP];
}

/* Mean MAP over the groups of a lesson. */
static double worth(void *ctx, const float *score)
{
	const struct examples *l = ctx;
	SCOPED_FREE struct scored *row = NULL;
	SCOPED_FREE struct tie *tie = NULL;
	size_t cap_row = 0, cap_tie = 0, at = 0;
	double sum = 0;

	for (size_t g = 0; g < l->groups; g++) {
		MEM_GROW(row, cap_row, l->group[g]);
		MEM_GROW(tie, cap_tie, l->group[g]);
		for (uint32_t i = 0; i < l->group[g]; i++)
			row[i] = (struct scored){score[at + i], l->y[at + i]};
		sum += worth_of_group(row, l->group[g], l->targets[g], tie);
		at += l->group[g];
	}
	return sum / (double)l->groups;
}

/* --- what features are worth */

static void shuffle_column(struct training *t, const struct examples *l, unsigned column,
			   float *was)
{
	for (size_t r = 0; r < l->rows; r++)
		was[r] = l->x[r * RANK_FEATURES + column];
	for (size_t r = 0; r < l->rows; r++)
		l->x[r * RANK_FEATURES + column] = was[rng_below(&t->rng, l->rows)];
}

/* What is noted of an order: its gains (RANK_FEATURES) or NULL, and what scores rows. */
struct noting {
	enum order order;
	const double *gain;
	bool (*score)(const void *by, const float *x, size_t n, float *out);
	const void *by;
};

/* The loss of worth when a feature's values are drawn anew. */
static bool note_features(struct training *t, const struct noting *of, struct err *err)
{
	struct examples *l = &t->watch[of->order];
	const double *gain = of->gain;
	json_t *into = json_object();
	SCOPED_FREE float *out = mem_big(l->rows, sizeof *out, "scores", err);
	SCOPED_FREE float *was = mem_big(l->rows, sizeof *was, "scores", err);
	double all = 0, base;

	json_object_set_new(t->info, order_texts[of->order].features, into);
	if (!out || !was)
		return false;
	of->score(of->by, l->x, l->rows, out);
	base = worth(l, out);
	for (unsigned f = 0; gain && f < RANK_FEATURES; f++)
		all += gain[f];
	for (unsigned f = 0; f < RANK_FEATURES; f++) {
		json_t *one = json_object();

		shuffle_column(t, l, f, was);
		of->score(of->by, l->x, l->rows, out);
		for (size_t r = 0; r < l->rows; r++)
			l->x[r * RANK_FEATURES + f] = was[r];
		if (gain)
			json_object_set_new(one, "gain", json_real(all > 0 ? gain[f] / all : 0));
		json_object_set_new(one, "permuted", json_real(base - worth(l, out)));
		json_object_set_new(into, rank_feature_table[f].name, one);
		if (!job_check(t->job, err))
			return false;
	}
	return true;
}

static bool forest_by(const void *by, const float *x, size_t n, float *out)
{
	canopy_score(by, x, n, out);
	return true;
}

static bool linear_by(const void *by, const float *x, size_t n, float *out)
{
	logit_score(by, x, n, out);
	return true;
}

/* --- learning */

/* An array of an order: "forest/root". */
static const char *array_name(enum order o, const char *what, char name[32])
{
	snprintf(name, 32, "%s/%s", order_texts[o].arrays, what);
	return name;
}

static bool keep_forest(struct sink *s, enum order o, const struct grown *g,
			const struct strbuf *json, struct err *err)
{
	const struct {
		const char *what;
		enum array_type type;
		uint64_t n;
		const void *data;
	} part[] = {
		{"root", ARRAY_U32, (uint64_t)g->trees + 1, g->root},
		{"left", ARRAY_U32, g->nodes, g->left},
		{"right", ARRAY_U32, g->nodes, g->right},
		{"feature", ARRAY_U32, g->nodes, g->feature},
		{"number", ARRAY_F32, g->nodes, g->number},
		{"json", ARRAY_U8, json->len, json->ptr},
	};
	char name[32];

	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		if (!sink_array(s, array_name(o, part[i].what, name), part[i].type, part[i].n, 1,
				part[i].data, err))
			return false;
	return true;
}

static bool learn_forest(struct training *t, enum order order, struct sink *s, struct err *err)
{
	const struct boost_rows learn = rows_of(&t->learn[order]);
	const struct boost_rows watch = rows_of(&t->watch[order]);
	const struct boost_options o = {
		.objective = params_choice(t->p, PARAM_ID_OBJECTIVE) == OBJECTIVE_LAMBDARANK ?
			"rank:ndcg" : "binary:logistic",
		.trees = (unsigned)params_count(t->p, PARAM_ID_TREES),
		.depth = (unsigned)params_count(t->p, PARAM_ID_DEPTH),
		.rate = params_real(t->p, PARAM_ID_RATE), .patience = 60, .seed = t->p->seed,
		.worth = worth, .ctx = &t->watch[order],
	};
	struct grown g = {0};
	SCOPED(canopy) by = NULL;
	struct forest f;
	STRBUF(json);
	bool ok = boost_grow(&g, &json, &learn, &watch, &o, t->job, err);

	f = grown_view(&g);
	by = ok ? canopy_create(&f) : NULL;
	ok = ok && keep_forest(s, order, &g, &json, err) &&
	     note_features(t, &(struct noting){order, g.gain, forest_by, by}, err);
	json_object_set_new(t->info, order_texts[order].trees, json_integer(g.trees));
	grown_finish(&g);
	return ok;
}

static bool learn_linear(struct training *t, enum order order, struct sink *s, struct err *err)
{
	const struct examples *l = &t->learn[order];
	struct logit model = {.columns = RANK_FEATURES};
	char name[32];
	void *room;

	if (!sink_reserve(s, array_name(order, "linear", name), ARRAY_F32, RANK_FEATURES, 3,
			  &room, err))
		return false;
	model.weight = room;
	return logit_fit(&model, &(struct logit_task){l->x, l->y, l->rows, 1e-3}, t->job, err) &&
	       note_features(t, &(struct noting){order, NULL, linear_by, &model}, err);
}

static bool learn_order(struct training *t, enum order o, struct sink *s, struct err *err)
{
	size_t groups = t->learn[o].groups, watched = t->watch[o].groups;

	json_object_set_new(t->info, order_texts[o].groups, json_integer((json_int_t)groups));
	json_object_set_new(t->info, order_texts[o].watched, json_integer((json_int_t)watched));
	if (!groups || !watched)
		return true;
	return params_choice(t->p, PARAM_ID_OBJECTIVE) == OBJECTIVE_LOGISTIC ?
		learn_linear(t, o, s, err) : learn_forest(t, o, s, err);
}

static bool learn(struct training *t, struct sink *s, struct err *err)
{
	struct model m = {.n_products = t->c->n_products, .find = sink_find, .ctx = s};

	if (!knowledge_bind_facts(&t->k, &m, err) || !teach(t, err) || !teach_labels(t, err))
		return false;
	for (enum order o = 0; o < ORDERS; o++)
		if (!learn_order(t, o, s, err))
			return false;
	return knowledge_learn(&(struct lesson){t->c, NULL, s, (struct work){t->pool, t->job}},
			       &t->k, t->c->last_time + 1, err);
}

/* texts or NULL. */
static bool rank_fit(const struct lesson *l, const struct vectors *texts, struct err *err)
{
	struct training t = {.c = l->catalog,
			     .p = l->params,
			     .pool = l->work.pool,
			     .job = l->work.job,
			     .info = sink_info(l->sink)};
	bool ok, asked;

	if (!l->catalog->user_offsets || !l->catalog->user_session ||
	    !l->catalog->n_users)
		return err_fail(err, ERR_NO, "rank learns what users do, and this store knows no "
				"users");
	if (!l->catalog->event_time || l->catalog->caps & CAP_UNDATED)
		return err_fail(err, ERR_NO, "rank learns from one day to the next, and this log "
				"has no times");
	if (!labels_asked(l, &asked, err))
		return false;
	t.labels = asked ? l->labels : NULL;
	rng_init(&t.rng, l->params->seed, 0x7a4e);
	ok = knowledge_facts(l, texts, err) && learn(&t, l->sink, err);
	forget(t.learn);
	forget(t.watch);
	return ok;
}

static bool rank_train(const struct lesson *l, struct err *err)
{
	return rank_fit(l, NULL, err);
}

/* --- asking */

struct trained_order {
	struct canopy *canopy;	/* the trees */
	struct logit linear;	/* weight NULL: trees */
	struct str json;
};

struct state {
	struct knowledge k;
	struct trained_order order[ORDERS];
	bool pages;		/* there is an order of pages */
};

static void state_destroy(struct state *s)
{
	for (enum order o = 0; s && o < ORDERS; o++)
		canopy_destroy(s->order[o].canopy);
	free(s);
}
SCOPED_DEFINE(state)

static bool bind_forest(const struct model *m, enum order o, struct trained_order *t,
			struct err *err)
{
	struct array root, left, right, feature, number, json;
	struct forest f;
	char name[32];

	if (!model_array(m, array_name(o, "root", name), ARRAY_U32, &root, err) ||
	    !model_array(m, array_name(o, "left", name), ARRAY_U32, &left, err) ||
	    !model_array(m, array_name(o, "right", name), ARRAY_U32, &right, err) ||
	    !model_array(m, array_name(o, "feature", name), ARRAY_U32, &feature, err) ||
	    !model_array(m, array_name(o, "number", name), ARRAY_F32, &number, err) ||
	    !model_array(m, array_name(o, "json", name), ARRAY_U8, &json, err))
		return false;
	f = (struct forest){root.data, left.data, right.data, feature.data, number.data,
			    root.rows ? (uint32_t)root.rows - 1 : 0, (uint32_t)left.rows,
			    RANK_FEATURES};
	if (!root.rows || left.rows != right.rows || left.rows != feature.rows ||
	    left.rows != number.rows || !forest_sound(&f))
		return err_fail(err, ERR_STORE, "the model is damaged: its trees don't fit "
				"together");
	t->json = str_span(json.data, json.rows);
	t->canopy = canopy_create(&f);
	return true;
}

static bool bind_linear(const struct model *m, enum order o, struct trained_order *t,
			struct err *err)
{
	struct array linear;
	char name[32];

	if (!model_array(m, array_name(o, "linear", name), ARRAY_F32, &linear, err))
		return false;
	if (linear.rows != RANK_FEATURES || linear.columns != 3)
		return err_fail(err, ERR_STORE, "the model was made for other features: train it "
				"again");
	t->linear = (struct logit){.columns = RANK_FEATURES,
				   .weight = (float *)(uintptr_t)linear.data};
	return true;
}

static bool rank_open(struct model *m, struct err *err)
{
	SCOPED(state) s = mem_zalloc(sizeof *s);
	bool linear = params_choice(&m->params, PARAM_ID_OBJECTIVE) == OBJECTIVE_LOGISTIC;
	struct array any;
	char name[32];

	if (!knowledge_bind_facts(&s->k, m, err) || !knowledge_bind_learnt(&s->k, m, err))
		return false;
	s->pages = m->find(m->ctx, array_name(ORDER_PAGES, linear ? "linear" : "root", name),
			   &any);
	for (enum order o = 0; o < ORDERS; o++)
		if ((o != ORDER_PAGES || s->pages) &&
		    (linear ? !bind_linear(m, o, &s->order[o], err) :
			      !bind_forest(m, o, &s->order[o], err)))
			return false;
	m->state = s;
	s = NULL;
	return true;
}

/* The order for that past: with or without a page. */
static const struct trained_order *order_for(const struct state *s, const struct past *past)
{
	return &s->order[past->page && s->pages ? ORDER_PAGES : ORDER_PEOPLE];
}

static void rank_close(struct model *m)
{
	state_destroy(m->state);
}

static void score_candidates(const struct model *m, const struct past *past,
			     const struct candidates_of *c, float *scores)
{
	const struct trained_order *by = order_for(m->state, past);
	SCOPED_FREE float *own = mem_alloc((c->n + 1) * sizeof *own);

	if (by->linear.weight)
		logit_score(&by->linear, c->x, c->n, own);
	else
		canopy_score(by->canopy, c->x, c->n, own);
	for (uint32_t p = 0; p < m->n_products; p++)
		scores[p] = -INFINITY;
	/* Learnt from people with a past, it knows nothing of others. */
	for (uint32_t i = 0; past->n && i < c->n; i++)
		scores[c->product[i]] = own[i];
}

static bool rank_score_many(const struct model *m, const struct past *past, unsigned n,
			    struct scoring out, struct err *err)
{
	const struct state *s = m->state;
	struct candidates_of c[MODEL_PASTS];

	assert(n <= MODEL_PASTS);
	if (!knowledge_candidates_many(&s->k, past, n, c, err))
		return false;
	for (unsigned i = 0; i < n; i++) {
		score_candidates(m, &past[i], &c[i], out.scores + (size_t)i * m->n_products);
		candidates_of_finish(&c[i]);
	}
	return job_check(out.job, err);
}

static bool rank_score(const struct model *m, const struct past *past, struct scoring out,
		       struct err *err)
{
	return rank_score_many(m, past, 1, out, err);
}

/* --- accounts */

static void add_sources(uint16_t from, char *out)
{
	static const char *const name[RANK_SOURCES] = {
		[FROM_REPEAT] = "repeat", [FROM_VARIANT] = "variant",
		[FROM_TOGETHER] = "together", [FROM_ALIKE] = "alike", [FROM_TEXT] = "text",
		[FROM_CATEGORY] = "category", [FROM_POPULAR] = "popular",
		[FROM_PAGE] = "page",
	};
	STRBUF(b);

	for (unsigned i = 0; i < RANK_SOURCES; i++)
		if (from >> i & 1)
			strbuf_addf(&b, "%s%s", b.len ? ", " : "", name[i]);
	snprintf(out, ACCOUNT_SOURCES, "%s", strbuf_c(&b));
}

static bool share_out(const struct trained_order *s, const float *x, struct account *a,
		      struct err *err)
{
	static const char *const names[] = {
#define RANK_FEATURE(ident, name, help) name,
#include "model/rank_features.def"
#undef RANK_FEATURE
	};
	static const char *const helps[] = {
#define RANK_FEATURE(ident, name, help) help,
#include "model/rank_features.def"
#undef RANK_FEATURE
	};
	float share[RANK_FEATURES + 1];

	if (s->linear.weight)
		logit_shares(&s->linear, x, share);
	else if (!boost_shares(s->json, x, 1, RANK_FEATURES, share, err))
		return false;
	a->n = RANK_FEATURES;
	a->name = names;
	a->help = helps;
	a->value = mem_alloc(RANK_FEATURES * sizeof *a->value);
	a->share = mem_alloc(RANK_FEATURES * sizeof *a->share);
	memcpy(a->value, x, RANK_FEATURES * sizeof *x);
	memcpy(a->share, share, RANK_FEATURES * sizeof *share);
	a->rest = share[RANK_FEATURES];
	return true;
}

static bool rank_account(const struct model *m, const struct past *past, uint32_t product,
			 bool shares, struct account *out, struct err *err)
{
	const struct state *s = m->state;
	struct account a = {.n = 0};
	struct candidates_of c;
	uint32_t i = 0;
	bool ok;

	if (!knowledge_candidates(&s->k, past, &c, err))
		return false;
	while (i < c.n && c.product[i] != product)
		i++;
	ok = i < c.n || err_fail(err, ERR_NO, "the product is no candidate for this user: no "
				 "source of the ranker brings it");
	if (ok)
		add_sources(c.from[i], a.sources);
	ok = ok && (!shares || share_out(order_for(s, past),
					 c.x + (size_t)i * RANK_FEATURES, &a, err));
	candidates_of_finish(&c);
	if (ok)
		*out = a;
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_OBJECTIVE, "lambdarank"},
	{PARAM_ID_PERIODS, "4"},
	{PARAM_ID_TREES, "400"},
	{PARAM_ID_DEPTH, "5"},
	{PARAM_ID_RATE, "0.05"},
	{PARAM_ID_LABELS, "none"},
	{PARAM_IDS, NULL},
};

const struct model_class md_rank = {
	.name = "rank",
	.title = "Ranked for people",
	.summary = "What someone has or looked at, its variants, what goes with it, what people "
		   "alike have, what reads alike and what is popular are put in one order by "
		   "trees that learnt from the last days what was taken (LambdaMART by "
		   "XGBoost); --model NAME gives it texts.",
	.score_text = "how much the trees expect it to be taken next; only differences count",
	.flags = MODEL_REPEATS,
	.params = params,
	.train = rank_train,
	.fit = rank_fit,
	.open = rank_open,
	.close = rank_close,
	.score_past = rank_score,
	.score_pasts = rank_score_many,
	.account = rank_account,
};
