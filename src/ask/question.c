/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A function per row of asks.def that names something of a store; ids are tried as typed,
 * and what isn't found comes back with what is near. */
#include "config.h"

#include "ask/question.h"

#include <assert.h>
#include <stdlib.h>

#include "ask/idlist.h"
#include "ask/pseudonym.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/time.h"
#include "model/model.h"
#include "query/filter.h"
#include "stats/live.h"
#include "store/store.h"
#include "vet/vetting.h"

struct question_own {
	uint32_t *basket;
	struct store *other;
	struct model *model, *reader;
	struct filter *where;
	struct vetting *vetting;
	struct past history;
	uint64_t *among;
};

struct question question_of(const struct store *s, const struct outlook *o)
{
	return (struct question){
		.store = s, .catalog = s ? store_catalog(s) : NULL, .outlook = o,
		.product = CATALOG_NONE, .with = CATALOG_NONE, .category = CATALOG_NONE,
		.user = CATALOG_NONE, .session = CATALOG_NONE,
	};
}

void question_finish(struct question *q)
{
	struct question_own *own = q->own;

	q->own = NULL;
	if (!own)
		return;
	filter_destroy(own->where);
	model_destroy(own->model);
	model_destroy(own->reader);
	vetting_destroy(own->vetting);
	past_finish(&own->history);
	free(own->among);
	store_destroy(own->other);
	free(own->basket);
	free(own);
}

/* --- one name */

static bool not_found(const char *what, struct str text, const struct nearest *near,
		      struct err *err)
{
	STRBUF(hint);

	if (near)
		nearest_hint(near, &hint);
	return err_fail(err, ERR_NO, "there is no %s '%.*s' in the store%s", what,
			STR_ARG(text), strbuf_c(&hint));
}

bool question_product(const struct store *s, struct str id, uint32_t *product, struct err *err)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t p = store_find(s, "product", id);
	struct nearest near;

	assert(product);
	if (p < cat->n_products) {
		*product = p;
		return true;
	}
	nearest_init(&near, id);
	for (uint32_t i = 0; i < cat->n_products && near.edits > 1; i++)
		nearest_try(&near, text_at(&cat->product_id, i));
	return not_found("product", id, &near, err);
}

static bool category_by_name(const struct store *s, struct str text, uint32_t *category,
			     struct err *err)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t c = catalog_category(cat, text);
	struct nearest near;

	if (c != CATALOG_NONE) {
		*category = c;
		return true;
	}
	nearest_init(&near, text);
	for (uint32_t i = 0; i < cat->n_categories; i++) {
		nearest_try(&near, text_at(&cat->category_path, i));
		nearest_try(&near, text_at(&cat->category_name, i));
	}
	return not_found("category", text, &near, err);
}

bool question_vectors(const struct store *s, struct str name, struct model **out,
		      struct err *err)
{
	SCOPED(model) m = NULL;
	STRBUF(names);
	STRBUF(only);
	unsigned n = models_named(s, (struct model_wanted){.flags = MODEL_VECTORS}, &names, &only);

	if (!name.ptr && n == 0)
		return err_fail(err, ERR_NO, "the store has no model with vectors: train one, as "
				"aisle train item2vec %s, or import some", store_path(s));
	if (!name.ptr && n > 1)
		return err_fail(err, ERR_USAGE, "which vectors? --model takes %s",
				strbuf_c(&names));
	if (!model_open(&m, s, name.ptr ? name.ptr : strbuf_c(&only), err))
		return false;
	if (!(m->class->flags & MODEL_VECTORS))
		return err_fail(err, ERR_USAGE, "model %s has no vectors%s%s", model_name(m),
				n ? "; these have: " : "", strbuf_c(&names));
	*out = m;
	m = NULL;
	return true;
}

bool question_where_failed(struct err *err)
{
	if (err && str_starts(str_from(err->text), STR("column ")))
		err_context(err, "--where");
	return false;
}

/* --- all of them */

