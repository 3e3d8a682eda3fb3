/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the explorer that need no terminal. */
#include "config.h"

#include "base/rng.h"
#include "tui/input.h"
#include "tui/keys.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/pace.h"
#include "tui/pen.h"
#include "../unit/unit.h"

static bool overlap(struct rect a, struct rect b)
{
	return rect_shown(a) && rect_shown(b) && a.x < b.x + b.w && b.x < a.x + a.w &&
	       a.y < b.y + b.h && b.y < a.y + a.h;
}

/* At any size: inside the screen, no overlap, the focused pane is there. */
static void layout_holds(void **state)
{
	for (int rows = 1; rows < 90; rows += 1)
		for (int cols = 1; cols < 260; cols += 3)
			for (int i = 0; i < 2 * PANES; i++) {
				enum pane_id focus = (enum pane_id)(i / 2);
				/* Wider than there is room, narrower than nothing. */
				int by = (rows + cols) % 3 ? 0 : rows % 2 ? 300 : -300;
				struct layout_wish w = {focus, i % 2, rows % 3,
							(unsigned)(rows + cols) % 64, {{0}}};
				struct layout l;
				int cells = 0;

				for (int k = 0; by && k < LAYOUT_FORMS * LAYOUT_COLUMNS; k++)
					w.wider[k / LAYOUT_COLUMNS][k % LAYOUT_COLUMNS] = by;
				layout_make(&l, rows, cols, &w);
				if (l.form == LAYOUT_TOO_SMALL) {
					assert_true(rows < 8 || cols < 40);
					continue;
				}
				assert_true(rect_shown(l.pane[focus]) || focus == PANE_SELECTED);
				for (int p = 0; p < PANES; p++) {
					struct rect r = l.pane[p];

					if (!rect_shown(r))
						continue;
					assert_true(r.x >= 0 && r.x + r.w <= cols);
					assert_true(r.y >= 1 + w.chips && r.y + r.h <= rows - 2);
					assert_false(overlap(r, l.flow));
					for (int q = 0; q < p; q++)
						assert_false(overlap(r, l.pane[q]));
					cells += r.h * r.w;
				}
				/* What is hidden leaves no hole. */
				assert_int_equal(cells + l.flow.h * l.flow.w,
						 l.body.h * l.body.w);
			}
}

static void layout_forms(void **state)
{
	struct layout l;

	layout_make(&l, 24, 80, &(struct layout_wish){PANE_PRODUCTS, .zoom = false});
	assert_int_equal(l.form, LAYOUT_TWO);
	assert_false(rect_shown(l.pane[PANE_CATEGORIES]));
	assert_true(rect_shown(l.flow));
	layout_make(&l, 24, 80, &(struct layout_wish){PANE_CATEGORIES, .zoom = false});
	assert_true(rect_shown(l.pane[PANE_CATEGORIES]));
	assert_false(rect_shown(l.pane[PANE_PRODUCTS]));
	layout_make(&l, 40, 120, &(struct layout_wish){PANE_PRODUCTS, .zoom = false});
	assert_int_equal(l.form, LAYOUT_THREE);
	layout_make(&l, 60, 200, &(struct layout_wish){PANE_PRODUCTS, .zoom = false});
	assert_int_equal(l.form, LAYOUT_FOUR);
	layout_make(&l, 17, 80, &(struct layout_wish){PANE_SIMILAR, .zoom = false});
	assert_int_equal(l.form, LAYOUT_SINGLE);
	layout_make(&l, 60, 200, &(struct layout_wish){PANE_SIMILAR, .zoom = true});
	assert_int_equal(l.form, LAYOUT_SINGLE);
}

static void list_moves(void **state)
{
	struct list l = {0};

	list_set(&l, 100, 0);
	list_fit(&l, 10);
	list_move(&l, 25);
	list_fit(&l, 10);
	assert_int_equal(l.cursor, 25);
	assert_int_equal(l.top, 20);
	list_move(&l, 9);
	list_fit(&l, 10);
	assert_int_equal(l.top, 28);
	list_move(&l, -1000);
	list_fit(&l, 10);
	assert_int_equal(l.cursor, 0);
	assert_int_equal(l.top, 0);
	list_move(&l, INT64_MAX);
	assert_int_equal(l.cursor, 99);
	list_move(&l, INT64_MIN);
	assert_int_equal(l.cursor, 0);
	list_set(&l, 3, 99);
	list_fit(&l, 10);
	assert_int_equal(l.cursor, 2);
	assert_int_equal(l.top, 0);
	list_set(&l, 0, 5);
	list_fit(&l, 10);
	assert_int_equal(l.cursor, 0);
}

