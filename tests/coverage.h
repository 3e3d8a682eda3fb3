/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coverage: who ends without exit() writes its counts too. A build with --enable-coverage
 * includes this file before every source. */
#ifndef TESTS_COVERAGE_H
#define TESTS_COVERAGE_H

#include "config.h"

#include <stdlib.h>

void __gcov_dump(void);

static inline __attribute__((noreturn)) void coverage_exit(int status)
{
	__gcov_dump();
	_Exit(status);
}

#define _exit coverage_exit
#define quick_exit(status) (__gcov_dump(), quick_exit(status))

#endif
