/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * score(x) = sum over the trees of the leaf that x falls into (Friedman 2001, "Greedy
 * function approximation"). The trees come from the JSON that XGBoost documents; additions
 * are made in its order and precision.
 */
#include "config.h"

#include "learn/forest.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"

static bool unknown(struct err *err)
{
	return err_fail(err, ERR_FORMAT, "the trees are not in the form that XGBoost 1.6 to 2 "
			"saves");
}

static double number_at(const json_t *list, size_t i)
{
	return json_number_value(json_array_get(list, i));
}

/* Nodes of one tree: n from `base` on. */
struct nodes {
	uint32_t base;
	size_t n;
};

/* Children of node i of the tree whose root is node `base`. */
static bool parse_node(struct grown *g, const json_t *tree, size_t i, struct nodes in)
{
	double left = number_at(json_object_get(tree, "left_children"), i);
	double right = number_at(json_object_get(tree, "right_children"), i);
	double feature = number_at(json_object_get(tree, "split_indices"), i);
	const json_t *way = json_array_get(json_object_get(tree, "default_left"), i);
	size_t at = in.base + i;

	g->number[at] = (float)number_at(json_object_get(tree, "split_conditions"), i);
	if (left < 0)
		return true;
	if (!(left > (double)i && right > (double)i && left < (double)in.n &&
	      right < (double)in.n) ||
	    !(feature >= 0 && feature < g->columns))
		return false;
	g->left[at] = in.base + (uint32_t)left;
	g->right[at] = in.base + (uint32_t)right;
	g->feature[at] = (uint32_t)feature |
		(json_is_true(way) || json_number_value(way) != 0 ? FOREST_LEFT : 0);
	g->gain[(size_t)feature] += number_at(json_object_get(tree, "loss_changes"), i);
	return true;
}

static bool parse_trees(struct grown *g, const json_t *trees, struct err *err)
{
	size_t nodes = 0;

	for (uint32_t t = 0; t < g->trees; t++)
		nodes += json_array_size(json_object_get(json_array_get(trees, t),
							 "left_children"));
	if (nodes > UINT32_MAX / 2)
		return unknown(err);
	g->root = mem_zalloc((g->trees + 1) * sizeof *g->root);
	g->left = mem_zalloc((nodes + 1) * sizeof *g->left);
	g->right = mem_zalloc((nodes + 1) * sizeof *g->right);
	g->feature = mem_zalloc((nodes + 1) * sizeof *g->feature);
	g->number = mem_zalloc((nodes + 1) * sizeof *g->number);
	g->gain = mem_zalloc((g->columns + 1) * sizeof *g->gain);
	for (uint32_t t = 0; t < g->trees; t++) {
		const json_t *tree = json_array_get(trees, t);
		size_t n = json_array_size(json_object_get(tree, "left_children"));

		for (size_t i = 0; i < n; i++)
			if (!parse_node(g, tree, i, (struct nodes){g->nodes, n}))
				return unknown(err);
		g->nodes += (uint32_t)n;
		g->root[t + 1] = g->nodes;
		if (!n)
			return unknown(err);
	}
	return true;
}

bool grown_parse(struct grown *out, struct str json, uint32_t trees, struct err *err)
{
	json_t *doc = json_loadb(json.ptr, json.len, 0, NULL);
	const json_t *learner = json_object_get(doc, "learner");
	const json_t *model = json_object_get(json_object_get(learner, "gradient_booster"),
					      "model");
	const json_t *list = json_object_get(model, "trees");
	const char *columns = json_string_value(json_object_get(
		json_object_get(learner, "learner_model_param"), "num_feature"));
	struct grown g = {.trees = (uint32_t)json_array_size(list)};
	uint64_t n;
	bool ok;

	if (columns && num_u64(str_from(columns), &n) && n < 10000)
		g.columns = (unsigned)n;

	if (trees && trees < g.trees)
		g.trees = trees;
	ok = g.columns > 0 ? parse_trees(&g, list, err) : unknown(err);
	json_decref(doc);
	if (ok)
		*out = g;
	else
		grown_finish(&g);
	return ok;
}

/* n links of `more` behind the first `had` of to. */
static uint32_t *join_links(uint32_t *to, size_t had, const uint32_t *more, size_t n)
{
	to = mem_resize(to, had + n + 1, sizeof *to);
	for (size_t i = 0; i < n; i++)
		to[had + i] = more[i] ? more[i] + (uint32_t)had : 0;
	return to;
}

void grown_join(struct grown *g, const struct grown *more)
{
	size_t had = g->nodes, n = more->nodes;

	assert(g->columns == more->columns && had + n <= UINT32_MAX / 2);
	g->left = join_links(g->left, had, more->left, n);
	g->right = join_links(g->right, had, more->right, n);
	g->feature = mem_resize(g->feature, had + n + 1, sizeof *g->feature);
	memcpy(g->feature + had, more->feature, n * sizeof *g->feature);
	g->number = mem_resize(g->number, had + n + 1, sizeof *g->number);
	memcpy(g->number + had, more->number, n * sizeof *g->number);
	g->root = mem_resize(g->root, g->trees + more->trees + 1, sizeof *g->root);
	for (uint32_t t = 1; t <= more->trees; t++)
		g->root[g->trees + t] = more->root[t] + (uint32_t)had;
	for (unsigned c = 0; c < g->columns; c++)
		g->gain[c] += more->gain[c];
	g->trees += more->trees;
	g->nodes += (uint32_t)n;
}

void grown_finish(struct grown *g)
{
	free(g->root);
	free(g->left);
	free(g->right);
	free(g->feature);
	free(g->number);
	free(g->gain);
	*g = (struct grown){0};
}

struct forest grown_view(const struct grown *g)
{
	return (struct forest){g->root, g->left, g->right, g->feature, g->number, g->trees,
			       g->nodes, g->columns};
}

bool forest_sound(const struct forest *f)
{
	if (f->root[0] != 0 || f->root[f->trees] != f->nodes)
		return false;
	for (uint32_t t = 0; t < f->trees; t++) {
		if (f->root[t] >= f->root[t + 1] || f->root[t + 1] > f->nodes)
			return false;
		for (uint32_t i = f->root[t]; i < f->root[t + 1]; i++)
			if (f->left[i] && (f->left[i] <= i || f->right[i] <= i ||
					   f->left[i] >= f->root[t + 1] ||
					   f->right[i] >= f->root[t + 1] ||
					   (f->feature[i] & ~FOREST_LEFT) >= f->columns))
				return false;
	}
	return true;
}

void forest_score(const struct forest *f, const float *x, size_t n, float *score)
{
	assert(n == 0 || (x && score));
	for (size_t r = 0; r < n; r++)
		score[r] = 0;
	for (uint32_t t = 0; t < f->trees; t++)
		for (size_t r = 0; r < n; r++) {
			const float *row = x + r * f->columns;
			uint32_t i = f->root[t];

			while (f->left[i]) {
				float v = row[f->feature[i] & ~FOREST_LEFT];
				bool left = isnan(v) ? f->feature[i] & FOREST_LEFT
						     : v < f->number[i];

				i = left ? f->left[i] : f->right[i];
			}
			score[r] += f->number[i];
		}
}
