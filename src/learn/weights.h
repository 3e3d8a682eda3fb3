/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights: the tensors of a model that someone has published (safetensors), mapped. */
#ifndef LEARN_WEIGHTS_H
#define LEARN_WEIGHTS_H

#include <stddef.h>

#include "base/err.h"
#include "base/scope.h"

struct weights;

/* ERR_NO when there is no such file, ERR_FORMAT when it isn't one: the header is read
 * whole and every tensor's place checked against the file's size. The file must not
 * change while it is open. */
bool weights_open(struct weights **w, const char *path, struct err *err);
void weights_destroy(struct weights *w);
SCOPED_DEFINE(weights)

/* *data (rows, columns), row-major; columns 0: a vector. Of type F32 they are read where
 * they lie; F16 and BF16 are turned into floats once. ERR_FORMAT names the tensor that
 * isn't there, is of another shape or of a type that isn't read. */
bool weights_get(struct weights *w, const char *name, size_t rows, size_t columns,
		 const float **data, struct err *err);
bool weights_have(const struct weights *w, const char *name);

#endif
