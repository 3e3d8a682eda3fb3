/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forest: boosted trees as arrays, scored without the library that grew them. */
#ifndef LEARN_FOREST_H
#define LEARN_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct err;

#define FOREST_LEFT 0x80000000u	/* in feature: what is missing goes left */

/* Node i of all trees: an inner one sends a row to left where x[feature] < number, else to
 * left + 1 or right; a leaf has left == 0 (no child is a root) and adds `number`. */
struct forest {
	const uint32_t *root;		/* (trees + 1) first node of each tree */
	const uint32_t *left, *right;	/* (nodes) */
	const uint32_t *feature;	/* (nodes) with FOREST_LEFT */
	const float *number;		/* (nodes) threshold, or what a leaf adds */
	uint32_t trees, nodes;
	unsigned columns;		/* features of a row */
};

/* The same, owned. */
struct grown {
	uint32_t *root, *left, *right, *feature;
	float *number;
	uint32_t trees, nodes;
	unsigned columns;
	double *gain;			/* (columns) what splits on it gained, over all trees */
};
/* Of the first `trees` trees (0: all) of a model that XGBoost saved as JSON. ERR_FORMAT. */
bool grown_parse(struct grown *g, struct str json, uint32_t trees, struct err *err);
/* The trees of `more` (of as many columns) stand behind those of g: scores and gains are summed. */
void grown_join(struct grown *g, const struct grown *more);
void grown_finish(struct grown *g);
struct forest grown_view(const struct grown *g);

/* Links stay in their tree and lead forwards, features are columns: may be scored. */
bool forest_sound(const struct forest *f);
/* score (n) of rows x (n, columns), NAN: missing. f must be sound. */
void forest_score(const struct forest *f, const float *x, size_t n, float *score);

#endif
