/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen of one person: without a history at three sizes, and in a kiosk. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "screen.h"
#include "../unit/unit.h"

/* 7003 took things out of a cart and did nothing else. */
static const char log_text[] =
	"event_time,event_type,product_id,category_id,category_code,brand,price,user_id,"
	"user_session\n"
	"2024-03-01 10:00:00 UTC,view,11,1,home.mug,acme,5.00,7001,a\n"
	"2024-03-01 10:01:00 UTC,purchase,11,1,home.mug,acme,5.00,7001,a\n"
	"2024-03-01 10:02:00 UTC,purchase,12,1,home.mug,acme,6.00,7001,a\n"
	"2024-03-02 10:00:00 UTC,purchase,11,1,home.mug,acme,5.00,7002,b\n"
	"2024-03-02 10:01:00 UTC,purchase,13,2,home.pot,acme,9.00,7002,b\n"
	"2024-03-03 10:00:00 UTC,remove_from_cart,12,1,home.mug,acme,6.00,7003,c\n";

static char *store;

static int make_store(void **state)
{
	char path[] = "/tmp/test_person.XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, log_text, sizeof log_text - 1) < 0)
		return -1;
	close(fd);
	store = screen_store_from(path, NULL);
	unlink(path);
	return 0;
}

static int remove_store(void **state)
{
	screen_remove(store);
	return 0;
}

/* The user with the fewest events stands last. */
static void open_last(struct screen *s)
{
	screen_line(s, "show users --sort events");
	screen_press(s, "G");
	screen_press(s, "\r");
	screen_see(s, ":show person");
}

static void without_history(void **state)
{
	static const struct {
		int rows, cols;
	} size[] = {{24, 80}, {40, 120}, {60, 200}};
	char name[64];

	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		struct screen *s = screen_start(&(struct screen_options){
			.store = store, .rows = size[i].rows, .cols = size[i].cols});

		open_last(s);
		screen_see(s, "Nothing is known");
		screen_see(s, "popular");
		snprintf(name, sizeof name, "person-none-%dx%d", size[i].cols, size[i].rows);
		screen_golden(s, name, false);
		screen_stop(s);
	}
}

/* Pseudonyms alone: no id is shown, and none finds anyone. */
static void in_a_kiosk(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .rows = 40, .cols = 120, .argument = "--kiosk"});

	screen_line(s, "show users --sort events");
	screen_press(s, "\r");
	screen_see(s, ":show person --user u-");
	screen_see(s, "Suggested");
	screen_see_not(s, "7001");
	screen_see_not(s, "7002");
	screen_line(s, "show person --user 7001");
	screen_see(s, "there is no");
	screen_line(s, "set show-users on");
	screen_see(s, "visitors");
	screen_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {UNIT(without_history), UNIT(in_a_kiosk)};

	return cmocka_run_group_tests_name("person", tests, make_store, remove_store);
}
