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
#include "base/sort.h"
#include "base/time.h"
#include "eval/hold.h"
#include "stats/relation.h"
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

static const struct split_moment never = {.at = TIME_NONE};

/* A day, or a time with its zone. */
static bool parse_moment(struct str s, struct split_moment *m)
{
	*m = never;
	m->day = time_parse_date(s, &m->clock);
	if (m->day)
		m->at = m->clock;
	return m->day || time_parse(s, &m->at);
}

static void add_moment(struct strbuf *b, const struct split_moment *m)
{
	if (m->day)
		time_add_date(b, m->clock);
	else
		time_add_rfc3339(b, m->at);
}

static bool parse_dates(struct str rest, struct split_spec *s)
{
	struct str first, second;
	size_t dots = str_find(rest, STR(".."));

	if (dots != SIZE_MAX) {
		first = (struct str){rest.ptr, dots};
		second = (struct str){rest.ptr + dots + 2, rest.len - dots - 2};
		return parse_moment(first, &s->from) && parse_moment(second, &s->until) &&
		       s->from.at < s->until.at;
	}
	if (!str_next(&rest, ',', &first))
		return false;
	if (!str_next(&rest, ',', &second))
		return parse_moment(first, &s->from);
	return !rest.len && parse_moment(first, &s->tune_from) &&
	       parse_moment(second, &s->from) && s->tune_from.at < s->from.at;
}

/* Those that are a share of something. */
static const char *const of_share[] = {
	[SPLIT_LATEST] = "latest",
	[SPLIT_RANDOM] = "random",
	[SPLIT_LINKS] = "links",
	[SPLIT_PRODUCTS] = "products",
};

static bool split_of_share(struct str word, enum split_kind *kind)
{
	for (unsigned i = 0; i < sizeof of_share / sizeof *of_share; i++)
		if (of_share[i] && str_is(word, of_share[i])) {
			*kind = i;
			return true;
		}
	return false;
}

bool split_parse(struct str text, struct split_spec *out, struct err *err)
{
	struct split_spec s = *out;
	struct str kind, rest = text;
	uint64_t last;
	bool ok = false;

	s.from = s.tune_from = s.until = never;
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
		} else if (split_of_share(kind, &s.kind)) {
			ok = num_real(rest, &s.share) && s.share > 0 && s.share < 1;
		}
	}
	if (!ok)
		return err_fail(err, ERR_USAGE, "'%.*s' is no split: write auto, "
				"time:2008-08-01 or time:2008-08-01T12:30:00Z, "
				"time:2008-07-01,2008-08-01 (parameters chosen from the first "
				"date, tested from the second), time:2008-07-01..2008-08-01 "
				"(tested between the two), latest:0.2, last:1, random:0.2, "
				"links:0.2 or products:0.2",
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
		if (s->tune_from.at != TIME_NONE) {
			add_moment(b, &s->tune_from);
			strbuf_addc(b, ',');
		}
		add_moment(b, &s->from);
		if (s->until.at != TIME_NONE) {
			strbuf_adds(b, "..");
			add_moment(b, &s->until);
		}
		break;
	case SPLIT_LATEST:
	case SPLIT_RANDOM:
	case SPLIT_LINKS:
	case SPLIT_PRODUCTS:
		strbuf_addf(b, "%s:", of_share[s->kind]);
		num_add_exact(b, s->share);
		break;
	case SPLIT_GIVEN:
		strbuf_adds(b, "given");
		break;
	case SPLIT_LAST:
		strbuf_addf(b, "last:%u", s->last);
		break;
	}
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The time from which on the latest `share` of the events within (NULL: of all) happened;
 * TIME_NONE where nothing is before it. */
static bool latest(const struct catalog *c, const uint8_t *within, double share, int64_t *from,
		   struct err *err)
{
	SCOPED_FREE int64_t *time = mem_big(c->n_events, sizeof *time, "times of events", err);
	uint64_t n = 0, at;

	if (!time)
		return false;
	for (uint64_t i = 0; c->event_time && i < c->n_events; i++)
		if (!within || within[i])
			time[n++] = c->event_time[i];
	qsort(time, n, sizeof *time, ascending);
	at = (uint64_t)((double)n * (1 - share));
	while (at < n && time[at] == time[0])
		at++;
	*from = at < n ? time[at] : TIME_NONE;
	return true;
}

static bool settle_latest(struct split_spec *s, const struct catalog *c, struct err *err)
{
	s->from = never;
	if (!latest(c, NULL, s->share, &s->from.at, err))
		return false;
	return s->from.at != TIME_NONE ||
	       err_fail(err, ERR_NO, "all events happened at once: none is later than others; try "
			"--split last:1 or random:0.2");
}

