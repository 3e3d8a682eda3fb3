/* SPDX-License-Identifier: GPL-3.0-or-later */
/* synth_impl: what the files of synth share; for synth*.c alone. */
#ifndef SYNTH_SYNTH_IMPL_H
#define SYNTH_SYNTH_IMPL_H

#include "synth/synth.h"

#define SYNTH_GROUP_MIN 4
#define SYNTH_GROUP_MAX 12

/* synth_stock.c, in this order: what the shop sells. */
void synth_create_leaves(struct synth *s);
void synth_size_leaves(struct synth *s, struct rng *r);
void synth_create_brands(struct synth *s);
void synth_create_groups(struct synth *s, struct rng *r);
/* Number of the shop's leaf whose path ends in name, or SYNTH_NONE. */
uint32_t synth_find_leaf(const struct synth *s, struct str name);

/* synth_links.c: what goes together, leaves first. */
void synth_create_complements(struct synth *s);
void synth_create_partners(struct synth *s);

/* synth_price.c: as shops write prices. */
uint32_t synth_price_point(uint32_t cents);

#endif
