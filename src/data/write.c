/* SPDX-License-Identifier: GPL-3.0-or-later */
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
