/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts cell by cell, with every kind of glyphs. */
#include "config.h"

#include <math.h>

#include "chart/scatter.h"
#include "unit.h"

/* The canvas as text, rows joined by |. */
static const char *text_of(struct canvas *c)
{
	static char room[4096];
	STRBUF(b);
	for (int y = 0; y < c->h; y++) {
		strbuf_adds(&b, y ? "|" : "");
		canvas_add_row(c, y, &b);
	}
	snprintf(room, sizeof room, "%s", strbuf_c(&b));
	canvas_finish(c);
	return room;
}

static const char *bar(enum glyph_set g, int w, double share)
{
	struct canvas c;
	canvas_init(&c, 20, g);
	canvas_need(&c, 1);
	chart_bar(&c, (struct rect){0, 0, 1, w}, share, INK_SERIES);
	return text_of(&c);
}

static void bars(void **state)
{
	assert_string_equal(bar(GLYPHS_BRAILLE, 4, 0), "");
	assert_string_equal(bar(GLYPHS_BRAILLE, 4, 1), "████");
	assert_string_equal(bar(GLYPHS_BLOCK, 4, 0.5), "██");
	assert_string_equal(bar(GLYPHS_QUADRANT, 4, 17.0 / 32), "██▏");
	assert_string_equal(bar(GLYPHS_BRAILLE, 4, 23.0 / 32), "██▉");
	assert_string_equal(bar(GLYPHS_BRAILLE, 4, 1e-9), "▏");	/* seen */
	assert_string_equal(bar(GLYPHS_BRAILLE, 4, 7), "████");	/* never longer */
	assert_string_equal(bar(GLYPHS_BRAILLE, 4, NAN), "");
	assert_string_equal(bar(GLYPHS_ASCII, 4, 0.5), "##");
	assert_string_equal(bar(GLYPHS_ASCII, 4, 1e-9), "#");
}

static void sparks_and_columns(void **state)
{
	double v[] = {0, 1, 2, 4, 8, 0.01}, few[3];
	struct canvas c;
	canvas_init(&c, 20, GLYPHS_BRAILLE);
	chart_spark(&c, (struct rect){0}, (struct series){v, 6, 0}, INK_SERIES);
	assert_string_equal(text_of(&c), " ▁▂▄█▁");
	canvas_init(&c, 20, GLYPHS_BRAILLE);
	chart_spark(&c, (struct rect){0}, (struct series){v, 5, 16}, INK_SERIES);
	assert_string_equal(text_of(&c), " ▁▁▂▄");
	canvas_init(&c, 20, GLYPHS_ASCII);
	chart_spark(&c, (struct rect){0}, (struct series){v, 5, 0}, INK_SERIES);
	assert_string_equal(text_of(&c), " .:=@");
	canvas_init(&c, 20, GLYPHS_BRAILLE);
	chart_columns(&c, (struct rect){0, 0, 2, 2}, 1, (struct series){v, 5, 8}, INK_SERIES);
	assert_string_equal(text_of(&c), "            ██|   ▂▂ ▄▄ ██ ██");
	assert_int_equal(chart_squeeze(v, 6, 3, few), 3);
	assert_true(few[0] == 1 && few[1] == 6 && fabs(few[2] - 8.01) < 1e-12);
	assert_int_equal(chart_squeeze(v, 2, 3, few), 2);
	assert_true(few[0] == 0 && few[1] == 1);
}

static void dots(void **state)
{
	static const char *const corner[] = {"⢀⡀", "▗▖", "▄", "."};
	struct canvas c;
	for (int g = GLYPHS_BRAILLE; g <= GLYPHS_ASCII; g++) {
		struct dots d;
		dots_init(&d, 1, 2, g);
		dots_set(&d, d.dy - 1, d.dx - 1);
		if (d.dx == 2)
			dots_set(&d, d.dy - 1, d.dx);
		dots_set(&d, -1, 0);
		dots_set(&d, 0, 2 * d.dx);
		canvas_init(&c, 2, g);
		for (int x = 0; x < 2; x++)
			canvas_put(&c, 0, x, dots_char(&d, 0, x), INK_SERIES);
		dots_finish(&d);
		assert_string_equal(text_of(&c), corner[g]);
	}
}

