/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key of the table of keys is pressed, and does what one sees here. */
#include "config.h"

#include <sys/wait.h>

#include "screen.h"
#include "tui/curses.h"
#include "tui/input.h"
#include "tui/keys.h"
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

/* What is typed before, each word waited for, and what the key brings to the
 * screen; with `sent`, to the terminal. Without either the program ends. */
static const struct {
	const char *before, *see, *sent;
	int cols;	/* 0: 80 */
} expected[ACTIONS] = {
	[ACTION_down] = {"", " 2 of "},
	[ACTION_up] = {"50G", " 49 of "},
	[ACTION_left] = {"\0331 j l", "▸ kitchen"},
	[ACTION_right] = {"\0331 j", "▾ kitchen"},
	[ACTION_first] = {"G", " 1 of "},
	[ACTION_last] = {"", " 120 of 120 "},
	[ACTION_half_down] = {"", " 10 of "},
	[ACTION_half_up] = {"50G", " 41 of "},
	[ACTION_page_down] = {"", " 18 of "},
	[ACTION_page_up] = {"50G", " 33 of "},
	[ACTION_next_pane] = {"", "╔ 3 Similar"},
	[ACTION_previous_pane] = {"", "╔ 1 Categories"},
	[ACTION_pane_categories] = {"", "╔ 1 Categories"},
	[ACTION_pane_products] = {"\0333", "╔ 2 Products"},
	[ACTION_pane_similar] = {"", "╔ 3 Similar"},
	[ACTION_pane_complementary] = {"", "╔ 4 Complementary"},
	[ACTION_pane_transitions] = {"", "╔ 5 Transitions"},
	[ACTION_pane_selected] = {"", "╔ 6 Selected"},
	[ACTION_narrower] = {"", " 2 Products ═════════ 1 of"},
	[ACTION_wider] = {"", " 2 Products ═════════════ 1 of"},
	[ACTION_zoom] = {"", "revenue"},
	[ACTION_follow] = {"\0333", "╔ 2 Products"},
	[ACTION_back] = {"\0333 \r", "╔ 3 Similar"},
	[ACTION_forward] = {"\0333 \r [", "╔ 2 Products"},
	[ACTION_mark] = {"", "press a letter"},
	[ACTION_mark_jump] = {"", "press its letter"},
	[ACTION_filter] = {"", "\n&\n"},
	[ACTION_scope] = {"& views>50\r", "only products that the filter lets in"},
	[ACTION_codes] = {"", "every variant of a product code"},
	[ACTION_lift_order] = {"\0333", "by the lower bound of lift"},
	[ACTION_filter_edit] = {"& views>50\r", "╔ Filters"},
	[ACTION_filter_clear] = {"& views>50\r", " of 120 ═"},
	[ACTION_view_undo] = {"O", "views▼"},
	[ACTION_view_redo] = {"O U", "views▲"},
	[ACTION_find] = {"", "\n/\n"},
	[ACTION_find_next] = {"/ green \r gg", " 2 of "},
	[ACTION_find_previous] = {"/ stoneware \r j", " 2 of "},
	[ACTION_sort] = {"", "Sort by"},
	[ACTION_sort_reverse] = {"", "views▲"},
	[ACTION_similar_model] = {"", "no model is trained"},
	[ACTION_same_category] = {"", "weighed down"},
	[ACTION_level] = {"", "of level 0"},
	[ACTION_multi] = {"", "of two or more products"},
	[ACTION_transitions] = {"", ":show transitions --level"},
	[ACTION_compare] = {"", ":show compare --product"},
	[ACTION_approve] = {"\0334", "approved "},
	[ACTION_reject] = {"\0334", "rejected "},
	[ACTION_skip] = {"\0334", "skipped "},
	[ACTION_pin] = {"\0334", "pinned "},
	[ACTION_reason] = {"\0334 a", "Why, and of what"},
	[ACTION_review] = {"", "places open"},
	[ACTION_take_back] = {"\0334 a", "took back: approve"},
	[ACTION_give_again] = {"\0334 a u", "gave again: approve"},
	[ACTION_overview] = {"", ":show overview"},
	[ACTION_product] = {"", ":show product --product"},
	[ACTION_basket_add] = {"", "in the basket:"},
	[ACTION_basket] = {"b", ":show basket --product"},
	[ACTION_map] = {"", ":show map --product"},
	[ACTION_map_nearer] = {"", "no map is in front"},
	[ACTION_map_farther] = {"", "no map is in front"},
	[ACTION_map_whole] = {"", "no map is in front"},
	[ACTION_map_colour] = {"", "no map is in front"},
	[ACTION_map_turn] = {"", "no map is in front"},
	[ACTION_range] = {"", "only "},
	[ACTION_hide] = {"", "Panes: Enter hides one"},
	[ACTION_diff] = {"", ":show diff --with"},
	[ACTION_why] = {"\0333", ":show why --product 9333335"},
	[ACTION_yank] = {"", "╔ Copy"},
	[ACTION_mark_row] = {"", "1 row marked"},
	[ACTION_export] = {"", ">products.csv"},
	[ACTION_yank_command] = {"s \0334", "--product 9333335 --same-category weigh",
				 "\033]52;c;", 200},
	[ACTION_command] = {"", "\n:\n"},
	[ACTION_help] = {"", "╔ Keys"},
	[ACTION_mouse] = {"", "mouse off", "\033[?1006;1000l"},
	[ACTION_redraw] = {"", NULL, "\033[2J"},
	[ACTION_suspend] = {"", NULL, "\033[?1049l"},
	[ACTION_cancel] = {"", "nothing is running"},
	[ACTION_close] = {"?", "2 Products"},
	[ACTION_escape] = {"?", "2 Products"},
	[ACTION_quit] = {""},
};

