/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks a request against its class and opens a view. */
#include "config.h"

#include "view/view.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/num.h"
#include "query/filter.h"
#include "stats/live.h"
#include "view/pick.h"
#include "view/press.h"
#include "view/view_impl.h"

struct view {
	const struct view_class *class;
	struct view_request request;
	struct outlook outlook;
	const char *sort;	/* key of a column, an attribute, or NULL */
	char *attribute;
	bool turned;
	uint64_t columns;
	void *state;
	struct arena *arena;
	struct live *own;	/* made for this view */
	struct sort_key key[PICK_KEYS];	/* of --sort, where rows are picked by it */
	unsigned keys;
	uint64_t *pick;		/* (picked) rows of the class's own, or NULL: all */
	uint64_t picked;
	bool later;		/* view_later has something to say */
	char note[1024];
};

static bool sort_check(const struct view_class *c, const char *sort, struct err *err)
{
	STRBUF(can);
	for (unsigned i = 0; i < c->n_columns; i++) {
		const struct column *col = &c->columns[i];
		if (!(col->flags & COLUMN_SORT))
			continue;
		if (strcmp(col->key, sort) == 0)
			return true;
		strbuf_adds(&can, can.len ? ", " : "");
		strbuf_adds(&can, col->key);
	}
	if (!can.len)
		return err_fail(err, ERR_USAGE, "%s has an order of its own and can't be "
				"sorted", c->name);
	return err_fail(err, ERR_USAGE, "%s can't be sorted by '%s', only by %s", c->name,
			sort, strbuf_c(&can));
}

uint64_t view_asks(const struct view_class *c)
{
	uint64_t asks = c->asks | MAY(LIMIT) | MAY(OFFSET) | MAY(COLUMNS) | MAY(HAVING);

	for (unsigned i = 0; i < c->n_columns && !c->fixed; i++)
		if (!c->best || c->sorts_by || c->columns[i].flags & COLUMN_SORT)
			asks |= MAY(SORT);
	return c->where ? asks | MAY(WHERE) : asks;
}

static unsigned find_column(const struct view_class *c, struct str name)
{
	unsigned i = 0;

	while (i < c->n_columns && !str_is(name, c->columns[i].key))
		i++;
	return i;
}

/* Attributes of products order tables of products too; they come behind the columns. */
static unsigned find_attribute(const struct view_class *c, const struct catalog *cat,
			       struct str name)
{
	uint32_t a = 0, n = view_sorts_attributes(c) && cat->product_attribute ?
			    cat->n_attributes : 0;

	while (a < n && !str_eq(text_at(&cat->attribute_name, a), name))
		a++;
	return c->n_columns + (a < n ? a : UINT32_MAX - c->n_columns);
}

static bool no_column(const struct view_class *c, struct str name, struct err *err)
{
	struct nearest near;
	STRBUF(hint);

	nearest_init(&near, name);
	for (unsigned i = 0; i < c->n_columns; i++)
		nearest_try(&near, str_from(c->columns[i].key));
	nearest_hint(&near, &hint);
	if (!hint.len)
		strbuf_addf(&hint, ": see aisle help %s", c->name);
	return err_fail(err, ERR_USAGE, "%s has no column '%.*s'%s", c->name, STR_ARG(name),
			strbuf_c(&hint));
}

/* How a name usually goes: c->n_columns is what is no column. */
static bool goes_up(const struct view_class *c, unsigned column, struct str name)
{
	bool up = true;

	if (column < c->n_columns)
		return column_ascends(&c->columns[column]);
	if (c->sorts_by)
		c->sorts_by(NULL, name, &up);
	return up;
}

void view_add_sort(const struct view_class *c, const char *column, bool turned,
		   struct strbuf *b)
{
	struct str name = str_from(column);

	strbuf_adds(b, column);
	if (turned)
		strbuf_adds(b, goes_up(c, find_column(c, name), name) ? ":desc" : ":asc");
}

static bool read_columns(struct view *v, struct err *err)
{
	struct str list = outlook_text(&v->outlook, ASK_COLUMNS), name;

	while (list.ptr && str_next(&list, ',', &name)) {
		unsigned i = find_column(v->class, str_trim(name));

		if (i == v->class->n_columns)
			return no_column(v->class, name, err);
		v->columns |= UINT64_C(1) << i;
	}
	return true;
}

bool column_ascends(const struct column *c)
{
	return c->flags & COLUMN_ASCENDING || c->type == CELL_TEXT || c->type == CELL_ID;
}

bool view_sorts_attributes(const struct view_class *c)
{
	return (c->product && !c->best && !c->fixed) || c->sorts_by;
}

