/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kmeans: clusters of vectors by squared distance. */
#ifndef NEAR_KMEANS_H
#define NEAR_KMEANS_H

#include <stdint.h>

#include "base/err.h"
#include "base/work.h"
#include "math/vectors.h"


struct kmeans_options {
	unsigned k;		/* clusters, 1 .. rows */
	unsigned rounds;	/* at most so many; it stops when nothing changes */
	size_t batch;		/* rows of a round of mini-batches (Sculley 2010); 0: all
				   rows in each round (Lloyd 1982) */
	uint64_t seed;
	const float *start;	/* (k, dim) first centres; NULL: k-means++ (Arthur and
				   Vassilvitskii 2007) on at most KMEANS_SAMPLE rows for
				   each cluster, drawn by the seed */
};
#define KMEANS_SAMPLE 256

struct kmeans {
	unsigned k, dim;
	float *centre;		/* (k, dim) */
	uint32_t *cluster;	/* (n) of each row */
	float *distance;	/* (n) to its centre, not squared */
	uint32_t *size;		/* (k) */
	double inertia;		/* sum of squared distances */
	unsigned rounds;	/* that were needed */
};

/*
 * Every row belongs to the nearest centre, ties to the smaller number. A cluster that
 * runs empty takes the row that is farthest from its centre. Lloyd's rounds skip rows
 * that can't have changed (bounds of Hamerly 2010), which changes no result. The same
 * for any number of threads. Rows must be finite. Errors: ERR_USAGE (k), ERR_NOMEM,
 * ERR_CANCELLED, ERR_IO when OpenBLAS isn't there.
 */
bool kmeans_make(struct kmeans *m, const struct vectors *v,
		 const struct kmeans_options *o, struct work work, struct err *err);
void kmeans_finish(struct kmeans *m);

#endif
