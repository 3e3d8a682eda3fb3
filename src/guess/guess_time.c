/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When it happened, as settings: columns, format, the zone that all times name. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/time_format.h"

static void tell_joined_time(struct guess *g, const size_t *part, unsigned n,
			     const char *format)
{
	STRBUF(b);

	for (unsigned i = 0; i < n; i++) {
		strbuf_adds(&b, i ? "+" : "");
		guess_add_column(g, &b, part[i]);
	}
	guess_set(g, "time", strbuf_str(&b));
	guess_set(g, "time-format", str_from(format));
}

/* A format of dates with the clock's behind it. */
static const char *with_clock(const struct guess *g, const char *date)
{
	const struct guess_column *c = &g->column[g->clock];
	const char *clock = c->clock > 0.95 ? "H:M[:S]" : c->point_clock > 0.95 ? "H.M[.S]" : "H";
	size_t n = strcspn(date, "[");

	if (strcmp(date, "iso") == 0)
		return arena_printf(g->arena, "Y-m-d %s", clock).ptr;
	return arena_printf(g->arena, "%.*s %s", (int)n, date, clock).ptr;
}

/* The offset from UTC that a time ends with, as -0500; empty: none, or 0. */
static struct str offset_of(struct str s)
{
	size_t at;

	s = str_trim(s);
	if (s.len < 16)
		return STR("");
	for (at = s.len - 1; at > 12 && s.ptr[at] != '+' && s.ptr[at] != '-'; at--)
		;
	for (size_t i = at; at > 12 && i < s.len; i++)
		if (s.ptr[i] > '0' && s.ptr[i] <= '9')
			return str_span(s.ptr + at, s.len - at);
	return STR("");
}

/* Days of the shop's by the offset that all times name; where clocks change it is two. */
static void tell_offset(struct guess *g, const struct guess_column *c)
{
	struct str first = STR_NULL;
	bool same = true;
	STRBUF(zone);

	for (uint32_t v = 0; v < map_count(c->values); v++) {
		struct str o = offset_of(map_key(c->values, v));

		if (!c->count[v])
			continue;
		if (!first.ptr)
			first = o;
		same &= str_eq(first, o);
	}
	if (strcmp(c->time_format, "iso") != 0 || (same && !first.len))
		return;
	if (!same) {
		guess_note(g, MAP_TIME,
			   "CHECK: these times name several offsets; for days of the "
			   "shop's give import\n--time-zone");
		return;
	}
	strbuf_addf(&zone, "UTC%.*s", 3, first.ptr);
	if (first.len > 4)
		strbuf_addf(&zone, ":%.*s", 2, first.ptr + first.len - 2);
	guess_set(g, "time-zone", strbuf_str(&zone));
	guess_note(g, MAP_TIME_ZONE,
		   "CHECK: all times name this offset; where clocks change with the "
		   "seasons, write the\nzone, as Europe/Berlin");
}

/* Is there a column of times by its name, though none can be read? */
static bool called_time(const struct guess *g)
{
	for (size_t i = 0; i < g->n && g->header; i++)
		if (g->column[i].filled && guess_name_score(g->column[i].name, MAP_TIME) >= 8)
			return true;
	return false;
}

bool guess_tell_time(struct guess *g)
{
	size_t t = g->role[MAP_TIME];
	const struct guess_column *c = &g->column[t == GUESS_NO ? 0 : t];
	STRBUF(b);

	if (g->year != GUESS_NO) {
		const size_t part[] = {g->year, g->month, g->day};

		tell_joined_time(g, part, 3, "Y m d");
		guess_note(g, MAP_TIME,
			   "year, month and day stand in columns of their own");
		return true;
	}
	if (t == GUESS_NO && called_time(g))
		return false;
	if (t == GUESS_NO) {
		guess_note(g, MAP_PRODUCT,
			   "no column holds times: the order of the file holds, and "
			   "nothing can be said of days");
		return g->role[MAP_SESSION] != GUESS_NO || g->role[MAP_RATING] != GUESS_NO;
	}
	guess_add_values(g, &b, t, 2);
	guess_note(g, MAP_TIME,
		   "%u%% read as %s: %s", guess_percent(c->times), c->time_format,
		   strbuf_c(&b));
	if (time_format_is_number(str_from(c->time_format)))
		guess_note(g, MAP_TIME,
			   "CHECK: numbers of days that name no date: they order the log, "
			   "and the store has\nno calendar");
	if (c->ambiguous)
		guess_note(g, MAP_TIME_FORMAT,
			   "CHECK: day and month could stand the other way "
			   "round; this way time goes back less often");
	tell_offset(g, c);
	if (g->clock != GUESS_NO) {
		const size_t part[] = {t, g->clock};

		tell_joined_time(g, part, 2, with_clock(g, c->time_format));
		return true;
	}
	guess_set_column(g, MAP_TIME, t);
	guess_set(g, "time-format", str_from(c->time_format));
	return true;
}

bool guess_times_are_days(const struct guess *g)
{
	size_t t = g->role[MAP_TIME];
	const struct guess_column *c;

	if (g->year != GUESS_NO)
		return true;
	if (g->clock != GUESS_NO)
		return false;
	if (t == GUESS_NO)
		return true;
	c = &g->column[t];
	for (uint32_t i = 0; i < map_count(c->values); i++) {
		struct str s = map_key(c->values, i);

		if (c->count[i] && (str_chr(s, ':') != SIZE_MAX || s.len > 12))
			return false;
	}
	return strncmp(c->time_format, "unix", 4) != 0;
}
