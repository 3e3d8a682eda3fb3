/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which column is what. A column's score for a role is what its name says (0 to 10)
 * and what its contents say (0 to 8), or nothing where the contents forbid it. The
 * pair with the highest score is taken, and so on; roles that lean on another one
 * (a user is what a session determines) are looked at when that one is known.
 */
#include "config.h"

#include "guess/guess_impl.h"

#include <strings.h>

#include "base/num.h"
#include "base/time_format.h"
#include "data/field.h"

#define ENOUGH 5  /* a role needs such a score */
#define CALLED 8  /* a name that says so, not by chance */
#define SURE 0.85 /* one column determines another */

static bool known(const struct guess *g, enum mapping_key role)
{
	return g->role[role] != GUESS_NO;
}

/* Columns that say something and that c determines. */
static unsigned determined(const struct guess *g, size_t c)
{
	unsigned n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += i != c && g->column[i].distinct > 1 &&
		     g->column[i].distinct < g->column[c].distinct &&
		     g->column[i].repeat < 0.95 && guess_determines(g, c, i) > SURE;
	return n;
}

static double fit_time(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];
	bool bare_number = c->integers > 0.95;
	double fine, bare;

	if (!c->time_format || c->filled * 2 < g->rows)
		return 0;
	/* Of two that are as good the one that tells the hour, too. */
	fine = c->time_format[0] == 'u' || c->distinct > 400 ? 0.5 : 0;
	/* A number could be anything; within 1990 to 2100 by chance, too. Eight digits that are
	 * a date every time hardly. */
	bare = c->time_format[0] == 'u' || (c->times == 1 && c->distinct > 12) ? 5 : 4;
	return name + fine +
	       (bare_number && !name ? bare : 7) * c->times;
}

static double fit_event(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];

	if (c->distinct > 50 || c->distinct < 1)
		return 0;
	/* Codes as 1 to 4: what they say is asked for. */
	if (c->integers > 0.95)
		return (name >= 8 && c->distinct > 1 && c->distinct <= 10 && c->most < 100) ||
				       (name >= 5 && c->distinct > 2 && c->most <= 5)
			       ? name
			       : 0;
	if (!c->known_events)
		return 0;
	return name + 6 * c->known_events + (c->known_events >= 0.3 ? 3 : 0);
}

/* In nine of ten records that could have one: an event that is known, or any. */
static bool mostly_filled(const struct guess *g, size_t i)
{
	size_t e = g->role[MAP_EVENT];
	const struct guess_column *c = &g->column[i], *what = &g->column[e == GUESS_NO ? 0 : e];
	uint32_t filled = 0, of = 0;
	int kind;

	if (e == GUESS_NO || what->integers > 0.95)
		return c->filled >= g->rows * 0.9;
	for (uint32_t r = 0; r < g->rows; r++) {
		if (what->code[r] == MAP_NONE ||
		    !field_event_kind(map_key(what->values, what->code[r]), &kind))
			continue;
		of++;
		filled += c->code[r] != MAP_NONE;
	}
	return filled >= of * 0.9;
}

/* What tells when or by whom is an order, a visit or a counter, and no product. */
static bool tells_time_or_user(const struct guess *g, size_t i)
{
	if (known(g, MAP_TIME) && guess_determines(g, i, g->role[MAP_TIME]) > SURE)
		return true;
	for (size_t u = 0; u < g->n && g->header; u++)
		if (u != i && guess_name_score(g->column[u].name, MAP_USER) >= 10 &&
		    g->column[u].distinct > 10 && guess_determines(g, i, u) > SURE)
			return true;
	return false;
}

