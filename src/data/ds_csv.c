/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any shop's log, by a mapping that says what its columns are. */
#include "config.h"

#include "data/ds_csv.h"

#include <limits.h>
#include <math.h>
#include <strings.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/time.h"
#include "base/time_format.h"
#include "data/csv.h"
#include "data/field.h"

#define AT_DAY UINT_MAX /* @day: the day of the event */
#define JOINED_MAX 256	/* bytes of a time that several columns tell */
#define QUANTITY_MAX 1000000
#define RATING_MOST 1e6
#define DEFAULT_GAP 30.0  /* minutes */

struct columns_of {
	unsigned n, at[MAPPING_PARTS];
	bool numbered;	/* @day is a number, not a date */
};

/* A list of texts. */
struct words {
	struct str *word;
	size_t n, cap;
};

struct csv_log {
	const struct mapping *map;
	struct mapping *owned; /* the same, or NULL */
	struct arena *arena;
	unsigned n;
	struct columns_of role[MAPPING_ROLES], attribute[DATASET_ATTRIBUTES];
	const char **name; /* (n) columns */
	const char *attribute_name[DATASET_ATTRIBUTES];
	struct words event[EVENT_KINDS], ignore, service, cancelled, status, missing;
	bool own_events, ignore_rest, own_missing;
	bool iso;	/* times as tables write them */
	char path_separator;
	struct file_kind kind;
	bool *used; /* (n) by a role or an attribute */
	struct table_choice choice;
};

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

static bool listed(const struct words *w, struct str s)
{
	for (size_t i = 0; i < w->n; i++)
		if (field_same_name(w->word[i], s))
			return true;
	return false;
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

/* Find the mapping's columns among n. */
static bool take_columns(struct csv_log *l, struct strs names, struct err *err)
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

/* All but the columns. */
static struct csv_log *create(const struct mapping *m)
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

static bool check(struct csv_log *l, struct err *err)
{
	if (!isnan(l->map->rating_least) && !l->role[MAP_RATING].n)
		return mapping_fail(l->map, &l->map->value[MAP_RATING_LEAST], "rating.least", err,
				    "there is no rating = COLUMN");
	return mapping_check(l->map, err) && take_path_separator(l, err);
}

bool csv_log_create(struct csv_log **out, const struct mapping *m, struct strs names,
		    struct err *err)
{
	SCOPED(csv_log) l = create(m);

	if (!take_columns(l, names, err) || !check(l, err))
		return false;
	*out = l;
	l = NULL;
	return true;
}

/* Does s stand for something unknown? */
static bool is_missing(const struct csv_log *l, struct str s)
{
	/* Most ids begin with another byte. */
	if (!l->own_missing)
		return s.len && (s.ptr[0] == 'N' || s.ptr[0] == 'n' || s.ptr[0] == '\\' ||
				 s.ptr[0] == '(') && field_missing(s);
	for (size_t i = 0; i < l->missing.n; i++)
		if (str_eq(l->missing.word[i], s))
			return true;
	return false;
}

/* Without blanks at both ends, also those of typesetters (U+00A0, U+202F, U+2007, U+3000)
 * and the byte order mark. */
static struct str trim(struct str s)
{
	static const char *const blanks[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x87",
					     "\xe3\x80\x80", "\xef\xbb\xbf"};

	s = str_trim(s);
	if (!s.len || !((s.ptr[0] | s.ptr[s.len - 1]) & 0x80))
		return s;
	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
		struct str b = str_from(blanks[i]);

		if (str_starts(s, b))
			return trim(str_span(s.ptr + b.len, s.len - b.len));
		if (s.len >= b.len && !memcmp(s.ptr + s.len - b.len, b.ptr, b.len))
			return trim(str_span(s.ptr, s.len - b.len));
	}
	return s;
}

/* A field without blanks; empty where it stands for something unknown. */
static struct str known_text(const struct csv_log *l, struct str field)
{
	struct str s = trim(field);

