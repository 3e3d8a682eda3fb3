/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closes descriptors of a scope; the other owners bring their own. */
#include "config.h"

#include "base/scope.h"

#include <errno.h>
#include <unistd.h>

void scope_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}
