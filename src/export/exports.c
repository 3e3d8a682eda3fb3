/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of exports: it stands over their files, export.c below them. */
#include "config.h"

#include "export/export.h"

#define EXPORT(name) extern const struct export_class ex_##name;
#include "export/exports.def"
#undef EXPORT

const struct export_class *const export_classes[] = {
#define EXPORT(name) &ex_##name,
#include "export/exports.def"
#undef EXPORT
	NULL,
};

const struct export_class *export_find(struct str name)
{
	for (const struct export_class *const *c = export_classes; *c; c++)
		if (str_is(name, (*c)->name))
			return *c;
	return NULL;
}
