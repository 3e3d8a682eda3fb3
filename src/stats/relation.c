/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions are read once, in ranges: the entries of every row are counted, and what they are
 * is written down in the order of sessions; then they are placed. See stats/rows.h for the
 * counting itself. An unordered relation writes each session's products, ascending; product
 * a's entry is the tail after a, so a pair is counted once, as a < b, and mirrored when the
 * rows are written. The others write rows and entries.
 */
#include "config.h"

#include "stats/relation.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "base/spill.h"
#include "base/time.h"
#include "stats/assoc.h"
#include "stats/rows.h"
#include "store/build.h"

/* Products are all over the counts: ask for theirs so far ahead. */
#define AHEAD 16

/* What an event adds to a row. */
struct entry {
	uint32_t row, entry;
};

/* One range of sessions; owned by one task at a time. */
struct part {
	struct range sessions;
	struct marks marks;
	uint32_t *entries;	/* (P) first counts, then where the next one goes */
	uint32_t *from, *to;	/* (P) */
	uint64_t total;
	uint64_t items, log;	/* next free places; they start at the range's first event */
	uint32_t *bought;	/* view-purchase: places of last purchases, scratch */
	size_t cap;
};

struct gather {
	const struct catalog *c;
	enum relation relation;
	struct part *part;
	size_t n_parts;
	struct row_lists lists;
	struct entry *log;	/* of directed relations, at most one an event */
	uint32_t *from, *to;	/* (P) sums over the parts */
	uint64_t total;
	struct range rows;	/* whose entries are placed */
	bool items_spilled, log_spilled;
	struct spill *spill;	/* NULL: all stays in memory */
	uint64_t memory;	/* for each of items, entries and counts */
	struct job *job;
};

static inline void add_entry(struct gather *g, struct part *p, uint32_t a, uint64_t entry)
{
	g->log[p->log++] = (struct entry){a, (uint32_t)entry};
	p->entries[a]++;
}

/* To its row, if that is one of those that are placed. */
static inline void place_entry(struct gather *g, struct part *p, uint32_t a, uint64_t entry)
{
	if (a - g->rows.first < g->rows.end - g->rows.first)
		g->lists.entry[p->entries[a]++ - g->lists.first] = (uint32_t)entry;
}

/* co-view, co-cart, co-purchase */
static void gather_unordered(struct gather *g, struct part *p)
{
	struct scan x;

	scan_start(&x, g->c, p->sessions,
		   (enum event_kind)__builtin_ctz(relation_kinds(g->relation)));
	for (uint32_t n; !job_cancelled(g->job); p->total++) {
		uint32_t *list = g->lists.items + p->items;

		n = scan_next(&x, &p->marks, list);
		if (!n)
			return;
		for (uint32_t i = 0; i < n; i++)
			p->from[list[i]]++;
		/* Alone it makes no pair: leave the place to the next session. */
		if (n < 2)
			continue;
		for (uint32_t i = 0; i + 1 < n; i++)
			p->entries[list[i]]++;
		list[n - 1] |= ROW_LAST;
		p->items += n;
	}
}

static void place_unordered(struct gather *g, struct part *p)
{
	uint64_t i = g->c->session_offsets[p->sessions.first];
	const uint32_t *item = g->lists.items;

	for (; i < p->items; i++) {
		if (i + AHEAD < p->items)
			__builtin_prefetch(&p->entries[item[i + AHEAD] & ~ROW_LAST], 1);
		if (!(item[i] & ROW_LAST))
			place_entry(g, p, item[i], i + 1);
	}
}

static void place_directed(struct gather *g, struct part *p)
{
	const struct entry *log = g->log;

	for (uint64_t i = g->c->session_offsets[p->sessions.first]; i < p->log; i++) {
		if (i + AHEAD < p->log)
			__builtin_prefetch(&p->entries[log[i + AHEAD].row], 1);
		place_entry(g, p, log[i].row, log[i].entry);
	}
}

static void place_part(void *ctx, size_t task, unsigned worker)
{
	struct gather *g = ctx;

	(void)worker;
	if (relation_directed(g->relation))
		place_directed(g, &g->part[task]);
	else
		place_unordered(g, &g->part[task]);
}