	return is_missing(l, s) ? STR("") : s;
}

/* Is the order one that came to nothing? */
static bool is_cancelled(const struct csv_log *l, const struct str *field)
{
	const struct columns_of *c = &l->role[MAP_STATUS];

	if (!c->n)
		return false;
	return l->status.n ? listed(&l->status, trim(field[c->at[0]]))
			   : field_cancels(field[c->at[0]]);
}

static bool refuse(struct reject *why, enum reject_reason reason, unsigned column,
		   struct str value)
{
	*why = (struct reject){reason, column, value};
	return false;
}

/* Nothing but separators: what spreadsheets leave behind. */
static bool is_empty(struct strs field)
{
	for (unsigned i = 0; i < field.n; i++)
		if (trim(field.at[i]).len)
			return false;
	return true;
}

/* @day: a date, or the number of a day that has none. */
static void add_day(const struct columns_of *c, const struct event_row *ev, struct strbuf *b)
{
	if (c->numbered)
		strbuf_addf(b, "%lld", (long long)(ev->time / TIME_DAY));
	else
		time_add_date(b, event_clock(ev));
}

/* The text of a role: the field itself, or several joined in ev->arena. */
static struct str text_of(const struct columns_of *c, const struct str *field,
			  struct event_row *ev, char joint)
{
	STRBUF(b);

	if (c->n == 0)
		return STR_NULL;
	if (c->n == 1 && c->at[0] != AT_DAY)
		return trim(field[c->at[0]]);
	for (unsigned i = 0; i < c->n; i++) {
		if (i)
			strbuf_addc(&b, joint);
		if (c->at[i] == AT_DAY)
			add_day(c, ev, &b);
		else if (!trim(field[c->at[i]]).len)
			return STR_NULL;
		else
			strbuf_add(&b, trim(field[c->at[i]]));
	}
	return arena_str(ev->arena, strbuf_str(&b));
}

static bool read_time(const struct csv_log *l, const struct str *field,
		      struct event_row *ev, struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_TIME], *p = &l->role[MAP_POSITION];
	char joined[JOINED_MAX];
	struct decimal place;
	struct str s;
	size_t n = 0;

	ev->time = TIME_NONE;
	if (!c->n)
		return true;
	if (c->n == 1 && !p->n && l->iso && known_time(ev, c->at[0], &ev->time, &ev->wall))
		return true;
	s = trim(field[c->at[0]]);

	for (unsigned i = 0; c->n > 1 && i < c->n; i++) {
		struct str part = trim(field[c->at[i]]);

		if (n + part.len + 1 > sizeof joined)
			return refuse(why, REJECT_TIME, c->at[i], part);
		if (i)
			joined[n++] = ' ';
		memcpy(joined + n, part.ptr, part.len);
		n += part.len;
	}
	if (c->n > 1)
		s = str_span(joined, n);
	if (!time_format_parse_wall(l->map->time_format, s, &ev->time, &ev->wall))
		return refuse(why, REJECT_TIME, c->at[0], field[c->at[0]]);
	if (!p->n || !field[p->at[0]].len)
		return true;
	if (!field_decimal(field[p->at[0]], l->map->decimal_comma, &place) ||
	    place.scale || place.units < 0 || place.units >= TIME_DAY)
		return refuse(why, REJECT_TIME, p->at[0], field[p->at[0]]);
	ev->time += place.units;
	return true;
}

/* Is the rating too low to count, or is there none? */
static bool is_low(const struct csv_log *l, const struct str *field)
{
	const struct columns_of *c = &l->role[MAP_RATING];
	struct decimal d;

	if (isnan(l->map->rating_least))
		return false;
	return !field_decimal(field[c->at[0]], l->map->decimal_comma, &d) ||
	       (double)d.units / pow(10, d.scale) < l->map->rating_least;
}

