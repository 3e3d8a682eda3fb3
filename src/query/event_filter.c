/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times are cut where any term changes its mind; each piece gets its set of kinds. */
#include "config.h"

#include "query/event_filter.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/ast.h"
#include "store/catalog.h"

struct edges {
	int64_t *at;
	size_t n, cap;
};

static void add_edge(struct edges *e, int64_t at)
{
	MEM_GROW(e->at, e->cap, e->n + 1);
	e->at[e->n++] = at;
}

/* Where the truth of a date's test may change. */
static void collect(const struct node *n, const struct catalog *c, struct edges *e)
{
	for (unsigned i = 0; i < n->n; i++)
		collect(n->child[i], c, e);
	if (n->type != NODE_TEST || n->test.field != FIELD_DATE)
		return;
	for (unsigned i = 0; i < n->test.n_values; i++) {
		int64_t from, end;

		value_span(&n->test.values[i], c, &from, &end);
		add_edge(e, from);
		add_edge(e, end);
	}
}

/* An event that is asked about. */
struct moment {
	const struct catalog *c;
	int64_t time;
	unsigned kind;
};

static bool test_event(const struct test *t, const struct moment *m)
{
	bool holds = false;

	for (unsigned i = 0; i < t->n_values && !holds; i++) {
		const struct value *v = &t->values[i];
		int64_t from, end;

		if (t->field == FIELD_EVENT) {
			holds = v->kind == m->kind;
			continue;
		}
		value_span(v, m->c, &from, &end);
		holds = op_holds(t->op, m->time < from ? -1 : m->time >= end);
	}
	return holds != t->negated;
}

static bool node_event(const struct node *n, const struct moment *m)
{
	if (n->type == NODE_TEST)
		return test_event(&n->test, m);
	for (unsigned i = 0; i < n->n; i++)
		if (node_event(n->child[i], m) == (n->type == NODE_OR))
			return n->type == NODE_OR;
	return n->type == NODE_AND;
}

static unsigned kinds_at(const struct filter *f, const struct catalog *c, int64_t time)
{
	unsigned kinds = 0;

	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		struct moment m = {c, time, k};
		bool in = true;

		for (unsigned i = 0; i < f->root->n && in; i++)
			in = !(f->root->child[i]->classes & FILTER_EVENT) ||
			     node_event(f->root->child[i], &m);
		kinds |= (unsigned)in << k;
	}
	return kinds;
}

static int by_time(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

void event_filter_make(struct event_filter *e, const struct filter *f,
		       const struct catalog *c)
{
	struct edges edges = {0};
	size_t n = 0;

	add_edge(&edges, INT64_MIN);
	if (f)
		for (unsigned i = 0; i < f->root->n; i++)
			if (f->root->child[i]->classes & FILTER_EVENT)
				collect(f->root->child[i], c, &edges);
	qsort(edges.at, edges.n, sizeof *edges.at, by_time);
	e->kinds = mem_alloc(edges.n * sizeof *e->kinds);
	for (size_t i = 0; i < edges.n; i++) {
		unsigned kinds = f ? kinds_at(f, c, edges.at[i]) : (1u << EVENT_KINDS) - 1;

		if (n > 0 && kinds == e->kinds[n - 1])
			continue;
		/* Equal edges give equal kinds, so they were left out. */
		edges.at[n] = edges.at[i];
		e->kinds[n++] = kinds;
	}
	e->from = edges.at;
	e->n = n;
}

void event_filter_finish(struct event_filter *e)
{
	free(e->from);
	free(e->kinds);
	*e = (struct event_filter){0};
}

size_t event_filter_piece(const struct event_filter *e, int64_t time)
{
	size_t low = 0, high = e->n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (e->from[mid] <= time)
			low = mid;
		else
			high = mid;
	}
	return low;
}

void event_filter_span(const struct event_filter *e, int64_t *from, int64_t *end)
{
	size_t first = 0, last = e->n;

	while (first + 1 < e->n && e->kinds[first] == 0)
		first++;
	while (last > first + 1 && e->kinds[last - 1] == 0)
		last--;
	*from = e->from[first];
	*end = last < e->n ? e->from[last] : INT64_MAX;
}
