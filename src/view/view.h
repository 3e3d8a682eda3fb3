/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view: rows of typed cells for every screen and for `aisle show`. */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <jansson.h>

#include "ask/question.h"
#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "base/work.h"
#include "panel/panel.h"
#include "store/catalog.h"

struct job;
struct out;
struct page;
struct pool;
struct press;
struct sketch;

enum cell_type {
	CELL_TEXT,
	CELL_ID,	/* text, never shortened in data formats, never a number */
	CELL_COUNT,	/* integer */
	CELL_REAL,	/* column.digits after the point for people */
	CELL_SHARE,	/* 0..1; people see per cent */
	CELL_MONEY,	/* units of catalog.price_scale */
	CELL_REVENUE,	/* units of catalog.revenue_scale */
	CELL_TIME,	/* ms; RFC 3339 in data formats */
};

struct cell {
	bool empty;	/* undefined: "" in tsv and csv, null in json, "-" for people */
	bool at_most;	/* nothing less can be measured: people read "<" before it */
	union {
		struct str text;	/* borrowed from the view or the store */
		int64_t count;		/* CELL_COUNT, CELL_MONEY, CELL_REVENUE, CELL_TIME */
		double real;
	};
};

enum column_flag {
	COLUMN_DATA = 1 << 0,	/* in data formats only */
	COLUMN_SORT = 1 << 1,	/* the view can sort by it */
	COLUMN_MAIN = 1 << 2,	/* the identifying column: frozen, gets spare width */
	COLUMN_ASCENDING = 1 << 3,	/* sorts A to Z first; others: the largest first */
	COLUMN_PEOPLE = 1 << 4,	/* not in data formats: another form of their columns */
	COLUMN_SPARE = 1 << 5,	/* the first to go where the screen is narrow */
	COLUMN_SHOP = 1 << 7,	/* a time of the log: its days are the shop's, and there is
				 * none where the log has none */
	COLUMN_CHANCE = 1 << 6,	/* a probability: never shown to people as 0 */
};

struct column {
	const char *key;	/* in tsv, csv, json: a contract */
	const char *title;	/* heading for people */
	enum cell_type type;
	unsigned width;		/* cells it wants */
	unsigned digits;
	unsigned flags;
	const char *help;	/* a sentence with the unit, for help and the manual */
};

/* What to show; begin with .about = question_of(store, outlook). */
struct view_request {
	struct question about;	/* view_open finds what isn't set; a filter of live serves several
				   views (the caller's); else the view makes its own */
	bool where_some;	/* tests that the view doesn't take are let be */
	bool pane;		/* of the explorer: what a pane doesn't show needn't be made, and
				   what takes long may be left to view_later */
	bool partly;		/* its first rows will do for a while: see view_is_partial */
	double seconds;		/* that more of them may take then */
	const json_t *run;	/* of leaderboard: this one; NULL: those of the store */
	const struct vetting *verdicts;	/* that mark rows (view_mark); NULL: none do */
	struct pool *pool;	/* counts what is filtered; NULL: one thread */
	struct job *job;	/* may stop view_write; NULL: nothing does */
};

/* Tests that a view takes in a filter (as enum filter_class). */
enum view_where {
	WHERE_PRODUCTS = 1 << 0,
	WHERE_EVENTS = 1 << 1 | 1 << 3,	/* and sessions */
	WHERE_ROWS = 1 << 2,
};

struct board;
struct vetting;
struct view;
struct view_more;

/* What a row is about and Enter follows; CATALOG_NONE: not that. With `with` the pair
 * (product, with), with `to` the pair of categories (category, to). */
struct view_target {
	uint32_t product, with, category, to, user, session;
	bool audit;	/* drawn at random: a decision on it tells how good lists are */
};

/*
 * A view is a file vw_NAME.c that defines `const struct view_class vw_NAME` and
 * a row VIEW(NAME) in views.def. Rows are made when asked for; an instance may
 * be opened in one thread and read in another (not both at once).
 */
