/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle show VIEW STORE: prints any view. */
#include "config.h"

#include <limits.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/show.h"
#include "cmd/target.h"
#include "model/model.h"
#include "query/filter.h"
#include "view/pseudonym.h"
#include "view/view.h"

static const enum opt_id options[] = {
	OPT_ID_PRODUCT, OPT_ID_WITH, OPT_ID_CATEGORY, OPT_ID_RELATION,
	OPT_ID_SAME_CATEGORY, OPT_ID_MODEL, OPT_ID_USER, OPT_ID_SESSION, OPT_ID_SHOW_USERS,
	OPT_ID_CLUSTER, OPT_ID_COLOUR,
	OPT_ID_LEVEL, OPT_ID_BASKETS, OPT_ID_SORT, OPT_ID_LIMIT, OPT_ID_OFFSET,
	OPT_ID_COLUMNS, OPT_ID_FORMAT, OPT_ID_WHERE, OPT_ID_TO, OPT_ID_METRIC, OPT_IDS,
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

/* COLUMN[:asc|:desc]; *sort gets the column's key. */
static bool parse_sort(const struct view_class *c, struct str text,
		       struct view_request *r, struct err *err)
{
	struct str name = text, way = STR_NULL;
	size_t colon = str_chr(text, ':');
	if (colon != SIZE_MAX) {
		name.len = colon;
		way = str_span(text.ptr + colon + 1, text.len - colon - 1);
	}
	unsigned i = find_column(c, name);
	if (i == c->n_columns)
		return no_column(c, name, err);
	bool ascending = c->columns[i].flags & COLUMN_ASCENDING;
	if (str_is(way, "asc"))
		r->reverse = !ascending;
	else if (str_is(way, "desc"))
		r->reverse = ascending;
	else if (colon != SIZE_MAX)
		return err_fail(err, ERR_USAGE, "sort %.*s by asc or desc, not '%.*s'",
				STR_ARG(name), STR_ARG(way));
	r->sort = c->columns[i].key;
	return true;
}

static unsigned panel_rows(const struct args *a)
{
	if (!args_given(a, OPT_ID_LIMIT) && !args_given(a, OPT_ID_OFFSET))
		return 0;
	uint64_t limit = args_given(a, OPT_ID_LIMIT) ? args_count(a, OPT_ID_LIMIT)
		: PANEL_ROWS;
	uint64_t rows = limit + args_count(a, OPT_ID_OFFSET);
	return rows < 100000 ? (unsigned)rows : 100000;
}

/* Every --product; the last one is the product of views that take one. */
static bool find_products(struct shown *s, struct view_request *r, const struct args *a,
			  struct err *err)
{
	unsigned n = args_values(a, OPT_ID_PRODUCT);
	s->basket = mem_alloc((n + 1) * sizeof *s->basket);
	for (unsigned i = 0; i < n; i++)
		if (!target_product(r->store, args_value(a, OPT_ID_PRODUCT, i), &s->basket[i],
				    err))
			return false;
	r->basket = s->basket;
	r->n_basket = n;
	r->product = n ? s->basket[n - 1] : CATALOG_NONE;
	return true;
}

/* A product, or with NEED_OTHER another store. */
static bool find_with(struct shown *s, struct view_request *r, const struct view_class *c,
		      const struct args *a, struct err *err)
{
	struct str with = args_text(a, OPT_ID_WITH);
	if (!args_given(a, OPT_ID_WITH))
		return true;
	if (!(c->needs & NEED_OTHER))
		return target_product(r->store, with, &r->with, err);
	if (!store_open(&s->other, with.ptr, err))
		return false;
	r->other = s->other;
	r->other_name = with.ptr;
	return true;
}

static bool find_user(struct view_request *r, const struct args *a, struct err *err)
{
	struct str user = args_text(a, OPT_ID_USER), session = args_text(a, OPT_ID_SESSION);
	if (args_given(a, OPT_ID_USER)) {
		r->user = pseudonym_find_user(r->store, user);
		if (r->user == CATALOG_NONE)
			return err_fail(err, ERR_NO, "there is no user '%.*s' in the store",
					STR_ARG(user));
	}
	if (args_given(a, OPT_ID_SESSION)) {
		r->session = pseudonym_find_session(r->store, session);
		if (r->session == CATALOG_NONE)
			return err_fail(err, ERR_NO, "there is no session '%.*s' in the "
					"store", STR_ARG(session));
	}
	return true;
}

static bool fill_request(struct shown *shown, struct view_request *r,
			 const struct view_class *c, const struct store *s,
			 const struct args *a, struct err *err)
{
	r->store = s;
	r->catalog = store_catalog(s);
	r->product = r->with = r->category = r->user = r->session = CATALOG_NONE;
	r->show_users = args_flag(a, OPT_ID_SHOW_USERS);
	r->level = args_given(a, OPT_ID_LEVEL) ? (unsigned)args_count(a, OPT_ID_LEVEL)
					       : UINT_MAX;
	r->cluster = args_given(a, OPT_ID_CLUSTER) ? (uint32_t)args_count(a, OPT_ID_CLUSTER)
						   : 0;
	r->colour = args_given(a, OPT_ID_COLOUR) ? args_text(a, OPT_ID_COLOUR) : STR_NULL;
	r->multi = str_is(args_text(a, OPT_ID_BASKETS), "multi");
	r->top = panel_rows(a);
	same_category_parse(args_text(a, OPT_ID_SAME_CATEGORY), &r->same);
	r->has_relation = relation_parse(args_text(a, OPT_ID_RELATION), &r->relation);
	if (args_given(a, OPT_ID_SORT) &&
	    !parse_sort(c, args_text(a, OPT_ID_SORT), r, err))
		return false;
	if (args_given(a, OPT_ID_COLUMNS) &&
	    !parse_columns(c, args_text(a, OPT_ID_COLUMNS), &r->columns, err))
		return false;
	if (!find_products(shown, r, a, err) || !find_with(shown, r, c, a, err))
		return false;
	if (!find_user(r, a, err))
		return false;
	return !args_given(a, OPT_ID_CATEGORY) ||
		target_category(s, args_text(a, OPT_ID_CATEGORY), &r->category, err);
}

/* A setting for what follows says nothing to views that take no filter. */
static bool parse_where(const struct args *a, const struct view_class *c,
			struct filter **where, struct err *err)
{
	if (!c->where && !args_typed(a, OPT_ID_WHERE))
		return true;
	return target_filter(args_text(a, OPT_ID_WHERE), where, err);
}

/* None is opened for "panel", the built-in one. */
static bool open_model(struct model **m, const struct view_class *c, const struct store *s,
		       const struct args *a, struct err *err)
{
	struct str name = args_text(a, OPT_ID_MODEL);
	if (c->needs & NEED_MODELS)	/* several: the view opens them */
		return true;
	if (c->needs & NEED_NEAR)
		return !args_given(a, OPT_ID_TO) || target_vectors(s, name, m, err);
	return !name.ptr || str_is(name, TARGET_PANEL) || model_open(m, s, name.ptr, err);
}

bool show_open(struct shown **out, const struct store *store, const struct args *a,
	       unsigned threads, struct job *job, struct err *err)
{
	const struct view_class *class;
	struct view_request r = {.job = job};
	SCOPED(shown) s = mem_zalloc(sizeof *s);
	if (!find_view(args_operand(a, 0), &class, err) ||
	    !fill_request(s, &r, class, store, a, err) ||
	    !open_model(&s->model, class, store, a, err) ||
	    !parse_where(a, class, &s->where, err))
		return false;
	r.model = s->model;
	r.models = args_given(a, OPT_ID_MODEL) ? args_text(a, OPT_ID_MODEL) : STR_NULL;
	struct view_near near = {.sum = args_text(a, OPT_ID_TO)};
	metric_parse(args_text(a, OPT_ID_METRIC), &near.metric);
	if (near.sum.ptr)
		r.near = &near;
	if (s->where) {
		r.where = s->where;
		r.pool = s->pool = pool_create(threads);
	}
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
	filter_destroy(s->where);
	pool_destroy(s->pool);
	store_destroy(s->other);
	free(s->basket);
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
