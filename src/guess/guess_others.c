/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that hold no events line by line: baskets, tables of yes and no, catalogues. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/mem.h"
#include "data/field.h"

#define CATALOGUE_ROWS 10
#define ITEMS 100000 /* of baskets that are looked at */

const char *guess_known_set(const struct guess *g)
{
	for (size_t i = 0; datasets[i] && g->header; i++)
		for (unsigned k = 0; k < datasets[i]->n_kinds; k++) {
			const struct file_kind *kind = &datasets[i]->kinds[k];
			unsigned same = 0;

			if (!kind->header || kind->n_columns != g->n)
				continue;
			while (same < g->n && field_same_name(str_from(kind->columns[same]),
							      g->column[same].name))
				same++;
			if (same == g->n)
				return datasets[i]->name;
		}
	return NULL;
}

static const char *separator_option(char c)
{
	return c == ' '	   ? " --separator space"
	       : c == '\t' ? " --separator tab"
	       : c == ';'  ? " --separator semicolon"
	       : c == '|'  ? " --separator '|'"
			   : "";
}

/* 0 and 1, or no and yes in other words. */
static bool yes_or_no(const struct guess_column *c)
{
	static const char *const words[] = {"0", "1", "0.0", "1.0", "true", "false", "t", "f",
					    "yes", "no", "y", "n", "?", "x"};

	if (c->distinct > 2)
		return false;
	for (uint32_t v = 0; v < map_count(c->values); v++) {
		bool known = !c->count[v];

		for (size_t w = 0; w < sizeof(words) / sizeof(*words) && !known; w++)
			known = field_same_name(map_key(c->values, v), str_from(words[w]));
		if (!known)
			return false;
	}
	return true;
}

static bool is_one_hot(const struct guess *g, struct err *err)
{
	size_t n = 0, first = GUESS_NO;

	for (size_t i = 0; i < g->n; i++)
		if (yes_or_no(&g->column[i]) && n++ == 0)
			first = i;
	if (n < 3 || n * 2 < g->n || !g->header)
		return false;
	err_fail(err, ERR_FORMAT,
		 "%s has a column for each item (%zu of %u hold only yes or no, from %.*s on) "
		 "and a basket on each line. It is read by: aisle import baskets %s --layout "
		 "one-hot --skip-columns %zu%s --into STORE",
		 g->file, n, g->n, STR_ARG(g->column[first].shown), g->file, first,
		 separator_option(g->form.separator));
	return true;
}

static bool is_catalogue(const struct guess *g, struct err *err)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];

		if (!c->idlike || c->filled < g->rows ||
		    c->distinct < c->filled || g->rows < CATALOGUE_ROWS ||
		    (c->counter && guess_name_score(c->name, MAP_PRODUCT) < 8))
			continue;
		err_fail(err, ERR_FORMAT,
			 "%s looks like a catalogue, not a log: %.*s is "
			 "another one in every record and no column holds times; give "
			 "it along with a log: --products %s",
			 g->file, STR_ARG(c->shown), g->file);
		return true;
	}
	return false;
}

/* Lists of items: how often they come, and whether each line begins with a name of its own. */
struct lines {
	struct map *items;	/* all but the first fields */
	struct map *first;
	uint32_t n, filled, repeated, again;	/* again: first fields that are items, too */
	uint32_t moved;		/* items that stand in another column than first */
	uint16_t *column;	/* (items) */
	size_t cap_column;
	unsigned least, most;	/* fields of a line */
};

static void add_line(struct lines *l, const struct csv_record *r)
{
	unsigned filled = 0;

	for (unsigned i = 0; i < r->n; i++) {
		struct str s = str_trim(r->field[i]);
		uint32_t n, code;

		if (!s.len || field_missing(s))
			continue;
		filled++;
		if (i == 0) {
			map_intern(l->first, s, NULL);
			continue;
		}
		n = map_count(l->items);
		code = map_intern(l->items, s, NULL);
		MEM_GROW(l->column, l->cap_column, (size_t)code + 1);
		if (code == n)
			l->column[code] = (uint16_t)i;
		l->repeated += code != n;
		l->moved += l->column[code] != i;
	}
	l->filled += filled;
	l->least = l->n == 0 || filled < l->least ? filled : l->least;
	l->most = filled > l->most ? filled : l->most;
	l->n++;
}

static void read_lines(const struct guess *g, char separator, struct lines *l)
{
	struct split_piece piece = guess_piece(&g->text);
	struct split_limits limits = g->limits;
	struct csv_record r;
	struct csv csv;

	limits.field = limits.record = 1 << 18;
	*l = (struct lines){.items = map_create(), .first = map_create()};
	csv_reader_init(&csv, separator, &limits);
	csv_reader_start(&csv, &piece);
	while (l->filled < ITEMS && csv_reader_next(&csv, &r))
		if (!r.reason)
			add_line(l, &r);
	csv_reader_finish(&csv);
	for (uint32_t i = 0; i < map_count(l->first); i++)
		l->again += map_find(l->items, map_key(l->first, i)) != MAP_NONE;
}

/* Items that come again, in other columns, in lines of several lengths. */
static bool are_baskets(const struct lines *l)
{
	return l->n > 2 && l->most > 2 && l->least < l->most &&
	       l->repeated * 2 > l->filled - l->n && l->moved * 4 > l->filled - l->n;
}

bool guess_is_baskets(const struct guess *g, struct err *err)
{
	static const char seps[] = {',', ' ', '\t', ';', '|'};
	bool found = false;

	for (size_t i = 0; i < sizeof seps && !found; i++) {
		struct lines l;

		/* Where there are columns, blanks in texts part nothing. */
		if (g->n && seps[i] != g->form.separator)
			continue;
		read_lines(g, seps[i], &l);
		found = are_baskets(&l);
		if (found && l.again * 10 < l.n && map_count(l.first) == l.n)
			err_fail(err, ERR_FORMAT,
				 "%s holds baskets, the items of one on each line behind a user or "
				 "number that never comes again. They are read by: aisle import "
				 "baskets %s --layout user-items%s --into STORE",
				 g->file, g->file, separator_option(seps[i]));
		else if (found)
			err_fail(err, ERR_FORMAT,
				 "%s holds baskets, the items of one on each line. They are read "
				 "by: aisle import baskets %s%s --into STORE",
				 g->file, g->file, separator_option(seps[i]));
		map_destroy(l.items);
		map_destroy(l.first);
		free(l.column);
	}
	return found;
}

bool guess_other(const struct guess *g, struct err *err)
{
	if (is_one_hot(g, err))
		return true;
	if (g->role[MAP_TIME] != GUESS_NO || g->year != GUESS_NO)
		return false;
	return guess_is_baskets(g, err) || is_catalogue(g, err);
}
