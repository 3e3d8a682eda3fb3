/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of a data set as options want it, and what its records can hold. */
#include "config.h"

#include "data/dataset.h"

#include <assert.h>

#include "base/err.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "data/output.h"
#include "table/parquet.h"

#define PRICE_MAX INT64_C(1000000000)
#define PRICE_DIGITS 9

bool dataset_configure(struct dataset *copy, const struct dataset *set,
		       const struct dataset_options *o, struct dataset_files files,
		       struct err *err)
{
	struct dataset c = *set;

	if (o->gap && !set->gap && !set->configure)
		return err_fail(err, ERR_USAGE, "the sessions of %s are named in its "
				"records: --gap has no say there", set->name);
	if (o->separator && !set->configure)
		return err_fail(err, ERR_USAGE, "the fields of %s are always parted by "
				"'%c': --separator has no say there", set->name,
				set->separator);
	if (o->map && !set->mapped)
		return err_fail(err, ERR_USAGE, "the columns of %s are known: --map is for "
				"the data set csv", set->name);
	if ((o->header || o->layout || o->skip_columns > 0) && !set->lists)
		return err_fail(err, ERR_USAGE, "--header, --layout and --skip-columns are for "
				"the data set baskets");
	if (o->encoding)
		c.encoding = o->encoding;
	if (o->gap)
		c.gap = o->gap;
	if (o->separator)
		c.separator = o->separator;
	if (set->configure && !set->configure(&c, o, files, err))
		return false;
	*copy = c;
	return true;
}

const struct output_file *output_log(const struct dataset *set)
{
	const struct dataset_writer *w = set->writer;

	return w && w->files[0].alone ? &w->files[0] : NULL;
}

void dataset_release(struct dataset *copy)
{
	if (copy->finish)
		copy->finish(copy);
	*copy = (struct dataset){0};
}

unsigned dataset_caps(const struct dataset *set)
{
	unsigned caps = 0;

	for (unsigned i = 0; i < set->n_kinds; i++)
		caps |= set->kinds[i].caps;
	return caps;
}

static bool refuse(struct reject *why, enum reject_reason reason, unsigned column,
		   struct str value)
{
	*why = (struct reject){reason, column, value};
	return false;
}

/* Ids are looked at eight bytes at a time. A word's tests are exact for the word as a whole: a
   borrow or carry starts at a byte that fails itself. */
#define EACH(byte) (~UINT64_C(0) / 255 * (byte))

static uint64_t word_at(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof w);
	return w;
}

/* The last eight bytes; of fewer, all and fill. */
static uint64_t last_word(struct str s, unsigned char fill)
{
	uint64_t w = EACH(fill);

	if (s.len >= sizeof w)
		return word_at(s.ptr + s.len - sizeof w);
	for (size_t i = 0; i < s.len; i++)
		w = w << 8 | (unsigned char)s.ptr[i];
	return w;
}

/* 0: every byte is a digit. */
static uint64_t not_digits(uint64_t w)
{
	return ((w & EACH(0xf0)) ^ EACH(0x30)) | (((w + EACH(6)) & EACH(0xf0)) ^ EACH(0x30));
}

/* 0: no byte is below a space or DEL. */
static uint64_t controls(uint64_t w)
{
	uint64_t del = w ^ EACH(0x7f);

	return (((w - EACH(0x20)) & ~w) | ((del - EACH(1)) & ~del)) & EACH(0x80);
}

static bool all_digits(struct str s)
{
	uint64_t wrong = 0;

	for (size_t i = 0; i + 8 <= s.len; i += 8)
		wrong |= not_digits(word_at(s.ptr + i));
	if (s.len % 8)
		wrong |= not_digits(last_word(s, '0'));
	return s.len > 0 && wrong == 0;
}

/* 2.10381E+18: what spreadsheets make of a long number. */
static bool has_exponent_form(struct str s)
{
	size_t i = 0, digits;

	while (i < s.len && ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == '.' ||
			     s.ptr[i] == ','))
		i++;
	if (i == 0 || i == s.len || (s.ptr[i] != 'e' && s.ptr[i] != 'E'))
		return false;
	i++;
	if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
		i++;
	digits = s.len - i;
	return digits > 0 && all_digits(str_span(s.ptr + i, digits));
}

/* Printable ASCII is the common case and needs no decoding. */
static enum reject_reason text_id(struct str s)
{
	uint64_t w = last_word(s, ' '), wrong = controls(w), all = w;

	for (size_t i = 0; i + 8 <= s.len; i += 8) {
		w = word_at(s.ptr + i);
		wrong |= controls(w);
		all |= w;
	}
	if (wrong)
		return REJECT_ID;
	return !(all & EACH(0x80)) || utf8_valid(s) ? REJECT_NONE : REJECT_UTF8;
}

