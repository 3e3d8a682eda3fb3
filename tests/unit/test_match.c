/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts found as people type them. */
#include "config.h"

#include "base/match.h"
#include "unit.h"

static bool found(const char *typed, const char *text)
{
	MATCH(m);
	STRBUF(scratch);

	match_words(&m, str_from(typed));
	return match_found(&m, str_from(text), &scratch);
}

static void accents(void **state)
{
	static const struct {
		const char *typed, *text;
		bool found;
	} cases[] = {
		{"creme", "Crème brûlée", true}, {"crème", "CRÈME", true},
		{"crème", "Creme", false}, {"crème", "Cre\xcc\x80me", true},
		{"cre\xcc\x80me", "Crème", true}, {"brulee", "bru\xcc\x82le\xcc\x81""e", true},
		{"oland", "Øland", true}, {"øland", "Øland", true}, {"øland", "Oland", false},
		{"lodz", "Łódź", true}, {"strasse", "Straße", true}, {"STRASSE", "straße", true},
		{"straße", "Strasse", false}, {"straße", "STRAẞE", true},
		{"aero", "Ærø", true}, {"Istanbul", "İstanbul", true},
		{"fi", "ﬁne", true}, {"москва", "МОСКВА", true}, {"москва", "Moskva", false},
		{"й", "И\xcc\x86", true}, {"и", "Й", true}, {"", "anything", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (found(cases[i].typed, cases[i].text) != cases[i].found)
			fail_msg("%s in %s", cases[i].typed, cases[i].text);
}

static void words(void **state)
{
	MATCH(m);
	STRBUF(scratch);

	(void)state;
	assert_true(found("tea green", "Green jasmine TEA"));
	assert_true(found("  tea   green ", "Green tea"));
	assert_false(found("tea red", "Green tea"));
	match_phrase(&m, STR("tea green"));
	assert_false(match_found(&m, STR("Green tea"), &scratch));
	assert_true(match_found(&m, STR("a Tea green"), &scratch));
	/* More words than there are places: the last one takes the rest. */
	assert_true(found("a b c d e f g h i", "a b c d e f g h i"));
	assert_false(found("a b c d e f g i h", "a b c d e f g h i"));
}

static void places(void **state)
{
	struct str text = STR("Café cafe\xcc\x81 CAFE");
	static const size_t at[][2] = {{0, 5}, {6, 12}, {13, 17}};
	size_t from = 0, end;
	MATCH(m);

	(void)state;
	match_words(&m, STR("cafe"));
	for (size_t i = 0; i < 3; i++) {
		assert_true(match_next(&m, text, &from, &end));
		assert_int_equal(from, at[i][0]);
		assert_int_equal(end, at[i][1]);
		from = end;
	}
	assert_false(match_next(&m, text, &from, &end));
	assert_true(match_equal(STR("cafe"), STR("CAFÉ")));
	assert_false(match_equal(STR("café"), STR("CAFE")));
	assert_false(match_equal(STR("caf"), STR("CAFE")));
}

UNIT_TESTS(match, UNIT(accents), UNIT(words), UNIT(places))