/* adjacent-view: an entry is the product that comes next. */
static void gather_adjacent(struct gather *g, struct part *p, uint32_t s)
{
	uint32_t before = CATALOG_NONE;

	for (uint64_t i = g->c->session_offsets[s]; i < g->c->session_offsets[s + 1]; i++) {
		uint32_t now = g->c->event_product[i];

		if (g->c->event_kind[i] != EVENT_VIEW || now == before)
			continue;
		if (before != CATALOG_NONE) {
			add_entry(g, p, before, now);
			p->from[before]++;
			p->to[now]++;
			p->total++;
		}
		before = now;
	}
}

/* The session's purchased products by their last purchase, ascending, to the
 * free items; their places to p->bought. Returns how many. */
static uint32_t last_purchases(struct gather *g, struct part *p, uint32_t s)
{
	uint64_t first = g->c->session_offsets[s], end = g->c->session_offsets[s + 1];
	uint32_t *list = g->lists.items + p->items;
	uint32_t n = 0;

	MEM_GROW(p->bought, p->cap, end - first);
	marks_next(&p->marks);
	for (uint64_t i = end; i-- > first;) {
		if (g->c->event_kind[i] != EVENT_PURCHASE ||
		    !marks_add(&p->marks, g->c->event_product[i]))
			continue;
		p->bought[n] = (uint32_t)(i - first);
		list[n++] = g->c->event_product[i];
	}
	for (uint32_t i = 0; i < n / 2; i++) {
		uint32_t product = list[i], place = p->bought[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = product;
		p->bought[i] = p->bought[n - 1 - i];
		p->bought[n - 1 - i] = place;
	}
	return n;
}

static bool has_event(const struct catalog *c, uint32_t s, enum event_kind kind)
{
	uint64_t first = c->session_offsets[s];

	return memchr(c->event_kind + first, (int)kind, c->session_offsets[s + 1] - first);
}

/* Of a session in which nothing is bought what was viewed counts, and that it was. */
static void gather_views(struct gather *g, struct part *p, uint32_t s)
{
	uint32_t *list = g->lists.items + p->items;
	uint32_t n = scan_distinct(g->c, s, KIND_BIT(EVENT_VIEW), &p->marks, list);

	for (uint32_t i = 0; i < n; i++)
		p->from[list[i]]++;
	p->total += n > 0;
}

/* view-purchase: a's entry is the tail of purchases that come after its first
 * view; a itself may be among them and is dropped by rows_count. */
static void gather_view_purchase(struct gather *g, struct part *p, uint32_t s)
{
	uint64_t first = g->c->session_offsets[s], end = g->c->session_offsets[s + 1];
	uint32_t n = last_purchases(g, p, s), k = 0;
	bool viewed = false;

	for (uint32_t i = 0; i < n; i++)
		p->to[g->lists.items[p->items + i]]++;
	marks_next(&p->marks);
	for (uint64_t i = first; i < end; i++) {
		uint32_t a = g->c->event_product[i];

		if (g->c->event_kind[i] != EVENT_VIEW || !marks_add(&p->marks, a))
			continue;
		viewed = true;
		p->from[a]++;
		while (k < n && p->bought[k] < i - first)
			k++;
		if (k < n)
			add_entry(g, p, a, p->items + k);
	}
	p->total += viewed || n > 0;
	if (n > 0)
		g->lists.items[p->items + n - 1] |= ROW_LAST;
	p->items += n;
}

/* The relations whose order matters */
static void gather_directed(struct gather *g, struct part *p)
{
	for (uint32_t s = p->sessions.first; s < p->sessions.end; s++) {
		if ((s & 0xffff) == 0 && job_cancelled(g->job))
			return;
		if (!scan_counted(g->c, s, &p->marks))
			continue;
		if (g->relation == REL_ADJACENT_VIEW)
			gather_adjacent(g, p, s);
		else if (has_event(g->c, s, EVENT_PURCHASE))
			gather_view_purchase(g, p, s);
		else
			gather_views(g, p, s);
	}
}

static void gather_part(void *ctx, size_t task, unsigned worker)
{
	struct gather *g = ctx;
	struct part *p = &g->part[task];

	(void)worker;
	p->items = p->log = g->c->session_offsets[p->sessions.first];
	if (relation_directed(g->relation))
		gather_directed(g, p);
	else
		gather_unordered(g, p);
}

static void free_lists(struct gather *g)
{
	free(g->lists.entry);
	if (!g->items_spilled)
		free(g->lists.items);
	if (!g->log_spilled)
		free(g->log);
	g->lists.items = g->lists.entry = NULL;
	g->log = NULL;
}

static void gather_finish(struct gather *g)
{
	for (size_t i = 0; g->part && i < g->n_parts; i++) {
		marks_finish(&g->part[i].marks);
		free(g->part[i].entries);
		free(g->part[i].from);
		free(g->part[i].to);
		free(g->part[i].bought);
	}
	free(g->part);
	free(g->lists.offsets);
	free_lists(g);
	free(g->from);
	free(g->to);
	*g = (struct gather){0};
}

static bool part_init(struct part *p, struct range sessions, size_t products,
		      struct err *err)
{
	const char *what = "counting pairs";

	*p = (struct part){.sessions = sessions};
	p->entries = mem_dense(products, sizeof *p->entries, what, err);
	p->from = mem_dense(products, sizeof *p->from, what, err);
	p->to = mem_dense(products, sizeof *p->to, what, err);
	if (!p->entries || !p->from || !p->to || !marks_init(&p->marks, products, err))
		return false;
	mem_touch(p->marks.seen, products, sizeof *p->marks.seen);
	return true;
}

/* Room for `size` bytes an event. Zero pages that are never written take no memory. */
static bool make_list(struct gather *g, size_t size, void **list, bool *spilled,
		      struct err *err)
{
	size_t n = g->c->n_events + 1;

	*spilled = g->spill && n * size > g->memory;
	if (*spilled)
		return spill_map(g->spill, n * size, list, err);
	*list = mem_big(n, size, "products of sessions", err);
	return *list;
}

static bool make_lists(struct gather *g, struct err *err)
{
	return (g->relation == REL_ADJACENT_VIEW ||
		make_list(g, sizeof *g->lists.items, (void **)&g->lists.items,
			  &g->items_spilled, err)) &&
	       (!relation_directed(g->relation) ||
		make_list(g, sizeof *g->log, (void **)&g->log, &g->log_spilled, err));
}

static bool gather_init(struct gather *g, unsigned threads, struct err *err)
{
	const struct catalog *c = g->c;
	/* A part takes 16 bytes per product: keep that below the events' own. */
	size_t fair = c->n_products ? c->n_events / c->n_products + 1 : 1;
	size_t want = threads < fair ? threads : fair;
	SCOPED_FREE struct range *r = mem_resize(NULL, want, sizeof *r);

	if (c->n_events >= UINT32_MAX)
		return err_fail(err, ERR_FORMAT, "%llu events are too many to count "
				"pairs in: the limit is 4,294,967,294",
				(unsigned long long)c->n_events);
	g->n_parts = range_split(c->session_offsets, c->n_sessions, want, r);
	g->part = mem_zalloc((g->n_parts + 1) * sizeof *g->part);
	for (size_t i = 0; i < g->n_parts; i++)
		if (!part_init(&g->part[i], r[i], c->n_products, err))
			return false;
	g->from = mem_big(c->n_products, sizeof *g->from, "marginals", err);
	g->to = mem_big(c->n_products, sizeof *g->to, "marginals", err);
	g->lists.offsets = mem_big((size_t)c->n_products + 1, sizeof *g->lists.offsets,
				   "row offsets", err);
	return g->from && g->to && g->lists.offsets && make_lists(g, err);
}

/* After reading: marginals, where rows start, where parts go on. */
static void gather_sum(struct gather *g)
{
	uint64_t at = 0;

	for (size_t i = 0; i < g->n_parts; i++)
		g->total += g->part[i].total;
	for (uint32_t a = 0; a < g->c->n_products; a++) {
		g->lists.offsets[a] = at;
		for (size_t i = 0; i < g->n_parts; i++) {
			struct part *p = &g->part[i];
			uint32_t n = p->entries[a];

			p->entries[a] = (uint32_t)at;
			at += n;
			g->from[a] += p->from[a];
			g->to[a] += p->to[a];
		}
		if (!relation_directed(g->relation))
			g->to[a] = g->from[a];
	}
	g->lists.offsets[g->c->n_products] = at;
}

unsigned relation_kinds(enum relation r)
{
	static const unsigned kinds[RELATIONS] = {
		[REL_CO_VIEW] = KIND_BIT(EVENT_VIEW),
		[REL_ADJACENT_VIEW] = KIND_BIT(EVENT_VIEW),
		[REL_VIEW_PURCHASE] = KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_PURCHASE),
		[REL_CO_CART] = KIND_BIT(EVENT_CART),
		[REL_CO_PURCHASE] = KIND_BIT(EVENT_PURCHASE),
	};

	return kinds[r];
}

