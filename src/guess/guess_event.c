/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened, as settings: events by their words or codes, else what the rest speaks of. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/utf8.h"
#include "data/field.h"

/* Columns or the file's name that speak of orders make the lines purchases. */
static const char *bought_word(const struct guess *g)
{
	const char *slash = strrchr(g->file, '/');
	const char *base = slash ? slash + 1 : g->file;

	if (guess_name_part(str_from(base), PART_BOUGHT)) {
		STRBUF(clean);

		sanitize(&clean, str_from(base), SANITIZE_LINE);
		return arena_str(g->arena, strbuf_str(&clean)).ptr;
	}
	for (size_t i = 0; i < g->n && g->header; i++)
		if (i != g->role[MAP_POSITION] &&
		    guess_name_part(g->column[i].name, PART_BOUGHT))
			return g->column[i].shown.ptr;
	return NULL;
}

/* The value that stands in most records. */
static uint32_t most_common(const struct guess_column *c)
{
	uint32_t best = 0;

	for (uint32_t v = 1; v < map_count(c->values); v++)
		if (c->count[v] > c->count[best])
			best = v;
	return best;
}

/* Codes in place of names: two numberings are known, else most records are views. */
static void tell_codes(struct guess *g, size_t i)
{
	static const struct {
		const char *first, *last, *view, *cart, *bought, *rest;
	} known[] = {
		{"1", "4", "1", "3", "4", "2"}, /* click, favourite, cart, buy */
		{"0", "3", "0", "1", "2", "3"}, /* click, cart, buy, favourite */
		{"0", "2", "0", "1", "2", ""}, /* click, cart, buy */
		{"1", "3", "1", "2", "3", ""},
	};
	const struct guess_column *c = &g->column[i];
	STRBUF(rest);

	guess_note(g, MAP_EVENT,
		   "CHECK: codes, which nothing explains; what they mean is a guess");
	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		if (c->distinct == (unsigned)(known[k].last[0] - known[k].first[0] + 1) &&
		    c->least == known[k].first[0] - '0' && c->most == known[k].last[0] - '0') {
			guess_set(g, "event.view", str_from(known[k].view));
			guess_set(g, "event.cart", str_from(known[k].cart));
			guess_set(g, "event.purchase", str_from(known[k].bought));
			if (known[k].rest[0])
				guess_set(g, "event.ignore", str_from(known[k].rest));
			return;
		}
	for (uint32_t v = 0; v < map_count(c->values); v++)
		if (c->count[v] && v != most_common(c))
			strbuf_addf(&rest, "%s%.*s", rest.len ? "|" : "",
				    STR_ARG(str_trim(map_key(c->values, v))));
	guess_set(g, "event.view", str_trim(map_key(c->values, most_common(c))));
	guess_set(g, "event.ignore", strbuf_str(&rest));
}

static void tell_unknown_events(struct guess *g, size_t i)
{
	const struct guess_column *c = &g->column[i];
	STRBUF(list);
	int kind;

	for (uint32_t v = 0; v < map_count(c->values); v++) {
		struct str s = map_key(c->values, v);

		if (!c->count[v] || field_event_kind(s, &kind))
			continue;
		strbuf_adds(&list, list.len ? "|" : "");
		mapping_add_text(&list, str_trim(s));
	}
	if (!list.len)
		return;
	guess_set(g, "event.ignore", list.len > GUESS_WORDS_MAX ? STR("*") : strbuf_str(&list));
	guess_note(g, MAP_EVENT_IGNORE,
		   "CHECK: no known events; name those that count as "
		   "event.view, event.cart ...");
}

/* There are times, and they are days. */
static bool only_days(const struct guess *g)
{
	return (g->role[MAP_TIME] != GUESS_NO || g->year != GUESS_NO) && guess_times_are_days(g);
}

/* Ratings alone make no relation: good ones are taken for views. */
static void tell_rated_views(struct guess *g)
{
	const struct guess_column *c = &g->column[g->role[MAP_RATING]];
	double wanted = c->least + 0.75 * (c->most - c->least) - 1e-9, least = c->most;
	uint32_t kept = 0, all = 0;
	struct decimal d;
	STRBUF(text);

	for (uint32_t v = 0; v < map_count(c->values); v++) {
		double x = 0;

		if (!c->count[v] || !field_decimal(map_key(c->values, v), c->commas > 0.5, &d))
			continue;
		x = (double)d.units;
		for (unsigned i = 0; i < d.scale; i++)
			x /= 10;
		all += c->count[v];
		kept += x >= wanted ? c->count[v] : 0;
		least = x >= wanted && x < least ? x : least;
	}
	guess_set(g, "kind", STR("view"));
	strbuf_addf(&text, "%.6g", least);
	guess_set(g, "rating.least", strbuf_str(&text));
	guess_note(g, MAP_KIND,
		   "CHECK: one column rates, and none tells what happened. Ratings make no "
		   "relation,\nso each from rating.least on (%u%%) counts as a view; "
		   "kind = rating without\nrating.least keeps all as ratings",
		   all ? 100 * kept / all : 0);
}

/* Without names: has each session one time? Visits last; orders are made at once. */
static bool one_time_each(const struct guess *g)
{
	return g->by_time && g->role[MAP_SESSION] != GUESS_NO &&
	       guess_determines(g, g->role[MAP_SESSION], g->role[MAP_TIME]) > GUESS_SURE;
}

bool guess_tell_event(struct guess *g)
{
	size_t e = g->role[MAP_EVENT];
	const char *word = bought_word(g);
	bool bought;
	STRBUF(b);

	if (e != GUESS_NO) {
		guess_add_values(g, &b, e, GUESS_SHOWN);
		guess_note(g, MAP_EVENT, "%s", strbuf_c(&b));
		guess_set_column(g, MAP_EVENT, e);
		if (g->column[e].integers > 0.95)
			tell_codes(g, e);
		else
			tell_unknown_events(g, e);
		return false;
	}
	if (g->role[MAP_RATING] != GUESS_NO && !word) {
		tell_rated_views(g);
		return false;
	}
	bought = word || one_time_each(g) || g->role[MAP_QUANTITY] != GUESS_NO ||
		 g->total != GUESS_NO || g->status != GUESS_NO ||
		 (only_days(g) && g->role[MAP_SESSION] == GUESS_NO) ||
		 (g->role[MAP_PRICE] != GUESS_NO && g->role[MAP_SESSION] == GUESS_NO);
	/* A visit that is called one, with no word of orders, is looked at. */
	guess_set(g, "kind", bought ? STR("purchase") : STR("view"));
	if (word)
		guess_note(g, MAP_KIND,
			   "no column tells what happened; '%s' speaks of orders", word);
	else
		guess_note(g, MAP_KIND, "CHECK: no column tells what happened; %s",
			   bought && only_days(g) ?
			   "days without hours are those of purchases" :
			   one_time_each(g) ?
			   "what goes together has one time, as orders have" :
			   bought ? "there are quantities or prices and no visits" :
			   "nothing speaks of orders");
	return bought;
}
