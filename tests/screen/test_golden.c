/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the explorer looks like, at three sizes and on poorer terminals. */
#include "config.h"

#include "base/num.h"

#include "screen.h"
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

static void golden(struct screen *s, const char *size, const char *name, bool styles)
{
	char full[128];

	snprintf(full, sizeof full, "%s-%s", size, name);
	/* Looks are the same at every size. */
	screen_golden(s, full, styles && strcmp(size, "80x24") == 0);
}

/* The main states, in the order in which a person comes by them. */
static void tour(int rows, int cols)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = rows, .cols = cols});
	char size[32];

	snprintf(size, sizeof size, "%dx%d", cols, rows);
	golden(s, size, "start", true);
	screen_press(s, "j");
	screen_press(s, "j");
	golden(s, size, "move", true);
	screen_press(s, "\033" "4");
	golden(s, size, "complementary", true);
	screen_press(s, "\r");
	golden(s, size, "follow", false);
	screen_press(s, "\177");
	golden(s, size, "back", false);
	screen_press(s, "\033" "1");
	screen_press(s, "j");
	screen_press(s, "l");
	screen_press(s, "j");
	golden(s, size, "categories", false);
	screen_press(s, "\033" "5");
	golden(s, size, "transitions", true);
	screen_press(s, "\033" "2");
	screen_press(s, "o");
	golden(s, size, "sort-menu", false);
	screen_press(s, "j");
	screen_press(s, "\r");
	golden(s, size, "sorted", false);
	screen_press(s, "/");
	screen_type(s, "green");
	golden(s, size, "find", false);
	screen_press(s, "\r");
	screen_press(s, "n");
	golden(s, size, "find-next", false);
	screen_press(s, ":");
	screen_type(s, "show sim\t");
	golden(s, size, "line", false);
	screen_press(s, "\025");
	screen_type(s, "show categories");
	screen_press(s, "\r");
	golden(s, size, "output", false);
	screen_press(s, "q");
	screen_press(s, ":");
	screen_type(s, "nonsense");
	screen_press(s, "\r");
	golden(s, size, "error", false);
	screen_press(s, "?");
	golden(s, size, "help", false);
	screen_press(s, "q");
	screen_press(s, "z");
	golden(s, size, "zoom", false);
	screen_press(s, "z");
	screen_press(s, "s");
	screen_press(s, "s");
	golden(s, size, "own-category-out", false);
	screen_send(s, "Q", 1);
	assert_int_equal(screen_end(s), 0);
	screen_stop(s);
}

static void at_80x24(void **state)
{
	tour(24, 80);
}

static void at_120x40(void **state)
{
	tour(40, 120);
}

static void at_200x60(void **state)
{
	tour(60, 200);
}

/* Starts, moves and leaves on another kind of terminal. */
static void variant(const struct screen_options *o, const char *name)
{
	struct screen *s = screen_start(o);

	screen_press(s, "j");
	screen_golden(s, name, true);
	screen_send(s, "q", 1);
	assert_int_equal(screen_end(s), 0);
	assert_true(screen_modes_restored(s));
	screen_stop(s);
}

static void c_locale(void **state)
{
	/* A TERM without the repeat sequence, whose last cell libvterm 0.1 loses. */
	variant(&(struct screen_options){
			.store = store, .locale = "C", .term = "screen-256color"}, "ascii");
}

/* A locale that is not installed but says UTF-8 is treated as C.UTF-8. */
static void missing_locale(void **state)
{
	variant(&(struct screen_options){.store = store, .locale = "xx_YY.UTF-8"},
		"missing-locale");
}

static void no_color(void **state)
{
	variant(&(struct screen_options){.store = store, .no_color = true}, "no-color");
}

static void linux_console(void **state)
{
	variant(&(struct screen_options){.store = store, .term = "linux"}, "term-linux");
}

static void vt100(void **state)
{
	variant(&(struct screen_options){.store = store, .term = "vt100"}, "term-vt100");
}

static void screen_multiplexer(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .term = "screen-256color"});

	/* The sequence prints garbage there. */
	assert_null(memmem(screen_raw(s).ptr, screen_raw(s).len, "?2026h", 6));
	screen_stop(s);
}

static void unknown_term(void **state)
{
	variant(&(struct screen_options){.store = store, .term = "no-such-terminal"},
		"term-unknown");
}

static void small(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 16, .cols = 50});

	screen_golden(s, "small-products", false);
	screen_press(s, "\033" "3");
	screen_golden(s, "small-similar", false);
	screen_press(s, "\033" "6");
	screen_golden(s, "small-selected", false);
	screen_resize(s, 6, 30);
	screen_wait(s);
	screen_golden(s, "too-small", false);
	screen_resize(s, 16, 50);
	screen_wait(s);
	screen_golden(s, "small-selected", false);
	screen_stop(s);
}

/* The first rows, with looks: below stands a message, which the next key takes away. */
static void take(struct screen *s, int rows, struct strbuf *to)
{
	int row, col;

	screen_cursor(s, &row, &col);
	strbuf_reset(to);
	strbuf_addf(to, "%d,%d\n", row, col);
	for (row = 0; row < rows; row++)
		strbuf_addf(to, "%s\n", screen_row(s, row));
	for (const char *line = screen_styles(s); *line;) {
		const char *end = strchr(line, '\n') + 1;
		uint64_t at;

		if (num_u64(str_span(line, strcspn(line, " ")), &at) && at < (uint64_t)rows)
			strbuf_add(to, str_span(line, (size_t)(end - line)));
		line = end;
	}
}

/* What was changed key by key looks as when all is drawn anew. */
static void drawn_anew(void **state)
{
	static const char *const keys[] = {
		"j", "jjjjjj", "\t", "\t", "j", "o", "\033", "/", "tea", "\r", "n", "G", "g",
		"z", "z", "t", "T", "j", "\033", "?", "\033[6~", "\033", "\0331", "j", "\r",
		"\0333", "j", "\r", ":", "go \xe6\x97\xa5\xe6\x9c\xac e\xcc\x81x",
		"\033[D\033[D", "y", "\033", "\0332", "GG", "kk",
	};
	STRBUF(changed);
	STRBUF(anew);

	(void)state;
	for (int size = 0; size < 3; size++) {
		int rows = size == 2 ? 60 : size ? 40 : 24;
		struct screen *s = screen_start(&(struct screen_options){
			.store = store, .rows = rows, .cols = size == 2 ? 200 : size ? 120 : 80});

		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
			screen_press(s, keys[i]);
			take(s, rows - 3, &changed);
			screen_press(s, "\014");
			take(s, rows - 3, &anew);
			assert_string_equal(strbuf_c(&changed), strbuf_c(&anew));
		}
		screen_stop(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(at_80x24), UNIT(at_120x40), UNIT(at_200x60), UNIT(c_locale),
		UNIT(missing_locale), UNIT(no_color), UNIT(linux_console), UNIT(vt100),
		UNIT(screen_multiplexer), UNIT(unknown_term), UNIT(small), UNIT(drawn_anew),
	};

	return cmocka_run_group_tests_name("golden", tests, make_store, remove_store);
}
