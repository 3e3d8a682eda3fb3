/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts under keys: what one sees, what is kept, and what a slow line must not decide. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "../unit/unit.h"

static char *store;

static int make_store(void **state)
{
	store = screen_store();
	return 0;
}

static int remove_store(void **state)
{
	screen_remove(store);
	return 0;
}

static struct screen *start(int cols, const char *argument)
{
	return screen_start(&(struct screen_options){.store = store, .cols = cols,
						     .rows = cols > 100 ? 40 : 24,
						     .argument = argument});
}

static struct verdicts *kept(void)
{
	struct journal_place at = {store, "test", 10};
	struct verdicts *v;
	struct err err;

	if (!verdicts_open(&v, &at, &err))
		fail_msg("%s", err.text);
	return v;
}

static uint64_t count(void)
{
	struct verdicts *v = kept();
	uint64_t n = verdicts_count(v);

	verdicts_destroy(v);
	return n;
}

/* Drafts among the store's rules. */
static unsigned drafts(void)
{
	struct journal_place at = {store, "test", 10};
	SCOPED(journal) j = NULL;
	struct err err = {0};
	unsigned n = 0;
	STRBUF(text);

	assert_true(journal_read(&j, &at, &err));
	assert_true(journal_text(j, RULES_TEXT, &text, &err));
	for (const char *d = strbuf_c(&text); (d = strstr(d, "# draft: ")); d++)
		n++;
	return n;
}

/* Rows of the focused pane that begin with that mark. */
static unsigned marked(struct screen *s, char mark)
{
	char at[8];
	unsigned n = 0;

	snprintf(at, sizeof at, "║%c ", mark);
	for (const char *p = screen_text(s); (p = strstr(p, at)) != NULL; p++)
		n++;
	return n;
}

/* A decision marks the row and the next one follows; undo works across runs. */
static void decides(void **state)
{
	struct screen *s = start(120, "--as=ana");
	uint64_t before = count();
	struct verdicts *v;

	screen_press(s, "\0334");
	screen_press(s, "x");
	screen_see(s, "rejected ");
	assert_int_equal(marked(s, 'R'), 1);
	screen_press(s, "a");
	assert_int_equal(marked(s, 'A'), 1);
	assert_int_equal(marked(s, 'R'), 1);
	screen_press(s, ".");
	screen_press(s, "1");
	screen_press(s, "p");
	assert_int_equal(marked(s, 'P'), 1);
	screen_press(s, "u");
	screen_see(s, "took back: pin");
	assert_int_equal(marked(s, 'P'), 0);
	screen_press(s, "\022");
	screen_see(s, "gave again: pin");
	assert_int_equal(marked(s, 'P'), 1);
	screen_stop(s);
	v = kept();
	assert_int_equal(verdicts_count(v), before + 6);
	assert_true(str_is(verdicts_at(v, before)->who, "ana"));
	assert_true(str_is(verdicts_at(v, before)->panel, "complementary"));
	assert_int_equal(verdicts_at(v, before)->rank, 1);
	assert_int_equal(verdicts_at(v, before)->kind, DECISION_REJECT);
	verdicts_destroy(v);
	s = start(80, "--as=ana");
	screen_press(s, "u");
	screen_see(s, "took back: pin");
	screen_press(s, "a");
	screen_see(s, "a decision is about a suggestion");
	screen_stop(s);
}

/* The first row that shows that text; fails where none does. */
static int row_with(struct screen *s, const char *text)
{
	for (int y = 0; y < 60; y++)
		if (strstr(screen_row(s, y), text))
			return y;
	fail_msg("no \"%s\":\n%s", text, screen_text(s));
	return -1;
}

/* A line goes through what was rejected, also under the cursor, where the terminal has one;
 * elsewhere the mark says it. Sheets that show the pair mark it too. */
