/* SPDX-License-Identifier: GPL-3.0-or-later */
/* umap: a map in two or three dimensions on which near things stay near. */
#ifndef NEAR_UMAP_H
#define NEAR_UMAP_H

#include <stdint.h>

#include "base/err.h"
#include "base/work.h"
#include "near/space.h"


struct umap_options {
	unsigned parts;		/* dimensions of the map: 2 or 3 */
	unsigned neighbours;	/* of each row, itself included; 2 .. 200 */
	double min_dist;	/* least distance that points are meant to keep; 0 .. 1 */
	unsigned epochs;	/* 0: 500 up to 10,000 rows, 200 above */
	unsigned negatives;	/* points pushed away per neighbour pulled */
	uint64_t seed;
};
extern const struct umap_options umap_defaults;	/* 2, 15, 0.1, 0, 5, 1 */

/*
 * McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold Approximation and
 * Projection": memberships of the nearest neighbours (by 1 - cosine or by distance),
 * their fuzzy union, and places found by stochastic descent from the principal axes. In
 * an epoch a point moves by the places that the others had before it, so the result is
 * the same for any number of threads.
 *
 * out (n, parts): NAN for rows that are absent. Neighbours are exact up to UMAP_EXACT
 * rows, of an HNSW graph above (built by one thread's order only if the pool has one).
 * ERR_NOMEM, ERR_CANCELLED, ERR_NO with fewer than two rows present.
 */
#define UMAP_EXACT 100000u
bool umap_make(const struct space *s, const struct umap_options *o, float *out,
	       struct work work, struct err *err);

/* The curve 1 / (1 + a d^(2b)) that is nearest to 1 up to min_dist and exp(min_dist - d)
 * beyond, in least squares. */
void umap_curve(double min_dist, double *a, double *b);

/* A map, and how many of its points are looked at. */
struct umap_judged {
	const struct space *s; /* what it is a map of */
	const float *place;    /* (n, parts) rows that are NAN are no points */
	unsigned parts, k;     /* neighbours of each */
	const uint32_t *label; /* (n) for umap_agreement; NEAR_NONE has none */
	size_t sample;	       /* at most so many points, drawn by the seed */
	uint64_t seed;
};

/*
 * How far the map can be trusted: 1 - 2 / (m k (2n - 3k - 1)) times the sum, over the m
 * points looked at (at most `sample`, drawn by the seed) and those of their k neighbours
 * on the map that are not among the k nearest rows, of their rank there minus k (Venna
 * and Kaski 2001). place (n, parts): rows that are NAN are no points.
 */
bool umap_trust(const struct umap_judged *j, double *trust, struct work work, struct err *err);

/*
 * What the map does to labels: the share of the k nearest on the map, and of the k
 * nearest rows, that have the point's own label; and what it would be by lot. label (n):
 * NEAR_NONE has none and isn't looked at. Over at most `sample` points.
 */
struct agreement {
	double map, rows, chance;
	unsigned k;
};
bool umap_agreement(const struct umap_judged *j, struct agreement *a, struct work work,
		    struct err *err);

#endif
