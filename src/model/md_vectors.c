/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors: what was learnt elsewhere. Made by `aisle import vectors`, never trained. */
#include "config.h"

#include "model/model.h"

const struct model_class md_vectors = {
	.name = "vectors",
	.title = "Imported vectors",
	.summary = "Vectors of products that another program made: aisle import vectors NAME "
		   "FILE --into STORE.",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS,
};
