/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models are looked through by name; the first of the class is opened. */
#include "config.h"

#include "model/reading.h"

#include <stdlib.h>
#include <string.h>

#include "model/vector_scores.h"

bool reading_open(struct reading_texts *t, const struct store *s, struct err *err)
{
	const char *name = NULL;
	struct model_list l;
	bool ok = true;

	*t = (struct reading_texts){0};
	models_of(s, &l);
	for (size_t i = 0; i < l.n && !name; i++)
		if (l.at[i].class && strcmp(l.at[i].class->name, "text") == 0 && l.at[i].meta)
			name = l.at[i].name;
	if (name)
		ok = model_open(&t->model, s, name, err) &&
		     vectors_all(t->model, &t->v, &t->own, err);
	model_list_finish(&l);
	if (ok && name)
		t->at = &t->v;
	return ok;
}

void reading_finish(struct reading_texts *t)
{
	model_destroy(t->model);
	free(t->own);
	*t = (struct reading_texts){0};
}
