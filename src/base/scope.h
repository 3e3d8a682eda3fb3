/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scope: owners that are released when their block ends, in reverse order. */
#ifndef BASE_SCOPE_H
#define BASE_SCOPE_H

#include <stdlib.h>

/*
 *	SCOPED(store) s = NULL;		calls store_destroy(s) at the end
 *
 * A destructor accepts NULL. To give an owner away copy it out and set the
 * variable to NULL.
 */
#define SCOPED(name) __attribute__((cleanup(name##_scoped))) struct name *
#define SCOPED_DEFINE(name)						\
	static inline void name##_scoped(struct name **p)		\
	{								\
		name##_destroy(*p);					\
	}

/* SCOPED_FREE char *p = NULL; frees memory from mem_alloc or malloc. */
static inline void scope_free(void *p)
{
	free(*(void **)p);
}
#define SCOPED_FREE __attribute__((cleanup(scope_free)))

/* SCOPED_FD int fd = -1; closes a descriptor (errors are ignored: readers). */
void scope_close(int *fd);
#define SCOPED_FD __attribute__((cleanup(scope_close)))

#endif
