/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another order than the panel's own: over every candidate, by one number of its row. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "suggest/door.h"
#include "suggest/door_impl.h"

static double first(const struct panel_row *r)
{
	return -(double)r->rank;
}

static double score(const struct panel_row *r)
{
	return r->score;
}

static double n(const struct panel_row *r)
{
	return r->counts.n_all ? (double)r->counts.n : NAN;
}

static double confidence(const struct panel_row *r)
{
	return r->counts.n_all ? r->assoc.confidence : NAN;
}

static double lift_low(const struct panel_row *r)
{
	return r->counts.n_all ? r->assoc.lift_low : NAN;
}

static double lift(const struct panel_row *r)
{
	return r->counts.n_all ? r->assoc.lift : NAN;
}

const char *const suggest_sorts[] = {"rank", "score", "n", "confidence", "lift", "lift_low",
				      NULL};
static double (*const keys[])(const struct panel_row *) = {first, score, n, confidence, lift,
							    lift_low};
_Static_assert(sizeof suggest_sorts / sizeof *suggest_sorts ==
	       sizeof keys / sizeof *keys + 1, "a key for each name");

bool order_find(struct suggestion *s, struct err *err)
{
	struct sort sort;
	size_t i = 0;

	if (!asked_sort(s->q.r->about.outlook, &sort, err))
		return false;
	if (!sort.column.ptr)
		return true;
	while (suggest_sorts[i] && !str_is(sort.column, suggest_sorts[i]))
		i++;
	if (!suggest_sorts[i])
		return err_fail(err, ERR_USAGE, "a panel can't be sorted by '%.*s', only by rank, "
				"score, n, confidence, lift or lift_low", STR_ARG(sort.column));
	s->key = i;
	s->turned = sort.way == (i == 0 ? SORT_DESCENDING : SORT_ASCENDING);
	return true;
}

bool order_wanted(const struct suggestion *s)
{
	return s->key > 0 || s->turned;
}

struct keyed {
	double key;
	struct panel_row row;
};

static int largest_first(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;

	if (isnan(a->key) || isnan(b->key) || a->key == b->key)
		return isnan(a->key) != isnan(b->key) ? (isnan(a->key) ? 1 : -1) :
		       a->row.rank < b->row.rank ? -1 : a->row.rank > b->row.rank;
	return a->key > b->key ? -1 : 1;
}

void order_run(struct suggestion *s)
{
	unsigned limit = s->q.r->limit;
	struct panel *p = &s->p;
	SCOPED_FREE struct keyed *k = mem_alloc((p->n_rows + 1) * sizeof *k);

	for (unsigned i = 0; i < p->n_rows; i++) {
		double x = keys[s->key](&p->rows[i]);

		k[i] = (struct keyed){s->turned ? -x : x, p->rows[i]};
	}
	qsort(k, p->n_rows, sizeof *k, largest_first);
	p->n_rows = p->n_rows < limit ? p->n_rows : limit;
	for (unsigned i = 0; i < p->n_rows; i++)
		p->rows[i] = k[i].row;
}
