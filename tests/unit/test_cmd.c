/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/nearest.h"
#include "cmd/cmd.h"

#include "unit.h"

static bool parse(const char *const *argv, const struct command **c, struct args **a,
		  struct err *err)
{
	int n = 0;
	while (argv[n])
		n++;
	memset(err, 0, sizeof *err);
	return cmd_parse(n, argv, c, a, err);
}

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static void refused(const char *const *argv, const char *text)
{
	const struct command *c;
	struct args *a;
	struct err err;
	assert_false(parse(argv, &c, &a, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, text);
}

static void options_and_operands(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err;
	assert_true(parse(ARGV("-q", "show", "pairs", "-n", "5", "--sort=n:asc", "S", "-f",
			       "tsv", "--offset", "7"), &c, &a, &err));
	assert_string_equal(c->name, "show");
	assert_int_equal(args_operands(a), 2);
	assert_string_equal(args_operand(a, 0).ptr, "pairs");
	assert_string_equal(args_operand(a, 1).ptr, "S");
	assert_int_equal(args_count(a, OPT_ID_LIMIT), 5);
	assert_int_equal(args_count(a, OPT_ID_OFFSET), 7);
	assert_string_equal(args_text(a, OPT_ID_SORT).ptr, "n:asc");
	assert_string_equal(args_text(a, OPT_ID_FORMAT).ptr, "tsv");
	assert_true(args_flag(a, OPT_ID_QUIET));
	assert_false(args_given(a, OPT_ID_BASKETS));
	assert_string_equal(args_text(a, OPT_ID_METRIC).ptr, "cosine");
}

static void dashes_end_options(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err;
	assert_true(parse(ARGV("show", "--", "-n", "--sort"), &c, &a, &err));
	assert_string_equal(args_operand(a, 0).ptr, "-n");
	assert_string_equal(args_operand(a, 1).ptr, "--sort");
}

static void no_words_is_help(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err = {0};
	assert_true(cmd_parse(0, NULL, &c, &a, &err));
	assert_string_equal(c->name, "help");
	assert_int_equal(args_operands(a), 0);
}

static void a_store_is_explored(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err;
	assert_true(parse(ARGV("my.aisle"), &c, &a, &err));
	assert_string_equal(c->name, "explore");
	assert_string_equal(args_operand(a, 0).ptr, "my.aisle");
}

static void help_of_a_command(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err;
	assert_true(parse(ARGV("import", "--help"), &c, &a, &err));
	assert_string_equal(c->name, "help");
	assert_string_equal(args_operand(a, 0).ptr, "import");
}

static void refusals_name_the_word(void **state)
{
	refused(ARGV("shw"), "'shw' is no command of aisle: did you mean show?");
	refused(ARGV("frobnicate"), "'frobnicate' is no command of aisle: see aisle help");
	refused(ARGV("show", "--limti", "5", "a", "b"),
		"show has no option --limti: did you mean --limit?");
	refused(ARGV("show", "-Z", "a", "b"), "show has no option -Z: see aisle help show");
	refused(ARGV("--nonsense"), "aisle has no option --nonsense: see aisle help");
	refused(ARGV("--versio"), "aisle has no option --versio: did you mean --version?");
	refused(ARGV("-z"), "aisle has no option -z: see aisle help");
	refused(ARGV("show", "a", "b", "--limit"), "--limit needs a value: N");
	refused(ARGV("show", "a", "b", "--limit=x"),
		"--limit takes a whole number from 0 to 1000000000000000, not "
		"'x'");
	refused(ARGV("show", "a", "b", "--level", "9"),
		"--level takes a whole number from 0 to 7, not '9'");
	refused(ARGV("show", "a", "b", "--quiet=1"), "--quiet takes no value");
	refused(ARGV("show", "a", "b", "--format", "cvs"),
		"--format takes text, chart, words, tsv, csv, json, jsonl, not 'cvs': did "
		"you mean csv?");
	refused(ARGV("show", "a"), "show needs more operands: aisle show VIEW STORE");
	refused(ARGV("show", "a", "b", "c"),
		"'c' is one operand too many: aisle show VIEW STORE");
	refused(ARGV("import", "d", "f", "--max-rejects", "110%"),
		"--max-rejects takes a share (0.1 or 10%) from 0 to 1, not '110%'");
	refused(ARGV("quit"), "quit works in aisle shell and on the explorer's : line");
	refused(ARGV("import", "d", "f", "--into="), "--into has an empty value");
}

static void shares_in_two_forms(void **state)
{
	const struct command *c;
	struct err err;
	const char *const forms[] = {"0.25", "25%"};
	for (unsigned i = 0; i < 2; i++) {
		SCOPED(args) a = NULL;
		assert_true(parse(ARGV("import", "d", "f", "--max-rejects", forms[i]), &c, &a,
				  &err));
		assert_true(args_real(a, OPT_ID_MAX_REJECTS) == 0.25);
	}
}

static void one_name_two_options(void **state)
{
	const struct command *c;
	struct err err;
	SCOPED(args) a = NULL;
	SCOPED(args) b = NULL;
	assert_true(parse(ARGV("import", "d", "f", "--products", "p.csv"), &c, &a, &err));
	assert_string_equal(args_text(a, OPT_ID_PRODUCTS_FILE).ptr, "p.csv");
	assert_true(parse(ARGV("generate", "--products", "70"), &c, &b, &err));
	assert_int_equal(args_count(b, OPT_ID_PRODUCTS), 70);
}

static void typed_lines(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err = {0};
	assert_true(cmd_parse_line(STR("  show 'pro'duct --product \"a \\\" b\" -n 3"),
				   "x.aisle", &c, &a, &err));
	assert_string_equal(args_operand(a, 0).ptr, "product");
	assert_string_equal(args_operand(a, 1).ptr, "x.aisle");
	assert_string_equal(args_text(a, OPT_ID_PRODUCT).ptr, "a \" b");
}

static void line_refusals(void **state)
{
	const struct {
		const char *line, *text;
	} cases[] = {
		{"show 'pro", "the quote at column 6 is not closed"},
		{"  shw", "column 3: 'shw' is no command here: did you mean show?"},
		{"", "the line is empty: see help"},
		{"verify", "column 1: 'verify' is no command here: see help"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct command *c;
		struct args *a;
		struct err err = {0};
		assert_false(cmd_parse_line(str_from(cases[i].line), "s", &c, &a, &err));
		assert_string_equal(err.text, cases[i].text);
	}
}

static void settings_yield_to_options(void **state)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct err err = {0};
	assert_true(cmd_parse_line(STR("show pairs -f csv"), "s", &c, &a, &err));
	args_default(a, OPT_ID_FORMAT, STR("json"));
	args_default(a, OPT_ID_LIMIT, STR("9"));
	args_default(a, OPT_ID_SEED, STR("9"));
	assert_string_equal(args_text(a, OPT_ID_FORMAT).ptr, "csv");
	assert_int_equal(args_count(a, OPT_ID_LIMIT), 9);
	assert_int_equal(args_count(a, OPT_ID_SEED), 1);
}

static void collect(void *ctx, struct str word)
{
	struct strbuf *b = ctx;
	strbuf_addf(b, "%s%.*s", b->len ? " " : "", STR_ARG(word));
}

static void completes(void **state)
{
	const struct {
		const char *line;
		size_t start;
		const char *words;
	} cases[] = {
		{"sh", 0, "show"},
		{"show pa", 5, "pairs"},
		{"show products --so", 14, "--sort"},
		{"show pairs --relation co-", 22, "co-view co-cart co-purchase"},
		{"show pairs --relation=co-v", 22, "co-view"},
		{"show pairs --color=al", 19, "always"},
		{"show -n 3 ca", 10, "categories"},
		/* what the view or the export takes, once it stands there */
		{"show --me", 5, "--metric"},
		{"show near --me", 10, "--metric"},
		{"show -n 3 transitions --me", 22, ""},
		{"show transitions --l", 17, "--level --limit"},
		{"show nosuch --me", 12, "--metric"},
		{"export pairs --re", 13, "--relation"},
		{"export users --re", 13, ""},
		{"set same", 4, "same-category"},
		{"set baskets ", 12, "all multi"},
		{"help prod", 5, "products product product2vec"},
		{"nonsense ", 9, ""},
		{"show\npa", 5, "pairs"},
		{"help pro\\d", 5, "products product product2vec"},
		{"set\\ ", 0, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cmd_env env = {0};
		STRBUF(b);
		size_t start = 99;
		cmd_complete(&env, str_from(cases[i].line), strlen(cases[i].line), &start,
			     collect, &b);
		assert_string_equal(strbuf_c(&b), cases[i].words);
		assert_int_equal(start, cases[i].start);
	}
}

static void nearest_words(void **state)
{
	const struct {
		const char *word, *candidate;
		bool near;
	} cases[] = {
		{"shwo", "show", true}, {"SHOW", "show", true}, {"abc", "xyz", false},
		{"tansitions", "transitions", true}, {"ab", "abc", true}, {"a", "b", false},
		{"electronics.smartphon", "electronics.smartphone", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct nearest n;
		nearest_init(&n, str_from(cases[i].word));
		nearest_try(&n, str_from(cases[i].candidate));
		assert_int_equal(n.best.len > 0, cases[i].near);
	}
}

UNIT_TESTS(cmd, UNIT(options_and_operands), UNIT(dashes_end_options),
	   UNIT(no_words_is_help), UNIT(a_store_is_explored), UNIT(help_of_a_command),
	   UNIT(refusals_name_the_word), UNIT(shares_in_two_forms),
	   UNIT(one_name_two_options), UNIT(typed_lines), UNIT(line_refusals),
	   UNIT(settings_yield_to_options), UNIT(completes), UNIT(nearest_words))