const char *view_next_sort(const struct view_class *c, const struct catalog *cat, unsigned *i)
{
	bool up;

	assert(i);
	while (c->sorts && (*c->sorts)[*i]) {
		struct str name = str_from((*c->sorts)[(*i)++]);

		if (find_column(c, name) == c->n_columns && c->sorts_by(cat, name, &up))
			return name.ptr;
	}
	return NULL;
}

/* A name that is no column orders its rows. */
static bool sorts_beside(const struct view_class *c, const struct catalog *cat, struct str name)
{
	unsigned i = 0;
	bool up;

	while ((*c->sorts)[i] && !str_is(name, (*c->sorts)[i]))
		i++;
	return c->sorts_by(cat, name, &up) && ((*c->sorts)[i] || !c->sorts_by(NULL, name, &up));
}

bool view_sorts_by(const struct view_class *c, const struct catalog *cat, struct str name)
{
	unsigned i = find_column(c, name);

	if (i == c->n_columns && c->sorts_by)
		return sorts_beside(c, cat, name);
	return i == c->n_columns ? find_attribute(c, cat, name) != UINT32_MAX :
	       (!c->best && !c->fixed) || c->columns[i].flags & COLUMN_SORT;
}

static bool ascends(const struct view_class *c, unsigned column)
{
	return column >= c->n_columns || column_ascends(&c->columns[column]);
}

/* Does the class order its rows by that column, or may any? */
static bool orders(const struct view_class *c, unsigned column, struct err *err)
{
	return (!c->best && !c->fixed) || sort_check(c, c->columns[column].key, err);
}

static void keep_name(struct view *v, struct str name)
{
	free(v->attribute);
	v->attribute = mem_zalloc(name.len + 1);
	memcpy(v->attribute, name.ptr, name.len);
	v->sort = v->attribute;
}

/* The class orders by all of them itself; the first is what the view is sorted by. */
static bool read_own_sort(struct view *v, struct err *err)
{
	const struct view_class *c = v->class;
	struct str rest = outlook_text(&v->outlook, ASK_SORT);
	struct sort sort;

	while (rest.ptr && rest.len) {
		unsigned i;
		bool up;

		if (!sort_next(&rest, &sort, err))
			return false;
		i = find_column(c, sort.column);
		if (i < c->n_columns ? !sort_check(c, c->columns[i].key, err) :
		    !sorts_beside(c, v->request.about.catalog, sort.column) &&
		    !no_column(c, sort.column, err))
			return false;
		if (v->sort)
			continue;
		if (i < c->n_columns)
			v->sort = c->columns[i].key;
		else
			keep_name(v, sort.column);
		up = goes_up(c, i, sort.column);
		v->turned = sort.way == (up ? SORT_DESCENDING : SORT_ASCENDING);
	}
	return true;
}

/* One key that the class knows is its own matter; rows are picked by others. */
static bool read_sort(struct view *v, struct err *err)
{
	const struct view_class *c = v->class;
	struct str rest = outlook_text(&v->outlook, ASK_SORT);
	struct sort sort;

	if (c->sorts_by)
		return read_own_sort(v, err);
	while (rest.ptr && rest.len) {
		struct sort_key *k = &v->key[v->keys];

		if (v->keys == PICK_KEYS)
			return err_fail(err, ERR_USAGE, "--sort takes at most %d columns",
					PICK_KEYS);
		if (!sort_next(&rest, &sort, err))
			return false;
		k->column = find_column(c, sort.column);
		if (k->column == c->n_columns)
			k->column = find_attribute(c, v->request.about.catalog, sort.column);
		if (k->column == UINT32_MAX)
			return no_column(c, sort.column, err);
		if (k->column < c->n_columns && !orders(c, k->column, err))
			return false;
		k->up = sort.way == SORT_USUAL ? ascends(c, k->column)
					       : sort.way == SORT_ASCENDING;
		v->keys++;
	}
	if (!v->keys || v->key[0].column >= c->n_columns ||
	    !(c->columns[v->key[0].column].flags & COLUMN_SORT))
		return true;
	v->sort = c->columns[v->key[0].column].key;
	v->turned = v->key[0].up != column_ascends(&c->columns[v->key[0].column]);
	v->keys = v->keys > 1 ? v->keys : 0;
	return true;
}

static void name_sort(struct view *v, unsigned column)
{
	const struct catalog *c = v->request.about.catalog;
	unsigned n = v->class->n_columns;

	if (column < n)
		v->sort = v->class->columns[column].key;
	else
		keep_name(v, text_at(&c->attribute_name, column - n));
}

/* By the columns of the view, when it is open. */
static bool pick(struct view *v, struct job *job, struct err *err)
{
	struct str having = outlook_text(&v->outlook, ASK_HAVING);

	if (having.ptr && !pick_having(v, having, &v->pick, &v->picked, job, err))
		return false;
	if (!v->keys)
		return true;
	if (!pick_sorted(v, v->key, v->keys, &v->pick, &v->picked, job, err))
		return false;
	name_sort(v, v->key[0].column);
	v->turned = v->key[0].up != ascends(v->class, v->key[0].column);
	return true;
}