static void lines(void **state)
{
	double v[] = {0, 4}, flat[] = {2, 2, 2};
	struct canvas c;
	canvas_init(&c, 4, GLYPHS_BRAILLE);
	chart_line(&c, (struct rect){0, 0, 2, 4}, (struct series){v, 2, 4}, INK_SERIES);
	assert_string_equal(text_of(&c), "  ⡠⠊|⡠⠊");
	canvas_init(&c, 4, GLYPHS_ASCII);
	chart_line(&c, (struct rect){0, 0, 2, 4}, (struct series){v, 2, 4}, INK_SERIES);
	assert_string_equal(text_of(&c), "  .'|.'");
	canvas_init(&c, 4, GLYPHS_BLOCK);
	chart_line(&c, (struct rect){0, 0, 1, 4}, (struct series){flat, 3, 4}, INK_SERIES);
	assert_string_equal(text_of(&c), "▄▄▄▄");
	/* Nothing to stand on: along the bottom, not a division by zero. */
	canvas_init(&c, 4, GLYPHS_BLOCK);
	chart_line(&c, (struct rect){0, 0, 1, 4}, (struct series){flat, 1, 0}, INK_SERIES);
	assert_string_equal(text_of(&c), "▄");
}

static void heat(void **state)
{
	struct canvas c;
	canvas_init(&c, 30, GLYPHS_ASCII);
	chart_heat(&c, (struct rect){0, 0, 1, 5}, (struct heat){0, STR("0"), false});
	chart_heat(&c, (struct rect){0, 5, 1, 5}, (struct heat){0.5, STR("12"), false});
	chart_heat(&c, (struct rect){0, 10, 1, 5}, (struct heat){1, STR("99"), true});
	chart_heat(&c, (struct rect){0, 15, 1, 5}, (struct heat){NAN, STR("-"), false});
	chart_heat(&c, (struct rect){0, 20, 1, 5}, (struct heat){0.5, STR("123456"), false});
	assert_int_equal(canvas_at(&c, 0, 0)->ink, INK_RAMP);
	assert_int_equal(canvas_at(&c, 0, 9)->ink, INK_RAMP + 5);
	assert_int_equal(canvas_at(&c, 0, 14)->ink, INK_RAMP + 9);
	assert_int_equal(canvas_at(&c, 0, 18)->ink, INK_DIM);
	assert_string_equal(text_of(&c), "   0 ++12+@?99@   - #####");
	canvas_init(&c, 40, GLYPHS_BRAILLE);
	chart_heat_legend(&c, (struct rect){0}, STR("0"), STR("9"));
	assert_string_equal(text_of(&c), "0   ░░░░░░▒▒▒▒▒▒▓▓▓▓██ 9");
}

static void texts(void **state)
{
	struct canvas c;
	canvas_init(&c, 10, GLYPHS_BRAILLE);
	assert_int_equal(
		canvas_text(&c, (struct rect){0, 0, 1, 5}, STR("kitchen"), INK_TEXT), 5);
	canvas_right(&c, (struct rect){0, 6, 1, 4}, STR("12"), INK_TEXT);
	canvas_text(&c, (struct rect){1, 0, 1, 3}, STR("日本語"),
		    INK_TEXT); /* half a character: none */
	canvas_right(&c, (struct rect){2, 0, 1, 3}, STR("12345"), INK_TEXT);
	canvas_text(&c, (struct rect){3, 8, 1, 9}, STR("edge"), INK_TEXT);
	assert_string_equal(text_of(&c), "kitc…   12|日…|###|        e…");
}

static void number(struct strbuf *b, const void *ctx, int i)
{
	strbuf_addf(b, "%s", ((const char *const *)ctx)[i]);
}

static void words(void **state)
{
	static const char *const months[] = {"April", "May", "June", "July"};
	double v[] = {812, 700, 1600, 1430}, flat[] = {100, 98};
	STRBUF(b);
	chart_words(&b, "views", v, 4, number, months);
	assert_string_equal(strbuf_c(&b), "views rise from 812 in April to 1,430 in July; "
			    "lowest 700 in May, highest 1,600 in June");
	strbuf_reset(&b);
	chart_words(&b, "carts", flat, 2, number, months);
	assert_non_null(strstr(strbuf_c(&b), "carts stay much the same from 100 in April"));
	strbuf_reset(&b);
	chart_words(&b, "carts", flat, 1, number, months);
	assert_string_equal(strbuf_c(&b), "carts: 100 in April");
	strbuf_reset(&b);
	chart_words(&b, "carts", flat, 0, number, months);
	assert_string_equal(strbuf_c(&b), "carts: nothing");
}

