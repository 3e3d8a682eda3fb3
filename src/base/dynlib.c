/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dlopen and dlsym with errors that say what to install. */
#include "config.h"

#include "base/dynlib.h"

#include <dlfcn.h>

void *dynlib_open(const char *file, const char *package, struct err *err)
{
	void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);

	if (!library)
		err_fail(err, ERR_IO, "%s can't be loaded; install the package %s", file,
			 package);
	return library;
}

bool dynlib_find(void *library, const char *name, void **call, struct err *err)
{
	void *found = dlsym(library, name);

	if (!found)
		return err_fail(err, ERR_IO, "the library that is installed has no %s", name);
	*call = found;
	return true;
}
