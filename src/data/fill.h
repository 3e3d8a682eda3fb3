/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fill: gives lines of an order what its first line alone says: time, customer, status. */
#ifndef DATA_FILL_H
#define DATA_FILL_H

#include "base/scope.h"
#include "data/form.h"

struct fill;

/* By f->order, f->fill (n_fill) and f->header; f must live as long. */
struct fill *fill_create(const struct form *f);
void fill_destroy(struct fill *fill);
SCOPED_DEFINE(fill)
/* Take bytes of the plain form; `last`: there are no more. */
void fill_take(struct fill *fill, struct str bytes, bool last);
/* Give up to room bytes at to; 0: take more first. */
size_t fill_give(struct fill *fill, char *to, size_t room);

#endif
