/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view_impl: what view.c and page.c know of an open view. */
#ifndef VIEW_VIEW_IMPL_H
#define VIEW_VIEW_IMPL_H

#include "view/view.h"

void *view_state(struct view *v);

#endif
