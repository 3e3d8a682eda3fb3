/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson: what a model is taught with. */
#ifndef MODEL_LESSON_H
#define MODEL_LESSON_H

#include "base/work.h"
#include "math/vectors.h"
#include "model/params.h"
#include "store/catalog.h"
#include "store/sink.h"

struct labels;
struct unfinished;

struct lesson {
	const struct catalog *catalog;	/* what it may learn from */
	const struct params *params;
	struct sink *sink;		/* gets the arrays */
	struct work work;
	const struct vectors *text;	/* of the products, by a model of texts; or NULL */
	const struct labels *labels;	/* what people decided (model/labels.h); or NULL */
	struct unfinished *unfinished;	/* where what is done so far is kept; or NULL */
};

#endif
