/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bundle that is added to a store of counts. What the store keeps of its bundles' products
 * and categories is read as if it stood before the bundle's own, which makes one catalog; old
 * numbers are then translated into its numbers, and margins, cells and rows of pairs are sums.
 * That is right where no session is in both: all their names are kept as hashes, 24 bytes each,
 * with the time of their first and last event.
 */
#include "config.h"

#include "import/bundle_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/sort.h"
#include "store/build.h"
#include "store/store.h"

/* ---- may it be added? */

static const char *text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

static bool refuse(const struct bundle *b, const char *what, struct err *err)
{
	return err_fail(err, ERR_NO, "%s can't be added to %s: %s. Count the whole log again",
			b->dir, b->old->path, what);
}

static bool same_ways(const struct bundle *b, struct err *err)
{
	static const char *const texts[] = {"time_zone", "currency", "category_separator"};
	static const char *const numbers[] = {"max_session", "gap_ms"};
	const json_t *has = b->old->counted;
	STRBUF(why);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(text_of(has, texts[i]), text_of(b->meta, texts[i])) != 0)
			strbuf_addf(&why, "%s%s", why.len ? ", " : "", texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (json_integer_value(json_object_get(has, numbers[i])) !=
		    json_integer_value(json_object_get(b->meta, numbers[i])))
			strbuf_addf(&why, "%s%s", why.len ? ", " : "", numbers[i]);
	if (!why.len)
		return true;
	strbuf_adds(&why, " of both are not the same");
	return refuse(b, strbuf_c(&why), err);
}

static bool tells_sessions(const json_t *meta)
{
	return json_is_true(json_object_get(meta, "sessions_told"));
}

static bool may_add(const struct bundle *b, struct err *err)
{
	const json_t *has = b->old->counted;

	if (!json_is_object(has) || !json_object_get(has, "aisle_bundle"))
		return refuse(b, "that store was not made by import counts", err);
	if (!tells_sessions(has) || !tells_sessions(b->meta))
		return refuse(b, "one of them doesn't name its sessions (--sessions of the "
				 "drivers), and a session may span both", err);
	if (json_object_get(has, "cut"))
		return refuse(b, "pairs of the store were cut off by --top", err);
	if (json_integer_value(json_object_get(b->meta, "returns")) > 0)
		return refuse(b, "it has returns, which may take back what was counted before",
			      err);
	return same_ways(b, err);
}

bool bundle_add_to(struct bundle *b, const char *path, struct err *err)
{
	b->old = mem_zalloc(sizeof *b->old);
	b->old->path = mem_strdup(path);
	if (!store_open(&b->old->store, path, err))
		return false;
	b->old->c = store_catalog(b->old->store);
	b->old->counted = json_object_get(store_meta(b->old->store), "counted");
	return may_add(b, err);
}

void bundle_old_finish(struct bundle_old *o)
{
	if (!o)
		return;
	store_destroy(o->store);
	free(o->path);
	free(o->new_product);
	free(o->old_product);
	free(o->new_category);
	free(o);
}

/* ---- products and categories as they were told */

/* Cut a line at its tabs into n fields; false when it has others. */
static bool cut_line(struct str line, unsigned n, struct str *field)
{
	for (unsigned i = 0; i < n; i++)
		if (!str_next(&line, '\t', &field[i]) && i + 1 < n)
			return false;
	return true;
}

bool bundle_read_kept(struct bundle *b, const struct bundle_table *t, struct err *err)
{
	struct str field[BUNDLE_COLUMNS], line, rest;
	const char *why = "it is damaged";
	struct array a;
	STRBUF(name);

	if (!b->old)
		return true;
	strbuf_addf(&name, "counted/%s", t->folder);
	if (!store_array(b->old->store, strbuf_c(&name), ARRAY_U8, &a, err))
		return false;
	rest = str_span(a.data, a.rows);
	while (rest.len && str_next(&rest, '\n', &line))
		if (!cut_line(line, t->n_columns, field) ||
		    !t->row(t->ctx, &(struct bundle_row){field, NULL, 0}, &why))
			return err_fail(err, ERR_STORE, "%s: what it keeps of %s: %s",
					b->old->path, t->folder, why);
	return true;
}

