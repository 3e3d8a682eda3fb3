/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layers: what a network is made of, noted beside a model for whoever asks. */
#ifndef MODEL_LAYERS_H
#define MODEL_LAYERS_H

#include <stdint.h>

#include "store/sink.h"

struct layer {
	const char *name;		/* "users", "hidden 1" */
	uint64_t from, to;		/* rows or width of what comes in, width of what goes out */
	uint64_t parameters;
	const char *activation;		/* "ReLU", or NULL: none */
};

/* One more, behind those before: an object of the list "layers" of the sink's info, with
 * name, from, to, parameters and, where there is one, activation. */
void layers_note(struct sink *s, const struct layer *l);

#endif
