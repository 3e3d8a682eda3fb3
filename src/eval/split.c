/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borders by time or by place in the session; targets are the distinct items behind. */
#include "config.h"

#include "eval/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/scope.h"
#include "base/num.h"
#include "base/rng.h"
#include "base/time.h"
#include "stats/scan.h"

static const char *const tasks[] = {[TASK_NEXT] = "next", [TASK_COMPLEMENT] = "complement",
				    [TASK_BASKET] = "basket"};

const char *task_name(enum task t)
{
	return tasks[t];
}

bool task_parse(struct str s, enum task *t)
{
	for (unsigned i = 0; i < sizeof tasks / sizeof *tasks; i++)
		if (str_is(s, tasks[i])) {
			*t = i;
			return true;
		}
	return false;
}

/* A day, or a time with its zone. */
static bool parse_instant(struct str s, int64_t *ms)
{
	return time_parse_date(s, ms) || time_parse(s, ms);
}

static void add_instant(struct strbuf *b, int64_t ms)
{
	if (ms % TIME_DAY == 0)
		time_add_date(b, ms);
	else
		time_add_rfc3339(b, ms);
}

static bool parse_dates(struct str rest, struct split_spec *s)
{
	struct str first, second;
	size_t dots = str_find(rest, STR(".."));

	if (dots != SIZE_MAX) {
		first = (struct str){rest.ptr, dots};
		second = (struct str){rest.ptr + dots + 2, rest.len - dots - 2};
		return parse_instant(first, &s->from) && parse_instant(second, &s->until) &&
		       s->from < s->until;
	}
	if (!str_next(&rest, ',', &first))
		return false;
	if (!str_next(&rest, ',', &second))
		return parse_instant(first, &s->from);
	return !rest.len && parse_instant(first, &s->tune_from) &&
	       parse_instant(second, &s->from) && s->tune_from < s->from;
}

bool split_parse(struct str text, struct split_spec *out, struct err *err)
{
	struct split_spec s = *out;
	struct str kind, rest = text;
	uint64_t last;
	bool ok = false;

	s.tune_from = s.until = TIME_NONE;
	if (str_is(text, "auto")) {
		s.kind = SPLIT_AUTO;
		ok = true;
	} else if (str_next(&rest, ':', &kind)) {
		if (str_is(kind, "time")) {
			s.kind = SPLIT_TIME;
			ok = parse_dates(rest, &s);
		} else if (str_is(kind, "last")) {
			s.kind = SPLIT_LAST;
			ok = num_u64(rest, &last) && last >= 1 && last <= 1000;
			s.last = ok ? (unsigned)last : 0;
		} else if (str_is(kind, "random")) {
			s.kind = SPLIT_RANDOM;
			ok = num_real(rest, &s.share) && s.share > 0 && s.share < 1;
		}
	}
	if (!ok)
		return err_fail(err, ERR_USAGE, "'%.*s' is no split: write auto, "
				"time:2008-08-01 or time:2008-08-01T12:30:00Z, "
				"time:2008-07-01,2008-08-01 (parameters chosen from the first "
				"date, tested from the second), time:2008-07-01..2008-08-01 "
				"(tested between the two), last:1 or random:0.2",
				STR_ARG(text));
	*out = s;
	return true;
}

void split_text(const struct split_spec *s, struct strbuf *b)
{
	switch (s->kind) {
	case SPLIT_AUTO:
		strbuf_adds(b, "auto");
		break;
	case SPLIT_TIME:
		strbuf_adds(b, "time:");
		if (s->tune_from != TIME_NONE) {
			add_instant(b, s->tune_from);
			strbuf_addc(b, ',');
		}
		add_instant(b, s->from);
		if (s->until != TIME_NONE) {
			strbuf_adds(b, "..");
			add_instant(b, s->until);
		}
		break;
	case SPLIT_LAST:
		strbuf_addf(b, "last:%u", s->last);
		break;
	case SPLIT_RANDOM:
		strbuf_adds(b, "random:");
		num_add_exact(b, s->share);
		break;
	}
}