static void add_field(struct strbuf *out, struct str s)
{
	strbuf_add(out, s);
	strbuf_addc(out, '\t');
}

static void add_decimal(struct strbuf *out, bool has, struct decimal d)
{
	if (has)
		num_add_decimal(out, d.units, d.scale, false);
	strbuf_addc(out, '\t');
}

static void add_product(struct strbuf *out, const struct given_product *p,
			const struct product_totals *t)
{
	const struct str text[] = {p->id, p->category, p->path, p->brand, p->name, p->group,
				   p->description};

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		add_field(out, text[i]);
	add_decimal(out, p->has_price, p->price);
	for (unsigned i = 0; i < 2; i++) {
		int64_t at = i ? p->last : p->first;

		if (at != TIME_NONE)
			strbuf_addf(out, "%" PRId64, at);
		strbuf_addc(out, '\t');
	}
	for (unsigned i = 0; i < 3; i++)
		strbuf_addf(out, "%u\t", t->count[i]);
	add_decimal(out, t->has_revenue, t->revenue);
	out->ptr[out->len - 1] = '\n';
}

/* Keep them in the order of their tables' columns. */
bool bundle_keep(struct bundle *b, struct build *to, struct err *err)
{
	STRBUF(text);

	if (!tells_sessions(b->meta))
		return true;
	for (uint32_t i = 0; i < b->n_categories; i++) {
		const struct given_category *c = &b->category[i];

		add_field(&text, c->id);
		add_field(&text, c->path);
		add_field(&text, c->name);
		add_field(&text, c->parent);
		strbuf_addf(&text, "%u\n", b->told_depth[i]);
	}
	if (!build_array(to, "counted/category", ARRAY_U8, text.len, 1, text.ptr, err))
		return false;
	strbuf_reset(&text);
	for (uint32_t i = 0; i < b->n_products; i++)
		add_product(&text, &b->product[i], &b->totals[i]);
	return build_array(to, "counted/product", ARRAY_U8, text.len, 1, text.ptr, err);
}

/* ---- numbers */

/* A category that stands elsewhere in the tree than its transitions were counted for. */
static bool same_depths(const struct bundle *b, struct err *err)
{
	const struct catalog *c = b->old->c;
	STRBUF(why);

	for (uint32_t i = 0; i < c->n_categories; i++) {
		uint32_t n = map_find(b->categories, text_at(&c->category_id, i));

		b->old->new_category[i] = n;
		if (n != MAP_NONE && b->depth[n] == c->category_depth[i])
			continue;
		strbuf_addf(&why, "category '%.*s' has another place in the tree of both",
			    STR_ARG(text_at(&c->category_id, i)));
		return refuse(b, strbuf_c(&why), err);
	}
	for (uint32_t i = 0; i < b->n_categories; i++) {
		struct str id = b->category[i].id;
		uint32_t n = id.len ? map_find(b->categories, id) : MAP_NONE;

		if (n == MAP_NONE || b->depth[n] == b->told_depth[i])
			continue;
		strbuf_addf(&why, "category '%.*s' has another place in the tree of both",
			    STR_ARG(id));
		return refuse(b, strbuf_c(&why), err);
	}
	return true;
}

bool bundle_number_old(struct bundle *b, struct err *err)
{
	struct bundle_old *o = b->old;
	uint32_t n = map_count(b->products);

	if (!o)
		return true;
	o->new_product = mem_big(o->c->n_products, sizeof *o->new_product, "products", err);
	o->old_product = mem_big(n, sizeof *o->old_product, "products", err);
	o->new_category = mem_big(o->c->n_categories, sizeof *o->new_category, "products", err);
	if (!o->new_product || !o->old_product || !o->new_category)
		return false;
	memset(o->old_product, 0xff, n * sizeof *o->old_product);
	for (uint32_t p = 0; p < o->c->n_products; p++) {
		uint32_t now = map_find(b->products, text_at(&o->c->product_id, p));

		if (now == MAP_NONE)
			return err_fail(err, ERR_STORE, "%s: a product of it is not among those "
					"that it keeps", o->path);
		o->new_product[p] = now;
		o->old_product[now] = p;
	}
	return same_depths(b, err);
}

