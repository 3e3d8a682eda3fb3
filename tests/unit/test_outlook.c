/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be asked: the table beside the options, and outlooks. */
#include "config.h"

#include "ask/outlook.h"

#include "cmd/cmd.h"

#include "unit.h"

static void test_table(void **state)
{
	static const enum opt_id option[] = {
#define ASK(ident, ...) OPT_ID_##ident,
#define ASK_TOO(ident, ...) OPT_IDS,
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
	};

	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		const struct ask *a = &ask_table[i];

		assert_true(a->what);
		if (option[i] == OPT_IDS)
			continue;
		assert_string_equal(a->name, opt_table[option[i]].name);
		assert_int_equal(!a->value, opt_table[option[i]].type == OPT_FLAG);
		/* a repeated one must be parsed as one */
		if (a->flags & ASK_REPEATS)
			assert_int_equal(opt_table[option[i]].type, OPT_PRODUCT);
	}
}

static void test_set(void **state)
{
	OUTLOOK(o);
	OUTLOOK(p);
	STRBUF(b);

	outlook_set(&o, ASK_PRODUCT, STR("A 13"));
	outlook_add(&o, ASK_PRODUCT, STR("it's"));
	outlook_set(&o, ASK_LEVEL, STR("3"));
	outlook_add(&o, ASK_LEVEL, STR("2"));
	outlook_set(&o, ASK_SHOW_USERS, STR("1"));
	outlook_print(&o, UINT64_MAX, &b);
	assert_string_equal(strbuf_c(&b),
			    " --product 'A 13' --product 'it'\\''s' --show-users --level 2");
	assert_int_equal(outlook_count(&o, ASK_LEVEL, 9), 2);
	assert_int_equal(outlook_count(&o, ASK_CLUSTER, 9), 9);
	assert_true(str_is(outlook_text(&o, ASK_PRODUCT), "it's"));
	assert_null(outlook_text(&o, ASK_USER).ptr);

	outlook_copy(&p, &o);
	assert_true(outlook_same(&p, &o, UINT64_MAX));
	outlook_set(&p, ASK_PRODUCT, outlook_text(&p, ASK_PRODUCT));
	assert_int_equal(p.ask[ASK_PRODUCT].n, 1);
	assert_false(outlook_same(&p, &o, UINT64_MAX));
	assert_true(outlook_same(&p, &o, MAY(LEVEL) | MAY(USER)));
	outlook_set(&p, ASK_LEVEL, STR_NULL);
	assert_false(outlook_asks(&p, ASK_LEVEL));
	assert_false(outlook_same(&p, &o, MAY(LEVEL)));
}

static void test_sets(void **state)
{
	STRBUF(b);
	uint64_t asks = MUST(PRODUCT) | MAY(MODELS);

	assert_true(asks_need(asks, ASK_PRODUCT) && asks_take(asks, ASK_PRODUCT));
	assert_true(asks_take(asks, ASK_MODELS) && !asks_need(asks, ASK_MODELS));
	assert_true(asks_name(asks, "model") && !asks_name(asks, "level"));
	asks_list(asks, &b);
	assert_string_equal(strbuf_c(&b), "--product, --model");
	assert_true(asks_take(asks_flagged(ASK_UNDO), ASK_WHERE));
	assert_false(asks_take(asks_flagged(ASK_UNDO), ASK_PRODUCT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
