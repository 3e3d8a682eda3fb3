/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blend: the parts of a blend that is open, and what they count. */
#ifndef MODEL_BLEND_H
#define MODEL_BLEND_H

#include "model/model.h"

struct blend_part {
	const char *name;	/* of its class */
	double weight;
};
/* The parts, at most `room` of them, to out; how many. 0: m isn't a blend. */
size_t blend_parts(const struct model *m, struct blend_part *out, size_t room);
/* The same model under weights of its own, which keeps what its parts say of the product that it
 * was asked about last: for one thread, and not after of is destroyed. It ends with
 * blend_return. */
struct model *blend_borrow(const struct model *of);
void blend_return(struct model *m);
/* Part i of this opened model counts so much from here on; 0: nothing. */
void blend_weigh(struct model *m, size_t i, double weight);

#endif
