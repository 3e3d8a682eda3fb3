/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dynlib: shared libraries that are loaded when first needed, since few commands do. */
#ifndef BASE_DYNLIB_H
#define BASE_DYNLIB_H

#include "base/err.h"

/* A handle that stays valid until the process ends; NULL with ERR_IO, which names the
 * Debian package that has the file. */
void *dynlib_open(const char *file, const char *package, struct err *err);
/* Put the function `name` of an opened library to *call. ERR_IO. */
bool dynlib_find(void *library, const char *name, void **call, struct err *err);

#endif
