/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of one kind, which lie in the witnesses' dictionaries, sorted and without doubles. */
#include "config.h"

#include "import/ids.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

/* Texts lie anywhere: ask for where one is so far ahead, and for it half as far. */
#define AHEAD 16

struct id_place ids_place(const struct ids *ids, uint32_t i)
{
	unsigned w = 0;

	while (i >= ids->base[w + 1])
		w++;
	return (struct id_place){w, i - (uint32_t)ids->base[w]};
}

bool ids_is_first(const struct ids *ids, unsigned w, uint32_t number)
{
	uint32_t at = (uint32_t)ids->base[w] + number;

	return ids->sample[ids->rank[at]] == at;
}

static struct str text_at_number(const void *ctx, uint32_t i)
{
	const struct ids *ids = ctx;
	struct id_place x = ids_place(ids, i);

	return map_key(ids->from->of[x.w].map[ids->kind], x.number);
}

struct str ids_text(const struct ids *ids, uint32_t rank)
{
	if (ids->at)
		return str_span(ids->bytes + ids->at[rank], ids->at[rank + 1] - ids->at[rank]);
	return text_at_number(ids, ids->sample[rank]);
}

uint32_t ids_find(const struct ids *ids, struct str text)
{
	uint32_t low = 0, high = ids->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_cmp(ids_text(ids, middle), text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ids->n && str_eq(ids_text(ids, low), text) ? low : UINT32_MAX;
}

/* Sorted texts into ranks: equal ones are neighbours and share one. */
struct ranking {
	struct ids *ids;
	const uint32_t *order;	/* (total) */
	uint8_t *fresh;		/* (total) not equal to the one before */
	uint32_t *first;	/* (tasks) fresh ones before */
};

static void ask_for(const struct ids *ids, uint32_t i, bool key)
{
	struct id_place x = ids_place(ids, i);

	map_prefetch(ids->from->of[x.w].map[ids->kind], x.number, key);
}

void ids_ask(const struct ids *ids, uint32_t rank, enum ids_step step)
{
	if (ids->at && step == IDS_PLACE)
		__builtin_prefetch(&ids->at[rank]);
	else if (ids->at && step == IDS_TEXT)
		__builtin_prefetch(ids->bytes + ids->at[rank]);
	else if (ids->at)
		return;
	else if (step == IDS_SAMPLE)
		__builtin_prefetch(&ids->sample[rank]);
	else
		ask_for(ids, ids->sample[rank], step == IDS_TEXT);
}

static void find_fresh(void *ctx, struct pool_rows rows, unsigned worker)
{
	struct ranking *r = ctx;
	struct str before = STR_NULL;
	uint32_t n = 0;

	if (rows.begin)
		before = text_at_number(r->ids, r->order[rows.begin - 1]);
	for (size_t i = rows.begin; i < rows.end; i++) {
		struct str text;

		if (i + AHEAD < rows.end)
			ask_for(r->ids, r->order[i + AHEAD], false);
		if (i + AHEAD / 2 < rows.end)
			ask_for(r->ids, r->order[i + AHEAD / 2], true);
		text = text_at_number(r->ids, r->order[i]);
		r->fresh[i] = i == 0 || !str_eq(before, text);
		n += r->fresh[i];
		before = text;
	}
	r->first[rows.begin / POOL_ROWS] = n;
}

static void set_ranks(void *ctx, struct pool_rows rows, unsigned worker)
{
	struct ranking *r = ctx;
	uint32_t n = r->first[rows.begin / POOL_ROWS];

	for (size_t i = rows.begin; i < rows.end; i++) {
		if (r->fresh[i])
			r->ids->sample[n++] = r->order[i];
		r->ids->rank[r->order[i]] = n - 1;
	}
}

struct text_order {
	uint32_t *order;
	size_t total;
};

static bool rank_texts(struct ids *ids, struct text_order o, struct pool *pool, struct err *err)
{
	SCOPED_FREE uint8_t *fresh = mem_big(o.total, 1, "ids", err);
	SCOPED_FREE uint32_t *first = mem_alloc((o.total / POOL_ROWS + 1) * sizeof *first);
	struct ranking r = {ids, o.order, fresh, first};

	if (!fresh)
		return false;
	pool_run_rows(pool, o.total, find_fresh, &r);
	for (size_t i = 0; i * POOL_ROWS < o.total; i++) {
		uint32_t n = first[i];

		first[i] = ids->n;
		ids->n += n;
	}
	ids->sample = mem_big(ids->n, sizeof *ids->sample, "ids", err);
	if (!ids->sample)
		return false;
	pool_run_rows(pool, o.total, set_ranks, &r);
	return true;
}

void ids_finish(struct ids *ids)
{
	free(ids->base);
	free(ids->rank);
	free(ids->sample);
	free(ids->at);
	free(ids->bytes);
	*ids = (struct ids){0};
}

bool ids_merge(struct ids *ids, const struct witnesses *from, enum id_kind kind,
	       struct pool *pool, struct err *err)
{
	SCOPED_FREE uint32_t *order = NULL;
	size_t total = 0;

	ids_finish(ids);
	*ids = (struct ids){.from = from, .kind = kind};
	ids->base = mem_zalloc((from->n + 1) * sizeof *ids->base);
	for (unsigned w = 0; w < from->n; w++) {
		total += map_count(from->of[w].map[kind]);
		ids->base[w + 1] = total;
	}
	if (total >= UINT32_MAX)
		return err_fail(err, ERR_FORMAT, "more than %u different ids",
				UINT32_MAX - 1);
	order = mem_big(total, sizeof *order, "ids", err);
	if (!order || !sort_texts(order, total, text_at_number, ids, pool, err))
		return false;
	ids->rank = mem_big(total, sizeof *ids->rank, "ids", err);
	return ids->rank && rank_texts(ids, (struct text_order){order, total}, pool, err);
}

uint32_t ids_rank(const struct ids *ids, unsigned worker, uint32_t number)
{
	return number == MAP_NONE ? MAP_NONE : ids->rank[ids->base[worker] + number];
}

/* ---- texts side by side */

struct gathering {
	const struct ids *ids;
	uint32_t *at;		/* (n + 1): lengths first, one place on */
	char *bytes;		/* NULL: they are measured */
};

static void gather_rows(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct gathering *g = ctx;

	for (size_t i = rows.begin; i < rows.end; i++) {
		struct str s;

		if (i + AHEAD < rows.end)
			ids_ask(g->ids, (uint32_t)(i + AHEAD), IDS_PLACE);
		if (i + AHEAD / 2 < rows.end)
			ids_ask(g->ids, (uint32_t)(i + AHEAD / 2), IDS_TEXT);
		s = ids_text(g->ids, (uint32_t)i);
		if (g->bytes)
			memcpy(g->bytes + g->at[i], s.ptr, s.len);
		else
			g->at[i + 1] = (uint32_t)s.len;
	}
}

bool ids_gather(struct ids *ids, struct pool *pool, struct err *err)
{
	SCOPED_FREE uint32_t *at = mem_big((size_t)ids->n + 1, sizeof *at, "ids", err);
	struct gathering g = {ids, at, NULL};
	uint64_t total = 0;

	if (!at)
		return false;
	pool_run_rows(pool, ids->n, gather_rows, &g);
	for (uint32_t i = 0; i < ids->n; i++) {
		total += at[i + 1];
		at[i + 1] = (uint32_t)total;
	}
	if (total > UINT32_MAX)
		return true;
	g.bytes = mem_big(total, 1, "ids", err);
	if (!g.bytes)
		return false;
	pool_run_rows(pool, ids->n, gather_rows, &g);
	ids->bytes = g.bytes;
	ids->at = at;
	at = NULL;
	return true;
}