struct view_class {
	const char *name;
	const char *summary;	/* for help: one sentence */
	uint64_t asks;		/* what it takes and needs, as MUST(PRODUCT) | MAY(MODEL); see
				   view_asks for the rest */
	unsigned where;		/* enum view_where: what a filter may test */
	unsigned parts;		/* enum live_part: what it wants made under a filter; the
				   request's catalog is live_catalog then */
	unsigned n_columns;
	const struct column *columns;
	size_t size;		/* of the instance's own state, zeroed */
	bool (*open)(struct view *v, void *state, struct job *job, struct err *err);
	void (*close)(void *state);	/* NULL: nothing to release */
	uint64_t (*count)(const void *state);
	/* See view_is_partial, or NULL: more rows, behind those that are there. */
	bool (*partial)(const void *state);
	bool (*grow)(struct view *v, void *state, struct work work, struct err *err);
	/* cells (n_columns); texts may be put in the view's arena. */
	void (*row)(struct view *v, void *state, uint64_t i, struct cell *cells);
	/* What Enter follows: a product or a category, or CATALOG_NONE. */
	uint32_t (*product)(const void *state, uint64_t i);
	uint32_t (*category)(const void *state, uint64_t i);
	/* The command that Enter on it runs in the explorer, appended; NULL: none. */
	void (*line)(const void *state, uint64_t i, struct strbuf *b);
	/* More than those two, or NULL; *t is filled with what they say. */
	void (*target)(const void *state, uint64_t i, struct view_target *t);
	/* See view_mark; NULL: verdicts on the row's pair say it. */
	char (*mark)(const void *state, uint64_t i);
	/* Its charts (view/page.h) and the same in sentences; NULL: it has none. */
	void (*page)(struct view *v, void *state, struct page *p);
	void (*words)(struct view *v, void *state, struct strbuf *b);

	bool fixed;		/* its rows are an account: no column orders them */
	bool best;		/* its rows are the best of more, so that columns that it can't
				   sort by itself order nothing */
	/* Names beside its columns that order its rows, with all candidates, by its own doing;
	 * then NULL (a name that is a column needs COLUMN_SORT); and whether one of them or an
	 * attribute of c (NULL: none) does, *up as it usually goes. NULL: there are none. */
	const char *const *const *sorts;
	bool (*sorts_by)(const struct catalog *c, struct str name, bool *up);
	bool pooled;		/* opening it is work for all cores */
	bool decides;		/* a row is a suggestion to be decided on: the pair of its target
				   in the panel that is asked for */
	bool many;		/* it is about all products that are given, not the last */

	/* --- as a pane of the explorer; all may be NULL */
	const char *title;
	/* As a sheet of boxes (view/board.h); where there is too little room its columns are. */
	void (*board)(struct view *v, void *state, struct board *b);
	/* The row where the `by`-th thing after it begins that rows belong to. */
	uint64_t (*jump)(const void *state, uint64_t row, int64_t by);
	/* Draws itself (view/sketch.h); else its columns are. */
	void (*draw)(struct view *v, void *state, struct sketch *s);
	/* What the row under the cursor says: the evidence as a sentence, behind a line break
	 * the same in few words (or neither), and what it is. */
	void (*say)(struct view *v, void *state, uint64_t row, struct strbuf *sentence,
		    struct strbuf *what);
	/* Keys of its own (enum press_did of view/press.h). */
	unsigned (*key)(struct view *v, void *state, struct press *p);
	/* The row of a category, unfolded; UINT64_MAX: it isn't there. */
	uint64_t (*reveal)(void *state, uint32_t category);
	/* It takes the place of another of its class: keep what a person did to that. */
	void (*inherit)(struct view *v, void *state, const struct view *from, const void *old);
	/* See view_later: fills what is made of some rows, later_size each; puts it in place. */
	size_t later_size;
	bool (*later)(const void *state, struct view_more *more, struct work work,
		      struct err *err);
	void (*settle)(void *state, const struct view_more *more);
};

extern const struct view_class *const view_classes[];	/* views.def, then NULL */
const struct view_class *view_find(struct str name);
/* All that it takes: its asks; what every view takes; where and sort if it can. */
uint64_t view_asks(const struct view_class *c);

/* Copies the request and its outlook; all else that it points to must outlive the view
 * (where: this call). Errors: those of outlook_resolve; ERR_USAGE for a column that it hasn't
 * or can't be sorted by, an ask that is missing or a filter that it doesn't take; those of
 * live_create, ERR_CANCELLED, ERR_NOMEM. */
bool view_open(struct view **v, const struct view_class *c,
	       const struct view_request *r, struct job *job, struct err *err);
void view_destroy(struct view *v);
SCOPED_DEFINE(view)