/* Known events come first; *skip: one that is left out. */
static bool read_event(const struct csv_log *l, const struct str *field,
		       struct event_row *ev, bool *skip, struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_EVENT];
	struct str s;
	int kind = l->map->kind;

	*skip = false;
	if (c->n) {
		s = trim(field[c->at[0]]);
		kind = -1;
		for (int k = 0; k < EVENT_KINDS && kind < 0; k++)
			if (listed(&l->event[k], s))
				kind = k;
		if (kind < 0 && listed(&l->ignore, s))
			*skip = true;
		else if (kind < 0 && (l->own_events || !field_event_kind(s, &kind)))
			*skip = l->ignore_rest;
		if (kind < 0 && !*skip)
			return refuse(why, REJECT_EVENT, c->at[0], s);
	}
	if (!*skip)
		ev->kind = (enum event_kind)kind;
	return true;
}

/* 2.10381E+18: what spreadsheets make of long numbers. */
static bool is_rounded(struct str s)
{
	size_t e;

	if (!s.len || !memchr(s.ptr, '+', s.len))
		return false;
	e = str_find_nocase(s, STR("e+"));
	if (e == SIZE_MAX || e == 0 || e + 2 >= s.len)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (i != e && i != e + 1 && (unsigned char)(s.ptr[i] - '0') > 9 &&
		    s.ptr[i] != '.' && s.ptr[i] != ',')
			return false;
	return true;
}

/* 17850 of 17850.0; other texts as they are. */
static struct str without_point(struct str s)
{
	size_t point = str_chr(s, '.');

	if (point == SIZE_MAX || point == 0 || point + 1 == s.len)
		return s;
	for (size_t i = 0; i < s.len; i++)
		if (i != point && (i > point ? s.ptr[i] != '0'
					     : (unsigned char)(s.ptr[i] - '0') > 9))
			return s;
	return str_span(s.ptr, point);
}

/* An id; may be empty where it is not needed. */
static bool read_id(const struct csv_log *l, const struct str *field,
		    enum mapping_key role, bool needed, struct event_row *ev,
		    struct str *id, struct reject *why)
{
	const struct columns_of *c = &l->role[role];
	struct str s = text_of(c, field, ev, ' ');
	unsigned at = c->n && c->at[0] != AT_DAY ? c->at[0] : UINT_MAX;

	*id = STR_NULL;
	if (is_missing(l, s))
		s = STR("");
	if (!s.len && !needed)
		return true;
	if (l->map->id_float)
		s = without_point(s);
	if (is_rounded(s))
		return refuse(why, REJECT_EXPONENT, at, s);
	return field_id((struct field){s, at}, false, id, why);
}

/* A price within what the store takes. */
static bool read_money(const struct csv_log *l, const struct columns_of *c,
		       const struct str *field, struct event_row *ev, struct reject *why)
{
	struct str s = trim(field[c->at[0]]);
	struct decimal *d = &ev->price;

	if (!(known_decimal(ev, c->at[0], d) && !l->map->decimal_comma) &&
	    !field_decimal(s, l->map->decimal_comma, d))
		return refuse(why, REJECT_PRICE, c->at[0], s);
	/* What is taken back may cost less than nothing. */
	if (c == &l->role[MAP_TOTAL] && ev->cancels && d->units < 0)
		d->units = -d->units;
	return price_fits(*d) || refuse(why, REJECT_PRICE, c->at[0], s);
}

/* A quantity's share, with up to four decimals more where it doesn't come out even. */
static struct decimal share_of(struct decimal d, uint32_t quantity)
{
	for (unsigned i = 0; i < 4 && d.scale < 9 && d.units % quantity; i++) {
		d.units *= 10;
		d.scale++;
	}
	d.units = (d.units + quantity / 2) / quantity;
	return d;
}

