/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pca: the directions in which vectors differ most. */
#ifndef NEAR_PCA_H
#define NEAR_PCA_H

#include "base/err.h"
#include "base/work.h"
#include "math/vectors.h"

struct pca_places {
	unsigned parts; /* <= dim */
	float *out;	/* (n, parts) */
	float *share;	/* (parts) */
};

/*
 * out (n, parts): each row's place along the `parts` principal axes of the centred rows,
 * which are the eigenvectors of their covariance (Pearson 1901, Hotelling 1933), the
 * greatest variance first; the sign of an axis is such that its largest part is
 * positive. share (parts): of the whole variance. Rows must be finite; parts <= dim.
 * The same for any number of threads. ERR_NOMEM, ERR_CANCELLED, ERR_IO without OpenBLAS.
 */
bool pca_project(const struct vectors *v, struct pca_places to, struct work work,
		 struct err *err);

#endif
