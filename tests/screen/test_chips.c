/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters as chips, undo, marks, copying, exporting, the mouse: by keys and eyes. */
#include "config.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

static struct screen *start(int cols)
{
	return screen_start(&(struct screen_options){.store = store, .cols = cols,
						     .rows = cols > 100 ? 40 : 24});
}

static void filter(struct screen *s, const char *text)
{
	screen_press(s, "&");
	screen_type(s, text);
	screen_press(s, "\r");
}

/* Under a filter of events counts are estimated first, say so, and become exact. */
static void estimates(void **state)
{
	struct screen *s = start(120);
	STRBUF(exact);

	filter(s, "event in (view, purchase)");
	screen_see_not(s, "sampled");
	strbuf_adds(&exact, screen_text(s));
	screen_stop(s);
	s = screen_start(&(struct screen_options){
		.store = store, .cols = 120, .rows = 40, .slow_ms = 700, .sample = 2});
	screen_press(s, "&");
	screen_type(s, "event in (view, purchase)");
	screen_send(s, "\r", 1);
	screen_wait_text(s, "3 Similar, sampled +-");
	screen_see(s, "4 Complementary, sampled +-");
	screen_see(s, " sessions; a count of ");
	if (strcmp(screen_text(s), strbuf_c(&exact)) == 0)
		fail_msg("the estimate is exact");
	screen_wait(s);
	assert_string_equal(screen_text(s), strbuf_c(&exact));
	screen_stop(s);
}

/* Terms come and go one by one; table, tree, panels follow. */
static void chips(void **state)
{
	struct screen *s = start(120);

	filter(s, "price<10 and views>5");
	screen_see(s, "[price < 10 x] [views > 5 x]");
	screen_see(s, " 1 of 43 ");
	screen_see(s, "43 of 120 shown");
	filter(s, "category=pantry");
	screen_see(s, "[category = 'pantry' x]");
	screen_see(s, "pantry           36");
	screen_see(s, "kitchen           0");
	/* The first one is edited, the last one goes, Backspace takes one more. */
	screen_press(s, "f");
	screen_see(s, "║ views > 5");
	screen_press(s, "\r");
	screen_see(s, "&price < 10");
	screen_press(s, "\025");
	screen_type(s, "price<8");
	screen_press(s, "\r");
	screen_see(s, "[price < 8 x]");
	screen_press(s, "&");
	screen_press(s, "\177");
	screen_see_not(s, "price < 8");
	screen_press(s, "f");
	screen_press(s, "j");
	screen_press(s, "\177");
	screen_see_not(s, "category = 'pantry' x");
	screen_press(s, "\033");
	screen_see(s, "[views > 5 x]");
	screen_press(s, "F");
	screen_see(s, " 1 of 120 ");
	screen_see_not(s, "shown   &");
	screen_press(s, "F");
	screen_see(s, "nothing is filtered");
	screen_stop(s);
}

/* Panels and transitions are counted anew in the events that are let in. */
static void events_are_cut(void **state)
{
	struct screen *s = start(120);

	filter(s, "event=view");
	screen_see(s, "[event = view x]");
	screen_see(s, "3 Similar among ");
	screen_see_not(s, "by co-purchase");
	screen_see_not(s, " sold");
	filter(s, "n>1000");
	screen_see(s, "nothing that the filter");
	screen_stop(s);
}

/* Suggestions come from the whole shop until W says that they shall pass the filter too;
 * copied commands say which it is. */
static void scope(void **state)
{
	struct screen *s = start(200);

	filter(s, "category=pantry");
	screen_see(s, "3 Similar, whole shop");
	screen_press(s, "\0333");
	screen_press(s, "Y");
	screen_see(s, "--scope shop");
	screen_press(s, "W");
	screen_see(s, "only products that the filter lets in");
	screen_see(s, "3 Similar, under the filter");
	screen_press(s, "U");
	screen_see(s, "undone: scope");
	screen_see(s, "3 Similar, whole shop");
	/* What tests events counts all anew, and the title says in how many. */
	filter(s, "event=view");
	screen_see(s, " sessions under the filter");
	screen_stop(s);
}

