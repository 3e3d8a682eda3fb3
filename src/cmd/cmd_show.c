/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle show VIEW STORE: prints any view. */
#include "config.h"

#include <limits.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/idlist.h"
#include "cmd/show.h"
#include "cmd/target.h"
#include "model/model.h"
#include "query/filter.h"
#include "view/pseudonym.h"
#include "view/view.h"

static const enum opt_id options[] = {
#define ASK(ident, ...) OPT_ID_##ident,
#define ASK_TOO(...)
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
	OPT_ID_FORMAT, OPT_IDS,
};

static bool find_view(struct str name, const struct view_class **c, struct err *err)
{
	*c = view_find(name);
	if (*c)
		return true;
	struct nearest near;
	STRBUF(hint);
	nearest_init(&near, name);
	for (const struct view_class *const *v = view_classes; *v; v++)
		nearest_try(&near, str_from((*v)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' is no view%s", STR_ARG(name),
			hint.len ? strbuf_c(&hint) : ": see aisle help show");
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

static unsigned find_column(const struct view_class *c, struct str name)
{
	unsigned i = 0;
	while (i < c->n_columns && !str_is(name, c->columns[i].key))
		i++;
	return i;
}

static bool parse_columns(const struct view_class *c, struct str list, uint64_t *mask,
			  struct err *err)
{
	struct str name;
	uint64_t m = 0;
	while (str_next(&list, ',', &name)) {
		unsigned i = find_column(c, str_trim(name));
		if (i == c->n_columns)
			return no_column(c, name, err);
		m |= UINT64_C(1) << i;
	}
	*mask = m;
	return true;
}

/* --- from what is asked to a request: a function per row of asks.def that needs one; views
 * read the others from the outlook */

struct filling {
	struct shown *shown;
	const struct view_class *class;
	const struct outlook *o;
	struct view_request *r;
	struct view_near near;
	struct str text;	/* of the ask */
};

/* COLUMN[:asc|:desc] */
static bool fill_sort(struct filling *f, struct err *err)
{
	const struct view_class *c = f->class;
	struct str name = f->text, way = STR_NULL;
	size_t colon = str_chr(name, ':');
	if (colon != SIZE_MAX) {
		way = str_span(name.ptr + colon + 1, name.len - colon - 1);
		name.len = colon;
	}
	unsigned i = find_column(c, name);
	if (i == c->n_columns)
		return no_column(c, name, err);
	bool ascending = c->columns[i].flags & COLUMN_ASCENDING;
	if (str_is(way, "asc"))
		f->r->reverse = !ascending;
	else if (str_is(way, "desc"))
		f->r->reverse = ascending;
	else if (colon != SIZE_MAX)
		return err_fail(err, ERR_USAGE, "sort %.*s by asc or desc, not '%.*s'",
				STR_ARG(name), STR_ARG(way));
	f->r->sort = c->columns[i].key;
	return true;
}

static bool fill_columns(struct filling *f, struct err *err)
{
	return parse_columns(f->class, f->text, &f->r->columns, err);
}

/* A panel has as many rows as are printed or left out. */
static bool fill_rows(struct filling *f, struct err *err)
{
	uint64_t rows = outlook_count(f->o, ASK_LIMIT, PANEL_ROWS) +
		outlook_count(f->o, ASK_OFFSET, 0);
	f->r->top = rows < 100000 ? (unsigned)rows : 100000;
	return true;
}

/* The last one is the product of views that take one. */
static bool fill_product(struct filling *f, struct err *err)
{
	const struct asked *a = &f->o->ask[ASK_PRODUCT];
	f->shown->basket = mem_alloc(a->n * sizeof *f->shown->basket);
	for (unsigned i = 0; i < a->n; i++)
		if (!target_product(f->r->store, str_from(a->value[i]), &f->shown->basket[i], err))
			return false;
	f->r->basket = f->shown->basket;
	f->r->n_basket = a->n;
	f->r->product = f->shown->basket[a->n - 1];
	return true;
}

static bool fill_with(struct filling *f, struct err *err)
{
	return target_product(f->r->store, f->text, &f->r->with, err);
}

static bool fill_other(struct filling *f, struct err *err)
{
	if (!store_open(&f->shown->other, f->text.ptr, err))
		return false;
	f->r->other = f->shown->other;
	f->r->other_name = f->text.ptr;
	return true;
}

static bool fill_category(struct filling *f, struct err *err)
{
	return target_category(f->r->store, f->text, &f->r->category, err);
}

static bool fill_relation(struct filling *f, struct err *err)
{
	f->r->has_relation = relation_parse(f->text, &f->r->relation);
	return true;
}

static bool fill_same(struct filling *f, struct err *err)
{
	same_category_parse(f->text, &f->r->same);
	return true;
}

/* None is opened for "panel", the built-in one; near wants vectors. */
static bool fill_model(struct filling *f, struct err *err)
{
	return asks_take(f->class->asks, ASK_TO) || str_is(f->text, TARGET_PANEL) ||
		model_open(&f->shown->model, f->r->store, f->text.ptr, err);
}

static bool fill_user(struct filling *f, struct err *err)
{
	f->r->user = pseudonym_find_user(f->r->store, f->text);
	return f->r->user != CATALOG_NONE ||
		err_fail(err, ERR_NO, "there is no user '%.*s' in the store",
			 STR_ARG(f->text));
}

static bool fill_session(struct filling *f, struct err *err)
{
	f->r->session = pseudonym_find_session(f->r->store, f->text);
	return f->r->session != CATALOG_NONE ||
		err_fail(err, ERR_NO, "there is no session '%.*s' in the store",
			 STR_ARG(f->text));
}

static bool fill_show_users(struct filling *f, struct err *err)
{
	f->r->show_users = true;
	return true;
}

static bool fill_level(struct filling *f, struct err *err)
{
	f->r->level = (unsigned)outlook_count(f->o, ASK_LEVEL, UINT_MAX);
	return true;
}

static bool fill_baskets(struct filling *f, struct err *err)
{
	f->r->multi = str_is(f->text, "multi");
	return true;
}

static bool fill_where(struct filling *f, struct err *err)
{
	if (!target_filter(f->text, &f->shown->where, err))
		return false;
	f->r->where = f->shown->where;
	return true;
}

static bool fill_to(struct filling *f, struct err *err)
{
	f->near.sum = f->text;
	f->r->near = &f->near;
	return target_vectors(f->r->store, outlook_text(f->o, ASK_MODEL), &f->shown->model, err);
}

static bool fill_text(struct filling *f, struct err *err)
{
	f->near.text = f->text;
	f->r->near = &f->near;
	if (!asks_take(f->class->asks, ASK_TO))
		return target_reader(f->r->store, &f->shown->reader, err);
	return f->shown->model ||
	       target_vectors(f->r->store, outlook_text(f->o, ASK_MODEL), &f->shown->model, err);
}

static bool fill_history(struct filling *f, struct err *err)
{
	unsigned unknown;

	if (!idlist_past(&f->shown->history, f->r->store, f->text.ptr, &unknown, err))
		return false;
	f->r->history = &f->shown->history;
	f->r->ids_unknown += unknown;
	return true;
}

static bool fill_among(struct filling *f, struct err *err)
{
	unsigned unknown;

	if (!idlist_set(&f->shown->among, f->r->store, f->text.ptr, &unknown, err))
		return false;
	f->r->among = f->shown->among;
	f->r->ids_unknown += unknown;
	return true;
}

static bool fill_metric(struct filling *f, struct err *err)
{
	metric_parse(f->text, &f->near.metric);
	return true;
}

static bool (*const fill[ASK_IDS])(struct filling *f, struct err *err) = {
	[ASK_PRODUCT] = fill_product,	[ASK_WITH] = fill_with,
	[ASK_OTHER] = fill_other,	[ASK_CATEGORY] = fill_category,
	[ASK_RELATION] = fill_relation, [ASK_SAME_CATEGORY] = fill_same,
	[ASK_MODEL] = fill_model,	[ASK_USER] = fill_user,
	[ASK_SESSION] = fill_session,	[ASK_SHOW_USERS] = fill_show_users,
	[ASK_LEVEL] = fill_level,	[ASK_BASKETS] = fill_baskets,
	[ASK_SORT] = fill_sort,
	[ASK_LIMIT] = fill_rows,	[ASK_OFFSET] = fill_rows,
	[ASK_COLUMNS] = fill_columns,	[ASK_WHERE] = fill_where,
	[ASK_TO] = fill_to,		[ASK_METRIC] = fill_metric,
	[ASK_TEXT] = fill_text,		[ASK_HISTORY] = fill_history,
	[ASK_AMONG] = fill_among,
};

static bool fill_request(struct filling *f, struct err *err)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		f->text = outlook_text(f->o, i);
		if (f->text.ptr && fill[i] && !fill[i](f, err))
			return false;
	}
	return true;
}