static bool needs_check(const struct view *v, struct err *err)
{
	const struct question *q = &v->request.about;
	const bool found[ASK_IDS] = {
		[ASK_PRODUCT] = q->product != CATALOG_NONE,
		[ASK_WITH] = q->with != CATALOG_NONE,
		[ASK_OTHER] = q->other,
		[ASK_CATEGORY] = q->category != CATALOG_NONE,
		[ASK_USER] = q->user != CATALOG_NONE,
		[ASK_SESSION] = q->session != CATALOG_NONE,
	};

	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_need(v->class->asks, i) && !found[i] && !outlook_asks(q->outlook, i))
			return err_fail(err, ERR_USAGE, "%s needs %s: --%s %s", v->class->name,
					ask_table[i].what, ask_table[i].name,
					ask_table[i].value);
	return true;
}

/* What the filter leaves takes the catalog's place. */
static bool narrow(struct view *v, struct job *job, struct err *err)
{
	struct question *q = &v->request.about;

	if (!q->live && q->where) {
		if (!filter_check(q->where, v->class->where, v->class->name, err) ||
		    !question_live(q, &v->own, (struct work){v->request.pool, job}, err))
			return question_where_failed(err);
		q->live = v->own;
	}
	q->where = NULL;
	if (!q->live)
		return true;
	if (!v->request.where_some &&
	    !filter_check(live_filter(q->live), v->class->where, v->class->name, err))
		return false;
	if (!live_need(q->live, v->class->parts, job, err))
		return false;
	q->catalog = live_catalog(q->live);
	return true;
}