/* ---- sums */

static bool add_u32(uint32_t *to, uint32_t n)
{
	return !__builtin_add_overflow(*to, n, to);
}

bool bundle_add_margins(struct bundle_pairs *p, struct err *err)
{
	const struct bundle_old *o = p->bundle->old;
	const struct relation_counts *r = o ? &o->c->relation[p->relation] : NULL;

	if (!r || !r->out.offsets)
		return true;
	p->total += r->total;
	for (uint32_t i = 0; i < o->c->n_products; i++)
		if (!add_u32(&p->from[o->new_product[i]], r->from[i]) ||
		    !add_u32(&p->to[o->new_product[i]], r->to[i]))
			return err_fail(err, ERR_NO, "a margin of %s outgrows 32 bits",
					relation_name(p->relation));
	return true;
}

/* Room of one thread, where rows are merged. */
struct bundle_merge {
	uint64_t *offsets, *entry, *row;
	size_t cap_offsets, cap_entry, cap_row;
};

/* The store's row of a product, by new numbers; returns its length. */
static size_t old_row(const struct bundle_old *o, const struct csr *m, uint32_t a,
		      struct bundle_merge *w)
{
	uint32_t row = o->old_product[a];
	uint64_t from, end;

	if (row == MAP_NONE || !m->offsets)
		return 0;
	from = m->offsets[row];
	end = m->offsets[row + 1];
	MEM_GROW(w->row, w->cap_row, end - from);
	for (uint64_t i = from; i < end; i++)
		w->row[i - from] = (uint64_t)o->new_product[m->column[i]] << 32 | m->value[i];
	sort_u64(w->row, end - from);
	return end - from;
}

/* Both ascend; n of a pair that is in both is the sum. */
static bool merge_row(struct bundle_merge *w, uint64_t *at, const uint64_t *x, size_t n,
		      size_t m)
{
	const uint64_t *y = w->row;
	size_t i = 0, j = 0;

	MEM_GROW(w->entry, w->cap_entry, *at + n + m);
	while (i < n || j < m) {
		uint64_t e;

		if (j == m || (i < n && x[i] >> 32 < y[j] >> 32)) {
			e = x[i++];
		} else if (i == n || y[j] >> 32 < x[i] >> 32) {
			e = y[j++];
		} else {
			uint32_t sum = (uint32_t)x[i];

			if (!add_u32(&sum, (uint32_t)y[j++]))
				return false;
			e = x[i++] >> 32 << 32 | sum;
		}
		w->entry[(*at)++] = e;
	}
	return true;
}

bool bundle_merges(const struct bundle_pairs *p)
{
	const struct bundle_old *o = p->bundle->old;

	return o && o->c->relation[p->relation].out.offsets;
}

void bundle_merge_start(struct bundle_pairs *p)
{
	p->merge = mem_zalloc(pool_threads(p->bundle->pool) * sizeof *p->merge);
}

void bundle_merge_finish(struct bundle_pairs *p)
{
	for (unsigned i = 0; p->merge && i < pool_threads(p->bundle->pool); i++) {
		free(p->merge[i].offsets);
		free(p->merge[i].entry);
		free(p->merge[i].row);
	}
	free(p->merge);
}

bool bundle_merge(const struct bundle_pairs *p, struct pair_ask ask, struct pair_loaded *rows,
		  struct err *err)
{
	const struct bundle_old *o = p->bundle->old;
	const struct relation_counts *r = &o->c->relation[p->relation];
	const uint32_t *first = pair_sort_first(p->sort) + ask.range;
	struct bundle_merge *w = &p->merge[ask.worker];
	uint32_t n = first[1] - first[0];
	uint64_t at = 0;

	MEM_GROW(w->offsets, w->cap_offsets, (size_t)n + 1);
	for (uint32_t i = 0; i < n; i++) {
		size_t m = old_row(o, ask.side ? &r->in : &r->out, first[0] + i, w);

		w->offsets[i] = at;
		if (!merge_row(w, &at, rows->entry + rows->offsets[i],
			       (size_t)(rows->offsets[i + 1] - rows->offsets[i]), m))
			return err_fail(err, ERR_NO, "a pair of %s outgrows 32 bits",
					relation_name(p->relation));
	}
	w->offsets[n] = at;
	rows->offsets = w->offsets;
	rows->entry = w->entry;
	return true;
}