static double fit_product(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];
	unsigned n;

	if (c->distinct < 2 || c->fractions > 0.05 ||
	    (c->time_format && c->integers < 0.5))
		return 0;
	if ((!c->idlike || c->floats) && name < 5)
		return 0;
	if ((c->counter && name < EXPORTED) || (name < 10 && tells_time_or_user(g, i)))
		return 0;
	if (!mostly_filled(g, i) || (!name && c->distinct > g->rows * 0.97))
		return 0;
	n = determined(g, i);
	/* Of two that are called so the one without blanks is the id. */
	if (name)
		return name + (n > 4 ? 2 : n * 0.5) + c->idlike;
	return n >= 2 ? (n > 8 ? 8 : n + 3) : 0;
}

/* Records of one order have one time; of one visit, one user. */
static double fit_session(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];
	double content = 0;

	if (!c->idlike || c->filled < g->rows * 0.9 || c->distinct < 2 ||
	    ((c->counter || c->floats) && name < 8))
		return 0;
	if (known(g, MAP_TIME) && guess_determines(g, i, g->role[MAP_TIME]) > SURE)
		content = 4;
	/* A place within the session: few values that come in every one. */
	if (c->integers > 0.95 && c->most < 1000 && c->distinct * 50 < g->rows)
		return 0;
	for (size_t u = 0; content && u < g->n; u++)
		if (u != i && g->column[u].idlike && g->column[u].repeat < 0.1 &&
		    guess_determines(g, i, u) > SURE) {
			content = 6;
			break;
		}
	return name ? name + content * 0.5 : content;
}

static double fit_user(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];
	bool follows = known(g, MAP_SESSION) &&
		       guess_determines(g, g->role[MAP_SESSION], i) > SURE;

	/* 1000.1600, as analytics number their visitors. */
	if ((!c->idlike && (name < 10 || !c->idtext || c->fractions < 0.5 || c->commas > 0.5)) ||
	    c->distinct < 2 || c->filled < g->rows * 0.2 || c->counter)
		return 0;
	if ((c->floats || c->time_format) && name < 5)
		return 0;
	/* Another number of the order is no customer. */
	if (!name && g->header && guess_name_of(g, i, MAP_SESSION) >= ENOUGH)
		return 0;
	if (!name && (!follows || c->repeat > 0.05 || c->filled < g->rows * 0.9))
		return 0;
	return name ? name + (follows ? 2 : 0) : 6;
}

static bool follows_product(const struct guess *g, size_t i)
{
	return known(g, MAP_PRODUCT) &&
	       guess_determines(g, g->role[MAP_PRODUCT], i) > SURE;
}

static double fit_category(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];
	bool path = c->paths > 0.8;

	if (c->distinct < 2 || c->fractions > 0.05 || c->times > 0)
		return 0;
	if (!follows_product(g, i) && !name)
		return 0;
	if (name)
		return name + path * 2;
	/* Without a name: short codes that several products share. */
	return path && c->idlike &&
			       c->distinct * 2 < g->column[g->role[MAP_PRODUCT]].distinct
		       ? 6
		       : 0;
}

static double fit_category_id(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];

	if (!c->idlike || c->distinct < 2 || c->exponent > 0)
		return 0;
	if (name)
		return name;
	return follows_product(g, i) && c->integers > 0.95 && c->least > 999 &&
			       c->filled > g->rows * 0.8 &&
			       c->distinct * 3 < g->column[g->role[MAP_PRODUCT]].distinct
		       ? 5
		       : 0;
}

static double fit_brand(const struct guess *g, size_t i, double name)
{
	return g->column[i].distinct > 1 && g->column[i].numbers < 0.5 ? name : 0;
}

static double fit_name(const struct guess *g, size_t i, double name)
{
	return g->column[i].distinct > 1 && g->column[i].numbers < 0.5 &&
			       (name >= 10 || follows_product(g, i))
		       ? name
		       : 0;
}

static double fit_group(const struct guess *g, size_t i, double name)
{
	return g->column[i].idlike && follows_product(g, i) ? name : 0;
}

