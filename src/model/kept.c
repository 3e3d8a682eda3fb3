/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models are looked through by name; the first of the class is opened. */
#include "config.h"

#include "model/kept.h"

#include <stdlib.h>
#include <string.h>

#include "model/vector_scores.h"

bool kept_model(struct model **m, const struct store *s, const char *class, struct err *err)
{
	const char *name = NULL;
	struct model_list l;
	bool ok;

	*m = NULL;
	models_of(s, &l);
	for (size_t i = 0; i < l.n && !name; i++)
		if (l.at[i].class && strcmp(l.at[i].class->name, class) == 0 && l.at[i].meta)
			name = l.at[i].name;
	ok = !name || model_open(m, s, name, err);
	model_list_finish(&l);
	return ok;
}

bool kept_open(struct kept_texts *t, const struct store *s, struct err *err)
{
	*t = (struct kept_texts){0};
	if (!kept_model(&t->model, s, "text", err))
		return false;
	if (!t->model)
		return true;
	t->at = &t->v;
	return vectors_all(t->model, &t->v, &t->own, err);
}

void kept_finish(struct kept_texts *t)
{
	model_destroy(t->model);
	free(t->own);
	*t = (struct kept_texts){0};
}