static void strikes(void **state)
{
	static const char *const terms[] = {"xterm-256color", "linux"};

	for (int i = 0; i < 2; i++) {
		struct screen *s = screen_start(&(struct screen_options){
			.store = store, .cols = 120, .rows = 40, .argument = "--as=ike",
			.term = terms[i]});
		int y;

		screen_press(s, "\0334");
		screen_press(s, "x");
		y = row_with(s, "║R ");
		assert_int_equal(screen_row_has_style(s, y, "struck"), i == 0);
		screen_press(s, "gg");
		assert_int_equal(screen_row_has_style(s, y, "struck"), i == 0);
		assert_int_equal(marked(s, 'R'), 1);
		screen_press(s, "w");
		screen_see(s, ":show why");
		screen_press(s, "\t");	/* rows instead of the charts */
		screen_press(s, "/decided\r");
		screen_see(s, "reject by ike on ");
		screen_press(s, "q");
		screen_press(s, "\0332");
		screen_press(s, "=");
		screen_press(s, "\t");
		screen_see(s, "║R");
		screen_press(s, "q");
		screen_press(s, "u");
		assert_int_equal(marked(s, 'R'), 0);
		screen_stop(s);
	}
}

/* Decisions that stand, of that person. */
static unsigned standing(const char *who)
{
	struct verdicts *v = kept();
	unsigned n = 0;

	for (uint32_t pair = 0; pair < verdicts_pairs(v); pair++)
		n += verdicts_by(v, pair, str_from(who)) != NULL;
	verdicts_destroy(v);
	return n;
}

/* A range is decided by one key, reasons and undo are about all of it; what a burst of keys
 * went over without being drawn is left. */
static void decides_ranges(void **state)
{
	struct screen *s = start(120, "--as=ran");

	screen_press(s, "\0333");
	screen_press(s, "vjjj");
	assert_int_equal(marked(s, 'R'), 0);
	screen_see(s, "v");
	screen_press(s, "x");
	screen_see(s, "rejected 4 suggestions");
	assert_int_equal(standing("ran"), 4);
	assert_int_equal(marked(s, 'R'), 4);
	screen_press(s, "c");
	screen_press(s, "t");
	screen_see(s, "because: taste");
	assert_int_equal(standing("ran"), 4);
	screen_press(s, "u");
	screen_see(s, "took back: 4 decisions");
	assert_int_equal(marked(s, 'R'), 0);	/* with their reason */
	assert_int_equal(standing("ran"), 0);
	screen_press(s, "\022");
	screen_see(s, "gave again: 4 decisions");
	assert_int_equal(standing("ran"), 4);
	screen_press(s, "u");
	assert_int_equal(standing("ran"), 0);
	screen_stop(s);
	s = start(80, "--as=ran");	/* a pane of few rows */
	screen_press(s, "\0333");
	screen_press(s, "v");
	screen_press(s, "G");
	screen_press(s, "x");
	screen_see(s, "never on the screen are left");
	assert_true(standing("ran") > 1);
	screen_press(s, "u");
	assert_int_equal(standing("ran"), 0);
	screen_stop(s);
}

/* u takes back every kind of decision, and Ctrl-R gives it again, each in another run. */
static void undoes_all_kinds(void **state)
{
	static const char *const keys[] = {"a", "x", ".", "p", "3p"};
	static const char scopes[] = "234";
	const char *const as = "--as=uma";

	for (unsigned i = 0; i < 5 + 3; i++) {
		struct screen *s = start(120, as);

		screen_press(s, "\0333");
		screen_press(s, i < 5 ? keys[i] : "x");
		if (i >= 5) {
			char scope[2] = {scopes[i - 5]};

			screen_press(s, "c");
			screen_press(s, scope);
			screen_see(s, "said of: ");
		}
		assert_int_equal(standing("uma"), 1);
		screen_stop(s);
		s = start(120, as);
		screen_press(s, "u");
		assert_int_equal(standing("uma"), 0);
		screen_stop(s);
		s = start(120, as);
		screen_press(s, "\022");
		assert_int_equal(standing("uma"), 1);
		screen_press(s, "u");
		assert_int_equal(standing("uma"), 0);
		screen_press(s, "u");
		screen_see(s, "there is no decision");
		screen_stop(s);
	}
}

