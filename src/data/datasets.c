/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of data sets: it stands over their files, dataset.c below them. */
#include "config.h"

#include "data/dataset.h"

#define DATASET(id) extern const struct dataset ds_##id;
#include "data/datasets.def"
#undef DATASET

const struct dataset *const datasets[] = {
#define DATASET(id) &ds_##id,
#include "data/datasets.def"
#undef DATASET
	NULL,
};

const struct dataset *dataset_find(struct str name)
{
	for (size_t i = 0; datasets[i]; i++)
		if (str_is(name, datasets[i]->name))
			return datasets[i];
	return NULL;
}
