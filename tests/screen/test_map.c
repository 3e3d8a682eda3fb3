/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map and the clusters of a model: what they look like, and how one walks on them. */
#include "config.h"

#include <stdio.h>

#include "screen.h"
#include "../unit/unit.h"

static char *store;

/* By arithmetic, so that no rounding of a training is in the goldens. */
static void add_vector(FILE *out, const char *line)
{
	unsigned id = 0;

	for (; *line >= '0' && *line <= '9'; line++)
		id = 10 * id + (unsigned)(*line - '0');
	fprintf(out, "%u %u %u %u\n", id, id % 7 + 1, id % 5, id % 3 + 1);
}

static void write_vectors(const char *path)
{
	const char *dir = getenv("top_srcdir");
	char name[512], line[512];
	FILE *in, *out = fopen(path, "w");

	snprintf(name, sizeof name, "%s/data/shop/products.csv", dir ? dir : ".");
	in = fopen(name, "r");
	assert_true(in && out);
	assert_non_null(fgets(line, sizeof line, in));
	fprintf(out, "120 3\n");
	while (fgets(line, sizeof line, in))
		add_vector(out, line);
	fclose(in);
	fclose(out);
}

static int make_store(void **state)
{
	char path[512];

	store = screen_store();
	snprintf(path, sizeof path, "%s/../vectors.txt", store);
	write_vectors(path);
	screen_run((const char *[]){"import", "vectors", "made", path, "--into", store, NULL});
	screen_run((const char *[]){"train", "clusters", store, "--model", "made", "--clusters",
				    "3", "--distance", "l2", "--threads", "1", NULL});
	screen_run((const char *[]){"train", "map", store, "--model", "made", "--method", "pca",
				    "--threads", "1", NULL});
	screen_run((const char *[]){"train", "map", store, "--model", "made", "--method", "pca",
				    "--axes", "3", "--as", "map-solid", "--threads", "1", NULL});
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

static void look(int rows, int cols)
{
	static const struct {
		const char *name, *keys;
	} looks[] = {
		{"map", "m"},
		{"map-near", "+++C"},
		{"map-clusters", "_CC"},
		{"map-rectangle", "v9l3k"},
	};
	struct screen *s = start(rows, cols);
	char name[64];

	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		screen_keys(s, looks[i].keys);
		snprintf(name, sizeof name, "sheet-%dx%d-%s", cols, rows, looks[i].name);
		screen_golden(s, name, cols == 80);
	}
	screen_keys(s, "qq");
	screen_line(s, "show clusters");
	screen_press(s, "j");
	snprintf(name, sizeof name, "sheet-%dx%d-clusters", cols, rows);
	screen_golden(s, name, false);
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

static void on_poor_terminals(void **state)
{
	struct screen *s = screen_start(&(struct screen_options){
		.store = store, .locale = "C", .term = "screen-256color"});

	screen_press(s, "m");
	screen_golden(s, "sheet-ascii-map", false);
	screen_resize(s, 16, 44);
	screen_wait(s);
	screen_see(s, "A pantry");
	screen_stop(s);
}

/* Keys in a window that is too small for it find a map without cells. */
static void keys_before_it_is_drawn(void **state)
{
	static const char *const keys[] = {"+", "++", "v\r", "l+", "G-", "\006+", "v+"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct screen *s = start(24, 80);

		screen_resize(s, 1, 1);
		screen_wait(s);
		screen_press(s, "m");
		screen_keys(s, keys[i]);
		screen_resize(s, 24, 80);
		screen_wait(s);
		screen_see(s, "120 products");
		screen_stop(s);
	}
}

static void zooms_and_pans(void **state)
{
	struct screen *s = start(40, 120);
	int row, col, row_then, col_then;

	screen_press(s, "m");
	screen_see(s, "120 products");
	screen_cursor(s, &row, &col);
	screen_keys(s, "jl");
	screen_cursor(s, &row_then, &col_then);
	assert_int_equal(row_then, row + 1);
	assert_int_equal(col_then, col + 1);
	screen_keys(s, "kh");
	/* The cursor stays where it is, the map grows below it. */
	screen_press(s, "+");
	screen_see(s, ", 2.0 times nearer");
	screen_cursor(s, &row_then, &col_then);
	assert_int_equal(row_then, row);
	assert_int_equal(col_then, col);
	for (int i = 0; i < 30; i++)
		screen_press(s, "+");
	screen_press(s, "_");
	screen_see(s, "made: 120 products");
	screen_keys(s, "+-");
	screen_see(s, "made: 120 products");
	/* At the edge the map moves, if there is more of it. */
	screen_keys(s, "99h99k99j99l");
	screen_see(s, "made: 120 products");
	screen_keys(s, "++");
	screen_see(s, " of 120 products");
	screen_keys(s, "99h99h99k99k99j99j99l99l");
	screen_see(s, " of 120 products");
	screen_keys(s, "__gG");
	screen_keys(s, "\004\025");
	screen_press(s, "R");
	screen_see(s, "can't be turned");
	screen_stop(s);
}

static void goes_to_products(void **state)
{
	struct screen *s = start(40, 120);

	screen_keys(s, "m4j9l");
	screen_press(s, "\r");
	screen_see(s, "Backspace goes back to show map");
	screen_see(s, "╔ 2 Products");
	screen_press(s, "\177");
	screen_see(s, ":show map");
	screen_see(s, "nearest by made, cosine");
	/* Other screens begin at the cursor's product. */
	screen_press(s, "i");
	screen_see(s, ":show product --product ");
	screen_press(s, "q");
	screen_press(s, "\t");
	screen_see(s, " of 120 ");
	screen_press(s, "\t");
	screen_see(s, "categories of level 0");
	screen_press(s, "q");
	screen_see(s, "╔ 2 Products");
	screen_stop(s);
}

/* What was opened over the panes that a map was left for goes back to them. */
static void comes_back(void **state)
{
	struct screen *s = start(40, 120);

	screen_keys(s, "m4j9l");
	screen_press(s, "\r");
	screen_see(s, "╔ 2 Products");
	screen_keys(s, "I");
	screen_see(s, ":show overview");
	screen_keys(s, "q");
	screen_see(s, "╔ 2 Products");
	screen_press(s, "\177");
	screen_see(s, ":show map");
	screen_keys(s, "q");
	screen_see(s, "╔ 2 Products");
	screen_stop(s);
}

/* Bars, cells and bins become filters, whose chips have names. */
static void charts_filter(void **state)
{
	struct screen *s = start(40, 120);

	screen_line(s, "show clusters");
	screen_keys(s, "jv");
	screen_see(s, "[51 products of cluster 2 x]");
	screen_see(s, " 51 of 120 shown");
	screen_press(s, "F");
	screen_line(s, "show transitions --level 0");
	screen_keys(s, "llv");
	screen_see(s, " and ");
	screen_see(s, "╔ 2 Products");
	screen_keys(s, "U");
	screen_keys(s, "I");
	screen_keys(s, "jv");		/* views alone: everything is counted anew */
	screen_see(s, "╔ 2 Products");
	screen_see(s, "[");
	screen_stop(s);
}

static void regions_filter(void **state)
{
	struct screen *s = start(40, 120);

	screen_keys(s, "m");
	screen_press(s, "v");
	screen_see(s, " products in the rectangle");
	screen_press(s, "q");
	screen_see(s, ":show map");
	screen_keys(s, "v9l4j");
	screen_press(s, "\r");
	screen_see(s, " products of the map");
	screen_see(s, " of the map x]");
	screen_see(s, " of 120 shown");
	/* The map of what is left. */
	screen_press(s, "m");
	screen_see(s, ":show map");
	screen_see(s, "--where");
	assert_false(screen_has(s, "made: 120 products"));
	screen_stop(s);
}

static void turns(void **state)
{
	struct screen *s = start(40, 120);

	screen_line(s, "show map --model map-solid --colour clusters-made");
	screen_see(s, "turned by 0 of 360");
	screen_see(s, "A cluster ");
	screen_press(s, "R");
	screen_see(s, "turned by 30 of 360");
	for (int i = 0; i < 11; i++)
		screen_press(s, "R");
	screen_see(s, "turned by 0 of 360");
	screen_stop(s);
}

static void clusters_open(void **state)
{
	struct screen *s = start(0, 0);

	screen_line(s, "show clusters");
	screen_press(s, "j");
	screen_press(s, "\r");
	screen_see(s, ":show cluster --model clusters-made --cluster 2");
	screen_press(s, "q");
	screen_see(s, ":show clusters");
	screen_stop(s);
}

/* What is near is a sheet with its score at 80 columns; how words are typed is told there too. */
static void near_is_a_sheet(void **state)
{
	struct screen *s = start(24, 80);

	screen_line(s, "near 2271607 --model made");
	screen_see(s, ":show near --model made --to 2271607");
	screen_see(s, "score");
	screen_see(s, "a score is a cosine, 1 for the same direction");
	screen_press(s, "q");
	screen_line(s, "near something warm to drink from --model made");
	screen_see(s, "no product has this id or name (near --text reads any words)");
	screen_line(s, "near --check --model made");
	screen_see(s, "recall@10");
	screen_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(at_80x24), UNIT(at_120x40), UNIT(at_200x60), UNIT(on_poor_terminals),
		UNIT(keys_before_it_is_drawn), UNIT(zooms_and_pans), UNIT(goes_to_products),
		UNIT(comes_back), UNIT(regions_filter),
		UNIT(charts_filter), UNIT(turns), UNIT(clusters_open),
		UNIT(near_is_a_sheet),
	};

	return cmocka_run_group_tests_name("map", tests, make_store, remove_store);
}