/* Days since 1970. */
static int64_t day_of(int64_t ms)
{
	return ms >= 0 ? ms / TIME_DAY : -((-ms + TIME_DAY - 1) / TIME_DAY);
}

bool split_settle(struct split_spec *s, const struct catalog *c, struct err *err)
{
	int64_t first = day_of(c->first_time), days = day_of(c->last_time) - first + 1;
	SCOPED_FREE uint64_t *events = NULL;
	uint64_t before = 0;
	int64_t day = 0;

	if (s->kind != SPLIT_AUTO)
		return true;
	s->kind = SPLIT_RANDOM;
	s->share = 0.2;
	if (!c->event_time || c->n_events == 0 || days < 2)
		return true;
	events = mem_big((size_t)days, sizeof *events, "events of days", err);
	if (!events)
		return false;
	for (uint64_t i = 0; i < c->n_events; i++)
		events[day_of(c->event_time[i]) - first]++;
	while (day + 1 < days && before + events[day] <= c->n_events / 5 * 4)
		before += events[day++];
	day += day == 0;
	s->kind = SPLIT_TIME;
	s->from = (first + day) * TIME_DAY;
	return true;
}

bool split_tune(const struct split_spec *s, const struct catalog *c,
		struct split_spec *tune, struct err *err)
{
	int64_t end = s->until == TIME_NONE ? c->last_time : s->until;
	int64_t span = end - s->from, before = s->from - c->first_time;

	*tune = *s;
	tune->tune_from = tune->until = TIME_NONE;
	tune->seed = s->seed + 1;
	if (s->kind != SPLIT_TIME)
		return true;
	if (before <= 0)
		return err_fail(err, ERR_NO, "nothing happened before the date of the split");
	tune->from = s->tune_from;
	if (s->tune_from == TIME_NONE)
		tune->from = s->from - (span < before / 2 ? span : before / 2);
	return true;
}

void split_finish(struct split *p)
{
	free(p->train);
	free(p->offsets);
	free(p->item);
	free(p->given);
	free(p->session);
	*p = (struct split){0};
}

/* --- making it */

struct splitting {
	const struct split_spec *spec;
	const struct catalog *c;
	const uint8_t *within;
	enum task task;
	enum event_kind kind;
	struct split *out;
	size_t cap_items, cap_lists, items;
	uint32_t *place;	/* events of the session's items, in order */
	size_t cap_place;
	struct rng rng;
};

static bool inside(const struct splitting *g, uint64_t event)
{
	return !g->within || g->within[event];
}

/* The session's events that are items (without consecutive duplicates where the next
 * item is asked for). */
static size_t find_items(struct splitting *g, uint64_t from, uint64_t end)
{
	const struct catalog *c = g->c;
	size_t n = 0;

	for (uint64_t i = from; i < end; i++) {
		if (!inside(g, i) || c->event_kind[i] != g->kind)
			continue;
		if (g->task == TASK_NEXT && !g->spec->repeats && n &&
		    c->event_product[from + g->place[n - 1]] == c->event_product[i])
			continue;
		MEM_GROW(g->place, g->cap_place, n + 1);
		g->place[n++] = (uint32_t)(i - from);
	}
	return n;
}

static void add_list(struct splitting *g, uint32_t session, const uint32_t *item, size_t n,
		     size_t given)
{
	struct split *p = g->out;

	if (n < 2 || given >= n)
		return;
	MEM_GROW(p->item, g->cap_items, g->items + n);
	if (p->n + 2 > g->cap_lists) {
		size_t cap = g->cap_lists * 3 / 2 + 64;

		p->offsets = mem_resize(p->offsets, cap, sizeof *p->offsets);
		p->given = mem_resize(p->given, cap, sizeof *p->given);
		p->session = mem_resize(p->session, cap, sizeof *p->session);
		g->cap_lists = cap;
	}
	memcpy(p->item + g->items, item, n * sizeof *item);
	p->offsets[p->n] = g->items;
	p->given[p->n] = (uint32_t)given;
	p->session[p->n] = session;
	g->items += n;
	p->offsets[++p->n] = g->items;
}

