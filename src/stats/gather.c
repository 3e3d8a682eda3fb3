/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions are read once, in ranges: the entries of every row are counted, and what they are
 * is written down in the order of sessions; then they are placed. See stats/rows.h for the
 * counting itself. An unordered relation writes each session's products, ascending; product
 * a's entry is the tail after a, so a pair is counted once, as a < b, and mirrored when the
 * rows are written. The others write rows and entries.
 */
#include "config.h"

#include "stats/gather.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "base/spill.h"
#include "stats/relation.h"
#include "stats/rows.h"

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
	struct gather_of of;
	struct margins *sums;	/* over the parts */
	struct part *part;
	size_t n_parts;
	struct row_lists lists;
	struct entry *log;	/* of directed relations, at most one an event */
	struct range rows;	/* whose entries are placed */
	bool items_spilled, log_spilled;
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

	scan_start(&x, g->of.c, p->sessions,
		   (enum event_kind)__builtin_ctz(relation_kinds(g->of.relation)));
	for (uint32_t n; !job_cancelled(g->of.job); p->total++) {
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
	uint64_t i = g->of.c->session_offsets[p->sessions.first];
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

	for (uint64_t i = g->of.c->session_offsets[p->sessions.first]; i < p->log; i++) {
		if (i + AHEAD < p->log)
			__builtin_prefetch(&p->entries[log[i + AHEAD].row], 1);
		place_entry(g, p, log[i].row, log[i].entry);
	}
}

static void place_part(void *ctx, size_t task, unsigned worker)
{
	struct gather *g = ctx;

	(void)worker;
	if (relation_directed(g->of.relation))
		place_directed(g, &g->part[task]);
	else
		place_unordered(g, &g->part[task]);
}