/* After the quantity, which a total is divided by. */
static bool read_price(const struct csv_log *l, const struct str *field,
		       struct event_row *ev, struct reject *why)
{
	const struct columns_of *p = &l->role[MAP_PRICE], *t = &l->role[MAP_TOTAL];
	const struct columns_of *c = p->n ? p : t;

	ev->has_price = c->n && known_text(l, field[c->at[0]]).len;
	if (!ev->has_price)
		return true;
	if (!read_money(l, c, field, ev, why))
		return false;
	if (c == t && ev->quantity > 1)
		ev->price = share_of(ev->price, ev->quantity);
	return true;
}

/* A negative number of pieces, or an order that is cancelled, takes back. */
static bool read_quantity(const struct csv_log *l, const struct str *field,
			  struct event_row *ev, struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_QUANTITY];
	int64_t n = 1;
	struct decimal d;
	struct str s;

	ev->cancels = false;
	ev->quantity = 1;
	if (c->n && (s = known_text(l, field[c->at[0]])).len) {
		if (!field_decimal(s, l->map->decimal_comma, &d) ||
		    !num_rescale(d, 0, &n) || n > QUANTITY_MAX ||
		    n < -QUANTITY_MAX)
			return refuse(why, REJECT_QUANTITY, c->at[0], s);
	}
	ev->cancels = n < 0;
	for (size_t i = 0; i < l->cancelled.n; i++)
		ev->cancels |= ev->session.len >= l->cancelled.word[i].len &&
			       strncasecmp(ev->session.ptr, l->cancelled.word[i].ptr,
					   l->cancelled.word[i].len) == 0;
	ev->quantity = (uint32_t)(n < 0 ? -n : n);
	if (ev->cancels && ev->kind != EVENT_PURCHASE)
		return refuse(why, REJECT_QUANTITY, c->n ? c->at[0] : UINT_MAX,
			      c->n ? field[c->at[0]] : ev->session);
	return true;
}

static bool read_rating(const struct csv_log *l, const struct str *field,
			struct event_row *ev, struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_RATING];
	struct decimal d;
	struct str s;
	double x;

	ev->has_rating = false;
	if (!c->n || ev->kind != EVENT_RATING)
		return true;
	s = known_text(l, field[c->at[0]]);
	if (!s.len)
		return true;
	if (!field_decimal(s, l->map->decimal_comma, &d))
		return refuse(why, REJECT_RATING, c->at[0], s);
	x = (double)d.units / pow(10, d.scale);
	if (x < -RATING_MOST || x > RATING_MOST)
		return refuse(why, REJECT_RATING, c->at[0], s);
	ev->has_rating = true;
	ev->rating = (float)x;
	return true;
}

static bool read_one(const struct csv_log *l, const struct str *field, struct event_row *ev,
		     struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_CATEGORY];

	ev->category_path = text_of(c, field, ev, PATH_JOINT);
	if (is_missing(l, ev->category_path))
		ev->category_path = STR_NULL;
	if (ev->category_path.len > DATASET_ID_MAX)
		return refuse(why, REJECT_LONG, c->at[0], field[c->at[0]]);
	return read_id(l, field, MAP_CATEGORY_ID, false, ev, &ev->category, why);
}

/* One more category of the product; an empty one is none. */
static bool add_further(struct event_row *ev, struct further_category c, unsigned column,
			struct reject *why)
{
	if (!c.id.len && !c.path.len)
		return true;
	if (c.path.len > DATASET_ID_MAX)
		return refuse(why, REJECT_LONG, column, c.path);
	if (c.id.len && !field_id((struct field){c.id, column}, false, &c.id, why))
		return false;
	ev->further[ev->n_further++] = c;
	return true;
}

/* The next of a list, without blanks; what is missing is empty. */
static struct str next_listed(const struct csv_log *l, struct str *list)
{
	struct str by = l->map->category_list, s = *list;

