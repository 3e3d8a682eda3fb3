/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes together in a synthetic shop. */
#include "config.h"

#include "synth/synth_impl.h"

#include <stdlib.h>

#include "base/mem.h"
#include "synth/words.h"

/* --- what goes together */

struct pairs {
	uint32_t (*items)[2];
	size_t n, cap;
};

static void pairs_add(struct pairs *p, uint32_t a, uint32_t b)
{
	MEM_GROW(p->items, p->cap, p->n + 1);
	p->items[p->n][0] = a < b ? a : b;
	p->items[p->n][1] = a < b ? b : a;
	p->n++;
}

static int by_pair(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return x[1] < y[1] ? -1 : x[1] > y[1];
}

/* Both directions of the distinct pairs over n nodes; the pairs are used up. */
static void graph_create(struct synth_graph *g, struct pairs *p, uint32_t n)
{
	size_t distinct = 0;

	qsort(p->items, p->n, sizeof *p->items, by_pair);
	g->offsets = mem_zalloc((n + (size_t)2) * sizeof *g->offsets);
	for (size_t i = 0; i < p->n; i++) {
		if (i > 0 && by_pair(p->items[i], p->items[distinct - 1]) == 0)
			continue;
		memmove(p->items[distinct++], p->items[i], sizeof *p->items);
		g->offsets[p->items[i][0] + 2]++;
		g->offsets[p->items[i][1] + 2]++;
	}
	for (size_t i = 2; i < n + (size_t)2; i++)
		g->offsets[i] += g->offsets[i - 1];
	g->to = mem_zalloc(2 * distinct * sizeof *g->to);
	for (size_t i = 0; i < distinct; i++) {
		g->to[g->offsets[p->items[i][0] + 1]++] = p->items[i][1];
		g->to[g->offsets[p->items[i][1] + 1]++] = p->items[i][0];
	}
	free(p->items);
	*p = (struct pairs){0};
}

void synth_create_complements(struct synth *s)
{
	struct pairs p = {0};

	for (uint32_t i = 0; i < s->n_leaves; i++) {
		struct str rest = str_from(words_leaves[s->leaves[i].words].complements);
		struct str name;
		size_t before = p.n;

		while (str_next(&rest, '|', &name)) {
			uint32_t j = synth_find_leaf(s, name);

			if (j != SYNTH_NONE && j != i)
				pairs_add(&p, i, j);
		}
		if (p.n == before)
			pairs_add(&p, i, (i + s->n_leaves / 2) % s->n_leaves);
	}
	graph_create(&s->complements, &p, s->n_leaves);
	for (unsigned i = 0; i < words_n_substitutes; i++) {
		uint32_t a = synth_find_leaf(s, str_from(words_substitutes[i].a));
		uint32_t b = synth_find_leaf(s, str_from(words_substitutes[i].b));

		if (a != SYNTH_NONE && b != SYNTH_NONE)
			pairs_add(&p, a, b);
	}
	graph_create(&s->substitutes, &p, s->n_leaves);
}

/* Groups of complement leaves are matched in order of price: cheap things go
 * with cheap things. */
void synth_create_partners(struct synth *s)
{
	const struct synth_graph *c = &s->complements;
	struct pairs p = {0};

	for (uint32_t i = 0; i < s->n_leaves; i++) {
		for (uint32_t k = c->offsets[i]; k < c->offsets[i + 1]; k++) {
			const struct synth_leaf *a = &s->leaves[i], *b = &s->leaves[c->to[k]];
			uint64_t na = a->group_end - a->group, nb = b->group_end - b->group;
			uint64_t most = na > nb ? na : nb;

			if (c->to[k] < i)
				continue;
			for (uint64_t m = 0; m < most; m++)
				pairs_add(&p, a->group + (uint32_t)(m * na / most),
					  b->group + (uint32_t)(m * nb / most));
		}
	}
	graph_create(&s->partners, &p, s->n_groups);
}
