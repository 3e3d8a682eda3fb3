/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs and transitions of a bundle. The rows are read twice: first to count the entries
 * of every product, then to put them into place, so that no pair is held but in the
 * result. Within a product they are sorted by the other one.
 */
#include "config.h"

#include "import/bundle_impl.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

#define ROWS 1024	/* products of one task */

/* ---- pairs */

enum { PAIR_A, PAIR_B, PAIR_N, PAIR_COLUMNS };
static const char *const pair_columns[PAIR_COLUMNS] = {"a", "b", "n"};
enum { MARGIN_PRODUCT, MARGIN_FROM, MARGIN_TO, MARGIN_COLUMNS };
static const char *const margin_columns[MARGIN_COLUMNS] = {"product", "from", "to"};

struct pairing {
	struct bundle *b;
	struct bundle_pairs *p;
	bool directed, place;
	uint32_t n;			/* products */
	_Atomic uint64_t *next;		/* (P) entries so far, or where the next one goes */
	_Atomic uint64_t pairs, instances;
	_Atomic uint32_t twice;		/* a product with a pair that is there twice */
};

static bool find_product(const struct bundle *b, struct str id, uint32_t *number,
			 const char **why)
{
	*number = map_find(b->products, id);
	*why = "the product is not among those of product/";
	return *number != MAP_NONE;
}

static bool take_margin(void *ctx, const struct str *field, const char **why)
{
	struct pairing *g = ctx;
	uint32_t product, from, to;

	if (!find_product(g->b, field[MARGIN_PRODUCT], &product, why) ||
	    !bundle_u32(field[MARGIN_FROM], &from, why) ||
	    !bundle_u32(field[MARGIN_TO], &to, why))
		return false;
	*why = "a margin is greater than the relation's total";
	if (from > g->p->total || to > g->p->total)
		return false;
	*why = "from and to of an unordered relation must be the same";
	if (!g->directed && from != to)
		return false;
	*why = "the product is there twice";
	if (g->p->from[product] || g->p->to[product])
		return false;
	g->p->from[product] = from;
	g->p->to[product] = to;
	return true;
}

static bool parse_pair(const struct pairing *g, const struct str *field, uint32_t *v,
		       const char **why)
{
	if (!find_product(g->b, field[PAIR_A], &v[0], why) ||
	    !find_product(g->b, field[PAIR_B], &v[1], why) ||
	    !bundle_u32(field[PAIR_N], &v[2], why))
		return false;
	*why = "no product is paired with itself";
	if (v[0] == v[1])
		return false;
	*why = "n must be at least 1";
	if (v[2] == 0)
		return false;
	*why = "n is greater than the margin of a or of b";
	return v[2] <= g->p->from[v[0]] && v[2] <= g->p->to[v[1]];
}

static bool take_pair(void *ctx, const struct str *field, const char **why)
{
	struct pairing *g = ctx;
	uint32_t v[PAIR_COLUMNS];

	if (!parse_pair(g, field, v, why))
		return false;
	for (unsigned side = 0; side < (g->directed ? 1 : 2); side++) {
		uint64_t at = atomic_fetch_add(&g->next[v[side]], 1);

		if (g->place)
			g->p->entry[at] = (uint64_t)v[1 - side] << 32 | v[2];
	}
	if (!g->place) {
		atomic_fetch_add(&g->pairs, 1);
		atomic_fetch_add(&g->instances, v[2]);
	}
	return true;
}