/* adjacent-view: an entry is the product that comes next. */
static void gather_adjacent(struct gather *g, struct part *p, uint32_t s)
{
	uint32_t before = CATALOG_NONE;

	for (uint64_t i = g->of.c->session_offsets[s]; i < g->of.c->session_offsets[s + 1]; i++) {
		uint32_t now = g->of.c->event_product[i];

		if (g->of.c->event_kind[i] != EVENT_VIEW || now == before)
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
	uint64_t first = g->of.c->session_offsets[s], end = g->of.c->session_offsets[s + 1];
	uint32_t *list = g->lists.items + p->items;
	uint32_t n = 0;

	MEM_GROW(p->bought, p->cap, end - first);
	marks_next(&p->marks);
	for (uint64_t i = end; i-- > first;) {
		if (g->of.c->event_kind[i] != EVENT_PURCHASE ||
		    !marks_add(&p->marks, g->of.c->event_product[i]))
			continue;
		p->bought[n] = (uint32_t)(i - first);
		list[n++] = g->of.c->event_product[i];
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
	uint32_t n = scan_distinct(g->of.c, s, KIND_BIT(EVENT_VIEW), &p->marks, list);

	for (uint32_t i = 0; i < n; i++)
		p->from[list[i]]++;
	p->total += n > 0;
}

/* view-purchase: a's entry is the tail of purchases that come after its first
 * view; a itself may be among them and is dropped by rows_count. */
static void gather_view_purchase(struct gather *g, struct part *p, uint32_t s)
{
	uint64_t first = g->of.c->session_offsets[s], end = g->of.c->session_offsets[s + 1];
	uint32_t n = last_purchases(g, p, s), k = 0;
	bool viewed = false;

	for (uint32_t i = 0; i < n; i++)
		p->to[g->lists.items[p->items + i]]++;
	marks_next(&p->marks);
	for (uint64_t i = first; i < end; i++) {
		uint32_t a = g->of.c->event_product[i];

		if (g->of.c->event_kind[i] != EVENT_VIEW || !marks_add(&p->marks, a))
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
		if ((s & 0xffff) == 0 && job_cancelled(g->of.job))
			return;
		if (!scan_counted(g->of.c, s, &p->marks))
			continue;
		if (g->of.relation == REL_ADJACENT_VIEW)
			gather_adjacent(g, p, s);
		else if (has_event(g->of.c, s, EVENT_PURCHASE))
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
	p->items = p->log = g->of.c->session_offsets[p->sessions.first];
	if (relation_directed(g->of.relation))
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
	size_t n = g->of.c->n_events + 1;

	*spilled = g->of.spill && n * size > g->of.memory;
	if (*spilled)
		return spill_map(g->of.spill, n * size, list, err);
	*list = mem_big(n, size, "products of sessions", err);
	return *list;
}

static bool make_lists(struct gather *g, struct err *err)
{
	return (g->of.relation == REL_ADJACENT_VIEW ||
		make_list(g, sizeof *g->lists.items, (void **)&g->lists.items,
			  &g->items_spilled, err)) &&
	       (!relation_directed(g->of.relation) ||
		make_list(g, sizeof *g->log, (void **)&g->log, &g->log_spilled, err));
}

static bool gather_init(struct gather *g, unsigned threads, struct err *err)
{
	const struct catalog *c = g->of.c;
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
	g->sums->from = mem_big(c->n_products, sizeof *g->sums->from, "marginals", err);
	g->sums->to = mem_big(c->n_products, sizeof *g->sums->to, "marginals", err);
	g->lists.offsets = mem_big((size_t)c->n_products + 1, sizeof *g->lists.offsets,
				   "row offsets", err);
	return g->sums->from && g->sums->to && g->lists.offsets && make_lists(g, err);
}

/* After reading: marginals, where rows start, where parts go on. */
static void gather_sum(struct gather *g)
{
	uint64_t at = 0;

	for (size_t i = 0; i < g->n_parts; i++)
		g->sums->total += g->part[i].total;
	for (uint32_t a = 0; a < g->of.c->n_products; a++) {
		g->lists.offsets[a] = at;
		for (size_t i = 0; i < g->n_parts; i++) {
			struct part *p = &g->part[i];
			uint32_t n = p->entries[a];

			p->entries[a] = (uint32_t)at;
			at += n;
			g->sums->from[a] += p->from[a];
			g->sums->to[a] += p->to[a];
		}
		if (!relation_directed(g->of.relation))
			g->sums->to[a] = g->sums->from[a];
	}
	g->lists.offsets[g->of.c->n_products] = at;
}

/* The next rows, from `first` on, whose entries fit into memory; at least one. */
static struct range next_rows(const struct gather *g, uint32_t first)
{
	const uint64_t *offsets = g->lists.offsets;
	uint64_t most = g->of.spill ? g->of.memory / sizeof *g->lists.entry : UINT64_MAX;
	struct range rows = {first, g->of.c->n_products};

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

	for (uint32_t at = 0; at < g->of.c->n_products; at = g->rows.end) {
		g->rows = next_rows(g, at);
		g->lists.first = offsets[at];
		g->lists.entry = mem_big(offsets[g->rows.end] - offsets[at],
					 sizeof *g->lists.entry, "row entries", err);
		if (!g->lists.entry)
			return false;
		pool_run(pool, g->n_parts, place_part, g);
		if (!job_check(g->of.job, err) ||
		    !rows_count(counter, &g->lists, g->rows, g->of.job, err))
			return false;
		free(g->lists.entry);
		g->lists.entry = NULL;
	}
	rows_end(counter);
	return true;
}

static bool count(struct gather *g, struct pair_rows *rows, struct pool *pool, struct err *err)
{
	SCOPED(rows_counter) counter = NULL;

	if (!gather_init(g, pool_threads(pool), err))
		return false;
	pool_run(pool, g->n_parts, gather_part, g);
	gather_sum(g);
	job_step(g->of.job, relation_name(g->of.relation),
		 g->lists.offsets[g->of.c->n_products]);
	if (!job_check(g->of.job, err) ||
	    !rows_start(&counter, rows, g->of.c->n_products, g->of.spill, g->of.memory, pool,
			err))
		return false;
	return count_rows(g, counter, pool, err);
}

bool gather_count(const struct gather_of *of, struct margins *sums, struct pair_rows *rows,
		  struct pool *pool, struct err *err)
{
	struct gather g = {.of = *of, .sums = sums};
	bool ok;

	*sums = (struct margins){0};
	ok = count(&g, rows, pool, err);
	gather_finish(&g);
	if (!ok)
		margins_finish(sums);
	return ok;
}

void margins_finish(struct margins *m)
{
	free(m->from);
	free(m->to);
	*m = (struct margins){0};
}