/* What was typed, and of what was set what the view takes; see args_fit for the rest. */
static void take_outlook(struct outlook *o, const struct view_class *c, const struct args *a)
{
	uint64_t asks = view_asks(c);
	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		enum opt_id id = opt_find(options, str_from(ask_table[i].name));
		/* Filters and orders are refused by views that take none. */
		bool takes = asks_take(asks, i) ||
			(args_typed(a, id) && (i == ASK_WHERE || i == ASK_SORT));
		if (takes && args_given(a, id))
			for (unsigned k = 0; k < args_values(a, id); k++)
				outlook_add(o, i, args_value(a, id, k));
	}
}

bool show_open(struct shown **out, const struct store *store, const struct args *a,
	       unsigned threads, struct job *job, struct err *err)
{
	const struct view_class *class;
	if (!find_view(args_operand(a, 0), &class, err) ||
	    !args_fit(a, view_asks(class), class->name, err))
		return false;
	SCOPED(shown) s = mem_zalloc(sizeof *s);
	struct view_request r = {
		.store = store, .catalog = store_catalog(store), .outlook = &s->outlook,
		.product = CATALOG_NONE,
		.with = CATALOG_NONE, .category = CATALOG_NONE, .user = CATALOG_NONE,
		.session = CATALOG_NONE, .level = UINT_MAX, .job = job,
	};
	struct filling f = {.shown = s, .class = class, .o = &s->outlook, .r = &r};
	take_outlook(&s->outlook, class, a);
	if (!fill_request(&f, err))
		return false;
	r.model = s->model;
	r.reader = s->reader;
	if (s->where)
		r.pool = s->pool = pool_create(threads);
	if (!view_open(&s->view, class, &r, job, err))
		return s->where ? target_filter_failed(err) : false;
	*out = s;
	s = NULL;
	return true;
}

