/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mapping_impl: how values are written, for mapping*.c alone. */
#ifndef DATA_MAPPING_IMPL_H
#define DATA_MAPPING_IMPL_H

#include "data/mapping.h"

/* The next part of a list, up to a sep that no backslash stands before; false: there is none. */
bool mapping_next_bare(struct str *rest, char sep, struct str *part);
/* What a value says, without its escapes and outer spaces; the mapping's. */
struct str mapping_plain(struct mapping *m, struct str s);

#endif
