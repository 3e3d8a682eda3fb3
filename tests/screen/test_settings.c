/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings and their file, keys bound anew, sessions, what a kiosk hides. */
#include "config.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void leave(struct screen *s)
{
	screen_send(s, "Q", 1);
	assert_int_equal(screen_end(s), 0);
	screen_stop(s);
}

static char *make_home(const char *config)
{
	static char home[64];
	char path[128];
	FILE *f;

	snprintf(home, sizeof home, "/tmp/aisle-home-XXXXXX");
	assert_non_null(mkdtemp(home));
	if (!config)
		return home;
	snprintf(path, sizeof path, "%s/.config", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/.config/aisle", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/.config/aisle/config", home);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(config, f);
	fclose(f);
	return home;
}

static void set_and_list(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 40, .cols = 120});

	screen_line(s, "set same-category exclude");
	screen_see(s, "own category: exclude");
	screen_line(s, "set where price<10");
	screen_see(s, "[price < 10 x]");
	screen_line(s, "set theme dark");
	screen_line(s, "set glyphs ascii");
	screen_see(s, "++ 2 Products =====");
	screen_line(s, "set glyphs auto");
	screen_line(s, "set beside-delay 5");
	screen_line(s, "set");
	screen_see(s, "╔ Settings");
	screen_see(s, "  where          price < 10");
	screen_see(s, "  theme          dark");
	screen_see(s, "  beside-delay   5");
	screen_press(s, "q");
	screen_line(s, "set beside-delay 99999");
	screen_see(s, "--beside-delay takes a whole number from 0 to 5000");
	screen_line(s, "set theme drak");
	screen_see(s, "did you mean dark?");
	screen_press(s, ":");
	screen_type(s, "set th\t");
	screen_see(s, ":set theme");
	screen_type(s, "co\t");
	screen_see(s, ":set theme colour-blind");
	screen_press(s, "\033");
	screen_stop(s);
}

static void the_file(void **state)
{
	char *home = make_home("# mine\n"
			       "set sort price\n"
			       "  set thme light\n"
			       "bind J down\n"
			       "bind C-d last\n"
			       "unbind C-u\n"
			       "frobnicate\n");
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .home = home, .rows = 40, .cols = 120});

	screen_see(s, "price▼");
	screen_see(s, "config:3:7: 'thme' can't be set");
	screen_see(s, "3 mistakes, :set lists them");
	screen_press(s, "J");
	screen_see(s, " 2 of 120 ");
	screen_press(s, "\025");
	screen_see(s, "that key does nothing here");
	screen_line(s, "set");
	screen_see(s, "config:5:6: C-d belongs to half_down (C-d): unbind it first");
	screen_see(s, "config:7:1: only set, bind and unbind stand in this file");
	screen_stop(s);
	screen_remove_folder(home);
}

/* The help and the footer tell the keys that there are. */
static void bound_keys(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){.store = store});

	screen_line(s, "unbind ?");
	screen_line(s, "unbind F1");
	screen_line(s, "bind C-x help");
	screen_see(s, "Ctrl-X help");
	screen_line(s, "bind j help");
	screen_see(s, "j belongs to down (j Down): unbind it first");
	screen_line(s, "bind g help");
	screen_see(s, "g belongs to first");
	screen_line(s, "bind 5 help");
	screen_see(s, "digits are counts");
	screen_line(s, "bind C-o nonsense");
	screen_see(s, "'nonsense' is no action");
	screen_press(s, "\030");
	screen_see(s, "╔ Keys");
	/* Searched by action, then by key. */
	screen_press(s, "/");
	screen_type(s, "half a page up");
	screen_press(s, "\r");
	screen_see(s, "║   Ctrl-U");
	screen_press(s, "/");
	screen_type(s, "@C-z");
	screen_press(s, "\r");
	screen_see(s, "stop; the shell's fg brings it back");
	screen_press(s, "/");
	screen_type(s, "@C-x");
	screen_press(s, "\r");
	screen_see(s, "Ctrl-X           this page");
	screen_stop(s);
}