/* ---- transitions */

static void add_level(const struct bundle *b, struct bundle_cells *g, unsigned from, unsigned to)
{
	const struct bundle_old *o = b->old;
	const struct transition_counts *t = &o->c->transition[g->kind];
	const struct csr *m = &t->level[from];

	for (uint32_t a = 0; a < o->c->n_categories; a++)
		for (uint64_t i = m->offsets[a]; i < m->offsets[a + 1]; i++) {
			if (m->column[i] < a)
				continue;
			MEM_GROW(g->cell, g->cap, g->n + 1);
			g->cell[g->n++] = (struct bundle_cell){
				to, o->new_category[a], o->new_category[m->column[i]],
				m->value[i], t->pairs[from][i],
			};
		}
}

/* Levels below the deepest are like that: each category stands for itself there. */
void bundle_add_cells(const struct bundle *b, struct bundle_cells *g, unsigned levels)
{
	const struct bundle_old *o = b->old;
	const struct transition_counts *t = o ? &o->c->transition[g->kind] : NULL;
	unsigned own = 0;
	size_t n = g->n;

	for (uint32_t i = 0; i < b->n_categories; i++)
		if (b->told[i] && b->told_depth[i] + 1u > own)
			own = b->told_depth[i] + 1u;
	for (size_t i = 0; o && i < n; i++)
		for (unsigned d = own; own && g->cell[i].level == own - 1 && d < levels; d++) {
			struct bundle_cell c = g->cell[i];

			c.level = d;
			MEM_GROW(g->cell, g->cap, g->n + 1);
			g->cell[g->n++] = c;
		}
	for (unsigned d = 0; t && t->levels && d < levels; d++)
		add_level(b, g, d < t->levels ? d : t->levels - 1, d);
}

void bundle_add_nodes(const struct bundle *b, enum basket_kind kind, uint32_t *const margin[4],
		      struct transition_counts *to)
{
	const struct bundle_old *o = b->old;
	const struct transition_counts *t = o ? &o->c->transition[kind] : NULL;

	if (!t || !t->levels)
		return;
	to->baskets += t->baskets;
	to->multi_baskets += t->multi_baskets;
	for (uint32_t i = 0; i < o->c->n_categories; i++) {
		uint32_t c = o->new_category[i];

		margin[0][c] += t->from[i];
		margin[1][c] += t->multi[i];
		margin[2][c] += t->own[i];
		margin[3][c] += t->own_multi[i];
	}
}

/* ---- meta.json */

static void add_numbers(json_t *to, const json_t *from)
{
	const char *key;
	const json_t *x;

	json_object_foreach((json_t *)from, key, x) {
		json_t *has = json_object_get(to, key);

		if (json_is_object(x) && has)
			add_numbers(has, x);
		else if (!has)
			json_object_set_new(to, key, json_deep_copy(x));
		else if (json_is_integer(x))
			json_integer_set(has, json_integer_value(has) + json_integer_value(x));
	}
}

json_t *bundle_counted(const struct bundle *b)
{
	static const char *const sums[] = {"events", "sessions", "counted_sessions", "kinds",
					   "records_left_out", "relations", "transitions"};
	json_t *all = json_deep_copy(b->meta), *bundles;

	if (!b->old)
		return all;
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		json_t *one = json_pack("{s:O?}", sums[i], json_object_get(all, sums[i]));
		json_t *other = json_pack("{s:O?}", sums[i],
					  json_object_get(b->old->counted, sums[i]));

		add_numbers(one, other);
		json_object_set(all, sums[i], json_object_get(one, sums[i]));
		json_decref(one);
		json_decref(other);
	}
	bundles = json_object_get(b->old->counted, "bundles");
	json_object_set_new(all, "bundles",
			    json_integer(1 + (bundles ? json_integer_value(bundles) : 1)));
	return all;
}

/* ---- sessions */

struct told_session {
	uint64_t hash;
	int64_t first, last;
};

struct sessions {
	struct bundle *b;
	struct told_session *of;
	size_t n, cap;
};

