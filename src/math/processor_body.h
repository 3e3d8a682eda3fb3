/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * processor_body: compiles the file BODY once for each kind of processor (see processor_rows):
 * there NAME(f) is a function's name, TARGET says what it may use, EVERY and what its kind has;
 * LANES floats fill a register. PROCESSOR_TABLE lists the functions.
 */
#define NAME(f) f##_plain
#define TARGET EVERY
#define LANES 4
#include BODY
#undef NAME
#undef TARGET
#undef LANES

#ifdef __x86_64__
#define NAME(f) f##_avx2
#define TARGET EVERY __attribute__((target("avx2,fma")))
#define LANES 8
#include BODY
#undef NAME
#undef TARGET
#undef LANES

#define NAME(f) f##_avx512
#define TARGET EVERY __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define LANES 16
#include BODY
#undef NAME
#undef TARGET
#undef LANES
#endif