	for (size_t i = 0; i + by.len <= s.len; i++)
		if (!memcmp(s.ptr + i, by.ptr, by.len)) {
			*list = str_span(s.ptr + i + by.len, s.len - i - by.len);
			return known_text(l, str_span(s.ptr, i));
		}
	*list = STR("");
	return known_text(l, s);
}

static unsigned count_listed(const struct csv_log *l, struct str list)
{
	unsigned n = 0;

	for (; list.len; n++)
		(void)next_listed(l, &list);
	return n;
}

/* Those of the first's columns that hold lists: ids and paths run side by side. */
static bool read_listed(const struct csv_log *l, const struct str *field,
			struct event_row *ev, struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_CATEGORY], *id = &l->role[MAP_CATEGORY_ID];
	struct str paths = c->n ? trim(field[c->at[0]]) : STR("");
	struct str ids = id->n ? text_of(id, field, ev, ' ') : STR("");
	struct further_category x = {next_listed(l, &ids), next_listed(l, &paths)};
	unsigned column = id->n && id->at[0] != AT_DAY ? id->at[0] : c->n ? c->at[0] : 0;

	/* Empty items before the first don't count. */
	while (!x.id.len && !x.path.len && (ids.len || paths.len))
		x = (struct further_category){next_listed(l, &ids), next_listed(l, &paths)};
	ev->category_path = x.path;
	if (x.path.len > DATASET_ID_MAX)
		return refuse(why, REJECT_LONG, column, x.path);
	ev->category = STR_NULL;
	if (x.id.len && !field_id((struct field){x.id, column}, false, &ev->category, why))
		return false;
	while (ids.len || paths.len) {
		x = (struct further_category){next_listed(l, &ids), next_listed(l, &paths)};
		if (!add_further(ev, x, column, why))
			return false;
	}
	return true;
}

/* Columns of further categories: paths, or lists of them. Where the first is missing, one
 * of them takes its place. */
static bool read_more(const struct csv_log *l, const struct str *field, struct event_row *ev,
		      struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_MORE_CATEGORIES];

	for (unsigned i = 0; i < c->n; i++) {
		struct str rest = trim(field[c->at[i]]);

		do {
			struct further_category x = {
				.path = l->map->category_list.len ? next_listed(l, &rest)
								  : known_text(l, rest),
			};

			if (!add_further(ev, x, c->at[i], why))
				return false;
		} while (l->map->category_list.len && rest.len);
	}
	if (!ev->category.len && !ev->category_path.len && ev->n_further) {
		ev->category = ev->further[0].id;
		ev->category_path = ev->further[0].path;
		ev->further++;
		ev->n_further--;
	}
	return true;
}

/* Room for all that a record can list. */
static void make_room(const struct csv_log *l, const struct str *field, struct event_row *ev)
{
	static const enum mapping_key roles[] = {MAP_CATEGORY, MAP_CATEGORY_ID,
						 MAP_MORE_CATEGORIES};
	unsigned n = 0;

	for (size_t r = 0; r < sizeof roles / sizeof *roles; r++)
		for (unsigned i = 0; i < l->role[roles[r]].n; i++)
			if (l->role[roles[r]].at[i] != AT_DAY)
				n += 1 + (l->map->category_list.len
					  ? count_listed(l, field[l->role[roles[r]].at[i]]) : 0);
	ev->further = arena_alloc(ev->arena, n * sizeof *ev->further);
	ev->n_further = 0;
}

static bool read_category(const struct csv_log *l, const struct str *field,
			  struct event_row *ev, struct reject *why)
{
	bool several = l->map->category_list.len || l->role[MAP_MORE_CATEGORIES].n;

	if (several)
		make_room(l, field, ev);
	return (l->map->category_list.len ? read_listed(l, field, ev, why)
					  : read_one(l, field, ev, why)) &&
	       (!several || read_more(l, field, ev, why));
}

static bool read_brand(const struct csv_log *l, const struct str *field, struct event_row *ev,
		       struct reject *why)
{
	const struct columns_of *c = &l->role[MAP_BRAND];
	struct str s = text_of(c, field, ev, ' ');

