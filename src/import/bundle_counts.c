/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs and transitions of a bundle; pairs go into an external sort, of which rows are loaded. */
#include "config.h"

#include "import/bundle_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

/* ---- pairs */

enum { PAIR_A, PAIR_B, PAIR_N, PAIR_COLUMNS };
static const char *const pair_columns[PAIR_COLUMNS] = {"a", "b", "n"};
enum { MARGIN_PRODUCT, MARGIN_FROM, MARGIN_TO, MARGIN_COLUMNS };
static const char *const margin_columns[MARGIN_COLUMNS] = {"product", "from", "to"};

/* What a thread has seen; engines write rows by a, so the last one is often the next. */
struct pair_hand {
	char last[DATASET_ID_MAX];
	size_t len;
	uint32_t product;
	uint64_t pairs, instances;
};

struct pairing {
	struct bundle *b;
	struct bundle_pairs *p;
	struct pair_hand *hand;		/* (threads) */
	const char *name;
	uint64_t pairs, instances;
	bool directed;
};

static bool find_product(const struct bundle *b, struct str id, uint32_t *number,
			 const char **why)
{
	*number = map_find(b->products, id);
	*why = "the product is not among those of product/";
	return *number != MAP_NONE;
}

static bool take_margin(void *ctx, const struct bundle_row *r, const char **why)
{
	struct pairing *g = ctx;
	uint32_t product, from, to;
	bool twice;

	if (!find_product(g->b, r->field[MARGIN_PRODUCT], &product, why) ||
	    !bundle_u32(r->field[MARGIN_FROM], &from, why) ||
	    !bundle_u32(r->field[MARGIN_TO], &to, why))
		return false;
	*why = "a margin is greater than the relation's total";
	if (from > g->p->total || to > g->p->total)
		return false;
	*why = "from and to of an unordered relation must be the same";
	if (!g->directed && from != to)
		return false;
	*why = "the product is there twice";
	pthread_mutex_lock(&g->b->lock);
	twice = g->p->from[product] || g->p->to[product];
	g->p->from[product] = from;
	g->p->to[product] = to;
	pthread_mutex_unlock(&g->b->lock);
	return !twice;
}

static bool find_first(struct pairing *g, struct pair_hand *h, struct str id, uint32_t *number,
		       const char **why)
{
	if (id.len && id.len == h->len && memcmp(id.ptr, h->last, id.len) == 0) {
		*number = h->product;
		return true;
	}
	if (!find_product(g->b, id, number, why))
		return false;
	h->len = id.len;	/* a product's, so not longer than that */
	memcpy(h->last, id.ptr, id.len);
	h->product = *number;
	return true;
}