/* The bytes that a terminal sends for a key of the table. */
static const char *bytes_of(uint32_t key, char room[8])
{
	static const struct {
		uint32_t key;
		const char *bytes;
	} named[] = {
		{KEY_BACKSPACE, "\177"}, {KEY_BTAB, "\033[Z"}, {KEY_DOWN, "\033OB"},
		{KEY_END, "\033OF"}, {KEY_F(1), "\033OP"}, {KEY_HOME, "\033OH"},
		{KEY_LEFT, "\033OD"}, {KEY_NPAGE, "\033[6~"}, {KEY_PPAGE, "\033[5~"},
		{KEY_RIGHT, "\033OC"}, {KEY_UP, "\033OA"},
	};

	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (key == (KEY_IS_CURSES | named[i].key))
			return named[i].bytes;
	assert_true((key & ~KEY_IS_ALT) < 0x80);
	snprintf(room, 8, "%s%c", key & KEY_IS_ALT ? "\033" : "", (int)(key & 0x7f));
	return room;
}

static void check_key(enum action a, uint32_t first, uint32_t second)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .cols = expected[a].cols});
	struct str rest = str_from(expected[a].before), word;
	const char *see = expected[a].see, *sent = expected[a].sent;
	const char *name = key_table[a].name;
	char room[8];
	STRBUF(keys);

	while (str_next(&rest, ' ', &word)) {
		strbuf_reset(&keys);
		strbuf_add(&keys, word);
		if (word.len)
			screen_press(s, strbuf_c(&keys));
	}
	if (see && screen_has(s, see))
		fail_msg("%s: \"%s\" was there before:\n%s", name, see, screen_text(s));
	screen_forget(s);
	strbuf_reset(&keys);
	strbuf_adds(&keys, bytes_of(first, room));
	if (second)
		strbuf_adds(&keys, bytes_of(second, room));
	if (!see && !sent) {
		screen_send(s, keys.ptr, keys.len);
		assert_int_equal(screen_end(s), 0);
	} else {
		screen_press(s, strbuf_c(&keys));
	}
	if (see && !screen_has(s, see))
		fail_msg("%s (%s): no \"%s\":\n%s", name, key_table[a].keys, see,
			 screen_text(s));
	if (sent && !memmem(screen_raw(s).ptr, screen_raw(s).len, sent, strlen(sent)))
		fail_msg("%s: its bytes weren't sent", name);
	screen_stop(s);
}

static void every_key_is_pressed(void **state)
{
	unsigned keys = 0;

	for (int a = ACTION_NONE + 1; a < ACTIONS; a++) {
		struct str rest = str_from(key_table[a].keys);
		uint32_t first, second;

		if (!expected[a].before)
			fail_msg("nothing is known of the key for %s", key_table[a].name);
		for (; keys_next(&rest, &first, &second); keys++)
			check_key((enum action)a, first, second);
	}
	print_message("# %u keys of %d actions\n", keys, ACTIONS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {UNIT(every_key_is_pressed)};

	return cmocka_run_group_tests_name("keys", tests, make_store, remove_store);
}
