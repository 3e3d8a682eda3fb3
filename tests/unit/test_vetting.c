/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "vet/vetting.h"

#include <math.h>

#include "base/time.h"
#include "fixture.h"
#include "store/store.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "unit.h"

#define COMPLEMENTARY 1u

struct shop {
	char *folder;
	struct store *store;
	struct verdicts *v;
	struct rules *rules;
	struct vetting *vetting;
};

static void open_shop(struct shop *x)
{
	struct journal_place at = {NULL, "test", 0};
	struct err err = {0};

	*x = (struct shop){.folder = fixture_folder()};
	fixture_publish(x->folder, 1);
	if (!store_open(&x->store, x->folder, &err) || !verdicts_open(&x->v, &at, &err))
		fail_msg("%s", err.text);
}

static void close_shop(struct shop *x)
{
	vetting_destroy(x->vetting);
	rules_destroy(x->rules);
	verdicts_destroy(x->v);
	store_destroy(x->store);
	fixture_remove(x->folder);
}

static bool bind(struct shop *x, const char *text, struct vetting_options o, struct err *err)
{
	vetting_destroy(x->vetting);
	rules_destroy(x->rules);
	x->vetting = NULL;
	x->rules = NULL;
	return rules_parse(&x->rules, str_from(text), err) &&
	       vetting_make(&x->vetting, x->store, x->v, x->rules, &o, err);
}

/* Tiers of products 0 to 5 in the list of `product`: + boosted, . rest, - buried, x out. */
static const char *tiers(struct shop *x, uint32_t product)
{
	static char text[FIXTURE_PRODUCTS + 1];
	struct vetting_list l;
	unsigned line;

	vetting_list_begin(&l, x->vetting, COMPLEMENTARY, product);
	for (uint32_t p = 0; p < FIXTURE_PRODUCTS; p++)
		text[p] = "+.-x"[vetting_tier(&l, p, &line)];
	vetting_list_finish(&l);
	return text;
}

static void applies_rules(void **state)
{
	/* prices 29.99 4.50 4.75 12 9 1; brands Acme, Tea, Tea, -, Acme, - */
	static const struct {
		const char *rules;
		uint32_t product;
		const char *tiers;
	} cases[] = {
		{"", 0, "......"},
		{"block price<5", 0, ".xx..x"},
		{"block price<5 on similar", 0, "......"},
		{"only price<5", 0, "x..xx."},
		{"block suggestion.category != product.category", 1, "x..xxx"},
		{"block suggestion.category = product.category", 3, "...xx."},
		{"boost suggestion.brand = product.brand", 0, "+...+."},
		{"bury suggestion.brand != product.brand", 0, ".---.-"},
		{"only price in 0.5x..2x", 3, "xxx..x"},
		{"block price not in 0.5x..2x", 3, "xxx..x"},
		{"block suggestion.price >= product.price", 4, "x..xx."},
		{"block suggestion.price > product.price", 4, "x..x.."},
		{"block product.price < suggestion.price", 4, "x..x.."},
		{"block product.price >= suggestion.price", 4, ".xx.xx"},
		{"block price<5 for category=toys", 3, ".xx..x"},
		{"block price<5 for category=toys", 0, "......"},
		{"block price<5 and product.category=toys", 0, "......"},
		{"block price<5 and (category=home or brand='Acme')", 0, ".xx..."},
		{"bury price<5\nboost price<2", 0, ".--..-"},
		{"boost price<2\nbury price<5", 0, ".--..+"},
		{"boost price<10\nblock price<2", 0, ".++.+x"},
		{"block price<5 until 2026-01-01", 0, "......"},
		{"block price<5 from 2026-01-02 until 2026-01-02 # day", 0, ".xx..x"},
		{"block price<5 from 2026-01-03", 0, "......"},
		{"block label='a # b'", 0, "......"},
	};
	struct vetting_options o = {.now = 0};
	struct shop x;
	struct err err = {0};

	assert_true(time_parse(STR("2026-01-02T23:59:59Z"), &o.now));
	open_shop(&x);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (!bind(&x, cases[i].rules, o, &err))
			fail_msg("%s: %s", cases[i].rules, err.text);
		if (strcmp(tiers(&x, cases[i].product), cases[i].tiers) != 0)
			fail_msg("%s: %s, expected %s", cases[i].rules,
				 tiers(&x, cases[i].product), cases[i].tiers);
	}
	close_shop(&x);
}

static void says_what_is_wrong(void **state)
{
	static const char *const cases[][2] = {
		{"blok price<3", "line 1, column 1: 'blok', expected block"},
		{"\n\nblock price<", "line 3, column 13"},
		{"block", "line 1, column 6: the rule ends here, expected a test"},
		{"only price in 2x..1x", "column 15: '2x..1x', expected LOWx..HIGHx"},
		{"pin 100", "column 8: the rule ends here, expected at N"},
		{"pin 100 at 0", "column 12: '0', expected a place"},
		{"block price<3 at 2", "column 15: only a pin stands at a place"},
		{"block price<3 on foo", "column 18: 'foo', expected similar"},
		{"block price<3 on similar on similar", "column 26: this was said before"},
		{"block price<3 from 2026-02-30", "column 20"},
		{"block price<3 from 2026-02-03 until 2026-02-02", "ends before it begins"},
		{"block suggestion.brand = product.category", "the two fields differ"},
		{"block suggestion.brand < product.brand", "only prices are less or more"},
		{"block suggestion.brand = suggestion.brand", "both sides are the same"},
		{"block (product.price<3 or suggestion.price<2)", "a term speaks of one side"},
		{"block date>2020-01-01", "date"},
		{"block brand='Nobody'", "line 1, column 13"},
		{"block suggestion.size = product.size", "column 7: the store's products have no"},
	};
	struct vetting_options o = {.now = 0};
	struct shop x;

	open_shop(&x);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = {0};

		if (bind(&x, cases[i][0], o, &err))
			fail_msg("took %s", cases[i][0]);
		if (!strstr(err.text, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], err.text);
	}
	close_shop(&x);
}

