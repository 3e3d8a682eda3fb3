/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view_impl: what the files that work on views of all classes know of an open one. */
#ifndef VIEW_VIEW_IMPL_H
#define VIEW_VIEW_IMPL_H

#include "view/view.h"

void *view_state(struct view *v);
/* The row of the class's own that a row is. */
uint64_t view_state_row(const struct view *v, uint64_t i);

#endif