	return field_indexed(is_missing(l, s) ? STR_NULL : s, c->n ? c->at[0] : 0, &ev->brand,
			     why);
}

enum row_result csv_log_row(const void *ctx, struct strs field, struct event_row *ev,
			    struct reject *why)
{
	const struct csv_log *l = ctx;
	bool skip;

	if (field.n < l->n)
		return ROW_SKIP; /* not called so: the number of fields is checked */
	if (!trim(field.at[l->role[MAP_PRODUCT].at[0]]).len && is_empty(field))
		return ROW_SKIP;
	if (!read_event(l, field.at, ev, &skip, why))
		return ROW_REJECT;
	if (skip || is_cancelled(l, field.at) || is_low(l, field.at))
		return ROW_SKIP;
	if (l->service.n &&
	    listed(&l->service, trim(field.at[l->role[MAP_PRODUCT].at[0]])))
		return ROW_SKIP;
	if (!read_time(l, field.at, ev, why) ||
	    !read_id(l, field.at, MAP_PRODUCT, true, ev, &ev->product, why) ||
	    !read_id(l, field.at, MAP_SESSION, l->role[MAP_SESSION].n, ev, &ev->session,
		     why) ||
	    !read_id(l, field.at, MAP_USER, !l->role[MAP_SESSION].n, ev, &ev->user,
		     why) ||
	    !read_category(l, field.at, ev, why) || !read_brand(l, field.at, ev, why) ||
	    !read_quantity(l, field.at, ev, why) || !read_price(l, field.at, ev, why) ||
	    !read_rating(l, field.at, ev, why))
		return ROW_REJECT;
	/* Without times a user is all that parts the lines. */
	if (!l->role[MAP_TIME].n && !l->role[MAP_SESSION].n)
		ev->session = ev->user;
	ev->name = text_of(&l->role[MAP_NAME], field.at, ev, ' ');
	ev->group = text_of(&l->role[MAP_GROUP], field.at, ev, ' ');
	if (is_missing(l, ev->group))
		ev->group = STR_NULL;
	ev->trait[TRAIT_COUNTRY] = text_of(&l->role[MAP_COUNTRY], field.at, ev, ' ');
	ev->trait[TRAIT_CHANNEL] = text_of(&l->role[MAP_CHANNEL], field.at, ev, ' ');
	for (unsigned i = 0; i < l->map->n_attributes; i++)
		ev->attribute[i] = text_of(&l->attribute[i], field.at, ev, ' ');
	return ROW_EVENT;
}

static unsigned csv_log_caps(const struct csv_log *l)
{
	static const struct {
		enum mapping_key role;
		unsigned cap;
	} told[] = {
		{MAP_USER, CAP_USERS},		{MAP_PRICE, CAP_PRICES},
		{MAP_NAME, CAP_NAMES},		{MAP_BRAND, CAP_BRANDS},
		{MAP_QUANTITY, CAP_QUANTITIES}, {MAP_RATING, CAP_RATINGS},
		{MAP_TOTAL, CAP_PRICES},
	};
	static const unsigned kinds[EVENT_KINDS] = {
		[EVENT_VIEW] = CAP_VIEWS,
		[EVENT_CART] = CAP_CARTS,
		[EVENT_PURCHASE] = CAP_PURCHASES,
	};
	unsigned caps = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
		caps |= l->role[told[i].role].n ? told[i].cap : 0;
	for (int k = 0; k < EVENT_KINDS; k++)
		caps |= l->map->kind == k || l->event[k].n ||
					(l->role[MAP_EVENT].n && !l->own_events)
				? kinds[k]
				: 0;
	if (!l->role[MAP_TIME].n || time_format_is_number(l->map->time_format))
		caps |= CAP_UNDATED;
	else if (time_format_has_hours(l->map->time_format))
		caps |= CAP_HOURS;
	return caps;
}