/* Every key of the table is known, and none means two things. */
static void keys_are_unique(void **state)
{
	uint32_t seen[256][2];
	size_t n = 0;

	for (int a = ACTION_NONE + 1; a < ACTIONS; a++) {
		struct str rest = str_from(key_table[a].keys);
		uint32_t k1, k2;

		assert_true(key_table[a].help && *key_table[a].help);
		while (keys_next(&rest, &k1, &k2)) {
			if (k1 == KEY_NONE)
				fail_msg("%s: a key has no such name", key_table[a].name);
			for (size_t i = 0; i < n; i++) {
				if (seen[i][0] != k1)
					continue;
				/* Neither the same nor the beginning of another. */
				if (seen[i][1] == k2 || !seen[i][1] || !k2)
					fail_msg("%s: a key is taken", key_table[a].name);
			}
			seen[n][0] = k1;
			seen[n++][1] = k2;
		}
	}
}

static enum action take(struct keys *k, const char *typed, uint64_t *count)
{
	enum action a = ACTION_NONE;

	for (; *typed; typed++)
		a = keys_take(k, (unsigned char)*typed, count);
	return a;
}

static void keys_count(void **state)
{
	struct keys k = {0};
	uint64_t n;

	assert_int_equal(take(&k, "12G", &n), ACTION_last);
	assert_int_equal(n, 12);
	assert_int_equal(take(&k, "gg", &n), ACTION_first);
	assert_int_equal(n, 0);
	assert_int_equal(take(&k, "30j", &n), ACTION_down);
	assert_int_equal(n, 30);
	assert_int_equal(take(&k, "g", &n), ACTION_NONE);
	assert_true(keys_pending(&k));
	assert_int_equal(take(&k, "x", &n), ACTION_NONE);
	assert_false(keys_pending(&k));
	assert_int_equal(take(&k, "j", &n), ACTION_down);
	assert_int_equal(n, 0);
	assert_int_equal(take(&k, "99999999999999999999999j", &n), ACTION_down);
	assert_int_equal(n, 1000000000);
	assert_int_equal(keys_find(KEY_IS_ALT | '3'), ACTION_pane_similar);
	assert_int_equal(keys_find(127), ACTION_back);
}

/* A reply a frame: drawing follows the link. */
static void pace_follows_replies(void **state)
{
	struct pace p;

	pace_init(&p);
	assert_true(pace_ready(&p, 0));
	pace_sent(&p, 0, 0);
	assert_false(pace_ready(&p, 0.5));
	pace_reply(&p, 0.6);
	assert_true(pace_ready(&p, 0.6));
	pace_sent(&p, 1, 0);
	assert_false(pace_ready(&p, 2.9));
	/* One that is lost is waited for once; three make it give up. */
	for (int i = 0; i < 3; i++) {
		assert_true(p.asking);
		assert_true(pace_ready(&p, p.sent + 2.01));
		pace_sent(&p, p.sent + 2.02, 0);
	}
	assert_false(p.asking);
	assert_true(pace_ready(&p, p.sent + 0.1));
}

static void pace_gives_up_on_the_mute(void **state)
{
	struct pace p;

	pace_init(&p);
	pace_sent(&p, 10, 0);
	assert_false(pace_ready(&p, 10.9));
	assert_true(pace_ready(&p, 11.1));
	assert_false(p.asking);
	pace_sent(&p, 12, 0);
	assert_false(pace_ready(&p, 12.001));
	assert_true(pace_ready(&p, 12.1));
	/* A late answer proves that it does answer. */
	pace_reply(&p, 13);
	assert_true(p.asking);
}

static void pages_go_on_by_a_third(void **state)
{
	struct list l = {.count = 100};

	list_fit(&l, 12);
	list_go(&l, 12);
	list_fit(&l, 12);
	assert_int_equal(l.top, 5);
	list_go(&l, 4);
	list_fit(&l, 12);
	assert_int_equal(l.top, 0);
	list_go(&l, 99);
	list_fit(&l, 12);
	assert_int_equal(l.top, 88);
}

