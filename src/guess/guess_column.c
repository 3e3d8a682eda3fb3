/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a column: numbers, times, ids, paths; and what follows from what. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "base/time_format.h"
#include "data/field.h"

#define SCREENED 400 /* different values that every format is tried on */
#define TIME_SHARE 0.8
#define YEAR_1990 INT64_C(631152000000)
#define YEAR_2100 INT64_C(4102444800000)

/* Where day and month could change places, the month comes first last. */
static const char *const formats[] = {
	"iso",
	"unix",
	"unix-ms",
	"unix-us",
	"d.m.Y[ H:M[:S]]",
	"d/m/Y[ H:M[:S]]",
	"m/d/Y[ H:M[:S]]",
	"d-m-Y[ H:M[:S]]",
	"m-d-Y[ H:M[:S]]",
	"Y/m/d[ H:M[:S]]",
	"Y.m.d[ H:M[:S]]",
	"m/d/Y I:M[:S][ ]p",
	"d/m/Y I:M[:S][ ]p",
	"d/m/y[ H:M[:S]]",
	"m/d/y[ H:M[:S]]",
	"d.m.y[ H:M[:S]]",
	"d.m.Y, H:M[:S]",
	"d/m/Y, H:M[:S]",
	"m/d/Y, I:M[:S][ ]p",
	"d b Y[ H:M[:S]]",
	"d-b-Y[ H:M[:S]]",
	"d/b/Y:H:M:S z",
	"d-b-y[ H:M[:S]]",
	"b-d-y[ H:M[:S]]",
	"d-b-Y I:M[:S][ ]p",
	"m/d/y I:M[:S][ ]p",
	"d/m/y I:M[:S][ ]p",
	"Y.m.d.[ H:M[:S]]",
	"Y. m. d.[ H:M[:S]]",
	"dbY[:H:M:S]",
	"b-d-Y[ H:M[:S]]",
	"b d, Y[ H:M[:S]]",
	"b d Y[ H:M[:S]]",
	"Ymd",
	"YmdHMS",
	"Ymd H:M[:S]",
	"YmdHM",
	"Y-m-d H",
	"Y/m/d H",
	"d.m.Y H",
	"d/m/Y H",
	"m/d/Y H",
	"Y-m-d H.M[.S]",
	"d.m.Y H.M[.S]",
	"d/m/Y H.M[.S]",
	"m/d/Y H.M[.S]",
	"d. m. Y[ H:M[:S]]",
	"d b Y, H:M[:S]",
	"b d, Y, I:M[:S][ ]p",
	"b d, Y I:M[:S][ ]p",
	"Y/m/d I:M[:S][ ]p",
	"excel",
	"day",
};
/* These need a name: other numbers look alike. */
#define SERIAL "excel"
#define NUMBERED "day"
#define FORMATS (sizeof(formats) / sizeof(*formats))

static bool is_number(struct str s, bool comma, struct decimal *d)
{
	return field_decimal(s, comma, d);
}

static bool all_digits(struct str s)
{
	size_t i = s.len && s.ptr[0] == '-';

	if (i == s.len)
		return false;
	for (; i < s.len; i++)
		if ((unsigned char)(s.ptr[i] - '0') > 9)
			return false;
	return true;
}

/* 2.10381E+18 */
static bool is_exponent(struct str s)
{
	size_t e = str_chr(s, 'E');
	double x;

	if (e == SIZE_MAX)
		e = str_chr(s, 'e');
	if (e == SIZE_MAX || e == 0 || e + 1 >= s.len ||
	    (unsigned char)(s.ptr[0] - '0') > 9)
		return false;
	if (s.ptr[e + 1] != '+' || !all_digits(str_span(s.ptr + e + 2, s.len - e - 2)))
		return false;
	return num_real(str_span(s.ptr, e), &x) && s.len - e - 2 <= 3;
}

static bool is_clock(struct str s)
{
	int64_t ms;
	STRBUF(b);

	if (s.len < 3 || s.len > 12 || str_chr(s, ':') == SIZE_MAX)
		return false;
	strbuf_adds(&b, "2000-1-1 ");
	strbuf_add(&b, s);
	return time_format_parse(STR("Y-m-d H:M[:S]"), strbuf_str(&b), &ms);
}

