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
	uint32_t category = seen_product(s, rank)->value[FACT_CATEGORY];

	return category == MAP_NONE ? CATALOG_NONE : t->of[category];
}

/* What tasks work on: products, sessions, or what workers call them. */
struct numbering {
	struct numbers *to;
	const struct seen *seen;
	const struct category_tree *tree;
	struct sort_item *item;		/* (sessions) */
	uint32_t *node;			/* (products) by rank */
	uint32_t *named;		/* ranks that become numbers */
	const uint32_t *number;		/* of a rank */
};

static void find_nodes(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct numbering *x = ctx;

	for (size_t i = rows.begin; i < rows.end; i++) {
		if (i + NUMBERS_AHEAD < rows.end)
			seen_ask(x->seen, (uint32_t)(i + NUMBERS_AHEAD));
		x->node[i] = product_node(x->seen, x->tree, (uint32_t)i);
	}
}

/* A counting sort: stable, so equal categories keep the order of id texts. */
static bool number_products(struct numbering *x, struct pool *pool, struct err *err)
{
	struct numbers *to = x->to;
	uint32_t n = x->seen->id[ID_PRODUCT].n, nodes = x->tree->n;
	SCOPED_FREE uint32_t *next = mem_big((size_t)nodes + 2, sizeof *next,
					     "categories", err);
	SCOPED_FREE uint32_t *node = mem_big(n, sizeof *node, "products", err);

	if (!next || !node)
		return false;
	to->product_number = mem_big(n, sizeof *to->product_number, "products", err);
	to->product_rank = mem_big(n, sizeof *to->product_rank, "products", err);
	to->product_node = mem_big(n, sizeof *to->product_node, "products", err);
	to->product = mem_big((size_t)n + NUMBERS_AHEAD, sizeof *to->product, "products", err);
	if (!to->product_number || !to->product_rank || !to->product_node || !to->product)
		return false;
	x->node = node;
	pool_run_rows(pool, n, find_nodes, x);
	for (uint32_t i = 0; i < n; i++)
		next[(node[i] == CATALOG_NONE ? nodes : node[i]) + 1]++;
	for (uint32_t c = 0; c < nodes; c++)
		next[c + 1] += next[c];
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number = next[node[i] == CATALOG_NONE ? nodes : node[i]]++;

		to->product_number[i] = number;
		to->product_rank[number] = i;
		to->product_node[number] = node[i];
		to->product[number] = seen_product(x->seen, i);
	}
	/* Behind the last one itself: what is asked for ahead is always something. */
	for (uint32_t i = 0; i < NUMBERS_AHEAD && n; i++)
		to->product[n + i] = to->product[n - 1];
	return true;
}

static void take_starts(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct numbering *x = ctx;

	for (size_t i = rows.begin; i < rows.end; i++)
		x->item[i] = (struct sort_item){
			(uint64_t)x->seen->session[i].first.time ^ UINT64_C(1) << 63, i};
}

static void place_sessions(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct numbering *x = ctx;

	for (size_t i = rows.begin; i < rows.end; i++) {
		x->to->session_rank[i] = (uint32_t)x->item[i].value;
		x->to->session_number[x->item[i].value] = (uint32_t)i;
	}
}

static bool number_sessions(struct numbering *x, struct pool *pool, struct err *err)
{
	struct numbers *to = x->to;
	uint32_t n = x->seen->id[ID_SESSION].n;
	SCOPED_FREE struct sort_item *item = mem_big(n, sizeof *item, "sessions", err);

	if (!item)
		return false;
	to->session_number = mem_big(n, sizeof *to->session_number, "sessions", err);
	to->session_rank = mem_big(n, sizeof *to->session_rank, "sessions", err);
	if (!to->session_number || !to->session_rank)
		return false;
	x->item = item;
	pool_run_rows(pool, n, take_starts, x);
	if (!sort_items(item, n, pool, err))
		return false;
	pool_run_rows(pool, n, place_sessions, x);
	return true;
}

static void name_numbers(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct numbering *x = ctx;

	for (size_t i = rows.begin; i < rows.end; i++)
		x->named[i] = x->number[x->named[i]];
}

/* Make number[rank] from rank and keep it in the place of rank. */
static void to_numbers(struct numbering *x, struct ids *ids, const uint32_t *number,
		       struct pool *pool)
{
	x->named = ids->rank;
	x->number = number;
	pool_run_rows(pool, ids->base[ids->from->n], name_numbers, x);
}

bool numbers_make(struct numbers *n, struct seen *s, const struct category_tree *t,
		  struct pool *pool, struct err *err)
{
	struct numbering x = {.to = n, .seen = s, .tree = t};

	if (!number_products(&x, pool, err) || !number_sessions(&x, pool, err))
		return false;
	to_numbers(&x, &s->id[ID_PRODUCT], n->product_number, pool);
	to_numbers(&x, &s->id[ID_SESSION], n->session_number, pool);
	return true;
}

void numbers_finish(struct numbers *n)
{
	free(n->session_number);
	free(n->session_rank);
	free(n->product_number);
	free(n->product_rank);
	free(n->product_node);
	free(n->product);
	*n = (struct numbers){0};
}
