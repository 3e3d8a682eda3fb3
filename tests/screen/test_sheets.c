/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views over the whole screen: what they look like at three sizes, and how one walks. */
#include "config.h"

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

static struct screen *start(int rows, int cols)
{
	return screen_start(&(struct screen_options){
		.store = store, .rows = rows, .cols = cols});
}

static const struct {
	const char *name, *line, *keys;
} sheets[] = {
	{"overview", "show overview", "jj"},
	{"overview-end", "show overview", "G"},
	{"overview-rows", "show overview", "\tjjj"},
	{"transitions-map", "show transitions", "ljj"},
	{"transitions-lift", "show transitions --level 0 --sort lift", "l"},
	{"transitions-rows", "show transitions --sort n", "\tj"},
	{"compare", "show compare --product 9333335", "jj"},
	{"compare-rows", "show compare --product 9333335", "\tj"},
	{"product", "show product --product 9333335", ""},
	{"product-rows", "show product --product 9333335", "\t"},
	{"basket", "show basket --product 9333335 --product 4197532", "j"},
	{"why", "show why --product 9333335 --with 4197532", ""},
	{"pairs", "show pairs --sort n", "jl"},
	{"users", "show users", "j"},
	{"user", "show users", "\r"},
	{"sessions", "show sessions", "jj"},
	{"session", "show sessions", "\r"},
	{"categories-sheet", "show categories", "j"},
	{"products-sheet", "show products --sort price", "jl"},
};

static void look(int rows, int cols)
{
	struct screen *s = start(rows, cols);
	char name[96];

	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
		snprintf(name, sizeof name, "sheet-%dx%d-%s", cols, rows, sheets[i].name);
		screen_line(s, sheets[i].line);
		screen_keys(s, sheets[i].keys);
		screen_golden(s, name, cols == 80 && i == 3);
		while (screen_has(s, ":show "))
			screen_press(s, "q");
	}
	screen_stop(s);
}

static void at_80x24(void **state)
{
	look(24, 80);
}

static void at_120x40(void **state)
{
	look(40, 120);
}

static void at_200x60(void **state)
{
	look(60, 200);
}

/* Shades and ASCII stand for colours and dots. */
static void on_poor_terminals(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .locale = "C", .term = "screen-256color"});

	screen_line(s, "show transitions");
	screen_golden(s, "sheet-ascii-transitions", false);
	screen_line(s, "show product --product 9333335");
	screen_press(s, "\004");
	screen_golden(s, "sheet-ascii-product", false);
	screen_stop(s);
	s = screen_start(&(struct screen_options){.store = store, .no_color = true});
	screen_line(s, "show transitions");
	screen_golden(s, "sheet-mono-transitions", true);
	screen_stop(s);
}

/* Every name of views.def opens as a sheet or says what it needs. */
static void every_view_opens(void **state)
{
	static const char *const names[] = {
#define VIEW(name) #name,
#include "view/views.def"
#undef VIEW
	};
	struct screen *s = start(40, 120);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[64];

		snprintf(text, sizeof text, "show %s", names[i]);
		screen_line(s, text);
		if (screen_has(s, "╔ :show ") || screen_has(s, "4 Just decided")) {
			screen_press(s, "q");
			assert_false(screen_has(s, "╔ :show "));
			assert_false(screen_has(s, "4 Just decided"));
		} else {
			if (screen_has(s, "has no model with vectors") ||
			    screen_has(s, "are learnt yet"))
				continue;
			screen_see(s, names[i]);
			screen_see(s, "need");
		}
	}
	screen_stop(s);
}

static void sorts_and_finds(void **state)
{
	struct screen *s = start(0, 0);

	screen_line(s, "show categories");
	screen_press(s, "/");
	screen_type(s, "mugs");
	screen_press(s, "\r");
	screen_see(s, " 3 of 12 ");
	screen_press(s, "n");
	screen_see(s, " 3 of 12 ");
	screen_press(s, "/");
	screen_type(s, "nowhere");
	screen_press(s, "\r");
	screen_see(s, "no row holds \"nowhere\"");
	screen_press(s, "q");
	screen_line(s, "show pairs");
	screen_press(s, "o");
	screen_see(s, "Sort by");
	screen_press(s, "j");
	screen_press(s, "\r");
	screen_see(s, ":show pairs --sort ");
	screen_press(s, "O");
	screen_see(s, ":desc");
	screen_press(s, "q");
	screen_see(s, "2 Products");
	/* One that can't be sorted says so. */
	screen_line(s, "show why --product 9333335 --with 4197532");
	screen_press(s, "o");
	screen_see(s, "order of its own");
	screen_stop(s);
}

