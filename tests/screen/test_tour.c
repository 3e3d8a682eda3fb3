/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tour of the demo, step by step and by its own clock. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "screen.h"
#include "../unit/unit.h"

/* A folder whose demo is there already: the small shop, quickly imported. */
static char *folder;

static void see(struct screen *s, const char *text)
{
	if (!screen_has(s, text))
		fail_msg("\"%s\" isn't on the screen:\n%s", text, screen_text(s));
}

/* Every step is taken, says what it is, and shows something new. */
static void step_by_step(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.demo = folder, .rows = 40, .cols = 120, .argument = "--tour"});
	unsigned at = 1;
	char caption[32];

	see(s, "kiosk");
	see(s, "Space next");
	while (!screen_has(s, " x: no substitute")) {
		char *before = mem_strdup(screen_text(s));

		snprintf(caption, sizeof caption, " %u of ", at++);
		if (!strstr(screen_row(s, 39), caption))
			fail_msg("no caption %s:\n%s", caption, screen_text(s));
		screen_press(s, " ");
		assert_string_not_equal(before, screen_text(s));
		assert_false(screen_has(s, "that key does nothing"));
		free(before);
	}
	assert_int_equal(at, 9);
	screen_press(s, " ");
	see(s, " your turn: j and k");
	screen_press(s, " ");
	see(s, "begins again by itself");
	see(s, "? help");
	screen_press(s, "j");	/* keys are the person's again, who may change nothing */
	screen_press(s, "e");
	see(s, "a kiosk writes no files");
	screen_send(s, "Q", 1);
	assert_int_equal(screen_end(s), 0);
	screen_stop(s);
}

/* What some steps are there to show. */
static void shows_what_it_says(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.demo = folder, .rows = 40, .cols = 120, .argument = "--tour"});
	static const struct {
		const char *caption, *shown;
	} wanted[] = {
		{" Tab Tab: ", "; by chance "}, {" w: ", "Against chance"}, {" t: ", "drinkware"},
		{" h Tab: ", "╔ 3 Similar"}, {" x: ", "rejected, in this kiosk: "},
	};

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		while (!strstr(screen_row(s, 39), wanted[i].caption)) {
			assert_false(screen_has(s, "begins again by itself"));
			screen_press(s, " ");
		}
		see(s, wanted[i].shown);
	}
	screen_send(s, "q", 1);		/* leaves, wherever it is */
	assert_int_equal(screen_end(s), 0);
	screen_stop(s);
}

static void by_its_own_clock(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.demo = folder, .rows = 24, .cols = 80, .argument = "--tour",
		.tour_ms = 20});

	screen_wait_text(s, "begins again by itself");
	screen_wait_text(s, "1 of 10  a shop");	/* and does */
	screen_wait_text(s, "begins again by itself");
	screen_send(s, "Q", 1);
	assert_int_equal(screen_end(s), 0);
	screen_stop(s);
}

static void pauses(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.demo = folder, .rows = 24, .cols = 80, .argument = "--tour"});

	screen_press(s, "p");
	see(s, ", paused");
	screen_press(s, "x");
	assert_false(screen_has(s, ", paused"));
	see(s, "1 of ");
	screen_send(s, "q", 1);
	assert_int_equal(screen_end(s), 0);
	screen_stop(s);
}

static int make_demo(void **state)
{
	char *store = screen_store();
	STRBUF(to);

	folder = mem_strdup(store);
	*strrchr(folder, '/') = '\0';
	strbuf_addf(&to, "%s/demo.aisle", folder);
	assert_int_equal(rename(store, strbuf_c(&to)), 0);
	free(store);
	return 0;
}

static int remove_demo(void **state)
{
	screen_remove_folder(folder);
	free(folder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(step_by_step), UNIT(shows_what_it_says), UNIT(by_its_own_clock),
		UNIT(pauses),
	};

	return cmocka_run_group_tests_name("tour", tests, make_demo, remove_demo);
}
