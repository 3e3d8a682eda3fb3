/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts are kept in the view's arena as label, value, exact value and target. */
#include "config.h"

#include "view/facts.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "view/cells.h"

const struct column facts_columns[FACT_COLUMNS] = {
	[FACT_SECTION] = {"section", "section", CELL_TEXT, 10, 0, COLUMN_DATA,
		"what the field is about"},
	[FACT_HEADING] = {"heading", "", CELL_TEXT, 10, 0, COLUMN_PEOPLE,
		"the section, in its first row"},
	[FACT_FIELD] = {"field", "", CELL_TEXT, 16, 0, 0, "name of the field"},
	[FACT_VALUE] = {"value", "value", CELL_TEXT, 20, 0, COLUMN_DATA,
		"its exact value as text"},
	[FACT_LOW] = {"low", "low", CELL_TEXT, 8, 0, COLUMN_DATA,
		"lower end of its 95% interval"},
	[FACT_HIGH] = {"high", "high", CELL_TEXT, 8, 0, COLUMN_DATA,
		"upper end of its 95% interval"},
	[FACT_SHOWN] = {"shown", "", CELL_TEXT, 40, 0, COLUMN_MAIN | COLUMN_PEOPLE,
		"its value as people read it"},
};

void facts_init(struct facts *f, const struct catalog *cat)
{
	*f = (struct facts){.arena = arena_create(), .cat = cat, .section = ""};
}

void facts_close(void *state)
{
	struct facts *f = state;
	arena_destroy(f->arena);
	free(f->at);
}

uint64_t facts_count(const void *state)
{
	return ((const struct facts *)state)->n;
}

void facts_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct facts *f = state;
	const struct fact *x = &f->at[i];
	bool first = i == 0 || strcmp(f->at[i - 1].section, x->section) != 0;
	cells[FACT_SECTION] = cell_text(str_from(x->section));
	cells[FACT_HEADING] = cell_text(first ? str_from(x->section) : STR(""));
	cells[FACT_FIELD] = cell_text(x->field);
	cells[FACT_VALUE] = x->value.len ? cell_text(x->value) : cell_empty();
	cells[FACT_LOW] = x->low.len ? cell_text(x->low) : cell_empty();
	cells[FACT_HIGH] = x->high.len ? cell_text(x->high) : cell_empty();
	cells[FACT_SHOWN] = cell_text(x->shown);
}

uint32_t facts_product(const void *state, uint64_t i)
{
	return ((const struct facts *)state)->at[i].product;
}

void facts_target(const void *state, uint64_t i, struct view_target *t)
{
	t->user = ((const struct facts *)state)->at[i].user;
}

struct fact *facts_add(struct facts *f, const char *field, struct str value,
		       struct str shown)
{
	MEM_GROW(f->at, f->cap, f->n + 1);
	f->at[f->n] = (struct fact){
		.section = f->section,
		.field = arena_str(f->arena, str_from(field)),
		.value = arena_str(f->arena, value),
		.shown = arena_str(f->arena, shown),
		.product = CATALOG_NONE,
		.user = CATALOG_NONE,
	};
	return &f->at[f->n++];
}

struct fact *facts_text(struct facts *f, const char *field, struct str text)
{
	return facts_add(f, field, text, text);
}

struct fact *facts_number(struct facts *f, const char *field, uint64_t n,
			  const char *fmt, ...)
{
	STRBUF(exact);
	STRBUF(shown);
	num_add_integer(&exact, (int64_t)n);
	num_add_grouped(&shown, (int64_t)n);
	if (fmt) {
		va_list ap;
		va_start(ap, fmt);
		strbuf_addc(&shown, ' ');
		strbuf_vaddf(&shown, fmt, ap);
		va_end(ap);
	}
	return facts_add(f, field, strbuf_str(&exact), strbuf_str(&shown));
}

static void add_shown(struct strbuf *b, double x, bool share)
{
	static const struct column real = {.type = CELL_REAL, .digits = 4};
	static const struct column large = {.type = CELL_REAL, .digits = 2};
	static const struct column percent = {.type = CELL_SHARE, .digits = 1};
	struct cell c = cell_real(x);
	view_add_cell(b, share ? &percent : fabs(x) < 1 ? &real : &large, &c, NULL);
}

static struct str exact(struct facts *f, double x)
{
	STRBUF(b);
	if (!isnan(x))
		num_add_exact(&b, x);
	return arena_str(f->arena, strbuf_str(&b));
}

struct fact *facts_real(struct facts *f, const char *field, struct bounded b, bool share)
{
	STRBUF(shown);
	if (isnan(b.x))
		strbuf_adds(&shown, "-");
	else
		add_shown(&shown, b.x, share);
	if (!isnan(b.x) && !isnan(b.low) && !isnan(b.high)) {
		strbuf_adds(&shown, "  95%: ");
		add_shown(&shown, b.low, share);
		strbuf_adds(&shown, " to ");
		add_shown(&shown, b.high, share);
	}
	struct fact *x_row = facts_add(f, field, exact(f, b.x), strbuf_str(&shown));
	x_row->low = exact(f, b.low);
	x_row->high = exact(f, b.high);
	return x_row;
}

void facts_chance(struct facts *f, const char *field, double p)
{
	static const struct column chance = {.type = CELL_REAL, .digits = 4,
					     .flags = COLUMN_CHANCE};
	struct cell c = cell_real(p);
	STRBUF(shown);
	view_add_cell(&shown, &chance, &c, f->cat);
	facts_add(f, field, exact(f, p), strbuf_str(&shown));
}

void facts_time(struct facts *f, const char *field, int64_t ms)
{
	STRBUF(value);
	STRBUF(shown);
	if (ms == TIME_NONE)
		return;
	if (f->cat->caps & CAP_UNDATED) {
		facts_missing(f, field, "this store has no days: its log has no times");
		return;
	}
	time_add_rfc3339(&value, ms);
	time_add_date(&shown, catalog_clock(f->cat, ms));
	facts_add(f, field, strbuf_str(&value), strbuf_str(&shown));
}

void facts_missing(struct facts *f, const char *field, const char *why)
{
	facts_add(f, field, STR(""), str_from(why));
}