/* Words in any order, counted while one types; what isn't there is said at once. */
static void finding(void **state)
{
	struct screen *s = start(120);

	screen_press(s, "/");
	screen_type(s, "TEA green");
	screen_see(s, "1 of ");
	screen_see(s, " with \"TEA green\"");
	screen_type(s, "qq");
	screen_see(s, "no product's name or id holds \"TEA greenqq\"");
	screen_press(s, "\033");
	screen_press(s, ":");
	screen_type(s, "go PANTRY.drinks");
	screen_press(s, "\r");
	screen_see(s, " pantry › drinks ");
	screen_press(s, ":");
	screen_type(s, "go family black tea original 100G");
	screen_press(s, "\r");
	screen_see(s, "#9333335");
	screen_press(s, ":");
	screen_type(s, "go nothing of this name");
	screen_press(s, "\r");
	screen_see(s, "no product's id or name and no category");
	filter(s, "price<10");
	screen_press(s, "I");
	screen_press(s, ":");
	screen_type(s, "log");
	screen_press(s, "\r");
	screen_see(s, "set where 'price < 10'");
	screen_see(s, "show overview");
	screen_stop(s);
}

/* The exit code of aisle shell on a script. */
static int shell_takes(struct str script)
{
	STRBUF(aisle);
	int ends[2], status;
	pid_t child;

	strbuf_addf(&aisle, "%s/src/aisle", getenv("top_builddir") ? getenv("top_builddir") : ".");
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[0], 0);
		close(ends[0]);
		close(ends[1]);
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execl(strbuf_c(&aisle), "aisle", "shell", store, (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	assert_int_equal(write(ends[1], script.ptr, script.len), script.len);
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The lines of :log, whatever was pressed, are a script that aisle shell takes to its end. */
static void log_replays(void **state)
{
	static const char *const keys[] = {
		"W", "V", "s", "A", "T", "T", "L", "S", "O", "t", "q", "I", "q", "i", "q", "=", "q",
		"\0333", "w", "q", "\r", "U", "U", "b", "B", "q", "v", "F",
	};
	struct screen *s = start(200);
	unsigned lines = 0;
	STRBUF(script);

	filter(s, "price<40");
	screen_press(s, ":");
	screen_type(s, "note what's here");
	screen_press(s, "\r");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		screen_press(s, keys[i]);
	screen_press(s, ":");
	screen_type(s, "log");
	screen_press(s, "\r");
	for (int y = 1; y < 38; y++) {
		const char *row = screen_row(s, y), *from = strstr(row, "║ ");
		const char *end = from ? strrchr(row, ' ') : NULL;

		if (!end || end <= from)
			continue;
		strbuf_add(&script, str_trim(str_span(from + 4, (size_t)(end - from - 4))));
		strbuf_addc(&script, '\n');
		lines += strstr(row, "║ set ") || strstr(row, "║ show ");
	}
	if (shell_takes(strbuf_str(&script)) != 0)
		fail_msg("not taken:\n%s", strbuf_c(&script));
	strbuf_adds(&script, "show nothing\n");
	assert_int_equal(shell_takes(strbuf_str(&script)), 2);
	assert_true(lines >= 12);
	screen_stop(s);
}

/* A mistake leaves the line open, the cursor where it is; the store may refuse too. */
static void mistakes(void **state)
{
	struct screen *s = start(80);
	int row, col;

	filter(s, "price<10 and brnd<5");
	screen_see(s, "column 14: 'brnd' is no field");
	screen_see(s, "did you mean brand?");
	screen_see(s, "&price<10 and brnd<5");
	screen_cursor(s, &row, &col);
	assert_int_equal(row, 22);
	assert_int_equal(col, 14);
	screen_press(s, "\033");
	filter(s, "views>5");
	filter(s, "brand=nowhere");
	screen_see(s, "the store has no brand 'nowhere'");
	screen_see(s, "&brand=nowhere");
	screen_press(s, "\033");
	filter(s, "brnad='aqua'");
	screen_see(s, "no attribute 'brnad': did you mean brand?");
	screen_see(s, "&brnad='aqua'");
	screen_press(s, "\033");
	screen_see(s, "[views > 5 x]");
	screen_see_not(s, "[brand");
	screen_stop(s);
}

/* The menu offers what the selected product has. */
static void ready_made(void **state)
{
	struct screen *s = start(120);

	screen_press(s, "f");
	screen_see(s, "brand = 'palvo'");
	screen_see(s, "price <= 7.09");
	screen_press(s, "j");
	screen_press(s, "\r");
	screen_see(s, "[brand = 'palvo' x]");
	screen_stop(s);
}

/* A sheet is narrowed by its own line. */
static void sheets(void **state)
{
	struct screen *s = start(120);

	screen_press(s, ":show pairs --relation co-view\r");
	screen_see_not(s, "where");
	filter(s, "n>5");
	screen_see(s, "--where 'n > 5'");
	filter(s, "lift>3");
	screen_see(s, "--where '(n > 5) and (lift > 3)'");
	screen_press(s, "f");
	screen_see(s, "&(n > 5) and (lift > 3)");
	screen_press(s, "\033");
	screen_press(s, "F");
	screen_see_not(s, "where");
	screen_stop(s);
}

static void completion(void **state)
{
	struct screen *s = start(80);

	screen_press(s, "&");
	screen_type(s, "br\t");
	screen_see(s, "&brand");
	screen_type(s, "=\t");
	screen_see_not(s, "Foldable");
	screen_press(s, "\025");
	screen_type(s, "event in (\t");
	screen_see(s, "view      cart      remove");
	screen_type(s, "v\t");
	screen_see(s, "&event in (view");
	screen_press(s, "\025");
	screen_type(s, "category='pan\t");
	screen_see(s, "&category='pantry");
	screen_press(s, "\033");
	screen_stop(s);
}

static void undo_and_redo(void **state)
{
	struct screen *s = start(80);

	filter(s, "views>5");
	screen_press(s, "O");
	screen_press(s, "z");
	screen_see(s, "views▲");
	screen_press(s, "U");
	screen_see(s, "3 Similar");
	screen_see(s, "views▲");
	screen_press(s, "U");
	screen_see(s, "views▼");
	screen_see(s, "undone: sort");
	screen_see(s, "[views > 5 x]");
	screen_press(s, "U");
	screen_see_not(s, "[views");
	screen_see(s, "undone: where");
	screen_press(s, "U");
	screen_see(s, "no change of the view is left");
	for (int i = 0; i < 3; i++)
		screen_press(s, "\031");
	screen_see(s, "views▲");
	screen_see(s, "[views > 5 x]");
	screen_see_not(s, "3 Similar");
	screen_press(s, "\031");
	screen_see(s, "no change of the view was undone");
	screen_press(s, "U");
	screen_press(s, ":");
	screen_type(s, "view undo");
	screen_press(s, "\r");
	screen_see(s, "views▼");
	screen_stop(s);
}

/* Marks and going back bring cursors and what was seen of the lists. */
static void places_come_back(void **state)
{
	struct screen *s = start(80);
	STRBUF(before);

	screen_press(s, "40G");
	screen_press(s, "5k");
	screen_press(s, "\033" "3");
	screen_press(s, "3j");
	strbuf_adds(&before, screen_text(s));
	screen_press(s, "Ma");
	screen_see(s, "mark a is set");
	screen_press(s, "\r");
	screen_press(s, "G");
	screen_press(s, "[");
	assert_string_equal(screen_text(s), strbuf_c(&before));
	screen_press(s, "\033" "2");
	screen_press(s, "gg");
	screen_press(s, "'a");
	assert_string_equal(screen_text(s), strbuf_c(&before));
	screen_press(s, "'b");
	screen_see(s, "there is no mark b: the marks are a");
	screen_stop(s);
}

static char *read_text(const char *dir, const char *name)
{
	char path[256];
	size_t len;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return unit_read(path, &len);
}

static void copying(void **state)
{
	char home[] = "/tmp/aisle-home-XXXXXX";
	struct screen *s;
	char *text;

	assert_non_null(mkdtemp(home));
	s = screen_start(&(struct screen_options){.store = store, .home = home});
	screen_forget(s);
	screen_press(s, "yy");
	screen_see(s, "the id to the terminal's clipboard");
	assert_non_null(memmem(screen_raw(s).ptr, screen_raw(s).len,
			       "\033]52;c;OTMzMzMzNQ==\a", 20));
	text = read_text(home, ".local/state/aisle/yank.txt");
	assert_string_equal(text, "9333335");
	free(text);
	screen_press(s, "ym");
	screen_see(s, "120 rows to the terminal's clipboard");
	text = read_text(home, ".local/state/aisle/yank.txt");
	assert_true(strncmp(text, "| product | label |", 19) == 0);
	assert_non_null(strstr(text, "\n| --- | --- |"));
	free(text);
	screen_press(s, "3yO");
	screen_see(s, "3 rows to");
	screen_press(s, "yt");
	text = read_text(home, ".local/state/aisle/yank.txt");
	assert_true(str_starts(str_from(text), STR("9333335\tFamily Black Tea")));
	assert_null(strchr(text, '\n'));
	free(text);
	screen_press(s, "\033" "3");
	screen_press(s, "j");
	screen_press(s, "yo");
	text = read_text(home, ".local/state/aisle/yank.txt");
	assert_true(str_starts(str_from(text), STR("{\"rank\":2,")));
	free(text);
	filter(s, "views>5 and n>1");
	screen_press(s, "yc");
	text = read_text(home, ".local/state/aisle/yank.txt");
	assert_non_null(strstr(text, " --product 9333335 --where 'views > 5 and n > 1'"));
	free(text);
	screen_stop(s);
	screen_remove_folder(home);
}

static void exporting(void **state)
{
	char dir[] = "/tmp/aisle-out-XXXXXX", line[160];
	struct screen *s = start(80);
	char *text;
	size_t lines = 0;

	assert_non_null(mkdtemp(dir));
	filter(s, "views>15");
	screen_press(s, "e");
	screen_see(s, ">products.csv");
	snprintf(line, sizeof line, "\025%s/out.tsv\r", dir);
	screen_press(s, line);
	screen_see(s, "written: ");
	text = read_text(dir, "out.tsv");
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	snprintf(line, sizeof line, " 1 of %zu ", lines - 1);
	screen_see(s, line);
	assert_true(str_starts(str_from(text), STR("product\tlabel\t")));
	free(text);
	snprintf(line, sizeof line, "e\025%s/out.tsv\r", dir);
	screen_press(s, line);
	screen_see(s, "exists: ");
	snprintf(line, sizeof line, "e\025%s/out.doc\r", dir);
	screen_press(s, line);
	screen_see(s, "has to end with");
	screen_stop(s);
	screen_remove_folder(dir);
}

/* A file of the filter that the panes look through is counted from what they have read; without
 * panes that have, it is the same. */
static void exporting_seen(void **state)
{
	static const char where[] = "price<20 and event='view'";
	char dir[] = "/tmp/aisle-out-XXXXXX", line[160];
	char *text[2];

	assert_non_null(mkdtemp(dir));
	for (int i = 0; i < 2; i++) {
		struct screen *s = start(80);

		if (i == 0) {
			filter(s, where);
			screen_see(s, "[event = view x]");
		}
		snprintf(line, sizeof line, ":export pairs --where \"%s\" -o %s/%d.tsv\r",
			 where, dir, i);
		screen_press(s, line);
		screen_see(s, "done: ");
		snprintf(line, sizeof line, "%d.tsv", i);
		text[i] = read_text(dir, line);
		screen_stop(s);
	}
	assert_string_equal(text[0], text[1]);
	assert_true(strlen(text[0]) > 10000);
	free(text[0]);
	free(text[1]);
	screen_remove_folder(dir);
}

/* Panels are ordered by what their products are too: brand A to Z, within it the dearest first. */
static void panels_by_attributes(void **state)
{
	struct screen *s = start(120);

	screen_press(s, "\033" "3");
	screen_press(s, "o");
	screen_see(s, "║ brand       of the suggested products");
	screen_type(s, "jjjjjjjj");
	screen_press(s, "\r");
	screen_see(s, "╔ 3 Similar, brand▲");
	screen_press(s, "o");
	screen_type(s, "jjjjjjjjj");
	screen_press(s, "\t");
	screen_see(s, "╔ 3 Similar, brand▲");
	screen_press(s, "O");
	screen_see(s, "╔ 3 Similar, brand▼");
	screen_stop(s);
}

static void click(struct screen *s, int row, int col)
{
	char bytes[64];

	snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", col + 1, row + 1,
		 col + 1, row + 1);
	screen_press(s, bytes);
}

/* Cells: the screen's text has characters of several bytes. */
static int find_col(struct screen *s, int row, const char *text)
{
	const char *line = screen_row(s, row), *at = strstr(line, text);
	int col = 0;

	if (!at)
		fail_msg("row %d has no \"%s\": %s", row, text, line);
	for (; line < at; line++)
		col += ((unsigned char)*line & 0xc0) != 0x80;
	return col;
}

static void the_mouse(void **state)
{
	struct screen *s = start(120);

	click(s, 5, 30);
	screen_see(s, " 3 of 120 ");
	click(s, 2, find_col(s, 2, "price"));
	screen_see(s, "price▼");
	click(s, 2, find_col(s, 2, "price"));
	screen_see(s, "price▲");
	click(s, 9, 80);
	screen_see(s, "╔ 3 Similar");
	filter(s, "views>5");
	click(s, 1, find_col(s, 1, " x]"));
	screen_see_not(s, "[views");
	/* A drag is a wish to select text. */
	screen_press(s, "\033[<0;30;6M\033[<0;40;6m");
	screen_see(s, "Shift with the mouse selects text");
	screen_press(s, "\033" "2");
	screen_press(s, "o");
	click(s, 2, 6);
	screen_see(s, "product▲");
	screen_stop(s);
}

/* More columns by keys; the last column of panes grows to the left. */
static void widths(void **state)
{
	struct screen *s = start(80);
	int wide = find_col(s, 1, "╗");

	screen_press(s, "5>");
	assert_int_equal(find_col(s, 1, "╗"), wide + 10);
	screen_press(s, "\033" "3");
	screen_press(s, "2>");
	assert_int_equal(find_col(s, 1, "┐"), wide + 6);
	screen_press(s, "\033" "2");
	screen_press(s, "400<");
	screen_see(s, "1 of 120");
	screen_press(s, "<");
	screen_see(s, "no pane gets narrower");
	screen_resize(s, 40, 120);
	screen_wait(s);
	screen_see(s, "1 Categories");
	screen_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(chips), UNIT(events_are_cut), UNIT(scope), UNIT(finding), UNIT(log_replays),
		UNIT(estimates), UNIT(mistakes),
		UNIT(completion), UNIT(ready_made), UNIT(sheets),
		UNIT(undo_and_redo), UNIT(places_come_back), UNIT(copying), UNIT(exporting),
		UNIT(exporting_seen), UNIT(panels_by_attributes),
		UNIT(the_mouse), UNIT(widths),
	};

	return cmocka_run_group_tests_name("chips", tests, make_store, remove_store);
}
