/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edges are sorted by their ends as numbers of the catalog, then equal ones are added. */
#include "config.h"

#include "import/edge_list.h"

#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/sort.h"
#include "data/csv.h"

enum place {
	PLACE_A,
	PLACE_B,
	PLACE_WEIGHT,
	PLACE_RELATION,	/* by name alone */
	PLACES,
};

/* A file that is being read. */
struct reading {
	struct edge_list *to;
	const char *path;
	enum relation relation;		/* where no column names it */
	uint64_t lines;			/* of pieces before */
	bool begun;
	unsigned at[PLACES];		/* columns */
};

void edge_list_finish(struct edge_list *l)
{
	map_destroy(l->id);
	for (unsigned i = 0; i < RELATIONS; i++)
		free(l->of[i].at);
	*l = (struct edge_list){0};
}

static bool names(struct str s, enum place p)
{
	static const char *const known[PLACES][5] = {
		{"a", "source", "src", "from", "product"},
		{"b", "target", "dst", "to", "other"},
		{"weight", "n", "count", "value", "w"},
		{"relation"},
	};

	s = str_trim(s);
	for (unsigned i = 0; i < 5 && known[p][i]; i++)
		if (str_is(s, known[p][i]))
			return true;
	return false;
}

/* Where the ends and the weight stand; true: the first record is names. */
static bool find_places(struct reading *r, const struct csv_record *record)
{
	bool found[PLACES] = {false};

	for (unsigned p = 0; p < PLACES; p++) {
		r->at[p] = p == PLACE_RELATION ? UINT_MAX : p;
		for (unsigned i = 0; i < record->n && !found[p]; i++)
			if (names(record->field[i], p)) {
				r->at[p] = i;
				found[p] = true;
			}
	}
	if (found[PLACE_A] && found[PLACE_B])
		return true;
	for (unsigned p = 0; p < PLACES; p++)
		r->at[p] = p == PLACE_RELATION ? UINT_MAX : p;
	return false;
}

static bool bad(const struct reading *r, const struct csv_record *record, const char *what,
		struct err *err)
{
	return err_fail(err, ERR_FORMAT, "%s:%llu: %s: %.*s", r->path,
			(unsigned long long)(r->lines + record->line + 1), what,
			(int)(record->text.len < 80 ? record->text.len : 80),
			record->text.ptr ? record->text.ptr : "");
}

static bool keep_edge(struct edges *l, struct edge e, struct err *err)
{
	if (l->n == l->cap) {
		size_t cap = l->cap + l->cap / 2 + 4096;

		if (!mem_big_resize((void **)&l->at, cap, sizeof *l->at, "edges", err))
			return false;
		l->cap = cap;
	}
	l->at[l->n++] = e;
	return true;
}

static bool add_edge(struct reading *r, const struct csv_record *record, struct err *err)
{
	struct edge_list *l = r->to;
	struct edge e = {.weight = 1};
	uint32_t *end[] = {&e.a, &e.b};
	enum relation relation = r->relation;
	struct decimal d = {1, 0};
	int64_t weight;

	if (record->reason || record->n <= r->at[PLACE_A] || record->n <= r->at[PLACE_B])
		return bad(r, record, "an edge is two ids and a weight", err);
	for (unsigned i = 0; i < 2; i++) {
		struct str id = record->field[r->at[i]];

		if (!id.len || id.len > DATASET_ID_MAX)
			return bad(r, record, "an id is empty or over 200 bytes", err);
		*end[i] = map_intern(l->id, id, err);
		if (*end[i] == MAP_NONE)
			return false;
	}
	if (record->n > r->at[PLACE_WEIGHT] && record->field[r->at[PLACE_WEIGHT]].len &&
	    !num_decimal(record->field[r->at[PLACE_WEIGHT]], &d))
		d.units = 0;
	if (!num_rescale(d, 0, &weight) || weight < 1 || weight > UINT32_MAX)
		return bad(r, record, "a weight is a whole number from 1 to 4,294,967,295", err);
	if (r->at[PLACE_RELATION] < record->n &&
	    !relation_parse(str_trim(record->field[r->at[PLACE_RELATION]]), &relation))
		return bad(r, record, "the column relation names no relation (co-view, "
				      "adjacent-view, view-purchase, co-cart, co-purchase)", err);
	if (e.a == e.b) {
		l->own++;
		return true;
	}
	e.weight = (uint32_t)weight;
	return keep_edge(&l->of[relation], e, err) &&
	       (!l->both || !relation_directed(relation) ||
		keep_edge(&l->of[relation], (struct edge){e.b, e.a, e.weight}, err));
}

static bool read_piece(struct reading *r, struct csv *csv, const struct split_piece *piece,
		       struct err *err)
{
	struct csv_record record;

	csv_reader_start(csv, piece);
	while (csv_reader_next(csv, &record)) {
		bool header = !r->begun && find_places(r, &record);

		r->begun = true;
		if (!header && !piece->part.names && !add_edge(r, &record, err))
			return false;
	}
	r->lines += csv->line;
	if (!csv->err.code)
		return true;
	if (err)
		*err = csv->err;
	return false;
}