static bool parse_pair(struct pairing *g, const struct bundle_row *r, uint32_t *v,
		       const char **why)
{
	if (!find_first(g, &g->hand[r->worker], r->field[PAIR_A], &v[0], why) ||
	    !find_product(g->b, r->field[PAIR_B], &v[1], why) ||
	    !bundle_u32(r->field[PAIR_N], &v[2], why))
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

static bool take_pair(void *ctx, const struct bundle_row *r, const char **why)
{
	struct pairing *g = ctx;
	uint32_t v[PAIR_COLUMNS];

	if (!parse_pair(g, r, v, why))
		return false;
	pair_sort_add(g->p->sort, r->worker, 0, (struct pair_entry){v[0], v[1], v[2]});
	pair_sort_add(g->p->sort, r->worker, g->directed, (struct pair_entry){v[1], v[0], v[2]});
	g->hand[r->worker].pairs++;
	g->hand[r->worker].instances += v[2];
	return true;
}

/* meta.json says how many there are, so that a part that is lost is seen. */
static bool check_sums(const struct pairing *g, const uint64_t *want, struct err *err)
{
	if (want[0] == g->pairs && want[1] == g->instances)
		return true;
	return err_fail(err, ERR_FORMAT, "%s/relation=%s: %" PRIu64 " pairs with a sum of %"
			PRIu64 ", but meta.json says %" PRIu64 " with %" PRIu64, g->b->dir,
			g->name, g->pairs, g->instances, want[0], want[1]);
}

static bool read_pairs(struct pairing *g, struct spill *spill, struct err *err)
{
	const char *const pairs[3] = {"relations", g->name, "pairs"};
	const char *const instances[3] = {"relations", g->name, "instances"};
	unsigned threads = pool_threads(g->b->pool);
	STRBUF(folder);
	struct bundle_table t = {NULL, pair_columns, PAIR_COLUMNS, PAIR_COLUMNS, false, take_pair,
				 g};
	uint64_t want[2];

	if (!bundle_number_of(g->b, pairs, &want[0], err) ||
	    !bundle_number_of(g->b, instances, &want[1], err))
		return false;
	g->p->sort = pair_sort_create(&(struct pair_sort_plan){
		.products = map_count(g->b->products),
		.threads = threads,
		.sides = g->directed ? 2 : 1,
		.entries = g->directed ? want[0] : 2 * want[0],
		.memory = g->b->memory,
		.spill = spill,
	});
	strbuf_addf(&folder, "relation=%s", g->name);
	t.folder = strbuf_c(&folder);
	if (!bundle_read(g->b, &t, err) || !pair_sort_finish(g->p->sort, err))
		return false;
	for (unsigned i = 0; i < threads; i++) {
		g->pairs += g->hand[i].pairs;
		g->instances += g->hand[i].instances;
	}
	return check_sums(g, want, err);
}

static bool check_margins(const struct pairing *g, const char *name, struct err *err)
{
	const char *const from[3] = {"relations", name, "from"};
	const char *const to[3] = {"relations", name, "to"};
	uint64_t want[2], have[2] = {0};

	if (!bundle_number_of(g->b, from, &want[0], err) ||
	    !bundle_number_of(g->b, to, &want[1], err))
		return false;
	for (uint32_t a = 0; a < map_count(g->b->products); a++) {
		have[0] += g->p->from[a];
		have[1] += g->p->to[a];
	}
	if (have[0] == want[0] && have[1] == want[1])
		return true;
	return err_fail(err, ERR_FORMAT, "%s/margin/relation=%s: the sums of from and to are %"
			PRIu64 " and %" PRIu64 ", but meta.json says %" PRIu64 " and %" PRIu64,
			g->b->dir, name, have[0], have[1], want[0], want[1]);
}

static bool read_margins(struct pairing *g, struct err *err)
{
	const char *const total[3] = {"relations", g->name, "total"};
	STRBUF(folder);
	struct bundle_table t = {NULL, margin_columns, MARGIN_COLUMNS, MARGIN_COLUMNS, false,
				 take_margin, g};

	strbuf_addf(&folder, "margin/relation=%s", g->name);
	t.folder = strbuf_c(&folder);
	return bundle_number_of(g->b, total, &g->p->total, err) &&
	       bundle_read(g->b, &t, err) && check_margins(g, g->name, err);
}

bool bundle_has_relation(const struct bundle *b, enum relation r)
{
	return json_object_get(json_object_get(b->meta, "relations"), relation_name(r)) ||
	       (b->old && b->old->c->relation[r].out.offsets);
}

bool bundle_pairs(struct bundle *b, enum relation r, struct spill *spill,
		  struct bundle_pairs *out, struct err *err)
{
	const char *what = "pairs";
	uint32_t n = map_count(b->products);
	struct bundle_pairs p = {.bundle = b, .relation = r};
	struct pairing g = {.b = b, .p = &p, .directed = relation_directed(r),
			    .name = relation_name(r)};
	bool ok;

	job_step(b->job, g.name, 0);
	g.hand = mem_zalloc(pool_threads(b->pool) * sizeof *g.hand);
	p.from = mem_big(n, sizeof *p.from, what, err);
	p.to = mem_big(n, sizeof *p.to, what, err);
	ok = p.from && p.to && read_margins(&g, err) && read_pairs(&g, spill, err);
	free(g.hand);
	ok = ok && bundle_add_margins(&p, err);
	if (!ok) {
		bundle_pairs_finish(&p);
		return false;
	}
	if (bundle_merges(&p))
		bundle_merge_start(&p);
	*out = p;
	return true;
}

bool bundle_pairs_load(const struct bundle_pairs *p, struct pair_ask ask,
		       struct pair_loaded *rows, struct err *err)
{
	const struct bundle *b = p->bundle;

	if (!pair_sort_load(p->sort, ask, rows, err))
		return false;
	if (rows->twice == UINT32_MAX)
		return !p->merge || bundle_merge(p, ask, rows, err);
	return err_fail(err, ERR_FORMAT, "%s/relation=%s: a pair with product '%.*s' is there "
			"twice", b->dir, relation_name(p->relation),
			STR_ARG(map_key(b->products, rows->twice)));
}

bool bundle_pairs_known(const struct bundle_pairs *p)
{
	return !p->merge;
}

void bundle_pairs_finish(struct bundle_pairs *p)
{
	if (p->merge)
		bundle_merge_finish(p);
	pair_sort_destroy(p->sort);
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

struct transiting {
	struct bundle *b;
	struct bundle_transitions *t;
	struct bundle_cells cells;
	size_t own;		/* of them from the bundle's rows */
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

static bool take_node(void *ctx, const struct bundle_row *r, const char **why)
{
	struct transiting *g = ctx;
	const struct str *field = r->field;
	unsigned level;
	uint32_t node, v[4];

	if (!find_node(g->b, field, &level, &node, why))
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (!bundle_u32(field[NODE_FROM + i], &v[i], why))
			return false;
	*why = "multi, own and own_multi can't be more than from, and that not more than the "
	       "baskets";
	if (v[1] > v[0] || v[2] > v[0] || v[3] > v[1] || v[3] > v[2] ||
	    v[0] > g->t->counts.baskets || v[1] > g->t->counts.multi_baskets)
		return false;
	*why = "the category of the level is there twice";
	pthread_mutex_lock(&g->b->lock);
	bool twice = g->t->margin[0][node] != 0;

	for (unsigned i = 0; i < 4; i++)
		g->t->margin[i][node] = v[i];
	pthread_mutex_unlock(&g->b->lock);
	return !twice;
}

static bool take_cell(void *ctx, const struct bundle_row *r, const char **why)
{
	struct transiting *g = ctx;
	const struct str *field = r->field;
	const struct str other[2] = {field[CELL_LEVEL], field[CELL_B]};
	struct bundle_cell c;

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
	MEM_GROW(g->cells.cell, g->cells.cap, g->cells.n + 1);
	g->cells.cell[g->cells.n++] = c;
	pthread_mutex_unlock(&g->b->lock);
	return true;
}

/* Sum up what stands twice: cells of the bundle and of the store. */
static size_t fold(const struct transiting *g, struct sort_item *item, size_t n)
{
	struct bundle_cell *cell = g->cells.cell;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct bundle_cell *before;

		if (!kept || item[i].key != item[kept - 1].key || item[i].value < g->own) {
			item[kept++] = item[i];
			continue;
		}
		before = &cell[item[kept - 1].value];
		/* Both ways lead to one cell, which is added to once. */
		if (item[i].key >> 32 <= (uint32_t)item[i].key) {
			before->n += cell[item[i].value].n;
			before->pairs += cell[item[i].value].pairs;
		}
	}
	return kept;
}

static bool make_level(struct transiting *g, unsigned d, struct err *err)
{
	struct bundle_transitions *t = g->t;
	SCOPED_FREE struct sort_item *item = mem_big(2 * g->cells.n, sizeof *item, "transitions",
						     err);
	size_t rows = g->b->catalog_categories, n = 0;

	if (!item)
		return false;
	for (size_t i = 0; i < g->cells.n; i++) {
		const struct bundle_cell *c = &g->cells.cell[i];

		if (c->level != d)
			continue;
		item[n++] = (struct sort_item){(uint64_t)c->a << 32 | c->b, i};
		if (c->a != c->b)
			item[n++] = (struct sort_item){(uint64_t)c->b << 32 | c->a, i};
	}
	if (!sort_items(item, n, g->b->pool, err))
		return false;
	n = g->b->old ? fold(g, item, n) : n;
	t->offsets[d] = mem_big(rows + 1, sizeof *t->offsets[d], "transitions", err);
	t->column[d] = mem_big(n, sizeof *t->column[d], "transitions", err);
	t->value[d] = mem_big(n, sizeof *t->value[d], "transitions", err);
	t->pairs[d] = mem_big(n, sizeof *t->pairs[d], "transitions", err);
	if (!t->offsets[d] || !t->column[d] || !t->value[d] || !t->pairs[d])
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct bundle_cell *c = &g->cells.cell[item[i].value];

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
	       (json_object_get(json_object_get(b->meta, "transitions"), basket_kind_name(k)) ||
		(b->old && b->old->c->transition[k].levels));
}

/* What the store has, after the bundle's own was held against its margins. */
static bool add_old(struct transiting *g)
{
	g->own = g->cells.n;
	if (g->b->old) {
		bundle_add_nodes(g->b, g->cells.kind, g->t->margin, &g->t->counts);
		bundle_add_cells(g->b, &g->cells, g->t->counts.levels);
	}
	return true;
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
						NODE_COLUMNS, false, take_node, g};
	const struct bundle_table cell_table = {strbuf_c(&cells), cell_columns, CELL_COLUMNS,
						CELL_COLUMNS, false, take_cell, g};

	for (uint32_t i = 0; i < g->b->catalog_categories; i++)
		if (g->b->depth[i] + 1u > c->levels)
			c->levels = g->b->depth[i] + 1u;
	return bundle_number_of(g->b, path[0], &c->baskets, err) &&
	       bundle_number_of(g->b, path[1], &c->multi_baskets, err) &&
	       bundle_read(g->b, &node_table, err) && bundle_read(g->b, &cell_table, err) &&
	       add_old(g);
}

bool bundle_transitions(struct bundle *b, enum basket_kind k, struct bundle_transitions *out,
			struct err *err)
{
	struct bundle_transitions t = {0};
	struct transiting g = {.b = b, .t = &t, .cells.kind = k};
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
	free(g.cells.cell);
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