static void follows_and_returns(void **state)
{
	struct screen *s = start(0, 0);

	/* users > user > product in the panes > back to the user > the users */
	screen_line(s, "show users");
	screen_keys(s, "jj\r");
	screen_see(s, ":show person --user u-");
	screen_press(s, "\r");
	screen_see(s, "Backspace goes back to show person");
	screen_see(s, "╔ 2 Products");
	screen_press(s, "\177");
	screen_see(s, ":show person --user u-");
	screen_press(s, "\177");
	screen_see(s, ":show users");
	screen_see(s, " 3 of ");
	screen_press(s, "\177");
	screen_see(s, "╔ 2 Products");
	/* A cell of the heat map > its pairs > why > back again. */
	screen_line(s, "show transitions --level 0");
	screen_keys(s, "l\r");
	screen_see(s, ":show pairs --category ");
	screen_press(s, "\r");
	screen_see(s, ":show why --product ");
	screen_keys(s, "qq");
	screen_see(s, ":show transitions --level 0");
	/* Levels are walked, and baskets chosen. */
	screen_press(s, "T");
	screen_see(s, ":show transitions --level 1");
	screen_press(s, "A");
	screen_see(s, "--baskets multi");
	screen_press(s, "q");
	/* Headings lead to what is behind them. */
	screen_line(s, "show overview");
	screen_press(s, "\r");
	screen_see(s, ":show sessions");
	screen_keys(s, "\r");
	screen_see(s, ":show session --session s-");
	screen_keys(s, "qqq");
	screen_see(s, "╔ 2 Products");
	screen_stop(s);
}

/* Asked for at once, without waiting for the first ones. */
static void the_newest_wins(void **state)
{
	struct screen *s = start(0, 0);

	screen_press(s, "Iti=:show users\r");
	screen_see(s, ":show users");
	assert_false(screen_has(s, "running already"));
	for (int i = 0; i < 8 && screen_has(s, ":show "); i++)
		screen_press(s, "q");
	screen_see(s, "╔ 2 Products");
	screen_stop(s);
}

static void takes_the_mouse(void **state)
{
	struct screen *s = start(0, 0);

	screen_line(s, "show users");
	screen_press(s, "\033[<0;10;8M\033[<0;10;8m");
	screen_see(s, " 5 of 71 ");
	screen_press(s, "q");
	screen_line(s, "show transitions --level 0");
	screen_press(s, "\033[<0;20;7M\033[<0;20;7m");
	screen_see(s, " baskets with pantry hold kitchen");
	screen_stop(s);
}

static void fills_a_basket(void **state)
{
	struct screen *s = start(0, 0);

	screen_press(s, "B");
	screen_see(s, "the basket is empty");
	screen_keys(s, "bjb");
	screen_see(s, "(2 in all)");
	screen_press(s, "B");
	screen_see(s, "Basket: Family Black Tea");
	/* A suggestion joins it from there. */
	screen_press(s, "b");
	screen_see(s, "(3 in all)");
	screen_keys(s, "qb");
	screen_see(s, "taken out of the basket");
	screen_stop(s);
}

static void changes_form(void **state)
{
	struct screen *s = start(0, 0);

	screen_line(s, "show transitions");
	screen_see(s, "times more often together");
	screen_press(s, "\t");
	screen_see(s, "conf");
	screen_press(s, "\t");
	screen_see(s, "times more often together");
	screen_press(s, "q");
	screen_line(s, "show users");
	screen_press(s, "\t");
	screen_see(s, "rows alone");
	/* A smaller and a larger screen draw it anew. */
	screen_press(s, "q");
	screen_line(s, "show overview");
	screen_resize(s, 50, 180);
	screen_wait(s);
	screen_see(s, "Most viewed products");
	screen_resize(s, 10, 44);
	screen_wait(s);
	screen_see(s, "The shop");
	screen_resize(s, 24, 80);
	screen_wait(s);
	screen_stop(s);
}

/* The sheet in front is computed again when the store was imported anew. */
static void follows_an_import(void **state)
{
	char *own = screen_store();
	struct screen *s = screen_start(&(struct screen_options){.store = own, .cols = 120});

	screen_line(s, "show overview");
	screen_wait_text(s, "1,299");
	screen_import(own);
	screen_wait_text(s, "import 2");
	screen_wait_text(s, "1,299");	/* it is counted anew behind the screen */
	screen_press(s, "q");
	screen_wait_text(s, "╔ 2 Products");
	screen_stop(s);
	screen_remove(own);
}