static void scatters(void **state)
{
	const float x[] = {0, 1, 1, 1, NAN}, y[] = {0, 1, 1, 1, 0};
	const uint8_t class[] = {3, 1, 2, 2, 0};
	struct scatter_view v;
	struct scatter s;
	struct canvas c;
	double px, py;
	int row, col;
	scatter_all(&v, x, y, 5);
	assert_true(fabs(v.x0 + 0.02) < 1e-6 && fabs(v.y1 - 1.02) < 1e-6);
	scatter_make(&s, 2, 4, GLYPHS_BRAILLE, &v, x, y, class, 5);
	assert_int_equal(s.inside, 4);
	assert_int_equal(s.most, 3);
	assert_int_equal(s.first[3], 1);
	assert_int_equal(s.class[3], 2);
	assert_true(scatter_cell(&s, (struct scatter_place){0}, &row, &col));
	assert_int_equal(row, 1);
	assert_int_equal(col, 0);
	scatter_point(&s, 1, 0, &px, &py);
	assert_true(px > -0.02 && px < 0.25 && py > -0.02 && py < 0.5);
	canvas_init(&c, 4, GLYPHS_BRAILLE);
	scatter_draw(&s, &c, (struct rect){0}, true);
	assert_int_equal(canvas_at(&c, 0, 3)->ink, INK_SERIES + 2);
	assert_int_equal(canvas_at(&c, 1, 0)->ink, INK_SERIES + 3);
	assert_string_equal(text_of(&c), "   ⠈|⡀");
	canvas_init(&c, 4, GLYPHS_BRAILLE);
	scatter_draw(&s, &c, (struct rect){0}, false);
	assert_int_equal(canvas_at(&c, 0, 3)->ink, INK_DENSITY + 9);
	assert_int_equal(canvas_at(&c, 1, 0)->ink, INK_DENSITY + 5);
	canvas_finish(&c);
	scatter_finish(&s);
	/* Where one cell has a crowd, one point is faint. */
	float crowd_x[40] = {0}, crowd_y[40] = {0};
	uint8_t crowd[40] = {0};
	crowd_x[0] = crowd_y[0] = 1;
	scatter_make(&s, 2, 4, GLYPHS_BRAILLE, &v, crowd_x, crowd_y, crowd, 40);
	canvas_init(&c, 4, GLYPHS_BRAILLE);
	scatter_draw(&s, &c, (struct rect){0}, true);
	assert_int_equal(canvas_at(&c, 0, 3)->ink, INK_FAINT);
	assert_int_equal(canvas_at(&c, 1, 0)->ink, INK_SERIES);
	canvas_finish(&c);
	scatter_finish(&s);
	/* Near enough, the others are gone; the point zoomed at stays. */
	scatter_zoom(&v, 1, 1, 0.1);
	scatter_make(&s, 2, 4, GLYPHS_ASCII, &v, x, y, NULL, 5);
	assert_int_equal(s.inside, 3);
	scatter_finish(&s);
	scatter_pan(&v, 2, 0);
	scatter_make(&s, 2, 4, GLYPHS_ASCII, &v, x, y, NULL, 5);
	assert_int_equal(s.inside, 0);
	scatter_finish(&s);
	/* All points in one place. */
	scatter_all(&v, x + 1, y + 1, 3);
	scatter_make(&s, 1, 3, GLYPHS_ASCII, &v, x + 1, y + 1, NULL, 3);
	assert_int_equal(s.inside, 3);
	scatter_finish(&s);
	scatter_all(&v, x, y, 0);
	scatter_make(&s, 1, 1, GLYPHS_ASCII, &v, x, y, NULL, 0);
	scatter_finish(&s);
}

UNIT_TESTS(chart, UNIT(bars), UNIT(sparks_and_columns), UNIT(dots), UNIT(lines), UNIT(heat),
	   UNIT(texts), UNIT(words), UNIT(scatters))
