/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gives the points of a map their ink. */
#include "config.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "view/map_view.h"

#define GROUPS_LEAST 2	/* a level of fewer categories says nothing */

static void add_level(struct map_view *m, unsigned level)
{
	if (m->n_colours < MAP_COLOURS_MOST)
		m->colours[m->n_colours++] = (struct map_colour){.by = MAP_LEVEL,
								 .level = level};
}

/* The levels at which there is something to tell apart. */
static void list_levels(struct map_view *m)
{
	unsigned n[CATALOG_LEVELS] = {0};

	for (uint32_t c = 0; c < m->cat->n_categories; c++)
		if (m->cat->category_depth[c] < CATALOG_LEVELS)
			n[m->cat->category_depth[c]]++;
	for (unsigned level = 0; level < CATALOG_LEVELS; level++)
		if (n[level] >= GROUPS_LEAST)
			add_level(m, level);
}

static void list_clusters(struct map_view *m)
{
	struct model_list l;

	models_of(m->store, &l);
	for (size_t i = 0; i < l.n && m->n_colours < MAP_COLOURS_MOST; i++) {
		struct map_colour *c = &m->colours[m->n_colours];

		if (!l.at[i].class || !str_is(str_from(l.at[i].class->name), "clusters"))
			continue;
		*c = (struct map_colour){.by = MAP_CLUSTERS};
		for (size_t k = 0; l.at[i].name[k] && k + 1 < sizeof c->model; k++)
			c->model[k] = l.at[i].name[k];
		m->n_colours++;
	}
	model_list_finish(&l);
}

/* --- groups: a key per point, the keys with most points, their names */

struct keyed {
	uint32_t key, n;
};

static int by_size(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n)
			    : (x->key > y->key) - (x->key < y->key);
}

static uint32_t category_at(const struct catalog *cat, uint32_t product, unsigned level)
{
	uint32_t c = cat->product_category[product];

	while (c != CATALOG_NONE && cat->category_depth[c] > level)
		c = cat->category_parent[c];
	return c;
}

static uint32_t key_of(const struct map_view *m, const struct map_colour *c, size_t i)
{
	return c->by == MAP_LEVEL ? category_at(m->cat, m->product[i], c->level)
				  : m->clusters.cluster[m->product[i]];
}

static struct str name_of(const struct map_view *m, const struct map_colour *c, uint32_t key,
			  char room[24])
{
	if (key == CATALOG_NONE)
		return c->by == MAP_LEVEL ? STR("no category") : STR("no cluster");
	if (c->by == MAP_LEVEL)
		return text_at(&m->cat->category_name, key);
	snprintf(room, 24, "cluster %u", key + 1);
	return str_from(room);
}

/* The ninth of the whole map where most of its points are. */
static void locate(const struct map_view *m, struct map_group *g, uint8_t class)
{
	const struct scatter_view *v = &m->whole;
	uint32_t in[9] = {0};

	for (size_t i = 0; i < m->n; i++) {
		int column = (int)(3 * (m->x[i] - v->x0) / (v->x1 - v->x0));
		int row = (int)(3 * (v->y1 - m->y[i]) / (v->y1 - v->y0));

		if (m->class[i] == class)
			in[3 * (row > 2 ? 2 : row) + (column > 2 ? 2 : column)]++;
	}
	for (int k = 0; k < 9; k++)
		if (in[k] > in[g->place])
			g->place = k;
	g->share = g->n ? (double)in[g->place] / g->n : 0;
}

void map_groups_finish(struct map_view *m)
{
	for (unsigned k = 0; k < m->n_groups; k++)
		free((char *)m->group[k].name.ptr);
	m->n_groups = 0;
}

static void add_group(struct map_view *m, struct str name, uint32_t n)
{
	struct map_group *g = &m->group[m->n_groups++];
	STRBUF(copy);

	strbuf_add(&copy, name);
	*g = (struct map_group){.n = n};
	g->name.len = copy.len;
	g->name.ptr = strbuf_detach(&copy);
}

static bool make_groups(struct map_view *m, const struct map_colour *c, struct err *err)
{
	uint32_t keys = 1 + (c->by == MAP_LEVEL ? m->cat->n_categories : m->clusters.n);
	SCOPED_FREE struct keyed *k = mem_big(keys, sizeof *k, "groups of a map", err);
	SCOPED_FREE uint8_t *class = mem_big(keys, 1, "groups of a map", err);
	unsigned shown = 0;
	uint32_t others = 0;
	char room[24];

	if (!k || !class)
		return false;
	map_groups_finish(m);
	for (uint32_t i = 0; i < keys; i++)
		k[i] = (struct keyed){i + 1 < keys ? i : CATALOG_NONE, 0};
	for (size_t i = 0; i < m->n; i++) {
		uint32_t key = key_of(m, c, i);

		k[key < keys ? key : keys - 1].n++;
	}
	qsort(k, keys, sizeof *k, by_size);
	while (shown < keys && shown < INK_SERIES_N && k[shown].n)
		shown++;
	if (shown == INK_SERIES_N && keys > shown && k[shown].n)
		shown--;
	memset(class, (int)shown, keys);
	for (unsigned i = 0; i < shown; i++) {
		add_group(m, name_of(m, c, k[i].key, room), k[i].n);
		class[k[i].key < keys ? k[i].key : keys - 1] = (uint8_t)i;
	}
	for (uint32_t i = shown; i < keys; i++)
		others += k[i].n;
	if (others)
		add_group(m, STR("others"), others);
	for (size_t i = 0; i < m->n; i++) {
		uint32_t key = key_of(m, c, i);

		m->class[i] = class[key < keys ? key : keys - 1];
	}
	for (unsigned i = 0; i < m->n_groups; i++)
		locate(m, &m->group[i], (uint8_t)i);
	return true;
}