/* The next rows, from `first` on, whose entries fit into memory; at least one. */
static struct range next_rows(const struct gather *g, uint32_t first)
{
	const uint64_t *offsets = g->lists.offsets;
	uint64_t most = g->spill ? g->memory / sizeof *g->lists.entry : UINT64_MAX;
	struct range rows = {first, g->c->n_products};

	if (offsets[rows.end] - offsets[first] > most)
		rows.end = first + 1 +
			(uint32_t)sort_u64_before(offsets + first + 2, rows.end - first - 1,
						  offsets[first] + most + 1);
	return rows;
}

/* Count all rows, as many at a time as memory allows. */
static bool count_rows(struct gather *g, struct rows_counter *counter, struct pool *pool,
		       struct err *err)
{
	const uint64_t *offsets = g->lists.offsets;

	for (uint32_t at = 0; at < g->c->n_products; at = g->rows.end) {
		g->rows = next_rows(g, at);
		g->lists.first = offsets[at];
		g->lists.entry = mem_big(offsets[g->rows.end] - offsets[at],
					 sizeof *g->lists.entry, "row entries", err);
		if (!g->lists.entry)
			return false;
		pool_run(pool, g->n_parts, place_part, g);
		if (!job_check(g->job, err) ||
		    !rows_count(counter, &g->lists, g->rows, g->job, err))
			return false;
		free(g->lists.entry);
		g->lists.entry = NULL;
	}
	rows_end(counter);
	return true;
}