/* Pieces like 2.0 and a clock written 09.37 are no prices. */
static bool named_otherwise(struct str name)
{
	static const enum guess_part parts[] = {PART_CLOCK, PART_HOUR, PART_NO_PRICE,
						PART_YEAR,  PART_MONTH, PART_DAY};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (guess_name_part(name, parts[i]))
			return true;
	return guess_name_score(name, MAP_QUANTITY) || guess_name_score(name, MAP_TIME) ||
	       guess_name_score(name, MAP_USER) >= 8 || guess_name_score(name, MAP_SESSION) >= 8;
}

static double fit_price(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];

	if (c->numbers < (name >= 8 ? 0.5 : 0.95) || c->most > 1e9 ||
	    (c->time_format && (c->integers > 0.95 || name < 8)))
		return 0;
	/* A clock written 09.37 and a total are none. */
	if (g->header && (guess_name_part(c->name, PART_CLOCK) ||
			  guess_name_part(c->name, PART_HOUR) ||
			  (name < 10 && guess_name_part(c->name, PART_TOTAL))))
		return 0;
	if (!name)
		return c->fractions > 0.3 && c->least >= 0 && c->distinct > 10 &&
				       !(g->header && named_otherwise(c->name))
			       ? 5
			       : 0;
	return name + (c->fractions > 0.3 ? 2 : 0);
}

static double fit_quantity(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];

	if (c->whole < (name >= 8 ? 0.5 : 0.95) || c->most > 1e6 || c->counter ||
	    c->filled < g->rows * (name >= 8 ? 0.2 : 0.95))
		return 0;
	if (name || g->header)
		return name;
	/* Nothing but small numbers from 1 on, mostly 1. */
	return c->integers >= 0.95 && c->least >= 1 && c->most <= 1000 && c->repeat > 0.3 &&
			       map_find(c->values, STR("1")) != MAP_NONE
		       ? 5
		       : 0;
}

static double fit_position(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];

	return c->integers > 0.99 && c->least >= 0 && c->most < 86400000 &&
			       c->distinct > 1
		       ? name
		       : 0;
}

/* What may be said of sessions: few texts, and not of the product. */
static double fit_trait(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];
	bool of_session = known(g, MAP_SESSION) &&
			  guess_determines(g, g->role[MAP_SESSION], i) > SURE;

	if (c->distinct < 2 || c->distinct > 300 || c->fractions > 0.05)
		return 0;
	return of_session || !follows_product(g, i) ? name : 0;
}

/* A scale of few steps, or numbers with a point in a short range. */
static double fit_rating(const struct guess *g, size_t i, double name)
{
	const struct guess_column *c = &g->column[i];

	return c->numbers > 0.95 && c->least >= -10 && c->most <= 100 && c->distinct > 1 &&
			       c->distinct <= 201
		       ? name
		       : 0;
}

static const struct {
	double (*fit)(const struct guess *g, size_t i, double name);
} roles[MAPPING_ROLES] = {
	[MAP_TIME] = {fit_time},
	[MAP_EVENT] = {fit_event},
	[MAP_PRODUCT] = {fit_product},
	[MAP_SESSION] = {fit_session},
	[MAP_USER] = {fit_user},
	[MAP_CATEGORY] = {fit_category},
	[MAP_CATEGORY_ID] = {fit_category_id},
	[MAP_BRAND] = {fit_brand},
	[MAP_NAME] = {fit_name},
	[MAP_GROUP] = {fit_group},
	[MAP_PRICE] = {fit_price},
	[MAP_QUANTITY] = {fit_quantity},
	[MAP_POSITION] = {fit_position},
	[MAP_COUNTRY] = {fit_trait},
	[MAP_CHANNEL] = {fit_trait},
	[MAP_RATING] = {fit_rating},
};

bool guess_used(const struct guess *g, size_t i)
{
	for (int r = 0; r < MAPPING_ROLES; r++)
		if (g->role[r] == i)
			return true;
	return g->column[i].named || i == g->year || i == g->month || i == g->day ||
	       i == g->clock || i == g->total || i == g->status;
}

/* Give columns to those of the roles that have none, best pair first; of equal ones
 * the first role's first column. */
