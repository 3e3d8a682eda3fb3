/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A front end's own store is used where it is the one; models are listed by what they say. */
#include "config.h"

#include "cmd/target.h"

#include "cmd/cmd.h"
#include "model/model.h"

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

bool target_model(const struct store *s, struct str name, struct err *err)
{
	SCOPED(model) m = NULL;
	STRBUF(text);
	strbuf_add(&text, name);
	if (str_is(name, MODEL_NONE))
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
	if (str_starts(STR(MODEL_NONE), prefix))
		add(ctx, STR(MODEL_NONE));
	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++)
		if (l.at[i].class && model_offered(l.at[i].class) &&
		    str_starts(str_from(l.at[i].name), prefix))
			add(ctx, str_from(l.at[i].name));
	model_list_finish(&l);
}