static void sessions(void **state)
{
	char *home = make_home(NULL);
	struct screen_options o = {.store = store, .home = home, .rows = 40, .cols = 120};
	struct screen *s = screen_start(&o);
	STRBUF(before);

	screen_see(s, "j and k move");
	screen_press(s, "&views>5\r");
	screen_press(s, "O");
	screen_press(s, "7G");
	screen_press(s, "Mk");
	screen_press(s, "9j");
	screen_press(s, "3>");
	strbuf_adds(&before, screen_row(s, 3));
	leave(s);
	s = screen_start(&o);
	screen_see(s, "back where you left");
	screen_see(s, "[views > 5 x]");
	screen_see(s, "views▲");
	screen_see(s, " 16 of ");
	assert_string_equal(screen_row(s, 3), strbuf_c(&before));
	screen_press(s, "'k");
	screen_see(s, " 7 of ");
	screen_press(s, "U");
	screen_see(s, "no change of the view is left to undo");
	/* A kill leaves what was there before it. */
	screen_signal(s, SIGKILL);
	screen_end(s);
	screen_stop(s);
	s = screen_start(&o);
	screen_see(s, "[views > 5 x]");
	leave(s);
	o.argument = "--no-resume";
	s = screen_start(&o);
	screen_see_not(s, "views > 5");
	screen_see(s, " 1 of 120 ");
	leave(s);
	screen_remove_folder(home);
}

static void kiosk(void **state)
{
	char *home = make_home(NULL);
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .home = home, .cols = 120, .argument = "--kiosk"});
	struct stat st;
	char path[128];

	screen_see(s, "kiosk");
	screen_press(s, "e");
	screen_see(s, "a kiosk writes no files");
	screen_line(s, "export log -o /tmp/never");
	screen_see(s, "export is not for visitors of a kiosk");
	screen_press(s, "\032");
	screen_see(s, "a kiosk can't be stopped");
	screen_press(s, "yy");
	screen_see(s, "the id to the terminal's clipboard: 9333335");
	leave(s);
	snprintf(path, sizeof path, "%s/.local", home);
	assert_int_not_equal(stat(path, &st), 0);
	screen_remove_folder(home);
}

static void hidden_prices(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 40, .cols = 120, .argument = "--mask-prices"});

	screen_see_not(s, "price");
	screen_see_not(s, "7.09");
	screen_see_not(s, "sold for");
	screen_line(s, "show product --product 9333335");
	screen_see_not(s, "7.09");
	screen_press(s, "q");
	screen_press(s, "&price<10\r");
	screen_see(s, "price");
	screen_see_not(s, "[price < 10");
	screen_stop(s);
}

static void shown_users(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 40, .cols = 120});
	STRBUF(hidden);

	screen_line(s, "show sessions");
	strbuf_adds(&hidden, screen_row(s, 3));
	screen_press(s, "q");
	screen_line(s, "set show-users on");
	screen_line(s, "show sessions");
	assert_string_not_equal(screen_row(s, 3), strbuf_c(&hidden));
	screen_stop(s);
}

/* A light ground brings other colours, told at any time and in pieces. */
static void grounds(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){.store = store});
	STRBUF(before);

	assert_non_null(memmem(screen_raw(s).ptr, screen_raw(s).len, "\033]11;?\033\\", 8));
	strbuf_adds(&before, screen_styles(s));
	screen_press(s, "\033]11;rgb:ffff/ffff/eeee\033\\");
	assert_string_not_equal(screen_styles(s), strbuf_c(&before));
	screen_see(s, " 1 of 120 ");
	screen_line(s, "set theme default");
	assert_string_equal(screen_styles(s), strbuf_c(&before));
	screen_line(s, "set theme auto");
	assert_string_not_equal(screen_styles(s), strbuf_c(&before));
	screen_stop(s);
}

static void link_meter(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 40, .cols = 120});

	screen_see_not(s, "link");
	screen_line(s, "set link on");
	screen_press(s, "j");
	screen_see(s, "   link ");
	screen_see(s, "ms ");
	screen_line(s, "set lean on");
	screen_see(s, " lean");
	screen_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(set_and_list), UNIT(the_file), UNIT(bound_keys), UNIT(sessions),
		UNIT(kiosk), UNIT(hidden_prices), UNIT(shown_users), UNIT(grounds),
		UNIT(link_meter),
	};

	return cmocka_run_group_tests_name("settings", tests, make_store, remove_store);
}