static void decide(struct shop *x, enum decision_kind kind, enum decision_scope scope,
		   const char *a, const char *b)
{
	struct decision d = {
		.who = STR("me"), .kind = kind, .scope = scope, .panel = STR("complementary"),
		.product = str_from(a), .with = str_from(b), .score = NAN,
		.position = kind == DECISION_PIN ? 2 : 0,
	};
	struct err err = {0};

	if (!verdicts_add(x->v, (struct decisions){&d, 1}, &err))
		fail_msg("%s", err.text);
}

static void applies_verdicts(void **state)
{
	struct vetting_options o = {.now = 0};
	struct vetting_pin *pins;
	struct vetting_list l;
	struct shop x;
	struct err err = {0};
	unsigned n;

	open_shop(&x);
	decide(&x, DECISION_REJECT, SCOPE_PAIR, "100", "200");
	decide(&x, DECISION_REJECT, SCOPE_VARIANTS, "200", "101");
	decide(&x, DECISION_REJECT, SCOPE_BOTH, "201", "900");
	decide(&x, DECISION_REJECT, SCOPE_PAIR, "100", "gone");
	decide(&x, DECISION_PIN, SCOPE_PAIR, "100", "201");
	assert_true(bind(&x, "pin 900 at 1\npin brand='Acme' at 3", o, &err));
	assert_string_equal(tiers(&x, 0), "...x..");
	assert_string_equal(tiers(&x, 3), ".xx...");
	assert_string_equal(tiers(&x, 4), ".....x");
	assert_string_equal(tiers(&x, 5), "....x.");
	assert_int_equal(vetting_gone(x.vetting), 1);
	vetting_list_begin(&l, x.vetting, COMPLEMENTARY, 0);
	assert_true(l.reorders);
	pins = vetting_pins(&l, &n);
	assert_int_equal(n, 3);
	assert_true(pins[0].with == 4 && pins[0].position == 2 && pins[0].line == 0);
	assert_true(pins[1].with == 5 && pins[1].position == 1 && pins[1].line == 1);
	assert_true(vetting_fits(&l, &pins[2], 0) && !vetting_fits(&l, &pins[2], 1));
	free(pins);
	vetting_list_finish(&l);
	/* The latest holds: nowhere at all, then right in one list. */
	decide(&x, DECISION_REJECT, SCOPE_EVERYWHERE, "100", "900");
	decide(&x, DECISION_APPROVE, SCOPE_PAIR, "200", "900");
	assert_true(bind(&x, "", o, &err));
	assert_string_equal(tiers(&x, 0), "...x.x");
	assert_string_equal(tiers(&x, 3), ".xx...");
	assert_string_equal(tiers(&x, 1), ".....x");
	o.mode = VETTING_APPROVED;
	assert_true(bind(&x, "", o, &err));
	assert_string_equal(tiers(&x, 0), "xxxx.x");
	assert_string_equal(tiers(&x, 3), "xxxxx.");
	o.mode = VETTING_NONE;
	assert_true(bind(&x, "", o, &err));
	assert_string_equal(tiers(&x, 0), "......");
	close_shop(&x);
}

/* What was opened stays the latest until someone decides, sets rules or time passes. */
static void knows_the_latest(void **state)
{
	struct vetting_options o = {.now = 0}, later;
	struct shop x;
	struct journal_place at;
	struct journal *j;
	struct decision d = {
		.who = STR("me"), .kind = DECISION_REJECT, .panel = STR("similar"),
		.product = STR("100"), .with = STR("200"), .score = NAN,
	};
	struct err err = {0};

	open_shop(&x);
	at = (struct journal_place){x.folder, "test", 1};
	assert_true(vetting_open(&x.vetting, x.store, true, &o, &err));
	assert_null(x.vetting);
	verdicts_destroy(x.v);
	assert_true(verdicts_open(&x.v, &at, &err) &&
		    verdicts_add(x.v, (struct decisions){&d, 1}, &err));
	assert_true(vetting_open(&x.vetting, x.store, true, &o, &err));
	assert_true(vetting_latest(x.vetting, x.store, true, &o));
	assert_false(vetting_latest(x.vetting, x.store, false, &o));
	assert_true(journal_write(&j, &at, &err));
	assert_true(journal_set_text(j, RULES_TEXT, STR("block price<5 until 2026-01-03"), &err));
	assert_true(journal_commit(j, &err));
	journal_destroy(j);
	assert_false(vetting_latest(x.vetting, x.store, true, &o));
	vetting_destroy(x.vetting);
	assert_true(vetting_open(&x.vetting, x.store, true, &o, &err));
	later = o;
	assert_true(time_parse(STR("2026-01-03T23:59:59.999Z"), &later.now));
	assert_true(vetting_latest(x.vetting, x.store, true, &later));
	later.now++;
	assert_false(vetting_latest(x.vetting, x.store, true, &later));
	close_shop(&x);
}

UNIT_TESTS(vetting, UNIT(applies_rules), UNIT(says_what_is_wrong), UNIT(applies_verdicts),
	   UNIT(knows_the_latest))
