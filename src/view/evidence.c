/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each relation has its own words for what was counted; the rest of the sentence is the same. */
#include "config.h"

#include "view/evidence.h"

#include <math.h>

#include "base/num.h"

/* "153 of the 775 UNIT FIRST a MIDDLE b END". */
static const struct {
	const char *unit, *first, *middle, *end;
} words[RELATIONS] = {
	[REL_CO_VIEW] = {"sessions", "that looked at", "looked at", " too"},
	[REL_ADJACENT_VIEW] = {"next views", "after", "were of", ""},
	[REL_VIEW_PURCHASE] = {"sessions", "that looked at", "bought", " later"},
	[REL_CO_CART] = {"carts", "with", "also hold", ""},
	[REL_CO_PURCHASE] = {"baskets", "with", "also hold", ""},
};

const char *evidence_unit(enum relation r)
{
	return words[r].unit;
}

void evidence_times(struct strbuf *b, double x)
{
	if (x >= 9.95)
		num_add_grouped(b, llround(x));
	else if (x >= 0.995)
		strbuf_addf(b, "%.1f", x);
	else
		strbuf_addf(b, "%.2g", x);
}

void evidence_share(struct strbuf *b, double x)
{
	if (x == 0 || x >= 0.00095)
		strbuf_addf(b, "%.1f%%", 100 * x);
	else
		strbuf_addf(b, "%.1g%%", 100 * x);
}

/* How sure that is: the end of the interval that is nearer to 1. */
static void add_bound(struct strbuf *b, const struct assoc *a)
{
	if (a->lift_low > 1) {
		strbuf_adds(b, " times as often, at least ");
		evidence_times(b, a->lift_low);
		strbuf_adds(b, " times.");
	} else if (a->lift_high < 1) {
		strbuf_adds(b, " times as often, at most ");
		evidence_times(b, a->lift_high);
		strbuf_adds(b, " times: less than by chance.");
	} else {
		strbuf_adds(b, " times as often, but ");
		evidence_times(b, a->lift_low);
		strbuf_adds(b, " to ");
		evidence_times(b, a->lift_high);
		strbuf_adds(b, " would fit as well: it may be chance.");
	}
}

void evidence_words(struct strbuf *b, enum relation r, const struct assoc_counts *c,
		    struct named_pair names)
{
	double expected = (double)c->n_a * (double)c->n_b / (double)c->n_all;
	struct assoc a;

	if (!c->n_all || !c->n_a || r >= RELATIONS)
		return;
	assoc_compute(c, &a);
	num_add_grouped(b, (int64_t)c->n);
	strbuf_adds(b, " of the ");
	num_add_grouped(b, (int64_t)c->n_a);
	strbuf_addf(b, " %s %s %.*s %s %.*s%s: ", words[r].unit, words[r].first,
		    STR_ARG(names.from), words[r].middle, STR_ARG(names.to), words[r].end);
	evidence_share(b, a.confidence);
	strbuf_addc(b, '.');
	if (!c->n_b)
		return;
	strbuf_adds(b, " By chance it would be ");
	evidence_times(b, expected);
	strbuf_adds(b, " (");
	evidence_share(b, (double)c->n_b / (double)c->n_all);
	strbuf_adds(b, "): ");
	evidence_times(b, a.lift);
	add_bound(b, &a);
}

void evidence_brief(struct strbuf *b, enum relation r, const struct assoc_counts *c)
{
	struct assoc a;

	if (!c->n_all || !c->n_a || r >= RELATIONS)
		return;
	assoc_compute(c, &a);
	num_add_grouped(b, (int64_t)c->n);
	strbuf_adds(b, " of its ");
	num_add_grouped(b, (int64_t)c->n_a);
	strbuf_addf(b, " %s have both: ", words[r].unit);
	evidence_share(b, a.confidence);
	if (!c->n_b)
		return;
	strbuf_adds(b, "; by chance ");
	evidence_times(b, (double)c->n_a * (double)c->n_b / (double)c->n_all);
	strbuf_adds(b, ": ");
	evidence_times(b, a.lift);
	strbuf_adds(b, a.lift_low > 1 ? " times, at least " :
		    a.lift_high < 1 ? " times, at most " : " times, or chance: ");
	evidence_times(b, a.lift_high < 1 ? a.lift_high : a.lift_low);
	if (a.lift_low <= 1 && a.lift_high >= 1) {
		strbuf_adds(b, " to ");
		evidence_times(b, a.lift_high);
	}
}

void evidence_choice(struct strbuf *b, const struct choice *c, struct str from, struct str to)
{
	if (!choice_seen(c))
		return;
	num_add_grouped(b, (int64_t)choice_seen(c));
	strbuf_adds(b, choice_seen(c) == 1 ? " session saw both and bought: "
					   : " sessions saw both and bought: ");
	num_add_grouped(b, c->only_a);
	strbuf_addf(b, " only %.*s, ", STR_ARG(from));
	num_add_grouped(b, c->only_b);
	strbuf_addf(b, " only %.*s, ", STR_ARG(to));
	num_add_grouped(b, c->both);
	strbuf_adds(b, " both.");
}
