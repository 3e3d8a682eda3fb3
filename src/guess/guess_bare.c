/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Columns without names. Collections of ratings are told by their order; elsewhere time
 * tells: the records of one visit or order stand close together, those of a product or a
 * customer are strewn over the whole log.
 */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/mem.h"
#include "base/time_format.h"

#define SURE 0.85  /* one column determines another */
#define BRIEF 0.05 /* of the log's time: what a visit lasts at most, in the mean */

/* Without a header: user, item, rating and, behind them, time, as collections of ratings
 * have it; or user and item alone. */
void guess_bare(struct guess *g)
{
	size_t id[2] = {GUESS_NO, GUESS_NO}, rating = GUESS_NO, others = 0;

	for (size_t i = 0; i < g->n && !g->header; i++) {
		const struct guess_column *c = &g->column[i];

		if (i == g->role[MAP_TIME])
			continue;
		if (c->numbers > 0.99 && c->least >= 0 && c->most <= 10 && c->distinct > 1 &&
		    c->distinct <= 21 && rating == GUESS_NO && i > 1)
			rating = i;
		else if (c->idlike && c->distinct > 2 && !c->counter && c->filled == g->rows &&
			 others < 2)
			id[others++] = i;
		else
			others = 3;
	}
	if (others != 2 || g->role[MAP_EVENT] != GUESS_NO ||
	    (rating == GUESS_NO && g->role[MAP_TIME] == GUESS_NO) ||
	    guess_determines(g, id[0], id[1]) > SURE || guess_determines(g, id[1], id[0]) > SURE)
		return;
	g->role[MAP_USER] = id[0];
	g->role[MAP_PRODUCT] = id[1];
	g->role[MAP_RATING] = rating;
	g->bare = true;
}

static bool time_at(const struct guess *g, uint32_t row, int64_t *ms)
{
	const struct guess_column *t = &g->column[g->role[MAP_TIME]];

	return t->code[row] != MAP_NONE &&
	       time_format_parse(str_from(t->time_format), map_key(t->values, t->code[row]), ms);
}

/* How much of the log's time the records of one value last, in the mean of those values
 * that have several; 1 where none has. */
static double lasts(const struct guess *g, size_t i)
{
	const struct guess_column *c = &g->column[i];
	uint32_t n = map_count(c->values), several = 0;
	SCOPED_FREE int64_t *first = mem_alloc((n + 1) * sizeof *first);
	SCOPED_FREE int64_t *last = mem_alloc((n + 1) * sizeof *last);
	int64_t ms, from = INT64_MAX, to = INT64_MIN;
	double sum = 0;

	for (uint32_t v = 0; v < n; v++) {
		first[v] = INT64_MAX;
		last[v] = INT64_MIN;
	}
	for (uint32_t r = 0; r < g->rows; r++) {
		uint32_t v = c->code[r];

		if (v == MAP_NONE || !time_at(g, r, &ms))
			continue;
		first[v] = ms < first[v] ? ms : first[v];
		last[v] = ms > last[v] ? ms : last[v];
		from = ms < from ? ms : from;
		to = ms > to ? ms : to;
	}
	for (uint32_t v = 0; v < n; v++)
		if (first[v] <= last[v] && c->count[v] > 1) {
			several++;
			sum += (double)(last[v] - first[v]);
		}
	return several && to > from ? sum / several / (double)(to - from) : 1;
}

/* Could hold ids that nothing else is known of. */
static bool may_be_id(const struct guess *g, size_t i)
{
	const struct guess_column *c = &g->column[i];

	return i != g->role[MAP_TIME] && i != g->role[MAP_EVENT] && i != g->clock &&
	       !c->personal && !c->counter && c->idlike && c->distinct > 2 && c->repeat < 0.3 &&
	       c->filled >= g->rows * 0.9;
}

/* Columns that say something of what i names: fewer values, or texts beside it. */
static unsigned describes(const struct guess *g, size_t i)
{
	unsigned n = 0;

	for (size_t k = 0; k < g->n; k++)
		n += k != i && g->column[k].distinct > 1 && g->column[k].repeat < 0.95 &&
		     (g->column[k].distinct < g->column[i].distinct ||
		      (!g->column[k].idlike && g->column[k].distinct == g->column[i].distinct)) &&
		     guess_determines(g, i, k) > SURE;
	return n;
}

/* A category is what another column of ids determines. */
static bool is_part_of(const struct guess *g, size_t i, size_t session)
{
	for (size_t k = 0; k < g->n; k++)
		if (k != i && k != session && may_be_id(g, k) &&
		    (g->column[k].distinct > g->column[i].distinct ||
		     (g->column[k].distinct == g->column[i].distinct && k < i)) &&
		    guess_determines(g, k, i) > SURE)
			return true;
	return false;
}

void guess_by_time(struct guess *g)
{
	size_t session = GUESS_NO, product = GUESS_NO, user = GUESS_NO;
	double brief = BRIEF;
	unsigned most = 0;

	if (g->header || g->role[MAP_PRODUCT] != GUESS_NO || g->role[MAP_TIME] == GUESS_NO)
		return;
	for (size_t i = 0; i < g->n; i++)
		if (may_be_id(g, i) && lasts(g, i) < brief) {
			brief = lasts(g, i);
			session = i;
		}
	for (size_t i = 0; i < g->n; i++) {
		unsigned n;

		if (i == session || !may_be_id(g, i) || is_part_of(g, i, session))
			continue;
		if (session != GUESS_NO && guess_determines(g, session, i) > SURE) {
			user = i;
			continue;
		}
		n = describes(g, i) + 1;
		/* As good as the one before: the customer comes first. */
		if (n >= most && user == GUESS_NO && product != GUESS_NO)
			user = product;
		if (n >= most) {
			product = i;
			most = n;
		} else if (user == GUESS_NO) {
			user = i;
		}
	}
	if (product == GUESS_NO || (session == GUESS_NO && user == GUESS_NO))
		return;
	g->role[MAP_SESSION] = session;
	g->role[MAP_USER] = user;
	g->role[MAP_PRODUCT] = product;
	for (int r = 0; r < MAPPING_ROLES; r++)
		if (r != MAP_SESSION && r != MAP_USER && r != MAP_PRODUCT &&
		    (g->role[r] == session || g->role[r] == user || g->role[r] == product))
			g->role[r] = GUESS_NO;
	g->by_time = true;
}
