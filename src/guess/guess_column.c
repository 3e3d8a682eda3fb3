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
	"b d, Y[ H:M[:S]]",
	"b d Y[ H:M[:S]]",
	"Ymd",
	"YmdHMS",
	"Ymd H:M[:S]",
};
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
		idlike, path[128];
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
	if (sign)
		t->path[(unsigned char)sign] += n;
}

static bool time_plausible(const char *format, struct str s, int64_t *ms)
{
	return time_format_parse(str_from(format), s, ms) && *ms >= YEAR_1990 &&
	       *ms < YEAR_2100;
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

/* How often time goes back from one record to the next, under a format. */
static uint32_t descents(const struct guess *g, const struct guess_column *c,
			 const char *format)
{
	int64_t last = INT64_MIN, ms;
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->rows; i++) {
		if (c->code[i] == MAP_NONE ||
		    !time_plausible(format, map_key(c->values, c->code[i]), &ms))
			continue;
		n += ms < last;
		last = ms;
	}
	return n;
}

static void look_for_times(struct guess *g, struct guess_column *c)
{
	uint32_t step = c->distinct / SCREENED + 1, fewest = UINT32_MAX;

	for (size_t i = 0; i < FORMATS; i++) {
		double share = reads(c, formats[i], step);
		uint32_t back;

		if (share >= TIME_SHARE && step > 1)
			share = reads(c, formats[i], 1);
		if (share < TIME_SHARE || share < c->times)
			continue;
		back = descents(g, c, formats[i]);
		c->ambiguous = share == c->times;
		if (share > c->times || back < fewest) {
			c->time_format = formats[i];
			c->times = share;
			fewest = back;
		}
	}
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
	look_for_times(g, c);
	c->idlike = t.idlike * 20 >= t.all * 19 && c->fractions < 0.05 &&
		    (!c->time_format || c->integers > 0.95);
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