static size_t distinct(uint32_t *x, size_t n)
{
	size_t m = 0;

	scan_sort(x, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		if (!m || x[m - 1] != x[i])
			x[m++] = x[i];
	return m;
}

/* The first n items found from event `from` on as a test list; the first `given` of
 * them are only known (to whom the next item is asked of). */
static void test_items(struct splitting *g, uint32_t session, uint64_t from, size_t n,
		       size_t given)
{
	SCOPED_FREE uint32_t *item = mem_alloc((n + 1) * sizeof *item);
	size_t start = g->task == TASK_NEXT ? 0 : given, m = n - start;

	for (size_t i = 0; i < m; i++)
		item[i] = g->c->event_product[from + g->place[start + i]];
	if (g->task != TASK_NEXT)
		add_list(g, session, item, distinct(item, m), 0);
	else
		add_list(g, session, item, m, given ? given : 1);
}

/* Where the test part of session s begins. */
static uint64_t border_of(struct splitting *g, uint64_t from, uint64_t end, size_t *given)
{
	const struct split_spec *spec = g->spec;
	uint64_t border = from;
	size_t n;

	*given = 0;
	switch (spec->kind) {
	case SPLIT_AUTO:	/* split_settle made another of it */
		return end;
	case SPLIT_TIME:
		while (border < end && g->c->event_time[border] < spec->from)
			border++;
		return border;
	case SPLIT_LAST:
		n = find_items(g, from, end);
		if (n < 2)
			return end;
		*given = n > spec->last ? n - spec->last : 1;
		return from + g->place[*given];
	case SPLIT_RANDOM:
		break;
	}
	return rng_real(&g->rng) < spec->share ? from : end;
}

static void split_session(struct splitting *g, uint32_t s)
{
	uint64_t from = g->c->session_offsets[s], end = g->c->session_offsets[s + 1];
	size_t given;
	uint64_t border, start;

	while (g->spec->kind == SPLIT_TIME && g->spec->until != TIME_NONE && end > from &&
	       g->c->event_time[end - 1] >= g->spec->until)
		end--;
	border = border_of(g, from, end, &given);
	start = given ? from : border;

	if (border < end)
		test_items(g, s, start, find_items(g, start, end), given);
	for (uint64_t i = from; i < border; i++)
		if (inside(g, i)) {
			g->out->train[i] = 1;
			g->out->train_events++;
		}
}

static bool choose_kind(struct splitting *g, struct err *err)
{
	static const enum event_kind next[] = {EVENT_VIEW, EVENT_PURCHASE, EVENT_CART},
				     together[] = {EVENT_PURCHASE, EVENT_CART};
	const enum event_kind *from = g->task == TASK_NEXT ? next : together;
	size_t n = g->task == TASK_NEXT ? 3 : 2;
	unsigned kinds = scan_kinds(g->c, NULL);

	for (size_t i = 0; i < n; i++)
		if (kinds & KIND_BIT(from[i])) {
			g->kind = from[i];
			return true;
		}
	return err_fail(err, ERR_NO, g->task == TASK_NEXT ?
			"the log has no views, purchases or carts to predict" :
			"the log has no purchases and no carts: complements can't be tested; "
			"try --task next");
}

bool split_make(struct split *out, const struct split_spec *spec, const struct catalog *c,
		enum task task, const uint8_t *within, struct err *err)
{
	struct split p = {0};
	struct splitting g = {.spec = spec, .c = c, .within = within, .task = task,
			      .out = &p};

	if (!choose_kind(&g, err))
		return false;
	p.kind = g.kind;
	p.train = mem_big(c->n_events, 1, "the split", err);
	if (!p.train)
		return false;
	rng_init(&g.rng, spec->seed, 0x5911);
	for (uint32_t s = 0; s < c->n_sessions; s++)
		split_session(&g, s);
	free(g.place);
	if (!p.train_events || !p.n) {
		bool none = !p.train_events;

		split_finish(&p);
		return err_fail(err, ERR_NO, none ?
				"the split leaves nothing to learn from" :
				"the split leaves no session of two items to test on");
	}
	*out = p;
	return true;
}
