/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns by their names, else by their numbers; lists of words from the mapping's texts. */
#include "config.h"

#include "data/csv_log.h"

#include <math.h>
#include <strings.h>

#include "base/mem.h"
#include "base/time_format.h"
#include "data/field.h"

void csv_log_destroy(struct csv_log *l)
{
	if (!l)
		return;
	for (int k = 0; k < EVENT_KINDS; k++)
		free(l->event[k].word);
	free(l->ignore.word);
	free(l->service.word);
	free(l->cancelled.word);
	free(l->status.word);
	free(l->missing.word);
	free(l->name);
	free(l->used);
	arena_destroy(l->arena);
	mapping_destroy(l->owned);
	free(l);
}

static bool same_column(struct str a, struct str b)
{
	a = str_trim(a);
	b = str_trim(b);
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static void list_columns(struct strbuf *b, struct strs names)
{
	for (unsigned i = 0; i < names.n; i++) {
		strbuf_adds(b, i ? ", " : "");
		strbuf_add(b, str_trim(names.at[i]));
	}
}

/* The column of that name, else of that number. */
static bool find_column(const struct mapping *m, const struct mapping_value *v,
			const char *key, struct str name, struct strs names, unsigned *at,
			struct err *err)
{
	STRBUF(list);
	uint64_t number;
	unsigned found = 0;

	for (unsigned i = 0; names.at && i < names.n; i++)
		if (same_column(names.at[i], name) && found++ == 0)
			*at = i;
	if (found == 1)
		return true;
	if (found > 1)
		return mapping_fail(m, v, key, err,
				    "%u columns are named '%.*s'; take its "
				    "number, from 1",
				    found, STR_ARG(name));
	if (num_u64(name, &number) && number >= 1 && number <= names.n) {
		*at = (unsigned)number - 1;
		return true;
	}
	if (!names.at)
		return mapping_fail(m, v, key, err,
				    "'%.*s' is no column: without a header "
				    "they are numbers from 1 to %u",
				    STR_ARG(name), names.n);
	list_columns(&list, names);
	return mapping_fail(m, v, key, err, "there is no column '%.*s'; there are: %s",
			    STR_ARG(name), strbuf_c(&list));
}

static bool find_columns(const struct mapping *m, const struct mapping_ref *ref,
			 const struct mapping_value *v, const char *key,
			 struct strs names, struct columns_of *c, struct err *err)
{
	for (unsigned i = 0; i < ref->n; i++) {
		if (str_is(ref->part[i], "@day")) {
			if (strcmp(key, "session") != 0)
				return mapping_fail(m, v, key, err,
						    "@day can be a part of a "
						    "session only");
			c->at[i] = AT_DAY;
		} else if (!find_column(m, v, key, ref->part[i], names, &c->at[i], err)) {
			return false;
		}
	}
	c->n = ref->n;
	c->numbered = time_format_is_number(m->time_format);
	return true;
}

static void take_words(struct csv_log *l, enum mapping_key k, struct words *w)
{
	struct str rest = l->map->value[k].text;
	STRBUF(b);

	while (mapping_next(&rest, &b)) {
		if (!b.len)
			continue;
		MEM_GROW(w->word, w->cap, w->n + 1);
		w->word[w->n++] = arena_str(l->arena, strbuf_str(&b));
	}
}

static void take_lists(struct csv_log *l)
{
	for (int k = 0; k < EVENT_KINDS; k++) {
		take_words(l, MAP_EVENT_VIEW + (enum mapping_key)k, &l->event[k]);
		l->own_events |= l->event[k].n > 0;
	}
	take_words(l, MAP_EVENT_IGNORE, &l->ignore);
	for (size_t i = 0; i < l->ignore.n; i++)
		l->ignore_rest |= str_is(l->ignore.word[i], "*");
	take_words(l, MAP_SERVICE, &l->service);
	take_words(l, MAP_CANCELLED, &l->cancelled);
	take_words(l, MAP_STATUS_CANCELLED, &l->status);
	take_words(l, MAP_MISSING, &l->missing);
	l->own_missing = l->map->value[MAP_MISSING].text.ptr != NULL;
}

/* Blanks around the separator don't count, so one sign tells. */
static bool take_path_separator(struct csv_log *l, struct err *err)
{
	const struct mapping *m = l->map;
	struct str s = str_trim(m->category_separator);

	if (s.len != 1 || s.ptr[0] <= ' ' || s.ptr[0] > '~')
		return mapping_fail(m, &m->value[MAP_CATEGORY_SEPARATOR],
				    "category-separator", err,
				    "a path is parted by one sign of ASCII, spaces "
				    "around it left out");
	l->path_separator = l->role[MAP_CATEGORY].n > 1 ? PATH_JOINT : s.ptr[0];
	return true;
}

static void mark(bool *used, const struct columns_of *c)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->at[i] != AT_DAY)
			used[c->at[i]] = true;
}

bool csv_log_columns(struct csv_log *l, struct strs names, struct err *err)
{
	const struct mapping *m = l->map;

	l->n = names.n;
	l->name = mem_zalloc((names.n + 1) * sizeof *l->name);
	for (unsigned i = 0; i < names.n; i++)
		l->name[i] = names.at ? arena_str(l->arena, str_trim(names.at[i])).ptr
				      : arena_printf(l->arena, "%u", i + 1).ptr;
	for (int r = 0; r < MAPPING_ROLES; r++)
		if (!find_columns(m, &m->role[r], &m->value[r],
				  mapping_key_name((enum mapping_key)r), names,
				  &l->role[r], err))
			return false;
	for (unsigned i = 0; i < m->n_attributes; i++)
		if (!find_columns(m, &m->attribute[i].ref, &m->attribute[i].value,
				  m->attribute[i].name.ptr, names, &l->attribute[i], err))
			return false;
	l->used = mem_zalloc(names.n + 1);
	for (int r = 0; r < MAPPING_ROLES; r++)
		mark(l->used, &l->role[r]);
	for (unsigned i = 0; i < m->n_attributes; i++)
		mark(l->used, &l->attribute[i]);
	l->choice = (struct table_choice){l->name, l->used, names.n};
	return true;
}

struct csv_log *csv_log_make(const struct mapping *m)
{
	struct csv_log *l = mem_zalloc(sizeof *l);

	l->map = m;
	l->arena = arena_create();
	l->iso = str_is(m->time_format, "iso");
	for (int r = 0; r < MAPPING_ROLES; r++)
		l->role[r].n = m->role[r].n;
	for (unsigned i = 0; i < m->n_attributes; i++)
		l->attribute_name[i] = m->attribute[i].name.ptr;
	take_lists(l);
	return l;
}

bool csv_log_check(struct csv_log *l, struct err *err)
{
	if (!isnan(l->map->rating_least) && !l->role[MAP_RATING].n)
		return mapping_fail(l->map, &l->map->value[MAP_RATING_LEAST], "rating.least", err,
				    "there is no rating = COLUMN");
	return mapping_check(l->map, err) && take_path_separator(l, err);
}

bool csv_log_create(struct csv_log **out, const struct mapping *m, struct strs names,
		    struct err *err)
{
	SCOPED(csv_log) l = csv_log_make(m);

	if (!csv_log_columns(l, names, err) || !csv_log_check(l, err))
		return false;
	*out = l;
	l = NULL;
	return true;
}