/* 9.37 and 09.37.12: a clock with points; 9.5 is none. */
static bool is_point_clock(struct str s)
{
	unsigned part = 0, digits = 0, value = 0;

	for (size_t i = 0; i <= s.len; i++) {
		unsigned char d = i < s.len ? (unsigned char)(s.ptr[i] - '0') : 10;

		if (d <= 9) {
			value = value * 10 + d;
			if (++digits > 2)
				return false;
			continue;
		}
		if ((i < s.len && s.ptr[i] != '.') || digits < (part ? 2 : 1) ||
		    value >= (part ? 60 : 24))
			return false;
		part++;
		digits = value = 0;
	}
	return part == 2 || part == 3;
}

/* name@shop.example */
static bool is_mail(struct str s)
{
	size_t at = str_chr(s, '@'), dot;

	if (at == SIZE_MAX || at == 0 || str_chr(s, ' ') != SIZE_MAX)
		return false;
	s = str_span(s.ptr + at + 1, s.len - at - 1);
	dot = str_chr(s, '.');
	return dot != SIZE_MAX && dot > 0 && dot + 1 < s.len && str_chr(s, '@') == SIZE_MAX;
}

/* +49 30 1234567, (0171) 555-0199: digits with the signs of phone numbers. */
static bool is_phone(struct str s)
{
	unsigned digits = 0, signs = 0;

	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)(s.ptr[i] - '0') <= 9)
			digits++;
		else if (!strchr("+()-/ .", s.ptr[i]))
			return false;
		else
			signs += s.ptr[i] == '(' || (s.ptr[i] == '+' && i == 0) ? 2 : 1;
	}
	return digits >= 7 && digits <= 15 && signs >= 2 && (s.ptr[0] == '+' || s.ptr[0] == '(');
}

/* Letters, digits and a few signs, no blanks. */
static bool is_idlike(struct str s)
{
	if (s.len > 64)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c <= ' ' || (c < 0x80 && strchr("\"'()<>{}[]$%&?!*;,", c)))
			return false;
	}
	return true;
}

static char path_sign(struct str s)
{
	static const char signs[] = {'>', '/', '|', '.'};
	struct decimal d;

	if (is_number(s, false, &d) || is_number(s, true, &d))
		return 0;
	for (size_t i = 0; i < sizeof signs; i++) {
		size_t at = str_chr(s, signs[i]);

		if (at != SIZE_MAX && at > 0 && at + 1 < s.len)
			return signs[i];
	}
	return 0;
}

struct tally {
	uint64_t all, number, integer, whole, fraction, comma, negative, exponent, clock, event,
		point_clock, mail, phone, cancel, idlike, path[128];
	double least, most, squares;
};

static void tally_number(struct tally *t, struct str s, uint32_t n)
{
	bool point = false, comma = false;
	struct decimal d = {0}, e = {0};
	int64_t whole;
	double x;

	point = is_number(s, false, &d);
	comma = is_number(s, true, &e);
	if (!point && !comma && all_digits(s)) { /* an id of 19 digits */
		t->number += n;
		t->integer += n;
		t->whole += n;
		t->most = 1e18 > t->most ? 1e18 : t->most;
		return;
	}
	if (!point && !comma)
		return;
	/* 1.234 and 1,234: what could be either counts as what it is with a point. */
	if (!point)
		d = e;
	x = (double)d.units;
	for (unsigned i = 0; i < d.scale; i++)
		x /= 10;
	t->number += n;
	t->integer += d.scale == 0 ? n : 0;
	t->whole += num_rescale(d, 0, &whole) ? n : 0;
	t->fraction += d.scale ? n : 0;
	t->comma += !point && e.scale ? n : 0;
	t->negative += x < 0 ? n : 0;
	t->least = x < t->least ? x : t->least;
	t->most = x > t->most ? x : t->most;
}

static void tally_value(struct tally *t, struct str s, uint32_t n)
{
	char sign = path_sign(s);
	int kind;

	t->all += n;
	t->squares += (double)n * n;
	tally_number(t, s, n);
	t->exponent += is_exponent(s) ? n : 0;
	t->clock += is_clock(s) ? n : 0;
	t->idlike += is_idlike(s) ? n : 0;
	t->event += field_event_kind(s, &kind) ? n : 0;
	t->point_clock += is_point_clock(s) ? n : 0;
	t->mail += is_mail(s) ? n : 0;
	t->phone += is_phone(s) ? n : 0;
	t->cancel += field_cancels(s) ? n : 0;
	if (sign)
		t->path[(unsigned char)sign] += n;
}