/* The first record of a file; its texts in the arena. */
static bool read_names(const struct mapping *m, const char *path, const char *encoding,
		       struct arena *arena, struct str **names, unsigned *n,
		       struct err *err)
{
	/* Small: freeing a big block would change how malloc deals with later ones. */
	struct split_limits limits = {
		.field = 1 << 14,
		.record = 1 << 15,
		.piece = 1 << 15,
		.window = 1 << 15,
		.no_quotes = !m->form.quote,
		.quote = m->form.quote,
		.form = &m->form,
		.tables = true,
	};
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct csv_record r;
	struct csv csv;
	bool found = false;
	size_t pieces_n = 1;

	if (!split_open_encoded(&s, path, encoding, m->form.separator, &limits, err))
		return false;
	csv_reader_init(&csv, m->form.separator, &limits);
	while (!found && pieces_n && split_next(s, &pieces, &pieces_n, NULL, err))
		for (size_t i = 0; i < pieces_n && !found; i++) {
			csv_reader_start(&csv, &pieces[i]);
			found = csv_reader_next(&csv, &r);
		}
	if (!found)
		err_fail(err, ERR_FORMAT, "%s is empty", path);
	else if (r.reason || r.n > DATASET_COLUMNS)
		found = err_fail(err, ERR_FORMAT,
				 "%s:%llu: the first record can't be read: "
				 "%s",
				 path, (unsigned long long)r.line + 1,
				 r.reason ? reject_text(r.reason) : "too many columns");
	if (found) {
		*n = r.n;
		*names = arena_alloc(arena, r.n * sizeof **names);
		for (unsigned i = 0; i < r.n; i++)
			(*names)[i] = arena_str(arena, r.field[i]);
	}
	csv_reader_finish(&csv);
	return found;
}

/* What stands on the first line of an order alone; of several columns none is it. */
static void take_fill(struct mapping *m)
{
	static const enum mapping_key roles[] = {MAP_TIME, MAP_USER, MAP_STATUS, MAP_COUNTRY,
						 MAP_CHANNEL};
	struct form *f = &m->form;

	if (m->role[MAP_SESSION].n != 1)
		return;
	f->order = m->role[MAP_SESSION].part[0];
	f->header = m->header;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		for (unsigned k = 0; k < m->role[roles[i]].n && f->n_fill < FORM_FILLS; k++)
			f->fill[f->n_fill++] = m->role[roles[i]].part[k];
}

static bool csv_configure(struct dataset *copy, const struct dataset_options *o,
			  struct dataset_files files, struct err *err)
{
	SCOPED(mapping) m = NULL;
	SCOPED(csv_log) l = NULL;
	SCOPED(arena) arena = arena_create();
	struct str *names = NULL;
	STRBUF(text);
	unsigned n;

