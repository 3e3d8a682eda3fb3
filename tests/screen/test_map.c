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

static void press(struct screen *s, const char *keys)
{
	char one[2] = "";

	for (; *keys; keys++) {
		one[0] = *keys;
		screen_press(s, one);
	}
}

static void line(struct screen *s, const char *text)
{
	screen_press(s, ":");
	screen_press(s, text);
	screen_press(s, "\r");
}

static void see(struct screen *s, const char *text)
{
	if (!screen_has(s, text))
		fail_msg("no \"%s\":\n%s", text, screen_text(s));
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
		press(s, looks[i].keys);
		snprintf(name, sizeof name, "sheet-%dx%d-%s", cols, rows, looks[i].name);
		screen_golden(s, name, cols == 80);
	}
	press(s, "qq");
	line(s, "show clusters");
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
	see(s, "A pantry");
	screen_stop(s);
}

static void zooms_and_pans(void **state)
{
	struct screen *s = start(40, 120);
	int row, col, row_then, col_then;

	screen_press(s, "m");
	see(s, "120 products");
	screen_cursor(s, &row, &col);
	press(s, "jl");
	screen_cursor(s, &row_then, &col_then);
	assert_int_equal(row_then, row + 1);
	assert_int_equal(col_then, col + 1);
	press(s, "kh");
	/* The cursor stays where it is, the map grows below it. */
	screen_press(s, "+");
	see(s, ", 2.0 times nearer");
	screen_cursor(s, &row_then, &col_then);
	assert_int_equal(row_then, row);
	assert_int_equal(col_then, col);
	for (int i = 0; i < 30; i++)
		screen_press(s, "+");
	screen_press(s, "_");
	see(s, "made: 120 products");
	press(s, "+-");
	see(s, "made: 120 products");
	/* At the edge the map moves, if there is more of it. */
	press(s, "99h99k99j99l");
	see(s, "made: 120 products");
	press(s, "++");
	see(s, " of 120 products");
	press(s, "99h99h99k99k99j99j99l99l");
	see(s, " of 120 products");
	press(s, "__gG");
	press(s, "\004\025");
	screen_press(s, "R");
	see(s, "can't be turned");
	screen_stop(s);
}

static void goes_to_products(void **state)
{
	struct screen *s = start(40, 120);

	press(s, "m4j9l");
	screen_press(s, "\r");
	see(s, "Backspace goes back to show map");
	see(s, "╔ 2 Products");
	screen_press(s, "\177");
	see(s, ":show map");
	see(s, "nearest by made, cosine");
	/* Other screens begin at the cursor's product. */
	screen_press(s, "i");
	see(s, ":show product --product ");
	screen_press(s, "q");
	screen_press(s, "\t");
	see(s, " of 120 ");
	screen_press(s, "\t");
	see(s, "categories of level 0");
	screen_press(s, "q");
	see(s, "╔ 2 Products");
	screen_stop(s);
}

/* What was opened over the panes that a map was left for goes back to them. */
static void comes_back(void **state)
{
	struct screen *s = start(40, 120);

	press(s, "m4j9l");
	screen_press(s, "\r");
	see(s, "╔ 2 Products");
	press(s, "I");
	see(s, ":show overview");
	press(s, "q");
	see(s, "╔ 2 Products");
	screen_press(s, "\177");
	see(s, ":show map");
	press(s, "q");
	see(s, "╔ 2 Products");
	screen_stop(s);
}

/* Bars, cells and bins become filters, whose chips have names. */
static void charts_filter(void **state)
{
	struct screen *s = start(40, 120);

	line(s, "show clusters");
	press(s, "jv");
	see(s, "[51 products of cluster 2 x]");
	see(s, " 51 of 120 shown");
	screen_press(s, "F");
	line(s, "show transitions --level 0");
	press(s, "llv");
	see(s, " and ");
	see(s, "╔ 2 Products");
	press(s, "U");
	press(s, "I");
	press(s, "jv");		/* views alone: everything is counted anew */
	see(s, "╔ 2 Products");
	see(s, "[");
	screen_stop(s);
}

static void regions_filter(void **state)
{
	struct screen *s = start(40, 120);

	press(s, "m");
	screen_press(s, "v");
	see(s, " products in the rectangle");
	screen_press(s, "q");
	see(s, ":show map");
	press(s, "v9l4j");
	screen_press(s, "\r");
	see(s, " products of the map");
	see(s, " of the map x]");
	see(s, " of 120 shown");
	/* The map of what is left. */
	screen_press(s, "m");
	see(s, ":show map");
	see(s, "--where");
	assert_false(screen_has(s, "made: 120 products"));
	screen_stop(s);
}

static void turns(void **state)
{
	struct screen *s = start(40, 120);

	line(s, "show map --model map-solid --colour clusters-made");
	see(s, "turned by 0 of 360");
	see(s, "A cluster ");
	screen_press(s, "R");
	see(s, "turned by 30 of 360");
	for (int i = 0; i < 11; i++)
		screen_press(s, "R");
	see(s, "turned by 0 of 360");
	screen_stop(s);
}

static void clusters_open(void **state)
{
	struct screen *s = start(0, 0);

	line(s, "show clusters");
	screen_press(s, "j");
	screen_press(s, "\r");
	see(s, ":show cluster --model clusters-made --cluster 2");
	screen_press(s, "q");
	see(s, ":show clusters");
	screen_stop(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(at_80x24), UNIT(at_120x40), UNIT(at_200x60), UNIT(on_poor_terminals),
		UNIT(zooms_and_pans), UNIT(goes_to_products), UNIT(comes_back),
		UNIT(regions_filter),
		UNIT(charts_filter), UNIT(turns), UNIT(clusters_open),
	};

	return cmocka_run_group_tests_name("map", tests, make_store, remove_store);
}
