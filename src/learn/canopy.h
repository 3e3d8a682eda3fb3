/* SPDX-License-Identifier: GPL-3.0-or-later */
/* canopy: a forest that is put in order once, so that many rows are scored abreast. */
#ifndef LEARN_CANOPY_H
#define LEARN_CANOPY_H

#include "base/scope.h"
#include "learn/forest.h"

struct canopy;

/* f must be sound and outlive it. */
struct canopy *canopy_create(const struct forest *f);
void canopy_destroy(struct canopy *c);
SCOPED_DEFINE(canopy)
/* As forest_score, bit by bit. */
void canopy_score(const struct canopy *c, const float *x, size_t n, float *score);

#endif