/* Someone else's decision shows without a key. */
static void sees_others(void **state)
{
	struct screen *s = start(120, "--as=ana"), *other = start(120, "--as=bob");

	screen_press(s, "\0333");
	screen_press(other, "\0333");
	screen_press(other, "x");
	screen_wait(s);
	assert_int_equal(marked(s, 'R'), 1);
	screen_press(other, "u");
	screen_wait(s);
	assert_int_equal(marked(s, 'R'), 0);
	screen_stop(other);
	screen_stop(s);
}

static void set_rules(const char *text)
{
	struct journal_place at = {store, "test", 10};
	struct journal *j;
	struct err err;

	if (!journal_write(&j, &at, &err) ||
	    !journal_set_text(j, RULES_TEXT, str_from(text), &err) || !journal_commit(j, &err))
		fail_msg("%s", err.text);
	journal_destroy(j);
}

/* Rules that are set elsewhere show by themselves, to those who have decided too. */
static void sees_rules(void **state)
{
	struct screen *s = start(120, "--as=ana");

	screen_press(s, "\0333");
	screen_press(s, "x");
	assert_int_equal(marked(s, 'R'), 1);
	set_rules("block price>=0 on similar");
	screen_wait(s);
	assert_int_equal(marked(s, 'R'), 0);
	set_rules("");
	screen_wait(s);
	assert_int_equal(marked(s, 'R'), 1);
	screen_press(s, "u");
	assert_int_equal(marked(s, 'R'), 0);
	screen_stop(s);
}

/* Keys that come in one piece decide the row that was seen, and no other. */
static void decides_nothing_unseen(void **state)
{
	struct screen *s = start(80, NULL);
	uint64_t before = count();

	screen_press(s, "\0333");
	screen_press(s, "aaaaaaaa");
	screen_see(s, "nothing was decided");
	screen_stop(s);
	assert_int_equal(count(), before + 1);
}

/* A kiosk's decisions go with it; who may only read decides nothing. */
static void may_not_decide(void **state)
{
	struct screen *s = start(80, "--kiosk");
	uint64_t before = count();

	screen_press(s, "\0333");
	screen_press(s, "x");
	screen_see(s, "rejected, in this kiosk: ");
	screen_see(s, "; u takes it back, c says why");
	assert_int_equal(marked(s, 'R'), 1);
	screen_press(s, "a");
	screen_press(s, "u");
	screen_see(s, "took back: approve");
	assert_int_equal(marked(s, 'R'), 1);
	screen_stop(s);
	s = start(120, "--kiosk");
	screen_press(s, "\0333");
	assert_int_equal(marked(s, 'R'), 0);
	screen_press(s, "u");
	screen_see(s, "there is no decision");
	screen_stop(s);
	s = start(80, "--read-only");
	screen_press(s, "\0333");
	screen_press(s, "a");
	screen_see(s, "opened read-only");
	screen_stop(s);
	assert_int_equal(count(), before);
}

/* Twenty products with ten places each: a key a decision. */
static void keys_per_decision(void **state)
{
	struct screen *s = start(120, "--as=eve");
	uint64_t before = count(), decided;
	unsigned keys = 1;

	screen_press(s, "\0334");
	for (unsigned product = 0; product < 20; product++) {
		for (unsigned place = 0; place < 10; place++, keys++)
			screen_press(s, place % 3 ? "a" : "x");
	}
	screen_stop(s);
	decided = count() - before;
	print_message("# %u keys for %u decisions\n", keys, (unsigned)decided);
	assert_true(decided >= 190);
	assert_true(keys <= 1.2 * (double)decided);
}

/* What stands in the boxes after a rejection with a reason; Tab goes to the products, among
 * which the same keys move; small and large screens. */
