/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks a request against its class and opens a view. */
#include "config.h"

#include "view/view.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "query/filter.h"
#include "stats/live.h"
#include "view/view_impl.h"

struct view {
	const struct view_class *class;
	struct view_request request;
	char *sort;
	void *state;
	struct arena *arena;
	struct live *own;	/* made for this view */
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
	uint64_t asks = c->asks | MAY(LIMIT) | MAY(OFFSET) | MAY(COLUMNS);

	for (unsigned i = 0; i < c->n_columns; i++)
		if (c->columns[i].flags & COLUMN_SORT)
			asks |= MAY(SORT);
	return c->where ? asks | MAY(WHERE) : asks;
}

static bool needs_check(const struct view_class *c, const struct view_request *r,
			struct err *err)
{
	const bool given[ASK_IDS] = {
		[ASK_PRODUCT] = r->product != CATALOG_NONE,
		[ASK_WITH] = r->with != CATALOG_NONE,
		[ASK_OTHER] = r->other,
		[ASK_CATEGORY] = r->category != CATALOG_NONE,
		[ASK_USER] = r->user != CATALOG_NONE,
		[ASK_SESSION] = r->session != CATALOG_NONE,
		[ASK_TO] = r->near,
	};

	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_need(c->asks, i) && !given[i])
			return err_fail(err, ERR_USAGE, "%s needs %s: --%s %s", c->name,
					ask_table[i].what, ask_table[i].name,
					ask_table[i].value);
	return !r->sort || sort_check(c, r->sort, err);
}

/* What the filter leaves takes the catalog's place. */
static bool narrow(struct view *v, struct job *job, struct err *err)
{
	struct view_request *r = &v->request;
	if (!r->live && r->where) {
		if (!live_create(&v->own, r->where, r->catalog, r->pool, job, err))
			return false;
		r->live = v->own;
	}
	r->where = NULL;
	if (!r->live)
		return true;
	if (!r->where_some &&
	    !filter_check(live_filter(r->live), v->class->where, v->class->name, err))
		return false;
	if (!live_need(r->live, v->class->parts, job, err))
		return false;
	r->catalog = live_catalog(r->live);
	return true;
}

/* The filter, and what is counted in. */
static void note_filter(struct view *v)
{
	struct live *l = v->request.live;
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

bool view_open(struct view **out, const struct view_class *c,
	       const struct view_request *r, struct job *job, struct err *err)
{
	if (!needs_check(c, r, err) || 
	    (!r->live && r->where && !filter_check(r->where, c->where, c->name, err)))
		return false;
	SCOPED(view) v = mem_zalloc(sizeof *v);
	v->class = c;
	v->request = *r;
	if (r->sort)
		v->request.sort = v->sort = mem_strdup(r->sort);
	v->state = mem_zalloc(c->size);
	v->arena = arena_create();
	if (!narrow(v, job, err) || !c->open(v, v->state, job, err))
		return false;
	v->request.near = NULL;
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
	free(v->state);
	free(v->sort);
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

uint64_t view_count(const struct view *v)
{
	return v->class->count(v->state);
}

void view_row(struct view *v, uint64_t i, struct cell *cells)
{
	arena_reset(v->arena);
	memset(cells, 0, v->class->n_columns * sizeof *cells);
	v->class->row(v, v->state, i, cells);
}

uint32_t view_product(const struct view *v, uint64_t i)
{
	return v->class->product ? v->class->product(v->state, i) : CATALOG_NONE;
}

uint32_t view_category(const struct view *v, uint64_t i)
{
	return v->class->category ? v->class->category(v->state, i) : CATALOG_NONE;
}

void view_target(const struct view *v, uint64_t i, struct view_target *t)
{
	*t = (struct view_target){view_product(v, i), CATALOG_NONE, view_category(v, i),
				  CATALOG_NONE, CATALOG_NONE, CATALOG_NONE};
	if (v->class->target)
		v->class->target(v->state, i, t);
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

struct live *view_live(const struct view *v)
{
	return v->request.live;
}

struct arena *view_arena(struct view *v)
{
	return v->arena;
}
