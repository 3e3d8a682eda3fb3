/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids are tried as typed; what isn't found comes back with what is near. */
#include "config.h"

#include "cmd/target.h"

#include "cmd/cmd.h"
#include "model/model.h"
#include "query/filter.h"
#include "store/catalog.h"

bool target_store(struct cmd_env *env, const char *path, struct store **owned,
		  const struct store **s, struct err *err)
{
	if (env->store && strcmp(path, store_path(env->store)) == 0) {
		*s = env->store;
		return true;
	}
	if (!store_open(owned, path, err))
		return false;
	*s = *owned;
	return true;
}

static bool not_found(const char *what, struct str text, const struct nearest *near,
		      struct err *err)
{
	STRBUF(hint);
	nearest_hint(near, &hint);
	return err_fail(err, ERR_NO, "there is no %s '%.*s' in the store%s", what,
			STR_ARG(text), strbuf_c(&hint));
}

bool target_product(const struct store *s, struct str id, uint32_t *product,
		    struct err *err)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t p = store_find(s, "product", id);
	if (p < cat->n_products) {
		*product = p;
		return true;
	}
	struct nearest near;
	nearest_init(&near, id);
	for (uint32_t i = 0; i < cat->n_products && near.edits > 1; i++)
		nearest_try(&near, text_at(&cat->product_id, i));
	return not_found("product", id, &near, err);
}

bool target_category(const struct store *s, struct str text, uint32_t *category,
		     struct err *err)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t c = catalog_category(cat, text);
	if (c != CATALOG_NONE) {
		*category = c;
		return true;
	}
	struct nearest near;
	nearest_init(&near, text);
	for (uint32_t i = 0; i < cat->n_categories; i++) {
		nearest_try(&near, text_at(&cat->category_path, i));
		nearest_try(&near, text_at(&cat->category_name, i));
	}
	return not_found("category", text, &near, err);
}

/* The names of the models with vectors; the only one is copied to *only. */
static unsigned list_vectors(const struct store *s, struct strbuf *names, struct strbuf *only)
{
	struct model_list l;
	unsigned n = 0;
	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++) {
		if (!l.at[i].class || !(l.at[i].class->flags & MODEL_VECTORS))
			continue;
		strbuf_addf(names, "%s%s", n++ ? ", " : "", l.at[i].name);
		strbuf_reset(only);
		strbuf_adds(only, l.at[i].name);
	}
	model_list_finish(&l);
	return n;
}

bool target_vectors(const struct store *s, struct str name, struct model **out,
		    struct err *err)
{
	SCOPED(model) m = NULL;
	STRBUF(names);
	STRBUF(only);
	unsigned n = list_vectors(s, &names, &only);
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

bool target_reader(const struct store *s, struct model **out, struct err *err)
{
	struct model_list l;
	STRBUF(name);
	unsigned n = 0;

	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++) {
		if (!l.at[i].class || !l.at[i].class->phrase ||
		    str_is(strbuf_str(&name), "text"))
			continue;
		n++;
		strbuf_reset(&name);
		strbuf_adds(&name, l.at[i].name);
	}
	model_list_finish(&l);
	if (!n)
		return err_fail(err, ERR_NO, "the store has no model that reads words: train one, "
				"as aisle train text %s", store_path(s));
	return model_open(out, s, strbuf_c(&name), err);
}

/* Clusters (made by fit) rank on request, but aren't offered: they tell groups apart. */
static bool offered(const struct model_entry *e)
{
	return e->class && model_ranks(e->class) && !e->class->fit;
}

bool target_model(const struct store *s, struct str name, struct err *err)
{
	SCOPED(model) m = NULL;
	STRBUF(text);
	strbuf_add(&text, name);
	if (str_is(name, TARGET_PANEL))
		return true;
	if (!model_open(&m, s, strbuf_c(&text), err))
		return false;
	return model_ranks(m->class) ||
		err_fail(err, ERR_USAGE, "%s ranks no products: %s", model_name(m),
			 m->class->title);
}

void target_models(const struct store *s, struct str prefix,
		   void (*add)(void *ctx, struct str word), void *ctx)
{
	struct model_list l;
	if (str_starts(STR(TARGET_PANEL), prefix))
		add(ctx, STR(TARGET_PANEL));
	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++)
		if (offered(&l.at[i]) && str_starts(str_from(l.at[i].name), prefix))
			add(ctx, str_from(l.at[i].name));
	model_list_finish(&l);
}

bool target_filter_failed(struct err *err)
{
	if (err && str_starts(str_from(err->text), STR("column ")))
		err_context(err, "--where");
	return false;
}

bool target_filter(struct str text, struct filter **where, struct err *err)
{
	if (!text.ptr || str_is(text, "none")) {
		*where = NULL;
		return true;
	}
	return filter_parse(where, text, err) || target_filter_failed(err);
}