static void differs_from_another(void **state)
{
	struct screen *s = start(0, 0);
	char text[512];

	snprintf(text, sizeof text, "show diff --with %s", store);
	screen_line(s, text);
	screen_see(s, "0 of 120 products have other panels");
	screen_press(s, "q");
	screen_line(s, "show diff --with /nowhere.aisle");
	screen_see(s, "/nowhere.aisle");
	screen_line(s, "show diff");
	screen_see(s, "diff needs another store");
	screen_stop(s);
}

/* A real log, at every size: nothing is empty without a reason, no word of a chart is
 * cut, and the numbers are those that are known of it. */
static void walk_real(const char *dataset, const char *file, const char *product,
		      const char *const *known)
{
	static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}};
	static const char *const lines[] = {
		"show overview", "show transitions --level 0", "show transitions --level 1",
		"show compare --product ", "show product --product ", "show basket --product ",
	};
	const char *data = getenv("AISLE_TEST_DATA");
	char text[1024], *real;

	if (!data)
		skip();
	snprintf(text, sizeof text, "%s/%s", data, file);
	real = screen_store_real(dataset, text);
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		struct screen *s = screen_start(&(struct screen_options){
			.store = real, .rows = sizes[k][0], .cols = sizes[k][1]});

		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			snprintf(text, sizeof text, "%s%s", lines[i], i < 3 ? "" : product);
			screen_line(s, text);
			screen_see(s, lines[i]);
			if (i == 0 && screen_has(s, "…"))
				fail_msg("%s: cut:\n%s", text, screen_text(s));
			for (size_t n = 0; i == 0 && known[n]; n++)
				screen_see(s, known[n]);
			screen_press(s, "q");
		}
		screen_stop(s);
	}
	screen_remove(real);
}

static void real_clicks(void **state)
{
	walk_real("clickstream", "clickstream/e-shop clothing 2008.csv", "A1",
		  (const char *const[]){"165,474", "24,026", "217", "2008-04-01 to 2008-08-13",
					NULL});
}

static void real_orders(void **state)
{
	walk_real("mkechinov-orders", "mkechinov-jewelry/jewelry.csv", "1956663847725040099",
		  (const char *const[]){"90,559", "70,933", "8,272", NULL});
}

/* Rows that were asked for are those that are listed, counted and copied. */
static void lists_as_many_as_asked(void **state)
{
	struct screen *s = start(0, 0);

	screen_line(s, "show pairs --limit 20");
	screen_see(s, "1 of 20");
	screen_press(s, "G");
	screen_see(s, "20 of 20");
	screen_press(s, "j");
	screen_see(s, "20 of 20");
	screen_press(s, "q");
	screen_line(s, "show products --offset 115 --limit=20");
	screen_see(s, "1 of 5");
	screen_line(s, "show products --offset 500");
	screen_see(s, "Nothing is in this view.");
	screen_stop(s);
}

/* Another filter or order changes that alone, however the others were typed. */
static void keeps_what_was_asked(void **state)
{
	struct screen *s = start(40, 120);

	screen_line(s, "show products --where=views>5 --limit 7");
	screen_see(s, "1 of 7");
	screen_press(s, "&");
	screen_type(s, "price<100");
	screen_press(s, "\r");
	screen_wait_text(s, "--limit 7 --where '(views>5) and (price < 100)'");
	screen_press(s, "o");
	screen_press(s, "\r");
	screen_wait_text(s, "--limit 7 --where '(views>5) and (price < 100)'");
	screen_see(s, "--sort ");
	screen_press(s, "F");
	screen_wait_text(s, "--limit 7 ═");
	screen_see(s, "--sort ");
	assert_false(screen_has(s, "--where"));
	screen_stop(s);
}

/* Any sheet is narrowed by its own columns and sorted by any of them, twice. */
static void by_its_own_columns(void **state)
{
	struct screen *s = start(40, 200);

	screen_line(s, "show users");
	screen_press(s, "&");
	screen_type(s, "purchases>1 and carts>2");
	screen_press(s, "\r");
	screen_wait_text(s, "--having 'purchases > 1 and carts > 2'");
	screen_press(s, "&");
	screen_type(s, "vews<9");
	screen_press(s, "\r");
	screen_see(s, "'vews' is no column here: did you mean views?");
	screen_press(s, "\033");
	screen_press(s, "F");
	screen_wait_text(s, ":show users ═");
	screen_press(s, "o");
	screen_keys(s, "jj\r");
	screen_wait_text(s, ":show users --sort ");
	screen_press(s, "o");
	screen_keys(s, "jj\t");
	screen_wait_text(s, ",");
	screen_press(s, "q");
	/* Panes too: the best of a panel by what all candidates have. */
	screen_press(s, "\0333");
	screen_press(s, "o");
	screen_see(s, "place in the panel's own order");
	screen_keys(s, "jjj\r");
	screen_see(s, "3 Similar, n▼");
	screen_press(s, "Y");
	screen_see(s, "--sort n");
	screen_press(s, "U");
	screen_press(s, "/");
	screen_type(s, "Biscuits");
	screen_press(s, "\r");
	screen_see(s, "║  ");
	screen_stop(s);
}

