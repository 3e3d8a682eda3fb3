/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row's event is found by the running sums of its sessions' lengths. */
#include "config.h"

#include "view/timeline.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/time.h"
#include "view/cells.h"
#include "ask/pseudonym.h"

const struct column timeline_columns[TIMELINE_COLUMNS] = {
	[TIMELINE_SESSION] = {"session", "session", CELL_ID, 12, 0, COLUMN_SPARE,
		"the session, by pseudonym; by id with --show-users"},
	[TIMELINE_TIME] = {"time", "day", CELL_TIME, 10, 0, COLUMN_SHOP, "when; exact: UTC"},
	[TIMELINE_AFTER] = {"after", "after", CELL_TEXT, 9, 0, COLUMN_PEOPLE,
		"time since the session began; empty where hours are not known"},
	[TIMELINE_EVENT] = {"event", "event", CELL_TEXT, 8, 0, 0,
		"view, cart, remove, purchase or rating"},
	[TIMELINE_PRODUCT] = {"product", "product", CELL_ID, 10, 0, 0, "id of the product"},
	[TIMELINE_PRICE] = {"price", "price", CELL_MONEY, 9, 0, COLUMN_SPARE,
		"price of one piece in that event"},
	[TIMELINE_QUANTITY] = {"quantity", "pieces", CELL_COUNT, 6, 0, COLUMN_SPARE,
		"how many pieces"},
	[TIMELINE_LABEL] = {"label", "label", CELL_TEXT, 24, 0, COLUMN_MAIN,
		"label of the product"},
};

void timeline_init(struct timeline *t, const struct catalog *cat, const uint32_t *session,
		   uint32_t n)
{
	*t = (struct timeline){.cat = cat, .n = n};
	t->session = mem_alloc((n + (size_t)1) * sizeof *t->session);
	t->sum = mem_zalloc((n + (size_t)1) * sizeof *t->sum);
	for (uint32_t i = 0; i < n; i++) {
		t->session[i] = session[i];
		t->sum[i + 1] = t->sum[i] + cat->session_offsets[session[i] + 1] -
				cat->session_offsets[session[i]];
	}
}

void timeline_close(void *state)
{
	struct timeline *t = state;
	free(t->session);
	free(t->sum);
}

uint64_t timeline_count(const void *state)
{
	const struct timeline *t = state;
	return t->sum[t->n];
}

/* The event of row i and its session. */
static uint64_t event_at(const struct timeline *t, uint64_t i, uint32_t *session)
{
	uint32_t lo = 0, hi = t->n;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (t->sum[mid] <= i)
			lo = mid;
		else
			hi = mid;
	}
	*session = t->session[lo];
	return t->cat->session_offsets[*session] + (i - t->sum[lo]);
}

static struct cell after(struct view *v, const struct catalog *cat, uint64_t e,
			 uint32_t session)
{
	STRBUF(b);
	int64_t start = cat->event_time[cat->session_offsets[session]];
	if (!(cat->caps & CAP_HOURS))
		return cell_empty();
	strbuf_addc(&b, '+');
	time_add_span(&b, (double)(cat->event_time[e] - start) / 1000);
	return cell_text(arena_str(view_arena(v), strbuf_str(&b)));
}

void timeline_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct timeline *t = state;
	const struct catalog *cat = t->cat;
	uint32_t session;
	uint64_t e = event_at(t, i, &session);
	uint32_t p = cat->event_product[e];
	bool price = cat->event_price && cat->event_price[e] != PRICE_NONE;
	cells[TIMELINE_SESSION] = cell_known(pseudonym_session(view_question(v),
								view_arena(v), session));
	cells[TIMELINE_TIME] = (struct cell){.count = cat->event_time[e]};
	cells[TIMELINE_AFTER] = after(v, cat, e, session);
	cells[TIMELINE_EVENT] = cell_text(str_from(event_kind_name(cat->event_kind[e])));
	cells[TIMELINE_PRODUCT] = cell_text(text_at(&cat->product_id, p));
	cells[TIMELINE_PRICE] = price ? (struct cell){.count = cat->event_price[e]}
				      : cell_empty();
	cells[TIMELINE_QUANTITY] = cat->event_quantity ? cell_count(cat->event_quantity[e])
						       : cell_empty();
	cells[TIMELINE_LABEL] = cell_text(text_at(&cat->product_label, p));
}

uint32_t timeline_product(const void *state, uint64_t i)
{
	const struct timeline *t = state;
	uint32_t session;
	return t->cat->event_product[event_at(t, i, &session)];
}

void tally_init(struct tally *t)
{
	*t = (struct tally){.first = TIME_NONE, .last = TIME_NONE};
}

void tally_session(struct tally *t, const struct catalog *cat, uint32_t session,
		   uint32_t product)
{
	uint64_t before = t->events;

	assert(session < cat->n_sessions);
	for (uint64_t i = cat->session_offsets[session];
	     i < cat->session_offsets[session + 1]; i++) {
		if (product != CATALOG_NONE && cat->event_product[i] != product)
			continue;
		t->events++;
		if (cat->event_kind[i] < EVENT_KINDS)
			t->kind[cat->event_kind[i]]++;
		if (t->first == TIME_NONE || cat->event_time[i] < t->first)
			t->first = cat->event_time[i];
		if (t->last == TIME_NONE || cat->event_time[i] > t->last)
			t->last = cat->event_time[i];
	}
	t->sessions += t->events > before;
}