/* Counts of the relation; the lists are gone afterwards. */
static bool gather_count(struct gather *g, struct pair_rows *rows, struct pool *pool,
			 struct err *err)
{
	SCOPED(rows_counter) counter = NULL;

	if (!gather_init(g, pool_threads(pool), err))
		return false;
	pool_run(pool, g->n_parts, gather_part, g);
	gather_sum(g);
	job_step(g->job, relation_name(g->relation), g->lists.offsets[g->c->n_products]);
	if (!job_check(g->job, err) ||
	    !rows_start(&counter, rows, g->c->n_products, g->spill, g->memory, pool,
			err) ||
	    !count_rows(g, counter, pool, err))
		return false;
	free_lists(g);
	return true;
}

struct tests {
	const struct gather *g;
	struct assoc_tally *tally;	/* (threads) */
};

static void test_pairs(void *ctx, const struct row_some *some, unsigned worker)
{
	struct tests *t = ctx;
	struct assoc_counts c = {.n_a = t->g->from[some->a], .n_all = t->g->total};

	for (uint32_t i = 0; i < some->n; i++) {
		c.n = some->count[i];
		c.n_b = t->g->to[some->b[i]];
		assoc_tally_add(&t->tally[worker], &c);
	}
}

double relation_family(enum relation r, uint32_t n, const uint32_t *from,
		       const uint32_t *to)
{
	uint32_t starts = 0, ends = 0, both = 0;

	for (uint32_t a = 0; a < n; a++) {
		starts += from[a] > 0;
		ends += to[a] > 0;
		both += from[a] > 0 && to[a] > 0;
	}
	if (!relation_directed(r))
		return (double)starts * ((double)starts - 1) / 2;
	return (double)starts * ends - both;
}

static double family(const struct gather *g)
{
	return relation_family(g->relation, g->c->n_products, g->from, g->to);
}

/* Rows of counted pairs, and what chance says of each. */
struct tested {
	const struct pair_rows *rows;
	double *q; /* (pairs) */
};

