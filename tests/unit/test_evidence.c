/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "view/evidence.h"

#include "unit.h"

static void words_are(enum relation r, struct assoc_counts c, const char *expected)
{
	STRBUF(b);

	evidence_words(&b, r, &c, (struct named_pair){STR("Ohlsson"), STR("Vanessa")});
	assert_string_equal(strbuf_c(&b), expected);
}

static void test_words(void **state)
{
	(void)state;
	words_are(REL_CO_PURCHASE, (struct assoc_counts){153, 775, 526, 77143},
		  "153 of the 775 baskets with Ohlsson also hold Vanessa: 19.7%. "
		  "By chance it would be 5.3 (0.7%): 29 times as often, at least 25 times.");
	/* Once may be chance, and rarer than chance is said to be so. */
	words_are(REL_CO_VIEW, (struct assoc_counts){1, 24, 16, 240},
		  "1 of the 24 sessions that looked at Ohlsson looked at Vanessa too: 4.2%. "
		  "By chance it would be 1.6 (6.7%): 0.62 times as often, but 0.11 to 3.0 "
		  "would fit as well: it may be chance.");
	words_are(REL_CO_CART, (struct assoc_counts){20, 400, 300, 1000},
		  "20 of the 400 carts with Ohlsson also hold Vanessa: 5.0%. By chance it "
		  "would be 120 (30.0%): 0.17 times as often, at most 0.25 times: less than "
		  "by chance.");
	/* No second event: nothing to compare with. */
	words_are(REL_VIEW_PURCHASE, (struct assoc_counts){3, 10, 0, 50},
		  "3 of the 10 sessions that looked at Ohlsson bought Vanessa later: 30.0%.");
	words_are(RELATIONS, (struct assoc_counts){3, 10, 5, 50}, "");
}

static void test_choice(void **state)
{
	const struct choice c = {48, 22, 14}, none = {0, 0, 0};
	STRBUF(b);

	(void)state;
	evidence_choice(&b, &none, STR("A"), STR("B"));
	assert_int_equal(b.len, 0);
	evidence_choice(&b, &c, STR("A"), STR("B"));
	assert_string_equal(strbuf_c(&b),
			    "84 sessions saw both and bought: 48 only A, 22 only B, 14 both.");
}

UNIT_TESTS(evidence, UNIT(test_words), UNIT(test_choice))
