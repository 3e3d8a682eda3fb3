/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record of a log by its mapping: each role's columns in turn, what is known of them first. */
#include "config.h"

#include <math.h>
#include <strings.h>

#include "base/time.h"
#include "base/time_format.h"
#include "data/csv_log.h"
#include "data/field.h"

#define JOINED_MAX 256	/* bytes of a time that several columns tell */
#define QUANTITY_MAX 1000000
#define RATING_MOST 1e6

static bool listed(const struct words *w, struct str s)
{
	for (size_t i = 0; i < w->n; i++)
		if (field_same_name(w->word[i], s))
			return true;
	return false;
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
