/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a pane that read alike, counted on real stores at four sizes: names must tell what
 * they name apart. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "screen.h"
#include "../unit/unit.h"

#define COLUMNS 256
#define ROWS 64		/* of a pane */
#define PRODUCTS 6	/* that are selected one after the other */

/* Names in the pane whose left side stands before that column. */
struct pane_rows {
	char *name[ROWS];
	unsigned n;
};

struct count {
	unsigned rows, alike;
};

static void forget(struct pane_rows *p)
{
	for (unsigned i = 0; i < p->n; i++)
		free(p->name[i]);
	p->n = 0;
}

static bool is_bar(uint32_t c)
{
	return c >= 0x2580 && c <= 0x259f;
}

/* What the row is called: behind flags, marks and bars, before two spaces or a bar. */
static struct str name_of(struct str line)
{
	size_t at = 0, end, next;
	uint32_t c = ' ';

	for (next = 0; next < line.len; at = next) {
		next = at;
		c = utf8_next(line, &next);
		if (c != ' ' && c != 0x203a && c != 0x25b8 && !is_bar(c) &&
		    !(c == '1' && at == 0))
			break;
	}
	for (end = next = at; next < line.len; end = next) {
		c = utf8_next(line, &next);
		if (is_bar(c) || str_starts(str_span(line.ptr + end, line.len - end), STR("  ")))
			break;
	}
	return str_trim(str_span(line.ptr + at, end - at));
}

static void take(struct pane_rows *p, struct str s, struct count *count)
{
	bool twin = false;

	if (!s.len || p->n == ROWS)
		return;
	for (unsigned i = 0; i < p->n; i++)
		twin |= str_is(s, p->name[i]);
	count->rows++;
	count->alike += twin;
	p->name[p->n++] = strndup(s.ptr, s.len);
}

/* A line: its parts between the sides of frames; where there is none, a pane has ended. */
static void look_at(struct pane_rows *pane, struct str line, struct count *count)
{
	bool here[COLUMNS] = {false};
	size_t at = 0, from = 0;
	int x = 0, start = 0;

	while (at < line.len) {
		size_t next = at;
		uint32_t c = utf8_next(line, &next);

		if (c == 0x2502 || c == 0x2551) {
			if (at > from && start > 0) {
				here[start] = true;
				take(&pane[start], name_of(str_span(line.ptr + from, at - from)),
				     count);
			}
			from = next;
			start = x + 1 < COLUMNS ? x + 1 : 0;
		}
		x += utf8_width(c);
		at = next;
	}
	for (int k = 0; k < COLUMNS; k++)
		if (!here[k])
			forget(&pane[k]);
}

static void count_screen(struct screen *s, int rows, struct count *count)
{
	static struct pane_rows pane[COLUMNS];

	for (int y = 1; y < rows - 2; y++)
		look_at(pane, str_from(screen_row(s, y)), count);
	for (int k = 0; k < COLUMNS; k++)
		forget(&pane[k]);
}

static void count_store(const char *store, struct count *all)
{
	static const int sizes[][2] = {{24, 80}, {30, 100}, {40, 120}, {60, 200}};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct count n = {0, 0};
		struct screen *s = screen_start(&(struct screen_options){
			.store = store, .rows = sizes[i][0], .cols = sizes[i][1]});

		for (int k = 0; k < PRODUCTS; k++) {
			count_screen(s, sizes[i][0], &n);
			screen_press(s, "j");
		}
		print_message("# %dx%d: %u of %u rows read like another one\n", sizes[i][1],
			      sizes[i][0], n.alike, n.rows);
		all->rows += n.rows;
		all->alike += n.alike;
		screen_stop(s);
	}
}

static void test_stores(void **state)
{
	static const struct {
		const char *set, *files[2];
	} logs[] = {
		{"clickstream", {"clickstream/e-shop clothing 2008.csv"}},
		{"hm", {"hm/articles.csv", "hm/transactions_train_lastweek.csv"}},
		{"mkechinov", {"mkechinov/2019-Oct-head.csv"}},
		{"mkechinov-orders", {"mkechinov-jewelry/jewelry.csv"}},
		{"retailrocket", {"retailrocket/events.csv"}},
	};
	const char *data = getenv("AISLE_TEST_DATA");
	struct count all = {0, 0};

	(void)state;
	if (!data)
		skip();
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		char *store = screen_store(), more[512], file[512];
		const char *words[8] = {"import", logs[i].set, file, NULL};
		unsigned n = 3;

		snprintf(file, sizeof file, "%s/%s", data, logs[i].files[0]);
		if (logs[i].files[1]) {
			snprintf(more, sizeof more, "%s/%s", data, logs[i].files[1]);
			words[n++] = more;
		}
		words[n++] = "--into";
		words[n++] = store;
		words[n] = NULL;
		screen_run(words);
		print_message("# %s\n", logs[i].set);
		count_store(store, &all);
		screen_remove(store);
	}
	print_message("# %u of %u rows\n", all.alike, all.rows);
	assert_true(all.rows > 2000);
	assert_true(all.alike * 200 <= all.rows);
}

UNIT_TESTS(alike, UNIT(test_stores))
