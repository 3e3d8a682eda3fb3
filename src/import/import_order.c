/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Final numbers: products by category and id, sessions by start and id. */
#include "config.h"

#include "import/import_impl.h"

#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

static uint32_t product_node(const struct import *im, uint32_t rank)
{
	uint32_t category = im->fact[(size_t)rank * im->n_facts + FACT_CATEGORY].value;

	return category == MAP_NONE ? CATALOG_NONE : im->tree.of[category];
}

/* A counting sort: stable, so equal categories keep the order of id texts. */
static bool number_products(struct import *im, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n, nodes = im->tree.n;
	SCOPED_FREE uint32_t *next = mem_big((size_t)nodes + 2, sizeof *next,
					     "categories", err);

	if (!next)
		return false;
	im->product_number = mem_big(n, sizeof *im->product_number, "products", err);
	im->product_rank = mem_big(n, sizeof *im->product_rank, "products", err);
	im->product_node = mem_big(n, sizeof *im->product_node, "products", err);
	if (!im->product_number || !im->product_rank || !im->product_node)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t node = product_node(im, i);

		next[(node == CATALOG_NONE ? nodes : node) + 1]++;
	}
	for (uint32_t c = 0; c < nodes; c++)
		next[c + 1] += next[c];
	for (uint32_t i = 0; i < n; i++) {
		uint32_t node = product_node(im, i);
		uint32_t number = next[node == CATALOG_NONE ? nodes : node]++;

		im->product_number[i] = number;
		im->product_rank[number] = i;
		im->product_node[number] = node;
	}
	return true;
}

static bool number_sessions(struct import *im, struct err *err)
{
	uint32_t n = im->id[ID_SESSION].n;
	SCOPED_FREE struct sort_item *item = mem_big(n, sizeof *item, "sessions", err);

	if (!item)
		return false;
	im->session_number = mem_big(n, sizeof *im->session_number, "sessions", err);
	im->session_rank = mem_big(n, sizeof *im->session_rank, "sessions", err);
	if (!im->session_number || !im->session_rank)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		item[i].key = (uint64_t)im->session[i].first.time ^ UINT64_C(1) << 63;
		item[i].value = i;
	}
	if (!sort_items(item, n, im->pool, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		im->session_rank[i] = (uint32_t)item[i].value;
		im->session_number[item[i].value] = i;
	}
	return true;
}

/* Make number[rank] from rank and keep it in the place of rank. */
static void to_numbers(struct ids *ids, const struct import *im, const uint32_t *number)
{
	for (size_t i = 0; i < ids->base[im->workers]; i++)
		ids->rank[i] = number[ids->rank[i]];
}

bool import_number(struct import *im, struct err *err)
{
	if (!number_products(im, err) || !number_sessions(im, err))
		return false;
	to_numbers(&im->id[ID_PRODUCT], im, im->product_number);
	to_numbers(&im->id[ID_SESSION], im, im->session_number);
	return true;
}