	if (!o->map && !o->mapping)
		return err_fail(err, ERR_USAGE,
				"csv needs to know the columns: --map "
				"time=COLUMN,product=COLUMN,... or --map FILE.aislemap; "
				"aisle import --guess FILE proposes one");
	if (!(o->map ? mapping_load(&m, o->map, err)
		     : mapping_parse_file(&m, "the store's mapping", str_from(o->mapping),
					  err)))
		return false;
	mapping_write(m, NULL, &text);
	if (o->gap && m->role[MAP_SESSION].n)
		return err_fail(err, ERR_USAGE,
				"the mapping names a session column: --gap "
				"has no say there");
	if (o->separator) {
		m->form.separator = o->separator;
		m->form.wide[0] = '\0';
	}
	if (!copy->encoding && m->value[MAP_ENCODING].text.ptr)
		copy->encoding = m->value[MAP_ENCODING].text.ptr;
	if (!files.n)
		return false;
	l = create(m);
	/* What is read from standard input can't be read again: see begin(). */
	if (strcmp(files.at[0], "-") != 0 &&
	    (!read_names(m, files.at[0], copy->encoding, arena, &names, &n, err) ||
	     !take_columns(l, (struct strs){m->header ? names : NULL, n}, err)))
		return false;
	if (!check(l, err))
		return false;
	l->kind = (struct file_kind){
		.name = "events",
		.header = m->header,
		.blank_first_line = true,
		.n_columns = l->n,
		.columns = l->name,
		.caps = csv_log_caps(l),
		.row = csv_log_row,
	};
	copy->kinds = &l->kind;
	copy->n_kinds = 1;
	copy->choice = l->n ? &l->choice : NULL;
	if (m->fill)
		take_fill(m);
	copy->separator = m->form.separator;
	copy->no_quotes = !m->form.quote;
	copy->form = form_needed(&m->form) || m->form.n_fill || m->form.quote == '\'' ? &m->form
										 : NULL;
	copy->path_separator = l->path_separator;
	copy->every_category = m->every_category;
	copy->traits = m->role[MAP_COUNTRY].n || m->role[MAP_CHANNEL].n;
	copy->n_attributes = m->n_attributes;
	copy->attributes = l->attribute_name;
	if (m->value[MAP_CURRENCY].text.ptr)
		copy->currency = m->value[MAP_CURRENCY].text.ptr;
	if (!m->role[MAP_TIME].n && o->gap)
		return err_fail(err, ERR_USAGE,
				"the mapping names no time column: --gap has no say there");
	if (!m->role[MAP_SESSION].n && m->role[MAP_TIME].n && !copy->gap)
		copy->gap = (int64_t)((m->gap > 0 ? m->gap : DEFAULT_GAP) * 60000);
	copy->mapping = arena_str(l->arena, strbuf_str(&text)).ptr;
	copy->ctx = l;
	l->map = l->owned = m;
	m = NULL;
	l = NULL;
	return true;
}

static bool csv_begin(const struct dataset *copy, struct strs field, struct err *err)
{
	struct csv_log *l = (struct csv_log *)(uintptr_t)copy->ctx;

	if (l->n)
		return true;
	if (field.n > DATASET_COLUMNS)
		return err_fail(err, ERR_FORMAT, "the first record has too many columns");
	if (!take_columns(l, (struct strs){l->map->header ? field.at : NULL, field.n},
			  err))
		return false;
	l->kind.n_columns = l->n;
	l->kind.columns = l->name;
	return true;
}

#define UNUSED_SHOWN 12

static const char *csv_unused(const struct dataset *copy)
{
	const struct csv_log *l = copy->ctx;
	unsigned n = 0;
	STRBUF(list);

	for (unsigned i = 0; i < l->n && l->map->header; i++)
		if (!l->used[i] && n++ < UNUSED_SHOWN)
			strbuf_addf(&list, "%s%s", n > 1 ? ", " : "", l->name[i]);
	if (n > UNUSED_SHOWN)
		strbuf_addf(&list, " and %u more", n - UNUSED_SHOWN);
	return n ? arena_str(l->arena, strbuf_str(&list)).ptr : NULL;
}

static void csv_finish(struct dataset *copy)
{
	csv_log_destroy((struct csv_log *)(uintptr_t)copy->ctx);
}

const struct dataset ds_csv = {
	.name = "csv",
	.title = "any shop's log, by a mapping of its columns",
	.files = "one or more files of delimited text with the same columns",
	.basket = "what the mapping says: a column, several, a customer's day, or a "
		  "visitor's events without a long gap",
	.note = "aisle import --guess FILE proposes a mapping; aisle-import(5) has its "
		"keys.",
	.separator = ',',
	.mapped = true,
	.repairs = true,
	.price_scale = 2,
	.currency = "",
	.configure = csv_configure,
	.begin = csv_begin,
	.unused = csv_unused,
	.finish = csv_finish,
	.writer = &csv_writer,
};
