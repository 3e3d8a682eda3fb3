/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of views: it stands over their files, view.c below them. */
#include "config.h"

#include "view/view.h"

#define VIEW(name) extern const struct view_class vw_##name;
#include "view/views.def"
#undef VIEW

const struct view_class *const view_classes[] = {
#define VIEW(name) &vw_##name,
#include "view/views.def"
#undef VIEW
	NULL,
};

const struct view_class *view_find(struct str name)
{
	for (const struct view_class *const *c = view_classes; *c; c++)
		if (str_is(name, (*c)->name))
			return *c;
	return NULL;
}