static bool q_table(const struct gather *g, struct tested of, struct pool *pool,
		    struct err *err)
{
	unsigned threads = pool_threads(pool);
	SCOPED_FREE struct assoc_tally *tally = mem_big(threads, sizeof *tally, "p-values",
							err);
	struct tests t = {g, tally};

	if (!tally)
		return false;
	rows_each(of.rows, pool, test_pairs, &t);
	assoc_tally_end(tally, threads);
	assoc_q_table(tally->histogram, family(g), of.q);
	return true;
}

struct writer {
	struct build *b;
	enum relation relation;
	struct pool *pool;
	struct err *err;
	char name[64];
};

static const char *array_name(struct writer *w, const char *part)
{
	snprintf(w->name, sizeof w->name, "pairs/%s/%s", relation_name(w->relation),
		 part);
	return w->name;
}

static bool write_side(struct writer *w, const struct pair_rows *rows,
		       enum rows_side side, const char *const part[3])
{
	SCOPED_FREE uint64_t *offsets = mem_big((size_t)rows->n + 1, sizeof *offsets,
						"row offsets", w->err);
	void *column, *value;

	if (!offsets)
		return false;
	rows_offsets(rows, side, offsets);
	build_hold(w->b);
	if (!build_reserve(w->b, array_name(w, part[1]), ARRAY_U32, offsets[rows->n], 1,
			   &column, w->err) ||
	    !build_reserve(w->b, array_name(w, part[2]), ARRAY_U32, offsets[rows->n], 1,
			   &value, w->err) ||
	    !rows_fill(rows, side, &(struct rows_csr){offsets, column, value}, w->pool,
		       w->err))
		return false;
	build_seal(w->b, w->pool);
	/* Last: the relation exists where its offsets do. */
	return build_array(w->b, array_name(w, part[0]), ARRAY_U64,
			   (uint64_t)rows->n + 1, 1, offsets, w->err);
}

static bool write_relation(struct writer *w, const struct gather *g, struct tested t,
			   uint32_t n)
{
	static const char *const out[3] = {"offsets", "column", "value"};
	static const char *const in[3] = {"in-offsets", "in-column", "in-value"};
	uint64_t totals[3] = {g->total, t.rows->pairs, t.rows->instances};
	bool directed = relation_directed(w->relation);

	return build_array(w->b, array_name(w, "from"), ARRAY_U32, n, 1, g->from, w->err) &&
	       build_array(w->b, array_name(w, "to"), ARRAY_U32, n, 1, g->to, w->err) &&
	       build_array(w->b, array_name(w, "totals"), ARRAY_U64, 3, 1, totals, w->err) &&
	       build_array(w->b, array_name(w, "q"), ARRAY_F64, Q_STEPS, 1, t.q, w->err) &&
	       (!directed || write_side(w, t.rows, ROWS_IN, in)) &&
	       write_side(w, t.rows, directed ? ROWS_OUT : ROWS_BOTH, out);
}

/* How long counting and testing took, for meta "counting": of a step's seconds
 * the rest is writing. */
static void note_seconds(struct build *b, enum relation r, double count, double test)
{
	json_t *meta = build_meta(b), *all = json_object_get(meta, "counting");

	if (!json_is_object(all)) {
		json_object_set_new(meta, "counting", json_object());
		all = json_object_get(meta, "counting");
	}
	json_object_set_new(all, relation_name(r),
			    json_pack("{s:f, s:f}", "count", count, "test", test));
}

/* A temporary file where memory may not be enough: items, entries and counts take
 * up to 4 bytes an event and, counts, 3 or so a pair. */
static bool make_room(struct gather *g, struct build *b, struct spill **spill,
		      struct err *err)
{
	g->memory = build_memory(b) / 4;
	if (g->memory == 0 || g->c->n_events * 16 < g->memory)
		return true;
	if (!build_spill(b, spill, err))
		return false;
	g->spill = *spill;
	return true;
}