static bool time_plausible(const char *format, struct str s, int64_t *ms)
{
	if (!time_format_parse(str_from(format), s, ms))
		return false;
	return strcmp(format, NUMBERED) == 0 || (*ms >= YEAR_1990 && *ms < YEAR_2100);
}

/* Share of the different values that a format reads; every step-th is tried. */
static double reads(const struct guess_column *c, const char *format, uint32_t step)
{
	uint32_t n = map_count(c->values), good = 0, tried = 0;
	int64_t ms;

	for (uint32_t i = 0; i < n; i += step) {
		if (!c->count[i])
			continue;
		tried++;
		good += time_plausible(format, map_key(c->values, i), &ms);
	}
	return tried ? (double)good / tried : 0;
}

/* How the records stand in time under a format. */
struct course {
	uint32_t back, forth;	/* steps from one record to the next */
	int64_t least, most;
};

static struct course course_of(const struct guess *g, const struct guess_column *c,
			       const char *format)
{
	struct course k = {.least = INT64_MAX, .most = INT64_MIN};
	int64_t last = INT64_MIN, ms;

	for (uint32_t i = 0; i < g->rows; i++) {
		if (c->code[i] == MAP_NONE ||
		    !time_plausible(format, map_key(c->values, c->code[i]), &ms))
			continue;
		k.back += ms < last;
		k.forth += last != INT64_MIN && ms > last;
		k.least = ms < k.least ? ms : k.least;
		k.most = ms > k.most ? ms : k.most;
		last = ms;
	}
	return k;
}

/* Steps against the direction of the file, be it oldest or newest first. */
static uint32_t disorder(const struct course *k)
{
	return k->back < k->forth ? k->back : k->forth;
}

/* Where both read everything: a file in order is in order by the right one, and a
 * shuffled log is short by it, not strewn over the months. */
static bool course_better(const struct course *a, const struct course *b)
{
	uint32_t x = disorder(a), y = disorder(b);
	double p = (double)(a->most - a->least), q = (double)(b->most - b->least);

	if (x * 2 < y && x * 5 <= a->back + a->forth)
		return true;
	if (y * 2 < x && y * 5 <= b->back + b->forth)
		return false;
	return p < q * 0.8 || (p <= q * 1.25 && x < y);
}

/* Is a column called so? */
static bool any_called(const struct guess *g, enum guess_part part)
{
	for (size_t i = 0; i < g->n && g->header; i++)
		if (guess_name_part(g->column[i].name, part))
			return true;
	return false;
}

/* 0511: a month and a day of no year. */
static bool is_month_day(const struct guess_column *c)
{
	for (uint32_t v = 0; v < map_count(c->values); v++) {
		struct str s = map_key(c->values, v);
		unsigned n = 0;

		for (size_t i = 0; c->count[v] && i < s.len && i < 4; i++)
			n = n * 10 + (unsigned)(s.ptr[i] - '0');
		if (c->count[v] && (s.len != 4 || n / 100 < 1 || n / 100 > 12 || n % 100 < 1 ||
				    n % 100 > 31))
			return false;
	}
	return c->distinct > 12;
}

static bool tried_format(const struct guess *g, const struct guess_column *c,
			 const char *format)
{
	if (strcmp(format, NUMBERED) == 0 &&
	    (!g->header || c->integers < 0.99 || c->least < 0 || c->most > 20000 ||
	     (guess_name_part(c->name, PART_DAY)
		      ? c->most < 32 && any_called(g, PART_MONTH)
		      : guess_name_score(c->name, MAP_TIME) < 8 || !is_month_day(c))))
		return false;
	if (strcmp(format, SERIAL) == 0 &&
	    (c->numbers < TIME_SHARE || c->least < 30000 || c->most > 80000 ||
	     guess_name_score(c->name, MAP_TIME) < 5))
		return false;
	return time_format_check(str_from(format), NULL);
}

