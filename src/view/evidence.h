/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence: what the four counts of a pair say, as a sentence. */
#ifndef VIEW_EVIDENCE_H
#define VIEW_EVIDENCE_H

#include "base/str.h"
#include "stats/assoc.h"
#include "stats/choice.h"

/* What two products are called. */
struct named_pair {
	struct str from, to;
};
/*
 * "153 of the 775 baskets with Ohlsson also hold Vanessa: 19.7%. By chance it would be 5.3
 * (0.7%): 29 times as often, at least 25 times." Where the interval of lift has 1 in it, it is
 * said that chance would do.
 */
void evidence_words(struct strbuf *b, enum relation r, const struct assoc_counts *c,
		    struct named_pair names);
/* "153 of its 775 baskets have both: 19.7%; by chance 5.3: 29 times, at least 25": the same
 * where there is little room. */
void evidence_brief(struct strbuf *b, enum relation r, const struct assoc_counts *c);
/* What a relation counts in: "baskets". */
const char *evidence_unit(enum relation r);
/* "84 sessions saw both and bought: 48 only Ohlsson, 22 only Vanessa, 14 both." or nothing. */
void evidence_choice(struct strbuf *b, const struct choice *c, struct str from, struct str to);
/* 0.31, 3.9, 29, 1,204: two digits, or all before the point. */
void evidence_times(struct strbuf *b, double x);
/* 19.7%, 0.7%, 0.004%: a share as few digits tell it. */
void evidence_share(struct strbuf *b, double x);

#endif
