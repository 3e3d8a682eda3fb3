/* SPDX-License-Identifier: GPL-3.0-or-later */
/* values: may the arrays of a model that came from elsewhere be followed? */
#ifndef MODEL_VALUES_H
#define MODEL_VALUES_H

#include "base/err.h"

struct trained;

/* Offsets ascend and end in what they point into, numbers of products are of products, other
 * numbers of what they number, floats have a size that can be reckoned with. O(bytes).
 * ERR_STORE names the array. */
bool values_check(const struct trained *t, struct err *err);

#endif
