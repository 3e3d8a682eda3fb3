/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list in the notes of training grows by an object. */
#include "config.h"

#include "model/layers.h"

#include <assert.h>

void layers_note(struct sink *s, const struct layer *l)
{
	json_t *list = json_object_get(sink_info(s), "layers"), *one;

	assert(l->name);
	if (!list) {
		list = json_array();
		json_object_set_new(sink_info(s), "layers", list);
	}
	one = json_pack("{s:s, s:I, s:I, s:I}", "name", l->name, "from", (json_int_t)l->from,
			"to", (json_int_t)l->to, "parameters", (json_int_t)l->parameters);
	if (l->activation)
		json_object_set_new(one, "activation", json_string(l->activation));
	json_array_append_new(list, one);
}