/* The last one is the product of what takes one. */
static bool find_product(struct question *q, struct str text, struct err *err)
{
	const struct asked *a = &q->outlook->ask[ASK_PRODUCT];

	if (q->product != CATALOG_NONE)
		return true;
	q->own->basket = mem_alloc(a->n * sizeof *q->own->basket);
	for (unsigned i = 0; i < a->n; i++)
		if (!question_product(q->store, str_from(a->value[i]), &q->own->basket[i], err))
			return false;
	q->basket = q->own->basket;
	q->n_basket = a->n;
	q->product = q->basket[a->n - 1];
	return true;
}

static bool find_with(struct question *q, struct str text, struct err *err)
{
	return q->with != CATALOG_NONE || question_product(q->store, text, &q->with, err);
}

static bool find_other(struct question *q, struct str text, struct err *err)
{
	if (!q->other && !store_open(&q->own->other, text.ptr, err))
		return false;
	q->other = q->other ? q->other : q->own->other;
	return true;
}

static bool find_category(struct question *q, struct str text, struct err *err)
{
	return q->category != CATALOG_NONE ||
		category_by_name(q->store, text, &q->category, err);
}

static bool find_model(struct question *q, struct str text, struct err *err)
{
	if (q->model || str_is(text, MODEL_NONE))
		return true;
	if (!model_open(&q->own->model, q->store, text.ptr, err))
		return false;
	q->model = q->own->model;
	return true;
}

/* The trained model that reads words: "text", or the only one that does. */
static bool open_reader(const struct question *q, struct model **m, struct err *err)
{
	struct model_list l;
	STRBUF(name);

	models_of(q->store, &l);
	for (size_t i = 0; i < l.n; i++) {
		if (!l.at[i].class || !l.at[i].class->phrase ||
		    str_is(strbuf_str(&name), "text"))
			continue;
		strbuf_reset(&name);
		strbuf_adds(&name, l.at[i].name);
	}
	model_list_finish(&l);
	if (!name.len)
		return err_fail(err, ERR_NO, "the store has no model that reads words: train one, "
				"as aisle train text %s, or aisle train lsa, which needs no "
				"weights", store_path(q->store));
	return model_open(m, q->store, strbuf_c(&name), err);
}

static bool find_vectors(struct question *q, struct str text, struct err *err)
{
	bool words = !text.ptr && outlook_text(q->outlook, ASK_TEXT).ptr;

	if (q->model)
		return true;
	if (words ? !open_reader(q, &q->own->model, err) :
		    !question_vectors(q->store, text, &q->own->model, err))
		return false;
	q->model = q->own->model;
	return true;
}

static bool find_ranker(struct question *q, struct str text, struct err *err)
{
	const struct model *m;

	if (!find_model(q, text, err))
		return false;
	m = q->model;
	return !m || model_ranks(m->class) ||
		err_fail(err, ERR_USAGE, "%s ranks no products: %s", model_name(m),
			 m->class->title);
}

static bool find_reader(struct question *q, struct str text, struct err *err)
{
	if (!open_reader(q, &q->own->reader, err))
		return false;
	q->reader = q->own->reader;
	return true;
}

static bool find_history(struct question *q, struct str text, struct err *err)
{
	unsigned unknown;

	if (!idlist_past(&q->own->history, q->store, text.ptr, &unknown, err))
		return false;
	q->history = &q->own->history;
	q->ids_unknown += unknown;
	return true;
}

static bool find_among(struct question *q, struct str text, struct err *err)
{
	unsigned unknown;

	if (!idlist_set(&q->own->among, q->store, text.ptr, &unknown, err))
		return false;
	q->among = q->own->among;
	q->ids_unknown += unknown;
	return true;
}

bool question_live(const struct question *q, struct live **l, struct work work, struct err *err)
{
	assert(q->where && q->catalog);
	if (!q->counted || !live_is(q->counted, q->where, q->catalog))
		return live_create(l, q->where, q->catalog, work, err);
	*l = live_share(q->counted, work.pool);
	return true;
}