static void review_boxes(void)
{
	struct screen *s = start(120, "--as=zoe");

	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_press(s, "x");
	screen_press(s, "c");
	screen_press(s, "s");
	screen_see(s, "block suggestion.category = product.category on complementary");
	screen_see(s, "list, ");
	screen_see(s, "would touch ");
	screen_see(s, "hits on held-out baskets ");
	screen_golden(s, "queue-rejected-120x40", true);
	screen_press(s, "y");
	screen_see(s, "kept as a draft");
	screen_press(s, "y");
	screen_see(s, "Copy");
	screen_press(s, "\033");
	screen_press(s, "u");
	screen_see(s, "4 Just taken back: rejected");
	screen_press(s, "\022");
	screen_see(s, "4 Just given again: rejected");
	screen_press(s, "\t");
	screen_press(s, "j");
	screen_golden(s, "queue-next-120x40", false);
	screen_press(s, "\t");
	screen_press(s, "vj");
	screen_press(s, "x");
	screen_see(s, "rejected 2 suggestions");
	screen_press(s, "z");
	screen_see(s, "queue, row ");
	screen_press(s, "q");
	screen_press(s, "u");
	screen_press(s, "w");
	screen_see(s, ":show why");
	screen_stop(s);
	s = start(80, "--as=zoe");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_golden(s, "queue-80x24", false);
	screen_resize(s, 60, 200);
	screen_golden(s, "queue-200x60", false);
	screen_stop(s);
}

/* The queue goes on by itself, from product to product; keys a decision, and its screen. */
static void reviews(void **state)
{
	char *shared = store;
	struct screen *s;
	uint64_t decided;
	unsigned keys = 1;

	store = screen_store();
	s = start(120, "--as=zoe");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_golden(s, "queue-120x40", false);
	for (unsigned i = 0; i < 200; i++, keys++)
		screen_press(s, i % 3 ? "a" : "x");
	screen_see(s, "approved ");
	screen_stop(s);
	decided = count();
	review_boxes();
	screen_remove(store);
	store = shared;
	print_message("# %u keys for %u decisions in the queue\n", keys, (unsigned)decided);
	assert_true(keys <= 1.2 * (double)decided);
}

/* What models say of a place stands in its doubt, as in their own lists. */
static void asks_models(void **state)
{
	char *shared = store;
	struct screen *s;

	store = screen_store();
	screen_run((const char *[]){"train", "itemknn", store, "-q", NULL});
	s = start(120, "--as=liz");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_see(s, "; itemknn ");
	screen_stop(s);
	screen_remove(store);
	store = shared;
}

/* Where someone was cut off the queue begins the next time. */
static void resumes(void **state)
{
	struct screen *s = start(120, "--as=max");
	char first[200];

	screen_press(s, "X");
	screen_wait_text(s, "places open");
	for (unsigned i = 0; i < 13; i++)
		screen_press(s, ".");
	snprintf(first, sizeof first, "%.30s", screen_row(s, 14));
	screen_hang_up(s);
	screen_stop(s);
	s = start(120, "--as=max");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_see(s, "7 of 10 open");
	screen_stop(s);
}

/* c says why and of what, of the decision just made; the log keeps both. */
static void says_why(void **state)
{
	struct screen *s = start(120, "--as=kim");
	uint64_t before = count();
	struct verdicts *v;

	screen_press(s, "\0334");
	screen_press(s, "c");
	screen_see(s, "nothing was decided just now");
	screen_press(s, "x");
	screen_press(s, "c");
	screen_see(s, "Why, and of what");
	screen_press(s, "s");
	screen_see(s, "because: substitute");
	screen_press(s, "c");
	screen_press(s, "2");
	screen_see(s, "said of: the pair both ways");
	screen_press(s, "c");
	screen_press(s, "w");
	screen_type(s, "too near");
	screen_press(s, "\r");
	screen_see(s, "because: too near");
	screen_stop(s);
	v = kept();
	assert_int_equal(verdicts_count(v), before + 4);
	assert_true(str_is(verdicts_at(v, before + 1)->reason, "substitute"));
	assert_int_equal(verdicts_at(v, before + 3)->scope, SCOPE_BOTH);
	assert_true(str_is(verdicts_at(v, before + 3)->reason, "too near"));
	assert_int_equal(verdicts_at(v, before + 3)->kind, DECISION_REJECT);
	verdicts_destroy(v);
}

