/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each held-back list is asked in one piece: both lists of every product of it, on all cores;
 * the difference is paired by list. */
#include "config.h"

#include "eval/ruled.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "eval/sample.h"
#include "eval/split.h"
#include "stats/part.h"
#include "store/store.h"
#include "suggest/door.h"
#include "vet/vetting.h"

#define LISTS_MOST 4000u	/* asked about: every so many of them */
#define ITEMS_MOST 12u		/* of one list */
#define ROUNDS 1000

struct ruled_test {
	struct split split;
	struct part *part;
	enum panel_kind kind;
	unsigned top;
	size_t n, step;		/* lists that are asked, every step-th */
};

bool ruled_open(struct ruled_test **out, const struct store *s, enum panel_kind kind,
		unsigned top, struct work work, struct err *err)
{
	const struct catalog *c = store_catalog(s);
	SCOPED(ruled_test) t = mem_zalloc(sizeof *t);
	struct split_spec spec = {0};

	if (!c->n_events)
		return err_fail(err, ERR_NO, "this store has no events to hold back: its counts "
				"were made elsewhere");
	t->kind = kind;
	t->top = top;
	if (!split_parse(STR("auto"), &spec, err) || !split_settle(&spec, c, err) ||
	    !split_make(&t->split, &spec, c,
			kind == PANEL_SIMILAR ? TASK_NEXT : TASK_COMPLEMENT, NULL, err) ||
	    !split_part(&t->part, &t->split, c, work, err))
		return false;
	t->step = t->split.n / LISTS_MOST + 1;
	t->n = (t->split.n + t->step - 1) / t->step;
	*out = t;
	t = NULL;
	return true;
}

void ruled_test_destroy(struct ruled_test *t)
{
	if (!t)
		return;
	part_destroy(t->part);
	split_finish(&t->split);
	free(t);
}

struct asking {
	const struct ruled_test *t;
	const struct vetting *vetting[2];
	double *hits[2], *cases, *out;	/* (n) */
	struct job *job;
	atomic_bool failed;
	atomic_flag told;
	struct err err;
};

/* The targets of item k of a list: all others of the basket; the next of the session. */
static bool is_target(const struct ruled_test *t, size_t k, size_t other)
{
	return t->kind == PANEL_SIMILAR ? other == k + 1 : other != k;
}

static bool holds(const struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return true;
	return false;
}

static bool keeps_out(const struct asking *x, uint32_t product, uint32_t target)
{
	struct vetting_list l;
	unsigned line;
	bool out;

	if (!x->vetting[1])
		return false;
	vetting_list_begin(&l, x->vetting[1], x->t->kind, product);
	out = vetting_tier(&l, target, &line) == TIER_OUT;
	vetting_list_finish(&l);
	return out;
}

static bool ask_item(struct asking *x, size_t list, size_t k, struct err *err)
{
	const struct split *s = &x->t->split;
	const struct catalog *c = part_catalog(x->t->part);
	uint64_t first = s->offsets[list * x->t->step];
	uint64_t n = s->offsets[list * x->t->step + 1] - first;
	const uint32_t *item = &s->item[first];

	for (int side = 0; side < 2; side++) {
		struct panel_request r = {
			.about = question_of(NULL, NULL), .kind = x->t->kind, .limit = x->t->top,
		};
		struct panel p;

		r.about.catalog = c;
		r.about.product = item[k];
		r.about.vetting = x->vetting[side];
		if (!suggest(&r, &p, x->job, err))
			return false;
		for (size_t o = 0; o < n; o++) {
			if (!is_target(x->t, k, o) || catalog_variants(c, item[k], item[o]) ||
			    item[o] == item[k])
				continue;
			x->hits[side][list] += holds(&p, item[o]);
			x->cases[list] += side == 0;
			x->out[list] += side == 0 && keeps_out(x, item[k], item[o]);
		}
		panel_finish(&p);
	}
	return true;
}

static void ask_list(void *ctx, size_t list, unsigned worker)
{
	struct asking *x = ctx;
	const struct split *s = &x->t->split;
	uint64_t n = s->offsets[list * x->t->step + 1] - s->offsets[list * x->t->step];
	struct err err;

	(void)worker;
	job_advance(x->job, 1);
	for (size_t k = 0; k < n && k < ITEMS_MOST && !atomic_load(&x->failed); k++) {
		if (ask_item(x, list, k, &err))
			continue;
		atomic_store(&x->failed, true);
		if (!atomic_flag_test_and_set(&x->told))
			x->err = err;
	}
}

static void add_up(const struct asking *x, struct ruled *r)
{
	SCOPED_FREE double *gain = mem_zalloc((x->t->n + 1) * sizeof *gain);
	struct sample s = {.value = gain, .cases = x->cases, .n = x->t->n};
	double hits[2] = {0, 0}, cases = 0, out = 0;

	for (size_t i = 0; i < x->t->n; i++) {
		hits[0] += x->hits[0][i];
		hits[1] += x->hits[1][i];
		cases += x->cases[i];
		out += x->out[i];
		gain[i] = x->hits[1][i] - x->hits[0][i];
		r->lists += x->cases[i] > 0;
	}
	r->cases = (uint64_t)cases;
	r->before = hits[0] / cases;
	r->after = hits[1] / cases;
	r->out = out / cases;
	sample_interval(&s, ROUNDS, 1, &r->low, &r->high);
}

bool ruled_measure(struct ruled *out, const struct ruled_test *t, const struct vetting *before,
		   const struct vetting *after, struct work work, struct err *err)
{
	struct ruled r = {0};
	struct asking x = {.t = t, .vetting = {before, after}, .job = work.job};

	for (int side = 0; side < 2; side++)
		x.hits[side] = mem_zalloc((t->n + 1) * sizeof(double));
	x.cases = mem_zalloc((t->n + 1) * sizeof(double));
	x.out = mem_zalloc((t->n + 1) * sizeof(double));
	atomic_flag_clear(&x.told);
	job_step(work.job, "asking held-back baskets", t->n);
	pool_run(work.pool, t->n, ask_list, &x);
	if (atomic_load(&x.failed))
		*err = x.err;
	else if (job_check(work.job, err))
		add_up(&x, &r);
	for (int side = 0; side < 2; side++)
		free(x.hits[side]);
	free(x.cases);
	free(x.out);
	if (!r.cases && !atomic_load(&x.failed) && !job_cancelled(work.job))
		return err_fail(err, ERR_NO, "no held-back list has two products");
	*out = r;
	return r.cases;
}
