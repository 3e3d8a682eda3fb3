/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map_view: the state of the view map: what is drawn of it, and how one walks on it. */
#ifndef VIEW_MAP_VIEW_H
#define VIEW_MAP_VIEW_H

#include "chart/scatter.h"
#include "math/topk.h"
#include "model/model.h"
#include "store/trained.h"
#include "view/groups.h"
#include "view/view.h"

#define MAP_NEAR 9		/* neighbours that are shown: one digit each */
#define MAP_COLOURS_MOST 32

/* What gives points their ink: how many there are, a level of the categories, or a
 * model made by `aisle train clusters`. */
struct map_colour {
	enum {MAP_LEVEL, MAP_CLUSTERS, MAP_DENSITY} by;
	unsigned level;
	char model[TRAINED_NAME_MAX + 1];
};
/* One ink; the last one may be that of all smaller groups. */
struct map_group {
	struct str name;
	uint32_t n;
	int place;		/* 3 * row + column of the ninth with most of them */
	double share;		/* of its points that are there */
};

struct map_view {
	const struct model *model;	/* the request's, or own; NULL: there is none */
	struct model *own;
	struct model *vectors;		/* that it was made of, or NULL */
	const struct store *store;
	const struct catalog *cat;
	struct array place;
	uint32_t *product;		/* (n) ascending: that have a place and pass the filter */
	float *x, *y;			/* (n) as they are seen: turned, if there are 3 axes */
	uint8_t *class;			/* (n) number of the group */
	size_t n;
	struct map_colour colours[MAP_COLOURS_MOST];
	unsigned n_colours, colour;
	struct groups clusters;		/* while coloured by them */
	struct map_group group[INK_SERIES_N];
	unsigned n_groups;
	double *centre;			/* (clusters.n, 2) where the means of their points are, NAN:
					   no point; NULL: not coloured by clusters */
	size_t selected;		/* point, or SIZE_MAX */
	struct hit near[MAP_NEAR];	/* products nearest to it by the vectors */
	size_t n_near;
	unsigned turn;			/* of TURNS, about the vertical axis */
	bool narrowed;			/* bands with hardly a point are not as wide as they are */

	struct scatter_view whole, window;
	int plot_h, plot_w;		/* cells, of the page that was made last */
	int y_at, x_at;			/* the cursor's cell in them */
	bool placed;			/* someone moved it */
	bool marking;			/* a rectangle, from that point to the cursor */
	double mark_x, mark_y;
	bool fresh;			/* scatter is what is to be seen */
	struct scatter scatter;
};


/* --- map_colour.c */
/* List what can give the ink, and choose what the request says. */
bool map_colours(struct map_view *m, const struct question *q, struct err *err);
/* The next one; ERR_STORE and the like leave it as it is. */
bool map_next_colour(struct map_view *m, struct err *err);
/* "category level 1", "clusters-cbow", "how many products there are" */
void map_add_colour(const struct map_view *m, struct strbuf *b);
void map_groups_finish(struct map_view *m);
/* m->centre anew, of the points as they are seen now. */
void map_centres(struct map_view *m);

/* --- map_walk.c */
void map_place_points(struct map_view *m);
/* Cells; at the edge what is seen moves by an eighth instead. */
void map_move(struct map_view *m, int dy, int dx);
/* About the cursor: factor < 1 is nearer. */
void map_zoom(struct map_view *m, double factor);
void map_whole(struct map_view *m);
/* A map of three axes is turned by a twelfth; false: it has two. */
bool map_turn(struct map_view *m);
/* A corner at the cursor; again: none. */
void map_mark(struct map_view *m);
/* The point of a product, or SIZE_MAX. */
size_t map_point(const struct map_view *m, uint32_t product);
/* The point nearest to the cursor, or SIZE_MAX. */
size_t map_pointed(const struct map_view *m);
/* Points in the rectangle; at most `most` of their products to out. */
size_t map_marked(const struct map_view *m, uint32_t *out, size_t most);
/* Highlight a product (CATALOG_NONE: none) and what its vector is near to. */
bool map_select(struct map_view *m, uint32_t product, struct err *err);

/* --- map_keys.c */
unsigned map_press(struct view *v, void *state, struct press *p);

/* --- map_page.c */
void map_page(struct view *v, void *state, struct page *p);
void map_words(struct view *v, void *state, struct strbuf *b);

/* The cell nearest to `at` of a side with so many; 0 where a window leaves it none. */
static inline int map_within(int at, int cells)
{
	return at < 0 || cells < 1 ? 0 : at < cells ? at : cells - 1;
}

#endif