/* Decisions and rules of the store, unless neither is wanted. */
bool question_vetting(const struct question *q, struct vetting **kept, struct err *err)
{
	struct vetting_options o = {
		.mode = q->marked ? VETTING_MARKED : VETTING_NOT_REJECTED, .now = time_now(),
		.lenient = true, .aside = q->aside, .just_read = q->just_read,
	};
	struct str text = outlook_text(q->outlook, ASK_VERDICTS);
	bool rules = !str_is(outlook_text(q->outlook, ASK_RULES), "off");

	if (text.ptr)
		vetting_mode_parse(text, &o.mode);
	if (*kept && vetting_latest(*kept, q->store, rules, &o))
		return true;
	*kept = NULL;
	return (!rules && o.mode == VETTING_NONE) ||
	       vetting_open(kept, q->store, rules, &o, err);
}

static bool find_verdicts(struct question *q, struct str text, struct err *err)
{
	if (q->vetting)
		return true;
	if (!question_vetting(q, &q->own->vetting, err))
		return false;
	q->vetting = q->own->vetting;
	return true;
}

static bool find_user(struct question *q, struct str text, struct err *err)
{
	if (q->user == CATALOG_NONE)
		q->user = pseudonym_find_user(q->store, text);
	return q->user != CATALOG_NONE || not_found("user", text, NULL, err);
}

static bool find_session(struct question *q, struct str text, struct err *err)
{
	if (q->session == CATALOG_NONE)
		q->session = pseudonym_find_session(q->store, text);
	return q->session != CATALOG_NONE || not_found("session", text, NULL, err);
}

static bool find_where(struct question *q, struct str text, struct err *err)
{
	if (q->live || q->where || str_is(text, "none"))
		return true;
	if (!filter_parse(&q->own->where, text, err))
		return question_where_failed(err);
	q->where = q->own->where;
	return true;
}

/* Suggestions from the whole shop: no test of products is asked of them. */
static void widen_scope(struct question *q)
{
	struct filter *part = filter_part(q->own->where, ~(unsigned)FILTER_PRODUCT);

	filter_destroy(q->own->where);
	q->own->where = part;
	q->where = part;
}

static bool find_weights(struct question *q, struct str text, struct err *err)
{
	q->weighted = true;
	memcpy(q->weight, q->catalog->event_weight, sizeof q->weight);
	return str_is(text, "store") || event_weights_parse(text, q->weight, err);
}

static bool (*const find[ASK_IDS])(struct question *q, struct str text, struct err *err) = {
	[ASK_PRODUCT] = find_product,	[ASK_WITH] = find_with,
	[ASK_OTHER] = find_other,	[ASK_CATEGORY] = find_category,
	[ASK_MODEL] = find_model,	[ASK_VECTORS] = find_vectors,
	[ASK_USER] = find_user,		[ASK_SESSION] = find_session,
	[ASK_WHERE] = find_where,	[ASK_RANKER] = find_ranker,
	[ASK_WORDS] = find_reader,	[ASK_HISTORY] = find_history,
	[ASK_AMONG] = find_among,	[ASK_VERDICTS] = find_verdicts,
	[ASK_WEIGHTS] = find_weights,
};

bool outlook_resolve(struct question *q, uint64_t asks, struct err *err)
{
	assert(q->catalog);
	if (!q->own)
		q->own = mem_zalloc(sizeof *q->own);
	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		struct str text = outlook_text(q->outlook, i);
		bool wanted = text.ptr || i == ASK_VECTORS || i == ASK_VERDICTS;

		if (wanted && asks_take(asks, i) && find[i] && !find[i](q, text, err))
			return false;
	}
	if (q->weighted && q->model)
		return err_fail(err, ERR_USAGE, "--weights weighs counts: leave --model out");
	if (asks_take(asks, ASK_SCOPE) && q->own->where && asked_whole_shop(q->outlook))
		widen_scope(q);
	return true;
}