static int by_column(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_rows(void *ctx, size_t task, unsigned worker)
{
	struct pairing *g = ctx;
	uint64_t end = ((uint64_t)task + 1) * ROWS;

	(void)worker;
	for (uint64_t a = task * ROWS; a < g->n && a < end; a++) {
		uint64_t *row = g->p->entry + g->p->offsets[a];
		size_t n = (size_t)(g->p->offsets[a + 1] - g->p->offsets[a]), i = 1;

		while (i < n && row[i - 1] <= row[i])
			i++;
		if (i < n)
			qsort(row, n, sizeof *row, by_column);
		for (i = 1; i < n; i++)
			if (row[i - 1] >> 32 == row[i] >> 32)
				atomic_store(&g->twice, (uint32_t)a);
	}
}

/* meta.json says how many there are, so that a part that is lost is seen. */
static bool check_sums(const struct pairing *g, const char *name, struct err *err)
{
	const char *const pairs[3] = {"relations", name, "pairs"};
	const char *const instances[3] = {"relations", name, "instances"};
	uint64_t want[2];

	if (!bundle_number_of(g->b, pairs, &want[0], err) ||
	    !bundle_number_of(g->b, instances, &want[1], err))
		return false;
	if (want[0] == g->pairs && want[1] == g->instances)
		return true;
	return err_fail(err, ERR_FORMAT, "%s/relation=%s: %" PRIu64 " pairs with a sum of %"
			PRIu64 ", but meta.json says %" PRIu64 " with %" PRIu64, g->b->dir,
			name, g->pairs, g->instances, want[0], want[1]);
}

static bool read_pairs(struct pairing *g, const char *name, struct err *err)
{
	struct bundle_pairs *p = g->p;
	STRBUF(folder);
	struct bundle_table t = {.columns = pair_columns, .n_columns = PAIR_COLUMNS,
				 .row = take_pair, .ctx = g};
	uint64_t at = 0;

	strbuf_addf(&folder, "relation=%s", name);
	t.folder = strbuf_c(&folder);
	if (!bundle_read(g->b, &t, err) || !check_sums(g, name, err))
		return false;
	for (uint32_t a = 0; a < g->n; a++) {
		uint64_t n = g->next[a];

		p->offsets[a] = at;
		g->next[a] = at;
		at += n;
	}
	p->offsets[g->n] = at;
	p->entry = mem_big(at, sizeof *p->entry, "pairs", err);
	g->place = true;
	if (!p->entry || !bundle_read(g->b, &t, err))
		return false;
	pool_run(g->b->pool, ((size_t)g->n + ROWS - 1) / ROWS, sort_rows, g);
	if (g->twice == UINT32_MAX)
		return job_check(g->b->job, err);
	return err_fail(err, ERR_FORMAT, "%s/relation=%s: a pair with product '%.*s' is there "
			"twice", g->b->dir, name, STR_ARG(map_key(g->b->products, g->twice)));
}

static bool check_margins(const struct pairing *g, const char *name, struct err *err)
{
	const char *const from[3] = {"relations", name, "from"};
	const char *const to[3] = {"relations", name, "to"};
	uint64_t want[2], have[2] = {0};

	if (!bundle_number_of(g->b, from, &want[0], err) ||
	    !bundle_number_of(g->b, to, &want[1], err))
		return false;
	for (uint32_t a = 0; a < g->n; a++) {
		have[0] += g->p->from[a];
		have[1] += g->p->to[a];
	}
	if (have[0] == want[0] && have[1] == want[1])
		return true;
	return err_fail(err, ERR_FORMAT, "%s/margin/relation=%s: the sums of from and to are %"
			PRIu64 " and %" PRIu64 ", but meta.json says %" PRIu64 " and %" PRIu64,
			g->b->dir, name, have[0], have[1], want[0], want[1]);
}

static bool read_margins(struct pairing *g, const char *name, struct err *err)
{
	const char *const total[3] = {"relations", name, "total"};
	STRBUF(folder);
	struct bundle_table t = {.columns = margin_columns, .n_columns = MARGIN_COLUMNS,
				 .row = take_margin, .ctx = g};

	strbuf_addf(&folder, "margin/relation=%s", name);
	t.folder = strbuf_c(&folder);
	return bundle_number_of(g->b, total, &g->p->total, err) &&
	       bundle_read(g->b, &t, err) && check_margins(g, name, err);
}

bool bundle_has_relation(const struct bundle *b, enum relation r)
{
	return json_object_get(json_object_get(b->meta, "relations"), relation_name(r));
}

bool bundle_pairs(struct bundle *b, enum relation r, struct bundle_pairs *out,
		  struct err *err)
{
	const char *name = relation_name(r), *what = "pairs";
	uint32_t n = map_count(b->products);
	struct bundle_pairs p = {0};
	struct pairing g = {.b = b, .p = &p, .directed = relation_directed(r), .n = n,
			    .twice = UINT32_MAX};
	SCOPED_FREE _Atomic uint64_t *next = mem_big(n, sizeof *next, what, err);
	bool ok;

	job_step(b->job, name, 0);
	g.next = next;
	p.offsets = mem_big((size_t)n + 1, sizeof *p.offsets, what, err);
	p.from = mem_big(n, sizeof *p.from, what, err);
	p.to = mem_big(n, sizeof *p.to, what, err);
	ok = next && p.offsets && p.from && p.to && read_margins(&g, name, err) &&
	     read_pairs(&g, name, err);
	if (!ok) {
		bundle_pairs_finish(&p);
		return false;
	}
	p.pairs = g.pairs;
	p.instances = g.instances;
	*out = p;
	return true;
}

void bundle_pairs_finish(struct bundle_pairs *p)
{
	free(p->offsets);
	free(p->entry);
	free(p->from);
	free(p->to);
	*p = (struct bundle_pairs){0};
}

/* ---- transitions */

enum { CELL_LEVEL, CELL_A, CELL_B, CELL_N, CELL_PAIRS, CELL_COLUMNS };
static const char *const cell_columns[CELL_COLUMNS] = {"level", "a", "b", "n", "pairs"};
enum { NODE_LEVEL, NODE_CATEGORY, NODE_FROM, NODE_COLUMNS = NODE_FROM + 4 };
static const char *const node_columns[NODE_COLUMNS] = {
	"level", "category", "from", "multi", "own", "own_multi",
};

/* n_ab of a level, one way. */
struct cell {
	unsigned level;
	uint32_t a, b, n;
	uint64_t pairs;
};

struct transiting {
	struct bundle *b;
	struct bundle_transitions *t;
	struct cell *cell;
	size_t n, cap;
};

/* The node that a category's own stands below at the level, or is. */
static bool find_node(const struct bundle *b, const struct str *field, unsigned *level,
		      uint32_t *node, const char **why)
{
	uint32_t at;

	if (!bundle_u32(field[0], &at, why))
		return false;
	*why = "the level is beyond the tree's";
	if (at >= CATALOG_LEVELS)
		return false;
	*level = at;
	*node = map_find(b->categories, field[1]);
	*why = "the category is not among those of category/";
	if (*node == MAP_NONE)
		return false;
	while (b->depth[*node] > at)
		*node = b->parent[*node];
	return true;
}

static bool take_node(void *ctx, const struct str *field, const char **why)
{
	struct transiting *g = ctx;
	unsigned level;
	uint32_t node, v[4];

	if (!find_node(g->b, field, &level, &node, why))
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (!bundle_u32(field[NODE_FROM + i], &v[i], why))
			return false;
	*why = "the category of the level is there twice";
	if (g->t->margin[0][node])
		return false;
	*why = "multi, own and own_multi can't be more than from, and that not more than the "
	       "baskets";
	if (v[1] > v[0] || v[2] > v[0] || v[3] > v[1] || v[3] > v[2] ||
	    v[0] > g->t->counts.baskets || v[1] > g->t->counts.multi_baskets)
		return false;
	for (unsigned i = 0; i < 4; i++)
		g->t->margin[i][node] = v[i];
	return true;
}

static bool take_cell(void *ctx, const struct str *field, const char **why)
{
	struct transiting *g = ctx;
	const struct str other[2] = {field[CELL_LEVEL], field[CELL_B]};
	struct cell c;

	if (!find_node(g->b, field, &c.level, &c.a, why) ||
	    !find_node(g->b, other, &c.level, &c.b, why) ||
	    !bundle_u32(field[CELL_N], &c.n, why))
		return false;
	*why = "pairs must be a whole number of at least n, and n at least 1";
	if (!num_u64(field[CELL_PAIRS], &c.pairs) || c.n == 0 || c.pairs < c.n)
		return false;
	*why = "n is greater than the baskets with a or with b";
	if (c.n > g->t->margin[0][c.a] || c.n > g->t->margin[0][c.b])
		return false;
	pthread_mutex_lock(&g->b->lock);
	MEM_GROW(g->cell, g->cap, g->n + 1);
	g->cell[g->n++] = c;
	pthread_mutex_unlock(&g->b->lock);
	return true;
}

static bool make_level(struct transiting *g, unsigned d, struct err *err)
{
	struct bundle_transitions *t = g->t;
	SCOPED_FREE struct sort_item *item = mem_big(2 * g->n, sizeof *item, "transitions",
						     err);
	size_t rows = g->b->catalog_categories, n = 0;

	if (!item)
		return false;
	for (size_t i = 0; i < g->n; i++) {
		const struct cell *c = &g->cell[i];

		if (c->level != d)
			continue;
		item[n++] = (struct sort_item){(uint64_t)c->a << 32 | c->b, i};
		if (c->a != c->b)
			item[n++] = (struct sort_item){(uint64_t)c->b << 32 | c->a, i};
	}
	t->offsets[d] = mem_big(rows + 1, sizeof *t->offsets[d], "transitions", err);
	t->column[d] = mem_big(n, sizeof *t->column[d], "transitions", err);
	t->value[d] = mem_big(n, sizeof *t->value[d], "transitions", err);
	t->pairs[d] = mem_big(n, sizeof *t->pairs[d], "transitions", err);
	if (!t->offsets[d] || !t->column[d] || !t->value[d] || !t->pairs[d] ||
	    !sort_items(item, n, g->b->pool, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct cell *c = &g->cell[item[i].value];

		if (i && item[i].key == item[i - 1].key)
			return err_fail(err, ERR_FORMAT, "%s/transition: categories '%.*s' and "
					"'%.*s' are there twice at level %u", g->b->dir,
					STR_ARG(map_key(g->b->categories, c->a)),
					STR_ARG(map_key(g->b->categories, c->b)), d);
		t->offsets[d][(item[i].key >> 32) + 1]++;
		t->column[d][i] = (uint32_t)item[i].key;
		t->value[d][i] = c->n;
		t->pairs[d][i] = c->pairs;
	}
	for (size_t i = 0; i < rows; i++)
		t->offsets[d][i + 1] += t->offsets[d][i];
	t->counts.level[d] = (struct csr){t->offsets[d], t->column[d], t->value[d], rows, n};
	t->counts.pairs[d] = t->pairs[d];
	return true;
}

bool bundle_has_baskets(const struct bundle *b, enum basket_kind k)
{
	return b->catalog_categories > 0 &&
	       json_object_get(json_object_get(b->meta, "transitions"), basket_kind_name(k));
}

static bool read_transitions(struct transiting *g, const char *name, struct err *err)
{
	const char *const path[2][3] = {{"transitions", name, "baskets"},
					{"transitions", name, "multi_baskets"}};
	struct transition_counts *c = &g->t->counts;
	STRBUF(nodes);
	STRBUF(cells);

	strbuf_addf(&nodes, "transition-margin/basket=%s", name);
	strbuf_addf(&cells, "transition/basket=%s", name);
	const struct bundle_table node_table = {strbuf_c(&nodes), node_columns, NODE_COLUMNS,
						take_node, g};
	const struct bundle_table cell_table = {strbuf_c(&cells), cell_columns, CELL_COLUMNS,
						take_cell, g};

	for (uint32_t i = 0; i < g->b->catalog_categories; i++)
		if (g->b->depth[i] + 1u > c->levels)
			c->levels = g->b->depth[i] + 1u;
	return bundle_number_of(g->b, path[0], &c->baskets, err) &&
	       bundle_number_of(g->b, path[1], &c->multi_baskets, err) &&
	       bundle_read(g->b, &node_table, err) && bundle_read(g->b, &cell_table, err);
}

bool bundle_transitions(struct bundle *b, enum basket_kind k, struct bundle_transitions *out,
			struct err *err)
{
	struct bundle_transitions t = {0};
	struct transiting g = {.b = b, .t = &t};
	bool ok = true;

	job_step(b->job, "reading transitions", 0);
	for (unsigned i = 0; ok && i < 4; i++) {
		t.margin[i] = mem_big(b->catalog_categories, sizeof *t.margin[i],
				      "transitions", err);
		ok = t.margin[i];
	}
	ok = ok && read_transitions(&g, basket_kind_name(k), err);
	for (unsigned d = 0; ok && d < t.counts.levels; d++)
		ok = make_level(&g, d, err);
	free(g.cell);
	t.counts.from = t.margin[0];
	t.counts.multi = t.margin[1];
	t.counts.own = t.margin[2];
	t.counts.own_multi = t.margin[3];
	if (ok)
		*out = t;
	else
		bundle_transitions_finish(&t);
	return ok;
}

void bundle_transitions_finish(struct bundle_transitions *t)
{
	for (unsigned i = 0; i < 4; i++)
		free(t->margin[i]);
	for (unsigned d = 0; d < CATALOG_LEVELS; d++) {
		free(t->offsets[d]);
		free(t->pairs[d]);
		free(t->column[d]);
		free(t->value[d]);
	}
	*t = (struct bundle_transitions){0};
}