void map_centres(struct map_view *m)
{
	uint32_t n = m->clusters.cluster ? m->clusters.n : 0;
	SCOPED_FREE uint32_t *points = mem_zalloc(((size_t)n + 1) * sizeof *points);

	free(m->centre);
	m->centre = n ? mem_zalloc(2 * (size_t)n * sizeof *m->centre) : NULL;
	for (size_t i = 0; n && i < m->n; i++) {
		uint32_t k = m->clusters.cluster[m->product[i]];

		if (k == CATALOG_NONE)
			continue;
		m->centre[2 * (size_t)k] += (double)m->x[i];
		m->centre[2 * (size_t)k + 1] += (double)m->y[i];
		points[k]++;
	}
	for (size_t k = 0; k < n; k++)
		for (unsigned axis = 0; axis < 2; axis++)
			m->centre[2 * k + axis] = points[k] ?
				m->centre[2 * k + axis] / points[k] : NAN;
}

static bool apply(struct map_view *m, unsigned colour, struct err *err)
{
	const struct map_colour *c = &m->colours[colour];

	groups_finish(&m->clusters);
	if (c->by == MAP_CLUSTERS &&
	    !groups_named(&m->clusters, m->store, m->cat, c->model, err))
		return false;
	if (c->by == MAP_DENSITY)
		map_groups_finish(m);
	else if (!make_groups(m, c, err))
		return false;
	m->colour = colour;
	m->fresh = false;
	return true;
}

bool map_next_colour(struct map_view *m, struct err *err)
{
	return apply(m, (m->colour + 1) % m->n_colours, err);
}

void map_add_colour(const struct map_view *m, struct strbuf *b)
{
	const struct map_colour *c = &m->colours[m->colour];

	if (c->by == MAP_LEVEL)
		strbuf_addf(b, "categories of level %u", c->level);
	else if (c->by == MAP_CLUSTERS)
		strbuf_adds(b, c->model);
	else
		strbuf_adds(b, "how many products there are");
}

/* Points of the largest group at that level. */
static uint32_t largest_at(const struct map_view *m, unsigned level)
{
	SCOPED_FREE uint32_t *n = mem_zalloc((m->cat->n_categories + 1) * sizeof *n);
	uint32_t most = 0;

	for (size_t i = 0; i < m->n; i++) {
		uint32_t c = category_at(m->cat, m->product[i], level);

		c = c < m->cat->n_categories ? c : m->cat->n_categories;
		most = ++n[c] > most ? n[c] : most;
	}
	return most;
}

/* The broadest level at which not nearly all points are of one group. */
static unsigned telling_level(const struct map_view *m)
{
	for (unsigned i = 0; i < m->n_colours; i++)
		if (m->colours[i].by == MAP_LEVEL &&
		    (uint64_t)largest_at(m, m->colours[i].level) * 4 <= (uint64_t)m->n * 3)
			return m->colours[i].level;
	return UINT_MAX;
}

/* What the request names, or SIZE_MAX. */
static size_t find_colour(const struct map_view *m, struct str colour, unsigned level)
{
	for (unsigned i = 0; i < m->n_colours; i++) {
		const struct map_colour *c = &m->colours[i];

		if (colour.ptr ? (c->by == MAP_CLUSTERS && str_is(colour, c->model)) ||
				 (c->by == MAP_DENSITY && str_is(colour, "density")) ||
				 (c->by == MAP_LEVEL && str_is(colour, "category") &&
				  (level == UINT_MAX || level == c->level))
			       : level == UINT_MAX || (c->by == MAP_LEVEL && c->level == level))
			return i;
	}
	return SIZE_MAX;
}

bool map_colours(struct map_view *m, const struct question *q, struct err *err)
{
	struct str colour = outlook_text(q->outlook, ASK_COLOUR);
	unsigned level = asked_level(q->outlook);
	size_t i;

	list_levels(m);
	list_clusters(m);
	if (m->n_colours == MAP_COLOURS_MOST)
		m->n_colours--;
	m->colours[m->n_colours++] = (struct map_colour){.by = MAP_DENSITY};
	i = find_colour(m, colour, !colour.ptr && level == UINT_MAX ? telling_level(m) : level);
	if (i == SIZE_MAX && colour.ptr)
		return err_fail(err, ERR_USAGE, "a map is coloured by category, density or a "
				"model made by aisle train clusters, not '%.*s'",
				STR_ARG(colour));
	if (i == SIZE_MAX)
		return err_fail(err, ERR_USAGE, "there is nothing to tell apart at level %u of "
				"the categories", level);
	return apply(m, (unsigned)i, err);
}