static void choose(struct guess *g, const enum mapping_key *which, size_t n)
{
	for (;;) {
		double best = 0;
		size_t column = 0;
		enum mapping_key role = which[0];

		for (size_t k = 0; k < n; k++) {
			if (known(g, which[k]))
				continue;
			for (size_t i = 0; i < g->n; i++) {
				double name, s;

				if (guess_used(g, i) || !g->column[i].filled ||
				    g->column[i].personal)
					continue;
				name = guess_name_of(g, i, which[k]);
				s = roles[which[k]].fit(g, i, name);
				if (s > best) {
					best = s;
					role = which[k];
					column = i;
				}
			}
		}
		if (best < ENOUGH)
			return;
		g->role[role] = column;
		g->score[role] = best;
	}
}

static size_t find_part(const struct guess *g, enum guess_part part, double least,
			double most)
{
	for (size_t i = 0; i < g->n && g->header; i++) {
		const struct guess_column *c = &g->column[i];

		if (!guess_used(g, i) && c->integers > 0.99 && c->filled == g->rows &&
		    c->least >= least && c->most <= most &&
		    guess_name_part(c->name, part))
			return i;
	}
	return GUESS_NO;
}

/* A clock by its name: 09:37, 09.37 or an hour. */
static bool is_clock(const struct guess *g, size_t i)
{
	const struct guess_column *c = &g->column[i];
	bool hour = c->integers > 0.99 && c->least >= 0 && c->most <= 23;

	if (c->filled < g->rows)
		return false;
	return ((c->clock > 0.95 || c->point_clock > 0.95) &&
		(guess_name_part(c->name, PART_CLOCK) || guess_name_part(c->name, PART_HOUR))) ||
	       (hour && guess_name_part(c->name, PART_HOUR));
}

/* Do the times themselves say an hour? */
static bool clock_in_time(const struct guess *g, size_t t)
{
	const struct guess_column *c = &g->column[t];

	for (uint32_t v = 0; v < map_count(c->values); v++) {
		struct str s = map_key(c->values, v);

		if (c->count[v] && str_chr(s, ':') != SIZE_MAX)
			return true;
	}
	return strncmp(c->time_format, "unix", 4) == 0 || strcmp(c->time_format, "excel") == 0;
}

/* Year, month and day in columns of their own; a clock beside a date. */
static void find_time_parts(struct guess *g)
{
	size_t t = g->role[MAP_TIME];

	if (t == GUESS_NO) {
		size_t y = find_part(g, PART_YEAR, 1990, 2100);
		size_t m = find_part(g, PART_MONTH, 1, 12);
		size_t d = find_part(g, PART_DAY, 1, 31);

		if (y == GUESS_NO || m == GUESS_NO || d == GUESS_NO)
			return;
		g->year = y;
		g->month = m;
		g->day = d;
		return;
	}
	if (g->column[t].time_format && time_format_has_hours(str_from(g->column[t].time_format)) &&
	    clock_in_time(g, t))
		return;
	for (size_t i = 0; i < g->n; i++)
		if (i != t && g->header && is_clock(g, i))
			g->clock = i;
}

static bool follows_session(const struct guess *g, size_t i)
{
	return known(g, MAP_SESSION) &&
	       guess_determines(g, g->role[MAP_SESSION], i) > SURE;
}

/* Does its name say what else it is? */
static bool called_otherwise(const struct guess *g, size_t i)
{
	static const enum guess_part parts[] = {PART_CLOCK, PART_HOUR, PART_NO_PRICE, PART_YEAR,
						PART_MONTH, PART_DAY, PART_TOTAL, PART_STATUS};

	for (int r = 0; r < MAPPING_ROLES; r++)
		if (guess_name_of(g, i, (enum mapping_key)r) >= CALLED)
			return true;
	for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++)
		if (guess_name_part(g->column[i].name, parts[k]))
			return true;
	return false;
}