enum { SESSION_ID, SESSION_FIRST, SESSION_LAST, SESSION_COLUMNS };
static const char *const session_columns[SESSION_COLUMNS] = {"session", "first", "last"};

static bool take_session(void *ctx, const struct bundle_row *r, const char **why)
{
	static const struct siphash_key key = {{0x6169736c65, 0x636f756e74}};
	struct sessions *s = ctx;
	struct told_session t = {.hash = siphash(r->field[SESSION_ID], &key)};

	*why = "a session is a name and the ms of its first and its last event";
	if (!r->field[SESSION_ID].len || !num_i64(r->field[SESSION_FIRST], &t.first) ||
	    !num_i64(r->field[SESSION_LAST], &t.last) || t.last < t.first)
		return false;
	pthread_mutex_lock(&s->b->lock);
	MEM_GROW(s->of, s->cap, s->n + 1);
	s->of[s->n++] = t;
	pthread_mutex_unlock(&s->b->lock);
	return true;
}

static int by_hash(const void *x, const void *y)
{
	const struct told_session *a = x, *b = y;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

/* Of the store's: those that are the same session as one of the bundle's. */
static bool spans(const struct sessions *s, const struct told_session *o, int64_t gap)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->of[middle].hash < o->hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < s->n && s->of[low].hash == o->hash; low++)
		if (!gap || (s->of[low].first - o->last <= gap &&
			     o->first - s->of[low].last <= gap))
			return true;
	return false;
}

static bool add_old_sessions(struct sessions *s, struct err *err)
{
	const struct bundle_old *o = s->b->old;
	int64_t gap = json_integer_value(json_object_get(s->b->meta, "gap_ms"));
	struct array hash, first, last;
	size_t n = 0, own = s->n;

	if (!store_array(o->store, "counted/session", ARRAY_U64, &hash, err) ||
	    !store_array(o->store, "counted/session-first", ARRAY_I64, &first, err) ||
	    !store_array(o->store, "counted/session-last", ARRAY_I64, &last, err))
		return false;
	if (hash.rows != first.rows || hash.rows != last.rows)
		return err_fail(err, ERR_STORE, "%s: its sessions don't fit together", o->path);
	MEM_GROW(s->of, s->cap, own + hash.rows);
	for (uint64_t i = 0; i < hash.rows; i++) {
		struct told_session t = {((const uint64_t *)hash.data)[i],
					 ((const int64_t *)first.data)[i],
					 ((const int64_t *)last.data)[i]};

		n += spans(s, &t, gap);
		s->of[own + i] = t;
	}
	s->n = own + hash.rows;
	if (!n)
		return true;
	STRBUF(why);
	strbuf_addf(&why, "%zu of its sessions are in both", n);
	return refuse(s->b, strbuf_c(&why), err);
}

static bool write_sessions(const struct sessions *s, struct build *to, struct err *err)
{
	static const char *const name[3] = {"counted/session", "counted/session-first",
					    "counted/session-last"};

	for (unsigned k = 0; k < 3; k++) {
		void *data;

		if (!build_reserve(to, name[k], k ? ARRAY_I64 : ARRAY_U64, s->n, 1, &data, err))
			return false;
		for (size_t i = 0; i < s->n; i++)
			if (k == 0)
				((uint64_t *)data)[i] = s->of[i].hash;
			else
				((int64_t *)data)[i] = k == 1 ? s->of[i].first : s->of[i].last;
	}
	return true;
}

bool bundle_sessions(struct bundle *b, struct build *to, struct err *err)
{
	struct sessions s = {.b = b};
	const struct bundle_table t = {"session", session_columns, SESSION_COLUMNS,
				       SESSION_COLUMNS, false, take_session, &s};
	bool ok;

	if (!tells_sessions(b->meta))
		return true;
	job_step(b->job, "reading sessions", 0);
	ok = bundle_read(b, &t, err);
	if (ok && s.n)
		qsort(s.of, s.n, sizeof *s.of, by_hash);
	ok = ok && (!b->old || add_old_sessions(&s, err));
	if (ok && s.n)
		qsort(s.of, s.n, sizeof *s.of, by_hash);
	ok = ok && write_sessions(&s, to, err);
	free(s.of);
	return ok;
}
