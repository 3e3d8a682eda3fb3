/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each pair's decisions that stand are taken two by two; a table of people holds the sums. */
#include "config.h"

#include "vet/agreement.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct counting {
	struct agreement *at;
	size_t n, cap;
};

bool agreement_approves(const struct decision *d)
{
	return d->kind != DECISION_REJECT;
}

static struct agreement *find(struct counting *x, struct str a, struct str b)
{
	size_t i = 0;

	while (i < x->n && !(str_eq(x->at[i].a, a) && str_eq(x->at[i].b, b)))
		i++;
	if (i == x->n) {
		MEM_GROW(x->at, x->cap, x->n + 1);
		x->at[x->n++] = (struct agreement){.a = a, .b = b};
	}
	return &x->at[i];
}

static void count(struct counting *x, const struct decision *d, const struct decision *e)
{
	bool swap = str_cmp(d->who, e->who) > 0;
	const struct decision *a = swap ? e : d, *b = swap ? d : e;
	struct agreement *g = find(x, a->who, b->who);

	g->both++;
	g->alike += agreement_approves(a) == agreement_approves(b);
	g->yes_a += agreement_approves(a);
	g->yes_b += agreement_approves(b);
}

static int by_names(const void *x, const void *y)
{
	const struct agreement *a = x, *b = y;
	int c = str_cmp(a->a, b->a);

	return c ? c : str_cmp(a->b, b->b);
}

struct agreement *agreement_of(const struct verdicts *v, struct str panel, size_t *n)
{
	struct counting x = {0};

	for (uint32_t pair = 0; pair < verdicts_pairs(v); pair++) {
		const struct decision *d = NULL, *e;

		while ((d = verdicts_next(v, pair, d)) != NULL) {
			if (d->kind == DECISION_SKIP || (panel.ptr && !str_eq(d->panel, panel)))
				continue;
			for (e = d; (e = verdicts_next(v, pair, e)) != NULL;)
				if (e->kind != DECISION_SKIP)
					count(&x, d, e);
		}
	}
	if (x.n)
		qsort(x.at, x.n, sizeof *x.at, by_names);
	*n = x.n;
	return x.at;
}

double agreement_kappa(const struct agreement *a)
{
	double n = (double)a->both, alike = (double)a->alike / n;
	double ya = (double)a->yes_a / n, yb = (double)a->yes_b / n;
	double chance = ya * yb + (1 - ya) * (1 - yb);

	return chance < 1 ? (alike - chance) / (1 - chance) : NAN;
}
