/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels become edges with a worth, 0 for none; they are put in order and merged with the rows of
 * links, of which they take the place. */
#include "config.h"

#include "model/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "model/lesson.h"
#include "store/store.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "vet/vetting.h"

static void add(struct labels *l, const struct store *s, const struct decision *d)
{
	uint32_t a = store_find(s, "product", d->product), b = store_find(s, "product", d->with);

	if (a == UINT32_MAX || b == UINT32_MAX || a == b)
		return;
	MEM_GROW(l->at, l->cap, l->n + 1);
	l->at[l->n++] = (struct label){
		a, b, str_is(d->panel, rules_panels[0]), d->kind != DECISION_REJECT,
	};
}

bool labels_open(struct labels *l, const struct store *s, struct err *err)
{
	struct vetting_options o = {.mode = VETTING_NONE, .now = time_now(), .lenient = true};
	SCOPED(vetting) vetting = NULL;
	const struct verdicts *v;

	*l = (struct labels){0};
	if (!vetting_open(&vetting, s, false, &o, err))
		return false;
	v = vetting ? vetting_verdicts(vetting) : NULL;
	for (uint32_t pair = 0; v && pair < verdicts_pairs(v); pair++) {
		const struct decision *d = verdicts_of(v, pair, vetting_blind(vetting));

		if (d)
			add(l, s, d);
	}
	return true;
}

void labels_finish(struct labels *l)
{
	free(l->at);
	*l = (struct labels){0};
}

bool labels_asked(const struct lesson *l, bool *asked, struct err *err)
{
	*asked = params_choice(l->params, PARAM_ID_LABELS) != 0;
	if (!*asked)
		return true;
	if (!l->labels)
		return err_fail(err, ERR_USAGE, "labels=verdicts is for aisle train: people may "
				"have decided on what is tested");
	return l->labels->n ||
	       err_fail(err, ERR_NO, "nobody has approved or rejected anything in this store: "
			"decide (aisle explore, aisle verdict), or train without --labels");
}

/* --- links */

struct edge {
	uint32_t a, b;
	float worth;		/* 0: it is none */
};

static int by_place(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;
	int order = (a->a > b->a) - (a->a < b->a);

	order = order ? order : (a->b > b->b) - (a->b < b->b);
	/* of two that contradict each other the approved one first */
	return order ? order : (a->worth < b->worth) - (a->worth > b->worth);
}

/* What labels say of one of the sets; *n of them, free(). */
static struct edge *edges_of(const struct labels *l, bool similar, size_t *n)
{
	struct edge *e = mem_alloc((2 * l->n + 1) * sizeof *e);

	*n = 0;
	for (size_t i = 0; i < l->n; i++) {
		const struct label *x = &l->at[i];

		/* rejected as a complement it may still be alike, and the other way round */
		if (x->similar != similar && !x->approved)
			continue;
		for (int turn = 0; turn < 2; turn++)
			e[(*n)++] = (struct edge){
				turn ? x->with : x->product, turn ? x->product : x->with,
				x->similar == similar && x->approved ? LABELS_WORTH : 0,
			};
	}
	if (*n)
		qsort(e, *n, sizeof *e, by_place);
	return e;
}

static void put(struct links *to, uint32_t column, float value)
{
	to->column[to->n] = column;
	to->value[to->n++] = value;
}

/* Row a of both, ascending; an edge takes the place of a link, whose greater worth it keeps. */
static const struct edge *merge_row(struct links *to, const struct links *from, uint32_t a,
				    const struct edge *e)
{
	uint64_t k = from->offsets[a];

	while (k < from->offsets[a + 1] || e->a == a) {
		if (e->a != a || (k < from->offsets[a + 1] && from->column[k] < e->b)) {
			put(to, from->column[k], from->value[k]);
			k++;
			continue;
		}
		if (e->worth > 0)
			put(to, e->b, k < from->offsets[a + 1] && from->column[k] == e->b &&
			    from->value[k] > e->worth ? from->value[k] : e->worth);
		k += k < from->offsets[a + 1] && from->column[k] == e->b;
		for (uint32_t b = e->b; e->a == a && e->b == b;)
			e++;
	}
	return e;
}

static bool merge(struct links *l, const struct labels *labels, bool similar, uint32_t products,
		  struct err *err)
{
	size_t n;
	SCOPED_FREE struct edge *edges = edges_of(labels, similar, &n);
	const struct edge *e = edges;
	struct links to = {
		.offsets = mem_big((size_t)products + 1, sizeof *to.offsets, "links", err),
		.column = mem_big(l->n + n + 1, sizeof *to.column, "links", err),
		.value = mem_big(l->n + n + 1, sizeof *to.value, "links", err),
	};
	bool ok = to.offsets && to.column && to.value;

	edges[n] = (struct edge){UINT32_MAX, UINT32_MAX, 0};
	for (uint32_t a = 0; ok && a < products; a++) {
		e = merge_row(&to, l, a, e);
		to.offsets[a + 1] = to.n;
	}
	if (ok) {
		struct links old = *l;

		*l = to;
		to = old;
	}
	free(to.offsets);
	free(to.column);
	free(to.value);
	return ok;
}

bool labels_link(const struct labels *l, struct link_sets *sets, uint32_t products,
		 struct err *err)
{
	/* where nothing says what is alike there is no such set */
	return merge(&sets->complement, l, false, products, err) &&
	       (!sets->similar.offsets || merge(&sets->similar, l, true, products, err));
}
