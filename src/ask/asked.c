/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of an outlook as values; options have checked them when they were set. */
#include "config.h"

#include "ask/asked.h"

#include <limits.h>

#include "base/num.h"

#define ROWS_MOST 100000u	/* of a list that is made at once */

static const char *const same_names[] = {
	[SAME_INCLUDE] = "include",
	[SAME_WEIGH] = "weigh",
	[SAME_EXCLUDE] = "exclude",
	[SAME_ONLY] = "only",
};

const char *same_category_name(enum same_category s)
{
	return (unsigned)s <= SAME_ONLY ? same_names[s] : "unknown";
}

bool same_category_parse(struct str s, enum same_category *value)
{
	for (unsigned i = 0; i <= SAME_ONLY; i++)
		if (str_is(s, same_names[i])) {
			*value = (enum same_category)i;
			return true;
		}
	return false;
}

enum same_category asked_same_category(const struct outlook *o)
{
	enum same_category same = SAME_INCLUDE;

	same_category_parse(outlook_text(o, ASK_SAME_CATEGORY), &same);
	return same;
}

double asked_share(const struct outlook *o, enum ask_id id)
{
	struct str text = outlook_text(o, id);
	double share = 0, over = 1;

	if (text.len && text.ptr[text.len - 1] == '%') {
		text.len--;
		over = 100;
	}
	return num_real(text, &share) ? share / over : 0;
}

unsigned asked_level(const struct outlook *o)
{
	return (unsigned)outlook_count(o, ASK_LEVEL, UINT_MAX);
}

bool asked_whole_shop(const struct outlook *o)
{
	return str_is(outlook_text(o, ASK_SCOPE), "shop");
}

bool asked_all_codes(const struct outlook *o)
{
	return str_is(outlook_text(o, ASK_CODES), "all");
}

enum basket_pick asked_baskets(const struct outlook *o)
{
	struct str s = outlook_text(o, ASK_BASKETS);

	return str_is(s, "multi") ? BASKETS_MULTI : str_is(s, "all") ? BASKETS_ALL : BASKETS_USUAL;
}

bool asked_relation(const struct outlook *o, enum relation *r)
{
	return outlook_asks(o, ASK_RELATION) && relation_parse(outlook_text(o, ASK_RELATION), r);
}

unsigned asked_rows(const struct outlook *o, unsigned usual)
{
	uint64_t limit = outlook_count(o, ASK_LIMIT, usual);
	uint64_t offset = outlook_count(o, ASK_OFFSET, 0);

	return limit + offset < ROWS_MOST ? (unsigned)(limit + offset) : ROWS_MOST;
}

bool asked_sort(const struct outlook *o, struct sort *s, struct err *err)
{
	struct str all = outlook_text(o, ASK_SORT);

	*s = (struct sort){.column = all};
	return !all.ptr || sort_next(&all, s, err);
}

bool sort_next(struct str *rest, struct sort *s, struct err *err)
{
	struct str name, way;
	size_t colon;

	if (!str_next(rest, ',', &name))
		name = *rest;
	name = str_trim(name);
	colon = str_chr(name, ':');
	*s = (struct sort){.column = name};
	if (colon == SIZE_MAX)
		return true;
	s->column.len = colon;
	way = str_span(name.ptr + colon + 1, name.len - colon - 1);
	s->way = str_is(way, "asc") ? SORT_ASCENDING :
		 str_is(way, "desc") ? SORT_DESCENDING : SORT_USUAL;
	return s->way != SORT_USUAL ||
		err_fail(err, ERR_USAGE, "sort %.*s by asc or desc, not '%.*s'",
			 STR_ARG(s->column), STR_ARG(way));
}
