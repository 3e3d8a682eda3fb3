/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmd/target.h"

#include "cmd/cmd.h"
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