static unsigned lines_of(const char *path)
{
	FILE *f = fopen(path, "r");
	unsigned n = 0;

	if (!f)
		fail_msg("there is no %s", path);
	for (int c; (c = getc(f)) != EOF;)
		n += c == '\n';
	fclose(f);
	return n;
}

/* Marked rows are what y and e take, in a sheet and in a pane; z shows a row alone. */
static void takes_marked_rows(void **state)
{
	struct screen *s = start(24, 80);
	char path[1024];

	snprintf(path, sizeof path, "%s.marked.csv", store);
	unlink(path);
	screen_line(s, "show pairs --sort n");
	screen_keys(s, "  j ");
	screen_see(s, "3 rows marked");
	screen_press(s, "k");
	screen_press(s, " ");
	screen_see(s, "2 rows marked");
	screen_press(s, "y");
	screen_see(s, "the marked ones, values separated by tabs");
	screen_press(s, "t");
	screen_see(s, "2 rows to ");
	screen_press(s, "e");
	screen_press(s, "\025");
	screen_type(s, path);
	screen_press(s, "\r");
	screen_see(s, "2 marked rows");
	assert_int_equal(lines_of(path), 3);
	screen_press(s, "z");
	screen_see(s, "pairs, row 5");
	screen_see(s, "n / n_a: share of the first's that have the second too");
	screen_press(s, "q");
	/* Another order, another list. */
	screen_press(s, "O");
	screen_press(s, "y");
	screen_see(s, "its values, separated by tabs");
	screen_press(s, "\033");
	screen_press(s, "q");
	screen_press(s, "\0333");
	screen_press(s, "3");
	screen_press(s, " ");
	screen_see(s, "3 rows marked");
	screen_press(s, "y");
	screen_press(s, "y");
	screen_see(s, "3 ids to ");
	screen_stop(s);
	unlink(path);
}

/* Both filters of a real log: 195 products have so many views, 39 are so cheap. */
static void real_filters(void **state)
{
	const char *data = getenv("AISLE_TEST_DATA");
	char path[1024], *real;
	struct screen *s;

	if (!data)
		skip();
	snprintf(path, sizeof path, "%s/clickstream/e-shop clothing 2008.csv", data);
	real = screen_store_real("clickstream", path);
	s = screen_start(&(struct screen_options){.store = real, .rows = 40, .cols = 120});
	screen_line(s, "show products --where=price<30");
	screen_see(s, "1 of 39");
	screen_press(s, "&");
	screen_type(s, "views>200");
	screen_press(s, "\r");
	screen_wait_text(s, "1 of 36");
	/* What is printed with a format has the same filter, and is what the command prints. */
	screen_line(s, "show products --where='price<30 and views>200' --format tsv "
		       "--columns product");
	screen_see(s, " of 37 lines");
	screen_press(s, "q");
	screen_line(s, "show products --where='prise<30' --format tsv");
	screen_see(s, "prise");
	screen_press(s, "F");
	screen_wait_text(s, "1 of 217");
	/* An attribute orders tables of products, a column what is equal by it. */
	screen_press(s, "o");
	screen_see(s, "an attribute of the products");
	screen_press(s, "\033");
	screen_line(s, "show products --sort colour,views");
	screen_wait_text(s, ":show products --sort colour,views");
	screen_press(s, "z");
	screen_see(s, "product: A13");
	screen_press(s, "q");
	screen_press(s, "q");
	screen_line(s, "set sort colour:desc");
	screen_see(s, "by colour");
	screen_stop(s);
	screen_remove(real);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(at_80x24), UNIT(at_120x40), UNIT(at_200x60), UNIT(on_poor_terminals),
		UNIT(every_view_opens), UNIT(sorts_and_finds), UNIT(follows_and_returns),
		UNIT(the_newest_wins), UNIT(takes_the_mouse), UNIT(fills_a_basket),
		UNIT(changes_form),
		UNIT(follows_an_import), UNIT(differs_from_another), UNIT(real_clicks),
		UNIT(real_orders),
		UNIT(lists_as_many_as_asked), UNIT(takes_marked_rows),
		UNIT(keeps_what_was_asked),
		UNIT(by_its_own_columns), UNIT(real_filters),
	};

	return cmocka_run_group_tests_name("sheets", tests, make_store, remove_store);
}