static enum reject_reason numeric_id(struct str s)
{
	uint64_t value;

	if (s.len < 20 && s.ptr[0] != '0' && all_digits(s))
		return REJECT_NONE;
	if (has_exponent_form(s))
		return REJECT_EXPONENT;
	return s.ptr[0] != '0' && num_u64(s, &value) ? REJECT_NONE : REJECT_ID;
}

bool field_id(struct field f, bool numeric, struct str *id, struct reject *why)
{
	enum reject_reason reason;

	assert(f.s.ptr || f.s.len == 0);
	if (f.s.len == 0)
		return refuse(why, REJECT_ID, f.column, f.s);
	if (f.s.len > DATASET_ID_MAX)
		return refuse(why, REJECT_LONG, f.column, f.s);
	reason = numeric ? numeric_id(f.s) : text_id(f.s);
	if (reason)
		return refuse(why, reason, f.column, f.s);
	*id = f.s;
	return true;
}

bool field_indexed(struct str s, unsigned column, struct str *text, struct reject *why)
{
	if (s.len > DATASET_ID_MAX)
		return refuse(why, REJECT_LONG, column, s);
	*text = s;
	return true;
}

/* No sign, no leading zero before a digit. max is in units of 10^-digits. */
static bool price(struct field f, unsigned digits, int64_t max, struct event_row *ev,
		  struct reject *why)
{
	struct decimal d;
	int64_t units;

	ev->has_price = f.s.len > 0;
	if (!ev->has_price)
		return true;
	if (f.s.ptr[0] == '-' || (f.s.len > 1 && f.s.ptr[0] == '0' && f.s.ptr[1] != '.') ||
	    (!known_decimal(ev, f.column, &d) && !num_decimal(f.s, &d)))
		return refuse(why, REJECT_PRICE, f.column, f.s);
	while (d.scale > digits && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	if (d.scale > digits || !num_rescale(d, digits, &units) || units > max)
		return refuse(why, REJECT_PRICE, f.column, f.s);
	ev->price = d;
	return true;
}

bool price_fits(struct decimal d)
{
	int64_t limit = PRICE_MAX;

	for (unsigned i = 0; i < d.scale; i++)
		limit *= 10;
	return d.units >= 0 && d.units <= limit;
}

bool field_price(struct str s, unsigned column, struct event_row *ev, struct reject *why)
{
	return price((struct field){s, column}, PRICE_DIGITS, PRICE_MAX * INT64_C(1000000000),
		     ev, why);
}

bool field_price_exact(struct str s, unsigned column, struct event_row *ev,
		       struct reject *why)
{
	size_t dot = str_chr(s, '.');
	bool up = false;

	ev->rounded = dot != SIZE_MAX && s.len > dot + 1 + NUM_SCALE_MAX;
	if (ev->rounded) {
		/* All of it must be digits; the first one left out rounds. */
		if (!all_digits(str_span(s.ptr + dot + 1, s.len - dot - 1)))
			return refuse(why, REJECT_PRICE, column, s);
		up = s.ptr[dot + 1 + NUM_SCALE_MAX] >= '5';
		s.len = dot + 1 + NUM_SCALE_MAX;
	}
	if (!price((struct field){s, column}, NUM_SCALE_MAX, INT64_MAX - 1, ev, why))
		return false;
	ev->price.units += up;
	return true;
}

int64_t event_clock(const struct event_row *ev)
{
	size_t hint = 0;

	return ev->wall || !ev->zone ? ev->time
		: ev->time + zone_offset(ev->zone, ev->time, &hint);
}

bool known_time_of(struct known_row known, unsigned column, int64_t *ms, bool *wall)
{
	const struct parquet_known *k = &known.at[column];

	if ((k->kind != PARQUET_INSTANT_AT && k->kind != PARQUET_WALL_AT) ||
	    k->x[known.row] == PARQUET_UNKNOWN)
		return false;
	*ms = k->x[known.row];
	*wall = k->kind == PARQUET_WALL_AT;
	return true;
}

bool known_decimal_of(struct known_row known, unsigned column, struct decimal *d)
{
	const struct parquet_known *k = &known.at[column];
	int64_t x;

	if (k->kind != PARQUET_HUNDREDTHS)
		return false;
	x = k->x[known.row];
	if (x == PARQUET_UNKNOWN)
		return false;
	*d = (struct decimal){x, 2};
	for (; d->scale && d->units % 10 == 0; d->scale--)
		d->units /= 10;
	return true;
}

bool field_time(struct str s, unsigned column, struct event_row *ev, struct reject *why)
{
	if (known_time(ev, column, &ev->time, &ev->wall))
		return true;
	ev->wall = time_is_wall(s);
	return time_parse(s, &ev->time) || refuse(why, REJECT_TIME, column, s);
}
