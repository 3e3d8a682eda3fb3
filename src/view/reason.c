/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The product of the context that speaks most for a row, what was done with it, and when. */
#include "config.h"

#include "view/reason.h"

#include <math.h>

#include "base/time.h"

static const char *const done[EVENT_KINDS] = {
	[EVENT_VIEW] = "looked at", [EVENT_CART] = "put in the cart",
	[EVENT_PURCHASE] = "bought", [EVENT_RATING] = "rated", [EVENT_REMOVE] = "taken out",
};

void reason_add_day(struct strbuf *b, const struct catalog *c, int64_t ms)
{
	static const char *const months[] = {
		"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December",
	};
	int year, last;
	unsigned month, day, other;

	time_civil(catalog_clock(c, c->last_time), &last, &month, &other);
	time_civil(catalog_clock(c, ms), &year, &month, &day);
	strbuf_addf(b, "%u %s", day, months[month - 1]);
	if (year != last)
		strbuf_addf(b, " %d", year);
}

/* ", bought twice, last on 18 September" */
static void add_done(struct strbuf *b, const struct catalog *c, const struct past *past,
		     unsigned k)
{
	unsigned times = past->times[k];

	strbuf_addf(b, "%s", past->kind[k] < EVENT_KINDS ? done[past->kind[k]] : "met");
	if (times == 2)
		strbuf_adds(b, " twice, last");
	else if (times > 2)
		strbuf_addf(b, " %u times, last", times);
	if (!c->event_time || c->caps & CAP_UNDATED)
		return;
	strbuf_adds(b, " on ");
	reason_add_day(b, c, c->last_time + 1 -
		       (int64_t)llround((double)past->age[k] * TIME_DAY));
}

static bool on_page(const struct question *q, uint32_t product)
{
	for (unsigned i = 0; i < q->n_basket; i++)
		if (q->basket[i] == product)
			return true;
	return false;
}

void reason_add(struct strbuf *b, const struct question *q, const struct past *past,
		const struct panel_row *row)
{
	const struct catalog *c = q->catalog;
	unsigned k = 0;

	if (row->best == CATALOG_NONE) {
		strbuf_adds(b, row->source == SOURCE_LATE ? "popular of late" :
			    row->source == SOURCE_PIN ? "pinned by a rule" :
			    row->source == SOURCE_WORDS ? "reads like the words" :
			    panel_source_text(row->source));
		return;
	}
	while (k < past->n && past->product[k] != row->best)
		k++;
	if (row->best == row->product) {
		strbuf_adds(b, "had before: ");
	} else {
		strbuf_adds(b, catalog_variants(c, row->best, row->product) ? "a variant of " :
			    "because of ");
		strbuf_add(b, text_at(&c->product_label, row->best));
		strbuf_adds(b, ", ");
	}
	if (k < past->n && !on_page(q, row->best))
		add_done(b, c, past, k);
	else
		strbuf_adds(b, "on this page");
}
