/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields, dates and numbers as the writers of data sets put them. */
#include "config.h"

#include "data/write.h"

#include "base/num.h"
#include "base/quote.h"
#include "base/time.h"

static char *put(char *p, unsigned value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		p[i] = (char)('0' + value % 10);
	return p + digits;
}

void write_time(struct strbuf *out, int64_t ms)
{
	char text[] = "0000-00-00 00:00:00 UTC";
	unsigned month, day, second;
	int year;

	time_civil(ms, &year, &month, &day);
	second = (unsigned)(((ms % TIME_DAY + TIME_DAY) % TIME_DAY) / 1000);
	put(text, (unsigned)year, 4);
	put(text + 5, month, 2);
	put(text + 8, day, 2);
	put(text + 11, second / 3600, 2);
	put(text + 14, second / 60 % 60, 2);
	put(text + 17, second % 60, 2);
	strbuf_add(out, str_span(text, sizeof text - 1));
}

void write_number(struct strbuf *out, uint64_t n, unsigned digits)
{
	char text[20];
	unsigned at = sizeof text;

	while (n > 0 || (sizeof text - at < digits && at > 0) || at == sizeof text) {
		text[--at] = (char)('0' + n % 10);
		n /= 10;
	}
	strbuf_add(out, str_span(text + at, sizeof text - at));
}

void write_date(struct strbuf *out, int64_t ms)
{
	char text[] = "0000-00-00";
	unsigned month, day;
	int year;

	time_civil(ms, &year, &month, &day);
	put(text, (unsigned)year, 4);
	put(text + 5, month, 2);
	put(text + 8, day, 2);
	strbuf_add(out, str_span(text, sizeof text - 1));
}

void write_hex(struct strbuf *out, struct str s, unsigned digits)
{
	char text[16];

	for (unsigned i = 0; i < digits; i += sizeof text) {
		uint64_t x = str_hash(s, i);

		for (unsigned k = 0; k < sizeof text; k++)
			text[k] = "0123456789abcdef"[x >> (60 - 4 * k) & 15];
		strbuf_add(out, str_span(text, sizeof text));
	}
}

void write_names(struct strbuf *out, const char *const *names, unsigned n,
		 char separator)
{
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_addc(out, separator);
		quote_csv(out, str_from(names[i]), separator);
	}
	strbuf_addc(out, '\n');
}

void write_field(struct strbuf *out, struct str s)
{
	strbuf_addc(out, ',');
	quote_csv(out, s, ',');
}

void write_price(struct strbuf *out, const struct event_row *ev)
{
	strbuf_addc(out, ',');
	if (ev->has_price)
		num_add_decimal(out, ev->price.units, ev->price.scale, false);
}