const struct view_class *view_class_of(const struct view *v);
/* What it was asked, found in the store; its outlook is the view's own. */
const struct question *view_question(const struct view *v);
const struct view_request *view_request_of(const struct view *v);
/* A column that goes from A to Z, or from the least on, unless it is turned. */
bool column_ascends(const struct column *c);
/* Its rows are products that an attribute of theirs may order. */
bool view_sorts_attributes(const struct view_class *c);
/* The i-th name beside its columns that views of the class may be sorted by in that store; NULL:
 * there are no more. Takes *i further. */
const char *view_next_sort(const struct view_class *c, const struct catalog *cat, unsigned *i);
/* Views of the class may be sorted by the column or attribute of that name. */
bool view_sorts_by(const struct view_class *c, const struct catalog *cat, struct str name);
/* The column that it is sorted by, as its class spells it, the name of an attribute, or NULL:
 * its own order; turned: the other way round than that column usually goes. */
const char *view_sort(const struct view *v);
bool view_turned(const struct view *v);
/* Bit i: column i is wanted; 0: all. Others may be left empty, which makes long tables
 * quick. */
uint64_t view_columns(const struct view *v);
uint64_t view_count(const struct view *v);
/* Opened partly, it has only its first rows, view_count of them. Opened again with what was kept
 * of it (question.reviewed) it has more, and so after view_reach: at least `rows` where there
 * are so many. */
bool view_is_partial(const struct view *v);
bool view_reach(struct view *v, uint64_t rows, struct err *err);
/* The view with those n rows alone, to be written: all else is borrowed from v, which is not
 * used meanwhile and not changed. */
struct view *view_some(const struct view *v, const uint64_t *row, uint64_t n);
void view_some_destroy(struct view *some);
/* See view_class.say; nothing where it says nothing. */
void view_say(struct view *v, uint64_t i, struct strbuf *sentence, struct strbuf *what);
/* The text of --sort for one of its columns, turned or not. */
void view_add_sort(const struct view_class *c, const char *column, bool turned,
		   struct strbuf *b);
/* Fill cells; texts stay valid until the next call of view_row on v. */
void view_row(struct view *v, uint64_t i, struct cell *cells);
uint32_t view_product(const struct view *v, uint64_t i);
/* Appends the command that Enter on the row runs; false: it runs none. */
bool view_line(const struct view *v, uint64_t i, struct strbuf *b);
void view_target(const struct view *v, uint64_t i, struct view_target *t);
/* What people decided of the suggestion that the row is: A approved, P pinned, R rejected,
 * . skipped, 0 nothing or none of these. */
char view_mark(const struct view *v, uint64_t i);
/* Why it is empty, what it fell back to, what was counted; "" if nothing. */
const char *view_note(const struct view *v);
/* For implementations: set the note; memory that dies with the next row. */
void view_set_note(struct view *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct arena *view_arena(struct view *v);

/* See view_class.jump; i where the class has none. */
uint64_t view_jump(const struct view *v, uint64_t i, int64_t by);
uint64_t view_reveal(struct view *v, uint32_t category);
void view_inherit(struct view *v, const struct view *from);

/* Opened for a pane, its rows may say more after more work, as ranks back. view_later makes
 * that for some rows and changes nothing else: the view may be read meanwhile. view_settle, in
 * the thread that reads it, puts it in place and frees it. */
struct view_more {
	unsigned n;
	uint64_t *row;		/* (n) as the view's state counts them */
	void *made;		/* (n) of later_size */
};
bool view_is_later(const struct view *v);
/* Of rows [first, first + n), as far as there are so many. */
struct view_more *view_more_create(const struct view *v, uint64_t first, unsigned n);
bool view_later(const struct view *v, struct view_more *more, struct work work,
		struct err *err);
void view_settle(struct view *v, struct view_more *more);
void view_more_destroy(struct view_more *more);
/* For implementations, while opening. */
void view_set_later(struct view *v);

enum format {
	FORMAT_TEXT,
	FORMAT_TSV,
	FORMAT_CSV,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_CHART,	/* text, where a view has no chart */
	FORMAT_WORDS,
};
const char *format_name(enum format f);
bool format_parse(struct str s, enum format *f);

/* Append one cell as people read it, without padding: 4,812, 33.20, 12.3%. */
void view_add_cell(struct strbuf *b, const struct column *c, const struct cell *cell,
		   const struct catalog *cat);
/* A row in words, without its number: what it is called, then a label before each value. */
void view_add_sentence(struct view *v, uint64_t i, struct strbuf *b);
/* Print rows [offset, offset + limit). text fits the terminal's width. */
bool view_write(struct view *v, enum format f, uint64_t offset, uint64_t limit,
		struct out *out, struct err *err);

#endif