/* The last of so many records gives the first again, with that reason. */
static void because(const char *reason, uint64_t records)
{
	struct verdicts *v = kept();
	const struct decision *d;

	assert_int_equal(verdicts_count(v), records);
	d = verdicts_at(v, records - 1);
	assert_true(str_is(d->reason, reason));
	assert_int_equal(d->of, 1);
	verdicts_destroy(v);
}

/* A reason goes with its decision in one press, and comes again with it; the log has all. */
static void undoes_reasons(void **state)
{
	struct screen *s = start(120, "--as=ren");
	uint64_t before = count();

	screen_press(s, "\0333");
	screen_press(s, "a");
	screen_press(s, "x");
	screen_press(s, "c");
	screen_press(s, "s");
	screen_press(s, "c");
	screen_press(s, "2");
	assert_int_equal(count(), before + 4);
	screen_press(s, "u");
	screen_see(s, "took back: reject");
	assert_int_equal(standing("ren"), 1);
	assert_int_equal(marked(s, 'R'), 0);
	assert_int_equal(count(), before + 7);
	screen_press(s, "\022");
	screen_see(s, "gave again: reject");
	assert_int_equal(standing("ren"), 2);
	assert_int_equal(marked(s, 'R'), 1);
	screen_stop(s);
	s = start(120, "--as=ren");	/* in another run too */
	screen_press(s, "u");
	screen_see(s, "took back: reject");
	screen_press(s, "u");
	screen_see(s, "took back: approve");
	assert_int_equal(standing("ren"), 0);
	screen_stop(s);
}

/* c and y of the review screen are about the decision that its box names: one that was given
 * again, one of an earlier run; not somebody else's, and where they do nothing it doesn't offer
 * them. */
static void reviews_what_it_names(void **state)
{
	char *shared = store;
	struct screen *s;

	store = screen_store();
	s = start(120, "--as=zoe");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_press(s, "x");
	screen_press(s, "u");
	screen_see(s, "4 Just taken back: rejected");
	assert_null(strstr(screen_text(s), "c, then a reason"));
	screen_press(s, "c");
	screen_see(s, "nothing was decided just now");
	screen_press(s, "\022");
	screen_see(s, "4 Just given again: rejected");
	screen_see(s, "c, then a reason");
	screen_press(s, "c");
	screen_press(s, "t");
	screen_see(s, "because: taste");
	because("taste", 4);
	screen_stop(s);
	s = start(120, "--as=zoe");
	screen_press(s, "\0334");
	screen_press(s, "c");	/* here nothing names it */
	screen_see(s, "nothing was decided just now");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_see(s, "4 Just decided: rejected");
	screen_press(s, "c");
	screen_press(s, "s");
	screen_see(s, "because: substitute");
	screen_see(s, "y keeps it as a draft");
	screen_stop(s);
	s = start(120, "--as=zoe");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_press(s, "y");
	screen_see(s, "kept as a draft");
	screen_see(s, "it is kept as a draft");
	screen_stop(s);
	s = start(120, "--as=zoe");
	screen_press(s, "X");
	screen_wait_text(s, "places open");
	screen_press(s, "y");
	screen_see(s, "it was kept as a draft before");
	screen_stop(s);
	assert_int_equal(drafts(), 1);
	s = start(120, "--as=tom");
	screen_press(s, ":show queue --as zoe\r");
	screen_wait_text(s, "places open");
	screen_see(s, "4 Just decided: rejected");
	assert_null(strstr(screen_text(s), "c, then a reason"));
	screen_press(s, "c");
	screen_see(s, "nothing was decided just now");
	screen_stop(s);
	screen_remove(store);
	store = shared;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reviews), UNIT(asks_models),
		UNIT(decides), UNIT(strikes), UNIT(decides_ranges),
		UNIT(undoes_all_kinds), UNIT(sees_others), UNIT(sees_rules),
		UNIT(decides_nothing_unseen),
		UNIT(may_not_decide),
		UNIT(resumes), UNIT(says_why), UNIT(undoes_reasons), UNIT(reviews_what_it_names),
		UNIT(keys_per_decision),
	};

	return cmocka_run_group_tests_name("deciding", tests, make_store, remove_store);
}
