/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edge_list: a weighted graph of products from files, as numbers of a catalog. */
#ifndef IMPORT_EDGE_LIST_H
#define IMPORT_EDGE_LIST_H

#include "base/err.h"
#include "base/map.h"
#include "base/work.h"
#include "store/catalog.h"

/* An edge as it stands in a file; ids are numbers of the map. */
struct edge {
	uint32_t a, b, weight;
};

struct edge_list {
	struct map *id;
	struct edges {
		struct edge *at;	/* (n) */
		size_t n, cap;
	} of[RELATIONS];
	uint64_t own;		/* from a product to itself: left out */
	bool both;		/* each edge of a directed relation is one in either direction */
};
/*
 * Append what a file has: two ids and, behind them or in a column of that name, a weight
 * (a whole number from 1; none is 1). Tab, comma, semicolon or blanks part them; Parquet and
 * JSON are read too. A first line that names columns (a, b, weight; source, target; from,
 * to; relation, in small letters) is no edge. A column "relation" names that of each edge;
 * else it is the one given. ERR_FORMAT with file and line.
 */
bool edge_list_read(struct edge_list *l, const char *path, enum relation relation,
		    struct err *err);
void edge_list_finish(struct edge_list *l);

/* Rows of a catalog that has those ids: struct relation_given's fields. Weights of equal
 * pairs are added; an undirected pair is the same both ways. The marginal of a product is
 * the weight of its edges. */
struct edge_rows {
	uint64_t *offsets, *entry;
	uint32_t *from, *to;
	uint64_t total, pairs, instances;
};
/* Of one of its relations. */
struct edge_graph {
	const struct edge_list *list;
	enum relation relation;
};
bool edge_rows_make(struct edge_rows *r, struct edge_graph g, const struct catalog *c,
		    struct work work, struct err *err);
void edge_rows_finish(struct edge_rows *r);

#endif