static void slow_links(void **state)
{
	struct pace p;

	pace_init(&p);
	for (int i = 0; i < 3; i++) {
		assert_false(pace_slow(&p));
		pace_sent(&p, 10 + i, 500);
		pace_reply(&p, 10.5 + i);
	}
	assert_true(pace_slow(&p));
	/* A frame of 3,000 bytes takes 3 s on the slowest line: no reply is lost. */
	pace_sent(&p, 20, 3000);
	assert_false(pace_ready(&p, 25));
	pace_reply(&p, 25);
	pace_sent(&p, 26, 100);
	pace_reply(&p, 26.05);
	assert_false(pace_slow(&p));
}

static void check_pen(struct pen *p, const char *in, const char *out)
{
	STRBUF(b);

	pen_write(p, &b, str_from(in));
	assert_string_equal(strbuf_c(&b), out);
}

/* What curses writes for xterm-256color, the console and vt100. */
static void looks_take_few_bytes(void **state)
{
	struct pen p;

	pen_init(&p, true);
	/* Nothing is known: all that curses sends is sent, then the look in full. */
	check_pen(&p, "\033(B\033[m\033[Htext", "\033(B\033[H\033[mtext");
	check_pen(&p, "\033[38;5;74mbar\033[39m\033(B\033[m\033[3;9Htext",
		  "\033[38;5;74mbar\033[3;9H\033[mtext");
	/* A look that no text gets. */
	check_pen(&p, "\033[1m\033[3;20H\033(B\033[mtext", "\033[20Gtext");
	check_pen(&p, "\033(B\033[0;7mcursor", "\033[7mcursor");
	check_pen(&p, "\033[31m!\033[0;1;7m?", "\033[31m!\033[0;1;7m?");
	check_pen(&p, "\033[m\017\033[4;1H\033[1;90mx\033[39my",
		  "\033[4;1H\033[0;1;90mx\033[0;1my");
	/* What is erased takes the look that curses thinks of. */
	check_pen(&p, "\033[m\033[K", "\033[m\033[K");
	check_pen(&p, "\033[7m\r\n\033[4;2Hz", "\r\n\033[4;2H\033[7mz");
	/* After something strange the look is set in full. */
	check_pen(&p, "\033[38;2;1;2;3ma\033[mb", "\033[38;2;1;2;3m\033[0;7ma\033[mb");
	pen_forget(&p);
	check_pen(&p, "c", "\033[mc");
}

/* Text at random, shortened and read again: the same looks. */
static void a_pen_changes_no_look(void **state)
{
	static const char *const pieces[] = {
		"a", "\033[m", "\033[39m", "\033[1m", "\033[7m", "\033[38;5;200m", "\033[2m",
		"\033[31m", "\033[0;4m", "\033(B", "\033[42m", "\033[49m", "\033[22m", "\033[97m",
		"\033[27m", "\033[39;49m", "\033[5;7H",
	};
	struct rng rng;

	rng_init(&rng, 3, 0);
	for (int i = 0; i < 2000; i++) {
		struct pen plain = {0}, p = {0}, after = {0};
		STRBUF(in);
		STRBUF(out);
		STRBUF(again);

		for (int k = 0; k < 20; k++)
			strbuf_adds(&in, pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)]);
		strbuf_adds(&in, "z");
		pen_write(&p, &out, strbuf_str(&in));
		pen_write(&plain, &again, strbuf_str(&in));
		strbuf_reset(&again);
		pen_write(&after, &again, strbuf_str(&out));
		/* Reading the shortened bytes ends in the same look. */
		assert_memory_equal(&after.have, &plain.want, sizeof after.have);
	}
}

UNIT_TESTS(tui, UNIT(layout_holds), UNIT(layout_forms), UNIT(list_moves),
	   UNIT(keys_are_unique), UNIT(keys_count), UNIT(pace_follows_replies),
	   UNIT(pace_gives_up_on_the_mute), UNIT(pages_go_on_by_a_third),
	   UNIT(slow_links), UNIT(looks_take_few_bytes), UNIT(a_pen_changes_no_look))