bool relation_count(struct build *b, enum relation r, struct work work, struct err *err)
{
	SCOPED_FREE double *q = mem_big(Q_STEPS, sizeof *q, "q-values", err);
	struct gather g = {.relation = r, .job = work.job};
	struct writer w = {.b = b, .relation = r, .pool = work.pool, .err = err};
	SCOPED(spill) spill = NULL;
	struct pair_rows rows = {0};
	double start = time_now_monotonic(), counted = start;
	bool ok;

	assert((unsigned)r < RELATIONS);
	/* The catalog is valid until the first array is written. */
	ok = q && build_catalog(b, &g.c, err) && make_room(&g, b, &spill, err) &&
	     gather_count(&g, &rows, work.pool, err);
	counted = time_now_monotonic();
	ok = ok && q_table(&g, (struct tested){&rows, q}, work.pool, err);
	if (ok)
		note_seconds(b, r, counted - start, time_now_monotonic() - counted);
	ok = ok && write_relation(&w, &g, (struct tested){&rows, q}, g.c->n_products);
	rows_finish(&rows);
	gather_finish(&g);
	return ok;
}

static bool table_fill(struct relation_table *t, const struct gather *g,
		       const struct pair_rows *rows, struct pool *pool, struct err *err)
{
	const char *what = "counted pairs";
	enum rows_side side = relation_directed(g->relation) ? ROWS_OUT : ROWS_BOTH;
	uint64_t n;

	t->offsets = mem_big((size_t)rows->n + 1, sizeof *t->offsets, what, err);
	if (!t->offsets)
		return false;
	rows_offsets(rows, side, t->offsets);
	n = t->offsets[rows->n];
	t->column = mem_big(n, sizeof *t->column, what, err);
	t->value = mem_big(n, sizeof *t->value, what, err);
	t->counts.out = (struct csr){t->offsets, t->column, t->value, rows->n, n};
	if (side == ROWS_BOTH)
		t->counts.in = t->counts.out;
	return t->column && t->value &&
	       rows_fill(rows, side, &(struct rows_csr){t->offsets, t->column, t->value},
			 pool, err);
}

bool relation_table_make(struct relation_table *out, const struct catalog *c,
			 enum relation r, struct work work, struct err *err)
{
	struct gather g = {.c = c, .relation = r, .job = work.job};
	struct relation_table t = {.q = mem_big(Q_STEPS, sizeof *t.q, "q-values", err)};
	struct pair_rows rows = {0};
	bool ok = t.q && gather_count(&g, &rows, work.pool, err) &&
		  q_table(&g, (struct tested){&rows, t.q}, work.pool, err) &&
		  table_fill(&t, &g, &rows, work.pool, err);

	assert((unsigned)r < RELATIONS);
	if (ok) {
		t.from = g.from;
		t.to = g.to;
		t.family = family(&g);
		t.counts.from = t.from;
		t.counts.to = t.to;
		t.counts.total = g.total;
		t.counts.pairs = rows.pairs;
		t.counts.instances = rows.instances;
		t.counts.q = t.q;
		g.from = g.to = NULL;
		*out = t;
	} else {
		relation_table_finish(&t);
	}
	rows_finish(&rows);
	gather_finish(&g);
	return ok;
}

void relation_table_finish(struct relation_table *t)
{
	free(t->offsets);
	free(t->column);
	free(t->value);
	free(t->from);
	free(t->to);
	free(t->q);
	*t = (struct relation_table){0};
}

/* Each row of m adds up to its marginal. */
static bool adds_up(const struct csr *m, const uint32_t *marginal)
{
	for (uint32_t a = 0; a < m->rows; a++) {
		uint64_t sum = 0;

		for (uint64_t i = m->offsets[a]; i < m->offsets[a + 1]; i++)
			sum += m->value[i];
		if (sum != marginal[a])
			return false;
	}
	return true;
}

bool relations_alone(const struct catalog *c)
{
	bool any = false;

	if (c->n_events || c->n_sessions)
		return false;
	for (unsigned r = 0; r < RELATIONS; r++) {
		const struct relation_counts *n = &c->relation[r];

		if (!n->out.offsets)
			continue;
		if (!adds_up(&n->out, n->from) || !adds_up(&n->in, n->to))
			return false;
		any = true;
	}
	return any;
}

uint32_t relation_pair(const struct relation_counts *r, uint32_t a, uint32_t b)
{
	uint64_t at;

	if (!r->out.offsets || a >= r->out.rows)
		return 0;
	at = csr_find(r->out.offsets, r->out.column, a, b);
	return at == CSR_NONE ? 0 : r->out.value[at];
}