static void look_for_times(struct guess *g, struct guess_column *c)
{
	uint32_t step = c->distinct / SCREENED + 1;
	struct course best = {0};

	for (size_t i = 0; i < FORMATS; i++) {
		double share = tried_format(g, c, formats[i]) ? reads(c, formats[i], step) : 0;
		struct course k;

		if (share >= TIME_SHARE && step > 1)
			share = reads(c, formats[i], 1);
		if (share > c->near_times) {
			c->near_times = share;
			c->near_format = formats[i];
		}
		if (share < TIME_SHARE || share < c->times)
			continue;
		k = course_of(g, c, formats[i]);
		c->ambiguous = share == c->times;
		if (share > c->times || course_better(&k, &best)) {
			c->time_format = formats[i];
			c->times = share;
			best = k;
		}
	}
}

/* Does the number rise by one from record to record, in 19 of 20? */
static bool rises_by_one(const struct guess *g, const struct guess_column *c)
{
	uint32_t steps = 0, ones = 0;
	int64_t last = 0, now;
	struct decimal d;
	bool any = false;

	if (c->integers < 0.99 || c->distinct < c->filled)
		return false;
	for (uint32_t i = 0; i < g->rows; i++) {
		if (c->code[i] == MAP_NONE ||
		    !field_decimal(map_key(c->values, c->code[i]), false, &d))
			continue;
		now = d.units;
		steps += any;
		ones += any && (now == last + 1 || now == last - 1);
		last = now;
		any = true;
	}
	return steps > 2 && ones * 20 >= steps * 19;
}

/* By what is in it and, where that is digits or words alone, by its name. */
static const char *personal(const struct guess *g, const struct guess_column *c)
{
	if (c->mails > 0.3)
		return "e-mail addresses";
	if (c->phones > 0.8)
		return "phone numbers";
	if (g->header && guess_name_part(c->name, PART_PERSONAL))
		return c->mails > 0 ? "e-mail addresses" : "by its name";
	return NULL;
}

void guess_look(struct guess *g, struct guess_column *c)
{
	struct tally t = {.least = 1e300, .most = -1e300};
	uint64_t paths = 0;

	for (uint32_t i = 0; i < map_count(c->values); i++)
		if (c->count[i])
			tally_value(&t, map_key(c->values, i), c->count[i]);
	if (!t.all)
		return;
	for (int s = 0; s < 128; s++)
		if (t.path[s] > paths) {
			paths = t.path[s];
			c->path_separator = (char)s;
		}
	c->numbers = (double)t.number / (double)t.all;
	c->integers = (double)t.integer / (double)t.all;
	c->whole = (double)t.whole / (double)t.all;
	c->fractions = (double)t.fraction / (double)t.all;
	c->commas = t.fraction ? (double)t.comma / (double)t.fraction : 0;
	c->negative = (double)t.negative / (double)t.all;
	c->exponent = (double)t.exponent / (double)t.all;
	c->clock = (double)t.clock / (double)t.all;
	c->known_events = (double)t.event / (double)t.all;
	c->paths = (double)paths / (double)t.all;
	c->least = t.least > t.most ? t.most : t.least;
	c->most = t.most;
	c->repeat = t.squares / ((double)t.all * (double)t.all);
	c->point_clock = (double)t.point_clock / (double)t.all;
	c->mails = (double)t.mail / (double)t.all;
	c->phones = (double)t.phone / (double)t.all;
	c->cancels = (double)t.cancel / (double)t.all;
	look_for_times(g, c);
	c->floats = c->whole > 0.99 && c->fractions > 0.5;
	c->idtext = t.idlike * 20 >= t.all * 19;
	c->idlike = c->idtext && (c->fractions < 0.05 || c->floats) &&
		    (!c->time_format || c->integers > 0.95);
	c->counter = rises_by_one(g, c);
	c->personal = personal(g, c);
}

double guess_determines(const struct guess *g, size_t a, size_t b)
{
	const struct guess_column *x = &g->column[a], *y = &g->column[b];
	uint32_t n = map_count(x->values);
	SCOPED_FREE uint32_t *first = mem_alloc((n + 1) * sizeof *first);
	uint64_t same = 0, all = 0;

	memset(first, 0xff, (n + 1) * sizeof *first);
	for (uint32_t i = 0; i < g->rows; i++) {
		uint32_t from = x->code[i], to = y->code[i];

		if (from == MAP_NONE || to == MAP_NONE)
			continue;
		if (first[from] == MAP_NONE) {
			first[from] = to;
			continue;
		}
		all++;
		same += first[from] == to;
	}
	if (all < 10 || y->repeat > 0.999)
		return 0;
	return ((double)same / (double)all - y->repeat) / (1 - y->repeat);
}
