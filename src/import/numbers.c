/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Final numbers: products by category and id, sessions by start and id. */
#include "config.h"

#include "import/numbers.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

static uint32_t product_node(const struct seen *s, const struct category_tree *t,
			     uint32_t rank)
{
	uint32_t category = seen_fact(s, rank, FACT_CATEGORY)->value;

	return category == MAP_NONE ? CATALOG_NONE : t->of[category];
}

/* A counting sort: stable, so equal categories keep the order of id texts. */
static bool number_products(struct numbers *to, const struct seen *s,
			    const struct category_tree *t, struct err *err)
{
	uint32_t n = s->id[ID_PRODUCT].n, nodes = t->n;
	SCOPED_FREE uint32_t *next = mem_big((size_t)nodes + 2, sizeof *next,
					     "categories", err);

	if (!next)
		return false;
	to->product_number = mem_big(n, sizeof *to->product_number, "products", err);
	to->product_rank = mem_big(n, sizeof *to->product_rank, "products", err);
	to->product_node = mem_big(n, sizeof *to->product_node, "products", err);
	if (!to->product_number || !to->product_rank || !to->product_node)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t node = product_node(s, t, i);

		next[(node == CATALOG_NONE ? nodes : node) + 1]++;
	}
	for (uint32_t c = 0; c < nodes; c++)
		next[c + 1] += next[c];
	for (uint32_t i = 0; i < n; i++) {
		uint32_t node = product_node(s, t, i);
		uint32_t number = next[node == CATALOG_NONE ? nodes : node]++;

		to->product_number[i] = number;
		to->product_rank[number] = i;
		to->product_node[number] = node;
	}
	return true;
}

static bool number_sessions(struct numbers *to, const struct seen *s, struct pool *pool,
			    struct err *err)
{
	uint32_t n = s->id[ID_SESSION].n;
	SCOPED_FREE struct sort_item *item = mem_big(n, sizeof *item, "sessions", err);

	if (!item)
		return false;
	to->session_number = mem_big(n, sizeof *to->session_number, "sessions", err);
	to->session_rank = mem_big(n, sizeof *to->session_rank, "sessions", err);
	if (!to->session_number || !to->session_rank)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		item[i].key = (uint64_t)s->session[i].first.time ^ UINT64_C(1) << 63;
		item[i].value = i;
	}
	if (!sort_items(item, n, pool, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		to->session_rank[i] = (uint32_t)item[i].value;
		to->session_number[item[i].value] = i;
	}
	return true;
}

/* Make number[rank] from rank and keep it in the place of rank. */
static void to_numbers(struct ids *ids, const uint32_t *number)
{
	for (size_t i = 0; i < ids->base[ids->from->n]; i++)
		ids->rank[i] = number[ids->rank[i]];
}

bool numbers_make(struct numbers *n, struct seen *s, const struct category_tree *t,
		  struct pool *pool, struct err *err)
{
	if (!number_products(n, s, t, err) || !number_sessions(n, s, pool, err))
		return false;
	to_numbers(&s->id[ID_PRODUCT], n->product_number);
	to_numbers(&s->id[ID_SESSION], n->session_number);
	return true;
}

void numbers_finish(struct numbers *n)
{
	free(n->session_number);
	free(n->session_rank);
	free(n->product_number);
	free(n->product_rank);
	free(n->product_node);
	*n = (struct numbers){0};
}
