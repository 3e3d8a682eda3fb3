/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor says of itself, asked in one place for all tables of kernels. */
#include "config.h"

#include "math/processor.h"

unsigned processor_rows(void)
{
#ifdef __x86_64__
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
		return 1;
	if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ||
	    !__builtin_cpu_supports("avx512vl"))
		return 2;
	return 3;
#else
	return 1;
#endif
}