void shown_destroy(struct shown *s)
{
	if (!s)
		return;
	view_destroy(s->view);
	model_destroy(s->model);
	model_destroy(s->reader);
	past_finish(&s->history);
	free(s->among);
	filter_destroy(s->where);
	pool_destroy(s->pool);
	store_destroy(s->other);
	free(s->basket);
	outlook_finish(&s->outlook);
	free(s);
}

static bool show_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	const struct view_class *class;
	const struct store *s;
	SCOPED(store) owned = NULL;
	SCOPED(shown) shown = NULL;
	enum format format = FORMAT_TEXT;
	if (!find_view(args_operand(a, 0), &class, err) ||
	    !target_store(env, args_operand(a, 1).ptr, &owned, &s, err) ||
	    !show_open(&shown, s, a, env->threads, env->job, err))
		return false;
	format_parse(args_text(a, OPT_ID_FORMAT), &format);
	uint64_t limit = args_text(a, OPT_ID_LIMIT).ptr ? args_count(a, OPT_ID_LIMIT)
							: UINT64_MAX;
	return view_write(shown->view, format, args_count(a, OPT_ID_OFFSET), limit, env->out,
			  err);
}

static uint64_t asks(struct str name)
{
	const struct view_class *c = view_find(name);
	return c ? view_asks(c) : UINT64_MAX;
}

static void show_topics(void (*add)(void *ctx, const char *name, const char *text),
			void *ctx)
{
	for (const struct view_class *const *v = view_classes; *v; v++)
		add(ctx, (*v)->name, (*v)->summary);
}

static void show_complete(struct cmd_env *env, unsigned n, struct str prefix,
			  void (*add)(void *ctx, struct str word), void *ctx)
{
	for (const struct view_class *const *v = view_classes; n == 0 && *v; v++)
		if (str_starts(str_from((*v)->name), prefix))
			add(ctx, str_from((*v)->name));
}

const struct command cmd_show = {
	.name = "show",
	.operands = "VIEW STORE",
	.min_operands = 2,
	.max_operands = 2,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_LIVE,
	.options = options,
	.asks = asks,
	.summary = "Print a view: what the explorer shows, as text or data.",
	.help = "The columns of a view are listed by aisle help VIEW. In the formats tsv "
		"and csv the first line names them; json is one object with the keys view, "
		"note and rows, jsonl one object per row. tsv writes a tab, a line end and a "
		"backslash inside a value as \\t, \\n and \\\\. An empty value was not counted "
		"or is not defined. Ids are text.",
	.topics_title = "Views",
	.topics = show_topics,
	.run = show_run,
	.complete = show_complete,
};