/* The first day with four fifths of all events before it. */
static bool settle_days(struct split_spec *s, const struct catalog *c, struct err *err)
{
	int64_t first = catalog_day(c, c->first_time);
	int64_t days = catalog_day(c, c->last_time) - first + 1, day = 0;
	SCOPED_FREE uint64_t *events = mem_big((size_t)days, sizeof *events, "events of days",
					       err);
	uint64_t before = 0;

	if (!events)
		return false;
	for (uint64_t i = 0; i < c->n_events; i++)
		events[catalog_day(c, c->event_time[i]) - first]++;
	while (day + 1 < days && before + events[day] <= c->n_events / 5 * 4)
		before += events[day++];
	day += day == 0;
	s->kind = SPLIT_TIME;
	s->from = (struct split_moment){.clock = (first + day) * TIME_DAY, .day = true};
	return true;
}

static bool settle_auto(struct split_spec *s, const struct catalog *c, struct err *err)
{
	bool dated = c->event_time && c->n_events && !(c->caps & CAP_UNDATED);

	s->share = 0.2;
	if (dated && catalog_day(c, c->last_time) > catalog_day(c, c->first_time))
		return settle_days(s, c, err);
	s->kind = c->event_time && c->last_time > c->first_time ? SPLIT_LATEST : SPLIT_RANDOM;
	return true;
}

static void settle_moment(struct split_moment *m, const struct catalog *c)
{
	if (m->day)
		m->at = catalog_instant(c, m->clock);
}

/* Without events pairs alone can be held back, and only where nothing else counts them. */
static bool settle_pairs(struct split_spec *s, const struct catalog *c, struct err *err)
{
	if (!relations_alone(c))
		return err_fail(err, ERR_NO, "this store has no events to hold back: its counts "
				"were made elsewhere");
	if (s->kind == SPLIT_AUTO) {
		s->kind = SPLIT_LINKS;
		s->share = 0.2;
	}
	return s->kind == SPLIT_LINKS || s->kind == SPLIT_PRODUCTS ||
	       err_fail(err, ERR_NO, "this store has a graph of products and no events: write "
			"--split links:0.2 or products:0.2, with --task complement");
}

bool split_settle(struct split_spec *s, const struct catalog *c, struct err *err)
{
	if (!c->n_events)
		return settle_pairs(s, c, err);
	if (s->kind == SPLIT_AUTO && !settle_auto(s, c, err))
		return false;
	if (s->kind == SPLIT_LATEST)
		return settle_latest(s, c, err);
	if (s->kind == SPLIT_TIME && (c->caps & CAP_UNDATED))
		return err_fail(err, ERR_NO, "the log has no dates, only an order: write --split "
				"latest:0.2, last:1 or random:0.2");
	settle_moment(&s->from, c);
	settle_moment(&s->tune_from, c);
	settle_moment(&s->until, c);
	return true;
}

/* As it is shown: a day where one begins then. */
static struct split_moment moment_of(const struct catalog *c, int64_t at)
{
	int64_t clock = catalog_clock(c, at);

	return (struct split_moment){at, clock, clock % TIME_DAY == 0};
}

/* The latest events of what a file gives to learn from: as large a part of it as the test part
 * is of both. */
static bool tune_given(const struct split_spec *s, const struct catalog *c,
		       struct split_spec *tune, struct err *err)
{
	SCOPED_FREE uint8_t *in = mem_big(c->n_events, 1, "the split", err);
	uint64_t train = 0, test = 0;

	if (!in)
		return false;
	for (uint32_t k = 0; k < c->n_sessions; k++)
		for (uint64_t i = c->session_offsets[k]; i < c->session_offsets[k + 1]; i++) {
			in[i] = s->side[k] == SIDE_TRAIN;
			train += in[i];
			test += s->side[k] == SIDE_TEST;
		}
	tune->kind = SPLIT_LATEST;
	tune->share = train + test ? (double)test / (double)(train + test) : 0.2;
	tune->share = tune->share < 0.5 ? tune->share : 0.5;
	if (!latest(c, in, tune->share, &tune->from.at, err))
		return false;
	if (tune->from.at == TIME_NONE)
		tune->kind = SPLIT_RANDOM;
	return true;
}

bool split_tune(const struct split_spec *s, const struct catalog *c,
		struct split_spec *tune, struct err *err)
{
	int64_t end = s->until.at == TIME_NONE ? c->last_time : s->until.at;
	int64_t span, before;

	*tune = *s;
	tune->tune_from = tune->until = never;
	tune->seed = s->seed + 1;
	if (s->kind == SPLIT_GIVEN)
		return tune_given(s, c, tune, err);
	if (s->kind != SPLIT_TIME && s->kind != SPLIT_LATEST)
		return true;
	span = end - s->from.at;
	before = s->from.at - c->first_time;
	if (before <= 0)
		return err_fail(err, ERR_NO, "nothing happened before the date of the split");
	tune->from = s->tune_from;
	if (s->tune_from.at == TIME_NONE)
		tune->from = moment_of(c, s->from.at - (span < before / 2 ? span : before / 2));
	return true;
}

