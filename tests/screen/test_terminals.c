/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminals of many names and locales: each one gets what it can show, and no more. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/utf8.h"
#include "screen.h"
#include "../unit/unit.h"

static char *store;

static void see(struct screen *s, const char *text)
{
	if (!screen_has(s, text))
		fail_msg("\"%s\" isn't on the screen:\n%s", text, screen_text(s));
}

static bool wrote(const struct screen *s, const char *bytes)
{
	return memmem(screen_raw(s).ptr, screen_raw(s).len, bytes, strlen(bytes)) != NULL;
}

/* --- lines instead of a screen */

static void plain_on(const char *term, const char *arguments)
{
	char script[128];
	struct screen *s;

	snprintf(script, sizeof script, "\"$AISLE\" explore \"$STORE\" %s; echo status $?",
		 arguments);
	s = screen_start(&(struct screen_options){
		.store = store, .term = term, .rows = 50, .cols = 200, .script = script});
	screen_wait_text(s, "aisle>");
	see(s, "120 products in 12 categories");
	see(s, "1 of 120. Family Black Tea");
	see(s, "similar 1: Organic Black Tea");
	screen_send(s, "next\r", 5);
	screen_wait_text(s, "2 of 120. Stoneware Mug green");
	screen_send(s, "simil\t\r", 7);	/* Tab completes */
	screen_wait_text(s, "1. ");
	screen_send(s, "ope\t 1\r", 7);
	screen_wait_text(s, "complementary 3: ");
	screen_send(s, "nonsense\r", 9);
	screen_wait_text(s, "aisle: ");
	screen_send(s, "quit\r", 5);
	screen_wait_text(s, "status 0");
	/* Nothing but text: no colour, no cursor, no title, no other screen. */
	assert_false(wrote(s, "\033"));
	assert_int_equal(screen_end(s), 0);
	assert_true(screen_modes_restored(s));
	screen_stop(s);
}

static void plain(void **state)
{
	plain_on("xterm-256color", "--plain");
	plain_on("dumb", "");
	plain_on("", "");
}

/* No one sits there: what to do instead is said. */
static void nobody_at_a_poor_terminal(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .term = "dumb", .cols = 200,
		.script = "\"$AISLE\" explore \"$STORE\" </dev/null; echo status $?"});

	screen_wait_text(s, "status 2");
	see(s, "TERM is dumb");
	see(s, "aisle show");
	screen_end(s);
	screen_stop(s);
}

/* --- the matrix */

enum ladder {
	LADDER_ASCII,
	LADDER_LINES,	/* box characters, no dots */
	LADDER_BRAILLE,
};

static bool is_braille(uint32_t c)
{
	return c >= 0x2800 && c < 0x2900;
}

static bool is_box(uint32_t c)
{
	return c >= 0x2500 && c < 0x2580;
}

/* The richest step of the ladder that is on the screen. */
static enum ladder ladder_of(struct screen *s)
{
	struct str text = str_from(screen_text(s));
	enum ladder l = LADDER_ASCII;

	for (size_t pos = 0; pos < text.len;) {
		uint32_t c = utf8_next(text, &pos);

		if (is_braille(c))
			return LADDER_BRAILLE;
		if (c >= 0x80)
			l = LADDER_LINES;
	}
	return l;
}

static bool has_box(struct screen *s)
{
	struct str text = str_from(screen_text(s));

	for (size_t pos = 0; pos < text.len;)
		if (is_box(utf8_next(text, &pos)))
			return true;
	return false;
}

/* The bytes of a CSI sequence behind ESC [, or 0 when it is none of ours. */
static size_t csi(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && strchr("0123456789;?>!", s[i]) && s[i])
		i++;
	return i < n && strchr("mHGdXJKr@PLMABCDSTbhlntp", s[i]) && s[i] ? i + 1 : 0;
}

/* The bytes of what begins at s and may be sent to a terminal; 0: it may not. */
static size_t known_bytes(const char *s, size_t n, bool ascii, bool shifts)
{
	static const char ground[] = "\033]11;?\033\\";
	size_t pos = 0, len;

	if (s[0] == '\033' && n >= 3 && s[1] == '[')
		return (len = csi(s + 2, n - 2)) ? len + 2 : 0;
	if (s[0] == '\033' && n >= 3 && (s[1] == '(' || s[1] == ')'))
		return s[2] == 'B' || s[2] == '0' ? 3 : 0;
	if (s[0] == '\033' && n >= sizeof ground - 1 && !memcmp(s, ground, sizeof ground - 1))
		return sizeof ground - 1;
	if (s[0] == '\033')
		return n >= 2 && s[1] && strchr("=>78M", s[1]) ? 2 : 0;
	if (strchr("\r\n\b\t", s[0]) && s[0])
		return 1;
	if (s[0] == '\016' || s[0] == '\017')
		return shifts;
	if ((unsigned char)s[0] < 0x20 || s[0] == 0x7f)
		return 0;
	if (!((unsigned char)s[0] & 0x80))
		return 1;
	return utf8_next(str_span(s, n), &pos) != 0xfffd && !ascii ? pos : 0;
}