/* The filter, and what is counted in. */
static void note_filter(struct view *v)
{
	struct live *l = v->request.about.live;
	STRBUF(b);
	if (!l)
		return;
	strbuf_addf(&b, "%s%sWhere %s", v->note, v->note[0] ? " " : "",
		    filter_text(live_filter(l)));
	if (live_cuts(l)) {
		strbuf_adds(&b, ": counted in the ");
		num_add_grouped(&b, (int64_t)live_sessions(l));
		strbuf_adds(&b, " sessions with such events");
	}
	strbuf_addc(&b, '.');
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool find_asked(struct view *v, struct err *err)
{
	/* a filter that it doesn't take is refused by narrow */
	return outlook_resolve(&v->request.about, view_asks(v->class) | MAY(WHERE), err) &&
		read_sort(v, err) && read_columns(v, err) && needs_check(v, err);
}

bool view_open(struct view **out, const struct view_class *c,
	       const struct view_request *r, struct job *job, struct err *err)
{
	SCOPED(view) v = mem_zalloc(sizeof *v);

	assert(c->open && c->count && c->row);
	v->class = c;
	v->request = *r;
	if (r->about.outlook)
		outlook_copy(&v->outlook, r->about.outlook);
	v->request.about.outlook = &v->outlook;
	v->request.about.own = NULL;	/* of the caller, if anyone's */
	/* rows that are picked are picked of all */
	v->request.partly &= !outlook_asks(&v->outlook, ASK_HAVING);
	v->state = mem_zalloc(c->size);
	v->arena = arena_create();
	if (!find_asked(v, err) || !narrow(v, job, err) || !c->open(v, v->state, job, err) ||
	    !pick(v, job, err))
		return false;
	note_filter(v);
	*out = v;
	v = NULL;
	return true;
}

void view_destroy(struct view *v)
{
	if (!v)
		return;
	if (v->class->close)
		v->class->close(v->state);
	live_destroy(v->own);
	arena_destroy(v->arena);
	question_finish(&v->request.about);
	outlook_finish(&v->outlook);
	free(v->pick);
	free(v->attribute);
	free(v->state);
	free(v);
}

const struct view_class *view_class_of(const struct view *v)
{
	return v->class;
}

const struct view_request *view_request_of(const struct view *v)
{
	return &v->request;
}

const struct question *view_question(const struct view *v)
{
	return &v->request.about;
}

const char *view_sort(const struct view *v)
{
	return v->sort;
}

bool view_turned(const struct view *v)
{
	return v->turned;
}

uint64_t view_columns(const struct view *v)
{
	return v->columns;
}

uint64_t view_count(const struct view *v)
{
	return v->pick ? v->picked : v->class->count(v->state);
}

bool view_is_partial(const struct view *v)
{
	return !v->pick && v->class->partial && v->class->partial(v->state);
}

bool view_reach(struct view *v, uint64_t rows, struct err *err)
{
	struct work work = {v->request.pool, v->request.job};

	while (view_is_partial(v) && view_count(v) < rows) {
		if (!v->class->grow(v, v->state, work, err))
			return false;
		note_filter(v);
	}
	return true;
}

/* Of a log without times there are only made up ones, which order its events. */
static void hide_days(const struct view *v, struct cell *cells)
{
	const struct view_class *c = v->class;

	if (!(v->request.about.catalog->caps & CAP_UNDATED))
		return;
	for (unsigned k = 0; k < c->n_columns; k++)
		if (c->columns[k].flags & COLUMN_SHOP)
			cells[k] = (struct cell){.empty = true};
}

void view_row(struct view *v, uint64_t i, struct cell *cells)
{
	assert(i < view_count(v));
	arena_reset(v->arena);
	memset(cells, 0, v->class->n_columns * sizeof *cells);
	v->class->row(v, v->state, view_state_row(v, i), cells);
	hide_days(v, cells);
}

uint32_t view_product(const struct view *v, uint64_t i)
{
	return v->class->product ? v->class->product(v->state, view_state_row(v, i)) : CATALOG_NONE;
}

static uint32_t view_category(const struct view *v, uint64_t i)
{
	return v->class->category ? v->class->category(v->state, view_state_row(v, i))
				  : CATALOG_NONE;
}

bool view_line(const struct view *v, uint64_t i, struct strbuf *b)
{
	assert(i < view_count(v));
	if (!v->class->line)
		return false;
	v->class->line(v->state, view_state_row(v, i), b);
	return true;
}

void view_target(const struct view *v, uint64_t i, struct view_target *t)
{
	assert(i < view_count(v));
	*t = (struct view_target){view_product(v, i), CATALOG_NONE, view_category(v, i),
				  CATALOG_NONE, CATALOG_NONE, CATALOG_NONE};
	if (v->class->target)
		v->class->target(v->state, view_state_row(v, i), t);
}

const char *view_note(const struct view *v)
{
	return v->note;
}

void view_set_note(struct view *v, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(v->note, sizeof v->note, fmt, ap);
	va_end(ap);
}

void *view_state(struct view *v)
{
	return v->state;
}

struct arena *view_arena(struct view *v)
{
	return v->arena;
}

void view_say(struct view *v, uint64_t i, struct strbuf *sentence, struct strbuf *what)
{
	if (v->class->say && i < view_count(v))
		v->class->say(v, v->state, view_state_row(v, i), sentence, what);
}

uint64_t view_state_row(const struct view *v, uint64_t i)
{
	return v->pick ? v->pick[i] : i;
}

struct view *view_some(const struct view *v, const uint64_t *row, uint64_t n)
{
	struct view *some = mem_dup(v, sizeof *v);

	some->pick = mem_alloc((n + 1) * sizeof *some->pick);
	for (uint64_t i = 0; i < n; i++)
		some->pick[i] = view_state_row(v, row[i]);
	some->picked = n;
	return some;
}

void view_some_destroy(struct view *some)
{
	free(some->pick);
	free(some);
}

/* --- as a pane */

uint64_t view_jump(const struct view *v, uint64_t i, int64_t by)
{
	return v->class->jump && !v->pick ? v->class->jump(v->state, i, by) : i;
}

uint64_t view_reveal(struct view *v, uint32_t category)
{
	return v->class->reveal ? v->class->reveal(v->state, category) : UINT64_MAX;
}

void view_inherit(struct view *v, const struct view *from)
{
	if (v->class->inherit && v->class == from->class)
		v->class->inherit(v, v->state, from, from->state);
}

enum press_did view_press(struct view *v, struct press *p)
{
	return v->class->key ? v->class->key(v, v->state, p) : DID_PASS;
}

void press_finish(struct press *p)
{
	strbuf_finish(&p->said);
	strbuf_finish(&p->term);
	strbuf_finish(&p->chip);
}

void view_set_later(struct view *v)
{
	assert(v->class->later && v->class->settle);
	v->later = true;
}

bool view_is_later(const struct view *v)
{
	return v->later;
}

void view_more_destroy(struct view_more *more)
{
	if (!more)
		return;
	free(more->row);
	free(more->made);
	free(more);
}

struct view_more *view_more_create(const struct view *v, uint64_t first, unsigned n)
{
	uint64_t count = view_count(v);
	struct view_more *more = mem_zalloc(sizeof *more);

	more->n = first >= count ? 0 : count - first < n ? (unsigned)(count - first) : n;
	more->row = mem_alloc((more->n + 1) * sizeof *more->row);
	more->made = mem_zalloc((more->n + 1) * v->class->later_size);
	for (unsigned i = 0; i < more->n; i++)
		more->row[i] = view_state_row(v, first + i);
	return more;
}

bool view_later(const struct view *v, struct view_more *more, struct work work,
		struct err *err)
{
	return v->class->later(v->state, more, work, err);
}

void view_settle(struct view *v, struct view_more *more)
{
	v->class->settle(v->state, more);
	view_more_destroy(more);
}
