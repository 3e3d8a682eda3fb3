/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are copied without what is out; marginals, totals and transitions are added up anew. */
#include "config.h"

#include <assert.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/sort.h"
#include "stats/part_impl.h"

struct unlinking {
	struct part *p;
	const struct catalog *base;
	const struct part_unlinked *out;
};

static bool is_out(const struct unlinking *u, enum relation r, uint32_t a, uint32_t b)
{
	const struct part_unlinked *out = u->out;
	uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	size_t at;

	if (out->product && (out->product[a] || out->product[b]))
		return true;
	if (r != out->relation)
		return false;
	at = sort_u64_before(out->pair, out->n, key);
	return at < out->n && out->pair[at] == key;
}

/* Room for as many pairs as there were. */
static bool start_rows(struct relation_table *t, const struct csr *was, struct err *err)
{
	const char *what = "pairs";

	t->offsets = mem_big((size_t)was->rows + 1, sizeof *t->offsets, what, err);
	t->column = mem_big(was->entries, sizeof *t->column, what, err);
	t->value = mem_big(was->entries, sizeof *t->value, what, err);
	t->from = mem_big(was->rows, sizeof *t->from, what, err);
	t->to = mem_big(was->rows, sizeof *t->to, what, err);
	return t->offsets && t->column && t->value && t->from && t->to;
}

static bool copy_rows(const struct unlinking *u, enum relation r, struct err *err)
{
	const struct csr *was = &u->base->relation[r].out;
	struct relation_table *t = &u->p->relation[r];
	unsigned sides = relation_directed(r) ? 1 : 2;
	uint64_t n = 0, sum = 0;

	if (!start_rows(t, was, err))
		return false;
	for (uint32_t a = 0; a < was->rows; a++) {
		for (uint64_t i = was->offsets[a]; i < was->offsets[a + 1]; i++) {
			uint32_t b = was->column[i];

			if (is_out(u, r, a, b))
				continue;
			t->column[n] = b;
			t->value[n++] = was->value[i];
			t->from[a] += was->value[i];
			t->to[b] += was->value[i];
			sum += was->value[i];
		}
		t->offsets[a + 1] = n;
	}
	t->counts = (struct relation_counts){
		.out = {t->offsets, t->column, t->value, was->rows, n},
		.from = t->from,
		.to = t->to,
		.total = sum / sides,
		.pairs = n / sides,
		.instances = sum / sides,
	};
	t->counts.in = t->counts.out;
	u->p->catalog.relation[r] = t->counts;
	return !relation_directed(r) || part_turn_round(u->p, r, err);
}

static bool add_up(struct part *p, struct work work, struct err *err)
{
	struct catalog *c = &p->catalog;

	if (!totals_of_pairs(&p->totals, c, err) || !part_settle_totals(p, err))
		return false;
	for (unsigned k = 0; k < BASKET_KINDS; k++) {
		if (!c->transition[k].levels)
			continue;
		if (!transition_table_of_pairs(&p->transition[k], c, k, work, err))
			return false;
		c->transition[k] = p->transition[k].counts;
	}
	return job_check(work.job, err);
}

bool part_make_unlinked(struct part **out, const struct catalog *base,
			const struct part_unlinked *of, struct work work, struct err *err)
{
	SCOPED(part) p = mem_zalloc(sizeof *p);
	struct unlinking u = {p, base, of};

	assert(relations_alone(base));
	p->catalog = *base;
	part_drop_orders(p);
	for (unsigned r = 0; r < RELATIONS; r++)
		if (base->relation[r].out.offsets && !copy_rows(&u, r, err))
			return false;
	if (!add_up(p, work, err))
		return false;
	assert(!catalog_lacks(&p->catalog));
	*out = p;
	p = NULL;
	return true;
}