static void no_foreign_bytes(const struct screen *s, const char *term, bool ascii)
{
	struct str raw = screen_raw(s);
	bool shifts = strncmp(term, "xterm", 5) != 0;

	assert_false(wrote(s, "$<"));	/* padding that no one waited for */
	for (size_t i = 0, n; i < raw.len; i += n) {
		n = known_bytes(raw.ptr + i, raw.len - i, ascii, shifts);
		if (!n)
			fail_msg("%s: byte %zu of %zu is foreign: \\x%02x", term, i, raw.len,
				 (unsigned char)raw.ptr[i]);
	}
}

static void one_of_the_matrix(const char *term, const char *locale)
{
	bool ascii = strcmp(locale, "C") == 0;
	bool console = strcmp(term, "linux") == 0;
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .term = term, .locale = locale, .rows = 40, .cols = 120});

	see(s, "Products");
	see(s, "Family Black Tea");
	see(s, "? help");
	assert_true(has_box(s) != ascii);
	screen_press(s, "j");
	see(s, " 2 of 120 ");
	screen_press(s, "I");
	screen_wait_text(s, "1,299");
	assert_int_equal(ladder_of(s), ascii ? LADDER_ASCII : console ? LADDER_LINES
							   : LADDER_BRAILLE);
	screen_send(s, "Q", 1);
	assert_int_equal(screen_end(s), 0);
	assert_true(screen_modes_restored(s));
	no_foreign_bytes(s, term, ascii);
	screen_stop(s);
}

static void lines_of_the_matrix(const char *locale)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .term = "dumb", .locale = locale, .cols = 200,
		.script = "\"$AISLE\" explore \"$STORE\"; echo status $?"});

	screen_wait_text(s, "aisle>");
	screen_send(s, "overview\rquit\r", 14);
	screen_wait_text(s, "status 0");
	see(s, "1,299 events in 240 sessions");
	assert_int_equal(screen_end(s), 0);
	assert_false(wrote(s, "\033"));
	for (size_t i = 0; i < screen_raw(s).len; i++)
		assert_false(screen_raw(s).ptr[i] & 0x80);
	screen_stop(s);
}

/* Where de_DE.UTF-8 is not installed, it is a locale that says UTF-8 all the same. */
static void matrix(void **state)
{
	static const char *const terms[] = {"xterm-256color", "xterm", "screen-256color",
					    "tmux-256color", "linux", "vt100", "xterm-kitty"};
	static const char *const locales[] = {"C", "C.UTF-8", "de_DE.UTF-8"};

	for (size_t l = 0; l < sizeof locales / sizeof *locales; l++) {
		for (size_t t = 0; t < sizeof terms / sizeof *terms; t++)
			one_of_the_matrix(terms[t], locales[l]);
		lines_of_the_matrix(locales[l]);
	}
}

/* --- repeated characters */

static bool repeats(const struct screen *s)
{
	struct str raw = screen_raw(s);

	for (size_t i = 0; i + 1 < raw.len; i++) {
		size_t k = i + 2;

		if (raw.ptr[i] != '\033' || raw.ptr[i + 1] != '[')
			continue;
		while (k < raw.len && raw.ptr[k] >= '0' && raw.ptr[k] <= '9')
			k++;
		if (k > i + 2 && k < raw.len && raw.ptr[k] == 'b')
			return true;
	}
	return false;
}

/* Wide bars come and go; where isn't drawn is what the screen's text tells. */
static bool repeats_where(const char *term, bool mute, const char *where)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 40, .cols = 120, .term = term, .mute = mute,
		.where = where});
	bool any;

	screen_forget(s);
	screen_keys(s, "jjj\t\tjjj");
	any = repeats(s);
	screen_stop(s);
	return any;
}

/* A terminal that only calls itself xterm may leave what is repeated out, or after another
 * character than it was: it is tried, and asked where its cursor is then. */
static void only_what_repeats_is_asked_to(void **state)
{
	assert_true(repeats_where("xterm-256color", false, NULL));
	assert_false(repeats_where("xterm-256color", false, "\033[2;2R"));
	assert_false(repeats_where("xterm-256color", false, "\033[2;7R"));
	assert_false(repeats_where("xterm-256color", true, NULL));
	assert_false(repeats_where("tmux-256color", false, NULL));
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(plain), UNIT(nobody_at_a_poor_terminal), UNIT(matrix),
		UNIT(only_what_repeats_is_asked_to),
	};

	return cmocka_run_group_tests_name("terminals", tests, make_store, remove_store);
}
