/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ratings_read: ratings of a catalog's events. */
#ifndef MODEL_RATINGS_READ_H
#define MODEL_RATINGS_READ_H

#include "learn/ratings.h"
#include "model/lesson.h"

/* kinds: bits 1 << enum event_kind. Rows without an event of them are left out. */
bool ratings_read(struct ratings *r, const struct lesson *l, unsigned kinds, struct err *err);

#endif