void split_finish(struct split *p)
{
	free(p->train);
	free(p->offsets);
	free(p->item);
	free(p->given);
	free(p->session);
	free(p->pieces.offsets);
	free(p->pieces.event);
	free(p->pieces.session);
	free(p->pair);
	free(p->product);
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
	if (g->spec->only && n - given > g->spec->only)
		given = n - g->spec->only;
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

	sort_u32(x, n);
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
static uint64_t border_of(struct splitting *g, uint32_t s, uint64_t end, size_t *given)
{
	const struct split_spec *spec = g->spec;
	uint64_t from = g->c->session_offsets[s], border = from;
	size_t n;

	*given = 0;
	switch (spec->kind) {
	case SPLIT_AUTO:	/* split_settle made another of it */
		return end;
	case SPLIT_TIME:
	case SPLIT_LATEST:
		while (border < end && g->c->event_time[border] < spec->from.at)
			border++;
		return border;
	case SPLIT_LINKS:	/* made by hold_links */
	case SPLIT_PRODUCTS:	/* and by leave_out */
		return end;
	case SPLIT_GIVEN:
		return spec->side[s] == SIDE_TRAIN ? end : from;
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

/* Events of products that are held back are out; a session with one that was bought is asked
 * about. */
static void leave_out(struct splitting *g, uint32_t s)
{
	const struct catalog *c = g->c;
	uint64_t from = c->session_offsets[s], end = c->session_offsets[s + 1];
	bool any = false;

	for (uint64_t i = from; i < end; i++) {
		bool held = hold_product(g->spec, c, c->event_product[i]);

		any |= held && inside(g, i) && c->event_kind[i] == g->kind;
		g->out->train[i] = !held && inside(g, i);
		g->out->train_events += g->out->train[i];
	}
	if (any)
		test_items(g, s, from, find_items(g, from, end), 0);
}

static void split_session(struct splitting *g, uint32_t s)
{
	uint64_t from = g->c->session_offsets[s], end = g->c->session_offsets[s + 1];
	size_t given;
	uint64_t border, start;

	if (g->spec->kind == SPLIT_GIVEN && g->spec->side[s] == SIDE_NONE)
		return;
	while (g->spec->kind == SPLIT_TIME && g->spec->until.at != TIME_NONE && end > from &&
	       g->c->event_time[end - 1] >= g->spec->until.at)
		end--;
	border = border_of(g, s, end, &given);
	start = given ? from : border;

	if (border < end)
		test_items(g, s, start, find_items(g, start, end), given);
	for (uint64_t i = from; i < border; i++)
		if (inside(g, i)) {
			g->out->train[i] = 1;
			g->out->train_events++;
		}
}

/* Kinds of events; of a graph those that its relations of complements are counted in. */
static unsigned kinds_of(const struct catalog *c)
{
	if (c->n_events)
		return scan_kinds(c, NULL);
	return (c->relation[REL_CO_PURCHASE].out.offsets ? KIND_BIT(EVENT_PURCHASE) : 0) |
	       (c->relation[REL_CO_CART].out.offsets ? KIND_BIT(EVENT_CART) : 0);
}

static bool choose_kind(struct splitting *g, struct err *err)
{
	static const enum event_kind next[] = {EVENT_VIEW, EVENT_PURCHASE, EVENT_CART},
				     together[] = {EVENT_PURCHASE, EVENT_CART};
	const enum event_kind *from = g->task == TASK_NEXT ? next : together;
	size_t n = g->task == TASK_NEXT ? 3 : 2;
	unsigned kinds = kinds_of(g->c);

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
	if (!c->n_events && task != TASK_COMPLEMENT)
		return err_fail(err, ERR_USAGE, "this store has a graph of products and no events: "
				"write --task complement");
	if ((spec->kind == SPLIT_LINKS || spec->kind == SPLIT_PRODUCTS) && task != TASK_COMPLEMENT)
		return err_fail(err, ERR_USAGE, "--split %s holds back what was bought along: it "
				"is for --task complement", of_share[spec->kind]);
	if (!c->n_events || spec->kind == SPLIT_LINKS) {
		if (!(c->n_events ? hold_links : hold_pairs)(&p, spec, c, err)) {
			split_finish(&p);
			return false;
		}
	} else {
		p.train = mem_big(c->n_events, 1, "the split", err);
		if (!p.train)
			return false;
	}
	rng_init(&g.rng, spec->seed, 0x5911);
	for (uint32_t s = 0; s < c->n_sessions && p.train; s++)
		spec->kind == SPLIT_PRODUCTS ? leave_out(&g, s) : split_session(&g, s);
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

bool split_part(struct part **part, const struct split *p, const struct catalog *c,
		struct work work, struct err *err)
{
	if (p->pair)
		return part_make_unlinked(part, c, &p->unlinked, work, err);
	return p->train ? part_make(part, c, p->train, work, err) :
			  part_make_pieces(part, c, &p->pieces, work, err);
}