/* Where nothing is called so: what is left of the columns that could be ids. */
static void product_by_rest(struct guess *g)
{
	size_t found = GUESS_NO;

	if (g->role[MAP_PRODUCT] != GUESS_NO || !g->header ||
	    (g->role[MAP_SESSION] == GUESS_NO && g->role[MAP_USER] == GUESS_NO))
		return;
	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];

		if (guess_used(g, i) || c->personal || c->counter || !c->idlike ||
		    c->distinct < 3 || c->repeat > 0.3 || c->fractions > 0 || c->time_format ||
		    !mostly_filled(g, i) || tells_time_or_user(g, i) ||
		    follows_session(g, i) || called_otherwise(g, i))
			continue;
		if (found != GUESS_NO)
			return;
		found = i;
	}
	g->role[MAP_PRODUCT] = found;
	g->by_rest = found != GUESS_NO;
}

/* A log of names without ids: the name is the id. */
static void product_by_name(struct guess *g)
{
	for (size_t i = 0; i < g->n && g->role[MAP_PRODUCT] == GUESS_NO; i++) {
		const struct guess_column *c = &g->column[i];

		if (!guess_used(g, i) && !c->personal && !c->time_format && c->numbers < 0.5 &&
		    c->distinct > 1 && c->filled > g->rows * 0.9 &&
		    guess_name_of(g, i, MAP_NAME) >= CALLED)
			g->role[MAP_PRODUCT] = i;
	}
}

static void no_roles(struct guess *g)
{
	for (int r = 0; r < MAPPING_ROLES; r++)
		g->role[r] = GUESS_NO;
	g->year = g->month = g->day = g->clock = g->total = g->status = GUESS_NO;
}

/* The column that a mapping means, or GUESS_NO. */
static size_t column_named(const struct guess *g, struct str name)
{
	uint64_t n;

	for (size_t i = 0; i < g->n && g->header; i++)
		if (str_trim(g->column[i].name).len == name.len &&
		    strncasecmp(str_trim(g->column[i].name).ptr, name.ptr, name.len) == 0)
			return i;
	return num_u64(name, &n) && n >= 1 && n <= g->n ? (size_t)n - 1 : GUESS_NO;
}

static size_t name_parts(struct guess *g, const struct mapping_ref *ref)
{
	size_t first = GUESS_NO;

	for (unsigned p = ref->n; p-- > 0;) {
		size_t i = column_named(g, ref->part[p]);

		if (i == GUESS_NO)
			continue;
		g->column[i].named = true;
		first = i;
	}
	return first;
}

void guess_roles_given(struct guess *g, const struct mapping *m)
{
	g->given = true;
	no_roles(g);
	for (int r = 0; r < MAPPING_ROLES; r++)
		g->role[r] = name_parts(g, &m->role[r]);
	g->total = g->role[MAP_TOTAL];
	g->status = g->role[MAP_STATUS];
	for (unsigned k = 0; k < m->n_attributes; k++)
		(void)name_parts(g, &m->attribute[k].ref);
}

void guess_roles(struct guess *g)
{
	static const enum mapping_key steps[][6] = {
		{MAP_TIME, MAP_EVENT},
		{MAP_PRODUCT, MAP_SESSION, MAP_USER, MAP_PRICE, MAP_POSITION, MAP_RATING},
		{MAP_USER, MAP_QUANTITY},
		{MAP_CATEGORY_ID, MAP_CATEGORY, MAP_BRAND, MAP_NAME, MAP_GROUP},
		{MAP_COUNTRY, MAP_CHANNEL},
	};
	static const size_t sizes[] = {2, 6, 2, 5, 2};

	no_roles(g);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes) && !g->bare; i++) {
		choose(g, steps[i], sizes[i]);
		if (i == 0)
			find_time_parts(g);
		if (i == 0)
			guess_bare(g);
		if (i == 1)
			product_by_name(g);
		if (i == 1)
			product_by_rest(g);
		if (i == 1)
			guess_by_time(g);
		if (i == 2)
			guess_evidence(g);
	}
}