/* What parts the first line. */
static bool find_separator(const char *path, char *separator, struct err *err)
{
	static const char signs[] = "\t,; ";
	struct split_limits limits = split_limits_default(1);
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct str line;
	size_t n;

	*separator = '\t';
	limits.tables = true;
	if (strcmp(path, "-") == 0)
		return true;
	if (!split_open(&s, path, '\t', &limits, err))
		return false;
	if (split_is_table(s) || !split_next(s, &pieces, &n, NULL, err) || !n)
		return !err || !err->code;
	line = str_span(pieces->ptr, (size_t)(pieces->end - pieces->ptr));
	line.len = split_line(line);
	for (size_t i = 0; i < sizeof signs - 1; i++)
		if (str_chr(line, signs[i]) != SIZE_MAX) {
			*separator = signs[i];
			return true;
		}
	return err_fail(err, ERR_FORMAT, "%s:1: an edge is two ids and a weight, parted by a "
			"tab, comma, semicolon or blank", path);
}

bool edge_list_read(struct edge_list *l, const char *path, enum relation relation,
		    struct err *err)
{
	struct split_limits limits = split_limits_default(1);
	struct reading r = {.to = l, .path = path, .relation = relation};
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct csv csv;
	char separator;
	size_t n = 1;
	bool ok = true;

	if (!l->id)
		l->id = map_create();
	limits.tables = true;
	if (!find_separator(path, &separator, err) ||
	    !split_open(&s, path, separator, &limits, err))
		return false;
	csv_reader_init(&csv, separator, &limits);
	while (ok && n && (ok = split_next(s, &pieces, &n, NULL, err)))
		for (size_t i = 0; i < n && ok; i++)
			ok = read_piece(&r, &csv, &pieces[i], err);
	csv_reader_finish(&csv);
	return ok;
}

/* ---- rows */

void edge_rows_finish(struct edge_rows *r)
{
	free(r->offsets);
	free(r->entry);
	free(r->from);
	free(r->to);
	*r = (struct edge_rows){0};
}

/* Sorted: (a, b) as the key, both ways where they have no direction. */
static struct sort_item *sorted(struct edge_graph g, const struct catalog *c,
				struct work work, struct err *err)
{
	const struct edges *l = &g.list->of[g.relation];
	const struct map *id = g.list->id;
	uint32_t *number = mem_big(map_count(id), sizeof *number, "ids", err);
	bool directed = relation_directed(g.relation);
	size_t n = directed ? l->n : 2 * l->n;
	struct sort_item *item = number ? mem_big(n, sizeof *item, "edges", err) : NULL;

	for (uint32_t p = 0; item && p < c->n_products; p++) {
		uint32_t i = map_find(id, text_at(&c->product_id, p));

		if (i != MAP_NONE)
			number[i] = p;
	}
	for (size_t i = 0; item && i < l->n; i++) {
		uint64_t a = number[l->at[i].a], b = number[l->at[i].b];

		item[i] = (struct sort_item){a << 32 | b, l->at[i].weight};
		if (!directed)
			item[l->n + i] = (struct sort_item){b << 32 | a, l->at[i].weight};
	}
	free(number);
	if (item && !sort_items(item, n, work.pool, err)) {
		free(item);
		item = NULL;
	}
	return item;
}

/* Equal pairs to one entry, and what products have of them. */
static bool add_up(struct edge_rows *r, const struct sort_item *item, size_t n,
		   struct err *err)
{
	uint64_t entries = 0;

	for (size_t i = 0; i < n;) {
		uint64_t key = item[i].key, sum = 0;
		uint32_t a = (uint32_t)(key >> 32), b = (uint32_t)key;

		for (; i < n && item[i].key == key; i++)
			sum += item[i].value;
		if (sum + r->from[a] > UINT32_MAX || sum + r->to[b] > UINT32_MAX)
			return err_fail(err, ERR_FORMAT, "the weights of a product's edges are "
					"over 4,294,967,295 together");
		r->entry[entries++] = (uint64_t)b << 32 | sum;
		r->offsets[a + 1] = entries;
		r->from[a] += (uint32_t)sum;
		r->to[b] += (uint32_t)sum;
		r->instances += sum;
	}
	r->pairs = entries;
	return true;
}

bool edge_rows_make(struct edge_rows *r, struct edge_graph g, const struct catalog *c,
		    struct work work, struct err *err)
{
	bool directed = relation_directed(g.relation);
	size_t n = g.list->of[g.relation].n * (directed ? 1 : 2);
	struct sort_item *item;
	bool ok;

	*r = (struct edge_rows){
		.offsets = mem_big((size_t)c->n_products + 1, sizeof *r->offsets, "edges", err),
		.entry = mem_big(n, sizeof *r->entry, "edges", err),
		.from = mem_big(c->n_products, sizeof *r->from, "edges", err),
		.to = mem_big(c->n_products, sizeof *r->to, "edges", err),
	};
	item = r->offsets && r->entry && r->from && r->to
		? sorted(g, c, work, err) : NULL;
	ok = item && add_up(r, item, n, err);
	free(item);
	if (!ok) {
		edge_rows_finish(r);
		return false;
	}
	for (uint32_t p = 0; p < c->n_products; p++)
		if (r->offsets[p + 1] < r->offsets[p])
			r->offsets[p + 1] = r->offsets[p];
	if (!directed) {
		r->pairs /= 2;
		r->instances /= 2;
	}
	r->total = r->instances;
	return true;
}
