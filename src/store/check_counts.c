/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relations, levels and transitions against each other and against the totals. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/scope.h"
#include "store/catalog.h"
#include "store/check.h"

/* in is the transpose of out (itself, where the relation is unordered): walking
 * out's rows in order meets the entries of every row of in in order. */
static void check_transpose(struct checker *k, const char *name, const struct csr *out,
			    const struct csr *in)
{
	SCOPED_FREE uint64_t *next = mem_big(in->rows, sizeof *next, "verify", NULL);

	if (!next) {
		k->unable(k->ctx, "out of memory: pairs can't be checked");
		return;
	}
	if (out->entries != in->entries)
		check_fault(k, "%s: %ju pairs one way, %ju the other", name,
			    (uintmax_t)out->entries, (uintmax_t)in->entries);
	for (uint64_t a = 0; a < out->rows; a++)
		for (uint64_t i = out->offsets[a]; i < out->offsets[a + 1]; i++) {
			uint32_t b = out->column[i];
			uint64_t at = in->offsets[b] + next[b]++;

			if (at < in->offsets[b + 1] && in->column[at] == a &&
			    in->value[at] == out->value[i])
				continue;
			check_fault(k, "%s: the pair %ju, %u is not the same both ways", name,
				    (uintmax_t)a, b);
			return;
		}
}

/* Sums that counts may not exceed; diagonal: a product may stand beside itself. */
struct checked_sums {
	const uint32_t *from, *to;
	bool diagonal;
};

/* A pair can't be more frequent than either of its products. */
static void check_values(struct checker *k, const char *name, const struct csr *m,
			 struct checked_sums s)
{
	for (uint64_t a = 0; a < m->rows; a++)
		for (uint64_t i = m->offsets[a]; i < m->offsets[a + 1]; i++) {
			uint32_t b = m->column[i], n = m->value[i];

			if (n > 0 && n <= s.from[a] && n <= s.to[b] && (s.diagonal || a != b))
				continue;
			check_fault(k, "%s: the pair %ju, %u counts %u, which can't be", name,
				    (uintmax_t)a, b, n);
			return;
		}
}

/* Of a step table: it ascends, from 0 to 1. */
static void check_steps(struct checker *k, const char *name, const double *q)
{
	double before = 0;

	for (unsigned i = 0; q && i < Q_STEPS; i++) {
		if (q[i] >= before && q[i] <= 1) {
			before = q[i];
			continue;
		}
		check_fault(k, "array %s/q: step %u is %g after %g", name, i, q[i], before);
		return;
	}
}

struct checked_tests {
	const struct csr *m;
	const double *q;
};

/* Beside the entries: from 0 to 1, the same both ways, none on the diagonal. */
static void check_tested(struct checker *k, const char *name, const char *what,
			 struct checked_tests t)
{
	SCOPED_FREE uint64_t *next = mem_big(t.m->rows, sizeof *next, "verify", NULL);

	if (!next) {
		k->unable(k->ctx, "out of memory: q-values can't be checked");
		return;
	}
	for (uint64_t a = 0; t.q && a < t.m->rows; a++)
		for (uint64_t i = t.m->offsets[a]; i < t.m->offsets[a + 1]; i++) {
			uint32_t b = t.m->column[i];
			uint64_t at = t.m->offsets[b] + next[b]++;

			if (a == b ? isnan(t.q[i])
				   : t.q[i] >= 0 && t.q[i] <= 1 && t.q[i] == t.q[at])
				continue;
			check_fault(k, "array %s/%s: row %ju is %g, which can't be", name, what,
				    (uintmax_t)i, t.q[i]);
			return;
		}
}

static void check_relation(struct checker *k, enum relation which)
{
	const struct relation_counts *r = &k->c->relation[which];
	unsigned ways = relation_directed(which) ? 1 : 2;
	uint64_t sum = 0;
	char name[64];

	snprintf(name, sizeof name, "pairs/%s", relation_name(which));
	check_transpose(k, name, &r->out, &r->in);
	check_values(k, name, &r->out, (struct checked_sums){r->from, r->to, false});
	check_steps(k, name, r->q);
	for (uint64_t i = 0; i < r->out.entries; i++)
		sum += r->out.value[i];
	if (r->pairs * ways != r->out.entries || r->instances * ways != sum)
		check_fault(k, "%s: its totals are not those of its pairs", name);
	for (uint32_t p = 0; p < k->c->n_products; p++)
		if (r->from[p] > r->total || r->to[p] > r->total) {
			check_fault(k, "%s: product %u is counted more than all", name, p);
			return;
		}
}

static void check_level(struct checker *k, const char *name,
			const struct transition_counts *t, unsigned d)
{
	unsigned before = k->faults;

	check_transpose(k, name, &t->level[d], &t->level[d]);
	check_values(k, name, &t->level[d], (struct checked_sums){t->multi, t->multi, true});
	if (k->faults != before)
		return;
	check_tested(k, name, "q", (struct checked_tests){&t->level[d], t->q[d]});
	check_tested(k, name, "q-multi", (struct checked_tests){&t->level[d], t->q_multi[d]});
}

static void check_transition(struct checker *k, enum basket_kind which)
{
	const struct transition_counts *t = &k->c->transition[which];
	char name[64];

	for (uint32_t i = 0; i < k->c->n_categories; i++)
		if (t->from[i] > t->baskets || t->multi[i] > t->from[i] ||
		    t->own[i] > t->from[i] || t->own_multi[i] > t->multi[i]) {
			check_fault(k, "transition/%s: category %u is counted more than all",
				    basket_kind_name(which), i);
			break;
		}
	for (unsigned d = 0; d < t->levels; d++) {
		snprintf(name, sizeof name, "transition/%s/%u", basket_kind_name(which), d);
		check_level(k, name, t, d);
	}
}

void check_counts(struct checker *k)
{
	for (unsigned i = 0; i < RELATIONS; i++)
		if (k->c->relation[i].out.offsets)
			check_relation(k, (enum relation)i);
	for (unsigned i = 0; i < BASKET_KINDS; i++)
		if (k->c->transition[i].baskets || k->c->transition[i].levels)
			check_transition(k, (enum basket_kind)i);
}
